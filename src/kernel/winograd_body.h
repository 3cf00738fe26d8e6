/* Winograd's kernels for vectors of any width (vector.h): winograd_avx2.c and winograd_avx512.c compile them, each for
 * its instruction set. The formulas are those of winograd.h; the matrices are written out as sums that share what they
 * have in common. A transform goes over a tile's rows, then over its columns; one vector of channels at a time. */
#ifndef EN_KERNEL_WINOGRAD_BODY_H
#define EN_KERNEL_WINOGRAD_BODY_H

#include "kernel/winograd_products.h"

#define OUT EN_WINOGRAD_OUT
#define IN EN_WINOGRAD_IN

/* A constant in all lanes. */
EN_INLINE en_vec all(double x) { return en_vec_all((float)x); }

/* o = B^T d. */
EN_INLINE void input_points(const en_vec d[IN], en_vec o[IN])
{
    const en_vec a = all(EN_WINOGRAD_A), b = all(EN_WINOGRAD_B), a2 = all(EN_WINOGRAD_A2), b2 = all(EN_WINOGRAD_B2);
    const en_vec s = all(EN_WINOGRAD_S), p = all(EN_WINOGRAD_P);
    en_vec even = en_vec_fnma(b2, d[2], d[4]), odd = en_vec_fnma(b2, d[1], d[3]);
    o[1] = en_vec_fma(a, odd, even);
    o[2] = en_vec_fnma(a, odd, even);
    even = en_vec_fnma(a2, d[2], d[4]);
    odd = en_vec_fnma(a2, d[1], d[3]);
    o[3] = en_vec_fma(b, odd, even);
    o[4] = en_vec_fnma(b, odd, even);
    o[0] = en_vec_fma(p, d[0], en_vec_fnma(s, d[2], d[4]));
    o[5] = en_vec_fma(p, d[1], en_vec_fnma(s, d[3], d[5]));
}

/* o = A^T d. */
EN_INLINE void output_points(const en_vec d[IN], en_vec o[OUT])
{
    const en_vec a = all(EN_WINOGRAD_A), b = all(EN_WINOGRAD_B), a2 = all(EN_WINOGRAD_A2), b2 = all(EN_WINOGRAD_B2);
    const en_vec a3 = all(EN_WINOGRAD_A * EN_WINOGRAD_A2), b3 = all(EN_WINOGRAD_B * EN_WINOGRAD_B2);
    en_vec even_a = en_vec_add(d[1], d[2]), odd_a = en_vec_sub(d[1], d[2]);
    en_vec even_b = en_vec_add(d[3], d[4]), odd_b = en_vec_sub(d[3], d[4]);
    o[0] = en_vec_add(en_vec_add(d[0], even_a), even_b);
    o[1] = en_vec_fma(a, odd_a, en_vec_mul(b, odd_b));
    o[2] = en_vec_fma(a2, even_a, en_vec_mul(b2, even_b));
    o[3] = en_vec_fma(a3, odd_a, en_vec_fma(b3, odd_b, d[5]));
}

/* o = A d. */
EN_INLINE void gradient_points(const en_vec d[OUT], en_vec o[IN])
{
    const en_vec a = all(EN_WINOGRAD_A), b = all(EN_WINOGRAD_B), a2 = all(EN_WINOGRAD_A2), b2 = all(EN_WINOGRAD_B2);
    en_vec even = en_vec_fma(a2, d[2], d[0]), odd = en_vec_fma(a2, d[3], d[1]);
    o[0] = d[0];
    o[1] = en_vec_fma(a, odd, even);
    o[2] = en_vec_fnma(a, odd, even);
    even = en_vec_fma(b2, d[2], d[0]);
    odd = en_vec_fma(b2, d[3], d[1]);
    o[3] = en_vec_fma(b, odd, even);
    o[4] = en_vec_fnma(b, odd, even);
    o[5] = d[3];
}

/* o = G^T d. */
EN_INLINE void weight_points(const en_vec d[IN], en_vec o[3])
{
    const en_vec n = all(1 / EN_WINOGRAD_N), q = all(1 / EN_WINOGRAD_Q), p = all(1 / EN_WINOGRAD_P);
    const en_vec a = all(EN_WINOGRAD_A), b = all(EN_WINOGRAD_B), a2 = all(EN_WINOGRAD_A2), b2 = all(EN_WINOGRAD_B2);
    en_vec even_a = en_vec_mul(n, en_vec_add(d[1], d[2])), odd_a = en_vec_mul(n, en_vec_sub(d[1], d[2]));
    en_vec even_b = en_vec_mul(q, en_vec_add(d[3], d[4])), odd_b = en_vec_mul(q, en_vec_sub(d[3], d[4]));
    o[0] = en_vec_fma(p, d[0], en_vec_add(even_a, even_b));
    o[1] = en_vec_fma(a, odd_a, en_vec_mul(b, odd_b));
    o[2] = en_vec_fma(a2, even_a, en_vec_fma(b2, even_b, d[5]));
}

/* x where its bit is 1, otherwise 0; the vector's first bit is bit `first`. */
EN_INLINE en_vec where_bits(unsigned bits, size_t first, en_vec x)
{
    return en_vec_keep(en_mask_of_bits(bits >> first), x);
}

/* Pixels of a tile, one vector of channels of each. */
typedef struct en_window {
    const float *x;
    size_t row, pixel;    /* floats to the next one */
    const uint16_t *bits; /* of this panel */
    size_t bit_row, bit_pixel;
    size_t first; /* the vector's first bit */
} en_window;

EN_INLINE en_vec window_load(const en_window *from, size_t row, size_t column, bool masked)
{
    en_vec x = en_vec_load(from->x + row * from->row + column * from->pixel);
    return masked ? where_bits(from->bits[row * from->bit_row + column * from->bit_pixel], from->first, x) : x;
}

/* The tile at a place inside the image, from `channel` on. */
EN_INLINE en_window window_at(const en_winograd_image *from, size_t row, size_t column, size_t channel)
{
    en_window at = {.x = from->x + row * from->row + column * from->pixel + channel,
                    .row = from->row,
                    .pixel = from->pixel,
                    .bit_row = from->w * from->panels,
                    .bit_pixel = from->panels,
                    .first = channel % PANEL};
    if (from->bits != NULL) {
        at.bits = from->bits + (row * from->w + column) * from->panels + channel / PANEL;
    }
    return at;
}

/* Where in the image the tile's pixels lie. */
EN_INLINE bool is_inside(const en_winograd_image *from, ptrdiff_t row, ptrdiff_t column, size_t side)
{
    return row >= 0 && column >= 0 && (size_t)row + side <= from->h && (size_t)column + side <= from->w;
}

/* Copies the first n lanes of a tile that crosses the image's border, or of a part of a vector, with zeros around. */
static inline void copy_tile(const en_winograd_image *from, ptrdiff_t row, ptrdiff_t column, size_t channel, size_t n,
                             size_t side, float *tile)
{
    for (size_t i = 0; i < side * side; i++, tile += EN_LANES) {
        size_t r = (size_t)(row + (ptrdiff_t)(i / side)), q = (size_t)(column + (ptrdiff_t)(i % side));
        en_vec x = en_vec_zero();
        if (r < from->h && q < from->w) { /* numbers below 0 have wrapped around */
            en_window at = window_at(from, r, q, channel);
            x = en_vec_load_part(at.x, n);
            x = at.bits != NULL ? where_bits(*at.bits, at.first, x) : x;
        }
        en_vec_store(tile, x);
    }
}

/* The 6 points of each row of a tile, into the columns of `half`; then those of the columns, to v. */
EN_INLINE void input_columns(float half[IN][IN][EN_LANES], float *v, size_t step)
{
    for (size_t q = 0; q < IN; q++) {
        en_vec d[IN], o[IN];
        EN_UNROLL
        for (size_t i = 0; i < IN; i++) {
            d[i] = en_vec_load(half[i][q]);
        }
        input_points(d, o);
        EN_UNROLL
        for (size_t i = 0; i < IN; i++) {
            en_vec_store(v + (i * IN + q) * step, o[i]);
        }
    }
}

EN_INLINE void input_window(const en_window *from, bool masked, float *v, size_t step)
{
    float half[IN][IN][EN_LANES] __attribute__((aligned(64)));
    for (size_t r = 0; r < IN; r++) {
        en_vec d[IN], o[IN];
        EN_UNROLL
        for (size_t i = 0; i < IN; i++) {
            d[i] = window_load(from, r, i, masked);
        }
        input_points(d, o);
        EN_UNROLL
        for (size_t i = 0; i < IN; i++) {
            en_vec_store(half[r][i], o[i]);
        }
    }
    input_columns(half, v, step);
}

/* The channels from `channel` on that one vector takes. */
EN_INLINE size_t vector_channels(size_t channels, size_t channel)
{
    return channels - channel < EN_LANES ? channels - channel : EN_LANES;
}

static inline void input(const en_winograd_image *from, ptrdiff_t row, ptrdiff_t column, float *v, size_t step)
{
    bool inside = is_inside(from, row, column, IN);
    for (size_t c = 0; c < from->channels; c += EN_LANES) {
        float *to = v + panel_place(c, step), tile[POINTS * EN_LANES] __attribute__((aligned(64)));
        size_t n = vector_channels(from->channels, c);
        if (inside && n == EN_LANES) {
            en_window window = window_at(from, (size_t)row, (size_t)column, c);
            if (window.bits != NULL) {
                input_window(&window, true, to, step);
            } else {
                input_window(&window, false, to, step);
            }
        } else {
            copy_tile(from, row, column, c, n, IN, tile);
            input_window(&(en_window){.x = tile, .row = IN * EN_LANES, .pixel = EN_LANES}, false, to, step);
        }
    }
}

#define LINE_FLOATS 16u /* in a line of the cache */

/* Asks for the line at x, or, with `now`, waits for it. */
EN_INLINE void fetch_line(const float *x, bool now)
{
    if (now) {
        (void)*(const volatile float *)x;
    } else {
        __builtin_prefetch(x);
    }
}

static inline void fetch(const en_winograd_image *from, ptrdiff_t row, ptrdiff_t column)
{
    size_t first = column + 2 > 0 ? (size_t)(column + 2) : 0,
           last = column + (ptrdiff_t)IN > 0 ? (size_t)column + IN : 0;
    size_t end = last < from->w ? last : from->w;
    for (size_t i = 2; i < IN; i++) {
        size_t r = (size_t)(row + (ptrdiff_t)i);
        for (size_t at = r * from->row + first * from->pixel, stop = r * from->row + end * from->pixel, begin = at;
             r < from->h && at < stop; at += LINE_FLOATS) { /* numbers below 0 have wrapped around */
            /* A prefetch from a page whose address is not known to the processor is dropped, a load is not. */
            fetch_line(from->x + at, at == begin);
        }
    }
}

/* Returns the sum of the tile. */
EN_INLINE en_vec gradient_window(const en_window *from, bool masked, float *to, size_t step)
{
    float half[OUT][IN][EN_LANES] __attribute__((aligned(64)));
    en_vec sum = en_vec_zero();
    for (size_t r = 0; r < OUT; r++) {
        en_vec d[OUT], o[IN];
        EN_UNROLL
        for (size_t i = 0; i < OUT; i++) {
            d[i] = window_load(from, r, i, masked);
        }
        sum = en_vec_add(sum, en_vec_add(en_vec_add(d[0], d[1]), en_vec_add(d[2], d[3])));
        gradient_points(d, o);
        EN_UNROLL
        for (size_t i = 0; i < IN; i++) {
            en_vec_store(half[r][i], o[i]);
        }
    }
    for (size_t q = 0; q < IN; q++) {
        en_vec d[OUT], o[IN];
        EN_UNROLL
        for (size_t i = 0; i < OUT; i++) {
            d[i] = en_vec_load(half[i][q]);
        }
        gradient_points(d, o);
        EN_UNROLL
        for (size_t i = 0; i < IN; i++) {
            en_vec_store(to + (i * IN + q) * step, o[i]);
        }
    }
    return sum;
}

/* The lanes of the last panel beyond the last vector. */
static inline void clear_rest(size_t channels, float *d, size_t step)
{
    size_t first = (channels + EN_LANES - 1) / EN_LANES * EN_LANES;
    for (size_t c = first; c % PANEL != 0; c += EN_LANES) {
        for (size_t i = 0; i < POINTS; i++) {
            en_vec_store(d + panel_place(c, step) + i * step, en_vec_zero());
        }
    }
}

static inline void gradient(const en_winograd_image *from, size_t row, size_t column, float *d, size_t step, float *sum)
{
    bool inside = is_inside(from, (ptrdiff_t)row, (ptrdiff_t)column, OUT);
    for (size_t c = 0; c < from->channels; c += EN_LANES) {
        float *to = d + panel_place(c, step), tile[OUT * OUT * EN_LANES] __attribute__((aligned(64)));
        size_t n = vector_channels(from->channels, c);
        en_window window = {.x = tile, .row = OUT * EN_LANES, .pixel = EN_LANES};
        if (inside && n == EN_LANES) {
            window = window_at(from, row, column, c);
        } else {
            copy_tile(from, (ptrdiff_t)row, (ptrdiff_t)column, c, n, OUT, tile);
        }
        en_vec total =
            window.bits != NULL ? gradient_window(&window, true, to, step) : gradient_window(&window, false, to, step);
        if (sum != NULL) {
            en_vec_store_part(sum + c, n, en_vec_add(en_vec_load_part(sum + c, n), total));
        }
    }
    clear_rest(from->channels, d, step);
}

/* Where one vector of channels of a tile of outputs goes. */
typedef struct en_output_window {
    float *y;
    size_t row, pixel; /* floats to the next one */
    uint16_t *bits;    /* NULL: not wanted */
    size_t bit_row, bit_pixel;
    size_t first;         /* the vector's first bit */
    size_t rows, columns; /* of the tile that lie in the image */
    size_t channels;      /* lanes that exist */
    en_vec bias;
    bool relu;
} en_output_window;

EN_INLINE void output_bits(const en_output_window *to, size_t row, size_t column, en_vec y)
{
    uint16_t *bits = to->bits + row * to->bit_row + column * to->bit_pixel;
    unsigned here = en_mask_bits(en_mask_positive(y)) & ((1u << to->channels) - 1), was = to->first == 0 ? 0 : *bits;
    *bits = (uint16_t)(was | here << to->first);
}

/* whole: the tile and the vector are. */
EN_INLINE void output_window(const float *m, size_t step, const en_output_window *to, bool whole)
{
    float half[OUT][IN][EN_LANES] __attribute__((aligned(64)));
    for (size_t q = 0; q < IN; q++) {
        en_vec d[IN], o[OUT];
        EN_UNROLL
        for (size_t i = 0; i < IN; i++) {
            d[i] = en_vec_load(m + (i * IN + q) * step);
        }
        output_points(d, o);
        EN_UNROLL
        for (size_t i = 0; i < OUT; i++) {
            en_vec_store(half[i][q], o[i]);
        }
    }
    for (size_t r = 0; r < (whole ? OUT : to->rows); r++) {
        en_vec d[IN], o[OUT];
        EN_UNROLL
        for (size_t i = 0; i < IN; i++) {
            d[i] = en_vec_load(half[r][i]);
        }
        output_points(d, o);
        EN_UNROLL
        for (size_t i = 0; i < OUT; i++) {
            o[i] = en_vec_add(o[i], to->bias);
            o[i] = to->relu ? en_vec_relu(o[i]) : o[i];
            if (whole) {
                en_vec_store(to->y + r * to->row + i * to->pixel, o[i]);
            } else if (i < to->columns) {
                en_vec_store_part(to->y + r * to->row + i * to->pixel, to->channels, o[i]);
            }
            if (to->bits != NULL && (whole || i < to->columns)) {
                output_bits(to, r, i, o[i]);
            }
        }
    }
}

/* One panel of a whole tile, past the cache: a line's vectors are written one after the other. */
EN_INLINE void output_stream(const float *m, size_t step, const en_output_window *to, const float *bias)
{
    float tile[OUT * OUT][PANEL] __attribute__((aligned(64)));
    en_output_window half = *to;
    half.row = OUT * PANEL;
    half.pixel = PANEL;
    for (size_t i = 0; i < PANEL; i += EN_LANES) {
        half.y = tile[0] + i;
        half.first = i;
        half.bias = bias != NULL ? en_vec_load(bias + i) : en_vec_zero();
        output_window(m + i, step, &half, true);
    }
    for (size_t i = 0; i < OUT * OUT; i++) {
        for (size_t j = 0; j < PANEL; j += EN_LANES) {
            en_vec_stream(to->y + i / OUT * to->row + i % OUT * to->pixel + j, en_vec_load(tile[i] + j));
        }
    }
}

/* From channel c on. */
EN_INLINE en_output_window output_at(const en_winograd_target *to, size_t row, size_t column, size_t c)
{
    en_output_window at = {.y = to->y + row * to->row + column * to->pixel + c,
                           .row = to->row,
                           .pixel = to->pixel,
                           .bit_row = to->w * to->panels,
                           .bit_pixel = to->panels,
                           .first = c % PANEL,
                           .rows = to->h - row < OUT ? to->h - row : OUT,
                           .columns = to->w - column < OUT ? to->w - column : OUT,
                           .channels = vector_channels(to->channels, c),
                           .relu = to->relu};
    at.bits = to->bits != NULL ? to->bits + (row * to->w + column) * to->panels + c / PANEL : NULL;
    at.bias = to->bias != NULL ? en_vec_load_part(to->bias + c, at.channels) : en_vec_zero();
    return at;
}

static inline void output(const float *m, size_t step, const en_winograd_target *to, size_t row, size_t column)
{
    for (size_t c = 0; c < to->channels; c += EN_LANES) {
        const float *from = m + panel_place(c, step);
        en_output_window at = output_at(to, row, column, c);
        bool whole = at.rows == OUT && at.columns == OUT;
        /* Where pixels are whole panels, so that panels are aligned. */
        if (to->stream && whole && to->pixel % PANEL == 0 && c % PANEL == 0 && to->channels - c >= PANEL) {
            output_stream(from, step, &at, to->bias != NULL ? to->bias + c : NULL);
            c += PANEL - EN_LANES;
        } else if (whole && at.channels == EN_LANES) {
            output_window(from, step, &at, true);
        } else {
            output_window(from, step, &at, false);
        }
    }
}

/* u (6,6,16) of kernel (3,3,16) for 16 pairs of channels, in double precision, so that u is rounded once. */
EN_INLINE void weights_window(double kernel[3][3][PANEL], float *u, size_t step)
{
    static const double g[IN][3] = {
        {1 / EN_WINOGRAD_P, 0, 0},
        {1 / EN_WINOGRAD_N, EN_WINOGRAD_A / EN_WINOGRAD_N, EN_WINOGRAD_A2 / EN_WINOGRAD_N},
        {1 / EN_WINOGRAD_N, -EN_WINOGRAD_A / EN_WINOGRAD_N, EN_WINOGRAD_A2 / EN_WINOGRAD_N},
        {1 / EN_WINOGRAD_Q, EN_WINOGRAD_B / EN_WINOGRAD_Q, EN_WINOGRAD_B2 / EN_WINOGRAD_Q},
        {1 / EN_WINOGRAD_Q, -EN_WINOGRAD_B / EN_WINOGRAD_Q, EN_WINOGRAD_B2 / EN_WINOGRAD_Q},
        {0, 0, 1},
    };
    for (size_t i = 0; i < IN; i++) {
        double half[3][PANEL];
        for (size_t q = 0; q < 3; q++) {
            for (size_t l = 0; l < PANEL; l++) {
                half[q][l] = g[i][0] * kernel[0][q][l] + g[i][1] * kernel[1][q][l] + g[i][2] * kernel[2][q][l];
            }
        }
        for (size_t j = 0; j < IN; j++) {
            for (size_t l = 0; l < PANEL; l++) {
                u[(i * IN + j) * step + l] =
                    (float)(g[j][0] * half[0][l] + g[j][1] * half[1][l] + g[j][2] * half[2][l]);
            }
        }
    }
}

static inline void weights(const float *w, size_t c, size_t oc, bool turned, size_t panel, float *u, size_t step)
{
    size_t rows = turned ? oc : c, columns = turned ? c : oc, first = panel * PANEL;
    size_t n = columns - first < PANEL ? columns - first : PANEL;
    for (size_t i = 0; i < rows; i++) {
        double kernel[3][3][PANEL] = {{{0}}};
        for (size_t k = 0; k < 9; k++) {
            const float *tap = w + (turned ? 8 - k : k) * c * oc + (turned ? first * oc + i : i * oc + first);
            if (!turned && i + 8 < rows) { /* rows lie far apart */
                __builtin_prefetch(tap + 8 * oc);
            }
            for (size_t l = 0; l < n; l++) {
                kernel[k / 3][k % 3][l] = (double)tap[turned ? l * oc : l];
            }
        }
        weights_window(kernel, u + i * PANEL, step);
    }
}

static inline void weights_back(const float *du, size_t step, size_t c, size_t oc, float *dw, size_t tap, size_t row,
                                bool add)
{
    for (size_t o = 0; o < oc; o += EN_LANES) {
        const float *panel = du + panel_place(o, step);
        size_t n = vector_channels(oc, o);
        for (size_t i = 0; i < c; i++) {
            en_vec half[3][IN], d[IN], kernel[3];
            EN_UNROLL
            for (size_t q = 0; q < IN; q++) {
                EN_UNROLL
                for (size_t p = 0; p < IN; p++) {
                    d[p] = en_vec_load(panel + (p * IN + q) * step + i * PANEL);
                }
                weight_points(d, kernel);
                half[0][q] = kernel[0];
                half[1][q] = kernel[1];
                half[2][q] = kernel[2];
            }
            EN_UNROLL
            for (size_t k = 0; k < 9; k++) {
                float *to = dw + k * tap + i * row + o;
                if (k % 3 == 0) {
                    weight_points(half[k / 3], kernel);
                }
                en_vec was = add ? en_vec_load_part(to, n) : en_vec_zero();
                en_vec_store_part(to, n, en_vec_add(kernel[k % 3], was));
            }
        }
    }
}

/* The table of an instruction set. */
#define EN_WINOGRAD_TABLE(ISA)                                                                                         \
    const en_winograd_kernels en_winograd_##ISA = {                                                                    \
        .input = input,                                                                                                \
        .fetch = fetch,                                                                                                \
        .gradient = gradient,                                                                                          \
        .output = output,                                                                                              \
        .weights = weights,                                                                                            \
        .multiply = multiply,                                                                                          \
        .accumulate = accumulate,                                                                                      \
        .weights_back = weights_back,                                                                                  \
    }

#endif
