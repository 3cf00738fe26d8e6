/* evaluate: predicts every member of a subset with a run's best weights, keeps the predictions as rows and measures. */
#include "training/evaluate.h"

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

enum { BATCH = 16 };

typedef struct evaluation {
    en_project *project;
    en_catalog_run run;
    en_dataset data;
    en_model model;
    en_catalog_checkpoint weights;
    float *probability; /* [data.items.count * classes] */
    int64_t evaluation_id;
} evaluation;

static en_status find_subset(evaluation *x, const en_evaluate_options *o, en_error *err)
{
    if (o->subset != NULL) {
        return en_catalog_subset_get(x->project->catalog, o->subset, &x->data.subset, err);
    }
    en_part part = o->part != EN_PART_NONE ? o->part : EN_PART_TEST;
    const char *word = en_word(&en_parts, part);
    if (x->run.split == NULL) {
        return en_error_hint(err,
                             en_error_set(err, EN_INPUT,
                                          "run '%s' was trained without a split, so there is no part '%s'", x->run.name,
                                          word),
                             "name a --subset");
    }
    en_status st = en_subset_plain(x->project, x->run.split, part, &x->data.subset, err);
    if (st == EN_DONE) {
        st = en_error_set(err, EN_INPUT, "split '%s' has no plain variants of part '%s': parts are train, val and test",
                          x->run.split, word);
    }
    return st;
}

/* Metrics on patients that were learned from would mean nothing. Asking for the part train by name is allowed, with a
 * word. */
static en_status check_leak(evaluation *x, en_error *err)
{
    int64_t patients = 0, images = 0;
    en_status st =
        en_catalog_subset_shared(x->project->catalog, x->run.subset_id, x->data.subset.id, &patients, &images, err);
    if (st != EN_OK || patients == 0) {
        return st;
    }
    if (x->data.subset.part == EN_PART_TRAIN) {
        en_event_warn(&x->project->events,
                      "the run was trained on these patients: the metrics measure memorisation, not generalisation");
        return EN_OK;
    }
    return en_error_set(err, EN_INPUT,
                        "subset '%s' shares %lld patients (%lld images) with the training subset of run '%s'",
                        x->data.subset.name, (long long)patients, (long long)images, x->run.name);
}

/* The best epoch was chosen by the validation patients: metrics on them flatter. */
static en_status warn_of_validation(evaluation *x, en_error *err)
{
    int64_t patients = 0, images = 0;
    en_status st = EN_OK;
    if (x->run.val_subset_id >= 0) {
        st = en_catalog_subset_shared(x->project->catalog, x->run.val_subset_id, x->data.subset.id, &patients, &images,
                                      err);
    }
    if (patients > 0) {
        en_event_warn(&x->project->events,
                      "%lld of these patients are of the validation subset '%s', by which the weights to keep were "
                      "chosen: the metrics are optimistically biased",
                      (long long)patients, x->run.val_subset);
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

/* One transaction: an evaluation is there with all its predictions or not at all. */
static en_status keep_predictions(evaluation *x, en_error *err)
{
    en_catalog *c = x->project->catalog;
    size_t classes = x->model.classes.count;
    en_status st = en_catalog_begin(c, err);
    if (st == EN_OK) {
        st = en_catalog_evaluation_create(c, x->run.id, x->data.subset.id, x->run.seed, x->weights.sha256,
                                          &x->evaluation_id, err);
    }
    for (size_t i = 0; st == EN_OK && i < x->data.items.count; i++) {
        const float *p = x->probability + i * classes;
        st = en_catalog_prediction_add(c, x->evaluation_id, x->data.items.item[i].variant_id, x->data.truth[i],
                                       (int64_t)en_calibration_answer(&x->model.calibration, &x->model.classes, p), p,
                                       classes, err);
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
static en_status measure(const evaluation *x, const en_evaluate_options *o, en_evaluate_result *r, en_error *err)
{
    en_catalog_predictions rows = {0};
    en_status st = en_catalog_predictions_of(x->project->catalog, x->evaluation_id, &rows, err);
    if (st == EN_OK && x->run.origin != EN_RUN_IMPORTED && rows.count != x->data.items.count) {
        st = en_error_set(err, EN_BUG, "%zu predictions were kept and %zu read", x->data.items.count, rows.count);
    }
    if (st == EN_OK) {
        st = en_metrics_compute(&rows, &r->classes, r->target, &x->model.calibration,
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
    st = check_leak(x, err);
    if (st != EN_OK) {
        return st;
    }
    st = warn_of_validation(x, err);
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
    snprintf(r->run, sizeof r->run, "%s", x->run.name);
    snprintf(r->target, sizeof r->target, "%s", x->run.target);
    r->without_target = r->without_sample = -1;
    if (st == EN_OK) {
        st = en_classes_of_run(x->project->catalog, x->run.id, x->run.classes, x->run.target, &r->classes, err);
    }
    if (st == EN_OK && o->positive != NULL) {
        st = en_classes_choose_positive(&r->classes, o->positive, err);
    }
    return st == EN_OK ? measure(x, o, r, err) : st;
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
    if (st == EN_OK) {
        st = keep_predictions(x, err);
    }
    return st == EN_OK ? measure(x, o, r, err) : st;
}

en_status en_evaluate(en_project *project, const en_evaluate_options *options, en_evaluate_result *result,
                      en_error *err)
{
    double began = en_clock_seconds();
    *result = (en_evaluate_result){0};
    evaluation x = {.project = project};
    en_status st = en_catalog_run_get(project->catalog, options->run, &x.run, err);
    if (st == EN_OK) {
        st = x.run.origin == EN_RUN_IMPORTED ? evaluate_imported(&x, options, result, err)
                                             : evaluate_trained(&x, options, result, err);
    }
    result->seconds = en_clock_seconds() - began;
    en_dataset_clear(&x.data);
    en_model_close(&x.model);
    en_free(x.probability);
    en_catalog_run_clear(&x.run);
    en_catalog_checkpoint_clear(&x.weights);
    return st;
}

void en_evaluate_clear(en_evaluate_result *result)
{
    en_metrics_clear(&result->metrics);
    *result = (en_evaluate_result){0};
}
