/* Encoding: faithful, repeatable, bounded. */
#include "draw.h"

#include <string.h>

#include "image/decode.h"
#include "image/encode.h"

static void a_png_keeps_every_bit(void **state)
{
    (void)state;
    en_error err;
    en_buf file;
    en_image image = {0}, back = {0};
    en_buf_init(&file, 1 << 20);
    draw_gradient(&image, 123, 45);
    assert_ok(en_encode_png(image.rgb, 123, 45, &file, &err));
    assert_ok(en_decode(file.data, file.size, NULL, &back, NULL, &err));
    assert_memory_equal(image.rgb, back.rgb, en_image_bytes(&image));
    en_buf_clear(&file);
    en_image_clear(&image);
    en_image_clear(&back);
}

static void the_same_pixels_give_the_same_bytes(void **state)
{
    (void)state;
    en_error err;
    en_buf a, b;
    en_image image = {0};
    en_buf_init(&a, 1 << 20);
    en_buf_init(&b, 1 << 20);
    draw_gradient(&image, 64, 48);
    assert_ok(en_encode_jpeg(image.rgb, 64, 48, 90, EN_CHROMA_420, &a, &err));
    assert_ok(en_encode_png(image.rgb, 64, 48, &a, &err));
    assert_ok(en_encode_jpeg(image.rgb, 64, 48, 90, EN_CHROMA_420, &b, &err));
    assert_ok(en_encode_png(image.rgb, 64, 48, &b, &err));
    assert_int_equal(a.size, b.size);
    assert_memory_equal(a.data, b.data, a.size);
    en_buf_clear(&a);
    en_buf_clear(&b);
    en_image_clear(&image);
}

static size_t jpeg_size(const en_image *image, int quality, en_chroma chroma)
{
    en_error err;
    en_buf file;
    en_buf_init(&file, 1 << 20);
    assert_ok(en_encode_jpeg(image->rgb, image->width, image->height, quality, chroma, &file, &err));
    size_t size = file.size;
    en_buf_clear(&file);
    return size;
}

static void quality_and_chroma_cost_bytes(void **state)
{
    (void)state;
    en_image image = {0};
    draw_eye(&image, 200, 200, (eye){.x = 100, .y = 100, .radius = 95, .light = 0.7, .vessels = true});
    assert_true(jpeg_size(&image, 30, EN_CHROMA_420) < jpeg_size(&image, 90, EN_CHROMA_420));
    assert_true(jpeg_size(&image, 90, EN_CHROMA_420) < jpeg_size(&image, 90, EN_CHROMA_444));
    en_image_clear(&image);
}

static void what_cannot_be_encoded_is_refused(void **state)
{
    (void)state;
    en_error err;
    en_buf file;
    uint8_t pixel[3] = {0};
    en_buf_init(&file, 100);
    assert_int_equal(en_encode_jpeg(pixel, 0, 1, 90, EN_CHROMA_420, &file, &err), EN_USAGE);
    assert_int_equal(en_encode_jpeg(pixel, 1, 1, 0, EN_CHROMA_420, &file, &err), EN_USAGE);
    assert_int_equal(en_encode_jpeg(pixel, 1, 1, 101, EN_CHROMA_420, &file, &err), EN_USAGE);
    assert_int_equal(en_encode_png(pixel, 1, EN_IMAGE_EDGE_MAX + 1, &file, &err), EN_USAGE);
    en_image image = {0};
    draw_gradient(&image, 64, 64);
    assert_int_equal(en_encode_jpeg(image.rgb, 64, 64, 90, EN_CHROMA_444, &file, &err), EN_INPUT);
    en_buf_clear(&file);
    assert_int_equal(en_encode_png(image.rgb, 64, 64, &file, &err), EN_INPUT);
    en_buf_clear(&file);
    en_image_clear(&image);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_png_keeps_every_bit),
        cmocka_unit_test(the_same_pixels_give_the_same_bytes),
        cmocka_unit_test(quality_and_chroma_cost_bytes),
        cmocka_unit_test(what_cannot_be_encoded_is_refused),
    };
    return cmocka_run_group_tests_name("encode", tests, NULL, NULL);
}
