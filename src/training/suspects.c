/* suspects: two regressions by cross-validation, then scores. */
#include "training/suspects.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "stats/softmax.h"
#include "training/suspects_rows.h"

#define PENALTY 1e-3    /* of both stages: chosen on phantom eyes, docs/results.md */
#define STEPS 30        /* of the first stage: more change nothing that is seen in the order */
#define STEPS_LATER 200 /* of the second, which is small */
#define LEAST_P 1e-12   /* in logarithms */

typedef struct search {
    en_project *project;
    en_pool *pool;
    en_labelled data;
    size_t folds, classes;
    bool alone;
    double *first;   /* [count * classes] probabilities of stage 1, out of fold */
    double *second;  /* the same of stage 2 */
    float *features; /* [count * features_size] of stage 2 */
    uint8_t *held;   /* [count] of one fold */
    double *weights;
} search;

/* Each number to mean 0 and variance 1 over all rows, divided by the root of the dimensions. No label takes part. */
static void standardise(en_labelled *l)
{
    for (size_t d = 0; d < l->dimensions; d++) {
        double sum = 0, squares = 0;
        for (size_t i = 0; i < l->count; i++) {
            sum += (double)l->vector[i * l->dimensions + d];
        }
        const double mean = sum / (double)l->count;
        for (size_t i = 0; i < l->count; i++) {
            const double off = (double)l->vector[i * l->dimensions + d] - mean;
            squares += off * off;
        }
        const double spread = sqrt(squares / (double)l->count * (double)l->dimensions);
        for (size_t i = 0; i < l->count; i++) {
            float *x = &l->vector[i * l->dimensions + d];
            *x = spread > 0 ? (float)(((double)*x - mean) / spread) : 0;
        }
    }
}

/* The probabilities of every row by a regression on the other folds. */
static en_status cross_validate(search *s, const float *x, size_t size, size_t steps, int64_t done, double *out,
                                en_error *err)
{
    const en_softmax_data data = {
        .x = x, .truth = s->data.truth, .held = s->held, .rows = s->data.count, .size = size, .classes = s->classes};
    en_status st = EN_OK;
    for (size_t fold = 0; st == EN_OK && fold < s->folds; fold++) {
        for (size_t i = 0; i < s->data.count; i++) {
            s->held[i] = s->data.fold[i] == fold;
        }
        st = en_softmax_fit(&data, PENALTY, steps, s->pool, s->weights, err);
        for (size_t i = 0; st == EN_OK && i < s->data.count; i++) {
            if (s->held[i] != 0) {
                en_softmax_predict(&data, s->weights, x + i * size, out + i * s->classes);
            }
        }
        if (st == EN_OK) {
            en_event_progress(&s->project->events, done + (int64_t)fold + 1, 2 * (int64_t)s->folds, NULL);
            st = en_stop_check(&s->project->events, err);
        }
    }
    return st;
}

static size_t later_size(const search *s) { return 3 * s->classes + 1; }

/* The logs of the probabilities, less their mean. */
static void put_logs(const search *s, size_t row, float *to)
{
    const double *p = s->first + row * s->classes;
    double mean = 0;
    for (size_t c = 0; c < s->classes; c++) {
        mean += log(p[c] + LEAST_P) / (double)s->classes;
    }
    for (size_t c = 0; c < s->classes; c++) {
        to[c] = (float)(log(p[c] + LEAST_P) - mean);
    }
}

static void make_later_features(search *s)
{
    for (size_t i = 0; i < s->data.count; i++) {
        float *to = s->features + i * later_size(s);
        const size_t fellow = s->data.row[i].fellow;
        put_logs(s, i, to);
        if (fellow != EN_NO_FELLOW && !s->alone) {
            put_logs(s, fellow, to + s->classes);
            to[2 * s->classes + (size_t)s->data.truth[fellow]] = 1;
            to[3 * s->classes] = 1;
        }
    }
}

static en_status fit(search *s, en_error *err)
{
    const size_t count = s->data.count, later = later_size(s);
    const size_t most = s->data.dimensions > later ? s->data.dimensions : later;
    size_t values = 0, weights = 0, features = 0;
    const bool fits =
        en_mul(count, s->classes, &values) && en_mul(most + 1, s->classes, &weights) && en_mul(count, later, &features);
    s->first = fits ? en_calloc(values, sizeof *s->first) : NULL;
    s->second = fits ? en_calloc(values, sizeof *s->second) : NULL;
    s->features = fits ? en_calloc(features, sizeof *s->features) : NULL;
    s->weights = fits ? en_calloc(weights, sizeof *s->weights) : NULL;
    s->held = en_calloc(count, sizeof *s->held);
    if (s->first == NULL || s->second == NULL || s->features == NULL || s->weights == NULL || s->held == NULL) {
        return en_error_nomem(err, "a regression");
    }
    standardise(&s->data);
    en_event_begin(&s->project->events, "suspects", "regressions", 2 * (int64_t)s->folds);
    en_status st = cross_validate(s, s->data.vector, s->data.dimensions, STEPS, 0, s->first, err);
    if (st == EN_OK) {
        make_later_features(s);
        st = cross_validate(s, s->features, later, STEPS_LATER, (int64_t)s->folds, s->second, err);
    }
    en_event_end(&s->project->events, 2 * (int64_t)s->folds, 2 * (int64_t)s->folds);
    return st;
}

static size_t most_probable(const double *p, size_t classes)
{
    size_t best = 0;
    for (size_t c = 1; c < classes; c++) {
        best = p[c] > p[best] ? c : best;
    }
    return best;
}

static double score_of(const search *s, size_t i)
{
    const en_classes *classes = &s->data.classes;
    const double *p = s->second + i * s->classes;
    const size_t given = (size_t)s->data.truth[i];
    double score = 0;
    for (size_t c = 0; c < s->classes; c++) {
        if (c != given) {
            const double d = classes->ordinal ? fabs(classes->value[c] - classes->value[given]) : 0;
            score += p[c] * (classes->ordinal ? d / (1 + d) : 1);
        }
    }
    return score;
}

/* The confident joint: joint[given * classes + other], in counts; the class that a row counts as, or its given one
 * where no class is reached. */
static void join(const search *s, size_t *counted, double *joint, double *of_class)
{
    double reach[EN_SOFTMAX_CLASSES_MAX] = {0};
    for (size_t i = 0; i < s->data.count; i++) {
        const size_t given = (size_t)s->data.truth[i];
        of_class[given] += 1;
        reach[given] += s->second[i * s->classes + given];
    }
    for (size_t i = 0; i < s->data.count; i++) {
        const double *p = s->second + i * s->classes;
        const size_t given = (size_t)s->data.truth[i];
        size_t best = s->classes;
        for (size_t c = 0; c < s->classes; c++) {
            if (p[c] >= reach[c] / of_class[c] && (best == s->classes || p[c] > p[best])) {
                best = c;
            }
        }
        counted[i] = best < s->classes ? best : given;
        joint[given * s->classes + counted[i]] += best < s->classes ? 1 : 0;
    }
}

static void summarise(const search *s, const size_t *counted, const double *joint, const double *of_class,
                      en_suspects_result *r)
{
    for (size_t i = 0; i < s->data.count; i++) {
        const double *p = s->second + i * s->classes;
        const size_t given = (size_t)s->data.truth[i];
        r->confident += counted[i] != given;
        r->accuracy += (most_probable(p, s->classes) == given) / (double)s->data.count;
        r->loss -= log(p[given] + LEAST_P) / (double)s->data.count;
        r->with_fellow += s->data.row[i].fellow != EN_NO_FELLOW;
    }
    for (size_t c = 0; c < s->classes; c++) {
        double row = 0;
        for (size_t k = 0; k < s->classes; k++) {
            row += joint[c * s->classes + k];
        }
        r->estimated += row > 0 ? of_class[c] * (1 - joint[c * s->classes + c] / row) : 0;
    }
}

typedef struct ranked {
    double score;
    size_t row;
} ranked;

static int by_score(const void *a, const void *b)
{
    const ranked *x = a, *y = b;
    return x->score > y->score ? -1 : x->score < y->score ? 1 : (x->row > y->row) - (x->row < y->row);
}

static en_status fill_row(const search *s, const ranked *at, const size_t *counted, en_suspect *out, en_error *err)
{
    const en_labelled_row *row = &s->data.row[at->row];
    const en_classes *classes = &s->data.classes;
    const double *p = s->second + at->row * s->classes;
    const size_t given = (size_t)s->data.truth[at->row], suggested = most_probable(p, s->classes);
    out->image_id = row->image_id;
    out->image = en_strdup(row->image);
    out->patient = en_strdup(row->patient);
    out->eye = row->eye != NULL ? en_strdup(row->eye) : NULL;
    memcpy(out->given, classes->name[given], sizeof out->given);
    memcpy(out->suggested, classes->name[suggested], sizeof out->suggested);
    out->score = at->score;
    out->p_given = p[given];
    out->p_suggested = p[suggested];
    out->p_photograph = s->first[at->row * s->classes + given];
    out->confident = counted[at->row] != given ? "yes" : "no";
    out->fold = s->data.fold[at->row] + 1;
    bool whole = out->image != NULL && out->patient != NULL && (out->eye != NULL || row->eye == NULL);
    if (row->fellow != EN_NO_FELLOW) {
        out->fellow = en_strdup(s->data.row[row->fellow].image);
        memcpy(out->fellow_given, classes->name[s->data.truth[row->fellow]], sizeof out->fellow_given);
        whole = whole && out->fellow != NULL;
    }
    return whole ? EN_OK : en_error_nomem(err, "suspects");
}

static en_status rank(const search *s, int64_t top, en_suspects_result *r, en_error *err)
{
    const size_t n = s->data.count, most = top > 0 && (size_t)top < n ? (size_t)top : n;
    ranked *order = en_calloc(n, sizeof *order);
    size_t *counted = en_calloc(n, sizeof *counted);
    double *joint = en_calloc(s->classes * (s->classes + 1), sizeof *joint);
    r->row = en_calloc(most, sizeof *r->row);
    en_status st =
        order != NULL && counted != NULL && joint != NULL && r->row != NULL ? EN_OK : en_error_nomem(err, "suspects");
    if (st == EN_OK) {
        double *of_class = joint + s->classes * s->classes;
        join(s, counted, joint, of_class);
        summarise(s, counted, joint, of_class, r);
        for (size_t i = 0; i < n; i++) {
            order[i] = (ranked){score_of(s, i), i};
        }
        qsort(order, n, sizeof *order, by_score);
    }
    for (size_t i = 0; st == EN_OK && i < most; i++) {
        en_suspect *row = &r->row[i];
        r->count = i + 1;
        row->rank = (int64_t)i + 1;
        row->n = (int64_t)n;
        row->target = r->target;
        row->model = r->model;
        st = fill_row(s, &order[i], counted, row, err);
    }
    en_free(order);
    en_free(counted);
    en_free(joint);
    return st;
}

/* A class that a fold may lack when the others are learned from: its labels cannot be told from wrong ones. */
static en_status warn_of_rare(const search *s, en_error *err)
{
    uint8_t *has = en_calloc(s->data.patients, s->classes);
    if (has == NULL) {
        return en_error_nomem(err, "classes");
    }
    for (size_t i = 0; i < s->data.count; i++) {
        has[s->data.row[i].patient_index * s->classes + (size_t)s->data.truth[i]] = 1;
    }
    for (size_t c = 0; c < s->classes; c++) {
        size_t patients = 0;
        for (size_t i = 0; i < s->data.patients; i++) {
            patients += has[i * s->classes + c];
        }
        if (patients < 2 * s->folds) {
            en_event_warn(&s->project->events,
                          "only %zu patients have the value '%s': too few to tell its right labels from wrong ones",
                          patients, s->data.classes.name[c]);
        }
    }
    en_free(has);
    return EN_OK;
}

static en_status warn_of_set(en_project *project, const en_catalog_embedding_set *set, en_error *err)
{
    en_catalog_embedding_origin origin = {0};
    en_catalog_facts missing = {0};
    int64_t wanted = 0;
    en_status st = en_catalog_embeddings_missing(project->catalog, set, -1, &missing, &wanted, err);
    if (st == EN_OK && missing.count > 0) {
        en_event_warn(&project->events, "%zu of %lld images have no embedding and are left out: run 'eyenet embed %s'",
                      missing.count, (long long)wanted, set->model);
    }
    en_catalog_facts_clear(&missing);
    if (st == EN_OK) {
        st = en_catalog_embedding_origin_find(project->catalog, set, &origin, err);
    }
    if (st == EN_OK) {
        en_event_warn(&project->events,
                      "the embeddings are of run '%s', which learned '%s' from %lld of these photographs: wrong labels "
                      "that it was shown look right to it",
                      origin.run, origin.target, (long long)origin.images);
    }
    en_catalog_embedding_origin_clear(&origin);
    return st == EN_DONE ? EN_OK : st;
}

static en_status describe(const search *s, const en_catalog_embedding_set *set, const char *target,
                          en_suspects_result *r, en_error *err)
{
    r->target = en_strdup(target);
    r->model = en_strdup(set->model);
    r->n = (int64_t)s->data.count;
    r->patients = (int64_t)s->data.patients;
    r->folds = (int64_t)s->folds;
    r->no_value = s->data.no_value;
    r->alone = s->alone;
    r->ordinal = s->data.classes.ordinal;
    r->classes = (int64_t)s->classes;
    r->layer = set->layer;
    r->dimensions = set->dimensions;
    return r->target != NULL && r->model != NULL ? EN_OK : en_error_nomem(err, "suspects");
}

static en_status load(search *s, const en_suspects_options *o, const char *target, en_suspects_result *r, en_error *err)
{
    en_catalog_embedding_set set = {0};
    en_status st = en_catalog_embedding_set_get(s->project->catalog, o->model, &set, err);
    if (st == EN_OK) {
        st = warn_of_set(s->project, &set, err);
    }
    if (st == EN_OK) {
        st = en_labelled_load(s->project, &set, target, &s->data, err);
    }
    if (st == EN_OK) {
        s->classes = s->data.classes.count;
        st = en_classes_scale_in(s->project->catalog, &s->data.classes, target, o->ordinal ? "ordinal" : NULL, err);
    }
    if (st == EN_OK) {
        st = en_labelled_deal(&s->data, s->folds, err);
    }
    if (st == EN_OK) {
        st = warn_of_rare(s, err);
    }
    if (st == EN_OK) {
        st = describe(s, &set, target, r, err);
    }
    en_catalog_embedding_set_clear(&set);
    return st;
}

en_status en_suspects(en_project *project, const en_suspects_options *options, en_suspects_result *result,
                      en_error *err)
{
    *result = (en_suspects_result){0};
    search s = {.project = project,
                .alone = options->alone,
                .folds = options->folds > 0 ? (size_t)options->folds : EN_SUSPECTS_FOLDS};
    const char *target = options->target != NULL ? options->target : EN_SUSPECTS_TARGET;
    if (s.folds < 2 || s.folds > EN_SUSPECTS_FOLDS_MAX) {
        return en_error_set(err, EN_USAGE, "the folds must be 2..%d, not %lld", EN_SUSPECTS_FOLDS_MAX,
                            (long long)options->folds);
    }
    en_status st = load(&s, options, target, result, err);
    if (st == EN_OK) {
        st = en_project_pool(project, &s.pool, err);
    }
    if (st == EN_OK) {
        st = fit(&s, err);
    }
    if (st == EN_OK) {
        st = rank(&s, options->top, result, err);
    }
    en_free(s.first);
    en_free(s.second);
    en_free(s.features);
    en_free(s.held);
    en_free(s.weights);
    en_labelled_clear(&s.data);
    return st;
}

void en_suspects_clear(en_suspects_result *result)
{
    for (size_t i = 0; i < result->count; i++) {
        en_free(result->row[i].image);
        en_free(result->row[i].patient);
        en_free(result->row[i].eye);
        en_free(result->row[i].fellow);
    }
    en_free(result->row);
    en_free(result->target);
    en_free(result->model);
    *result = (en_suspects_result){0};
}
