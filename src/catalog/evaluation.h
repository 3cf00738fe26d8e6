/* Evaluations, a run's model on a subset, and their predictions. */
#ifndef EN_CATALOG_EVALUATION_H
#define EN_CATALOG_EVALUATION_H

#include "base/hash.h"
#include "catalog/catalog.h"
#include "catalog/words.h"

/* An evaluation is whole or not there: create it and add its predictions in one transaction. weights_sha256: of the
 * weights that were measured. Evaluations may be added to a finished run. */
en_status en_catalog_evaluation_create(en_catalog *c, int64_t run_id, int64_t subset_id, uint64_t seed,
                                       const char *weights_sha256, int64_t *id, en_error *err) EN_CHECKED;
/* truth: the class's index, -1 when unknown. probability[classes]; they are kept as JSON with 9 significant digits,
 * enough for every float to come back as it was. The score is the last class's probability when there are two classes,
 * else the expected index, sum of index * probability. */
en_status en_catalog_prediction_add(en_catalog *c, int64_t evaluation_id, int64_t variant_id, int64_t truth,
                                    int64_t predicted, const float *probability, size_t classes,
                                    en_error *err) EN_CHECKED;

/* The predictions of this evaluation, of an imported run, come from a file. EN_INPUT: of a run that was trained here.
 */
en_status en_catalog_evaluation_file(en_catalog *c, int64_t evaluation_id, const char *file, bool answers_only,
                                     en_error *err) EN_CHECKED;

typedef struct en_catalog_evaluation {
    int64_t id, run_id, subset_id, predictions;
    char *subset, *created_at;
    en_part part;      /* the subset's */
    bool weights_kept; /* false: of weights that the run replaced since */
    char *file;        /* that the predictions were imported from; NULL: weights made them */
    bool answers_only; /* it has no probabilities: they are 0 or 1 */
} en_catalog_evaluation;
typedef struct en_catalog_evaluations {
    en_catalog_evaluation *row;
    size_t count;
} en_catalog_evaluations;
/* Of a run: those of the weights it keeps before others, and the newest first. */
en_status en_catalog_evaluations_of(en_catalog *c, int64_t run_id, en_catalog_evaluations *out,
                                    en_error *err) EN_CHECKED;
void en_catalog_evaluations_clear(en_catalog_evaluations *e);

typedef struct en_catalog_prediction {
    int64_t variant_id, image_id, truth, predicted;
    int64_t patient_group, eye_group; /* equal for the images of one patient, and of one eye */
    char *image, *path;               /* its name, and its file in the project (NULL: none) */
    uint16_t mirror, rotation;
    double score, p;    /* p: the probability given to the truth, NAN without a truth */
    float *probability; /* [classes], in one block that belongs to the list */
} en_catalog_prediction;
typedef struct en_catalog_predictions {
    en_catalog_prediction *row; /* by image name, mirror and rotation */
    size_t count, classes;
    float *probability; /* the block: count * classes */
} en_catalog_predictions;
en_status en_catalog_predictions_of(en_catalog *c, int64_t evaluation_id, en_catalog_predictions *out,
                                    en_error *err) EN_CHECKED;
void en_catalog_predictions_clear(en_catalog_predictions *p);

#endif
