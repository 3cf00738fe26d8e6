/* Distortions: against the same in double precision, from the definition, on pictures without symmetry. */
#include "draw.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "image/distort.h"
#include "image/variant.h"

#define PI 3.14159265358979323846

static uint8_t *pixels(int n)
{
    uint8_t *p = malloc((size_t)(n * n * 3));
    assert_non_null(p);
    return p;
}

/* Every value as likely as any other: what a smooth picture would hide shows. */
static uint8_t *noise(int n, unsigned seed)
{
    uint8_t *p = pixels(n);
    for (int i = 0; i < n * n * 3; i++) {
        seed = seed * 1664525u + 1013904223u;
        p[i] = (uint8_t)(seed >> 24);
    }
    return p;
}

/* Looks back from pixel (x, y) along the definition, last step first, one step at a time. */
static double place_reference(const uint8_t *s, int n, const en_distortion *d, const uint8_t *background, int x, int y,
                              int c)
{
    double right = x - (n - 1) / 2.0, up = (n - 1) / 2.0 - y;
    right -= d->shift_x * n;
    up += d->shift_y * n;
    right /= d->zoom;
    up /= d->zoom;
    double turn = -d->degrees * PI / 180, was_right = right;
    right = was_right * cos(turn) - up * sin(turn);
    up = was_right * sin(turn) + up * cos(turn);
    right = d->mirror ? -right : right;
    double from_x = (n - 1) / 2.0 + right, from_y = (n - 1) / 2.0 - up, sum = 0;
    for (int i = 0; i < 4; i++) {
        int px = (int)floor(from_x) + i % 2, py = (int)floor(from_y) + i / 2;
        double weight = (1 - fabs(from_x - px)) * (1 - fabs(from_y - py));
        bool inside = px >= 0 && px < n && py >= 0 && py < n;
        sum += weight * (inside ? s[3 * (py * n + px) + c] : background[c]);
    }
    return sum;
}

static void assert_placed(int n, en_distortion d)
{
    en_image image = {0};
    draw_gradient(&image, n, n);
    const uint8_t background[3] = {90, 40, 200};
    for (int i = 0; i < 4; i++) { /* all corners: the background */
        memcpy(image.rgb + (ptrdiff_t)3 * ((i % 2) * (n - 1) + (i / 2) * (n - 1) * n), background, 3);
    }
    uint8_t *out = pixels(n);
    en_distort(image.rgb, n, &d, out);
    for (int i = 0; i < n * n * 3; i++) {
        double want = place_reference(image.rgb, n, &d, background, i / 3 % n, i / 3 / n, i % 3);
        assert_true(fabs(out[i] - want) <
                    2.6); /* 1/256 px across the step at a corner, in both directions, and rounding */
    }
    free(out);
    en_image_clear(&image);
}

static void places_are_those_of_the_definition(void **state)
{
    (void)state;
    static const int sizes[] = {1, 2, 3, 17, 64};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        en_distortion d = EN_DISTORTION_NONE;
        d.degrees = 15;
        assert_placed(sizes[i], d);
        d.mirror = true;
        assert_placed(sizes[i], d);
        d.shift_x = 0.07;
        d.shift_y = -0.21;
        assert_placed(sizes[i], d);
        d.zoom = 1.3;
        assert_placed(sizes[i], d);
        d.zoom = 0.6;
        d.degrees = -137.5;
        assert_placed(sizes[i], d);
        d = EN_DISTORTION_NONE;
        d.zoom = 3.5;
        assert_placed(sizes[i], d);
    }
}

static void without_a_distortion_the_sample_is_copied(void **state)
{
    (void)state;
    uint8_t *s = noise(21, 1), *out = pixels(21), *turned = pixels(21);
    en_distortion d = EN_DISTORTION_NONE;
    en_distort(s, 21, &d, out);
    assert_memory_equal(out, s, 21 * 21 * 3);
    for (int quarter = -4; quarter < 8; quarter++) {
        for (int mirror = 0; mirror < 2; mirror++) {
            d.mirror = mirror != 0;
            d.degrees = 90 * quarter;
            en_distort(s, 21, &d, out);
            en_variant_render(s, 21, d.mirror, 90 * quarter, turned);
            assert_memory_equal(out, turned, 21 * 21 * 3);
        }
    }
    free(s);
    free(out);
    free(turned);
}

static void whole_pixels_are_moved_exactly(void **state)
{
    (void)state;
    enum { N = 16 };
    uint8_t *s = noise(N, 2), *out = pixels(N);
    memset(s, 7, 3);
    memset(s + (ptrdiff_t)3 * (N - 1), 7, 3);
    en_distortion d = EN_DISTORTION_NONE;
    d.shift_x = 3.0 / N;
    d.shift_y = -2.0 / N;
    memset(s + (ptrdiff_t)3 * (N * N - 1), 200, 3);
    memset(s + (ptrdiff_t)3 * (N * N - N), 1, 3); /* corners 7, 7, 200, 1: the background is 7 */
    en_distort(s, N, &d, out);
    for (int y = 0; y < N; y++) {
        for (int x = 0; x < N; x++) {
            bool inside = x - 3 >= 0 && y + 2 < N;
            for (int c = 0; c < 3; c++) {
                assert_int_equal(out[3 * (y * N + x) + c], inside ? s[3 * ((y + 2) * N + x - 3) + c] : 7);
            }
        }
    }
    free(s);
    free(out);
}

static double clamped(double v) { return v < 0 ? 0 : v > 255 ? 255 : v; }
static double luminance(const double v[3]) { return 0.299 * v[0] + 0.587 * v[1] + 0.114 * v[2]; }

/* One step after the other, as the header has them. */
static void colour_reference(const en_distortion *d, double mean, double v[3])
{
    for (int c = 0; c < 3; c++) {
        v[c] *= d->brightness;
    }
    for (int c = 0; c < 3; c++) {
        v[c] = mean * d->brightness + d->contrast * (v[c] - mean * d->brightness);
    }
    double grey = luminance(v);
    for (int c = 0; c < 3; c++) {
        v[c] = grey + d->saturation * (v[c] - grey);
    }
    double turn = d->hue_deg * PI / 180, blue = 0.492 * (v[2] - grey), red = 0.877 * (v[0] - grey);
    double blue_turned = blue * cos(turn) - red * sin(turn), red_turned = blue * sin(turn) + red * cos(turn);
    v[0] = grey + red_turned / 0.877;
    v[2] = grey + blue_turned / 0.492;
    v[1] = (grey - 0.299 * v[0] - 0.114 * v[2]) / 0.587;
}

static void assert_coloured(en_distortion d)
{
    enum { N = 19 };
    uint8_t *s = noise(N, 3), *out = pixels(N);
    double mean = 0;
    for (int y = 0; y < N; y += 4) {
        for (int x = 0; x < N; x++) {
            const uint8_t *p = s + (ptrdiff_t)3 * (y * N + x);
            mean += luminance((double[3]){p[0], p[1], p[2]}) / (5 * N); /* rows 0, 4, 8, 12, 16 */
        }
    }
    en_distort(s, N, &d, out);
    for (int i = 0; i < N * N; i++) {
        double v[3] = {s[3 * i], s[3 * i + 1], s[3 * i + 2]};
        colour_reference(&d, mean, v);
        for (int c = 0; c < 3; c++) {
            assert_true(fabs(out[3 * i + c] - clamped(v[c])) < 0.6);
        }
    }
    free(s);
    free(out);
}

static void colours_are_those_of_the_definition(void **state)
{
    (void)state;
    en_distortion d = EN_DISTORTION_NONE;
    d.brightness = 1.2;
    assert_coloured(d);
    d = EN_DISTORTION_NONE;
    d.contrast = 0.7;
    assert_coloured(d);
    d = EN_DISTORTION_NONE;
    d.saturation = 0.5;
    assert_coloured(d);
    d = EN_DISTORTION_NONE;
    d.hue_deg = 20;
    assert_coloured(d);
    d.hue_deg = -30;
    assert_coloured(d);
    d = (en_distortion){.zoom = 1, .brightness = 0.8, .contrast = 1.3, .saturation = 1.2, .hue_deg = 7};
    assert_coloured(d);
    d = (en_distortion){.zoom = 1, .brightness = 1.8, .contrast = 1.8, .saturation = 1.8, .hue_deg = -30};
    assert_coloured(d);
    d = (en_distortion){.zoom = 1, .brightness = 1.8, .contrast = 0.2, .saturation = 0.2, .hue_deg = 30};
    assert_coloured(d);
}

/* The bytes beside the result stay, too. */
static void assert_as_plain(int n, const en_distortion *d)
{
    size_t bytes = (size_t)(n * n * 3);
    uint8_t *s = noise(n, (unsigned)n), *fast = malloc(bytes + 1), *plain = pixels(n);
    assert_non_null(fast);
    fast[bytes] = 77;
    en_distort(s, n, d, fast);
    en_distort_plain(s, n, d, plain);
    assert_memory_equal(fast, plain, bytes);
    assert_int_equal(fast[bytes], 77);
    free(s);
    free(fast);
    free(plain);
}

static void bytes_are_those_of_plain_c(void **state)
{
    (void)state;
    for (int n = 1; n < 70; n += n < 6 ? 1 : 7) {
        for (int i = 0; i < 40; i++) {
            const en_distortion d = {.mirror = i % 2 != 0,
                                     .degrees = i % 5 == 0 ? 90 * i : 11.3 * i - 200,
                                     .zoom = i % 7 == 0 ? 1 : 0.4 + 0.07 * i,
                                     .shift_x = i % 3 == 0 ? 0 : 0.02 * i - 0.4,
                                     .shift_y = i % 3 == 1 ? 0 : 0.3 - 0.015 * i,
                                     .brightness = i % 4 == 0 ? 1 : 0.2 + 0.04 * i,
                                     .contrast = i % 4 == 1 ? 1 : 1.8 - 0.04 * i,
                                     .saturation = 0.2 + 0.04 * i,
                                     .hue_deg = 1.5 * i - 30};
            assert_as_plain(n, &d);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(places_are_those_of_the_definition),
        cmocka_unit_test(without_a_distortion_the_sample_is_copied),
        cmocka_unit_test(whole_pixels_are_moved_exactly),
        cmocka_unit_test(colours_are_those_of_the_definition),
        cmocka_unit_test(bytes_are_those_of_plain_c),
    };
    return cmocka_run_group_tests_name("distort", tests, NULL, NULL);
}
