/* The products of Winograd's convolution for vectors of any width (vector.h); winograd_body.h includes them. */
#ifndef EN_KERNEL_WINOGRAD_PRODUCTS_H
#define EN_KERNEL_WINOGRAD_PRODUCTS_H

#include "kernel/vector.h"
#include "kernel/winograd.h"

#define POINTS EN_WINOGRAD_POINTS
#define PANEL EN_WINOGRAD_PANEL
#define VECTORS (PANEL / EN_LANES) /* in a panel */

/* Where a channel's vector begins in a panel. */
EN_INLINE size_t panel_place(size_t channel, size_t step) { return channel / PANEL * POINTS * step + channel % PANEL; }

/* The products keep `rows` tiles, or channels in, by two vectors of channels out in registers. The two are half a panel
 * each where a vector is half a panel or less, otherwise a panel each. */
#if EN_VECTORS == 32
#define MULTIPLY_ROWS 12u
#define ACCUMULATE_ROWS 8u
#else
#define MULTIPLY_ROWS 6u
#define ACCUMULATE_ROWS 6u
#endif

/* A block of M: two vectors wide, or one; their weights begin at u0 and u1. */
EN_INLINE void multiply_block(const float *v, size_t v_panel, const size_t rows, const bool two, size_t c,
                              const float *u0, const float *u1, float *m0, float *m1)
{
    en_vec sum0[MULTIPLY_ROWS], sum1[MULTIPLY_ROWS];
    EN_UNROLL
    for (size_t r = 0; r < rows; r++) {
        sum0[r] = sum1[r] = en_vec_zero();
    }
    for (size_t first = 0; first < c; first += PANEL, v += v_panel) {
        size_t n = c - first < PANEL ? c - first : PANEL;
        for (size_t i = 0; i < n; i++, u0 += PANEL, u1 += PANEL) {
            en_vec w0 = en_vec_load(u0), w1 = two ? en_vec_load(u1) : w0;
            EN_UNROLL
            for (size_t r = 0; r < rows; r++) {
                en_vec x = en_vec_all(v[r * PANEL + i]);
                sum0[r] = en_vec_fma(x, w0, sum0[r]);
                if (two) {
                    sum1[r] = en_vec_fma(x, w1, sum1[r]);
                }
            }
        }
    }
    EN_UNROLL
    for (size_t r = 0; r < rows; r++) {
        en_vec_store(m0 + r * PANEL, sum0[r]);
        if (two) {
            en_vec_store(m1 + r * PANEL, sum1[r]);
        }
    }
}

/* As many rows as a block takes of those that are left. */
EN_INLINE size_t block_rows(size_t left, size_t most)
{
    return left >= most ? most : left >= 4 ? 4 : left >= 2 ? 2 : 1;
}

/* With the number of rows a constant, so that the sums are registers. */
static inline void multiply_rows(const float *v, size_t v_panel, size_t rows, bool two, size_t c, const float *u0,
                                 const float *u1, float *m0, float *m1)
{
#define ROWS(count)                                                                                                    \
    case count:                                                                                                        \
        if (two) {                                                                                                     \
            multiply_block(v, v_panel, count, true, c, u0, u1, m0, m1);                                                \
        } else {                                                                                                       \
            multiply_block(v, v_panel, count, false, c, u0, u1, m0, m1);                                               \
        }                                                                                                              \
        break
    switch (rows) {
        ROWS(MULTIPLY_ROWS);
        ROWS(4);
        ROWS(2);
        ROWS(1);
    default: break;
    }
#undef ROWS
}

static inline void multiply(const float *v, size_t v_step, size_t rows, size_t c, const float *u, size_t u_step,
                            size_t panels, float *m, size_t m_step)
{
    size_t vectors = panels * VECTORS;
    for (size_t j = 0; j < vectors; j += 2) {
        size_t first = j * EN_LANES, second = first + EN_LANES;
        const float *u0 = u + panel_place(first, u_step), *u1 = u + panel_place(second, u_step);
        for (size_t from = 0, count; from < rows; from += count) {
            count = block_rows(rows - from, MULTIPLY_ROWS);
            multiply_rows(v + from * PANEL, POINTS * v_step, count, j + 1 < vectors, c, u0, u1,
                          m + panel_place(first, m_step) + from * PANEL,
                          m + panel_place(second, m_step) + from * PANEL);
        }
    }
}

/* A block of dU: channels in of one panel, by two vectors of channels out, or one. */
EN_INLINE void accumulate_block(const float *v, size_t tiles, const size_t rows, const bool two, const float *d0,
                                const float *d1, float *du0, float *du1)
{
    en_vec sum0[ACCUMULATE_ROWS], sum1[ACCUMULATE_ROWS];
    EN_UNROLL
    for (size_t r = 0; r < rows; r++) {
        sum0[r] = en_vec_load(du0 + r * PANEL);
        sum1[r] = two ? en_vec_load(du1 + r * PANEL) : sum0[r];
    }
    for (size_t t = 0; t < tiles; t++, v += PANEL) {
        en_vec w0 = en_vec_load(d0 + t * PANEL), w1 = two ? en_vec_load(d1 + t * PANEL) : w0;
        EN_UNROLL
        for (size_t r = 0; r < rows; r++) {
            en_vec x = en_vec_all(v[r]);
            sum0[r] = en_vec_fma(x, w0, sum0[r]);
            if (two) {
                sum1[r] = en_vec_fma(x, w1, sum1[r]);
            }
        }
    }
    EN_UNROLL
    for (size_t r = 0; r < rows; r++) {
        en_vec_store(du0 + r * PANEL, sum0[r]);
        if (two) {
            en_vec_store(du1 + r * PANEL, sum1[r]);
        }
    }
}

static inline void accumulate_rows(const float *v, size_t tiles, size_t rows, bool two, const float *d0,
                                   const float *d1, float *du0, float *du1)
{
#define ROWS(count)                                                                                                    \
    case count:                                                                                                        \
        if (two) {                                                                                                     \
            accumulate_block(v, tiles, count, true, d0, d1, du0, du1);                                                 \
        } else {                                                                                                       \
            accumulate_block(v, tiles, count, false, d0, d1, du0, du1);                                                \
        }                                                                                                              \
        break
    switch (rows) {
        ROWS(ACCUMULATE_ROWS);
        ROWS(4);
        ROWS(2);
        ROWS(1);
    default: break;
    }
#undef ROWS
}

static inline void accumulate(const float *v, size_t v_step, size_t rows, size_t c, const float *d, size_t d_step,
                              size_t panels, float *du, size_t du_step)
{
    size_t vectors = panels * VECTORS;
    for (size_t i = 0; i < c; i += PANEL) {
        size_t n = c - i < PANEL ? c - i : PANEL;
        for (size_t j = 0; j < vectors; j += 2) {
            size_t first = j * EN_LANES, second = first + EN_LANES;
            for (size_t from = 0, count; from < n; from += count) {
                count = block_rows(n - from, ACCUMULATE_ROWS);
                size_t at = (i + from) * PANEL;
                accumulate_rows(v + panel_place(i, v_step) + from, rows, count, j + 1 < vectors,
                                d + panel_place(first, d_step), d + panel_place(second, d_step),
                                du + panel_place(first, du_step) + at, du + panel_place(second, du_step) + at);
            }
        }
    }
}

#endif
