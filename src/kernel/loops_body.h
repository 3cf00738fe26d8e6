/* The loops of a table over arrays, pooling and the optimisers, for vectors of any width (vector.h): avx2.c, avx512.c
 * and neon.c include it. The formulas are in kernel.h; ref.c is the plain statement of each. */
#ifndef EN_KERNEL_LOOPS_BODY_H
#define EN_KERNEL_LOOPS_BODY_H

#include <math.h>

#include "kernel/norm_loops.h"
#include "kernel/tables.h"
#include "kernel/unroll.h"
#include "kernel/vector.h"

static inline void copy(float *to, const float *from, size_t n)
{
    for (size_t i = 0; i < n; i += EN_LANES) {
        en_vec_put(to + i, n - i, en_vec_take(from + i, n - i));
    }
}

static inline void clear(float *to, size_t n)
{
    for (size_t i = 0; i < n; i += EN_LANES) {
        en_vec_put(to + i, n - i, en_vec_zero());
    }
}

static inline void add(float *y, const float *x, size_t n)
{
    for (size_t i = 0; i < n; i += EN_LANES) {
        en_vec_put(y + i, n - i, en_vec_take(y + i, n - i) + en_vec_take(x + i, n - i));
    }
}

static inline void im2col(const en_conv_shape *s, const float *x, size_t group, size_t first, size_t count, float *col)
{
    en_unroll(s, x, group, first, count, col, copy, clear);
}

static inline void col2im(const en_conv_shape *s, const float *col, size_t group, size_t first, size_t count, float *dx)
{
    en_fold(s, col, group, first, count, dx, add);
}

static inline void from_u8(const uint8_t *x, size_t n, float scale, float shift, float *y)
{
    en_vec by = en_vec_all(scale), from = en_vec_all(shift);
    for (size_t i = 0; i < n; i += EN_LANES) {
        en_vec_put(y + i, n - i, en_vec_fma(en_vec_take_bytes(x + i, n - i), by, from));
    }
}

static inline void bias(float *y, const float *b, size_t rows, size_t cols, bool relu)
{
    en_vec floor = en_vec_all(relu ? 0.0f : -INFINITY);
    for (size_t i = 0; i < rows; i++, y += cols) {
        for (size_t j = 0; j < cols; j += EN_LANES) {
            en_vec sum = en_vec_take(y + j, cols - j) + en_vec_take(b + j, cols - j);
            en_vec_put(y + j, cols - j, en_vec_at_least(floor, sum));
        }
    }
}

static inline void sum_rows(const float *x, size_t rows, size_t cols, float *sum)
{
    for (size_t j = 0; j < cols; j += EN_LANES) {
        en_vec total = en_vec_take(sum + j, cols - j);
        for (size_t i = 0; i < rows; i++) {
            total += en_vec_take(x + i * cols + j, cols - j);
        }
        en_vec_put(sum + j, cols - j, total);
    }
}

static inline void relu(float *y, size_t n)
{
    for (size_t i = 0; i < n; i += EN_LANES) {
        en_vec_put(y + i, n - i, en_vec_relu(en_vec_take(y + i, n - i)));
    }
}

static inline void relu_back(float *dy, const float *y, size_t n)
{
    for (size_t i = 0; i < n; i += EN_LANES) {
        en_vec_put(dy + i, n - i, en_vec_where_positive(en_vec_take(y + i, n - i), en_vec_take(dy + i, n - i)));
    }
}

/* Up to a vector of channels of one window. Places are counted in floats, which are exact below 2^24. */
EN_INLINE void maxpool_lanes(const en_pool_shape *s, const float *window, size_t left, float *y, uint8_t *place)
{
    en_vec most = en_vec_take(window, left), best = en_vec_zero(), k = en_vec_zero();
    for (size_t r = 0; r < s->size; r++) {
        for (size_t q = 0; q < s->size; q++, k += en_vec_all(1)) {
            en_vec value = en_vec_take(window + (r * s->w + q) * s->c, left);
            en_mask more = en_mask_above(value, most);
            most = en_vec_choose(more, value, most);
            best = en_vec_choose(more, k, best);
        }
    }
    en_vec_put(y, left, most);
    if (place != NULL) {
        en_vec_put_bytes(place, left, best);
    }
}

static inline void maxpool(const en_pool_shape *s, const float *x, float *y, uint8_t *place)
{
    for (size_t out = 0; out < s->oh * s->ow; out++, y += s->c, place = place != NULL ? place + s->c : NULL) {
        const float *window = x + (out / s->ow * s->w + out % s->ow) * s->stride * s->c;
        for (size_t c = 0; c < s->c; c += EN_LANES) {
            maxpool_lanes(s, window + c, s->c - c, y + c, place != NULL ? place + c : NULL);
        }
    }
}

static inline void maxpool_back(const en_pool_shape *s, const float *dy, const uint8_t *place, float *dx)
{
    bool once = en_ref_maxpool_clear(s, dx);
    for (size_t out = 0; out < s->oh * s->ow; out++, dy += s->c, place += s->c) {
        float *window = dx + (out / s->ow * s->w + out % s->ow) * s->stride * s->c;
        for (size_t c = 0; c < s->c; c += EN_LANES) {
            size_t left = s->c - c;
            en_vec value = en_vec_take(dy + c, left), best = en_vec_take_bytes(place + c, left);
            en_vec k = en_vec_zero();
            for (size_t r = 0; r < s->size; r++) {
                for (size_t q = 0; q < s->size; q++, k += en_vec_all(1)) {
                    float *to = window + (r * s->w + q) * s->c + c;
                    en_vec part = en_vec_keep(en_mask_equal(best, k), value);
                    en_vec_put(to, left, once ? part : en_vec_add(en_vec_take(to, left), part));
                }
            }
        }
    }
}

static inline void adam(const en_adam *a, size_t n, const float *g, float *w, float *m, float *v)
{
    en_vec beta1 = en_vec_all(a->beta1), rest1 = en_vec_all(a->rest1);
    en_vec beta2 = en_vec_all(a->beta2), rest2 = en_vec_all(a->rest2);
    en_vec rate = en_vec_all(a->rate), epsilon = en_vec_all(a->epsilon), decay = en_vec_all(a->decay);
    for (size_t i = 0; i < n; i += EN_LANES) {
        size_t left = n - i;
        en_vec gi = en_vec_take(g + i, left), wi = en_vec_take(w + i, left);
        en_vec mi = en_vec_fma(beta1, en_vec_take(m + i, left), rest1 * gi);
        en_vec vi = en_vec_fma(beta2, en_vec_take(v + i, left), rest2 * (gi * gi));
        en_vec step = rate * mi / (en_vec_sqrt(vi) + epsilon);
        en_vec_put(m + i, left, mi);
        en_vec_put(v + i, left, vi);
        en_vec_put(w + i, left, en_vec_fnma(decay, wi, wi - step));
    }
}

/* The table of an instruction set, with the kernels of convolution that are compiled for it. */
#define EN_VECTOR_TABLE(ISA)                                                                                           \
    const en_kernels en_kernels_##ISA = {                                                                              \
        .name = #ISA,                                                                                                  \
        .gemm = en_gemm_##ISA,                                                                                         \
        .im2col = im2col,                                                                                              \
        .col2im = col2im,                                                                                              \
        .from_u8 = from_u8,                                                                                            \
        .bias = bias,                                                                                                  \
        .sum_rows = sum_rows,                                                                                          \
        .add = add,                                                                                                    \
        .relu = relu,                                                                                                  \
        .relu_back = relu_back,                                                                                        \
        .maxpool = maxpool,                                                                                            \
        .maxpool_back = maxpool_back,                                                                                  \
        .adam = adam,                                                                                                  \
        .sgd = sgd,                                                                                                    \
        .moments = moments,                                                                                            \
        .affine = affine,                                                                                              \
        .norm_sums = norm_sums,                                                                                        \
        .norm_back = norm_back,                                                                                        \
        .depthwise = &en_depthwise_##ISA,                                                                              \
        .winograd = &en_winograd_##ISA,                                                                                \
        .fft = &en_fft_##ISA,                                                                                          \
        .direct = &en_direct_##ISA,                                                                                    \
    }

#endif
