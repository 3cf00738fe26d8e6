/* Metrics: numbers measured while a run trains. */
#ifndef EN_CATALOG_METRIC_H
#define EN_CATALOG_METRIC_H

#include "catalog/catalog.h"
#include "catalog/words.h"

typedef struct en_catalog_metric {
    int64_t attempt, step, epoch; /* epoch counted from 1; step: optimiser steps done */
    en_part part;                 /* none: of the run as a whole (seconds) */
    const char *name;             /* "loss", "accuracy", "auc", "seconds" */
    double value;                 /* NaN is kept as NULL */
} en_catalog_metric;

/* All of them in one transaction; a finished run takes no more (EN_INPUT). Any number of processes may do so at once.
 */
en_status en_catalog_metrics_add(en_catalog *c, int64_t run_id, const en_catalog_metric *metric, size_t count,
                                 en_error *err) EN_CHECKED;

/* A learning curve: one (part, name), by rising epoch. Where an epoch was done again by a later attempt, that one
 * counts. */
typedef struct en_catalog_curve {
    en_part part;
    char *name;
    double *epoch, *value; /* [count]; double, as charts take them */
    size_t count;
} en_catalog_curve;
typedef struct en_catalog_curves {
    en_catalog_curve *row; /* by part, then name */
    size_t count;
} en_catalog_curves;
en_status en_catalog_metrics_of(en_catalog *c, int64_t run_id, en_catalog_curves *out, en_error *err) EN_CHECKED;
/* The curve of a part and metric, borrowed; NULL when it was not measured. Every curve has a point. */
const en_catalog_curve *en_catalog_curves_find(const en_catalog_curves *curves, en_part part, const char *name);
void en_catalog_curves_clear(en_catalog_curves *curves);

#endif
