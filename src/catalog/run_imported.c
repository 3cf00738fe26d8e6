/* Imported runs. Uses db. */
#include "catalog/run_imported.h"

#include <math.h>
#include <string.h>

#include "catalog/internal.h"
#include "db/row.h"
#include "db/statements.h"

en_status en_catalog_run_need_trained(const en_catalog_run *run, const char *what, en_error *err)
{
    if (run->origin == EN_RUN_ENSEMBLE) {
        return en_error_hint(
            err,
            en_error_set(err, EN_INPUT, "run '%s' is an ensemble: it has no weights of its own to %s", run->name, what),
            "name one of its members: eyenet runs show '%s'", run->name);
    }
    return run->origin != EN_RUN_IMPORTED
               ? EN_OK
               : en_error_hint(err,
                               en_error_set(err, EN_INPUT,
                                            "run '%s' was trained by another program: there are no weights to %s",
                                            run->name, what),
                               "evaluate, compare and report read its imported predictions");
}

en_status en_catalog_run_answers(en_catalog *c, int64_t run_id, const char *target, const char *classes,
                                 int64_t subset_id, en_error *err)
{
    en_stmt *s;
    int64_t same;
    en_status st = en_catalog_prepare_id(c, EN_SQL_RUN_IMPORTED_ANSWERS, "run_id", run_id, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_text(s, "target", target);
    en_stmt_bind_text(s, "classes", classes);
    en_stmt_bind_id(s, "subset_id", subset_id);
    st = en_stmt_number(s, &same, err);
    return st == EN_DONE ? en_error_set(err, EN_BUG, "run number %lld is not imported", (long long)run_id) : st;
}

en_status en_catalog_run_imported_end(en_catalog *c, int64_t run_id, en_run_state state, en_error *err)
{
    en_stmt *s;
    int64_t same;
    en_status st = en_catalog_prepare_id(c, EN_SQL_RUN_IMPORTED_END, "run_id", run_id, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_word(s, "state", &en_run_states, state);
    st = en_stmt_number(s, &same, err);
    return st == EN_DONE ? en_error_set(err, EN_BUG, "run number %lld is not imported", (long long)run_id) : st;
}

en_status en_catalog_run_imported_past(en_catalog *c, int64_t run_id, en_run_state state, int64_t started_ms,
                                       int64_t ended_ms, en_error *err)
{
    en_stmt *s;
    int64_t same;
    en_status st = en_catalog_prepare_id(c, EN_SQL_RUN_IMPORTED_PAST, "run_id", run_id, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_word(s, "state", &en_run_states, state);
    en_stmt_bind_id(s, "started_ms", started_ms);
    en_stmt_bind_id(s, "ended_ms", ended_ms);
    st = en_stmt_number(s, &same, err);
    return st == EN_DONE ? en_error_set(err, EN_BUG, "run number %lld is not imported", (long long)run_id) : st;
}

en_status en_catalog_run_has_uuid(en_catalog *c, const char *uuid, bool *is, en_error *err)
{
    en_stmt *s;
    int64_t id;
    *is = false;
    en_status st = en_db_prepare(c->db, EN_SQL_RUN_UUID, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_text(s, "uuid", uuid);
    st = en_stmt_number(s, &id, err);
    *is = st == EN_OK;
    return st == EN_DONE ? EN_OK : st;
}

typedef struct logged {
    double value;
} logged;
static const en_row_column logged_columns[] = {{"value", EN_COL(logged, value)}};
static const en_row_type logged_type = EN_ROW_TYPE(logged, logged_columns);

en_status en_catalog_metric_log(en_catalog *c, int64_t run_id, const en_catalog_metric *metric, bool *repeated,
                                en_error *err)
{
    en_stmt *s;
    logged is;
    const char *part = en_word(&en_parts, metric->part);
    *repeated = false;
    en_status st = en_catalog_prepare_id(c, EN_SQL_METRIC_AT, "run_id", run_id, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_text(s, "part", part != NULL ? part : "");
    en_stmt_bind_text(s, "name", metric->name);
    en_stmt_bind_int(s, "attempt", metric->attempt);
    en_stmt_bind_int(s, "step", metric->step);
    st = en_row_one(s, &logged_type, &is, err);
    if (st == EN_DONE) {
        return en_catalog_metrics_add(c, run_id, metric, 1, err);
    }
    *repeated = st == EN_OK && (is.value == metric->value || (isnan(is.value) && isnan(metric->value)));
    if (st == EN_OK && !*repeated) {
        st = en_error_set(err, EN_INPUT, "%s%s%s at step %lld is %.9g already, and not %.9g", part != NULL ? part : "",
                          part != NULL ? " " : "", metric->name, (long long)metric->step, is.value, metric->value);
    }
    return st;
}
