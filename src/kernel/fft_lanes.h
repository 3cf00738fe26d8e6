/* The transforms of fft.h with one channel in each lane of a vector, compiled once for each instruction set: a file
 * with flags of its own defines EN_FFT_TABLE, the name of its table, and includes this.
 *
 * A transform of t = R*8 numbers is R transforms of 8, then 8 of R (Cooley & Tukey 1965): with n = R*j + m, j < 8, and
 * f = k + 8*q, k < 8,
 *   X[k + 8q] = sum over m of exp(-2 pi i m q / R) * W^(m k) * sum over j of exp(-2 pi i j k / 8) * x[R j + m],
 * W = exp(-2 pi i / t). Between the two, numbers lie in a block of the stack that fits the first-level cache. For real
 * x only k = 0..4 is needed, as the others are conjugates. */
#ifndef EN_KERNEL_FFT_LANES_H
#define EN_KERNEL_FFT_LANES_H

#include "kernel/fft.h"
#include "kernel/fft_product.h"
#include "kernel/vector.h"

#define PAIR ((size_t)2 * EN_LANES) /* a complex number of each lane, in floats */
#define SIZE_MAX_T 64u
#define SQRT_HALF 0.70710678118654752F
#define SQRT_2 1.41421356237309505F
#define SQRT_3_4 0.86602540378443865F

/* ---- Transforms of 2, 3, 4, 6 and 8 complex numbers: x from (re, im). ---- */

EN_INLINE void fft2(const en_vec *re, const en_vec *im, en_vec *xr, en_vec *xi)
{
    xr[0] = re[0] + re[1];
    xi[0] = im[0] + im[1];
    xr[1] = re[0] - re[1];
    xi[1] = im[0] - im[1];
}

EN_INLINE void fft3(const en_vec *re, const en_vec *im, en_vec *xr, en_vec *xi)
{
    en_vec high = en_vec_all(SQRT_3_4), half = en_vec_all(0.5F);
    en_vec sr = re[1] + re[2], si = im[1] + im[2], dr = re[1] - re[2], di = im[1] - im[2];
    en_vec mr = en_vec_fnma(half, sr, re[0]), mi = en_vec_fnma(half, si, im[0]);
    xr[0] = re[0] + sr;
    xi[0] = im[0] + si;
    xr[1] = en_vec_fma(high, di, mr);
    xi[1] = en_vec_fnma(high, dr, mi);
    xr[2] = en_vec_fnma(high, di, mr);
    xi[2] = en_vec_fma(high, dr, mi);
}

EN_INLINE void fft4(const en_vec *re, const en_vec *im, en_vec *xr, en_vec *xi)
{
    en_vec ar = re[0] + re[2], ai = im[0] + im[2], br = re[0] - re[2], bi = im[0] - im[2];
    en_vec cr = re[1] + re[3], ci = im[1] + im[3], dr = re[1] - re[3], di = im[1] - im[3];
    xr[0] = ar + cr;
    xi[0] = ai + ci;
    xr[1] = br + di;
    xi[1] = bi - dr;
    xr[2] = ar - cr;
    xi[2] = ai - ci;
    xr[3] = br - di;
    xi[3] = bi + dr;
}

/* Without twiddle factors, 2 and 3 having no common divisor (Good 1958): n = 3a + 2b, f = 3a + 4b (mod 6). */
EN_INLINE void fft6(const en_vec *re, const en_vec *im, en_vec *xr, en_vec *xi)
{
    en_vec sr[3], si[3], dr[3], di[3], er[3], ei[3], odd_r[3], odd_i[3];
    EN_UNROLL for (size_t b = 0; b < 3; b++)
    {
        size_t p = 2 * b, q = (3 + 2 * b) % 6;
        sr[b] = re[p] + re[q];
        si[b] = im[p] + im[q];
        dr[b] = re[p] - re[q];
        di[b] = im[p] - im[q];
    }
    fft3(sr, si, er, ei);
    fft3(dr, di, odd_r, odd_i);
    EN_UNROLL for (size_t b = 0; b < 3; b++)
    {
        size_t p = 4 * b % 6, q = (3 + 4 * b) % 6;
        xr[p] = er[b];
        xi[p] = ei[b];
        xr[q] = odd_r[b];
        xi[q] = odd_i[b];
    }
}

EN_INLINE void fft8(const en_vec *re, const en_vec *im, en_vec *xr, en_vec *xi)
{
    const en_vec c = en_vec_all(SQRT_HALF), er_in[4] = {re[0], re[2], re[4], re[6]},
                 ei_in[4] = {im[0], im[2], im[4], im[6]};
    const en_vec or_in[4] = {re[1], re[3], re[5], re[7]}, oi_in[4] = {im[1], im[3], im[5], im[7]};
    en_vec er[4], ei[4], dr[4], di[4];
    fft4(er_in, ei_in, er, ei);
    fft4(or_in, oi_in, dr, di);
    xr[0] = er[0] + dr[0];
    xi[0] = ei[0] + di[0];
    xr[4] = er[0] - dr[0];
    xi[4] = ei[0] - di[0];
    en_vec u = dr[1] + di[1], v = di[1] - dr[1]; /* the odd half times exp(-i pi/4), but for its length */
    xr[1] = en_vec_fma(c, u, er[1]);
    xi[1] = en_vec_fma(c, v, ei[1]);
    xr[5] = en_vec_fnma(c, u, er[1]);
    xi[5] = en_vec_fnma(c, v, ei[1]);
    xr[2] = er[2] + di[2];
    xi[2] = ei[2] - dr[2];
    xr[6] = er[2] - di[2];
    xi[6] = ei[2] + dr[2];
    u = di[3] - dr[3]; /* times exp(-3 i pi/4): (u, -v) */
    v = dr[3] + di[3];
    xr[3] = en_vec_fma(c, u, er[3]);
    xi[3] = en_vec_fnma(c, v, ei[3]);
    xr[7] = en_vec_fnma(c, u, er[3]);
    xi[7] = en_vec_fma(c, v, ei[3]);
}

EN_INLINE void fft_of(const size_t size, const en_vec *re, const en_vec *im, en_vec *xr, en_vec *xi)
{
    switch (size) { /* known where this is inlined */
    case 2: fft2(re, im, xr, xi); break;
    case 3: fft3(re, im, xr, xi); break;
    case 4: fft4(re, im, xr, xi); break;
    case 6: fft6(re, im, xr, xi); break;
    default: fft8(re, im, xr, xi); break;
    }
}

/* ---- Transforms of t = R*8 numbers in memory. ---- */

/* Where numbers of a spectrum go: the real part of number f to at + f*step, the imaginary part `plane` further. */
typedef struct spectrum {
    float *at;
    size_t step, plane;
} spectrum;

EN_INLINE void put(const spectrum *to, size_t f, en_vec re, en_vec im)
{
    float *at = to->at + f * to->step;
    en_vec_store(at, re);
    en_vec_store(at + to->plane, im);
}

typedef struct block {
    _Alignas(64) float at[8][8][PAIR]; /* [m][k], of R*8 numbers */
} block;

/* Numbers re[j*step], im[j*step], j < t; their spectrum to to_re[f*to_step], to_im[f*to_step]. Exchanging the real and
 * the imaginary parts, of both what goes in and what comes out, makes this the inverse, t times as large. */
EN_INLINE void complex_fft(const size_t R, const float *re, const float *im, size_t step, float *to_re, float *to_im,
                           size_t to_step)
{
    block b;
    const size_t turn = 24 / R; /* of the circle's 192 parts: W */
    for (size_t m = 0; m < R; m++) {
        en_vec r[8], i[8], xr[8], xi[8];
        EN_UNROLL for (size_t j = 0; j < 8; j++)
        {
            r[j] = en_vec_load(re + (R * j + m) * step);
            i[j] = en_vec_load(im + (R * j + m) * step);
        }
        fft8(r, i, xr, xi);
        en_vec_store(b.at[m][0], xr[0]);
        en_vec_store(b.at[m][0] + EN_LANES, xi[0]);
        EN_UNROLL for (size_t k = 1; k < 8; k++)
        {
            en_vec wr = en_vec_all(en_fft_cosines[m * k * turn]), wi = en_vec_all(en_fft_cosines[m * k * turn + 48]);
            en_vec_store(b.at[m][k], en_vec_fnma(xi[k], wi, xr[k] * wr));
            en_vec_store(b.at[m][k] + EN_LANES, en_vec_fma(xr[k], wi, xi[k] * wr));
        }
    }
    for (size_t k = 0; k < 8; k++) {
        en_vec r[8], i[8], xr[8], xi[8];
        EN_UNROLL for (size_t m = 0; m < R; m++)
        {
            r[m] = en_vec_load(b.at[m][k]);
            i[m] = en_vec_load(b.at[m][k] + EN_LANES);
        }
        fft_of(R, r, i, xr, xi);
        EN_UNROLL for (size_t q = 0; q < R; q++)
        {
            en_vec_store(to_re + (k + 8 * q) * to_step, xr[q]);
            en_vec_store(to_im + (k + 8 * q) * to_step, xi[q]);
        }
    }
}

/* Real numbers x[j*step], j < t; their spectrum's numbers 0..t/2. */
EN_INLINE void real_fft(const size_t R, const float *x, size_t step, const spectrum *to)
{
    block b;
    const size_t turn = 24 / R, half = 4 * R;
    const en_vec c = en_vec_all(SQRT_HALF), zero = en_vec_all(0);
    for (size_t m = 0; m < R; m++) { /* transforms of 8 real numbers, split as in fft8 */
        en_vec s[4], d[4], xr[5], xi[5];
        EN_UNROLL for (size_t j = 0; j < 4; j++)
        {
            en_vec u = en_vec_load(x + (R * j + m) * step), v = en_vec_load(x + (R * (j + 4) + m) * step);
            s[j] = u + v;
            d[j] = u - v;
        }
        en_vec even = s[0] + s[2], odd = s[1] + s[3], p = d[1] - d[3], q = d[1] + d[3];
        en_vec_store(b.at[m][0], even + odd);
        xr[4] = even - odd;
        xi[4] = zero;
        xr[2] = s[0] - s[2];
        xi[2] = s[3] - s[1];
        xr[1] = en_vec_fma(c, p, d[0]);
        xi[1] = -en_vec_fma(c, q, d[2]);
        xr[3] = en_vec_fnma(c, p, d[0]);
        xi[3] = en_vec_fnma(c, q, d[2]);
        EN_UNROLL for (size_t k = 1; k < 5; k++)
        {
            en_vec wr = en_vec_all(en_fft_cosines[m * k * turn]), wi = en_vec_all(en_fft_cosines[m * k * turn + 48]);
            en_vec re = xr[k] * wr, im = xr[k] * wi;
            if (k < 4) {
                re = en_vec_fnma(xi[k], wi, re);
                im = en_vec_fma(xi[k], wr, im);
            }
            en_vec_store(b.at[m][k], re);
            en_vec_store(b.at[m][k] + EN_LANES, im);
        }
    }
    EN_UNROLL for (size_t k = 0; k < 5; k++)
    {
        en_vec r[8], i[8], xr[8], xi[8];
        EN_UNROLL for (size_t m = 0; m < R; m++)
        {
            r[m] = en_vec_load(b.at[m][k]);
            i[m] = k > 0 ? en_vec_load(b.at[m][k] + EN_LANES) : zero;
        }
        fft_of(R, r, i, xr, xi);
        EN_UNROLL for (size_t q = 0; q < R; q++)
        {
            size_t f = k + 8 * q;
            if (f <= half) {
                put(to, f, xr[q], xi[q]);
            } else if (k % 4 != 0) { /* the conjugate; for k = 0 and 4 it is there already */
                put(to, 2 * half - f, xr[q], -xi[q]);
            }
        }
    }
}

/* The inverse, t times as large: y[j*step] from numbers 0..t/2 of a spectrum, real parts at from + f*frequency. The
 * steps of real_fft backwards. */
EN_INLINE void real_fft_back(const size_t R, const float *from, size_t frequency, size_t imaginary, float *y,
                             size_t step)
{
    block b;
    const size_t turn = 24 / R, half = 4 * R;
    const en_vec two = en_vec_all(2), c2 = en_vec_all(SQRT_2);
    EN_UNROLL for (size_t k = 0; k < 5; k++)
    {
        en_vec r[8], i[8], xr[8], xi[8];
        EN_UNROLL for (size_t q = 0; q < R; q++)
        {
            size_t f = k + 8 * q;
            const float *at = from + (f <= half ? f : 2 * half - f) * frequency;
            r[q] = en_vec_load(at);
            i[q] = f <= half ? en_vec_load(at + imaginary) : -en_vec_load(at + imaginary);
        }
        fft_of(R, i, r, xi, xr); /* exchanged: the inverse */
        EN_UNROLL for (size_t m = 0; m < R; m++)
        {
            en_vec wr = en_vec_all(en_fft_cosines[m * k * turn]), wi = en_vec_all(en_fft_cosines[m * k * turn + 48]);
            en_vec_store(b.at[m][k], k == 0 ? xr[m] : en_vec_fma(xi[m], wi, xr[m] * wr));
            if (k > 0 && k < 4) {
                en_vec_store(b.at[m][k] + EN_LANES, en_vec_fnma(xr[m], wi, xi[m] * wr));
            }
        }
    }
    for (size_t m = 0; m < R; m++) { /* of 8 numbers, of which 5 are given and 0 and 4 are real */
        en_vec r[5], i[4];
        EN_UNROLL for (size_t k = 0; k < 5; k++) { r[k] = en_vec_load(b.at[m][k]); }
        EN_UNROLL for (size_t k = 1; k < 4; k++) { i[k] = en_vec_load(b.at[m][k] + EN_LANES); }
        en_vec even = r[0] + r[4], odd = r[0] - r[4];
        en_vec a0 = en_vec_fma(two, r[2], even), a2 = en_vec_fnma(two, r[2], even);
        en_vec a1 = en_vec_fnma(two, i[2], odd), a3 = en_vec_fma(two, i[2], odd);
        en_vec s = r[1] + r[3], d = i[3] - i[1], p = (r[1] - i[1]) - (r[3] + i[3]), q = (r[3] - i[3]) - (r[1] + i[1]);
        float *to = y + m * step;
        const size_t jump = R * step;
        en_vec_store(to, en_vec_fma(two, s, a0));
        en_vec_store(to + jump, en_vec_fma(c2, p, a1));
        en_vec_store(to + 2 * jump, en_vec_fma(two, d, a2));
        en_vec_store(to + 3 * jump, en_vec_fma(c2, q, a3));
        en_vec_store(to + 4 * jump, en_vec_fnma(two, s, a0));
        en_vec_store(to + 5 * jump, en_vec_fnma(c2, p, a1));
        en_vec_store(to + 6 * jump, en_vec_fnma(two, d, a2));
        en_vec_store(to + 7 * jump, en_vec_fnma(c2, q, a3));
    }
}

/* The transforms of one size, which is known within each. */
typedef struct transforms {
    void (*real)(const float *x, size_t step, const spectrum *to);
    void (*real_back)(const float *from, size_t frequency, size_t imaginary, float *y, size_t step);
    void (*complex)(const float *re, const float *im, size_t step, float *to_re, float *to_im, size_t to_step);
} transforms;

#define TRANSFORMS(R)                                                                                                  \
    static inline void real_##R(const float *x, size_t step, const spectrum *to) { real_fft(R, x, step, to); }         \
    static inline void real_back_##R(const float *from, size_t frequency, size_t imaginary, float *y, size_t step)     \
    {                                                                                                                  \
        real_fft_back(R, from, frequency, imaginary, y, step);                                                         \
    }                                                                                                                  \
    static inline void complex_##R(const float *re, const float *im, size_t step, float *to_re, float *to_im,          \
                                   size_t to_step)                                                                     \
    {                                                                                                                  \
        complex_fft(R, re, im, step, to_re, to_im, to_step);                                                           \
    }                                                                                                                  \
    static const transforms of_##R = {real_##R, real_back_##R, complex_##R};
TRANSFORMS(2)
TRANSFORMS(3)
TRANSFORMS(4)
TRANSFORMS(6)
TRANSFORMS(8)

static inline const transforms *transforms_of(size_t t)
{
    return t == 16 ? &of_2 : t == 24 ? &of_3 : t == 32 ? &of_4 : t == 48 ? &of_6 : &of_8;
}

/* ---- Tiles. ---- */

/* Some channels of one row of an image, as a row of a tile. */
static inline void gather(size_t t, const en_fft_source *s, const float *x, const float *mask, size_t channels,
                          float *row)
{
    for (size_t j = 0; j < s->left; j++) {
        en_vec_store(row + j * EN_LANES, en_vec_all(0));
    }
    for (size_t j = s->left; j < s->right; j++, x += s->pixel) {
        en_vec v = en_vec_take(x, channels);
        if (mask != NULL) {
            v = en_vec_where_positive(en_vec_take(mask, channels), v);
            mask += s->pixel;
        }
        en_vec_store(row + j * EN_LANES, v);
    }
    for (size_t j = s->right; j < t; j++) {
        en_vec_store(row + j * EN_LANES, en_vec_all(0));
    }
}

static inline void rows(size_t t, const en_fft_source *s, float *half, size_t column_stride)
{
    const transforms *f = transforms_of(t);
    _Alignas(64) float row[SIZE_MAX_T * EN_LANES];
    for (size_t r = 0; r < t; r++) {
        for (size_t first = 0, g = 0; first < s->channels; first += EN_LANES, g++) {
            size_t channels = s->channels - first < EN_LANES ? s->channels - first : EN_LANES;
            spectrum to = {half + (g * t + r) * PAIR, column_stride, EN_LANES};
            if (r < s->top || r >= s->bottom) {
                for (size_t v = 0; v <= t / 2; v++) {
                    put(&to, v, en_vec_all(0), en_vec_all(0));
                }
                continue;
            }
            for (size_t v = 0; v <= t / 2; v++) { /* where the next row goes: another line of each column */
                __builtin_prefetch(to.at + v * column_stride + PAIR, 1);
            }
            size_t at = (r - s->top) * s->row + first;
            const float *x = s->x + at;
            for (size_t j = 0; r + 1 < s->bottom && j < s->right - s->left; j++) { /* where it comes from */
                __builtin_prefetch(x + s->row + j * s->pixel);
                if (s->mask != NULL) {
                    __builtin_prefetch(s->mask + at + s->row + j * s->pixel);
                }
            }
            if (s->mask == NULL && channels == EN_LANES && s->left == 0 && s->right == t) {
                f->real(x, s->pixel, &to);
            } else {
                gather(t, s, x, s->mask != NULL ? s->mask + at : NULL, channels, row);
                f->real(row, EN_LANES, &to);
            }
        }
    }
}

static inline void column(size_t t, bool real, size_t groups, const float *half, float *out, size_t frequency,
                          size_t plane)
{
    const transforms *f = transforms_of(t);
    for (size_t g = 0; g < groups; g++, half += t * PAIR, out += EN_LANES) {
        if (real) {
            spectrum to = {out, frequency, plane};
            f->real(half, PAIR, &to);
        } else {
            f->complex(half, half + EN_LANES, PAIR, out, out + plane, frequency);
        }
    }
}

static inline void column_back(size_t t, bool real, size_t groups, const float *in, size_t frequency, size_t plane,
                               float *half)
{
    const transforms *f = transforms_of(t);
    for (size_t g = 0; g < groups; g++, half += t * PAIR, in += EN_LANES) {
        if (real) { /* the imaginary parts are 0, and rows_back reads them */
            f->real_back(in, frequency, plane, half, PAIR);
            for (size_t r = 0; r < t; r++) {
                en_vec_store(half + r * PAIR + EN_LANES, en_vec_all(0));
            }
        } else {
            f->complex(in + plane, in, frequency, half + EN_LANES, half, PAIR); /* exchanged: the inverse */
        }
    }
}

/* One row of a tile to its place, some channels of it. */
EN_INLINE void scatter(const en_fft_target *to, const float *row, size_t channels, float *y, const float *bias)
{
    en_vec scale = en_vec_all(to->scale), b = bias == NULL ? en_vec_zero() : en_vec_take(bias, channels);
    for (size_t j = to->left; j < to->right; j++, y += to->pixel) {
        en_vec v = en_vec_fma(en_vec_load(row + j * EN_LANES), scale, b);
        if (j < to->add) {
            v += en_vec_take(y, channels);
        }
        v = to->relu ? en_vec_relu(v) : v;
        en_vec_put(y, channels, v);
    }
}

static inline void rows_back(size_t t, const float *half, const float *above, size_t count, size_t column_stride,
                             const en_fft_target *to)
{
    const transforms *f = transforms_of(t);
    _Alignas(64) float row[SIZE_MAX_T * EN_LANES], both[(SIZE_MAX_T / 2 + 1) * PAIR];
    for (size_t r = to->top; r < to->bottom; r++) {
        for (size_t first = 0, g = 0; first < to->channels; first += EN_LANES, g++) {
            size_t channels = to->channels - first < EN_LANES ? to->channels - first : EN_LANES;
            const float *from = half + (g * t + r) * PAIR;
            size_t step = column_stride;
            if (above != NULL && r < t - count) {
                const float *other = above + (g * t + r + count) * PAIR;
                for (size_t v = 0; v <= t / 2; v++) {
                    const float *a = from + v * column_stride, *b = other + v * column_stride;
                    en_vec_store(both + v * PAIR, en_vec_load(a) + en_vec_load(b));
                    en_vec_store(both + v * PAIR + EN_LANES, en_vec_load(a + EN_LANES) + en_vec_load(b + EN_LANES));
                }
                from = both;
                step = PAIR;
            }
            for (size_t v = 0; v <= t / 2; v++) { /* the next row */
                __builtin_prefetch(from + v * step + PAIR);
                __builtin_prefetch(from + v * step + PAIR + EN_LANES);
            }
            f->real_back(from, step, EN_LANES, row, EN_LANES);
            scatter(to, row, channels, to->y + (r - to->top) * to->row + first,
                    to->bias != NULL ? to->bias + first : NULL);
        }
    }
}

#ifdef EN_FFT_TABLE
const en_fft_kernels EN_FFT_TABLE = {
    .lanes = EN_LANES,
    .rows = rows,
    .column = column,
    .column_back = column_back,
    .rows_back = rows_back,
    .product = product,
};
#endif

#endif
