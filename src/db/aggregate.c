/* Aggregates in C for SQL: the rows are collected as numbers and handed to the function when the group ends. */
#include <math.h>

#include "base/memory.h"
#include "db/internal.h"

#define NUMBERS_MAX ((size_t)1 << 27) /* numbers per group: 1 GiB */

typedef struct aggregate {
    const char *name;
    size_t args;
    en_db_aggregate_fn *fn;
} aggregate;

typedef struct group {
    double *number;
    size_t count; /* of numbers */
    bool failed;  /* the error was reported already */
} group;

static void fail(sqlite3_context *ctx, group *g, const char *name, const char *why)
{
    char *text = en_format("%s: %s", name, why);
    sqlite3_result_error(ctx, text != NULL ? text : why, -1);
    en_free(text);
    if (g != NULL) {
        g->failed = true;
    }
}

static void on_row(sqlite3_context *ctx, int args, sqlite3_value **value)
{
    const aggregate *a = sqlite3_user_data(ctx);
    group *g = sqlite3_aggregate_context(ctx, sizeof *g);
    if (g == NULL) {
        sqlite3_result_error_nomem(ctx);
        return;
    }
    if (g->failed) {
        return;
    }
    for (int i = 0; i < args; i++) {
        int type = sqlite3_value_numeric_type(value[i]);
        if (type == SQLITE_NULL) {
            return;
        }
        if (type != SQLITE_INTEGER && type != SQLITE_FLOAT) {
            fail(ctx, g, a->name, "every argument must be a number");
            return;
        }
    }
    for (int i = 0; i < args; i++) {
        double *number = g->count < NUMBERS_MAX ? en_array_grow(g->number, g->count, sizeof *number, NULL) : NULL;
        if (number == NULL) {
            fail(ctx, g, a->name, "too many rows for the memory there is");
            return;
        }
        g->number = number;
        number[g->count++] = sqlite3_value_double(value[i]);
    }
}

static void on_end(sqlite3_context *ctx)
{
    const aggregate *a = sqlite3_user_data(ctx);
    group *g = sqlite3_aggregate_context(ctx, 0); /* NULL when there was no row */
    double result = (double)NAN;
    en_error err = {0};
    if (g == NULL || !g->failed) {
        if (a->fn(g != NULL ? g->number : NULL, g != NULL ? g->count / a->args : 0, &result, &err) != EN_OK) {
            fail(ctx, g, a->name, err.text);
        } else if (isnan(result)) {
            sqlite3_result_null(ctx);
        } else {
            sqlite3_result_double(ctx, result);
        }
    }
    if (g != NULL) {
        en_free(g->number);
        g->number = NULL;
    }
}

en_status en_db_add_aggregate(en_db *db, const char *name, int args, en_db_aggregate_fn *fn, en_error *err)
{
    aggregate *a = en_alloc(sizeof *a);
    if (a == NULL) {
        return en_error_nomem(err, name);
    }
    *a = (aggregate){name, (size_t)args, fn};
    /* SQLite frees `a`, also when this call fails */
    int rc = sqlite3_create_function_v2(db->raw, name, args, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY, a,
                                        NULL, on_row, on_end, en_free);
    return rc == SQLITE_OK ? EN_OK : en_db_fail(db, rc, EN_BUG, name, err);
}
