/* Taking up a run that was stopped or killed: which, whether it is the same training, and where it was. */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/version.h"
#include "catalog/run_imported.h"
#include "project/run_weights.h"
#include "training/train/session.h"

/* EN_OK: this run can be taken up. */
static en_status check_state(const en_catalog_run *run, en_error *err)
{
    if (run->origin != EN_RUN_TRAINED) {
        return en_catalog_run_need_trained(run, "resume from", err);
    }
    if (run->state == EN_RUN_FINISHED) {
        return en_error_set(err, EN_INPUT, "run '%s' has finished: there is nothing to resume", run->name);
    }
    if (run->state == EN_RUN_RUNNING) {
        return en_error_hint(err, en_error_set(err, EN_BUSY, "another process is training run '%s' now", run->name),
                             "try again when it has ended");
    }
    return EN_OK;
}

/* The kernels that a run began with, where this processor has them, and its algorithm of convolutions give the same
 * bits. */
static void use_its_kernels(en_session *s)
{
    const en_kernels *kernels;
    if (s->project->isa == NULL && s->earlier.isa != NULL &&
        en_kernel_select(s->earlier.isa, &kernels, NULL) == EN_OK) {
        s->project->isa = kernels->name;
    }
    s->convolution = s->convolution != NULL ? s->convolution : en_catalog_params_get(&s->stored, "convolution");
}

static en_status repeat_options(en_session *s, const en_train_options *given, en_train_options *out, en_error *err)
{
    en_status st = en_catalog_run_get(s->project->catalog, given->repeat, &s->earlier, err);
    if (st == EN_OK) {
        st = en_catalog_run_need_trained(&s->earlier, "reproduce", err);
    }
    if (st == EN_OK) {
        st = en_session_options_of(s, &s->earlier, out, err);
    }
    if (st != EN_OK) {
        return st;
    }
    if (given->onward) {
        out->subset = given->subset;
        out->validation = given->validation;
        out->init = given->init;
        out->init_whole = given->init_whole;
        out->epochs = given->epochs > 0 ? given->epochs : out->epochs;
        out->learning_rate = given->learning_rate > 0 ? given->learning_rate : out->learning_rate;
        out->onward = true;
    }
    out->name = given->name;
    out->repeat = given->repeat;
    out->time_limit = given->time_limit;
    out->tensorboard = given->tensorboard;
    use_its_kernels(s);
    return EN_OK;
}

en_status en_session_resume_options(en_session *s, const en_train_options *given, en_train_options *out, en_error *err)
{
    *out = *given;
    if (given->repeat != NULL) {
        return repeat_options(s, given, out, err);
    }
    if (given->resume == NULL) {
        return EN_OK;
    }
    en_catalog *c = s->project->catalog;
    const bool newest = strcmp(given->resume, EN_TRAIN_RESUME_NEWEST) == 0;
    en_status st =
        newest ? en_catalog_run_stopped(c, &s->earlier, err) : en_catalog_run_get(c, given->resume, &s->earlier, err);
    if (st == EN_DONE) {
        return en_error_set(err, EN_INPUT, "there is no run to resume: none was stopped before it finished");
    }
    if (st == EN_OK) {
        st = check_state(&s->earlier, err);
    }
    if (st == EN_OK) {
        st = en_session_options_of(s, &s->earlier, out, err);
    }
    out->resume = given->resume;
    out->pause_at = given->pause_at;
    out->time_limit = given->time_limit;
    out->tensorboard = given->tensorboard;
    s->again = st == EN_OK;
    use_its_kernels(s);
    return st;
}

/* What a kill at the very end of a training left. */
static void drop_state_of(en_project *project, const en_catalog_run *run)
{
    char *folder, *file = NULL;
    if (run->origin == EN_RUN_TRAINED && en_run_folder(run->folder, &folder, NULL) == EN_OK) {
        file = en_path_join(folder, EN_SESSION_STATE);
        en_free(folder);
    }
    if (file != NULL) {
        en_session_drop_state(project, file);
    }
    en_free(file);
}

en_status en_session_find_earlier(en_session *s, en_error *err)
{
    en_catalog *c = s->project->catalog;
    const char *name = s->options.name;
    if (s->options.repeat != NULL && name != NULL) { /* a name that is there is another run's */
        return en_catalog_run_name_free(c, name, err);
    }
    if (s->again || name == NULL || en_catalog_run_name_free(c, name, NULL) == EN_OK) {
        return EN_OK;
    }
    en_status st = en_catalog_run_get(c, name, &s->earlier, err);
    if (st == EN_OK && s->earlier.state == EN_RUN_FINISHED) {
        drop_state_of(s->project, &s->earlier);
    }
    if (st == EN_OK && s->earlier.state == EN_RUN_FINISHED && !s->options.keep_finished) {
        return en_catalog_run_name_free(c, name, err);
    }
    s->finished = st == EN_OK && s->earlier.state == EN_RUN_FINISHED;
    if (st == EN_OK && !s->finished) {
        st = check_state(&s->earlier, err);
    }
    if (st == EN_OK) {
        st = en_catalog_run_params(c, s->earlier.id, &s->stored, err);
    }
    s->again = st == EN_OK;
    return st;
}

static bool differ(const char *a, const char *b) { return a == NULL || b == NULL ? a != b : strcmp(a, b) != 0; }

static en_status other_setting(const en_session *s, const char *name, const char *was, const char *is, en_error *err)
{
    const en_catalog_run *run = &s->earlier;
    if (s->options.resume != NULL && strcmp(name, "data_sha256") == 0) {
        return en_error_hint(
            err,
            en_error_set(err, EN_INPUT,
                         "run '%s' cannot be resumed: labels or samples of its subsets have changed since it began",
                         run->name),
            "train a new run");
    }
    if (s->options.resume != NULL) {
        return en_error_hint(err,
                             en_error_set(err, EN_INPUT, "run '%s' cannot be resumed: its %s was %s and would be %s",
                                          run->name, name, was != NULL ? was : "none", is != NULL ? is : "none"),
                             "train a new run");
    }
    if (s->finished) {
        return en_error_hint(err,
                             en_error_set(err, EN_INPUT, "there is a run '%s' already, and its %s was %s, not %s",
                                          run->name, name, was != NULL ? was : "none", is != NULL ? is : "none"),
                             "give the new ones another name");
    }
    return en_error_hint(
        err,
        en_error_set(err, EN_INPUT, "there is a run '%s' already, stopped in epoch %lld, and its %s was %s, not %s",
                     run->name, (long long)(run->epochs > 0 ? run->epochs + 1 : 1), name, was != NULL ? was : "none",
                     is != NULL ? is : "none"),
        "resume it as it was with 'eyenet train --resume %s', or give the new one another name", run->name);
}

/* What is in columns of the run. */
static en_status check_columns(const en_session *s, en_error *err)
{
    const en_catalog_run *run = &s->earlier;
    const char *val = s->val.items.count > 0 ? s->val.subset.name : NULL;
    char was[24], is[24];
    snprintf(was, sizeof was, "%llu", (unsigned long long)run->seed);
    snprintf(is, sizeof is, "%llu", (unsigned long long)s->options.seed);
    const char *const column[][3] = {{"subset", run->subset, s->train.subset.name},
                                     {"validation subset", run->val_subset, val},
                                     {"target", run->target, s->options.target},
                                     {"recipe", run->recipe, s->recipe_text},
                                     {"seed", was, is},
                                     {"list of classes", run->classes, s->classes_json}};
    for (size_t i = 0; i < sizeof column / sizeof *column; i++) {
        if (differ(column[i][1], column[i][2])) {
            return other_setting(s, column[i][0], column[i][1], column[i][2], err);
        }
    }
    return differ(run->spec, s->spec_text) ? other_setting(s, "network", run->model, "another text", err) : EN_OK;
}

/* Runs of earlier versions lack settings that were recorded later. */
static bool was_recorded(const char *name)
{
    static const char *const later[] = {"data_sha256", "at_sensitivity", "at_specificity", "miss_cost", NULL};
    for (size_t i = 0; later[i] != NULL; i++) {
        if (strcmp(name, later[i]) == 0) {
            return false;
        }
    }
    return true;
}

static en_status check_same(en_session *s, en_error *err)
{
    en_session_setting *list = en_calloc(EN_SESSION_SETTINGS, sizeof *list);
    if (list == NULL) {
        return en_error_nomem(err, "settings");
    }
    const size_t count = en_session_settings(s, list);
    en_status st = check_columns(s, err);
    for (size_t i = 0; st == EN_OK && i < count; i++) {
        const char *was = en_catalog_params_get(&s->stored, list[i].name);
        if (!list[i].fact && differ(was, list[i].value) && (was != NULL || was_recorded(list[i].name))) {
            st = other_setting(s, list[i].name, was, list[i].value, err);
        }
    }
    en_free(list);
    return st;
}

en_status en_session_check_earlier(en_session *s, en_error *err) { return s->again ? check_same(s, err) : EN_OK; }

void en_session_offer_resume(en_session *s, const en_catalog_run_spec *spec)
{
    en_catalog *c = s->project->catalog;
    if (en_catalog_run_stopped_like(c, spec, &s->earlier, NULL) == EN_OK &&
        en_catalog_run_params(c, s->earlier.id, &s->stored, NULL) == EN_OK && check_same(s, NULL) == EN_OK) {
        en_event_warn(&s->project->events,
                      "run '%s' has these settings and was stopped in epoch %lld: 'eyenet train --resume %s' goes on "
                      "with it; this is a new run",
                      s->earlier.name, (long long)(s->earlier.epochs > 0 ? s->earlier.epochs + 1 : 1), s->earlier.name);
    }
}

/* Other kernels, another library or program round otherwise. */
static void warn_of_differences(const en_session *s)
{
    const en_kernels *kernels;
    char blas[64];
    if (en_project_kernels(s->project, &kernels, NULL) != EN_OK) {
        return;
    }
    const char *const pair[][3] = {
        {"kernels", s->earlier.isa, kernels->name},
        {"library", en_catalog_params_get(&s->stored, "blas"), en_kernel_blas(kernels, blas, sizeof blas)},
        {"program", s->earlier.commit, en_commit()}};
    for (size_t i = 0; i < sizeof pair / sizeof *pair; i++) {
        if (differ(pair[i][1], pair[i][2])) {
            en_event_warn(&s->project->events,
                          "the run began with another %s (%s, not %s): its weights may differ in the last digits from "
                          "those of an uninterrupted run",
                          pair[i][0], pair[i][1] != NULL ? pair[i][1] : "unknown", pair[i][2]);
        }
    }
}

/* From the beginning: the network as it was drawn, or as its weights to start from are. */
static en_status start_over(en_session *s, en_error *err)
{
    s->at = (en_progress){.epoch = 1};
    return en_session_init_weights(s, err);
}

static en_status read_state(en_session *s, en_error *err)
{
    char *path = NULL;
    en_error why;
    en_catalog_checkpoint kept = {0};
    en_status st = en_catalog_checkpoint_find(s->project->catalog, s->earlier.id, EN_CHECKPOINT_LAST, &kept, err);
    en_catalog_checkpoint_clear(&kept);
    if (st == EN_DONE) { /* stopped before anything was saved */
        return EN_OK;
    }
    if (st != EN_OK) {
        return st;
    }
    st = en_run_checkpoint_find(s->project, &s->earlier, EN_CHECKPOINT_LAST, &path, &kept, &why);
    if (st == EN_OK) {
        st = en_session_read_state(s, path, &why);
    }
    en_free(path);
    en_catalog_checkpoint_clear(&kept);
    if (st == EN_INPUT) {
        en_event_warn(&s->project->events, "%s: the training begins from the start", why.text);
        return start_over(s, err);
    }
    if (st != EN_OK) {
        *err = why;
    }
    return st;
}

en_status en_session_take_up(en_session *s, en_error *err)
{
    en_catalog_run row = {0};
    en_catalog_checkpoint best = {0};
    en_status st = en_catalog_run_get(s->project->catalog, s->earlier.uuid, &row, err);
    if (st == EN_OK) {
        st = check_state(&row, err); /* another process may have finished it while this one was loading */
    }
    if (st == EN_OK) {
        s->epochs_before = row.epochs > 0 ? row.epochs : 0;
        st = en_run_checkpoint_settle(s->project, &row, EN_CHECKPOINT_BEST, err);
    }
    if (st == EN_OK) {
        st = en_run_checkpoint_settle(s->project, &row, EN_CHECKPOINT_LAST, err);
    }
    if (st == EN_OK) {
        st = read_state(s, err);
    }
    if (st == EN_OK) {
        en_status found = en_catalog_checkpoint_find(s->project->catalog, row.id, EN_CHECKPOINT_BEST, &best, err);
        s->kept_epoch = found == EN_OK ? best.epoch : 0;
        st = found == EN_DONE ? EN_OK : found;
    }
    if (st == EN_OK) {
        warn_of_differences(s);
        en_event_note(&s->project->events, "run '%s' was stopped before it finished: it goes on in epoch %lld of %lld",
                      row.name, (long long)s->at.epoch, (long long)s->options.epochs);
    }
    en_catalog_checkpoint_clear(&best);
    en_catalog_run_clear(&row);
    return st;
}
