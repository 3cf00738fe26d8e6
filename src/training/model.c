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
#define META_TARGET "target"
#define META_RUN "run"
#define META_ORIGIN "origin"
#define META_LICENCE "licence"

/* The weights' row and what turns their outputs into probabilities, together. */
static en_status put_rows(en_catalog *c, int64_t run_id, const en_model_card *card, en_catalog_checkpoint *row,
                          en_error *err)
{
    en_status st = en_catalog_begin(c, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_catalog_checkpoint_put(c, run_id, row, err);
    if (st == EN_OK) {
        st = en_catalog_run_param(c, run_id, EN_CALIBRATION_SETTING, card->calibration, err);
    }
    if (st == EN_OK) {
        st = en_catalog_commit(c, err);
    }
    if (st != EN_OK) {
        en_catalog_rollback(c);
    }
    return st;
}

en_status en_model_keep(en_project *project, int64_t run_id, en_network *network, const en_model_card *card,
                        en_catalog_checkpoint *row, en_error *err)
{
    const en_meta meta[] = {{META_SPEC, card->spec},       {META_RECIPE, card->recipe},
                            {META_CLASSES, card->classes}, {META_TARGET, card->target},
                            {META_RUN, card->run},         {EN_CALIBRATION_SETTING, card->calibration},
                            {META_ORIGIN, card->origin}, /* these two only where weights came from elsewhere */
                            {META_LICENCE, card->licence}};
    size_t metas = sizeof meta / sizeof *meta - (card->origin != NULL ? 0 : 2);
    char *path = en_project_path(project, row->path),
         *next = path != NULL ? en_format("%s" EN_WEIGHTS_NEXT, path) : NULL;
    row->kind = EN_CHECKPOINT_BEST;
    en_status st =
        next != NULL ? en_weights_save(network, EN_KEEP_MODEL, next, meta, metas, err) : en_error_nomem(err, "a path");
    if (st == EN_OK) {
        st = en_sha256_file(next, row->sha256, err);
    }
    if (st == EN_OK && (st = put_rows(project->catalog, run_id, card, row, err)) != EN_OK) {
        (void)unlink(next);
    }
    if (st == EN_OK && rename(next, path) != 0) {
        st = en_error_errno(err, "cannot write '%s'", row->path);
    }
    en_free(next);
    en_free(path);
    return st;
}

static en_status need(const en_metadata *meta, const char *file, const char *key, const char **value, en_error *err)
{
    *value = en_metadata_get(meta, key);
    return *value != NULL
               ? EN_OK
               : en_error_set(err, EN_INPUT, "'%s' is not an eyenet model: its metadata lacks '%s'", file, key);
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
    if (st != EN_OK) {
        return st;
    }
    st = en_calibration_from_json(en_metadata_get(meta, EN_CALIBRATION_SETTING), model->classes.count,
                                  &model->calibration, err);
    if (st != EN_OK) {
        return st;
    }
    size_t edge = (size_t)model->recipe.size;
    if (spec->input.h != edge || spec->input.w != edge || spec->input.c != 3) {
        return en_error_set(err, EN_INPUT, "'%s': the network's input is not what its recipe makes", file);
    }
    const char *run = en_metadata_get(meta, META_RUN);
    model->target = en_strdup(target);
    model->run = en_strdup(run != NULL ? run : "");
    return model->target != NULL && model->run != NULL ? EN_OK : en_error_nomem(err, "a model");
}

en_status en_model_open(const char *file, size_t batch, en_pool *pool, const en_kernels *kernels, en_model *model,
                        en_error *err)
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
    const en_network_config config = {.spec = spec,
                                      .classes = model->classes.count,
                                      .batch = batch,
                                      .mode = EN_INFER,
                                      .pool = pool,
                                      .kernels = kernels};
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

en_status en_model_of_run(en_project *project, const en_catalog_run *run, size_t batch, en_model *model,
                          char sha256[EN_SHA256_HEX], en_error *err)
{
    *model = (en_model){0};
    char *path = NULL, hash[EN_SHA256_HEX];
    en_pool *pool;
    const en_kernels *kernels;
    en_status st = en_run_weights_find(project, run, &path, hash, err);
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
    st = en_model_open(path, batch, pool, kernels, model, err);
    if (st != EN_OK) {
        goto done;
    }
    if (sha256 != NULL) {
        memcpy(sha256, hash, sizeof hash);
    }
done:
    en_free(path);
    return st;
}

void en_model_close(en_model *model)
{
    en_network_free(model->network);
    en_free(model->target);
    en_free(model->run);
    en_free(model->sample);
    *model = (en_model){0};
}

en_status en_model_predict(en_model *model, const void *bytes, size_t n, float *probability, en_quality *quality,
                           en_error *err)
{
    en_quality measured;
    en_image_info info;
    en_gate gate;
    en_status st = en_sample_make(bytes, n, &model->recipe, NULL, model->sample, &info, &measured, &gate, err);
    if (st != EN_OK) {
        return st;
    }
    if (gate.kind != EN_GATE_PASSED) {
        return en_error_set(err, EN_INPUT, "%s", gate.reason);
    }
    if (quality != NULL) {
        *quality = measured;
    }
    st = en_network_predict(model->network, model->sample, 1, probability, err);
    if (st == EN_OK) {
        en_calibration_apply(&model->calibration, probability, model->classes.count);
    }
    return st;
}
