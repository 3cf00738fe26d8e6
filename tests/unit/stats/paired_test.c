/* Differences of two models on the same observations, against formulas written out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

#include "base/random.h"
#include "stats/kappa.h"
#include "stats/paired.h"
#include "stats/roc.h"

enum { PATIENTS = 40, N = 2 * PATIENTS };

typedef struct drawn {
    double score[2][N], right[2][N];
    uint8_t ill[N];
    int32_t truth[N], called[2][N];
    int64_t patient[N];
    en_clusters clusters;
} drawn;

static en_error err;

static void draw(drawn *x)
{
    en_random r = en_random_init(11, 0, 0, EN_FOR_TEST);
    for (size_t i = 0; i < N; i++) {
        const double shared = en_random_normal(&r);
        x->patient[i] = (int64_t)(i / 2) * 7;
        x->truth[i] = (int32_t)(i / 2 % 2);
        x->ill[i] = x->truth[i] != 0;
        for (int m = 0; m < 2; m++) { /* rounded, so that some are equal */
            x->score[m][i] = round(4 * (shared + 0.5 * en_random_normal(&r) + (0.4 + m) * x->truth[i])) / 4;
            x->called[m][i] = x->score[m][i] > 0.5;
            x->right[m][i] = x->called[m][i] == x->truth[i];
        }
    }
    assert_int_equal(en_clusters_init(&x->clusters, x->patient, N, &err), EN_OK);
}

static double above(double a, double b) { return a > b ? 1 : a < b ? 0 : 0.5; }

/* The variance between patients of the difference of the AUCs, by comparing every ill eye with every healthy one. */
static double naive_variance(const drawn *x, double *difference)
{
    double positives = 0, negatives = 0, sum[PATIENTS] = {0}, area[2] = {0}, variance = 0;
    for (size_t i = 0; i < N; i++) {
        *(x->ill[i] ? &positives : &negatives) += 1;
    }
    for (size_t i = 0; i < N; i++) {
        for (size_t k = 0; k < N; k++) {
            for (int m = 0; m < 2; m++) {
                area[m] += x->ill[i] && !x->ill[k] ? above(x->score[m][i], x->score[m][k]) : 0;
            }
        }
    }
    *difference = (area[1] - area[0]) / positives / negatives;
    for (size_t i = 0; i < N; i++) {
        double placed = 0, others = x->ill[i] ? negatives : positives, own = x->ill[i] ? positives : negatives;
        for (size_t k = 0; k < N; k++) {
            if (x->ill[i] != x->ill[k]) {
                const size_t ill = x->ill[i] ? i : k, healthy = x->ill[i] ? k : i;
                placed += above(x->score[1][ill], x->score[1][healthy]) - above(x->score[0][ill], x->score[0][healthy]);
            }
        }
        sum[i / 2] += (placed / others - *difference) / own;
    }
    for (size_t p = 0; p < PATIENTS; p++) {
        variance += sum[p] * sum[p];
    }
    return variance * PATIENTS / (PATIENTS - 1);
}

static void the_difference_of_areas_is_that_of_every_pair(void **state)
{
    (void)state;
    drawn x;
    en_difference d;
    double difference;
    draw(&x);
    const double variance = naive_variance(&x, &difference);
    assert_int_equal(en_paired_auc(x.score[0], x.score[1], x.ill, &x.clusters, &d, &err), EN_OK);
    assert_true(fabs(d.value - difference) < 1e-12);
    assert_true(fabs((d.is_in.low + d.is_in.high) / 2 - difference) < 1e-12);
    const double point = (d.is_in.high - d.is_in.low) / 2 / sqrt(variance);
    assert_true(point > 1.96 && point < 2.3); /* Student's, of 39 degrees of freedom or fewer */
    assert_int_equal(d.n, N);
    assert_int_equal(d.clusters, PATIENTS);
    en_clusters_clear(&x.clusters);
}

static void exchanging_the_models_turns_the_sign(void **state)
{
    (void)state;
    drawn x;
    en_difference of[2][4];
    draw(&x);
    for (int m = 0; m < 2; m++) {
        const int o = 1 - m;
        assert_int_equal(en_paired_auc(x.score[m], x.score[o], x.ill, &x.clusters, &of[m][0], &err), EN_OK);
        assert_int_equal(en_paired_mean(x.right[m], x.right[o], x.ill, &x.clusters, &of[m][1], &err), EN_OK);
        assert_int_equal(en_paired_balanced(2, x.truth, x.called[m], x.called[o], &x.clusters, &of[m][2], &err), EN_OK);
        assert_int_equal(en_paired_kappa(2, NULL, x.truth, x.called[m], x.called[o], &x.clusters, &of[m][3], &err),
                         EN_OK);
    }
    for (int k = 0; k < 4; k++) {
        assert_true(fabs(of[0][k].value + of[1][k].value) < 1e-12);
        assert_true(fabs(of[0][k].is_in.low + of[1][k].is_in.high) < 1e-12);
        assert_true(fabs(of[0][k].first - of[1][k].second) < 1e-12);
        assert_true(fabs(of[0][k].value) > 0.01);
    }
    en_clusters_clear(&x.clusters);
}

/* 20 patients with two eyes: the second model is right of both eyes of three patients where the first is not, and the
 * other way round of one eye of a fourth. Their sums are 2, 2, 2 and -1, the mean difference 5 / 40. */
static void a_proportion_is_counted_by_patient(void **state)
{
    (void)state;
    double a[40], b[40];
    int64_t patient[40];
    en_clusters c;
    en_difference d;
    for (size_t i = 0; i < 40; i++) {
        a[i] = b[i] = 1;
        patient[i] = (int64_t)(i / 2);
    }
    a[0] = a[1] = a[8] = a[9] = a[20] = a[21] = b[30] = 0;
    assert_int_equal(en_clusters_init(&c, patient, 40, &err), EN_OK);
    assert_int_equal(en_paired_mean(a, b, NULL, &c, &d, &err), EN_OK);
    assert_true(fabs(d.first - 34 / 40.0) < 1e-12);
    assert_true(fabs(d.second - 39 / 40.0) < 1e-12);
    assert_int_equal(d.different, 4);
    /* sums less 2 * 0.125: 3 of 1.75, one of -1.25, 16 of -0.25; squared: 9.1875 + 1.5625 + 1 */
    const double variance = 11.75 / 1600 * 20 / 19;
    const double freedom = en_clusters_freedom(&c, (const double[40]){0}, NULL);
    assert_true(isnan(freedom)); /* of nothing */
    const double fourth = 3 * pow(1.75, 4) + pow(1.25, 4) + 16 * pow(0.25, 4);
    const double wanted = fmin(19, 2 * 20 / (20 * fourth / (11.75 * 11.75) - 1));
    const double half = en_student_point(0.95, wanted) * sqrt(variance);
    assert_true(fabs(d.is_in.high - 0.125 - half) < 1e-9);
    assert_true(d.is_in.low < 0);
    assert_int_equal(en_paired_mean(a, a, NULL, &c, &d, &err), EN_OK);
    assert_int_equal(d.different, 0);
    assert_true(isnan(d.is_in.low));
    en_clusters_clear(&c);
}

static void too_few_patients_of_a_kind_give_no_interval(void **state)
{
    (void)state;
    drawn x;
    en_difference d;
    draw(&x);
    for (size_t i = 0, ill = 0; i < N; i++) {
        ill += x.ill[i];
        x.ill[i] = x.ill[i] && ill <= 28; /* both eyes of 14 patients */
    }
    assert_int_equal(en_paired_auc(x.score[0], x.score[1], x.ill, &x.clusters, &d, &err), EN_OK);
    assert_true(!isnan(d.value) && isnan(d.is_in.low));
    assert_int_equal(en_paired_mean(x.right[0], x.right[1], x.ill, &x.clusters, &d, &err), EN_OK);
    assert_int_equal(d.clusters, 14);
    assert_true(isnan(d.is_in.low));
    for (size_t i = 0; i < N; i++) {
        x.ill[i] = 0;
    }
    assert_int_equal(en_paired_auc(x.score[0], x.score[1], x.ill, &x.clusters, &d, &err), EN_OK);
    assert_true(isnan(d.value));
    assert_int_equal(en_paired_mean(x.right[0], x.right[1], x.ill, &x.clusters, &d, &err), EN_OK);
    assert_true(isnan(d.value) && d.n == 0);
    en_clusters_clear(&x.clusters);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_difference_of_areas_is_that_of_every_pair),
        cmocka_unit_test(exchanging_the_models_turns_the_sign),
        cmocka_unit_test(a_proportion_is_counted_by_patient),
        cmocka_unit_test(too_few_patients_of_a_kind_give_no_interval),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
