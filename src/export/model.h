/* A trained model as the writers of other programs' formats take it: its network with the weights, and what turns the
 * network's output into the probabilities that `predict` gives. Everything is borrowed. */
#ifndef EN_EXPORT_MODEL_H
#define EN_EXPORT_MODEL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "nn/operation.h"
#include "nn/weights.h"

typedef struct en_export_model {
    const char *name; /* of the run */
    const en_spec *spec;
    en_operations ops;
    size_t classes;
    const char *const *class_name; /* [classes], as the catalog has them */
    /* Probabilities are softmax(factor * ln p + offset), p those of the output; without `calibrated` they are p. */
    bool calibrated;
    double factor;
    const double *offset; /* [classes] */
    /* Then, with `cumulative`, P(y > k) = 1 / (1 + exp(-(scale * ln(P(y > k) / P(y <= k)) + shift))) for every class k
     * but the last (stats/recalibrate.h). */
    bool cumulative;
    double scale, shift;
    /* What a file says of itself: keys and values, such as run, recipe, classes (JSON), calibration (JSON), licence. */
    const en_meta *meta;
    size_t metas;
} en_export_model;

/* What a byte of channel c becomes, for c < spec->input.c: byte * *factor + *shift. */
void en_export_input(const en_spec *spec, size_t c, double *factor, double *shift);

/* What `cumulative` multiplies by, rows by columns, in fresh memory (en_free); NULL when out of memory. Of
 * probabilities (classes) above and not above each class but the last: (classes, classes-1). Of the P(y > k) the
 * probabilities less those of en_export_steps_bias: (classes-1, classes). */
float *en_export_above(size_t classes);
float *en_export_not_above(size_t classes);
float *en_export_steps(size_t classes);
extern const float en_export_steps_bias[EN_CLASSES_MAX]; /* 1, 0, 0, ... */
extern const float en_export_no_bias[EN_CLASSES_MAX];

/* (rows,columns) turned into (columns,rows), each column times its factor (NULL: 1), in fresh memory (en_free); NULL
 * when out of memory. */
float *en_export_turned(const float *from, size_t rows, size_t columns, const double *factor);

/* The weights of a convolution as most formats have them, (kernels,c/groups,kh,kw), in fresh memory (en_free); NULL
 * when out of memory. */
float *en_export_kernels(const en_operation *conv);

#endif
