/* Cuts: the best of all, by trying all; the mean of those of samples; what is not defined. */
#include "check.h"

#include "base/random.h"
#include "stats/confusion.h"
#include "stats/cuts.h"
#include "stats/kappa.h"

enum { N = 23, MANY = 400 };

static const double grade[4] = {0, 1, 3, 4};

static double kappa_of(const double *cut, size_t classes, const double *score, const int32_t *truth, size_t n)
{
    en_confusion m;
    OK(en_confusion_init(&m, classes, &err));
    for (size_t i = 0; i < n; i++) {
        OK(en_confusion_add(&m, (size_t)truth[i], en_cuts_answer(cut, classes - 1, score[i]), &err));
    }
    const double kappa = en_kappa(&m, grade);
    en_confusion_clear(&m);
    return kappa;
}

/* Scores that say something of the truth, some of them equal. */
static void draw(uint64_t seed, double *score, int32_t *truth, size_t n)
{
    en_random r = en_random_init(seed, 0, 0, EN_FOR_TEST);
    for (size_t i = 0; i < n; i++) {
        const double u = en_random_uniform(&r);
        truth[i] = u < 0.6 ? 0 : u < 0.7 ? 1 : u < 0.9 ? 2 : 3;
        score[i] = floor(8 * (0.4 * grade[truth[i]] + en_random_normal(&r))) / 8;
    }
}

static void no_other_cuts_have_a_greater_kappa(void **state)
{
    (void)state;
    double score[N], cut[3], kappa, tried[3];
    int32_t truth[N];
    for (uint64_t seed = 0; seed < 5; seed++) {
        draw(seed, score, truth, N);
        OK(en_cuts_best(score, truth, N, grade, 4, cut, &kappa, &err));
        NEAR(kappa_of(cut, 4, score, truth, N), kappa, 1e-12);
        assert_true(cut[0] <= cut[1] && cut[1] <= cut[2]);
        double best = -1;
        for (size_t a = 0; a <= N; a++) { /* each score, and one beyond all */
            for (size_t b = 0; b <= N; b++) {
                for (size_t c = 0; c <= N; c++) {
                    tried[0] = a < N ? score[a] : 99;
                    tried[1] = b < N ? score[b] : 99;
                    tried[2] = c < N ? score[c] : 99;
                    if (tried[0] <= tried[1] && tried[1] <= tried[2]) {
                        best = fmax(best, kappa_of(tried, 4, score, truth, N));
                    }
                }
            }
        }
        NEAR(kappa, best, 1e-12);
    }
}

static void cuts_lie_midway(void **state)
{
    (void)state;
    const double score[] = {0.9, 0.1, 0.2, 0.5, 0.7}; /* of truths that are told apart */
    const int32_t truth[] = {3, 0, 0, 1, 2};
    double cut[3], kappa;
    OK(en_cuts_best(score, truth, 5, grade, 4, cut, &kappa, &err));
    NEAR(kappa, 1, 1e-12);
    NEAR(cut[0], 0.35, 1e-12);
    NEAR(cut[1], 0.6, 1e-12);
    NEAR(cut[2], 0.8, 1e-12);
    assert_int_equal(en_cuts_answer(cut, 3, 0.34), 0);
    assert_int_equal(en_cuts_answer(cut, 3, 0.35), 1);
    assert_int_equal(en_cuts_answer(cut, 3, 7), 3);
    const int32_t extremes[] = {3, 0, 0, 0, 3}; /* the classes between are answered nowhere */
    OK(en_cuts_best(score, extremes, 5, grade, 4, cut, &kappa, &err));
    NEAR(kappa, 1, 1e-12);
    NEAR(cut[0], 0.6, 1e-12);
    NEAR(cut[2], 0.6, 1e-12);
}

static void without_two_truths_there_are_none(void **state)
{
    (void)state;
    const double score[] = {0.1, 0.2, 0.3};
    const int32_t truth[] = {1, 1, 1};
    double cut[3], kappa;
    OK(en_cuts_best(score, truth, 3, grade, 4, cut, &kappa, &err));
    assert_true(isnan(cut[0]) && isnan(cut[2]) && isnan(kappa));
    OK(en_cuts_best(score, truth, 0, grade, 4, cut, NULL, &err));
    assert_true(isnan(cut[0]));
    OK(en_cuts_bagged(score, truth, 3, grade, 4, cut, &err));
    assert_true(isnan(cut[0]));
    OK(en_cuts_bagged(score, truth, 0, grade, 4, cut, &err));
    assert_true(isnan(cut[0]));
    const double wrong[] = {0.1, (double)NAN};
    FAILS(en_cuts_best(wrong, truth, 2, grade, 4, cut, NULL, &err), EN_INPUT, "score 1 is not a number");
}

/* On others the mean of samples' cuts is at least as good, on average, and the same each time. */
static void bagged_cuts_are_good_on_others(void **state)
{
    (void)state;
    static double score[MANY], other[20 * MANY];
    static int32_t truth[MANY], other_truth[20 * MANY];
    double best[3], bagged[3], again[3], gain = 0;
    draw(99, other, other_truth, 20 * MANY);
    for (uint64_t seed = 10; seed < 30; seed++) {
        draw(seed, score, truth, MANY);
        OK(en_cuts_best(score, truth, MANY, grade, 4, best, NULL, &err));
        OK(en_cuts_bagged(score, truth, MANY, grade, 4, bagged, &err));
        assert_true(bagged[0] <= bagged[1] && bagged[1] <= bagged[2]);
        gain += kappa_of(bagged, 4, other, other_truth, 20 * MANY) - kappa_of(best, 4, other, other_truth, 20 * MANY);
    }
    assert_true(gain > 0);
    OK(en_cuts_bagged(score, truth, MANY, grade, 4, again, &err));
    assert_memory_equal(again, bagged, sizeof again);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_other_cuts_have_a_greater_kappa),
        cmocka_unit_test(cuts_lie_midway),
        cmocka_unit_test(without_two_truths_there_are_none),
        cmocka_unit_test(bagged_cuts_are_good_on_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
