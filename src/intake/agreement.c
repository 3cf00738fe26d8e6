/* Agreement of graders: pairs from the catalog, kappa and proportions from stats. */
#include "intake/agreement.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "catalog/label.h"
#include "catalog/scheme.h"
#include "stats/agreement.h"
#include "stats/cluster.h"
#include "stats/kappa.h"

/* The observations of a pair as src/stats takes them; classes count from the lowest value of the scheme. */
typedef struct pair {
    size_t n;
    int32_t *first, *second; /* [n] */
    int64_t *patient;        /* [n] */
    uint8_t *equal;          /* [n] */
    en_clusters clusters;
    en_confusion both, swapped; /* first by second, and second by first */
    double value[EN_SCHEME_VALUES];
} pair;

static void pair_clear(pair *p)
{
    en_free(p->first);
    en_free(p->second);
    en_free(p->patient);
    en_free(p->equal);
    en_clusters_clear(&p->clusters);
    en_confusion_clear(&p->both);
    en_confusion_clear(&p->swapped);
}

static en_status pair_init(pair *p, const en_catalog_scheme *scheme, const en_catalog_graded_twice *row, size_t n,
                           en_error *err)
{
    size_t classes = (size_t)(scheme->highest - scheme->lowest + 1);
    *p = (pair){.n = n};
    p->first = en_calloc(n, sizeof *p->first);
    p->second = en_calloc(n, sizeof *p->second);
    p->patient = en_calloc(n, sizeof *p->patient);
    p->equal = en_calloc(n, 1);
    if (p->first == NULL || p->second == NULL || p->patient == NULL || p->equal == NULL) {
        return en_error_nomem(err, "grades");
    }
    for (size_t c = 0; c < classes; c++) {
        p->value[c] = (double)c;
    }
    en_status st = en_confusion_init(&p->both, classes, err);
    if (st == EN_OK) {
        st = en_confusion_init(&p->swapped, classes, err);
    }
    for (size_t i = 0; st == EN_OK && i < n; i++) {
        int64_t a = row[i].first_grade - scheme->lowest, b = row[i].second_grade - scheme->lowest;
        if (a < 0 || b < 0 || a >= (int64_t)classes || b >= (int64_t)classes) {
            return en_error_set(err, EN_INPUT, "a grade of '%s' or '%s' is not on the scale %s", row[i].first,
                                row[i].second, scheme->name);
        }
        p->first[i] = (int32_t)a;
        p->second[i] = (int32_t)b;
        p->patient[i] = row[i].patient_group;
        p->equal[i] = a == b;
        st = en_confusion_add(&p->both, (size_t)a, (size_t)b, err);
        if (st == EN_OK) {
            st = en_confusion_add(&p->swapped, (size_t)b, (size_t)a, err);
        }
    }
    return st == EN_OK ? en_clusters_init(&p->clusters, p->patient, n, err) : st;
}

static en_status measure(pair *p, bool ordered, en_agreement *out, en_error *err)
{
    const double *value = ordered ? p->value : NULL;
    en_proportion equal;
    en_interval swapped;
    en_clusters_proportion(&p->clusters, p->equal, NULL, &equal);
    out->photographs = (int64_t)p->n;
    out->patients = (int64_t)p->clusters.count;
    out->equal = equal.hits;
    out->agreement = equal.value;
    out->agreement_in = equal.is_in;
    out->weights = ordered ? "quadratic" : "none";
    out->kappa = en_kappa(&p->both, value);
    en_status st = en_agreement_kappa(&p->both, value, p->first, p->second, &p->clusters, &out->kappa_in, err);
    if (st == EN_OK) { /* the same interval, if there are enough patients of each value of the other grader, too */
        st = en_agreement_kappa(&p->swapped, value, p->second, p->first, &p->clusters, &swapped, err);
    }
    if (st == EN_OK && isnan(swapped.low)) {
        out->kappa_in = swapped;
    }
    return st;
}

/* Adds the pair of graders whose `n` rows these are. */
static en_status add_pair(en_project *project, const en_catalog_graded_twice *row, size_t n, en_agreements *out,
                          en_error *err)
{
    pair p;
    en_catalog_scheme scheme;
    en_status st = en_catalog_scheme_get(project->catalog, row->scheme, &scheme, err);
    if (st != EN_OK) {
        return st;
    }
    en_agreement *grown = en_array_grow(out->row, out->count, sizeof *grown, err);
    if (grown == NULL) {
        return EN_NOMEM;
    }
    out->row = grown;
    en_agreement *added = &grown[out->count++];
    *added = (en_agreement){
        .scheme = en_strdup(row->scheme), .first = en_strdup(row->first), .second = en_strdup(row->second)};
    if (added->scheme == NULL || added->first == NULL || added->second == NULL) {
        return en_error_nomem(err, "graders");
    }
    st = pair_init(&p, &scheme, row, n, err);
    if (st == EN_OK) {
        st = measure(&p, scheme.ordered, added, err);
    }
    pair_clear(&p);
    return st;
}

static bool same_pair(const en_catalog_graded_twice *a, const en_catalog_graded_twice *b)
{
    return strcmp(a->scheme, b->scheme) == 0 && strcmp(a->first, b->first) == 0 && strcmp(a->second, b->second) == 0;
}

en_status en_label_agreement(en_project *project, const char *scheme, en_agreements *out, en_error *err)
{
    en_catalog_graded_twice_rows rows;
    *out = (en_agreements){0};
    en_status st = en_catalog_graded_twice_all(project->catalog, scheme, &rows, err);
    for (size_t from = 0, to; st == EN_OK && from < rows.count; from = to) {
        to = from + 1;
        while (to < rows.count && same_pair(&rows.row[from], &rows.row[to])) {
            to++;
        }
        st = add_pair(project, &rows.row[from], to - from, out, err);
        if (st == EN_OK) {
            st = en_stop_check(&project->events, err);
        }
    }
    en_catalog_graded_twice_clear(&rows);
    return st;
}

void en_agreements_clear(en_agreements *list)
{
    for (size_t i = 0; i < list->count; i++) {
        en_free(list->row[i].scheme);
        en_free(list->row[i].first);
        en_free(list->row[i].second);
    }
    en_free(list->row);
    *list = (en_agreements){0};
}
