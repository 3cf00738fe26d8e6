/* Promotion: which comparison lets a run replace another. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "training/promote.h"

#include <math.h>

static bool is_fit(double low, double high, const char *verdict, double margin)
{
    const en_compared row = {.difference = (low + high) / 2, .low = low, .high = high, .verdict = verdict};
    return en_promote_is_fit(&row, margin);
}

static void a_run_is_promoted_where_its_interval_excludes_the_margin(void **state)
{
    (void)state;
    assert_true(is_fit(0.01, 0.05, "better", 0.02));
    assert_true(is_fit(-0.019, 0.05, "not worse", 0.02));
    assert_true(is_fit(-0.015, -0.001, "worse", 0.02)); /* worse, but not by the margin */
    assert_false(is_fit(-0.021, 0.05, "not distinguishable", 0.02));
    assert_false(is_fit(-0.02, 0.05, "not distinguishable", 0.02)); /* the margin itself is not excluded */
    assert_false(is_fit(-0.09, -0.03, "worse", 0.02));
}

static void without_an_interval_only_the_same_answers_do(void **state)
{
    (void)state;
    assert_false(is_fit((double)NAN, (double)NAN, "too few patients", 0.02));
    assert_true(is_fit((double)NAN, (double)NAN, "same answers", 0.02));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_run_is_promoted_where_its_interval_excludes_the_margin),
        cmocka_unit_test(without_an_interval_only_the_same_answers_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
