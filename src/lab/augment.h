/* augment: variants as rows, by a policy (sql/policy/NAME.sql); pixels are made when they are read. */
#ifndef EN_LAB_AUGMENT_H
#define EN_LAB_AUGMENT_H

#include <stdint.h>

#include "lab/lab.h"

typedef struct en_augment_result {
    int64_t added, total; /* variants: by this call, and in the catalog now */
    double seconds;
} en_augment_result;

/* The policies' names and what they do, NULL-terminated pairs name, text; static. */
const char *const *en_augment_policies(void);
en_status en_augment(en_lab *lab, const char *policy, en_augment_result *result, en_error *err) EN_CHECKED;

#endif
