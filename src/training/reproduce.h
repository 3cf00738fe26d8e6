/* reproduce: trains a run again with its own settings and compares every number. */
#ifndef EN_TRAINING_REPRODUCE_H
#define EN_TRAINING_REPRODUCE_H

#include <stdint.h>

#include "base/hash.h"
#include "project/project.h"

typedef struct en_reproduce_options {
    const char *run;  /* name, uuid prefix, or NULL for the newest */
    const char *name; /* of the new run; NULL: its model's name and a number */
} en_reproduce_options;

typedef struct en_reproduce_result {
    char run[128], again[128]; /* again: the new run, whose parent is the other */
    bool identical;            /* weights and metrics, to the last bit */
    char outcome[16];          /* "identical" or "different" */
    char weights_sha256[EN_SHA256_HEX], again_sha256[EN_SHA256_HEX];
    int64_t metrics, different,
        first_epoch;        /* of train and val, of all epochs; the first one with a difference, or -1 */
    char differences[1024]; /* what the two were made with otherwise: "isa avx2, not avx512; ..."; "" for nothing */
    double seconds;
} en_reproduce_result;

/* With the kernels of the run where this processor has them and no others were asked for. Other numbers are a result,
 * not an error: see identical. EN_INPUT: the run is not finished. */
en_status en_reproduce(en_project *project, const en_reproduce_options *options, en_reproduce_result *result,
                       en_error *err) EN_CHECKED;

#endif
