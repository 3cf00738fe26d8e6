/* augment: variants as rows, by a policy (sql/policy/NAME.sql); pixels are made when they are read. */
#ifndef EN_DATASET_AUGMENT_H
#define EN_DATASET_AUGMENT_H

#include <stdint.h>

#include "project/project.h"

typedef struct en_augment_result {
    int64_t added, total; /* variants: by this call, and in the catalog now */
    double seconds;
} en_augment_result;

/* EN_INPUT for an unknown policy, with the known ones (catalog/variant.h lists them). */
en_status en_augment(en_project *project, const char *policy, en_augment_result *result, en_error *err) EN_CHECKED;

#endif
