/* See reference.h. Slow and plain on purpose; tensors are arrays of their own for every layer. */
#include "reference.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "nn/kind.h"

static size_t size_of(en_dims d) { return d.h * d.w * d.c; }

/* x at a place, 0 outside the picture. */
static double at(const double *x, en_dims d, long row, long column, size_t c)
{
    if (row < 0 || column < 0 || row >= (long)d.h || column >= (long)d.w) {
        return 0;
    }
    return x[((size_t)row * d.w + (size_t)column) * d.c + c];
}

static long padding_before(const en_layer_spec *l, size_t in, size_t out, size_t reach)
{
    if (!l->same) {
        return (long)l->pad;
    }
    long whole = (long)((out - 1) * l->stride + reach) - (long)in;
    return whole > 0 ? whole / 2 : 0;
}

static void conv(const en_layer_spec *l, const double *x, const double *w, const double *b, double *y)
{
    size_t d = l->dilation, group_in = l->in.c / l->groups, group_out = l->units / l->groups;
    long top = padding_before(l, l->in.h, l->out.h, (l->kh - 1) * d + 1);
    long left = padding_before(l, l->in.w, l->out.w, (l->kw - 1) * d + 1);
    for (size_t i = 0; i < l->out.h; i++) {
        for (size_t j = 0; j < l->out.w; j++) {
            for (size_t o = 0; o < l->units; o++) {
                double sum = b != NULL ? b[o] : 0;
                for (size_t r = 0; r < l->kh; r++) {
                    for (size_t q = 0; q < l->kw; q++) {
                        for (size_t c = 0; c < group_in; c++) {
                            long row = (long)(i * l->stride + r * d) - top,
                                 column = (long)(j * l->stride + q * d) - left;
                            sum += at(x, l->in, row, column, o / group_out * group_in + c) *
                                   w[((r * l->kw + q) * group_in + c) * l->units + o];
                        }
                    }
                }
                y[(i * l->out.w + j) * l->units + o] = sum;
            }
        }
    }
}

static void pool(const en_layer_spec *l, const double *x, double *y)
{
    bool global = l->kind == &en_layer_globalmax || l->kind == &en_layer_globalavg;
    bool mean = l->kind == &en_layer_globalavg || l->kind == &en_layer_avgpool;
    size_t high = global ? l->in.h : l->kh, wide = global ? l->in.w : l->kh, stride = global ? 1 : l->stride;
    long top = global ? 0 : padding_before(l, l->in.h, l->out.h, high);
    long left = global ? 0 : padding_before(l, l->in.w, l->out.w, wide);
    for (size_t out = 0; out < size_of(l->out); out++) {
        size_t c = out % l->in.c, j = out / l->in.c % l->out.w, i = out / l->in.c / l->out.w;
        double most = -HUGE_VAL, sum = 0, count = 0;
        for (size_t r = 0; r < high; r++) {
            for (size_t q = 0; q < wide; q++) {
                long row = (long)(i * stride + r) - top, column = (long)(j * stride + q) - left;
                if (row < 0 || column < 0 || row >= (long)l->in.h || column >= (long)l->in.w) {
                    continue;
                }
                double value = at(x, l->in, row, column, c);
                most = fmax(most, value);
                sum += value;
                count++;
            }
        }
        y[out] = mean ? sum / count : most;
    }
}

static void dense(size_t inputs, size_t units, const double *x, const double *w, const double *b, double *y)
{
    memcpy(y, b, units * sizeof *y);
    for (size_t i = 0; i < inputs; i++) {
        for (size_t o = 0; o < units; o++) {
            y[o] += x[i] * w[i * units + o];
        }
    }
}

static void drop(const en_layer_spec *l, size_t index, const en_step *step, uint64_t variant, const double *x,
                 double *y)
{
    en_random random = en_random_init(step->seed, step->epoch, variant | (uint64_t)index << 56, EN_FOR_DROPOUT);
    for (size_t i = 0; i < size_of(l->out); i++) {
        bool gone = (double)en_random_u32(&random) < floor(l->rate * 0x1p32);
        y[i] = gone ? 0 : x[i] / (1 - l->rate);
    }
}

static double hard(double x) { return fmin(fmax(x + 3, 0), 6) / 6; }

static void squeeze(const en_layer_spec *l, const double *x, double *const *parameter, double *y)
{
    size_t c = l->in.c, pixels = l->in.h * l->in.w;
    double *mean = calloc(c, sizeof *mean), *unit = calloc(l->units, sizeof *unit), *factor = calloc(c, sizeof *factor);
    for (size_t i = 0; i < pixels * c; i++) {
        mean[i % c] += x[i] / (double)pixels;
    }
    dense(c, l->units, mean, parameter[0], parameter[1], unit);
    for (size_t i = 0; i < l->units; i++) {
        unit[i] = fmax(unit[i], 0);
    }
    dense(l->units, c, unit, parameter[2], parameter[3], factor);
    for (size_t i = 0; i < pixels * c; i++) {
        y[i] = x[i] * hard(factor[i % c]);
    }
    free(mean);
    free(unit);
    free(factor);
}

/* scale, shift, running mean, running variance; over all samples at once. */
static void norm(const en_layer_spec *l, bool batch, double *const *parameter, double *y, size_t n, size_t c)
{
    for (size_t j = 0; j < c; j++) {
        double mean = parameter[2][j], variance = parameter[3][j];
        if (batch) {
            mean = variance = 0;
            for (size_t i = j; i < n * c; i += c) {
                mean += y[i] / (double)n;
            }
            for (size_t i = j; i < n * c; i += c) {
                variance += (y[i] - mean) * (y[i] - mean) / (double)n;
            }
        }
        for (size_t i = j; i < n * c; i += c) {
            y[i] = parameter[0][j] * (y[i] - mean) / sqrt(variance + l->epsilon) + parameter[1][j];
        }
    }
}

static double activated(en_activation act, double x)
{
    switch (act) {
    case EN_ACT_RELU: return fmax(x, 0);
    case EN_ACT_RELU6: return fmin(fmax(x, 0), 6);
    case EN_ACT_LEAKY: return x < 0 ? 0.01 * x : x;
    case EN_ACT_SIGMOID: return 1 / (1 + exp(-x));
    case EN_ACT_TANH: return tanh(x);
    case EN_ACT_GELU: return x * erfc(-x / sqrt(2)) / 2;
    case EN_ACT_HSWISH: return x * hard(x);
    case EN_ACT_NONE:
    case EN_ACT_SOFTMAX:
    case EN_ACT_ORDINAL: break;
    }
    return x;
}

/* One line of the text for one sample, without norm and activation. Returns how many parameters it took. */
static size_t apply(const en_spec *spec, size_t index, double *const *parameter, const double *x, const double *other,
                    const en_step *step, uint64_t variant, bool train, size_t in, size_t out, double *y)
{
    const en_layer_spec *l = &spec->layer[index];
    if (l->kind == &en_layer_conv) {
        bool bias = l->norm == EN_NORM_NONE;
        conv(l, x, parameter[0], bias ? parameter[1] : NULL, y);
        return bias ? 2 : 1;
    }
    if (l->kind == &en_layer_dense) {
        dense(in, out, x, parameter[0], parameter[1], y);
        return 2;
    }
    if (l->kind == &en_layer_squeeze) {
        squeeze(l, x, parameter, y);
        return 4;
    }
    if (l->kind == &en_layer_dropout && train) {
        drop(l, index, step, variant, x, y);
    } else if (l->kind == &en_layer_add) {
        for (size_t i = 0; i < out; i++) {
            y[i] = x[i] + other[i];
        }
    } else if (l->kind == &en_layer_dropout || l->kind == &en_layer_activation || l->kind == &en_layer_batchnorm) {
        memcpy(y, x, out * sizeof *y);
    } else {
        pool(l, x, y);
    }
    return 0;
}

/* The batch through the network; returns a fresh array (n,units) of logits. */
static double *forward(const en_spec *spec, size_t units, double *const *parameter, const en_batch *batch,
                       const en_step *step, bool train)
{
    double *tensor[EN_SPEC_LAYERS + 1];
    size_t size[EN_SPEC_LAYERS + 1] = {size_of(spec->input)};
    tensor[0] = calloc(batch->n * size[0], sizeof(double));
    for (size_t i = 0; i < batch->n * size[0]; i++) {
        tensor[0][i] = batch->pixels[i] * spec->scale_top / spec->scale_bottom + spec->shift;
        if (spec->normalised) {
            tensor[0][i] = (tensor[0][i] - spec->mean[i % spec->input.c]) / spec->std[i % spec->input.c];
        }
    }
    for (size_t i = 0; i < spec->count; i++) {
        const en_layer_spec *l = &spec->layer[i];
        size_t channels = l->out.c > 0 ? l->out.c : units, in = size[l->input[0]], used = 0;
        size_t out = size[i + 1] = l->out.h * l->out.w * channels;
        double *y = tensor[i + 1] = calloc(batch->n * out, sizeof *y);
        for (size_t k = 0; k < batch->n; k++) {
            const double *other = l->inputs > 1 ? tensor[l->input[1]] + k * out : NULL;
            used = apply(spec, i, parameter, tensor[l->input[0]] + k * in, other, step, batch->keys[k], train, in, out,
                         y + k * out);
        }
        parameter += used;
        if (l->norm != EN_NORM_NONE) {
            norm(l, train && l->norm == EN_NORM_BATCH, parameter, y, batch->n * out / channels, channels);
            parameter += 4;
        }
        for (size_t k = 0; k < batch->n * out; k++) {
            y[k] = activated(l->act, y[k]);
        }
    }
    for (size_t i = 0; i < spec->count; i++) {
        free(tensor[i]);
    }
    return tensor[spec->count];
}

static void output(const en_spec *spec, const double *z, size_t classes, double *p)
{
    double sum = 0;
    for (size_t k = 0; k < classes && spec->output == EN_ACT_SOFTMAX; k++) {
        sum += exp(z[k]);
    }
    for (size_t k = 0; k < classes; k++) {
        if (spec->output == EN_ACT_SOFTMAX) {
            p[k] = exp(z[k]) / sum;
            continue;
        }
        double least = 1, next = 1; /* of the thresholds up to k, and to k-1 */
        for (size_t i = 0; i <= k; i++) {
            next = least;
            least = i + 1 < classes ? fmin(least, 1 / (1 + exp(-z[i]))) : 0;
        }
        p[k] = next - least;
    }
}

/* The formulas of loss.h, one by one. */
static double sample_loss(const en_spec *spec, const en_loss *loss, const double *z, size_t classes, size_t truth)
{
    double p[EN_CLASSES_MAX], value = 0, expected = 0;
    bool ordinal = spec->output == EN_ACT_ORDINAL;
    output(spec, z, classes, p);
    for (size_t k = 0; k < classes - ordinal; k++) {
        double hit = ordinal ? truth > k : truth == k, chance = ordinal ? 1 / (1 + exp(-z[k])) : p[k];
        double of_truth = ordinal && hit == 0 ? 1 - chance : chance;
        expected += ordinal ? chance : (double)k * chance;
        if (loss->kind == EN_LOSS_FOCAL) {
            value -= ordinal || hit > 0 ? pow(1 - of_truth, loss->gamma) * log(of_truth) : 0;
        } else if (ordinal) {
            double q = (1 - loss->smoothing) * hit + loss->smoothing / 2;
            value -= q * log(chance) + (1 - q) * log(1 - chance);
        } else {
            value -= ((1 - loss->smoothing) * hit + loss->smoothing / (double)classes) * log(chance);
        }
    }
    return loss->kind == EN_LOSS_SQUARED ? (expected - (double)truth) * (expected - (double)truth) : value;
}

double reference_loss(const en_spec *spec, size_t classes, double *const *parameter, const en_batch *batch,
                      const en_step *step, bool train, double *probabilities)
{
    static const en_loss cross_entropy = {.kind = EN_LOSS_CROSS_ENTROPY};
    const en_loss *kind = step->loss != NULL ? step->loss : &cross_entropy;
    size_t units = en_spec_units(spec, classes);
    double loss = 0, weights = 0, *logits = forward(spec, units, parameter, batch, step, train);
    for (size_t i = 0; i < batch->n; i++) {
        double weight = step->class_weights != NULL ? (double)step->class_weights[batch->truth[i]] : 1;
        loss += weight * sample_loss(spec, kind, logits + i * units, classes, (size_t)batch->truth[i]);
        weights += weight;
        if (probabilities != NULL) {
            output(spec, logits + i * units, classes, probabilities + i * classes);
        }
    }
    free(logits);
    return loss / weights;
}
