/* What is said of a run to MLflow. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/memory.h"
#include "publish/mlflow.h"
#include "training/board.h"

#define PARAM_MAX 500 /* bytes of a value that every server takes */

int64_t en_mlflow_time(const char *utc)
{
    struct tm tm = {0};
    if (utc == NULL || strptime(utc, "%Y-%m-%dT%H:%M:%S", &tm) == NULL) {
        return 0;
    }
    return (int64_t)timegm(&tm) * 1000;
}

static en_status add(en_mlflow_metrics *out, const char *key, double value, int64_t step, int64_t timestamp,
                     en_error *err)
{
    if (!isfinite(value)) {
        return EN_OK;
    }
    en_mlflow_metric *grown = en_array_grow(out->row, out->count, sizeof *grown, err);
    if (grown == NULL) {
        return EN_NOMEM;
    }
    out->row = grown;
    en_mlflow_metric *m = &grown[out->count++];
    *m = (en_mlflow_metric){.value = value, .step = step, .timestamp = timestamp};
    (void)snprintf(m->key, sizeof m->key, "%s", key);
    return EN_OK;
}

static en_status add_curves(const en_report_result *r, en_mlflow_metrics *out, en_error *err)
{
    const int64_t began = en_mlflow_time(r->run.started_at);
    for (size_t i = 0; i < r->curves.count; i++) {
        const en_catalog_curve *c = &r->curves.row[i];
        char tag[EN_BOARD_TAG];
        (void)en_board_tag(c->part, c->name, tag);
        for (size_t k = 0; k < c->count; k++) {
            en_status st = add(out, tag, c->value[k], (int64_t)c->epoch[k], began, err);
            if (st != EN_OK) {
                return st;
            }
        }
    }
    return EN_OK;
}

/* A metric and the bounds of its interval, where there is one. */
static en_status add_metric(const en_report_result *r, const char *name, const en_metric *m, en_mlflow_metrics *out,
                            en_error *err)
{
    const char *part = r->evaluation.part != 0 ? en_word(&en_parts, r->evaluation.part) : "evaluation";
    const int64_t step = r->run.best_epoch > 0 ? r->run.best_epoch : 0, at = en_mlflow_time(r->evaluation.created_at);
    const struct {
        const char *suffix;
        double value;
    } figure[] = {{"", m->value}, {"_low", m->is_in.low}, {"_high", m->is_in.high}};
    en_status st = EN_OK;
    for (size_t i = 0; st == EN_OK && i < sizeof figure / sizeof *figure; i++) {
        char key[128];
        (void)snprintf(key, sizeof key, "evaluated_%s%s/%s", name, figure[i].suffix, part);
        st = add(out, key, figure[i].value, step, at, err);
    }
    return st;
}

static en_status add_evaluation(const en_report_result *r, en_mlflow_metrics *out, en_error *err)
{
    const en_metrics *m = &r->metrics;
    const struct {
        const char *name;
        const en_metric *metric;
        bool is;
    } row[] = {
        {"accuracy", &m->accuracy, true},
        {"balanced_accuracy", &m->balanced_accuracy, true},
        {"kappa", &m->kappa, true},
        {"auc", &m->binary.auc, m->is_binary},
        {"pr_auc", &m->binary.pr_auc, m->is_binary},
        {"sensitivity", &m->binary.sensitivity, m->is_binary},
        {"specificity", &m->binary.specificity, m->is_binary},
        {"ece", &m->binary.ece, m->is_binary},
        {"brier", &m->binary.brier, m->is_binary},
        {"referable_auc", &m->referable.auc, m->is_graded},
        {"referable_sensitivity", &m->referable.sensitivity, m->is_graded},
        {"referable_specificity", &m->referable.specificity, m->is_graded},
    };
    const en_metric n = {(double)m->n, {(double)NAN, (double)NAN}}, patients = {(double)m->patients, n.is_in};
    en_status st = add_metric(r, "n", &n, out, err);
    st = st == EN_OK ? add_metric(r, "patients", &patients, out, err) : st;
    for (size_t i = 0; st == EN_OK && i < sizeof row / sizeof *row; i++) {
        st = row[i].is ? add_metric(r, row[i].name, row[i].metric, out, err) : EN_OK;
    }
    return st;
}

en_status en_mlflow_metrics_of(const en_report_result *r, en_mlflow_metrics *out, en_error *err)
{
    *out = (en_mlflow_metrics){0};
    en_status st = add_curves(r, out, err);
    return st == EN_OK && r->has_evaluation && r->evaluation.weights_kept && r->metrics.n > 0
               ? add_evaluation(r, out, err)
               : st;
}

static void pair(en_json *j, const char *key, const char *value, int64_t *count)
{
    if (value != NULL && *value != '\0') {
        en_json_line(j, NULL);
        en_json_text(j, "key", key);
        en_json_text(j, "value", value);
        en_json_end(j);
        ++*count;
    }
}

void en_mlflow_body_create(en_json *j, const en_report_result *r, const char *experiment_id, int64_t *tags)
{
    en_json_object(j, NULL);
    en_json_text(j, "experiment_id", experiment_id);
    en_json_text(j, "run_name", r->run.name);
    en_json_int(j, "start_time", en_mlflow_time(r->run.started_at));
    en_json_array(j, "tags");
    pair(j, "eyenet.uuid", r->run.uuid, tags);
    pair(j, "eyenet.version", r->run.version, tags);
    pair(j, "eyenet.commit", r->run.commit, tags);
    pair(j, "eyenet.subset_sha256", r->subset.sha256, tags);
    pair(j, "eyenet.weights_sha256", r->checkpoint.path != NULL ? r->checkpoint.sha256 : NULL, tags);
    pair(j, "eyenet.evaluated_on", r->has_evaluation ? r->evaluation.subset : NULL, tags);
    pair(j, "mlflow.source.name", "eyenet", tags);
    en_json_end(j);
    en_json_end(j);
}

void en_mlflow_body_params(en_json *j, const en_report_result *r, const char *run_id, int64_t *params)
{
    char seed[32];
    (void)snprintf(seed, sizeof seed, "%llu", (unsigned long long)r->run.seed);
    en_json_object(j, NULL);
    en_json_text(j, "run_id", run_id);
    en_json_array(j, "params");
    pair(j, "model", r->run.model, params);
    pair(j, "target", r->run.target, params);
    pair(j, "recipe", r->run.recipe, params);
    pair(j, "subset", r->run.subset, params);
    pair(j, "split", r->run.split, params);
    pair(j, "seed", seed, params);
    for (size_t i = 0; i < r->params.count && i < 90; i++) { /* a request takes 100 */
        const en_catalog_param *p = &r->params.row[i];
        if (strlen(p->value) <= PARAM_MAX && strcmp(p->name, EN_CALIBRATION_SETTING) != 0) {
            pair(j, p->name, p->value, params);
        }
    }
    en_json_end(j);
    en_json_end(j);
}

void en_mlflow_body_metrics(en_json *j, const en_mlflow_metric *metric, size_t count, const char *run_id)
{
    en_json_object(j, NULL);
    en_json_text(j, "run_id", run_id);
    en_json_array(j, "metrics");
    for (size_t i = 0; i < count; i++) {
        en_json_line(j, NULL);
        en_json_text(j, "key", metric[i].key);
        en_json_real(j, "value", metric[i].value);
        en_json_int(j, "timestamp", metric[i].timestamp);
        en_json_int(j, "step", metric[i].step);
        en_json_end(j);
    }
    en_json_end(j);
    en_json_end(j);
}
