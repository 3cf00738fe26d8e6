/* split: whole patients are assigned to train, validation and test. */
#ifndef EN_DATASET_SPLIT_H
#define EN_DATASET_SPLIT_H

#include <stdbool.h>
#include <stdint.h>

#include "catalog/label.h"
#include "catalog/patient.h"
#include "catalog/words.h"
#include "project/project.h"

#define EN_FOLDS_MAX 100

typedef struct en_split_options {
    const char *name;
    double test, validation; /* fractions of the patients, 0 <= each, together < 1 */
    int64_t folds;     /* 0: one split; else 2..EN_FOLDS_MAX: so many splits NAME-1, NAME-2, ... with the same part
                        * test; the other patients are cut into folds, and each split has one of them as its part
                        * val. `validation` means nothing then. */
    const char *group; /* an SQL expression over the columns of the view images: patients with an image of the same
                        * value stay together; NULL: only each patient does */
    bool stratify;     /* keep the proportions of each patient's worst grade in every part */
    uint64_t seed;
    bool patient_is_image; /* each image of which the patient is not known is of another one */
} en_split_options;

typedef struct en_split_size {
    int64_t patients, images;
    int64_t by_grade[EN_GRADES]; /* images with a current icdr label */
} en_split_size;

typedef struct en_split_result {
    en_split_size part[EN_PARTS]; /* with folds, only the part test */
    int64_t folds;                /* 0: one split */
    en_split_size fold[EN_FOLDS_MAX];
    int64_t sets;               /* of patients that stay together; as many as patients without a group */
    en_catalog_knowledge known; /* of the images in use: whose they are */
} en_split_result;

/* A patient's place in the random numbers: FNV-1a, 64 bits (Fowler, Noll, Vo). */
uint64_t en_split_key(const char *patient);

/* The same patients, grades and seed give the same split, in whatever order they came into the catalog. A set of
 * patients that stay together counts by its worst grade, and comes into one part or fold. An image of which the patient
 * is not known counts as a patient of its own, which a warning says; where that is true of most images, the split is
 * refused (EN_INPUT) unless patient_is_image is set: the two eyes of a person would be torn apart.
 */
en_status en_split(en_project *project, const en_split_options *options, en_split_result *result,
                   en_error *err) EN_CHECKED;

#endif
