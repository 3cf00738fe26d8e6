/* The plain statement of every kernel: loops that read like kernel.h's formulas, compiled for any processor of the
 * family. Every other table is tested against this one; where it differs, it is wrong. */
#include <math.h>
#include <string.h>

#include "kernel/depthwise.h"
#include "kernel/fft.h"
#include "kernel/norm_loops.h"
#include "kernel/tables.h"
#include "kernel/winograd.h"

/* The channels of a group at the input place that tap (r,q) of output pixel p reads, counted in floats from the start
 * of the image; false when it lies in the padding. */
static bool source(const en_conv_shape *s, size_t p, size_t r, size_t q, size_t group, size_t *at)
{
    size_t row = p / s->ow * s->stride + r * s->dilation; /* counted from the start of the padding */
    size_t column = p % s->ow * s->stride + q * s->dilation;
    if (row < s->pad_top || row - s->pad_top >= s->h || column < s->pad_left || column - s->pad_left >= s->w) {
        return false;
    }
    *at = ((row - s->pad_top) * s->w + column - s->pad_left) * s->c + group * (s->c / s->groups);
    return true;
}

void en_ref_im2col(const en_conv_shape *s, const float *x, size_t group, size_t first, size_t count, float *col)
{
    size_t channels = s->c / s->groups, at;
    for (size_t p = first; p < first + count; p++) {
        for (size_t r = 0; r < s->kh; r++) {
            for (size_t q = 0; q < s->kw; q++, col += channels) {
                if (source(s, p, r, q, group, &at)) {
                    memcpy(col, x + at, channels * sizeof *col);
                } else {
                    memset(col, 0, channels * sizeof *col);
                }
            }
        }
    }
}

void en_ref_col2im(const en_conv_shape *s, const float *col, size_t group, size_t first, size_t count, float *dx)
{
    size_t channels = s->c / s->groups, at;
    for (size_t p = first; p < first + count; p++) {
        for (size_t r = 0; r < s->kh; r++) {
            for (size_t q = 0; q < s->kw; q++, col += channels) {
                if (source(s, p, r, q, group, &at)) {
                    en_ref_add(dx + at, col, channels);
                }
            }
        }
    }
}

/* Sums in double precision, so that its rounding is far below that of any kernel compared with it. */
static void gemm(bool ta, bool tb, size_t m, size_t n, size_t k, const float *a, size_t lda, const float *b, size_t ldb,
                 bool add, float *c, size_t ldc)
{
    for (size_t i = 0; i < m; i++) {
        for (size_t j = 0; j < n; j++) {
            double sum = add ? (double)c[i * ldc + j] : 0;
            for (size_t p = 0; p < k; p++) {
                double left = (double)(ta ? a[p * lda + i] : a[i * lda + p]);
                double right = (double)(tb ? b[j * ldb + p] : b[p * ldb + j]);
                sum += left * right;
            }
            c[i * ldc + j] = (float)sum;
        }
    }
}

void en_ref_from_u8(const uint8_t *x, size_t n, float scale, float shift, float *y)
{
    for (size_t i = 0; i < n; i++) {
        y[i] = (float)x[i] * scale + shift;
    }
}

void en_ref_bias(float *y, const float *b, size_t rows, size_t cols, bool relu)
{
    for (size_t i = 0; i < rows; i++, y += cols) {
        en_ref_add(y, b, cols);
        if (relu) {
            en_ref_relu(y, cols);
        }
    }
}

void en_ref_sum_rows(const float *x, size_t rows, size_t cols, float *sum)
{
    for (size_t i = 0; i < rows; i++) {
        en_ref_add(sum, x + i * cols, cols);
    }
}

void en_ref_add(float *y, const float *x, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        y[i] += x[i];
    }
}

void en_ref_relu(float *y, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        y[i] = y[i] < 0 ? 0 : y[i];
    }
}

void en_ref_relu_back(float *dy, const float *y, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        dy[i] = y[i] > 0 ? dy[i] : 0;
    }
}

void en_ref_maxpool_one(const en_pool_shape *s, const float *window, size_t c, float *y, uint8_t *place)
{
    size_t best = 0;
    float most = window[c];
    for (size_t k = 1; k < s->size * s->size; k++) {
        float value = window[(k / s->size * s->w + k % s->size) * s->c + c];
        if (!(value <= most) && !isnan(most)) { /* greater, or the first that is not a number */
            most = value;
            best = k;
        }
    }
    y[c] = most;
    if (place != NULL) {
        place[c] = (uint8_t)best;
    }
}

void en_ref_maxpool(const en_pool_shape *s, const float *x, float *y, uint8_t *place)
{
    for (size_t out = 0; out < s->oh * s->ow; out++, y += s->c, place = place != NULL ? place + s->c : NULL) {
        const float *window = x + (out / s->ow * s->w + out % s->ow) * s->stride * s->c;
        for (size_t c = 0; c < s->c; c++) {
            en_ref_maxpool_one(s, window, c, y, place);
        }
    }
}

void en_ref_maxpool_back(const en_pool_shape *s, const float *dy, const uint8_t *place, float *dx)
{
    memset(dx, 0, s->h * s->w * s->c * sizeof *dx);
    for (size_t i = 0; i < s->oh; i++) {
        for (size_t j = 0; j < s->ow; j++) {
            float *window = dx + (i * s->w + j) * s->stride * s->c;
            for (size_t c = 0; c < s->c; c++) {
                size_t at = (i * s->ow + j) * s->c + c;
                size_t row = place[at] / s->size, column = place[at] % s->size;
                window[(row * s->w + column) * s->c + c] += dy[at];
            }
        }
    }
}

void en_ref_adam(const en_adam *a, size_t n, const float *g, float *w, float *m, float *v)
{
    for (size_t i = 0; i < n; i++) {
        m[i] = a->beta1 * m[i] + a->rest1 * g[i];
        v[i] = a->beta2 * v[i] + a->rest2 * (g[i] * g[i]);
        w[i] = w[i] - a->rate * m[i] / (sqrtf(v[i]) + a->epsilon) - a->decay * w[i];
    }
}

const en_kernels en_kernels_ref = {
    .name = "ref",
    .gemm = gemm,
    .im2col = en_ref_im2col,
    .col2im = en_ref_col2im,
    .from_u8 = en_ref_from_u8,
    .bias = en_ref_bias,
    .sum_rows = en_ref_sum_rows,
    .add = en_ref_add,
    .relu = en_ref_relu,
    .relu_back = en_ref_relu_back,
    .maxpool = en_ref_maxpool,
    .maxpool_back = en_ref_maxpool_back,
    .adam = en_ref_adam,
    .sgd = sgd,
    .moments = moments,
    .affine = affine,
    .norm_sums = norm_sums,
    .norm_back = norm_back,
    .depthwise = &en_depthwise_ref,
    .winograd = &en_winograd_ref,
    .fft = &en_fft_ref,
};
