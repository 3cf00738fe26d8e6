/* The clustered intervals of the ROC curve's area and of a point on it. One sort; then everything is a walk over groups
 * of equal scores. Uses base, cluster and proportion. */
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/memory.h"
#include "stats/proportion.h"
#include "stats/roc.h"

typedef struct ranked {
    double score;
    uint32_t index;
} ranked;

static int by_falling_score(const void *a, const void *b)
{
    const ranked *x = a, *y = b;
    if (x->score > y->score || x->score < y->score) {
        return x->score > y->score ? -1 : 1;
    }
    return (x->index > y->index) - (x->index < y->index);
}

static en_status rank(const double *score, size_t n, ranked **out, en_error *err)
{
    ranked *r = en_calloc(n, sizeof *r);
    *out = NULL;
    if (r == NULL) {
        return n == 0 ? EN_OK : en_error_nomem(err, "a ROC curve");
    }
    for (size_t i = 0; i < n; i++) {
        if (isnan(score[i])) {
            en_free(r);
            return en_error_set(err, EN_INPUT, "a score is not a number");
        }
        r[i] = (ranked){score[i], (uint32_t)i};
    }
    qsort(r, n, sizeof *r, by_falling_score);
    *out = r;
    return EN_OK;
}

static size_t end_of_ties(const ranked *r, size_t n, size_t at)
{
    size_t end = at;
    while (end < n && r[end].score >= r[at].score) { /* sorted: not above either */
        end++;
    }
    return end;
}

static void count_kinds(const uint8_t *truth, size_t n, double *positives, double *negatives)
{
    *positives = *negatives = 0;
    for (size_t i = 0; i < n; i++) {
        *(truth[i] != 0 ? positives : negatives) += 1;
    }
}

/* Sun and Xu, "Fast implementation of DeLong's algorithm" (2014): all placements in one walk. */
static void place(const ranked *r, const uint8_t *truth, size_t n, double *influence)
{
    double positives, negatives, above_positive = 0, above_negative = 0, area = 0;
    count_kinds(truth, n, &positives, &negatives);
    if (!(positives > 0 && negatives > 0)) {
        for (size_t i = 0; i < n; i++) {
            influence[i] = 0;
        }
        return;
    }
    for (size_t i = 0, end; i < n; i = end) {
        double tied_positive = 0, tied_negative = 0;
        end = end_of_ties(r, n, i);
        for (size_t k = i; k < end; k++) {
            *(truth[r[k].index] != 0 ? &tied_positive : &tied_negative) += 1;
        }
        double below = (negatives - above_negative - tied_negative / 2) / negatives;
        double above = (above_positive + tied_positive / 2) / positives;
        for (size_t k = i; k < end; k++) {
            influence[r[k].index] = truth[r[k].index] != 0 ? below : above;
        }
        area += tied_positive * below;
        above_positive += tied_positive;
        above_negative += tied_negative;
    }
    area /= positives;
    for (size_t i = 0; i < n; i++) {
        influence[i] = (influence[i] - area) / (truth[i] != 0 ? positives : negatives);
    }
}

en_status en_roc_auc_influence(const double *score, const uint8_t *truth, size_t n, double *influence, en_error *err)
{
    ranked *r;
    en_status st = rank(score, n, &r, err);
    if (st == EN_OK) {
        place(r, truth, n, influence);
    }
    en_free(r);
    return st;
}

/* Obuchowski 1997: the positives' part, the negatives' part, and what they share within clusters. */
static double delong_variance(en_clusters *c, const double *influence, const uint8_t *positive, const uint8_t *negative,
                              double *scratch, size_t *with_positive, size_t *with_negative)
{
    double of_positive = en_clusters_variance(c, influence, positive, with_positive);
    double of_negative = en_clusters_variance(c, influence, negative, with_negative);
    double *a = scratch, *b = scratch + c->n;
    for (size_t i = 0; i < c->n; i++) {
        a[i] = positive[i] != 0 ? influence[i] : 0;
        b[i] = positive[i] != 0 ? 0 : influence[i];
    }
    return of_positive + of_negative + 2 * en_clusters_covariance(c, a, b);
}

en_status en_roc_auc_interval(const double *score, const uint8_t *truth, en_clusters *c, en_interval *out,
                              en_error *err)
{
    double area = (double)NAN, low = 0, high = 0;
    size_t with_positive = 0, with_negative = 0;
    *out = en_interval_none;
    en_status st = en_roc_auc(score, truth, c->n, &area, err);
    if (st != EN_OK || isnan(area)) {
        return st;
    }
    double *influence = en_calloc(3 * c->n, sizeof *influence);
    uint8_t *positive = en_calloc(2 * c->n, 1), *negative = positive + c->n;
    if (influence == NULL || positive == NULL) {
        st = en_error_nomem(err, "an interval");
        goto done;
    }
    bool alike = true;
    for (size_t i = 0; i < c->n; i++) {
        positive[i] = truth[i] != 0;
        negative[i] = truth[i] == 0;
        alike = alike && !(score[i] < score[0] || score[i] > score[0]);
    }
    st = en_roc_auc_influence(score, truth, c->n, influence, err);
    if (st != EN_OK) {
        goto done;
    }
    double variance =
        delong_variance(c, influence, positive, negative, influence + c->n, &with_positive, &with_negative);
    size_t fewer = with_positive < with_negative ? with_positive : with_negative;
    if (fewer < EN_CLUSTERS_LEAST || alike) {
        goto done;
    }
    double freedom = fmin(en_clusters_freedom(c, influence, NULL), (double)fewer - 1);
    *out = en_interval_logit(area, variance, en_student_point(EN_INTERVAL_CONFIDENCE, freedom));
    if (isnan(out->low)) {
        en_roc_auc_score_interval(area, (double)with_positive, (double)with_negative, EN_INTERVAL_CONFIDENCE, &low,
                                  &high);
        *out = (en_interval){low, high};
    }
done:
    en_free(positive);
    en_free(influence);
    return st;
}

/* The sensitivity where `fpr` of the negatives are called, between the points of the curve in proportion. */
static double curve_at(const en_roc *roc, double fpr)
{
    for (size_t i = 1; i < roc->count; i++) {
        const en_roc_point *a = &roc->point[i - 1], *b = &roc->point[i];
        if (b->fpr >= fpr && b->fpr > a->fpr) {
            return a->tpr + (b->tpr - a->tpr) * (fpr - a->fpr) / (b->fpr - a->fpr);
        }
    }
    return 1;
}

static double slope_at(const en_roc *roc, double fpr, double reach)
{
    double from = fmax(0, fpr - reach), to = fmin(1, fpr + reach);
    return to > from ? (curve_at(roc, to) - curve_at(roc, from)) / (to - from) : 0;
}

/* The variance of the sensitivity at a threshold that is where it is for the sake of the specificity. */
static double moved_variance(const double *score, const uint8_t *truth, en_clusters *c, double threshold,
                             const en_roc *roc, const en_proportion *found, const en_proportion *cleared,
                             double *influence)
{
    double fpr = 1 - cleared->value, n0 = (double)cleared->n, n1 = (double)found->n;
    double reach = sqrt(fmax(fpr * (1 - fpr), 1 / n0) * cleared->effect / n0);
    double slope = slope_at(roc, fpr, reach);
    for (size_t i = 0; i < c->n; i++) {
        double called = score[i] >= threshold ? 1 : 0;
        influence[i] = truth[i] != 0 ? (called - found->value) / n1 : -slope * (called - fpr) / n0;
    }
    return en_clusters_variance(c, influence, NULL, NULL);
}

en_status en_roc_sensitivity_at_interval(const double *score, const uint8_t *truth, en_clusters *c, double specificity,
                                         en_interval *out, en_error *err)
{
    double best, threshold;
    en_roc roc = {0};
    en_proportion found, cleared;
    *out = en_interval_none;
    en_status st = en_roc_sensitivity_at(score, truth, c->n, specificity, &best, &threshold, err);
    if (st != EN_OK || isnan(best)) {
        return st;
    }
    double *influence = en_calloc(c->n, sizeof *influence);
    uint8_t *mark = en_calloc(2 * c->n, 1), *other = mark + c->n;
    if (influence == NULL || mark == NULL) {
        st = en_error_nomem(err, "an interval");
        goto done;
    }
    st = en_roc_curve(score, truth, c->n, &roc, err);
    if (st != EN_OK) {
        goto done;
    }
    for (size_t i = 0; i < c->n; i++) {
        mark[i] = score[i] >= threshold;
    }
    en_clusters_proportion(c, mark, truth, &found);
    for (size_t i = 0; i < c->n; i++) {
        mark[i] = score[i] < threshold;
        other[i] = truth[i] == 0;
    }
    en_clusters_proportion(c, mark, other, &cleared);
    if (found.clusters < EN_CLUSTERS_LEAST || cleared.clusters < EN_CLUSTERS_LEAST) {
        goto done;
    }
    double p = found.value, n = (double)found.n;
    double variance = moved_variance(score, truth, c, threshold, &roc, &found, &cleared, influence);
    double effect = p > 0 && p < 1 ? variance * n / (p * (1 - p)) : found.effect;
    double shrink =
        en_normal_point(EN_INTERVAL_CONFIDENCE) / en_student_point(EN_INTERVAL_CONFIDENCE, (double)found.clusters - 1);
    *out = en_proportion_wilson(p, n / fmax(effect, found.effect) * shrink * shrink);
done:
    en_roc_clear(&roc);
    en_free(mark);
    en_free(influence);
    return st;
}
