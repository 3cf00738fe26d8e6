/* compare: two stored evaluations, the photographs they share, and by how much each metric differs. */
#include "training/compare.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "catalog/run.h"
#include "nn/network.h"
#include "stats/paired.h"
#include "training/calibrate.h"
#include "training/pairing.h"

/* A run with the evaluation of it that is compared. */
typedef struct contender {
    en_catalog_run run;
    en_classes classes;
    en_calibration calibration;
    en_catalog_evaluations evaluations;
    const en_catalog_evaluation *chosen;
    en_catalog_predictions rows;
} contender;

static void contender_clear(contender *x)
{
    en_catalog_run_clear(&x->run);
    en_catalog_evaluations_clear(&x->evaluations);
    en_catalog_predictions_clear(&x->rows);
}

static bool is_wanted(const en_catalog_evaluation *e, const en_compare_options *o, en_part part)
{
    return o->subset != NULL ? strcmp(e->subset, o->subset) == 0 : e->part == part;
}

/* The first that is wanted, of the subset of `other` if there is one: they are sorted by what they are worth. */
static const en_catalog_evaluation *choose(const contender *x, const contender *other, const en_compare_options *o)
{
    const en_part part = o->part != EN_PART_NONE ? o->part : EN_PART_TEST;
    const en_catalog_evaluation *found = NULL, *any = NULL;
    for (size_t i = 0; i < x->evaluations.count; i++) {
        const en_catalog_evaluation *e = &x->evaluations.row[i];
        if (other != NULL && e->subset_id == other->chosen->subset_id) {
            return e;
        }
        found = found == NULL && is_wanted(e, o, part) ? e : found;
        any = any == NULL && e->part != EN_PART_TRAIN ? e : any;
    }
    return found != NULL || o->subset != NULL || o->part != EN_PART_NONE ? found : any;
}

static en_status find(en_project *project, const char *name, const contender *other, const en_compare_options *o,
                      contender *x, en_error *err)
{
    en_status st = en_catalog_run_get(project->catalog, name, &x->run, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_classes_of_run(project->catalog, x->run.id, x->run.classes, x->run.target, &x->classes, err);
    if (st == EN_OK) {
        st = en_calibration_of_run(project->catalog, x->run.id, x->classes.count, &x->calibration, err);
    }
    if (st == EN_OK) {
        st = en_catalog_evaluations_of(project->catalog, x->run.id, &x->evaluations, err);
    }
    if (st != EN_OK) {
        return st;
    }
    x->chosen = choose(x, other, o);
    if (x->chosen == NULL) {
        const char *what =
            o->subset != NULL ? o->subset : en_word(&en_parts, o->part != EN_PART_NONE ? o->part : EN_PART_TEST);
        return en_error_hint(err,
                             en_error_set(err, EN_INPUT, "run '%s' was not evaluated on %s '%s'", x->run.name,
                                          o->subset != NULL ? "subset" : "the part", what),
                             "eyenet evaluate '%s' --%s '%s'", x->run.name, o->subset != NULL ? "subset" : "part",
                             what);
    }
    if (!x->chosen->weights_kept) {
        en_event_warn(&project->events, "run '%s' has replaced the weights that were evaluated on '%s'", x->run.name,
                      x->chosen->subset);
    }
    return en_catalog_predictions_of(project->catalog, x->chosen->id, &x->rows, err);
}

/* What two models answered, unit by unit, as src/stats takes it. */
typedef struct answered {
    const en_compare_options *options;
    const en_classes *classes;
    const en_calibration *calibration[2]; /* whose cuts answer for several photographs */
    en_answers of[2];
    en_clusters clusters;
    double *value[2];             /* [n]: of each model */
    uint8_t *positive, *negative; /* [n] */
    en_compare_result *out;
    en_compared row; /* what every row has */
} answered;

static const char *verdict_of(const en_difference *d, bool less_is_better, double margin)
{
    const double low = less_is_better ? -d->is_in.high : d->is_in.low,
                 high = less_is_better ? -d->is_in.low : d->is_in.high;
    if (d->different == 0 && !isnan(d->value)) {
        return "same answers";
    }
    if (isnan(low)) {
        return "too few patients";
    }
    return low > 0 ? "better" : high < 0 ? "worse" : low > -margin ? "not worse" : "not distinguishable";
}

static en_status add(answered *x, const char *metric, const en_difference *d, bool less_is_better, en_error *err)
{
    en_compared *grown = en_array_grow(x->out->row, x->out->count, sizeof *grown, err);
    if (grown == NULL) {
        return EN_NOMEM;
    }
    x->out->row = grown;
    en_compared *r = &grown[x->out->count++];
    *r = x->row;
    r->metric = metric;
    r->first_value = d->first;
    r->second_value = d->second;
    r->difference = d->value;
    r->low = d->is_in.low;
    r->high = d->is_in.high;
    r->n = d->n;
    r->patients = d->clusters;
    r->patients_different = d->different;
    r->verdict = verdict_of(d, less_is_better, x->options->margin);
    return EN_OK;
}

static en_status add_mean(answered *x, const char *metric, const uint8_t *among, bool less_is_better, en_error *err)
{
    en_difference d;
    en_status st = en_paired_mean(x->value[0], x->value[1], among, &x->clusters, &d, err);
    return st == EN_OK ? add(x, metric, &d, less_is_better, err) : st;
}

static en_status compare_answers(answered *x, en_error *err)
{
    const int32_t *truth = x->of[0].truth;
    const double *value = x->classes->ordinal ? x->classes->value : NULL;
    en_difference d;
    for (size_t i = 0; i < x->clusters.n; i++) {
        for (size_t m = 0; m < 2; m++) {
            x->value[m][i] = x->of[m].predicted[i] == truth[i];
        }
    }
    en_status st = add_mean(x, "accuracy", NULL, false, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_paired_balanced(x->classes->count, truth, x->of[0].predicted, x->of[1].predicted, &x->clusters, &d, err);
    if (st == EN_OK) {
        st = add(x, "balanced_accuracy", &d, false, err);
    }
    if (st == EN_OK) {
        st = en_paired_kappa(x->classes->count, value, truth, x->of[0].predicted, x->of[1].predicted, &x->clusters, &d,
                             err);
    }
    return st == EN_OK ? add(x, "kappa", &d, false, err) : st;
}

typedef struct names {
    const char *auc, *sensitivity, *specificity, *brier;
} names;

/* Of the classes that count as positive against the rest. */
static en_status compare_positive(answered *x, const bool *positive, const names *name, en_error *err)
{
    en_difference d;
    const size_t n = x->clusters.n, classes = x->classes->count;
    for (size_t i = 0; i < n; i++) {
        x->positive[i] = positive[x->of[0].truth[i]];
        x->negative[i] = !x->positive[i];
        for (size_t m = 0; m < 2; m++) {
            double sum = 0;
            for (size_t c = 0; c < classes; c++) {
                sum += positive[c] ? (double)x->of[m].probability[i * classes + c] : 0;
            }
            x->value[m][i] = fmin(1, fmax(0, sum));
        }
    }
    en_status st = en_paired_auc(x->value[0], x->value[1], x->positive, &x->clusters, &d, err);
    if (st == EN_OK) {
        st = add(x, name->auc, &d, false, err);
    }
    for (size_t m = 0; m < 2; m++) {
        for (size_t i = 0; i < n; i++) {
            x->value[m][i] -= x->positive[i];
            x->value[m][i] *= x->value[m][i];
        }
    }
    if (st == EN_OK) {
        st = add_mean(x, name->brier, NULL, true, err);
    }
    for (size_t m = 0; m < 2; m++) {
        for (size_t i = 0; i < n; i++) {
            x->value[m][i] = positive[x->of[m].predicted[i]] == (x->positive[i] != 0);
        }
    }
    if (st == EN_OK) {
        st = add_mean(x, name->sensitivity, x->positive, false, err);
    }
    return st == EN_OK ? add_mean(x, name->specificity, x->negative, false, err) : st;
}

static en_status compare_grades(answered *x, double least, const names *name, en_error *err)
{
    bool positive[EN_MAX_CLASSES] = {false};
    for (size_t c = 0; c < x->classes->count; c++) {
        positive[c] = x->classes->value[c] >= least;
    }
    return compare_positive(x, positive, name, err);
}

static en_status compare_loss(answered *x, en_error *err)
{
    for (size_t i = 0; i < x->clusters.n; i++) {
        for (size_t m = 0; m < 2; m++) {
            x->value[m][i] = en_cross_entropy(x->of[m].probability + i * x->classes->count, x->of[0].truth[i]);
        }
    }
    return add_mean(x, "loss", NULL, true, err);
}

static en_status compare_all(answered *x, const char *target, en_error *err)
{
    static const names binary = {"auc", "sensitivity", "specificity", "brier"};
    static const names referable = {"referable_auc", "referable_sensitivity", "referable_specificity",
                                    "referable_brier"};
    static const names threatening = {"threatening_auc", "threatening_sensitivity", "threatening_specificity",
                                      "threatening_brier"};
    en_status st = compare_answers(x, err);
    if (st == EN_OK && x->classes->count == 2) {
        bool positive[EN_MAX_CLASSES] = {false};
        positive[x->classes->positive] = true;
        st = compare_positive(x, positive, &binary, err);
    }
    if (st == EN_OK && x->classes->count > 2 && en_classes_are_grades(x->classes, target)) {
        st = compare_grades(x, 2, &referable, err);
        st = st == EN_OK ? compare_grades(x, 3, &threatening, err) : st;
    }
    return st == EN_OK ? compare_loss(x, err) : st;
}

static en_status same_units(const answered *x, en_error *err)
{
    bool same = x->of[0].count == x->of[1].count;
    for (size_t i = 0; same && i < x->of[0].count; i++) {
        same = x->of[0].truth[i] == x->of[1].truth[i] && x->of[0].patient[i] == x->of[1].patient[i];
    }
    return same ? EN_OK : en_error_set(err, EN_BUG, "the photographs of two evaluations were not paired");
}

static en_status answer(answered *x, const en_pairing *pairs, const char *target, en_error *err)
{
    const en_compare_options *o = x->options;
    en_status st = en_answers_of(&pairs->first, x->classes, x->calibration[0], o->unit, o->combine, &x->of[0], err);
    if (st == EN_OK) {
        st = en_answers_of(&pairs->second, x->classes, x->calibration[1], o->unit, o->combine, &x->of[1], err);
    }
    if (st == EN_OK) {
        st = same_units(x, err);
    }
    if (st == EN_OK) {
        st = en_clusters_init(&x->clusters, x->of[0].patient, x->of[0].count, err);
    }
    if (st == EN_OK) {
        const size_t n = x->clusters.n;
        x->value[0] = en_calloc(2 * n + 1, sizeof *x->value[0]);
        x->positive = en_calloc(2 * n + 1, 1);
        if (x->value[0] == NULL || x->positive == NULL) {
            st = en_error_nomem(err, "a comparison");
        } else {
            x->value[1] = x->value[0] + n;
            x->negative = x->positive + n;
            st = compare_all(x, target, err);
        }
    }
    en_answers_clear(&x->of[0]);
    en_answers_clear(&x->of[1]);
    en_clusters_clear(&x->clusters);
    en_free(x->value[0]);
    en_free(x->positive);
    return st;
}

static en_status check_common(const contender *a, const contender *b, const en_pairing *p, en_error *err)
{
    if (p->truth_differs > 0 && strcmp(a->run.target, b->run.target) != 0) {
        return en_error_set(err, EN_INPUT,
                            "'%s' answers '%.60s' and '%s' answers '%.60s': %lld photographs have another truth",
                            a->run.name, a->run.target, b->run.name, b->run.target, (long long)p->truth_differs);
    }
    if (p->photographs == 0) {
        return en_error_hint(err,
                             en_error_set(err, EN_INPUT, "'%s' on '%s' and '%s' on '%s' have no photographs in common",
                                          a->run.name, a->chosen->subset, b->run.name, b->chosen->subset),
                             "evaluate both on one --subset");
    }
    return EN_OK;
}

static en_status compare_pair(en_project *project, const contender *a, const contender *b, const en_compare_options *o,
                              en_compare_result *out, en_error *err)
{
    en_pairing pairs;
    en_status st = en_pairing_make(&a->rows, &a->classes, &b->rows, &b->classes, &pairs, err);
    if (st != EN_OK) {
        const en_error why = *err;
        st = en_error_set(err, st, "'%s' and '%s' cannot be compared: %s", a->run.name, b->run.name, why.text);
    }
    if (st == EN_OK) {
        st = check_common(a, b, &pairs, err);
    }
    if (st == EN_OK) {
        if (pairs.truth_differs > 0) {
            en_event_warn(
                &project->events,
                "%lld photographs are left out: their labels changed between the evaluations of '%s' and '%s'",
                (long long)pairs.truth_differs, a->run.name, b->run.name);
        }
        en_compare_pair *pair = &out->pair[out->pairs++];
        *pair = (en_compare_pair){.photographs = pairs.photographs,
                                  .only_first = pairs.only_first,
                                  .only_second = pairs.only_second,
                                  .truth_differs = pairs.truth_differs};
        answered x = {
            .options = o, .classes = &a->classes, .calibration = {&a->calibration, &b->calibration}, .out = out};
        (void)snprintf(pair->first, sizeof pair->first, "%s", a->run.name);
        (void)snprintf(pair->second, sizeof pair->second, "%s", b->run.name);
        (void)snprintf(pair->first_subset, sizeof pair->first_subset, "%s", a->chosen->subset);
        (void)snprintf(pair->second_subset, sizeof pair->second_subset, "%s", b->chosen->subset);
        memcpy(x.row.first, pair->first, sizeof x.row.first);
        memcpy(x.row.second, pair->second, sizeof x.row.second);
        memcpy(x.row.first_subset, pair->first_subset, sizeof x.row.first_subset);
        memcpy(x.row.second_subset, pair->second_subset, sizeof x.row.second_subset);
        (void)snprintf(x.row.unit, sizeof x.row.unit, "%s", en_word(&en_units, o->unit));
        if (a->classes.count == 2) {
            (void)snprintf(x.row.positive_class, sizeof x.row.positive_class, "%s",
                           en_classes_label(&a->classes, a->run.target, a->classes.positive));
        }
        st = answer(&x, &pairs, a->run.target, err);
    }
    en_pairing_clear(&pairs);
    return st;
}

en_status en_compare(en_project *project, const en_compare_options *o, en_compare_result *out, en_error *err)
{
    *out = (en_compare_result){.pair = en_calloc(o->runs, sizeof *out->pair)};
    contender *x = en_calloc(2, sizeof *x);
    if (x == NULL || out->pair == NULL) {
        en_free(x);
        return en_error_nomem(err, "a comparison");
    }
    en_status st = find(project, o->run[0], NULL, o, &x[0], err);
    if (st == EN_OK && o->positive != NULL) {
        st = en_classes_choose_positive(&x[0].classes, o->positive, err);
    }
    for (size_t i = 1; st == EN_OK && i < o->runs; i++) {
        st = en_stop_check(&project->events, err);
        if (st == EN_OK) {
            st = find(project, o->run[i], &x[0], o, &x[1], err);
        }
        if (st == EN_OK && x[0].run.id == x[1].run.id) {
            st = en_error_set(err, EN_USAGE, "'%s' and '%s' are the same run", o->run[0], o->run[i]);
        }
        if (st == EN_OK) {
            st = compare_pair(project, &x[0], &x[1], o, out, err);
        }
        contender_clear(&x[1]);
        x[1] = (contender){0};
    }
    contender_clear(&x[0]);
    contender_clear(&x[1]);
    en_free(x);
    return st;
}

void en_compare_clear(en_compare_result *result)
{
    en_free(result->row);
    en_free(result->pair);
    *result = (en_compare_result){0};
}
