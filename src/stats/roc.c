/* The ROC curve and its area: one sort, then one walk over groups of equal scores. Uses base only. */
#include "stats/roc.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/memory.h"

typedef struct scored {
    double score;
    bool positive;
} scored;

static int by_falling_score(const void *a, const void *b)
{
    double x = ((const scored *)a)->score, y = ((const scored *)b)->score;
    return (x < y) - (x > y);
}

static en_status sort(const double *score, const uint8_t *truth, size_t n, scored **out, en_error *err)
{
    size_t bytes;
    *out = NULL;
    if (n > INT32_MAX) {
        return en_error_set(err, EN_INPUT, "a ROC curve of %zu scores is too long", n);
    }
    scored *s = en_mul(n + 1, sizeof *s, &bytes) ? en_alloc(bytes) : NULL;
    if (s == NULL) {
        return en_error_nomem(err, "a ROC curve");
    }
    for (size_t i = 0; i < n; i++) {
        if (isnan(score[i])) {
            en_free(s);
            return en_error_set(err, EN_INPUT, "a score is not a number");
        }
        s[i] = (scored){score[i], truth[i] != 0};
    }
    qsort(s, n, sizeof *s, by_falling_score);
    *out = s;
    return EN_OK;
}

/* Counts those at s[at..] whose score equals the first one's; returns the index after them. */
static size_t take_ties(const scored *s, size_t n, size_t at, int64_t *positive, int64_t *negative)
{
    size_t end = at;
    *positive = *negative = 0;
    while (end < n && s[end].score >= s[at].score) { /* sorted: not above either */
        *(s[end].positive ? positive : negative) += 1;
        end++;
    }
    return end;
}

static double ratio(int64_t part, int64_t whole) { return whole > 0 ? (double)part / (double)whole : (double)NAN; }

en_status en_roc_auc(const double *score, const uint8_t *truth, size_t n, double *auc, en_error *err)
{
    scored *s;
    *auc = (double)NAN;
    en_status st = sort(score, truth, n, &s, err);
    if (st != EN_OK) {
        return st;
    }
    /* Twice the number of (positive, negative) pairs in the right order, ties counting one: whole numbers below 2^63.
     */
    int64_t above = 0, negatives = 0, twice = 0;
    for (size_t i = 0; i < n;) {
        int64_t positive, negative;
        i = take_ties(s, n, i, &positive, &negative);
        twice += 2 * negative * above + negative * positive;
        above += positive;
        negatives += negative;
    }
    if (above > 0 && negatives > 0) {
        *auc = (double)twice / 2.0 / ((double)above * (double)negatives);
    }
    en_free(s);
    return EN_OK;
}

en_status en_roc_curve(const double *score, const uint8_t *truth, size_t n, en_roc *roc, en_error *err)
{
    scored *s;
    *roc = (en_roc){0};
    en_status st = sort(score, truth, n, &s, err);
    if (st != EN_OK) {
        return st;
    }
    roc->point = en_calloc(n + 1, sizeof *roc->point);
    if (roc->point == NULL) {
        en_free(s);
        return en_error_nomem(err, "a ROC curve");
    }
    int64_t positives = 0, negatives = 0;
    for (size_t i = 0; i < n; i++) {
        *(s[i].positive ? &positives : &negatives) += 1;
    }
    int64_t tp = 0, fp = 0;
    roc->point[roc->count++] = (en_roc_point){(double)INFINITY, ratio(0, negatives), ratio(0, positives)};
    for (size_t i = 0; i < n;) {
        double threshold = s[i].score;
        int64_t positive, negative;
        i = take_ties(s, n, i, &positive, &negative);
        tp += positive;
        fp += negative;
        roc->point[roc->count++] = (en_roc_point){threshold, ratio(fp, negatives), ratio(tp, positives)};
    }
    en_free(s);
    return EN_OK;
}

void en_roc_clear(en_roc *roc)
{
    en_free(roc->point);
    *roc = (en_roc){0};
}

en_status en_roc_sensitivity_at(const double *score, const uint8_t *truth, size_t n, double specificity,
                                double *sensitivity, double *threshold, en_error *err)
{
    scored *s;
    *sensitivity = (double)NAN;
    double best = (double)INFINITY;
    if (!(specificity >= 0.0 && specificity <= 1.0)) {
        return en_error_set(err, EN_INPUT, "a specificity lies in 0..1, not %g", specificity);
    }
    en_status st = sort(score, truth, n, &s, err);
    if (st != EN_OK) {
        return st;
    }
    int64_t positives = 0, negatives = 0;
    for (size_t i = 0; i < n; i++) {
        *(s[i].positive ? &positives : &negatives) += 1;
    }
    if (positives > 0 && negatives > 0) {
        int64_t tp = 0, fp = 0, best_tp = 0;
        for (size_t i = 0; i < n;) {
            double at = s[i].score;
            int64_t positive, negative;
            i = take_ties(s, n, i, &positive, &negative);
            tp += positive;
            fp += negative;
            /* compared as the quotient a reader would compute, so that 9 of 10 is a specificity of 0.9 */
            if ((double)(negatives - fp) / (double)negatives < specificity) {
                break;
            }
            if (tp > best_tp) {
                best_tp = tp;
                best = at;
            }
        }
        *sensitivity = ratio(best_tp, positives);
    }
    if (threshold != NULL) {
        *threshold = positives > 0 && negatives > 0 ? best : (double)NAN;
    }
    en_free(s);
    return EN_OK;
}
