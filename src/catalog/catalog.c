/* Opening and closing the catalog, its transactions, and what is asked of it as a whole. Uses db. */
#include "catalog/catalog.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/place.h"
#include "base/text.h"
#include "catalog/functions.h"
#include "catalog/internal.h"
#include "db/migrate.h"
#include "db/row.h"
#include "db/statements.h"

#define NAMES_SHOWN 8
#define NAMES_READ 100 /* the statements of names list no more */

static void remove_new_file(const char *path)
{
    static const char *const suffix[] = {"-wal", "-shm", ""};
    for (size_t i = 0; i < sizeof suffix / sizeof suffix[0]; i++) {
        char *file = en_format("%s%s", path, suffix[i]);
        if (file != NULL) {
            (void)unlink(file);
        }
        en_free(file);
    }
}

/* A whole catalog as `file`, its log emptied into it; messages call it `shown`. */
static en_status make_catalog(const char *file, const char *shown, bool force_network_fs, en_error *err)
{
    en_db *db = NULL;
    int applied = 0;
    en_db_options options = {.mode = EN_DB_CREATE, .force_network_fs = force_network_fs, .shown = shown};
    en_status st = en_db_open(file, &options, &db, err);
    if (st == EN_OK) {
        st = en_db_migrate(db, &applied, err);
    }
    if (st == EN_OK) {
        st = en_db_exec(db, "PRAGMA wal_checkpoint(TRUNCATE)", "cannot create the catalog", err);
    }
    en_db_close(db);
    return st;
}

/* Reports what exists under the name. */
static en_status refuse_to_create(const char *path, bool force_network_fs, en_error *err)
{
    en_db *db = NULL;
    en_db_options options = {.mode = EN_DB_CREATE, .force_network_fs = force_network_fs};
    en_status st = en_db_open(path, &options, &db, err);
    en_db_close(db);
    return st != EN_OK
               ? st
               : en_error_hint(
                     err,
                     en_error_set(err, EN_INPUT, "cannot create '%s': an empty file of that name exists already", path),
                     "remove it");
}

static atomic_uint parts; /* begun by this process */

/* Made beside its place and then given its name: no process opens half a catalog, and of several that create one
 * concurrently exactly one does. What is removed after a failure is a file that only this call knows. */
en_status en_catalog_create(const char *root, bool force_network_fs, en_error *err)
{
    char *path = en_path_join(root, EN_CATALOG_FILE);
    char *part = path != NULL ? en_format("%s.part-%ld-%u", path, (long)getpid(), atomic_fetch_add(&parts, 1)) : NULL;
    en_status st = part != NULL ? EN_OK : en_error_nomem(err, "a path");
    if (st == EN_OK && en_file_exists(path)) {
        st = refuse_to_create(path, force_network_fs, err);
    } else if (st == EN_OK) {
        remove_new_file(part); /* of a process of that number that was killed */
        st = make_catalog(part, path, force_network_fs, err);
        if (st == EN_OK) {
            st = en_file_place(part, path, err);
            if (st == EN_DONE) {
                st = en_error_set(err, EN_INPUT, "cannot create '%s': there is a database already", path);
            }
        }
        if (st != EN_OK) {
            remove_new_file(part);
        }
    }
    en_free(part);
    en_free(path);
    return st;
}

en_status en_catalog_open(const char *root, const en_catalog_options *options, en_catalog **out, en_error *err)
{
    en_catalog_options none = {0};
    options = options != NULL ? options : &none;
    *out = NULL;
    en_status st = EN_OK;
    int applied = 0;
    char *path = en_path_join(root, EN_CATALOG_FILE);
    en_catalog *c = en_calloc(1, sizeof *c);
    if (path == NULL || c == NULL || (c->root = en_strdup(root)) == NULL) {
        st = en_error_nomem(err, "a catalog");
        goto done;
    }
    en_db_options db_options = {.mode = options->read_only ? EN_DB_READ : EN_DB_WRITE,
                                .force_network_fs = options->force_network_fs,
                                .events = options->events};
    st = en_db_open(path, &db_options, &c->db, err);
    if (st == EN_OK && options->repair_schema) {
        st = en_db_schema_repair(c->db, options->repaired, err);
    }
    if (st == EN_OK) {
        st = options->read_only ? en_db_check_schema(c->db, err) : en_db_migrate(c->db, &applied, err);
    }
    if (st == EN_OK) {
        st = en_catalog_add_functions(c->db, err);
    }
done:
    en_free(path);
    if (st != EN_OK) {
        en_catalog_close(c);
        return st;
    }
    *out = c;
    return EN_OK;
}

void en_catalog_close(en_catalog *c)
{
    if (c != NULL) {
        en_db_close(c->db);
        en_free(c->root);
        en_free(c->dataset);
        en_free(c);
    }
}

en_status en_catalog_find_root(const char *start, char **root, en_error *err)
{
    *root = NULL;
    char *whole = realpath(start, NULL);
    if (whole == NULL) {
        return errno == ENOENT || errno == ENOTDIR ? en_error_set(err, EN_INPUT, "there is no folder '%s'", start)
                                                   : en_error_errno(err, "cannot find the folder '%s'", start);
    }
    en_status st = EN_OK;
    char *here = en_strdup(whole);
    free(whole); /* malloc's, not ours */
    for (bool found = false; st == EN_OK && !found;) {
        char *file = here != NULL ? en_path_join(here, EN_CATALOG_FILE) : NULL;
        if (file == NULL) {
            st = en_error_nomem(err, "a path");
            break;
        }
        found = en_file_exists(file);
        en_free(file);
        char *slash = strrchr(here, '/');
        if (!found && here[1] == '\0') {
            st = en_error_set(err, EN_INPUT,
                              "no eyenet project in '%s' or above: make one with 'eyenet init DIR', or go to one",
                              start);
        } else if (!found && slash != NULL) {
            slash[slash == here ? 1 : 0] = '\0';
        }
    }
    if (st != EN_OK) {
        en_free(here);
        return st;
    }
    *root = here;
    return EN_OK;
}

en_db *en_catalog_db(en_catalog *c) { return c->db; }

en_status en_catalog_begin(en_catalog *c, en_error *err) { return en_db_begin(c->db, err); }

en_status en_catalog_commit(en_catalog *c, en_error *err) { return en_db_commit(c->db, err); }

void en_catalog_rollback(en_catalog *c) { en_db_rollback(c->db); }

en_status en_catalog_query(en_catalog *c, const char *what, const char *sql, const en_events *events, en_query **out,
                           en_error *err)
{
    return en_query_open(c->db, what, sql, events, out, err);
}

/* Shared by the files of this layer */

en_status en_catalog_prepare_id(en_catalog *c, en_sql id, const char *name, int64_t value, en_stmt **out, en_error *err)
{
    en_status st = en_db_prepare(c->db, id, out, err);
    if (st == EN_OK) {
        en_stmt_bind_int(*out, name, value);
    }
    return st;
}

en_status en_catalog_dangling(en_error *err, const char *kind, int64_t id)
{
    return en_error_hint(
        err,
        en_error_set(err, EN_INPUT, "the catalog points at %s number %lld, which is not there", kind, (long long)id),
        EN_DB_LOOK);
}

en_status en_catalog_unknown(en_catalog *c, const char *kind, const char *name, en_sql names, en_error *err)
{
    return en_catalog_unknown_in(c->db, kind, name, names, err);
}

en_status en_catalog_unknown_in(en_db *db, const char *kind, const char *name, en_sql names, en_error *err)
{
    char *word[NAMES_READ + 1] = {0};
    const char *list[NAMES_READ + 1] = {0};
    size_t count = 0;
    en_stmt *s;
    en_buf some;
    en_buf_init(&some, 400);
    en_status st = en_db_prepare(db, names, &s, err);
    if (st != EN_OK) {
        return st;
    }
    while (count < NAMES_READ && (st = en_stmt_step(s, err)) == EN_OK &&
           (st = en_stmt_dup(s, 0, &word[count], err)) == EN_OK) {
        count += word[count] != NULL; /* NULL: a catalog from elsewhere */
    }
    en_stmt_reset(s);
    st = st == EN_DONE ? EN_OK : st;
    for (size_t i = 0; i < count; i++) {
        list[i] = word[i];
        if (i < NAMES_SHOWN && st == EN_OK) { /* a list too long for the line is simply cut */
            (void)!en_buf_printf(&some, NULL, "%s%s", i > 0 ? ", " : "", word[i]);
        }
    }
    if (st == EN_OK) {
        const char *near = en_nearest_word(name, list);
        if (count == 0) {
            st = en_error_set(err, EN_INPUT, "there is no %s '%s': there are none yet", kind, name);
        } else if (near != NULL) {
            st = en_error_set(err, EN_INPUT, "there is no %s '%s': did you mean '%s'?", kind, name, near);
        } else {
            st = en_error_set(err, EN_INPUT, "there is no %s '%s': there is %s%s", kind, name, en_buf_str(&some),
                              count > NAMES_SHOWN ? ", ..." : "");
        }
    }
    for (size_t i = 0; i < count; i++) {
        en_free(word[i]);
    }
    en_buf_clear(&some);
    return st;
}

/* The catalog as a whole */

static const en_row_column object_columns[] = {
    {"type", EN_COL(en_catalog_object, type)},
    {"name", EN_COL(en_catalog_object, name)},
    {"sql", EN_COL(en_catalog_object, sql)},
};
static const en_row_type object_type = EN_ROW_TYPE(en_catalog_object, object_columns);

en_status en_catalog_schema(en_catalog *c, en_catalog_objects *out, en_error *err)
{
    en_stmt *s;
    void *rows = NULL;
    *out = (en_catalog_objects){0};
    en_status st = en_db_prepare(c->db, EN_SQL_CATALOG_SCHEMA, &s, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_rows_read(s, &object_type, &rows, &out->count, err);
    out->row = rows;
    if (st != EN_OK) {
        en_catalog_objects_clear(out);
    }
    return st;
}

void en_catalog_objects_clear(en_catalog_objects *o)
{
    en_rows_clear(&object_type, o->row, o->count);
    *o = (en_catalog_objects){0};
}
