/* The schema that a catalog has against the one that its migrations give, compared object by object: that of this
 * program is known (cmake/embed_schema.c), that of an older version is made in memory. What is not attached to a table
 * or view of ours is the user's. Uses SQLite and base. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "db/internal.h"
#include "db/statements.h"

static const en_row_column object_columns[] = {
    {"type", EN_COL_IS(en_schema_object, type, EN_RULE_TEXT)},
    {"name", EN_COL_IS(en_schema_object, name, EN_RULE_TEXT)},
    {"of_table", EN_COL_IS(en_schema_object, of_table, EN_RULE_TEXT)},
    {"sql", EN_COL_IS(en_schema_object, sql, EN_RULE_TEXT)},
};
static const en_row_type object_type = EN_ROW_TYPE(en_schema_object, object_columns);

typedef struct objects {
    const en_schema_object *row;
    size_t count;
    void *own; /* the rows, when they were read from a database; NULL: static */
} objects;

static void objects_clear(objects *o)
{
    en_rows_clear(&object_type, o->own, o->own != NULL ? o->count : 0);
    *o = (objects){0};
}

static en_status read_objects(en_db *db, objects *out, en_error *err)
{
    en_stmt *s;
    *out = (objects){0};
    en_status st = en_db_prepare(db, EN_SQL_CATALOG_OBJECTS_ALL, &s, err);
    if (st == EN_OK) {
        st = en_rows_read(s, &object_type, &out->own, &out->count, err);
    }
    out->row = out->own;
    return st;
}

/* What a catalog made now by these steps and views has. */
static en_status read_wanted(const en_schema *schema, objects *out, en_error *err)
{
    en_db *memory = NULL;
    int applied;
    *out = (objects){0};
    if (schema->step == en_embedded_migrations && schema->steps == en_embedded_migration_count &&
        schema->view == en_embedded_views && schema->views == en_embedded_view_count) {
        *out = (objects){.row = en_embedded_schema, .count = en_embedded_schema_count};
        return EN_OK;
    }
    en_status st = en_db_open_memory(&memory, err);
    if (st == EN_OK) {
        st = en_db_migrate_to(memory, schema, &applied, err);
    }
    if (st == EN_OK) {
        st = read_objects(memory, out, err);
    }
    en_db_close(memory);
    return st;
}

static const en_schema_object *find(const objects *all, const char *name)
{
    for (size_t i = 0; i < all->count; i++) {
        if (strcasecmp(all->row[i].name, name) == 0) {
            return &all->row[i];
        }
    }
    return NULL;
}

/* The same text but for quotes about the name it begins with: versions of SQLite differ in these after a renaming. */
static bool same_text(const char *a, const char *b)
{
    for (bool head = true; *a != '\0' || *b != '\0'; a++, b++) {
        while (head && *a == '"') {
            a++;
        }
        while (head && *b == '"') {
            b++;
        }
        if (*a != *b) {
            return false;
        }
        if (*a == '\0') {
            return true;
        }
        head = head && *a != '(';
    }
    return true;
}

static en_status add_fault(en_schema_faults *out, en_schema_fault_kind kind, const en_schema_object *o, const char *sql,
                           en_error *err)
{
    en_schema_fault *grown = en_array_grow(out->row, out->count, sizeof *grown, err);
    if (grown == NULL) {
        return EN_NOMEM;
    }
    out->row = grown;
    en_schema_fault *f = &out->row[out->count];
    *f = (en_schema_fault){.kind = kind,
                           .type = en_strdup(o->type),
                           .name = en_strdup(o->name),
                           .sql = sql != NULL ? en_strdup(sql) : NULL};
    out->count++;
    out->tables += strcmp(o->type, "table") == 0;
    out->views += strcmp(o->type, "view") == 0;
    return f->type != NULL && f->name != NULL && (sql == NULL || f->sql != NULL) ? EN_OK
                                                                                 : en_error_nomem(err, "the schema");
}

static en_status compare(const objects *wanted, const objects *found, en_schema_faults *out, en_error *err)
{
    en_status st = EN_OK;
    for (size_t i = 0; i < wanted->count && st == EN_OK; i++) {
        const en_schema_object *w = &wanted->row[i], *f = find(found, w->name);
        if (f == NULL) {
            st = add_fault(out, EN_SCHEMA_MISSING, w, w->sql, err);
        } else if (strcmp(f->type, w->type) != 0 || !same_text(f->sql, w->sql)) {
            st = add_fault(out, EN_SCHEMA_CHANGED, w, w->sql, err);
        }
    }
    for (size_t i = 0; i < found->count && st == EN_OK; i++) {
        const en_schema_object *f = &found->row[i];
        bool attached = strcmp(f->type, "trigger") == 0 || strcmp(f->type, "index") == 0;
        if (attached && find(wanted, f->name) == NULL && find(wanted, f->of_table) != NULL) {
            st = add_fault(out, EN_SCHEMA_SURPLUS, f, NULL, err);
        }
    }
    return st;
}

en_status en_db_schema_faults(en_db *db, const en_schema *schema, en_schema_faults *out, en_error *err)
{
    objects wanted = {0}, found = {0};
    *out = (en_schema_faults){0};
    en_status st = read_wanted(schema, &wanted, err);
    if (st == EN_OK) {
        st = read_objects(db, &found, err);
    }
    if (st == EN_OK) {
        st = compare(&wanted, &found, out, err);
    }
    objects_clear(&wanted);
    objects_clear(&found);
    if (st != EN_OK) {
        en_schema_faults_clear(out);
    }
    return st;
}

void en_schema_faults_clear(en_schema_faults *f)
{
    for (size_t i = 0; i < f->count; i++) {
        en_free(f->row[i].type);
        en_free(f->row[i].name);
        en_free(f->row[i].sql);
    }
    en_free(f->row);
    *f = (en_schema_faults){0};
}

static const char *const fault_words[] = {
    [EN_SCHEMA_MISSING] = "is missing", [EN_SCHEMA_CHANGED] = "is another", [EN_SCHEMA_SURPLUS] = "is not eyenet's"};

en_status en_schema_faults_report(const en_schema_faults *f, const char *path, en_error *err)
{
    char more[40] = "";
    if (f->count == 0) {
        return EN_OK;
    }
    if (f->count > 1) {
        snprintf(more, sizeof more, ", and %zu more", f->count - 1);
    }
    return en_error_hint(
        err,
        en_error_set(err, EN_INPUT,
                     "'%s' can only be read: its schema is not what its migrations made (%s '%.100s' %s%s)", path,
                     f->row[0].type, f->row[0].name, fault_words[f->row[0].kind], more),
        f->tables > 0 ? EN_DB_RESTORE : EN_DB_REPAIR);
}

en_status en_db_check_tables(en_db *db, en_status fault, en_error *err)
{
    en_schema_faults faults;
    const en_schema own = en_schema_own();
    if (en_db_schema_faults(db, &own, &faults, NULL) != EN_OK) {
        return fault;
    }
    for (size_t i = 0; i < faults.count && fault == EN_BUG; i++) {
        const en_schema_fault *f = &faults.row[i];
        if (strcmp(f->type, "table") == 0) {
            fault = en_error_hint(err,
                                  en_error_set(err, EN_INPUT,
                                               "'%s' is not as its migrations made it: its table '%.100s' %s", db->path,
                                               f->name, fault_words[f->kind]),
                                  EN_DB_RESTORE);
        }
    }
    en_schema_faults_clear(&faults);
    return fault;
}

/* Takes away what is not ours or not as it was, then makes what is wanted. Tables are left as they are. */
static en_status mend(en_db *db, const en_schema_faults *f, en_error *err)
{
    en_status st = EN_OK;
    for (size_t i = f->count; i-- > 0 && st == EN_OK;) {
        const en_schema_fault *x = &f->row[i];
        en_stmt *s;
        if (x->kind == EN_SCHEMA_MISSING || strcmp(x->type, "table") == 0) {
            continue;
        }
        st = en_db_prepare(db, EN_SQL_CATALOG_OBJECT_DROP, &s, err);
        if (st == EN_OK) {
            en_stmt_bind_text(s, "type", x->type);
            en_stmt_bind_text(s, "name", x->name);
            st = en_db_run_made(db, s, "cannot repair the schema", err);
        }
    }
    for (size_t i = 0; i < f->count && st == EN_OK; i++) {
        const en_schema_fault *x = &f->row[i];
        if (x->sql != NULL && strcmp(x->type, "table") != 0) {
            st = en_db_exec(db, x->sql, "cannot repair the schema", err);
        }
    }
    return st;
}

en_status en_db_schema_repair(en_db *db, int *repaired, en_error *err)
{
    en_schema_faults faults;
    const en_schema own = en_schema_own();
    bool backed_up = false;
    int64_t version = 0;
    *repaired = 0;
    en_status st = en_db_pragma(db, "PRAGMA user_version", &version, err);
    if (st == EN_OK) {
        st = en_db_schema_faults(db, &own, &faults, err);
    }
    if (st != EN_OK || faults.count == 0) {
        return st;
    }
    if (faults.tables > 0) {
        st = en_schema_faults_report(&faults, db->path, err);
        goto done;
    }
    st = en_db_back_up(db, version, &backed_up, err);
    if (st == EN_OK) {
        st = en_db_begin(db, err);
    }
    if (st == EN_OK) {
        st = mend(db, &faults, err);
        st = st == EN_OK ? en_db_commit(db, err) : st;
        en_db_rollback(db);
    }
    *repaired = st == EN_OK ? (int)faults.count : 0;
done:
    en_schema_faults_clear(&faults);
    return st;
}
