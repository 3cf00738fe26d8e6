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
    en_session_setting *list = en_calloc(EN_SESSION_SETTINGS, sizeof *list);
    if (list == NULL) {
        return en_error_nomem(err, "settings");
    }
    const size_t count = en_session_settings(s, list);
    en_status st = EN_OK;
    for (size_t i = 0; st == EN_OK && i < count; i++) {
        if (list[i].value != NULL) {
            st = en_catalog_run_param(s->project->catalog, s->run_id, list[i].name, list[i].value, err);
        }
    }
    en_free(list);
    return st;
}

static en_status hold_folder(en_session *s, const char *name, en_error *err)
{
    char *folder;
    en_status st = en_run_folder(name, &folder, err);
    if (st != EN_OK) {
        return st;
    }
    s->weights_path = en_path_join(folder, "model.safetensors");
    s->state_path = en_path_join(folder, EN_SESSION_STATE);
    st = s->weights_path != NULL && s->state_path != NULL
             ? en_folder_lock_acquire(s->project, folder, "another process is training in", &s->lock, err)
             : en_error_nomem(err, "a path");
    en_free(folder);
    return st;
}

/* What an attempt was made on, where it is not the first: the run's row has the first one's. */
static en_status put_attempt(en_session *s, en_error *err)
{
    char name[32], *value;
    const en_kernels *kernels;
    en_machine machine;
    en_machine_read(&machine);
    en_status st = en_project_kernels(s->project, &kernels, err);
    if (st != EN_OK) {
        return st;
    }
    snprintf(name, sizeof name, "attempt_%lld", (long long)s->attempt);
    value =
        en_format("from step %lld of epoch %lld, eyenet %s (%s), %s, %u threads, %s", (long long)s->at.steps,
                  (long long)s->at.epoch, en_version(), en_commit(), kernels->name, s->project->threads, machine.host);
    st = value != NULL ? en_catalog_run_param(s->project->catalog, s->run_id, name, value, err)
                       : en_error_nomem(err, "a setting");
    en_free(value);
    return st;
}

/* The next attempt of a run that was stopped. The folder is locked before its row is read once more: who else takes it
 * up has the lock, or has finished it. */
static en_status begin_again(en_session *s, en_error *err)
{
    en_catalog *c = s->project->catalog;
    en_status st = hold_folder(s, s->earlier.folder, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_session_take_up(s, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_catalog_begin(c, err);
    if (st != EN_OK) {
        return st;
    }
    s->run_id = s->earlier.id;
    st = en_catalog_run_start(c, s->run_id, &s->attempt, err);
    if (st == EN_OK) {
        st = put_attempt(s, err);
    }
    if (st == EN_OK) {
        st = en_catalog_steps_drop(c, s->run_id, s->at.steps, err);
    }
    if (st == EN_OK) {
        st = en_catalog_run_get(c, s->earlier.uuid, &s->run, err);
    }
    if (st == EN_OK) {
        st = en_catalog_commit(c, err);
    }
    if (st != EN_OK) {
        en_catalog_rollback(c);
        s->run_id = -1;
    }
    return st;
}

/* The run, its settings and its start are one transaction: a run is there with all of them or not at all. */
static en_status begin(en_session *s, en_error *err)
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
                                     .parent_id = s->options.repeat != NULL ? s->earlier.id : -1,
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
    if (run.name == NULL && s->options.repeat == NULL) {
        en_session_offer_resume(s, &run);
    }
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
    st = hold_folder(s, s->run.folder, err);
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

en_status en_session_register(en_session *s, en_error *err)
{
    s->at.epoch = 1;
    en_status st = en_session_check_earlier(s, err);
    if (st != EN_OK) {
        return st;
    }
    if (s->finished) {
        return EN_DONE;
    }
    return s->again ? begin_again(s, err) : begin(s, err);
}
