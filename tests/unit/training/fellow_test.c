/* Both eyes of a patient: who the fellow is, what is learned of it, and how an answer changes. */
#include "check.h"

#include "training/fellow.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"

enum { PATIENTS = 400, N = 2 * PATIENTS, GRADES = 4 };

static const en_classes grades = {
    .count = GRADES, .name = {"0", "1", "2", "3"}, .ordinal = true, .value = {0, 1, 2, 3}, .positive = 3};
static const en_classes yes_no = {.count = 2, .name = {"0", "1"}, .positive = 1};
static float p[N * GRADES], fellow[N * GRADES];
static int32_t truth[N];
static en_fellow_eye eye[N];

/* The same numbers in every run, 0..1. */
static double noise(size_t i) { return fmod((double)(i + 1) * 0.754877666, 1); }

/* Both eyes of a patient are nearly as ill; what is said of one is so noisy that the other tells more. */
static void fill(size_t classes)
{
    size_t pairs;
    for (size_t i = 0; i < N; i++) {
        const size_t patient = i / 2, ill = (size_t)(noise(patient) * noise(patient + 77) * (double)classes);
        double sum = 0;
        eye[i] = (en_fellow_eye){(int64_t)patient, 1 + (int)(i % 2)};
        truth[i] = (int32_t)ill;
        for (size_t c = 0; c < classes; c++) {
            const double seen = (double)ill + 3 * (noise(i + 1000) - 0.5);
            p[i * classes + c] = (float)exp(-(seen - (double)c) * (seen - (double)c) / 2);
            sum += (double)p[i * classes + c];
        }
        for (size_t c = 0; c < classes; c++) {
            p[i * classes + c] /= (float)sum;
        }
    }
    OK(en_fellow_find(eye, p, N, classes, fellow, &pairs, &err));
    assert_int_equal(pairs, N);
}

static void the_fellow_is_the_mean_of_the_other_eye(void **state)
{
    (void)state;
    /* patient 7: two photographs of the left eye, one of the right, one of neither; patient 3 has one eye */
    static const en_fellow_eye of[] = {{7, 1}, {3, 2}, {7, 2}, {7, 1}, {7, 0}, {8, 0}, {8, 0}};
    static const float said[] = {0.9F, 0.1F, 0.5F, 0.5F, 0.2F, 0.8F, 0.3F, 0.7F, 0, 1, 1, 0, 1, 0};
    float found[14];
    size_t pairs;
    OK(en_fellow_find(of, said, 7, 2, found, &pairs, &err));
    assert_int_equal(pairs, 3);
    NEAR((double)found[1], 0.8, 1e-6);             /* the right one */
    assert_true(isnan(found[2]));                  /* alone */
    NEAR((double)found[5], (0.1 + 0.7) / 2, 1e-6); /* both left ones */
    NEAR((double)found[7], 0.8, 1e-6);
    assert_true(isnan(found[8]) && isnan(found[10]) && isnan(found[12])); /* which eye is not known */
}

static double loss(const float *q, size_t classes)
{
    double sum = 0;
    for (size_t i = 0; i < N; i++) {
        sum -= log(fmax((double)q[i * classes + (size_t)truth[i]], 1e-9)) / N;
    }
    return sum;
}

static void what_the_fellow_tells_is_learned(void **state)
{
    (void)state;
    en_fellow f;
    float q[N * GRADES];
    fill(GRADES);
    OK(en_fellow_fit(&grades, p, fellow, truth, N, &f, &err));
    assert_int_equal(f.thresholds, GRADES - 1);
    assert_int_equal(f.n, N);
    memcpy(q, p, sizeof q);
    for (size_t i = 0; i < N; i++) {
        double sum = 0;
        assert_true(en_fellow_apply(&f, fellow + i * GRADES, q + i * GRADES, GRADES));
        for (size_t c = 0; c < GRADES; c++) {
            assert_true(q[i * GRADES + c] > 0 && q[i * GRADES + c] <= 1);
            sum += (double)q[i * GRADES + c];
        }
        NEAR(sum, 1, 1e-6);
    }
    assert_true(f.own[0] > 0 && f.fellow[0] > 0.1);
    assert_true(loss(q, GRADES) < loss(p, GRADES) - 0.05);
}

/* Thresholds that cross leave half of what the eye itself says to the class between them. */
static void no_class_becomes_impossible(void **state)
{
    (void)state;
    const en_fellow f = {.thresholds = 2, .intercept = {-2, 2}, .own = {1, 1}};
    float q[3] = {0.5F, 0.3F, 0.2F};
    const float same[3] = {0.5F, 0.3F, 0.2F};
    assert_true(en_fellow_apply(&f, same, q, 3));
    const double above = 1 / (1 + exp(2.0)), most = above * (1 - 0.5 * (1 - 0.4));
    NEAR((double)q[0], 1 - above, 1e-6);
    NEAR((double)q[1], above - most, 1e-6);
    NEAR((double)q[2], most, 1e-6);
}

static void two_classes_are_one_threshold(void **state)
{
    (void)state;
    en_fellow f;
    fill(2);
    OK(en_fellow_fit(&yes_no, p, fellow, truth, N, &f, &err));
    assert_int_equal(f.thresholds, 1);
    float q[2] = {0.7F, 0.3F};
    const float sick[2] = {0.1F, 0.9F};
    assert_true(en_fellow_apply(&f, sick, q, 2));
    const double logit = f.intercept[0] + f.own[0] * log(0.3 / 0.7) + f.fellow[0] * log(0.9 / 0.1);
    NEAR((double)q[1], 1 / (1 + exp(-logit)), 1e-5);
}

static void rare_grades_and_lone_eyes_stay_as_they_are(void **state)
{
    (void)state;
    en_fellow f;
    fill(GRADES);
    for (size_t i = 0; i < N; i++) {
        truth[i] = truth[i] == 3 && i >= 30 ? 2 : truth[i]; /* grade 3 nearly gone */
    }
    OK(en_fellow_fit(&grades, p, fellow, truth, N, &f, &err));
    NEAR(f.intercept[2], 0, 1e-12);
    NEAR(f.own[2], 1, 1e-12);
    NEAR(f.fellow[2], 0, 1e-12);
    float q[GRADES] = {0.4F, 0.3F, 0.2F, 0.1F};
    const float none[GRADES] = {NAN, NAN, NAN, NAN}, was[GRADES] = {0.4F, 0.3F, 0.2F, 0.1F};
    assert_false(en_fellow_apply(&f, none, q, GRADES));
    assert_memory_equal(q, was, sizeof q);
    const en_fellow no = {0};
    assert_false(en_fellow_apply(&no, was, q, GRADES));
}

static void what_cannot_be_learned_from_is_refused(void **state)
{
    (void)state;
    en_fellow f;
    en_classes nominal = grades;
    fill(GRADES);
    nominal.ordinal = false;
    FAILS(en_fellow_fit(&nominal, p, fellow, truth, N, &f, &err), EN_INPUT, "not on a scale");
    FAILS(en_fellow_fit(&grades, p, fellow, truth, 99, &f, &err), EN_INPUT, "99 validation photographs have one of");
}

static void json_brings_the_same_back(void **state)
{
    (void)state;
    en_fellow f, again;
    char *json;
    static const char *const odd[] = {"",
                                      "[]",
                                      "{\"thresholds\":[[0,1,0]],\"alone\":{}}",
                                      "{\"thresholds\":[[0,1],[0,1],[0,1]]}",
                                      "{\"thresholds\":[[0,1,\"x\"],[0,1,0],[0,1,0]]}",
                                      "{\"thresholds\":[[0,1,0],[0,1,0],[0,1,0]]}"};
    fill(GRADES);
    OK(en_fellow_fit(&grades, p, fellow, truth, N, &f, &err));
    OK(en_calibration_fit(&grades, NULL, p, truth, N, (const double[EN_OPERATING_RULES]){0.9, 0.9, (double)NAN, 5},
                          &f.alone, &err));
    OK(en_fellow_to_json(&f, &json, &err));
    OK(en_fellow_from_json(json, GRADES, &again, &err));
    for (size_t k = 0; k < f.thresholds; k++) {
        NEAR(again.intercept[k], f.intercept[k], 1e-12);
        NEAR(again.own[k], f.own[k], 1e-12);
        NEAR(again.fellow[k], f.fellow[k], 1e-12);
        NEAR(again.alone.cut[k], f.alone.cut[k], 1e-12);
    }
    assert_int_equal(again.thresholds, f.thresholds);
    assert_int_equal(again.n, N);
    FAILS(en_fellow_from_json(json, 2, &again, &err), EN_INPUT, "is not one of 2 classes");
    en_free(json);
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        FAILS(en_fellow_from_json(odd[i], GRADES, &again, &err), EN_INPUT, "");
    }
    OK(en_fellow_from_json(NULL, GRADES, &again, &err));
    assert_int_equal(again.thresholds, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_fellow_is_the_mean_of_the_other_eye),
        cmocka_unit_test(what_the_fellow_tells_is_learned),
        cmocka_unit_test(no_class_becomes_impossible),
        cmocka_unit_test(two_classes_are_one_threshold),
        cmocka_unit_test(rare_grades_and_lone_eyes_stay_as_they_are),
        cmocka_unit_test(what_cannot_be_learned_from_is_refused),
        cmocka_unit_test(json_brings_the_same_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
