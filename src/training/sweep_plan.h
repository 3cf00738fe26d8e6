/* What a sweep tries: values of settings, combined in a grid or drawn at random. */
#ifndef EN_TRAINING_SWEEP_PLAN_H
#define EN_TRAINING_SWEEP_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

#define EN_SWEEP_RUNS_MAX 10000
#define EN_SWEEP_VALUE 256 /* bytes of a value as text, with the NUL */

/* A setting that varies: among these texts, or, where there are none, in a range. */
typedef struct en_sweep_dimension {
    const char *key;           /* borrowed */
    const char *const *choice; /* [choices]; borrowed */
    size_t choices;
    double low, high; /* low < high; above 0 where the scale is logarithmic */
    bool log, whole;  /* uniform in the logarithm; rounded to whole numbers */
    int64_t steps;    /* of a grid: so many values from low to high, 2 or more; 0: not in a grid */
} en_sweep_dimension;

typedef enum en_sweep_method { EN_SWEEP_GRID = 1, EN_SWEEP_RANDOM, EN_SWEEP_HALVING } en_sweep_method;

typedef struct en_sweep_plan {
    const en_sweep_dimension *dimension; /* [dimensions]; borrowed */
    size_t dimensions, runs;
    char (*value)[EN_SWEEP_VALUE]; /* [runs * dimensions]; owned */
} en_sweep_plan;

/* Grid: every combination, the last setting changing fastest; `runs` must be 0. Otherwise `runs` different
 * combinations, each setting drawn by (seed, run, setting) alone, so that a larger number of runs begins with the same
 * ones. Drawn and spaced numbers have four significant digits. EN_INPUT: more than EN_SWEEP_RUNS_MAX combinations,
 * none, a range without steps in a grid, or a space that does not have so many. */
en_status en_sweep_plan_make(const en_sweep_dimension *dimension, size_t dimensions, en_sweep_method method,
                             int64_t runs, uint64_t seed, en_sweep_plan *out, en_error *err) EN_CHECKED;
void en_sweep_plan_clear(en_sweep_plan *plan);
/* The text of a setting in a run; borrowed. */
const char *en_sweep_value(const en_sweep_plan *plan, size_t run, size_t dimension);

#endif
