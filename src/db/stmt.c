/* The statements of sql/: prepared once a handle, bound by name, stepped. Uses SQLite and base. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "db/internal.h"
#include "db/statements.h"

#define PARAMETERS_MAX 64 /* bits of en_stmt.bound */

/* Another program's database and a catalog from elsewhere may have tables that a statement does not fit. */
static en_status cannot_prepare(en_db *db, int rc, en_sql id, en_error *err)
{
    if (db->foreign) {
        return en_db_fail(db, rc, EN_INPUT, db->path, err);
    }
    en_status st = en_db_fail(db, rc, EN_BUG, en_sql_name[id], err);
    en_error_prefix(err, "cannot prepare sql");
    return st == EN_BUG ? en_db_check_tables(db, st, err) : st;
}

en_status en_db_prepare(en_db *db, en_sql id, en_stmt **out, en_error *err)
{
    *out = NULL;
    if ((int)id < 0 || id >= EN_SQL_COUNT) {
        return en_error_set(err, EN_BUG, "there is no statement number %d", (int)id);
    }
    en_stmt *s = &db->cache[id];
    if (s->active) {
        return en_error_set(err, EN_BUG, "sql/%s is still in use", en_sql_name[id]);
    }
    if (s->raw == NULL) {
        const char *rest = NULL;
        int rc = sqlite3_prepare_v3(db->raw, en_sql_text[id], -1, SQLITE_PREPARE_PERSISTENT, &s->raw, &rest);
        if (rc != SQLITE_OK) {
            return cannot_prepare(db, rc, id, err);
        }
        if (s->raw == NULL || rest[strspn(rest, " \t\r\n")] != '\0' ||
            sqlite3_bind_parameter_count(s->raw) > PARAMETERS_MAX) {
            sqlite3_finalize(s->raw);
            s->raw = NULL;
            return en_error_set(err, EN_BUG, "sql/%s is not one statement with at most %d parameters", en_sql_name[id],
                                PARAMETERS_MAX);
        }
        s->db = db;
        s->id = id;
    }
    en_stmt_reset(s);
    *out = s;
    return EN_OK;
}

static void remember_fault(en_stmt *s, en_status fault, const char *name)
{
    if (s->fault == EN_OK) {
        s->fault = fault;
        snprintf(s->fault_name, sizeof s->fault_name, "%s", name);
    }
}

/* The parameter's number, or 0 after remembering that there is none. */
static int parameter(en_stmt *s, const char *name)
{
    char with_colon[72];
    snprintf(with_colon, sizeof with_colon, ":%s", name);
    int index = sqlite3_bind_parameter_index(s->raw, with_colon);
    if (index == 0 || s->active) {
        remember_fault(s, EN_BUG, name);
        return 0;
    }
    return index;
}

static void bound(en_stmt *s, int index, int rc, const char *name)
{
    s->bound |= UINT64_C(1) << (index - 1);
    if (rc != SQLITE_OK) {
        remember_fault(s, rc == SQLITE_TOOBIG ? EN_INPUT : EN_NOMEM, name);
    }
}

void en_stmt_bind_int(en_stmt *s, const char *name, int64_t value)
{
    int index = parameter(s, name);
    if (index != 0) {
        bound(s, index, sqlite3_bind_int64(s->raw, index, value), name);
    }
}

void en_stmt_bind_double(en_stmt *s, const char *name, double value)
{
    int index = parameter(s, name);
    if (index != 0) {
        bound(s, index, isnan(value) ? sqlite3_bind_null(s->raw, index) : sqlite3_bind_double(s->raw, index, value),
              name);
    }
}

void en_stmt_bind_text(en_stmt *s, const char *name, const char *value)
{
    int index = parameter(s, name);
    if (index != 0) {
        /* a NULL text binds NULL */
        bound(s, index, sqlite3_bind_text(s->raw, index, value, -1, SQLITE_TRANSIENT), name);
    }
}

void en_stmt_bind_blob(en_stmt *s, const char *name, const void *value, size_t bytes)
{
    int index = parameter(s, name);
    if (index != 0) {
        bound(s, index, sqlite3_bind_blob64(s->raw, index, value, bytes, SQLITE_TRANSIENT), name);
    }
}

void en_stmt_bind_word(en_stmt *s, const char *name, const en_wordlist *words, unsigned value)
{
    en_stmt_bind_text(s, name, en_word(words, value));
}

void en_stmt_bind_null(en_stmt *s, const char *name)
{
    int index = parameter(s, name);
    if (index != 0) {
        bound(s, index, sqlite3_bind_null(s->raw, index), name);
    }
}

void en_stmt_bind_id(en_stmt *s, const char *name, int64_t value)
{
    if (value < 0) {
        en_stmt_bind_null(s, name);
    } else {
        en_stmt_bind_int(s, name, value);
    }
}

static en_status check_binds(en_stmt *s, en_error *err)
{
    const char *sql = en_sql_name[s->id];
    if (s->fault == EN_NOMEM) {
        return en_error_nomem(err, sql);
    }
    if (s->fault == EN_INPUT) {
        return en_error_set(err, EN_INPUT, "%s is too long", s->fault_name);
    }
    if (s->fault != EN_OK) {
        return en_error_set(err, EN_BUG, "sql/%s has no parameter :%s, or it was bound too late", sql, s->fault_name);
    }
    int count = sqlite3_bind_parameter_count(s->raw);
    for (int i = 1; i <= count; i++) {
        if ((s->bound >> (i - 1) & 1) == 0) {
            return en_error_set(err, EN_BUG, "sql/%s: %s was not bound", sql, sqlite3_bind_parameter_name(s->raw, i));
        }
    }
    return EN_OK;
}

en_status en_stmt_step(en_stmt *s, en_error *err)
{
    if (!s->active) {
        en_status st = check_binds(s, err);
        if (st != EN_OK) {
            en_stmt_reset(s);
            return st;
        }
        s->active = true;
    }
    int rc = sqlite3_step(s->raw);
    if (rc == SQLITE_ROW) {
        return EN_OK;
    }
    en_status st = EN_DONE;
    if (rc != SQLITE_DONE) {
        /* It was prepared, so what it stumbles over is in the rows: a sum too large, JSON that is none. */
        const bool data = rc == SQLITE_ERROR;
        const bool foreign = s->db->foreign;
        st =
            en_db_fail(s->db, rc, data || foreign ? EN_INPUT : EN_BUG, foreign ? s->db->path : en_sql_name[s->id], err);
        if (data && !foreign) {
            (void)en_error_hint(err, st, EN_DB_LOOK);
        }
    }
    en_stmt_reset(s);
    return st;
}

en_status en_stmt_run(en_stmt *s, en_error *err)
{
    en_status st;
    do {
        st = en_stmt_step(s, err);
    } while (st == EN_OK);
    return st == EN_DONE ? EN_OK : st;
}

void en_stmt_reset(en_stmt *s)
{
    sqlite3_reset(s->raw); /* returns the last step's error again: already reported */
    sqlite3_clear_bindings(s->raw);
    s->active = false;
    s->bound = 0;
    s->fault = EN_OK;
}

int64_t en_stmt_int(const en_stmt *s, int column) { return sqlite3_column_int64(s->raw, column); }

double en_stmt_double(const en_stmt *s, int column)
{
    return en_stmt_is_null(s, column) ? (double)NAN : sqlite3_column_double(s->raw, column);
}

const char *en_stmt_text(const en_stmt *s, int column) { return (const char *)sqlite3_column_text(s->raw, column); }

int64_t en_stmt_id(const en_stmt *s, int column)
{
    return en_stmt_is_null(s, column) ? -1 : sqlite3_column_int64(s->raw, column);
}

bool en_stmt_is_null(const en_stmt *s, int column) { return sqlite3_column_type(s->raw, column) == SQLITE_NULL; }

const void *en_stmt_blob(const en_stmt *s, int column, size_t *bytes)
{
    const void *blob = sqlite3_column_blob(s->raw, column);
    *bytes = (size_t)sqlite3_column_bytes(s->raw, column);
    return blob;
}

en_status en_stmt_dup(const en_stmt *s, int column, char **out, en_error *err)
{
    *out = NULL;
    if (en_stmt_is_null(s, column)) {
        return EN_OK;
    }
    const char *text = en_stmt_text(s, column);
    *out = text != NULL ? en_strdup(text) : NULL;
    return *out != NULL ? EN_OK : en_error_nomem(err, en_sql_name[s->id]);
}

en_status en_stmt_number(en_stmt *s, int64_t *out, en_error *err)
{
    *out = 0;
    en_status st = en_stmt_step(s, err);
    if (st == EN_OK) {
        *out = en_stmt_int(s, 0);
        en_stmt_reset(s);
    }
    return st;
}

en_status en_db_number(en_db *db, en_sql id, int64_t *out, en_error *err)
{
    en_stmt *s;
    *out = 0;
    en_status st = en_db_prepare(db, id, &s, err);
    if (st == EN_OK) {
        st = en_stmt_number(s, out, err);
    }
    return st == EN_DONE ? EN_OK : st;
}
