/* Drift: whether new photographs look like those that a run learned from, by plain measures of each photograph. */
#ifndef EN_TRAINING_DRIFT_H
#define EN_TRAINING_DRIFT_H

#include "project/project.h"
#include "stats/ks.h"

/* A measure is said to have drifted when the distance of Kolmogorov and Smirnov (stats/ks.h) exceeds both: what is no
 * chance, its critical value at 0.01, and what is large enough to matter, a fifth of all photographs being on the other
 * side of some value. The second is a choice, not a result. */
#define EN_DRIFT_LIMIT 0.2

enum { EN_DRIFT_MEASURES = 5 };

typedef struct en_drift {
    const char *measure; /* score, sharpness, brightness, contrast, size (the longer side, px); static */
    en_ks ks;            /* n of the new photographs, m of the old ones */
    double fresh, old;   /* medians; NaN: none */
    bool drifted;
} en_drift;

/* The photographs of one subset that are not in another, against those of the other. */
en_status en_drift_measure(en_project *project, int64_t subset_id, int64_t old_subset_id,
                           en_drift out[EN_DRIFT_MEASURES], en_error *err) EN_CHECKED;

#endif
