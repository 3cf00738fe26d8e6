/* Convolution in the frequency domain: the parts that work on one square tile of an image.
 *
 * A tile is t x t pixels of some channels; its spectrum is the discrete Fourier transform over rows and columns,
 *   X[u][v] = sum over r,s < t of x[r][s] * exp(-2 pi i (u*r + v*s) / t),
 * of which v = 0..t/2 is computed, as x is real: X[-u][-v] is the conjugate of X[u][v]; in the columns v = 0 and
 * v = t/2, which are spectra of real numbers themselves, also u = 0..t/2 alone. (Convolution theorem, overlap-save and
 * overlap-add: Oppenheim & Schafer, Discrete-Time Signal Processing, ch. 8; split into sizes R and 8: Cooley & Tukey
 * 1965.) Nothing is scaled until `rows_back`, which multiplies by what it is given: 1/(t*t) for a plain inverse.
 *
 * Between the two passes of a transform a tile is "half" transformed: for each column v and each group of `lanes`
 * channels, t rows of (`lanes` real parts, `lanes` imaginary parts). Column v of a tile starts v * column_stride floats
 * after column 0; groups follow each other. Lanes past the last channel are 0.
 *
 * Products use three real multiplications for a complex one (Gauss): for z = x*w,
 *   re z = (re x + im x) * re w - im x * (re w + im w),   im z = (re x + im x) * re w - re x * (re w - im w). */
#ifndef EN_KERNEL_FFT_H
#define EN_KERNEL_FFT_H

#include <stdbool.h>
#include <stddef.h>

/* Where the pixels of a tile come from. Tile rows top..bottom-1 and columns left..right-1 lie in the image; the rest of
 * the tile is 0. */
typedef struct en_fft_source {
    const float *x;    /* of tile pixel (top,left) */
    const float *mask; /* as x, or NULL: a number counts as 0 unless its mask is above 0 */
    size_t row, pixel; /* floats from one row, one pixel to the next */
    size_t channels;
    size_t top, bottom, left, right;
} en_fft_source;

/* Where the pixels of a tile go to: those of the given rows and columns; the others are dropped. */
typedef struct en_fft_target {
    float *y;          /* of tile pixel (top,left) */
    size_t row, pixel; /* floats from one row, one pixel to the next */
    size_t channels;
    size_t top, bottom, left, right;
    size_t add; /* columns before this one are added to what y has */
    float scale;
    const float *bias; /* (channels), or NULL */
    bool relu;
} en_fft_target;

/* z(rows,groups*lanes) = x(rows,depth) * w(depth,groups*lanes), complex, or added to z, at each of a number of
 * frequencies; with `conjugate`, of the conjugates of w. The imaginary parts of x, w and z lie `plane` after the real
 * ones. All offsets are in floats. Either x_row or x_depth is 1. */
typedef struct en_fft_product {
    size_t frequencies, rows, depth, groups;
    const float *x;
    size_t x_frequency, x_row, x_depth, x_plane;
    const float *w;
    size_t w_frequency, w_depth, w_plane;
    bool conjugate;
    float *z;
    size_t z_frequency, z_row, z_plane;
    bool add;
} en_fft_product;

/* Tile sizes t: 16, 24, 32, 48, 64. */
typedef struct en_fft_kernels {
    size_t lanes; /* channels that are transformed together: a power of two */
    /* Half transforms a tile, all its channels: a real transform of each row. */
    void (*rows)(size_t t, const en_fft_source *from, float *half, size_t column_stride);
    /* The transform of one half transformed column: frequency u at out + u*frequency, the imaginary parts `plane`
     * further. `real`: for columns 0 and t/2. */
    void (*column)(size_t t, bool real, size_t groups, const float *half, float *out, size_t frequency, size_t plane);
    /* Its inverse, t times as large. */
    void (*column_back)(size_t t, bool real, size_t groups, const float *spectrum, size_t frequency, size_t plane,
                        float *half);
    /* The inverse of `rows`, t times as large but for to->scale. Where `above` is not NULL, its rows count..t-1 are
     * added to rows 0..t-1-count first: another half transformed tile, whose last rows lie over the first of this. */
    void (*rows_back)(size_t t, const float *half, const float *above, size_t count, size_t column_stride,
                      const en_fft_target *to);
    void (*product)(const en_fft_product *p);
} en_fft_kernels;

extern const en_fft_kernels en_fft_ref;     /* plain C, sums in double precision */
extern const en_fft_kernels en_fft_generic; /* vectors of 4 floats, whatever the processor makes of them */
#ifdef EN_HAVE_AVX2
extern const en_fft_kernels en_fft_avx2;
#endif
#ifdef EN_HAVE_AVX512
extern const en_fft_kernels en_fft_avx512;
#endif
#ifdef EN_HAVE_NEON
extern const en_fft_kernels en_fft_neon;
#endif

/* cos(2 pi n / 192), n = 0..239: for the sizes above exp(-2 pi i n / t) is number n*192/t, plus i times the number 48
 * further on, as cos(a + pi/2) = -sin(a). */
extern const float en_fft_cosines[240];

#endif
