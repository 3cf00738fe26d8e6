/* JPEGs of every kind become upright RGB, reduced when that is enough, and never beyond the caps. */
#include "draw.h"

#include <stdio.h>
#include <string.h>

#include "codec_kit.h"
#include "image/decode.h"
#include "image/encode.h"

static en_buf file;

static int set_up(void **state)
{
    (void)state;
    en_buf_init(&file, 1 << 24);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    en_buf_clear(&file);
    return 0;
}

static en_image decode(const en_decode_options *options, en_image_info *info)
{
    en_error err;
    en_image image = {0};
    assert_ok(en_decode(file.data, file.size, options, &image, info, &err));
    return image;
}

static void make_gradient_jpeg(int width, int height, en_chroma chroma, en_image *image)
{
    en_error err;
    draw_gradient(image, width, height);
    en_buf_reset(&file);
    assert_ok(en_encode_jpeg(image->rgb, width, height, 95, chroma, &file, &err));
}

static void a_jpeg_gives_its_pixels(void **state)
{
    (void)state;
    static const int sizes[][2] = {{1, 1}, {2, 1}, {17, 13}, {16, 16}, {129, 67}};
    for (size_t i = 0; i < 5; i++) {
        for (en_chroma chroma = EN_CHROMA_420; chroma <= EN_CHROMA_444; chroma++) {
            en_image image = {0};
            en_image_info info;
            make_gradient_jpeg(sizes[i][0], sizes[i][1], chroma, &image);
            en_image back = decode(NULL, &info);
            assert_int_equal(info.format, EN_FORMAT_JPEG);
            assert_int_equal(info.width, sizes[i][0]);
            assert_int_equal(info.height, sizes[i][1]);
            assert_int_equal(info.orientation, 1);
            assert_int_equal(info.fault, EN_FAULT_NONE);
            assert_int_equal(back.width, sizes[i][0]);
            assert_int_equal(back.full_height, sizes[i][1]);
            assert_true(psnr(image.rgb, back.rgb, en_image_bytes(&image)) > (chroma == EN_CHROMA_444 ? 34 : 25));
            en_image_clear(&back);
            en_image_clear(&image);
        }
    }
}

static void a_grey_jpeg_becomes_grey_rgb(void **state)
{
    (void)state;
    uint8_t grey[20 * 10];
    memset(grey, 77, sizeof grey);
    make_jpeg(grey, 20, 10, (jpeg_kind){.components = 1}, &file);
    en_image image = decode(NULL, NULL);
    for (size_t i = 0; i < en_image_bytes(&image); i++) {
        assert_in_range(image.rgb[i], 76, 78);
    }
    en_image_clear(&image);
}

/* Paper white, pure cyan, pure magenta, black; `none` is the value of no ink. */
static void assert_inks(bool adobe, uint8_t none)
{
    static const uint8_t rgb[4][3] = {{255, 255, 255}, {0, 255, 255}, {255, 0, 255}, {0, 0, 0}};
    static const bool ink[4][4] = {{0, 0, 0, 0}, {1, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, 0, 1}};
    uint8_t pixels[8][32][4];
    for (size_t y = 0; y < 8; y++) {
        for (size_t x = 0; x < 32; x++) {
            for (size_t c = 0; c < 4; c++) {
                pixels[y][x][c] = ink[x / 8][c] ? (uint8_t)(255 - none) : none;
            }
        }
    }
    make_jpeg(&pixels[0][0][0], 32, 8, (jpeg_kind){.components = 4, .adobe = adobe}, &file);
    en_image image = decode(NULL, NULL);
    for (int x = 0; x < 32; x++) {
        for (int c = 0; c < 3; c++) {
            assert_in_range(image.rgb[3 * x + c] + 4, rgb[x / 8][c], rgb[x / 8][c] + 8);
        }
    }
    en_image_clear(&image);
}

static void inks_become_rgb_inverted_or_not(void **state)
{
    (void)state;
    assert_inks(true, 255);
    assert_inks(false, 0);
}

static void a_progressive_jpeg_gives_the_same_pixels(void **state)
{
    (void)state;
    en_image image = {0};
    draw_gradient(&image, 100, 70);
    make_jpeg(image.rgb, 100, 70, (jpeg_kind){.components = 3}, &file);
    en_image plain = decode(NULL, NULL);
    make_jpeg(image.rgb, 100, 70, (jpeg_kind){.components = 3, .progressive = true}, &file);
    en_image progressive = decode(NULL, NULL);
    assert_memory_equal(plain.rgb, progressive.rgb, en_image_bytes(&plain));
    en_image_clear(&plain);
    en_image_clear(&progressive);
    en_image_clear(&image);
}

/* Six flat cells, numbered in the upright picture from the top left, in rows of three (or two when turned). */
static void assert_upright(int orientation, const char *stored)
{
    enum { CELL = 16 };
    uint8_t pixels[2 * CELL][3 * CELL][3];
    for (size_t y = 0; y < 2 * CELL; y++) {
        for (size_t x = 0; x < 3 * CELL; x++) {
            memset(pixels[y][x], 40 * (stored[y / CELL * 3 + x / CELL] - '0'), 3);
        }
    }
    make_jpeg(&pixels[0][0][0], 3 * CELL, 2 * CELL, (jpeg_kind){.components = 3}, &file);
    add_orientation(&file, orientation, orientation % 2 == 0);
    en_image_info info;
    en_image image = decode(NULL, &info);
    int across = orientation >= 5 ? 2 : 3;
    assert_int_equal(info.orientation, orientation);
    assert_int_equal(info.width, 3 * CELL);
    assert_int_equal(image.width, across * CELL);
    assert_int_equal(image.height, 6 / across * CELL);
    assert_int_equal(image.full_width, image.width);
    for (int i = 0; i < 6; i++) {
        const uint8_t *p = image.rgb + 3 * ((i / across * CELL + 3) * image.width + i % across * CELL + 5);
        assert_in_range(p[0] + 3, 40 * i, 40 * i + 6);
    }
    en_image_clear(&image);
}

static void all_eight_orientations_come_out_upright(void **state)
{
    (void)state;
    assert_upright(1, "012345");
    assert_upright(2, "210543"); /* mirrored */
    assert_upright(3, "543210"); /* upside down */
    assert_upright(4, "345012"); /* mirrored and upside down */
    assert_upright(5, "024135"); /* transposed */
    assert_upright(6, "135024"); /* lies on its left: its first column is the upright bottom row */
    assert_upright(7, "531420");
    assert_upright(8, "420531");
}

static void a_nonsense_orientation_is_none(void **state)
{
    (void)state;
    en_image image = {0};
    en_image_info info;
    en_error err;
    for (int orientation = 0; orientation <= 255; orientation += orientation == 0 ? 9 : 1) {
        make_gradient_jpeg(8, 8, EN_CHROMA_444, &image);
        add_orientation(&file, orientation, true);
        assert_ok(en_decode_probe(file.data, file.size, NULL, &info, &err));
        assert_int_equal(info.orientation, 1);
    }
    en_image_clear(&image);
}

static void a_photograph_wanted_small_comes_reduced_but_not_below(void **state)
{
    (void)state;
    static const struct {
        int min_edge, width, height;
        double scale;
    } cases[] = {{0, 645, 483, 1},     {1, 81, 61, 0.125},    {60, 81, 61, 0.125},
                 {61, 162, 121, 0.25}, {120, 162, 121, 0.25}, {121, 323, 242, 0.5},
                 {241, 323, 242, 0.5}, {242, 645, 483, 1},    {5000, 645, 483, 1}};
    en_image image = {0};
    make_gradient_jpeg(645, 483, EN_CHROMA_420, &image);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        en_image part = decode(&(en_decode_options){.min_edge = cases[i].min_edge}, NULL);
        assert_int_equal(part.width, cases[i].width);
        assert_int_equal(part.height, cases[i].height);
        assert_int_equal(part.full_width, 645);
        assert_int_equal(part.full_height, 483);
        assert_true(part.scale >= cases[i].scale && part.scale <= cases[i].scale);
        en_image_clear(&part);
    }
    en_image_clear(&image);
}

static void a_turned_photograph_is_reduced_only_when_its_sides_divide(void **state)
{
    (void)state;
    en_image image = {0};
    make_gradient_jpeg(640, 484, EN_CHROMA_420, &image);
    add_orientation(&file, 6, true);
    en_image part = decode(&(en_decode_options){.min_edge = 50}, NULL);
    assert_int_equal(part.width, 121);
    assert_int_equal(part.height, 160);
    assert_int_equal(part.full_width, 484);
    en_image_clear(&part);
    en_image_clear(&image);
}

static void assert_refused(const en_decode_options *options, en_image_fault fault, const char *reason)
{
    en_error err;
    en_image image = {0};
    en_image_info info;
    assert_int_equal(en_decode(file.data, file.size, options, &image, &info, &err), EN_INPUT);
    assert_int_equal(info.fault, fault);
    assert_string_equal(err.text, reason);
    assert_null(image.rgb);
    assert_int_equal(en_decode_probe(file.data, file.size, options, &info, &err), EN_INPUT);
    assert_string_equal(err.text, reason);
}

static void what_is_over_a_cap_is_refused_before_any_pixel(void **state)
{
    (void)state;
    en_image image = {0};
    make_gradient_jpeg(100, 100, EN_CHROMA_420, &image);
    assert_refused(&(en_decode_options){.max_pixels = 9999}, EN_FAULT_TOO_LARGE,
                   "too large: 100x100 is 0.0 of at most 0.0 megapixels");
    char want[80];
    (void)snprintf(want, sizeof want, "too large: %.1f of at most 0.0 megabytes", (double)file.size / 1e6);
    assert_refused(&(en_decode_options){.max_bytes = 100}, EN_FAULT_TOO_LARGE, want);
    /* The frame header (marker C0) claims 60000x60000. */
    uint8_t *bytes = (uint8_t *)file.data;
    for (size_t i = 0; i + 9 < file.size; i++) {
        if (bytes[i] != 0xFF || bytes[i + 1] != 0xC0) {
            continue;
        }
        bytes[i + 5] = bytes[i + 7] = 60000 >> 8;
        bytes[i + 6] = bytes[i + 8] = 60000 & 255;
        break;
    }
    assert_refused(NULL, EN_FAULT_TOO_LARGE, "too large: 60000x60000 is 3600.0 of at most 100.0 megapixels");
    en_image_clear(&image);
}

static void what_is_no_image_is_refused(void **state)
{
    (void)state;
    en_error err;
    assert_refused(NULL, EN_FAULT_NO_IMAGE, "no image: the file is empty");
    assert_ok(en_buf_text(&file, "image,level\n10_left,0\n", &err));
    assert_refused(NULL, EN_FAULT_NO_IMAGE, "no image: an unknown format");
    en_buf_reset(&file);
    assert_ok(en_buf_text(&file, "\xFF\xD8", &err));
    assert_refused(NULL, EN_FAULT_NO_IMAGE, "no image: an unknown format");
}

static void other_files_are_called_by_their_names(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t size;
        en_image_fault fault;
        const char *reason;
    } kinds[] = {
        {"RIFF\x24\0\0\0WEBPVP8 ", 16, EN_FAULT_TRUNCATED, "truncated in the header"},
        {"MM\0*\0\0\0\x08", 8, EN_FAULT_TRUNCATED, "truncated in the header"},
        {"BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0", 18, EN_FAULT_TRUNCATED, "truncated in the header"},
        {"BM is no picture at all", 23, EN_FAULT_NO_IMAGE, "no image: an unknown format"},
        {"\0\0\0\x1c"
         "ftypavif",
         12, EN_FAULT_UNSUPPORTED, "unsupported: avif"},
        {"GIF89a", 6, EN_FAULT_UNSUPPORTED, "unsupported: gif"},
        {"\n <!-- saved -->\n<HTML>", 24, EN_FAULT_NO_IMAGE, "no image: it is an HTML page"},
        {"PK\3\4", 4, EN_FAULT_NO_IMAGE, "no image: it is a zip archive"},
        {"version https://git-lfs.github.com/spec/v1\n", 43, EN_FAULT_NO_IMAGE,
         "no image: it is a pointer of Git LFS: fetch the file with 'git lfs pull'"},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        en_error err;
        en_buf_reset(&file);
        assert_ok(en_buf_add(&file, kinds[i].bytes, kinds[i].size, &err));
        assert_refused(NULL, kinds[i].fault, kinds[i].reason);
    }
    char dicom[200] = {0};
    en_error err;
    memcpy(dicom + 128, "DICM", 4);
    en_buf_reset(&file);
    assert_ok(en_buf_add(&file, dicom, sizeof dicom, &err));
    assert_refused(NULL, EN_FAULT_DAMAGED, "damaged in the header: dicom without a transfer syntax");
}

static void odd_kinds_of_jpeg_are_refused(void **state)
{
    (void)state;
    uint8_t pixels[16 * 16 * 2] = {0};
    make_jpeg(pixels, 16, 16, (jpeg_kind){.components = 2}, &file);
    assert_refused(NULL, EN_FAULT_UNSUPPORTED, "unsupported: jpeg with 2 colour components");
    en_error err;
    en_image image = {0};
    en_image_info info;
    make_jpeg(pixels, 16, 16, (jpeg_kind){.components = 1, .scans = 127}, &file);
    assert_int_equal(en_decode(file.data, file.size, NULL, &image, &info, &err), EN_INPUT);
    assert_string_equal(err.text, "unsupported: progressive jpeg of more than 100 scans");
    make_jpeg(pixels, 16, 16, (jpeg_kind){.components = 1, .scans = 99}, &file);
    image = decode(NULL, NULL);
    en_image_clear(&image);
}

static void a_probe_tells_the_header(void **state)
{
    (void)state;
    en_error err;
    en_image image = {0};
    en_image_info info;
    make_gradient_jpeg(90, 60, EN_CHROMA_420, &image);
    add_orientation(&file, 8, false);
    assert_ok(en_decode_probe(file.data, file.size, NULL, &info, &err));
    assert_int_equal(info.format, EN_FORMAT_JPEG);
    assert_int_equal(info.width, 90);
    assert_int_equal(info.height, 60);
    assert_int_equal(info.orientation, 8);
    assert_string_equal(en_format_name(info.format), "jpeg");
    en_image_clear(&image);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_jpeg_gives_its_pixels, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_grey_jpeg_becomes_grey_rgb, set_up, tear_down),
        cmocka_unit_test_setup_teardown(inks_become_rgb_inverted_or_not, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_progressive_jpeg_gives_the_same_pixels, set_up, tear_down),
        cmocka_unit_test_setup_teardown(all_eight_orientations_come_out_upright, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_nonsense_orientation_is_none, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_photograph_wanted_small_comes_reduced_but_not_below, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_turned_photograph_is_reduced_only_when_its_sides_divide, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_over_a_cap_is_refused_before_any_pixel, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_no_image_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(other_files_are_called_by_their_names, set_up, tear_down),
        cmocka_unit_test_setup_teardown(odd_kinds_of_jpeg_are_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_probe_tells_the_header, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("decode", tests, NULL, NULL);
}
