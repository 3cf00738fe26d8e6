/* Metrics of predictions against metrics worked by hand. No two margins of the confusion matrix are equal, so that an
 * interval of the wrong denominator is another interval. */
#include "check.h"

#include "training/metrics.h"

/* 87 predictions of 40 patients: 39 true negatives, 15 false positives, 6 false negatives, 27 true positives. Margins:
 * 54 negatives, 33 positives, 45 answered no, 42 answered yes; 66 are right. */
enum { TN = 39, FP = 15, FN = 6, TP = 27, N = TN + FP + FN + TP, PATIENTS = 40 };

static en_catalog_prediction row[N];
static float probability[N][2];
static const en_classes yes_no = {.count = 2, .name = {"0", "1"}, .positive = 1};

/* Prediction i: the negatives first, those answered no before those answered yes; then the positives in the same way.
 * The scores of those answered no rise from 0.02 to 0.46 in steps of 0.01, of those answered yes from 0.51 to 0.92.
 * Neighbours are of one patient, so that a patient is right or wrong as a whole, mostly. */
static en_catalog_predictions predictions(void)
{
    size_t no = 0, yes = 0;
    for (size_t i = 0; i < N; i++) {
        int64_t is = i >= TN + FP, said = is == 0 ? i >= TN : i >= TN + FP + FN;
        double score = said == 0 ? 0.02 + 0.01 * (double)no++ : 0.51 + 0.01 * (double)yes++;
        probability[i][1] = (float)score;
        probability[i][0] = (float)(1 - score);
        row[i] = (en_catalog_prediction){.variant_id = (int64_t)i,
                                         .image_id = 500 + (int64_t)i,
                                         .truth = is,
                                         .predicted = said,
                                         .score = score,
                                         .patient_group = 100 + (int64_t)(i / 2 * 7 % PATIENTS),
                                         .eye_group = 700 + (int64_t)i,
                                         .probability = probability[i]};
    }
    return (en_catalog_predictions){.row = row, .count = N, .classes = 2};
}

static void measure(const en_catalog_predictions *all, const en_classes *classes, en_metrics *m)
{
    OK(en_metrics_compute(all, classes, "grade >= 2", NULL, EN_UNIT_PHOTOGRAPH, EN_COMBINE_WORST, m, &err));
}

/* Wilson's bounds are the two solutions p of (k/n - p)^2 = z^2 p (1 - p) / n, with n the effective number: over the
 * design effect and times (z/t)^2. The numbers were found outside the program, t by integrating Student's density. */
static void every_proportion_has_the_interval_of_its_own_denominator(void **state)
{
    (void)state;
    const en_catalog_predictions all = predictions();
    en_metrics m;
    measure(&all, &yes_no, &m);
    const en_binary_metrics *b = &m.binary;
    assert_int_equal(m.n, 87);
    assert_int_equal(m.photographs, 87);
    assert_int_equal(m.patients, 40);
    assert_int_equal(m.correct, 66);
    assert_int_equal(b->positives, 33);
    assert_int_equal(b->negatives, 54);
    assert_string_equal(m.positive_class, "yes");
    const struct {
        const en_metric *is;
        double value, low, high;
    } figure[] = {
        {&m.accuracy, 66 / 87.0, 0.605461966198, 0.865528544799},
        {&b->sensitivity, 27 / 33.0, 0.551065974749, 0.942847218565},
        {&b->specificity, 39 / 54.0, 0.525626053695, 0.859171871070},
        {&b->ppv, 27 / 42.0, 0.417064258980, 0.819121958010},
        {&b->npv, 39 / 45.0, 0.654229207808, 0.957136390531},
    };
    for (size_t i = 0; i < sizeof figure / sizeof *figure; i++) {
        NEAR(figure[i].is->value, figure[i].value, 1e-12);
        NEAR(figure[i].is->is_in.low, figure[i].low, 1e-7);
        NEAR(figure[i].is->is_in.high, figure[i].high, 1e-7);
    }
    /* Of the ECE more patients are asked for, and nothing else lacks an interval. */
    assert_string_equal(m.too_few, "ece");
    en_metrics_clear(&m);
}

static void the_other_figures_are_those_of_hand(void **state)
{
    (void)state;
    const en_catalog_predictions all = predictions();
    en_metrics m;
    measure(&all, &yes_no, &m);
    NEAR(m.balanced_accuracy.value, (27 / 33.0 + 39 / 54.0) / 2, 1e-12);
    /* Cohen's: observed 66/87, expected (54*45 + 33*42) / 87^2 = 3816/7569 */
    NEAR(m.kappa.value, (66 / 87.0 - 3816 / 7569.0) / (1 - 3816 / 7569.0), 1e-12);
    assert_string_equal(m.kappa_weights, "none");
    /* The 27 found positives are above all negatives; the 6 missed ones above the 39 answered no. */
    NEAR(m.binary.auc.value, (27 * 54 + 6 * 39) / (33.0 * 54), 1e-12);
    /* At most 5 of 54 negatives may be called (6 would be 88.9% specific): those found, no more. */
    NEAR(m.binary.sensitivity_at_90.value, 27 / 33.0, 1e-12);
    /* Precision is 1 at the found ones; at missed one k it is (27 + k) / (42 + k), as 15 negatives are above it. */
    double precision = 27;
    for (int k = 1; k <= 6; k++) {
        precision += (27.0 + k) / (42 + k);
    }
    NEAR(m.binary.pr_auc.value, precision / 33, 1e-12);
    const en_metric *with[] = {&m.balanced_accuracy,        &m.kappa,       &m.binary.auc, &m.binary.pr_auc,
                               &m.binary.sensitivity_at_90, &m.binary.brier};
    for (size_t i = 0; i < sizeof with / sizeof *with; i++) {
        assert_true(with[i]->is_in.low < with[i]->value && with[i]->value < with[i]->is_in.high);
    }
    double brier = 0, loss = 0;
    for (size_t i = 0; i < N; i++) {
        double p = i < 39   ? 0.02 + 0.01 * (double)i
                   : i < 54 ? 0.51 + 0.01 * (double)(i - 39)
                   : i < 60 ? 0.41 + 0.01 * (double)(i - 54)
                            : 0.66 + 0.01 * (double)(i - 60);
        brier += i < 54 ? p * p : (1 - p) * (1 - p);
        loss -= log(i < 54 ? 1 - p : p);
    }
    NEAR(m.binary.brier.value, brier / 87, 1e-7);
    NEAR(m.loss, loss / 87, 1e-6);
    en_metrics_clear(&m);
}

static void the_other_class_can_be_the_positive_one(void **state)
{
    (void)state;
    const en_catalog_predictions all = predictions();
    en_classes classes = yes_no;
    en_metrics m;
    OK(en_classes_choose_positive(&classes, "0", &err));
    measure(&all, &classes, &m);
    assert_string_equal(m.positive_class, "no");
    assert_int_equal(m.binary.positives, 54);
    NEAR(m.binary.sensitivity.value, 39 / 54.0, 1e-12);
    NEAR(m.binary.npv.value, 27 / 42.0, 1e-12);
    NEAR(m.binary.auc.value, (27 * 54 + 6 * 39) / (33.0 * 54), 1e-12);
    NEAR(m.accuracy.value, 66 / 87.0, 1e-12);
    en_metrics_clear(&m);
    FAILS(en_classes_choose_positive(&classes, "2", &err), EN_INPUT, "there are '0' and '1'");
}

/* Thresholds are applied as they were chosen, whatever would be better here. */
static void operating_points_are_applied(void **state)
{
    (void)state;
    const en_catalog_predictions all = predictions();
    en_calibration c;
    en_metrics m;
    OK(en_calibration_from_json("{\"method\":\"prior\",\"class_weights\":[1,1],\"operating_points\":{\"youden\":"
                                "{\"threshold\":0.655},\"cost\":{\"threshold\":0.435}}}",
                                2, &c, &err));
    OK(en_metrics_compute(&all, &yes_no, "grade >= 2", &c, EN_UNIT_PHOTOGRAPH, EN_COMBINE_WORST, &m, &err));
    const en_at_threshold *youden = &m.binary.at[EN_AT_YOUDEN], *cost = &m.binary.at[EN_AT_COST];
    NEAR(youden->threshold, 0.655, 0);
    NEAR(youden->sensitivity.value, 27 / 33.0, 1e-12); /* from 0.66 on, all of them, and no negative */
    NEAR(youden->specificity.value, 1, 0);
    NEAR(cost->sensitivity.value, 30 / 33.0, 1e-12); /* and 0.44, 0.45 and 0.46 of those missed */
    NEAR(cost->specificity.value, 39 / 54.0, 1e-12);
    assert_true(cost->specificity.is_in.low < 39 / 54.0 && 39 / 54.0 < cost->specificity.is_in.high);
    assert_true(isnan(m.binary.at[EN_AT_SENSITIVITY].threshold));
    assert_true(isnan(m.binary.at[EN_AT_SENSITIVITY].sensitivity.value));
    NEAR(m.binary.sensitivity.value, 27 / 33.0, 1e-12); /* of the answers as given */
    en_metrics_clear(&m);
    en_classes other = yes_no; /* the threshold is one of the last class */
    OK(en_classes_choose_positive(&other, "0", &err));
    OK(en_metrics_compute(&all, &other, "grade >= 2", &c, EN_UNIT_PHOTOGRAPH, EN_COMBINE_WORST, &m, &err));
    assert_true(isnan(m.binary.at[EN_AT_YOUDEN].threshold));
    en_metrics_clear(&m);
}

/* Grades without a 3: predicted 2 for 4 is two off. */
static void grades_are_a_scale_and_a_screening(void **state)
{
    (void)state;
    enum { COUNT = 8 };
    static const int64_t is[COUNT] = {0, 0, 1, 1, 2, 2, 3, 3}, said[COUNT] = {0, 1, 1, 0, 3, 2, 3, 0};
    static en_catalog_prediction graded[COUNT];
    static float p[COUNT][4];
    for (size_t i = 0; i < COUNT; i++) {
        for (size_t k = 0; k < 4; k++) {
            p[i][k] = k == (size_t)said[i] ? 0.7F : 0.1F;
        }
        graded[i] = (en_catalog_prediction){.image_id = (int64_t)i,
                                            .patient_group = (int64_t)i,
                                            .eye_group = (int64_t)i,
                                            .truth = is[i],
                                            .predicted = said[i],
                                            .probability = p[i]};
    }
    const en_catalog_predictions all = {.row = graded, .count = COUNT, .classes = 4};
    en_classes classes = {.count = 4, .name = {"0", "1", "2", "4"}};
    OK(en_classes_scale(&classes, "grade", NULL, &err));
    assert_true(classes.ordinal);
    en_metrics m;
    OK(en_metrics_compute(&all, &classes, "grade", NULL, EN_UNIT_PHOTOGRAPH, EN_COMBINE_WORST, &m, &err));
    /* squares of the distances, seen and of all pairs, by hand from the grades {0,0,1,1,2,2,4,4} and {0,1,1,0,4,2,4,0}
     */
    double seen = 0, pairs = 0;
    static const double value[] = {0, 1, 2, 4};
    for (size_t i = 0; i < COUNT; i++) {
        seen += (value[is[i]] - value[said[i]]) * (value[is[i]] - value[said[i]]) / COUNT;
        for (size_t j = 0; j < COUNT; j++) {
            pairs += (value[is[i]] - value[said[j]]) * (value[is[i]] - value[said[j]]) / (COUNT * COUNT);
        }
    }
    NEAR(m.kappa.value, 1 - seen / pairs, 1e-12);
    assert_string_equal(m.kappa_weights, "quadratic");
    assert_true(m.is_graded && !m.is_binary);
    assert_int_equal(m.referable.positives, 4);
    NEAR(m.referable.sensitivity.value, 3 / 4.0, 0);
    NEAR(m.referable.specificity.value, 1, 0);
    NEAR(m.referable.auc.value, (12 + 0.5 * 4) / 16, 1e-12);
    assert_int_equal(m.threatening.positives, 2);
    NEAR(m.threatening.sensitivity.value, 1 / 2.0, 0);
    NEAR(m.threatening.specificity.value, 5 / 6.0, 1e-12);
    assert_non_null(strstr(m.too_few, "accuracy"));
    en_metrics_clear(&m);
    OK(en_classes_scale(&classes, "grade % 5", NULL, &err));
    assert_false(classes.ordinal);
    classes.name[1][0] = 'x';
    FAILS(en_classes_scale(&classes, "letter", "ordinal", &err), EN_INPUT, "its value 'x' is not a number");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_proportion_has_the_interval_of_its_own_denominator),
        cmocka_unit_test(the_other_figures_are_those_of_hand),
        cmocka_unit_test(the_other_class_can_be_the_positive_one),
        cmocka_unit_test(operating_points_are_applied),
        cmocka_unit_test(grades_are_a_scale_and_a_screening),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
