/* Metrics as text shows them. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/number.h"

#define DASH "\xe2\x80\x93"

static char text[EN_NUMBER_TEXT];

static void counts_have_commas(void **state)
{
    (void)state;
    assert_string_equal(en_number_count(0, text), "0");
    assert_string_equal(en_number_count(999, text), "999");
    assert_string_equal(en_number_count(106386, text), "106,386");
    assert_string_equal(en_number_count(-1234567, text), "-1,234,567");
    assert_string_equal(en_number_count(-123, text), "-123");
    assert_string_equal(en_number_count(INT64_MIN, text), "-9,223,372,036,854,775,808");
}

static void fixed_figures_round_to_their_decimals(void **state)
{
    (void)state;
    assert_string_equal(en_number_fixed(0.94, 3, text), "0.940");
    assert_string_equal(en_number_fixed(0.9996, 3, text), "1.000");
    assert_string_equal(en_number_fixed(-0.0001, 2, text), "0.00");
    assert_string_equal(en_number_fixed(-2.5, 1, text), "-2.5");
    assert_string_equal(en_number_fixed(12, 0, text), "12");
}

static void short_figures_end_without_zeros(void **state)
{
    (void)state;
    assert_string_equal(en_number_short(0.5, 2, text), "0.5");
    assert_string_equal(en_number_short(100, 2, text), "100");
    assert_string_equal(en_number_short(3.14159, 2, text), "3.14");
}

static void what_is_no_number_is_a_dash(void **state)
{
    (void)state;
    assert_string_equal(en_number_fixed((double)NAN, 3, text), DASH);
    assert_string_equal(en_number_percent((double)INFINITY, 1, text), DASH);
    assert_string_equal(en_number_seconds((double)NAN, text), DASH);
}

static void huge_figures_fit_their_room(void **state)
{
    (void)state;
    assert_string_equal(en_number_fixed(1e30, 2, text), "1e+30");
    assert_true(strlen(en_number_fixed(-1.7e308, 9, text)) < EN_NUMBER_TEXT);
    assert_true(strlen(en_number_seconds(1e300, text)) < EN_NUMBER_TEXT);
}

static void seconds_become_minutes_and_hours(void **state)
{
    (void)state;
    assert_string_equal(en_number_seconds(4.21, text), "4.2 s");
    assert_string_equal(en_number_seconds(99.96, text), "1 min 40 s");
    assert_string_equal(en_number_seconds(725, text), "12 min 5 s");
    assert_string_equal(en_number_seconds(3 * 3600 + 125, text), "3 h 2 min");
}

static void shares_become_percent(void **state)
{
    (void)state;
    assert_string_equal(en_number_percent(0.7354, 1, text), "73.5%");
    assert_string_equal(en_number_percent(1, 0, text), "100%");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_have_commas),
        cmocka_unit_test(fixed_figures_round_to_their_decimals),
        cmocka_unit_test(short_figures_end_without_zeros),
        cmocka_unit_test(what_is_no_number_is_a_dash),
        cmocka_unit_test(huge_figures_fit_their_room),
        cmocka_unit_test(seconds_become_minutes_and_hours),
        cmocka_unit_test(shares_become_percent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
