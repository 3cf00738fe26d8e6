/* Curves as characters. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "render/curve.h"

/* All rows of a curve within its own range, each ended by a line feed. */
static void draws(const en_curve *curve, const char *expected)
{
    double low, high;
    en_buf out;
    en_error err;
    en_buf_init(&out, 4096);
    en_curve_range(curve, &low, &high);
    for (size_t row = 0; row < curve->rows; row++) {
        assert_int_equal(en_curve_row(curve, low, high, row, &out, &err), EN_OK);
        assert_int_equal(en_buf_text(&out, "\n", &err), EN_OK);
    }
    assert_string_equal(en_buf_str(&out), expected);
    en_buf_clear(&out);
}

static void a_column_is_filled_up_to_its_value(void **state)
{
    (void)state;
    static const double rising[] = {0, 1, 2, 3, 4, 5, 6, 7};
    draws(&(en_curve){rising, 8, 8, 1, true}, "▁▂▃▄▅▆▇█\n");
    draws(&(en_curve){rising, 8, 8, 1, false}, "...:::##\n");
    static const double steep[] = {3, 18, 10.5};
    draws(&(en_curve){steep, 3, 3, 2, true},
          " █▁\n▁██\n"); /* the middle is 8.5 eighths of 16: half an eighth is seen */
}

static void a_column_shows_the_mean_of_what_falls_on_it(void **state)
{
    (void)state;
    double low, high;
    static const double many[] = {0, 2, 9, 7, 100, -92};
    const en_curve three = {many, 6, 3, 1, true};
    en_curve_range(&three, &low, &high);
    assert_true(low == 1 && high == 8);
    draws(&three, "▁█▄\n");
    static const double few[] = {5, 6};
    draws(&(en_curve){few, 2, 5, 1, true}, "▁▁▁██\n");
}

static void what_is_no_number_leaves_its_column_empty(void **state)
{
    (void)state;
    double low, high;
    static const double holes[] = {(double)NAN, 1, (double)INFINITY, 2};
    draws(&(en_curve){holes, 4, 4, 1, true}, " ▁ █\n");
    static const double none[] = {(double)NAN};
    const en_curve nothing = {none, 1, 3, 2, true};
    en_curve_range(&nothing, &low, &high);
    assert_true(isnan(low) && isnan(high));
    draws(&nothing, "   \n   \n");
    draws(&(en_curve){NULL, 0, 2, 1, true}, "  \n");
    static const double equal[] = {4, 4};
    draws(&(en_curve){equal, 2, 2, 2, true}, "  \n▁▁\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_column_is_filled_up_to_its_value),
        cmocka_unit_test(a_column_shows_the_mean_of_what_falls_on_it),
        cmocka_unit_test(what_is_no_number_leaves_its_column_empty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
