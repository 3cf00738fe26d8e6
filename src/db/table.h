/* Functions of values for SQL, and table-valued ones: SELECT ... FROM name(argument, ...). The rows are computed as a
 * whole when a query reaches them, and belong to the query then. */
#ifndef EN_DB_TABLE_H
#define EN_DB_TABLE_H

#include "db/db.h"
#include "db/query.h"

#define EN_DB_TABLE_ARGS_MAX 8

/* A value of a row or an argument; of blobs only the kind is known. */
typedef struct en_db_value {
    en_value_kind kind;
    int64_t integer;
    double real;
    const char *text; /* borrowed for the call */
} en_db_value;

/* An SQL function of `args` values, which may read the catalog by statements that it ends before it returns. The result
 * is NULL unless it is set; its text is copied. An error's text, with its hint, is what the user sees. */
typedef en_status en_db_value_fn(en_db *db, const en_db_value *arg, en_db_value *result, en_error *err);
/* Only statements of the user may call it, not views and triggers of a file. `name` is static. */
en_status en_db_add_value_function(en_db *db, const char *name, int args, en_db_value_fn *fn, en_error *err) EN_CHECKED;

typedef struct en_db_rows en_db_rows;
/* Adds a row of as many values as the function has columns; texts are copied. */
en_status en_db_rows_add(en_db_rows *rows, const en_db_value *value, en_error *err) EN_CHECKED;

/* Arguments that were left out are NULL. Its statements are ended when it returns: it may be called again before its
 * rows were read, as in a join with itself. An error's text is what the user sees. */
typedef en_status en_db_table_fn(en_db *db, const en_db_value *arg, en_db_rows *rows, en_error *err);

typedef struct en_db_table {
    const char *name;
    en_sql declaration; /* CREATE TABLE: its columns, then its arguments as HIDDEN ones */
    const char *usage;  /* "(image, k)", for messages */
    int columns, args;
    int required; /* so many of the arguments must be given */
    en_db_table_fn *fn;
} en_db_table;

/* `table` is static. Only statements of the user may use it, not views and triggers of a file. */
en_status en_db_add_table(en_db *db, const en_db_table *table, en_error *err) EN_CHECKED;

#endif
