/* Functions in C for SQL: of blobs, and of values with the catalog at hand. */
#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "db/internal.h"
#include "db/table.h"

typedef struct scalar {
    const char *name;
    en_db_blobs_fn *fn;
} scalar;

static void fail(sqlite3_context *ctx, const char *name, const char *why)
{
    char *text = en_format("%s: %s", name, why);
    sqlite3_result_error(ctx, text != NULL ? text : why, -1);
    en_free(text);
}

static void on_call(sqlite3_context *ctx, int args, sqlite3_value **value)
{
    const scalar *f = sqlite3_user_data(ctx);
    en_db_blob blob[EN_DB_BLOBS_MAX];
    double result = (double)NAN;
    en_error err = {0};
    for (int i = 0; i < args; i++) {
        const int type = sqlite3_value_type(value[i]);
        if (type == SQLITE_NULL) {
            return; /* the result is NULL */
        }
        if (type != SQLITE_BLOB) {
            fail(ctx, f->name, "every argument must be a blob");
            return;
        }
        blob[i].data = sqlite3_value_blob(value[i]);
        blob[i].bytes = (size_t)sqlite3_value_bytes(value[i]);
    }
    if (f->fn(blob, &result, &err) != EN_OK) {
        fail(ctx, f->name, err.text);
    } else if (!isnan(result)) {
        sqlite3_result_double(ctx, result);
    }
}

en_status en_db_add_blobs_function(en_db *db, const char *name, int args, en_db_blobs_fn *fn, en_error *err)
{
    if (args < 1 || args > EN_DB_BLOBS_MAX) {
        return en_error_set(err, EN_BUG, "%s: a function of %d blobs", name, args);
    }
    scalar *f = en_alloc(sizeof *f);
    if (f == NULL) {
        return en_error_nomem(err, name);
    }
    *f = (scalar){name, fn};
    /* SQLite frees `f`, also when this call fails */
    int rc = sqlite3_create_function_v2(db->raw, name, args, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY, f,
                                        on_call, NULL, NULL, en_free);
    return rc == SQLITE_OK ? EN_OK : en_db_fail(db, rc, EN_BUG, name, err);
}

typedef struct valued {
    en_db *db;
    const char *name;
    en_db_value_fn *fn;
} valued;

static en_db_value value_of(sqlite3_value *value)
{
    switch (sqlite3_value_type(value)) {
    case SQLITE_INTEGER: return (en_db_value){.kind = EN_VALUE_INT, .integer = sqlite3_value_int64(value)};
    case SQLITE_FLOAT: return (en_db_value){.kind = EN_VALUE_DOUBLE, .real = sqlite3_value_double(value)};
    case SQLITE_TEXT: return (en_db_value){.kind = EN_VALUE_TEXT, .text = (const char *)sqlite3_value_text(value)};
    case SQLITE_BLOB: return (en_db_value){.kind = EN_VALUE_BLOB};
    default: return (en_db_value){.kind = EN_VALUE_NULL};
    }
}

static void give(sqlite3_context *ctx, const en_db_value *result)
{
    switch (result->kind) {
    case EN_VALUE_INT: sqlite3_result_int64(ctx, result->integer); break;
    case EN_VALUE_DOUBLE: sqlite3_result_double(ctx, result->real); break;
    case EN_VALUE_TEXT: sqlite3_result_text(ctx, result->text, -1, SQLITE_TRANSIENT); break;
    default: sqlite3_result_null(ctx); break;
    }
}

static void on_values(sqlite3_context *ctx, int args, sqlite3_value **value)
{
    const valued *f = sqlite3_user_data(ctx);
    en_db_value arg[EN_DB_TABLE_ARGS_MAX], result = {.kind = EN_VALUE_NULL};
    en_error err = {0};
    for (int i = 0; i < args; i++) {
        arg[i] = value_of(value[i]);
        if (arg[i].kind == EN_VALUE_TEXT && arg[i].text == NULL) {
            sqlite3_result_error_nomem(ctx);
            return;
        }
        if (arg[i].kind == EN_VALUE_TEXT && strlen(arg[i].text) != (size_t)sqlite3_value_bytes(value[i])) {
            fail(ctx, f->name, "a text has a zero byte"); /* what is before it may mean something else */
            return;
        }
    }
    if (f->fn(f->db, arg, &result, &err) == EN_OK) {
        give(ctx, &result);
        return;
    }
    char *why = err.hint[0] != '\0' ? en_format("%s; %s", err.text, err.hint) : NULL;
    fail(ctx, f->name, why != NULL ? why : err.text);
    en_free(why);
}

en_status en_db_add_value_function(en_db *db, const char *name, int args, en_db_value_fn *fn, en_error *err)
{
    if (args < 1 || args > EN_DB_TABLE_ARGS_MAX) {
        return en_error_set(err, EN_BUG, "%s: a function of %d values", name, args);
    }
    valued *f = en_alloc(sizeof *f);
    if (f == NULL) {
        return en_error_nomem(err, name);
    }
    *f = (valued){db, name, fn};
    /* SQLite frees `f`, also when this call fails */
    int rc = sqlite3_create_function_v2(db->raw, name, args, SQLITE_UTF8 | SQLITE_DIRECTONLY, f, on_values, NULL, NULL,
                                        en_free);
    return rc == SQLITE_OK ? EN_OK : en_db_fail(db, rc, EN_BUG, name, err);
}
