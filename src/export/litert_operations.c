/* The operations of a network as LiteRT's operators. Values are (N,h,w,c), or (N,c) from the first dense layer on. A
 * norm behind a convolution or dense layer that only it reads is part of that layer's weights. */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "export/litert_graph.h"

int32_t en_litert_samples(en_litert_graph *g, const en_export_model *model, int32_t pixels)
{
    const en_dims in = model->spec->input;
    float *factor = en_calloc(in.c, sizeof *factor), *shift = en_calloc(in.c, sizeof *shift);
    for (size_t i = 0; factor != NULL && shift != NULL && i < in.c; i++) {
        double a, b;
        en_export_input(model->spec, i, &a, &b);
        factor[i] = (float)a;
        shift[i] = (float)b;
    }
    const en_litert_shape each = {1, {(int32_t)in.c}};
    const int32_t factors = en_litert_floats_owned(g, "input.factor", factor, each),
                  shifts = en_litert_floats_owned(g, "input.shift", shift, each);
    en_flat_table types = {0};
    en_flat_byte(&types, CAST_IN, EN_LITERT_UINT8);
    en_flat_byte(&types, CAST_OUT, EN_LITERT_FLOAT);
    const int32_t bytes = en_litert_add(g, EN_LITERT_CAST, "input.bytes", en_litert_image(in), &pixels, 1, &types);
    const int32_t scaled = en_litert_binary(g, EN_LITERT_MUL, "input.scaled", bytes, factors);
    return en_litert_binary(g, EN_LITERT_ADD, "input", scaled, shifts);
}

/* y = x * scale + shift of each channel: a norm, or what leaves everything as it is. Both owned. */
typedef struct affine {
    double *scale, *shift;
} affine;

static void clear_affine(affine *a)
{
    en_free(a->scale);
    en_free(a->shift);
}

/* `norm` may be NULL. Without memory both are NULL. */
static affine affine_of(en_litert_graph *g, const en_operation *norm, size_t channels)
{
    affine a = {en_calloc(channels, sizeof *a.scale), en_calloc(channels, sizeof *a.shift)};
    if (a.scale == NULL || a.shift == NULL) {
        g->status = g->status == EN_OK ? en_error_nomem(&g->error, "weights") : g->status;
        clear_affine(&a);
        return (affine){NULL, NULL};
    }
    for (size_t c = 0; c < channels; c++) {
        a.scale[c] = 1;
        if (norm != NULL) {
            a.scale[c] = (double)norm->tensor[0][c] / sqrt((double)norm->tensor[3][c] + norm->epsilon);
            a.shift[c] = (double)norm->tensor[1][c] - (double)norm->tensor[2][c] * a.scale[c];
        }
    }
    return a;
}

static int32_t add_numbers(en_litert_graph *g, const char *part, const double *from, size_t count)
{
    float *number = from != NULL ? en_alloc(count * sizeof *number) : NULL;
    for (size_t i = 0; number != NULL && i < count; i++) {
        number[i] = (float)from[i];
    }
    return en_litert_floats_owned(g, part, number, (en_litert_shape){1, {(int32_t)count}});
}

/* The bias of a layer, which may be NULL, with the norm behind it. */
static int32_t add_bias(en_litert_graph *g, const float *bias, affine a, size_t channels)
{
    for (size_t c = 0; bias != NULL && a.shift != NULL && c < channels; c++) {
        a.shift[c] += (double)bias[c] * a.scale[c];
    }
    return add_numbers(g, "bias", a.shift, channels);
}

static int fused(en_activation act)
{
    return act == EN_ACT_RELU ? FUSED_RELU : act == EN_ACT_RELU6 ? FUSED_RELU6 : FUSED_NONE;
}

static int32_t flatten(en_litert_graph *g, int32_t x, size_t count)
{
    if (en_litert_shape_of(g, x).rank != 4) {
        return x;
    }
    const int32_t shape = en_litert_ints(g, "flat.shape", (const int32_t[]){-1, (int32_t)count}, 2, 0);
    return en_litert_add(g, EN_LITERT_RESHAPE, "flat", en_litert_flat(count), (const int32_t[]){x, shape}, 2, NULL);
}

static int32_t unflatten(en_litert_graph *g, const char *part, int32_t x, en_dims d)
{
    char name[EN_LITERT_NAME];
    if (en_litert_shape_of(g, x).rank != 2) {
        return x;
    }
    (void)snprintf(name, sizeof name, "%s.shape", part);
    const int32_t shape = en_litert_ints(g, name, (const int32_t[]){-1, 1, 1, (int32_t)d.c}, 4, 0);
    return en_litert_add(g, EN_LITERT_RESHAPE, part, en_litert_image(d), (const int32_t[]){x, shape}, 2, NULL);
}

/* The padding that LiteRT calls the same: outputs of inputs/stride rounded up, half of what is missing before. */
static bool is_same(size_t in, size_t out, size_t window, size_t stride, size_t before, size_t behind)
{
    const size_t reach = (out - 1) * stride + window, missing = reach > in ? reach - in : 0;
    return out == (in + stride - 1) / stride && before == missing / 2 && behind == missing - missing / 2;
}

/* Pads x where LiteRT has no word for the padding, with `value`; returns PADDING_... for what is left. */
static int pad(en_litert_graph *g, const en_operation *op, double value, int32_t *x)
{
    const size_t high = (op->kh - 1) * op->dilation + 1, wide = (op->kw - 1) * op->dilation + 1;
    if (op->top + op->bottom + op->left + op->right == 0) {
        return PADDING_VALID;
    }
    if (is_same(op->in.h, op->out.h, high, op->stride, op->top, op->bottom) &&
        is_same(op->in.w, op->out.w, wide, op->stride, op->left, op->right)) {
        return PADDING_SAME;
    }
    const int32_t edges[] = {0, 0, (int32_t)op->top, (int32_t)op->bottom, (int32_t)op->left, (int32_t)op->right, 0, 0};
    const en_litert_shape to =
        en_litert_image((en_dims){op->in.h + op->top + op->bottom, op->in.w + op->left + op->right, op->in.c});
    const int32_t amounts = en_litert_ints(g, "padded.by", edges, 8, 2);
    if (value == 0) {
        *x = en_litert_add(g, EN_LITERT_PAD, "padded", to, (const int32_t[]){*x, amounts}, 2, NULL);
    } else {
        const int32_t with = en_litert_scalar(g, "padded.with", value);
        *x = en_litert_add(g, EN_LITERT_PAD_VALUE, "padded", to, (const int32_t[]){*x, amounts, with}, 3, NULL);
    }
    return PADDING_VALID;
}

/* Weights (kh,kw,c/groups,kernels) are (kernels,kh,kw,c/groups) in LiteRT, or of a depthwise one (1,kh,kw,kernels). */
static int32_t add_conv(en_litert_graph *g, const en_operation *op, const en_operation *norm, int32_t x, const char *y)
{
    const size_t depth = op->in.c / op->groups, kernels = op->out.c, rows = op->kh * op->kw * depth;
    const int32_t h = (int32_t)op->kh, w = (int32_t)op->kw, stride = (int32_t)op->stride, dil = (int32_t)op->dilation;
    const bool depthwise = depth == 1 && op->groups > 1;
    en_flat_table o = {0};
    en_flat_byte(&o, depthwise ? DEPTHWISE_PADDING : CONV_PADDING, pad(g, op, 0, &x));
    en_flat_int(&o, depthwise ? DEPTHWISE_STRIDE_W : CONV_STRIDE_W, stride);
    en_flat_int(&o, depthwise ? DEPTHWISE_STRIDE_H : CONV_STRIDE_H, stride);
    en_flat_int(&o, depthwise ? DEPTHWISE_DILATION_W : CONV_DILATION_W, dil);
    en_flat_int(&o, depthwise ? DEPTHWISE_DILATION_H : CONV_DILATION_H, dil);
    en_flat_byte(&o, depthwise ? DEPTHWISE_FUSED : CONV_FUSED, fused(norm != NULL ? norm->act : op->act));
    en_litert_shape shape = {4, {(int32_t)kernels, h, w, (int32_t)depth}};
    if (depthwise) {
        en_flat_int(&o, DEPTHWISE_MULTIPLIER, (int32_t)(kernels / op->in.c));
        shape = (en_litert_shape){4, {1, h, w, (int32_t)kernels}};
    }
    affine a = affine_of(g, norm, kernels);
    float *weight = NULL;
    if (a.scale != NULL && depthwise) {
        weight = en_alloc(rows * kernels * sizeof *weight);
        for (size_t i = 0; weight != NULL && i < rows * kernels; i++) {
            weight[i] = (float)((double)op->tensor[0][i] * a.scale[i % kernels]);
        }
    } else if (a.scale != NULL) {
        weight = en_export_turned(op->tensor[0], rows, kernels, a.scale);
    }
    const int32_t weights = en_litert_floats_owned(g, "weight", weight, shape);
    const int32_t input[] = {x, weights, add_bias(g, op->tensor[1], a, kernels)};
    clear_affine(&a);
    return en_litert_add(g, depthwise ? EN_LITERT_DEPTHWISE : EN_LITERT_CONV, y, en_litert_image(op->out), input, 3,
                         &o);
}

static int32_t add_dense(en_litert_graph *g, const en_operation *op, const en_operation *norm, int32_t x, const char *y)
{
    const size_t inputs = op->in.h * op->in.w * op->in.c, units = op->out.c;
    affine a = affine_of(g, norm, units);
    en_flat_table o = {0};
    en_flat_byte(&o, DENSE_FUSED, fused(norm != NULL ? norm->act : op->act));
    const int32_t flat = flatten(g, x, inputs);
    float *weight = a.scale != NULL ? en_export_turned(op->tensor[0], inputs, units, a.scale) : NULL;
    const int32_t weights =
        en_litert_floats_owned(g, "weight", weight, (en_litert_shape){2, {(int32_t)units, (int32_t)inputs}});
    const int32_t input[] = {flat, weights, add_bias(g, op->tensor[1], a, units)};
    clear_affine(&a);
    return en_litert_add(g, EN_LITERT_DENSE, y, en_litert_flat(units), input, 3, &o);
}

static int32_t add_norm(en_litert_graph *g, const en_operation *op, int32_t x, const char *y)
{
    affine a = affine_of(g, op, op->out.c);
    const int32_t scale = add_numbers(g, "scale", a.scale, op->out.c),
                  shift = add_numbers(g, "shift", a.shift, op->out.c);
    clear_affine(&a);
    en_flat_table o = {0};
    en_flat_byte(&o, ARITHMETIC_FUSED, fused(op->act));
    const int32_t scaled = en_litert_binary(g, EN_LITERT_MUL, "scaled", x, scale);
    return en_litert_add(g, EN_LITERT_ADD, y, en_litert_shape_of(g, x), (const int32_t[]){scaled, shift}, 2, &o);
}

/* Of each pixel of the output, by how much the mean of a whole window of zero padding is less than that of its pixels
 * inside the image. */
static float *fullness(const en_operation *op)
{
    float *m = en_alloc(op->out.h * op->out.w * sizeof *m);
    for (size_t y = 0; m != NULL && y < op->out.h; y++) {
        for (size_t x = 0; x < op->out.w; x++) {
            size_t inside = 0;
            for (size_t i = 0; i < op->kh * op->kw; i++) {
                const size_t row = y * op->stride + i / op->kw, column = x * op->stride + i % op->kw;
                inside +=
                    row >= op->top && row < op->top + op->in.h && column >= op->left && column < op->left + op->in.w;
            }
            m[y * op->out.w + x] = (float)((double)(op->kh * op->kw) / (double)(inside > 0 ? inside : 1));
        }
    }
    return m;
}

static int32_t add_pool(en_litert_graph *g, const en_operation *op, int32_t x, const char *y)
{
    const bool max = op->kind == EN_OP_MAXPOOL;
    const int32_t before = x;
    en_flat_table o = {0};
    en_flat_byte(&o, POOL_PADDING, pad(g, op, max ? -(double)FLT_MAX : 0, &x));
    en_flat_int(&o, POOL_STRIDE_W, (int32_t)op->stride);
    en_flat_int(&o, POOL_STRIDE_H, (int32_t)op->stride);
    en_flat_int(&o, POOL_WIDTH, (int32_t)op->kw);
    en_flat_int(&o, POOL_HEIGHT, (int32_t)op->kh);
    const bool mend = !max && x != before; /* padding of the operator's own is not part of its mean */
    en_flat_byte(&o, POOL_FUSED, mend ? FUSED_NONE : fused(op->act));
    const int32_t result = en_litert_add(g, max ? EN_LITERT_MAX_POOL : EN_LITERT_AVERAGE_POOL, mend ? "whole" : y,
                                         en_litert_image(op->out), &x, 1, &o);
    if (!mend) {
        return result;
    }
    en_flat_table product = {0};
    en_flat_byte(&product, ARITHMETIC_FUSED, fused(op->act));
    const en_litert_shape map = en_litert_image((en_dims){op->out.h, op->out.w, 1});
    const int32_t factor = en_litert_floats_owned(g, "fullness", fullness(op), map);
    return en_litert_add(g, EN_LITERT_MUL, y, en_litert_image(op->out), (const int32_t[]){result, factor}, 2, &product);
}

static int32_t add_global(en_litert_graph *g, en_litert_kind kind, size_t c, int32_t x, const char *y)
{
    char name[EN_LITERT_NAME];
    en_flat_table o = {0};
    en_flat_byte(&o, REDUCE_KEEP, 1);
    (void)snprintf(name, sizeof name, "%s.axes", y != NULL ? y : "pool");
    const int32_t axes = en_litert_ints(g, name, (const int32_t[]){1, 2}, 2, 0);
    return en_litert_add(g, kind, y, en_litert_image((en_dims){1, 1, c}), (const int32_t[]){x, axes}, 2, &o);
}

/* A dense layer of (N,1,1,inputs), as a convolution. */
static int32_t add_units(en_litert_graph *g, const char *part, int32_t x, const float *const *tensor, size_t inputs,
                         size_t units, int act)
{
    char name[2][EN_LITERT_NAME];
    (void)snprintf(name[0], sizeof name[0], "%s.weight", part);
    (void)snprintf(name[1], sizeof name[1], "%s.bias", part);
    en_flat_table o = {0};
    en_flat_byte(&o, CONV_PADDING, PADDING_VALID);
    en_flat_int(&o, CONV_STRIDE_W, 1);
    en_flat_int(&o, CONV_STRIDE_H, 1);
    en_flat_byte(&o, CONV_FUSED, act);
    const int32_t input[] = {x,
                             en_litert_floats_owned(g, name[0], en_export_turned(tensor[0], inputs, units, NULL),
                                                    (en_litert_shape){4, {(int32_t)units, 1, 1, (int32_t)inputs}}),
                             en_litert_floats(g, name[1], tensor[1], (en_litert_shape){1, {(int32_t)units}})};
    return en_litert_add(g, EN_LITERT_CONV, part, en_litert_image((en_dims){1, 1, units}), input, 3, &o);
}

static int32_t add_squeeze(en_litert_graph *g, const en_operation *op, int32_t x, const char *y)
{
    const size_t c = op->out.c;
    const int32_t mean = add_global(g, EN_LITERT_MEAN, c, x, "mean");
    const int32_t unit = add_units(g, "reduce", mean, op->tensor, c, op->units, FUSED_RELU);
    const int32_t sum = add_units(g, "expand", unit, op->tensor + 2, op->units, c, FUSED_NONE);
    en_flat_table o = {0}; /* min(max(sum + 3, 0), 6) / 6 */
    en_flat_byte(&o, ARITHMETIC_FUSED, FUSED_RELU6);
    const int32_t shifted = en_litert_add(g, EN_LITERT_ADD, "shifted", en_litert_shape_of(g, sum),
                                          (const int32_t[]){sum, en_litert_scalar(g, "shifted.by", 3)}, 2, &o);
    return en_litert_binary(g, EN_LITERT_MUL, y, x, en_litert_with(g, EN_LITERT_MUL, "factor", shifted, 1.0 / 6));
}

static int32_t add_sum(en_litert_graph *g, const en_operation *op, int32_t x, int32_t other, const char *y)
{
    en_flat_table o = {0};
    en_flat_byte(&o, ARITHMETIC_FUSED, fused(op->act));
    other = unflatten(g, "other", other, op->in);
    return en_litert_add(g, EN_LITERT_ADD, y, en_litert_image(op->out), (const int32_t[]){x, other}, 2, &o);
}

static int32_t add_activation(en_litert_graph *g, en_activation act, int32_t x, const char *y)
{
    en_flat_table o = {0};
    switch (act) {
    case EN_ACT_RELU: return en_litert_unary(g, EN_LITERT_RELU, y, x);
    case EN_ACT_RELU6: return en_litert_unary(g, EN_LITERT_RELU6, y, x);
    case EN_ACT_SIGMOID: return en_litert_unary(g, EN_LITERT_LOGISTIC, y, x);
    case EN_ACT_TANH: return en_litert_unary(g, EN_LITERT_TANH, y, x);
    case EN_ACT_GELU: return en_litert_unary(g, EN_LITERT_GELU, y, x); /* without options, the exact one */
    case EN_ACT_HSWISH: return en_litert_unary(g, EN_LITERT_HARD_SWISH, y, x);
    case EN_ACT_LEAKY:
        en_flat_float(&o, LEAKY_ALPHA, 0.01);
        return en_litert_add(g, EN_LITERT_LEAKY_RELU, y, en_litert_shape_of(g, x), &x, 1, &o);
    case EN_ACT_NONE:
    case EN_ACT_SOFTMAX:
    case EN_ACT_ORDINAL: break;
    }
    return x;
}

/* Whether the operator of that kind has applied the activation itself. */
static bool fuses(en_operation_kind kind, en_activation act)
{
    const bool can = kind == EN_OP_CONV || kind == EN_OP_DENSE || kind == EN_OP_NORM || kind == EN_OP_MAXPOOL ||
                     kind == EN_OP_AVGPOOL || kind == EN_OP_ADD;
    return can && fused(act) != FUSED_NONE;
}

static int32_t add_kind(en_litert_graph *g, const en_operation *op, const en_operation *norm, int32_t x, int32_t other,
                        const char *y)
{
    switch (op->kind) {
    case EN_OP_CONV: return add_conv(g, op, norm, x, y);
    case EN_OP_DENSE: return add_dense(g, op, norm, x, y);
    case EN_OP_NORM: return add_norm(g, op, x, y);
    case EN_OP_MAXPOOL:
    case EN_OP_AVGPOOL: return add_pool(g, op, x, y);
    case EN_OP_GLOBALMAX: return add_global(g, EN_LITERT_REDUCE_MAX, op->out.c, x, y);
    case EN_OP_GLOBALAVG: return add_global(g, EN_LITERT_MEAN, op->out.c, x, y);
    case EN_OP_ADD: return add_sum(g, op, x, other, y);
    case EN_OP_SQUEEZE: return add_squeeze(g, op, x, y);
    case EN_OP_ACTIVATION: break;
    }
    return x;
}

/* The norm that can be part of operation i: the only one that reads it, with nothing between. */
static const en_operation *norm_behind(const en_operations *ops, size_t i)
{
    const en_operation *op = &ops->op[i], *norm = NULL;
    size_t readers = ops->last == i + 1;
    if ((op->kind != EN_OP_CONV && op->kind != EN_OP_DENSE) || op->act != EN_ACT_NONE) {
        return NULL;
    }
    for (size_t j = i + 1; j < ops->count; j++) {
        for (size_t k = 0; k < ops->op[j].inputs; k++) {
            if (ops->op[j].input[k] == i + 1) {
                readers++;
                norm = ops->op[j].kind == EN_OP_NORM ? &ops->op[j] : NULL;
            }
        }
    }
    return readers == 1 ? norm : NULL;
}

static int32_t add_operation(en_litert_graph *g, const en_operation *op, const en_operation *norm, int32_t x,
                             int32_t other)
{
    const en_activation act = norm != NULL ? norm->act : op->act;
    const bool either = op->kind == EN_OP_NORM || op->kind == EN_OP_ACTIVATION || op->kind == EN_OP_DENSE;
    const bool apart = op->kind == EN_OP_ACTIVATION || (act != EN_ACT_NONE && !fuses(op->kind, act));
    (void)snprintf(g->scope, sizeof g->scope, "%zu.%s", op->line, en_operation_word(op->kind));
    if (!either) {
        x = unflatten(g, "image", x, op->in);
    }
    const int32_t plain = add_kind(g, op, norm, x, other, apart ? "plain" : NULL);
    return apart ? add_activation(g, act, plain, NULL) : plain;
}

int32_t en_litert_operations(en_litert_graph *g, const en_export_model *model, int32_t x)
{
    const en_operations *ops = &model->ops;
    int32_t *value = en_calloc(ops->count + 1, sizeof *value);
    if (value == NULL) {
        g->status = en_error_nomem(&g->error, "a LiteRT model");
        return 0;
    }
    value[0] = x;
    for (size_t i = 0; i < ops->count; i++) {
        const en_operation *op = &ops->op[i];
        const int32_t from = value[op->input[0]];
        const bool done = op->kind == EN_OP_NORM && op->input[0] > 0 && norm_behind(ops, op->input[0] - 1) == op;
        value[i + 1] =
            done ? from : add_operation(g, op, norm_behind(ops, i), from, op->inputs > 1 ? value[op->input[1]] : 0);
    }
    const int32_t last = value[ops->last];
    (void)snprintf(g->scope, sizeof g->scope, "logits");
    en_free(value);
    return flatten(g, last, en_spec_units(model->spec, model->classes));
}
