/* The kernels of register tiles, for any instruction set (vector.h). A panel is two vectors of outputs (the last one of
 * a layer may be one vector), a tile 14 pixels where there are 32 registers, otherwise 6: 28 or 12 sums in registers,
 * for each step of the depth two vectors of weights and one number of x for all lanes. */
#ifndef EN_KERNEL_DIRECT_BODY_H
#define EN_KERNEL_DIRECT_BODY_H

#include "kernel/direct.h"
#include "kernel/vector.h"

#if EN_VECTORS == 32
#define EN_TILE_PIXELS 14
#else
#define EN_TILE_PIXELS 6
#endif

/* Vector v of a panel that has so many outputs. */
EN_INLINE en_vec en_panel_load(const float *p, size_t outputs, int v)
{
    size_t before = (size_t)v * EN_LANES;
    return en_vec_take(p + before, outputs - before);
}

EN_INLINE void en_panel_store(float *p, size_t outputs, int v, en_vec x)
{
    size_t before = (size_t)v * EN_LANES;
    en_vec_put(p + before, outputs - before, x);
}

/* `pixels` and `vectors` are constants. The pixels' addresses are kept as every third one's, so that each is a base and
 * a multiple of one register. */
EN_INLINE void en_direct_tile(const int pixels, const int vectors, const en_direct_row *g, const float *x,
                              const float *w, const float *b, bool relu, size_t outputs, float *y)
{
    en_vec sum[EN_TILE_PIXELS][2];
    EN_UNROLL
    for (int v = 0; v < vectors; v++) {
        en_vec start = b != NULL ? en_vec_load(b + v * EN_LANES) : en_vec_zero();
        EN_UNROLL
        for (int p = 0; p < pixels; p++) {
            sum[p][v] = start;
        }
    }
    const size_t step = g->x_step;
    for (size_t r = 0; r < g->rows; r++) {
        for (size_t q = 0; q < g->taps; q++) {
            const float *at[(EN_TILE_PIXELS + 2) / 3];
            EN_UNROLL
            for (int i = 0; i < (pixels + 2) / 3; i++) {
                at[i] = x + r * g->x_row + q * g->x_tap + (size_t)(3 * i) * step;
            }
            for (size_t l = 0; l < g->depth; l++, w += g->w_step) {
                en_vec by[2];
                EN_UNROLL
                for (int v = 0; v < vectors; v++) {
                    by[v] = en_vec_load(w + v * EN_LANES);
                }
                EN_UNROLL
                for (int p = 0; p < pixels; p++) {
                    en_vec value = en_vec_all(at[p / 3][(size_t)(p % 3) * step]);
                    EN_UNROLL
                    for (int v = 0; v < vectors; v++) {
                        sum[p][v] = en_vec_fma(value, by[v], sum[p][v]);
                    }
                }
                EN_UNROLL
                for (int i = 0; i < (pixels + 2) / 3; i++) {
                    at[i]++;
                }
            }
        }
    }
    EN_UNROLL
    for (int p = 0; p < pixels; p++) {
        EN_UNROLL
        for (int v = 0; v < vectors; v++) {
            en_vec value = relu ? en_vec_relu(sum[p][v]) : sum[p][v];
            en_panel_store(y + (size_t)p * g->y_step, outputs, v, value);
        }
    }
}

/* `taps` numbers of the depth times one panel, added to what dw has or set; `taps` and `vectors` are constants. */
EN_INLINE void en_direct_weights_tile(const int taps, const int vectors, const en_direct_area *area, const float *x,
                                      const float *d, bool add, float *dw)
{
    const size_t width = (size_t)vectors * EN_LANES;
    en_vec sum[EN_TILE_PIXELS][2];
    EN_UNROLL
    for (int j = 0; j < taps; j++) {
        EN_UNROLL
        for (int v = 0; v < vectors; v++) {
            sum[j][v] = add ? en_vec_load(dw + (size_t)j * width + (size_t)v * EN_LANES) : en_vec_zero();
        }
    }
    for (size_t i = 0; i < area->lines; i++) {
        const float *from = x + i * area->x_line;
        for (size_t p = 0; p < area->pixels; p++, from += area->x_step, d += width) {
            en_vec by[2];
            EN_UNROLL
            for (int v = 0; v < vectors; v++) {
                by[v] = en_vec_load(d + v * EN_LANES);
            }
            EN_UNROLL
            for (int j = 0; j < taps; j++) {
                en_vec value = en_vec_all(from[j]);
                EN_UNROLL
                for (int v = 0; v < vectors; v++) {
                    sum[j][v] = en_vec_fma(value, by[v], sum[j][v]);
                }
            }
        }
    }
    EN_UNROLL
    for (int j = 0; j < taps; j++) {
        EN_UNROLL
        for (int v = 0; v < vectors; v++) {
            en_vec_store(dw + (size_t)j * width + (size_t)v * EN_LANES, sum[j][v]);
        }
    }
}

typedef void en_direct_tile_fn(const en_direct_row *g, const float *x, const float *w, const float *b, bool relu,
                               size_t outputs, float *y);
typedef void en_direct_weights_fn(const en_direct_area *area, const float *x, const float *d, bool add, float *dw);

#define EN_DIRECT_TILE(n, vectors)                                                                                     \
    static inline void en_direct_tile_##n##_##vectors(const en_direct_row *g, const float *x, const float *w,          \
                                                      const float *b, bool relu, size_t outputs, float *y)             \
    {                                                                                                                  \
        en_direct_tile(n, vectors, g, x, w, b, relu, outputs, y);                                                      \
    }                                                                                                                  \
    static inline void en_direct_weights_##n##_##vectors(const en_direct_area *area, const float *x, const float *d,   \
                                                         bool add, float *dw)                                          \
    {                                                                                                                  \
        en_direct_weights_tile(n, vectors, area, x, d, add, dw);                                                       \
    }
#define EN_DIRECT_TILES(n) EN_DIRECT_TILE(n, 1) EN_DIRECT_TILE(n, 2)
EN_DIRECT_TILES(1)
EN_DIRECT_TILES(2)
EN_DIRECT_TILES(3)
EN_DIRECT_TILES(4)
EN_DIRECT_TILES(5)
EN_DIRECT_TILES(6)
#if EN_TILE_PIXELS == 14
EN_DIRECT_TILES(7)
EN_DIRECT_TILES(8)
EN_DIRECT_TILES(9)
EN_DIRECT_TILES(10)
EN_DIRECT_TILES(11)
EN_DIRECT_TILES(12)
EN_DIRECT_TILES(13)
EN_DIRECT_TILES(14)
#endif

/* By the number of vectors less one, and of pixels, or of taps, less one. */
#if EN_TILE_PIXELS == 14
#define EN_DIRECT_ALL(name, vectors)                                                                                   \
    {                                                                                                                  \
        name##_1_##vectors, name##_2_##vectors, name##_3_##vectors, name##_4_##vectors, name##_5_##vectors,            \
            name##_6_##vectors, name##_7_##vectors, name##_8_##vectors, name##_9_##vectors, name##_10_##vectors,       \
            name##_11_##vectors, name##_12_##vectors, name##_13_##vectors, name##_14_##vectors                         \
    }
#else
#define EN_DIRECT_ALL(name, vectors)                                                                                   \
    {                                                                                                                  \
        name##_1_##vectors, name##_2_##vectors, name##_3_##vectors, name##_4_##vectors, name##_5_##vectors,            \
            name##_6_##vectors                                                                                         \
    }
#endif

/* Where part i of n things begins when they go into equal tiles. */
EN_INLINE size_t en_tile_start(size_t n, size_t tiles, size_t i) { return n * i / tiles; }

static inline void en_direct_forward(const en_direct_row *g, const float *x, const float *w, const float *b, bool relu,
                                     size_t pixels, size_t outputs, float *y)
{
    static en_direct_tile_fn *const tile[2][EN_TILE_PIXELS] = {EN_DIRECT_ALL(en_direct_tile, 1),
                                                               EN_DIRECT_ALL(en_direct_tile, 2)};
    size_t tiles = (pixels + EN_TILE_PIXELS - 1) / EN_TILE_PIXELS, vectors = outputs > EN_LANES ? 2 : 1;
    for (size_t t = 0; t < tiles; t++) {
        size_t p = en_tile_start(pixels, tiles, t), end = en_tile_start(pixels, tiles, t + 1);
        tile[vectors - 1][end - p - 1](g, x + p * g->x_step, w, b, relu, outputs, y + p * g->y_step);
    }
}

static inline void en_direct_weights(const en_direct_area *area, const float *x, const float *d, bool add, size_t depth,
                                     size_t outputs, float *dw)
{
    static en_direct_weights_fn *const tile[2][EN_TILE_PIXELS] = {EN_DIRECT_ALL(en_direct_weights, 1),
                                                                  EN_DIRECT_ALL(en_direct_weights, 2)};
    size_t tiles = (depth + EN_TILE_PIXELS - 1) / EN_TILE_PIXELS, vectors = outputs > EN_LANES ? 2 : 1;
    for (size_t t = 0; t < tiles; t++) {
        size_t l = en_tile_start(depth, tiles, t), end = en_tile_start(depth, tiles, t + 1);
        tile[vectors - 1][end - l - 1](area, x + l, d, add, dw + l * vectors * EN_LANES);
    }
}

/* `vectors`, `full` (no lane is left over), `masked` and `keep` are constants. */
EN_INLINE void en_direct_gather_pixels(const int vectors, const bool full, const bool masked, const bool keep,
                                       float *dy, const float *y, size_t step, size_t pixels, size_t outputs, float *d,
                                       float *db)
{
    en_vec sum[2];
    EN_UNROLL
    for (int v = 0; v < vectors; v++) {
        sum[v] = en_vec_load(db + v * EN_LANES);
    }
    for (size_t p = 0; p < pixels; p++, dy += step, d += vectors * EN_LANES) {
        EN_UNROLL
        for (int v = 0; v < vectors; v++) {
            en_vec value = full ? en_vec_load(dy + v * EN_LANES) : en_panel_load(dy, outputs, v);
            if (masked) {
                const float *at = y + p * step;
                en_vec out = full ? en_vec_load(at + v * EN_LANES) : en_panel_load(at, outputs, v);
                value = en_vec_where_positive(out, value);
            }
            if (keep && full) {
                en_vec_store(dy + v * EN_LANES, value);
            } else if (keep) {
                en_panel_store(dy, outputs, v, value);
            }
            en_vec_store(d + v * EN_LANES, value);
            sum[v] = en_vec_add(sum[v], value);
        }
    }
    EN_UNROLL
    for (int v = 0; v < vectors; v++) {
        en_vec_store(db + v * EN_LANES, sum[v]);
    }
}

static inline void en_direct_gather(float *dy, const float *y, bool keep, size_t step, size_t pixels, size_t outputs,
                                    float *d, float *db)
{
    bool full = outputs == 2 * EN_LANES;
    if (full && y != NULL && keep) {
        en_direct_gather_pixels(2, true, true, true, dy, y, step, pixels, outputs, d, db);
    } else if (full && y != NULL) {
        en_direct_gather_pixels(2, true, true, false, dy, y, step, pixels, outputs, d, db);
    } else if (outputs > EN_LANES) {
        en_direct_gather_pixels(2, false, y != NULL, keep, dy, y, step, pixels, outputs, d, db);
    } else {
        en_direct_gather_pixels(1, false, y != NULL, keep, dy, y, step, pixels, outputs, d, db);
    }
}

/* The table of an instruction set. */
#define EN_DIRECT_TABLE(ISA)                                                                                           \
    const en_direct_kernels en_direct_##ISA = {                                                                        \
        .lanes = EN_LANES,                                                                                             \
        .outputs = 2 * EN_LANES,                                                                                       \
        .forward = en_direct_forward,                                                                                  \
        .gather = en_direct_gather,                                                                                    \
        .weights = en_direct_weights,                                                                                  \
    }

#endif
