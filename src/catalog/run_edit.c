/* Renaming, tagging, annotating and removing runs. Uses db. */
#include "catalog/run_edit.h"

#include <string.h>

#include "catalog/internal.h"
#include "db/row.h"
#include "db/statements.h"

static const en_row_column removed_columns[] = {
    {"run_id", EN_COL(en_catalog_removed, id)},
    {"run", EN_COL_IS(en_catalog_removed, run, EN_RULE_FILE_NAME)},
    {"uuid", EN_COL_IS(en_catalog_removed, uuid, EN_RULE_TEXT)},
    {"folder", EN_COL_IS(en_catalog_removed, folder, EN_RULE_FILE_NAME)},
    {"state", EN_COL_WORD(en_catalog_removed, state, en_run_states)},
    {"shared", EN_COL(en_catalog_removed, shared)},
    {"repeated_by", EN_COL(en_catalog_removed, repeated_by)},
    {"removed_at", EN_COL_MAY(en_catalog_removed, removed_at, EN_RULE_TEXT)},
};
static const en_row_type removed_type = EN_ROW_TYPE(en_catalog_removed, removed_columns);

en_status en_catalog_run_name_check(const char *name, en_error *err)
{
    if (name[0] == '@') {
        return en_error_hint(err, en_error_set(err, EN_USAGE, "'%.100s' cannot name a run: '@' begins an alias", name),
                             "an alias is given with 'eyenet promote RUN --as ALIAS'");
    }
    return en_rule_fault(EN_RULE_FILE_NAME, name) == NULL && strcmp(name, "last") != 0
               ? EN_OK
               : en_error_set(err, EN_USAGE,
                              "'%.100s' cannot name a run, which is also a folder: 1 to %d bytes, no slash, no dot in "
                              "front, not 'last'",
                              name, EN_NAME_MAX);
}

/* Runs a statement of a run, with a text where `name` is not NULL. */
static en_status change(en_catalog *c, en_sql id, int64_t run_id, const char *name, const char *text, en_error *err)
{
    en_stmt *s;
    en_status st = en_catalog_prepare_id(c, id, "run_id", run_id, &s, err);
    if (st != EN_OK) {
        return st;
    }
    if (name != NULL) {
        en_stmt_bind_text(s, name, text);
    }
    return en_stmt_run(s, err);
}

en_status en_catalog_run_rename(en_catalog *c, int64_t run_id, const char *name, en_error *err)
{
    bool own;
    en_status st = en_db_enter(c->db, &own, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_catalog_run_name_free(c, name, err);
    if (st == EN_OK) {
        st = change(c, EN_SQL_RUN_RENAME, run_id, "name", name, err);
    }
    return en_db_leave(c->db, own, st, err);
}

en_status en_catalog_run_tag(en_catalog *c, int64_t run_id, const char *tag, en_error *err)
{
    if (en_rule_fault(EN_RULE_NAME, tag) != NULL || strchr(tag, ',') != NULL) {
        return en_error_set(err, EN_INPUT,
                            "'%.100s' cannot be a tag: 1 to %d bytes of UTF-8, no comma, no control characters and no "
                            "spaces around it",
                            tag, EN_NAME_MAX);
    }
    return change(c, EN_SQL_RUN_TAG_PUT, run_id, "tag", tag, err);
}

en_status en_catalog_run_untag(en_catalog *c, int64_t run_id, const char *tag, en_error *err)
{
    en_stmt *s;
    int64_t same;
    en_status st = en_catalog_prepare_id(c, EN_SQL_RUN_TAG_DROP, "run_id", run_id, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_text(s, "tag", tag);
    st = en_stmt_number(s, &same, err);
    return st == EN_DONE ? en_error_set(err, EN_INPUT, "the run has no tag '%.100s'", tag) : st;
}

en_status en_catalog_run_note(en_catalog *c, int64_t run_id, const char *text, en_error *err)
{
    return text != NULL && *text != '\0' ? change(c, EN_SQL_RUN_NOTE_PUT, run_id, "text", text, err)
                                         : change(c, EN_SQL_RUN_NOTE_DROP, run_id, NULL, NULL, err);
}

en_status en_catalog_run_remove(en_catalog *c, int64_t run_id, en_error *err)
{
    bool own;
    en_status st = en_db_enter(c->db, &own, err);
    if (st != EN_OK) {
        return st;
    }
    st = change(c, EN_SQL_RUN_REMOVE, run_id, NULL, NULL, err);
    if (st == EN_OK) {
        st = change(c, EN_SQL_RUN_REMOVE_NAME, run_id, NULL, NULL, err);
    }
    return en_db_leave(c->db, own, st, err);
}

static en_status read_removed(en_stmt *s, en_catalog_removed_list *out, en_error *err)
{
    void *rows = NULL;
    en_status st = en_rows_read(s, &removed_type, &rows, &out->count, err);
    out->row = rows;
    if (st != EN_OK) {
        en_catalog_removed_clear(out);
    }
    return st;
}

en_status en_catalog_runs_finished(en_catalog *c, en_catalog_removed_list *out, en_error *err)
{
    en_stmt *s;
    *out = (en_catalog_removed_list){0};
    en_status st = en_db_prepare(c->db, EN_SQL_RUN_FINISHED, &s, err);
    return st == EN_OK ? read_removed(s, out, err) : st;
}

en_status en_catalog_runs_removed(en_catalog *c, const char *name, en_catalog_removed_list *out, en_error *err)
{
    en_stmt *s;
    *out = (en_catalog_removed_list){0};
    en_status st = en_db_prepare(c->db, EN_SQL_RUN_REMOVED, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_text(s, "name", name);
    st = read_removed(s, out, err);
    if (st == EN_OK && name != NULL && out->count == 0) {
        st = en_catalog_unknown(c, "removed run", name, EN_SQL_RUN_REMOVED_NAMES, err);
    }
    return st;
}

void en_catalog_removed_clear(en_catalog_removed_list *list)
{
    en_rows_clear(&removed_type, list->row, list->count);
    *list = (en_catalog_removed_list){0};
}

en_status en_catalog_run_restore(en_catalog *c, int64_t run_id, const char *name, en_error *err)
{
    bool own;
    en_status st = en_db_enter(c->db, &own, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_catalog_run_rename(c, run_id, name, err);
    if (st == EN_OK) {
        st = change(c, EN_SQL_RUN_RESTORE, run_id, NULL, NULL, err);
    }
    return en_db_leave(c->db, own, st, err);
}

en_status en_catalog_run_delete(en_catalog *c, int64_t run_id, en_error *err)
{
    static const en_sql step[] = {EN_SQL_RUN_ORPHAN, EN_SQL_RUN_DELETE_EVALUATIONS, EN_SQL_RUN_DELETE};
    bool own;
    en_status st = en_db_enter(c->db, &own, err);
    if (st != EN_OK) {
        return st;
    }
    for (size_t i = 0; st == EN_OK && i < sizeof step / sizeof *step; i++) {
        st = change(c, step[i], run_id, NULL, NULL, err);
    }
    return en_db_leave(c->db, own, st, err);
}
