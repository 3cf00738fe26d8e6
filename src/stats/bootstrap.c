/* The bootstrap interval of an AUC over groups. The scores are sorted once; a round only changes how often each counts,
 * so a round costs one pass. Uses base, basic and roc_interval. */
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/random.h"
#include "stats/basic.h"
#include "stats/roc.h"

#define ROUNDS_MAX 1000000U

typedef struct entry {
    double score;
    uint32_t group; /* 0..groups-1 */
    uint32_t positive;
} entry;

typedef struct member {
    int64_t group;
    size_t index;
} member;

static int by_falling_score(const void *a, const void *b)
{
    double x = ((const entry *)a)->score, y = ((const entry *)b)->score;
    return (x < y) - (x > y);
}

static int by_group(const void *a, const void *b)
{
    const member *x = a, *y = b;
    if (x->group != y->group) {
        return x->group < y->group ? -1 : 1;
    }
    return (x->index > y->index) - (x->index < y->index);
}

/* Groups are numbered by rising value, so that the order of the input does not affect what is drawn. */
static en_status number_groups(const int64_t *group, size_t n, entry *entries, uint32_t *groups, en_error *err)
{
    if (group == NULL) {
        for (size_t i = 0; i < n; i++) {
            entries[i].group = (uint32_t)i;
        }
        *groups = (uint32_t)n;
        return EN_OK;
    }
    member *m = en_calloc(n, sizeof *m);
    if (m == NULL) {
        return en_error_nomem(err, "a bootstrap");
    }
    for (size_t i = 0; i < n; i++) {
        m[i] = (member){group[i], i};
    }
    qsort(m, n, sizeof *m, by_group);
    uint32_t count = 0;
    for (size_t i = 0; i < n; i++) {
        count += i > 0 && m[i].group != m[i - 1].group ? 1 : 0;
        entries[m[i].index].group = count;
    }
    *groups = count + 1;
    en_free(m);
    return EN_OK;
}

/* The AUC with entry i counted times[group of i] times; NaN without positives or negatives. Mann-Whitney, as
 * en_roc_auc. */
static double weighted_auc(const entry *e, size_t n, const uint32_t *times)
{
    double above = 0.0, negatives = 0.0, twice = 0.0;
    for (size_t i = 0; i < n;) {
        double positive = 0.0, negative = 0.0, score = e[i].score;
        for (; i < n && e[i].score >= score; i++) {
            double weight = (double)times[e[i].group];
            positive += e[i].positive != 0 ? weight : 0.0;
            negative += e[i].positive != 0 ? 0.0 : weight;
        }
        twice += 2.0 * negative * above + negative * positive;
        above += positive;
        negatives += negative;
    }
    return above > 0.0 && negatives > 0.0 ? twice / 2.0 / (above * negatives) : (double)NAN;
}

static size_t run_rounds(const entry *e, size_t n, uint32_t groups, unsigned rounds, uint64_t seed, uint32_t *times,
                         double *auc)
{
    size_t kept = 0;
    for (unsigned r = 0; r < rounds; r++) {
        en_random random = en_random_init(seed, 0, r, EN_FOR_BOOTSTRAP);
        for (uint32_t g = 0; g < groups; g++) {
            times[g] = 0;
        }
        for (uint32_t g = 0; g < groups; g++) {
            times[en_random_below(&random, groups)]++;
        }
        double a = weighted_auc(e, n, times);
        if (!isnan(a)) {
            auc[kept++] = a;
        }
    }
    return kept;
}

/* How many groups have a positive and how many a negative; a group may have both. marks: [groups], overwritten. */
static void count_groups(const entry *e, size_t n, uint32_t groups, uint32_t *marks, int64_t *positives,
                         int64_t *negatives)
{
    *positives = *negatives = 0;
    for (uint32_t g = 0; g < groups; g++) {
        marks[g] = 0;
    }
    for (size_t i = 0; i < n; i++) {
        uint32_t mark = e[i].positive != 0 ? 1 : 2;
        *(mark == 1 ? positives : negatives) += (marks[e[i].group] & mark) == 0;
        marks[e[i].group] |= mark;
    }
}

/* The interval of sorted entries; `times` [groups] and `auc` [rounds] are its scratch memory. */
static en_status measure(const entry *e, size_t n, uint32_t groups, double confidence, unsigned rounds, uint64_t seed,
                         uint32_t *times, double *auc, double *low, double *high, en_error *err)
{
    size_t kept = run_rounds(e, n, groups, rounds, seed, times, auc);
    en_status st = en_quantile(auc, kept, (1.0 - confidence) / 2.0, low, err);
    if (st == EN_OK) {
        st = en_quantile(auc, kept, (1.0 + confidence) / 2.0, high, err);
    }
    if (st == EN_OK && !(*low > 0 && *high < 1 && *low < *high)) {
        int64_t positives, negatives;
        count_groups(e, n, groups, times, &positives, &negatives);
        for (uint32_t g = 0; g < groups; g++) {
            times[g] = 1;
        }
        en_roc_auc_score_interval(weighted_auc(e, n, times), positives, negatives, confidence, low, high);
    }
    return st;
}

en_status en_roc_auc_interval(const double *score, const uint8_t *truth, const int64_t *group, size_t n,
                              double confidence, unsigned rounds, uint64_t seed, double *low, double *high,
                              en_error *err)
{
    *low = *high = (double)NAN;
    if (!(confidence > 0.0 && confidence < 1.0) || rounds == 0 || rounds > ROUNDS_MAX || n > INT32_MAX) {
        return en_error_set(err, EN_INPUT,
                            "a bootstrap needs a confidence between 0 and 1, 1 to %u rounds and at most %d scores",
                            ROUNDS_MAX, INT32_MAX);
    }
    if (n == 0) {
        return EN_OK;
    }
    en_status st = EN_OK;
    uint32_t groups = 0;
    entry *e = en_calloc(n, sizeof *e);
    uint32_t *times = en_calloc(n, sizeof *times);
    double *auc = en_calloc(rounds, sizeof *auc);
    if (e == NULL || times == NULL || auc == NULL) {
        st = en_error_nomem(err, "a bootstrap");
        goto done;
    }
    for (size_t i = 0; i < n; i++) {
        if (isnan(score[i])) {
            st = en_error_set(err, EN_INPUT, "a score is not a number");
            goto done;
        }
        e[i].score = score[i];
        e[i].positive = truth[i] != 0;
    }
    st = number_groups(group, n, e, &groups, err);
    if (st != EN_OK) {
        goto done;
    }
    qsort(e, n, sizeof *e, by_falling_score);
    if (e[0].score > e[n - 1].score) { /* else all are the same */
        st = measure(e, n, groups, confidence, rounds, seed, times, auc, low, high, err);
    }
done:
    en_free(auc);
    en_free(times);
    en_free(e);
    return st;
}
