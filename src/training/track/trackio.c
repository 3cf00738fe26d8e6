/* Trackio's SQLite file: JSON per row. Uses db and jansson. */
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "db/row.h"
#include "db/statements.h"
#include "training/log_line.h"
#include "training/track/foreign_rows.h"

#define DEPTH_MAX 8
#define MERGED_MAX 10000 /* keys of one step */

static const char *const tables[] = {"metrics", "configs", NULL};

typedef struct row {
    int64_t step;
    char *json;
} row;
static const en_row_column config_columns[] = {{"json", EN_COL_IS(row, json, EN_RULE_TEXT)}};
static const en_row_type config_type = EN_ROW_TYPE(row, config_columns);
static const en_row_column metric_columns[] = {{"step", EN_COL(row, step)},
                                               {"json", EN_COL_IS(row, json, EN_RULE_TEXT)}};
static const en_row_type metric_type = EN_ROW_TYPE(row, metric_columns);

typedef struct trackio {
    en_db *db;
    char *project;
    bool has_ids; /* runs have ids besides their names */
} trackio;

static en_status prepare(const trackio *t, en_sql with_ids, en_sql named, const char *run, en_stmt **out, en_error *err)
{
    en_status st = en_db_prepare(t->db, t->has_ids ? with_ids : named, out, err);
    if (st == EN_OK) {
        en_stmt_bind_text(*out, "run", run);
    }
    return st;
}

/* A JSON object; NaN and the infinities of Python are null. */
static en_status decode(const char *text, json_t **out, en_error *err)
{
    json_error_t why;
    en_buf clean;
    *out = NULL;
    en_buf_init(&clean, strlen(text) * 2 + 16);
    en_status st = en_log_without_nan(text, strlen(text), &clean, err);
    if (st == EN_OK) {
        *out = json_loadb(en_buf_str(&clean), clean.size, 0, &why);
        st = *out == NULL           ? en_error_set(err, EN_INPUT, "a row is not JSON: %.120s", why.text)
             : json_is_object(*out) ? EN_OK
                                    : en_error_set(err, EN_INPUT, "a row is not a JSON object");
    }
    en_buf_clear(&clean);
    return st;
}

/* Settings --------------------------------------------------------------------------------------------------------- */

static en_status put_setting(en_track_writer *w, const char *name, json_t *value, unsigned depth, en_error *err)
{
    char number[EN_LOG_NUMBER_TEXT];
    const char *key, *text = NULL;
    json_t *inner;
    char *made = NULL;
    en_status st = EN_OK;
    if (depth > DEPTH_MAX) {
        en_track_left_out(w, "setting", name, "it is nested too deeply");
        return EN_OK;
    }
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        json_object_foreach(value, key, inner)
        {
            char *path = en_format("%s.%s", name, key);
            st = path == NULL  ? en_error_nomem(err, "a setting")
                 : st == EN_OK ? put_setting(w, path, inner, depth + 1, err)
                               : st;
            en_free(path);
        }
        return st;
    case JSON_ARRAY:
        made = json_dumps(value, JSON_COMPACT | JSON_REAL_PRECISION(15));
        st = made == NULL ? en_error_nomem(err, "a setting") : en_track_param(w, name, made, err);
        free(made); /* of jansson */
        return st;
    case JSON_STRING: text = json_string_value(value); break;
    case JSON_TRUE: text = "true"; break;
    case JSON_FALSE: text = "false"; break;
    case JSON_NULL: text = "null"; break;
    case JSON_INTEGER: (void)en_print(number, sizeof number, "%lld", (long long)json_integer_value(value)); break;
    case JSON_REAL: en_log_number_text(json_real_value(value), number); break;
    }
    return en_track_param(w, name, text != NULL ? text : number, err);
}

/* Trackio's own keys begin with '_': of these the group is a tag, and the others say when and who. */
static en_status put_config(en_track_writer *w, json_t *config, en_error *err)
{
    const char *key;
    json_t *value;
    en_status st = EN_OK;
    json_object_foreach(config, key, value)
    {
        if (strcmp(key, "_Group") == 0 && json_is_string(value)) {
            st = en_track_tag(w, "group", json_string_value(value), err);
        } else if (*key != '_') {
            st = put_setting(w, key, value, 0, err);
        }
        if (st != EN_OK) {
            return st;
        }
    }
    return EN_OK;
}

static en_status read_config(const trackio *t, const char *run, en_track_writer *w, en_error *err)
{
    en_stmt *s;
    en_status next = EN_OK,
              st = prepare(t, EN_SQL_FOREIGN_TRACKIO_CONFIG, EN_SQL_FOREIGN_TRACKIO_CONFIG_NAMED, run, &s, err);
    if (st == EN_OK) {
        st = en_row_bind(s, &config_type, err);
    }
    while (st == EN_OK && (next = en_stmt_step(s, err)) == EN_OK) {
        row r = {0};
        json_t *config = NULL;
        st = en_row_read(s, &r, err);
        if (st == EN_OK) {
            st = decode(r.json, &config, err);
        }
        if (st == EN_OK) {
            st = put_config(w, config, err);
        }
        json_decref(config);
        en_row_clear(&config_type, &r);
    }
    if (st != EN_OK && s != NULL) {
        en_stmt_reset(s);
    }
    return st != EN_OK || next == EN_DONE ? st : next;
}

/* Metrics ---------------------------------------------------------------------------------------------------------- */

/* A number, also one that JSON does not have: Trackio writes these as texts. */
static bool is_number(const json_t *value, double *number)
{
    static const char *const none[] = {"NaN", "Infinity", "-Infinity"};
    *number = (double)NAN;
    if (json_is_number(value)) {
        *number = json_number_value(value);
    }
    bool is = json_is_number(value) || json_is_null(value);
    for (size_t i = 0; json_is_string(value) && i < sizeof none / sizeof *none; i++) {
        is = is || strcmp(json_string_value(value), none[i]) == 0;
    }
    return is;
}

/* The values of one step. The key `epoch` says the epoch, as in run log. */
static en_status put_step(en_track_writer *w, int64_t step, json_t *values, en_error *err)
{
    const char *key;
    json_t *value;
    double number;
    const json_t *said = json_object_get(values, "epoch");
    const bool has_epoch = json_is_integer(said) && json_integer_value(said) >= 0;
    en_status st = EN_OK;
    json_object_foreach(values, key, value)
    {
        if (value == said && has_epoch) {
            continue;
        }
        if (is_number(value, &number)) {
            st = en_track_metric(w, key, step, has_epoch ? json_integer_value(said) : -1, number, err);
        } else {
            en_track_left_out(w, "metric", key, "it is not a number");
        }
        if (st != EN_OK) {
            return st;
        }
    }
    return EN_OK;
}

/* The rows of one step become one object; a key that comes again replaces its value. */
static en_status merge(json_t *into, json_t *from, en_track_writer *w, en_error *err)
{
    const char *key;
    json_t *value;
    json_object_foreach(from, key, value)
    {
        w->counts->replaced += strcmp(key, "epoch") != 0 && json_object_get(into, key) != NULL;
    }
    if (json_object_update(into, from) != 0) {
        return en_error_nomem(err, "metrics");
    }
    return json_object_size(into) <= MERGED_MAX
               ? EN_OK
               : en_error_set(err, EN_INPUT, "a step has more than %d metrics", MERGED_MAX);
}

static en_status take(en_stmt *s, json_t **merged, int64_t *step, en_track_writer *w, en_error *err)
{
    row r = {0};
    json_t *values = NULL;
    en_status st = en_row_read(s, &r, err);
    if (st == EN_OK) {
        st = decode(r.json, &values, err);
    }
    if (st == EN_OK && *merged != NULL && r.step == *step) {
        st = merge(*merged, values, w, err);
        json_decref(values);
    } else if (st == EN_OK) {
        st = *merged != NULL ? put_step(w, *step, *merged, err) : EN_OK;
        json_decref(*merged);
        *merged = values;
        *step = r.step;
    } else {
        json_decref(values);
    }
    en_row_clear(&metric_type, &r);
    return st;
}

static en_status read_metrics(const trackio *t, const char *run, en_track_writer *w, en_error *err)
{
    en_stmt *s;
    json_t *merged = NULL;
    int64_t step = -1;
    en_status next = EN_OK,
              st = prepare(t, EN_SQL_FOREIGN_TRACKIO_METRICS, EN_SQL_FOREIGN_TRACKIO_METRICS_NAMED, run, &s, err);
    if (st == EN_OK) {
        st = en_row_bind(s, &metric_type, err);
    }
    while (st == EN_OK && (next = en_stmt_step(s, err)) == EN_OK) {
        st = take(s, &merged, &step, w, err);
    }
    if (st != EN_OK && s != NULL) {
        en_stmt_reset(s);
    }
    if (st == EN_OK && next == EN_DONE && merged != NULL) {
        st = put_step(w, step, merged, err);
    }
    json_decref(merged);
    return st != EN_OK || next == EN_DONE ? st : next;
}

static en_status read_run(en_store *s, const en_store_run *run, en_track_writer *w, en_error *err)
{
    const en_status st = read_config(s->ctx, run->id, w, err);
    return st == EN_OK ? read_metrics(s->ctx, run->id, w, err) : st;
}

static en_status list_runs(en_store *s, const char *experiment, const char *run, en_store_runs *out, en_error *err)
{
    const trackio *t = s->ctx;
    en_stmt *rows;
    (void)experiment; /* a file is one project */
    en_status st = prepare(t, EN_SQL_FOREIGN_TRACKIO_RUNS, EN_SQL_FOREIGN_TRACKIO_RUNS_NAMED, run, &rows, err);
    if (st == EN_OK) {
        en_stmt_bind_int(rows, "most", EN_STORE_RUNS_MAX + 1);
        st = en_foreign_runs(rows, out, err);
    }
    for (size_t i = 0; st == EN_OK && i < out->count; i++) {
        out->row[i].experiment = en_strdup(t->project);
        st = out->row[i].experiment != NULL ? EN_OK : en_error_nomem(err, "a run");
    }
    return st;
}

static void close_store(en_store *s)
{
    trackio *t = s->ctx;
    en_db_close(t->db);
    en_free(t->project);
    en_free(t);
}

static const en_store_kind kind = {
    .title = "Trackio", .prefix = "trackio", .list = list_runs, .read = read_run, .close = close_store};

en_status en_store_open_trackio(const char *path, const en_events *events, en_store *out, en_error *err)
{
    const char *base = en_path_base(path), *dot = strrchr(base, '.');
    trackio *t = en_calloc(1, sizeof *t);
    *out = (en_store){0};
    if (t == NULL || (t->project = dot != NULL ? en_strndup(base, (size_t)(dot - base)) : en_strdup(base)) == NULL) {
        en_free(t);
        return en_error_nomem(err, "a store");
    }
    *out = (en_store){.kind = &kind, .ctx = t, .events = events};
    en_status st = en_foreign_open(path, "Trackio", tables, events, &t->db, err);
    if (st == EN_OK) {
        st = en_db_has_column(t->db, "metrics", "run_id", &t->has_ids, err);
    }
    if (st != EN_OK) {
        en_store_close(out);
    }
    return st;
}
