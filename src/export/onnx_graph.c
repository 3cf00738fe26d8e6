/* Nodes and constants of an ONNX graph. The numbers of fields are those of onnx.proto. */
#include "export/onnx_graph.h"

#include <stdio.h>

#include "base/memory.h"

enum { NODE_INPUT = 1, NODE_OUTPUT = 2, NODE_NAME = 3, NODE_TYPE = 4, NODE_ATTRIBUTE = 5 };
enum { ATTRIBUTE_NAME = 1, ATTRIBUTE_F = 2, ATTRIBUTE_I = 3, ATTRIBUTE_INTS = 8, ATTRIBUTE_TYPE = 20 };
enum { TYPE_FLOAT = 1, TYPE_INT = 2, TYPE_INTS = 7 };
enum { TENSOR_DIMS = 1, TENSOR_TYPE = 2, TENSOR_NAME = 8, TENSOR_RAW = 9 };
enum { ELEMENT_FLOAT = 1, ELEMENT_INT64 = 7 };
enum { GRAPH_NODE = 1, GRAPH_CONSTANT = 5 };

en_status en_onnx_graph_init(en_onnx_graph *g, const en_export_model *model, en_error *err)
{
    *g = (en_onnx_graph){.value = en_calloc(model->ops.count + 1, sizeof *g->value)};
    en_proto_init(&g->nodes);
    en_proto_init(&g->constants);
    return g->value != NULL ? EN_OK : en_error_nomem(err, "an ONNX graph");
}

void en_onnx_graph_clear(en_onnx_graph *g)
{
    en_proto_clear(&g->nodes);
    en_proto_clear(&g->constants);
    en_free(g->value);
    g->value = NULL;
}

static void add_attribute(en_proto *attributes, const char *name, int type, en_proto *value)
{
    en_proto_text(value, ATTRIBUTE_NAME, name);
    en_proto_int(value, ATTRIBUTE_TYPE, type);
    en_proto_message(attributes, NODE_ATTRIBUTE, value);
}

void en_onnx_int(en_proto *attributes, const char *name, int64_t value)
{
    en_proto a;
    en_proto_init(&a);
    en_proto_int(&a, ATTRIBUTE_I, value);
    add_attribute(attributes, name, TYPE_INT, &a);
}

void en_onnx_float(en_proto *attributes, const char *name, double value)
{
    en_proto a;
    en_proto_init(&a);
    en_proto_float(&a, ATTRIBUTE_F, (float)value);
    add_attribute(attributes, name, TYPE_FLOAT, &a);
}

void en_onnx_ints(en_proto *attributes, const char *name, const int64_t *value, size_t count)
{
    en_proto a;
    en_proto_init(&a);
    for (size_t i = 0; i < count; i++) { /* proto2: not packed */
        en_proto_int(&a, ATTRIBUTE_INTS, value[i]);
    }
    add_attribute(attributes, name, TYPE_INTS, &a);
}

void en_onnx_node(en_onnx_graph *g, const char *type, const char *output, const char *const *input, size_t inputs,
                  en_proto *attributes)
{
    en_proto node;
    en_proto_init(&node);
    for (size_t i = 0; i < inputs; i++) {
        en_proto_text(&node, NODE_INPUT, input[i]);
    }
    en_proto_text(&node, NODE_OUTPUT, output);
    en_proto_text(&node, NODE_NAME, output);
    en_proto_text(&node, NODE_TYPE, type);
    if (attributes != NULL) {
        en_proto_join(&node, attributes);
    }
    en_proto_message(&g->nodes, GRAPH_NODE, &node);
}

void en_onnx_unary(en_onnx_graph *g, const char *type, const char *output, const char *input)
{
    en_onnx_node(g, type, output, &input, 1, NULL);
}

void en_onnx_binary(en_onnx_graph *g, const char *type, const char *output, const char *a, const char *b)
{
    en_onnx_node(g, type, output, (const char *const[]){a, b}, 2, NULL);
}

static en_proto tensor_of(const char *name, int type, const int64_t *shape, size_t rank)
{
    en_proto t;
    en_proto_init(&t);
    for (size_t i = 0; i < rank; i++) {
        en_proto_int(&t, TENSOR_DIMS, shape[i]);
    }
    en_proto_int(&t, TENSOR_TYPE, type);
    en_proto_text(&t, TENSOR_NAME, name);
    return t;
}

static size_t count_of(const int64_t *shape, size_t rank)
{
    size_t count = 1;
    for (size_t i = 0; i < rank; i++) {
        count *= (size_t)shape[i];
    }
    return count;
}

void en_onnx_floats(en_onnx_graph *g, const char *name, const float *value, const int64_t *shape, size_t rank)
{
    en_proto t = tensor_of(name, ELEMENT_FLOAT, shape, rank);
    en_proto_floats(&t, TENSOR_RAW, value, count_of(shape, rank));
    en_proto_message(&g->constants, GRAPH_CONSTANT, &t);
}

void en_onnx_floats_owned(en_onnx_graph *g, const char *name, float *value, const int64_t *shape, size_t rank)
{
    en_proto t = tensor_of(name, ELEMENT_FLOAT, shape, rank);
    en_proto_floats_owned(&t, TENSOR_RAW, value, count_of(shape, rank));
    en_proto_message(&g->constants, GRAPH_CONSTANT, &t);
}

void en_onnx_scalar(en_onnx_graph *g, const char *name, double value)
{
    float number = (float)value;
    en_proto t = tensor_of(name, ELEMENT_FLOAT, NULL, 0);
    en_proto_bytes(&t, TENSOR_RAW, &number, sizeof number);
    en_proto_message(&g->constants, GRAPH_CONSTANT, &t);
}

void en_onnx_shape(en_onnx_graph *g, const char *name, const int64_t *value, size_t count)
{
    en_proto t = tensor_of(name, ELEMENT_INT64, (const int64_t[]){(int64_t)count}, 1);
    en_proto_bytes(&t, TENSOR_RAW, value, count * sizeof *value);
    en_proto_message(&g->constants, GRAPH_CONSTANT, &t);
}
