/* Proportions: Wilson's interval against worked numbers. */
#include "check.h"

#include <math.h>

#include "stats/proportion.h"

static void wilsons_interval_is_that_of_worked_examples(void **state)
{
    (void)state;
    double low, high;
    en_proportion_interval(81, 263, &low, &high); /* Newcombe 1998, table I, method 3 */
    NEAR(low, 0.2553, 5e-5);
    NEAR(high, 0.3662, 5e-5);
    en_proportion_interval(15, 148, &low, &high);
    NEAR(low, 0.0624, 5e-5);
    NEAR(high, 0.1605, 5e-5);
}

static void none_and_all_of_few_have_an_interval_within_0_and_1(void **state)
{
    (void)state;
    double low, high;
    en_proportion_interval(0, 20, &low, &high); /* Newcombe 1998 */
    NEAR(low, 0, 1e-15);
    NEAR(high, 0.1611, 5e-5);
    en_proportion_interval(29, 29, &low, &high);
    NEAR(low, 1 - 0.1170, 5e-5);
    NEAR(high, 1, 1e-15);
}

static void nothing_of_nothing_is_not_a_number(void **state)
{
    (void)state;
    double low = 0, high = 0;
    en_proportion_interval(0, 0, &low, &high);
    assert_true(isnan(low) && isnan(high));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wilsons_interval_is_that_of_worked_examples),
        cmocka_unit_test(none_and_all_of_few_have_an_interval_within_0_and_1),
        cmocka_unit_test(nothing_of_nothing_is_not_a_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
