/* See mlflow.h: the conversation with the server. */
#include "publish/mlflow.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "net/request.h"

#define BODY_CAP ((size_t)8 << 20)
#define ANSWER_CAP ((size_t)1 << 20)
#define BATCH 900 /* metrics of a request, of which a server takes 1000 */

typedef struct server {
    en_http *http;
    const en_mlflow_options *options;
    const char *shown; /* its URL without secrets; borrowed */
    char *base;        /* "http://127.0.0.1:5000/api/2.0/mlflow/" */
    en_buf body, answer;
    int status;
    json_t *said; /* of the last answer; NULL: no JSON */
} server;

static en_json begin(server *s, en_error *err)
{
    en_buf_reset(&s->body);
    return en_json_to(&s->body, err);
}

/* Any answer is EN_OK; a request that changes something and has no name to be found by is sent once. */
static en_status ask(server *s, const char *method, const char *path, bool once, en_error *err)
{
    static const en_http_header json = {"Content-Type", "application/json"};
    const en_mlflow_options *o = s->options;
    char *url = en_format("%s%s", s->base, path);
    if (url == NULL) {
        return en_error_nomem(err, "a URL");
    }
    bool body = strcmp(method, "POST") == 0;
    const en_http_request request = {.url = url,
                                     .method = method,
                                     .headers = &json,
                                     .header_count = body ? 1 : 0,
                                     .bearer = o->token,
                                     .user = o->token == NULL ? o->user : NULL,
                                     .password = o->token == NULL ? o->password : NULL,
                                     .body = body ? s->body.data : NULL,
                                     .body_size = body ? s->body.size : 0};
    json_decref(s->said);
    s->said = NULL;
    en_status st = once ? en_http_send(s->http, &request, &s->answer, &s->status, err)
                        : en_http_ask(s->http, &request, &s->answer, &s->status, err);
    if (st == EN_OK && s->answer.size > 0) {
        s->said = json_loadb(s->answer.data, s->answer.size, 0, NULL);
    }
    en_free(url);
    return st;
}

/* What an answer that is not 200 means. */
static en_status refused(const server *s, const char *what, en_error *err)
{
    const char *message = json_string_value(json_object_get(s->said, "message"));
    char why[200];
    (void)snprintf(why, sizeof why, "%.180s", message != NULL ? message : "it does not say why");
    if (s->status == 401 || s->status == 403) {
        return en_error_hint(err, en_error_set(err, EN_DENIED, "the server denies %s (%d): %s", what, s->status, why),
                             "set MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD");
    }
    return en_error_set(err, s->status >= 500 ? EN_NETWORK : EN_INPUT, "the server does not take %s (%d): %s", what,
                        s->status, why);
}

static en_status post(server *s, const en_json *j, const char *path, bool once, const char *what, en_error *err)
{
    en_status st = j->status;
    if (st == EN_OK) {
        st = ask(s, "POST", path, once, err);
    }
    return st == EN_OK && s->status != 200 ? refused(s, what, err) : st;
}

static en_status keep(const server *s, const json_t *from, const char *key, char *out, size_t size, en_error *err)
{
    const char *text = json_string_value(json_object_get(from, key));
    if (text == NULL || *text == '\0' || strlen(text) >= size) {
        return en_error_set(err, EN_INPUT, "the answer of '%s' has no %s: it is not an MLflow tracking server",
                            s->shown, key);
    }
    (void)snprintf(out, size, "%s", text);
    return EN_OK;
}

static en_status find_experiment(server *s, en_mlflow_result *r, en_error *err)
{
    en_buf path;
    en_buf_init(&path, 4096);
    en_status st = en_buf_text(&path, "experiments/get-by-name?experiment_name=", err);
    st = st == EN_OK ? en_http_escape(&path, s->options->experiment, false, err) : st;
    st = st == EN_OK ? ask(s, "GET", en_buf_str(&path), false, err) : st;
    en_buf_clear(&path);
    if (st != EN_OK) {
        return st;
    }
    if (s->status == 200) {
        return keep(s, json_object_get(s->said, "experiment"), "experiment_id", r->experiment_id,
                    sizeof r->experiment_id, err);
    }
    const char *code = json_string_value(json_object_get(s->said, "error_code"));
    if (s->status != 404 || code == NULL || strcmp(code, "RESOURCE_DOES_NOT_EXIST") != 0) {
        return refused(s, "a question for the experiment", err);
    }
    en_json j = begin(s, err);
    en_json_object(&j, NULL);
    en_json_text(&j, "name", s->options->experiment);
    en_json_end(&j);
    st = post(s, &j, "experiments/create", true, "a new experiment", err);
    return st == EN_OK ? keep(s, s->said, "experiment_id", r->experiment_id, sizeof r->experiment_id, err) : st;
}

/* EN_DONE: the run is not there yet. EN_INPUT: it is, whole. */
static en_status find_run(server *s, const char *uuid, en_mlflow_result *r, en_error *err)
{
    char filter[128];
    (void)snprintf(filter, sizeof filter, "tags.`eyenet.uuid` = '%.64s'", uuid);
    en_json j = begin(s, err);
    en_json_object(&j, NULL);
    en_json_array(&j, "experiment_ids");
    en_json_text(&j, NULL, r->experiment_id);
    en_json_end(&j);
    en_json_text(&j, "filter", filter);
    en_json_int(&j, "max_results", 1);
    en_json_end(&j);
    en_status st = post(s, &j, "runs/search", false, "a search for the run", err);
    const json_t *info = json_object_get(json_array_get(json_object_get(s->said, "runs"), 0), "info");
    if (st != EN_OK || info == NULL) {
        return st == EN_OK ? EN_DONE : st;
    }
    const char *status = json_string_value(json_object_get(info, "status"));
    st = keep(s, info, "run_id", r->run_id, sizeof r->run_id, err);
    if (st == EN_OK && status != NULL && strcmp(status, "RUNNING") != 0) {
        return en_error_hint(err,
                             en_error_set(err, EN_INPUT, "run '%s' is in the experiment '%s' already, as %s", r->run,
                                          r->experiment, r->run_id),
                             "delete it there, or name another --experiment");
    }
    r->completed = st == EN_OK;
    return st;
}

static en_status create_run(server *s, const en_report_result *run, en_mlflow_result *r, en_error *err)
{
    en_json j = begin(s, err);
    en_mlflow_body_create(&j, run, r->experiment_id, &r->tags);
    en_status st = post(s, &j, "runs/create", true, "a new run", err);
    return st == EN_OK ? keep(s, json_object_get(json_object_get(s->said, "run"), "info"), "run_id", r->run_id,
                              sizeof r->run_id, err)
                       : st;
}

static en_status push(en_project *project, server *s, const en_report_result *run, const en_mlflow_metrics *metrics,
                      en_mlflow_result *r, en_error *err)
{
    en_json j = begin(s, err);
    en_mlflow_body_params(&j, run, r->run_id, &r->params);
    en_status st = post(s, &j, "runs/log-batch", false, "the settings", err);
    for (size_t at = 0; st == EN_OK && at < metrics->count; at += BATCH) {
        const size_t count = metrics->count - at < BATCH ? metrics->count - at : BATCH;
        st = en_stop_check(&project->events, err);
        if (st == EN_OK) {
            j = begin(s, err);
            en_mlflow_body_metrics(&j, metrics->row + at, count, r->run_id);
            st = post(s, &j, "runs/log-batch", false, "the metrics", err);
        }
        r->metrics += st == EN_OK ? (int64_t)count : 0;
    }
    if (st != EN_OK) {
        return st;
    }
    j = begin(s, err);
    en_json_object(&j, NULL);
    en_json_text(&j, "run_id", r->run_id);
    en_json_text(&j, "status", "FINISHED");
    en_json_int(&j, "end_time", en_mlflow_time(run->run.ended_at));
    en_json_end(&j);
    return post(s, &j, "runs/update", false, "the end of the run", err);
}

static en_status talk(en_project *project, server *s, const en_report_result *run, en_mlflow_result *r, en_error *err)
{
    en_mlflow_metrics metrics = {0};
    en_status st = en_mlflow_metrics_of(run, &metrics, err);
    if (st == EN_OK) {
        st = find_experiment(s, r, err);
    }
    if (st == EN_OK) {
        st = find_run(s, run->run.uuid, r, err);
        st = st == EN_DONE ? create_run(s, run, r, err) : st;
    }
    if (st == EN_OK) {
        st = push(project, s, run, &metrics, r, err);
    }
    en_free(metrics.row);
    return st;
}

static en_status open_server(en_project *project, const en_mlflow_options *o, server *s, en_mlflow_result *r,
                             en_error *err)
{
    size_t length = strlen(o->url);
    while (length > 0 && o->url[length - 1] == '/') {
        length--;
    }
    *s = (server){.options = o};
    en_buf_init(&s->body, BODY_CAP);
    en_buf_init(&s->answer, ANSWER_CAP);
    r->url = en_http_public_url(o->url);
    if (r->url == NULL || strpbrk(o->url, "?#") != NULL) {
        return en_error_hint(err, en_error_set(err, EN_USAGE, "what --to names is not the URL of a server"),
                             "as http://127.0.0.1:5000");
    }
    s->shown = r->url;
    s->base = en_format("%.*s/api/2.0/mlflow/", (int)length, o->url);
    return s->base != NULL ? en_http_new(o->http, &project->events, &s->http, err) : en_error_nomem(err, "a URL");
}

en_status en_export_mlflow(en_project *project, const en_mlflow_options *o, en_mlflow_result *r, en_error *err)
{
    const en_report_options wanted = {.run = o->run != NULL ? o->run : "last", .no_page = true};
    server s;
    *r = (en_mlflow_result){0};
    en_report_result *run = en_calloc(1, sizeof *run);
    if (run == NULL) {
        return en_error_nomem(err, "a run");
    }
    (void)snprintf(r->experiment, sizeof r->experiment, "%s", o->experiment);
    en_status st = open_server(project, o, &s, r, err);
    if (st == EN_OK) {
        st = en_report(project, &wanted, run, err);
    }
    if (st == EN_OK && run->run.state != EN_RUN_FINISHED) {
        st = en_error_hint(err, en_error_set(err, EN_INPUT, "run '%s' is not finished", run->run.name),
                           "'eyenet train --resume' goes on with it");
    }
    if (st == EN_OK) {
        (void)snprintf(r->run, sizeof r->run, "%s", run->run.name);
        st = talk(project, &s, run, r, err);
    }
    en_report_clear(run);
    en_free(run);
    json_decref(s.said);
    en_http_free(s.http);
    en_buf_clear(&s.body);
    en_buf_clear(&s.answer);
    en_free(s.base);
    return st;
}

void en_mlflow_result_clear(en_mlflow_result *r)
{
    en_free(r->url);
    *r = (en_mlflow_result){0};
}
