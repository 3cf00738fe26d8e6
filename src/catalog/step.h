/* Steps of the optimiser: what each showed while a run trained. */
#ifndef EN_CATALOG_STEP_H
#define EN_CATALOG_STEP_H

#include "catalog/catalog.h"

typedef struct en_catalog_step {
    int64_t step, epoch;  /* from 1; steps over all epochs */
    int64_t images;       /* of the epoch so far, with those of the step */
    double loss;          /* mean over the images of the step, by class weight where there are weights; NaN is kept as
                           * NULL */
    double learning_rate; /* of the step */
    double seconds;       /* of the epoch so far, without validation */
} en_catalog_step;

/* In one transaction, or in the caller's. EN_INPUT: the run is finished, or it has such a step. */
en_status en_catalog_steps_add(en_catalog *c, int64_t run_id, const en_catalog_step *step, size_t count,
                               en_error *err) EN_CHECKED;
/* Forgets those after `step`, which a resumed run repeats. */
en_status en_catalog_steps_drop(en_catalog *c, int64_t run_id, int64_t step, en_error *err) EN_CHECKED;
/* The newest, at most `most`, into step[most], the newest first. */
en_status en_catalog_steps_newest(en_catalog *c, int64_t run_id, en_catalog_step *step, size_t most, size_t *count,
                                  en_error *err) EN_CHECKED;
/* The loss of all steps as the means of at most `most` groups of neighbours, the first first. A group without a
 * number: NaN. */
en_status en_catalog_steps_curve(en_catalog *c, int64_t run_id, double *loss, size_t most, size_t *count,
                                 en_error *err) EN_CHECKED;

#endif
