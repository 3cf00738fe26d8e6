/* Clustered variances and intervals against the same formulas worked another way: sums over all pairs, derivatives by
 * differences. */
#include "check.h"

#include <stdbool.h>

#include "base/random.h"
#include "stats/agreement.h"
#include "stats/calibration.h"
#include "stats/cluster.h"
#include "stats/kappa.h"
#include "stats/precision.h"

enum { N = 150, PATIENTS = 60, CLASSES = 3 };

/* Uneven clusters; truth and prediction agree more often than not, more alike within a patient. */
typedef struct eyes {
    double score[N], p[N];
    uint8_t positive[N], called[N];
    int32_t truth[N], predicted[N];
    int64_t patient[N];
    en_clusters clusters;
} eyes;

static void set_up(eyes *x)
{
    en_random r = en_random_init(5, 0, 0, EN_FOR_TEST);
    double of_patient[PATIENTS];
    for (size_t g = 0; g < PATIENTS; g++) {
        of_patient[g] = en_random_normal(&r);
    }
    for (size_t i = 0; i < N; i++) {
        size_t g = i < PATIENTS ? i : en_random_below(&r, PATIENTS);
        double ill = of_patient[g] + en_random_normal(&r);
        x->patient[i] = 7000 - 3 * (int64_t)g;
        x->score[i] = floor(5 * (ill + of_patient[g] + en_random_normal(&r))) / 5;
        x->truth[i] = ill > 1 ? 2 : ill > 0 ? 1 : 0;
        x->predicted[i] = x->score[i] > 2 ? 2 : x->score[i] > 0.3 ? 1 : 0;
        x->positive[i] = ill > 0.5;
        x->called[i] = x->score[i] > 0.3;
        x->p[i] = 1 / (1 + exp(-x->score[i]));
    }
    OK(en_clusters_init(&x->clusters, x->patient, N, &err));
}

/* G / (G - 1) sum over pairs of one patient of u_i u_j, of the patients with a member among those that count. */
static double variance_by_pairs(const eyes *x, const double *u, const uint8_t *among)
{
    double sum = 0, groups = 0;
    for (size_t i = 0; i < N; i++) {
        bool first = true;
        for (size_t j = 0; j < N; j++) {
            bool both = (among == NULL || (among[i] && among[j])) && x->patient[i] == x->patient[j];
            sum += both ? u[i] * u[j] : 0;
            first = first && !(both && j < i);
        }
        groups += first && (among == NULL || among[i]);
    }
    return sum * groups / (groups - 1);
}

static void students_points_are_those_of_the_tables(void **state)
{
    (void)state;
    NEAR(en_normal_point(0.95), 1.959963984540054, 1e-12);
    NEAR(en_student_point(0.95, 1), 12.706204736432095, 1e-9);
    NEAR(en_student_point(0.95, 9), 2.2621571627409915, 1e-10);
    NEAR(en_student_point(0.95, 30), 2.0422724563012373, 1e-10);
    NEAR(en_student_point(0.99, 4.5), 4.2755, 0.01); /* between 4.6041 of 4 and 4.0321 of 5 */
    NEAR(en_student_point(0.95, 1e9), 1.959963984540054, 1e-12);
    assert_true(isnan(en_student_point(0.95, 0)));
    assert_true(isnan(en_interval_logit(1, 0.1, 2).low));
    assert_true(isnan(en_interval_fisher(0.5, 0, 2).low));
    NEAR(en_interval_logit(0.5, 0.0625, 2).high, 1 / (1 + exp(-2.0)), 1e-15);
    NEAR(en_interval_fisher(0, 0.0625, 2).low, tanh(-0.5), 1e-15);
}

static void the_variance_is_that_of_sums_over_patients(void **state)
{
    (void)state;
    eyes x;
    double u[N];
    size_t clusters;
    set_up(&x);
    assert_int_equal(x.clusters.count, PATIENTS);
    for (size_t i = 0; i < N; i++) {
        u[i] = sin((double)i);
    }
    NEAR(en_clusters_variance(&x.clusters, u, NULL, &clusters), variance_by_pairs(&x, u, NULL), 1e-12);
    assert_int_equal(clusters, PATIENTS);
    NEAR(en_clusters_variance(&x.clusters, u, x.positive, &clusters), variance_by_pairs(&x, u, x.positive), 1e-12);
    assert_int_equal(clusters, en_clusters_with(&x.clusters, x.positive));
    assert_true(clusters < PATIENTS);
    double twice[N];
    for (size_t i = 0; i < N; i++) {
        twice[i] = 2 * u[i];
    }
    NEAR(en_clusters_covariance(&x.clusters, u, twice), 2 * variance_by_pairs(&x, u, NULL), 1e-12);
    en_clusters_clear(&x.clusters);
}

/* 20 patients with one or two eyes; the ratio estimator's variance by hand. */
static void a_proportion_has_wilsons_interval_of_its_effective_number(void **state)
{
    (void)state;
    eyes x;
    en_proportion p;
    set_up(&x);
    en_clusters_proportion(&x.clusters, x.called, x.positive, &p);
    double n = 0, hits = 0, u[N];
    for (size_t i = 0; i < N; i++) {
        n += x.positive[i];
        hits += x.positive[i] && x.called[i];
    }
    for (size_t i = 0; i < N; i++) {
        u[i] = (x.called[i] - hits / n) / n;
    }
    assert_int_equal(p.hits, (int64_t)hits);
    NEAR(p.value, hits / n, 1e-15);
    double independent = p.value * (1 - p.value) / n, effect = variance_by_pairs(&x, u, x.positive) / independent;
    assert_true(effect > 1.05);
    NEAR(p.effect, effect, 1e-12);
    double t = en_student_point(0.95, (double)p.clusters - 1), z2 = 1.959963984540054 * 1.959963984540054;
    double m = n / effect * z2 / (t * t), middle = (p.value + z2 / (2 * m)) / (1 + z2 / m);
    double half = sqrt(z2) / (1 + z2 / m) * sqrt(p.value * (1 - p.value) / m + z2 / (4 * m * m));
    NEAR(p.is_in.low, middle - half, 1e-12);
    NEAR(p.is_in.high, middle + half, 1e-12);
    en_clusters_clear(&x.clusters);
}

static void a_proportion_of_all_counts_patients_and_one_of_few_has_no_interval(void **state)
{
    (void)state;
    enum { COUNT = 2 * EN_CLUSTERS_LEAST };
    int64_t patient[COUNT];
    uint8_t all[COUNT];
    en_clusters c;
    en_proportion p;
    for (size_t i = 0; i < COUNT; i++) {
        patient[i] = (int64_t)(i / 2);
        all[i] = 1;
    }
    OK(en_clusters_init(&c, patient, COUNT, &err));
    en_clusters_proportion(&c, all, NULL, &p);
    NEAR(p.effect, 2, 1e-15);
    NEAR(p.value, 1, 0);
    assert_true(p.is_in.low > 0.5 && p.is_in.low < 0.85);
    all[COUNT - 1] = all[COUNT - 2] = 0;
    en_clusters_proportion(&c, all, all, &p);
    assert_int_equal(p.clusters, EN_CLUSTERS_LEAST - 1);
    assert_true(isnan(p.is_in.low) && isnan(p.is_in.high));
    en_clusters_clear(&c);
}

/* Kappa of weighted pairs. */
static double weighted_kappa(const eyes *x, const double *weight, const double *value)
{
    double n = 0, observed = 0, expected = 0;
    for (size_t i = 0; i < N; i++) {
        n += weight[i];
        observed += weight[i] * pow(value[x->truth[i]] - value[x->predicted[i]], 2);
        for (size_t j = 0; j < N; j++) {
            expected += weight[i] * weight[j] * pow(value[x->truth[i]] - value[x->predicted[j]], 2);
        }
    }
    return 1 - observed * n / expected;
}

/* The mean over the positives of the precision at their score. */
static double weighted_precision(const eyes *x, const double *weight, const double *unused)
{
    (void)unused;
    double sum = 0, positives = 0;
    for (size_t i = 0; i < N; i++) {
        double all = 0, good = 0;
        for (size_t j = 0; x->positive[i] && j < N; j++) {
            all += x->score[j] >= x->score[i] ? weight[j] : 0;
            good += x->score[j] >= x->score[i] && x->positive[j] ? weight[j] : 0;
        }
        sum += x->positive[i] ? weight[i] * good / all : 0;
        positives += x->positive[i] ? weight[i] : 0;
    }
    return sum / positives;
}

/* Derivatives by central differences. */
static void differentiate(const eyes *x, double (*f)(const eyes *, const double *, const double *), const double *value,
                          double *u)
{
    double weight[N];
    for (size_t i = 0; i < N; i++) {
        weight[i] = 1;
    }
    for (size_t i = 0; i < N; i++) {
        weight[i] = 1.001;
        u[i] = f(x, weight, value);
        weight[i] = 0.999;
        u[i] = (u[i] - f(x, weight, value)) / 0.002;
        weight[i] = 1;
    }
}

static void kappas_interval_is_the_delta_methods_on_fishers_scale(void **state)
{
    (void)state;
    eyes x;
    en_confusion m;
    en_interval in;
    const double value[CLASSES] = {0, 1, 4};
    double u[N], cell[CLASSES * CLASSES];
    set_up(&x);
    OK(en_confusion_init(&m, CLASSES, &err));
    for (size_t i = 0; i < N; i++) {
        OK(en_confusion_add(&m, (size_t)x.truth[i], (size_t)x.predicted[i], &err));
    }
    double kappa = en_kappa(&m, value);
    differentiate(&x, weighted_kappa, value, u);
    en_kappa_influence(&m, value, cell);
    for (size_t i = 0; i < N; i++) {
        NEAR(cell[CLASSES * x.truth[i] + x.predicted[i]], u[i], 1e-8);
    }
    OK(en_agreement_kappa(&m, value, x.truth, x.predicted, &x.clusters, &in, &err));
    double half = en_student_point(0.95, en_clusters_freedom(&x.clusters, u, NULL)) *
                  sqrt(variance_by_pairs(&x, u, NULL)) / (1 - kappa * kappa);
    NEAR(in.low, tanh(atanh(kappa) - half), 1e-6);
    NEAR(in.high, tanh(atanh(kappa) + half), 1e-6);
    en_confusion_clear(&m);
    en_clusters_clear(&x.clusters);
}

static void average_precision_is_the_mean_over_the_positives(void **state)
{
    (void)state;
    eyes x;
    en_interval in;
    en_clusters four;
    double u[N], area, weight[N];
    const double s[] = {0.1, 0.4, 0.35, 0.8};
    const uint8_t t[] = {0, 0, 1, 1};
    OK(en_clusters_init(&four, NULL, 4, &err));
    OK(en_precision_area(s, t, &four, &area, &in, &err));
    NEAR(area, (1 + 2 / 3.0) / 2, 1e-15); /* the example of scikit-learn's average_precision_score */
    assert_true(isnan(in.low));
    en_clusters_clear(&four);
    set_up(&x);
    for (size_t i = 0; i < N; i++) {
        weight[i] = 1;
    }
    OK(en_precision_area(x.score, x.positive, &x.clusters, &area, &in, &err));
    NEAR(area, weighted_precision(&x, weight, NULL), 1e-12);
    differentiate(&x, weighted_precision, NULL, u);
    double half = en_student_point(0.95, en_clusters_freedom(&x.clusters, u, NULL)) *
                  sqrt(variance_by_pairs(&x, u, NULL)) / (area * (1 - area)),
           middle = log(area / (1 - area));
    NEAR(in.low, 1 / (1 + exp(half - middle)), 1e-6);
    NEAR(in.high, 1 / (1 + exp(-half - middle)), 1e-6);
    en_clusters_clear(&x.clusters);
}

/* Zou and Donner: the squares of the distances to the limits add up, and products with the correlation. */
static void balanced_accuracy_recovers_its_variance_from_the_recalls(void **state)
{
    (void)state;
    eyes x;
    en_confusion m;
    en_interval in;
    double u[CLASSES][N], below[CLASSES], mean = 0, sum = 0;
    set_up(&x);
    OK(en_confusion_init(&m, CLASSES, &err));
    for (size_t i = 0; i < N; i++) {
        OK(en_confusion_add(&m, (size_t)x.truth[i], (size_t)x.predicted[i], &err));
    }
    for (int32_t k = 0; k < CLASSES; k++) {
        uint8_t is[N], right[N];
        en_proportion recall;
        for (size_t i = 0; i < N; i++) {
            is[i] = x.truth[i] == k;
            right[i] = x.predicted[i] == k;
        }
        en_clusters_proportion(&x.clusters, right, is, &recall);
        for (size_t i = 0; i < N; i++) {
            u[k][i] = is[i] ? (right[i] - recall.value) / (double)recall.n : 0;
        }
        below[k] = recall.value - recall.is_in.low;
        mean += recall.value / CLASSES;
    }
    for (size_t k = 0; k < CLASSES; k++) {
        for (size_t j = 0; j < CLASSES; j++) {
            double own = en_clusters_variance(&x.clusters, u[k], NULL, NULL),
                   other = en_clusters_variance(&x.clusters, u[j], NULL, NULL);
            sum += below[k] * below[j] * en_clusters_covariance(&x.clusters, u[k], u[j]) / sqrt(own * other);
        }
    }
    OK(en_agreement_balanced(&m, x.truth, x.predicted, &x.clusters, &in, &err));
    NEAR(in.low, mean - sqrt(sum) / CLASSES, 1e-12);
    assert_true(in.high > mean && in.high < 1);
    en_confusion_clear(&m);
    en_clusters_clear(&x.clusters);
}

static void calibration_errors_have_intervals_that_repeat(void **state)
{
    (void)state;
    enum { COUNT = 2000 };
    static double p[COUNT];
    static uint8_t t[COUNT];
    en_random r = en_random_init(9, 0, 0, EN_FOR_TEST);
    en_clusters c;
    en_interval in, again;
    double ece, brier;
    for (size_t i = 0; i < COUNT; i++) {
        p[i] = en_random_uniform(&r);
        t[i] = en_random_uniform(&r) < p[i];
    }
    OK(en_clusters_init(&c, NULL, COUNT, &err));
    OK(en_calibration_ece_interval(p, t, &c, &in, &err));
    OK(en_calibration_ece_interval(p, t, &c, &again, &err));
    assert_memory_equal(&in, &again, sizeof in);
    NEAR(in.low, 0, 0); /* it is calibrated */
    assert_true(in.high > 0 && in.high < 0.05);
    OK(en_calibration_brier(p, t, COUNT, &brier, &err));
    OK(en_calibration_brier_interval(p, t, &c, &in, &err));
    assert_true(in.low < 1 / 6.0 && 1 / 6.0 < in.high && in.low < brier &&
                brier < in.high); /* the integral of p (1 - p) */
    for (size_t i = 0; i < COUNT; i++) {
        p[i] = p[i] < 0.5 ? 0.1 + p[i] / 2 : p[i]; /* off by up to 0.15 */
    }
    OK(en_calibration_ece(p, t, COUNT, &ece, &err));
    OK(en_calibration_ece_interval(p, t, &c, &in, &err));
    assert_true(in.low > 0.005 && in.low < ece && in.high > 0.02);
    en_clusters_clear(&c);
    OK(en_clusters_init(&c, NULL, EN_CLUSTERS_LEAST, &err));
    OK(en_calibration_ece_interval(p, t, &c, &in, &err));
    assert_true(isnan(in.low) && isnan(in.high));
    en_clusters_clear(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(students_points_are_those_of_the_tables),
        cmocka_unit_test(the_variance_is_that_of_sums_over_patients),
        cmocka_unit_test(a_proportion_has_wilsons_interval_of_its_effective_number),
        cmocka_unit_test(a_proportion_of_all_counts_patients_and_one_of_few_has_no_interval),
        cmocka_unit_test(kappas_interval_is_the_delta_methods_on_fishers_scale),
        cmocka_unit_test(average_precision_is_the_mean_over_the_positives),
        cmocka_unit_test(balanced_accuracy_recovers_its_variance_from_the_recalls),
        cmocka_unit_test(calibration_errors_have_intervals_that_repeat),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
