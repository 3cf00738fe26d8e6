/* The bootstrap's bounds are the 2.5% and the 97.5% points of its rounds, which are drawn again here: by the random
 * numbers that the header names, but with pairs counted one by one and the points read off a sorted list. */
#include "check.h"

#include <stdlib.h>

#include "base/random.h"
#include "stats/roc.h"

/* 9 patients with two photographs each, 7 positives and 11 negatives, no two scores equal: an AUC of 45/77. */
static const double score[] = {0.91, 0.13, 0.95, 0.47, 0.66, 0.29, 0.72, 0.05, 0.38,
                               0.58, 0.21, 0.33, 0.34, 0.52, 0.78, 0.25, 0.61, 0.44};
static const uint8_t truth[] = {1, 0, 0, 0, 1, 0, 1, 0, 1, 0, 0, 1, 0, 0, 0, 1, 0, 1};
static const int64_t patient[] = {30, 10, 30, 20, 70, 10, 50, 20, 60, 40, 40, 50, 60, 70, 80, 80, 90, 90};
/* patient as a place in the order of their numbers: what a round draws */
static const uint32_t place[] = {2, 0, 2, 1, 6, 0, 4, 1, 5, 3, 3, 4, 5, 6, 7, 7, 8, 8};
enum { N = sizeof score / sizeof *score, PATIENTS = 9, ROUNDS = 1001, SEED = 19 };

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The AUC when patient i counts times[i] times: pairs in the right order over all pairs; -1 without pairs. */
static double auc_of_pairs(const uint32_t *times)
{
    double won = 0, pairs = 0;
    for (size_t i = 0; i < N; i++) {
        for (size_t j = 0; j < N; j++) {
            if (truth[i] == 1 && truth[j] == 0) {
                double weight = (double)times[place[i]] * times[place[j]];
                pairs += weight;
                won += score[i] > score[j] ? weight : 0;
            }
        }
    }
    return pairs > 0 ? won / pairs : -1;
}

/* All rounds that have both kinds, sorted. */
static size_t draw_rounds(double *auc)
{
    size_t kept = 0;
    for (unsigned r = 0; r < ROUNDS; r++) {
        uint32_t times[PATIENTS] = {0};
        en_random random = en_random_init(SEED, 0, r, EN_FOR_BOOTSTRAP);
        for (size_t i = 0; i < PATIENTS; i++) {
            times[en_random_below(&random, PATIENTS)]++;
        }
        double a = auc_of_pairs(times);
        if (a >= 0) {
            auc[kept++] = a;
        }
    }
    qsort(auc, kept, sizeof *auc, by_value);
    return kept;
}

/* A point of the sorted rounds, thousandths of the way from the first to the last, between neighbours in proportion. */
static double point(const double *auc, size_t kept, size_t thousandths)
{
    size_t at = thousandths * (kept - 1) / 1000, rest = thousandths * (kept - 1) % 1000;
    return rest == 0 ? auc[at] : auc[at] + (auc[at + 1] - auc[at]) * (double)rest / 1000;
}

static void its_bounds_leave_one_fortieth_of_the_rounds_on_either_side(void **state)
{
    (void)state;
    static double auc[ROUNDS];
    double low, high;
    size_t kept = draw_rounds(auc);
    assert_in_range(kept, 900, ROUNDS);
    OK(en_roc_auc_interval(score, truth, patient, N, 0.95, ROUNDS, SEED, &low, &high, &err));
    assert_true(low > 0 && low < high && high < 1); /* the bootstrap's own, not the score interval's */
    NEAR(low, point(auc, kept, 25), 1e-12);
    NEAR(high, point(auc, kept, 975), 1e-12);
    /* what a bound at a wrong point would be is far away from it */
    assert_true(point(auc, kept, 50) - low > 1e-3);
    assert_true(high - point(auc, kept, 950) > 1e-3);
}

static void a_narrower_confidence_has_both_bounds_further_in(void **state)
{
    (void)state;
    static double auc[ROUNDS];
    double low, high;
    size_t kept = draw_rounds(auc);
    OK(en_roc_auc_interval(score, truth, patient, N, 0.6, ROUNDS, SEED, &low, &high, &err));
    NEAR(low, point(auc, kept, 200), 1e-12);
    NEAR(high, point(auc, kept, 800), 1e-12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(its_bounds_leave_one_fortieth_of_the_rounds_on_either_side),
        cmocka_unit_test(a_narrower_confidence_has_both_bounds_further_in),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
