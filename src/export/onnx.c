/* See onnx.h: the envelope of an ONNX file, its input and outputs. */
#include "export/onnx.h"

#include <string.h>

#include "base/memory.h"
#include "base/version.h"
#include "export/onnx_graph.h"

#define IR_VERSION 7
#define OPSET 13

enum {
    MODEL_IR = 1,
    MODEL_PRODUCER = 2,
    MODEL_PRODUCER_VERSION = 3,
    MODEL_DOC = 6,
    MODEL_GRAPH = 7,
    MODEL_OPSET = 8,
    MODEL_META = 14
};
enum { GRAPH_NAME = 2, GRAPH_INPUT = 11, GRAPH_OUTPUT = 12 };
enum { ELEMENT_FLOAT = 1, ELEMENT_UINT8 = 2 };

/* One that has no number is the batch. */
static void add_value(en_proto *graph, unsigned field, const char *name, int element, const int64_t *shape, size_t rank)
{
    en_proto dim, dims, tensor, type, value;
    en_proto_init(&dim);
    en_proto_init(&dims);
    en_proto_init(&tensor);
    en_proto_init(&type);
    en_proto_init(&value);
    for (size_t i = 0; i < rank; i++) {
        if (shape[i] > 0) {
            en_proto_int(&dim, 1, shape[i]);
        } else {
            en_proto_text(&dim, 2, "N");
        }
        en_proto_message(&dims, 1, &dim);
    }
    en_proto_int(&tensor, 1, element);
    en_proto_message(&tensor, 2, &dims);
    en_proto_message(&type, 1, &tensor);
    en_proto_text(&value, 1, name);
    en_proto_message(&value, 2, &type);
    en_proto_message(graph, field, &value);
}

/* "pixels" (N,H,W,C) bytes -> "input" (N,C,H,W) floats as the network takes them. */
static void add_input(en_onnx_graph *g, const en_spec *spec)
{
    size_t c = spec->input.c;
    float *factor = en_calloc(c, sizeof *factor), *shift = en_calloc(c, sizeof *shift);
    for (size_t i = 0; factor != NULL && shift != NULL && i < c; i++) {
        double a, b;
        en_export_input(spec, i, &a, &b);
        factor[i] = (float)a;
        shift[i] = (float)b;
    }
    const int64_t shape[] = {1, (int64_t)c, 1, 1};
    en_onnx_floats_owned(g, "input.factor", factor, shape, 4);
    en_onnx_floats_owned(g, "input.shift", shift, shape, 4);
    en_proto a;
    en_proto_init(&a);
    en_onnx_int(&a, "to", ELEMENT_FLOAT);
    en_onnx_node(g, "Cast", "input.bytes", (const char *const[]){"pixels"}, 1, &a);
    en_onnx_ints(&a, "perm", (const int64_t[]){0, 3, 1, 2}, 4);
    en_onnx_node(g, "Transpose", "input.planes", (const char *const[]){"input.bytes"}, 1, &a);
    en_onnx_binary(g, "Mul", "input.scaled", "input.planes", "input.factor");
    en_onnx_binary(g, "Add", "input", "input.scaled", "input.shift");
}

static void make_graph(en_onnx_graph *g, const en_export_model *model, en_proto *graph)
{
    const en_dims in = model->spec->input;
    char logits[EN_ONNX_NAME];
    add_input(g, model->spec);
    en_onnx_operations(g, model, logits);
    if (strcmp(logits, "logits") != 0) {
        en_onnx_unary(g, "Identity", "logits", logits);
    }
    en_onnx_output(g, model, "logits");
    en_proto_text(graph, GRAPH_NAME, model->name);
    add_value(graph, GRAPH_INPUT, "pixels", ELEMENT_UINT8,
              (const int64_t[]){0, (int64_t)in.h, (int64_t)in.w, (int64_t)in.c}, 4);
    add_value(graph, GRAPH_OUTPUT, "probabilities", ELEMENT_FLOAT, (const int64_t[]){0, (int64_t)model->classes}, 2);
    add_value(graph, GRAPH_OUTPUT, "logits", ELEMENT_FLOAT,
              (const int64_t[]){0, (int64_t)en_spec_units(model->spec, model->classes)}, 2);
    en_proto_join(graph, &g->nodes);
    en_proto_join(graph, &g->constants);
}

static void add_metadata(en_proto *file, const en_export_model *model)
{
    en_proto pair;
    en_proto_init(&pair);
    for (size_t i = 0; i < model->metas; i++) {
        en_proto_text(&pair, 1, model->meta[i].key);
        en_proto_text(&pair, 2, model->meta[i].value);
        en_proto_message(file, MODEL_META, &pair);
    }
}

static void make_file(en_onnx_graph *g, const en_export_model *model, en_proto *file)
{
    en_proto opset, graph;
    en_proto_init(&opset);
    en_proto_init(&graph);
    en_proto_int(file, MODEL_IR, IR_VERSION);
    en_proto_text(file, MODEL_PRODUCER, "eyenet");
    en_proto_text(file, MODEL_PRODUCER_VERSION, en_version());
    en_proto_text(file, MODEL_DOC,
                  "pixels: samples as the metadata's recipe makes them of a photograph, bytes of red, green and blue; "
                  "probabilities: calibrated, in the order of the metadata's classes");
    en_proto_text(&opset, 1, "");
    en_proto_int(&opset, 2, OPSET);
    en_proto_message(file, MODEL_OPSET, &opset);
    make_graph(g, model, &graph);
    en_proto_message(file, MODEL_GRAPH, &graph);
    add_metadata(file, model);
}

en_status en_onnx_write(const en_export_model *model, const char *path, en_error *err)
{
    en_onnx_graph g;
    en_proto file;
    en_proto_init(&file);
    en_status st = en_onnx_graph_init(&g, model, err);
    if (st != EN_OK) {
        goto done;
    }
    make_file(&g, model, &file);
    st = en_proto_save(&file, "ONNX", path, err);
done:
    en_proto_clear(&file);
    en_onnx_graph_clear(&g);
    return st;
}
