/* Functions of blobs in C for SQL. */
#include <math.h>

#include "base/memory.h"
#include "db/internal.h"

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
