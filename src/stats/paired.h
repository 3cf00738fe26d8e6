/* Two models on the same observations: by how much a metric differs. Both were given the same eyes, so what counts is
 * the variance of the difference, which is that of the difference of influences (stats/cluster.h), summed by cluster:
 * for the AUC the test of DeLong, DeLong and Clarke-Pearson ("Comparing the areas under two or more correlated receiver
 * operating characteristic curves", 1988) with clusters (Obuchowski 1997), for proportions McNemar's with clusters
 * (Durkalski et al., "Analysis of clustered matched-pair data", 2003), for kappa that of Fleiss, Cohen and Everitt
 * (1969) by the delta method. */
#ifndef EN_STATS_PAIRED_H
#define EN_STATS_PAIRED_H

#include "stats/cluster.h"

/* The second model's metric less the first one's. */
typedef struct en_difference {
    double first, second, value; /* NaN: not defined */
    int64_t n;                   /* observations that count */
    int64_t clusters;            /* of them */
    int64_t different;           /* clusters in which the two differ */
    en_interval is_in;           /* value -+ Student's point, of en_clusters_freedom, times the standard error.
                                    en_interval_none: `different` is 0, or too few clusters have each kind that the metric
                                    divides (EN_CLUSTERS_LEAST) */
} en_difference;

/* Of a mean of a[i] and b[i] over the observations with among[i] != 0 (NULL: all): a proportion, where they are 0
 * and 1.
 */
en_status en_paired_mean(const double *a, const double *b, const uint8_t *among, en_clusters *clusters,
                         en_difference *out, en_error *err) EN_CHECKED;
/* Of the area under the ROC curve. EN_INPUT: a score is not a number. */
en_status en_paired_auc(const double *a, const double *b, const uint8_t *truth, en_clusters *clusters,
                        en_difference *out, en_error *err) EN_CHECKED;
/* Of the balanced accuracy: the mean recall of the classes that occur. Classes are below `classes`. */
en_status en_paired_balanced(size_t classes, const int32_t *truth, const int32_t *a, const int32_t *b,
                             en_clusters *clusters, en_difference *out, en_error *err) EN_CHECKED;
/* Of kappa; value as in en_kappa. */
en_status en_paired_kappa(size_t classes, const double *value, const int32_t *truth, const int32_t *a, const int32_t *b,
                          en_clusters *clusters, en_difference *out, en_error *err) EN_CHECKED;

#endif
