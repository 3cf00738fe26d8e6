/* The receiver operating characteristic of a score: higher means positive. truth: 0 negative, anything else positive.
 * NaN scores are refused (EN_INPUT); scores may be infinite. n up to 2^31. */
#ifndef EN_STATS_ROC_H
#define EN_STATS_ROC_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "stats/cluster.h"
#include "stats/interval.h"

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

/* The 95% interval of the AUC, clustered: DeLong's variance for clusters (Obuchowski, "Nonparametric analysis of
 * clustered ROC curve data", 1997; DeLong, DeLong and Clarke-Pearson 1988), on the logit scale (Pepe, "The Statistical
 * Evaluation of Medical Tests", 2003, 5.2.4), with Student's point for en_clusters_freedom, at most the clusters of the
 * rarer kind less one. Where every positive scores above every negative (or below) the variance is 0, and the interval
 * is en_roc_auc_score_interval's of the clusters that have a positive and those that have a negative. en_interval_none
 * with fewer than EN_CLUSTERS_LEAST clusters of either kind, and for scores that are all the same: such scores do not
 * rank at all. clusters: n = clusters->n. */
en_status en_roc_auc_interval(const double *score, const uint8_t *truth, en_clusters *clusters, en_interval *out,
                              en_error *err) EN_CHECKED;

/* influence[i]: the derivative of the AUC by the weight of observation i (stats/cluster.h): the placement of its score
 * among those of the other kind, less the AUC, over the number of its kind. 0 throughout without positives or
 * negatives. */
en_status en_roc_auc_influence(const double *score, const uint8_t *truth, size_t n, double *influence,
                               en_error *err) EN_CHECKED;

/* The 95% interval of en_roc_sensitivity_at, the threshold estimated from the same data: Wilson's, clustered as
 * en_clusters_proportion's, the variance being that of sensitivity - slope * (1 - specificity): the sensitivity moves
 * along the ROC curve by as much as the threshold is off (Greenhouse and Mantel 1950; Linnet, "Comparison of
 * quantitative diagnostic tests", 1987). The slope is that of the chord of the curve over +- the standard error of the
 * specificity, as Woodruff's interval of a quantile (1952) reads a distribution function. */
en_status en_roc_sensitivity_at_interval(const double *score, const uint8_t *truth, en_clusters *clusters,
                                         double specificity, en_interval *out, en_error *err) EN_CHECKED;

/* The interval of an AUC measured on so many independent positives and negatives: all true areas of which `auc` is no
 * further than the normal distribution's standard errors, as Wilson's of a proportion; sound for an AUC of 0 or 1.
 * Newcombe, "Confidence intervals for an effect size measure based on the Mann-Whitney statistic. Part 2" (2006),
 * method 5. NaN for an AUC that is NaN, or without positives or negatives. */
void en_roc_auc_score_interval(double auc, double positives, double negatives, double confidence, double *low,
                               double *high);

#endif
