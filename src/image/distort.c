/* Distorts samples. A pixel of the result looks up where it came from by an affine map in 32.32 fixed point and mixes
 * the four pixels there with weights of 14 bits; a second pass over the result multiplies every pixel by a 3x3 matrix
 * of 4.12 fixed point, into which all changes of colour are multiplied beforehand. SSE2, which every x86-64 has, does a
 * pixel's three channels together; its functions compute the sums of the plain ones, so the bytes are the same. */
#include "image/distort.h"

#include <math.h>
#include <stddef.h>
#include <string.h>
#if defined __SSE2__
#include <emmintrin.h>
#endif

#include "image/variant.h"

static const double pi = 3.14159265358979323846;
static const double luma[3] = {0.299, 0.587, 0.114};

/* Where a pixel of the result lies in the sample, in 2^-32 px: first + x * right + y * down, for both coordinates. The
 * first is half a weight further, so that weights are rounded rather than cut. */
typedef struct affine {
    int64_t first[2], right[2], down[2];
} affine;

static affine map_of(const en_distortion *d, int n)
{
    const double one = 4294967296.0, half_weight = 1.0 / 256, centre = (n - 1) / 2.0, turn = d->degrees * pi / 180;
    double cosine = cos(turn) / d->zoom, sine = sin(turn) / d->zoom;
    /* The image's y points down: looking back along an anticlockwise turn is (cos, -sin; sin, cos). */
    double right[2] = {cosine, sine}, down[2] = {-sine, cosine};
    double x = -centre - d->shift_x * n, y = -centre - d->shift_y * n;
    affine a;
    for (int i = 0; i < 2; i++) {
        double first = centre + x * right[i] + y * down[i];
        if (i == 0 && d->mirror) {
            first = n - 1 - first;
            right[i] = -right[i];
            down[i] = -down[i];
        }
        a.first[i] = llround((first + half_weight) * one);
        a.right[i] = llround(right[i] * one);
        a.down[i] = llround(down[i] * one);
    }
    return a;
}

/* The second lowest of four: a corner or two inside a bright frame, or a mark in one, do not make the background. */
static uint8_t second_lowest(const uint8_t v[4])
{
    uint8_t lowest = 255, second = 255;
    for (int i = 0; i < 4; i++) {
        if (v[i] < lowest) {
            second = lowest;
            lowest = v[i];
        } else if (v[i] < second) {
            second = v[i];
        }
    }
    return second;
}

static void background_of(const uint8_t *sample, int n, uint8_t out[3])
{
    const ptrdiff_t last = n - 1, corner[4] = {0, last, last * n, last * n + last};
    for (int c = 0; c < 3; c++) {
        uint8_t v[4];
        for (int i = 0; i < 4; i++) {
            v[i] = sample[3 * corner[i] + c];
        }
        out[c] = second_lowest(v);
    }
}

/* A place between four pixels: the upper left one, and the way to the next, in 1/128 px. */
typedef struct place {
    int x, y;
    unsigned fx, fy;
} place;

static inline place place_of(int64_t x, int64_t y)
{
    return (place){(int)(x >> 32), (int)(y >> 32), (unsigned)(x >> 25) & 127u, (unsigned)(y >> 25) & 127u};
}

/* Some of the four pixels may lie outside. */
static void mix_edge(const uint8_t *sample, int n, const uint8_t background[3], const place *at, uint8_t *out)
{
    unsigned sum[3] = {8192u, 8192u, 8192u};
    for (int i = 0; i < 4; i++) {
        int x = at->x + i % 2, y = at->y + i / 2;
        const bool inside = x >= 0 && x < n && y >= 0 && y < n;
        const unsigned weight = (i % 2 ? at->fx : 128u - at->fx) * (i / 2 ? at->fy : 128u - at->fy);
        const uint8_t *p = inside ? sample + 3 * ((ptrdiff_t)y * n + x) : background;
        for (int c = 0; c < 3; c++) {
            sum[c] += p[c] * weight;
        }
    }
    for (int c = 0; c < 3; c++) {
        out[c] = (uint8_t)(sum[c] >> 14);
    }
}

/* The four pixels lie in the sample, p being the upper left one. `more`: out has a fourth byte that may be written. */
typedef void mix_fn(const uint8_t *p, ptrdiff_t below, const place *at, bool more, uint8_t *out);

static void mix_plain(const uint8_t *p, ptrdiff_t below, const place *at, bool more, uint8_t *out)
{
    (void)more;
    const unsigned left = 128u - at->fx, upper = 128u - at->fy;
    for (ptrdiff_t c = 0; c < 3; c++) {
        unsigned sum =
            (p[c] * left + p[c + 3] * at->fx) * upper + (p[c + below] * left + p[c + below + 3] * at->fx) * at->fy;
        out[c] = (uint8_t)((sum + 8192u) >> 14);
    }
}

/* Coordinates leave the range of an int only where the limits of the header are left. */
static inline void resample(const uint8_t *sample, int n, const en_distortion *d, mix_fn *mix, uint8_t *out)
{
    const affine a = map_of(d, n);
    uint8_t background[3];
    background_of(sample, n, background);
    const ptrdiff_t below = 3 * (ptrdiff_t)n;
    const unsigned inside = (unsigned)(n - 1);
    for (int y = 0; y < n; y++) {
        int64_t from_x = a.first[0] + y * a.down[0], from_y = a.first[1] + y * a.down[1];
        for (int x = 0; x < n; x++, out += 3, from_x += a.right[0], from_y += a.right[1]) {
            const place at = place_of(from_x, from_y);
            if ((unsigned)at.x < inside && (unsigned)at.y < inside) {
                mix(sample + 3 * ((ptrdiff_t)at.y * n + at.x), below, &at, x + 1 < n, out);
            } else {
                mix_edge(sample, n, background, &at, out);
            }
        }
    }
}

/* A map of colours in fixed point: (sum of m * value * 2^12 + add * 2^12 + a half) / 2^12, add being 2^-6. */
typedef struct tint {
    int16_t m[3][3], add;
} tint;

static double mean_luminance(const uint8_t *sample, int n)
{
    uint64_t sum[3] = {0};
    size_t rows = 0;
    for (int y = 0; y < n; y += 4, rows++) {
        const uint8_t *p = sample + 3 * (ptrdiff_t)y * n;
        uint32_t row[3] = {0};
        for (int x = 0; x < n; x++, p += 3) {
            row[0] += p[0];
            row[1] += p[1];
            row[2] += p[2];
        }
        for (int c = 0; c < 3; c++) {
            sum[c] += row[c];
        }
    }
    double total = 0;
    for (int c = 0; c < 3; c++) {
        total += luma[c] * (double)sum[c];
    }
    return total / ((double)rows * n);
}

/* The hue is turned as television sets do: in the plane of U = 0.492 (B - Y) and V = 0.877 (R - Y), Y staying (BT.601).
 * Column j of the matrix is what becomes of a colour of channel j alone. */
static void hue_matrix(double degrees, double m[3][3])
{
    const double cosine = cos(degrees * pi / 180), sine = sin(degrees * pi / 180);
    for (int j = 0; j < 3; j++) {
        double y = luma[j], u = 0.492 * ((j == 2) - y), v = 0.877 * ((j == 0) - y);
        m[0][j] = y + (u * sine + v * cosine) / 0.877;
        m[2][j] = y + (u * cosine - v * sine) / 0.492;
        m[1][j] = (y - luma[0] * m[0][j] - luma[2] * m[2][j]) / luma[1];
    }
}

static int16_t fixed(double value, double one)
{
    return (int16_t)fmax(-32768, fmin(32767, (double)llround(value * one)));
}

/* Brightness b, contrast c about the mean, saturation s: v becomes b c H (s v + (1 - s) luma.v) + b (1 - c) mean, where
 * H turns the hue. H and the saturation leave greys alone, so the order does not matter. */
static tint tint_of(const uint8_t *sample, int n, const en_distortion *d)
{
    double hue[3][3], gain = d->brightness * d->contrast;
    hue_matrix(d->hue_deg, hue);
    tint t = {.add = 0};
    for (int i = 0; i < 3; i++) {
        for (int j = 0; j < 3; j++) {
            t.m[i][j] = fixed(gain * (d->saturation * hue[i][j] + (1 - d->saturation) * luma[j]), 4096);
        }
    }
    if (d->contrast < 1 || d->contrast > 1) {
        t.add = fixed((1 - d->contrast) * d->brightness * mean_luminance(sample, n), 64);
    }
    return t;
}

static uint8_t clamped(int value) { return (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value); }

static void colour_plain(const tint *t, uint8_t *rgb, size_t pixels)
{
    for (size_t i = 0; i < pixels; i++, rgb += 3) {
        int r = rgb[0], g = rgb[1], b = rgb[2];
        for (int c = 0; c < 3; c++) {
            int sum = t->m[c][0] * r + t->m[c][1] * g + t->m[c][2] * b + t->add * 64;
            rgb[c] = clamped((sum + 2048) >> 12);
        }
    }
}

#if defined __SSE2__
static inline uint32_t load4(const uint8_t *p)
{
    uint32_t word;
    memcpy(&word, p, sizeof word);
    return word;
}

/* The weights of the first and the second of a pair, for pairs of 16-bit numbers. */
static inline __m128i weights(unsigned f) { return _mm_set1_epi32((int)(128u - f + (f << 16))); }

/* The first number of each half beside the first of the other, and so on: pairs of an upper and a lower one. */
static inline __m128i paired(__m128i rows) { return _mm_unpacklo_epi16(rows, _mm_unpackhi_epi64(rows, rows)); }

/* Two rows of (left, right) pairs, the channels one after the other, are mixed by one multiplication-and-addition each;
 * so are the two results. The right pixel is read from a byte before it, as after it the sample may end. */
static inline void mix_sse2(const uint8_t *p, ptrdiff_t below, const place *at, bool more, uint8_t *out)
{
    const __m128i zero = _mm_setzero_si128(), across = weights(at->fx);
    __m128i left = _mm_unpacklo_epi32(_mm_cvtsi32_si128((int)load4(p)), _mm_cvtsi32_si128((int)load4(p + below)));
    __m128i right =
        _mm_unpacklo_epi32(_mm_cvtsi32_si128((int)load4(p + 2)), _mm_cvtsi32_si128((int)load4(p + below + 2)));
    __m128i both = _mm_unpacklo_epi8(left, _mm_srli_epi32(right, 8));
    __m128i upper = _mm_madd_epi16(_mm_unpacklo_epi8(both, zero), across);
    __m128i lower = _mm_madd_epi16(_mm_unpackhi_epi8(both, zero), across);
    __m128i sum = _mm_madd_epi16(paired(_mm_packs_epi32(upper, lower)), weights(at->fy));
    sum = _mm_srai_epi32(_mm_add_epi32(sum, _mm_set1_epi32(8192)), 14);
    sum = _mm_packs_epi32(sum, sum);
    uint32_t rgb = (uint32_t)_mm_cvtsi128_si32(_mm_packus_epi16(sum, sum));
    memcpy(out, &rgb, more ? 4 : 3);
}

/* A pixel is (r g b 64) twice; its products with two rows of the matrix, and with the third, are added crosswise. The
 * next pixel is read before this one is written, as a read across a write that is still on its way waits for it. */
static void colour_sse2(const tint *t, uint8_t *rgb, size_t pixels)
{
    const int16_t(*m)[3] = t->m;
    const __m128i two = _mm_setr_epi16(m[0][0], m[0][1], m[0][2], t->add, m[1][0], m[1][1], m[1][2], t->add);
    const __m128i third = _mm_setr_epi16(m[2][0], m[2][1], m[2][2], t->add, 0, 0, 0, 0);
    uint32_t next = pixels > 1 ? load4(rgb) : 0;
    for (; pixels > 1; pixels--, rgb += 3) {
        const uint32_t was = next;
        next = pixels > 2 ? load4(rgb + 3) : 0;
        __m128i v = _mm_cvtsi32_si128((int)((was & 0xffffffu) | 64u << 24));
        v = _mm_unpacklo_epi8(v, _mm_setzero_si128());
        v = _mm_unpacklo_epi64(v, v);
        __m128 a = _mm_castsi128_ps(_mm_madd_epi16(v, two)), b = _mm_castsi128_ps(_mm_madd_epi16(v, third));
        __m128i sum = _mm_add_epi32(_mm_castps_si128(_mm_shuffle_ps(a, b, _MM_SHUFFLE(2, 0, 2, 0))),
                                    _mm_castps_si128(_mm_shuffle_ps(a, b, _MM_SHUFFLE(3, 1, 3, 1))));
        sum = _mm_srai_epi32(_mm_add_epi32(sum, _mm_set1_epi32(2048)), 12);
        sum = _mm_packs_epi32(sum, sum);
        uint32_t made = (uint32_t)_mm_cvtsi128_si32(_mm_packus_epi16(sum, sum));
        made = (made & 0xffffffu) | (was & 0xff000000u); /* the next pixel's red stays */
        memcpy(rgb, &made, sizeof made);
    }
    colour_plain(t, rgb, pixels);
}
#endif

static bool is(double value, double neutral) { return fpclassify(value - neutral) == FP_ZERO; }

static bool keeps_place(const en_distortion *d)
{
    return is(fmod(d->degrees, 90), 0) && is(d->zoom, 1) && is(d->shift_x, 0) && is(d->shift_y, 0);
}

static bool keeps_colours(const en_distortion *d)
{
    return is(d->brightness, 1) && is(d->contrast, 1) && is(d->saturation, 1) && is(d->hue_deg, 0);
}

void en_distort_plain(const uint8_t *sample, int n, const en_distortion *d, uint8_t *out)
{
    if (keeps_place(d)) {
        en_variant_render(sample, n, d->mirror, (int)d->degrees, out);
    } else {
        resample(sample, n, d, mix_plain, out);
    }
    if (!keeps_colours(d)) {
        const tint t = tint_of(sample, n, d);
        colour_plain(&t, out, (size_t)n * (size_t)n);
    }
}

void en_distort(const uint8_t *sample, int n, const en_distortion *d, uint8_t *out)
{
#if defined __SSE2__
    if (keeps_place(d)) {
        en_variant_render(sample, n, d->mirror, (int)d->degrees, out);
    } else {
        resample(sample, n, d, mix_sse2, out);
    }
    if (!keeps_colours(d)) {
        const tint t = tint_of(sample, n, d);
        colour_sse2(&t, out, (size_t)n * (size_t)n);
    }
#else
    en_distort_plain(sample, n, d, out);
#endif
}
