/* split: whole patients are assigned to train, validation and test. */
#ifndef EN_DATASET_SPLIT_H
#define EN_DATASET_SPLIT_H

#include <stdbool.h>
#include <stdint.h>

#include "catalog/label.h"
#include "catalog/patient.h"
#include "catalog/words.h"
#include "project/project.h"

typedef struct en_split_options {
    const char *name;
    double test, validation; /* fractions of the patients, 0 <= each, together < 1 */
    bool stratify;           /* keep the proportions of each patient's worst grade in every part */
    uint64_t seed;
    bool patient_is_image; /* each image of which the patient is not known is of another one */
} en_split_options;

typedef struct en_split_result {
    int64_t patients[EN_PARTS], images[EN_PARTS];
    int64_t by_grade[EN_PARTS][EN_GRADES]; /* images with a current icdr label */
    en_catalog_knowledge known;            /* of the images in use: whose they are */
} en_split_result;

/* The same patients, grades and seed give the same split, in whatever order they came into the catalog. An image of
 * which the patient is not known counts as a patient of its own, which a warning says; where that is true of most
 * images, the split is refused (EN_INPUT) unless patient_is_image is set: the two eyes of a person would be torn apart.
 */
en_status en_split(en_project *project, const en_split_options *options, en_split_result *result,
                   en_error *err) EN_CHECKED;

#endif
