/* Draws test pictures. */
#include "draw.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"

void assert_ok_at(en_status st, const en_error *err, const char *file, int line)
{
    if (st == EN_OK) {
        return;
    }
    print_error("%s\n", err->text);
    _fail(file, line);
}

static uint8_t level(double value) { return (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value + 0.5); }

void draw_gradient(en_image *out, int width, int height)
{
    en_error err;
    assert_ok(en_image_alloc(out, width, height, &err));
    uint8_t *p = out->rgb;
    for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++, p += 3) {
            p[0] = level(20 + 200.0 * (x + 1) / (width + 1));
            p[1] = level(20 + 200.0 * (y + 1) / (height + 1));
            p[2] = level(20 + 100.0 * (x + y + 1) / (width + height));
        }
    }
}

/* How dark a vessel is at a place given in disc radii: some wavy dark lines. */
static double vessel(double u, double v, const double phase[4])
{
    double dark = 0;
    for (int i = 0; i < 4; i++) {
        double turn = phase[i], a = u * cos(turn) + v * sin(turn), b = v * cos(turn) - u * sin(turn);
        double off = b - 0.25 * sin(3 * a + 5 * turn);
        dark += 0.5 * exp(-off * off / (2 * 0.015 * 0.015));
    }
    return dark > 0.6 ? 0.6 : dark;
}

void draw_eye(en_image *out, int width, int height, eye e)
{
    en_error err;
    assert_ok(en_image_alloc(out, width, height, &err));
    en_random random = en_random_init(e.seed, 0, 0, EN_FOR_TEST);
    double phase[4];
    for (int i = 0; i < 4; i++) {
        phase[i] = en_random_between(&random, 0, 3.1);
    }
    uint8_t *p = out->rgb;
    for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++, p += 3) {
            double u = (x + 0.5 - e.x) / e.radius, v = (y + 0.5 - e.y) / e.radius, r = sqrt(u * u + v * v);
            double edge = (1 - r) * e.radius + 0.5; /* one px of anti-aliasing */
            double inside = edge < 0 ? 0 : edge > 1 ? 1 : edge;
            if (e.notch && fabs(v + 0.5) < 0.05 && u > 0 && r < 1.06) {
                inside = 1;
            }
            double light = 255 * e.light * (1 - 0.4 * r * r) * inside;
            if (e.shadow && u < -0.3) {
                light *= fmax(0, 1 + 2 * (u + 0.3));
            }
            if (e.vessels) {
                light *= 1 - vessel(u, v, phase);
            }
            p[0] = level(2 + light);
            p[1] = level(2 + 0.6 * light);
            p[2] = level(2 + 0.3 * light);
        }
    }
}

void blur(en_image *image, int times)
{
    size_t bytes = en_image_bytes(image), row = 3 * (size_t)image->width;
    uint8_t *from = malloc(bytes);
    assert_non_null(from);
    for (int i = 0; i < times; i++) {
        memcpy(from, image->rgb, bytes);
        for (size_t at = row + 3; at + row + 3 < bytes; at++) {
            unsigned sum = 4;
            for (size_t k = 0; k < 3; k++) {
                const uint8_t *p = from + at + k * row - row;
                sum += p[-3] + (unsigned)p[0] + p[3];
            }
            image->rgb[at] = (uint8_t)(sum / 9);
        }
    }
    free(from);
}

double psnr(const uint8_t *a, const uint8_t *b, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        double d = (double)a[i] - (double)b[i];
        sum += d * d;
    }
    return sum > 0 ? 10 * log10(255.0 * 255.0 * (double)n / sum) : 99;
}
