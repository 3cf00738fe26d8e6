/* The measures order photographs as a person would, and the gate refuses the hopeless only. */
#include "draw.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "image/decode.h"
#include "image/encode.h"
#include "image/quality.h"

static const eye good = {.x = 300, .y = 200, .radius = 190, .light = 0.7, .vessels = true, .seed = 1};

static en_quality measure(const en_image *image)
{
    en_error err;
    en_quality quality;
    assert_ok(en_quality_measure(image, NULL, &quality, &err));
    return quality;
}

static en_quality measure_eye(eye e)
{
    en_image image = {0};
    draw_eye(&image, 600, 400, e);
    en_quality quality = measure(&image);
    en_image_clear(&image);
    return quality;
}

static void a_good_photograph_passes(void **state)
{
    (void)state;
    en_quality q = measure_eye(good);
    assert_int_equal(en_quality_gate(&q, 640, 480).kind, EN_GATE_PASSED);
    assert_string_equal(en_quality_gate(&q, 640, 480).reason, "");
    assert_true(q.brightness > 0.2 && q.brightness < 0.5);
    assert_true(q.sharpness > 0.3);
    assert_true(q.score > 0.6);
    assert_true(fabs(q.relative_radius - 0.95) < 0.01);
    assert_true(q.disc_coverage > 0.98);
    assert_true(fabs(q.black_fraction - (1 - 3.14159 * 190 * 190 / (600 * 400))) < 0.01);
    assert_true(q.overexposed < 0.001);
}

static void a_black_photograph_is_refused_with_its_brightness(void **state)
{
    (void)state;
    eye dark = good;
    dark.light = 0.01;
    en_quality q = measure_eye(dark);
    en_gate gate = en_quality_gate(&q, 640, 480);
    assert_int_equal(gate.kind, EN_GATE_BLACK);
    assert_true(strncmp(gate.reason, "black: mean brightness ", 23) == 0);
    assert_true(q.score < 0.001);
}

static void a_picture_of_one_grey_is_refused(void **state)
{
    (void)state;
    en_error err;
    en_image image = {0};
    assert_ok(en_image_alloc(&image, 100, 80, &err));
    memset(image.rgb, 128, en_image_bytes(&image));
    en_quality q = measure(&image);
    en_gate gate = en_quality_gate(&q, 640, 480);
    assert_int_equal(gate.kind, EN_GATE_UNIFORM);
    assert_string_equal(gate.reason, "uniform: contrast 0.0 of 255");
    en_image_clear(&image);
}

static void blur_lowers_sharpness_and_score_but_is_not_refused(void **state)
{
    (void)state;
    en_image image = {0};
    draw_eye(&image, 600, 400, good);
    en_quality last = measure(&image);
    for (int i = 0; i < 4; i++) {
        blur(&image, 10);
        en_quality q = measure(&image);
        assert_true(q.sharpness < last.sharpness && q.score < last.score);
        assert_int_equal(en_quality_gate(&q, 640, 480).kind, EN_GATE_PASSED);
        last = q;
    }
    assert_true(last.sharpness < 0.2);
    en_image_clear(&image);
}

static void glare_is_counted(void **state)
{
    (void)state;
    en_image image = {0};
    draw_eye(&image, 600, 400, good);
    for (int y = 0; y < 200; y++) {
        memset(image.rgb + 3 * (y * 600 + 150), 255, 3 * 300);
    }
    en_quality q = measure(&image);
    assert_true(q.overexposed > 0.3);
    assert_true(q.score < 0.7);
    en_image_clear(&image);
}

static void a_cut_off_disc_says_so(void **state)
{
    (void)state;
    eye cut = good;
    cut.radius = 250;
    en_quality q = measure_eye(cut);
    assert_true(fabs(q.relative_radius - 1.25) < 0.02);
    assert_true(q.disc_coverage > 0.8 && q.disc_coverage < 0.95);
}

/* What is left when a file broke off and was saved again: from row 180 on one colour, or the row above. */
static void rows_that_were_lost_take_the_score(void **state)
{
    (void)state;
    for (int kind = 0; kind < 3; kind++) {
        en_error err;
        en_image image = {0}, back = {0};
        en_buf file;
        en_buf_init(&file, 1 << 22);
        draw_eye(&image, 600, 400, good);
        assert_true(measure(&image).integrity > 0.999);
        for (int y = 180; y < 400; y++) {
            uint8_t *row = image.rgb + (ptrdiff_t)3 * 600 * y;
            if (kind < 2) {
                memset(row, kind == 0 ? 128 : 0, 3 * 600);
            } else {
                memcpy(row, row - (ptrdiff_t)3 * 600, 3 * 600);
            }
        }
        assert_ok(en_encode_jpeg(image.rgb, 600, 400, 90, EN_CHROMA_420, &file, &err));
        assert_ok(en_decode(file.data, file.size, NULL, &back, NULL, &err));
        en_quality q = measure(&back);
        assert_true(q.integrity < 0.65);
        assert_true(q.score < 0.01);
        en_buf_clear(&file);
        en_image_clear(&back);
        en_image_clear(&image);
    }
}

/* Cameras cut the disc off at top and bottom, and exports put black there. */
static void black_bars_are_not_lost_rows(void **state)
{
    (void)state;
    en_image image = {0};
    draw_eye(&image, 600, 400, good);
    memset(image.rgb, 0, (size_t)3 * 600 * 45);
    memset(image.rgb + (ptrdiff_t)3 * 600 * 355, 0, (size_t)3 * 600 * 45);
    assert_true(measure(&image).integrity > 0.999);
    en_image_clear(&image);
}

static void the_disc_is_found_on_grey_and_white(void **state)
{
    (void)state;
    static const uint8_t colour[] = {0, 60, 128, 255};
    for (size_t i = 0; i < sizeof colour; i++) {
        en_image image = {0};
        draw_eye(&image, 600, 400, good);
        for (int y = 0; y < 400; y++) {
            for (int x = 0; x < 600; x++) {
                double dx = x + 0.5 - good.x, dy = y + 0.5 - good.y;
                if (dx * dx + dy * dy > good.radius * good.radius) {
                    memset(image.rgb + (ptrdiff_t)3 * (600 * y + x), colour[i], 3);
                }
            }
        }
        en_quality q = measure(&image);
        assert_true(fabs(q.relative_radius - 0.95) < 0.03);
        assert_true(fabs(q.background - colour[i] / 255.0) < 0.02);
        en_image_clear(&image);
    }
}

static void a_picture_of_a_few_px_is_refused(void **state)
{
    (void)state;
    en_quality q = measure_eye(good);
    assert_int_equal(en_quality_gate(&q, 600, 31).kind, EN_GATE_TOO_SMALL);
    assert_string_equal(en_quality_gate(&q, 8, 9).reason, "too small: 8x9, sides are at least 32 px");
    assert_int_equal(en_quality_gate(&q, 32, 32).kind, EN_GATE_PASSED);
}

static void a_copy_has_nearly_the_same_hash_and_another_eye_has_not(void **state)
{
    (void)state;
    en_error err;
    en_image image = {0}, copy = {0};
    draw_eye(&image, 900, 600, (eye){.x = 450, .y = 300, .radius = 280, .light = 0.7, .vessels = true, .seed = 1});
    en_buf file;
    en_buf_init(&file, 1 << 20);
    assert_ok(en_encode_jpeg(image.rgb, 900, 600, 60, EN_CHROMA_420, &file, &err));
    assert_ok(en_decode(file.data, file.size, NULL, &copy, NULL, &err));
    uint64_t hash = measure(&image).phash;
    assert_true(en_phash_distance(hash, measure(&copy).phash) <= 6);
    for (unsigned seed = 2; seed < 12; seed++) {
        eye other = good;
        other.seed = seed;
        assert_true(en_phash_distance(hash, measure_eye(other).phash) > 6);
    }
    assert_int_equal(en_phash_distance(0, UINT64_MAX), 64);
    en_buf_clear(&file);
    en_image_clear(&copy);
    en_image_clear(&image);
}

static void a_reduced_decoding_measures_the_same(void **state)
{
    (void)state;
    en_error err;
    en_image image = {0}, whole = {0}, part = {0};
    draw_eye(&image, 1500, 1003, (eye){.x = 740, .y = 500, .radius = 460, .light = 0.7, .vessels = true, .seed = 1});
    en_buf file;
    en_buf_init(&file, 1 << 22);
    assert_ok(en_encode_jpeg(image.rgb, 1500, 1003, 90, EN_CHROMA_420, &file, &err));
    assert_ok(en_decode(file.data, file.size, NULL, &whole, NULL, &err));
    assert_ok(en_decode(file.data, file.size, &(en_decode_options){.min_edge = 480}, &part, NULL, &err));
    assert_int_equal(part.width, 750);
    en_quality a = measure(&whole), b = measure(&part);
    assert_true(fabs(a.brightness - b.brightness) < 0.001);
    assert_true(fabs(a.sharpness - b.sharpness) < 0.02);
    assert_true(fabs(a.relative_radius - b.relative_radius) < 0.002);
    assert_true(en_phash_distance(a.phash, b.phash) <= 2);
    en_buf_clear(&file);
    en_image_clear(&part);
    en_image_clear(&whole);
    en_image_clear(&image);
}

/* Rows of greys on either side of each threshold: 24 of 11, 26 of 12, 14 of 234 and 16 of 235. */
static void black_is_below_12_and_glare_from_235_on(void **state)
{
    (void)state;
    en_error err;
    en_image image = {0};
    en_quality q;
    const en_disc none = {.x = 50, .y = 40, .radius = 50};
    assert_ok(en_image_alloc(&image, 100, 80, &err));
    for (int y = 0; y < 80; y++) {
        memset(image.rgb + 300 * y, y < 24 ? 11 : y < 50 ? 12 : y < 64 ? 234 : 235, 300);
    }
    assert_ok(en_quality_measure(&image, &none, &q, &err));
    assert_true(fabs(q.black_fraction - 24 / 80.0) < 1e-12);
    assert_true(fabs(q.overexposed - 16 / 80.0) < 1e-12);
    assert_true(fabs(q.brightness - (24 * 11 + 26 * 12 + 14 * 234 + 16 * 235) / 80.0 / 255) < 1e-12);
    const en_disc all = {.found = true, .x = 50, .y = 40, .radius = 100}; /* the rows of 11 do not cover it */
    assert_ok(en_quality_measure(&image, &all, &q, &err));
    assert_true(fabs(q.disc_coverage - 5600 / (3.141592653589793 * 100 * 100)) < 1e-12);
    en_image_clear(&image);
}

/* The documented gate: a mean brightness of 14 of 255, a contrast of 2.5 of 255. */
static void the_gate_opens_at_a_brightness_of_14_and_a_contrast_of_2_and_a_half(void **state)
{
    (void)state;
    static const struct {
        double brightness, contrast;
        en_gate_kind kind;
        const char *reason;
    } photograph[] = {
        {13.9, 50, EN_GATE_BLACK, "black: mean brightness 13.9 of 255"},  {14.1, 50, EN_GATE_PASSED, ""},
        {90, 2.4, EN_GATE_UNIFORM, "uniform: contrast 2.4 of 255"},       {90, 2.6, EN_GATE_PASSED, ""},
        {13.9, 2.4, EN_GATE_BLACK, "black: mean brightness 13.9 of 255"}, {14.1, 2.6, EN_GATE_PASSED, ""}};
    for (size_t i = 0; i < sizeof photograph / sizeof *photograph; i++) {
        const en_quality q = {.brightness = photograph[i].brightness / 255, .contrast = photograph[i].contrast / 255};
        en_gate gate = en_quality_gate(&q, 640, 480);
        assert_int_equal(gate.kind, photograph[i].kind);
        assert_string_equal(gate.reason, photograph[i].reason);
    }
}

static void without_memory_it_says_so(void **state)
{
    (void)state;
    en_error err;
    en_image image = {0};
    en_quality quality;
    draw_eye(&image, 60, 40, (eye){.x = 30, .y = 20, .radius = 19, .light = 0.7});
    long nth = 1;
    for (;; nth++) {
        en_alloc_fail_at(nth);
        en_status st = en_quality_measure(&image, NULL, &quality, &err);
        en_alloc_fail_at(0);
        if (st == EN_OK) {
            break;
        }
        assert_int_equal(st, EN_NOMEM);
    }
    assert_true(nth > 6);
    en_image_clear(&image);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_photograph_passes),
        cmocka_unit_test(a_black_photograph_is_refused_with_its_brightness),
        cmocka_unit_test(a_picture_of_one_grey_is_refused),
        cmocka_unit_test(blur_lowers_sharpness_and_score_but_is_not_refused),
        cmocka_unit_test(glare_is_counted),
        cmocka_unit_test(a_cut_off_disc_says_so),
        cmocka_unit_test(rows_that_were_lost_take_the_score),
        cmocka_unit_test(black_bars_are_not_lost_rows),
        cmocka_unit_test(the_disc_is_found_on_grey_and_white),
        cmocka_unit_test(a_picture_of_a_few_px_is_refused),
        cmocka_unit_test(a_copy_has_nearly_the_same_hash_and_another_eye_has_not),
        cmocka_unit_test(a_reduced_decoding_measures_the_same),
        cmocka_unit_test(black_is_below_12_and_glare_from_235_on),
        cmocka_unit_test(the_gate_opens_at_a_brightness_of_14_and_a_contrast_of_2_and_a_half),
        cmocka_unit_test(without_memory_it_says_so),
    };
    return cmocka_run_group_tests_name("quality", tests, NULL, NULL);
}
