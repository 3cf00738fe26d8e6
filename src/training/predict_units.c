/* See predict_units.h. */
#include "training/predict_units.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "catalog/evaluation.h"

/* A photograph among others, for sorting. */
typedef struct place {
    const en_prediction_row *row;
    size_t at;
} place;

static int by_at(const place *x, const place *y) { return (x->at > y->at) - (x->at < y->at); }

/* By what the names say. */
static int by_name(const void *a, const void *b)
{
    const place *x = a, *y = b;
    int order = strcmp(x->row->patient, y->row->patient);
    order = order != 0 ? order : strcmp(x->row->eye != NULL ? x->row->eye : "", y->row->eye != NULL ? y->row->eye : "");
    return order != 0 ? order : by_at(x, y);
}

static int by_patient(const void *a, const void *b)
{
    const place *x = a, *y = b;
    const int64_t p = x->row->patient_group, q = y->row->patient_group;
    return p != q ? (p > q) - (p < q) : by_at(x, y);
}

static int by_eye(const void *a, const void *b)
{
    const place *x = a, *y = b;
    const int64_t p = x->row->patient_group, q = y->row->patient_group, l = x->row->eye_group, r = y->row->eye_group;
    return p != q ? (p > q) - (p < q) : l != r ? (l > r) - (l < r) : by_at(x, y);
}

static en_status sort(const en_predict_result *r, int (*compare)(const void *, const void *), place **out,
                      en_error *err)
{
    place *all = *out = en_calloc(r->count > 0 ? r->count : 1, sizeof *all);
    if (all == NULL) {
        return en_error_nomem(err, "predictions");
    }
    for (size_t i = 0; i < r->count; i++) {
        all[i] = (place){&r->row[i], i};
    }
    qsort(all, r->count, sizeof *all, compare);
    return EN_OK;
}

static bool same_eye(const en_prediction_row *a, const en_prediction_row *b)
{
    return a->eye != NULL && b->eye != NULL && strcmp(a->eye, b->eye) == 0;
}

/* Where the photographs of one patient, sorted by name, end that begin at `from`. */
static size_t end_of_patient(const place *sorted, size_t count, size_t from)
{
    size_t end = from + 1;
    while (end < count && strcmp(sorted[end].row->patient, sorted[from].row->patient) == 0) {
        end++;
    }
    return end;
}

en_status en_predict_number(en_predict_result *r, en_error *err)
{
    place *sorted;
    int64_t patients = 0;
    en_status st = sort(r, by_name, &sorted, err);
    for (size_t i = 0, end; st == EN_OK && i < r->count; i = end) {
        size_t first = sorted[i].at;
        end = end_of_patient(sorted, r->count, i);
        for (size_t k = i; k < end; k++) {
            en_prediction_row *row = &r->row[sorted[k].at];
            const bool same = k > i && same_eye(sorted[k - 1].row, row);
            row->eye_group = same ? sorted[k - 1].row->eye_group : (int64_t)sorted[k].at + 1;
            first = sorted[k].at < first ? sorted[k].at : first;
        }
        for (size_t k = i; k < end; k++) { /* the first photograph of the patient, for the time being */
            r->row[sorted[k].at].patient_group = -(int64_t)first - 1;
        }
    }
    for (size_t i = 0; st == EN_OK && i < r->count; i++) {
        const size_t first = (size_t)(-r->row[i].patient_group - 1);
        r->row[i].patient_group = first == i ? ++patients : r->row[first].patient_group;
    }
    en_free(sorted);
    return st;
}

en_status en_predict_by_patient(const en_predict_result *r, size_t **order, en_error *err)
{
    place *sorted;
    *order = NULL;
    en_status st = sort(r, by_patient, &sorted, err);
    if (st == EN_OK) {
        *order = en_calloc(r->count > 0 ? r->count : 1, sizeof **order);
        st = *order != NULL ? EN_OK : en_error_nomem(err, "predictions");
    }
    for (size_t i = 0; st == EN_OK && i < r->count; i++) {
        (*order)[i] = sorted[i].at;
    }
    en_free(sorted);
    return st;
}

double en_predict_threshold(const en_predict_result *r, const en_prediction_row *row)
{
    return r->fellows && !row->with_fellow ? r->threshold_alone : r->threshold;
}

/* The photographs that were predicted, as an evaluation would have them; the truth, which nobody knows, is the same. */
static void give(const en_predict_result *r, en_catalog_predictions *out)
{
    out->classes = r->classes.count;
    for (size_t i = 0; i < r->count; i++) {
        const en_prediction_row *row = &r->row[i];
        float *p = out->probability + out->count * out->classes;
        if (row->reason != NULL) {
            continue;
        }
        for (size_t c = 0; c < out->classes; c++) {
            p[c] = (float)row->probability[c];
        }
        out->row[out->count++] = (en_catalog_prediction){.variant_id = (int64_t)i + 1,
                                                         .image_id = (int64_t)i + 1,
                                                         .predicted = (int64_t)row->predicted,
                                                         .patient_group = row->patient_group,
                                                         .eye_group = row->eye_group,
                                                         .probability = p};
    }
}

static bool together(const place *a, const place *b, en_unit unit)
{
    return a->row->patient_group == b->row->patient_group &&
           (unit == EN_UNIT_PATIENT || a->row->eye_group == b->row->eye_group);
}

/* What is said of one unit, of the photographs `of` [count]. Where they are predicted, its answer is number `next` of
 * answers[1] if a fellow was looked at, and else of answers[0]. */
static void put_line(en_predict_result *r, const place *of, size_t count, const en_answers *answers, size_t *next)
{
    en_prediction_unit *line = &r->unit_row[r->units++];
    const en_prediction_row *by = NULL; /* whose threshold counts */
    *line = (en_prediction_unit){
        .patient = of->row->patient, .eye = r->unit == EN_UNIT_EYE ? of->row->eye : NULL, .photographs = count};
    for (size_t k = 0; k < count; k++) {
        const en_prediction_row *row = of[k].row;
        line->failed += row->reason != NULL;
        line->reason = line->reason == NULL ? row->reason : line->reason;
        by = row->reason == NULL && (by == NULL || row->with_fellow) ? row : by;
    }
    if (by == NULL) {
        return;
    }
    const en_answers *said = &answers[by->with_fellow];
    for (size_t c = 0; c < r->classes.count; c++) {
        line->probability[c] = (double)said->probability[*next * r->classes.count + c];
    }
    const double threshold = en_predict_threshold(r, by);
    line->predicted = isnan(threshold) ? (size_t)said->predicted[*next] : (size_t)(line->probability[1] >= threshold);
    (*next)++;
}

/* A line for each unit, in the order of en_answers_of. */
static en_status put_lines(en_predict_result *r, const en_answers *answers, en_error *err)
{
    size_t next = 0;
    place *sorted;
    en_status st = sort(r, r->unit == EN_UNIT_EYE ? by_eye : by_patient, &sorted, err);
    r->unit_row = en_calloc(r->count > 0 ? r->count : 1, sizeof *r->unit_row);
    st = st == EN_OK && r->unit_row == NULL ? en_error_nomem(err, "predictions") : st;
    for (size_t i = 0, end; st == EN_OK && i < r->count; i = end) {
        for (end = i + 1; end < r->count && together(&sorted[i], &sorted[end], r->unit);) {
            end++;
        }
        put_line(r, &sorted[i], end - i, answers, &next);
    }
    en_free(sorted);
    return st;
}

en_status en_predict_combine(en_predict_result *r, const en_calibration *calibration, const en_calibration *alone,
                             en_unit unit, en_combine combine, en_error *err)
{
    const size_t count = r->count > 0 ? r->count : 1;
    const en_calibration *const by[] = {r->fellows ? alone : calibration, calibration};
    en_answers answers[2] = {{0}};
    en_catalog_predictions rows = {.row = en_calloc(count, sizeof *rows.row),
                                   .probability = en_calloc(count * r->classes.count, sizeof *rows.probability)};
    en_status st = rows.row != NULL && rows.probability != NULL ? EN_OK : en_error_nomem(err, "predictions");
    r->unit = unit;
    if (st == EN_OK) {
        give(r, &rows);
    }
    for (size_t i = 0; st == EN_OK && i < 2; i++) {
        st = en_answers_of(&rows, &r->classes, by[i], unit, combine, &answers[i], err);
    }
    if (st == EN_OK) {
        st = put_lines(r, answers, err);
    }
    en_answers_clear(&answers[0]);
    en_answers_clear(&answers[1]);
    en_free(rows.row);
    en_free(rows.probability);
    return st;
}

static void answer(en_predict_result *r, en_prediction_row *row, const float *p, const en_calibration *by)
{
    const double threshold = en_predict_threshold(r, row);
    for (size_t c = 0; c < r->classes.count; c++) {
        row->probability[c] = (double)p[c];
    }
    row->predicted =
        isnan(threshold) ? en_calibration_answer(by, &r->classes, p) : (size_t)(row->probability[1] >= threshold);
}

/* The photographs that were predicted: their probabilities and whose they are. */
static size_t give_eyes(const en_predict_result *r, float *p, en_fellow_eye *eye)
{
    const size_t classes = r->classes.count;
    size_t n = 0;
    for (size_t i = 0; i < r->count; i++) {
        const char *side = r->row[i].eye;
        if (r->row[i].reason != NULL) {
            continue;
        }
        for (size_t c = 0; c < classes; c++) {
            p[n * classes + c] = (float)r->row[i].probability[c];
        }
        eye[n++] = (en_fellow_eye){r->row[i].patient_group, side == NULL ? 0 : strcmp(side, "left") == 0 ? 1 : 2};
    }
    return n;
}

en_status en_predict_fellows(en_predict_result *r, const en_calibration *calibration, const en_fellow *both,
                             en_error *err)
{
    const size_t count = r->count > 0 ? r->count : 1, classes = r->classes.count;
    size_t next = 0, pairs = 0;
    en_fellow_eye *eye = en_calloc(count, sizeof *eye);
    float *p = en_calloc(count * classes, sizeof *p), *fellow = en_calloc(count * classes, sizeof *fellow);
    en_status st = eye != NULL && p != NULL && fellow != NULL ? EN_OK : en_error_nomem(err, "fellow eyes");
    if (st == EN_OK) {
        st = en_fellow_find(eye, p, give_eyes(r, p, eye), classes, fellow, &pairs, err);
    }
    for (size_t i = 0; st == EN_OK && i < r->count; i++) {
        en_prediction_row *row = &r->row[i];
        if (row->reason == NULL) {
            row->with_fellow = en_fellow_apply(both, fellow + next * classes, p + next * classes, classes);
            answer(r, row, p + next * classes, row->with_fellow ? calibration : &both->alone);
            next++;
        }
    }
    en_free(eye);
    en_free(p);
    en_free(fellow);
    return st;
}
