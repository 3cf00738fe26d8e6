/* Scores of probabilities in memory, worked by hand: five items of two classes, three of one and two of the other. */
#include "check.h"

#include "training/score.h"

/* -ln p of the truth: ln 2, ln 4, ln 8 of class 0 and ln 16, ln 2 of class 1. Items 0 and 4 are even: argmax takes the
 * first, so that item 0 is right and item 4 is wrong; item 1, 2 and 3 are wrong as well. */
static const float probability[] = {0.5f, 0.5f, 0.25f, 0.75f, 0.125f, 0.875f, 0.9375f, 0.0625f, 0.5f, 0.5f};
static const int32_t truth[] = {0, 0, 0, 1, 1};

static void a_weighted_loss_is_divided_by_the_sum_of_its_weights(void **state)
{
    (void)state;
    static const float weight[] = {0.5f, 3};
    en_score s;
    OK(en_score_of(probability, truth, 5, 2, weight, &s, &err));
    /* (0.5 (1 + 2 + 3) + 3 (4 + 1)) ln 2 = 18 ln 2, over 3 * 0.5 + 2 * 3 = 7.5; by 5 it would be 3.6 ln 2 */
    NEAR(s.weighted_loss, 2.4 * log(2), 1e-6);
    NEAR(s.loss, 11 * log(2) / 5, 1e-6); /* whatever the weights */
    NEAR(s.accuracy, 1 / 5.0, 1e-12);    /* of items, not weighted */
    /* Scores of the positives 1/16 and 1/2, of the negatives 1/2, 3/4 and 7/8: of six pairs only one is even. */
    NEAR(s.auc, 0.5 / 6, 1e-12);
}

static void without_weights_it_is_the_mean(void **state)
{
    (void)state;
    en_score s;
    OK(en_score_of(probability, truth, 5, 2, NULL, &s, &err));
    NEAR(s.loss, 11 * log(2) / 5, 1e-6); /* 1 + 2 + 3 + 4 + 1 */
    assert_true(isnan(s.weighted_loss));
}

static void three_classes_have_their_own_weights_and_no_auc(void **state)
{
    (void)state;
    static const float p[] = {0.5f, 0.25f, 0.25f, 0.25f, 0.25f, 0.5f, 0.125f, 0.25f, 0.625f, 0.25f, 0.5f, 0.25f};
    static const int32_t is[] = {0, 1, 2, 1};
    static const float weight[] = {5, 1, 2};
    en_score s;
    OK(en_score_of(p, is, 4, 3, weight, &s, &err));
    /* 5 ln 2 + 1 ln 4 + 2 ln 1.6 + 1 ln 2, over 5 + 1 + 2 + 1 */
    NEAR(s.weighted_loss, (8 * log(2) + 2 * log(1.6)) / 9, 1e-6);
    NEAR(s.accuracy, 3 / 4.0, 1e-12);
    assert_true(isnan(s.auc));
}

/* Expected classes 0.5, 1, 1, 1.75 of truths 0, 1, 0, 2: five pairs of different classes, of which 4 are in order and
 * one, of the second and third item, is a tie. */
static void concordance_counts_the_pairs_in_order(void **state)
{
    (void)state;
    const float p[] = {0.5f, 0.5f, 0, 0, 1, 0, 0.5f, 0, 0.5f, 0, 0.25f, 0.75f};
    const int32_t is[] = {0, 1, 0, 2}, alike[] = {1, 1, 1, 1};
    en_score s;
    OK(en_score_of(p, is, 4, 3, NULL, &s, &err));
    NEAR(s.concordance, 4.5 / 5, 1e-12);
    OK(en_score_of(p, alike, 4, 3, NULL, &s, &err));
    assert_true(isnan(s.concordance));
    OK(en_score_of(probability, truth, 5, 2, NULL, &s, &err));
    NEAR(s.concordance, s.auc, 1e-12);
}

/* n items of which the first half are positive; probabilities of the positive class 0.3 + step * (i % 7). */
static bool is_constant(size_t n, float step, bool ranked, size_t classes)
{
    float p[300];
    int32_t is[100];
    en_score s;
    for (size_t i = 0; i < n; i++) {
        is[i] = i < n / 2;
        const float at = 0.3f + step * (float)(ranked ? is[i] : (int)(i % 7));
        p[i * classes] = 1 - at;
        p[i * classes + 1] = at;
        if (classes == 3) {
            p[i * classes + 2] = 0;
        }
    }
    OK(en_score_of(p, is, n, classes, NULL, &s, &err));
    return en_score_is_constant(&s, p, is, n, classes);
}

static void a_network_that_answers_alike_has_collapsed(void **state)
{
    (void)state;
    en_score s;
    OK(en_score_of(probability, truth, 5, 2, NULL, &s, &err));
    NEAR(s.spread, sqrt(0.0775), 1e-6); /* of .5, .75, .875, .0625 and .5, whose mean is .5375 */
    for (size_t classes = 2; classes < 4; classes++) {
        assert_true(is_constant(100, 0, false, classes));
        assert_true(is_constant(100, 1e-5f, false, classes));
        assert_false(is_constant(100, 1e-2f, false, classes)); /* it spreads */
        assert_false(is_constant(9, 0, false, classes));       /* too few to say */
    }
    assert_false(is_constant(100, 1e-5f, true, 2)); /* it hardly spreads, but ranks */
    assert_false(is_constant(12, 1e-5f, true, 2));
}

static void nothing_has_no_score(void **state)
{
    (void)state;
    en_score s;
    OK(en_score_of(NULL, NULL, 0, 2, NULL, &s, &err));
    assert_true(isnan(s.loss) && isnan(s.accuracy) && isnan(s.auc));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_weighted_loss_is_divided_by_the_sum_of_its_weights),
        cmocka_unit_test(without_weights_it_is_the_mean),
        cmocka_unit_test(three_classes_have_their_own_weights_and_no_auc),
        cmocka_unit_test(concordance_counts_the_pairs_in_order),
        cmocka_unit_test(a_network_that_answers_alike_has_collapsed),
        cmocka_unit_test(nothing_has_no_score),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
