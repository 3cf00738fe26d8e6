/* The parts of an ONNX graph: nodes, constants, and the names of values; for onnx*.c alone. */
#ifndef EN_EXPORT_ONNX_GRAPH_H
#define EN_EXPORT_ONNX_GRAPH_H

#include "export/model.h"
#include "export/proto.h"

#define EN_ONNX_NAME 64

typedef struct en_onnx_value {
    char name[EN_ONNX_NAME];
    bool flat; /* (N,c); otherwise (N,c,h,w) */
} en_onnx_value;

typedef struct en_onnx_graph {
    en_proto nodes, constants;
    en_onnx_value *value; /* of the network's input and of each operation; owned */
} en_onnx_graph;

en_status en_onnx_graph_init(en_onnx_graph *g, const en_export_model *model, en_error *err) EN_CHECKED;
void en_onnx_graph_clear(en_onnx_graph *g);

/* An attribute for the next node, which takes `attributes` over. */
void en_onnx_int(en_proto *attributes, const char *name, int64_t value);
void en_onnx_float(en_proto *attributes, const char *name, double value);
void en_onnx_ints(en_proto *attributes, const char *name, const int64_t *value, size_t count);
/* A node of up to 5 inputs and one output, which is also its name; attributes may be NULL. */
void en_onnx_node(en_onnx_graph *g, const char *type, const char *output, const char *const *input, size_t inputs,
                  en_proto *attributes);
void en_onnx_unary(en_onnx_graph *g, const char *type, const char *output, const char *input);
void en_onnx_binary(en_onnx_graph *g, const char *type, const char *output, const char *a, const char *b);
/* Constants. Floats are borrowed until the file is written, unless `owned`; `shape` has `rank` numbers. */
void en_onnx_floats(en_onnx_graph *g, const char *name, const float *value, const int64_t *shape, size_t rank);
void en_onnx_floats_owned(en_onnx_graph *g, const char *name, float *value, const int64_t *shape, size_t rank);
void en_onnx_scalar(en_onnx_graph *g, const char *name, double value);
void en_onnx_shape(en_onnx_graph *g, const char *name, const int64_t *value, size_t count);

/* The operations, from the value "input" to the logits; *logits is the name of their value, (N,units). */
void en_onnx_operations(en_onnx_graph *g, const en_export_model *model, char logits[EN_ONNX_NAME]);
/* From those to the value "probabilities". */
void en_onnx_output(en_onnx_graph *g, const en_export_model *model, const char *logits);

#endif
