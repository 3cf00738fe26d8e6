/* The products of fft.h, with one channel of w and z in each lane of a vector; compiled as fft_lanes.h is. Three real
 * products, whose sums stay in registers: both sides are packed first, w for two vectors of channels at a time. */
#ifndef EN_KERNEL_FFT_PRODUCT_H
#define EN_KERNEL_FFT_PRODUCT_H

#include "kernel/fft.h"
#include "kernel/vector.h"

#if EN_VECTORS == 32
#define ROWS_MAX 12u /* x 2 vectors: 24 sums in 32 registers */
#else
#define ROWS_MAX 6u /* x 2 vectors: 12 sums in 16 registers */
#endif
#define ROWS_BLOCK 24u  /* rows that a packed panel of w is used for before the next */
#define DEPTH_BLOCK 64u /* of a panel, so that it fits the first-level cache */

/* What the real products want of w: its real part, real - imaginary and real + imaginary, of two vectors. */
typedef struct panel {
    _Alignas(64) float real[DEPTH_BLOCK][2 * EN_LANES];
    _Alignas(64) float for_imaginary[DEPTH_BLOCK][2 * EN_LANES];
    _Alignas(64) float for_real[DEPTH_BLOCK][2 * EN_LANES];
} panel;

EN_INLINE void pack(const size_t V, const en_fft_product *p, const float *w, size_t depth, panel *to)
{
    for (size_t k = 0; k < depth; k++, w += p->w_depth) {
        EN_UNROLL for (size_t v = 0; v < V; v++)
        {
            const float *at = w + v * EN_LANES;
            en_vec re = en_vec_load(at), im = en_vec_load(at + p->w_plane), sum = re + im, difference = re - im;
            __builtin_prefetch(at + p->w_frequency);
            __builtin_prefetch(at + p->w_frequency + p->w_plane);
            en_vec_store(to->real[k] + v * EN_LANES, re);
            en_vec_store(to->for_imaginary[k] + v * EN_LANES, p->conjugate ? sum : difference);
            en_vec_store(to->for_real[k] + v * EN_LANES, p->conjugate ? difference : sum);
        }
    }
}

/* What they want of x, with strides that are known to the compiler: [row][depth] or, where rows of x lie next to each
 * other, [depth][row]. */
typedef struct left_side {
    _Alignas(64) float real[ROWS_BLOCK * DEPTH_BLOCK];
    _Alignas(64) float imaginary[ROWS_BLOCK * DEPTH_BLOCK];
    _Alignas(64) float sum[ROWS_BLOCK * DEPTH_BLOCK];
} left_side;

/* Some floats of each of some stretches of x. */
EN_INLINE void pack_left(const float *x, size_t plane, size_t stretches, size_t step, size_t floats, left_side *to,
                         const size_t to_step)
{
    for (size_t i = 0; i < stretches; i++, x += step) {
        float *real = to->real + i * to_step, *imaginary = to->imaginary + i * to_step, *sum = to->sum + i * to_step;
        size_t j = 0;
        for (; j + EN_LANES <= floats; j += EN_LANES) {
            en_vec re = en_vec_load(x + j), im = en_vec_load(x + plane + j);
            en_vec_store(real + j, re);
            en_vec_store(imaginary + j, im);
            en_vec_store(sum + j, re + im);
        }
        for (; j < floats; j++) {
            real[j] = x[j];
            imaginary[j] = x[plane + j];
            sum[j] = x[j] + x[plane + j];
        }
    }
}

/* sum[row][vector] -= or += x(rows,depth) * w(depth,vectors*lanes). */
EN_INLINE void accumulate(const size_t R, const size_t V, const bool turned, size_t depth, const float *x,
                          float (*w)[2 * EN_LANES], const bool minus, en_vec sum[ROWS_MAX][2])
{
    for (size_t k = 0; k < depth; k++, x += turned ? ROWS_BLOCK : 1) {
        en_vec b[2];
        EN_UNROLL for (size_t v = 0; v < V; v++) { b[v] = en_vec_load(w[k] + v * EN_LANES); }
        EN_UNROLL for (size_t i = 0; i < R; i++)
        {
            en_vec a = en_vec_all(x[turned ? i : i * DEPTH_BLOCK]);
            EN_UNROLL for (size_t v = 0; v < V; v++)
            {
                sum[i][v] = minus ? en_vec_fnma(a, b[v], sum[i][v]) : en_vec_fma(a, b[v], sum[i][v]);
            }
        }
    }
}

EN_INLINE void finish(const size_t R, const size_t V, float *z, size_t z_row, bool add, en_vec sum[ROWS_MAX][2])
{
    EN_UNROLL for (size_t i = 0; i < R; i++)
    {
        EN_UNROLL for (size_t v = 0; v < V; v++)
        {
            float *at = z + i * z_row + v * EN_LANES;
            if (add) {
                sum[i][v] += en_vec_load(at);
            }
            en_vec_store(at, sum[i][v]);
        }
    }
}

/* One block of a product, packed. */
typedef struct product_block {
    const float *real, *imaginary, *sum; /* of x */
    panel *w;
    size_t depth, z_row, z_plane;
    float *z;
    bool add;
} product_block;

/* R rows and V vectors, by the formula of fft.h. */
EN_INLINE void product_of(const size_t R, const size_t V, const bool turned, const product_block *b)
{
    en_vec sum[ROWS_MAX][2], common[ROWS_MAX][2];
    EN_UNROLL for (size_t i = 0; i < R; i++)
    {
        EN_UNROLL for (size_t v = 0; v < V; v++)
        {
            sum[i][v] = en_vec_all(0);
            __builtin_prefetch(b->z + i * b->z_row + v * EN_LANES, 1);
            __builtin_prefetch(b->z + i * b->z_row + b->z_plane + v * EN_LANES, 1);
        }
    }
    accumulate(R, V, turned, b->depth, b->sum, b->w->real, false, sum);
    EN_UNROLL for (size_t i = 0; i < R; i++)
    {
        EN_UNROLL for (size_t v = 0; v < V; v++) { common[i][v] = sum[i][v]; }
    }
    accumulate(R, V, turned, b->depth, b->real, b->w->for_imaginary, true, sum);
    finish(R, V, b->z + b->z_plane, b->z_row, b->add, sum);
    EN_UNROLL for (size_t i = 0; i < R; i++)
    {
        EN_UNROLL for (size_t v = 0; v < V; v++) { sum[i][v] = common[i][v]; }
    }
    accumulate(R, V, turned, b->depth, b->imaginary, b->w->for_real, true, sum);
    finish(R, V, b->z, b->z_row, b->add, sum);
}

typedef void product_fn(const product_block *b);
#define PRODUCTS(R)                                                                                                    \
    static inline void product_##R##_1(const product_block *b) { product_of(R, 1, false, b); }                         \
    static inline void product_##R##_2(const product_block *b) { product_of(R, 2, false, b); }                         \
    static inline void turned_##R##_1(const product_block *b) { product_of(R, 1, true, b); }                           \
    static inline void turned_##R##_2(const product_block *b) { product_of(R, 2, true, b); }
PRODUCTS(1)
PRODUCTS(2)
PRODUCTS(4)
PRODUCTS(6)
#if EN_VECTORS == 32
PRODUCTS(8)
PRODUCTS(12)
#endif

/* What takes so many rows, the most first; the functions are [turned][two vectors]. */
typedef struct product_size {
    size_t rows;
    product_fn *function[2][2];
} product_size;

#define PRODUCT_SIZE(R)                                                                                                \
    {                                                                                                                  \
        R,                                                                                                             \
        {                                                                                                              \
            {product_##R##_1, product_##R##_2}, { turned_##R##_1, turned_##R##_2 }                                     \
        }                                                                                                              \
    }
static const product_size product_sizes[] = {
#if EN_VECTORS == 32
    PRODUCT_SIZE(12), PRODUCT_SIZE(8),
#endif
    PRODUCT_SIZE(6),  PRODUCT_SIZE(4), PRODUCT_SIZE(2), PRODUCT_SIZE(1),
};

/* Some rows of a panel's product, at most ROWS_BLOCK. */
static inline void panel_rows(const en_fft_product *p, const float *x, size_t rows, bool two, product_block b)
{
    left_side left;
    const bool turned = p->x_depth != 1;
    if (turned) {
        pack_left(x, p->x_plane, b.depth, p->x_depth, rows, &left, ROWS_BLOCK);
    } else {
        pack_left(x, p->x_plane, rows, p->x_row, b.depth, &left, DEPTH_BLOCK);
    }
    float *z = b.z;
    const product_size *size = product_sizes;
    for (size_t from = 0; from < rows; from += size->rows) {
        while (size->rows > rows - from) {
            size++;
        }
        size_t at = from * (turned ? 1 : DEPTH_BLOCK);
        b.real = left.real + at;
        b.imaginary = left.imaginary + at;
        b.sum = left.sum + at;
        b.z = z + from * p->z_row;
        size->function[turned][two](&b);
    }
}

static inline void product(const en_fft_product *p)
{
    panel packed;
    for (size_t f = 0; f < p->frequencies; f++) {
        for (size_t g = 0; g < p->groups; g += 2) {
            const bool two = g + 1 < p->groups;
            for (size_t k = 0; k < p->depth; k += DEPTH_BLOCK) {
                product_block b = {.w = &packed,
                                   .depth = p->depth - k < DEPTH_BLOCK ? p->depth - k : DEPTH_BLOCK,
                                   .z_row = p->z_row,
                                   .z_plane = p->z_plane,
                                   .add = p->add || k > 0};
                const float *x = p->x + f * p->x_frequency + k * p->x_depth;
                const float *w = p->w + f * p->w_frequency + k * p->w_depth + g * EN_LANES;
                if (two) {
                    pack(2, p, w, b.depth, &packed);
                } else {
                    pack(1, p, w, b.depth, &packed);
                }
                for (size_t i = 0; i < p->rows; i += ROWS_BLOCK) {
                    b.z = p->z + f * p->z_frequency + i * p->z_row + g * EN_LANES;
                    panel_rows(p, x + i * p->x_row, p->rows - i < ROWS_BLOCK ? p->rows - i : ROWS_BLOCK, two, b);
                }
            }
        }
    }
}

#endif
