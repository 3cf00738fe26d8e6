/* Cuts of the greatest quadratic kappa. With w(t,k) = (value t - value k)^2 and r(t) the observations of truth t, an
 * answer k to truth t adds w(t,k) to the disagreement and sum_t r(t) w(t,k) / n to that expected by chance. */
#include "stats/cuts.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"

typedef struct observation {
    double score;
    int32_t truth;
} observation;

/* The places where a cut may be are before the first observation of each score, by increasing score, and after the
 * last. */
typedef struct search {
    const observation *by_score;
    size_t n, classes, places;
    const double *value;
    size_t *place;    /* [n + 1]: observations below it */
    double *found;    /* [places * classes]: the disagreement of all below the place, answered by that class */
    double *expected; /* [classes]: of one observation by chance */
    double *cost;     /* [places]: the least, of all below the place answered by classes up to the present one */
    uint32_t *from;   /* [places * classes]: where that class then begins */
    size_t *chosen;   /* [classes + 1]: the places of the cuts, with both ends */
} search;

static int by_score(const void *a, const void *b)
{
    const observation *x = a, *y = b;
    return x->score != y->score ? (x->score > y->score) - (x->score < y->score)
                                : (x->truth > y->truth) - (x->truth < y->truth);
}

static double distance2(const search *s, size_t a, size_t b)
{
    return (s->value[a] - s->value[b]) * (s->value[a] - s->value[b]);
}

static void search_clear(search *s)
{
    en_free(s->place);
    en_free(s->found);
    en_free(s->expected);
    en_free(s->cost);
    en_free(s->from);
    en_free(s->chosen);
}

static en_status search_new(search *s, en_error *err)
{
    size_t cells = 0;
    const bool fits = s->n < UINT32_MAX && en_mul(s->n + 1, s->classes, &cells);
    s->place = en_calloc(s->n + 1, sizeof *s->place);
    s->expected = en_calloc(s->classes, sizeof *s->expected);
    s->cost = en_calloc(s->n + 1, sizeof *s->cost);
    s->chosen = en_calloc(s->classes + 1, sizeof *s->chosen);
    s->found = fits ? en_calloc(cells, sizeof *s->found) : NULL;
    s->from = fits ? en_calloc(cells, sizeof *s->from) : NULL;
    const bool all = s->place != NULL && s->expected != NULL && s->cost != NULL && s->chosen != NULL &&
                     s->found != NULL && s->from != NULL;
    return all ? EN_OK : en_error_nomem(err, "the cuts of a scale");
}

/* Fills what does not change from one iteration to the next. */
static void count(search *s)
{
    const size_t k = s->classes;
    for (size_t i = 0; i < s->n; i++) {
        const size_t truth = (size_t)s->by_score[i].truth;
        if (i == 0 || s->by_score[i].score > s->by_score[i - 1].score) {
            memcpy(s->found + (s->places + 1) * k, s->found + s->places * k, k * sizeof *s->found);
            s->place[s->places++] = i;
        }
        for (size_t c = 0; c < k; c++) {
            s->found[s->places * k + c] += distance2(s, truth, c);
            s->expected[c] += distance2(s, truth, c) / (double)s->n;
        }
    }
    s->place[s->places++] = s->n;
}

/* What all below a place cost where class c answers them. */
static double cost_below(const search *s, size_t place, size_t c, double ratio)
{
    return s->found[place * s->classes + c] - ratio * (double)s->place[place] * s->expected[c];
}

/* Chooses the places with the least disagreement - ratio * that by chance. */
static void choose(search *s, double ratio)
{
    for (size_t m = 0; m < s->places; m++) {
        s->cost[m] = cost_below(s, m, 0, ratio);
    }
    for (size_t c = 1; c < s->classes; c++) {
        double least = (double)INFINITY;
        uint32_t begins = 0;
        for (size_t m = 0; m < s->places; m++) {
            const double own = cost_below(s, m, c, ratio), before = s->cost[m] - own;
            if (before < least) {
                least = before;
                begins = (uint32_t)m;
            }
            s->cost[m] = least + own;
            s->from[m * s->classes + c] = begins;
        }
    }
    s->chosen[s->classes] = s->places - 1;
    for (size_t c = s->classes - 1; c > 0; c--) {
        s->chosen[c] = s->from[s->chosen[c + 1] * s->classes + c];
    }
    s->chosen[0] = 0;
}

/* Disagreement over that by chance; NaN where nothing is expected to disagree. */
static double ratio_of(const search *s)
{
    double found = 0, expected = 0;
    for (size_t c = 0; c < s->classes; c++) {
        const size_t low = s->chosen[c], high = s->chosen[c + 1];
        found += s->found[high * s->classes + c] - s->found[low * s->classes + c];
        expected += (double)(s->place[high] - s->place[low]) * s->expected[c];
    }
    return expected > 0 ? found / expected : (double)NAN;
}

/* Ends as each iteration but the last lowers the ratio, of which there are finitely many. */
static double iterate(search *s)
{
    double ratio = 1; /* that of one answer to all, when any other than the truth's occurs */
    for (;;) {
        choose(s, ratio);
        const double next = ratio_of(s);
        if (isnan(next)) {
            return next;
        }
        if (!(next < ratio - 1e-12)) {
            return fmin(ratio, next);
        }
        ratio = next;
    }
}

static double midway(const search *s, size_t place)
{
    const size_t at = s->place[place];
    if (at == 0) {
        return -(double)INFINITY;
    }
    return at == s->n ? (double)INFINITY : s->by_score[at - 1].score / 2 + s->by_score[at].score / 2;
}

static bool is_of_two_classes(const observation *all, size_t n)
{
    size_t same = 1;
    while (same < n && all[same].truth == all[0].truth) {
        same++;
    }
    return same < n;
}

static en_status best_of_sorted(const observation *sorted, size_t n, const double *value, size_t classes, double *cut,
                                double *kappa, en_error *err)
{
    search s = {.by_score = sorted, .n = n, .classes = classes, .value = value};
    en_status st = search_new(&s, err);
    if (st == EN_OK) {
        count(&s);
        const double ratio = is_of_two_classes(sorted, n) ? iterate(&s) : (double)NAN;
        for (size_t c = 1; c < classes; c++) {
            cut[c - 1] = isnan(ratio) ? (double)NAN : midway(&s, s.chosen[c]);
        }
        if (kappa != NULL) {
            *kappa = 1 - ratio;
        }
    }
    search_clear(&s);
    return st;
}

/* Copies them in order of their scores. *out: en_free. */
static en_status sort(const double *score, const int32_t *truth, size_t n, observation **out, en_error *err)
{
    *out = en_calloc(n + 1, sizeof **out);
    if (*out == NULL) {
        return en_error_nomem(err, "the cuts of a scale");
    }
    for (size_t i = 0; i < n; i++) {
        if (isnan(score[i])) {
            en_free(*out);
            *out = NULL;
            return en_error_set(err, EN_INPUT, "score %zu is not a number", i);
        }
        (*out)[i] = (observation){score[i], truth[i]};
    }
    qsort(*out, n, sizeof **out, by_score);
    return EN_OK;
}

en_status en_cuts_best(const double *score, const int32_t *truth, size_t n, const double *value, size_t classes,
                       double *cut, double *kappa, en_error *err)
{
    observation *sorted = NULL;
    en_status st = sort(score, truth, n, &sorted, err);
    if (st == EN_OK) {
        st = best_of_sorted(sorted, n, value, classes, cut, kappa, err);
    }
    en_free(sorted);
    return st;
}

static int by_index(const void *a, const void *b)
{
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* The best cuts of one sample; of one without two classes, none. */
static en_status sample_cuts(const observation *sorted, size_t n, uint32_t sample, uint32_t *index, observation *drawn,
                             const double *value, size_t classes, double *cut, en_error *err)
{
    en_random random = en_random_init(0, sample, n, EN_FOR_BOOTSTRAP);
    for (size_t i = 0; i < n; i++) {
        index[i] = en_random_below(&random, (uint32_t)n);
    }
    qsort(index, n, sizeof *index, by_index);
    for (size_t i = 0; i < n; i++) {
        drawn[i] = sorted[index[i]];
    }
    return best_of_sorted(drawn, n, value, classes, cut, NULL, err);
}

en_status en_cuts_bagged(const double *score, const int32_t *truth, size_t n, const double *value, size_t classes,
                         double *cut, en_error *err)
{
    observation *sorted = NULL, *drawn = en_calloc(n + 1, sizeof *drawn);
    uint32_t *index = en_calloc(n + 1, sizeof *index);
    double *sum = en_calloc(classes, sizeof *sum);
    size_t samples = 0;
    en_status st = drawn != NULL && index != NULL && sum != NULL ? sort(score, truth, n, &sorted, err)
                                                                 : en_error_nomem(err, "the cuts of a scale");
    for (uint32_t i = 0; st == EN_OK && n > 0 && i < EN_CUTS_SAMPLES; i++) {
        st = sample_cuts(sorted, n, i, index, drawn, value, classes, cut, err);
        if (st == EN_OK && !isnan(cut[0])) {
            samples++;
            for (size_t c = 0; c + 1 < classes; c++) {
                sum[c] += fmin(fmax(cut[c], sorted[0].score), sorted[n - 1].score);
            }
        }
    }
    for (size_t c = 0; st == EN_OK && c + 1 < classes; c++) {
        cut[c] = samples > 0 ? sum[c] / (double)samples : (double)NAN;
    }
    en_free(sorted);
    en_free(drawn);
    en_free(index);
    en_free(sum);
    return st;
}

size_t en_cuts_answer(const double *cut, size_t cuts, double score)
{
    size_t class = 0;
    while (class < cuts && score >= cut[class]) {
        class ++;
    }
    return class;
}
