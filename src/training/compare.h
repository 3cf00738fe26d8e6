/* compare: runs on the photographs that both were evaluated on. */
#ifndef EN_TRAINING_COMPARE_H
#define EN_TRAINING_COMPARE_H

#include "project/project.h"
#include "training/classes.h"
#include "training/units.h"

typedef struct en_compare_options {
    const char *const *run; /* names or uuids; every other one is compared with the first */
    size_t runs;            /* 2 or more */
    en_part part;           /* evaluations of this part; none: test, or where a run has none of it, any but train */
    const char *subset;     /* evaluations of this subset instead */
    en_unit unit;
    en_combine combine;
    const char *positive; /* of two classes; NULL: the first run's */
    double margin;        /* how much worse is still as good; NaN: none */
} en_compare_options;

typedef struct en_compared {
    char first[128], second[128];
    const char *metric;               /* static */
    double first_value, second_value; /* NaN: not defined */
    double difference, low, high;     /* second less first, and its 95% interval; NaN: none */
    const char *verdict;              /* of the second: "better", "worse", "not worse" (by more than the margin), "not
                                         distinguishable", "same answers", "too few patients"; static */
    int64_t n, patients, patients_different; /* units, their patients, and those for whom the two differ */
    char unit[16], positive_class[EN_CLASS_NAME], first_subset[128], second_subset[128];
} en_compared;

/* What one comparison was made on. */
typedef struct en_compare_pair {
    char first[128], second[128], first_subset[128], second_subset[128];
    int64_t photographs, only_first, only_second, truth_differs;
} en_compare_pair;

typedef struct en_compare_result {
    en_compared *row; /* owned */
    size_t count;
    en_compare_pair *pair; /* owned: one per comparison */
    size_t pairs;
} en_compare_result;

/* Metrics as in training/metrics.h, their differences as in stats/paired.h. EN_INPUT: a run without such an evaluation,
 * other classes, no photographs in common, or, of different targets, photographs with different truths. */
en_status en_compare(en_project *project, const en_compare_options *options, en_compare_result *out,
                     en_error *err) EN_CHECKED;
void en_compare_clear(en_compare_result *result);

#endif
