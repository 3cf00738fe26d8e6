/* Entering a run into the catalog: its row, its settings, its start, and the lock on its folder. */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/version.h"
#include "base/machine.h"
#include "training/train/session.h"

static en_status put_params(en_session *s, en_error *err)
{
    const en_train_options *o = &s->options;
    char blas[64], epochs[24], batch[24], micro[24], clip[32], patience[24], rate[32], memory[24],
        augmentation[EN_AUGMENTATION_TEXT], schedule[EN_SCHEDULE_TEXT], optimiser[EN_OPTIMISER_TEXT],
        loss[EN_LOSS_TEXT];
    snprintf(epochs, sizeof epochs, "%lld", (long long)o->epochs);
    snprintf(batch, sizeof batch, "%lld", (long long)o->batch);
    snprintf(patience, sizeof patience, "%lld",
             (long long)(o->patience > 0 ? o->patience : 0)); /* 0: never stops early */
    snprintf(micro, sizeof micro, "%lld", (long long)o->micro_batch);
    en_print(clip, sizeof clip, "%.9g", o->clip_norm);
    en_print(rate, sizeof rate, "%.9g", o->learning_rate);
    snprintf(memory, sizeof memory, "%zu", s->size.total_bytes);
    const char *const pair[][2] = {{"epochs", epochs},
                                   {"batch", batch},
                                   {"micro_batch", micro},
                                   {"clip_norm", clip},
                                   {"patience", patience},
                                   {"learning_rate", rate},
                                   {"schedule", en_schedule_text(&s->schedule, schedule)},
                                   {"optimizer", en_optimiser_text(&s->optimiser, optimiser)},
                                   {"loss", en_loss_text(&s->loss, loss)},
                                   {"class_weights", o->class_weights},
                                   {EN_CLASSES_SCALE, s->classes.ordinal ? "ordinal" : "nominal"},
                                   {"augmentation", en_augmentation_text(&s->augmentation, augmentation)},
                                   {"memory_bytes", memory},
                                   {"blas", en_kernel_blas(blas, sizeof blas)}};
    en_status st = EN_OK;
    for (size_t i = 0; st == EN_OK && i < sizeof pair / sizeof *pair; i++) {
        st = en_catalog_run_param(s->project->catalog, s->run_id, pair[i][0], pair[i][1], err);
    }
    return st == EN_OK ? en_session_put_init(s, err) : st;
}

static en_status hold_folder(en_session *s, en_error *err)
{
    char *folder = en_run_folder(s->run.name);
    s->weights_path = folder != NULL ? en_path_join(folder, "model.safetensors") : NULL;
    en_status st = s->weights_path != NULL
                       ? en_folder_lock_acquire(s->project, folder, "another process is training in", &s->lock, err)
                       : en_error_nomem(err, "a path");
    en_free(folder);
    return st;
}

/* The run, its settings and its start are one transaction: a run is there with all of them or not at all. */
en_status en_session_register(en_session *s, en_error *err)
{
    en_catalog *c = s->project->catalog;
    const en_kernels *kernels;
    en_machine machine;
    en_machine_read(&machine);
    int64_t model_id = -1;
    en_status st = en_project_kernels(s->project, &kernels, err);
    if (st != EN_OK) {
        goto done;
    }
    st = en_catalog_begin(c, err);
    if (st != EN_OK) {
        goto done;
    }
    char name[128];
    snprintf(name, sizeof name, "%s", en_path_base(s->options.model));
    char *dot = strrchr(name, '.');
    if (dot != NULL && strcmp(dot, ".net") == 0) {
        *dot = '\0';
    }
    st = en_catalog_model_put(c, name, s->spec_text, &model_id, err);
    if (st != EN_OK) {
        goto done;
    }
    const en_catalog_run_spec run = {.name = s->options.name,
                                     .parent_id = -1,
                                     .model_id = model_id,
                                     .subset_id = s->train.subset.id,
                                     .val_subset_id = s->val.items.count > 0 ? s->val.subset.id : -1,
                                     .recipe_id = s->recipe_id,
                                     .target = s->options.target,
                                     .classes = s->classes_json,
                                     .seed = s->options.seed,
                                     .host = machine.host,
                                     .cpu = machine.cpu,
                                     .isa = kernels->name,
                                     .version = en_version(),
                                     .commit = en_commit(),
                                     .command_line = s->project->command_line,
                                     .threads = s->project->threads};
    st = en_catalog_run_create(c, &run, &s->run_id, err);
    if (st != EN_OK) {
        goto done;
    }
    st = put_params(s, err);
    if (st != EN_OK) {
        goto done;
    }
    st = en_catalog_run_start(c, s->run_id, &s->attempt, err);
    if (st != EN_OK) {
        goto done;
    }
    /* still inside the transaction, the newest run is this one */
    st = en_catalog_run_get(c, s->options.name, &s->run, err);
    if (st != EN_OK) {
        goto done;
    }
    /* before anybody sees the run, so that nobody takes it for a dead one */
    st = hold_folder(s, err);
    if (st != EN_OK) {
        goto done;
    }
    st = en_catalog_commit(c, err);
done:
    if (st != EN_OK) {
        en_catalog_rollback(c);
        s->run_id = -1;
    }
    return st;
}
