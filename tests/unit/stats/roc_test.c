/* ROC curve, AUC, sensitivity at a specificity, and their clustered intervals. */
#include "check.h"

#include "base/random.h"
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

/* Obuchowski's variance as her paper writes it: placements by counting pairs, sums by cluster. group: 0..groups-1. */
static double variance_by_pairs(const double *s, const uint8_t *t, const int64_t *group, size_t n, size_t groups)
{
    double m = 0, k = 0, won = 0, ten = 0, one = 0, both = 0, i10 = 0, i01 = 0;
    for (size_t i = 0; i < n; i++) {
        *(t[i] ? &m : &k) += 1;
        for (size_t j = 0; j < n; j++) {
            won += t[i] && !t[j] ? (s[i] > s[j] ? 1 : s[i] < s[j] ? 0 : 0.5) : 0;
        }
    }
    double area = won / (m * k);
    for (size_t g = 0; g < groups; g++) {
        double x = 0, y = 0, has_x = 0, has_y = 0;
        for (size_t i = 0; i < n; i++) {
            double placed = 0;
            for (size_t j = 0; group[i] == (int64_t)g && j < n; j++) {
                placed += t[i] && !t[j] ? (s[i] > s[j] ? 1 : s[i] < s[j] ? 0 : 0.5) / k : 0;
                placed += !t[i] && t[j] ? (s[j] > s[i] ? 1 : s[j] < s[i] ? 0 : 0.5) / m : 0;
            }
            if (group[i] == (int64_t)g) {
                *(t[i] ? &x : &y) += placed - area;
                *(t[i] ? &has_x : &has_y) = 1;
            }
        }
        ten += x * x;
        one += y * y;
        both += x * y;
        i10 += has_x;
        i01 += has_y;
    }
    double i = (double)groups;
    return i10 / (i10 - 1) * ten / (m * m) + i01 / (i01 - 1) * one / (k * k) + 2 * i / (i - 1) * both / (m * k);
}

enum { EYES = 120, PATIENTS = 50 };

/* Two or three eyes a patient, scores with ties, patients with both kinds. */
static void draw_eyes(double *s, uint8_t *t, int64_t *patient)
{
    en_random r = en_random_init(2, 0, 0, EN_FOR_TEST);
    double of_patient[PATIENTS];
    for (size_t g = 0; g < PATIENTS; g++) {
        of_patient[g] = en_random_normal(&r);
    }
    for (size_t i = 0; i < EYES; i++) {
        patient[i] = (int64_t)(i * 7 % PATIENTS);
        t[i] = (uint8_t)(en_random_below(&r, 3) == 0);
        s[i] = floor(4 * (of_patient[patient[i]] + en_random_normal(&r) + t[i])) / 4;
    }
}

static void the_interval_is_delongs_of_clusters_on_the_logit_scale(void **state)
{
    (void)state;
    double s[EYES], auc;
    uint8_t t[EYES];
    int64_t patient[EYES];
    en_clusters c;
    en_interval in;
    draw_eyes(s, t, patient);
    double variance = variance_by_pairs(s, t, patient, EYES, PATIENTS);
    OK(en_clusters_init(&c, patient, EYES, &err));
    OK(en_roc_auc(s, t, EYES, &auc, &err));
    OK(en_roc_auc_interval(s, t, &c, &in, &err));
    assert_true(in.low < auc && auc < in.high);
    double low = log(in.low / (1 - in.low)), high = log(in.high / (1 - in.high));
    NEAR((low + high) / 2, log(auc / (1 - auc)), 1e-12);
    double point = (high - low) / 2 * auc * (1 - auc) / sqrt(variance);
    /* Student's point for the freedom of the cluster sums, at most the clusters with a positive less one */
    double influence[EYES];
    OK(en_roc_auc_influence(s, t, EYES, influence, &err));
    size_t with = en_clusters_with(&c, t);
    double freedom = en_clusters_freedom(&c, influence, NULL);
    NEAR(point, en_student_point(0.95, freedom < (double)with - 1 ? freedom : (double)with - 1), 1e-9);
    en_clusters_clear(&c);
}

static void eyes_that_say_the_same_count_as_one(void **state)
{
    (void)state;
    enum { COUNT = 200 };
    double s[COUNT], one[COUNT / 2];
    uint8_t t[COUNT], one_truth[COUNT / 2];
    int64_t pairs[COUNT];
    en_random r = en_random_init(2, 0, 0, EN_FOR_TEST);
    for (size_t i = 0; i < COUNT; i++) {
        t[i] = (uint8_t)(i / 2 % 2);
        s[i] = i % 2 == 0 ? en_random_normal(&r) + t[i] : s[i - 1];
        pairs[i] = (int64_t)(1000 - i / 2);
        one[i / 2] = s[i];
        one_truth[i / 2] = t[i];
    }
    en_clusters eyes, patients, alone;
    en_interval of_eyes, of_patients, of_one;
    OK(en_clusters_init(&eyes, NULL, COUNT, &err));
    OK(en_clusters_init(&patients, pairs, COUNT, &err));
    OK(en_clusters_init(&alone, NULL, COUNT / 2, &err));
    OK(en_roc_auc_interval(s, t, &eyes, &of_eyes, &err));
    OK(en_roc_auc_interval(s, t, &patients, &of_patients, &err));
    OK(en_roc_auc_interval(one, one_truth, &alone, &of_one, &err));
    NEAR((of_patients.high - of_patients.low) / (of_eyes.high - of_eyes.low), sqrt(2.0), 0.05);
    NEAR(of_patients.low, of_one.low, 1e-9);
    NEAR(of_patients.high, of_one.high, 1e-9);
    OK(en_roc_sensitivity_at_interval(s, t, &patients, 0.9, &of_patients, &err));
    OK(en_roc_sensitivity_at_interval(one, one_truth, &alone, 0.9, &of_one, &err));
    NEAR(of_patients.low, of_one.low, 1e-9);
    NEAR(of_patients.high, of_one.high, 1e-9);
    en_clusters_clear(&eyes);
    en_clusters_clear(&patients);
    en_clusters_clear(&alone);
}

/* A threshold that is estimated leaves more uncertain than one that is given. */
static void a_threshold_from_the_same_data_widens_the_interval(void **state)
{
    (void)state;
    double s[EYES], sensitivity, threshold;
    uint8_t t[EYES], called[EYES];
    int64_t patient[EYES];
    en_clusters c;
    en_interval in;
    en_proportion given;
    draw_eyes(s, t, patient);
    OK(en_clusters_init(&c, patient, EYES, &err));
    OK(en_roc_sensitivity_at(s, t, EYES, 0.9, &sensitivity, &threshold, &err));
    OK(en_roc_sensitivity_at_interval(s, t, &c, 0.9, &in, &err));
    for (size_t i = 0; i < EYES; i++) {
        called[i] = s[i] >= threshold;
    }
    en_clusters_proportion(&c, called, t, &given);
    NEAR(given.value, sensitivity, 1e-15);
    assert_true(in.low < given.is_in.low - 0.01 && in.high > given.is_in.high + 0.01);
    en_clusters_clear(&c);
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
    enum { COUNT = 80 };
    double s[COUNT], low, high;
    uint8_t t[COUNT];
    int64_t pairs[COUNT];
    en_clusters c;
    en_interval in;
    for (size_t i = 0; i < COUNT; i++) {
        t[i] = i < COUNT / 2;
        s[i] = t[i] != 0 ? 0.9 : 0.1;
        pairs[i] = (int64_t)(i / 2);
    }
    OK(en_clusters_init(&c, pairs, COUNT, &err));
    OK(en_roc_auc_interval(s, t, &c, &in, &err));
    en_roc_auc_score_interval(1, COUNT / 4, COUNT / 4, 0.95, &low, &high); /* patients count, not eyes */
    NEAR(in.low, low, 0);
    NEAR(in.high, 1, 0);
    for (size_t i = 0; i < COUNT; i++) {
        s[i] = 1 - s[i];
    }
    OK(en_roc_auc_interval(s, t, &c, &in, &err));
    NEAR(in.low, 0, 0);
    NEAR(in.high, 1 - low, 1e-12);
    t[COUNT - 1] = 1; /* one in eighty the other way round */
    OK(en_roc_auc_interval(s, t, &c, &in, &err));
    assert_true(in.low > 0 && in.low < in.high && in.high < 1);
    en_clusters_clear(&c);
}

static void no_interval(const double *s, const uint8_t *t, size_t n)
{
    en_clusters c;
    en_interval in = {0, 0};
    OK(en_clusters_init(&c, NULL, n, &err));
    OK(en_roc_auc_interval(s, t, &c, &in, &err));
    assert_true(isnan(in.low) && isnan(in.high));
    in = (en_interval){0, 0};
    OK(en_roc_sensitivity_at_interval(s, t, &c, 0.9, &in, &err));
    assert_true(isnan(in.low) && isnan(in.high));
    en_clusters_clear(&c);
}

static void too_few_patients_have_no_interval(void **state)
{
    (void)state;
    enum { COUNT = 100 };
    double s[COUNT], hole[] = {0.1, (double)NAN};
    uint8_t t[COUNT] = {0};
    en_clusters c;
    en_interval in;
    for (size_t i = 0; i < COUNT; i++) {
        s[i] = (double)(i * 37 % 101);
        t[i] = i < EN_CLUSTERS_LEAST - 1;
    }
    no_interval(s, t, COUNT);
    no_interval(s, t, 0);
    no_interval(s, t, EN_CLUSTERS_LEAST - 1); /* positives only */
    t[COUNT - 1] = 1;                         /* just enough */
    OK(en_clusters_init(&c, NULL, COUNT, &err));
    OK(en_roc_auc_interval(s, t, &c, &in, &err));
    assert_true(in.low < in.high);
    for (size_t i = 0; i < COUNT; i++) {
        s[i] = 0.3; /* does not rank at all */
    }
    OK(en_roc_auc_interval(s, t, &c, &in, &err));
    assert_true(isnan(in.low) && isnan(in.high));
    en_clusters_clear(&c);
    OK(en_clusters_init(&c, NULL, 2, &err));
    FAILS(en_roc_auc_interval(hole, t, &c, &in, &err), EN_INPUT, "not a number");
    en_clusters_clear(&c);
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
        cmocka_unit_test(the_interval_is_delongs_of_clusters_on_the_logit_scale),
        cmocka_unit_test(eyes_that_say_the_same_count_as_one),
        cmocka_unit_test(a_threshold_from_the_same_data_widens_the_interval),
        cmocka_unit_test(too_few_patients_have_no_interval),
        cmocka_unit_test(the_score_interval_is_that_of_worked_numbers),
        cmocka_unit_test(a_perfect_score_is_not_certain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
