/* Variants: mirror first, then an anticlockwise turn. */
#include "draw.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "image/variant.h"

/* Each digit of `text` is a pixel; the three channels get 10, 20 and 30 times it. */
static void from_digits(const char *text, uint8_t *rgb)
{
    for (; *text != '\0'; text++, rgb += 3) {
        int digit = *text - '0';
        rgb[0] = (uint8_t)(digit * 10);
        rgb[1] = (uint8_t)(digit * 20);
        rgb[2] = (uint8_t)(digit * 27);
    }
}

static void assert_variant(const char *sample, int n, bool mirror, int degrees, const char *expected)
{
    uint8_t in[27], out[27], want[27];
    from_digits(sample, in);
    from_digits(expected, want);
    en_variant_render(in, n, mirror, degrees, out);
    assert_memory_equal(out, want, (size_t)(n * n * 3));
}

static void quarter_turns_are_exact_and_anticlockwise(void **state)
{
    (void)state;
    assert_variant("123456789", 3, false, 0, "123456789");
    assert_variant("123456789", 3, false, 90, "369258147");
    assert_variant("123456789", 3, false, 180, "987654321");
    assert_variant("123456789", 3, false, 270, "741852963");
}

static void the_mirror_comes_before_the_turn(void **state)
{
    (void)state;
    assert_variant("123456789", 3, true, 0, "321654987");
    assert_variant("123456789", 3, true, 90, "147258369");
    assert_variant("123456789", 3, true, 180, "789456123");
    assert_variant("123456789", 3, true, 270, "963852741");
}

static void any_whole_number_of_degrees_is_taken(void **state)
{
    (void)state;
    assert_variant("1234", 2, false, 360, "1234");
    assert_variant("1234", 2, false, -90, "3142");
    assert_variant("1234", 2, false, 450, "2413");
    assert_variant("7", 1, true, 270, "7");
}

/* The same in double precision, from the definition. */
static double reference(const uint8_t *sample, int n, bool mirror, double degrees, int x, int y, int c)
{
    double turn = degrees * 3.14159265358979323846 / 180, centre = (n - 1) / 2.0, dx = x - centre, up = centre - y;
    double from_x = centre + dx * cos(turn) + up * sin(turn), from_y = centre - (up * cos(turn) - dx * sin(turn));
    double sum = 0;
    for (int i = 0; i < 4; i++) {
        int px = (int)floor(from_x) + i % 2, py = (int)floor(from_y) + i / 2;
        double weight = (1 - fabs(from_x - px)) * (1 - fabs(from_y - py));
        if (px < 0 || px >= n || py < 0 || py >= n) {
            continue;
        }
        sum += weight * sample[3 * (py * n + (mirror ? n - 1 - px : px)) + c];
    }
    return sum;
}

static void assert_like_reference(int n, bool mirror, int degrees)
{
    en_image image = {0};
    draw_gradient(&image, n, n);
    uint8_t *out = malloc((size_t)(n * n * 3));
    assert_non_null(out);
    en_variant_render(image.rgb, n, mirror, degrees, out);
    for (int i = 0; i < n * n * 3; i++) {
        double want = reference(image.rgb, n, mirror, degrees, i / 3 % n, i / 3 / n, i % 3);
        assert_true(fabs(out[i] - want) < 2.5);
    }
    free(out);
    en_image_clear(&image);
}

static void other_angles_interpolate_over_black(void **state)
{
    (void)state;
    assert_like_reference(64, false, 120);
    assert_like_reference(33, true, 120);
    assert_like_reference(32, false, -17);
    assert_like_reference(2, true, 45);
    assert_like_reference(1, false, 120);
    uint8_t white[16 * 16 * 3], out[16 * 16 * 3];
    memset(white, 255, sizeof white);
    en_variant_render(white, 16, false, 45, out);
    assert_int_equal(out[0], 0);
    assert_int_equal(out[3 * (8 * 16 + 8)], 255);
}

static void three_turns_by_120_degrees_come_back(void **state)
{
    (void)state;
    enum { N = 128 };
    en_image image = {0};
    draw_eye(&image, N, N, (eye){.x = 64, .y = 64, .radius = 60, .light = 0.6});
    uint8_t *a = malloc(N * N * 3), *b = malloc(N * N * 3);
    assert_non_null(a);
    assert_non_null(b);
    en_variant_render(image.rgb, N, false, 120, a);
    en_variant_render(a, N, false, 120, b);
    en_variant_render(b, N, false, 120, a);
    assert_true(psnr(a, image.rgb, N * N * 3) > 35);
    free(a);
    free(b);
    en_image_clear(&image);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quarter_turns_are_exact_and_anticlockwise),
        cmocka_unit_test(the_mirror_comes_before_the_turn),
        cmocka_unit_test(any_whole_number_of_degrees_is_taken),
        cmocka_unit_test(other_angles_interpolate_over_black),
        cmocka_unit_test(three_turns_by_120_degrees_come_back),
    };
    return cmocka_run_group_tests_name("augment", tests, NULL, NULL);
}
