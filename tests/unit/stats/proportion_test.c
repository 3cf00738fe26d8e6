/* Proportions: Wilson's interval against worked numbers. */
#include "check.h"

#include <math.h>

#include "stats/proportion.h"

static void wilsons_interval_is_that_of_worked_examples(void **state)
{
    (void)state;
    en_interval in = en_proportion_wilson(81 / 263.0, 263); /* Newcombe 1998, table I, method 3 */
    NEAR(in.low, 0.2553, 5e-5);
    NEAR(in.high, 0.3662, 5e-5);
    in = en_proportion_wilson(15 / 148.0, 148);
    NEAR(in.low, 0.0624, 5e-5);
    NEAR(in.high, 0.1605, 5e-5);
}

static void none_and_all_of_few_have_an_interval_within_0_and_1(void **state)
{
    (void)state;
    en_interval in = en_proportion_wilson(0, 20); /* Newcombe 1998 */
    NEAR(in.low, 0, 1e-15);
    NEAR(in.high, 0.1611, 5e-5);
    in = en_proportion_wilson(1, 29);
    NEAR(in.low, 1 - 0.1170, 5e-5);
    NEAR(in.high, 1, 1e-15);
}

static void nothing_of_nothing_is_not_a_number(void **state)
{
    (void)state;
    en_interval in = en_proportion_wilson((double)NAN, 0);
    assert_true(isnan(in.low) && isnan(in.high));
}

/* By hand: 0.09 / (0.09 + 0.18) and 0.72 / (0.72 + 0.01), with sqrt(0.1 / 45 + 0.8 / 40) and sqrt(0.9 / 5 + 0.2 / 160)
 * as standard errors of the log odds. */
static void predictive_values_follow_bayes_rule(void **state)
{
    (void)state;
    double value;
    en_interval in = en_predictive_value(0.9, 50, 0.8, 200, 0.1, 1, &value);
    NEAR(value, 1 / 3.0, 1e-12);
    NEAR(in.low, 0.27183718636647, 1e-12);
    NEAR(in.high, 0.40107858855756, 1e-12);
    in = en_predictive_value(0.9, 50, 0.8, 200, 0.1, 0, &value);
    NEAR(value, 72 / 73.0, 1e-12);
    NEAR(in.low, 0.96899892196354, 1e-12);
    NEAR(in.high, 0.99400663416740, 1e-12);
    in = en_predictive_value(0, 50, 1, 200, 0.1, 1, &value); /* nothing is called positive */
    assert_true(isnan(value) && isnan(in.low) && isnan(in.high));
    in = en_predictive_value(1, 50, 0.8, 200, 0.1, 0, &value); /* nothing is missed */
    NEAR(value, 1, 0);
    assert_true(isnan(in.low));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wilsons_interval_is_that_of_worked_examples),
        cmocka_unit_test(none_and_all_of_few_have_an_interval_within_0_and_1),
        cmocka_unit_test(predictive_values_follow_bayes_rule),
        cmocka_unit_test(nothing_of_nothing_is_not_a_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
