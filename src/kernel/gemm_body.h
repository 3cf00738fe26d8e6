/* Matrix products in register tiles, for any instruction set (vector.h): c(m,n) = op(a)(m,k) * op(b)(k,n).
 *
 * The depth is cut into blocks of EN_GEMM_DEPTH and the rows into blocks of at most EN_GEMM_ROWS. A block of a is
 * copied so that the numbers that one step of a tile multiplies lie side by side ((panel, depth, rows of the panel)),
 * and likewise one panel of two vectors of b ((depth, 2*EN_LANES)), with zeros past its last column. A tile, the rows
 * of one panel of a times the columns of one of b, is summed in registers: for each step of the depth two vectors of b
 * and, for every row, one number of a for all lanes. The blocking is that of Goto & van de Geijn 2008, "Anatomy of
 * high-performance matrix multiplication".
 *
 * Every number of c is the sum over a block of the depth in its order, the blocks added in theirs: the same bits
 * however large m and n are, and for every processor that runs the table. */
#ifndef EN_KERNEL_GEMM_BODY_H
#define EN_KERNEL_GEMM_BODY_H

#include <stdbool.h>
#include <string.h>

#include "kernel/tables.h"
#include "kernel/vector.h"

#if EN_VECTORS == 32
#define EN_GEMM_TILE 14  /* rows: 28 sums in registers */
#define EN_GEMM_ROWS 140 /* a block of a takes 140 KiB of the second-level cache */
#else
#define EN_GEMM_TILE 6   /* 12 sums */
#define EN_GEMM_ROWS 144 /* 144 KiB */
#endif
#define EN_GEMM_COLUMNS (2 * EN_LANES)
#define EN_GEMM_DEPTH 256 /* a panel of b takes 32 KiB with AVX-512, 16 KiB with AVX2 */

/* The copies of the calling thread: no kernel allocates. */
static _Thread_local _Alignas(64) float en_gemm_a[EN_GEMM_ROWS * EN_GEMM_DEPTH];
static _Thread_local _Alignas(64) float en_gemm_b[EN_GEMM_DEPTH * EN_GEMM_COLUMNS];

#if EN_LANES >= 8
/* to[j*step + i] = from[i*stride + j] for 8 x 8 numbers. */
EN_INLINE void en_gemm_turn8(const float *from, size_t stride, float *to, size_t step)
{
    __m256 r[8], s[8];
    EN_UNROLL
    for (int i = 0; i < 8; i++) {
        r[i] = _mm256_loadu_ps(from + (size_t)i * stride);
    }
    EN_UNROLL
    for (int i = 0; i < 8; i += 2) { /* pairs of rows: 2 x 2 numbers turned */
        s[i] = _mm256_unpacklo_ps(r[i], r[i + 1]);
        s[i + 1] = _mm256_unpackhi_ps(r[i], r[i + 1]);
    }
    EN_UNROLL
    for (int i = 0; i < 8; i += 4) { /* 4 x 4 */
        r[i] = _mm256_shuffle_ps(s[i], s[i + 2], 0x44);
        r[i + 1] = _mm256_shuffle_ps(s[i], s[i + 2], 0xEE);
        r[i + 2] = _mm256_shuffle_ps(s[i + 1], s[i + 3], 0x44);
        r[i + 3] = _mm256_shuffle_ps(s[i + 1], s[i + 3], 0xEE);
    }
    EN_UNROLL
    for (int i = 0; i < 4; i++) { /* the halves of the vectors */
        _mm256_storeu_ps(to + (size_t)i * step, _mm256_permute2f128_ps(r[i], r[i + 4], 0x20));
        _mm256_storeu_ps(to + (size_t)(i + 4) * step, _mm256_permute2f128_ps(r[i], r[i + 4], 0x31));
    }
}
#endif

/* to[j*step + i] = from[i*stride + j] for i < rows, j < cols. */
EN_INLINE void en_gemm_turn(const float *from, size_t stride, size_t rows, size_t cols, float *to, size_t step)
{
    size_t i = 0;
#if EN_LANES >= 8
    for (; i + 8 <= rows; i += 8) {
        size_t j = 0;
        for (; j + 8 <= cols; j += 8) {
            en_gemm_turn8(from + i * stride + j, stride, to + j * step + i, step);
        }
        for (; j < cols; j++) {
            for (size_t r = i; r < i + 8; r++) {
                to[j * step + r] = from[r * stride + j];
            }
        }
    }
#endif
    for (; i < rows; i++) {
        for (size_t j = 0; j < cols; j++) {
            to[j * step + i] = from[i * stride + j];
        }
    }
}

/* to[i*step + j] = from[i*stride + j] for i < rows, j < cols. */
EN_INLINE void en_gemm_copy(const float *from, size_t stride, size_t rows, size_t cols, float *to, size_t step)
{
    for (size_t i = 0; i < rows; i++) {
        for (size_t j = 0; j < cols; j += EN_LANES) {
            en_vec_put(to + i * step + j, cols - j, en_vec_take(from + i * stride + j, cols - j));
        }
    }
}

/* Columns first..first+cols-1 of `depth` rows of op(b), which starts at b; zeros up to EN_GEMM_COLUMNS. */
EN_INLINE void en_gemm_pack_b(bool turned, const float *b, size_t ldb, size_t first, size_t cols, size_t depth)
{
    if (cols < EN_GEMM_COLUMNS) {
        for (size_t l = 0; l < depth; l++) {
            en_vec_store(en_gemm_b + l * EN_GEMM_COLUMNS, en_vec_zero());
            en_vec_store(en_gemm_b + l * EN_GEMM_COLUMNS + EN_LANES, en_vec_zero());
        }
    }
    if (turned) {
        en_gemm_turn(b + first * ldb, ldb, cols, depth, en_gemm_b, EN_GEMM_COLUMNS);
    } else {
        en_gemm_copy(b + first, ldb, depth, cols, en_gemm_b, EN_GEMM_COLUMNS);
    }
}

/* c(rows, cols) = a * b or, with add, c + a * b; a is one panel, b the packed one. `rows` and `vectors` are constants.
 */
EN_INLINE void en_gemm_tile(const int rows, const int vectors, size_t depth, const float *a, size_t cols, bool add,
                            float *c, size_t ldc)
{
    const float *b = en_gemm_b;
    en_vec sum[EN_GEMM_TILE][2];
    EN_UNROLL
    for (int i = 0; i < rows; i++) {
        EN_UNROLL
        for (int v = 0; v < vectors; v++) {
            sum[i][v] = en_vec_zero();
        }
    }
    for (size_t l = 0; l < depth; l++, a += rows, b += EN_GEMM_COLUMNS) {
        en_vec by[2];
        EN_UNROLL
        for (int v = 0; v < vectors; v++) {
            by[v] = en_vec_load(b + v * EN_LANES);
        }
        EN_UNROLL
        for (int i = 0; i < rows; i++) {
            en_vec value = en_vec_all(a[i]);
            EN_UNROLL
            for (int v = 0; v < vectors; v++) {
                sum[i][v] = en_vec_fma(value, by[v], sum[i][v]);
            }
        }
    }
    EN_UNROLL
    for (int i = 0; i < rows; i++) {
        EN_UNROLL
        for (int v = 0; v < vectors; v++) {
            float *to = c + (size_t)i * ldc + v * EN_LANES;
            size_t left = cols - (size_t)v * EN_LANES; /* 1 or more */
            en_vec_put(to, left, add ? en_vec_add(en_vec_take(to, left), sum[i][v]) : sum[i][v]);
        }
    }
}

/* A function for each number of rows, so that a short last panel computes no rows that are not there. */
#define EN_GEMM_TILE_OF(ROWS)                                                                                          \
    static void en_gemm_tile##ROWS(size_t depth, const float *a, size_t cols, bool add, float *c, size_t ldc)          \
    {                                                                                                                  \
        if (cols > EN_LANES) {                                                                                         \
            en_gemm_tile(ROWS, 2, depth, a, cols, add, c, ldc);                                                        \
        } else {                                                                                                       \
            en_gemm_tile(ROWS, 1, depth, a, cols, add, c, ldc);                                                        \
        }                                                                                                              \
    }
EN_GEMM_TILE_OF(1)
EN_GEMM_TILE_OF(2)
EN_GEMM_TILE_OF(3)
EN_GEMM_TILE_OF(4)
EN_GEMM_TILE_OF(5)
EN_GEMM_TILE_OF(6)
#if EN_GEMM_TILE == 14
EN_GEMM_TILE_OF(7)
EN_GEMM_TILE_OF(8)
EN_GEMM_TILE_OF(9)
EN_GEMM_TILE_OF(10)
EN_GEMM_TILE_OF(11)
EN_GEMM_TILE_OF(12)
EN_GEMM_TILE_OF(13)
EN_GEMM_TILE_OF(14)
#endif

static void (*const en_gemm_tiles[EN_GEMM_TILE])(size_t depth, const float *a, size_t cols, bool add, float *c,
                                                 size_t ldc) = {
    en_gemm_tile1,  en_gemm_tile2,  en_gemm_tile3, en_gemm_tile4,  en_gemm_tile5,  en_gemm_tile6,
#if EN_GEMM_TILE == 14
    en_gemm_tile7,  en_gemm_tile8,  en_gemm_tile9, en_gemm_tile10, en_gemm_tile11, en_gemm_tile12,
    en_gemm_tile13, en_gemm_tile14,
#endif
};

/* Panel `p` of `panels` that share `rows` rows as evenly as can be: its first row; its end is the next one's first. */
EN_INLINE size_t en_gemm_panel(size_t rows, size_t panels, size_t p) { return rows * p / panels; }

/* kernel.h's gemm. */
EN_INLINE void en_gemm_vector(bool ta, bool tb, size_t m, size_t n, size_t k, const float *a, size_t lda,
                              const float *b, size_t ldb, bool add, float *c, size_t ldc)
{
    if (k == 0 && !add) {
        for (size_t i = 0; i < m; i++) {
            memset(c + i * ldc, 0, n * sizeof *c);
        }
    }
    for (size_t at = 0; at < k; at += EN_GEMM_DEPTH) {
        size_t depth = k - at < EN_GEMM_DEPTH ? k - at : EN_GEMM_DEPTH;
        for (size_t top = 0; top < m; top += EN_GEMM_ROWS) {
            size_t rows = m - top < EN_GEMM_ROWS ? m - top : EN_GEMM_ROWS;
            size_t panels = (rows + EN_GEMM_TILE - 1) / EN_GEMM_TILE;
            for (size_t p = 0; p < panels; p++) {
                size_t first = en_gemm_panel(rows, panels, p), count = en_gemm_panel(rows, panels, p + 1) - first;
                float *to = en_gemm_a + first * depth;
                if (ta) {
                    en_gemm_copy(a + at * lda + top + first, lda, depth, count, to, count);
                } else {
                    en_gemm_turn(a + (top + first) * lda + at, lda, count, depth, to, count);
                }
            }
            for (size_t left = 0; left < n; left += EN_GEMM_COLUMNS) {
                size_t cols = n - left < EN_GEMM_COLUMNS ? n - left : EN_GEMM_COLUMNS;
                en_gemm_pack_b(tb, tb ? b + at : b + at * ldb, ldb, left, cols, depth);
                for (size_t p = 0; p < panels; p++) {
                    size_t first = en_gemm_panel(rows, panels, p), count = en_gemm_panel(rows, panels, p + 1) - first;
                    en_gemm_tiles[count - 1](depth, en_gemm_a + first * depth, cols, add || at > 0,
                                             c + (top + first) * ldc + left, ldc);
                }
            }
        }
    }
}

/* That of an instruction set. */
#define EN_GEMM(ISA)                                                                                                   \
    void en_gemm_##ISA(bool ta, bool tb, size_t m, size_t n, size_t k, const float *a, size_t lda, const float *b,     \
                       size_t ldb, bool add, float *c, size_t ldc)                                                     \
    {                                                                                                                  \
        en_gemm_vector(ta, tb, m, n, k, a, lda, b, ldb, add, c, ldc);                                                  \
    }

#endif
