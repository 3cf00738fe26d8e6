/* Calibration: how well predicted probabilities agree with observed frequencies. */
#ifndef EN_STATS_CALIBRATION_H
#define EN_STATS_CALIBRATION_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "stats/cluster.h"

#define EN_CALIBRATION_BINS 15 /* the customary number (Guo et al. 2017) */

/* A bin of equal width [i/bins, (i+1)/bins), the last one closed. */
typedef struct en_calibration_bin {
    int64_t count, positive;
    double mean_p; /* NaN when empty */
} en_calibration_bin;

/* p: probability of being positive, 0..1 (EN_INPUT otherwise); truth: 0 negative, anything else positive. */
en_status en_calibration_bins(const double *p, const uint8_t *truth, size_t n, size_t bins, en_calibration_bin *out,
                              en_error *err) EN_CHECKED;
/* Expected calibration error (Naeini et al. 2015): sum over bins of count/n * |positive/count - mean_p|; NaN for n = 0.
 */
en_status en_calibration_ece(const double *p, const uint8_t *truth, size_t n, double *ece, en_error *err) EN_CHECKED;
/* Brier score (1950): the mean of (p - truth)^2; NaN for n = 0. */
en_status en_calibration_brier(const double *p, const uint8_t *truth, size_t n, double *brier,
                               en_error *err) EN_CHECKED;

/* Clusters with a positive, and with a negative, below which the ECE has no interval. */
#define EN_CALIBRATION_LEAST 40

/* The 95% interval of the ECE. The error is a sum of |d_b|, d_b the mean over all observations of truth - p where p is
 * in bin b; the d_b are near normal, with the covariance between clusters, but their absolute values are biased
 * upwards, the more so the better the calibration. The lower bound is the ECE less a high point of what the spread adds
 * to the sum when only the deviations of more than two standard errors are real (a parametric bootstrap: Davison and
 * Hinkley, "Bootstrap Methods and their Application", 1997), from 0: the 97.5% point where such deviations make up most
 * of the ECE, else the 95% point, as the upper bound cannot miss 0. The upper bound is the ECE less the bias of the
 * folded normal distribution plus Student's point times the standard error of the sum of the d_b with their signs. The
 * draws are keyed by a fixed seed: the same data give the same interval. */
en_status en_calibration_ece_interval(const double *p, const uint8_t *truth, en_clusters *clusters, en_interval *out,
                                      en_error *err) EN_CHECKED;
/* Of the Brier score: the delta method on the logit scale, the variance being that between clusters, Student's point
 * for en_clusters_freedom; en_interval_none with fewer than EN_CLUSTERS_LEAST clusters that have a positive, or a
 * negative. */
en_status en_calibration_brier_interval(const double *p, const uint8_t *truth, en_clusters *clusters, en_interval *out,
                                        en_error *err) EN_CHECKED;

#endif
