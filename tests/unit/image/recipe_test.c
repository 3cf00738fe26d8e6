/* Recipes: one text for one recipe, a named fault for a bad one, and the right part of the photograph. */
#include "draw.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "image/recipe.h"

static void assert_canonical(const char *text, const char *want)
{
    en_error err;
    en_recipe recipe;
    char out[EN_RECIPE_TEXT_MAX];
    assert_ok(en_recipe_parse(text, &recipe, &err));
    assert_string_equal(en_recipe_text(&recipe, out), want);
}

static void the_same_recipe_has_the_same_text(void **state)
{
    (void)state;
    assert_canonical("crop=retina size=256", "crop=retina size=256");
    assert_canonical("  size=0256\tcrop=retina\n", "crop=retina size=256");
    assert_canonical("size=128 crop=centre:1800", "crop=centre:1800 size=128");
    assert_canonical("crop=none size=8", "crop=none size=8");
    assert_canonical("crop=centre:65500 size=2048", "crop=centre:65500 size=2048");
    assert_canonical("normalise=none size=64 crop=none", "crop=none size=64");
    assert_canonical("normalise=graham size=64 crop=none", "crop=none size=64 normalise=graham");
    assert_canonical("crop=centre:65500 size=2048 normalise=clahe", "crop=centre:65500 size=2048 normalise=clahe");
}

static void assert_refused(const char *text, const char *message)
{
    en_error err;
    en_recipe recipe = {.size = 77};
    assert_int_equal(en_recipe_parse(text, &recipe, &err), EN_USAGE);
    if (strstr(err.text, message) == NULL) {
        print_error("'%s' gives '%s', which lacks '%s'\n", text, err.text, message);
        fail();
    }
    assert_int_equal(recipe.size, 77);
}

static void a_bad_word_is_named(void **state)
{
    (void)state;
    assert_refused("crop=retna size=256", "unknown crop 'retna'; did you mean 'retina'?");
    assert_refused("crop=retina sise=256", "unknown word 'sise'; did you mean 'size'?");
    assert_refused("crop=retina size=256 colour", "unknown word 'colour'");
    assert_refused("crop=retina size=big", "'size=big': expected a whole number of px, 8..2048");
    assert_refused("crop=retina size=7", "'size=7'");
    assert_refused("crop=retina size=2049", "'size=2049'");
    assert_refused("crop=retina size=", "'size='");
    assert_refused("crop=retina size", "'size' needs a value");
    assert_refused("crop=centre size=8", "'crop=centre': expected a whole number");
    assert_refused("crop=centre:0 size=8", "'crop=centre:0'");
    assert_refused("crop=none:5 size=8", "'crop=none:5': only centre");
    assert_refused("crop=none size=8 size=9", "'size' is given twice");
    assert_refused("crop=none crop=none size=8", "'crop' is given twice");
    assert_refused("crop=none size=8 normalise=none normalise=none", "'normalise' is given twice");
    assert_refused("crop=none size=8 normalise=grahm", "unknown normalisation 'grahm'; did you mean 'graham'?");
    assert_refused("crop=none size=8 normalise", "'normalise' needs a value");
    assert_refused("size=8", "crop=retina|centre:PIXELS|none is missing");
    assert_refused("crop=none", "size=N is missing");
    assert_refused("", "is missing");
    assert_refused("crop=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx size=8",
                   "unknown word");
}

/* Applies `text` and gives the sample, (N,N,3); to be freed. */
static uint8_t *apply(const char *text, const en_image *image, int *n)
{
    en_error err;
    en_recipe recipe;
    assert_ok(en_recipe_parse(text, &recipe, &err));
    uint8_t *out = malloc(en_recipe_bytes(&recipe));
    assert_non_null(out);
    assert_ok(en_recipe_apply(&recipe, image, NULL, out, &err));
    *n = recipe.size;
    return out;
}

static void crop_none_pads_to_a_square_and_keeps_proportions(void **state)
{
    (void)state;
    en_error err;
    en_image image = {0};
    assert_ok(en_image_alloc(&image, 80, 40, &err));
    memset(image.rgb, 200, en_image_bytes(&image));
    int n;
    uint8_t *out = apply("crop=none size=16", &image, &n);
    for (int y = 0; y < n; y++) {
        for (int x = 0; x < n; x++) {
            assert_int_equal(out[3 * (y * n + x)], y >= 4 && y < 12 ? 200 : 0);
        }
    }
    free(out);
    en_image_clear(&image);
}

static void crop_centre_takes_the_centred_square(void **state)
{
    (void)state;
    en_image image = {0};
    draw_gradient(&image, 101, 60);
    int n;
    uint8_t *out = apply("crop=centre:16 size=16", &image, &n);
    for (int y = 0; y < n; y++) {
        assert_memory_equal(out + 3 * n * y, image.rgb + 3 * ((22 + y) * 101 + 42), (size_t)(3 * n));
    }
    free(out);
    en_image_clear(&image);
}

static void crop_centre_of_a_small_photograph_is_its_shorter_side(void **state)
{
    (void)state;
    en_image image = {0};
    draw_gradient(&image, 48, 24);
    int n;
    uint8_t *out = apply("crop=centre:1800 size=24", &image, &n);
    for (int y = 0; y < n; y++) {
        assert_memory_equal(out + 3 * n * y, image.rgb + 3 * (y * 48 + 12), (size_t)(3 * n));
    }
    free(out);
    en_image_clear(&image);
}

static void crop_retina_makes_every_camera_alike(void **state)
{
    (void)state;
    en_image wide = {0}, small = {0};
    draw_eye(&wide, 900, 600, (eye){.x = 470, .y = 290, .radius = 260, .light = 0.6, .vessels = true, .seed = 3});
    draw_eye(&small, 700, 500, (eye){.x = 340, .y = 255, .radius = 220, .light = 0.6, .vessels = true, .seed = 3});
    int n;
    uint8_t *a = apply("crop=retina size=64", &wide, &n), *b = apply("crop=retina size=64", &small, &n);
    assert_true(psnr(a, b, (size_t)(n * n * 3)) > 32);
    assert_true(a[3 * (32 * n + 1)] > 60); /* the disc reaches the left edge */
    assert_true(a[3 * (1 * n + 1)] < 10);  /* and leaves the corners black */
    free(a);
    free(b);
    en_image_clear(&wide);
    en_image_clear(&small);
}

static void the_scale_asked_for_serves_the_crop(void **state)
{
    (void)state;
    en_error err;
    en_recipe recipe;
    assert_ok(en_recipe_parse("crop=centre:1800 size=512", &recipe, &err));
    int edge = en_recipe_min_edge(&recipe, 4752, 3168);
    assert_true((double)edge * 1800 / 3168 >= 1.75 * 512);
    assert_int_equal(edge, en_recipe_min_edge(&recipe, 3168, 4752));
    assert_ok(en_recipe_parse("crop=none size=8", &recipe, &err));
    assert_true(en_recipe_min_edge(&recipe, 4752, 3168) >= 480);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_recipe_has_the_same_text),
        cmocka_unit_test(a_bad_word_is_named),
        cmocka_unit_test(crop_none_pads_to_a_square_and_keeps_proportions),
        cmocka_unit_test(crop_centre_takes_the_centred_square),
        cmocka_unit_test(crop_centre_of_a_small_photograph_is_its_shorter_side),
        cmocka_unit_test(crop_retina_makes_every_camera_alike),
        cmocka_unit_test(the_scale_asked_for_serves_the_crop),
    };
    return cmocka_run_group_tests_name("recipe", tests, NULL, NULL);
}
