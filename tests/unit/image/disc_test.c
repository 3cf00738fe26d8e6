/* The retina's disc is found whatever the camera cut off or added. */
#include "draw.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "image/disc.h"
#include "image/resize.h"

static en_disc find(const en_image *image)
{
    en_error err;
    en_disc disc;
    assert_ok(en_disc_find(image, &disc, &err));
    return disc;
}

/* Within one px of the small copy on which it is looked for, 256 px long. */
static void assert_found(int width, int height, eye e)
{
    en_image image = {0};
    draw_eye(&image, width, height, e);
    en_disc disc = find(&image);
    double pixel = fmax(1, (width > height ? width : height) / 256.0);
    assert_true(disc.found);
    assert_true(fabs(disc.x - e.x) < pixel && fabs(disc.y - e.y) < pixel && fabs(disc.radius - e.radius) < pixel);
    en_image_clear(&image);
}

static void a_whole_disc_is_found(void **state)
{
    (void)state;
    assert_found(600, 400, (eye){.x = 300, .y = 200, .radius = 190, .light = 0.6});
    assert_found(601, 403, (eye){.x = 320.4, .y = 210.7, .radius = 175.5, .light = 0.3});
    assert_found(200, 200, (eye){.x = 100, .y = 100, .radius = 95, .light = 0.9, .vessels = true});
    assert_found(300, 900, (eye){.x = 150, .y = 450, .radius = 145, .light = 0.6});
}

static void a_disc_cut_off_at_top_and_bottom_is_found(void **state)
{
    (void)state;
    assert_found(600, 400, (eye){.x = 300, .y = 200, .radius = 250, .light = 0.6, .vessels = true});
    assert_found(600, 400, (eye){.x = 290, .y = 230, .radius = 270, .light = 0.4});
}

static void a_notch_and_a_shadow_do_not_move_it(void **state)
{
    (void)state;
    assert_found(600, 400, (eye){.x = 300, .y = 200, .radius = 180, .light = 0.6, .notch = true});
    assert_found(600, 400, (eye){.x = 300, .y = 200, .radius = 180, .light = 0.8, .shadow = true});
    assert_found(600, 400, (eye){.x = 300, .y = 200, .radius = 240, .light = 0.8, .shadow = true, .notch = true});
}

/* Three fifths of the rim lie in a shadow whose edge is a circle too, but a smaller one. */
static void a_round_shadow_does_not_shrink_it(void **state)
{
    (void)state;
    en_image image = {0};
    draw_eye(&image, 600, 400, (eye){.x = 300, .y = 200, .radius = 190, .light = 0.7});
    for (int y = 0; y < 400; y++) {
        for (int x = 0; x < 600; x++) {
            double u = x + 0.5 - 300, v = y + 0.5 - 200;
            if (u * u + v * v > 150 * 150 && fabs(atan2(v, u)) > 1.2) {
                memset(image.rgb + 3 * (y * 600 + x), 2, 3);
            }
        }
    }
    en_disc disc = find(&image);
    assert_true(fabs(disc.radius - 190) < 3 && fabs(disc.x - 300) < 3 && fabs(disc.y - 200) < 3);
    en_image_clear(&image);
}

static void a_smaller_copy_has_the_same_disc(void **state)
{
    (void)state;
    en_error err;
    for (unsigned seed = 0; seed < 5; seed++) {
        en_image image = {0}, half = {0};
        draw_eye(&image, 1200, 800,
                 (eye){.x = 590 + 3.3 * seed,
                       .y = 400,
                       .radius = 430,
                       .light = 0.5,
                       .vessels = true,
                       .shadow = seed % 2 == 0,
                       .notch = true,
                       .seed = seed});
        assert_ok(en_shrink(&image, 600, &half, &err));
        en_disc a = find(&image), b = en_disc_scaled(find(&half), &half, &image);
        assert_true(fabs(a.x - b.x) < 0.5 && fabs(a.y - b.y) < 0.5 && fabs(a.radius - b.radius) < 0.5);
        en_image_clear(&image);
        en_image_clear(&half);
    }
}

static void noise_and_a_faint_picture_do_not_hide_it(void **state)
{
    (void)state;
    en_image image = {0};
    draw_eye(&image, 600, 400, (eye){.x = 300, .y = 200, .radius = 180, .light = 0.15});
    en_random random = en_random_init(1, 0, 0, EN_FOR_TEST);
    for (size_t i = 0; i < en_image_bytes(&image); i++) {
        image.rgb[i] = (uint8_t)(image.rgb[i] + en_random_below(&random, 6));
    }
    en_disc disc = find(&image);
    assert_true(disc.found);
    assert_true(fabs(disc.radius - 180) < 4);
    en_image_clear(&image);
}

static void nothing_lit_means_no_disc_but_the_whole_photograph(void **state)
{
    (void)state;
    en_error err;
    en_image image = {0};
    assert_ok(en_image_alloc(&image, 300, 200, &err));
    memset(image.rgb, 3, en_image_bytes(&image));
    en_disc disc = find(&image);
    assert_false(disc.found);
    assert_true(fabs(disc.x - 150) < 1e-9 && fabs(disc.y - 100) < 1e-9 && fabs(disc.radius - 150) < 1e-9);
    en_image_clear(&image);
}

static void a_retina_that_fills_the_picture_is_taken_whole(void **state)
{
    (void)state;
    en_image image = {0};
    draw_gradient(&image, 300, 200);
    en_disc disc = find(&image);
    assert_true(disc.found);
    assert_true(fabs(disc.x - 150) < 2 && fabs(disc.y - 100) < 2 && fabs(disc.radius - 150) < 2);
    en_image_clear(&image);
}

static void tiny_pictures_do_no_harm(void **state)
{
    (void)state;
    for (int width = 1; width < 20; width++) {
        for (int height = 1; height < 20; height += 3) {
            en_image image = {0};
            draw_eye(&image, width, height, (eye){.x = width / 2.0, .y = height / 2.0, .radius = 3, .light = 1});
            en_disc disc = find(&image);
            assert_true(disc.radius > 0);
            en_image_clear(&image);
        }
    }
}

static void without_memory_it_says_so(void **state)
{
    (void)state;
    en_error err;
    en_image image = {0};
    en_disc disc;
    draw_gradient(&image, 30, 20);
    long nth = 1;
    for (;; nth++) {
        en_alloc_fail_at(nth);
        en_status st = en_disc_find(&image, &disc, &err);
        en_alloc_fail_at(0);
        if (st == EN_OK) {
            break;
        }
        assert_int_equal(st, EN_NOMEM);
    }
    assert_true(nth > 4);
    en_image_clear(&image);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_disc_is_found),
        cmocka_unit_test(a_disc_cut_off_at_top_and_bottom_is_found),
        cmocka_unit_test(a_notch_and_a_shadow_do_not_move_it),
        cmocka_unit_test(a_round_shadow_does_not_shrink_it),
        cmocka_unit_test(a_smaller_copy_has_the_same_disc),
        cmocka_unit_test(noise_and_a_faint_picture_do_not_hide_it),
        cmocka_unit_test(nothing_lit_means_no_disc_but_the_whole_photograph),
        cmocka_unit_test(a_retina_that_fills_the_picture_is_taken_whole),
        cmocka_unit_test(tiny_pictures_do_no_harm),
        cmocka_unit_test(without_memory_it_says_so),
    };
    return cmocka_run_group_tests_name("disc", tests, NULL, NULL);
}
