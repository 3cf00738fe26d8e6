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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wilsons_interval_is_that_of_worked_examples),
        cmocka_unit_test(none_and_all_of_few_have_an_interval_within_0_and_1),
        cmocka_unit_test(nothing_of_nothing_is_not_a_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
