/* Files that are cut short or changed are refused with a reason, or at least never do harm. */
#include "draw.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <png.h>

#include "base/memory.h"
#include "base/random.h"
#include "codec_kit.h"
#include "image/decode.h"
#include "image/encode.h"

enum { WIDTH = 90, HEIGHT = 160 };

static en_buf jpeg, progressive, png, interlaced;

static int make_files(void **state)
{
    (void)state;
    en_error err;
    en_image image = {0};
    draw_eye(&image, WIDTH, HEIGHT, (eye){.x = 45, .y = 80, .radius = 44, .light = 0.7, .vessels = true});
    en_buf_init(&jpeg, 1 << 20);
    en_buf_init(&progressive, 1 << 20);
    en_buf_init(&png, 1 << 20);
    en_buf_init(&interlaced, 1 << 20);
    assert_ok(en_encode_jpeg(image.rgb, WIDTH, HEIGHT, 80, EN_CHROMA_420, &jpeg, &err));
    make_jpeg(image.rgb, WIDTH, HEIGHT, (jpeg_kind){.components = 3, .progressive = true}, &progressive);
    assert_ok(en_encode_png(image.rgb, WIDTH, HEIGHT, &png, &err));
    make_png(image.rgb, 3 * WIDTH, WIDTH, HEIGHT, (png_kind){PNG_COLOR_TYPE_RGB, 8, true, 0}, &interlaced);
    en_image_clear(&image);
    return 0;
}

static int drop_files(void **state)
{
    (void)state;
    en_buf_clear(&jpeg);
    en_buf_clear(&progressive);
    en_buf_clear(&png);
    en_buf_clear(&interlaced);
    return 0;
}

/* Decodes the first `size` bytes from a block of exactly that size, so that a sanitizer sees any step beyond. */
static en_status decode_part(const char *bytes, size_t size, en_image_info *info, en_error *err)
{
    en_image image = {0};
    char *part = malloc(size > 0 ? size : 1);
    assert_non_null(part);
    memcpy(part, bytes, size);
    en_status st = en_decode(part, size, NULL, &image, info, err);
    free(part);
    en_image_clear(&image);
    return st;
}

static int row_of(const char *reason)
{
    int row, height;
    assert_int_equal(sscanf(reason, "truncated after row %d of %d", &row, &height), 2);
    assert_int_equal(height, HEIGHT);
    return row;
}

static void a_truncated_jpeg_is_refused_with_the_row_where_it_ends(void **state)
{
    (void)state;
    en_error err;
    en_image_info info;
    assert_int_equal(decode_part(jpeg.data, jpeg.size * 2 / 3, &info, &err), EN_INPUT);
    assert_int_equal(info.fault, EN_FAULT_TRUNCATED);
    int late = row_of(err.text);
    assert_int_equal(decode_part(jpeg.data, jpeg.size / 2, &info, &err), EN_INPUT);
    int early = row_of(err.text);
    assert_true(0 < early && early < late && late < HEIGHT);
}

/* The first `size` bytes of a file give the very pixels of the whole of it. */
static bool is_complete(const en_buf *file, size_t size)
{
    en_image whole = {0}, part = {0};
    en_error err;
    assert_ok(en_decode(file->data, file->size, NULL, &whole, NULL, &err));
    bool same = en_decode(file->data, size, NULL, &part, NULL, &err) == EN_OK &&
                memcmp(whole.rgb, part.rgb, (size_t)3 * WIDTH * HEIGHT) == 0;
    en_image_clear(&whole);
    en_image_clear(&part);
    return same;
}

static void a_picture_that_lacks_only_its_end_mark_is_whole(void **state)
{
    (void)state;
    assert_true(is_complete(&jpeg, jpeg.size - 2));
    assert_true(is_complete(&progressive, progressive.size - 2));
    assert_true(is_complete(&png, png.size - 12));
    assert_true(is_complete(&interlaced, interlaced.size - 12));
}

static void padding_before_the_end_is_none_of_the_picture(void **state)
{
    (void)state;
    enum { PADDING = 40 };
    const en_buf *files[] = {&jpeg, &progressive};
    for (size_t i = 0; i < 4; i++) {
        en_error err;
        en_image_info info;
        const en_buf *file = files[i / 2];
        char *copy = calloc(file->size + PADDING, 1);
        assert_non_null(copy);
        memcpy(copy, file->data, file->size - 2);
        memcpy(copy + file->size + PADDING - 2, file->data + file->size - 2, 2);
        copy[file->size + 20] = i % 2 == 0 ? '\0' : '\x12'; /* other bytes are what damage leaves */
        en_status st = decode_part(copy, file->size + PADDING, &info, &err);
        assert_int_equal(st, i % 2 == 0 ? EN_OK : EN_INPUT);
        free(copy);
    }
}

static void a_truncated_progressive_jpeg_names_the_scan(void **state)
{
    (void)state;
    en_error err;
    en_image_info info;
    assert_int_equal(decode_part(progressive.data, progressive.size * 2 / 3, &info, &err), EN_INPUT);
    assert_int_equal(info.fault, EN_FAULT_TRUNCATED);
    assert_true(strncmp(err.text, "truncated in scan ", 18) == 0);
}

static void a_file_cut_in_its_header_says_so(void **state)
{
    (void)state;
    en_error err;
    en_image_info info;
    assert_int_equal(decode_part(jpeg.data, 100, &info, &err), EN_INPUT);
    assert_string_equal(err.text, "truncated in the header");
    assert_int_equal(decode_part(png.data, 20, &info, &err), EN_INPUT);
    assert_string_equal(err.text, "truncated in the header");
    assert_int_equal(info.fault, EN_FAULT_TRUNCATED);
}

static void a_truncated_png_is_refused_with_the_row_where_it_ends(void **state)
{
    (void)state;
    en_error err;
    en_image_info info;
    assert_int_equal(decode_part(png.data, png.size / 2, &info, &err), EN_INPUT);
    assert_int_equal(info.fault, EN_FAULT_TRUNCATED);
    assert_true(row_of(err.text) < HEIGHT);
    assert_int_equal(decode_part(png.data, png.size - 60, &info, &err), EN_INPUT);
    assert_true(row_of(err.text) < HEIGHT);
}

static void every_shorter_file_is_refused_or_has_every_pixel(void **state)
{
    (void)state;
    const en_buf *files[] = {&jpeg, &progressive, &png, &interlaced};
    for (size_t i = 0; i < 4; i++) {
        size_t step = files[i]->size / 300 + 1;
        for (size_t size = 0; size < files[i]->size; size += step) {
            en_error err;
            en_image_info info;
            if (decode_part(files[i]->data, size, &info, &err) == EN_OK) {
                assert_true(is_complete(files[i], size));
                assert_true(files[i]->size - size <= 32); /* nothing but the end is missing */
                continue;
            }
            assert_true(info.fault == EN_FAULT_TRUNCATED || info.fault == EN_FAULT_NO_IMAGE);
        }
    }
}

static void a_damaged_jpeg_is_refused_with_the_row_where_it_begins(void **state)
{
    (void)state;
    en_error err;
    en_image_info info;
    /* A marker that does not belong there, in the middle of the data. */
    char *copy = malloc(jpeg.size);
    assert_non_null(copy);
    memcpy(copy, jpeg.data, jpeg.size);
    memcpy(copy + jpeg.size / 2, "\xFF\xD3\xFF\xD3", 4);
    assert_int_equal(decode_part(copy, jpeg.size, &info, &err), EN_INPUT);
    assert_int_equal(info.fault, EN_FAULT_DAMAGED);
    assert_true(strncmp(err.text, "damaged after row ", 18) == 0);
    free(copy);
}

static void a_changed_byte_of_a_png_is_found(void **state)
{
    (void)state;
    en_error err;
    en_image_info info;
    png.data[png.size / 2] ^= 1;
    assert_int_equal(decode_part(png.data, png.size, &info, &err), EN_INPUT);
    png.data[png.size / 2] ^= 1;
    assert_int_equal(info.fault, EN_FAULT_DAMAGED);
    assert_true(strncmp(err.text, "damaged after row ", 18) == 0);
}

static void changed_bytes_do_no_harm(void **state)
{
    (void)state;
    const en_buf *files[] = {&jpeg, &progressive, &png, &interlaced};
    for (size_t i = 0; i < 4; i++) {
        char *copy = malloc(files[i]->size);
        assert_non_null(copy);
        for (uint64_t trial = 0; trial < 400; trial++) {
            en_random random = en_random_init(7, 0, 1000 * i + trial, EN_FOR_TEST);
            memcpy(copy, files[i]->data, files[i]->size);
            /* Headers are short: half of the trials stay there. */
            uint32_t size = (uint32_t)(trial % 2 == 0 ? files[i]->size : 640);
            for (uint32_t changes = 1 + en_random_below(&random, 4); changes > 0; changes--) {
                copy[en_random_below(&random, size)] = (char)en_random_below(&random, 256);
            }
            en_error err;
            en_image image = {0};
            en_image_info info;
            en_status st =
                en_decode(copy, files[i]->size, &(en_decode_options){.max_pixels = 1000000}, &image, &info, &err);
            assert_true(st == EN_OK || (st == EN_INPUT && info.fault != EN_FAULT_NONE));
            en_image_clear(&image);
        }
        free(copy);
    }
}

static void without_memory_it_says_so(void **state)
{
    (void)state;
    const en_buf *files[] = {&jpeg, &png};
    for (size_t i = 0; i < 2; i++) {
        long nth = 1;
        for (;; nth++) {
            en_error err;
            en_image image = {0};
            en_image_info info;
            en_alloc_fail_at(nth);
            en_status st = en_decode(files[i]->data, files[i]->size, NULL, &image, &info, &err);
            en_alloc_fail_at(0);
            en_image_clear(&image);
            if (st == EN_OK) {
                break;
            }
            assert_int_equal(st, EN_NOMEM);
            assert_int_equal(info.fault, EN_FAULT_NONE);
        }
        assert_true(nth >= 3);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_truncated_jpeg_is_refused_with_the_row_where_it_ends),
        cmocka_unit_test(a_picture_that_lacks_only_its_end_mark_is_whole),
        cmocka_unit_test(padding_before_the_end_is_none_of_the_picture),
        cmocka_unit_test(a_truncated_progressive_jpeg_names_the_scan),
        cmocka_unit_test(a_file_cut_in_its_header_says_so),
        cmocka_unit_test(a_truncated_png_is_refused_with_the_row_where_it_ends),
        cmocka_unit_test(every_shorter_file_is_refused_or_has_every_pixel),
        cmocka_unit_test(a_damaged_jpeg_is_refused_with_the_row_where_it_begins),
        cmocka_unit_test(a_changed_byte_of_a_png_is_found),
        cmocka_unit_test(changed_bytes_do_no_harm),
        cmocka_unit_test(without_memory_it_says_so),
    };
    return cmocka_run_group_tests_name("damage", tests, make_files, drop_files);
}
