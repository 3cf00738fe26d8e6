/* Table-valued functions, as eponymous virtual tables whose hidden columns are the arguments
 * (https://www.sqlite.org/vtab.html#tabfunc2). */
#include "db/table.h"

#include <string.h>

#include "base/memory.h"
#include "db/internal.h"

typedef struct module {
    en_db *db;
    const en_db_table *table;
} module;

typedef struct instance {
    sqlite3_vtab base; /* SQLite's, first */
    const module *of;
} instance;

struct en_db_rows {
    en_db_value *value; /* [count * columns]; texts are owned */
    size_t count, columns;
};

typedef struct cursor {
    sqlite3_vtab_cursor base; /* SQLite's, first */
    en_db_rows rows;
    size_t at;
} cursor;

static void clear(en_db_rows *rows)
{
    for (size_t i = 0; i < rows->count * rows->columns; i++) {
        en_free((char *)(uintptr_t)rows->value[i].text);
    }
    en_free(rows->value);
    rows->value = NULL;
    rows->count = 0;
}

en_status en_db_rows_add(en_db_rows *rows, const en_db_value *value, en_error *err)
{
    const size_t size = rows->columns * sizeof *value;
    en_db_value *grown = en_array_grow(rows->value, rows->count, size, err);
    if (grown == NULL) {
        return EN_NOMEM;
    }
    rows->value = grown;
    en_db_value *row = grown + rows->count * rows->columns;
    memcpy(row, value, size);
    bool whole = true;
    for (size_t i = 0; i < rows->columns; i++) {
        row[i].text = value[i].kind == EN_VALUE_TEXT ? en_strdup(value[i].text) : NULL;
        whole = whole && (row[i].text != NULL || value[i].kind != EN_VALUE_TEXT);
    }
    rows->count++;
    return whole ? EN_OK : en_error_nomem(err, "rows");
}

static int on_connect(sqlite3 *raw, void *client, int argc, const char *const *argv, sqlite3_vtab **out, char **why)
{
    (void)argc;
    (void)argv;
    (void)why;
    const module *m = client;
    int rc = sqlite3_declare_vtab(raw, en_sql_text[m->table->declaration]);
    if (rc == SQLITE_OK) {
        rc = sqlite3_vtab_config(raw, SQLITE_VTAB_DIRECTONLY);
    }
    instance *table = rc == SQLITE_OK ? en_calloc(1, sizeof *table) : NULL;
    if (table == NULL) {
        return rc == SQLITE_OK ? SQLITE_NOMEM : rc;
    }
    table->of = m;
    *out = &table->base;
    return SQLITE_OK;
}

static int on_disconnect(sqlite3_vtab *base)
{
    en_free(base);
    return SQLITE_OK;
}

/* Which arguments are given is a set of bits. A plan in which one cannot be given yet is not used. */
static int on_best_index(sqlite3_vtab *base, sqlite3_index_info *info)
{
    const en_db_table *table = ((const instance *)base)->of->table;
    int at[EN_DB_TABLE_ARGS_MAX];
    unsigned given = 0, later = 0;
    for (int i = 0; i < info->nConstraint; i++) {
        const int arg = info->aConstraint[i].iColumn - table->columns;
        if (arg < 0 || arg >= table->args) {
            continue;
        }
        if (info->aConstraint[i].usable == 0) {
            later |= 1U << arg;
        } else if (info->aConstraint[i].op == SQLITE_INDEX_CONSTRAINT_EQ) {
            given |= 1U << arg;
            at[arg] = i;
        }
    }
    if ((later & ~given) != 0) {
        return SQLITE_CONSTRAINT;
    }
    int next = 1;
    for (int arg = 0; arg < table->args; arg++) {
        if ((given >> arg & 1U) != 0) {
            info->aConstraintUsage[at[arg]].argvIndex = next++;
            info->aConstraintUsage[at[arg]].omit = 1;
        }
    }
    info->idxNum = (int)given;
    info->estimatedCost = 1e6;
    info->estimatedRows = 100;
    return SQLITE_OK;
}

static int on_open(sqlite3_vtab *base, sqlite3_vtab_cursor **out)
{
    cursor *c = en_calloc(1, sizeof *c);
    if (c == NULL) {
        return SQLITE_NOMEM;
    }
    c->rows.columns = (size_t)((const instance *)base)->of->table->columns;
    *out = &c->base;
    return SQLITE_OK;
}

static int on_close(sqlite3_vtab_cursor *base)
{
    cursor *c = (cursor *)base;
    clear(&c->rows);
    en_free(c);
    return SQLITE_OK;
}

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

static int fail(sqlite3_vtab *base, const en_db_table *table, en_status st, const char *why)
{
    sqlite3_free(base->zErrMsg);
    base->zErrMsg = sqlite3_mprintf("%s: %s", table->name, why);
    return st == EN_NOMEM ? SQLITE_NOMEM : st == EN_INTERRUPTED ? SQLITE_INTERRUPT : SQLITE_ERROR;
}

static int on_filter(sqlite3_vtab_cursor *base, int given, const char *plan, int argc, sqlite3_value **argv)
{
    (void)plan;
    cursor *c = (cursor *)base;
    const module *m = ((const instance *)base->pVtab)->of;
    en_db_value arg[EN_DB_TABLE_ARGS_MAX] = {{.kind = EN_VALUE_NULL}};
    en_error err = {0};
    int next = 0;
    for (int i = 0; i < m->table->args; i++) {
        if (((unsigned)given >> i & 1U) != 0 && next < argc) {
            arg[i] = value_of(argv[next++]);
        } else if (i < m->table->required) {
            en_error_set(&err, EN_INPUT, "takes at least %d arguments, %s", m->table->required, m->table->usage);
            return fail(base->pVtab, m->table, EN_INPUT, err.text);
        }
    }
    clear(&c->rows);
    c->at = 0;
    en_status st = m->table->fn(m->db, arg, &c->rows, &err);
    return st == EN_OK ? SQLITE_OK : fail(base->pVtab, m->table, st, err.text);
}

static int on_next(sqlite3_vtab_cursor *base)
{
    ((cursor *)base)->at++;
    return SQLITE_OK;
}

static int on_eof(sqlite3_vtab_cursor *base)
{
    const cursor *c = (const cursor *)base;
    return c->at >= c->rows.count;
}

static int on_column(sqlite3_vtab_cursor *base, sqlite3_context *ctx, int column)
{
    const cursor *c = (const cursor *)base;
    if (column < 0 || (size_t)column >= c->rows.columns) {
        return SQLITE_OK; /* an argument: it is not told again */
    }
    const en_db_value *value = &c->rows.value[c->at * c->rows.columns + (size_t)column];
    switch (value->kind) {
    case EN_VALUE_INT: sqlite3_result_int64(ctx, value->integer); break;
    case EN_VALUE_DOUBLE: sqlite3_result_double(ctx, value->real); break;
    case EN_VALUE_TEXT: sqlite3_result_text(ctx, value->text, -1, SQLITE_TRANSIENT); break;
    case EN_VALUE_NULL:
    case EN_VALUE_BLOB: break;
    }
    return SQLITE_OK;
}

static int on_rowid(sqlite3_vtab_cursor *base, sqlite3_int64 *out)
{
    *out = (sqlite3_int64)((const cursor *)base)->at + 1;
    return SQLITE_OK;
}

/* Without xCreate it is there on every handle and cannot be made in a file. */
static const sqlite3_module methods = {
    .xConnect = on_connect,
    .xBestIndex = on_best_index,
    .xDisconnect = on_disconnect,
    .xOpen = on_open,
    .xClose = on_close,
    .xFilter = on_filter,
    .xNext = on_next,
    .xEof = on_eof,
    .xColumn = on_column,
    .xRowid = on_rowid,
};

en_status en_db_add_table(en_db *db, const en_db_table *table, en_error *err)
{
    module *m = en_alloc(sizeof *m);
    if (m == NULL) {
        return en_error_nomem(err, table->name);
    }
    *m = (module){db, table};
    /* SQLite frees `m`, also when this call fails */
    int rc = sqlite3_create_module_v2(db->raw, table->name, &methods, m, en_free);
    return rc == SQLITE_OK ? EN_OK : en_db_fail(db, rc, EN_BUG, table->name, err);
}
