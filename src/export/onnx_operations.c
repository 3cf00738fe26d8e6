/* The operations of a network as ONNX nodes. Values are (N,c,h,w), or (N,c) from the first dense layer on; a dense
 * layer takes its inputs in the network's own order, (h,w,c), so that its weights are written as they are. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "export/onnx_graph.h"

typedef struct naming { /* "12.conv", and what is made on the way there */
    char base[EN_ONNX_NAME / 2];
} naming;

static naming naming_of(const en_operation *op)
{
    naming n;
    (void)snprintf(n.base, sizeof n.base, "%zu.%s", op->line, en_operation_word(op->kind));
    return n;
}

static const char *part(const naming *n, const char *what, char out[EN_ONNX_NAME])
{
    (void)snprintf(out, EN_ONNX_NAME, "%s.%s", n->base, what);
    return out;
}

/* The value as (N,c): of an image in the order h,w,c. */
static void flatten(en_onnx_graph *g, const naming *n, const en_onnx_value *x, en_dims d, char out[EN_ONNX_NAME])
{
    char turned[EN_ONNX_NAME];
    const char *from = x->name;
    if (x->flat) {
        (void)snprintf(out, EN_ONNX_NAME, "%s", x->name);
        return;
    }
    if (d.h * d.w > 1) {
        en_proto a;
        en_proto_init(&a);
        en_onnx_ints(&a, "perm", (const int64_t[]){0, 2, 3, 1}, 4);
        en_onnx_node(g, "Transpose", part(n, "hwc", turned), &from, 1, &a);
        from = turned;
    }
    en_onnx_unary(g, "Flatten", part(n, "flat", out), from);
}

/* The value as (N,c,1,1), where it is (N,c). */
static void unflatten(en_onnx_graph *g, const naming *n, const en_onnx_value *x, en_dims d, char out[EN_ONNX_NAME])
{
    if (!x->flat) {
        (void)snprintf(out, EN_ONNX_NAME, "%s", x->name);
        return;
    }
    char shape[EN_ONNX_NAME];
    en_onnx_shape(g, part(n, "image.shape", shape), (const int64_t[]){0, (int64_t)d.c, 1, 1}, 4);
    en_onnx_binary(g, "Reshape", part(n, "image", out), x->name, shape);
}

static void add_conv(en_onnx_graph *g, const en_operation *op, const naming *n, const char *x, const char *y)
{
    char weight[EN_ONNX_NAME], bias[EN_ONNX_NAME];
    const int64_t kernel[] = {(int64_t)op->kh, (int64_t)op->kw}, step = (int64_t)op->stride;
    const int64_t strides[] = {step, step}, dilations[] = {(int64_t)op->dilation, (int64_t)op->dilation};
    const int64_t pads[] = {(int64_t)op->top, (int64_t)op->left, (int64_t)op->bottom, (int64_t)op->right};
    en_proto a;
    en_proto_init(&a);
    en_onnx_ints(&a, "kernel_shape", kernel, 2);
    en_onnx_ints(&a, "strides", strides, 2);
    en_onnx_ints(&a, "dilations", dilations, 2);
    en_onnx_ints(&a, "pads", pads, 4);
    en_onnx_int(&a, "group", (int64_t)op->groups);
    en_onnx_floats_owned(g, part(n, "weight", weight), en_export_kernels(op),
                         (const int64_t[]){(int64_t)op->out.c, (int64_t)(op->in.c / op->groups), kernel[0], kernel[1]},
                         4);
    const char *input[] = {x, weight, bias};
    size_t inputs = 2;
    if (op->tensor[1] != NULL) {
        en_onnx_floats(g, part(n, "bias", bias), op->tensor[1], (const int64_t[]){(int64_t)op->out.c}, 1);
        inputs++;
    }
    en_onnx_node(g, "Conv", y, input, inputs, &a);
}

/* y = x*w + b of (N,rows) and (rows,columns), named like "3.dense.weight". */
static void add_product(en_onnx_graph *g, const naming *n, const char *prefix, const float *const *tensor, size_t rows,
                        size_t columns, const char *x, const char *y)
{
    char name[2][EN_ONNX_NAME], word[32];
    (void)snprintf(word, sizeof word, "%sweight", prefix);
    en_onnx_floats(g, part(n, word, name[0]), tensor[0], (const int64_t[]){(int64_t)rows, (int64_t)columns}, 2);
    (void)snprintf(word, sizeof word, "%sbias", prefix);
    en_onnx_floats(g, part(n, word, name[1]), tensor[1], (const int64_t[]){(int64_t)columns}, 1);
    en_onnx_node(g, "Gemm", y, (const char *const[]){x, name[0], name[1]}, 3, NULL);
}

static void add_norm(en_onnx_graph *g, const en_operation *op, const naming *n, const char *x, const char *y)
{
    static const char *const what[] = {"scale", "shift", "mean", "variance"};
    char name[4][EN_ONNX_NAME];
    const char *input[5] = {x};
    for (size_t i = 0; i < 4; i++) {
        input[i + 1] = part(n, what[i], name[i]);
        en_onnx_floats(g, name[i], op->tensor[i], (const int64_t[]){(int64_t)op->out.c}, 1);
    }
    en_proto a;
    en_proto_init(&a);
    en_onnx_float(&a, "epsilon", op->epsilon);
    en_onnx_node(g, "BatchNormalization", y, input, 5, &a);
}

static void add_pool(en_onnx_graph *g, const en_operation *op, const char *x, const char *y)
{
    const int64_t window[] = {(int64_t)op->kh, (int64_t)op->kw}, strides[] = {(int64_t)op->stride, (int64_t)op->stride};
    const int64_t pads[] = {(int64_t)op->top, (int64_t)op->left, (int64_t)op->bottom, (int64_t)op->right};
    en_proto a;
    en_proto_init(&a);
    en_onnx_ints(&a, "kernel_shape", window, 2);
    en_onnx_ints(&a, "strides", strides, 2);
    en_onnx_ints(&a, "pads", pads, 4);
    en_onnx_node(g, op->kind == EN_OP_MAXPOOL ? "MaxPool" : "AveragePool", y, &x, 1, &a);
}

/* min(max(x/6 + 1/2, 0), 1) */
static void add_hard_sigmoid(en_onnx_graph *g, const char *x, const char *y)
{
    en_proto a;
    en_proto_init(&a);
    en_onnx_float(&a, "alpha", 1.0 / 6);
    en_onnx_float(&a, "beta", 0.5);
    en_onnx_node(g, "HardSigmoid", y, &x, 1, &a);
}

static void add_squeeze(en_onnx_graph *g, const en_operation *op, const naming *n, const char *x, const char *y)
{
    char mean[EN_ONNX_NAME], flat[EN_ONNX_NAME], unit[EN_ONNX_NAME], relu[EN_ONNX_NAME], sum[EN_ONNX_NAME],
        factor[EN_ONNX_NAME], image[EN_ONNX_NAME];
    size_t c = op->out.c;
    en_onnx_unary(g, "GlobalAveragePool", part(n, "mean", mean), x);
    en_onnx_unary(g, "Flatten", part(n, "mean.flat", flat), mean);
    add_product(g, n, "reduce.", op->tensor, c, op->units, flat, part(n, "unit", unit));
    en_onnx_unary(g, "Relu", part(n, "unit.relu", relu), unit);
    add_product(g, n, "expand.", op->tensor + 2, op->units, c, relu, part(n, "sum", sum));
    add_hard_sigmoid(g, sum, part(n, "factor", factor));
    en_onnx_value v = {.flat = true};
    naming second;
    (void)snprintf(v.name, sizeof v.name, "%s", factor);
    (void)snprintf(second.base, sizeof second.base, "%zu.factor", op->line);
    unflatten(g, &second, &v, op->out, image);
    en_onnx_binary(g, "Mul", y, x, image);
}

static void add_gelu(en_onnx_graph *g, const naming *n, const char *x, const char *y)
{
    char name[6][EN_ONNX_NAME];
    en_onnx_scalar(g, part(n, "gelu.root", name[0]), M_SQRT1_2);
    en_onnx_binary(g, "Mul", part(n, "gelu.scaled", name[1]), x, name[0]);
    en_onnx_unary(g, "Erf", part(n, "gelu.erf", name[2]), name[1]);
    en_onnx_scalar(g, part(n, "gelu.half", name[3]), 0.5);
    en_onnx_binary(g, "Mul", part(n, "gelu.halved", name[4]), x, name[3]);
    en_onnx_binary(g, "Mul", part(n, "gelu.part", name[5]), name[4], name[2]);
    en_onnx_binary(g, "Add", y, name[4], name[5]);
}

static void add_activation(en_onnx_graph *g, en_activation act, const naming *n, const char *x, const char *y)
{
    char name[2][EN_ONNX_NAME];
    en_proto a;
    en_proto_init(&a);
    switch (act) {
    case EN_ACT_RELU: en_onnx_unary(g, "Relu", y, x); break;
    case EN_ACT_SIGMOID: en_onnx_unary(g, "Sigmoid", y, x); break;
    case EN_ACT_TANH: en_onnx_unary(g, "Tanh", y, x); break;
    case EN_ACT_GELU: add_gelu(g, n, x, y); break;
    case EN_ACT_RELU6:
        en_onnx_scalar(g, part(n, "relu6.least", name[0]), 0);
        en_onnx_scalar(g, part(n, "relu6.most", name[1]), 6);
        en_onnx_node(g, "Clip", y, (const char *const[]){x, name[0], name[1]}, 3, NULL);
        break;
    case EN_ACT_LEAKY:
        en_onnx_float(&a, "alpha", 0.01);
        en_onnx_node(g, "LeakyRelu", y, &x, 1, &a);
        break;
    case EN_ACT_HSWISH:
        add_hard_sigmoid(g, x, part(n, "hswish.factor", name[0]));
        en_onnx_binary(g, "Mul", y, x, name[0]);
        break;
    case EN_ACT_NONE:
    case EN_ACT_SOFTMAX:
    case EN_ACT_ORDINAL: break;
    }
}

/* The operation itself: x and y are names, x of the form that it works on. */
static void add_kind(en_onnx_graph *g, const en_operation *op, const naming *n, const char *x, const char *other,
                     const char *y)
{
    switch (op->kind) {
    case EN_OP_CONV: add_conv(g, op, n, x, y); break;
    case EN_OP_DENSE: add_product(g, n, "", op->tensor, op->in.h * op->in.w * op->in.c, op->out.c, x, y); break;
    case EN_OP_NORM: add_norm(g, op, n, x, y); break;
    case EN_OP_MAXPOOL:
    case EN_OP_AVGPOOL: add_pool(g, op, x, y); break;
    case EN_OP_GLOBALMAX: en_onnx_unary(g, "GlobalMaxPool", y, x); break;
    case EN_OP_GLOBALAVG: en_onnx_unary(g, "GlobalAveragePool", y, x); break;
    case EN_OP_ADD: en_onnx_binary(g, "Add", y, x, other); break;
    case EN_OP_SQUEEZE: add_squeeze(g, op, n, x, y); break;
    case EN_OP_ACTIVATION: add_activation(g, op->act, n, x, y); break;
    }
}

static bool works_on_either(en_operation_kind kind) { return kind == EN_OP_NORM || kind == EN_OP_ACTIVATION; }

static void add_operation(en_onnx_graph *g, const en_operation *op, en_onnx_value *y)
{
    naming n = naming_of(op);
    const en_onnx_value *x = &g->value[op->input[0]];
    char from[EN_ONNX_NAME], other[EN_ONNX_NAME] = "";
    bool acts = op->act != EN_ACT_NONE && op->kind != EN_OP_ACTIVATION;
    y->flat = op->kind == EN_OP_DENSE || (works_on_either(op->kind) && x->flat);
    if (works_on_either(op->kind)) {
        (void)snprintf(from, sizeof from, "%s", x->name);
    } else if (op->kind == EN_OP_DENSE) {
        flatten(g, &n, x, op->in, from);
    } else {
        unflatten(g, &n, x, op->in, from);
    }
    if (op->kind == EN_OP_ADD) {
        naming second;
        (void)snprintf(second.base, sizeof second.base, "%zu.other", op->line);
        unflatten(g, &second, &g->value[op->input[1]], op->in, other);
    }
    char plain[EN_ONNX_NAME];
    (void)snprintf(y->name, sizeof y->name, "%s%s%s", n.base, acts || op->kind == EN_OP_ACTIVATION ? "." : "",
                   acts || op->kind == EN_OP_ACTIVATION ? en_activation_word(op->act) : "");
    add_kind(g, op, &n, from, other, acts ? part(&n, "plain", plain) : y->name);
    if (acts) {
        add_activation(g, op->act, &n, plain, y->name);
    }
}

void en_onnx_operations(en_onnx_graph *g, const en_export_model *model, char logits[EN_ONNX_NAME])
{
    (void)snprintf(g->value[0].name, EN_ONNX_NAME, "input");
    for (size_t i = 0; i < model->ops.count; i++) {
        add_operation(g, &model->ops.op[i], &g->value[i + 1]);
    }
    const en_operation *last = &model->ops.op[model->ops.last - 1];
    naming n = {"logits"};
    flatten(g, &n, &g->value[model->ops.last], last->out, logits);
}
