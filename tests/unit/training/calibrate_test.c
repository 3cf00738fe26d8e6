/* Calibration: class weights undone, fitted where there are enough, kept as JSON. */
#include "check.h"

#include <stdio.h>

#include "base/memory.h"
#include "base/random.h"
#include "training/calibrate.h"

enum { N = 2000 };

static const en_classes two = {.count = 2, .name = {"0", "1"}, .positive = 1};
static const double wish[EN_OPERATING_RULES] = {0.9, 0.8, (double)NAN, 5};
static float probability[2 * N];
static int32_t truth[N];

/* One in ten is positive. What a perfect network says that was trained with weights 0.5 and 4.5, or says it half as
 * surely. */
static void answer(double sureness)
{
    en_random r = en_random_init(8, 0, 0, EN_FOR_TEST);
    for (size_t i = 0; i < N; i++) {
        truth[i] = en_random_uniform(&r) < 0.1;
        double odds =
            2 * (en_random_normal(&r) + 2 * truth[i]) - 2; /* log of the density ratio, 2 standard deviations */
        double weighed = sureness * (odds + log(0.1 / 0.9) + log(4.5 / 0.5));
        probability[2 * i + 1] = (float)(1 / (1 + exp(-weighed)));
        probability[2 * i] = 1 - probability[2 * i + 1];
    }
}

static void class_weights_are_undone_by_the_prior(void **state)
{
    (void)state;
    const float weight[2] = {0.5F, 4.5F};
    en_calibration c;
    answer(1);
    OK(en_calibration_fit(&two, weight, NULL, NULL, 0, wish, &c, &err));
    assert_int_equal(c.method, EN_CALIBRATE_PRIOR);
    double mean = 0, raw = 0;
    for (size_t i = 0; i < N; i++) {
        float p[2] = {probability[2 * i], probability[2 * i + 1]};
        en_calibration_apply(&c, p, 2);
        mean += (double)p[1] / N;
        raw += (double)probability[2 * i + 1] / N;
        NEAR((double)p[0] + (double)p[1], 1, 1e-6);
        double by_hand = (double)probability[2 * i + 1] / 4.5, other = (double)probability[2 * i] / 0.5;
        NEAR((double)p[1], by_hand / (by_hand + other), 1e-6);
    }
    assert_true(raw > 0.2);
    NEAR(mean, 0.1, 0.02);
    assert_true(isnan(c.point[EN_AT_YOUDEN].threshold));
}

static void equal_weights_change_no_bit(void **state)
{
    (void)state;
    en_calibration c;
    float p[2] = {0.3F, 0.7000001F}, before[2];
    memcpy(before, p, sizeof p);
    OK(en_calibration_fit(&two, NULL, NULL, NULL, 0, wish, &c, &err));
    en_calibration_apply(&c, p, 2);
    assert_memory_equal(p, before, sizeof p);
    OK(en_calibration_from_json(NULL, 2, &c, &err)); /* of a model without one */
    en_calibration_apply(&c, p, 2);
    assert_memory_equal(p, before, sizeof p);
}

static void sureness_is_fitted_where_both_classes_are_enough(void **state)
{
    (void)state;
    const float weight[2] = {0.5F, 4.5F};
    en_calibration c, read;
    char *json;
    answer(0.5);
    OK(en_calibration_fit(&two, weight, probability, truth, N, wish, &c, &err));
    assert_int_equal(c.method, EN_CALIBRATE_PLATT);
    NEAR(c.scale, 2, 0.3);
    /* the thresholds do on these what they were asked for */
    double found = 0, cleared = 0, positives = 0;
    for (size_t i = 0; i < N; i++) {
        float p[2] = {probability[2 * i], probability[2 * i + 1]};
        en_calibration_apply(&c, p, 2);
        positives += truth[i];
        found += truth[i] && (double)p[1] >= c.point[EN_AT_SENSITIVITY].threshold;
        cleared += !truth[i] && (double)p[1] < c.point[EN_AT_SPECIFICITY].threshold;
    }
    NEAR(found / positives, 0.9, 0.01);
    NEAR(c.point[EN_AT_SENSITIVITY].sensitivity, found / positives, 1e-12);
    NEAR(cleared / (N - positives), 0.8, 0.01);
    NEAR(c.point[EN_AT_SPECIFICITY].specificity, cleared / (N - positives), 1e-12);
    OK(en_calibration_to_json(&c, 2, &json, &err));
    OK(en_calibration_from_json(json, 2, &read, &err));
    NEAR(read.scale, c.scale, 0);
    NEAR(read.shift, c.shift, 0);
    NEAR(read.weight[1], 4.5, 0);
    assert_int_equal(read.n, N);
    for (int k = 0; k < EN_OPERATING_RULES; k++) {
        NEAR(read.point[k].threshold, c.point[k].threshold, 0);
    }
    FAILS(en_calibration_from_json(json, 3, &read, &err), EN_INPUT, "not one of 3 classes");
    en_free(json);
    OK(en_calibration_fit(&two, weight, probability, truth, 60, wish, &c, &err)); /* six positives */
    assert_int_equal(c.method, EN_CALIBRATE_PRIOR);
    for (size_t i = 0; i < N; i++) { /* the wrong way round: never turned over */
        truth[i] = !truth[i];
    }
    OK(en_calibration_fit(&two, weight, probability, truth, N, wish, &c, &err));
    assert_int_equal(c.method, EN_CALIBRATE_PRIOR);
}

static void several_classes_have_a_temperature(void **state)
{
    (void)state;
    en_classes three = {.count = 3, .name = {"0", "1", "2"}};
    static float p[3 * N];
    en_calibration c;
    en_random r = en_random_init(3, 0, 0, EN_FOR_TEST);
    for (size_t i = 0; i < N; i++) {
        double x[3], sum = 0, drawn = en_random_uniform(&r), sure = 0;
        for (size_t k = 0; k < 3; k++) {
            x[k] = exp(en_random_normal(&r));
            sum += x[k];
            sure += x[k] * x[k];
        }
        truth[i] = drawn < x[0] / sum ? 0 : drawn < (x[0] + x[1]) / sum ? 1 : 2;
        for (size_t k = 0; k < 3; k++) {
            p[3 * i + k] = (float)(x[k] * x[k] / sure); /* twice as sure as it should be */
        }
    }
    OK(en_calibration_fit(&three, NULL, p, truth, N, wish, &c, &err));
    assert_int_equal(c.method, EN_CALIBRATE_TEMPERATURE);
    NEAR(c.scale, 0.5, 0.06);
    float one[3] = {0.64F, 0.32F, 0.04F};
    en_calibration_apply(&c, one, 3);
    NEAR((double)one[0] / (double)one[2], pow(16, c.scale), 1e-3);
    OK(en_calibration_fit(&three, NULL, p, truth, 99, wish, &c, &err));
    assert_int_equal(c.method, EN_CALIBRATE_PRIOR);
}

/* An ordinal output that is twice as sure as it should be, and gives the middle class nothing in a third of the
 * photographs, where its thresholds cross; a temperature would be spent on these. */
static void a_scale_has_scale_and_shift_of_its_log_odds(void **state)
{
    (void)state;
    en_classes grades = {.count = 3, .name = {"0", "1", "2"}};
    static float p[3 * N];
    en_calibration c, read;
    en_random r = en_random_init(4, 0, 0, EN_FOR_TEST);
    OK(en_classes_scale(&grades, "stage", "ordinal", &err));
    for (size_t i = 0; i < N; i++) {
        const double z = 1.5 * en_random_normal(&r), gap = i % 3 == 0 ? 0 : 1.2, drawn = en_random_uniform(&r);
        const double some = 1 / (1 + exp(-z)), much = 1 / (1 + exp(gap - z));
        truth[i] = drawn < much ? 2 : drawn < some ? 1 : 0;
        truth[i] = i % 60 == 0 ? 1 : truth[i]; /* of the class that was given nothing */
        const double said = 1 / (1 + exp(-2 * z - 0.4)), more = 1 / (1 + exp(2 * gap - 2 * z - 0.4));
        p[3 * i] = (float)(1 - said);
        p[3 * i + 1] = (float)(said - more);
        p[3 * i + 2] = (float)more;
    }
    OK(en_calibration_fit(&grades, NULL, p, truth, N, wish, &c, &err));
    assert_int_equal(c.method, EN_CALIBRATE_CUMULATIVE);
    NEAR(c.scale, 0.5, 0.06);
    NEAR(c.shift, -0.2, 0.12);
    double before = 0, after, last = -1;
    OK(en_calibration_loss(&grades, NULL, p, truth, N, &after, &err));
    for (size_t i = 0; i < N; i++) { /* the same of what is not calibrated, as it were of a single photograph */
        double one;
        OK(en_calibration_loss(&grades, NULL, p + 3 * i, truth + i, 1, &one, &err));
        before += one / N;
    }
    assert_true(after < before);
    for (int i = 0; i <= 20; i++) { /* what had more probability of being above keeps it */
        float one[3] = {1 - (float)i / 20, (float)i / 40, (float)i / 40};
        en_calibration_apply(&c, one, 3);
        NEAR((double)(one[0] + one[1] + one[2]), 1, 1e-6);
        assert_true((double)(one[1] + one[2]) > last);
        last = (double)(one[1] + one[2]);
    }
    char *json;
    OK(en_calibration_to_json(&c, 3, &json, &err));
    OK(en_calibration_from_json(json, 3, &read, &err));
    assert_int_equal(read.method, EN_CALIBRATE_CUMULATIVE);
    assert_true(read.scale == c.scale && read.shift == c.shift);
    en_free(json);
    const float weight[] = {1, 2, 4};
    OK(en_calibration_fit(&grades, weight, p, truth, N, wish, &c, &err));
    float one[3] = {0.2F, 0.3F, 0.5F};
    en_calibration_apply(&c, one, 3);
    const double even[] = {0.2, 0.15, 0.125}, sum = 0.475;
    NEAR((double)one[0], 1 / (1 + exp(c.scale * log((even[1] + even[2]) / even[0]) + c.shift)), 1e-6);
    NEAR((double)one[2], 1 / (1 + exp(-c.scale * log(even[2] / (sum - even[2])) - c.shift)), 1e-6);
    OK(en_calibration_fit(&grades, NULL, p, truth, 99, wish, &c, &err));
    assert_int_equal(c.method, EN_CALIBRATE_PRIOR);
}

/* Of eight photographs in ten nothing but the first class is the most probable. */
static void a_scale_is_answered_by_its_cuts(void **state)
{
    (void)state;
    en_classes grades = {.count = 3, .name = {"0", "1", "4"}};
    static float p[3 * N];
    en_calibration c, read;
    en_random r = en_random_init(5, 0, 0, EN_FOR_TEST);
    OK(en_classes_scale(&grades, "stage", "ordinal", &err));
    for (size_t i = 0; i < N; i++) {
        const double u = en_random_uniform(&r);
        truth[i] = u < 0.8 ? 0 : u < 0.9 ? 1 : 2;
        const double ill = 0.05 + 0.12 * truth[i] + 0.03 * en_random_uniform(&r);
        p[3 * i] = (float)(1 - 1.5 * ill);
        p[3 * i + 1] = (float)(0.5 * ill);
        p[3 * i + 2] = (float)ill;
    }
    OK(en_calibration_fit(&grades, NULL, p, truth, N, wish, &c, &err));
    assert_int_equal(c.cuts, 2);
    size_t right = 0;
    for (size_t i = 0; i < N; i++) {
        float q[3] = {p[3 * i], p[3 * i + 1], p[3 * i + 2]};
        en_calibration_apply(&c, q, 3);
        right += en_calibration_answer(&c, &grades, q) == (size_t)truth[i];
        assert_true(p[3 * i] > p[3 * i + 1] && p[3 * i] > p[3 * i + 2]);
    }
    assert_int_equal(right, N);
    char *json;
    OK(en_calibration_to_json(&c, 3, &json, &err));
    OK(en_calibration_from_json(json, 3, &read, &err));
    assert_int_equal(read.cuts, 2);
    assert_memory_equal(read.cut, c.cut, 2 * sizeof *c.cut);
    en_free(json);
    const char *const wrong[] = {"[0.5]", "[0.5,0.4]", "[0.1,\"x\"]", "7", "[0.1,0.2,0.3]"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char text[160];
        snprintf(text, sizeof text, "{\"method\":\"prior\",\"class_weights\":[1,1,1],\"cuts\":%s}", wrong[i]);
        FAILS(en_calibration_from_json(text, 3, &read, &err), EN_INPUT, "not one of 3 classes");
    }
    OK(en_calibration_fit(&grades, NULL, p, truth, 99, wish, &c, &err)); /* too few */
    assert_int_equal(c.cuts, 0);
    OK(en_classes_scale(&grades, "stage", "nominal", &err));
    OK(en_calibration_fit(&grades, NULL, p, truth, N, wish, &c, &err));
    assert_int_equal(c.cuts, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(class_weights_are_undone_by_the_prior),
        cmocka_unit_test(equal_weights_change_no_bit),
        cmocka_unit_test(sureness_is_fitted_where_both_classes_are_enough),
        cmocka_unit_test(several_classes_have_a_temperature),
        cmocka_unit_test(a_scale_has_scale_and_shift_of_its_log_odds),
        cmocka_unit_test(a_scale_is_answered_by_its_cuts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
