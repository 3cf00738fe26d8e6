/* See fellow.h. */
#include "training/fellow.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "catalog/run.h"
#include "stats/logistic.h"

enum { COEFFICIENTS = 3, EYES = 3 /* unknown, and the two */ };

/* A photograph among others, for sorting by patient. */
typedef struct place {
    int64_t patient;
    int eye;
    size_t at;
} place;

static int by_patient(const void *a, const void *b)
{
    const place *x = a, *y = b;
    const int order = (x->patient > y->patient) - (x->patient < y->patient);
    return order != 0 ? order : (x->at > y->at) - (x->at < y->at);
}

/* Of the photographs of one patient, sorted [0, count): the mean of those of the other eye, or NaN. Returns how many
 * have some. */
static size_t put_fellows(const place *sorted, size_t count, const float *probability, size_t classes, float *fellow)
{
    size_t photographs[EYES] = {0}, pairs = 0;
    double sum[EYES][EN_MAX_CLASSES] = {{0}};
    for (size_t i = 0; i < count; i++) {
        photographs[sorted[i].eye]++;
        for (size_t c = 0; c < classes; c++) {
            sum[sorted[i].eye][c] += (double)probability[sorted[i].at * classes + c];
        }
    }
    for (size_t i = 0; i < count; i++) {
        const int other = sorted[i].eye == 1 ? 2 : 1;
        const bool has = sorted[i].eye != 0 && photographs[other] > 0;
        for (size_t c = 0; c < classes; c++) {
            fellow[sorted[i].at * classes + c] = has ? (float)(sum[other][c] / (double)photographs[other]) : NAN;
        }
        pairs += has;
    }
    return pairs;
}

en_status en_fellow_find(const en_fellow_eye *eye, const float *probability, size_t n, size_t classes, float *fellow,
                         size_t *pairs, en_error *err)
{
    *pairs = 0;
    place *sorted = en_calloc(n > 0 ? n : 1, sizeof *sorted);
    if (sorted == NULL) {
        return en_error_nomem(err, "fellow eyes");
    }
    for (size_t i = 0; i < n; i++) {
        sorted[i] = (place){eye[i].patient, eye[i].eye, i};
    }
    qsort(sorted, n, sizeof *sorted, by_patient);
    for (size_t first = 0, end; first < n; first = end) {
        for (end = first + 1; end < n && sorted[end].patient == sorted[first].patient;) {
            end++;
        }
        *pairs += put_fellows(sorted + first, end - first, probability, classes, fellow);
    }
    en_free(sorted);
    return EN_OK;
}

/* P(class > k), and its logit. */
static double probability_above(const float *p, size_t k, size_t classes)
{
    double sum = 0;
    for (size_t c = k + 1; c < classes; c++) {
        sum += (double)p[c];
    }
    return sum;
}
static double logit_above(const float *p, size_t k, size_t classes)
{
    return en_logit(probability_above(p, k, classes));
}

/* Threshold k of the rows that have a fellow: x [rows * 3], above [rows]. */
static void fit_threshold(size_t k, const double *x, const uint8_t *above, size_t rows, en_fellow *out)
{
    static const double as_it_is[COEFFICIENTS] = {0, 1, 0};
    double b[COEFFICIENTS];
    size_t positives = 0;
    for (size_t i = 0; i < rows; i++) {
        positives += above[i];
    }
    const size_t rarer = positives < rows - positives ? positives : rows - positives;
    en_logistic_ridge(x, above, rarer >= EN_CALIBRATE_RARER ? rows : 0, COEFFICIENTS, as_it_is, EN_FELLOW_RIDGE, b);
    out->intercept[k] = b[0];
    out->own[k] = b[1];
    out->fellow[k] = b[2];
}

static en_status check_classes(const en_classes *classes, en_error *err)
{
    bool rising = classes->count == 2 || classes->ordinal;
    for (size_t i = 1; classes->count > 2 && i < classes->count; i++) {
        rising = rising && classes->value[i] > classes->value[i - 1];
    }
    return rising ? EN_OK
                  : en_error_set(
                        err, EN_INPUT,
                        "the classes are not on a scale: a fellow eye is used with two classes or an ordinal target");
}

en_status en_fellow_fit(const en_classes *classes, const float *probability, const float *fellow, const int32_t *truth,
                        size_t n, en_fellow *out, en_error *err)
{
    *out = (en_fellow){0};
    en_status st = check_classes(classes, err);
    if (st != EN_OK) {
        return st;
    }
    double *x = en_calloc(n > 0 ? n : 1, COEFFICIENTS * sizeof *x);
    uint8_t *above = en_calloc(n > 0 ? n : 1, 1);
    size_t rows = 0;
    st = x != NULL && above != NULL ? EN_OK : en_error_nomem(err, "fellow eyes");
    for (size_t k = 0; st == EN_OK && k + 1 < classes->count; k++) {
        rows = 0;
        for (size_t i = 0; i < n; i++) {
            if (!isnan(fellow[i * classes->count])) {
                double *row = x + rows * COEFFICIENTS;
                row[0] = 1;
                row[1] = logit_above(probability + i * classes->count, k, classes->count);
                row[2] = logit_above(fellow + i * classes->count, k, classes->count);
                above[rows++] = truth[i] > (int32_t)k;
            }
        }
        fit_threshold(k, x, above, rows, out);
    }
    if (st == EN_OK && rows < EN_CALIBRATE_ALL) {
        st = en_error_set(err, EN_INPUT,
                          "%zu validation photographs have one of the fellow eye: %d are needed to learn from it", rows,
                          EN_CALIBRATE_ALL);
    }
    out->thresholds = classes->count - 1;
    out->n = (int64_t)rows;
    en_free(x);
    en_free(above);
    return st;
}

bool en_fellow_apply(const en_fellow *f, const float *fellow, float *probability, size_t classes)
{
    double above[EN_MAX_CLASSES + 1], was = 1;
    if (f->thresholds == 0 || f->thresholds + 1 != classes || isnan(fellow[0])) {
        return false;
    }
    above[0] = 1;
    for (size_t k = 0; k < f->thresholds; k++) {
        const double own = probability_above(probability, k, classes), of_own = was > 0 ? fmin(own / was, 1) : 0,
                     most = k == 0 ? 1 : above[k] * (1 - EN_FELLOW_LEAST * (1 - of_own));
        above[k + 1] = fmin(most, en_logistic(f->intercept[k] + f->own[k] * logit_above(probability, k, classes) +
                                              f->fellow[k] * logit_above(fellow, k, classes)));
        was = own;
    }
    above[classes] = 0;
    for (size_t c = 0; c < classes; c++) {
        probability[c] = (float)(above[c] - above[c + 1]);
    }
    return true;
}

en_status en_fellow_to_json(const en_fellow *f, char **json, en_error *err)
{
    char *alone = NULL, *text = NULL;
    *json = NULL;
    json_t *all = json_object(), *list = json_array();
    for (size_t k = 0; k < f->thresholds; k++) {
        json_array_append_new(list, json_pack("[f, f, f]", f->intercept[k], f->own[k], f->fellow[k]));
    }
    json_object_set_new(all, "thresholds", list);
    json_object_set_new(all, "n", json_integer((json_int_t)f->n));
    en_status st = en_calibration_to_json(&f->alone, f->thresholds + 1, &alone, err);
    if (st == EN_OK) {
        json_object_set_new(all, "alone", json_loads(alone, 0, NULL));
        text = json_dumps(all, JSON_COMPACT);
        *json = text != NULL ? en_strdup(text) : NULL;
        st = *json != NULL ? EN_OK : en_error_nomem(err, "fellow eyes");
    }
    json_decref(all);
    free(text); /* jansson's own */
    en_free(alone);
    return st;
}

static bool read_threshold(const json_t *row, size_t k, en_fellow *out)
{
    double *const to[COEFFICIENTS] = {&out->intercept[k], &out->own[k], &out->fellow[k]};
    bool good = json_array_size(row) == COEFFICIENTS;
    for (size_t j = 0; good && j < COEFFICIENTS; j++) {
        const json_t *value = json_array_get(row, j);
        *to[j] = json_number_value(value);
        good = json_is_number(value) && isfinite(*to[j]);
    }
    return good;
}

en_status en_fellow_from_json(const char *json, size_t classes, en_fellow *out, en_error *err)
{
    *out = (en_fellow){0};
    if (json == NULL) {
        return EN_OK;
    }
    json_t *all = json_loads(json, 0, NULL);
    const json_t *list = json_object_get(all, "thresholds");
    bool good = json_array_size(list) + 1 == classes && classes <= EN_MAX_CLASSES;
    for (size_t k = 0; good && k + 1 < classes; k++) {
        good = read_threshold(json_array_get(list, k), k, out);
    }
    out->thresholds = classes - 1;
    out->n = (int64_t)json_integer_value(json_object_get(all, "n"));
    char *alone = json_dumps(json_object_get(all, "alone"), JSON_COMPACT);
    en_status st = good && alone != NULL
                       ? en_calibration_from_json(alone, classes, &out->alone, err)
                       : en_error_set(err, EN_INPUT,
                                      "the run's setting '" EN_FELLOW_SETTING "' is not one of %zu classes: '%.60s'",
                                      classes, json);
    free(alone);
    json_decref(all);
    return st;
}

en_status en_fellow_of_run(en_catalog *c, int64_t run_id, size_t classes, en_fellow *out, en_error *err)
{
    en_catalog_params params = {0};
    en_status st = en_catalog_run_params(c, run_id, &params, err);
    if (st == EN_OK) {
        st = en_fellow_from_json(en_catalog_params_get(&params, EN_FELLOW_SETTING), classes, out, err);
    }
    en_catalog_params_clear(&params);
    return st;
}
