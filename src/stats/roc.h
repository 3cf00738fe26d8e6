/* The receiver operating characteristic of a score: higher means positive. truth: 0 negative, anything else positive.
 * NaN scores are refused (EN_INPUT); scores may be infinite. n up to 2^31. */
#ifndef EN_STATS_ROC_H
#define EN_STATS_ROC_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* The area under the curve = the probability that a positive scores above a negative, ties counted half (Mann-Whitney U
 * / (n1 n0); Hanley and McNeil 1982). NaN when there is no positive or no negative. */
en_status en_roc_auc(const double *score, const uint8_t *truth, size_t n, double *auc, en_error *err) EN_CHECKED;

/* A point: everything with score >= threshold is called positive. The first point is (0,0) at +infinity. */
typedef struct en_roc_point {
    double threshold;
    double fpr, tpr; /* 1 - specificity and sensitivity, 0..1; NaN without negatives or positives */
} en_roc_point;

typedef struct en_roc {
    en_roc_point *point; /* owned; by falling threshold, one for each different score, and the (0,0) in front */
    size_t count;
} en_roc;

en_status en_roc_curve(const double *score, const uint8_t *truth, size_t n, en_roc *roc, en_error *err) EN_CHECKED;
void en_roc_clear(en_roc *roc);

/* The best sensitivity among the thresholds whose specificity is at least `specificity` (0..1): what is reached, not
 * interpolated. *threshold may be NULL. NaN when there is no positive or no negative. */
en_status en_roc_sensitivity_at(const double *score, const uint8_t *truth, size_t n, double specificity,
                                double *sensitivity, double *threshold, en_error *err) EN_CHECKED;

/* The interval of the AUC by the percentile bootstrap (Efron 1979) over groups: whole groups are drawn with
 * replacement, so that the two eyes of a patient, or the variants of an image, do not count as independent. group: any
 * numbers, equal for those that belong together; NULL: each by itself. confidence 0.95 for a 95% interval; rounds, say,
 * 1000. The same seed gives the same interval. Rounds without a positive or a negative are left out.
 * Where every positive scores above every negative, all rounds are alike, and the bootstrap would claim certainty. So
 * an interval that has no width, or reaches 0 or 1, is en_roc_auc_score_interval's instead, of the groups that have a
 * positive and those that have a negative. NaN without positives or negatives, and for scores that are all the same:
 * such scores do not rank at all. */
en_status en_roc_auc_interval(const double *score, const uint8_t *truth, const int64_t *group, size_t n,
                              double confidence, unsigned rounds, uint64_t seed, double *low, double *high,
                              en_error *err) EN_CHECKED;

/* The interval of an AUC measured on so many independent positives and negatives: all true areas of which `auc` is no
 * further than the normal distribution's standard errors, as Wilson's of a proportion; sound for an AUC of 0 or 1.
 * Newcombe, "Confidence intervals for an effect size measure based on the Mann-Whitney statistic. Part 2" (2006),
 * method 5. NaN for an AUC that is NaN, or without positives or negatives. */
void en_roc_auc_score_interval(double auc, int64_t positives, int64_t negatives, double confidence, double *low,
                               double *high);

#endif
