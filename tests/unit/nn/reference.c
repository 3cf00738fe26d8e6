/* See reference.h. Slow and plain on purpose; tensors are arrays of their own for every layer. */
#include "reference.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"

static size_t size_of(en_dims d) { return d.h * d.w * d.c; }

/* x at a place, 0 outside the picture. */
static double at(const double *x, en_dims d, long row, long column, size_t c)
{
    if (row < 0 || column < 0 || row >= (long)d.h || column >= (long)d.w) {
        return 0;
    }
    return x[((size_t)row * d.w + (size_t)column) * d.c + c];
}

static long padding_before(const en_layer_spec *l, size_t in, size_t out, size_t kernel)
{
    if (!l->same) {
        return (long)l->pad;
    }
    long whole = (long)((out - 1) * l->stride + kernel) - (long)in;
    return whole > 0 ? whole / 2 : 0;
}

static void conv(const en_layer_spec *l, const double *x, const double *w, const double *b, double *y)
{
    long top = padding_before(l, l->in.h, l->out.h, l->kh), left = padding_before(l, l->in.w, l->out.w, l->kw);
    for (size_t i = 0; i < l->out.h; i++) {
        for (size_t j = 0; j < l->out.w; j++) {
            for (size_t o = 0; o < l->units; o++) {
                double sum = b[o];
                for (size_t r = 0; r < l->kh; r++) {
                    for (size_t q = 0; q < l->kw; q++) {
                        for (size_t c = 0; c < l->in.c; c++) {
                            sum += at(x, l->in, (long)(i * l->stride + r) - top, (long)(j * l->stride + q) - left, c) *
                                   w[((r * l->kw + q) * l->in.c + c) * l->units + o];
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
    bool global = l->kind != EN_LAYER_MAXPOOL, mean = l->kind == EN_LAYER_GLOBALAVGPOOL;
    size_t high = global ? l->in.h : l->kh, wide = global ? l->in.w : l->kh, stride = global ? 1 : l->stride;
    for (size_t out = 0; out < size_of(l->out); out++) {
        size_t c = out % l->in.c, j = out / l->in.c % l->out.w, i = out / l->in.c / l->out.w;
        double most = -HUGE_VAL, sum = 0;
        for (size_t r = 0; r < high; r++) {
            for (size_t q = 0; q < wide; q++) {
                double value = at(x, l->in, (long)(i * stride + r), (long)(j * stride + q), c);
                most = fmax(most, value);
                sum += value;
            }
        }
        y[out] = mean ? sum / (double)(high * wide) : most;
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

static void activate(en_activation act, double *y, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        y[i] = act == EN_ACT_RELU ? fmax(y[i], 0) : act == EN_ACT_SIGMOID ? 1 / (1 + exp(-y[i])) : y[i];
        sum += exp(y[i]);
    }
    for (size_t i = 0; act == EN_ACT_SOFTMAX && i < n; i++) {
        y[i] = exp(y[i]) / sum;
    }
}

/* One sample through the network; returns a fresh vector of probabilities. */
static double *forward(const en_spec *spec, size_t classes, double *const *parameter, const uint8_t *pixels,
                       const en_step *step, uint64_t variant, bool dropout)
{
    double *x = calloc(size_of(spec->input), sizeof *x);
    for (size_t i = 0; i < size_of(spec->input); i++) {
        x[i] = pixels[i] * spec->scale_top / spec->scale_bottom + spec->shift;
    }
    for (size_t i = 0; i < spec->count; i++) {
        const en_layer_spec *l = &spec->layer[i];
        size_t in = l->in.h * l->in.w * (l->in.c > 0 ? l->in.c : classes);
        size_t out = l->out.h * l->out.w * (l->out.c > 0 ? l->out.c : classes);
        double *y = calloc(out, sizeof *y);
        if (l->kind == EN_LAYER_CONV) {
            conv(l, x, parameter[0], parameter[1], y);
            parameter += 2;
        } else if (l->kind == EN_LAYER_DENSE) {
            dense(in, out, x, parameter[0], parameter[1], y);
            parameter += 2;
        } else if (l->kind == EN_LAYER_DROPOUT && dropout) {
            drop(l, i, step, variant, x, y);
        } else if (l->kind == EN_LAYER_DROPOUT || l->kind == EN_LAYER_ACTIVATION) {
            memcpy(y, x, out * sizeof *y);
        } else {
            pool(l, x, y);
        }
        activate(l->act, y, out);
        free(x);
        x = y;
    }
    return x;
}

double reference_loss(const en_spec *spec, size_t classes, double *const *parameter, const en_batch *batch,
                      const en_step *step, bool dropout, double *probabilities)
{
    double loss = 0, weights = 0;
    for (size_t i = 0; i < batch->n; i++) {
        double *p =
            forward(spec, classes, parameter, batch->pixels + i * size_of(spec->input), step, batch->keys[i], dropout);
        double weight = step->class_weights != NULL ? (double)step->class_weights[batch->truth[i]] : 1;
        loss -= weight * log(p[batch->truth[i]]);
        weights += weight;
        if (probabilities != NULL) {
            memcpy(probabilities + i * classes, p, classes * sizeof *p);
        }
        free(p);
    }
    return loss / weights;
}
