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
    /* What a file says of itself: keys and values, such as run, recipe, classes (JSON), calibration (JSON), licence. */
    const en_meta *meta;
    size_t metas;
} en_export_model;

/* What a byte of channel c becomes, for c < spec->input.c: byte * *factor + *shift. */
void en_export_input(const en_spec *spec, size_t c, double *factor, double *shift);

/* The weights of a convolution as most formats have them, (kernels,c/groups,kh,kw), in fresh memory (en_free); NULL
 * when out of memory. */
float *en_export_kernels(const en_operation *conv);

#endif
