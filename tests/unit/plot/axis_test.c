/* Axes: ticks at round numbers, whatever the range. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "plot/axis.h"

static void ticks_are_round_and_cover_the_range(void **state)
{
    (void)state;
    en_axis a = en_axis_make(0.07, 0.93, 5, false, true);
    assert_float_equal(a.low, 0.0, 1e-12);
    assert_float_equal(a.high, 1.0, 1e-12);
    assert_float_equal(a.step, 0.2, 1e-12);
    assert_int_equal(a.ticks, 6);
    char text[EN_NUMBER_TEXT];
    assert_string_equal(en_axis_label(&a, en_axis_tick(&a, 3), text), "0.6");
}

static void an_axis_not_rounded_out_keeps_its_ends(void **state)
{
    (void)state;
    en_axis a = en_axis_make(1, 30, 8, true, false);
    assert_float_equal(a.low, 1, 0);
    assert_float_equal(a.high, 30, 0);
    assert_float_equal(a.first, 5, 1e-12);
    assert_float_equal(en_axis_tick(&a, a.ticks - 1), 30, 1e-12);
    a.from = 100;
    a.to = 200;
    assert_float_equal(en_axis_at(&a, 1), 100, 1e-9);
    assert_float_equal(en_axis_at(&a, 30), 200, 1e-9);
}

static void whole_numbers_stay_whole_on_a_short_axis(void **state)
{
    (void)state;
    en_axis a = en_axis_make(1, 2, 8, true, false);
    assert_float_equal(a.step, 1, 0);
    assert_int_equal(a.ticks, 2);
    assert_int_equal(a.decimals, 0);
}

static void a_single_value_gets_room_around_it(void **state)
{
    (void)state;
    const double values[] = {0, 5, -3, 1e-12, 1e29, -1e30};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        en_axis a = en_axis_make(values[i], values[i], 5, false, true);
        assert_true(a.low <= values[i] && values[i] <= a.high && a.low < a.high);
        assert_true(a.ticks >= 2 && a.ticks <= 20);
    }
}

static void nonsense_ranges_become_zero_to_one(void **state)
{
    (void)state;
    const double ranges[][2] = {{(double)NAN, (double)NAN}, {0, (double)INFINITY}, {3, 1}, {-1e300, 1e300}};
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++) {
        en_axis a = en_axis_make(ranges[i][0], ranges[i][1], 5, false, true);
        assert_float_equal(a.low, 0, 0);
        assert_float_equal(a.high, 1, 0);
    }
}

static void every_range_has_a_handful_of_ticks(void **state)
{
    (void)state;
    for (double span = 1e-9; span < 1e29; span *= 1.7) {
        for (int k = -2; k <= 2; k++) {
            en_axis a = en_axis_make(k * span, k * span + span, 6, false, true);
            assert_true(a.low <= k * span && a.high >= (k + 1) * span - span * 1e-6);
            assert_true(a.ticks >= 3 && a.ticks <= 14);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ticks_are_round_and_cover_the_range),
        cmocka_unit_test(an_axis_not_rounded_out_keeps_its_ends),
        cmocka_unit_test(whole_numbers_stay_whole_on_a_short_axis),
        cmocka_unit_test(a_single_value_gets_room_around_it),
        cmocka_unit_test(nonsense_ranges_become_zero_to_one),
        cmocka_unit_test(every_range_has_a_handful_of_ticks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
