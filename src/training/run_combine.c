/* See run_combine.h. */
#include "training/run_combine.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/version.h"
#include "catalog/run_edit.h"
#include "catalog/run_imported.h"
#include "catalog/subset.h"
#include "stats/kappa.h"
#include "training/ensemble_score.h"
#include "training/score.h"
#include "training/train/train.h"

typedef struct combine {
    en_project *project;
    const en_run_combine_options *options;
    en_run_combine_result *result;
    en_catalog_run run[EN_ENSEMBLE_MAX]; /* the members */
    size_t count;
    en_classes classes;
    size_t view[8], views;
    double wish[EN_OPERATING_RULES];
    en_ensemble_scores scores;
    en_ensemble_means means;
    en_calibration calibration;
    en_fellow both;
} combine;

/* Members --------------------------------------------------------------------------------------------------------- */

static en_status check_state(const en_catalog_run *run, en_error *err)
{
    en_status st = run->origin == EN_RUN_ENSEMBLE
                       ? en_error_hint(err, en_error_set(err, EN_INPUT, "run '%s' is an ensemble itself", run->name),
                                       "name its members, which 'eyenet runs show' lists")
                       : en_catalog_run_need_trained(run, "ask", err);
    if (st == EN_OK && run->state != EN_RUN_FINISHED) {
        st = en_error_hint(err,
                           en_error_set(err, EN_INPUT, "run '%s' is %s: only finished runs are combined", run->name,
                                        en_word(&en_run_states, run->state)),
                           "resume it with 'eyenet train --resume %s'", run->name);
    }
    return st;
}

/* That it was validated, and on other patients than it learned from. */
static en_status check_validation(const combine *x, const en_catalog_run *run, en_error *err)
{
    int64_t patients = 0, images = 0;
    if (run->val_subset_id < 0) {
        return en_error_hint(err,
                             en_error_set(err, EN_INPUT,
                                          "run '%s' was trained without validation images: there is nothing to fit a "
                                          "decision on",
                                          run->name),
                             "train it on a subset of a split, or with --folds");
    }
    en_status st =
        en_catalog_subset_shared(x->project->catalog, run->subset_id, run->val_subset_id, &patients, &images, err);
    return st != EN_OK || patients == 0
               ? st
               : en_error_set(err, EN_INPUT,
                              "run '%s' was validated on %lld patients that it learned from: no decision is fitted on "
                              "them",
                              run->name, (long long)patients);
}

static en_status check_alike(const combine *x, const en_catalog_run *run, const en_classes *classes, en_error *err)
{
    const en_catalog_run *first = &x->run[0];
    for (size_t i = 0; i < x->count; i++) {
        if (x->run[i].id == run->id) {
            return en_error_set(err, EN_INPUT, "run '%s' is named twice", run->name);
        }
    }
    if (strcmp(run->target, first->target) != 0) {
        return en_error_set(err, EN_INPUT, "run '%s' answers '%s', not '%s' as '%s' does", run->name, run->target,
                            first->target, first->name);
    }
    if (!en_classes_are_same(classes, &x->classes)) {
        return en_error_set(err, EN_INPUT, "run '%s' has other classes than '%s': %s, not %s", run->name, first->name,
                            run->classes, first->classes);
    }
    return classes->ordinal == x->classes.ordinal
               ? EN_OK
               : en_error_set(err, EN_INPUT, "run '%s' is %s, and '%s' is not", run->name,
                              classes->ordinal ? "of an ordinal target" : "of a nominal target", first->name);
}

/* Takes the run over when it is fit to be a member. */
static en_status add_member(combine *x, const char *name, en_error *err)
{
    en_classes classes;
    en_catalog_run run = {0};
    en_catalog *c = x->project->catalog;
    en_status st = en_catalog_run_get(c, name, &run, err);
    if (st == EN_OK && x->count == EN_ENSEMBLE_MAX) {
        st = en_error_set(err, EN_INPUT, "an ensemble has at most %d members", EN_ENSEMBLE_MAX);
    }
    if (st == EN_OK) {
        st = check_state(&run, err);
    }
    if (st == EN_OK) {
        st = en_classes_of_run(c, run.id, run.classes, run.target, &classes, err);
    }
    if (st == EN_OK && x->count > 0) {
        st = check_alike(x, &run, &classes, err);
    }
    if (st == EN_OK) {
        st = check_validation(x, &run, err);
    }
    if (st != EN_OK) {
        en_catalog_run_clear(&run);
        return st;
    }
    x->classes = x->count == 0 ? classes : x->classes;
    x->run[x->count++] = run;
    return EN_OK;
}

/* What the operating points of the first member were asked for. */
static en_status read_wishes(combine *x, en_error *err)
{
    static const char *const name[EN_OPERATING_RULES] = {
        [EN_AT_SENSITIVITY] = "at_sensitivity", [EN_AT_SPECIFICITY] = "at_specificity", [EN_AT_COST] = "miss_cost"};
    en_catalog_params params = {0};
    const double usual[EN_OPERATING_RULES] = {[EN_AT_SENSITIVITY] = EN_TRAIN_AT,
                                              [EN_AT_SPECIFICITY] = EN_TRAIN_AT,
                                              [EN_AT_YOUDEN] = (double)NAN,
                                              [EN_AT_COST] = EN_TRAIN_MISS_COST};
    memcpy(x->wish, usual, sizeof usual);
    en_status st = en_catalog_run_params(x->project->catalog, x->run[0].id, &params, err);
    for (size_t i = 0; st == EN_OK && i < params.count; i++) {
        for (int k = 0; k < EN_OPERATING_RULES; k++) {
            if (name[k] != NULL && strcmp(params.row[i].name, name[k]) == 0 &&
                !en_parse_double(params.row[i].value, &x->wish[k])) {
                st = en_error_set(err, EN_INPUT, "the settings of run '%s' are damaged: a number is not one",
                                  x->run[0].name);
            }
        }
    }
    en_catalog_params_clear(&params);
    return st;
}

static en_status find_members(combine *x, en_error *err)
{
    const en_run_combine_options *o = x->options;
    en_status st = en_catalog_run_name_check(o->name, err);
    if (st == EN_OK) {
        st = en_catalog_run_name_free(x->project->catalog, o->name, err);
    }
    en_run_names names = {0};
    if (st == EN_OK) {
        st = en_run_names_read(x->project->catalog, o->member, o->members, &names, err);
    }
    for (size_t i = 0; st == EN_OK && i < names.count; i++) {
        st = add_member(x, names.name[i], err);
    }
    en_run_names_clear(&names);
    if (st == EN_OK && x->count < 2 && !o->views && !o->fellow) {
        st = en_error_hint(err, en_error_set(err, EN_INPUT, "an ensemble of one run and one view is that run"),
                           "name several runs, with commas between, or ask for --views or --fellow");
    }
    if (st == EN_OK && o->views) {
        st = en_ensemble_find_views(x->project, &x->run[0], x->view, &x->views, err);
    }
    return st == EN_OK ? read_wishes(x, err) : st;
}

/* The decision ---------------------------------------------------------------------------------------------------- */

/* Each validation image by the same number of members: then all of them are used. */
static bool are_folds(const en_ensemble_means *m)
{
    bool even = m->count > 0;
    for (size_t i = 1; even && i < m->count; i++) {
        even = m->by[i] == m->by[0];
    }
    return even;
}

static en_status choose_images(combine *x, en_error *err)
{
    en_run_combine_result *r = x->result;
    en_status st = en_ensemble_mean(&x->scores, 1, &x->means, err);
    const size_t all = x->means.count;
    bool folds = st == EN_OK && are_folds(&x->means);
    if (st == EN_OK && !folds) {
        en_ensemble_means_clear(&x->means);
        st = en_ensemble_mean(&x->scores, (uint32_t)x->count, &x->means, err);
    }
    if (st == EN_OK && x->means.count == 0) {
        return en_error_hint(err,
                             en_error_set(err, EN_INPUT,
                                          "the runs were validated on images that overlap, and none of these is common "
                                          "to all of them: there is nothing to fit a decision on"),
                             "combine the runs of 'eyenet train --folds', or runs of one split");
    }
    if (st == EN_OK) {
        r->each_by = x->means.by[0];
        r->validation_images = (int64_t)x->means.count;
        r->left_out = (int64_t)(all - x->means.count);
        snprintf(r->fitted_on, sizeof r->fitted_on, "%s", x->means.by[0] < x->count ? "folds" : "common");
    }
    return st;
}

static en_status score_members(combine *x, en_error *err)
{
    en_status st = EN_OK;
    x->scores.classes = x->classes;
    for (size_t i = 0; st == EN_OK && i < x->count; i++) {
        char phase[160];
        snprintf(phase, sizeof phase, "ask %s", x->run[i].name);
        st = en_ensemble_score(x->project, &x->run[i], x->run[i].val_subset_id, x->view, x->views, phase, &x->scores,
                               err);
    }
    return st == EN_OK ? choose_images(x, err) : st;
}

/* What the members say of the fellow of each validation image. */
static en_status find_fellows(combine *x, float **fellow, size_t *pairs, en_error *err)
{
    en_catalog_variant_eyes eyes = {0};
    en_status st = EN_OK;
    for (size_t i = 0; st == EN_OK && i < x->count; i++) { /* members of one fold have one subset */
        bool is_new = true;
        for (size_t k = 0; k < i; k++) {
            is_new = is_new && x->run[k].val_subset_id != x->run[i].val_subset_id;
        }
        st = is_new ? en_catalog_subset_eyes(x->project->catalog, x->run[i].val_subset_id, &eyes, err) : EN_OK;
    }
    if (st == EN_OK) {
        st = en_ensemble_fellows(&x->means, x->classes.count, &eyes, fellow, pairs, err);
    }
    en_catalog_variant_eyes_clear(&eyes);
    return st;
}

/* The coefficients for eyes with a fellow, and the decision anew, on probabilities that are calibrated. */
static en_status look_at_both(combine *x, en_error *err)
{
    const size_t classes = x->classes.count, n = x->means.count;
    float *fellow = NULL, *p = NULL;
    int32_t *truth = NULL;
    size_t pairs = 0, kept = 0;
    en_status st = find_fellows(x, &fellow, &pairs, err);
    if (st == EN_OK) {
        st = en_fellow_fit(&x->classes, x->means.probability, fellow, x->means.truth, n, &x->both, err);
    }
    if (st == EN_OK) {
        p = en_calloc(pairs * classes, sizeof *p);
        truth = en_calloc(pairs, sizeof *truth);
        st = p != NULL && truth != NULL ? EN_OK : en_error_nomem(err, "fellow eyes");
    }
    for (size_t i = 0; st == EN_OK && i < n; i++) {
        float *own = x->means.probability + i * classes;
        if (en_fellow_apply(&x->both, fellow + i * classes, own, classes)) {
            memcpy(p + kept * classes, own, classes * sizeof *p);
            truth[kept++] = x->means.truth[i];
        }
    }
    x->both.alone = x->calibration;
    if (st == EN_OK) {
        st = en_calibration_decide(&x->classes, p, truth, kept, x->wish, &x->calibration, err);
    }
    x->result->with_fellow = (int64_t)kept;
    en_free(fellow);
    en_free(p);
    en_free(truth);
    return st;
}

/* Of the images that it was fitted on. */
static en_status measure(combine *x, en_error *err)
{
    en_run_combine_result *r = x->result;
    const size_t classes = x->classes.count, n = x->means.count;
    en_score score;
    en_confusion table = {0};
    size_t right = 0;
    en_status st = en_confusion_init(&table, classes, err);
    for (size_t i = 0; i < n; i++) {
        en_calibration_apply(&x->calibration, x->means.probability + i * classes, classes);
    }
    if (st == EN_OK && x->options->fellow) {
        st = look_at_both(x, err);
    }
    for (size_t i = 0; st == EN_OK && i < n; i++) {
        const float *p = x->means.probability + i * classes;
        const size_t answer = en_calibration_answer(&x->calibration, &x->classes, p);
        right += answer == (size_t)x->means.truth[i];
        st = en_confusion_add(&table, (size_t)x->means.truth[i], answer, err);
    }
    if (st == EN_OK) {
        st = en_score_of(x->means.probability, x->means.truth, n, classes, NULL, &score, err);
    }
    if (st == EN_OK) {
        r->val_loss = score.loss;
        r->val_accuracy = (double)right / (double)n;
        r->val_auc = score.auc;
        r->val_kappa = classes > 2 ? en_kappa(&table, x->classes.ordinal ? x->classes.value : NULL) : (double)NAN;
        (void)en_calibration_decision(&x->calibration, &x->classes, NULL,
                                      x->options->fellow ? "with the fellow eye" : "of the members", r->decision);
    }
    en_confusion_clear(&table);
    return st;
}

/* Writing --------------------------------------------------------------------------------------------------------- */

static en_status put_settings(const combine *x, int64_t run_id, en_error *err)
{
    char *json = NULL, *both = NULL, by[24];
    snprintf(by, sizeof by, "%lld", (long long)x->result->each_by);
    en_status st = en_calibration_to_json(&x->calibration, x->classes.count, &json, err);
    if (st == EN_OK && x->options->fellow) {
        st = en_fellow_to_json(&x->both, &both, err);
    }
    const char *const setting[][2] = {{EN_CALIBRATION_SETTING, json},
                                      {EN_CLASSES_SCALE, x->classes.ordinal ? "ordinal" : "nominal"},
                                      {EN_COMBINE_FITTED_ON, x->result->fitted_on},
                                      {EN_COMBINE_EACH_BY, by},
                                      {EN_FELLOW_SETTING, both}};
    for (size_t i = 0; st == EN_OK && i < sizeof setting / sizeof *setting; i++) {
        st = setting[i][1] != NULL
                 ? en_catalog_run_param(x->project->catalog, run_id, setting[i][0], setting[i][1], err)
                 : EN_OK;
    }
    en_free(json);
    en_free(both);
    return st;
}

static en_status put_run(const combine *x, double began, en_error *err)
{
    int64_t id = -1;
    en_catalog *c = x->project->catalog;
    en_catalog_run run = {0};
    const en_catalog_run_spec spec = {.name = x->options->name,
                                      .parent_id = -1,
                                      .origin = EN_RUN_ENSEMBLE,
                                      .model_id = -1,
                                      .subset_id = -1,
                                      .val_subset_id = -1,
                                      .recipe_id = -1,
                                      .target = x->run[0].target,
                                      .classes = x->run[0].classes,
                                      .version = en_version(),
                                      .commit = en_commit(),
                                      .command_line = x->project->command_line,
                                      .threads = -1};
    en_status st = en_catalog_run_create(c, &spec, &id, err);
    if (st == EN_OK) {
        st = put_settings(x, id, err);
    }
    if (st == EN_OK) {
        st = en_catalog_ensemble_put(c, id, x->options->views, x->run, x->count, err);
    }
    if (st == EN_OK) {
        x->result->seconds = en_clock_seconds() - began;
        st = en_catalog_ensemble_end(c, id, x->result->seconds, err);
    }
    if (st == EN_OK) {
        st = en_catalog_run_by_id(c, id, &run, err);
    }
    if (st == EN_OK) {
        snprintf(x->result->run, sizeof x->result->run, "%s", run.name);
        snprintf(x->result->uuid, sizeof x->result->uuid, "%s", run.uuid);
        snprintf(x->result->target, sizeof x->result->target, "%s", run.target);
    }
    en_catalog_run_clear(&run);
    return st;
}

static en_status write_run(const combine *x, double began, en_error *err)
{
    en_status st = en_catalog_begin(x->project->catalog, err);
    if (st == EN_OK) {
        st = put_run(x, began, err);
    }
    if (st == EN_OK) {
        st = en_catalog_commit(x->project->catalog, err);
    }
    if (st != EN_OK) {
        en_catalog_rollback(x->project->catalog);
    }
    return st;
}

static void say_left_out(const combine *x)
{
    if (x->result->left_out > 0) {
        en_event_warn(&x->project->events,
                      "the decision is fitted on the %lld validation images that all members have in common; %lld that "
                      "only some have are left out",
                      (long long)x->result->validation_images, (long long)x->result->left_out);
    }
    if (x->calibration.method == EN_CALIBRATE_PRIOR) {
        en_event_warn(&x->project->events,
                      "the %lld validation images are too few to fit a calibration: the mean of the members is taken "
                      "as it is",
                      (long long)x->result->validation_images);
    }
}

en_status en_run_combine(en_project *project, const en_run_combine_options *options, en_run_combine_result *result,
                         en_error *err)
{
    const double began = en_clock_seconds();
    *result = (en_run_combine_result){.with_fellow = -1};
    combine *x = en_calloc(1, sizeof *x);
    if (x == NULL) {
        return en_error_nomem(err, "an ensemble");
    }
    x->project = project;
    x->options = options;
    x->result = result;
    x->views = 1;
    en_status st = find_members(x, err);
    if (st == EN_OK) {
        st = score_members(x, err);
    }
    if (st == EN_OK) {
        st = en_calibration_fit(&x->classes, NULL, x->means.probability, x->means.truth, x->means.count, x->wish,
                                &x->calibration, err);
    }
    if (st == EN_OK) {
        st = measure(x, err);
    }
    if (st == EN_OK) {
        result->members = (int64_t)x->count;
        result->views = (int64_t)x->views;
        st = write_run(x, began, err);
    }
    if (st == EN_OK) {
        say_left_out(x);
    }
    for (size_t i = 0; i < x->count; i++) {
        en_catalog_run_clear(&x->run[i]);
    }
    en_ensemble_scores_clear(&x->scores);
    en_ensemble_means_clear(&x->means);
    en_free(x);
    return st;
}
