/* Metrics of predictions against metrics worked by hand. No two margins of the confusion matrix are equal, so that an
 * interval of the wrong denominator is another interval. */
#include "check.h"

#include "training/metrics.h"

/* 29 predictions of 12 patients: 13 true negatives, 5 false positives, 2 false negatives, 9 true positives. Margins: 18
 * negatives, 11 positives, 15 answered no, 14 answered yes; 22 are right. */
enum { TN = 13, FP = 5, FN = 2, TP = 9, N = TN + FP + FN + TP, PATIENTS = 12 };

static en_catalog_prediction row[N];
static float probability[N][2];

/* Prediction i: the negatives first, those answered no before those answered yes; then the positives in the same way.
 * The scores of those answered no rise from 0.02 to 0.44 in steps of 0.03, of those answered yes from 0.51 to 0.90. */
static en_catalog_predictions predictions(void)
{
    size_t no = 0, yes = 0;
    for (size_t i = 0; i < N; i++) {
        int64_t is = i >= TN + FP, said = is == 0 ? i >= TN : i >= TN + FP + FN;
        double score = said == 0 ? 0.02 + 0.03 * (double)no++ : 0.51 + 0.03 * (double)yes++;
        probability[i][1] = (float)score;
        probability[i][0] = (float)(1 - score);
        row[i] = (en_catalog_prediction){.truth = is,
                                         .predicted = said,
                                         .score = score,
                                         .patient_group = 100 + (int64_t)(i * 5 % PATIENTS),
                                         .probability = probability[i]};
    }
    return (en_catalog_predictions){.row = row, .count = N, .classes = 2};
}

/* Wilson's bounds are the two solutions p of (k/n - p)^2 = z^2 p (1 - p) / n; the numbers were found by the quadratic
 * formula outside the program. */
static void every_proportion_has_the_interval_of_its_own_denominator(void **state)
{
    (void)state;
    const en_catalog_predictions all = predictions();
    en_metrics m;
    OK(en_metrics_compute(&all, 2, 3, &m, &err));
    const en_binary_metrics *b = &m.binary;
    assert_int_equal(m.n, 29);
    assert_int_equal(m.patients, 12);
    assert_int_equal(m.correct, 22);
    assert_int_equal(b->positives, 11);
    assert_int_equal(b->negatives, 18);
    const struct {
        double value, low, high, expected, expected_low, expected_high;
    } figure[] = {
        {m.accuracy, m.accuracy_low, m.accuracy_high, 22 / 29.0, 0.578923983822, 0.877815775575},
        {b->sensitivity, b->sensitivity_low, b->sensitivity_high, 9 / 11.0, 0.523019438039, 0.948632310254},
        {b->specificity, b->specificity_low, b->specificity_high, 13 / 18.0, 0.491273434397, 0.875002466204},
        {b->ppv, b->ppv_low, b->ppv_high, 9 / 14.0, 0.387644231039, 0.836552682464},
        {b->npv, b->npv_low, b->npv_high, 13 / 15.0, 0.621180171677, 0.962638740897},
    };
    for (size_t i = 0; i < sizeof figure / sizeof *figure; i++) {
        NEAR(figure[i].value, figure[i].expected, 1e-12);
        NEAR(figure[i].low, figure[i].expected_low, 1e-9);
        NEAR(figure[i].high, figure[i].expected_high, 1e-9);
    }
    en_metrics_clear(&m);
}

static void the_other_figures_are_those_of_hand(void **state)
{
    (void)state;
    const en_catalog_predictions all = predictions();
    en_metrics m;
    OK(en_metrics_compute(&all, 2, 3, &m, &err));
    NEAR(m.balanced_accuracy, (9 / 11.0 + 13 / 18.0) / 2, 1e-12);
    /* Cohen's, which the quadratic one is for two classes: observed 22/29, expected (18*15 + 11*14) / 29^2 = 424/841 */
    NEAR(m.kappa, (22 / 29.0 - 424 / 841.0) / (1 - 424 / 841.0), 1e-12);
    /* The 9 found positives are above all negatives; the 2 missed ones above the 13 answered no: 9*18 + 2*13 of 198. */
    NEAR(m.binary.auc, 188 / 198.0, 1e-12);
    assert_true(m.binary.auc_low < m.binary.auc && m.binary.auc < m.binary.auc_high);
    /* At most 1 of 18 negatives may be called (2 would be 88.9% specific): the 9 above them all, 9 of 11. */
    NEAR(m.binary.sensitivity_at_90, 9 / 11.0, 1e-12);
    NEAR(m.binary.sensitivity_at_90_low, 0.523019438039, 1e-9);
    NEAR(m.binary.sensitivity_at_90_high, 0.948632310254, 1e-9);
    double brier = 0, loss = 0;
    for (size_t i = 0; i < N; i++) {
        double p = i < 13   ? 0.02 + 0.03 * (double)i
                   : i < 18 ? 0.51 + 0.03 * (double)(i - 13)
                   : i < 20 ? 0.41 + 0.03 * (double)(i - 18)
                            : 0.66 + 0.03 * (double)(i - 20);
        brier += i < 18 ? p * p : (1 - p) * (1 - p);
        loss -= log(i < 18 ? 1 - p : p);
    }
    NEAR(m.binary.brier, brier / 29, 1e-12);
    NEAR(m.loss, loss / 29, 1e-6);
    en_metrics_clear(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_proportion_has_the_interval_of_its_own_denominator),
        cmocka_unit_test(the_other_figures_are_those_of_hand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
