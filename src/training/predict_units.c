/* See predict_units.h. */
#include "training/predict_units.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "catalog/evaluation.h"
#include "catalog/name.h"

/* What a name says, and which patient and eye that is, counted from 1 in the order of the photographs. */
typedef struct named {
    en_catalog_name name;
    int64_t patient, eye;
} named;

static bool same_eye(const named *a, const named *b)
{
    return a->patient == b->patient && a->name.eye != NULL && b->name.eye != NULL &&
           strcmp(a->name.eye, b->name.eye) == 0;
}

/* Photographs are few: those before each are looked at one by one. */
static en_status number(const en_predict_result *r, named *of, en_error *err)
{
    int64_t patients = 0;
    for (size_t i = 0; i < r->count; i++) {
        en_status st = en_catalog_name_parse(r->row[i].path, &of[i].name, err);
        if (st != EN_OK) {
            return st;
        }
        for (size_t k = 0; of[i].patient == 0 && k < i; k++) {
            of[i].patient = strcmp(of[k].name.patient, of[i].name.patient) == 0 ? of[k].patient : 0;
        }
        of[i].patient = of[i].patient > 0 ? of[i].patient : ++patients;
        for (size_t k = 0; of[i].eye == 0 && k < i; k++) {
            of[i].eye = same_eye(&of[k], &of[i]) ? of[k].eye : 0;
        }
        of[i].eye = of[i].eye > 0 ? of[i].eye : (int64_t)i + 1;
    }
    return EN_OK;
}

/* The photographs that were predicted, as an evaluation would have them; the truth, which nobody knows, is the same. */
static void give(const en_predict_result *r, const named *of, en_catalog_predictions *out)
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
                                                         .patient_group = of[i].patient,
                                                         .eye_group = of[i].eye,
                                                         .probability = p};
    }
}

static bool together(const named *a, const named *b, en_unit unit)
{
    return a->patient == b->patient && (unit == EN_UNIT_PATIENT || a->eye == b->eye);
}

static int by_place(const void *a, const void *b)
{
    const named *x = a, *y = b;
    const int order = (x->patient > y->patient) - (x->patient < y->patient);
    return order != 0 ? order : (x->eye > y->eye) - (x->eye < y->eye);
}

/* What is said of one unit, whose answer is `answers` [next] where it has one. */
static en_status put_line(en_predict_result *r, const named *of, const named *first, const en_answers *answers,
                          size_t *next, en_unit unit, en_error *err)
{
    en_prediction_unit *line = &r->unit_row[r->units++];
    const char *reason = NULL;
    double threshold = r->fellows ? r->threshold_alone : r->threshold;
    for (size_t k = 0; k < r->count; k++) {
        const bool is = together(&of[k], first, unit), failed = is && r->row[k].reason != NULL;
        line->photographs += is;
        line->failed += failed;
        reason = failed && reason == NULL ? r->row[k].reason : reason;
        threshold = is && r->row[k].with_fellow ? r->threshold : threshold;
    }
    snprintf(line->patient, sizeof line->patient, "%s", first->name.patient);
    line->eye = unit == EN_UNIT_EYE ? first->name.eye : NULL;
    if (reason != NULL && (line->reason = en_strdup(reason)) == NULL) {
        return en_error_nomem(err, "predictions");
    }
    if (line->failed == line->photographs) {
        return EN_OK;
    }
    for (size_t c = 0; c < r->classes.count; c++) {
        line->probability[c] = (double)answers->probability[*next * r->classes.count + c];
    }
    line->predicted =
        isnan(threshold) ? (size_t)answers->predicted[*next] : (size_t)(line->probability[1] >= threshold);
    (*next)++;
    return EN_OK;
}

/* A line for each unit, in the order of en_answers_of. */
static en_status put_lines(en_predict_result *r, const named *of, const en_answers *answers, en_unit unit,
                           en_error *err)
{
    size_t next = 0;
    named *sorted = en_calloc(r->count, sizeof *sorted);
    r->unit_row = en_calloc(r->count, sizeof *r->unit_row);
    en_status st = sorted != NULL && r->unit_row != NULL ? EN_OK : en_error_nomem(err, "predictions");
    if (st == EN_OK) {
        memcpy(sorted, of, r->count * sizeof *sorted);
        qsort(sorted, r->count, sizeof *sorted, by_place);
    }
    for (size_t i = 0; st == EN_OK && i < r->count; i++) {
        if (i == 0 || !together(&sorted[i], &sorted[i - 1], unit)) {
            st = put_line(r, of, &sorted[i], answers, &next, unit, err);
        }
    }
    en_free(sorted);
    return st;
}

en_status en_predict_combine(en_predict_result *result, const en_calibration *calibration, en_unit unit,
                             en_combine combine, en_error *err)
{
    const size_t count = result->count > 0 ? result->count : 1;
    en_answers answers = {0};
    named *of = en_calloc(count, sizeof *of);
    en_catalog_predictions rows = {.row = en_calloc(count, sizeof *rows.row),
                                   .probability = en_calloc(count * result->classes.count, sizeof *rows.probability)};
    en_status st = of != NULL && rows.row != NULL && rows.probability != NULL ? number(result, of, err)
                                                                              : en_error_nomem(err, "predictions");
    if (st == EN_OK) {
        give(result, of, &rows);
        st = en_answers_of(&rows, &result->classes, calibration, unit, combine, &answers, err);
    }
    if (st == EN_OK) {
        st = put_lines(result, of, &answers, unit, err);
    }
    en_answers_clear(&answers);
    en_free(of);
    en_free(rows.row);
    en_free(rows.probability);
    return st;
}

static void answer(en_predict_result *r, en_prediction_row *row, const float *p, const en_calibration *by,
                   double threshold)
{
    for (size_t c = 0; c < r->classes.count; c++) {
        row->probability[c] = (double)p[c];
    }
    row->predicted =
        isnan(threshold) ? en_calibration_answer(by, &r->classes, p) : (size_t)(row->probability[1] >= threshold);
}

/* The photographs that were predicted: their probabilities and whose they are. */
static size_t give_eyes(const en_predict_result *r, const named *of, float *p, en_fellow_eye *eye)
{
    const size_t classes = r->classes.count;
    size_t n = 0;
    for (size_t i = 0; i < r->count; i++) {
        const char *side = of[i].name.eye;
        if (r->row[i].reason != NULL) {
            continue;
        }
        for (size_t c = 0; c < classes; c++) {
            p[n * classes + c] = (float)r->row[i].probability[c];
        }
        eye[n++] = (en_fellow_eye){of[i].patient, side == NULL ? 0 : strcmp(side, "left") == 0 ? 1 : 2};
    }
    return n;
}

en_status en_predict_fellows(en_predict_result *r, const en_calibration *calibration, const en_fellow *both,
                             en_error *err)
{
    const size_t count = r->count > 0 ? r->count : 1, classes = r->classes.count;
    size_t next = 0, pairs = 0;
    named *of = en_calloc(count, sizeof *of);
    en_fellow_eye *eye = en_calloc(count, sizeof *eye);
    float *p = en_calloc(count * classes, sizeof *p), *fellow = en_calloc(count * classes, sizeof *fellow);
    en_status st = of != NULL && eye != NULL && p != NULL && fellow != NULL ? number(r, of, err)
                                                                            : en_error_nomem(err, "fellow eyes");
    if (st == EN_OK) {
        st = en_fellow_find(eye, p, give_eyes(r, of, p, eye), classes, fellow, &pairs, err);
    }
    for (size_t i = 0; st == EN_OK && i < r->count; i++) {
        en_prediction_row *row = &r->row[i];
        if (row->reason == NULL) {
            row->with_fellow = en_fellow_apply(both, fellow + next * classes, p + next * classes, classes);
            answer(r, row, p + next * classes, row->with_fellow ? calibration : &both->alone,
                   row->with_fellow ? r->threshold : r->threshold_alone);
            next++;
        }
    }
    en_free(of);
    en_free(eye);
    en_free(p);
    en_free(fellow);
    return st;
}
