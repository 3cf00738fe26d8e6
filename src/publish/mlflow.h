/* export mlflow: a run on an MLflow tracking server, by its REST interface 2.0
 * (https://mlflow.org/docs/latest/rest-api).
 *
 * The run has the settings as params, the learning curves as metrics by epoch ("auc/val"), the metrics of its newest
 * evaluation with the bounds of their intervals ("auc/test", "auc_low/test"), and tags, of which eyenet.uuid tells that
 * it is this run: what is there already is not pushed twice, and what a broken push left is completed. */
#ifndef EN_PUBLISH_MLFLOW_H
#define EN_PUBLISH_MLFLOW_H

#include "export/json.h"
#include "net/http.h"
#include "report/report.h"

typedef struct en_mlflow_options {
    const char *run;                     /* name, uuid or "last" */
    const char *url;                     /* of the server: "http://127.0.0.1:5000" */
    const char *experiment;              /* made when there is none */
    const char *user, *password, *token; /* NULL: none; the token comes before the user */
    const en_http_options *http;         /* NULL: as it is */
} en_mlflow_options;

typedef struct en_mlflow_result {
    char run[128], experiment[256], experiment_id[64], run_id[64];
    char *url; /* owned; the server's, without secrets */
    int64_t params, metrics, tags;
    bool completed; /* a broken push was */
} en_mlflow_result;

/* EN_INPUT: no such run, one that is not finished, one that is there already, or what the server refuses. EN_DENIED:
 * the server wants other credentials. EN_NETWORK: no answer; the same command again completes it. Clear the result in
 * every case. */
en_status en_export_mlflow(en_project *project, const en_mlflow_options *options, en_mlflow_result *result,
                           en_error *err) EN_CHECKED;
void en_mlflow_result_clear(en_mlflow_result *result);

/* For its parts: a value at an epoch. */
typedef struct en_mlflow_metric {
    char key[128];
    double value;
    int64_t step, timestamp; /* timestamp: ms since 1970 */
} en_mlflow_metric;
typedef struct en_mlflow_metrics {
    en_mlflow_metric *row; /* owned */
    size_t count;
} en_mlflow_metrics;

int64_t en_mlflow_time(const char *utc); /* ms since 1970 of "2026-01-31T12:00:00Z"; 0 when it is not a time */
/* Of the curves and the evaluation, unless that is of weights that the run replaced since; NaN is left out. */
en_status en_mlflow_metrics_of(const en_report_result *r, en_mlflow_metrics *out, en_error *err) EN_CHECKED;
/* Bodies of requests. */
void en_mlflow_body_create(en_json *j, const en_report_result *r, const char *experiment_id, int64_t *tags);
void en_mlflow_body_params(en_json *j, const en_report_result *r, const char *run_id, int64_t *params);
void en_mlflow_body_metrics(en_json *j, const en_mlflow_metric *metric, size_t count, const char *run_id);

#endif
