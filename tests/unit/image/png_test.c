/* PNGs of every colour type and depth become RGB. */
#include "draw.h"

#include <stdlib.h>
#include <string.h>

#include <png.h>
#include <zlib.h>

#include "base/hash.h"
#include "base/memory.h"
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

/* Every allocation fails once, libpng's and zlib's among them: never is the file blamed, never is a chunk lost. */
static void without_memory_no_file_is_called_damaged(void **state)
{
    (void)state;
    en_buf file;
    uint8_t rows[64 * 64 * 4];
    for (size_t i = 0; i < sizeof rows; i++) {
        rows[i] = (uint8_t)(i * i / 7);
    }
    en_buf_init(&file, 1 << 20);
    make_png(rows, 64 * 4, 64, 64, (png_kind){PNG_COLOR_TYPE_RGB_ALPHA, 8, true, 8}, &file);
    long nth = 1;
    for (en_status st = EN_NOMEM; st != EN_OK; nth++) {
        en_error err = {0};
        en_image image = {0};
        en_image_info info;
        en_alloc_fail_at(nth);
        st = en_decode(file.data, file.size, NULL, &image, &info, &err);
        en_alloc_fail_at(0);
        if (st != EN_OK && (st != EN_NOMEM || info.fault != EN_FAULT_NONE)) {
            fail_msg("allocation %ld: status %d, %s", nth, (int)st, err.text);
        }
        assert_true(st != EN_OK || info.orientation == 8);
        en_image_clear(&image);
    }
    assert_true(nth > 10); /* the libraries ask for memory here too */
    en_buf_clear(&file);
}

static void put_32(uint8_t *at, uint32_t value)
{
    for (int i = 0; i < 4; i++) {
        at[i] = (uint8_t)(value >> (24 - 8 * i));
    }
}

/* Puts a compressed text of `bytes` zeros behind the header. */
static void insert_text(const en_buf *file, size_t bytes, en_buf *out)
{
    enum { HEADER = 8 + 25, LEAD = 8 + 3 }; /* length, name; a keyword "k", its end, the method */
    en_error err;
    uLongf packed = compressBound((uLong)bytes);
    uint8_t *zeros = calloc(1, bytes), *chunk = calloc(1, LEAD + packed + 4);
    assert_true(zeros != NULL && chunk != NULL);
    assert_int_equal(compress2(chunk + LEAD, &packed, zeros, (uLong)bytes, 9), Z_OK);
    put_32(chunk, (uint32_t)packed + 3);
    memcpy(chunk + 4, "zTXtk\0\0", 7);
    put_32(chunk + LEAD + packed, en_crc32(0, chunk + 4, packed + LEAD - 4));
    assert_ok(en_buf_add(out, file->data, HEADER, &err));
    assert_ok(en_buf_add(out, chunk, LEAD + packed + 4, &err));
    assert_ok(en_buf_add(out, file->data + HEADER, file->size - HEADER, &err));
    free(zeros);
    free(chunk);
}

/* The largest block asked for; the linker puts this in the place of the heap's. */
static size_t largest;
void *__real_en_alloc(size_t bytes);
void *__wrap_en_alloc(size_t bytes);
void *__wrap_en_alloc(size_t bytes)
{
    largest = bytes > largest ? bytes : largest;
    return __real_en_alloc(bytes);
}

static void a_text_that_unpacks_to_megabytes_is_left_out(void **state)
{
    (void)state;
    en_buf file, large;
    en_buf_init(&file, 1 << 16);
    en_buf_init(&large, 1 << 20);
    make_png((const uint8_t[]){10, 20, 30}, 3, 3, 1, (png_kind){PNG_COLOR_TYPE_GRAY, 8, false, 0}, &file);
    for (size_t megabytes = 1; megabytes <= 64; megabytes += 5) {
        en_error err;
        en_image image = {0};
        en_buf_reset(&large);
        insert_text(&file, megabytes << 20, &large);
        largest = 0;
        assert_ok(en_decode(large.data, large.size, NULL, &image, NULL, &err));
        assert_int_equal(image.rgb[6], 30);
        assert_true(megabytes > 1 || largest > 1 << 20); /* it does unpack what is small */
        assert_true(largest <= 4 << 20);
        en_image_clear(&image);
    }
    en_buf_clear(&large);
    en_buf_clear(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(grey_of_any_depth_becomes_rgb),
        cmocka_unit_test(colours_of_eight_and_sixteen_bits_are_kept),
        cmocka_unit_test(alpha_is_laid_over_black),
        cmocka_unit_test(palettes_become_colours),
        cmocka_unit_test(its_orientation_is_applied),
        cmocka_unit_test(without_memory_no_file_is_called_damaged),
        cmocka_unit_test(a_text_that_unpacks_to_megabytes_is_left_out),
    };
    return cmocka_run_group_tests_name("png", tests, NULL, NULL);
}
