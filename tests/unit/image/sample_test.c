/* From a file to a sample in one call; also on real photographs, when EYENET_TEST_DATA says where they are. */
#include "draw.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "image/encode.h"
#include "image/sample.h"

/* The sample made of the whole photograph, without reducing it. */
static void make_exactly(const en_buf *file, const en_recipe *recipe, uint8_t *out)
{
    en_error err;
    en_image image = {0};
    assert_ok(en_decode(file->data, file->size, NULL, &image, NULL, &err));
    assert_ok(en_recipe_apply(recipe, &image, NULL, out, &err));
    en_image_clear(&image);
}

static en_gate gate;

/* dB between the sample and the exact one. */
static double fidelity(const en_buf *file, const char *text, en_quality *quality)
{
    en_error err;
    en_recipe recipe;
    en_image_info info;
    assert_ok(en_recipe_parse(text, &recipe, &err));
    size_t bytes = en_recipe_bytes(&recipe);
    uint8_t *out = malloc(bytes), *again = malloc(bytes);
    assert_non_null(out);
    assert_non_null(again);
    assert_ok(en_sample_make(file->data, file->size, &recipe, NULL, out, &info, quality, &gate, &err));
    assert_ok(en_sample_make(file->data, file->size, &recipe, NULL, again, &info, quality, &gate, &err));
    assert_memory_equal(out, again, bytes);
    make_exactly(file, &recipe, again);
    double db = psnr(out, again, bytes);
    free(out);
    free(again);
    return db;
}

static void draw_file(int width, int height, eye e, en_buf *file)
{
    en_error err;
    en_image image = {0};
    draw_eye(&image, width, height, e);
    en_buf_init(file, 1 << 24);
    assert_ok(en_encode_jpeg(image.rgb, width, height, 90, EN_CHROMA_420, file, &err));
    en_image_clear(&image);
}

static void a_small_photograph_gives_the_exact_sample(void **state)
{
    (void)state;
    en_buf file;
    en_quality quality;
    draw_file(640, 427, (eye){.x = 320, .y = 213, .radius = 200, .light = 0.7, .vessels = true}, &file);
    assert_true(fidelity(&file, "crop=retina size=128", &quality) >= 99);
    assert_string_equal(gate.reason, "");
    assert_true(fidelity(&file, "crop=centre:1800 size=64", &quality) >= 99);
    en_buf_clear(&file);
}

static void a_large_photograph_gives_nearly_the_exact_sample(void **state)
{
    (void)state;
    en_buf file;
    en_quality quality;
    draw_file(2001, 1334, (eye){.x = 1000, .y = 667, .radius = 640, .light = 0.7, .vessels = true}, &file);
    assert_true(fidelity(&file, "crop=retina size=64", &quality) > 45);
    assert_true(fidelity(&file, "crop=none size=64", &quality) > 45);
    assert_true(fidelity(&file, "crop=centre:900 size=64", &quality) > 45);
    en_buf_clear(&file);
}

static void a_file_that_is_no_photograph_leaves_no_measures(void **state)
{
    (void)state;
    en_error err;
    en_recipe recipe;
    en_image_info info;
    en_quality quality;
    uint8_t out[8 * 8 * 3];
    assert_ok(en_recipe_parse("crop=retina size=8", &recipe, &err));
    assert_int_equal(en_sample_make("hello", 5, &recipe, NULL, out, &info, &quality, &gate, &err), EN_INPUT);
    assert_int_equal(info.fault, EN_FAULT_NO_IMAGE);
    assert_true(quality.brightness <= 0 && quality.score <= 0 && quality.phash == 0);
}

static void the_caps_are_kept(void **state)
{
    (void)state;
    en_error err;
    en_recipe recipe;
    en_image_info info;
    en_quality quality;
    en_buf file;
    uint8_t out[8 * 8 * 3];
    draw_file(64, 64, (eye){.x = 32, .y = 32, .radius = 30, .light = 0.7}, &file);
    assert_ok(en_recipe_parse("crop=retina size=8", &recipe, &err));
    en_decode_options limits = {.max_pixels = 64 * 63};
    assert_int_equal(en_sample_make(file.data, file.size, &recipe, &limits, out, &info, &quality, &gate, &err),
                     EN_INPUT);
    assert_int_equal(info.fault, EN_FAULT_TOO_LARGE);
    limits.max_pixels = 64 * 64;
    assert_ok(en_sample_make(file.data, file.size, &recipe, &limits, out, &info, &quality, &gate, &err));
    en_buf_clear(&file);
}

static void without_memory_it_says_so(void **state)
{
    (void)state;
    en_error err;
    en_recipe recipe;
    en_image_info info;
    en_quality quality;
    en_buf file;
    uint8_t out[8 * 8 * 3];
    draw_file(64, 64, (eye){.x = 32, .y = 32, .radius = 30, .light = 0.7}, &file);
    assert_ok(en_recipe_parse("crop=retina size=8", &recipe, &err));
    long nth = 1;
    for (;; nth++) {
        en_alloc_fail_at(nth);
        en_status st = en_sample_make(file.data, file.size, &recipe, NULL, out, &info, &quality, &gate, &err);
        en_alloc_fail_at(0);
        if (st == EN_OK) {
            break;
        }
        assert_int_equal(st, EN_NOMEM);
    }
    assert_true(nth > 10);
    en_buf_clear(&file);
}

static void real_photographs_have_a_retina_and_survive_reducing(void **state)
{
    (void)state;
    en_error err;
    const char *data = getenv("EYENET_TEST_DATA");
    if (data == NULL || data[0] == '\0') {
        print_message("SKIPPED: EYENET_TEST_DATA names no folder of real photographs\n");
        skip();
    }
    char *folder = en_path_join(data, "kaggle-dr/sample");
    en_names names;
    assert_ok(en_file_list(folder, &names, &err));
    assert_true(names.count >= 4);
    for (size_t i = 0; i < names.count && i < 4; i++) {
        char *path = en_path_join(folder, names.name[i]);
        en_buf file;
        en_quality quality;
        en_buf_init(&file, EN_DECODE_MAX_BYTES);
        assert_ok(en_file_read(path, &file, &err));
        assert_true(fidelity(&file, "crop=retina size=256", &quality) >= 50);
        assert_string_equal(gate.reason, "");
        assert_true(quality.relative_radius > 0.85 && quality.relative_radius < 1.35);
        assert_true(quality.disc_coverage > 0.8);
        en_buf_clear(&file);
        en_free(path);
    }
    en_names_free(&names);
    en_free(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_small_photograph_gives_the_exact_sample),
        cmocka_unit_test(a_large_photograph_gives_nearly_the_exact_sample),
        cmocka_unit_test(a_file_that_is_no_photograph_leaves_no_measures),
        cmocka_unit_test(the_caps_are_kept),
        cmocka_unit_test(without_memory_it_says_so),
        cmocka_unit_test(real_photographs_have_a_retina_and_survive_reducing),
    };
    return cmocka_run_group_tests_name("sample", tests, NULL, NULL);
}
