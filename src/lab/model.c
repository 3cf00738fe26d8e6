/* Keeping a model in its file, opening it again, and predicting photographs with it. */
#include "lab/model.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "image/sample.h"
#include "nn/weights.h"

#define NEXT ".next" /* new weights, until their row is there */

/* The keys of a model file's metadata (nn/weights.h). */
#define META_SPEC "spec"
#define META_RECIPE "recipe"
#define META_CLASSES "classes"
#define META_TARGET "target"
#define META_RUN "run"

en_status en_model_keep(en_lab *lab, int64_t run_id, en_network *network, const en_model_card *card,
                        en_catalog_checkpoint *row, en_error *err)
{
    const en_meta meta[] = {{META_SPEC, card->spec},
                            {META_RECIPE, card->recipe},
                            {META_CLASSES, card->classes},
                            {META_TARGET, card->target},
                            {META_RUN, card->run}};
    char *path = en_lab_path(lab, row->path), *next = path != NULL ? en_format("%s" NEXT, path) : NULL;
    row->kind = "best";
    en_status st = next != NULL ? en_weights_save(network, EN_KEEP_MODEL, next, meta, sizeof meta / sizeof *meta, err)
                                : en_error_nomem(err, "a path");
    if (st == EN_OK) {
        st = en_sha256_file(next, row->sha256, err);
    }
    if (st == EN_OK && (st = en_catalog_checkpoint_put(lab->catalog, run_id, row, err)) != EN_OK) {
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
               : en_error_set(err, EN_INPUT, "'%s' is no model of eyenet: its metadata lack '%s'", file, key);
}

static en_status read_metadata(const en_metadata *meta, const char *file, en_model *model, en_spec *spec, en_error *err)
{
    const char *spec_text = NULL, *recipe = NULL, *classes = NULL, *target = NULL;
    en_status st = need(meta, file, META_SPEC, &spec_text, err);
    if (st == EN_OK) {
        st = need(meta, file, META_RECIPE, &recipe, err);
    }
    if (st == EN_OK) {
        st = need(meta, file, META_CLASSES, &classes, err);
    }
    if (st == EN_OK) {
        st = need(meta, file, META_TARGET, &target, err);
    }
    if (st == EN_OK) {
        st = en_spec_parse(spec_text, file, spec, err);
    }
    if (st == EN_OK) {
        st = en_recipe_parse(recipe, &model->recipe, err);
    }
    if (st == EN_OK) {
        st = en_classes_from_json(classes, &model->classes, err);
    }
    size_t edge = (size_t)model->recipe.size;
    if (st == EN_OK && (spec->input.h != edge || spec->input.w != edge || spec->input.c != 3)) {
        st = en_error_set(err, EN_INPUT, "'%s': the network's input is not what its recipe makes", file);
    }
    if (st == EN_OK) {
        const char *run = en_metadata_get(meta, META_RUN);
        model->target = en_strdup(target);
        model->run = en_strdup(run != NULL ? run : "");
        if (model->target == NULL || model->run == NULL) {
            st = en_error_nomem(err, "a model");
        }
    }
    return st;
}

en_status en_model_open(const char *file, size_t batch, en_pool *pool, const en_kernels *kernels, en_model *model,
                        en_error *err)
{
    *model = (en_model){.batch = batch};
    en_metadata meta = {0};
    en_spec *spec = en_alloc(sizeof *spec);
    en_status st = spec != NULL ? en_metadata_read(file, &meta, err) : en_error_nomem(err, "a network");
    if (st == EN_OK) {
        st = read_metadata(&meta, file, model, spec, err);
    }
    if (st == EN_OK) {
        const en_network_config config = {.spec = spec,
                                          .classes = model->classes.count,
                                          .batch = batch,
                                          .mode = EN_INFER,
                                          .pool = pool,
                                          .kernels = kernels};
        st = en_network_new(&config, &model->network, err);
    }
    if (st == EN_OK) {
        st = en_weights_load(model->network, EN_KEEP_MODEL, file, err);
    }
    size_t bytes = 0;
    if (st == EN_OK &&
        (!en_mul(batch, en_recipe_bytes(&model->recipe), &bytes) || (model->sample = en_alloc(bytes)) == NULL)) {
        st = en_error_nomem(err, "samples");
    }
    en_metadata_clear(&meta);
    en_free(spec);
    if (st != EN_OK) {
        en_model_close(model);
    }
    return st;
}

/* Whether the file is there with this hash. */
static en_status has_hash(const char *path, const char *wanted, bool *same, en_error *err)
{
    char sha256[EN_SHA256_HEX];
    *same = false;
    if (!en_file_exists(path)) {
        return EN_OK;
    }
    en_status st = en_sha256_file(path, sha256, err);
    *same = st == EN_OK && strcmp(sha256, wanted) == 0;
    return st;
}

static en_status kept_file(en_lab *lab, const en_catalog_run *run, char **path, char sha256[EN_SHA256_HEX],
                           en_error *err)
{
    *path = NULL;
    en_catalog_checkpoint kept = {0};
    bool same = false;
    en_status st = en_catalog_checkpoint_find(lab->catalog, run->id, "best", &kept, err);
    if (st == EN_DONE) {
        st = en_error_set(err, EN_INPUT, "run '%s' (%s) has no weights: train it to the end of an epoch", run->name,
                          run->state);
    }
    if (st != EN_OK) {
        return st;
    }
    char *file = en_lab_path(lab, kept.path), *next = file != NULL ? en_format("%s" NEXT, file) : NULL;
    st = next != NULL ? has_hash(file, kept.sha256, &same, err) : en_error_nomem(err, "a path");
    *path = file;
    if (st == EN_OK && !same) {
        st = has_hash(next, kept.sha256, &same, err);
        *path = next;
    }
    if (st == EN_OK && !same && en_file_exists(file)) {
        st = en_error_set(err, EN_INPUT, "'%s' is not the file that run '%s' wrote: its hash differs; train again",
                          kept.path, run->name);
    } else if (st == EN_OK && !same) {
        st = en_error_set(err, EN_INPUT, "the weights of run '%s', '%s', are missing: train again", run->name,
                          kept.path);
    }
    memcpy(sha256, kept.sha256, sizeof kept.sha256);
    en_free(*path == file ? next : file);
    if (st != EN_OK) {
        en_free(*path);
        *path = NULL;
    }
    en_catalog_checkpoint_clear(&kept);
    return st;
}

en_status en_model_path_of_run(en_lab *lab, const char *name, char **path, en_error *err)
{
    *path = NULL;
    en_catalog_run run = {0};
    char sha256[EN_SHA256_HEX];
    en_status st = en_catalog_run_get(lab->catalog, name, &run, err);
    if (st == EN_OK) {
        st = kept_file(lab, &run, path, sha256, err);
    }
    en_catalog_run_clear(&run);
    return st;
}

en_status en_model_of_run(en_lab *lab, const en_catalog_run *run, size_t batch, en_model *model,
                          char sha256[EN_SHA256_HEX], en_error *err)
{
    *model = (en_model){0};
    char *path = NULL, hash[EN_SHA256_HEX];
    en_pool *pool;
    const en_kernels *kernels;
    en_status st = kept_file(lab, run, &path, hash, err);
    if (st == EN_OK) {
        st = en_lab_kernels(lab, &kernels, err);
    }
    if (st == EN_OK) {
        st = en_lab_pool(lab, &pool, err);
    }
    if (st == EN_OK) {
        st = en_model_open(path, batch, pool, kernels, model, err);
    }
    if (st == EN_OK && sha256 != NULL) {
        memcpy(sha256, hash, sizeof hash);
    }
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
    en_status st = en_sample_make(bytes, n, &model->recipe, NULL, model->sample, &info, &measured, err);
    if (st != EN_OK) {
        return st;
    }
    char reason[EN_QUALITY_REASON_MAX];
    if (!en_quality_gate(&measured, reason)) {
        return en_error_set(err, EN_INPUT, "%s", reason);
    }
    if (quality != NULL) {
        *quality = measured;
    }
    return en_network_predict(model->network, model->sample, 1, probability, err);
}
