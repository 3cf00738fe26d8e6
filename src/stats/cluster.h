/* Observations in clusters: the photographs of one patient are alike, so the spread of a statistic is that between
 * patients. A statistic of n observations is described by its influences: influence[i] is its derivative by the weight
 * of observation i (all weights 1), as in the infinitesimal jackknife (Jaeckel 1972; Efron, "The Jackknife, the
 * Bootstrap and Other Resampling Plans", 1982, chapter 6). A statistic that does not depend on the scale of the weights
 * has influences whose sum is 0. */
#ifndef EN_STATS_CLUSTER_H
#define EN_STATS_CLUSTER_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "stats/interval.h"

#define EN_CLUSTERS_LEAST 15 /* of clusters, below which there is no interval: its coverage cannot be vouched for */

typedef struct en_clusters {
    uint32_t *of; /* [n], owned: 0..count-1, by rising number of the group */
    size_t n, count;
    double *sum; /* [2 * count], owned: scratch memory of the functions below */
} en_clusters;

/* group: any numbers, equal for those that belong together; NULL: each by itself. n up to 2^31. */
en_status en_clusters_init(en_clusters *c, const int64_t *group, size_t n, en_error *err) EN_CHECKED;
void en_clusters_clear(en_clusters *c); /* safe on a zeroed one */

/* The variance of a statistic: G / (G - 1) times the sum over the clusters of (the sum of the influences of its
 * members)^2, G the number of clusters that count (Liang and Zeger, "Longitudinal data analysis using generalized
 * linear models", 1986; the factor is that of linearisation in surveys, Binder 1983). among: only observations with
 * among[i] != 0 and their clusters count; NULL: all. *clusters: G, may be NULL. NaN for G < 2. */
double en_clusters_variance(en_clusters *c, const double *influence, const uint8_t *among, size_t *clusters);
/* The covariance of two statistics in the same way, of all observations. */
double en_clusters_covariance(en_clusters *c, const double *a, const double *b);

/* The degrees of freedom of that variance, for Student's point: those of the chi-squared variable that is as uncertain,
 * 2 G / (kurtosis - 1) for the kurtosis of the cluster sums (Satterthwaite, "An approximate distribution of estimates
 * of variance components", 1946; with the variance of a variance, Cramer 1946, 27.4), at most G - 1. It is small where
 * a few clusters make up most of the variance. NaN without variance. */
double en_clusters_freedom(en_clusters *c, const double *influence, const uint8_t *among);

/* How many clusters have an observation with among[i] != 0. */
size_t en_clusters_with(en_clusters *c, const uint8_t *among);
/* The lesser of the numbers of clusters that have an observation with truth[i] != 0 and with truth[i] == 0. */
size_t en_clusters_of_rarer(en_clusters *c, const uint8_t *truth);

/* A proportion: of the observations with whole[i] != 0 (NULL: all), those with hit[i] != 0. */
typedef struct en_proportion {
    double value;      /* NaN without observations */
    int64_t hits, n;   /* observations */
    int64_t clusters;  /* that have an observation of the whole */
    double effect;     /* the design effect, 1 or more: variance over that of independent observations */
    en_interval is_in; /* en_interval_none below EN_CLUSTERS_LEAST clusters */
} en_proportion;

/* Wilson's interval with the effective number of observations in place of n: n over the design effect, times
 * (z / t)^2, t Student's point with one degree of freedom less than clusters (Korn and Graubard, "Confidence intervals
 * for proportions with small expected number of positive counts estimated from survey data", 1998, with Wilson's
 * interval as Dean and Pagano, "Evaluating confidence interval methods for binomial proportions in clustered surveys",
 * 2015, recommend). The design effect is that of a ratio of cluster sums. Where all or none are hits it cannot be
 * estimated and is taken as the greatest there can be, that of observations which are all alike within a cluster. */
void en_clusters_proportion(en_clusters *c, const uint8_t *hit, const uint8_t *whole, en_proportion *out);

#endif
