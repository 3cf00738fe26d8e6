/* Kernels for AVX-512 (F, DQ, BW, VL). Compiled with those flags whatever the rest is built for, so nothing here may be
 * called before select.c has asked the processor. Vectors of 16 floats; of the last one, a mask names the lanes that
 * exist, so that every number takes the same path. */
#include <immintrin.h>
#include <math.h>
#include <string.h>

#include "kernel/depthwise.h"
#include "kernel/fft.h"
#include "kernel/direct.h"
#include "kernel/norm_loops.h"
#include "kernel/tables.h"
#include "kernel/unroll.h"
#include "kernel/winograd.h"

#define LANES 16u

/* The lanes of a vector that exist when `left` numbers are left. */
static inline __mmask16 lanes(size_t left) { return (__mmask16)(left < LANES ? (1u << left) - 1 : 0xFFFFu); }

static inline void copy(float *to, const float *from, size_t n)
{
    for (size_t i = 0; i < n; i += LANES) {
        __mmask16 in = lanes(n - i);
        _mm512_mask_storeu_ps(to + i, in, _mm512_maskz_loadu_ps(in, from + i));
    }
}

static inline void clear(float *to, size_t n)
{
    for (size_t i = 0; i < n; i += LANES) {
        _mm512_mask_storeu_ps(to + i, lanes(n - i), _mm512_setzero_ps());
    }
}

static void add(float *y, const float *x, size_t n)
{
    for (size_t i = 0; i < n; i += LANES) {
        __mmask16 in = lanes(n - i);
        __m512 sum = _mm512_add_ps(_mm512_maskz_loadu_ps(in, y + i), _mm512_maskz_loadu_ps(in, x + i));
        _mm512_mask_storeu_ps(y + i, in, sum);
    }
}

static void im2col(const en_conv_shape *s, const float *x, size_t group, size_t first, size_t count, float *col)
{
    en_unroll(s, x, group, first, count, col, copy, clear);
}

static void col2im(const en_conv_shape *s, const float *col, size_t group, size_t first, size_t count, float *dx)
{
    en_fold(s, col, group, first, count, dx, add);
}

static void from_u8(const uint8_t *x, size_t n, float scale, float shift, float *y)
{
    __m512 vscale = _mm512_set1_ps(scale), vshift = _mm512_set1_ps(shift);
    for (size_t i = 0; i < n; i += LANES) {
        __mmask16 in = lanes(n - i);
        __m512i wide = _mm512_cvtepu8_epi32(_mm_maskz_loadu_epi8(in, x + i));
        _mm512_mask_storeu_ps(y + i, in, _mm512_fmadd_ps(_mm512_cvtepi32_ps(wide), vscale, vshift));
    }
}

static void bias(float *y, const float *b, size_t rows, size_t cols, bool relu)
{
    __m512 floor = _mm512_set1_ps(relu ? 0.0f : -INFINITY);
    for (size_t i = 0; i < rows; i++, y += cols) {
        for (size_t j = 0; j < cols; j += LANES) {
            __mmask16 in = lanes(cols - j);
            __m512 sum = _mm512_add_ps(_mm512_maskz_loadu_ps(in, y + j), _mm512_maskz_loadu_ps(in, b + j));
            _mm512_mask_storeu_ps(y + j, in, _mm512_max_ps(floor, sum)); /* in this order a NaN stays one */
        }
    }
}

static void sum_rows(const float *x, size_t rows, size_t cols, float *sum)
{
    for (size_t j = 0; j < cols; j += LANES) {
        __mmask16 in = lanes(cols - j);
        __m512 total = _mm512_maskz_loadu_ps(in, sum + j);
        for (size_t i = 0; i < rows; i++) {
            total = _mm512_add_ps(total, _mm512_maskz_loadu_ps(in, x + i * cols + j));
        }
        _mm512_mask_storeu_ps(sum + j, in, total);
    }
}

static void relu(float *y, size_t n)
{
    for (size_t i = 0; i < n; i += LANES) {
        __mmask16 in = lanes(n - i);
        _mm512_mask_storeu_ps(y + i, in, _mm512_max_ps(_mm512_setzero_ps(), _mm512_maskz_loadu_ps(in, y + i)));
    }
}

static void relu_back(float *dy, const float *y, size_t n)
{
    for (size_t i = 0; i < n; i += LANES) {
        __mmask16 in = lanes(n - i);
        __mmask16 alive =
            _mm512_mask_cmp_ps_mask(in, _mm512_maskz_loadu_ps(in, y + i), _mm512_setzero_ps(), _CMP_GT_OQ);
        _mm512_mask_storeu_ps(dy + i, in, _mm512_maskz_loadu_ps(alive, dy + i));
    }
}

static void maxpool(const en_pool_shape *s, const float *x, float *y, uint8_t *place)
{
    for (size_t out = 0; out < s->oh * s->ow; out++, y += s->c, place = place != NULL ? place + s->c : NULL) {
        const float *window = x + (out / s->ow * s->w + out % s->ow) * s->stride * s->c;
        for (size_t c = 0; c < s->c; c += LANES) {
            __mmask16 in = lanes(s->c - c);
            __m512 most = _mm512_maskz_loadu_ps(in, window + c);
            __m512i best = _mm512_setzero_si512();
            int k = 0;
            for (size_t r = 0; r < s->size; r++) {
                for (size_t q = 0; q < s->size; q++, k++) {
                    __m512 value = _mm512_maskz_loadu_ps(in, window + (r * s->w + q) * s->c + c);
                    __mmask16 number = _mm512_cmp_ps_mask(most, most, _CMP_ORD_Q); /* what is none stays so */
                    __mmask16 more = _mm512_mask_cmp_ps_mask(number, value, most, _CMP_NLE_UQ);
                    most = _mm512_mask_mov_ps(most, more, value);
                    best = _mm512_mask_mov_epi32(best, more, _mm512_set1_epi32(k));
                }
            }
            _mm512_mask_storeu_ps(y + c, in, most);
            if (place != NULL) {
                _mm_mask_storeu_epi8(place + c, in, _mm512_cvtepi32_epi8(best));
            }
        }
    }
}

static void maxpool_back(const en_pool_shape *s, const float *dy, const uint8_t *place, float *dx)
{
    bool once = en_ref_maxpool_clear(s, dx);
    for (size_t out = 0; out < s->oh * s->ow; out++, dy += s->c, place += s->c) {
        float *window = dx + (out / s->ow * s->w + out % s->ow) * s->stride * s->c;
        for (size_t c = 0; c < s->c; c += LANES) {
            __mmask16 in = lanes(s->c - c);
            __m512 value = _mm512_maskz_loadu_ps(in, dy + c);
            __m512i best = _mm512_cvtepu8_epi32(_mm_maskz_loadu_epi8(in, place + c));
            int k = 0;
            for (size_t r = 0; r < s->size; r++) {
                for (size_t q = 0; q < s->size; q++, k++) {
                    float *to = window + (r * s->w + q) * s->c + c;
                    __mmask16 here = _mm512_mask_cmpeq_epi32_mask(in, best, _mm512_set1_epi32(k));
                    __m512 part = _mm512_maskz_mov_ps(here, value);
                    part = once ? part : _mm512_add_ps(_mm512_maskz_loadu_ps(in, to), part);
                    _mm512_mask_storeu_ps(to, in, part);
                }
            }
        }
    }
}

static void adam(const en_adam *a, size_t n, const float *g, float *w, float *m, float *v)
{
    __m512 beta1 = _mm512_set1_ps(a->beta1), rest1 = _mm512_set1_ps(a->rest1);
    __m512 beta2 = _mm512_set1_ps(a->beta2), rest2 = _mm512_set1_ps(a->rest2);
    __m512 rate = _mm512_set1_ps(a->rate), epsilon = _mm512_set1_ps(a->epsilon), decay = _mm512_set1_ps(a->decay);
    for (size_t i = 0; i < n; i += LANES) {
        __mmask16 in = lanes(n - i);
        __m512 gi = _mm512_maskz_loadu_ps(in, g + i), wi = _mm512_maskz_loadu_ps(in, w + i);
        __m512 mi = _mm512_maskz_loadu_ps(in, m + i), vi = _mm512_maskz_loadu_ps(in, v + i);
        mi = _mm512_fmadd_ps(beta1, mi, _mm512_mul_ps(rest1, gi));
        vi = _mm512_fmadd_ps(beta2, vi, _mm512_mul_ps(rest2, _mm512_mul_ps(gi, gi)));
        __m512 step = _mm512_div_ps(_mm512_mul_ps(rate, mi), _mm512_add_ps(_mm512_sqrt_ps(vi), epsilon));
        _mm512_mask_storeu_ps(m + i, in, mi);
        _mm512_mask_storeu_ps(v + i, in, vi);
        _mm512_mask_storeu_ps(w + i, in, _mm512_fnmadd_ps(decay, wi, _mm512_sub_ps(wi, step)));
    }
}

const en_kernels en_kernels_avx512 = {
    .name = "avx512",
    .gemm = en_gemm_avx512,
    .im2col = im2col,
    .col2im = col2im,
    .from_u8 = from_u8,
    .bias = bias,
    .sum_rows = sum_rows,
    .add = add,
    .relu = relu,
    .relu_back = relu_back,
    .maxpool = maxpool,
    .maxpool_back = maxpool_back,
    .adam = adam,
    .sgd = sgd,
    .moments = moments,
    .affine = affine,
    .norm_sums = norm_sums,
    .norm_back = norm_back,
    .depthwise = &en_depthwise_avx512,
    .winograd = &en_winograd_avx512,
    .fft = &en_fft_avx512,
    .direct = &en_direct_avx512,
};
