/* SQL written by users: guarded by an authorizer while it is prepared and while it runs, and interruptible. Uses
 * SQLite and base. */
#include "db/query.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "db/internal.h"

#define OPCODES_BETWEEN_CHECKS 20 /* each may work on a value of many megabytes */

struct en_query {
    en_db *db;
    sqlite3_stmt *raw;
    const en_events *events;
    char *what;
    en_guard guard;
};

/* In words, what an authorizer's action does; NULL for those a query may do. */
static const char *action_words(int action)
{
    switch (action) {
    case SQLITE_SELECT:
    case SQLITE_READ:
    case SQLITE_RECURSIVE: return NULL;
    case SQLITE_FUNCTION: return "call";
    case SQLITE_INSERT: return "insert into";
    case SQLITE_UPDATE: return "update";
    case SQLITE_DELETE: return "delete from";
    case SQLITE_ATTACH: return "attach";
    case SQLITE_DETACH: return "detach";
    case SQLITE_PRAGMA: return "run the pragma";
    case SQLITE_TRANSACTION:
    case SQLITE_SAVEPOINT: return "begin or end a transaction";
    case SQLITE_ANALYZE:
    case SQLITE_REINDEX: return "rebuild statistics or indices of";
    default: return "change the schema";
    }
}

/* SELECT ... FROM pragma_NAME(...) prepares its pragma only when it steps, and with an argument some of them write
 * (pragma_optimize). These only describe the schema, whatever their argument. */
static bool only_tells(const char *pragma)
{
    static const char *const known[] = {
        "application_id", "collation_list", "compile_options",   "data_version",     "database_list", "encoding",
        "foreign_keys",   "freelist_count", "foreign_key_check", "foreign_key_list", "function_list", "index_info",
        "index_list",     "index_xinfo",    "integrity_check",   "module_list",      "page_count",    "page_size",
        "pragma_list",    "quick_check",    "table_info",        "table_list",       "table_xinfo",   "user_version"};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (sqlite3_stricmp(pragma, known[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* Functions that answer differently from call to call, or by what else is asked in the same breath (windows). */
static bool varies(const char *function)
{
    static const char *const known[] = {"random",       "randomblob",    "date",
                                        "time",         "datetime",      "julianday",
                                        "unixepoch",    "strftime",      "timediff",
                                        "changes",      "total_changes", "last_insert_rowid",
                                        "current_date", "current_time",  "current_timestamp",
                                        "row_number",   "rank",          "dense_rank",
                                        "percent_rank", "cume_dist",     "ntile",
                                        "lag",          "lead",          "first_value",
                                        "last_value",   "nth_value"};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (sqlite3_stricmp(function, known[i]) == 0) {
            return true;
        }
    }
    return false;
}

static bool harmless(const en_guard *g, int action, const char *first, const char *second)
{
    switch (action) {
    case SQLITE_FUNCTION:
        return second != NULL && sqlite3_stricmp(second, "load_extension") != 0 && !(g->repeatable && varies(second));
    case SQLITE_PRAGMA: return g->stepping && only_tells(first);
    case SQLITE_UPDATE:
        /* Asked about when a table-valued function such as json_each is first used, and nothing is written then. A real
         * change of the schema asks for more than this, and a statement that writes is refused below in any case. */
        return strcmp(first, "sqlite_master") == 0;
    default: return action_words(action) == NULL;
    }
}

int en_db_authorize(void *ctx, int action, const char *first, const char *second, const char *database,
                    const char *trigger)
{
    (void)database;
    (void)trigger;
    en_guard *g = ((en_db *)ctx)->guard;
    if (g == NULL || harmless(g, action, first, second)) {
        return SQLITE_OK;
    }
    if (!g->refused) { /* the first one is the clearest: creating a table also inserts into the schema */
        const char *words = action_words(action), *name = action == SQLITE_FUNCTION ? second : first;
        bool of_schema = name != NULL && strncmp(name, "sqlite_", 7) == 0;
        g->refused = true;
        if (name != NULL && action != SQLITE_TRANSACTION && !of_schema) {
            snprintf(g->why, sizeof g->why, "%s '%s'", words, name);
        } else {
            snprintf(g->why, sizeof g->why, "%s", of_schema ? "change the schema" : words);
        }
    }
    return SQLITE_DENY;
}

static en_status refused(const en_query *q, en_error *err)
{
    return en_error_set(err, EN_INPUT, "%s only reads%s: this would %s", q->what,
                        q->guard.repeatable ? " and is deterministic" : "", q->guard.why);
}

/* SQL's own complaint, with a hint where a name is wrong. */
static en_status sql_error(en_query *q, en_error *err)
{
    char why[400], hint[240];
    snprintf(why, sizeof why, "%s", sqlite3_errmsg(q->db->raw)); /* before the hint asks the database */
    en_db_hint(q->db, why, hint, sizeof hint);
    return en_error_set(err, EN_INPUT, "%s: %s%s", q->what, why, hint);
}

/* One statement with nothing but blanks and comments behind it. */
static en_status prepare_one(en_query *q, const char *sql, en_error *err)
{
    const char *rest = sql;
    sqlite3_stmt *second = NULL;
    q->db->guard = &q->guard;
    int rc = sqlite3_prepare_v2(q->db->raw, sql, -1, &q->raw, &rest);
    bool more = false;
    if (rc == SQLITE_OK && q->raw != NULL) {
        more = sqlite3_prepare_v2(q->db->raw, rest, -1, &second, NULL) != SQLITE_OK || second != NULL;
        sqlite3_finalize(second);
    }
    q->db->guard = NULL;
    q->guard.stepping = true;
    if (q->guard.refused) {
        return refused(q, err);
    }
    if (rc == SQLITE_ERROR) {
        return sql_error(q, err);
    }
    if (rc != SQLITE_OK) {
        return en_db_fail(q->db, rc, EN_INPUT, q->what, err);
    }
    if (q->raw == NULL) {
        return en_error_set(err, EN_INPUT, "%s: there is no statement in it", q->what);
    }
    if (more) {
        return en_error_set(err, EN_INPUT, "%s: one statement at a time", q->what);
    }
    if (sqlite3_bind_parameter_count(q->raw) > 0) { /* it would be NULL, and the answer wrong without a word */
        const char *name = sqlite3_bind_parameter_name(q->raw, 1);
        return en_error_set(err, EN_INPUT, "%s: the parameter '%.60s' has no value: write it into the statement",
                            q->what, name != NULL ? name : "?");
    }
    if (!sqlite3_stmt_readonly(q->raw) || sqlite3_column_count(q->raw) == 0) {
        return en_error_set(err, EN_INPUT, "%s only reads: this statement does something else", q->what);
    }
    return EN_OK;
}

static en_status open_query(en_db *db, bool repeatable, const char *what, const char *sql, const en_events *events,
                            en_query **out, en_error *err)
{
    *out = NULL;
    en_query *q = en_calloc(1, sizeof *q);
    if (q == NULL || (q->what = en_strdup(what)) == NULL) {
        en_free(q);
        return en_error_nomem(err, what);
    }
    q->db = db;
    q->events = events;
    q->guard.repeatable = repeatable;
    en_status st = prepare_one(q, sql, err);
    if (st != EN_OK) {
        en_query_close(q);
        return st;
    }
    *out = q;
    return EN_OK;
}

en_status en_query_open(en_db *db, const char *what, const char *sql, const en_events *events, en_query **out,
                        en_error *err)
{
    return open_query(db, false, what, sql, events, out, err);
}

en_status en_query_open_repeatable(en_db *db, const char *what, const char *sql, const en_events *events,
                                   en_query **out, en_error *err)
{
    return open_query(db, true, what, sql, events, out, err);
}

void en_query_close(en_query *q)
{
    if (q != NULL) {
        sqlite3_finalize(q->raw);
        en_free(q->what);
        en_free(q);
    }
}

static int on_progress(void *ctx)
{
    const en_query *q = ctx;
    return en_stopped(q->events);
}

en_status en_query_next(en_query *q, en_error *err)
{
    if (q->events != NULL) {
        en_status st = en_stop_check(q->events, err);
        if (st != EN_OK) {
            return st;
        }
        sqlite3_progress_handler(q->db->raw, OPCODES_BETWEEN_CHECKS, on_progress, q);
    }
    q->db->guard = &q->guard;
    int rc = sqlite3_step(q->raw);
    q->db->guard = NULL;
    sqlite3_progress_handler(q->db->raw, 0, NULL, NULL);
    if (rc == SQLITE_ROW) {
        return EN_OK;
    }
    if (rc == SQLITE_DONE) {
        return EN_DONE;
    }
    return q->guard.refused ? refused(q, err) : en_db_fail(q->db, rc, EN_INPUT, q->what, err);
}

int en_query_columns(const en_query *q) { return sqlite3_column_count(q->raw); }

const char *en_query_name(const en_query *q, int column)
{
    const char *name = sqlite3_column_name(q->raw, column);
    return name != NULL ? name : "";
}

en_value_kind en_query_kind(const en_query *q, int column)
{
    switch (sqlite3_column_type(q->raw, column)) {
    case SQLITE_INTEGER: return EN_VALUE_INT;
    case SQLITE_FLOAT: return EN_VALUE_DOUBLE;
    case SQLITE_TEXT: return EN_VALUE_TEXT;
    case SQLITE_BLOB: return EN_VALUE_BLOB;
    default: return EN_VALUE_NULL;
    }
}

int64_t en_query_int(const en_query *q, int column) { return sqlite3_column_int64(q->raw, column); }

double en_query_double(const en_query *q, int column) { return sqlite3_column_double(q->raw, column); }

const char *en_query_text(const en_query *q, int column) { return (const char *)sqlite3_column_text(q->raw, column); }

en_status en_query_dup(const en_query *q, int column, char **out, en_error *err)
{
    *out = NULL;
    if (en_query_kind(q, column) == EN_VALUE_NULL) {
        return EN_OK;
    }
    const char *text = en_query_text(q, column);
    *out = text != NULL ? en_strdup(text) : NULL;
    return *out != NULL ? EN_OK : en_error_nomem(err, "a text");
}

const void *en_query_blob(const en_query *q, int column, size_t *bytes)
{
    const void *blob = sqlite3_column_blob(q->raw, column);
    *bytes = (size_t)sqlite3_column_bytes(q->raw, column);
    return blob;
}
