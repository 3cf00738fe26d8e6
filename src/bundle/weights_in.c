/* The weights of a run in a bundle: in their place before their row is. */
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "bundle/run_in.h"
#include "nn/weights.h"
#include "project/run_weights.h"
#include "training/model.h"

static en_status write_file(en_bundle_arriving *a, const char *path, en_error *err)
{
    char chunk[EN_BUNDLE_CHUNK];
    size_t got;
    en_writer w = {0};
    en_status st = en_writer_open(&w, path, err);
    while (st == EN_OK && (st = en_bundle_in_read(&a->x->in, chunk, sizeof chunk, &got, err)) == EN_OK) {
        st = en_writer_write(&w, chunk, got, err);
        st = st == EN_OK ? en_stop_check(&a->x->project->events, err) : st;
    }
    if (st == EN_DONE) {
        st = en_writer_commit(&w, err);
    }
    en_writer_abort(&w);
    return st;
}

/* What the file says of itself is what the catalog will say. */
static en_status check_card(const en_bundle_arriving *a, const char *path, const char *spec, en_error *err)
{
    const struct {
        const char *key, *value;
    } is[] = {{"spec", spec},
              {"recipe", en_bundle_text_of(a, "recipe")},
              {"classes", en_bundle_text_of(a, "classes")},
              {"target", en_bundle_text_of(a, "target")},
              {"run", en_bundle_text_of(a, "uuid")}};
    en_metadata meta = {0};
    en_status st = en_metadata_read(path, &meta, err);
    for (size_t i = 0; st == EN_OK && i < sizeof is / sizeof *is; i++) {
        const char *value = en_metadata_get(&meta, is[i].key);
        if (value == NULL || strcmp(value, is[i].value) != 0) {
            st = en_error_set(err, EN_INPUT, "the weights are of another run: their %s is not the same", is[i].key);
        }
    }
    en_metadata_clear(&meta);
    return st;
}

/* Whether they can be predicted with. */
static en_status try_model(const en_bundle_arriving *a, const char *path, en_error *err)
{
    const en_kernels *kernels;
    en_pool *pool;
    en_model model = {0};
    en_status st = en_project_kernels(a->x->project, &kernels, err);
    if (st == EN_OK) {
        st = en_project_pool(a->x->project, &pool, err);
    }
    if (st == EN_OK) {
        st = en_model_open(path, 1, pool, kernels, &model, err);
    }
    if (st == EN_OK && model.classes.count != a->classes) {
        st = en_error_set(err, EN_INPUT, "the weights have other classes than the run");
    }
    en_model_close(&model);
    return st;
}

en_status en_bundle_take_weights(en_bundle_arriving *a, en_error *err)
{
    en_catalog_checkpoint kept = {.kind = EN_CHECKPOINT_BEST,
                                  .attempt = en_bundle_number_of(a, "weights_attempt"),
                                  .epoch = en_bundle_number_of(a, "weights_epoch"),
                                  .step = en_bundle_number_of(a, "weights_step")};
    en_catalog_run run = {0};
    en_status st = en_catalog_run_by_id(a->x->project->catalog, a->run_id, &run, err);
    en_arrival *arrival = &a->x->arrival[a->x->arrivals];
    if (st == EN_OK) {
        st = en_arrival_begin(a->x->project, run.folder, arrival, err);
    }
    if (st != EN_OK) {
        goto done;
    }
    a->x->arrivals++;
    st = write_file(a, arrival->file, err);
    if (st == EN_OK) {
        st = en_weights_hash(arrival->file, kept.sha256, kept.file_sha256, err);
    }
    const char *whole = en_bundle_text_of(a, "weights_file_sha256");
    if (st == EN_OK && (strcmp(kept.sha256, en_bundle_text_of(a, "weights_sha256")) != 0 ||
                        (whole != NULL && strcmp(kept.file_sha256, whole) != 0))) {
        st = en_error_set(err, EN_INPUT, "the weights are not those of the run: their hash differs");
    }
    if (st == EN_OK) {
        st = check_card(a, arrival->file, run.spec, err);
    }
    if (st == EN_OK) {
        st = try_model(a, arrival->file, err);
    }
    if (st == EN_OK && (kept.path = en_path_join(arrival->folder, EN_ARRIVAL_FILE)) == NULL) {
        st = en_error_nomem(err, "a path");
    }
    if (st == EN_OK) {
        memcpy(kept.file_sha256, whole != NULL ? whole : "", whole != NULL ? sizeof kept.file_sha256 : 1);
        st = en_catalog_checkpoint_put(a->x->project->catalog, a->run_id, &kept, err);
    }
done:
    if (st == EN_INPUT) {
        (void)en_bundle_in_fault(&a->x->in, st, err);
    }
    en_free(kept.path);
    en_catalog_run_clear(&run);
    return st;
}
