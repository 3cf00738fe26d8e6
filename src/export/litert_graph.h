/* A LiteRT graph in memory: tensors, and the operators that make one of another; for litert*.c alone. Tensors are
 * referred to by their index. The first error is remembered in `status`, and what follows does nothing of use. */
#ifndef EN_EXPORT_LITERT_GRAPH_H
#define EN_EXPORT_LITERT_GRAPH_H

#include "export/flat.h"
#include "export/litert_schema.h"
#include "export/model.h"

#define EN_LITERT_NAME 64
#define EN_LITERT_INPUTS 3

typedef struct en_litert_shape {
    size_t rank;
    int32_t size[4];
} en_litert_shape;

typedef struct en_litert_tensor {
    char name[EN_LITERT_NAME];
    en_litert_type type;
    en_litert_shape shape; /* of a value the first is the batch: written as 1, and free */
    const void *data;      /* NULL: a value */
    size_t bytes;
    void *owned; /* data, where it is to be freed */
} en_litert_tensor;

typedef struct en_litert_operator {
    en_litert_kind kind;
    int version;
    int32_t input[EN_LITERT_INPUTS], output;
    size_t inputs;
    en_flat_table options;
} en_litert_operator;

typedef struct en_litert_graph {
    en_litert_tensor *tensor; /* owned */
    en_litert_operator *op;   /* owned */
    size_t tensors, ops;
    char scope[EN_LITERT_NAME / 2]; /* "12.conv": how the names of what is added begin */
    en_status status;
    en_error error;
} en_litert_graph;

void en_litert_clear(en_litert_graph *g);

/* (1,h,w,c) and (1,c) */
en_litert_shape en_litert_image(en_dims d);
en_litert_shape en_litert_flat(size_t c);

/* All names are those of the scope with a point and `part` behind, or the scope alone with NULL. A value that no
 * operator makes: the input. */
int32_t en_litert_input(en_litert_graph *g, en_litert_type type, const char *part, en_litert_shape shape);
/* Constants: floats that are borrowed until the file is written, those that are taken over (NULL: out of memory), one
 * number, and a copy of whole numbers, in `columns` columns or, with 0, as a vector. */
int32_t en_litert_floats(en_litert_graph *g, const char *part, const float *value, en_litert_shape shape);
int32_t en_litert_floats_owned(en_litert_graph *g, const char *part, float *value, en_litert_shape shape);
int32_t en_litert_scalar(en_litert_graph *g, const char *part, double value);
int32_t en_litert_ints(en_litert_graph *g, const char *part, const int32_t *value, size_t count, size_t columns);

/* An operator and the value that it makes, which is returned; `options` may be NULL. */
int32_t en_litert_add(en_litert_graph *g, en_litert_kind kind, const char *part, en_litert_shape shape,
                      const int32_t *input, size_t inputs, const en_flat_table *options);
/* After an error, one without sizes. */
en_litert_shape en_litert_shape_of(const en_litert_graph *g, int32_t x);
/* Of values of one shape, or of a value and a constant or factors that are repeated over it: the shape is that of x. */
int32_t en_litert_unary(en_litert_graph *g, en_litert_kind kind, const char *part, int32_t x);
int32_t en_litert_binary(en_litert_graph *g, en_litert_kind kind, const char *part, int32_t x, int32_t y);
/* The same, with x and a number. */
int32_t en_litert_with(en_litert_graph *g, en_litert_kind kind, const char *part, int32_t x, double y);
int32_t en_litert_softmax(en_litert_graph *g, const char *part, int32_t x);
/* y = x * weight (inputs,units) + bias of (N,inputs); weight is turned, bias borrowed. */
int32_t en_litert_product(en_litert_graph *g, const char *part, int32_t x, const float *weight, const float *bias,
                          size_t inputs, size_t units);

/* From the samples' bytes to what the network takes; the operations, from there to the logits (N,units); and from those
 * to the probabilities. */
int32_t en_litert_samples(en_litert_graph *g, const en_export_model *model, int32_t pixels);
int32_t en_litert_operations(en_litert_graph *g, const en_export_model *model, int32_t x);
int32_t en_litert_output(en_litert_graph *g, const en_export_model *model, int32_t logits);

#endif
