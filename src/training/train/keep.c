/* What a training keeps: metrics, the best weights, and the state to resume from.
 *
 * Killed at any moment it leaves rows and the files of these rows: new files are FILE.next until their rows are
 * committed, with the metrics of the epoch; then each takes the place of FILE, and who opens a file tries both
 * (project/run_weights.h). */
#include <math.h>
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"
#include "project/run_weights.h"
#include "training/model.h"
#include "training/train/session.h"

/* The state is saved no more often than that saving takes a twentieth of the time, and within an epoch every few
 * minutes. */
#define SAVE_TIMES 20
#define SAVE_SECONDS 120

size_t en_epoch_metrics(const en_epoch *e, en_catalog_metric metric[EN_EPOCH_METRICS])
{
    const struct {
        en_part part;
        const char *name;
        double value;
    } all[EN_EPOCH_METRICS] = {{EN_PART_TRAIN, "loss", e->train_loss},
                               {EN_PART_TRAIN, "weighted_loss", e->train_weighted_loss},
                               {EN_PART_TRAIN, "accuracy", e->train_accuracy},
                               {EN_PART_VAL, "loss", e->val_loss},
                               {EN_PART_VAL, "weighted_loss", e->val_weighted_loss},
                               {EN_PART_VAL, "accuracy", e->val_accuracy},
                               {EN_PART_VAL, "auc", e->val_auc},
                               {EN_PART_VAL, "calibrated_loss", e->val_calibrated_loss},
                               {EN_PART_VAL, "concordance", e->val_concordance},
                               {EN_PART_NONE, "seconds", e->seconds},
                               {EN_PART_NONE, "wait_seconds", e->wait_seconds},
                               {EN_PART_NONE, "images_per_second", e->images_per_second}};
    size_t count = 0;
    for (size_t i = 0; i < EN_EPOCH_METRICS; i++) {
        if (!isnan(all[i].value)) {
            metric[count++] =
                (en_catalog_metric){.epoch = e->epoch, .part = all[i].part, .name = all[i].name, .value = all[i].value};
        }
    }
    return count;
}

static en_status record(en_session *s, const en_epoch *e, en_error *err)
{
    en_catalog_metric metric[EN_EPOCH_METRICS];
    const size_t count = en_epoch_metrics(e, metric);
    for (size_t i = 0; i < count; i++) {
        metric[i].attempt = s->attempt;
        metric[i].step = s->at.steps;
    }
    return en_catalog_metrics_add(s->project->catalog, s->run_id, metric, count, err);
}

/* A file with its row. */
typedef struct kept {
    bool is;
    en_catalog_checkpoint row;
    char *calibration; /* of the best weights */
} kept;

/* The weights as they are now, with what turns their outputs into probabilities. epoch 0: stopped before the first was
 * done, when nothing has been validated. */
static en_status stage_best(en_session *s, int64_t epoch, kept *best, en_error *err)
{
    en_calibration calibration;
    const double wish[EN_OPERATING_RULES] = {[EN_AT_SENSITIVITY] = s->options.at_sensitivity,
                                             [EN_AT_SPECIFICITY] = s->options.at_specificity,
                                             [EN_AT_YOUDEN] = (double)NAN,
                                             [EN_AT_COST] = s->options.miss_cost};
    const size_t validated = epoch > 0 ? s->val.items.count : 0;
    en_status st = en_calibration_fit(&s->classes, s->class_weight, s->probability, s->val.truth, validated, wish,
                                      &calibration, err);
    if (st == EN_OK) {
        st = en_calibration_to_json(&calibration, s->classes.count, &best->calibration, err);
    }
    if (st != EN_OK) {
        return st;
    }
    const en_model_card card = {.calibration = best->calibration,
                                .spec = s->spec_text,
                                .recipe = s->recipe_text,
                                .classes = s->classes_json,
                                .labels = s->labels_json,
                                .target = s->options.target,
                                .run = s->run.uuid,
                                .origin = s->init.origin,
                                .licence = s->init.licence};
    best->row = (en_catalog_checkpoint){.kind = EN_CHECKPOINT_BEST,
                                        .path = s->weights_path,
                                        .attempt = s->attempt,
                                        .epoch = epoch,
                                        .step = s->at.steps};
    en_network_swap_average(s->network);
    st = en_model_stage_card(s->project, s->network, &card, &best->row, err);
    en_network_swap_average(s->network);
    best->is = st == EN_OK;
    return st;
}

/* Without it a run can be repeated, if not resumed: a training does not fail for want of it. */
static void stage_state(en_session *s, kept *state)
{
    en_error why;
    const double began = en_clock_seconds();
    state->is = en_session_write_state(s, &state->row, &why) == EN_OK;
    if (!state->is && !s->unsaved) {
        en_event_warn(&s->project->events, "the state to resume from is not saved: %s", why.text);
    }
    s->unsaved = !state->is;
    s->saved_at = en_clock_seconds();
    s->save_seconds = s->saved_at - began;
}

static bool is_due(const en_session *s, double least)
{
    const double since = en_clock_seconds() - s->saved_at;
    return since >= least && since >= SAVE_TIMES * s->save_seconds;
}

static en_status put_rows(en_session *s, const en_epoch *e, const kept *best, const kept *state, en_error *err)
{
    en_catalog *c = s->project->catalog;
    en_status st = en_catalog_begin(c, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_session_put_steps(s, err);
    if (st == EN_OK && e != NULL) {
        st = record(s, e, err);
    }
    if (st == EN_OK && best->is) {
        st = en_catalog_checkpoint_put(c, s->run_id, &best->row, err);
    }
    if (st == EN_OK && best->is) {
        st = en_catalog_run_param(c, s->run_id, EN_CALIBRATION_SETTING, best->calibration, err);
    }
    if (st == EN_OK && best->is) { /* what is wrong with the weights that are kept */
        st = s->trouble[0] != '\0' ? en_catalog_run_param(c, s->run_id, EN_TRAIN_TROUBLE, s->trouble, err)
                                   : en_catalog_run_param_drop(c, s->run_id, EN_TRAIN_TROUBLE, err);
    }
    if (st == EN_OK && state->is) {
        st = en_catalog_checkpoint_put(c, s->run_id, &state->row, err);
    }
    if (st == EN_OK) {
        st = en_catalog_commit(c, err);
    }
    if (st != EN_OK) {
        en_catalog_rollback(c);
    }
    return st;
}

/* Rows, then names. Another process that locks the catalog for long does not end a training, which waits and tries
 * again. */
static en_status commit(en_session *s, const en_epoch *e, kept *best, kept *state, en_error *err)
{
    en_status st;
    while ((st = put_rows(s, e, best, state, err)) == EN_BUSY) {
        en_event_warn(&s->project->events, "%s; the training waits", err->text);
        if ((st = en_stop_check(&s->project->events, err)) != EN_OK) {
            break;
        }
    }
    const bool committed = st == EN_OK; /* then both names are tried, and neither file goes */
    s->steps = committed ? 0 : s->steps;
    kept *const both[] = {best, state};
    for (size_t i = 0; i < 2; i++) {
        if (both[i]->is && committed) {
            en_error why;
            en_status named = en_model_publish(s->project, &both[i]->row, &why);
            if (named != EN_OK && st == EN_OK) {
                *err = why;
                st = named;
            }
        } else if (both[i]->is) {
            en_model_unstage(s->project, &both[i]->row);
        }
    }
    if (st == EN_OK && best->is) {
        s->kept_epoch = best->row.epoch;
    }
    en_free(best->calibration);
    best->calibration = NULL;
    return st;
}

en_status en_session_end_epoch(en_session *s, const en_epoch *e, bool best, en_error *err)
{
    kept weights = {0}, state = {0};
    if (best) {
        en_status st = stage_best(s, e->epoch, &weights, err);
        if (st != EN_OK) {
            en_free(weights.calibration);
            return st;
        }
    }
    if (is_due(s, 0)) {
        stage_state(s, &state);
    }
    return commit(s, e, &weights, &state, err);
}

void en_session_save_state(en_session *s, bool now)
{
    kept none = {0}, state = {0};
    en_error why;
    if (s->saved_at <= 0 && !now) { /* counted from the beginning */
        s->saved_at = en_clock_seconds();
    }
    if (!now && !is_due(s, SAVE_SECONDS)) {
        return;
    }
    stage_state(s, &state);
    if (state.is && commit(s, NULL, &none, &state, &why) != EN_OK) {
        en_event_warn(&s->project->events, "the state to resume from is not saved: %s", why.text);
    }
}

en_status en_session_keep_unvalidated(en_session *s, en_error *err)
{
    kept weights = {0}, none = {0};
    en_status st = stage_best(s, 0, &weights, err);
    if (st != EN_OK) {
        en_free(weights.calibration);
        return st;
    }
    return commit(s, NULL, &weights, &none, err);
}

void en_session_drop_state(en_project *project, char *file)
{
    char *path = NULL;
    if (en_project_path(project, file, &path, NULL) == EN_OK) {
        (void)unlink(path);
    }
    en_free(path);
    en_model_unstage(project, &(en_catalog_checkpoint){.path = file});
}

en_status en_session_end(en_session *s, en_run_state state, double seconds, en_error *err)
{
    en_catalog *c = s->project->catalog;
    const int64_t done = s->at.epoch - 1 > s->epochs_before ? s->at.epoch - 1 : s->epochs_before;
    const bool finished = state == EN_RUN_FINISHED;
    en_status st = en_catalog_begin(c, err);
    if (st == EN_OK && finished) {
        st = en_catalog_checkpoint_drop(c, s->run_id, EN_CHECKPOINT_LAST, err);
    }
    if (st == EN_OK && state == EN_RUN_FAILED && s->trouble[0] != '\0') {
        st = en_catalog_run_param(c, s->run_id, EN_TRAIN_TROUBLE, s->trouble, err);
    }
    if (st == EN_OK) {
        st = en_catalog_run_end(c, s->run_id, state, finished ? s->at.epoch - 1 : done,
                                s->kept_epoch > 0 ? s->kept_epoch : -1, seconds, err);
    }
    if (st == EN_OK) {
        st = en_catalog_commit(c, err);
    }
    if (st != EN_OK) {
        en_catalog_rollback(c);
        return st;
    }
    if (finished) {
        en_session_drop_state(s->project, s->state_path);
    }
    return EN_OK;
}
