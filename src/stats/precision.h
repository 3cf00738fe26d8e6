/* Precision and recall: the area under their curve. truth: 0 negative, anything else positive. */
#ifndef EN_STATS_PRECISION_H
#define EN_STATS_PRECISION_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "stats/cluster.h"

/* Average precision: the sum over the thresholds of (recall here - recall above) * precision here, which is the mean
 * over the positives of the precision at their own score; ties are one threshold. It is the area of steps, not of
 * straight lines (Davis and Goadrich, "The relationship between precision-recall and ROC curves", 2006). NaN without
 * positives. is_in: the 95% interval, clustered: the delta method on the logit scale (Boyd, Eng and Page, "Area under
 * the precision-recall curve: point estimates and confidence intervals", 2013), Student's point for
 * en_clusters_freedom; en_interval_none with fewer than EN_CLUSTERS_LEAST clusters that have a positive, or a negative.
 * NaN among the scores: EN_INPUT. */
en_status en_precision_area(const double *score, const uint8_t *truth, en_clusters *clusters, double *area,
                            en_interval *is_in, en_error *err) EN_CHECKED;

#endif
