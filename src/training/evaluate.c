/* evaluate: predicts every member of a subset with a run's best weights, keeps the predictions as rows and measures. */
#include "training/evaluate.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "catalog/run.h"
#include "catalog/evaluation.h"
#include "base/clock.h"
#include "dataset/dataset.h"
#include "training/model.h"
#include "dataset/subset.h"
#include "training/score.h"
#include "training/ensemble_score.h"

enum { BATCH = 16 };

typedef struct evaluation {
    en_project *project;
    en_catalog_run run;
    en_dataset data;
    en_model model;
    en_catalog_checkpoint weights;
    float *probability; /* [data.items.count * classes] */
    int64_t evaluation_id;
    const en_calibration *calibration; /* by which is answered */
    /* of an ensemble */
    en_catalog_ensemble members;
    en_calibration decision;
    en_fellow both;
    float *fellow;       /* [means.count * classes]; NULL: not looked at */
    int64_t with_fellow; /* how many have one */
    en_ensemble_scores scores;
    en_ensemble_means means;
} evaluation;

static en_status find_subset(evaluation *x, const en_evaluate_options *o, en_error *err)
{
    if (o->subset != NULL) {
        return en_catalog_subset_get(x->project->catalog, o->subset, &x->data.subset, err);
    }
    en_part part = o->part != EN_PART_NONE ? o->part : EN_PART_TEST;
    const char *word = en_word(&en_parts, part);
    const char *split = x->members.count > 0 ? x->members.run[0].split : x->run.split;
    if (split == NULL) {
        return en_error_hint(err,
                             en_error_set(err, EN_INPUT,
                                          "run '%s' was trained without a split, so there is no part '%s'", x->run.name,
                                          word),
                             "name a --subset");
    }
    en_status st = en_subset_plain(x->project, split, part, &x->data.subset, err);
    if (st == EN_DONE) {
        st = en_error_set(err, EN_INPUT, "split '%s' has no plain variants of part '%s': parts are train, val and test",
                          split, word);
    }
    return st;
}

/* Metrics on patients that were learned from would mean nothing. Asking for the part train by name is allowed, with a
 * word. */
static en_status check_leak(const evaluation *x, const en_catalog_run *run, bool *warned, en_error *err)
{
    int64_t patients = 0, images = 0;
    en_status st =
        en_catalog_subset_shared(x->project->catalog, run->subset_id, x->data.subset.id, &patients, &images, err);
    if (st != EN_OK || patients == 0) {
        return st;
    }
    if (x->data.subset.part == EN_PART_TRAIN) {
        if (!*warned) {
            en_event_warn(
                &x->project->events,
                "the run was trained on these patients: the metrics measure memorisation, not generalisation");
        }
        *warned = true;
        return EN_OK;
    }
    return en_error_set(err, EN_INPUT,
                        "subset '%s' shares %lld patients (%lld images) with the training subset of run '%s'",
                        x->data.subset.name, (long long)patients, (long long)images, run->name);
}

/* The best epoch was chosen by the validation patients, and a decision fitted: metrics on them flatter. */
static en_status warn_of_validation(const evaluation *x, const en_catalog_run *run, en_error *err)
{
    int64_t patients = 0, images = 0;
    en_status st = EN_OK;
    if (run->val_subset_id >= 0) {
        st = en_catalog_subset_shared(x->project->catalog, run->val_subset_id, x->data.subset.id, &patients, &images,
                                      err);
    }
    if (patients > 0) {
        en_event_warn(&x->project->events,
                      "%lld of these patients are of the validation subset '%s', by which the weights to keep were "
                      "chosen: the metrics are optimistically biased",
                      (long long)patients, run->val_subset);
    }
    return st;
}

static en_status predict_items(evaluation *x, en_error *err)
{
    size_t count = x->data.items.count, classes = x->model.classes.count, values = 0;
    x->probability = en_mul(count, classes, &values) ? en_calloc(values, sizeof *x->probability) : NULL;
    if (x->probability == NULL) {
        return en_error_nomem(err, "predictions");
    }
    en_event_begin(&x->project->events, "evaluate", "images", (int64_t)count);
    en_status st =
        en_score_items(&x->data.loader, x->model.network, x->model.sample, x->probability, &x->project->events, err);
    en_event_end(&x->project->events, (int64_t)count, (int64_t)count);
    for (size_t i = 0; st == EN_OK && i < count; i++) {
        en_calibration_apply(&x->model.calibration, x->probability + i * classes, classes);
    }
    return st;
}

/* What is kept: rows of variants with a truth and probabilities. */
typedef struct predicted {
    const en_classes *classes;
    const char *weights_sha256;
    const float *probability; /* [count * classes] */
    const int32_t *truth;
    const en_catalog_item *item; /* whose variants these are; NULL: variant_id */
    const int64_t *variant_id;
    const float *fellow;         /* [count * classes], NaN where there is none; NULL: not looked at */
    const en_calibration *alone; /* by which is answered where there is none */
    size_t count;
} predicted;

/* One transaction: an evaluation is there with all its predictions or not at all. */
static en_status keep_predictions(evaluation *x, const predicted *p, en_error *err)
{
    en_catalog *c = x->project->catalog;
    const size_t classes = p->classes->count;
    en_status st = en_catalog_begin(c, err);
    if (st == EN_OK) {
        st = en_catalog_evaluation_create(c, x->run.id, x->data.subset.id, x->run.seed, p->weights_sha256,
                                          &x->evaluation_id, err);
    }
    for (size_t i = 0; st == EN_OK && i < p->count; i++) {
        const float *of = p->probability + i * classes;
        const bool lone = p->fellow != NULL && isnan(p->fellow[i * classes]);
        const en_calibration *by = lone ? p->alone : x->calibration;
        st = en_catalog_prediction_add(c, x->evaluation_id, p->item != NULL ? p->item[i].variant_id : p->variant_id[i],
                                       p->truth[i], (int64_t)en_calibration_answer(by, p->classes, of), of, classes,
                                       err);
    }
    if (st == EN_OK) {
        st = en_catalog_commit(c, err);
    }
    if (st != EN_OK) {
        en_catalog_rollback(c);
    }
    return st;
}

/* From the rows, as a report and a query will read them. */
static en_status measure(const evaluation *x, size_t kept, const en_evaluate_options *o, en_evaluate_result *r,
                         en_error *err)
{
    en_catalog_predictions rows = {0};
    en_status st = en_catalog_predictions_of(x->project->catalog, x->evaluation_id, &rows, err);
    if (st == EN_OK && x->run.origin != EN_RUN_IMPORTED && rows.count != kept) {
        st = en_error_set(err, EN_BUG, "%zu predictions were kept and %zu read", kept, rows.count);
    }
    if (st == EN_OK) {
        st = en_metrics_compute(&rows, &r->classes, r->target, x->calibration,
                                o->unit != 0 ? o->unit : EN_UNIT_PHOTOGRAPH,
                                o->combine != 0 ? o->combine : EN_COMBINE_WORST, &r->metrics, err);
    }
    en_catalog_predictions_clear(&rows);
    return st;
}

static en_status prepare(evaluation *x, const en_evaluate_options *o, en_error *err)
{
    en_status st = en_model_of_run(x->project, &x->run, BATCH, &x->model, &x->weights, err);
    if (st != EN_OK) {
        return st;
    }
    /* after what can be wrong with the run: this may freeze a subset */
    st = find_subset(x, o, err);
    if (st != EN_OK) {
        return st;
    }
    bool warned = false;
    st = check_leak(x, &x->run, &warned, err);
    if (st != EN_OK) {
        return st;
    }
    st = warn_of_validation(x, &x->run, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_dataset_load(x->project, &x->data, x->run.target, x->run.recipe_id, x->model.recipe.size, err);
    if (st != EN_OK) {
        return st;
    }
    return en_classes_truth(&x->model.classes, &x->data.items, &x->data.truth, err);
}

/* A run that has not finished may still replace its weights: whoever reads the metrics is told. */
static void name_weights(const evaluation *x, en_evaluate_result *r)
{
    const en_run_state state = x->run.state;
    const bool trains = state == EN_RUN_RUNNING;
    memcpy(r->weights_sha256, x->weights.sha256, sizeof r->weights_sha256);
    if (x->weights.epoch == 0) {
        snprintf(r->weights, sizeof r->weights, "of a run that %s within its first epoch, never validated",
                 trains ? "is" : "stopped");
    } else {
        snprintf(r->weights, sizeof r->weights, "epoch %lld%s%s", (long long)x->weights.epoch,
                 state == EN_RUN_FINISHED ? ""
                 : trains                 ? ", of a run that still trains"
                                          : ", of a run that was ",
                 state == EN_RUN_FINISHED || trains ? "" : en_word(&en_run_states, state));
    }
    if (state != EN_RUN_FINISHED) {
        en_event_warn(&x->project->events, "the weights measured are %s%s: the run may replace them",
                      x->weights.epoch == 0 ? "" : "those of ", r->weights);
    }
}

static en_status name_things(const evaluation *x, const en_evaluate_options *o, en_evaluate_result *r, en_error *err)
{
    snprintf(r->run, sizeof r->run, "%s", x->run.name);
    snprintf(r->subset, sizeof r->subset, "%s", x->data.subset.name);
    snprintf(r->target, sizeof r->target, "%s", x->run.target);
    name_weights(x, r);
    r->without_target = x->data.items.no_target;
    r->without_sample = x->data.items.no_sample;
    r->without_class = x->data.items.no_class;
    en_status st = en_classes_of_run(x->project->catalog, x->run.id, x->run.classes, x->run.target, &r->classes, err);
    return st == EN_OK && o->positive != NULL ? en_classes_choose_positive(&r->classes, o->positive, err) : st;
}

/* What another program predicted for the subset or part, or the newest that there is of a part that was not asked for.
 */
static en_status choose_imported(evaluation *x, const en_evaluate_options *o, en_evaluate_result *r, en_error *err)
{
    const en_part part = o->part != EN_PART_NONE ? o->part : EN_PART_TEST;
    const bool any = o->subset == NULL && o->part == EN_PART_NONE;
    en_catalog_evaluations list = {0};
    const en_catalog_evaluation *found = NULL;
    en_status st = en_catalog_evaluations_of(x->project->catalog, x->run.id, &list, err);
    for (size_t i = list.count; i > 0; i--) {
        const en_catalog_evaluation *e = &list.row[i - 1];
        const bool wanted = o->subset != NULL ? strcmp(e->subset, o->subset) == 0 : e->part == part;
        found = wanted || (any && (found == NULL || found->part != part)) ? e : found;
    }
    if (st == EN_OK && found == NULL) {
        st = en_error_hint(err,
                           en_error_set(err, EN_INPUT,
                                        "run '%s' was trained by another program and has no predictions%s%s%s",
                                        x->run.name, any ? "" : " on '",
                                        any                 ? ""
                                        : o->subset != NULL ? o->subset
                                                            : en_word(&en_parts, part),
                                        any ? "" : "'"),
                           "eyenet run import FILE.csv --name '%s'", x->run.name);
    }
    if (st == EN_OK) {
        x->evaluation_id = found->id;
        snprintf(r->subset, sizeof r->subset, "%s", found->subset);
        snprintf(r->weights, sizeof r->weights, "of another program; predictions imported from %.40s",
                 found->file != NULL ? en_path_base(found->file) : "a file");
    }
    en_catalog_evaluations_clear(&list);
    return st;
}

static en_status evaluate_imported(evaluation *x, const en_evaluate_options *o, en_evaluate_result *r, en_error *err)
{
    en_status st = choose_imported(x, o, r, err);
    x->calibration = &x->model.calibration;
    snprintf(r->decision, sizeof r->decision, "the most probable class"); /* of what was imported */
    snprintf(r->run, sizeof r->run, "%s", x->run.name);
    snprintf(r->target, sizeof r->target, "%s", x->run.target);
    r->without_target = r->without_sample = -1;
    if (st == EN_OK) {
        st = en_classes_of_run(x->project->catalog, x->run.id, x->run.classes, x->run.target, &r->classes, err);
    }
    if (st == EN_OK && o->positive != NULL) {
        st = en_classes_choose_positive(&r->classes, o->positive, err);
    }
    return st == EN_OK ? measure(x, 0, o, r, err) : st;
}

static en_status evaluate_trained(evaluation *x, const en_evaluate_options *o, en_evaluate_result *r, en_error *err)
{
    en_status st = prepare(x, o, err);
    if (st == EN_OK) {
        st = name_things(x, o, r, err);
    }
    if (st == EN_OK) {
        st = predict_items(x, err);
    }
    const predicted p = {.classes = &x->model.classes,
                         .weights_sha256 = x->weights.sha256,
                         .probability = x->probability,
                         .truth = x->data.truth,
                         .item = x->data.items.item,
                         .count = x->data.items.count};
    x->calibration = &x->model.calibration;
    if (st == EN_OK) {
        (void)en_calibration_decision(x->calibration, p.classes, NULL, NULL, r->decision);
        st = keep_predictions(x, &p, err);
    }
    return st == EN_OK ? measure(x, p.count, o, r, err) : st;
}

/* Ensembles ------------------------------------------------------------------------------------------------------- */

/* The hash of the hashes of the members' weights, in their order. */
static en_status hash_members(const evaluation *x, char hex[EN_SHA256_HEX], en_error *err)
{
    char all[EN_ENSEMBLE_MAX * EN_SHA256_HEX];
    size_t used = 0;
    for (size_t i = 0; i < x->members.count; i++) {
        en_catalog_checkpoint kept = {0};
        en_status st =
            en_catalog_checkpoint_find(x->project->catalog, x->members.run[i].id, EN_CHECKPOINT_BEST, &kept, err);
        if (st == EN_DONE) {
            st = en_error_set(err, EN_INPUT, "run '%s' has no weights", x->members.run[i].name);
        }
        if (st != EN_OK) {
            return st;
        }
        used += (size_t)snprintf(all + used, sizeof all - used, "%s%s", i > 0 ? " " : "", kept.sha256);
        en_catalog_checkpoint_clear(&kept);
    }
    return en_sha256_bytes(all, used, hex, err);
}

static en_status prepare_members(evaluation *x, const en_evaluate_options *o, en_evaluate_result *r, en_error *err)
{
    bool warned = false;
    en_catalog *c = x->project->catalog;
    en_status st = en_catalog_ensemble_read(c, &x->run, &x->members, err);
    if (st == EN_OK) {
        st = en_classes_of_run(c, x->run.id, x->run.classes, x->run.target, &x->scores.classes, err);
    }
    if (st == EN_OK) {
        st = en_calibration_of_run(c, x->run.id, x->scores.classes.count, &x->decision, err);
    }
    if (st == EN_OK) {
        st = en_fellow_of_run(c, x->run.id, x->scores.classes.count, &x->both, err);
    }
    if (st == EN_OK) {
        st = hash_members(x, r->weights_sha256, err);
    }
    if (st == EN_OK) {
        st = find_subset(x, o, err);
    }
    for (size_t i = 0; st == EN_OK && i < x->members.count; i++) {
        st = check_leak(x, &x->members.run[i], &warned, err);
    }
    for (size_t i = 0; st == EN_OK && !warned && i < x->members.count; i++) {
        bool said = false; /* of members of one split, once */
        for (size_t k = 0; k < i; k++) {
            said = said || x->members.run[k].val_subset_id == x->members.run[i].val_subset_id;
        }
        st = said ? EN_OK : warn_of_validation(x, &x->members.run[i], err);
    }
    return st;
}

static en_status look_at_fellows(evaluation *x, en_error *err)
{
    const size_t classes = x->scores.classes.count;
    size_t pairs = 0;
    en_catalog_variant_eyes eyes = {0};
    en_status st = en_catalog_subset_eyes(x->project->catalog, x->data.subset.id, &eyes, err);
    if (st == EN_OK) {
        st = en_ensemble_fellows(&x->means, classes, &eyes, &x->fellow, &pairs, err);
    }
    for (size_t i = 0; st == EN_OK && i < x->means.count; i++) {
        x->with_fellow +=
            en_fellow_apply(&x->both, x->fellow + i * classes, x->means.probability + i * classes, classes);
    }
    en_catalog_variant_eyes_clear(&eyes);
    return st;
}

/* The mean of the members, calibrated; of variants that all of them have a sample of. */
static en_status ask_members(evaluation *x, en_evaluate_result *r, en_error *err)
{
    size_t view[8] = {0}, views = 1, most = 0;
    const size_t count = x->members.count, classes = x->scores.classes.count;
    en_status st = x->members.views ? en_ensemble_find_views(x->project, &x->members.run[0], view, &views, err) : EN_OK;
    for (size_t i = 0; st == EN_OK && i < count; i++) {
        const size_t before = x->scores.count;
        char phase[160];
        snprintf(phase, sizeof phase, "evaluate %s", x->members.run[i].name);
        st = en_ensemble_score(x->project, &x->members.run[i], x->data.subset.id, view, views, phase, &x->scores, err);
        if (x->scores.count - before > most) {
            most = x->scores.count - before;
            r->without_target = x->scores.no_target;
            r->without_sample = x->scores.no_sample;
            r->without_class = x->scores.no_class;
        }
    }
    if (st == EN_OK) {
        st = en_ensemble_mean(&x->scores, (uint32_t)count, &x->means, err);
    }
    if (st == EN_OK && x->means.count == 0) {
        st = en_error_set(err, EN_INPUT, "no image of subset '%s' has samples of the recipes of all members",
                          x->data.subset.name);
    }
    r->without_sample += (int64_t)(most - x->means.count);
    for (size_t i = 0; st == EN_OK && i < x->means.count; i++) {
        en_calibration_apply(&x->decision, x->means.probability + i * classes, classes);
    }
    return st == EN_OK && x->both.thresholds > 0 ? look_at_fellows(x, err) : st;
}

static en_status evaluate_ensemble(evaluation *x, const en_evaluate_options *o, en_evaluate_result *r, en_error *err)
{
    en_status st = prepare_members(x, o, r, err);
    if (st == EN_OK) {
        st = ask_members(x, r, err);
    }
    const predicted p = {.classes = &x->scores.classes,
                         .weights_sha256 = r->weights_sha256,
                         .probability = x->means.probability,
                         .truth = x->means.truth,
                         .variant_id = x->means.variant_id,
                         .fellow = x->fellow,
                         .alone = &x->both.alone,
                         .count = x->means.count};
    x->calibration = &x->decision;
    if (st == EN_OK) {
        st = keep_predictions(x, &p, err);
    }
    if (st == EN_OK) {
        snprintf(r->run, sizeof r->run, "%s", x->run.name);
        snprintf(r->subset, sizeof r->subset, "%s", x->data.subset.name);
        snprintf(r->target, sizeof r->target, "%s", x->run.target);
        snprintf(r->weights, sizeof r->weights, "those of %zu members%s", x->members.count,
                 x->members.views ? ", each photograph in several views" : "");
        (void)en_calibration_decision(x->calibration, p.classes, NULL,
                                      x->fellow != NULL ? "with the fellow eye" : "of the members", r->decision);
        r->with_fellow = x->fellow != NULL ? x->with_fellow : -1;
        r->classes = x->scores.classes;
        st = o->positive != NULL ? en_classes_choose_positive(&r->classes, o->positive, err) : EN_OK;
    }
    return st == EN_OK ? measure(x, p.count, o, r, err) : st;
}

en_status en_evaluate(en_project *project, const en_evaluate_options *options, en_evaluate_result *result,
                      en_error *err)
{
    double began = en_clock_seconds();
    *result = (en_evaluate_result){.with_fellow = -1};
    evaluation x = {.project = project};
    en_status st = en_catalog_run_get(project->catalog, options->run, &x.run, err);
    if (st == EN_OK) {
        st = x.run.origin == EN_RUN_IMPORTED   ? evaluate_imported(&x, options, result, err)
             : x.run.origin == EN_RUN_ENSEMBLE ? evaluate_ensemble(&x, options, result, err)
                                               : evaluate_trained(&x, options, result, err);
    }
    result->seconds = en_clock_seconds() - began;
    en_dataset_clear(&x.data);
    en_model_close(&x.model);
    en_free(x.probability);
    en_free(x.fellow);
    en_catalog_run_clear(&x.run);
    en_catalog_checkpoint_clear(&x.weights);
    en_catalog_ensemble_clear(&x.members);
    en_ensemble_scores_clear(&x.scores);
    en_ensemble_means_clear(&x.means);
    return st;
}

void en_evaluate_clear(en_evaluate_result *result)
{
    en_metrics_clear(&result->metrics);
    *result = (en_evaluate_result){0};
}
