/* Means, deviations and quantiles. */
#include "check.h"

#include "stats/basic.h"

static void means_and_deviations_are_exact_on_small_numbers(void **state)
{
    (void)state;
    const double x[] = {2, 4, 4, 4, 5, 5, 7, 9};
    NEAR(en_sum(x, 8), 40.0, 0.0);
    NEAR(en_mean(x, 8), 5.0, 0.0);
    NEAR(en_stdev(x, 8), sqrt(32.0 / 7.0), 1e-15);
    assert_true(isnan(en_mean(x, 0)));
    assert_true(isnan(en_stdev(x, 1)));
    NEAR(en_sum(x, 0), 0.0, 0.0);
}

static void a_sum_does_not_lose_the_small_ones(void **state)
{
    (void)state;
    const double x[] = {1.0, 1e100, 1.0, -1e100};
    NEAR(en_sum(x, 4), 2.0, 0.0); /* a plain sum gives 0 */
    const double far[] = {1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16};
    NEAR(en_stdev(far, 4), sqrt(30.0), 1e-12);
    const double endless[] = {1.0, (double)INFINITY, 2.0};
    assert_true(isinf(en_sum(endless, 3)));
}

static void quantiles_interpolate_between_neighbours(void **state)
{
    (void)state;
    const double x[] = {4, 1, 3, 2};
    double q;
    OK(en_quantile(x, 4, 0.0, &q, &err));
    NEAR(q, 1.0, 0.0);
    OK(en_quantile(x, 4, 1.0, &q, &err));
    NEAR(q, 4.0, 0.0);
    OK(en_quantile(x, 4, 0.25, &q, &err));
    NEAR(q, 1.75, 1e-15);
    OK(en_median(x, 4, &q, &err));
    NEAR(q, 2.5, 1e-15);
    OK(en_median(x, 3, &q, &err));
    NEAR(q, 3.0, 0.0);
    OK(en_median(x, 1, &q, &err));
    NEAR(q, 4.0, 0.0);
    OK(en_median(x, 0, &q, &err));
    assert_true(isnan(q));
    NEAR(x[0], 4.0, 0.0); /* not sorted in place */
    const double hole[] = {1.0, (double)NAN}, ends[] = {-(double)INFINITY, (double)INFINITY};
    FAILS(en_median(hole, 2, &q, &err), EN_INPUT, "not a number");
    FAILS(en_quantile(x, 4, 1.5, &q, &err), EN_INPUT, "0..1, not 1.5");
    OK(en_quantile(ends, 2, 1.0, &q, &err));
    assert_true(isinf(q));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(means_and_deviations_are_exact_on_small_numbers),
        cmocka_unit_test(a_sum_does_not_lose_the_small_ones),
        cmocka_unit_test(quantiles_interpolate_between_neighbours),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
