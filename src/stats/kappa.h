/* Agreement beyond chance between two ratings. */
#ifndef EN_STATS_KAPPA_H
#define EN_STATS_KAPPA_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "stats/confusion.h"

/* Weighted kappa (Cohen 1968, "Weighted kappa: nominal scale agreement with provision for scaled disagreement or
 * partial credit"): 1 - sum(w_ij O_ij) / sum(w_ij E_ij), O the counts, E those expected from the margins. value: what
 * class i stands for, w_ij = (value[i] - value[j])^2, so that the grades 2 and 4 are two apart whether or not a grade 3
 * occurs; NULL for nominal classes: any two different ones weigh 1 (Cohen 1960). NaN when there is nothing, or both
 * ratings are one and the same class throughout (0/0). */
double en_kappa(const en_confusion *m, const double *value);
/* With the numbers of the classes as values. */
double en_kappa_quadratic(const en_confusion *m);

/* influence[t * classes + p]: the derivative of kappa by the weight of one observation of truth t and prediction p
 * (stats/cluster.h); Fleiss, Cohen and Everitt, "Large sample standard errors of kappa and weighted kappa" (1969), is
 * the variance it gives for independent observations. NaN where kappa is. */
void en_kappa_influence(const en_confusion *m, const double *value, double *influence);

#endif
