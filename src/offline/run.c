/* See run.h: the operations of a network (nn/operation.h), one after the other. Sums of a product are of single
 * precision over the taps of a convolution, and of double precision over the inputs of a dense layer, which has many.
 */
#include "offline/run.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "base/memory.h"
#include "nn/kind.h"
#include "nn/loss.h"
#include "nn/operation.h"

/* A vector register of every machine that this is for. */
typedef float lanes __attribute__((vector_size(16)));

enum { H, W, C };
enum { PIXELS = 4, BLOCK = 8 }; /* convolutions: pixels and kernels that are summed together, in eight registers */

typedef en_offline_operation op_t;

static size_t size_of(const uint32_t dims[3]) { return (size_t)dims[H] * dims[W] * dims[C]; }

static lanes lanes_at(const float *from)
{
    lanes v;
    memcpy(&v, from, sizeof v);
    return v;
}

/* Convolutions ----------------------------------------------------------------------------------------------------- */

typedef struct conv_t {
    const op_t *op;
    const float *x, *weight, *bias; /* bias may be NULL */
    float *y;
    float *block;       /* (kh,kw,c/groups,BLOCK): the weights of the kernels at hand, 0 behind the last */
    const float *zeros; /* c/groups of them: a pixel of the padding */
    size_t depth, wide; /* channels and kernels of a group */
} conv_t;

/* The channels of a group at the place that a tap of output pixel (row, column) reads. */
static const float *source(const conv_t *c, size_t row, size_t column, size_t r, size_t q, size_t group)
{
    const op_t *op = c->op;
    size_t i = row * op->stride + r * op->dilation, j = column * op->stride + q * op->dilation;
    if (i < op->top || i - op->top >= op->in[H] || j < op->left || j - op->left >= op->in[W]) {
        return c->zeros;
    }
    return c->x + ((i - op->top) * op->in[W] + j - op->left) * op->in[C] + group * c->depth;
}

static void fill_block(const conv_t *c, size_t first, size_t count)
{
    size_t rows = (size_t)c->op->kh * c->op->kw * c->depth;
    memset(c->block, 0, rows * BLOCK * sizeof *c->block);
    for (size_t i = 0; i < rows; i++) {
        memcpy(c->block + i * BLOCK, c->weight + i * c->op->out[C] + first, count * sizeof *c->block);
    }
}

/* sum[pixel][half] += the products of the channels of four pixels and the weights of a tap. */
static void add_tap(const float *const from[PIXELS], const float *w, size_t depth, lanes sum[PIXELS][2])
{
    lanes s0 = sum[0][0], s1 = sum[0][1], s2 = sum[1][0], s3 = sum[1][1], s4 = sum[2][0], s5 = sum[2][1],
          s6 = sum[3][0], s7 = sum[3][1];
    for (size_t k = 0; k < depth; k++, w += BLOCK) {
        const lanes low = lanes_at(w), high = lanes_at(w + 4);
        s0 += low * from[0][k];
        s1 += high * from[0][k];
        s2 += low * from[1][k];
        s3 += high * from[1][k];
        s4 += low * from[2][k];
        s5 += high * from[2][k];
        s6 += low * from[3][k];
        s7 += high * from[3][k];
    }
    sum[0][0] = s0, sum[0][1] = s1, sum[1][0] = s2, sum[1][1] = s3;
    sum[2][0] = s4, sum[2][1] = s5, sum[3][0] = s6, sum[3][1] = s7;
}

/* Kernels [first, first + count) of a group at output pixels [pixel, pixel + PIXELS); the last of the image may be
 * fewer. */
static void conv_pixels(const conv_t *c, size_t group, size_t first, size_t count, size_t pixel)
{
    const op_t *op = c->op;
    const size_t pixels = (size_t)op->out[H] * op->out[W];
    const size_t here = pixels - pixel < PIXELS ? pixels - pixel : PIXELS;
    lanes sum[PIXELS][2] = {{{0}}};
    for (size_t r = 0; r < op->kh; r++) {
        for (size_t q = 0; q < op->kw; q++) {
            const float *from[PIXELS];
            for (size_t i = 0; i < PIXELS; i++) {
                const size_t p = pixel + i;
                from[i] = i < here ? source(c, p / op->out[W], p % op->out[W], r, q, group) : c->zeros;
            }
            add_tap(from, c->block + (r * op->kw + q) * c->depth * BLOCK, c->depth, sum);
        }
    }
    for (size_t i = 0; i < here; i++) {
        float *to = c->y + (pixel + i) * op->out[C] + first;
        for (size_t k = 0; k < count; k++) {
            to[k] = sum[i][k / 4][k % 4] + (c->bias != NULL ? c->bias[first + k] : 0);
        }
    }
}

static void conv_groups(const conv_t *c)
{
    const size_t pixels = (size_t)c->op->out[H] * c->op->out[W];
    for (size_t group = 0; group < c->op->groups; group++) {
        const size_t end = (group + 1) * c->wide;
        for (size_t first = group * c->wide; first < end; first += BLOCK) {
            const size_t count = end - first < BLOCK ? end - first : BLOCK;
            fill_block(c, first, count);
            for (size_t pixel = 0; pixel < pixels; pixel += PIXELS) {
                conv_pixels(c, group, first, count, pixel);
            }
        }
    }
}

/* One kernel for each channel: the channels lie beside each other, in the image and in the weights. */
static void conv_depthwise(const conv_t *c)
{
    const op_t *op = c->op;
    const size_t n = op->out[C];
    for (size_t p = 0; p < (size_t)op->out[H] * op->out[W]; p++) {
        float *to = c->y + p * n;
        if (c->bias != NULL) {
            memcpy(to, c->bias, n * sizeof *to);
        } else {
            memset(to, 0, n * sizeof *to);
        }
        for (size_t r = 0; r < op->kh; r++) {
            for (size_t q = 0; q < op->kw; q++) {
                const float *from = source(c, p / op->out[W], p % op->out[W], r, q, 0);
                const float *w = c->weight + (r * op->kw + q) * n;
                for (size_t k = 0; from != c->zeros && k < n; k++) {
                    to[k] += from[k] * w[k];
                }
            }
        }
    }
}

static bool conv(const op_t *op, const float *x, const float *const *tensor, float *y)
{
    conv_t c = {.op = op,
                .x = x,
                .weight = tensor[0],
                .bias = tensor[1],
                .y = y,
                .depth = op->in[C] / op->groups,
                .wide = op->out[C] / op->groups};
    float *zeros = en_calloc(c.depth, sizeof *zeros);
    c.zeros = zeros;
    c.block = en_alloc((size_t)op->kh * op->kw * c.depth * BLOCK * sizeof *c.block);
    const bool enough = zeros != NULL && c.block != NULL;
    if (enough && op->groups == op->in[C] && op->in[C] == op->out[C]) {
        conv_depthwise(&c);
    } else if (enough) {
        conv_groups(&c);
    }
    en_free(c.block);
    en_free(zeros);
    return enough;
}

/* The others ------------------------------------------------------------------------------------------------------- */

/* y(units) = x(n) w(n,units) + bias */
static bool product(const float *x, const float *w, const float *bias, size_t n, size_t units, float *y)
{
    double *sum = en_calloc(units, sizeof *sum);
    if (sum == NULL) {
        return false;
    }
    for (size_t i = 0; i < n; i++, w += units) {
        for (size_t k = 0; k < units; k++) {
            sum[k] += (double)x[i] * (double)w[k];
        }
    }
    for (size_t k = 0; k < units; k++) {
        y[k] = (float)(sum[k] + (double)bias[k]);
    }
    en_free(sum);
    return true;
}

static void norm(const op_t *op, const float *x, const float *const *tensor, float *y)
{
    const float *scale = tensor[0], *shift = tensor[1], *mean = tensor[2], *variance = tensor[3];
    for (size_t i = 0; i < size_of(op->out); i++) {
        const size_t c = i % op->out[C];
        const float a = scale[c] * (float)(1 / sqrt((double)variance[c] + (double)op->epsilon));
        y[i] = a * (x[i] - mean[c]) + shift[c];
    }
}

/* The greatest or the mean of the pixels of a window that lie in the image. */
static float pooled(const op_t *op, const float *x, size_t row, size_t column, size_t c)
{
    const bool mean = op->kind == EN_OP_AVGPOOL;
    float value = 0;
    size_t seen = 0;
    for (size_t r = 0; r < op->kh; r++) {
        for (size_t q = 0; q < op->kw; q++) {
            const size_t i = row * op->stride + r, j = column * op->stride + q;
            if (i < op->top || i - op->top >= op->in[H] || j < op->left || j - op->left >= op->in[W]) {
                continue;
            }
            const float v = x[((i - op->top) * op->in[W] + j - op->left) * op->in[C] + c];
            value = seen == 0 ? v : mean ? value + v : v > value ? v : value;
            seen++;
        }
    }
    return mean ? value / (float)seen : value;
}

static void pool(const op_t *op, const float *x, float *y)
{
    for (size_t i = 0; i < size_of(op->out); i++) {
        const size_t p = i / op->out[C];
        y[i] = pooled(op, x, p / op->out[W], p % op->out[W], i % op->out[C]);
    }
}

/* (pixels,c) -> (c) */
static void pool_all(const op_t *op, const float *x, float *y)
{
    const size_t c = op->in[C], pixels = size_of(op->in) / c;
    for (size_t k = 0; k < c; k++) {
        double sum = 0;
        float most = x[k];
        for (size_t p = 0; p < pixels; p++) {
            sum += (double)x[p * c + k];
            most = x[p * c + k] > most ? x[p * c + k] : most;
        }
        y[k] = op->kind == EN_OP_GLOBALAVG ? (float)(sum / (double)pixels) : most;
    }
}

/* See nn/squeeze.c. */
static bool squeeze(const op_t *op, const float *x, const float *const *tensor, float *y)
{
    const size_t c = op->in[C], units = op->units;
    float *mean = en_alloc(c * sizeof *mean), *unit = en_alloc(units * sizeof *unit);
    op_t means = *op;
    means.kind = EN_OP_GLOBALAVG;
    bool enough = mean != NULL && unit != NULL;
    if (enough) {
        pool_all(&means, x, mean);
        enough = product(mean, tensor[0], tensor[1], c, units, unit);
        for (size_t k = 0; k < units; k++) {
            unit[k] = unit[k] < 0 ? 0 : unit[k];
        }
        enough = enough && product(unit, tensor[2], tensor[3], units, c, mean);
        for (size_t k = 0; k < c; k++) {
            const float s = mean[k] + 3;
            mean[k] = (s < 0 ? 0 : s > 6 ? 6 : s) / 6;
        }
        for (size_t i = 0; i < size_of(op->in); i++) {
            y[i] = x[i] * mean[i % c];
        }
    }
    en_free(unit);
    en_free(mean);
    return enough;
}

static void relu(float *y, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        y[i] = y[i] < 0 ? 0 : y[i];
    }
}

static bool operate(const op_t *op, const float *const *x, const float *const *tensor, float *y)
{
    static const en_kernels kernels = {.relu = relu};
    const size_t n = size_of(op->out);
    bool enough = true;
    switch ((en_operation_kind)op->kind) {
    case EN_OP_CONV: enough = conv(op, x[0], tensor, y); break;
    case EN_OP_DENSE: enough = product(x[0], tensor[0], tensor[1], size_of(op->in), n, y); break;
    case EN_OP_NORM: norm(op, x[0], tensor, y); break;
    case EN_OP_MAXPOOL:
    case EN_OP_AVGPOOL: pool(op, x[0], y); break;
    case EN_OP_GLOBALMAX:
    case EN_OP_GLOBALAVG: pool_all(op, x[0], y); break;
    case EN_OP_ADD:
        for (size_t i = 0; i < n; i++) {
            y[i] = x[0][i] + x[1][i];
        }
        break;
    case EN_OP_SQUEEZE: enough = squeeze(op, x[0], tensor, y); break;
    case EN_OP_ACTIVATION: memcpy(y, x[0], n * sizeof *y); break;
    }
    en_activate((en_activation)op->act, &kernels, y, y, n);
    return enough;
}

/* The network ------------------------------------------------------------------------------------------------------ */

static const op_t *operations_of(const en_offline_model *model) { return (const op_t *)(model + 1); }

/* Runs operation i; the tensors that nothing reads after it are freed. */
static bool step(const en_offline_model *model, size_t i, float **value, const size_t *read_last)
{
    const op_t *op = &operations_of(model)[i];
    const float *numbers = (const float *)((const char *)model + model->weights);
    const float *x[EN_OFFLINE_INPUTS] = {NULL}, *tensor[EN_OFFLINE_TENSORS] = {NULL};
    for (size_t k = 0; k < op->inputs; k++) {
        x[k] = value[op->input[k]];
    }
    for (size_t k = 0; k < EN_OFFLINE_TENSORS; k++) {
        tensor[k] = op->tensor[k] != EN_OFFLINE_NONE ? numbers + op->tensor[k] : NULL;
    }
    value[i + 1] = en_alloc(size_of(op->out) * sizeof **value);
    if (value[i + 1] == NULL || !operate(op, x, tensor, value[i + 1])) {
        return false;
    }
    for (size_t k = 0; k < op->inputs; k++) {
        if (read_last[op->input[k]] == i) {
            en_free(value[op->input[k]]);
            value[op->input[k]] = NULL;
        }
    }
    return true;
}

static float *input_of(const en_offline_model *model, const uint8_t *sample)
{
    const size_t n = (size_t)model->size * (size_t)model->size * EN_OFFLINE_CHANNELS;
    float *x = en_alloc(n * sizeof *x);
    for (size_t i = 0; x != NULL && i < n; i++) {
        x[i] = (float)sample[i] * model->factor[i % EN_OFFLINE_CHANNELS] + model->shift[i % EN_OFFLINE_CHANNELS];
    }
    return x;
}

en_status en_offline_network(const en_offline_model *model, const uint8_t *sample, float *probability, en_error *err)
{
    const size_t values = (size_t)model->operations + 1;
    float **value = en_calloc(values, sizeof *value);
    size_t *read_last = en_calloc(values, sizeof *read_last);
    bool enough = value != NULL && read_last != NULL;
    if (enough) {
        for (size_t i = 0; i < model->operations; i++) {
            for (size_t k = 0; k < operations_of(model)[i].inputs; k++) {
                read_last[operations_of(model)[i].input[k]] = i;
            }
        }
        value[0] = input_of(model, sample);
        enough = value[0] != NULL;
    }
    for (size_t i = 0; enough && i < model->operations; i++) {
        enough = step(model, i, value, read_last);
    }
    if (enough) {
        en_output_probabilities((en_activation)model->output, value[model->last], model->classes, probability);
    }
    for (size_t i = 0; value != NULL && i < values; i++) {
        en_free(value[i]);
    }
    en_free(value);
    en_free(read_last);
    return enough ? EN_OK : en_error_nomem(err, "a network");
}
