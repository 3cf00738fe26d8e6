/* Differences of two models' metrics. Uses base, cluster, confusion, interval, kappa and roc. */
#include "stats/paired.h"

#include <math.h>
#include <stdbool.h>

#include "base/memory.h"
#include "stats/kappa.h"
#include "stats/roc.h"

/* Beneath this a sum of influences is what rounding leaves of 0. */
#define NOTHING 1e-12

static const en_difference undefined = {
    .first = (double)NAN, .second = (double)NAN, .value = (double)NAN, .is_in = {(double)NAN, (double)NAN}};

static int64_t different_clusters(en_clusters *c, const double *influence)
{
    int64_t count = 0;
    for (size_t g = 0; g < c->count; g++) {
        c->sum[g] = 0;
    }
    for (size_t i = 0; i < c->n; i++) {
        c->sum[c->of[i]] += fabs(influence[i]);
    }
    for (size_t g = 0; g < c->count; g++) {
        count += c->sum[g] > NOTHING;
    }
    return count;
}

/* The interval of out->value, whose influences these are. enough: of the clusters, for each kind. */
static void bound(en_clusters *c, const double *influence, bool enough, en_difference *out)
{
    const double variance = en_clusters_variance(c, influence, NULL, NULL);
    out->value = out->second - out->first;
    if (!enough || out->different == 0 || !(variance > 0)) {
        return;
    }
    const double point = en_student_point(EN_INTERVAL_CONFIDENCE, en_clusters_freedom(c, influence, NULL));
    const double half = point * sqrt(variance);
    out->is_in = isfinite(half) ? (en_interval){out->value - half, out->value + half} : en_interval_none;
}

en_status en_paired_mean(const double *a, const double *b, const uint8_t *among, en_clusters *c, en_difference *out,
                         en_error *err)
{
    double sum_a = 0, sum_b = 0;
    *out = undefined;
    uint8_t *counts = en_calloc(c->n + 1, 1);
    double *influence = en_calloc(c->n + 1, sizeof *influence);
    en_status st = counts != NULL && influence != NULL ? EN_OK : en_error_nomem(err, "a comparison");
    for (size_t i = 0; st == EN_OK && i < c->n; i++) {
        counts[i] = among == NULL || among[i] != 0;
        if (counts[i] != 0) {
            sum_a += a[i];
            sum_b += b[i];
            influence[i] = b[i] - a[i];
            out->n++;
        }
    }
    if (st == EN_OK && out->n > 0) {
        const double n = (double)out->n;
        out->first = sum_a / n;
        out->second = sum_b / n;
        out->different = different_clusters(c, influence);
        out->clusters = (int64_t)en_clusters_with(c, counts);
        for (size_t i = 0; i < c->n; i++) {
            influence[i] = counts[i] != 0 ? (influence[i] - (out->second - out->first)) / n : 0;
        }
        bound(c, influence, out->clusters >= EN_CLUSTERS_LEAST, out);
    }
    en_free(counts);
    en_free(influence);
    return st;
}

en_status en_paired_auc(const double *a, const double *b, const uint8_t *truth, en_clusters *c, en_difference *out,
                        en_error *err)
{
    *out = undefined;
    double *influence = en_calloc(2 * c->n + 1, sizeof *influence), *of_b = influence + c->n;
    en_status st = influence != NULL ? EN_OK : en_error_nomem(err, "a comparison");
    if (st == EN_OK) {
        st = en_roc_auc(a, truth, c->n, &out->first, err);
    }
    if (st == EN_OK) {
        st = en_roc_auc(b, truth, c->n, &out->second, err);
    }
    if (st == EN_OK) {
        st = en_roc_auc_influence(a, truth, c->n, influence, err);
    }
    if (st == EN_OK) {
        st = en_roc_auc_influence(b, truth, c->n, of_b, err);
    }
    for (size_t i = 0; st == EN_OK && i < c->n; i++) {
        influence[i] = of_b[i] - influence[i];
    }
    out->n = (int64_t)c->n;
    out->clusters = (int64_t)c->count;
    if (st == EN_OK && !isnan(out->first)) {
        out->different = different_clusters(c, influence);
        bound(c, influence, en_clusters_of_rarer(c, truth) >= EN_CLUSTERS_LEAST, out);
    }
    en_free(influence);
    return st;
}

/* The fewest clusters that have one of the classes which occur. */
static size_t fewest(size_t classes, const int32_t *truth, en_clusters *c, uint8_t *mark)
{
    size_t least = c->count;
    for (size_t k = 0; k < classes; k++) {
        bool occurs = false;
        for (size_t i = 0; i < c->n; i++) {
            mark[i] = truth[i] == (int32_t)k;
            occurs = occurs || mark[i] != 0;
        }
        const size_t with = en_clusters_with(c, mark);
        least = occurs && with < least ? with : least;
    }
    return least;
}

static int64_t different_answers(const int32_t *a, const int32_t *b, en_clusters *c, double *scratch)
{
    for (size_t i = 0; i < c->n; i++) {
        scratch[i] = a[i] != b[i];
    }
    return different_clusters(c, scratch);
}

en_status en_paired_balanced(size_t classes, const int32_t *truth, const int32_t *a, const int32_t *b, en_clusters *c,
                             en_difference *out, en_error *err)
{
    *out = undefined;
    double *influence = en_calloc(c->n + 1, sizeof *influence);
    double *count = en_calloc(3 * classes + 1, sizeof *count), *right_a = count + classes, *right_b = right_a + classes;
    uint8_t *mark = en_calloc(c->n + 1, 1);
    size_t occur = 0;
    if (influence == NULL || count == NULL || mark == NULL) {
        en_free(influence);
        en_free(count);
        en_free(mark);
        return en_error_nomem(err, "a comparison");
    }
    for (size_t i = 0; i < c->n; i++) {
        occur += count[truth[i]] < 1;
        count[truth[i]] += 1;
        right_a[truth[i]] += a[i] == truth[i];
        right_b[truth[i]] += b[i] == truth[i];
    }
    out->n = (int64_t)c->n;
    out->clusters = (int64_t)c->count;
    if (occur > 0) {
        out->first = out->second = 0;
        for (size_t k = 0; k < classes; k++) {
            out->first += count[k] > 0 ? right_a[k] / count[k] / (double)occur : 0;
            out->second += count[k] > 0 ? right_b[k] / count[k] / (double)occur : 0;
        }
        out->different = different_answers(a, b, c, influence);
        for (size_t i = 0; i < c->n; i++) {
            const int32_t k = truth[i];
            const double of = (b[i] == k ? 1.0 : 0.0) - (a[i] == k ? 1.0 : 0.0);
            influence[i] = (of - (right_b[k] - right_a[k]) / count[k]) / count[k] / (double)occur;
        }
        bound(c, influence, fewest(classes, truth, c, mark) >= EN_CLUSTERS_LEAST, out);
    }
    en_free(influence);
    en_free(count);
    en_free(mark);
    return EN_OK;
}

static en_status count_pairs(en_confusion *m, size_t classes, const int32_t *truth, const int32_t *answer, size_t n,
                             en_error *err)
{
    en_status st = en_confusion_init(m, classes, err);
    for (size_t i = 0; st == EN_OK && i < n; i++) {
        st = en_confusion_add(m, (size_t)truth[i], (size_t)answer[i], err);
    }
    return st;
}

en_status en_paired_kappa(size_t classes, const double *value, const int32_t *truth, const int32_t *a, const int32_t *b,
                          en_clusters *c, en_difference *out, en_error *err)
{
    *out = undefined;
    en_confusion of_a = {0}, of_b = {0};
    double *cell = en_calloc(2 * classes * classes + 1, sizeof *cell), *cell_b = cell + classes * classes;
    double *influence = en_calloc(c->n + 1, sizeof *influence);
    uint8_t *mark = en_calloc(c->n + 1, 1);
    en_status st = cell != NULL && influence != NULL && mark != NULL ? EN_OK : en_error_nomem(err, "a comparison");
    if (st == EN_OK) {
        st = count_pairs(&of_a, classes, truth, a, c->n, err);
    }
    if (st == EN_OK) {
        st = count_pairs(&of_b, classes, truth, b, c->n, err);
    }
    if (st == EN_OK) {
        out->n = (int64_t)c->n;
        out->clusters = (int64_t)c->count;
        out->first = en_kappa(&of_a, value);
        out->second = en_kappa(&of_b, value);
    }
    if (st == EN_OK && !isnan(out->first) && !isnan(out->second)) {
        out->different = different_answers(a, b, c, influence);
        en_kappa_influence(&of_a, value, cell);
        en_kappa_influence(&of_b, value, cell_b);
        for (size_t i = 0; i < c->n; i++) {
            const size_t row = (size_t)truth[i] * classes;
            influence[i] = cell_b[row + (size_t)b[i]] - cell[row + (size_t)a[i]];
        }
        bound(c, influence, fewest(classes, truth, c, mark) >= EN_CLUSTERS_LEAST, out);
    }
    en_confusion_clear(&of_a);
    en_confusion_clear(&of_b);
    en_free(cell);
    en_free(influence);
    en_free(mark);
    return st;
}
