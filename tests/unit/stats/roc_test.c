/* ROC curve, AUC, sensitivity at a specificity, and the bootstrap interval. */
#include "check.h"

#include "base/random.h"
#include "stats/basic.h"
#include "stats/roc.h"

/* Sorted by score: 0.9 +, 0.8 +, 0.7 -, 0.6 + and -, 0.5 -, 0.4 +, 0.3 -. */
static const double score[] = {0.4, 0.9, 0.6, 0.7, 0.8, 0.3, 0.5, 0.6};
static const uint8_t truth[] = {1, 1, 1, 0, 1, 0, 0, 0};
#define N (sizeof score / sizeof score[0])

static void auc_counts_pairs_in_the_right_order_and_ties_half(void **state)
{
    (void)state;
    double auc;
    /* of 16 pairs: 0.9 and 0.8 win 4 each, 0.6 wins 2 and ties 1, 0.4 wins 1 */
    OK(en_roc_auc(score, truth, N, &auc, &err));
    NEAR(auc, (4 + 4 + 2.5 + 1) / 16.0, 1e-15);
    const double same[] = {0.5, 0.5, 0.5};
    const uint8_t mixed[] = {1, 0, 1};
    OK(en_roc_auc(same, mixed, 3, &auc, &err));
    NEAR(auc, 0.5, 1e-15);
}

static void auc_equals_the_count_of_all_pairs_on_random_scores(void **state)
{
    (void)state;
    enum { COUNT = 500 };
    double s[COUNT], auc, won = 0.0, pairs = 0.0;
    uint8_t t[COUNT];
    en_random r = en_random_init(1, 0, 0, EN_FOR_TEST);
    for (size_t i = 0; i < COUNT; i++) {
        t[i] = (uint8_t)en_random_below(&r, 2);
        s[i] = (double)(en_random_below(&r, 50) + 10 * t[i]); /* many ties */
    }
    for (size_t i = 0; i < COUNT; i++) {
        for (size_t j = 0; j < COUNT; j++) {
            if (t[i] && !t[j]) {
                pairs += 1.0;
                won += s[i] > s[j] ? 1.0 : s[i] < s[j] ? 0.0 : 0.5;
            }
        }
    }
    OK(en_roc_auc(s, t, COUNT, &auc, &err));
    NEAR(auc, won / pairs, 1e-14);
}

static void auc_without_positives_or_negatives_cannot_be_told(void **state)
{
    (void)state;
    double auc;
    const uint8_t all[] = {1, 1}, none[] = {0, 0}, one[] = {0, 1};
    const double hole[] = {0.5, (double)NAN}, endless[] = {-(double)INFINITY, (double)INFINITY};
    OK(en_roc_auc(score, all, 2, &auc, &err));
    assert_true(isnan(auc));
    OK(en_roc_auc(score, none, 2, &auc, &err));
    assert_true(isnan(auc));
    OK(en_roc_auc(NULL, NULL, 0, &auc, &err));
    assert_true(isnan(auc));
    FAILS(en_roc_auc(hole, one, 2, &auc, &err), EN_INPUT, "not a number");
    OK(en_roc_auc(endless, one, 2, &auc, &err));
    NEAR(auc, 1.0, 0.0);
}

static void the_curve_runs_from_corner_to_corner_and_its_area_is_the_auc(void **state)
{
    (void)state;
    en_roc roc;
    double area = 0.0, auc;
    OK(en_roc_curve(score, truth, N, &roc, &err));
    assert_int_equal(roc.count, 8); /* seven different scores and the corner */
    NEAR(roc.point[0].fpr + roc.point[0].tpr, 0.0, 0.0);
    assert_true(isinf(roc.point[0].threshold));
    NEAR(roc.point[3].threshold, 0.7, 0.0);
    NEAR(roc.point[3].fpr, 0.25, 1e-15);
    NEAR(roc.point[3].tpr, 0.5, 1e-15);
    NEAR(roc.point[7].fpr, 1.0, 0.0);
    NEAR(roc.point[7].tpr, 1.0, 0.0);
    for (size_t i = 1; i < roc.count; i++) {
        area += (roc.point[i].fpr - roc.point[i - 1].fpr) * (roc.point[i].tpr + roc.point[i - 1].tpr) / 2.0;
    }
    OK(en_roc_auc(score, truth, N, &auc, &err));
    NEAR(area, auc, 1e-15);
    en_roc_clear(&roc);
    OK(en_roc_curve(NULL, NULL, 0, &roc, &err));
    assert_int_equal(roc.count, 1);
    en_roc_clear(&roc);
}

static void sensitivity_is_the_best_reached_at_that_specificity(void **state)
{
    (void)state;
    double sensitivity, threshold;
    OK(en_roc_sensitivity_at(score, truth, N, 0.75, &sensitivity, &threshold, &err)); /* one false alarm of four */
    NEAR(sensitivity, 0.5, 1e-15);
    NEAR(threshold, 0.8, 0.0); /* 0.7 would cost a false alarm and gain nothing */
    OK(en_roc_sensitivity_at(score, truth, N, 0.5, &sensitivity, &threshold, &err));
    NEAR(sensitivity, 0.75, 1e-15);
    NEAR(threshold, 0.6, 0.0);
    OK(en_roc_sensitivity_at(score, truth, N, 0.0, &sensitivity, NULL, &err));
    NEAR(sensitivity, 1.0, 0.0);
    OK(en_roc_sensitivity_at(score, truth, N, 1.0, &sensitivity, &threshold, &err));
    NEAR(sensitivity, 0.5, 1e-15);
    const double worst[] = {0.9, 0.1};
    const uint8_t upside[] = {0, 1};
    OK(en_roc_sensitivity_at(worst, upside, 2, 1.0, &sensitivity, &threshold, &err));
    NEAR(sensitivity, 0.0, 0.0);
    assert_true(isinf(threshold));
    FAILS(en_roc_sensitivity_at(score, truth, N, 90, &sensitivity, NULL, &err), EN_INPUT, "0..1, not 90");
}

static void nine_of_ten_is_a_specificity_of_point_nine(void **state)
{
    (void)state;
    double s[11], sensitivity;
    uint8_t t[11] = {0};
    for (size_t i = 0; i < 11; i++) {
        s[i] = (double)i;
    }
    t[9] = 1; /* one negative, number 10, scores above it */
    OK(en_roc_sensitivity_at(s, t, 11, 0.9, &sensitivity, NULL, &err));
    NEAR(sensitivity, 1.0, 0.0);
}

static void the_interval_holds_the_auc_and_repeats(void **state)
{
    (void)state;
    enum { COUNT = 200 };
    double s[COUNT], auc, low, high, low_again, high_again, wide_low, wide_high;
    uint8_t t[COUNT];
    int64_t pairs[COUNT];
    en_random r = en_random_init(2, 0, 0, EN_FOR_TEST);
    for (size_t i = 0; i < COUNT; i++) {
        t[i] = (uint8_t)(i / 2 % 2);
        s[i] = i % 2 == 0 ? en_random_normal(&r) + t[i] : s[i - 1]; /* the two eyes say the same */
        pairs[i] = (int64_t)(1000 - i / 2);
    }
    OK(en_roc_auc(s, t, COUNT, &auc, &err));
    OK(en_roc_auc_interval(s, t, NULL, COUNT, 0.95, 1000, 7, &low, &high, &err));
    assert_true(low < auc && auc < high && low > 0.5 && high < 1.0);
    OK(en_roc_auc_interval(s, t, NULL, COUNT, 0.95, 1000, 7, &low_again, &high_again, &err));
    assert_memory_equal(&low, &low_again, sizeof low);
    assert_memory_equal(&high, &high_again, sizeof high);
    /* Hanley and McNeil's standard error is a second opinion on the width */
    double q1 = auc / (2.0 - auc), q2 = 2.0 * auc * auc / (1.0 + auc), n1 = COUNT / 2.0;
    double se = sqrt((auc * (1.0 - auc) + (n1 - 1.0) * (q1 - auc * auc) + (n1 - 1.0) * (q2 - auc * auc)) / (n1 * n1));
    NEAR((high - low) / (2.0 * 1.96 * se), 1.0, 0.15);
    /* by patients there is half as much evidence: wider by about sqrt(2) */
    OK(en_roc_auc_interval(s, t, pairs, COUNT, 0.95, 1000, 7, &wide_low, &wide_high, &err));
    NEAR((wide_high - wide_low) / (high - low), sqrt(2.0), 0.25);
    /* and the same as with one eye a patient, told in the order of the groups' numbers */
    double one[COUNT / 2];
    uint8_t one_truth[COUNT / 2];
    for (size_t g = 0; g < COUNT / 2; g++) {
        one[g] = s[COUNT - 1 - 2 * g];
        one_truth[g] = t[COUNT - 1 - 2 * g];
    }
    OK(en_roc_auc_interval(one, one_truth, NULL, COUNT / 2, 0.95, 1000, 7, &low, &high, &err));
    NEAR(wide_low, low, 1e-14);
    NEAR(wide_high, high, 1e-14);
}

/* Worked from Newcombe's equation (auc - A)^2 = z^2 V(A) by hand: at an AUC of 1 with one case of each kind
 * V(A) = A(1 - A), so A = 1 / (1 + z^2), which is Wilson's bound of 1 in 1 as well. */
static void the_score_interval_is_that_of_worked_numbers(void **state)
{
    (void)state;
    double low, high, z2 = 1.959963984540054 * 1.959963984540054;
    en_roc_auc_score_interval(1, 1, 1, 0.95, &low, &high);
    NEAR(low, 1 / (1 + z2), 1e-12);
    NEAR(high, 1, 0);
    en_roc_auc_score_interval(1, 10, 10, 0.95, &low, &high);
    NEAR(low, 0.8002136128811, 1e-12);
    en_roc_auc_score_interval(0, 10, 10, 0.95, &low, &high); /* the mirror image */
    NEAR(low, 0, 0);
    NEAR(high, 1 - 0.8002136128811, 1e-12);
    en_roc_auc_score_interval(0.95, 10, 10, 0.95, &low, &high);
    NEAR(low, 0.7222582451632, 1e-12);
    NEAR(high, 0.9917598390441, 1e-12);
    en_roc_auc_score_interval(0.5, 0, 10, 0.95, &low, &high);
    assert_true(isnan(low) && isnan(high));
}

static void a_perfect_score_is_not_certain(void **state)
{
    (void)state;
    enum { COUNT = 40 };
    double s[COUNT], low, high, expected, one;
    uint8_t t[COUNT];
    int64_t pairs[COUNT];
    for (size_t i = 0; i < COUNT; i++) {
        t[i] = i < COUNT / 2;
        s[i] = t[i] != 0 ? 0.9 : 0.1;
        pairs[i] = (int64_t)(i / 2);
    }
    OK(en_roc_auc_interval(s, t, pairs, COUNT, 0.95, 1000, 7, &low, &high, &err));
    en_roc_auc_score_interval(1, COUNT / 4, COUNT / 4, 0.95, &expected, &one); /* patients count, not eyes */
    NEAR(low, expected, 0);
    NEAR(high, 1, 0);
    for (size_t i = 0; i < COUNT; i++) {
        s[i] = 1 - s[i];
    }
    OK(en_roc_auc_interval(s, t, pairs, COUNT, 0.95, 1000, 7, &low, &high, &err));
    NEAR(low, 0, 0);
    NEAR(high, 1 - expected, 1e-12);
    t[COUNT - 1] = 1; /* one in forty the other way round: the bootstrap still reaches the edge */
    OK(en_roc_auc_interval(s, t, pairs, COUNT, 0.95, 1000, 7, &low, &high, &err));
    assert_true(low > 0 && low < high && high < 1);
}

static void a_score_that_is_always_the_same_has_no_interval(void **state)
{
    (void)state;
    double low, high;
    const double same[] = {0.3, 0.3, 0.3, 0.3};
    const uint8_t mixed[] = {0, 1, 0, 1};
    OK(en_roc_auc_interval(same, mixed, NULL, 4, 0.95, 100, 1, &low, &high, &err));
    assert_true(isnan(low) && isnan(high));
}

static void an_interval_of_nothing_cannot_be_told(void **state)
{
    (void)state;
    double low, high;
    const uint8_t all[] = {1, 1};
    OK(en_roc_auc_interval(score, all, NULL, 2, 0.95, 100, 1, &low, &high, &err));
    assert_true(isnan(low) && isnan(high));
    OK(en_roc_auc_interval(NULL, NULL, NULL, 0, 0.95, 100, 1, &low, &high, &err));
    assert_true(isnan(low) && isnan(high));
    FAILS(en_roc_auc_interval(score, truth, NULL, N, 95, 100, 1, &low, &high, &err), EN_INPUT, "between 0 and 1");
    FAILS(en_roc_auc_interval(score, truth, NULL, N, 0.95, 0, 1, &low, &high, &err), EN_INPUT, "rounds");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(auc_counts_pairs_in_the_right_order_and_ties_half),
        cmocka_unit_test(auc_equals_the_count_of_all_pairs_on_random_scores),
        cmocka_unit_test(auc_without_positives_or_negatives_cannot_be_told),
        cmocka_unit_test(the_curve_runs_from_corner_to_corner_and_its_area_is_the_auc),
        cmocka_unit_test(sensitivity_is_the_best_reached_at_that_specificity),
        cmocka_unit_test(nine_of_ten_is_a_specificity_of_point_nine),
        cmocka_unit_test(the_interval_holds_the_auc_and_repeats),
        cmocka_unit_test(the_score_interval_is_that_of_worked_numbers),
        cmocka_unit_test(a_perfect_score_is_not_certain),
        cmocka_unit_test(a_score_that_is_always_the_same_has_no_interval),
        cmocka_unit_test(an_interval_of_nothing_cannot_be_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
