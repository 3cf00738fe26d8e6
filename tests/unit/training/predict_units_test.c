/* Photographs of one eye and of one patient: which belong together, and what they say together. */
#include "check.h"

#include "training/predict_units.h"

#include <math.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/memory.h"

enum { ROWS = 6, MANY = 60000 };

static const en_classes grades = {.count = 3, .name = {"0", "1", "2"}, .ordinal = true, .value = {0, 1, 2}};

/* Two photographs of eyes that are not known, one that failed between those of patient 1. */
static void fill(en_predict_result *r, en_prediction_row *row)
{
    static const struct {
        char *patient;
        const char *eye;
        char *reason;
        double p[3];
    } given[ROWS] = {{"b", NULL, NULL, {0.6, 0.3, 0.1}},        {"1", "right", NULL, {0.2, 0.2, 0.6}},
                     {"1", "left", "no photograph", {0, 0, 0}}, {"b", NULL, NULL, {0.2, 0.6, 0.2}},
                     {"1", "right", NULL, {0.6, 0.2, 0.2}},     {"1", "left", NULL, {0.7, 0.2, 0.1}}};
    *r = (en_predict_result){
        .classes = grades, .row = row, .count = ROWS, .threshold = (double)NAN, .threshold_alone = (double)NAN};
    for (size_t i = 0; i < ROWS; i++) {
        row[i] = (en_prediction_row){.patient = given[i].patient, .eye = given[i].eye, .reason = given[i].reason};
        for (size_t c = 0; c < 3; c++) {
            row[i].probability[c] = given[i].p[c];
            row[i].predicted = given[i].p[c] > row[i].probability[row[i].predicted] ? c : row[i].predicted;
        }
    }
    OK(en_predict_number(r, &err));
}

static void patients_and_eyes_are_numbered_as_they_come(void **state)
{
    (void)state;
    static const int64_t patient[ROWS] = {1, 2, 2, 1, 2, 2}, eye[ROWS] = {1, 2, 3, 4, 2, 3};
    static const size_t by_patient[ROWS] = {0, 3, 1, 2, 4, 5};
    en_prediction_row row[ROWS];
    en_predict_result r;
    size_t *order;
    fill(&r, row);
    OK(en_predict_by_patient(&r, &order, &err));
    for (size_t i = 0; i < ROWS; i++) {
        assert_int_equal(row[i].patient_group, patient[i]);
        assert_int_equal(row[i].eye_group, eye[i]);
        assert_int_equal(order[i], by_patient[i]);
    }
    en_free(order);
    en_predict_result none = {.classes = grades};
    OK(en_predict_number(&none, &err));
    OK(en_predict_combine(&none, NULL, NULL, EN_UNIT_EYE, EN_COMBINE_MEAN, &err));
    assert_int_equal(none.units, 0);
    en_free(none.unit_row);
}

static void an_eye_is_the_mean_of_its_photographs(void **state)
{
    (void)state;
    en_prediction_row row[ROWS];
    en_predict_result r;
    fill(&r, row);
    OK(en_predict_combine(&r, NULL, NULL, EN_UNIT_EYE, EN_COMBINE_WORST, &err));
    assert_int_equal(r.units, 4);
    assert_string_equal(r.unit_row[2].eye, "right");
    assert_int_equal(r.unit_row[2].photographs, 2);
    NEAR(r.unit_row[2].probability[2], 0.4, 1e-6);
    assert_string_equal(r.unit_row[3].eye, "left");
    assert_int_equal(r.unit_row[3].failed, 1);
    assert_string_equal(r.unit_row[3].reason, "no photograph");
    NEAR(r.unit_row[3].probability[0], 0.7, 1e-6);
    assert_null(r.unit_row[1].eye);
    assert_int_equal(r.unit_row[1].predicted, 1);
    en_free(r.unit_row);
}

/* Of patient b no fellow was looked at: the expected value of the mean, 0.75, is above one cut and below the other. */
static void units_without_a_fellow_have_the_decision_of_those(void **state)
{
    (void)state;
    const en_calibration both = {.cuts = 2, .cut = {0.8, 1.9}}, alone = {.cuts = 2, .cut = {0.7, 0.72}};
    en_prediction_row row[ROWS];
    en_predict_result r;
    fill(&r, row);
    r.fellows = true;
    row[1].with_fellow = row[4].with_fellow = row[5].with_fellow = true;
    OK(en_predict_combine(&r, &both, &alone, EN_UNIT_PATIENT, EN_COMBINE_MEAN, &err));
    assert_string_equal(r.unit_row[0].patient, "b");
    assert_int_equal(r.unit_row[0].predicted, 2);
    NEAR(r.unit_row[1].probability[2], 0.25, 1e-6);
    assert_int_equal(r.unit_row[1].predicted, 0); /* an expected value of 0.7 */
    en_free(r.unit_row);
    r.classes.count = 2;
    r.threshold = 0.9;
    r.threshold_alone = 0.1;
    r.units = 0;
    OK(en_predict_combine(&r, &both, &alone, EN_UNIT_PATIENT, EN_COMBINE_WORST, &err));
    assert_int_equal(r.unit_row[0].predicted, 1);
    assert_int_equal(r.unit_row[1].predicted, 0);
    en_free(r.unit_row);
}

/* Comparing all names with each other, 60,000 took longer than their predictions. */
static void many_photographs_take_no_time(void **state)
{
    (void)state;
    en_prediction_row *row = en_calloc(MANY, sizeof *row);
    char(*name)[16] = en_calloc(MANY, sizeof *name);
    en_predict_result r = {.classes = grades, .row = row, .count = MANY, .threshold = (double)NAN};
    assert_true(row != NULL && name != NULL);
    for (size_t i = 0; i < MANY; i++) {
        (void)snprintf(name[i], sizeof name[i], "patient%zu", i);
        row[i].patient = name[i];
    }
    const double began = en_clock_seconds();
    OK(en_predict_number(&r, &err));
    OK(en_predict_combine(&r, NULL, NULL, EN_UNIT_PATIENT, EN_COMBINE_WORST, &err));
    assert_true(en_clock_seconds() - began < 5);
    assert_int_equal(r.units, MANY);
    assert_int_equal(row[MANY - 1].patient_group, MANY);
    assert_string_equal(r.unit_row[7].patient, "patient7");
    en_free(r.unit_row);
    en_free(name);
    en_free(row);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(patients_and_eyes_are_numbered_as_they_come),
        cmocka_unit_test(an_eye_is_the_mean_of_its_photographs),
        cmocka_unit_test(units_without_a_fellow_have_the_decision_of_those),
        cmocka_unit_test(many_photographs_take_no_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
