/* PNGs of every colour type and depth become RGB. */
#include "draw.h"

#include <string.h>

#include <png.h>

#include "codec_kit.h"
#include "image/decode.h"

/* Packs `count` samples of `bits` each into `row`, most significant first. */
static void pack_row(const unsigned *samples, int count, int bits, uint8_t *row, size_t row_bytes)
{
    memset(row, 0, row_bytes);
    for (int i = 0; i < count; i++) {
        for (int b = 0; b < bits; b++) {
            if ((samples[i] >> (bits - 1 - b) & 1) != 0) {
                row[(i * bits + b) / 8] |= (uint8_t)(128 >> (i * bits + b) % 8);
            }
        }
    }
}

/* One row of `width` pixels, given as samples, three rows high, decodes to `want` (width,3). */
static void assert_png(png_kind kind, int width, const unsigned *samples, int per_pixel, const uint8_t *want)
{
    enum { ROWS = 3, ROW_BYTES = 64 };
    en_error err;
    en_buf file;
    en_image image = {0};
    en_image_info info;
    uint8_t rows[ROWS][ROW_BYTES];
    for (size_t y = 0; y < ROWS; y++) {
        pack_row(samples, width * per_pixel, kind.bits, rows[y], ROW_BYTES);
    }
    en_buf_init(&file, 1 << 16);
    make_png(&rows[0][0], ROW_BYTES, width, ROWS, kind, &file);
    assert_ok(en_decode(file.data, file.size, &(en_decode_options){.min_edge = 1}, &image, &info, &err));
    assert_int_equal(info.format, EN_FORMAT_PNG);
    assert_int_equal(image.width, width);
    assert_int_equal(image.height, ROWS);
    for (size_t y = 0; y < ROWS; y++) {
        assert_memory_equal(image.rgb + y * 3 * (size_t)width, want, 3 * (size_t)width);
    }
    en_image_clear(&image);
    en_buf_clear(&file);
}

static void grey_of_any_depth_becomes_rgb(void **state)
{
    (void)state;
    const uint8_t black_white_black[] = {0, 0, 0, 255, 255, 255, 0, 0, 0};
    assert_png((png_kind){PNG_COLOR_TYPE_GRAY, 1, false, 0}, 3, (unsigned[]){0, 1, 0}, 1, black_white_black);
    const uint8_t thirds[] = {0, 0, 0, 85, 85, 85, 170, 170, 170, 255, 255, 255};
    assert_png((png_kind){PNG_COLOR_TYPE_GRAY, 2, false, 0}, 4, (unsigned[]){0, 1, 2, 3}, 1, thirds);
    assert_png((png_kind){PNG_COLOR_TYPE_GRAY, 4, true, 0}, 4, (unsigned[]){0, 5, 10, 15}, 1, thirds);
    assert_png((png_kind){PNG_COLOR_TYPE_GRAY, 8, false, 0}, 4, (unsigned[]){0, 85, 170, 255}, 1, thirds);
    assert_png((png_kind){PNG_COLOR_TYPE_GRAY, 16, false, 0}, 4, (unsigned[]){0, 21845, 43690, 65535}, 1, thirds);
}

static void colours_of_eight_and_sixteen_bits_are_kept(void **state)
{
    (void)state;
    const uint8_t want[] = {1, 2, 3, 250, 128, 0};
    assert_png((png_kind){PNG_COLOR_TYPE_RGB, 8, false, 0}, 2, (unsigned[]){1, 2, 3, 250, 128, 0}, 3, want);
    assert_png((png_kind){PNG_COLOR_TYPE_RGB, 8, true, 0}, 2, (unsigned[]){1, 2, 3, 250, 128, 0}, 3, want);
    assert_png((png_kind){PNG_COLOR_TYPE_RGB, 16, false, 0}, 2,
               (unsigned[]){1 * 257 + 100, 2 * 257 - 100, 3 * 257, 250 * 257, 128 * 257, 90}, 3, want);
}

static void alpha_is_laid_over_black(void **state)
{
    (void)state;
    const uint8_t want[] = {100, 200, 50, 50, 100, 25, 0, 0, 0};
    const unsigned samples[] = {100, 200, 50, 255, 100, 200, 50, 128, 100, 200, 50, 0};
    assert_png((png_kind){PNG_COLOR_TYPE_RGB_ALPHA, 8, false, 0}, 3, samples, 4, want);
    assert_png((png_kind){PNG_COLOR_TYPE_RGB_ALPHA, 8, true, 0}, 3, samples, 4, want);
    assert_png((png_kind){PNG_COLOR_TYPE_GRAY_ALPHA, 8, false, 0}, 2, (unsigned[]){200, 255, 200, 0}, 2,
               (const uint8_t[]){200, 200, 200, 0, 0, 0});
}

static void palettes_become_colours(void **state)
{
    (void)state;
    const uint8_t want[] = {255, 0, 0, 0, 255, 0, 0, 0, 128, 0, 0, 0};
    for (int bits = 2; bits <= 8; bits *= 2) {
        assert_png((png_kind){PNG_COLOR_TYPE_PALETTE, bits, bits == 4, 0}, 4, (unsigned[]){0, 1, 2, 3}, 1, want);
    }
}

static void its_orientation_is_applied(void **state)
{
    (void)state;
    en_error err;
    en_buf file;
    en_image image = {0};
    en_image_info info;
    en_buf_init(&file, 1 << 16);
    make_png((const uint8_t[]){10, 20, 30}, 3, 3, 1, (png_kind){PNG_COLOR_TYPE_GRAY, 8, false, 8}, &file);
    assert_ok(en_decode(file.data, file.size, NULL, &image, &info, &err));
    assert_int_equal(info.orientation, 8);
    assert_int_equal(image.width, 1);
    assert_int_equal(image.height, 3);
    assert_int_equal(image.rgb[0], 30);
    assert_int_equal(image.rgb[6], 10);
    en_image_clear(&image);
    en_buf_clear(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(grey_of_any_depth_becomes_rgb), cmocka_unit_test(colours_of_eight_and_sixteen_bits_are_kept),
        cmocka_unit_test(alpha_is_laid_over_black),      cmocka_unit_test(palettes_become_colours),
        cmocka_unit_test(its_orientation_is_applied),
    };
    return cmocka_run_group_tests_name("png", tests, NULL, NULL);
}
