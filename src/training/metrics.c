/* From predictions to metrics, through src/stats. */
#include "training/metrics.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "nn/network.h"
#include "stats/calibration.h"
#include "stats/kappa.h"
#include "stats/proportion.h"

enum { ROUNDS = 1000 }; /* of the bootstrap */
#define SPECIFICITY 0.9

/* The predictions whose truth is known, as src/stats takes them. */
typedef struct scores {
    double *score;
    uint8_t *positive;
    int64_t *patient;
    size_t n;
} scores;

static void scores_clear(scores *s)
{
    en_free(s->score);
    en_free(s->positive);
    en_free(s->patient);
}

bool en_metrics_counts(const en_catalog_prediction *p, size_t classes)
{
    return p->truth >= 0 && (size_t)p->truth < classes && p->predicted >= 0 && (size_t)p->predicted < classes;
}

/* Counts, loss, confusion matrix and scores in one walk. */
static en_status walk(const en_catalog_predictions *rows, size_t classes, en_metrics *f, scores *s, en_error *err)
{
    double loss = 0;
    *s = (scores){.score = en_calloc(rows->count, sizeof *s->score),
                  .positive = en_calloc(rows->count, 1),
                  .patient = en_calloc(rows->count, sizeof *s->patient)};
    if (s->score == NULL || s->positive == NULL || s->patient == NULL) {
        return en_error_nomem(err, "scores");
    }
    en_status st = en_confusion_init(&f->confusion, classes, err);
    for (size_t i = 0; st == EN_OK && i < rows->count; i++) {
        const en_catalog_prediction *p = &rows->row[i];
        if (!en_metrics_counts(p, classes)) {
            continue;
        }
        st = en_confusion_add(&f->confusion, (size_t)p->truth, (size_t)p->predicted, err);
        f->correct += p->truth == p->predicted;
        loss += en_cross_entropy(p->probability, (int32_t)p->truth);
        s->score[s->n] = p->score;
        s->positive[s->n] = p->truth == 1;
        s->patient[s->n++] = p->patient_group;
    }
    f->n = (int64_t)s->n;
    f->loss = s->n > 0 ? loss / (double)s->n : (double)NAN;
    return st;
}

static int by_value(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static en_status count_patients(const scores *s, int64_t *patients, en_error *err)
{
    int64_t *sorted = en_calloc(s->n, sizeof *sorted);
    if (sorted == NULL && s->n > 0) {
        return en_error_nomem(err, "patients");
    }
    for (size_t i = 0; i < s->n; i++) {
        sorted[i] = s->patient[i];
    }
    qsort(sorted, s->n, sizeof *sorted, by_value);
    *patients = 0;
    for (size_t i = 0; i < s->n; i++) {
        *patients += i == 0 || sorted[i] != sorted[i - 1];
    }
    en_free(sorted);
    return EN_OK;
}

static void read_matrix(const en_confusion *m, en_binary_metrics *b)
{
    int64_t tn = en_confusion_at(m, 0, 0), fp = en_confusion_at(m, 0, 1);
    int64_t fn = en_confusion_at(m, 1, 0), tp = en_confusion_at(m, 1, 1);
    b->negatives = tn + fp;
    b->positives = fn + tp;
    b->sensitivity = en_confusion_recall(m, 1);
    b->specificity = en_confusion_recall(m, 0);
    b->ppv = en_confusion_precision(m, 1);
    b->npv = en_confusion_precision(m, 0);
    en_proportion_interval(tp, b->positives, &b->sensitivity_low, &b->sensitivity_high);
    en_proportion_interval(tn, b->negatives, &b->specificity_low, &b->specificity_high);
    en_proportion_interval(tp, tp + fp, &b->ppv_low, &b->ppv_high);
    en_proportion_interval(tn, tn + fn, &b->npv_low, &b->npv_high);
}

static en_status measure_calibration(const scores *s, en_binary_metrics *b, en_error *err)
{
    en_calibration_bin bin[EN_METRICS_BINS];
    en_status st = en_calibration_bins(s->score, s->positive, s->n, EN_METRICS_BINS, bin, err);
    for (size_t i = 0; st == EN_OK && i < EN_METRICS_BINS; i++) {
        b->count[i] = bin[i].count;
        b->predicted[i] = bin[i].mean_p;
        b->observed[i] = bin[i].count > 0 ? (double)bin[i].positive / (double)bin[i].count : (double)NAN;
        en_proportion_interval(bin[i].positive, bin[i].count, &b->low[i], &b->high[i]);
    }
    if (st == EN_OK) {
        st = en_calibration_ece(s->score, s->positive, s->n, &b->ece, err);
    }
    return st == EN_OK ? en_calibration_brier(s->score, s->positive, s->n, &b->brier, err) : st;
}

static en_status measure_ranking(const scores *s, uint64_t seed, en_binary_metrics *b, en_error *err)
{
    en_status st = en_roc_auc(s->score, s->positive, s->n, &b->auc, err);
    if (st == EN_OK) {
        st = en_roc_auc_interval(s->score, s->positive, s->patient, s->n, EN_METRICS_CONFIDENCE, ROUNDS, seed,
                                 &b->auc_low, &b->auc_high, err);
    }
    if (st == EN_OK) {
        st = en_roc_sensitivity_at(s->score, s->positive, s->n, SPECIFICITY, &b->sensitivity_at_90, NULL, err);
    }
    if (st == EN_OK && isfinite(b->sensitivity_at_90)) {
        en_proportion_interval(llround(b->sensitivity_at_90 * (double)b->positives), b->positives,
                               &b->sensitivity_at_90_low, &b->sensitivity_at_90_high);
    }
    return st == EN_OK ? en_roc_curve(s->score, s->positive, s->n, &b->roc, err) : st;
}

static en_binary_metrics nothing_told(void)
{
    const double nothing = (double)NAN; /* the macro is a float */
    return (en_binary_metrics){.auc = nothing,
                               .auc_low = nothing,
                               .auc_high = nothing,
                               .sensitivity = nothing,
                               .specificity = nothing,
                               .ppv = nothing,
                               .npv = nothing,
                               .sensitivity_low = nothing,
                               .sensitivity_high = nothing,
                               .specificity_low = nothing,
                               .specificity_high = nothing,
                               .ppv_low = nothing,
                               .ppv_high = nothing,
                               .npv_low = nothing,
                               .npv_high = nothing,
                               .sensitivity_at_90 = nothing,
                               .sensitivity_at_90_low = nothing,
                               .sensitivity_at_90_high = nothing,
                               .ece = nothing,
                               .brier = nothing};
}

en_status en_metrics_compute(const en_catalog_predictions *rows, size_t classes, uint64_t seed, en_metrics *out,
                             en_error *err)
{
    scores s;
    *out = (en_metrics){.is_binary = classes == 2, .binary = nothing_told()};
    en_status st = walk(rows, classes, out, &s, err);
    if (st != EN_OK) {
        goto done;
    }
    st = count_patients(&s, &out->patients, err);
    if (st != EN_OK) {
        goto done;
    }
    out->accuracy = en_confusion_accuracy(&out->confusion);
    en_proportion_interval(out->correct, out->n, &out->accuracy_low, &out->accuracy_high);
    out->balanced_accuracy = en_confusion_balanced_accuracy(&out->confusion);
    out->kappa = en_kappa_quadratic(&out->confusion);
    if (out->is_binary) {
        read_matrix(&out->confusion, &out->binary);
        st = measure_ranking(&s, seed, &out->binary, err);
        if (st == EN_OK) {
            st = measure_calibration(&s, &out->binary, err);
        }
    }
done:
    scores_clear(&s);
    return st;
}

void en_metrics_clear(en_metrics *f)
{
    en_confusion_clear(&f->confusion);
    en_roc_clear(&f->binary.roc);
    *f = (en_metrics){0};
}
