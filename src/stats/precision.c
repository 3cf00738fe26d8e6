/* Average precision and its interval: one sort, one walk down for the precisions, one up for the influences. Uses base
 * and cluster. */
#include "stats/precision.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"

typedef struct ranked {
    double score;
    uint32_t index;
    double positives, negatives; /* with a score of at least this one */
} ranked;

static int by_falling_score(const void *a, const void *b)
{
    const ranked *x = a, *y = b;
    if (x->score > y->score || x->score < y->score) {
        return x->score > y->score ? -1 : 1;
    }
    return (x->index > y->index) - (x->index < y->index);
}

static void count_above(ranked *r, const uint8_t *truth, size_t n)
{
    double positives = 0, negatives = 0;
    for (size_t i = 0, end; i < n; i = end) {
        for (end = i; end < n && r[end].score >= r[i].score; end++) {
            *(truth[r[end].index] != 0 ? &positives : &negatives) += 1;
        }
        for (size_t k = i; k < end; k++) {
            r[k].positives = positives;
            r[k].negatives = negatives;
        }
    }
}

/* area = sum over positives i of w_i T_i / (T_i + F_i) / sum of their w, T_i and F_i the weights of positives and
 * negatives that score at least as high. A positive k changes its own term and the T_i of all positives i that score no
 * higher, by F_i / (T_i + F_i)^2 each; a negative changes their F_i, by -T_i / (T_i + F_i)^2. */
static void find_influences(const ranked *r, const uint8_t *truth, size_t n, double area, double positives,
                            double *influence)
{
    double by_positive = 0, by_negative = 0;
    for (size_t end = n, begin; end > 0; end = begin) {
        for (begin = end; begin > 0 && r[begin - 1].score <= r[end - 1].score; begin--) {
            const ranked *x = &r[begin - 1];
            double all = x->positives + x->negatives;
            if (truth[x->index] != 0) {
                by_positive += x->negatives / (all * all);
                by_negative -= x->positives / (all * all);
            }
        }
        for (size_t k = begin; k < end; k++) {
            const ranked *x = &r[k];
            double own = x->positives / (x->positives + x->negatives) - area;
            influence[x->index] = (truth[x->index] != 0 ? own + by_positive : by_negative) / positives;
        }
    }
}

en_status en_precision_area(const double *score, const uint8_t *truth, en_clusters *c, double *area, en_interval *is_in,
                            en_error *err)
{
    double sum = 0, positives = 0;
    en_status st = EN_OK;
    *area = (double)NAN;
    *is_in = en_interval_none;
    ranked *r = en_calloc(c->n + 1, sizeof *r);
    double *influence = en_calloc(c->n + 1, sizeof *influence);
    if (r == NULL || influence == NULL) {
        st = en_error_nomem(err, "average precision");
        goto done;
    }
    for (size_t i = 0; i < c->n; i++) {
        if (isnan(score[i])) {
            st = en_error_set(err, EN_INPUT, "a score is not a number");
            goto done;
        }
        r[i] = (ranked){.score = score[i], .index = (uint32_t)i};
    }
    qsort(r, c->n, sizeof *r, by_falling_score);
    count_above(r, truth, c->n);
    for (size_t i = 0; i < c->n; i++) {
        if (truth[r[i].index] != 0) {
            sum += r[i].positives / (r[i].positives + r[i].negatives);
            positives++;
        }
    }
    if (!(positives > 0)) {
        goto done;
    }
    *area = sum / positives;
    find_influences(r, truth, c->n, *area, positives, influence);
    if (en_clusters_of_rarer(c, truth) >= EN_CLUSTERS_LEAST) {
        *is_in = en_interval_logit(*area, en_clusters_variance(c, influence, NULL, NULL),
                                   en_student_point(EN_INTERVAL_CONFIDENCE, en_clusters_freedom(c, influence, NULL)));
    }
done:
    en_free(r);
    en_free(influence);
    return st;
}
