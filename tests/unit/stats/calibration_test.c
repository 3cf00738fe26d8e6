/* Calibration against values computed by hand. */
#include "check.h"

#include "stats/calibration.h"

static void bins_hold_their_edges(void **state)
{
    (void)state;
    const double p[] = {0.0, 0.5, 0.49, 1.0, 0.75};
    const uint8_t truth[] = {0, 1, 0, 1, 0};
    en_calibration_bin bin[2];
    OK(en_calibration_bins(p, truth, 5, 2, bin, &err));
    assert_int_equal(bin[0].count, 2);
    assert_int_equal(bin[0].positive, 0);
    NEAR(bin[0].mean_p, 0.245, 1e-15);
    assert_int_equal(bin[1].count, 3); /* 0.5 and 1.0 belong to the upper one */
    assert_int_equal(bin[1].positive, 2);
    NEAR(bin[1].mean_p, 0.75, 1e-15);
    OK(en_calibration_bins(p, truth, 1, 2, bin, &err));
    assert_int_equal(bin[1].count, 0);
    assert_true(isnan(bin[1].mean_p));
    FAILS(en_calibration_bins(p, truth, 5, 0, bin, &err), EN_INPUT, "bins");
}

static void ece_weighs_the_gaps_by_how_many_fall_into_a_bin(void **state)
{
    (void)state;
    double ece;
    /* bin of 0.9: 4, three true: gap |3 - 3.6|; bin of 0.1: 1, true: gap |1 - 0.1| */
    const double p[] = {0.9, 0.9, 0.9, 0.9, 0.1};
    const uint8_t truth[] = {1, 1, 1, 0, 1};
    OK(en_calibration_ece(p, truth, 5, &ece, &err));
    NEAR(ece, (0.6 + 0.9) / 5.0, 1e-15);
    const double sure[] = {1.0, 0.0};
    const uint8_t right[] = {1, 0}, wrong[] = {0, 1};
    OK(en_calibration_ece(sure, right, 2, &ece, &err));
    NEAR(ece, 0.0, 0.0);
    OK(en_calibration_ece(sure, wrong, 2, &ece, &err));
    NEAR(ece, 1.0, 0.0);
    OK(en_calibration_ece(NULL, NULL, 0, &ece, &err));
    assert_true(isnan(ece));
}

static void brier_is_the_mean_square(void **state)
{
    (void)state;
    double brier;
    const double p[] = {0.8, 0.3};
    const uint8_t truth[] = {1, 0};
    OK(en_calibration_brier(p, truth, 2, &brier, &err));
    NEAR(brier, (0.04 + 0.09) / 2.0, 1e-15);
    OK(en_calibration_brier(NULL, NULL, 0, &brier, &err));
    assert_true(isnan(brier));
}

static void what_is_no_probability_is_refused(void **state)
{
    (void)state;
    double x;
    const uint8_t truth[] = {1};
    const double bad[] = {1.0000001, -0.1, (double)NAN};
    for (size_t i = 0; i < 3; i++) {
        FAILS(en_calibration_ece(&bad[i], truth, 1, &x, &err), EN_INPUT, "a probability lies in 0..1");
        FAILS(en_calibration_brier(&bad[i], truth, 1, &x, &err), EN_INPUT, "a probability lies in 0..1");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bins_hold_their_edges),
        cmocka_unit_test(ece_weighs_the_gaps_by_how_many_fall_into_a_bin),
        cmocka_unit_test(brier_is_the_mean_square),
        cmocka_unit_test(what_is_no_probability_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
