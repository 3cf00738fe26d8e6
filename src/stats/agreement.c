/* Intervals of kappa and of the balanced accuracy. Uses base, cluster, confusion and kappa. */
#include "stats/agreement.h"

#include <math.h>
#include <stdbool.h>

#include "base/memory.h"
#include "stats/kappa.h"

/* The clusters that have the rarest of the classes that occur. */
static size_t fewest_clusters(const en_confusion *m, const int32_t *truth, en_clusters *c, uint8_t *mark)
{
    size_t fewest = c->count;
    for (size_t k = 0; k < m->classes; k++) {
        for (size_t i = 0; i < c->n; i++) {
            mark[i] = truth[i] == (int32_t)k;
        }
        size_t with = en_clusters_with(c, mark);
        fewest = with > 0 && with < fewest ? with : fewest;
    }
    return fewest;
}

en_status en_agreement_kappa(const en_confusion *m, const double *value, const int32_t *truth, const int32_t *predicted,
                             en_clusters *c, en_interval *out, en_error *err)
{
    *out = en_interval_none;
    double kappa = en_kappa(m, value);
    if (isnan(kappa)) {
        return EN_OK;
    }
    en_status st = EN_OK;
    double *cell = en_calloc(m->classes * m->classes, sizeof *cell), *influence = en_calloc(c->n, sizeof *influence);
    uint8_t *mark = en_calloc(c->n, 1);
    if (cell == NULL || influence == NULL || mark == NULL) {
        st = en_error_nomem(err, "an interval");
        goto done;
    }
    size_t fewest = fewest_clusters(m, truth, c, mark);
    if (fewest < EN_CLUSTERS_LEAST) {
        goto done;
    }
    en_kappa_influence(m, value, cell);
    for (size_t i = 0; i < c->n; i++) {
        influence[i] = cell[(size_t)truth[i] * m->classes + (size_t)predicted[i]];
    }
    *out = en_interval_fisher(kappa, en_clusters_variance(c, influence, NULL, NULL),
                              en_student_point(EN_INTERVAL_CONFIDENCE, en_clusters_freedom(c, influence, NULL)));
done:
    en_free(cell);
    en_free(influence);
    en_free(mark);
    return st;
}

/* What the classes of the balanced accuracy have measured so far: the squares of their distances to their limits, and
 * those distances and influences themselves for the products of two classes. */
typedef struct recalls {
    size_t seen;
    double low, high; /* sums of squares and products of distances */
    double below[EN_CONFUSION_CLASSES_MAX], above[EN_CONFUSION_CLASSES_MAX], variance[EN_CONFUSION_CLASSES_MAX];
} recalls;

static void recall_influence(const int32_t *truth, const int32_t *predicted, size_t n, size_t class,
                             const en_proportion *recall, double *influence)
{
    for (size_t i = 0; i < n; i++) {
        double right = predicted[i] == (int32_t) class ? 1 : 0;
        influence[i] = truth[i] == (int32_t) class ? (right - recall->value) / (double)recall->n : 0;
    }
}

/* Adds class k, whose influences are at `influence` + seen * n, behind those of the classes before. false: too few. */
static bool add_recall(recalls *r, const int32_t *truth, const int32_t *predicted, size_t k, en_clusters *c,
                       uint8_t *mark, double *influence)
{
    en_proportion recall;
    uint8_t *right = mark + c->n;
    for (size_t i = 0; i < c->n; i++) {
        mark[i] = truth[i] == (int32_t)k;
        right[i] = predicted[i] == (int32_t)k;
    }
    en_clusters_proportion(c, right, mark, &recall);
    if (recall.n == 0) {
        return true;
    }
    double *own = influence + r->seen * c->n, below = recall.value - recall.is_in.low,
           above = recall.is_in.high - recall.value;
    recall_influence(truth, predicted, c->n, k, &recall, own);
    double variance = en_clusters_variance(c, own, NULL, NULL);
    for (size_t j = 0; j < r->seen; j++) {
        double shared = en_clusters_covariance(c, own, influence + j * c->n), both = sqrt(variance * r->variance[j]);
        double correlation = both > 0 ? shared / both : 0;
        r->low += 2 * correlation * below * r->below[j];
        r->high += 2 * correlation * above * r->above[j];
    }
    r->low += below * below;
    r->high += above * above;
    r->below[r->seen] = below;
    r->above[r->seen] = above;
    r->variance[r->seen++] = variance;
    return recall.clusters >= EN_CLUSTERS_LEAST;
}

en_status en_agreement_balanced(const en_confusion *m, const int32_t *truth, const int32_t *predicted, en_clusters *c,
                                en_interval *out, en_error *err)
{
    *out = en_interval_none;
    double value = en_confusion_balanced_accuracy(m);
    if (isnan(value)) {
        return EN_OK;
    }
    en_status st = EN_OK;
    recalls *r = en_calloc(1, sizeof *r);
    double *influence = en_calloc(m->classes * c->n, sizeof *influence);
    uint8_t *mark = en_calloc(2 * c->n, 1);
    if (r == NULL || influence == NULL || mark == NULL) {
        st = en_error_nomem(err, "an interval");
        goto done;
    }
    bool enough = true;
    for (size_t k = 0; k < m->classes; k++) {
        enough = add_recall(r, truth, predicted, k, c, mark, influence) && enough;
    }
    if (enough) {
        double classes = (double)r->seen;
        *out = (en_interval){fmax(0, value - sqrt(fmax(0, r->low)) / classes),
                             fmin(1, value + sqrt(fmax(0, r->high)) / classes)};
    }
done:
    en_free(r);
    en_free(influence);
    en_free(mark);
    return st;
}
