/* See normalise.h. Sums go in one order, whatever the machine: the same sample always gives the same bytes. */
#include "image/normalise.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "base/memory.h"

#define GRAHAM_SIGMA (1.0 / 30) /* of the disc's radius */
#define GRAHAM_GAIN 4.0f
#define GRAHAM_LEVEL 128.0f
#define GRAHAM_DISC 0.9 /* of the radius */
#define TILES 8
#define CLIP 2.0 /* of a flat histogram's count */
#define LEVELS 256

static uint8_t to_byte(float v)
{
    v = floorf(v + 0.5f);
    return v < 0 ? 0 : v > 255 ? 255 : (uint8_t)v;
}

static bool is_inside(en_disc disc, double share, size_t row, size_t column)
{
    double dx = (double)column + 0.5 - disc.x, dy = (double)row + 0.5 - disc.y, radius = share * disc.radius;
    return dx * dx + dy * dy <= radius * radius;
}

/* An index beside 0..n-1, mirrored into it about the first and the last, however far outside it is. */
static size_t mirrored(ptrdiff_t i, size_t n)
{
    ptrdiff_t period = 2 * ((ptrdiff_t)n - 1);
    i = (i % period + period) % period;
    return i < (ptrdiff_t)n ? (size_t)i : (size_t)(period - i);
}

/* out[i] = sum over k of w[|k|] in[mirrored(i + k)], along rows when step is 3, along columns when it is 3 * size. */
static void blur_line(const float *in, float *out, size_t n, size_t step, const float *w, size_t reach)
{
    for (size_t i = 0; i < n; i++) {
        float sum = w[0] * in[i * step];
        for (size_t k = 1; k <= reach; k++) {
            size_t before = mirrored((ptrdiff_t)i - (ptrdiff_t)k, n), after = mirrored((ptrdiff_t)(i + k), n);
            sum += w[k] * (in[before * step] + in[after * step]);
        }
        out[i * step] = sum;
    }
}

/* Half a Gaussian out to three sigma, weights that sum to 1 with the other half. */
static void make_weights(double sigma, float *w, size_t reach)
{
    double sum = 0;
    for (size_t k = 0; k <= reach; k++) {
        sum += (k == 0 ? 1 : 2) * exp(-0.5 * (double)(k * k) / (sigma * sigma));
    }
    for (size_t k = 0; k <= reach; k++) {
        w[k] = (float)(exp(-0.5 * (double)(k * k) / (sigma * sigma)) / sum);
    }
}

/* The blurred image in `mean`, by way of `half`; (size,size,3) each. */
static void blur(const uint8_t *pixels, size_t side, float *half, float *mean, const float *weights, size_t reach)
{
    for (size_t i = 0; i < side * side * 3; i++) {
        mean[i] = pixels[i];
    }
    for (size_t line = 0; line < side * 3; line++) { /* a row and a channel */
        size_t at = line / 3 * side * 3 + line % 3;
        blur_line(mean + at, half + at, side, 3, weights, reach);
    }
    for (size_t line = 0; line < side * 3; line++) { /* a column and a channel */
        blur_line(half + line, mean + line, side, side * 3, weights, reach);
    }
}

static en_status graham(uint8_t *pixels, int size, en_disc disc, en_error *err)
{
    size_t side = (size_t)size, values = side * side * 3;
    double sigma = fmin(GRAHAM_SIGMA * disc.radius, size); /* of a disc far larger than the sample, its middle */
    size_t reach = (size_t)ceil(3 * sigma);
    float *half = en_alloc(values * sizeof *half), *mean = en_alloc(values * sizeof *mean);
    float *weights = en_alloc((reach + 1) * sizeof *weights);
    en_status st = EN_OK;
    if (half == NULL || mean == NULL || weights == NULL) {
        st = en_error_nomem(err, "normalising a sample");
    } else {
        make_weights(sigma, weights, reach);
        blur(pixels, side, half, mean, weights, reach);
        for (size_t i = 0; i < values; i++) {
            bool inside = is_inside(disc, GRAHAM_DISC, i / 3 / side, i / 3 % side);
            float v = inside ? GRAHAM_GAIN * ((float)pixels[i] - mean[i]) + GRAHAM_LEVEL : GRAHAM_LEVEL;
            pixels[i] = to_byte(v);
        }
    }
    en_free(weights);
    en_free(mean);
    en_free(half);
    return st;
}

static uint8_t luma(const uint8_t *rgb)
{
    return (uint8_t)((299u * rgb[0] + 587u * rgb[1] + 114u * rgb[2] + 500u) / 1000u);
}

/* The levels that a tile's levels become: the clipped histogram's cumulative share, times 255. What is clipped is given
 * to all levels alike, the rest of it to every so manieth. */
static void equalise(const uint32_t *counts, size_t pixels, float *becomes)
{
    uint32_t limit = (uint32_t)(CLIP * (double)pixels / LEVELS), clipped = 0, level[LEVELS];
    limit = limit < 1 ? 1 : limit;
    for (size_t i = 0; i < LEVELS; i++) {
        level[i] = counts[i] < limit ? counts[i] : limit;
        clipped += counts[i] - level[i];
    }
    uint32_t each = clipped / LEVELS, rest = clipped % LEVELS, step = rest > 0 ? LEVELS / rest : 0;
    for (size_t i = 0; i < LEVELS; i++) {
        level[i] += each;
    }
    for (size_t i = 0; rest > 0 && i < LEVELS; i += step, rest--) {
        level[i]++;
    }
    uint32_t sum = 0;
    for (size_t i = 0; i < LEVELS; i++) {
        sum += level[i];
        becomes[i] = (float)(255.0 * sum / (double)pixels);
    }
}

/* The two tiles whose centres lie about a pixel, and how far it is from the first to the second. */
typedef struct between {
    size_t first, second;
    float share;
} between;

static between tiles_about(size_t at, size_t tile)
{
    float place = ((float)at + 0.5f) / (float)tile - 0.5f, first = floorf(place);
    float last = TILES - 1;
    return (between){.first = (size_t)fminf(fmaxf(first, 0), last),
                     .second = (size_t)fminf(fmaxf(first + 1, 0), last),
                     .share = place - first};
}

/* Tiles of ceil(size / 8) px; where 8 of them reach beyond the sample, it is mirrored there. */
static void equalise_tiles(const uint8_t *y, size_t side, size_t tile, float *becomes)
{
    for (size_t t = 0; t < (size_t)TILES * TILES; t++) {
        uint32_t counts[LEVELS] = {0};
        for (size_t i = 0; i < tile * tile; i++) {
            size_t row = mirrored((ptrdiff_t)(t / TILES * tile + i / tile), side);
            size_t column = mirrored((ptrdiff_t)(t % TILES * tile + i % tile), side);
            counts[y[row * side + column]]++;
        }
        equalise(counts, tile * tile, becomes + t * LEVELS);
    }
}

/* By how much a pixel's luma changes: between what the four tiles about it make of its level. */
static float change_at(const float *becomes, between row, between column, uint8_t level)
{
    const float *top = becomes + row.first * TILES * LEVELS + level;
    const float *bottom = becomes + row.second * TILES * LEVELS + level;
    size_t left = column.first * LEVELS, right = column.second * LEVELS;
    float above = top[left] + column.share * (top[right] - top[left]);
    float below = bottom[left] + column.share * (bottom[right] - bottom[left]);
    return above + row.share * (below - above) - (float)level;
}

static en_status clahe(uint8_t *pixels, int size, en_disc disc, en_error *err)
{
    size_t side = (size_t)size, tile = (side + TILES - 1) / TILES;
    uint8_t *y = en_alloc(side * side);
    float *becomes = en_alloc(sizeof(float[TILES * TILES * LEVELS]));
    en_status st = EN_OK;
    if (y == NULL || becomes == NULL) {
        st = en_error_nomem(err, "normalising a sample");
    } else {
        for (size_t i = 0; i < side * side; i++) {
            y[i] = luma(pixels + 3 * i);
        }
        equalise_tiles(y, side, tile, becomes);
        for (size_t i = 0; i < side * side; i++) {
            if (is_inside(disc, 1, i / side, i % side)) {
                float change = change_at(becomes, tiles_about(i / side, tile), tiles_about(i % side, tile), y[i]);
                for (size_t c = 0; c < 3; c++) {
                    pixels[3 * i + c] = to_byte((float)pixels[3 * i + c] + change);
                }
            }
        }
    }
    en_free(becomes);
    en_free(y);
    return st;
}

en_status en_normalise_apply(en_normalise how, uint8_t *pixels, int size, en_disc disc, en_error *err)
{
    switch (how) {
    case EN_NORMALISE_GRAHAM: return graham(pixels, size, disc, err);
    case EN_NORMALISE_CLAHE: return clahe(pixels, size, disc, err);
    case EN_NORMALISE_NONE: break;
    }
    return EN_OK;
}
