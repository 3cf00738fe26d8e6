/* See litert_graph.h: tensors and operators. */
#include "export/litert_graph.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"

void en_litert_clear(en_litert_graph *g)
{
    for (size_t i = 0; i < g->tensors; i++) {
        en_free(g->tensor[i].owned);
    }
    en_free(g->tensor);
    en_free(g->op);
    *g = (en_litert_graph){0};
}

en_litert_shape en_litert_image(en_dims d)
{
    return (en_litert_shape){4, {1, (int32_t)d.h, (int32_t)d.w, (int32_t)d.c}};
}

en_litert_shape en_litert_flat(size_t c) { return (en_litert_shape){2, {1, (int32_t)c}}; }

static size_t count_of(en_litert_shape shape)
{
    size_t count = 1;
    for (size_t i = 0; i < shape.rank; i++) {
        count *= (size_t)shape.size[i];
    }
    return count;
}

/* Takes t.owned over. */
static int32_t add_tensor(en_litert_graph *g, const char *part, en_litert_tensor t)
{
    en_litert_tensor *grown = g->status == EN_OK ? en_array_grow(g->tensor, g->tensors, sizeof t, &g->error) : NULL;
    if (grown == NULL) {
        en_free(t.owned);
        g->status = g->status == EN_OK ? EN_NOMEM : g->status;
        return 0;
    }
    if (part == NULL) {
        (void)snprintf(t.name, sizeof t.name, "%s", g->scope);
    } else {
        (void)snprintf(t.name, sizeof t.name, "%s%s%s", g->scope, g->scope[0] != '\0' ? "." : "", part);
    }
    g->tensor = grown;
    g->tensor[g->tensors] = t;
    return (int32_t)g->tensors++;
}

int32_t en_litert_input(en_litert_graph *g, en_litert_type type, const char *part, en_litert_shape shape)
{
    return add_tensor(g, part, (en_litert_tensor){.type = type, .shape = shape});
}

/* A constant that owns a copy of `from`, or `from` itself where that is `owned`. */
static int32_t add_constant(en_litert_graph *g, en_litert_type type, const char *part, const void *from, void *owned,
                            en_litert_shape shape)
{
    if (from == NULL && g->status == EN_OK) {
        g->status = en_error_nomem(&g->error, "weights");
    }
    return add_tensor(g, part,
                      (en_litert_tensor){.type = type,
                                         .shape = shape,
                                         .data = from,
                                         .bytes = count_of(shape) * sizeof(float), /* as large as an int32 */
                                         .owned = owned});
}

int32_t en_litert_floats(en_litert_graph *g, const char *part, const float *value, en_litert_shape shape)
{
    return add_constant(g, EN_LITERT_FLOAT, part, value, NULL, shape);
}

int32_t en_litert_floats_owned(en_litert_graph *g, const char *part, float *value, en_litert_shape shape)
{
    return add_constant(g, EN_LITERT_FLOAT, part, value, value, shape);
}

int32_t en_litert_scalar(en_litert_graph *g, const char *part, double value)
{
    float *number = en_alloc(sizeof *number);
    if (number != NULL) {
        *number = (float)value;
    }
    return en_litert_floats_owned(g, part, number, (en_litert_shape){1, {1}});
}

int32_t en_litert_ints(en_litert_graph *g, const char *part, const int32_t *value, size_t count, size_t columns)
{
    en_litert_shape shape = {1, {(int32_t)count}};
    int32_t *copy = en_alloc(count * sizeof *copy);
    if (copy != NULL) {
        memcpy(copy, value, count * sizeof *copy);
    }
    if (columns > 0) {
        shape = (en_litert_shape){2, {(int32_t)(count / columns), (int32_t)columns}};
    }
    return add_constant(g, EN_LITERT_INT32, part, copy, copy, shape);
}

/* The version that introduced what the operator uses; the interpreter asks for it by number. */
static int version_of(en_litert_kind kind, const en_flat_table *options, bool grouped)
{
    if (kind == EN_LITERT_CONV) {
        return grouped ? 6 : 1;
    }
    return kind == EN_LITERT_DEPTHWISE && options->field[DEPTHWISE_DILATION_W].bits > 1 ? 2 : 1;
}

int32_t en_litert_add(en_litert_graph *g, en_litert_kind kind, const char *part, en_litert_shape shape,
                      const int32_t *input, size_t inputs, const en_flat_table *options)
{
    const int32_t output = en_litert_input(g, EN_LITERT_FLOAT, part, shape);
    en_litert_operator *grown = g->status == EN_OK ? en_array_grow(g->op, g->ops, sizeof *g->op, &g->error) : NULL;
    if (grown == NULL) {
        g->status = g->status == EN_OK ? EN_NOMEM : g->status;
        return 0;
    }
    en_litert_operator op = {.kind = kind, .inputs = inputs, .output = output};
    memcpy(op.input, input, inputs * sizeof *input);
    if (options != NULL) {
        op.options = *options;
    }
    const bool grouped =
        kind == EN_LITERT_CONV && g->tensor[input[0]].shape.size[3] != g->tensor[input[1]].shape.size[3];
    op.version = version_of(kind, &op.options, grouped);
    g->op = grown;
    g->op[g->ops++] = op;
    return output;
}

en_litert_shape en_litert_shape_of(const en_litert_graph *g, int32_t x)
{
    return g->status == EN_OK ? g->tensor[x].shape : (en_litert_shape){0};
}

int32_t en_litert_unary(en_litert_graph *g, en_litert_kind kind, const char *part, int32_t x)
{
    return en_litert_add(g, kind, part, en_litert_shape_of(g, x), &x, 1, NULL);
}

int32_t en_litert_binary(en_litert_graph *g, en_litert_kind kind, const char *part, int32_t x, int32_t y)
{
    return en_litert_add(g, kind, part, en_litert_shape_of(g, x), (const int32_t[]){x, y}, 2, NULL);
}

int32_t en_litert_with(en_litert_graph *g, en_litert_kind kind, const char *part, int32_t x, double y)
{
    char name[EN_LITERT_NAME];
    (void)snprintf(name, sizeof name, "%s.by", part);
    return en_litert_binary(g, kind, part, x, en_litert_scalar(g, name, y));
}

int32_t en_litert_softmax(en_litert_graph *g, const char *part, int32_t x)
{
    en_flat_table options = {0};
    en_flat_float(&options, SOFTMAX_BETA, 1);
    return en_litert_add(g, EN_LITERT_SOFTMAX, part, en_litert_shape_of(g, x), &x, 1, &options);
}

int32_t en_litert_product(en_litert_graph *g, const char *part, int32_t x, const float *weight, const float *bias,
                          size_t inputs, size_t units)
{
    char name[2][EN_LITERT_NAME];
    (void)snprintf(name[0], sizeof name[0], "%s.weight", part);
    (void)snprintf(name[1], sizeof name[1], "%s.bias", part);
    float *turned = weight != NULL ? en_export_turned(weight, inputs, units, NULL) : NULL;
    const int32_t input[] = {
        x, en_litert_floats_owned(g, name[0], turned, (en_litert_shape){2, {(int32_t)units, (int32_t)inputs}}),
        en_litert_floats(g, name[1], bias, (en_litert_shape){1, {(int32_t)units}})};
    return en_litert_add(g, EN_LITERT_DENSE, part, en_litert_flat(units), input, 3, NULL);
}
