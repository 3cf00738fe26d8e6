/* The confusion matrix and kappa, against values computed by hand. */
#include "check.h"

#include "stats/confusion.h"
#include "stats/kappa.h"

static void fill(en_confusion *m, size_t classes, const int64_t *count)
{
    OK(en_confusion_init(m, classes, &err));
    for (size_t i = 0; i < classes; i++) {
        for (size_t j = 0; j < classes; j++) {
            for (int64_t k = 0; k < count[i * classes + j]; k++) {
                OK(en_confusion_add(m, i, j, &err));
            }
        }
    }
}

static void figures_are_read_off_rows_and_columns(void **state)
{
    (void)state;
    en_confusion m;
    const int64_t count[] = {50, 10, 5, 20, 0, 0, 1, 4, 10};
    fill(&m, 3, count);
    assert_int_equal(en_confusion_total(&m), 100);
    assert_int_equal(en_confusion_at(&m, 1, 0), 20);
    NEAR(en_confusion_accuracy(&m), 0.60, 1e-15);
    NEAR(en_confusion_recall(&m, 0), 50.0 / 65.0, 1e-15);
    NEAR(en_confusion_recall(&m, 1), 0.0, 1e-15);
    NEAR(en_confusion_precision(&m, 2), 10.0 / 15.0, 1e-15);
    NEAR(en_confusion_balanced_accuracy(&m), (50.0 / 65.0 + 0.0 + 10.0 / 15.0) / 3.0, 1e-15);
    FAILS(en_confusion_add(&m, 3, 0, &err), EN_BUG, "3 classes");
    en_confusion_clear(&m);
}

static void classes_that_do_not_occur_are_left_out(void **state)
{
    (void)state;
    en_confusion m;
    const int64_t count[] = {3, 1, 0, 0};
    fill(&m, 2, count);
    assert_true(isnan(en_confusion_recall(&m, 1)));
    NEAR(en_confusion_balanced_accuracy(&m), 0.75, 1e-15);
    en_confusion_clear(&m);
    OK(en_confusion_init(&m, 2, &err));
    assert_true(isnan(en_confusion_accuracy(&m)));
    assert_true(isnan(en_confusion_balanced_accuracy(&m)));
    en_confusion_clear(&m);
    FAILS(en_confusion_init(&m, 0, &err), EN_INPUT, "classes");
    FAILS(en_confusion_init(&m, EN_CONFUSION_CLASSES_MAX + 1, &err), EN_INPUT, "classes");
}

static void kappa_is_what_cohen_computed(void **state)
{
    (void)state;
    /* p_o = 35/50, p_e = (25*30 + 25*20)/2500 = 0.5: (0.7 - 0.5) / 0.5 */
    en_confusion m;
    const int64_t count[] = {20, 5, 10, 15};
    fill(&m, 2, count);
    NEAR(en_kappa_quadratic(&m), 0.4, 1e-15); /* with two classes they are one */
    en_confusion_clear(&m);
}

static void quadratic_kappa_punishes_by_the_square_of_the_distance(void **state)
{
    (void)state;
    /* margins: rows 3,3,4, columns 3,4,3; observed 1*1 + 1*1 + 1*4 + 1*1 = 7 of weight;
     * expected = sum w r c / 10 = (1*3*4 + 4*3*3 + 1*3*3 + 1*3*3 + 4*4*3 + 1*4*4) / 10 = 130 / 10 */
    en_confusion m;
    const int64_t count[] = {2, 1, 0, 0, 2, 1, 1, 1, 2};
    fill(&m, 3, count);
    NEAR(en_kappa_quadratic(&m), 1.0 - 7.0 / 13.0, 1e-15);
    en_confusion_clear(&m);
    const int64_t perfect[] = {5, 0, 0, 0, 5, 0, 0, 0, 5}, reversed[] = {0, 0, 5, 0, 0, 0, 5, 0, 0};
    fill(&m, 3, perfect);
    NEAR(en_kappa_quadratic(&m), 1.0, 1e-15);
    en_confusion_clear(&m);
    fill(&m, 3, reversed);
    NEAR(en_kappa_quadratic(&m), -1.0, 1e-15);
    en_confusion_clear(&m);
}

/* Grades 0, 2 and 4 are two apart, whatever the numbers of their classes: the same as with classes 1 and 3 left empty.
 */
static void kappa_weighs_values_and_not_numbers_of_classes(void **state)
{
    (void)state;
    en_confusion m;
    const int64_t three[] = {5, 2, 1, 1, 4, 0, 3, 2, 6};
    const double value[] = {0, 1, 4};
    fill(&m, 3, three);
    double kappa = en_kappa(&m, value);
    en_confusion_clear(&m);
    int64_t five[25] = {0};
    static const size_t grade[] = {0, 1, 4};
    for (size_t i = 0; i < 3; i++) {
        for (size_t j = 0; j < 3; j++) {
            five[5 * grade[i] + grade[j]] = three[3 * i + j];
        }
    }
    fill(&m, 5, five);
    NEAR(kappa, en_kappa_quadratic(&m), 1e-15);
    en_confusion_clear(&m);
    fill(&m, 3, three);
    assert_true(fabs(kappa - en_kappa_quadratic(&m)) > 0.01);
    /* Cohen's unweighted: observed 15 of 24; expected (8*9 + 5*8 + 11*7) / 24^2 */
    NEAR(en_kappa(&m, NULL), (15 / 24.0 - 189 / 576.0) / (1 - 189 / 576.0), 1e-15);
    en_confusion_clear(&m);
}

static void kappa_of_nothing_or_of_one_class_cannot_be_told(void **state)
{
    (void)state;
    en_confusion m;
    const int64_t one[] = {7, 0, 0, 0};
    OK(en_confusion_init(&m, 3, &err));
    assert_true(isnan(en_kappa_quadratic(&m)));
    en_confusion_clear(&m);
    fill(&m, 2, one);
    assert_true(isnan(en_kappa_quadratic(&m)));
    en_confusion_clear(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(figures_are_read_off_rows_and_columns),
        cmocka_unit_test(classes_that_do_not_occur_are_left_out),
        cmocka_unit_test(kappa_is_what_cohen_computed),
        cmocka_unit_test(quadratic_kappa_punishes_by_the_square_of_the_distance),
        cmocka_unit_test(kappa_weighs_values_and_not_numbers_of_classes),
        cmocka_unit_test(kappa_of_nothing_or_of_one_class_cannot_be_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
