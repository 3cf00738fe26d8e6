/* The operations of a network as Core ML's layers. The numbers of fields are those of NeuralNetwork.proto. */
#include "export/coreml_layers.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"

enum { NET_LAYER = 1 };
enum { LAYER_NAME = 1, LAYER_INPUT = 2, LAYER_OUTPUT = 3 };
enum {
    KIND_CONVOLUTION = 100,
    KIND_POOLING = 120,
    KIND_ACTIVATION = 130,
    KIND_DENSE = 140,
    KIND_BATCHNORM = 160,
    KIND_UNARY = 220,
    KIND_ADD = 230,
    KIND_MULTIPLY = 231,
    KIND_SCALE = 245,
    KIND_FLATTEN = 301,
    KIND_GELU = 795
};
enum { ACT_LINEAR = 5, ACT_RELU = 10, ACT_LEAKY = 15, ACT_TANH = 30, ACT_SIGMOID = 40, ACT_HARD_SIGMOID = 41 };

void en_coreml_layer(en_coreml_net *net, const char *output, const char *const *input, size_t inputs, unsigned field,
                     en_proto *params)
{
    en_proto layer;
    en_proto_init(&layer);
    en_proto_text(&layer, LAYER_NAME, output);
    for (size_t i = 0; i < inputs; i++) {
        en_proto_text(&layer, LAYER_INPUT, input[i]);
    }
    en_proto_text(&layer, LAYER_OUTPUT, output);
    en_proto_message(&layer, field, params);
    en_proto_message(&net->layers, NET_LAYER, &layer);
}

static void add_unary(en_coreml_net *net, const char *y, const char *x, unsigned field, en_proto *params)
{
    en_coreml_layer(net, y, &x, 1, field, params);
}

/* WeightParams: floats that are borrowed, or taken over. */
static void add_weights(en_proto *params, unsigned field, const float *value, float *owned, size_t count)
{
    en_proto w;
    en_proto_init(&w);
    if (value != NULL) {
        en_proto_floats(&w, 1, value, count);
    } else {
        en_proto_floats_owned(&w, 1, owned, count);
    }
    en_proto_message(params, field, &w);
}

static void add_numbers(en_proto *params, unsigned field, const int64_t *value, size_t count)
{
    en_proto_ints(params, field, value, count);
}

/* One of the functions with up to two constants, as ActivationParams. */
static void add_activation(en_coreml_net *net, const char *y, const char *x, unsigned kind, double alpha, double beta)
{
    en_proto params, function;
    en_proto_init(&params);
    en_proto_init(&function);
    if (kind == ACT_LINEAR || kind == ACT_LEAKY || kind == ACT_HARD_SIGMOID) {
        en_proto_float(&function, 1, (float)alpha);
    }
    if (kind == ACT_LINEAR || kind == ACT_HARD_SIGMOID) {
        en_proto_float(&function, 2, (float)beta);
    }
    en_proto_message(&params, kind, &function);
    add_unary(net, y, x, KIND_ACTIVATION, &params);
}

void en_coreml_linear(en_coreml_net *net, const char *y, const char *x, double alpha, double beta)
{
    add_activation(net, y, x, ACT_LINEAR, alpha, beta);
}

void en_coreml_unary(en_coreml_net *net, const char *y, const char *x, en_coreml_function f, double scale, double limit)
{
    en_proto params;
    en_proto_init(&params);
    en_proto_int(&params, 1, (int64_t)f);
    if (f == EN_COREML_THRESHOLD) {
        en_proto_float(&params, 2, (float)limit);
    } else if (f == EN_COREML_LOG) {
        en_proto_float(&params, 3, (float)limit);
    }
    en_proto_float(&params, 5, (float)scale);
    add_unary(net, y, x, KIND_UNARY, &params);
}

static void add_two(en_coreml_net *net, const char *y, const char *a, const char *b, unsigned field)
{
    en_proto params;
    en_proto_init(&params);
    en_coreml_layer(net, y, (const char *const[]){a, b}, 2, field, &params);
}

void en_coreml_add(en_coreml_net *net, const char *y, const char *a, const char *b) { add_two(net, y, a, b, KIND_ADD); }
void en_coreml_multiply(en_coreml_net *net, const char *y, const char *a, const char *b)
{
    add_two(net, y, a, b, KIND_MULTIPLY);
}

void en_coreml_scale(en_coreml_net *net, const char *y, const char *x, float *scale, float *bias, size_t n)
{
    const int64_t shape[] = {(int64_t)n, 1, 1};
    en_proto params;
    en_proto_init(&params);
    add_numbers(&params, 1, shape, 3);
    add_weights(&params, 2, NULL, scale, n);
    en_proto_int(&params, 3, bias != NULL);
    if (bias != NULL) {
        add_numbers(&params, 4, shape, 3);
        add_weights(&params, 5, NULL, bias, n);
    }
    add_unary(net, y, x, KIND_SCALE, &params);
}

static void name_part(char out[EN_COREML_NAME], const char *base, const char *what)
{
    (void)snprintf(out, EN_COREML_NAME, "%.40s.%.20s", base, what);
}

void en_coreml_activation(en_coreml_net *net, en_activation act, const char *y, const char *x)
{
    char a[EN_COREML_NAME], b[EN_COREML_NAME];
    en_proto params;
    switch (act) {
    case EN_ACT_RELU: add_activation(net, y, x, ACT_RELU, 0, 0); break;
    case EN_ACT_SIGMOID: add_activation(net, y, x, ACT_SIGMOID, 0, 0); break;
    case EN_ACT_TANH: add_activation(net, y, x, ACT_TANH, 0, 0); break;
    case EN_ACT_LEAKY: add_activation(net, y, x, ACT_LEAKY, 0.01, 0); break;
    case EN_ACT_RELU6: /* -max(-relu(x), -6) */
        name_part(a, y, "relu");
        name_part(b, y, "negative");
        add_activation(net, a, x, ACT_RELU, 0, 0);
        en_coreml_unary(net, b, a, EN_COREML_THRESHOLD, -1, -6);
        en_coreml_linear(net, y, b, -1, 0);
        break;
    case EN_ACT_HSWISH:
        name_part(a, y, "factor");
        add_activation(net, a, x, ACT_HARD_SIGMOID, 1.0 / 6, 0.5);
        en_coreml_multiply(net, y, x, a);
        break;
    case EN_ACT_GELU:
        en_proto_init(&params);
        en_proto_int(&params, 1, 0); /* exact */
        add_unary(net, y, x, KIND_GELU, &params);
        net->exact_gelu = true;
        break;
    case EN_ACT_NONE:
    case EN_ACT_SOFTMAX:
    case EN_ACT_ORDINAL: break;
    }
}

/* ValidPadding or SamePadding's neighbour: BorderAmounts of rows, then columns. */
static void add_padding(en_proto *params, unsigned field, const en_operation *op)
{
    const size_t edge[2][2] = {{op->top, op->bottom}, {op->left, op->right}};
    en_proto valid, amounts, sizes;
    en_proto_init(&valid);
    en_proto_init(&amounts);
    en_proto_init(&sizes);
    for (size_t i = 0; i < 2; i++) {
        en_proto_int(&sizes, 1, (int64_t)edge[i][0]);
        en_proto_int(&sizes, 2, (int64_t)edge[i][1]);
        en_proto_message(&amounts, 10, &sizes);
    }
    en_proto_message(&valid, 1, &amounts);
    en_proto_message(params, field, &valid);
}

static void add_conv(en_coreml_net *net, const en_operation *op, const char *y, const char *x)
{
    const size_t depth = op->in.c / op->groups, window = op->kh * op->kw;
    float *weight = en_export_kernels(op);
    if (weight != NULL && net->divisor != NULL && op->input[0] == 0) {
        for (size_t i = 0; i < op->count[0]; i++) {
            weight[i] /= net->divisor[i / window % depth];
        }
    }
    en_proto params;
    en_proto_init(&params);
    en_proto_int(&params, 1, (int64_t)op->out.c);
    en_proto_int(&params, 2, (int64_t)depth);
    en_proto_int(&params, 10, (int64_t)op->groups);
    add_numbers(&params, 20, (const int64_t[]){(int64_t)op->kh, (int64_t)op->kw}, 2);
    add_numbers(&params, 30, (const int64_t[]){(int64_t)op->stride, (int64_t)op->stride}, 2);
    add_numbers(&params, 40, (const int64_t[]){(int64_t)op->dilation, (int64_t)op->dilation}, 2);
    add_padding(&params, 50, op);
    en_proto_int(&params, 70, op->tensor[1] != NULL);
    add_weights(&params, 90, NULL, weight, op->count[0]);
    if (op->tensor[1] != NULL) {
        add_weights(&params, 91, op->tensor[1], NULL, op->out.c);
    }
    add_unary(net, y, x, KIND_CONVOLUTION, &params);
}

/* Weights (inputs,units) of the network are (units,inputs) here. */
void en_coreml_product(en_coreml_net *net, const char *y, const char *x, const float *const *tensor, size_t inputs,
                       size_t units)
{
    float *turned = en_export_turned(tensor[0], inputs, units, NULL);
    en_proto params;
    en_proto_init(&params);
    en_proto_int(&params, 1, (int64_t)inputs);
    en_proto_int(&params, 2, (int64_t)units);
    en_proto_int(&params, 10, 1);
    add_weights(&params, 20, NULL, turned, inputs * units);
    add_weights(&params, 21, tensor[1], NULL, units);
    add_unary(net, y, x, KIND_DENSE, &params);
}

static void add_dense(en_coreml_net *net, const en_operation *op, const char *y, const char *x)
{
    char flat[EN_COREML_NAME];
    const size_t inputs = op->in.h * op->in.w * op->in.c;
    if (inputs > op->in.c) { /* channels last, as the network has them */
        en_proto params;
        en_proto_init(&params);
        en_proto_int(&params, 1, 1);
        name_part(flat, y, "flat");
        add_unary(net, flat, x, KIND_FLATTEN, &params);
        x = flat;
    }
    en_coreml_product(net, y, x, op->tensor, inputs, op->out.c);
}

static void add_norm(en_coreml_net *net, const en_operation *op, const char *y, const char *x)
{
    en_proto params;
    en_proto_init(&params);
    en_proto_int(&params, 1, (int64_t)op->out.c);
    en_proto_float(&params, 10, (float)op->epsilon);
    for (unsigned i = 0; i < 4; i++) {
        add_weights(&params, 15 + i, op->tensor[i], NULL, op->out.c);
    }
    add_unary(net, y, x, KIND_BATCHNORM, &params);
}

enum { POOL_MAX = 0, POOL_AVERAGE = 1 };

static void add_global_pool(en_coreml_net *net, const char *y, const char *x, int type)
{
    en_proto params, valid;
    en_proto_init(&params);
    en_proto_init(&valid);
    en_proto_int(&params, 1, type);
    en_proto_message(&params, 30, &valid);
    en_proto_int(&params, 60, 1);
    add_unary(net, y, x, KIND_POOLING, &params);
}

static void add_pool(en_coreml_net *net, const en_operation *op, const char *y, const char *x)
{
    en_proto params;
    en_proto_init(&params);
    en_proto_int(&params, 1, op->kind == EN_OP_MAXPOOL ? POOL_MAX : POOL_AVERAGE);
    add_numbers(&params, 10, (const int64_t[]){(int64_t)op->kh, (int64_t)op->kw}, 2);
    add_numbers(&params, 20, (const int64_t[]){(int64_t)op->stride, (int64_t)op->stride}, 2);
    add_padding(&params, 30, op);
    en_proto_int(&params, 50, op->kind == EN_OP_AVGPOOL); /* the mean of the pixels inside */
    add_unary(net, y, x, KIND_POOLING, &params);
}

static void add_squeeze(en_coreml_net *net, const en_operation *op, const char *y, const char *x)
{
    char name[5][EN_COREML_NAME];
    static const char *const what[] = {"mean", "unit", "unit.relu", "sum", "factor"};
    for (size_t i = 0; i < 5; i++) {
        name_part(name[i], y, what[i]);
    }
    add_global_pool(net, name[0], x, POOL_AVERAGE);
    en_coreml_product(net, name[1], name[0], op->tensor, op->out.c, op->units);
    add_activation(net, name[2], name[1], ACT_RELU, 0, 0);
    en_coreml_product(net, name[3], name[2], op->tensor + 2, op->units, op->out.c);
    add_activation(net, name[4], name[3], ACT_HARD_SIGMOID, 1.0 / 6, 0.5);
    en_coreml_multiply(net, y, x, name[4]);
}

static void add_kind(en_coreml_net *net, const en_operation *op, const char *y, const char *x, const char *other)
{
    switch (op->kind) {
    case EN_OP_CONV: add_conv(net, op, y, x); break;
    case EN_OP_DENSE: add_dense(net, op, y, x); break;
    case EN_OP_NORM: add_norm(net, op, y, x); break;
    case EN_OP_MAXPOOL:
    case EN_OP_AVGPOOL: add_pool(net, op, y, x); break;
    case EN_OP_GLOBALMAX: add_global_pool(net, y, x, POOL_MAX); break;
    case EN_OP_GLOBALAVG: add_global_pool(net, y, x, POOL_AVERAGE); break;
    case EN_OP_ADD: en_coreml_add(net, y, x, other); break;
    case EN_OP_SQUEEZE: add_squeeze(net, op, y, x); break;
    case EN_OP_ACTIVATION: en_coreml_activation(net, op->act, y, x); break;
    }
}

void en_coreml_operations(en_coreml_net *net, const char *from, char logits[EN_COREML_NAME])
{
    const en_operations *ops = &net->model->ops;
    char(*name)[EN_COREML_NAME] = en_calloc(ops->count + 1, sizeof *name);
    if (name == NULL) {
        net->layers.status = en_error_nomem(&net->layers.error, "a Core ML model");
        return;
    }
    (void)snprintf(name[0], sizeof name[0], "%s", from);
    for (size_t i = 0; i < ops->count; i++) {
        const en_operation *op = &ops->op[i];
        const char *x = name[op->input[0]], *other = op->inputs > 1 ? name[op->input[1]] : NULL;
        char plain[EN_COREML_NAME];
        (void)snprintf(name[i + 1], sizeof name[i + 1], "%zu.%s", op->line,
                       op->kind == EN_OP_ACTIVATION ? en_activation_word(op->act) : en_operation_word(op->kind));
        if (op->act == EN_ACT_NONE || op->kind == EN_OP_ACTIVATION) {
            add_kind(net, op, name[i + 1], x, other);
        } else {
            (void)snprintf(plain, sizeof plain, "%s", name[i + 1]);
            name_part(name[i + 1], plain, en_activation_word(op->act));
            add_kind(net, op, plain, x, other);
            en_coreml_activation(net, op->act, name[i + 1], plain);
        }
    }
    (void)snprintf(logits, EN_COREML_NAME, "%s", name[ops->last]);
    en_free(name);
}
