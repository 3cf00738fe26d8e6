/* Clustered 95% intervals of what a confusion matrix says. truth, predicted [clusters->n]: classes below m->classes, of
 * the same observations that are counted in m. en_interval_none where fewer than EN_CLUSTERS_LEAST clusters have one of
 * the classes that occur. */
#ifndef EN_STATS_AGREEMENT_H
#define EN_STATS_AGREEMENT_H

#include "stats/cluster.h"
#include "stats/confusion.h"

/* Of kappa (stats/kappa.h): the delta method with the variance between clusters, on Fisher's scale, Student's point
 * for en_clusters_freedom. */
en_status en_agreement_kappa(const en_confusion *m, const double *value, const int32_t *truth, const int32_t *predicted,
                             en_clusters *clusters, en_interval *out, en_error *err) EN_CHECKED;

/* Of the balanced accuracy: the clustered Wilson intervals of the recalls, combined by the method of variance estimates
 * recovery (Zou and Donner, "Construction of confidence limits about effect measures", 2008), with the correlation of
 * the recalls between the classes of a cluster. */
en_status en_agreement_balanced(const en_confusion *m, const int32_t *truth, const int32_t *predicted,
                                en_clusters *clusters, en_interval *out, en_error *err) EN_CHECKED;

#endif
