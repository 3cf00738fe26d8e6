/* Mirrors and turns samples. Quarter turns copy; other angles look up, for every pixel of the result, where it came
 * from, in 32.32 fixed point, and mix the four pixels there with weights of 8 bits. */
#include "image/variant.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

/* Where the result's pixels lie in the sample: at first + x*step_x + y*step_y, in px. */
typedef struct walk {
    ptrdiff_t first, step_x, step_y;
} walk;

static walk quarter_turn(ptrdiff_t n, bool mirror, int quarters)
{
    ptrdiff_t right = mirror ? -1 : 1, left_end = mirror ? n - 1 : 0, right_end = mirror ? 0 : n - 1;
    switch (quarters) {
    case 1: return (walk){right_end, n, -right}; /* the right column becomes the top row */
    case 2: return (walk){(n - 1) * n + right_end, -right, -n};
    case 3: return (walk){(n - 1) * n + left_end, -n, right}; /* the left column, upwards, becomes the top row */
    default: return (walk){left_end, right, n};
    }
}

static void copy_turned(const uint8_t *sample, ptrdiff_t n, walk from, uint8_t *out)
{
    for (ptrdiff_t y = 0; y < n; y++) {
        ptrdiff_t pixel = from.first + y * from.step_y;
        if (from.step_x == 1) {
            memcpy(out, sample + 3 * pixel, 3 * (size_t)n);
            out += 3 * n;
            continue;
        }
        for (ptrdiff_t x = 0; x < n; x++, out += 3, pixel += from.step_x) {
            const uint8_t *p = sample + 3 * pixel;
            out[0] = p[0];
            out[1] = p[1];
            out[2] = p[2];
        }
    }
}

/* A place between four pixels: the upper left one and the way to the next, in 1/256 px. */
typedef struct place {
    int x, y;
    unsigned fx, fy;
} place;

static place place_of(int64_t x, int64_t y)
{
    return (place){(int)(x >> 32), (int)(y >> 32), (unsigned)(x >> 24) & 255u, (unsigned)(y >> 24) & 255u};
}

/* The four pixels lie in the sample. `right` is 3, or -3 in a mirrored sample. */
static void mix_inside(const uint8_t *p, ptrdiff_t right, ptrdiff_t below, place at, uint8_t *out)
{
    unsigned w11 = at.fx * at.fy, w10 = (at.fx << 8) - w11, w01 = (at.fy << 8) - w11, w00 = 65536u - w10 - w01 - w11;
    for (ptrdiff_t c = 0; c < 3; c++) {
        unsigned sum = p[c] * w00 + p[c + right] * w10 + p[c + below] * w01 + p[c + below + right] * w11;
        out[c] = (uint8_t)((sum + 32768u) >> 16);
    }
}

/* Some of the four may lie outside, where it is black. */
static void mix_edge(const uint8_t *sample, int n, bool mirror, place at, uint8_t *out)
{
    unsigned sum[3] = {32768u, 32768u, 32768u};
    for (int i = 0; i < 4; i++) {
        int x = at.x + i % 2, y = at.y + i / 2;
        if (x < 0 || x >= n || y < 0 || y >= n) {
            continue;
        }
        unsigned weight = (i % 2 ? at.fx : 256u - at.fx) * (i / 2 ? at.fy : 256u - at.fy);
        const uint8_t *p = sample + 3 * ((ptrdiff_t)y * n + (mirror ? n - 1 - x : x));
        for (int c = 0; c < 3; c++) {
            sum[c] += p[c] * weight;
        }
    }
    for (int c = 0; c < 3; c++) {
        out[c] = (uint8_t)(sum[c] >> 16);
    }
}

static void mix_turned(const uint8_t *sample, int n, bool mirror, int degrees, uint8_t *out)
{
    static const double pi = 3.14159265358979323846;
    double turn = degrees * pi / 180, one = 4294967296.0;
    int64_t cosine = llround(cos(turn) * one), sine = llround(sin(turn) * one);
    int64_t half_weight = (int64_t)1 << 23; /* 1/512 px, so that the weights are rounded rather than cut */
    ptrdiff_t right = mirror ? -3 : 3, below = 3 * (ptrdiff_t)n;
    for (int y = 0; y < n; y++) {
        /* Twice the distance from the centre, so that it is a whole number; the image's y points down. */
        int64_t dx = 1 - n, dy = 2 * y + 1 - n, centre = (int64_t)(n - 1) << 31;
        int64_t from_x = centre + (dx * cosine - dy * sine) / 2 + half_weight;
        int64_t from_y = centre + (dx * sine + dy * cosine) / 2 + half_weight;
        for (int x = 0; x < n; x++, out += 3, from_x += cosine, from_y += sine) {
            place at = place_of(from_x, from_y);
            if (at.x >= 0 && at.x < n - 1 && at.y >= 0 && at.y < n - 1) {
                const uint8_t *p = sample + 3 * ((ptrdiff_t)at.y * n + (mirror ? n - 1 - at.x : at.x));
                mix_inside(p, right, below, at, out);
            } else {
                mix_edge(sample, n, mirror, at, out);
            }
        }
    }
}

void en_variant_render(const uint8_t *sample, int n, bool mirror, int rotation_degrees, uint8_t *out)
{
    int degrees = (rotation_degrees % 360 + 360) % 360;
    if (degrees % 90 == 0) {
        copy_turned(sample, n, quarter_turn(n, mirror, degrees / 90), out);
    } else {
        mix_turned(sample, n, mirror, degrees, out);
    }
}
