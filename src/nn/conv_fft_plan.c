/* Sizes of the convolution in the frequency domain, and which tile is the fastest. */
#include <math.h>

#include "nn/conv_fft.h"

/* Of half transformed tiles: what stays in a last-level cache, which others use as well. */
#define SECTION_FLOATS ((size_t)6 << 18)
#define KERNELS_AT_ONCE 32u

static const size_t sides[] = {16, 24, 32, 48, 64};
#define SIDES (sizeof sides / sizeof *sides)

static size_t tiles(size_t pixels, size_t step) { return (pixels + step - 1) / step; }
static size_t smaller(size_t a, size_t b) { return a < b ? a : b; }
static size_t larger(size_t a, size_t b) { return a > b ? a : b; }
static size_t up(size_t n, size_t to) { return (n + to - 1) / to * to; }
/* A stride that is not a multiple of a large power of two: those would all want the same few lines of a cache. */
static size_t odd_lines(size_t floats) { return up(floats, 32) + 16; }

/* Measured on AVX-512 (1 MB of second-level cache): the transform of a vector of channels takes about as long as
 * 6*log2(t) fused multiplications and additions per pixel, and all takes longer the less of a column's part of the
 * kernel's transform and of its gradient's is in that cache. */
double en_fft_cost(const en_conv_shape *s, size_t t, size_t lanes)
{
    double points = (double)(t * t), count = (double)(tiles(s->oh, t - s->kh + 1) * tiles(s->ow, t - s->kw + 1));
    double in = (double)tiles(s->c, lanes), out = (double)tiles(s->oc, lanes), transform = 6 * log2((double)t);
    double kernel = (double)s->c * out * transform / 2 / 8; /* as if for batches of 8 */
    double column = (double)t * (double)s->c * out * (double)lanes * 4 * sizeof(float);
    double tile = (1.5 * (double)s->c * out + transform * (in + out)) * (1 + column / (1 << 20));
    return points * (count * tile + kernel);
}

size_t en_fft_tile(const en_conv_shape *s, size_t lanes)
{
    size_t best = 0;
    double least = HUGE_VAL;
    for (size_t i = 0; i < SIDES; i++) {
        size_t t = sides[i];
        /* what a tile adds to the gradient of the input reaches into the next row of tiles, not further */
        if (t + 2 < 2 * s->kh || t <= s->kw) {
            continue;
        }
        double cost = en_fft_cost(s, t, lanes);
        if (cost < least) {
            least = cost;
            best = t;
        }
    }
    return best;
}

static en_fft_halves halves(const en_fft_plan *p, size_t count, size_t channels)
{
    en_fft_halves h = {.tile = p->t * 2 * channels};
    h.column = odd_lines(count * h.tile);
    h.size = p->columns * h.column;
    return h;
}

static en_fft_spectra spectra(const en_fft_plan *p, size_t rows, size_t row)
{
    en_fft_spectra s = {.row = row, .frequency = odd_lines(rows * row)};
    s.column = p->t * s.frequency;
    s.size = p->columns * s.column;
    return s;
}

en_fft_plan en_fft_plan_for(const en_conv_shape *s, size_t lanes, size_t n, bool backward)
{
    en_fft_plan p = {.t = en_fft_tile(s, lanes), .lanes = lanes};
    p.columns = p.t / 2 + 1;
    p.step_h = p.t - s->kh + 1;
    p.step_w = p.t - s->kw + 1;
    p.high = tiles(s->oh, p.step_h);
    p.wide = tiles(s->ow, p.step_w);
    p.total = n * p.high;
    p.gi = up(s->c, lanes);
    p.go = up(s->oc, lanes);
    size_t channels = backward ? p.gi + p.go : larger(p.gi, p.go);
    size_t row = p.columns * p.wide * p.t * 2 * channels;
    p.section = smaller(larger(SECTION_FLOATS / row, 1), p.total);
    p.ring = p.section + (backward ? 1 : 0); /* the row of tiles before the section reaches into it */
    p.x = halves(&p, p.ring * p.wide, backward ? p.gi : channels);
    p.d = halves(&p, backward ? p.ring * p.wide : 0, p.go);
    p.kernels = smaller(larger(s->c, s->oc), KERNELS_AT_ONCE);
    p.wf = halves(&p, p.kernels, p.go);
    p.wb = halves(&p, p.kernels, p.gi);
    p.w = spectra(&p, s->c, 2 * p.go);
    p.wt = spectra(&p, s->oc, 2 * p.gi);
    p.dw = spectra(&p, s->c, 2 * p.go);
    p.sx = spectra(&p, EN_FFT_BLOCK, 2 * p.gi);
    p.sd = spectra(&p, EN_FFT_BLOCK, 2 * p.go);
    p.sy = spectra(&p, EN_FFT_BLOCK, 2 * (backward ? p.gi : p.go));
    return p;
}
