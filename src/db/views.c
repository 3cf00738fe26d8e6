/* The views of sql/view/: made as a set, known again by a hash in the ledger of views. SQLite resolves what a view
 * selects from when it is used, so their order does not matter; they are made in the order of their names. */
#include <string.h>

#include "base/buf.h"
#include "base/memory.h"
#include "db/internal.h"

#define TEXTS_CAP ((size_t)4 << 20)

const en_view *en_views(size_t *count)
{
    *count = en_embedded_view_count;
    return en_embedded_views;
}

en_status en_db_hash_views(const en_view *view, size_t count, char hex[EN_SHA256_HEX], en_error *err)
{
    en_buf texts;
    en_status st = EN_OK;
    en_buf_init(&texts, TEXTS_CAP);
    for (size_t i = 0; i < count && st == EN_OK; i++) {
        st = en_buf_printf(&texts, err, "%s\n%s\n", view[i].name, view[i].sql);
    }
    if (st == EN_OK) {
        st = en_sha256_bytes(en_buf_str(&texts), texts.size, hex, err);
    }
    en_buf_clear(&texts);
    return st;
}

/* Catalogs have it from migration 5 on. */
static bool has_ledger(en_db *db)
{
    return sqlite3_table_column_metadata(db->raw, "main", "schema_view_set", NULL, NULL, NULL, NULL, NULL, NULL) ==
           SQLITE_OK;
}

en_status en_db_run_made(en_db *db, en_stmt *s, const char *what, en_error *err)
{
    char *made = NULL;
    en_status st = en_stmt_step(s, err);
    if (st == EN_OK) {
        st = en_stmt_dup(s, 0, &made, err);
    }
    en_stmt_reset(s);
    if (st == EN_OK && made != NULL) {
        st = en_db_exec(db, made, what, err);
    }
    en_free(made);
    return st == EN_DONE ? EN_OK : st;
}

en_status en_db_has_views(en_db *db, const char *hex, bool *has, en_error *err)
{
    en_stmt *s;
    *has = false;
    if (!has_ledger(db)) {
        return EN_OK;
    }
    en_status st = en_db_prepare(db, EN_SQL_CATALOG_VIEW_SET, &s, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_stmt_step(s, err);
    if (st == EN_OK) {
        const char *seen = en_stmt_text(s, 0);
        *has = seen != NULL && strcmp(seen, hex) == 0;
    }
    en_stmt_reset(s);
    return st == EN_DONE ? EN_OK : st;
}

en_status en_db_drop_views(en_db *db, en_error *err)
{
    en_stmt *s;
    if (!has_ledger(db)) {
        return EN_OK;
    }
    en_status st = en_db_prepare(db, EN_SQL_CATALOG_VIEW_DROPS, &s, err);
    return st == EN_OK ? en_db_run_made(db, s, "cannot remove the views", err) : st;
}

static en_status check_name_is_free(en_db *db, const char *name, en_error *err)
{
    en_stmt *s;
    en_status st = en_db_prepare(db, EN_SQL_CATALOG_VIEW_TAKEN, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_text(s, "name", name);
    st = en_stmt_step(s, err);
    if (st == EN_OK) {
        const char *type = en_stmt_text(s, 0);
        st = en_error_set(err, EN_INPUT, "eyenet's view '%s' has no place: there is a %s of that name: rename it", name,
                          type != NULL ? type : "thing");
    }
    en_stmt_reset(s);
    return st == EN_DONE ? EN_OK : st;
}

static en_status enter_set(en_db *db, const en_view *view, size_t count, const char *hex, en_error *err)
{
    en_buf names;
    en_stmt *s;
    en_buf_init(&names, TEXTS_CAP);
    en_status st = en_buf_text(&names, "[", err);
    for (size_t i = 0; i < count && st == EN_OK; i++) { /* letters and '_': nothing to escape */
        st = en_buf_printf(&names, err, "%s\"%s\"", i > 0 ? "," : "", view[i].name);
    }
    if (st == EN_OK) {
        st = en_buf_text(&names, "]", err);
    }
    if (st == EN_OK) {
        st = en_db_prepare(db, EN_SQL_CATALOG_VIEW_SET_PUT, &s, err);
    }
    if (st == EN_OK) {
        en_stmt_bind_text(s, "names", en_buf_str(&names));
        en_stmt_bind_text(s, "sha256", hex);
        st = en_stmt_run(s, err);
    }
    en_buf_clear(&names);
    return st;
}

en_status en_db_make_views(en_db *db, const en_view *view, size_t count, const char *hex, en_error *err)
{
    if (!has_ledger(db)) {
        return en_error_set(err, EN_INPUT, "'%s' is damaged: it has no ledger of views: restore a backup", db->path);
    }
    en_status st = EN_OK;
    for (size_t i = 0; i < count && st == EN_OK; i++) {
        st = check_name_is_free(db, view[i].name, err);
        if (st == EN_OK) {
            st = en_db_exec(db, view[i].sql, view[i].name, err);
        }
    }
    return st == EN_OK ? enter_set(db, view, count, hex, err) : st;
}

en_status en_db_shadow_views(en_db *db, const en_view *view, size_t count, en_error *err)
{
    en_status st = EN_OK;
    for (size_t i = 0; i < count && st == EN_OK; i++) {
        en_stmt *s;
        st = en_db_prepare(db, EN_SQL_CATALOG_VIEW_SHADOW, &s, err);
        if (st == EN_OK) {
            en_stmt_bind_text(s, "sql", view[i].sql);
            st = en_db_run_made(db, s, view[i].name, err);
        }
    }
    return st;
}
