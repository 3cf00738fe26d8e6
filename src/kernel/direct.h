/* Kernels of convolution by register tiles: a few pixels of a row times the numbers of one panel of outputs are summed
 * in registers over all taps and channels, straight from the image. */
#ifndef EN_KERNEL_DIRECT_H
#define EN_KERNEL_DIRECT_H

#include <stdbool.h>
#include <stddef.h>

/* The most outputs of a panel of any table, and what every table's panels are multiples of. */
#define EN_DIRECT_OUTPUTS_MAX 32u
#define EN_DIRECT_OUTPUTS_ROUND 16u

/* Where the numbers of one row of output pixels lie, in floats. Tap (r,q) of pixel p reads the `depth` numbers from
 * x + p*x_step + r*x_row + q*x_tap on. The weights of one panel are a matrix of rows*taps*depth rows in that order,
 * w_step from one to the next. */
typedef struct en_direct_row {
    size_t rows, taps, depth;
    size_t x_row, x_tap, x_step;
    size_t w_step;
    size_t y_step; /* from one pixel of y to the next */
} en_direct_row;

/* What the gradient of the weights is summed over: `lines` rows of `pixels` pixels. */
typedef struct en_direct_area {
    size_t lines, pixels;
    size_t x_line, x_step; /* of x, from one row, and one pixel, to the next */
} en_direct_area;

typedef struct en_direct_kernels {
    size_t lanes, outputs; /* of a vector and of a panel; a panel's rows are rounded up to whole vectors */
    /* The first `outputs` numbers of a panel for `pixels` pixels: y[p][o] = b[o] + the sum over taps and depth; with
     * relu, max(y, 0). w and b are read up to whole vectors; b NULL: zeros. */
    void (*forward)(const en_direct_row *g, const float *x, const float *w, const float *b, bool relu, size_t pixels,
                    size_t outputs, float *y);
    /* The gradients of one panel of outputs in one place, d (pixels, outputs rounded up to whole vectors), the rest 0;
     * with y, 0 where y[p][o] <= 0, and with `keep` in dy, too. db += their sums. `step`: floats from one pixel of dy
     * and y to the next. */
    void (*gather)(float *dy, const float *y, bool keep, size_t step, size_t pixels, size_t outputs, float *d,
                   float *db);
    /* dw[l][o] = (add ? dw[l][o] : 0) + sum over the area of x[l] * d[o] for l = 0..depth-1; d and dw have `outputs`
     * numbers in a row, rounded up to whole vectors. */
    void (*weights)(const en_direct_area *area, const float *x, const float *d, bool add, size_t depth, size_t outputs,
                    float *dw);
} en_direct_kernels;

#ifdef EN_HAVE_AVX2
extern const en_direct_kernels en_direct_avx2;
#endif
#ifdef EN_HAVE_AVX512
extern const en_direct_kernels en_direct_avx512;
#endif
#ifdef EN_HAVE_NEON
extern const en_direct_kernels en_direct_neon;
#endif

#endif
