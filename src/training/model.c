/* Keeping a model in its file, opening it again, and predicting photographs with it. */
#include "training/model.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "image/sample.h"
#include "nn/weights.h"
#include "project/run_weights.h"

/* The keys of a model file's metadata (nn/weights.h). */
#define META_SPEC "spec"
#define META_RECIPE "recipe"
#define META_CLASSES "classes"
#define META_LABELS "class_labels"
#define META_TARGET "target"
#define META_RUN "run"
#define META_ORIGIN "origin"
#define META_LICENCE "licence"

/* FILE and FILE.next, absolute; both en_free. */
static en_status find_places(const en_project *project, const en_catalog_checkpoint *row, char **file, char **next,
                             en_error *err)
{
    *next = NULL;
    en_status st = en_project_path(project, row->path, file, err);
    if (st == EN_OK && (*next = en_format("%s" EN_WEIGHTS_NEXT, *file)) == NULL) {
        st = en_error_nomem(err, "a path");
    }
    return st;
}

en_status en_model_stage(en_project *project, en_network *network, en_keep keep, const en_meta *meta, size_t metas,
                         en_catalog_checkpoint *row, en_error *err)
{
    char *file = NULL, *next = NULL;
    en_status st = find_places(project, row, &file, &next, err);
    if (st == EN_OK) {
        st = en_weights_save(network, keep, next, meta, metas, err);
    }
    if (st == EN_OK) {
        st = en_weights_hash(next, row->sha256, row->file_sha256, err);
    }
    en_free(file);
    en_free(next);
    return st;
}

en_status en_model_stage_card(en_project *project, en_network *network, const en_model_card *card,
                              en_catalog_checkpoint *row, en_error *err)
{
    const en_meta all[] = {
        {META_SPEC, card->spec},     {META_RECIPE, card->recipe}, {META_CLASSES, card->classes},
        {META_TARGET, card->target}, {META_RUN, card->run},       {EN_CALIBRATION_SETTING, card->calibration},
        {META_LABELS, card->labels}, {META_ORIGIN, card->origin}, {META_LICENCE, card->licence}};
    en_meta meta[sizeof all / sizeof *all];
    size_t metas = 0;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (all[i].value != NULL) {
            meta[metas++] = all[i];
        }
    }
    return en_model_stage(project, network, EN_KEEP_MODEL, meta, metas, row, err);
}

en_status en_model_publish(en_project *project, const en_catalog_checkpoint *row, en_error *err)
{
    char *file = NULL, *next = NULL;
    en_status st = find_places(project, row, &file, &next, err);
    if (st == EN_OK && rename(next, file) != 0) {
        st = en_error_errno(err, "cannot write '%s'", row->path);
    }
    en_free(file);
    en_free(next);
    return st;
}

void en_model_unstage(en_project *project, const en_catalog_checkpoint *row)
{
    char *file = NULL, *next = NULL;
    if (find_places(project, row, &file, &next, NULL) == EN_OK) {
        (void)unlink(next);
    }
    en_free(file);
    en_free(next);
}

static en_status need(const en_metadata *meta, const char *file, const char *key, const char **value, en_error *err)
{
    *value = en_metadata_get(meta, key);
    return *value != NULL
               ? EN_OK
               : en_error_set(err, EN_INPUT, "'%s' is not an eyenet model: its metadata lacks '%s'", file, key);
}

/* The value, "" where there is none, in fresh memory. */
static char *copy_of(const en_metadata *meta, const char *key)
{
    const char *value = en_metadata_get(meta, key);
    return en_strdup(value != NULL ? value : "");
}

static en_status read_metadata(const en_metadata *meta, const char *file, en_model *model, en_spec *spec, en_error *err)
{
    const char *spec_text = NULL, *recipe = NULL, *classes = NULL, *target = NULL;
    en_status st = need(meta, file, META_SPEC, &spec_text, err);
    if (st != EN_OK) {
        return st;
    }
    st = need(meta, file, META_RECIPE, &recipe, err);
    if (st != EN_OK) {
        return st;
    }
    st = need(meta, file, META_CLASSES, &classes, err);
    if (st != EN_OK) {
        return st;
    }
    st = need(meta, file, META_TARGET, &target, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_spec_parse(spec_text, file, spec, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_recipe_parse(recipe, &model->recipe, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_classes_from_json(classes, &model->classes, err);
    const char *labels = en_metadata_get(meta, META_LABELS);
    if (st == EN_OK && labels != NULL) {
        st = en_classes_labels_from_json(labels, &model->classes, err);
    }
    if (st != EN_OK) {
        return st;
    }
    st = en_calibration_from_json(en_metadata_get(meta, EN_CALIBRATION_SETTING), model->classes.count,
                                  &model->calibration, err);
    if (st == EN_OK && model->calibration.cuts > 0) { /* of the values of the classes */
        st = en_classes_scale(&model->classes, target, "ordinal", err);
    }
    if (st != EN_OK) {
        return st;
    }
    size_t edge = (size_t)model->recipe.size;
    if (spec->input.h != edge || spec->input.w != edge || spec->input.c != 3) {
        return en_error_set(err, EN_INPUT, "'%s': the network's input is not what its recipe makes", file);
    }
    model->target = en_strdup(target);
    model->run = copy_of(meta, META_RUN);
    model->origin = copy_of(meta, META_ORIGIN);
    model->licence = copy_of(meta, META_LICENCE);
    bool whole = model->target != NULL && model->run != NULL && model->origin != NULL && model->licence != NULL;
    return whole ? EN_OK : en_error_nomem(err, "a model");
}

static en_status open_model(const char *file, en_mode mode, size_t batch, en_pool *pool, const en_kernels *kernels,
                            en_model *model, en_error *err)
{
    *model = (en_model){.batch = batch};
    size_t bytes = 0;
    en_metadata meta = {0};
    en_spec *spec = en_alloc(sizeof *spec);
    en_status st = spec != NULL ? en_metadata_read(file, &meta, err) : en_error_nomem(err, "a network");
    if (st != EN_OK) {
        goto done;
    }
    st = read_metadata(&meta, file, model, spec, err);
    if (st != EN_OK) {
        goto done;
    }
    const en_network_config config = {
        .spec = spec, .classes = model->classes.count, .batch = batch, .mode = mode, .pool = pool, .kernels = kernels};
    st = en_network_new(&config, &model->network, err);
    if (st != EN_OK) {
        goto done;
    }
    st = en_weights_load(model->network, EN_KEEP_MODEL, file, err);
    if (st != EN_OK) {
        goto done;
    }
    if (!en_mul(batch, en_recipe_bytes(&model->recipe), &bytes) || (model->sample = en_alloc(bytes)) == NULL) {
        st = en_error_nomem(err, "samples");
    }
done:
    en_metadata_clear(&meta);
    en_free(spec);
    if (st != EN_OK) {
        en_model_close(model);
    }
    return st;
}

en_status en_model_open(const char *file, size_t batch, en_pool *pool, const en_kernels *kernels, en_model *model,
                        en_error *err)
{
    return open_model(file, EN_INFER, batch, pool, kernels, model, err);
}

static en_status open_of_run(en_project *project, const en_catalog_run *run, en_mode mode, size_t batch,
                             en_model *model, en_catalog_checkpoint *weights, en_error *err)
{
    *model = (en_model){0};
    char *path = NULL;
    en_pool *pool;
    const en_kernels *kernels;
    en_catalog_checkpoint kept = {0};
    en_status st = en_run_checkpoint_find(project, run, EN_CHECKPOINT_BEST, &path, &kept, err);
    if (st != EN_OK) {
        goto done;
    }
    st = en_project_kernels(project, &kernels, err);
    if (st != EN_OK) {
        goto done;
    }
    st = en_project_pool(project, &pool, err);
    if (st != EN_OK) {
        goto done;
    }
    st = open_model(path, mode, batch, pool, kernels, model, err);
    if (st != EN_OK) {
        goto done;
    }
    if (weights != NULL) {
        *weights = kept;
        kept = (en_catalog_checkpoint){0};
    }
done:
    en_catalog_checkpoint_clear(&kept);
    en_free(path);
    return st;
}

en_status en_model_of_run(en_project *project, const en_catalog_run *run, size_t batch, en_model *model,
                          en_catalog_checkpoint *weights, en_error *err)
{
    return open_of_run(project, run, EN_INFER, batch, model, weights, err);
}

en_status en_model_explainer_of_run(en_project *project, const en_catalog_run *run, en_model *model,
                                    en_catalog_checkpoint *weights, en_error *err)
{
    return open_of_run(project, run, EN_EXPLAIN, 1, model, weights, err);
}

void en_model_close(en_model *model)
{
    en_network_free(model->network);
    en_free(model->target);
    en_free(model->run);
    en_free(model->origin);
    en_free(model->licence);
    en_free(model->sample);
    *model = (en_model){0};
}

en_status en_model_sample(const en_model *model, const void *bytes, size_t n, uint8_t *sample, en_quality *quality,
                          en_error *err)
{
    en_quality measured;
    en_image_info info;
    en_gate gate;
    en_status st = en_sample_make(bytes, n, &model->recipe, NULL, sample, &info, &measured, &gate, err);
    if (st != EN_OK) {
        return st;
    }
    if (gate.kind != EN_GATE_PASSED) {
        return en_error_set(err, EN_INPUT, "%s", gate.reason);
    }
    if (quality != NULL) {
        *quality = measured;
    }
    return EN_OK;
}

en_status en_model_predict(en_model *model, const void *bytes, size_t n, float *probability, en_quality *quality,
                           en_error *err)
{
    en_status st = en_model_sample(model, bytes, n, model->sample, quality, err);
    if (st == EN_OK) {
        st = en_network_predict(model->network, model->sample, 1, probability, err);
    }
    if (st == EN_OK) {
        en_calibration_apply(&model->calibration, probability, model->classes.count);
    }
    return st;
}
