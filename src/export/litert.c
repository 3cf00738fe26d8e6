/* See litert.h: the envelope of a LiteRT file. */
#include "export/litert.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "export/litert_graph.h"

#define CODES_MAX 64 /* different operators and versions, more than there are kinds */

static const uint8_t options_of[] = {
#define EN_LITERT_OPTION(name, number, options) [number] = (options),
    EN_LITERT_OPERATORS(EN_LITERT_OPTION)
#undef EN_LITERT_OPTION
};

static const char begins[] = EN_LITERT_BEGINS;

typedef struct envelope {
    en_flat flat;
    en_litert_graph graph;
    const en_export_model *model;
    int32_t pixels, probabilities, logits;
    en_litert_operator code[CODES_MAX]; /* kind and version of each */
    size_t codes;
} envelope;

static size_t code_of(envelope *e, const en_litert_operator *op)
{
    size_t i = 0;
    while (i < e->codes && (e->code[i].kind != op->kind || e->code[i].version != op->version)) {
        i++;
    }
    if (i == e->codes) {
        e->code[e->codes++] = (en_litert_operator){.kind = op->kind, .version = op->version};
    }
    return i;
}

static void add_codes(envelope *e, size_t from)
{
    size_t at;
    en_flat_offsets(&e->flat, from, e->codes, &at);
    for (size_t i = 0; i < e->codes; i++, at += 4) {
        const int number = (int)e->code[i].kind;
        en_flat_table code = {0};
        en_flat_byte(&code, CODE_BYTE,
                     number < CODE_BYTE_MAX ? number : CODE_BYTE_MAX); /* for readers of before 2020 */
        en_flat_int(&code, CODE_VERSION, e->code[i].version);
        en_flat_int(&code, CODE_NUMBER, number);
        en_flat_add(&e->flat, at, &code);
    }
}

static void add_tensor(envelope *e, size_t from, const en_litert_tensor *t, size_t buffer)
{
    int32_t size[4] = {0};
    memcpy(size, t->shape.size, sizeof size);
    en_flat_table tensor = {0};
    en_flat_offset(&tensor, TENSOR_SHAPE);
    en_flat_byte(&tensor, TENSOR_TYPE, (int)t->type);
    en_flat_int(&tensor, TENSOR_BUFFER, (int32_t)buffer);
    en_flat_offset(&tensor, TENSOR_NAME);
    if (t->data == NULL) {
        en_flat_offset(&tensor, TENSOR_SIGNATURE);
    }
    en_flat_add(&e->flat, from, &tensor);
    en_flat_ints(&e->flat, tensor.field[TENSOR_SHAPE].place, size, t->shape.rank);
    en_flat_text(&e->flat, tensor.field[TENSOR_NAME].place, t->name);
    if (t->data == NULL) {
        size[0] = -1;
        en_flat_ints(&e->flat, tensor.field[TENSOR_SIGNATURE].place, size, t->shape.rank);
    }
}

/* Constants have the buffers from 1 on, in their order; 0 is the empty one of all values. */
static void add_tensors(envelope *e, size_t from)
{
    size_t at, buffer = 0;
    en_flat_offsets(&e->flat, from, e->graph.tensors, &at);
    for (size_t i = 0; i < e->graph.tensors; i++, at += 4) {
        const en_litert_tensor *t = &e->graph.tensor[i];
        add_tensor(e, at, t, t->data != NULL ? ++buffer : 0);
    }
}

static void add_operator(envelope *e, size_t from, const en_litert_operator *op)
{
    en_flat_table options = op->options, table = {0};
    en_flat_int(&table, OPERATOR_CODE, (int32_t)code_of(e, op));
    en_flat_offset(&table, OPERATOR_INPUTS);
    en_flat_offset(&table, OPERATOR_OUTPUTS);
    if (options_of[op->kind] != 0) {
        en_flat_byte(&table, OPERATOR_TYPE, options_of[op->kind]);
        en_flat_offset(&table, OPERATOR_OPTIONS);
    }
    en_flat_add(&e->flat, from, &table);
    en_flat_ints(&e->flat, table.field[OPERATOR_INPUTS].place, op->input, op->inputs);
    en_flat_ints(&e->flat, table.field[OPERATOR_OUTPUTS].place, &op->output, 1);
    if (options_of[op->kind] != 0) {
        en_flat_add(&e->flat, table.field[OPERATOR_OPTIONS].place, &options);
    }
}

static void add_graph(envelope *e, size_t from)
{
    size_t at, first;
    en_flat_table graph = {0};
    for (unsigned field = GRAPH_TENSORS; field <= GRAPH_NAME; field++) {
        en_flat_offset(&graph, field);
    }
    en_flat_offsets(&e->flat, from, 1, &at);
    en_flat_add(&e->flat, at, &graph);
    add_tensors(e, graph.field[GRAPH_TENSORS].place);
    en_flat_ints(&e->flat, graph.field[GRAPH_INPUTS].place, &e->pixels, 1);
    en_flat_ints(&e->flat, graph.field[GRAPH_OUTPUTS].place, (const int32_t[]){e->probabilities, e->logits}, 2);
    en_flat_offsets(&e->flat, graph.field[GRAPH_OPERATORS].place, e->graph.ops, &first);
    for (size_t i = 0; i < e->graph.ops; i++) {
        add_operator(e, first + 4 * i, &e->graph.op[i]);
    }
    en_flat_text(&e->flat, graph.field[GRAPH_NAME].place, e->model->name);
}

static void add_buffer(envelope *e, size_t from, const void *data, size_t bytes)
{
    en_flat_table buffer = {0};
    if (data != NULL) {
        en_flat_offset(&buffer, BUFFER_DATA);
    }
    en_flat_add(&e->flat, from, &buffer);
    if (data != NULL) {
        en_flat_data(&e->flat, buffer.field[BUFFER_DATA].place, data, bytes);
    }
}

static size_t constants(const envelope *e)
{
    size_t count = 0;
    for (size_t i = 0; i < e->graph.tensors; i++) {
        count += e->graph.tensor[i].data != NULL;
    }
    return count;
}

/* The empty one, those of the constants, and those of the metadata. */
static void add_buffers(envelope *e, size_t from)
{
    size_t at;
    en_flat_offsets(&e->flat, from, 1 + constants(e) + e->model->metas, &at);
    add_buffer(e, at, NULL, 0);
    for (size_t i = 0; i < e->graph.tensors; i++) {
        const en_litert_tensor *t = &e->graph.tensor[i];
        if (t->data != NULL) {
            add_buffer(e, at += 4, t->data, t->bytes);
        }
    }
    for (size_t i = 0; i < e->model->metas; i++) {
        const char *value = e->model->meta[i].value;
        add_buffer(e, at += 4, value, strlen(value));
    }
}

static void add_metadata(envelope *e, size_t from)
{
    size_t at;
    en_flat_offsets(&e->flat, from, e->model->metas, &at);
    for (size_t i = 0; i < e->model->metas; i++, at += 4) {
        en_flat_table metadata = {0};
        en_flat_offset(&metadata, METADATA_NAME);
        en_flat_int(&metadata, METADATA_BUFFER, (int32_t)(1 + constants(e) + i));
        en_flat_add(&e->flat, at, &metadata);
        en_flat_text(&e->flat, metadata.field[METADATA_NAME].place, e->model->meta[i].key);
    }
}

/* The name by which a program asks for a tensor. */
static void add_named(envelope *e, size_t from, int32_t tensor)
{
    en_flat_table named = {0};
    en_flat_offset(&named, NAMED_NAME);
    en_flat_int(&named, NAMED_TENSOR, tensor);
    en_flat_add(&e->flat, from, &named);
    en_flat_text(&e->flat, named.field[NAMED_NAME].place, e->graph.tensor[tensor].name);
}

static void add_signature(envelope *e, size_t from)
{
    size_t at;
    en_flat_table signature = {0};
    en_flat_offset(&signature, SIGNATURE_INPUTS);
    en_flat_offset(&signature, SIGNATURE_OUTPUTS);
    en_flat_offset(&signature, SIGNATURE_KEY);
    en_flat_offsets(&e->flat, from, 1, &at);
    en_flat_add(&e->flat, at, &signature);
    en_flat_offsets(&e->flat, signature.field[SIGNATURE_INPUTS].place, 1, &at);
    add_named(e, at, e->pixels);
    en_flat_offsets(&e->flat, signature.field[SIGNATURE_OUTPUTS].place, 2, &at);
    add_named(e, at, e->probabilities);
    add_named(e, at + 4, e->logits);
    en_flat_text(&e->flat, signature.field[SIGNATURE_KEY].place, "serving_default");
}

static void add_model(envelope *e)
{
    en_flat_table model = {0};
    en_flat_int(&model, MODEL_VERSION, EN_LITERT_SCHEMA);
    en_flat_offset(&model, MODEL_OPERATORS);
    en_flat_offset(&model, MODEL_SUBGRAPHS);
    en_flat_offset(&model, MODEL_DESCRIPTION);
    en_flat_offset(&model, MODEL_BUFFERS);
    en_flat_offset(&model, MODEL_METADATA);
    en_flat_offset(&model, MODEL_SIGNATURES);
    en_flat_add(&e->flat, 0, &model);
    en_flat_text(&e->flat, model.field[MODEL_DESCRIPTION].place,
                 "pixels: samples as the metadata's recipe makes them of a photograph, bytes of red, green and blue; "
                 "probabilities: calibrated, in the order of the metadata's classes");
    add_graph(e, model.field[MODEL_SUBGRAPHS].place);
    add_codes(e, model.field[MODEL_OPERATORS].place);
    add_metadata(e, model.field[MODEL_METADATA].place);
    add_signature(e, model.field[MODEL_SIGNATURES].place);
    add_buffers(e, model.field[MODEL_BUFFERS].place);
}

static void name_tensor(envelope *e, int32_t tensor, const char *name)
{
    (void)snprintf(e->graph.tensor[tensor].name, EN_LITERT_NAME, "%s", name);
}

static en_status make_graph(envelope *e, en_error *err)
{
    en_litert_graph *g = &e->graph;
    e->pixels = en_litert_input(g, EN_LITERT_UINT8, "pixels", en_litert_image(e->model->spec->input));
    const int32_t x = en_litert_samples(g, e->model, e->pixels);
    e->logits = en_litert_operations(g, e->model, x);
    e->probabilities = en_litert_output(g, e->model, e->logits);
    if (g->status != EN_OK) {
        return en_error_copy(err, &g->error);
    }
    name_tensor(e, e->logits, "logits");
    name_tensor(e, e->probabilities, "probabilities");
    return EN_OK;
}

en_status en_litert_write(const en_export_model *model, const char *path, en_error *err)
{
    envelope *e = en_calloc(1, sizeof *e);
    if (e == NULL) {
        return en_error_nomem(err, "a LiteRT model");
    }
    e->model = model;
    en_flat_init(&e->flat, begins + 4, begins + 8, sizeof begins - 1 - 8);
    en_status st = make_graph(e, err);
    if (st == EN_OK) {
        add_model(e);
        st = en_flat_save(&e->flat, "LiteRT", path, err);
    }
    en_flat_clear(&e->flat);
    en_litert_clear(&e->graph);
    en_free(e);
    return st;
}
