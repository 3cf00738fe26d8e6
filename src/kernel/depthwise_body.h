/* The depthwise kernels in vectors over channels, for depthwise_avx2.c and depthwise_avx512.c. Tiles of 8 or 4 output
 * columns share what they read of a row of x; columns at the border, and taps and steps without a tile, go one by one.
 * Every number is summed in the order of the taps, whichever way it goes. */
#ifndef EN_KERNEL_DEPTHWISE_BODY_H
#define EN_KERNEL_DEPTHWISE_BODY_H

#include "kernel/depthwise.h"
#include "kernel/vector.h"

#define EN_TILE_MAX 8
#define EN_TAPS_MAX 5

/* `columns` outputs of one vector of channels; x at their first tap. `columns`, `taps` and `step` are constants. */
EN_INLINE void en_depthwise_tile_vector(const int columns, const int taps, const int step, size_t left,
                                        const en_depthwise_row *g, const float *x, const float *w, const float *b,
                                        bool relu, float *y)
{
    en_vec sum[EN_TILE_MAX], start = b != NULL ? en_vec_take(b, left) : en_vec_zero();
    EN_UNROLL
    for (int p = 0; p < columns; p++) {
        sum[p] = start;
    }
    for (size_t r = 0; r < g->rows; r++, x += g->x_row, w += g->w_row) {
        en_vec by[EN_TAPS_MAX];
        EN_UNROLL
        for (int q = 0; q < taps; q++) {
            by[q] = en_vec_take(w + q * g->w_tap, left);
        }
        EN_UNROLL
        for (int i = 0; i < (columns - 1) * step + taps; i++) {
            en_vec value = en_vec_take(x + (size_t)i * g->channels, left);
            EN_UNROLL
            for (int p = 0; p < columns; p++) {
                if (i >= p * step && i < p * step + taps) {
                    sum[p] = en_vec_fma(value, by[i - p * step], sum[p]);
                }
            }
        }
    }
    EN_UNROLL
    for (int p = 0; p < columns; p++) {
        en_vec value = relu ? en_vec_relu(sum[p]) : sum[p];
        en_vec_put(y + (size_t)p * g->y_distance * g->channels, left, value);
    }
}

/* All channels of a tile. */
EN_INLINE void en_depthwise_tile(const int columns, const int taps, const int step, const en_depthwise_row *g,
                                 const float *x, const float *w, const float *b, bool relu, float *y)
{
    size_t c = 0;
    for (; c + EN_LANES <= g->channels; c += EN_LANES) {
        en_depthwise_tile_vector(columns, taps, step, EN_LANES, g, x + c, w + c, b != NULL ? b + c : NULL, relu, y + c);
    }
    if (c < g->channels) {
        en_depthwise_tile_vector(columns, taps, step, g->channels - c, g, x + c, w + c, b != NULL ? b + c : NULL, relu,
                                 y + c);
    }
}

/* The same for the gradient of the weights: dy of the tile stays in registers, the sums in the first-level cache. */
EN_INLINE void en_depthwise_weights_vector(const int columns, const int taps, const int step, size_t left,
                                           const en_depthwise_row *g, const float *x, const float *dy, float *dw)
{
    en_vec d[EN_TILE_MAX];
    EN_UNROLL
    for (int p = 0; p < columns; p++) {
        d[p] = en_vec_take(dy + (size_t)p * g->y_distance * g->channels, left);
    }
    for (size_t r = 0; r < g->rows; r++, x += g->x_row, dw += g->w_row) {
        en_vec sum[EN_TAPS_MAX];
        EN_UNROLL
        for (int q = 0; q < taps; q++) {
            sum[q] = en_vec_take(dw + q * g->w_tap, left);
        }
        EN_UNROLL
        for (int i = 0; i < (columns - 1) * step + taps; i++) {
            en_vec value = en_vec_take(x + (size_t)i * g->channels, left);
            EN_UNROLL
            for (int p = 0; p < columns; p++) {
                if (i >= p * step && i < p * step + taps) {
                    sum[i - p * step] = en_vec_fma(value, d[p], sum[i - p * step]);
                }
            }
        }
        EN_UNROLL
        for (int q = 0; q < taps; q++) {
            en_vec_put(dw + q * g->w_tap, left, sum[q]);
        }
    }
}

EN_INLINE void en_depthwise_weights_tile(const int columns, const int taps, const int step, const en_depthwise_row *g,
                                         const float *x, const float *dy, float *dw)
{
    size_t c = 0;
    for (; c + EN_LANES <= g->channels; c += EN_LANES) {
        en_depthwise_weights_vector(columns, taps, step, EN_LANES, g, x + c, dy + c, dw + c);
    }
    if (c < g->channels) {
        en_depthwise_weights_vector(columns, taps, step, g->channels - c, g, x + c, dy + c, dw + c);
    }
}

typedef void en_depthwise_tile_fn(const en_depthwise_row *g, const float *x, const float *w, const float *b, bool relu,
                                  float *y);
typedef void en_depthwise_weights_fn(const en_depthwise_row *g, const float *x, const float *dy, float *dw);

#define EN_DEPTHWISE_TILE(columns, taps, step)                                                                         \
    static inline void en_tile_##columns##_##taps##_##step(const en_depthwise_row *g, const float *x, const float *w,  \
                                                           const float *b, bool relu, float *y)                        \
    {                                                                                                                  \
        en_depthwise_tile(columns, taps, step, g, x, w, b, relu, y);                                                   \
    }
#define EN_DEPTHWISE_WEIGHTS(columns, taps, step)                                                                      \
    static inline void en_weights_##columns##_##taps##_##step(const en_depthwise_row *g, const float *x,               \
                                                              const float *dy, float *dw)                              \
    {                                                                                                                  \
        en_depthwise_weights_tile(columns, taps, step, g, x, dy, dw);                                                  \
    }
/* 3 and 5 taps of strides 1 and 2; backward data of stride 2 meets 1, 2 and 3 of them at a time. */
EN_DEPTHWISE_TILE(8, 1, 1)
EN_DEPTHWISE_TILE(4, 1, 1)
EN_DEPTHWISE_TILE(8, 2, 1)
EN_DEPTHWISE_TILE(4, 2, 1)
EN_DEPTHWISE_TILE(8, 3, 1)
EN_DEPTHWISE_TILE(4, 3, 1)
EN_DEPTHWISE_TILE(8, 5, 1)
EN_DEPTHWISE_TILE(4, 5, 1)
EN_DEPTHWISE_TILE(8, 3, 2)
EN_DEPTHWISE_TILE(4, 3, 2)
EN_DEPTHWISE_TILE(8, 5, 2)
EN_DEPTHWISE_TILE(4, 5, 2)
EN_DEPTHWISE_WEIGHTS(8, 3, 1)
EN_DEPTHWISE_WEIGHTS(4, 3, 1)
EN_DEPTHWISE_WEIGHTS(8, 5, 1)
EN_DEPTHWISE_WEIGHTS(4, 5, 1)
EN_DEPTHWISE_WEIGHTS(8, 3, 2)
EN_DEPTHWISE_WEIGHTS(4, 3, 2)
EN_DEPTHWISE_WEIGHTS(8, 5, 2)
EN_DEPTHWISE_WEIGHTS(4, 5, 2)

/* The tiles for a number of taps and a step; NULL: there are none. */
typedef struct en_depthwise_tiles {
    size_t taps, step;
    en_depthwise_tile_fn *eight, *four;
    en_depthwise_weights_fn *weights_eight, *weights_four;
} en_depthwise_tiles;

static inline en_depthwise_tiles en_depthwise_tiles_for(const en_depthwise_row *g)
{
    static const en_depthwise_tiles known[] = {
        {1, 1, en_tile_8_1_1, en_tile_4_1_1, NULL, NULL},
        {2, 1, en_tile_8_2_1, en_tile_4_2_1, NULL, NULL},
        {3, 1, en_tile_8_3_1, en_tile_4_3_1, en_weights_8_3_1, en_weights_4_3_1},
        {5, 1, en_tile_8_5_1, en_tile_4_5_1, en_weights_8_5_1, en_weights_4_5_1},
        {3, 2, en_tile_8_3_2, en_tile_4_3_2, en_weights_8_3_2, en_weights_4_3_2},
        {5, 2, en_tile_8_5_2, en_tile_4_5_2, en_weights_8_5_2, en_weights_4_5_2},
    };
    for (size_t i = 0; g->dilation == 1 && i < sizeof known / sizeof *known; i++) {
        if (known[i].taps == g->taps && known[i].step == g->step) {
            return known[i];
        }
    }
    return (en_depthwise_tiles){0};
}

/* The output columns first..end-1 all of whose taps lie inside. */
static inline void en_depthwise_inside(const en_depthwise_row *g, size_t *first, size_t *end)
{
    ptrdiff_t step = (ptrdiff_t)g->step, last = (ptrdiff_t)((g->taps - 1) * g->dilation) + g->offset;
    ptrdiff_t from = g->offset < 0 ? (step - 1 - g->offset) / step : 0;
    ptrdiff_t slack = (ptrdiff_t)g->width - 1 - last, to = slack < 0 ? 0 : slack / step + 1;
    *end = to < (ptrdiff_t)g->count ? (size_t)to : g->count;
    *first = from < (ptrdiff_t)*end ? (size_t)from : *end;
}

/* The taps first..end-1 of output column j that lie inside. */
static inline void en_depthwise_taps(const en_depthwise_row *g, size_t j, size_t *first, size_t *end)
{
    *first = 0;
    *end = 0;
    for (size_t q = 0; q < g->taps; q++) {
        ptrdiff_t column = (ptrdiff_t)(j * g->step + q * g->dilation) + g->offset;
        if (column < 0) {
            *first = q + 1;
        } else if (column < (ptrdiff_t)g->width) {
            *end = q + 1;
        }
    }
}

/* One output column with the taps first..end-1; x at tap 0, which may lie outside. */
static inline void en_depthwise_pixel(const en_depthwise_row *g, size_t first, size_t end, const float *x,
                                      const float *w, const float *b, bool relu, float *y)
{
    for (size_t c = 0; c < g->channels; c += EN_LANES) {
        size_t left = g->channels - c;
        en_vec sum = b != NULL ? en_vec_take(b + c, left) : en_vec_zero();
        for (size_t r = 0; r < g->rows; r++) {
            for (size_t q = first; q < end; q++) {
                const float *from = x + (ptrdiff_t)r * g->x_row + (ptrdiff_t)(q * g->dilation * g->channels + c);
                const float *by = w + (ptrdiff_t)r * g->w_row + (ptrdiff_t)q * g->w_tap + (ptrdiff_t)c;
                sum = en_vec_fma(en_vec_take(from, left), en_vec_take(by, left), sum);
            }
        }
        en_vec_put(y + c, left, relu ? en_vec_relu(sum) : sum);
    }
}

static inline void en_depthwise_weights_pixel(const en_depthwise_row *g, size_t first, size_t end, const float *x,
                                              const float *dy, float *dw)
{
    for (size_t c = 0; c < g->channels; c += EN_LANES) {
        size_t left = g->channels - c;
        en_vec d = en_vec_take(dy + c, left);
        for (size_t r = 0; r < g->rows; r++) {
            for (size_t q = first; q < end; q++) {
                const float *from = x + (ptrdiff_t)r * g->x_row + (ptrdiff_t)(q * g->dilation * g->channels + c);
                float *to = dw + (ptrdiff_t)r * g->w_row + (ptrdiff_t)q * g->w_tap + (ptrdiff_t)c;
                en_vec sum = en_vec_take(to, left);
                sum = en_vec_fma(en_vec_take(from, left), d, sum);
                en_vec_put(to, left, sum);
            }
        }
    }
}

static inline const float *en_depthwise_at(const en_depthwise_row *g, const float *x, size_t j)
{
    return x + ((ptrdiff_t)(j * g->step) + g->offset) * (ptrdiff_t)g->channels;
}

static inline void en_depthwise_correlate(const en_depthwise_row *g, const float *x, const float *w, const float *b,
                                          bool relu, float *y)
{
    en_depthwise_tiles tiles = en_depthwise_tiles_for(g);
    size_t distance = g->y_distance * g->channels, first, end, taps, taps_end;
    en_depthwise_inside(g, &first, &end);
    for (size_t j = 0; j < g->count;) {
        const float *from = en_depthwise_at(g, x, j);
        if (tiles.eight != NULL && j >= first && j + 8 <= end) {
            tiles.eight(g, from, w, b, relu, y + j * distance);
            j += 8;
        } else if (tiles.four != NULL && j >= first && j + 4 <= end) {
            tiles.four(g, from, w, b, relu, y + j * distance);
            j += 4;
        } else {
            en_depthwise_taps(g, j, &taps, &taps_end);
            en_depthwise_pixel(g, taps, taps_end, from, w, b, relu, y + j * distance);
            j++;
        }
    }
}

static inline void en_depthwise_weights(const en_depthwise_row *g, const float *x, const float *dy, float *dw)
{
    en_depthwise_tiles tiles = en_depthwise_tiles_for(g);
    size_t distance = g->y_distance * g->channels, first, end, taps, taps_end;
    en_depthwise_inside(g, &first, &end);
    for (size_t j = 0; j < g->count;) {
        const float *from = en_depthwise_at(g, x, j);
        if (tiles.weights_eight != NULL && j >= first && j + 8 <= end) {
            tiles.weights_eight(g, from, dy + j * distance, dw);
            j += 8;
        } else if (tiles.weights_four != NULL && j >= first && j + 4 <= end) {
            tiles.weights_four(g, from, dy + j * distance, dw);
            j += 4;
        } else {
            en_depthwise_taps(g, j, &taps, &taps_end);
            en_depthwise_weights_pixel(g, taps, taps_end, from, dy + j * distance, dw);
            j++;
        }
    }
}

/* The table of an instruction set. */
#define EN_DEPTHWISE_TABLE(ISA)                                                                                        \
    const en_depthwise_kernels en_depthwise_##ISA = {                                                                  \
        .correlate = en_depthwise_correlate,                                                                           \
        .weights = en_depthwise_weights,                                                                               \
    }

#endif
