/* What suspects are looked for among: photographs with an embedding and a label, their fellow eyes and folds. */
#ifndef EN_TRAINING_SUSPECTS_ROWS_H
#define EN_TRAINING_SUSPECTS_ROWS_H

#include <stddef.h>
#include <stdint.h>

#include "catalog/embedding.h"
#include "project/project.h"
#include "training/classes.h"

#define EN_NO_FELLOW SIZE_MAX

typedef struct en_labelled_row { /* texts are owned */
    int64_t image_id;
    char *image, *patient, *eye; /* eye: NULL: not known */
    char *value;                 /* of the target */
    size_t fellow;               /* the row of the same patient's other eye, the first by name; EN_NO_FELLOW */
    size_t patient_index;        /* 0..patients-1, in the order of strcmp */
} en_labelled_row;

typedef struct en_labelled {
    en_labelled_row *row; /* by the images' names */
    float *vector;        /* [count * dimensions] */
    int32_t *truth;       /* [count] classes */
    uint8_t *fold;        /* [count] 0..folds-1 */
    size_t count, dimensions, patients;
    int64_t no_value; /* images without a value of the target */
    en_classes classes;
} en_labelled;

/* The images of the set that have a value of the target. EN_INPUT: the target is not SQL over the view images, or has
 * fewer than two values; an embedding is damaged. en_labelled_clear it in every case. */
en_status en_labelled_load(en_project *project, const en_catalog_embedding_set *set, const char *target,
                           en_labelled *out, en_error *err) EN_CHECKED;
/* Deals whole patients into folds: by their highest class, and within it by the SHA-256 of their names. So the folds
 * have about the same classes and do not depend on the order of rows. EN_INPUT: there are fewer patients than folds. */
en_status en_labelled_deal(en_labelled *l, size_t folds, en_error *err) EN_CHECKED;
void en_labelled_clear(en_labelled *l); /* safe on a zeroed one */

#endif
