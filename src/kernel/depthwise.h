/* Kernels of depthwise convolutions: one row of an image at a time, all channels, each channel by itself. */
#ifndef EN_KERNEL_DEPTHWISE_H
#define EN_KERNEL_DEPTHWISE_H

#include <stdbool.h>
#include <stddef.h>

/* What one row is made of. Output column j and tap (r,q) meet the column j*step + q*dilation + offset of the input row
 * r, where that is 0..width-1; other columns are padding. Both passes fit this: backward data reads the rows of dy with
 * the taps in reverse order, and with stride s it makes every s-th column from every s-th tap. */
typedef struct en_depthwise_row {
    size_t channels;          /* of x, y and w; from one pixel, and one tap, to the next */
    size_t rows, taps;        /* of the kernel */
    ptrdiff_t x_row;          /* floats from one input row to the next */
    ptrdiff_t w_row, w_tap;   /* floats from one row of taps, and one tap, to the next */
    size_t step, dilation;    /* 1 or more */
    ptrdiff_t offset;         /* of the first tap of output column 0 */
    size_t width;             /* of the input, in pixels */
    size_t count, y_distance; /* output columns, and pixels from one to the next */
} en_depthwise_row;

typedef struct en_depthwise_kernels {
    /* y[j][c] = b[c] + sum over r,q of x[r][column][c] * w[r][q][c]; then, with relu, max(y, 0). b NULL: zeros. */
    void (*correlate)(const en_depthwise_row *g, const float *x, const float *w, const float *b, bool relu, float *y);
    /* dw[r][q][c] += sum over j of x[r][column][c] * dy[j][c]. */
    void (*weights)(const en_depthwise_row *g, const float *x, const float *dy, float *dw);
} en_depthwise_kernels;

extern const en_depthwise_kernels en_depthwise_ref; /* plain C */
#ifdef EN_HAVE_AVX2
extern const en_depthwise_kernels en_depthwise_avx2;
#endif
#ifdef EN_HAVE_AVX512
extern const en_depthwise_kernels en_depthwise_avx512;
#endif
#ifdef EN_HAVE_NEON
extern const en_depthwise_kernels en_depthwise_neon;
#endif

#endif
