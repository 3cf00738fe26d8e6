/* The distance of two samples. */
#include "check.h"

#include "stats/ks.h"

static void the_distance_is_the_largest_between_the_distribution_functions(void **state)
{
    (void)state;
    en_ks ks;
    const double x[] = {3, 1, 2, 4}, y[] = {6, 3.5, 5, 7, 2.5};
    /* before 5 all four of x are passed, and two of the five of y */
    OK(en_ks_compare(x, 4, y, 5, &ks, &err));
    NEAR(ks.distance, 0.6, 1e-15);
    assert_int_equal(ks.n, 4);
    assert_int_equal(ks.m, 5);
    NEAR(ks.critical, 1.628 * sqrt(9.0 / 20.0), 1e-12);
    OK(en_ks_compare(y, 5, x, 4, &ks, &err));
    NEAR(ks.distance, 0.6, 1e-15);
}

static void equal_numbers_are_one_step(void **state)
{
    (void)state;
    en_ks ks;
    const double x[] = {1, 1, 2, 2}, y[] = {1, 2};
    OK(en_ks_compare(x, 4, y, 2, &ks, &err));
    NEAR(ks.distance, 0.0, 0.0);
    const double apart[] = {5, 6};
    OK(en_ks_compare(x, 4, apart, 2, &ks, &err));
    NEAR(ks.distance, 1.0, 0.0);
}

static void what_is_not_known_is_left_out(void **state)
{
    (void)state;
    en_ks ks;
    const double x[] = {1, (double)NAN, 2}, none[] = {(double)NAN};
    OK(en_ks_compare(x, 3, x, 3, &ks, &err));
    NEAR(ks.distance, 0.0, 0.0);
    assert_int_equal(ks.n, 2);
    OK(en_ks_compare(x, 3, none, 1, &ks, &err));
    assert_true(isnan(ks.distance) && isnan(ks.critical));
    assert_int_equal(ks.m, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_distance_is_the_largest_between_the_distribution_functions),
        cmocka_unit_test(equal_numbers_are_one_step),
        cmocka_unit_test(what_is_not_known_is_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
