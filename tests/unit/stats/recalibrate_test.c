/* Scale, shift and temperature against conditions that the best ones meet, and operating points by hand. */
#include "check.h"

#include "base/random.h"
#include "stats/operating.h"
#include "stats/recalibrate.h"

enum { N = 4000 };

static double sigmoid(double x) { return 1 / (1 + exp(-x)); }

/* Log odds that are half as steep as they should be, and 1.5 too high. */
static void platt_finds_the_scale_and_shift_that_were_lost(void **state)
{
    (void)state;
    static double score[N];
    static uint8_t truth[N];
    en_random r = en_random_init(4, 0, 0, EN_FOR_TEST);
    double scale, shift, positives = 0;
    for (size_t i = 0; i < N; i++) {
        double odds = 2 * en_random_normal(&r) - 1;
        truth[i] = en_random_uniform(&r) < sigmoid(odds);
        positives += truth[i];
        score[i] = odds / 2 + 1.5;
    }
    en_recalibrate_platt(score, truth, N, &scale, &shift);
    NEAR(scale, 2, 0.15);
    NEAR(shift, -3, 0.25);
    /* the gradient is 0: probabilities and targets have the same sum, also weighted by the scores */
    double high = (positives + 1) / (positives + 2), low = 1 / (N - positives + 2), off = 0, weighted = 0;
    for (size_t i = 0; i < N; i++) {
        double by = sigmoid(scale * score[i] + shift) - (truth[i] ? high : low);
        off += by;
        weighted += by * score[i];
    }
    NEAR(off / N, 0, 1e-8);
    NEAR(weighted / N, 0, 1e-8);
}

static void platt_stays_finite_where_the_classes_are_apart(void **state)
{
    (void)state;
    const double score[] = {-2, -1, 1, 3};
    const uint8_t truth[] = {0, 0, 1, 1}, one[] = {1, 1, 1, 1};
    double scale, shift;
    en_recalibrate_platt(score, truth, 4, &scale, &shift);
    assert_true(scale > 0.3 && scale < 5 && fabs(shift) < 2);
    en_recalibrate_platt(score, one, 4, &scale, &shift);
    NEAR(scale, 1, 0);
    NEAR(shift, 0, 0);
}

static void the_temperature_makes_the_expected_logit_that_of_the_truths(void **state)
{
    (void)state;
    enum { CLASSES = 3 };
    static double logit[N * CLASSES];
    static int32_t truth[N];
    en_random r = en_random_init(6, 0, 0, EN_FOR_TEST);
    for (size_t i = 0; i < N; i++) {
        double p[CLASSES], drawn = en_random_uniform(&r);
        for (size_t c = 0; c < CLASSES; c++) {
            p[c] = en_random_normal(&r) + (double)c / 2;
            logit[CLASSES * i + c] = 2.5 * p[c]; /* too sure of itself */
        }
        en_recalibrate_softmax(p, CLASSES, 1);
        NEAR(p[0] + p[1] + p[2], 1, 1e-12);
        truth[i] = drawn < p[0] ? 0 : drawn < p[0] + p[1] ? 1 : 2;
    }
    double factor = en_recalibrate_temperature(logit, truth, N, CLASSES), off = 0;
    NEAR(factor, 1 / 2.5, 0.04);
    for (size_t i = 0; i < N; i++) {
        double p[CLASSES];
        memcpy(p, logit + CLASSES * i, sizeof p);
        en_recalibrate_softmax(p, CLASSES, factor);
        for (size_t c = 0; c < CLASSES; c++) {
            off += (p[c] - (truth[i] == (int32_t)c)) * logit[CLASSES * i + c];
        }
    }
    NEAR(off / N, 0, 1e-9);
    NEAR(en_recalibrate_temperature(NULL, NULL, 0, CLASSES), 1, 0);
}

static void proportional_odds_scale_and_shift_every_step_and_keep_their_order(void **state)
{
    (void)state;
    double p[4] = {0.5, 0.2, 0, 0.3}, q[4];
    NEAR(en_recalibrate_log_odds(p, 4, 0), 0, 1e-12);
    NEAR(en_recalibrate_log_odds(p, 4, 1), log(0.3 / 0.7), 1e-12);
    NEAR(en_recalibrate_log_odds(p, 4, 2), log(0.3 / 0.7), 1e-12);
    memcpy(q, p, sizeof q);
    en_recalibrate_cumulative(q, 4, 1, 0);
    for (size_t i = 0; i < 4; i++) {
        NEAR(q[i], p[i], 1e-12);
    }
    en_recalibrate_cumulative(q, 4, 2, -0.5);
    const double above = 1 / (1 + exp(0.5)), last = 1 / (1 + exp(0.5 - 2 * log(0.3 / 0.7)));
    NEAR(q[0], 1 - above, 1e-12);
    NEAR(q[1], above - last, 1e-12);
    NEAR(q[2], 0, 1e-12);
    NEAR(q[3], last, 1e-12);
    double sure[3] = {0, 0, 1}; /* finite, and it stays sure */
    en_recalibrate_cumulative(sure, 3, 0.5, 0);
    assert_true(sure[2] > 1 - 1e-9 && sure[0] >= 0 && sure[1] >= 0);
}

/* By falling score: + + - + - - + - - -, ten of them from 0.95 down in steps of 0.1. */
static const double score[] = {0.95, 0.85, 0.75, 0.65, 0.55, 0.45, 0.35, 0.25, 0.15, 0.05};
static const uint8_t truth[] = {1, 1, 0, 1, 0, 0, 1, 0, 0, 0};

static double threshold(en_operating_rule rule, double wish)
{
    double at;
    OK(en_operating_threshold(rule, wish, score, truth, 10, &at, &err));
    return at;
}

static void operating_points_are_the_best_by_their_rule(void **state)
{
    (void)state;
    NEAR(threshold(EN_AT_SENSITIVITY, 0.75), 0.6, 1e-12); /* 3 of 4, with 1 false alarm: between 0.65 and 0.55 */
    NEAR(threshold(EN_AT_SENSITIVITY, 0.76), 0.3, 1e-12); /* all 4, with 3 */
    NEAR(threshold(EN_AT_SPECIFICITY, 1), 0.8, 1e-12);    /* 2 of 4, without any */
    NEAR(threshold(EN_AT_SPECIFICITY, 5 / 6.0), 0.6, 1e-12);
    NEAR(threshold(EN_AT_YOUDEN, 0), 0.6, 1e-12); /* 3/4 - 1/6; two found without an alarm are 1/2 */
    NEAR(threshold(EN_AT_COST, 0.5), 0.8, 1e-12); /* 2 * 0.5 = 1; one alarm more for one miss less is dearer */
    NEAR(threshold(EN_AT_COST, 2.5), 0.3, 1e-12); /* 3; against 1 + 2.5 at 0.6 */
    assert_true(isinf(threshold(EN_AT_COST, 1e-3)) || threshold(EN_AT_COST, 1e-3) > 0.8 - 1e-12);
    double at;
    const double wrong[] = {0.1, 0.9};
    const uint8_t upside[] = {1, 0}, one[] = {1, 1};
    OK(en_operating_threshold(EN_AT_SPECIFICITY, 1, wrong, upside, 2, &at, &err));
    assert_true(isinf(at)); /* nothing may be called */
    OK(en_operating_threshold(EN_AT_YOUDEN, 0, wrong, one, 2, &at, &err));
    assert_true(isnan(at));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(platt_finds_the_scale_and_shift_that_were_lost),
        cmocka_unit_test(platt_stays_finite_where_the_classes_are_apart),
        cmocka_unit_test(the_temperature_makes_the_expected_logit_that_of_the_truths),
        cmocka_unit_test(proportional_odds_scale_and_shift_every_step_and_keep_their_order),
        cmocka_unit_test(operating_points_are_the_best_by_their_rule),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
