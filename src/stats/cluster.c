/* Clusters: numbering them, and the variance of sums over them. Uses base, interval and proportion. */
#include "stats/cluster.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "stats/proportion.h"

typedef struct member {
    int64_t group;
    uint32_t index;
} member;

static int by_group(const void *a, const void *b)
{
    const member *x = a, *y = b;
    if (x->group != y->group) {
        return x->group < y->group ? -1 : 1;
    }
    return (x->index > y->index) - (x->index < y->index);
}

static en_status number_groups(en_clusters *c, const int64_t *group, en_error *err)
{
    member *m = en_calloc(c->n, sizeof *m);
    if (m == NULL) {
        return en_error_nomem(err, "clusters");
    }
    for (size_t i = 0; i < c->n; i++) {
        m[i] = (member){group != NULL ? group[i] : (int64_t)i, (uint32_t)i};
    }
    qsort(m, c->n, sizeof *m, by_group);
    for (size_t i = 0; i < c->n; i++) {
        c->count += i == 0 || m[i].group != m[i - 1].group;
        c->of[m[i].index] = (uint32_t)(c->count - 1);
    }
    en_free(m);
    return EN_OK;
}

en_status en_clusters_init(en_clusters *c, const int64_t *group, size_t n, en_error *err)
{
    *c = (en_clusters){.n = n};
    if (n > INT32_MAX) {
        return en_error_set(err, EN_INPUT, "%zu observations in clusters are too many", n);
    }
    if (n == 0) {
        return EN_OK;
    }
    c->of = en_calloc(n, sizeof *c->of);
    en_status st = c->of != NULL ? number_groups(c, group, err) : en_error_nomem(err, "clusters");
    if (st == EN_OK && (c->sum = en_calloc(2 * c->count, sizeof *c->sum)) == NULL) {
        st = en_error_nomem(err, "clusters");
    }
    if (st != EN_OK) {
        en_clusters_clear(c);
    }
    return st;
}

void en_clusters_clear(en_clusters *c)
{
    en_free(c->of);
    en_free(c->sum);
    *c = (en_clusters){0};
}

/* The sum over clusters of the product of the sums of a and b, with the factor of few clusters. */
static double product(en_clusters *c, const double *a, const double *b, const uint8_t *among, size_t *clusters)
{
    double *sum_a = c->sum, *sum_b = c->sum + c->count, sum = 0;
    size_t count = 0;
    for (size_t g = 0; g < c->count; g++) {
        sum_a[g] = (double)NAN; /* no observation of this cluster counts */
        sum_b[g] = 0;
    }
    for (size_t i = 0; i < c->n; i++) {
        if (among == NULL || among[i] != 0) {
            double *of_a = &sum_a[c->of[i]];
            *of_a = (isnan(*of_a) ? 0 : *of_a) + a[i];
            sum_b[c->of[i]] += b[i];
        }
    }
    for (size_t g = 0; g < c->count; g++) {
        if (!isnan(sum_a[g])) {
            sum += sum_a[g] * sum_b[g];
            count++;
        }
    }
    if (clusters != NULL) {
        *clusters = count;
    }
    return count >= 2 ? sum * (double)count / (double)(count - 1) : (double)NAN;
}

double en_clusters_variance(en_clusters *c, const double *influence, const uint8_t *among, size_t *clusters)
{
    return product(c, influence, influence, among, clusters);
}

double en_clusters_covariance(en_clusters *c, const double *a, const double *b) { return product(c, a, b, NULL, NULL); }

size_t en_clusters_with(en_clusters *c, const uint8_t *among)
{
    size_t count = 0;
    for (size_t g = 0; g < c->count; g++) {
        c->sum[g] = 0;
    }
    for (size_t i = 0; i < c->n; i++) {
        double *seen = &c->sum[c->of[i]];
        count += among[i] != 0 && !(*seen > 0);
        *seen += among[i] != 0;
    }
    return count;
}

size_t en_clusters_of_rarer(en_clusters *c, const uint8_t *truth)
{
    size_t positive = en_clusters_with(c, truth), negative = 0;
    for (size_t g = 0; g < c->count; g++) {
        c->sum[g] = 0;
    }
    for (size_t i = 0; i < c->n; i++) {
        double *seen = &c->sum[c->of[i]];
        negative += truth[i] == 0 && !(*seen > 0);
        *seen += truth[i] == 0;
    }
    return positive < negative ? positive : negative;
}

double en_clusters_freedom(en_clusters *c, const double *influence, const uint8_t *among)
{
    size_t count = 0;
    double second = 0, fourth = 0;
    (void)product(c, influence, influence, among, &count);
    for (size_t g = 0; g < c->count; g++) {
        double of = c->sum[c->count + g] * c->sum[c->count + g];
        second += of;
        fourth += of * of;
    }
    if (count < 2 || !(fourth > 0)) {
        return (double)NAN;
    }
    double clusters = (double)count, kurtosis = clusters * fourth / (second * second);
    return fmin(clusters - 1, 2 * clusters / (kurtosis - 1));
}

static double square(double x) { return x * x; }

void en_clusters_proportion(en_clusters *c, const uint8_t *hit, const uint8_t *whole, en_proportion *out)
{
    double *hits = c->sum, *all = c->sum + c->count;
    *out = (en_proportion){.value = (double)NAN, .effect = (double)NAN, .is_in = en_interval_none};
    for (size_t g = 0; g < 2 * c->count; g++) {
        c->sum[g] = 0;
    }
    for (size_t i = 0; i < c->n; i++) {
        if (whole == NULL || whole[i] != 0) {
            hits[c->of[i]] += hit[i] != 0;
            all[c->of[i]] += 1;
            out->hits += hit[i] != 0;
            out->n++;
        }
    }
    if (out->n == 0) {
        return;
    }
    double n = (double)out->n, p = (double)out->hits / n, between = 0, alike = 0;
    for (size_t g = 0; g < c->count; g++) {
        out->clusters += all[g] > 0;
        between += square(hits[g] - p * all[g]);
        alike += square(all[g]);
    }
    double clusters = (double)out->clusters;
    out->value = p;
    bool all_same = out->hits == 0 || out->hits == out->n;
    out->effect = all_same ? alike / n : between * clusters / (clusters - 1) / (n * p * (1 - p));
    out->effect = out->effect > 1 ? out->effect : 1;
    if (out->clusters < EN_CLUSTERS_LEAST) {
        return;
    }
    double z = en_normal_point(EN_INTERVAL_CONFIDENCE), t = en_student_point(EN_INTERVAL_CONFIDENCE, clusters - 1);
    out->is_in = en_proportion_wilson(p, n / out->effect * square(z / t));
}
