/* Calibration: fitting, applying, and keeping it as JSON. */
#include "training/calibrate.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "catalog/run.h"
#include "nn/network.h"
#include "stats/cuts.h"
#include "stats/recalibrate.h"
#include "training/score.h"

static const char *const method[] = {NULL, "prior", "platt", "temperature", "cumulative"};
const en_wordlist en_calibrate_methods = EN_WORDLIST("calibration", method);

#define SMALLEST 1e-38 /* a softmax of floats may be 0 */

const char *en_operating_name(en_operating_rule rule)
{
    static const char *const name[EN_OPERATING_RULES] = {"sensitivity", "specificity", "youden", "cost"};
    return name[rule];
}

/* The logits of classes that are as frequent as they were, not as they were weighed. */
static void unweigh(const en_calibration *c, const float *probability, size_t classes, double *logit)
{
    for (size_t i = 0; i < classes; i++) {
        logit[i] = log(fmax((double)probability[i], SMALLEST)) - log(c->weight[i]);
    }
}

static bool is_even(const en_calibration *c, size_t classes)
{
    bool even = true;
    for (size_t i = 1; i < classes; i++) {
        even = even && !(c->weight[i] < c->weight[0] || c->weight[i] > c->weight[0]);
    }
    return even;
}

/* Whether a softmax of the logarithms would change nothing. */
static bool keeps_logits(const en_calibration *c, size_t classes)
{
    return c->method == 0 ||
           ((c->method == EN_CALIBRATE_PRIOR || c->method == EN_CALIBRATE_CUMULATIVE) && is_even(c, classes));
}

/* Class weights undone, nothing else. */
static void undo_weights(const en_calibration *c, const float *probability, size_t classes, double *p)
{
    if (!is_even(c, classes)) {
        unweigh(c, probability, classes, p);
        en_recalibrate_softmax(p, classes, 1);
        return;
    }
    for (size_t i = 0; i < classes; i++) {
        p[i] = (double)probability[i];
    }
}

void en_calibration_apply(const en_calibration *c, float *probability, size_t classes)
{
    double p[EN_MAX_CLASSES];
    if (c->method == EN_CALIBRATE_CUMULATIVE) {
        undo_weights(c, probability, classes, p);
        en_recalibrate_cumulative(p, classes, c->scale, c->shift);
    } else if (keeps_logits(c, classes)) {
        return;
    } else {
        unweigh(c, probability, classes, p);
        if (c->method == EN_CALIBRATE_PLATT) {
            p[1] = c->scale * (p[1] - p[0]) + c->shift;
            p[0] = 0;
        }
        en_recalibrate_softmax(p, classes, c->method == EN_CALIBRATE_TEMPERATURE ? c->scale : 1);
    }
    for (size_t i = 0; i < classes; i++) {
        probability[i] = (float)p[i];
    }
}

bool en_calibration_formula(const en_calibration *c, size_t classes, double *factor, double *offset)
{
    bool changes = !keeps_logits(c, classes);
    *factor = changes && (c->method == EN_CALIBRATE_PLATT || c->method == EN_CALIBRATE_TEMPERATURE) ? c->scale : 1;
    for (size_t i = 0; i < classes; i++) {
        offset[i] = changes ? -*factor * log(c->weight[i]) : 0;
    }
    if (changes && c->method == EN_CALIBRATE_PLATT) {
        offset[1] += c->shift;
    }
    return changes;
}

static en_status fit_two(en_calibration *c, const float *probability, const int32_t *truth, size_t n, en_error *err)
{
    double *score = en_calloc(n, sizeof *score), logit[2];
    uint8_t *positive = en_calloc(n, 1);
    size_t positives = 0;
    en_status st = score != NULL && positive != NULL ? EN_OK : en_error_nomem(err, "a calibration");
    for (size_t i = 0; st == EN_OK && i < n; i++) {
        unweigh(c, probability + 2 * i, 2, logit);
        score[i] = logit[1] - logit[0];
        positive[i] = truth[i] == 1;
        positives += positive[i];
    }
    size_t rarer = positives < n - positives ? positives : n - positives;
    if (st == EN_OK && rarer >= EN_CALIBRATE_RARER) {
        c->method = EN_CALIBRATE_PLATT;
        en_recalibrate_platt(score, positive, n, &c->scale, &c->shift);
        if (!(c->scale > 0)) { /* it ranks the wrong way round: calibration must not turn that over */
            c->method = EN_CALIBRATE_PRIOR;
            c->scale = 1;
            c->shift = 0;
        }
    }
    en_free(score);
    en_free(positive);
    return st;
}

static en_status fit_several(en_calibration *c, size_t classes, const float *probability, const int32_t *truth,
                             size_t n, en_error *err)
{
    if (n < EN_CALIBRATE_ALL) {
        return EN_OK;
    }
    double *logit = en_calloc(n * classes, sizeof *logit);
    if (logit == NULL) {
        return en_error_nomem(err, "a calibration");
    }
    for (size_t i = 0; i < n; i++) {
        unweigh(c, probability + i * classes, classes, logit + i * classes);
    }
    c->method = EN_CALIBRATE_TEMPERATURE;
    c->scale = en_recalibrate_temperature(logit, truth, n, classes);
    en_free(logit);
    return EN_OK;
}

/* A step of the scale is an observation: every photograph is one at each of them. */
static en_status fit_cumulative(en_calibration *c, size_t classes, const float *probability, const int32_t *truth,
                                size_t n, en_error *err)
{
    if (n < EN_CALIBRATE_ALL) {
        return EN_OK;
    }
    const size_t steps = classes - 1;
    double *score = en_calloc(n * steps, sizeof *score), p[EN_MAX_CLASSES];
    uint8_t *above = en_calloc(n * steps, 1);
    en_status st = score != NULL && above != NULL ? EN_OK : en_error_nomem(err, "a calibration");
    for (size_t i = 0; st == EN_OK && i < n; i++) {
        undo_weights(c, probability + i * classes, classes, p);
        for (size_t k = 0; k < steps; k++) {
            score[i * steps + k] = en_recalibrate_log_odds(p, classes, k);
            above[i * steps + k] = (size_t)truth[i] > k;
        }
    }
    if (st == EN_OK) {
        en_recalibrate_platt(score, above, n * steps, &c->scale, &c->shift);
        c->method = EN_CALIBRATE_CUMULATIVE;
        if (!(c->scale > 0)) {
            c->method = EN_CALIBRATE_PRIOR;
            c->scale = 1;
            c->shift = 0;
        }
    }
    en_free(score);
    en_free(above);
    return st;
}

static void measure_point(en_operating_point *p, const double *score, const uint8_t *positive, size_t n)
{
    double found = 0, cleared = 0, positives = 0;
    for (size_t i = 0; i < n; i++) {
        bool called = score[i] >= p->threshold;
        positives += positive[i];
        found += positive[i] && called;
        cleared += !positive[i] && !called;
    }
    p->sensitivity = found / positives;
    p->specificity = cleared / ((double)n - positives);
}

/* On calibrated probabilities, as they will be applied to such. */
static en_status choose_points(en_calibration *c, const float *probability, const int32_t *truth, size_t n,
                               const double *wish, en_error *err)
{
    double *score = en_calloc(n, sizeof *score);
    uint8_t *positive = en_calloc(n, 1);
    en_status st = score != NULL && positive != NULL ? EN_OK : en_error_nomem(err, "operating points");
    for (size_t i = 0; st == EN_OK && i < n; i++) {
        float p[2] = {probability[2 * i], probability[2 * i + 1]};
        en_calibration_apply(c, p, 2);
        score[i] = (double)p[1];
        positive[i] = truth[i] == 1;
    }
    for (int k = 0; st == EN_OK && k < EN_OPERATING_RULES; k++) {
        en_operating_point *p = &c->point[k];
        p->wish = wish[k];
        st = en_operating_threshold((en_operating_rule)k, wish[k], score, positive, n, &p->threshold, err);
        if (st == EN_OK && !isnan(p->threshold)) {
            measure_point(p, score, positive, n);
        }
    }
    en_free(score);
    en_free(positive);
    return st;
}

static double expected_value(const en_classes *classes, const float *probability)
{
    double sum = 0;
    for (size_t i = 0; i < classes->count; i++) {
        sum += classes->value[i] * (double)probability[i];
    }
    return sum;
}

size_t en_calibration_answer(const en_calibration *c, const en_classes *classes, const float *probability)
{
    if (c == NULL || c->cuts == 0 || c->cuts + 1 != classes->count || !classes->ordinal) {
        return en_score_argmax(probability, classes->count);
    }
    return en_cuts_answer(c->cut, c->cuts, expected_value(classes, probability));
}

/* Of calibrated probabilities, as the operating points. */
static en_status choose_cuts(en_calibration *c, const en_classes *classes, const float *probability,
                             const int32_t *truth, size_t n, en_error *err)
{
    double *score = en_calloc(n, sizeof *score);
    float p[EN_MAX_CLASSES];
    bool rising = classes->ordinal && n >= EN_CALIBRATE_ALL;
    en_status st = score != NULL ? EN_OK : en_error_nomem(err, "the cuts of a scale");
    for (size_t i = 1; i < classes->count; i++) {
        rising = rising && classes->value[i] > classes->value[i - 1];
    }
    for (size_t i = 0; st == EN_OK && rising && i < n; i++) {
        memcpy(p, probability + i * classes->count, classes->count * sizeof *p);
        en_calibration_apply(c, p, classes->count);
        score[i] = expected_value(classes, p);
    }
    if (st == EN_OK && rising) {
        st = en_cuts_bagged(score, truth, n, classes->value, classes->count, c->cut, err);
        c->cuts = st == EN_OK && !isnan(c->cut[0]) ? classes->count - 1 : 0;
    }
    en_free(score);
    return st;
}

static void clear(en_calibration *c, size_t classes)
{
    *c = (en_calibration){.scale = 1};
    for (size_t i = 0; i < classes; i++) {
        c->weight[i] = 1;
    }
    for (int k = 0; k < EN_OPERATING_RULES; k++) {
        const double none = (double)NAN;
        c->point[k] = (en_operating_point){none, none, none, none};
    }
}

/* Weights, scale and shift. */
static en_status fit_scale(const en_classes *classes, const float *weight, const float *probability,
                           const int32_t *truth, size_t n, en_calibration *out, en_error *err)
{
    clear(out, classes->count);
    out->method = EN_CALIBRATE_PRIOR;
    out->n = (int64_t)n;
    for (size_t i = 0; weight != NULL && i < classes->count; i++) {
        out->weight[i] = (double)weight[i];
    }
    if (n == 0) {
        return EN_OK;
    }
    return classes->count == 2 ? fit_two(out, probability, truth, n, err)
           : classes->ordinal  ? fit_cumulative(out, classes->count, probability, truth, n, err)
                               : fit_several(out, classes->count, probability, truth, n, err);
}

en_status en_calibration_fit(const en_classes *classes, const float *weight, const float *probability,
                             const int32_t *truth, size_t n, const double *wish, en_calibration *out, en_error *err)
{
    en_status st = fit_scale(classes, weight, probability, truth, n, out, err);
    if (st != EN_OK || n == 0) {
        return st;
    }
    return classes->count > 2 ? choose_cuts(out, classes, probability, truth, n, err)
                              : choose_points(out, probability, truth, n, wish, err);
}

/* The sum over the steps of the scale of the binary cross-entropy of being above it. */
static double ranked_entropy(const float *probability, size_t classes, int32_t truth)
{
    double p[EN_MAX_CLASSES], sum = 0;
    for (size_t i = 0; i < classes; i++) {
        p[i] = (double)probability[i];
    }
    for (size_t k = 0; k + 1 < classes; k++) {
        const double odds = en_recalibrate_log_odds(p, classes, k);
        sum += log1p(exp((size_t)truth > k ? -odds : odds));
    }
    return sum;
}

en_status en_calibration_loss(const en_classes *classes, const float *weight, const float *probability,
                              const int32_t *truth, size_t n, double *loss, en_error *err)
{
    en_calibration c;
    const bool scale = classes->ordinal && classes->count > 2;
    en_status st = fit_scale(classes, weight, probability, truth, n, &c, err);
    double sum = 0;
    for (size_t i = 0; st == EN_OK && i < n; i++) {
        float p[EN_MAX_CLASSES];
        memcpy(p, probability + i * classes->count, classes->count * sizeof *p);
        en_calibration_apply(&c, p, classes->count);
        sum += scale ? ranked_entropy(p, classes->count, truth[i]) : en_cross_entropy(p, truth[i]);
    }
    *loss = n > 0 ? sum / (double)n : (double)NAN;
    return st;
}

en_status en_calibration_decide(const en_classes *classes, const float *probability, const int32_t *truth, size_t n,
                                const double *wish, en_calibration *out, en_error *err)
{
    en_calibration as_they_are;
    clear(&as_they_are, classes->count);
    en_status st = n == 0               ? EN_OK
                   : classes->count > 2 ? choose_cuts(&as_they_are, classes, probability, truth, n, err)
                                        : choose_points(&as_they_are, probability, truth, n, wish, err);
    if (st == EN_OK) {
        out->n = (int64_t)n;
        out->cuts = as_they_are.cuts;
        memcpy(out->cut, as_they_are.cut, sizeof out->cut);
        memcpy(out->point, as_they_are.point, sizeof out->point);
    }
    return st;
}

static json_t *number(double x) { return isfinite(x) ? json_real(x) : json_null(); }

static json_t *point_json(const en_operating_point *p)
{
    json_t *o = json_object();
    json_object_set_new(o, "wish", number(p->wish));
    json_object_set_new(o, "threshold", number(p->threshold));
    json_object_set_new(o, "sensitivity", number(p->sensitivity));
    json_object_set_new(o, "specificity", number(p->specificity));
    return o;
}

en_status en_calibration_to_json(const en_calibration *c, size_t classes, char **json, en_error *err)
{
    json_t *all = json_object(), *weights = json_array(), *points = json_object();
    json_object_set_new(all, "method", json_string(en_word(&en_calibrate_methods, c->method)));
    for (size_t i = 0; i < classes; i++) {
        json_array_append_new(weights, json_real(c->weight[i]));
    }
    json_object_set_new(all, "class_weights", weights);
    json_object_set_new(all, "scale", json_real(c->scale));
    json_object_set_new(all, "shift", json_real(c->shift));
    json_object_set_new(all, "n", json_integer((json_int_t)c->n));
    for (int k = 0; k < EN_OPERATING_RULES; k++) {
        if (!isnan(c->point[k].threshold)) {
            json_object_set_new(points, en_operating_name((en_operating_rule)k), point_json(&c->point[k]));
        }
    }
    json_object_set_new(all, "operating_points", points);
    if (c->cuts > 0) {
        json_t *cuts = json_array();
        for (size_t i = 0; i < c->cuts; i++) {
            json_array_append_new(cuts, json_real(c->cut[i]));
        }
        json_object_set_new(all, "cuts", cuts);
    }
    char *text = json_dumps(all, JSON_COMPACT);
    json_decref(all);
    *json = text != NULL ? en_strdup(text) : NULL;
    free(text); /* jansson's own */
    return *json != NULL ? EN_OK : en_error_nomem(err, "a calibration");
}

static double read_number(const json_t *object, const char *key, double otherwise)
{
    const json_t *value = json_object_get(object, key);
    return json_is_number(value) ? json_number_value(value) : otherwise;
}

/* A threshold that is there and null is above every probability. */
static void read_point(const json_t *object, en_operating_point *p)
{
    if (object != NULL) {
        p->wish = read_number(object, "wish", (double)NAN);
        p->threshold = read_number(object, "threshold", (double)INFINITY);
        p->sensitivity = read_number(object, "sensitivity", (double)NAN);
        p->specificity = read_number(object, "specificity", (double)NAN);
    }
}

/* None where there are none; false where they are not those of so many classes. */
static bool read_cuts(const json_t *cuts, size_t classes, en_calibration *out)
{
    if (cuts == NULL) {
        return true;
    }
    bool good = json_array_size(cuts) == classes - 1 && classes > 2;
    for (size_t i = 0; good && i + 1 < classes; i++) {
        const json_t *value = json_array_get(cuts, i);
        out->cut[i] = json_number_value(value);
        good = json_is_number(value) && (i == 0 || out->cut[i] >= out->cut[i - 1]);
    }
    out->cuts = good ? classes - 1 : 0;
    return good;
}

en_status en_calibration_from_json(const char *json, size_t classes, en_calibration *out, en_error *err)
{
    clear(out, classes);
    if (json == NULL) {
        return EN_OK;
    }
    json_t *all = json_loads(json, 0, NULL);
    const json_t *weights = json_object_get(all, "class_weights"), *points = json_object_get(all, "operating_points");
    out->method = en_word_find(&en_calibrate_methods, json_string_value(json_object_get(all, "method")));
    bool good = out->method != 0 && json_array_size(weights) == classes;
    for (size_t i = 0; good && i < classes; i++) {
        out->weight[i] = json_number_value(json_array_get(weights, i));
        good = out->weight[i] > 0 && isfinite(out->weight[i]);
    }
    out->scale = read_number(all, "scale", 1);
    out->shift = read_number(all, "shift", 0);
    out->n = (int64_t)json_integer_value(json_object_get(all, "n"));
    good = good && read_cuts(json_object_get(all, "cuts"), classes, out);
    good = good && out->scale > 0 && (out->method != EN_CALIBRATE_PLATT || classes == 2);
    for (int k = 0; k < EN_OPERATING_RULES; k++) {
        read_point(json_object_get(points, en_operating_name((en_operating_rule)k)), &out->point[k]);
    }
    json_decref(all);
    return good ? EN_OK
                : en_error_set(err, EN_INPUT, "the model's calibration is not one of %zu classes: '%.60s'", classes,
                               json);
}

en_status en_calibration_of_run(en_catalog *c, int64_t run_id, size_t classes, en_calibration *out, en_error *err)
{
    en_catalog_params params = {0};
    en_status st = en_catalog_run_params(c, run_id, &params, err);
    if (st == EN_OK) {
        st = en_calibration_from_json(en_catalog_params_get(&params, EN_CALIBRATION_SETTING), classes, out, err);
    }
    en_catalog_params_clear(&params);
    return st;
}

const char *en_calibration_decision(const en_calibration *c, const en_classes *classes, const char *at, const char *of,
                                    char text[EN_CALIBRATION_DECISION])
{
    char on[80], wish[32] = "";
    en_print(on, sizeof on, "chosen on %lld validation images%s%.24s", (long long)c->n, of != NULL ? " " : "",
             of != NULL ? of : "");
    for (int k = 0; at != NULL && k < EN_OPERATING_RULES; k++) {
        const en_operating_point *p = &c->point[k];
        if (strcmp(at, en_operating_name((en_operating_rule)k)) == 0) {
            if (!isnan(p->wish)) {
                en_print(wish, sizeof wish, " %g", p->wish);
            }
            en_print(text, EN_CALIBRATION_DECISION, "the threshold %.4f for %s%s, %s", p->threshold, at, wish, on);
            return text;
        }
    }
    if (c->cuts > 0 && c->cuts + 1 == classes->count && classes->ordinal) {
        en_print(text, EN_CALIBRATION_DECISION, "cuts of the expected value, %s",
                 c->n > 0 ? on : "the means of the runs' own");
    } else {
        en_print(text, EN_CALIBRATION_DECISION, "the most probable class");
    }
    return text;
}
