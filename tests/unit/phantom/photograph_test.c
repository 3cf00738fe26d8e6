/* One drawn photograph depends on seed, patient and side alone, shows its side and its grade, and has its defect. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "image/decode.h"
#include "phantom/phantom.h"

enum { WIDTH = 256 };

static en_error err;
static en_phantom_easel *easel; /* shared, as a thread proportions it among its photographs */

static int make_easel(void **state)
{
    (void)state;
    return en_phantom_easel_new(&easel, &err) != EN_OK;
}

static int drop_easel(void **state)
{
    (void)state;
    en_phantom_easel_free(easel);
    return 0;
}

/* A plan in which every eye is sound and without a lesion, and taken by the first camera. */
static en_phantom_plan healthy(uint32_t patients, uint64_t seed)
{
    en_phantom_plan plan;
    assert_int_equal(en_phantom_plan_make(patients, seed, &plan, &err), EN_OK);
    for (uint32_t i = 0; i < patients; i++) {
        memset(plan.patient[i].grade, 0, sizeof plan.patient[i].grade);
        memset(plan.patient[i].defect, 0, sizeof plan.patient[i].defect);
        plan.patient[i].both_eyes = false;
        plan.patient[i].trait[EN_PHANTOM_CAMERA] = 0.0f;
    }
    return plan;
}

static void draw(const en_phantom_plan *plan, uint32_t number, en_phantom_side side, en_image *out)
{
    en_image_clear(out);
    assert_int_equal(en_phantom_draw(plan, number, side, WIDTH, easel, out, &err), EN_OK);
}

static bool equal(const en_image *a, const en_image *b)
{
    return a->width == b->width && a->height == b->height && memcmp(a->rgb, b->rgb, en_image_bytes(a)) == 0;
}

static void what_was_drawn_before_leaves_no_trace(void **state)
{
    (void)state;
    en_phantom_plan plan = healthy(3, 5);
    plan.patient[0].grade[0] = 4;
    plan.patient[2].grade[1] = 2;
    en_image first = {0}, again = {0}, fresh = {0};
    draw(&plan, 3, EN_PHANTOM_RIGHT, &first);
    draw(&plan, 1, EN_PHANTOM_LEFT, &again);
    draw(&plan, 3, EN_PHANTOM_RIGHT, &again);
    en_phantom_easel *kept = easel;
    assert_int_equal(en_phantom_easel_new(&easel, &err), EN_OK);
    draw(&plan, 3, EN_PHANTOM_RIGHT, &fresh);
    en_phantom_easel_free(easel);
    easel = kept;
    assert_true(equal(&first, &again));
    assert_true(equal(&first, &fresh));
    en_image_clear(&first);
    en_image_clear(&again);
    en_image_clear(&fresh);
    en_phantom_plan_clear(&plan);
}

static void another_seed_patient_or_side_is_another_photograph(void **state)
{
    (void)state;
    en_phantom_plan plan = healthy(2, 5), other = healthy(2, 6);
    en_image a = {0}, b = {0};
    draw(&plan, 1, EN_PHANTOM_LEFT, &a);
    draw(&plan, 1, EN_PHANTOM_RIGHT, &b);
    assert_false(equal(&a, &b));
    draw(&plan, 2, EN_PHANTOM_LEFT, &b);
    assert_false(equal(&a, &b));
    other.patient[0] = plan.patient[0]; /* the same traits, all else by the seed */
    draw(&other, 1, EN_PHANTOM_LEFT, &b);
    assert_false(equal(&a, &b));
    en_image_clear(&a);
    en_image_clear(&b);
    en_phantom_plan_clear(&plan);
    en_phantom_plan_clear(&other);
}

/* Whether a pixel is well inside the field of the first camera: at its rim haze may be brighter than anything. */
static bool inside(const en_image *image, size_t i)
{
    double x = (double)(i % (size_t)image->width) - image->width / 2.0;
    double y = (double)(i / (size_t)image->width) - image->height / 2.0;
    return hypot(x, y) < 0.23 * image->width;
}

/* Where the brightest fiftieth of the pixels there lies, as a proportion of the width: the optic disc. */
static double bright_place(const en_image *image)
{
    size_t pixels = en_image_bytes(image) / 3, count[256] = {0}, all = 0, above = 0;
    int level = 256;
    for (size_t i = 0; i < pixels; i++) {
        if (inside(image, i)) {
            count[image->rgb[3 * i + 1]]++;
            all++;
        }
    }
    while (above < all / 50) {
        above += count[--level];
    }
    double sum = 0.0, n = 0.0;
    for (size_t i = 0; i < pixels; i++) {
        if (inside(image, i) && image->rgb[3 * i + 1] >= level) {
            sum += (double)(i % (size_t)image->width);
            n++;
        }
    }
    return sum / n / image->width;
}

static void the_optic_disc_lies_to_the_nose(void **state)
{
    (void)state;
    enum { PATIENTS = 20 };
    en_phantom_plan plan = healthy(PATIENTS, 8);
    en_image image = {0};
    unsigned left = 0, right = 0;
    for (uint32_t number = 1; number <= PATIENTS; number++) {
        draw(&plan, number, EN_PHANTOM_LEFT, &image);
        left += bright_place(&image) < 0.5;
        draw(&plan, number, EN_PHANTOM_RIGHT, &image);
        right += bright_place(&image) > 0.5;
    }
    assert_int_equal(left, PATIENTS);
    assert_int_equal(right, PATIENTS);
    en_image_clear(&image);
    en_phantom_plan_clear(&plan);
}

/* The proportion of pixels that differ by more than 20 of 255 in green. */
static double changed(const en_image *a, const en_image *b)
{
    size_t pixels = en_image_bytes(a) / 3, n = 0;
    for (size_t i = 0; i < pixels; i++) {
        n += abs(a->rgb[3 * i + 1] - b->rgb[3 * i + 1]) > 20;
    }
    return (double)n / (double)pixels;
}

static void a_grade_is_lesions_and_nothing_else(void **state)
{
    (void)state;
    en_phantom_plan plan = healthy(6, 3);
    en_image before = {0}, after = {0};
    double proportion[EN_PHANTOM_GRADES] = {0.0};
    for (uint32_t number = 1; number <= 6; number++) {
        plan.patient[number - 1].grade[0] = 0;
        draw(&plan, number, EN_PHANTOM_LEFT, &before);
        for (uint8_t grade = 1; grade < EN_PHANTOM_GRADES; grade++) {
            plan.patient[number - 1].grade[0] = grade;
            draw(&plan, number, EN_PHANTOM_LEFT, &after);
            double now = changed(&before, &after);
            assert_true(now < 0.10); /* the eye itself stays */
            assert_true(grade < 2 || now > 0.002);
            proportion[grade] += now / 6.0;
        }
    }
    assert_true(proportion[1] < 0.001);
    assert_true(proportion[2] > 10.0 * proportion[1]);
    assert_true(proportion[3] > proportion[2]);
    en_image_clear(&before);
    en_image_clear(&after);
    en_phantom_plan_clear(&plan);
}

static double mean_of(const en_image *image)
{
    double sum = 0.0;
    for (size_t i = 0; i < en_image_bytes(image); i++) {
        sum += image->rgb[i];
    }
    return sum / (double)en_image_bytes(image);
}

/* How many horizontal neighbours differ by more than by noise, in green, away from the rim. */
static double detail_of(const en_image *image)
{
    double n = 0.0;
    for (size_t i = 1; i < en_image_bytes(image) / 3; i++) {
        n += inside(image, i) && abs(image->rgb[3 * i + 1] - image->rgb[3 * i - 2]) > 12 ? 1.0 : 0.0;
    }
    return n;
}

static void defects_look_like_themselves(void **state)
{
    (void)state;
    en_phantom_plan plan = healthy(1, 12);
    en_image sound = {0}, image = {0};
    uint8_t *defect = &plan.patient[0].defect[EN_PHANTOM_RIGHT];
    draw(&plan, 1, EN_PHANTOM_RIGHT, &sound);
    *defect = EN_PHANTOM_BLACK;
    draw(&plan, 1, EN_PHANTOM_RIGHT, &image);
    assert_true(mean_of(&image) < 4.0);
    *defect = EN_PHANTOM_OVEREXPOSED;
    draw(&plan, 1, EN_PHANTOM_RIGHT, &image);
    assert_true(mean_of(&image) > 1.5 * mean_of(&sound));
    *defect = EN_PHANTOM_BLURRED;
    draw(&plan, 1, EN_PHANTOM_RIGHT, &image);
    assert_true(detail_of(&image) < 0.5 * detail_of(&sound));
    assert_true(fabs(mean_of(&image) - mean_of(&sound)) < 3.0);
    en_image_clear(&sound);
    en_image_clear(&image);
    en_phantom_plan_clear(&plan);
}

static void one_photograph_is_filed_as_both_eyes(void **state)
{
    (void)state;
    en_phantom_plan plan = healthy(1, 12);
    plan.patient[0].both_eyes = true;
    en_image left = {0}, right = {0};
    draw(&plan, 1, EN_PHANTOM_LEFT, &left);
    draw(&plan, 1, EN_PHANTOM_RIGHT, &right);
    assert_true(equal(&left, &right));
    en_image_clear(&left);
    en_image_clear(&right);
    en_phantom_plan_clear(&plan);
}

/* The horizontal and vertical sampling of the first component, from the baseline frame header (ITU T.81, B.2.2). */
static unsigned char sampling_of(const en_buf *jpeg)
{
    for (size_t i = 0; i + 11 < jpeg->size; i++) {
        if ((unsigned char)jpeg->data[i] == 0xFF && (unsigned char)jpeg->data[i + 1] == 0xC0) {
            return (unsigned char)jpeg->data[i + 11];
        }
    }
    return 0;
}

static void the_file_is_a_jpeg_with_halved_colour(void **state)
{
    (void)state;
    en_phantom_plan plan = healthy(1, 2);
    en_buf jpeg;
    en_buf_init(&jpeg, (size_t)1 << 24);
    en_image image = {0};
    assert_int_equal(en_phantom_jpeg(&plan, 1, EN_PHANTOM_LEFT, 0, easel, &jpeg, &err), EN_OK);
    assert_int_equal(sampling_of(&jpeg), 0x22);
    assert_int_equal(en_decode(jpeg.data, jpeg.size, NULL, &image, NULL, &err), EN_OK);
    assert_int_equal(image.width, 1024);
    assert_int_equal(image.height, 683);
    en_image_clear(&image);
    en_buf_clear(&jpeg);
    en_phantom_plan_clear(&plan);
}

static void a_truncated_file_is_told_by_its_decoder(void **state)
{
    (void)state;
    en_phantom_plan plan = healthy(1, 2);
    plan.patient[0].defect[EN_PHANTOM_LEFT] = EN_PHANTOM_TRUNCATED;
    en_buf jpeg;
    en_buf_init(&jpeg, (size_t)1 << 24);
    en_image image = {0};
    en_image_info info;
    assert_int_equal(en_phantom_jpeg(&plan, 1, EN_PHANTOM_LEFT, WIDTH, easel, &jpeg, &err), EN_OK);
    assert_int_equal(en_decode(jpeg.data, jpeg.size, NULL, &image, &info, &err), EN_INPUT);
    assert_int_equal(info.fault, EN_FAULT_TRUNCATED);
    en_buf_clear(&jpeg);
    en_phantom_plan_clear(&plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_drawn_before_leaves_no_trace),
        cmocka_unit_test(another_seed_patient_or_side_is_another_photograph),
        cmocka_unit_test(the_optic_disc_lies_to_the_nose),
        cmocka_unit_test(a_grade_is_lesions_and_nothing_else),
        cmocka_unit_test(defects_look_like_themselves),
        cmocka_unit_test(one_photograph_is_filed_as_both_eyes),
        cmocka_unit_test(the_file_is_a_jpeg_with_halved_colour),
        cmocka_unit_test(a_truncated_file_is_told_by_its_decoder),
    };
    return cmocka_run_group_tests(tests, make_easel, drop_easel);
}
