/* Kernels for AVX2 and FMA. Compiled with those flags whatever the rest is built for, so nothing here may be called
 * before select.c has asked the processor. Vectors of 8 floats; what is left over goes one by one, by the same
 * formulas. */
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

#define LANES 8u

static inline void copy(float *to, const float *from, size_t n)
{
    if (n < LANES) {
        for (size_t i = 0; i < n; i++) {
            to[i] = from[i];
        }
        return;
    }
    for (size_t i = 0; i + LANES <= n; i += LANES) {
        _mm256_storeu_ps(to + i, _mm256_loadu_ps(from + i));
    }
    /* the last vector may overlap the one before */
    _mm256_storeu_ps(to + n - LANES, _mm256_loadu_ps(from + n - LANES));
}

static inline void clear(float *to, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        to[i] = 0;
    }
}

static void add(float *y, const float *x, size_t n)
{
    size_t i = 0;
    for (; i + LANES <= n; i += LANES) {
        _mm256_storeu_ps(y + i, _mm256_add_ps(_mm256_loadu_ps(y + i), _mm256_loadu_ps(x + i)));
    }
    for (; i < n; i++) {
        y[i] += x[i];
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
    __m256 vscale = _mm256_set1_ps(scale), vshift = _mm256_set1_ps(shift);
    size_t i = 0;
    for (; i + LANES <= n; i += LANES) {
        __m256i wide = _mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)(const void *)(x + i)));
        _mm256_storeu_ps(y + i, _mm256_fmadd_ps(_mm256_cvtepi32_ps(wide), vscale, vshift));
    }
    for (; i < n; i++) {
        y[i] = fmaf((float)x[i], scale, shift);
    }
}

static void bias(float *y, const float *b, size_t rows, size_t cols, bool relu)
{
    float floor = relu ? 0.0f : -INFINITY;
    __m256 vfloor = _mm256_set1_ps(floor);
    for (size_t i = 0; i < rows; i++, y += cols) {
        size_t j = 0;
        for (; j + LANES <= cols; j += LANES) {
            __m256 sum = _mm256_add_ps(_mm256_loadu_ps(y + j), _mm256_loadu_ps(b + j));
            _mm256_storeu_ps(y + j, _mm256_max_ps(vfloor, sum)); /* in this order a NaN stays one */
        }
        for (; j < cols; j++) {
            float sum = y[j] + b[j];
            y[j] = sum < floor ? floor : sum;
        }
    }
}

static void sum_rows(const float *x, size_t rows, size_t cols, float *sum)
{
    size_t j = 0;
    for (; j + LANES <= cols; j += LANES) {
        __m256 total = _mm256_loadu_ps(sum + j);
        for (size_t i = 0; i < rows; i++) {
            total = _mm256_add_ps(total, _mm256_loadu_ps(x + i * cols + j));
        }
        _mm256_storeu_ps(sum + j, total);
    }
    for (; j < cols; j++) {
        for (size_t i = 0; i < rows; i++) {
            sum[j] += x[i * cols + j];
        }
    }
}

static void relu(float *y, size_t n)
{
    size_t i = 0;
    for (; i + LANES <= n; i += LANES) {
        _mm256_storeu_ps(y + i, _mm256_max_ps(_mm256_setzero_ps(), _mm256_loadu_ps(y + i)));
    }
    for (; i < n; i++) {
        y[i] = y[i] < 0 ? 0 : y[i];
    }
}

static void relu_back(float *dy, const float *y, size_t n)
{
    size_t i = 0;
    for (; i + LANES <= n; i += LANES) {
        __m256 alive = _mm256_cmp_ps(_mm256_loadu_ps(y + i), _mm256_setzero_ps(), _CMP_GT_OQ);
        _mm256_storeu_ps(dy + i, _mm256_and_ps(_mm256_loadu_ps(dy + i), alive));
    }
    for (; i < n; i++) {
        dy[i] = y[i] > 0 ? dy[i] : 0;
    }
}

/* The low bytes of 8 integers below 256. */
static inline __m128i low_bytes(__m256i wide)
{
    __m256i pick = _mm256_broadcastsi128_si256(_mm_cvtsi32_si128(0x0C080400));
    __m256i packed = _mm256_shuffle_epi8(wide, pick); /* 4 bytes at the start of each half */
    return _mm_unpacklo_epi32(_mm256_castsi256_si128(packed), _mm256_extracti128_si256(packed, 1));
}

static void maxpool(const en_pool_shape *s, const float *x, float *y, uint8_t *place)
{
    for (size_t out = 0; out < s->oh * s->ow; out++, y += s->c, place = place != NULL ? place + s->c : NULL) {
        const float *window = x + (out / s->ow * s->w + out % s->ow) * s->stride * s->c;
        size_t c = 0;
        for (; c + LANES <= s->c; c += LANES) {
            __m256 most = _mm256_loadu_ps(window + c);
            __m256i best = _mm256_setzero_si256();
            int k = 0;
            for (size_t r = 0; r < s->size; r++) {
                for (size_t q = 0; q < s->size; q++, k++) {
                    __m256 value = _mm256_loadu_ps(window + (r * s->w + q) * s->c + c);
                    __m256 lost = _mm256_cmp_ps(most, most, _CMP_UNORD_Q); /* not a number, and stays so */
                    __m256 more = _mm256_andnot_ps(lost, _mm256_cmp_ps(value, most, _CMP_NLE_UQ));
                    most = _mm256_blendv_ps(most, value, more);
                    best = _mm256_blendv_epi8(best, _mm256_set1_epi32(k), _mm256_castps_si256(more));
                }
            }
            _mm256_storeu_ps(y + c, most);
            if (place != NULL) {
                _mm_storel_epi64((__m128i *)(void *)(place + c), low_bytes(best));
            }
        }
        for (; c < s->c; c++) {
            en_ref_maxpool_one(s, window, c, y, place);
        }
    }
}

static void maxpool_back(const en_pool_shape *s, const float *dy, const uint8_t *place, float *dx)
{
    bool once = en_ref_maxpool_clear(s, dx);
    for (size_t out = 0; out < s->oh * s->ow; out++, dy += s->c, place += s->c) {
        float *window = dx + (out / s->ow * s->w + out % s->ow) * s->stride * s->c;
        size_t c = 0;
        for (; c + LANES <= s->c; c += LANES) {
            __m256 value = _mm256_loadu_ps(dy + c);
            __m256i best = _mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)(const void *)(place + c)));
            int k = 0;
            for (size_t r = 0; r < s->size; r++) {
                for (size_t q = 0; q < s->size; q++, k++) {
                    float *to = window + (r * s->w + q) * s->c + c;
                    __m256i here = _mm256_cmpeq_epi32(best, _mm256_set1_epi32(k));
                    __m256 part = _mm256_and_ps(value, _mm256_castsi256_ps(here));
                    _mm256_storeu_ps(to, once ? part : _mm256_add_ps(_mm256_loadu_ps(to), part));
                }
            }
        }
        for (; c < s->c; c++) {
            for (size_t k = 0; once && k < s->size * s->size; k++) {
                window[(k / s->size * s->w + k % s->size) * s->c + c] = 0;
            }
            window[(place[c] / s->size * s->w + place[c] % s->size) * s->c + c] += dy[c];
        }
    }
}

static void adam(const en_adam *a, size_t n, const float *g, float *w, float *m, float *v)
{
    __m256 beta1 = _mm256_set1_ps(a->beta1), rest1 = _mm256_set1_ps(a->rest1);
    __m256 beta2 = _mm256_set1_ps(a->beta2), rest2 = _mm256_set1_ps(a->rest2);
    __m256 rate = _mm256_set1_ps(a->rate), epsilon = _mm256_set1_ps(a->epsilon), decay = _mm256_set1_ps(a->decay);
    size_t i = 0;
    for (; i + LANES <= n; i += LANES) {
        __m256 gi = _mm256_loadu_ps(g + i), wi = _mm256_loadu_ps(w + i);
        __m256 mi = _mm256_fmadd_ps(beta1, _mm256_loadu_ps(m + i), _mm256_mul_ps(rest1, gi));
        __m256 vi = _mm256_fmadd_ps(beta2, _mm256_loadu_ps(v + i), _mm256_mul_ps(rest2, _mm256_mul_ps(gi, gi)));
        __m256 step = _mm256_div_ps(_mm256_mul_ps(rate, mi), _mm256_add_ps(_mm256_sqrt_ps(vi), epsilon));
        _mm256_storeu_ps(m + i, mi);
        _mm256_storeu_ps(v + i, vi);
        _mm256_storeu_ps(w + i, _mm256_fnmadd_ps(decay, wi, _mm256_sub_ps(wi, step)));
    }
    if (i < n) {
        en_ref_adam(a, n - i, g + i, w + i, m + i, v + i);
    }
}

const en_kernels en_kernels_avx2 = {
    .name = "avx2",
    .gemm = en_gemm_avx2,
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
    .depthwise = &en_depthwise_avx2,
    .winograd = &en_winograd_avx2,
    .fft = &en_fft_avx2,
    .direct = &en_direct_avx2,
};
