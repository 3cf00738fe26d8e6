/* TIFF, WebP, BMP and DICOM become the same upright RGB as JPEG and PNG, within the same caps. */
#include "draw.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tiff.h>

#include "format_kit.h"
#include "image/decode.h"
#include "image/encode.h"

enum { WIDTH = 37, HEIGHT = 29 }; /* neither is a multiple of anything */

static en_buf file;
static en_image picture; /* without symmetry: what is turned or mirrored differs */

static int set_up(void **state)
{
    (void)state;
    en_buf_init(&file, 1 << 22);
    draw_gradient(&picture, WIDTH, HEIGHT);
    for (int i = 0; i < 40; i++) { /* and a patch near one corner */
        picture.rgb[3 * ((3 + i / 8) * WIDTH + 4 + i % 8) + i % 3] = (uint8_t)(200 - i);
    }
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    en_buf_clear(&file);
    en_image_clear(&picture);
    return 0;
}

/* The file gives the picture, value for value or nearly. */
static void assert_picture(en_image_format format, int most)
{
    en_error err;
    en_image image = {0};
    en_image_info info, head;
    assert_ok(en_decode(file.data, file.size, NULL, &image, &info, &err));
    assert_ok(en_decode_probe(file.data, file.size, NULL, &head, &err));
    assert_int_equal(info.format, format);
    assert_int_equal(head.format, format);
    assert_int_equal(info.fault, EN_FAULT_NONE);
    assert_int_equal(image.width, WIDTH);
    assert_int_equal(image.height, HEIGHT);
    assert_int_equal(head.width, info.width);
    assert_int_equal(head.height, info.height);
    assert_int_equal(head.orientation, info.orientation);
    for (size_t i = 0; i < en_image_bytes(&image); i++) {
        if (abs(image.rgb[i] - picture.rgb[i]) > most) {
            fail_msg("value %zu is %d and should be %d", i, image.rgb[i], picture.rgb[i]);
        }
    }
    en_image_clear(&image);
}

static void a_tiff_of_any_layout_gives_its_pixels(void **state)
{
    (void)state;
    static const int compressions[] = {COMPRESSION_NONE, COMPRESSION_LZW, COMPRESSION_ADOBE_DEFLATE,
                                       COMPRESSION_PACKBITS};
    for (size_t c = 0; c < 4; c++) {
        for (int bits = 8; bits <= 16; bits += 8) {
            for (int layout = 0; layout < 16; layout++) {
                tiff_kind kind = {.compression = compressions[c],
                                  .bits = bits,
                                  .planes = (layout & 1) != 0,
                                  .tiles = (layout & 2) != 0,
                                  .big_endian = (layout & 4) != 0,
                                  .rows_per_strip = (layout & 8) != 0 ? 5 : 0};
                make_tiff(&picture, kind, &file);
                assert_picture(EN_FORMAT_TIFF, 0);
            }
        }
    }
}

static void a_thumbnail_before_the_picture_is_passed_over(void **state)
{
    (void)state;
    make_tiff(&picture, (tiff_kind){.thumbnail = true}, &file);
    assert_picture(EN_FORMAT_TIFF, 0);
}

static void a_webp_gives_its_pixels(void **state)
{
    (void)state;
    make_webp(&picture, (webp_kind){0}, &file);
    assert_picture(EN_FORMAT_WEBP, 0);
    en_error err;
    en_image image = {0};
    make_webp(&picture, (webp_kind){.lossy = true}, &file);
    assert_ok(en_decode(file.data, file.size, NULL, &image, NULL, &err));
    assert_true(psnr(image.rgb, picture.rgb, en_image_bytes(&image)) > 24);
    make_webp(&picture, (webp_kind){.alpha = true}, &file);
    assert_ok(en_decode(file.data, file.size, NULL, &image, NULL, &err));
    for (int i = 0; i < WIDTH * HEIGHT; i++) { /* the right half is half transparent */
        int opacity = i % WIDTH < WIDTH / 2 ? 255 : 128;
        assert_int_equal(image.rgb[3 * i + 1], (picture.rgb[3 * i + 1] * opacity + 127) / 255);
    }
    en_image_clear(&image);
}

static void a_bmp_of_any_depth_gives_its_pixels(void **state)
{
    (void)state;
    for (int from_above = 0; from_above < 2; from_above++) {
        make_bmp(&picture, (bmp_kind){.bits = 24, .from_above = from_above != 0}, &file);
        assert_picture(EN_FORMAT_BMP, 0);
        make_bmp(&picture, (bmp_kind){.bits = 32, .from_above = from_above != 0}, &file);
        assert_picture(EN_FORMAT_BMP, 0);
        make_bmp(&picture, (bmp_kind){.bits = 16, .from_above = from_above != 0}, &file);
        assert_picture(EN_FORMAT_BMP, 8); /* five bits */
        make_bmp(&picture, (bmp_kind){.bits = 8, .from_above = from_above != 0}, &file);
        en_error err;
        en_image image = {0};
        assert_ok(en_decode(file.data, file.size, NULL, &image, NULL, &err));
        for (int i = 0; i < WIDTH * HEIGHT; i++) {
            assert_int_equal(image.rgb[3 * i], picture.rgb[3 * i + 1]);
        }
        en_image_clear(&image);
    }
    make_bmp(&picture, (bmp_kind){.bits = 24, .core = true}, &file);
    assert_picture(EN_FORMAT_BMP, 0);
}

static void a_dicom_gives_its_pixels_and_what_it_says_of_them(void **state)
{
    (void)state;
    for (int kind = 0; kind < 4; kind++) {
        make_dicom(&picture, (dicom_kind){.implicit = (kind & 1) != 0, .planes = (kind & 2) != 0}, &file);
        assert_picture(EN_FORMAT_DICOM, 0);
    }
    make_dicom(&picture, (dicom_kind){.jpeg = true, .photometric = "YBR_FULL_422", .frames = 1}, &file);
    en_error err;
    en_image image = {0};
    en_image_info info;
    assert_ok(en_decode(file.data, file.size, NULL, &image, &info, &err));
    assert_int_equal(info.format, EN_FORMAT_DICOM);
    assert_int_equal(info.eye, 'L'); /* the picture's own laterality, not the series' */
    assert_string_equal(info.patient, "MRN-0815");
    assert_string_equal(info.device, "Maker NW400");
    assert_true(psnr(image.rgb, picture.rgb, en_image_bytes(&image)) > 30);
    en_image_clear(&image);
}

static void grey_dicoms_of_any_depth_keep_their_range(void **state)
{
    (void)state;
    static const int depths[] = {8, 10, 12, 16};
    for (size_t d = 0; d < 4; d++) {
        for (int inverted = 0; inverted < 2; inverted++) {
            en_error err;
            en_image image = {0};
            make_dicom(&picture,
                       (dicom_kind){.photometric = inverted ? "MONOCHROME1" : "MONOCHROME2", .stored = depths[d]},
                       &file);
            assert_ok(en_decode(file.data, file.size, NULL, &image, NULL, &err));
            for (int i = 0; i < WIDTH * HEIGHT; i++) {
                int green = picture.rgb[3 * i + 1];
                assert_int_equal(image.rgb[3 * i], inverted ? 255 - green : green);
            }
            en_image_clear(&image);
        }
    }
}

/* The same orientation turns the same pixels the same way, whatever the format. */
static void an_orientation_means_the_same_in_every_format(void **state)
{
    (void)state;
    for (int orientation = 2; orientation <= 8; orientation++) {
        en_error err;
        en_image tiff = {0}, webp = {0}, strips = {0};
        en_image_info info;
        make_tiff(&picture, (tiff_kind){.orientation = orientation}, &file);
        assert_ok(en_decode(file.data, file.size, NULL, &tiff, &info, &err));
        assert_int_equal(info.orientation, orientation);
        assert_string_equal(info.device, "Maker Ltd. Model 1");
        make_tiff(&picture, (tiff_kind){.orientation = orientation, .rows_per_strip = 5, .tiles = true}, &file);
        assert_ok(en_decode(file.data, file.size, NULL, &strips, NULL, &err));
        make_webp(&picture, (webp_kind){.orientation = orientation}, &file);
        assert_ok(en_decode(file.data, file.size, NULL, &webp, &info, &err));
        assert_int_equal(info.orientation, orientation);
        assert_int_equal(tiff.width, orientation >= 5 ? HEIGHT : WIDTH);
        assert_int_equal(webp.width, tiff.width);
        assert_memory_equal(tiff.rgb, webp.rgb, en_image_bytes(&tiff));
        assert_memory_equal(tiff.rgb, strips.rgb, en_image_bytes(&tiff));
        /* Where the stored first pixel goes, by the description of the tag. */
        static const int corner[9] = {0, 0, 1, 3, 2, 0, 1, 3, 2}; /* top left, top right, bottom left, bottom right */
        size_t x = corner[orientation] % 2 == 0 ? 0 : (size_t)tiff.width - 1;
        size_t y = corner[orientation] < 2 ? 0 : (size_t)tiff.height - 1;
        assert_memory_equal(tiff.rgb + 3 * (y * (size_t)tiff.width + x), picture.rgb, 3);
        en_image_clear(&tiff);
        en_image_clear(&webp);
        en_image_clear(&strips);
    }
}

/* Each kind of file, as `make` numbers them; false: there are no more. */
static bool make_file(int number)
{
    switch (number) {
    case 0: make_tiff(&picture, (tiff_kind){.rows_per_strip = 4}, &file); return true;
    case 1: make_tiff(&picture, (tiff_kind){.compression = COMPRESSION_LZW, .rows_per_strip = 4}, &file); return true;
    case 2:
        make_tiff(&picture, (tiff_kind){.compression = COMPRESSION_ADOBE_DEFLATE, .tiles = true}, &file);
        return true;
    case 3: make_webp(&picture, (webp_kind){0}, &file); return true;
    case 4: make_webp(&picture, (webp_kind){.lossy = true}, &file); return true;
    case 5: make_webp(&picture, (webp_kind){.alpha = true}, &file); return true;
    case 6: make_bmp(&picture, (bmp_kind){.bits = 24}, &file); return true;
    case 7: make_bmp(&picture, (bmp_kind){.bits = 8, .from_above = true}, &file); return true;
    case 8: make_dicom(&picture, (dicom_kind){0}, &file); return true;
    case 9: make_dicom(&picture, (dicom_kind){.implicit = true, .planes = true}, &file); return true;
    case 10: make_dicom(&picture, (dicom_kind){.jpeg = true}, &file); return true;
    default: return false;
    }
}

/* Decodes from a block of exactly that size, so that a sanitizer sees any step beyond. */
static en_status decode_part(const en_decode_options *options, size_t size, en_image *image, en_image_info *info,
                             en_error *err)
{
    char *part = malloc(size > 0 ? size : 1);
    assert_non_null(part);
    memcpy(part, file.data, size);
    en_status st = en_decode(part, size, options, image, info, err);
    free(part);
    return st;
}

/* A TIFF that ends in its strips has its directory behind them: only its header is left. A DICOM file that ends between
 * two elements before the picture is one that has none. */
static void a_file_cut_anywhere_is_whole_or_called_truncated(void **state)
{
    (void)state;
    for (int number = 0; make_file(number); number++) {
        int truncated = 0;
        for (size_t size = 12; size < file.size; size++) {
            en_error err;
            en_image image = {0};
            en_image_info info;
            en_status st = decode_part(NULL, size, &image, &info, &err);
            if (st == EN_INPUT && info.format != EN_FORMAT_NONE && info.fault != EN_FAULT_TRUNCATED &&
                (info.format != EN_FORMAT_DICOM || strcmp(err.text, "no image: dicom without pixels") != 0)) {
                fail_msg("kind %d, %zu of %zu bytes: %s", number, size, file.size, err.text);
            }
            assert_true(st == EN_OK || st == EN_INPUT);
            truncated += info.fault == EN_FAULT_TRUNCATED;
            en_image_clear(&image);
        }
        assert_true(truncated > 20);
    }
}

/* Accepted, the whole rows are those of the picture, and the others are black. */
static void a_truncated_file_gives_its_whole_rows_where_that_is_asked_for(void **state)
{
    (void)state;
    static const int kinds[] = {3, 6, 7, 8};
    for (size_t k = 0; k < 4; k++) {
        assert_true(make_file(kinds[k]));
        en_error err;
        en_image image = {0};
        en_image_info info;
        size_t size = file.size - file.size / 3;
        assert_ok(decode_part(&(en_decode_options){.accept_truncated = true}, size, &image, &info, &err));
        assert_int_equal(info.fault, EN_FAULT_TRUNCATED);
        assert_true(info.rows >= (k > 0 ? 10 : 0) && info.rows < HEIGHT - 3);
        bool from_below = kinds[k] == 6;
        for (int y = 0; y < HEIGHT; y++) {
            bool whole = from_below ? y >= HEIGHT - info.rows : y < info.rows;
            for (int i = 0; i < 3 * WIDTH; i++) {
                int want = kinds[k] == 7 ? picture.rgb[3 * (y * WIDTH + i / 3) + 1] : picture.rgb[3 * y * WIDTH + i];
                assert_int_equal(image.rgb[3 * y * WIDTH + i], whole ? want : 0);
            }
        }
        en_image_clear(&image);
    }
}

static void any_byte_may_be_wrong(void **state)
{
    (void)state;
    for (int number = 0; make_file(number); number++) {
        for (size_t at = 0; at<file.size; at += file.size> 1500 ? 3 : 1) {
            static const uint8_t values[] = {0x00, 0xFF, 0x7F};
            uint8_t kept = (uint8_t)file.data[at];
            for (size_t v = 0; v < 3; v++) {
                en_error err = {0};
                en_image image = {0};
                en_image_info info;
                file.data[at] = (char)values[v];
                en_status st = decode_part(&(en_decode_options){.max_pixels = 1 << 16}, file.size, &image, &info, &err);
                if (st != EN_OK && st != EN_INPUT) {
                    fail_msg("kind %d, byte %zu: %s", number, at, err.text);
                }
                assert_true(st == EN_OK || (info.fault != EN_FAULT_NONE && image.rgb == NULL && err.text[0] != '\0'));
                en_image_clear(&image);
            }
            file.data[at] = (char)kept;
        }
    }
}

static void assert_refused(en_image_fault fault, const char *reason)
{
    en_error err;
    en_image image = {0};
    en_image_info info;
    assert_int_equal(en_decode(file.data, file.size, NULL, &image, &info, &err), EN_INPUT);
    assert_string_equal(err.text, reason);
    assert_int_equal(info.fault, fault);
}

static void what_is_over_a_cap_is_refused_in_every_format(void **state)
{
    (void)state;
    for (int number = 0; make_file(number); number++) {
        en_error err;
        en_image image = {0};
        en_image_info info;
        const en_decode_options small = {.max_pixels = WIDTH * HEIGHT - 1};
        assert_int_equal(en_decode(file.data, file.size, &small, &image, &info, &err), EN_INPUT);
        assert_int_equal(info.fault, EN_FAULT_TOO_LARGE);
        assert_int_equal(en_decode_probe(file.data, file.size, &small, &info, &err), EN_INPUT);
        assert_int_equal(info.fault, EN_FAULT_TOO_LARGE);
    }
    /* A header that claims much more than there is costs nothing. */
    make_bmp(&picture, (bmp_kind){.bits = 24}, &file);
    memcpy(file.data + 18, "\x40\x42\x0F\0", 4);
    assert_refused(EN_FAULT_TOO_LARGE, "too large: 1000000x29, sides are at most 65500");
}

static void kinds_that_are_not_read_are_called_by_their_names(void **state)
{
    (void)state;
    make_dicom(&picture, (dicom_kind){.syntax = "1.2.840.10008.1.2.4.90"}, &file);
    assert_refused(EN_FAULT_UNSUPPORTED, "unsupported: dicom with the transfer syntax jpeg 2000");
    make_dicom(&picture, (dicom_kind){.syntax = "1.2.840.10008.1.2.5"}, &file);
    assert_refused(EN_FAULT_UNSUPPORTED, "unsupported: dicom with the transfer syntax run lengths");
    make_dicom(&picture, (dicom_kind){.frames = 5}, &file);
    assert_refused(EN_FAULT_UNSUPPORTED, "unsupported: dicom with 5 frames");
    make_dicom(&picture, (dicom_kind){.photometric = "PALETTE COLOR"}, &file);
    assert_refused(EN_FAULT_UNSUPPORTED, "unsupported: dicom with other colours than RGB, YBR_FULL and grey");
    make_bmp(&picture, (bmp_kind){.bits = 8}, &file);
    file.data[30] = 1;
    assert_refused(EN_FAULT_UNSUPPORTED, "unsupported: bmp with run lengths");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tiff_of_any_layout_gives_its_pixels),
        cmocka_unit_test(a_thumbnail_before_the_picture_is_passed_over),
        cmocka_unit_test(a_webp_gives_its_pixels),
        cmocka_unit_test(a_bmp_of_any_depth_gives_its_pixels),
        cmocka_unit_test(a_dicom_gives_its_pixels_and_what_it_says_of_them),
        cmocka_unit_test(grey_dicoms_of_any_depth_keep_their_range),
        cmocka_unit_test(an_orientation_means_the_same_in_every_format),
        cmocka_unit_test(a_file_cut_anywhere_is_whole_or_called_truncated),
        cmocka_unit_test(a_truncated_file_gives_its_whole_rows_where_that_is_asked_for),
        cmocka_unit_test(any_byte_may_be_wrong),
        cmocka_unit_test(what_is_over_a_cap_is_refused_in_every_format),
        cmocka_unit_test(kinds_that_are_not_read_are_called_by_their_names),
    };
    return cmocka_run_group_tests_name("formats", tests, set_up, tear_down);
}
