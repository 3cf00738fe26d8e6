/* Convolution with kernels of 3x3 at stride 1 by Winograd's minimal filtering F(4x4,3x3): Lavin & Gray, "Fast
 * Algorithms for Convolutional Neural Networks", CVPR 2016, section 4. A tile of 4x4 outputs takes 36 products per pair
 * of channels instead of 144.
 *
 * In one dimension, 4 outputs y of a kernel g (3) over d (6) are
 *   y = A^T [(G g) * (B^T d)]                     (* element by element)
 * which is Toom and Cook's product of polynomials, evaluated at 6 points: here 0, a, -a, b, -b and infinity, with
 *   A^T = | 1   1    1    1    1   0 |       B^T = | p    0    -s   0   1  0 |       G = | 1/p    0     0    |
 *         | 0   a   -a    b   -b   0 |             | 0  -ab^2 -b^2  a   1  0 |           | 1/n   a/n   a^2/n |
 *         | 0  a^2  a^2  b^2  b^2  0 |             | 0   ab^2 -b^2 -a   1  0 |           | 1/n  -a/n   a^2/n |
 *         | 0  a^3 -a^3  b^3 -b^3  1 |             | 0  -ba^2 -a^2  b   1  0 |           | 1/q   b/q   b^2/q |
 *                                                  | 0   ba^2 -a^2 -b   1  0 |           | 1/q  -b/q   b^2/q |
 *                                                  | 0    p     0   -s   0  1 |          |  0     0     1    |
 *   s = a^2 + b^2, p = a^2 b^2, n = 2a^2 (a^2 - b^2), q = 2b^2 (b^2 - a^2).
 * The paper has a = 1, b = 2. Here a = 5/8, b = 3/2: their powers are exact in a float, as cheap, and the rounding
 * error is less than half as large (1.9 times direct convolution's instead of 4.3, root mean square, 32 channels).
 *
 * In two dimensions, and with channels, point (i,j) of 36 by itself:
 *   V = B^T d B (c),  U = G g G^T (c,oc),  M = V U (oc),  y = A^T M A
 * The gradients are the transposes. Of the weights, summed over tiles: D = A dy A^T (oc), dU = V^T D (c,oc),
 * dg = G^T dU G. The gradient of the input is the same convolution over dy, with the kernel turned by half a turn and
 * its channels exchanged.
 *
 * Everything transformed is stored in panels of 16 channels: [panel][point][row][16], where a row is a tile (V, M, D)
 * or a channel in (U, dU); channels beyond the last are undefined in V, M, dU and 0 in U and D. `step` is the number of
 * floats from one point to the next, 36*step that from one panel to the next. */
#ifndef EN_KERNEL_WINOGRAD_H
#define EN_KERNEL_WINOGRAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define EN_WINOGRAD_OUT 4u     /* sides of the tiles: outputs, */
#define EN_WINOGRAD_IN 6u      /* inputs */
#define EN_WINOGRAD_POINTS 36u /* and products */
#define EN_WINOGRAD_PANEL 16u

/* The constants of the matrices above. */
#define EN_WINOGRAD_A 0.625
#define EN_WINOGRAD_B 1.5
#define EN_WINOGRAD_A2 (EN_WINOGRAD_A * EN_WINOGRAD_A)
#define EN_WINOGRAD_B2 (EN_WINOGRAD_B * EN_WINOGRAD_B)
#define EN_WINOGRAD_S (EN_WINOGRAD_A2 + EN_WINOGRAD_B2)
#define EN_WINOGRAD_P (EN_WINOGRAD_A2 * EN_WINOGRAD_B2)
#define EN_WINOGRAD_N (2 * EN_WINOGRAD_A2 * (EN_WINOGRAD_A2 - EN_WINOGRAD_B2))
#define EN_WINOGRAD_Q (2 * EN_WINOGRAD_B2 * (EN_WINOGRAD_B2 - EN_WINOGRAD_A2))

/* One image, or some of its channels, to cut tiles from. Outside the image everything is 0. */
typedef struct en_winograd_image {
    const float *x; /* pixel (0,0), first channel */
    const uint16_t
        *bits;   /* NULL, or as an output left them: x counts where a bit is 1, elsewhere as 0 (relu's derivative) */
    size_t h, w; /* pixels */
    size_t pixel, row; /* floats from a pixel to the next one, from a row to the next one */
    size_t panels;     /* bits from a pixel to the next one; rows lie densely */
    size_t channels;
} en_winograd_image;

/* Where tiles of outputs go. */
typedef struct en_winograd_target {
    float *y; /* pixel (0,0), first channel */
    size_t h, w, pixel, row, channels;
    const float *bias; /* of these channels; NULL: 0 */
    bool relu;         /* y = max(y, 0); NaN propagates */
    uint16_t *bits;    /* NULL, or set to where y > 0: of pixel (0,0), a bit for each channel of these panels */
    size_t panels;     /* bits from a pixel to the next one; rows lie densely */
    bool stream;       /* y leaves the cache before it is read: write past it. y is aligned to 64 bytes then */
} en_winograd_target;

typedef struct en_winograd_kernels {
    /* The rows of V of one tile of 6x6 whose first pixel, (row,column), may lie outside the image. */
    void (*input)(const en_winograd_image *from, ptrdiff_t row, ptrdiff_t column, float *v, size_t step);
    /* Asks for the pixels of a tile that input will take soon, without the first two rows and columns, which it shares
     * with tiles before it. */
    void (*fetch)(const en_winograd_image *from, ptrdiff_t row, ptrdiff_t column);
    /* The rows of D of one tile of 4x4; sum, unless it is NULL: its pixels are added to sum (channels). */
    void (*gradient)(const en_winograd_image *from, size_t row, size_t column, float *d, size_t step, float *sum);
    /* A tile of 4x4 from its rows of M; what lies outside the image is left out. */
    void (*output)(const float *m, size_t step, const en_winograd_target *to, size_t row, size_t column);
    /* One panel of U from w (3,3,c,oc). Turned: that of the gradient of the input, whose rows are the oc and whose
     * panels are made of the c. */
    void (*weights)(const float *w, size_t c, size_t oc, bool turned, size_t panel, float *u, size_t step);
    /* At one point: M (rows, 16 in each panel) = V (rows,c) U (c, 16 in each panel). */
    void (*multiply)(const float *v, size_t v_step, size_t rows, size_t c, const float *u, size_t u_step, size_t panels,
                     float *m, size_t m_step);
    /* At one point: dU (c, 16 in each panel) += V^T (c,rows) D (rows, 16 in each panel). */
    void (*accumulate)(const float *v, size_t v_step, size_t rows, size_t c, const float *d, size_t d_step,
                       size_t panels, float *du, size_t du_step);
    /* dw = G^T dU G, or added to dw, for the first c rows and oc columns of dU; tap and row: floats from one place of
     * dw's 3x3, and from one channel in, to the next one. */
    void (*weights_back)(const float *du, size_t step, size_t c, size_t oc, float *dw, size_t tap, size_t row,
                         bool add);
} en_winograd_kernels;

extern const en_winograd_kernels en_winograd_ref; /* plain C */
#ifdef EN_HAVE_AVX2
extern const en_winograd_kernels en_winograd_avx2;
#endif
#ifdef EN_HAVE_AVX512
extern const en_winograd_kernels en_winograd_avx512;
#endif
#ifdef EN_HAVE_NEON
extern const en_winograd_kernels en_winograd_neon;
#endif

#endif
