/* From predictions to metrics, through src/stats. */
#include "training/metrics.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "nn/network.h"
#include "stats/agreement.h"
#include "stats/calibration.h"
#include "stats/cluster.h"
#include "stats/kappa.h"
#include "stats/precision.h"

#define SPECIFICITY 0.9
#define REFERABLE 2 /* ICDR grades: Wilkinson et al. 2003 */
#define THREATENING 3

static const en_metric undefined = {.value = (double)NAN, .is_in = {(double)NAN, (double)NAN}};

/* The units of an evaluation as src/stats takes them. score, positive, called: of what is positive just now. */
typedef struct measured {
    en_answers answers;
    en_clusters clusters;
    double *score;                        /* [n] */
    uint8_t *positive, *called, *mark[2]; /* [n] each */
} measured;

bool en_metrics_counts(const en_catalog_prediction *p, size_t classes)
{
    return p->truth >= 0 && (size_t)p->truth < classes && p->predicted >= 0 && (size_t)p->predicted < classes;
}

static void measured_clear(measured *x)
{
    en_answers_clear(&x->answers);
    en_clusters_clear(&x->clusters);
    en_free(x->score);
    en_free(x->positive);
}

static en_status prepare(const en_catalog_predictions *rows, const en_classes *classes,
                         const en_calibration *calibration, en_unit unit, en_combine combine, measured *x,
                         en_error *err)
{
    *x = (measured){0};
    en_status st = en_answers_of(rows, classes, calibration, unit, combine, &x->answers, err);
    if (st == EN_OK) {
        st = en_clusters_init(&x->clusters, x->answers.patient, x->answers.count, err);
    }
    if (st != EN_OK) {
        return st;
    }
    size_t n = x->answers.count;
    x->score = en_calloc(n + 1, sizeof *x->score);
    x->positive = en_calloc(4 * n + 1, 1);
    if (x->score == NULL || x->positive == NULL) {
        return en_error_nomem(err, "scores");
    }
    x->called = x->positive + n;
    x->mark[0] = x->positive + 2 * n;
    x->mark[1] = x->positive + 3 * n;
    return EN_OK;
}

static en_metric metric_of(const en_proportion *p) { return (en_metric){p->value, p->is_in}; }

/* Of the units that are (whole = 1) or are not (0) marked in `whole`, those that are so marked in `hit`. */
static en_metric proportion(measured *x, const uint8_t *hit, const uint8_t *whole, uint8_t is)
{
    en_proportion p;
    for (size_t i = 0; i < x->answers.count; i++) {
        x->mark[0][i] = hit[i] == is;
        x->mark[1][i] = whole[i] == is;
    }
    en_clusters_proportion(&x->clusters, x->mark[0], x->mark[1], &p);
    return metric_of(&p);
}

/* Units of one photograph's views with another truth are units more, and not photographs more. */
static int64_t count_photographs(const en_catalog_predictions *rows, size_t classes)
{
    int64_t count = 0, last = -1; /* rows are by image name, and names are unique */
    for (size_t i = 0; i < rows->count; i++) {
        if (en_metrics_counts(&rows->row[i], classes)) {
            count += rows->row[i].image_id != last;
            last = rows->row[i].image_id;
        }
    }
    return count;
}

static en_status measure_answers(measured *x, const en_classes *classes, en_metrics *f, en_error *err)
{
    const en_answers *a = &x->answers;
    const double *value = classes->ordinal ? classes->value : NULL;
    double loss = 0;
    en_status st = en_confusion_init(&f->confusion, classes->count, err);
    for (size_t i = 0; st == EN_OK && i < a->count; i++) {
        st = en_confusion_add(&f->confusion, (size_t)a->truth[i], (size_t)a->predicted[i], err);
        x->called[i] = a->truth[i] == a->predicted[i];
        f->correct += x->called[i];
        loss += en_cross_entropy(a->probability + i * classes->count, a->truth[i]);
    }
    if (st != EN_OK) {
        return st;
    }
    en_proportion right;
    en_clusters_proportion(&x->clusters, x->called, NULL, &right);
    f->accuracy = metric_of(&right);
    f->n = (int64_t)a->count;
    f->patients = (int64_t)x->clusters.count;
    f->loss = a->count > 0 ? loss / (double)a->count : (double)NAN;
    f->balanced_accuracy.value = en_confusion_balanced_accuracy(&f->confusion);
    st = en_agreement_balanced(&f->confusion, a->truth, a->predicted, &x->clusters, &f->balanced_accuracy.is_in, err);
    if (st != EN_OK) {
        return st;
    }
    f->kappa_weights = classes->ordinal ? "quadratic" : "none";
    f->kappa.value = en_kappa(&f->confusion, value);
    return en_agreement_kappa(&f->confusion, value, a->truth, a->predicted, &x->clusters, &f->kappa.is_in, err);
}

/* The probability, truth and answer of the classes that count as positive. */
static void choose_positive(measured *x, const bool *positive)
{
    const en_answers *a = &x->answers;
    for (size_t i = 0; i < a->count; i++) {
        double sum = 0;
        for (size_t c = 0; c < a->classes; c++) {
            sum += positive[c] ? (double)a->probability[i * a->classes + c] : 0;
        }
        x->score[i] = fmin(1, fmax(0, sum));
        x->positive[i] = positive[a->truth[i]];
        x->called[i] = positive[a->predicted[i]];
    }
}

static en_status measure_ranking(measured *x, en_metric *auc, en_error *err)
{
    en_status st = en_roc_auc(x->score, x->positive, x->answers.count, &auc->value, err);
    return st == EN_OK ? en_roc_auc_interval(x->score, x->positive, &x->clusters, &auc->is_in, err) : st;
}

static void count_kinds(const measured *x, int64_t *positives, int64_t *negatives)
{
    for (size_t i = 0; i < x->answers.count; i++) {
        *(x->positive[i] != 0 ? positives : negatives) += 1;
    }
}

static en_status measure_bins(measured *x, en_binary_metrics *b, en_error *err)
{
    en_calibration_bin bin[EN_METRICS_BINS];
    size_t n = x->answers.count;
    en_status st = en_calibration_bins(x->score, x->positive, n, EN_METRICS_BINS, bin, err);
    for (size_t k = 0; st == EN_OK && k < EN_METRICS_BINS; k++) {
        en_proportion observed;
        for (size_t i = 0; i < n; i++) {
            size_t in = (size_t)(x->score[i] * EN_METRICS_BINS);
            x->mark[0][i] = (in < EN_METRICS_BINS ? in : EN_METRICS_BINS - 1) == k;
        }
        en_clusters_proportion(&x->clusters, x->positive, x->mark[0], &observed);
        b->count[k] = bin[k].count;
        b->predicted[k] = bin[k].mean_p;
        b->observed[k] = observed.value;
        b->low[k] = observed.is_in.low;
        b->high[k] = observed.is_in.high;
    }
    return st;
}

static en_status measure_calibration(measured *x, en_binary_metrics *b, en_error *err)
{
    size_t n = x->answers.count;
    en_status st = measure_bins(x, b, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_calibration_ece(x->score, x->positive, n, &b->ece.value, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_calibration_ece_interval(x->score, x->positive, &x->clusters, &b->ece.is_in, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_calibration_brier(x->score, x->positive, n, &b->brier.value, err);
    if (st != EN_OK) {
        return st;
    }
    return en_calibration_brier_interval(x->score, x->positive, &x->clusters, &b->brier.is_in, err);
}

/* Changes which are called. */
static void measure_points(measured *x, const en_calibration *calibration, en_binary_metrics *b)
{
    for (size_t k = 0; k < EN_OPERATING_RULES; k++) {
        double threshold = calibration->point[k].threshold;
        if (isnan(threshold)) {
            continue;
        }
        for (size_t i = 0; i < x->answers.count; i++) {
            x->called[i] = x->score[i] >= threshold;
        }
        b->at[k].threshold = threshold;
        b->at[k].sensitivity = proportion(x, x->called, x->positive, 1);
        b->at[k].specificity = proportion(x, x->called, x->positive, 0);
    }
}

static en_status measure_binary(measured *x, size_t positive, const en_calibration *calibration, en_binary_metrics *b,
                                en_error *err)
{
    const bool is[2] = {positive == 0, positive == 1};
    choose_positive(x, is);
    count_kinds(x, &b->positives, &b->negatives);
    b->sensitivity = proportion(x, x->called, x->positive, 1);
    b->specificity = proportion(x, x->called, x->positive, 0);
    b->ppv = proportion(x, x->positive, x->called, 1);
    b->npv = proportion(x, x->positive, x->called, 0);
    if (calibration != NULL && positive == 1) {
        measure_points(x, calibration, b);
    }
    en_status st = measure_ranking(x, &b->auc, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_precision_area(x->score, x->positive, &x->clusters, &b->pr_auc.value, &b->pr_auc.is_in, err);
    if (st != EN_OK) {
        return st;
    }
    en_metric *at = &b->sensitivity_at_90;
    st = en_roc_sensitivity_at(x->score, x->positive, x->answers.count, SPECIFICITY, &at->value, NULL, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_roc_sensitivity_at_interval(x->score, x->positive, &x->clusters, SPECIFICITY, &at->is_in, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_roc_curve(x->score, x->positive, x->answers.count, &b->roc, err);
    return st == EN_OK ? measure_calibration(x, b, err) : st;
}

static en_status measure_referral(measured *x, const en_classes *classes, double least, en_referral *r, en_error *err)
{
    bool is[EN_MAX_CLASSES];
    for (size_t i = 0; i < classes->count; i++) {
        is[i] = classes->value[i] >= least;
    }
    choose_positive(x, is);
    count_kinds(x, &r->positives, &r->negatives);
    r->sensitivity = proportion(x, x->called, x->positive, 1);
    r->specificity = proportion(x, x->called, x->positive, 0);
    return measure_ranking(x, &r->auc, err);
}

/* Names in `text` the metrics that have a value and no interval. */
static void list_too_few(en_metrics *f)
{
    const en_binary_metrics *b = &f->binary;
    const struct {
        const char *name;
        const en_metric *is;
    } all[] = {{"accuracy", &f->accuracy},
               {"balanced_accuracy", &f->balanced_accuracy},
               {"kappa", &f->kappa},
               {"auc", &b->auc},
               {"pr_auc", &b->pr_auc},
               {"sensitivity", &b->sensitivity},
               {"specificity", &b->specificity},
               {"ppv", &b->ppv},
               {"npv", &b->npv},
               {"sensitivity_at_90", &b->sensitivity_at_90},
               {"ece", &b->ece},
               {"brier", &b->brier},
               {"referable_auc", &f->referable.auc},
               {"threatening_auc", &f->threatening.auc}};
    size_t used = 0;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (!isnan(all[i].is->value) && isnan(all[i].is->is_in.low)) {
            int more = snprintf(f->too_few + used, sizeof f->too_few - used, "%s%s", used > 0 ? " " : "", all[i].name);
            used += more > 0 && used + (size_t)more < sizeof f->too_few ? (size_t)more : 0;
        }
    }
}

static const en_referral nothing_referred = {
    .auc = {.value = (double)NAN, .is_in = {(double)NAN, (double)NAN}},
    .sensitivity = {.value = (double)NAN, .is_in = {(double)NAN, (double)NAN}},
    .specificity = {.value = (double)NAN, .is_in = {(double)NAN, (double)NAN}}};

static void begin(const en_classes *classes, const char *target, en_unit unit, en_metrics *out)
{
    *out = (en_metrics){.unit = unit,
                        .is_binary = classes->count == 2,
                        .is_graded = classes->count > 2 && en_classes_are_grades(classes, target),
                        .accuracy = undefined,
                        .balanced_accuracy = undefined,
                        .kappa = undefined,
                        .referable = nothing_referred,
                        .threatening = nothing_referred};
    en_metric *all[] = {&out->binary.auc,         &out->binary.pr_auc, &out->binary.sensitivity,
                        &out->binary.specificity, &out->binary.ppv,    &out->binary.npv,
                        &out->binary.ece,         &out->binary.brier,  &out->binary.sensitivity_at_90};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        *all[i] = undefined;
    }
    for (size_t k = 0; k < EN_OPERATING_RULES; k++) {
        out->binary.at[k] = (en_at_threshold){(double)NAN, undefined, undefined};
    }
    if (out->is_binary) {
        snprintf(out->positive_class, sizeof out->positive_class, "%s",
                 en_classes_label(classes, target, classes->positive));
    }
}

en_status en_metrics_compute(const en_catalog_predictions *rows, const en_classes *classes, const char *target,
                             const en_calibration *calibration, en_unit unit, en_combine combine, en_metrics *out,
                             en_error *err)
{
    measured x;
    begin(classes, target, unit, out);
    en_status st = prepare(rows, classes, calibration, unit, combine, &x, err);
    if (st != EN_OK) {
        goto done;
    }
    out->photographs = count_photographs(rows, classes->count);
    st = measure_answers(&x, classes, out, err);
    if (st == EN_OK && out->is_binary) {
        st = measure_binary(&x, classes->positive, calibration, &out->binary, err);
    }
    if (st == EN_OK && out->is_graded) {
        st = measure_referral(&x, classes, REFERABLE, &out->referable, err);
    }
    if (st == EN_OK && out->is_graded) {
        st = measure_referral(&x, classes, THREATENING, &out->threatening, err);
    }
    list_too_few(out);
done:
    measured_clear(&x);
    return st;
}

en_status en_metrics_band(const en_catalog_predictions *rows, const en_classes *classes, en_unit unit,
                          en_combine combine, const double *specificity, size_t count, double *low, double *high,
                          en_error *err)
{
    measured x;
    const bool is[2] = {classes->positive == 0, classes->positive == 1};
    en_status st = prepare(rows, classes, NULL, unit, combine, &x, err);
    if (st == EN_OK) {
        choose_positive(&x, is);
    }
    for (size_t i = 0; st == EN_OK && i < count; i++) {
        en_interval at;
        st = en_roc_sensitivity_at_interval(x.score, x.positive, &x.clusters, specificity[i], &at, err);
        low[i] = st == EN_OK ? at.low : (double)NAN;
        high[i] = st == EN_OK ? at.high : (double)NAN;
    }
    measured_clear(&x);
    return st;
}

void en_metrics_clear(en_metrics *f)
{
    en_confusion_clear(&f->confusion);
    en_roc_clear(&f->binary.roc);
    *f = (en_metrics){0};
}
