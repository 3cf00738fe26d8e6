/* Ensembles. Uses db. */
#include "catalog/run_ensemble.h"

#include "base/memory.h"
#include "catalog/internal.h"
#include "db/row.h"
#include "db/statements.h"

/* What sql/ensemble/members returns. */
typedef struct member {
    int64_t position, member_run_id, run_id;
    char *name;
} member;
static const en_row_column member_columns[] = {
    {"position", EN_COL_IS(member, position, EN_RULE_COUNT)},
    {"member_run_id", EN_COL(member, member_run_id)},
    {"run_id", EN_COL(member, run_id)},
    {"name", EN_COL_MAY(member, name, EN_RULE_FILE_NAME)},
};
static const en_row_type member_type = EN_ROW_TYPE(member, member_columns);

en_status en_catalog_ensemble_put(en_catalog *c, int64_t run_id, bool views, const en_catalog_run *run, size_t count,
                                  en_error *err)
{
    en_stmt *s;
    if (count == 0 || count > EN_ENSEMBLE_MAX) {
        return en_error_set(err, EN_INPUT, "an ensemble has 1 to %d members, not %zu", EN_ENSEMBLE_MAX, count);
    }
    en_status st = en_catalog_prepare_id(c, EN_SQL_ENSEMBLE_PUT, "run_id", run_id, &s, err);
    if (st == EN_OK) {
        en_stmt_bind_int(s, "views", views);
        st = en_stmt_run(s, err);
    }
    for (size_t i = 0; st == EN_OK && i < count; i++) {
        st = en_catalog_prepare_id(c, EN_SQL_ENSEMBLE_MEMBER_PUT, "run_id", run_id, &s, err);
        if (st == EN_OK) {
            en_stmt_bind_int(s, "position", (int64_t)i + 1);
            en_stmt_bind_int(s, "member_run_id", run[i].id);
            st = en_stmt_run(s, err);
        }
    }
    return st;
}

en_status en_catalog_ensemble_end(en_catalog *c, int64_t run_id, double seconds, en_error *err)
{
    en_stmt *s;
    int64_t same;
    en_status st = en_catalog_prepare_id(c, EN_SQL_ENSEMBLE_END, "run_id", run_id, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_double(s, "seconds", seconds);
    st = en_stmt_number(s, &same, err);
    return st == EN_DONE ? en_error_set(err, EN_BUG, "run number %lld is not an ensemble", (long long)run_id) : st;
}

static en_status damaged(const en_catalog_run *run, const char *how, en_error *err)
{
    return en_error_hint(err, en_error_set(err, EN_INPUT, "ensemble '%s' is damaged: %s", run->name, how), EN_DB_LOOK);
}

static en_status read_views(en_catalog *c, const en_catalog_run *run, bool *views, en_error *err)
{
    en_stmt *s;
    int64_t value = 0;
    en_status st = en_catalog_prepare_id(c, EN_SQL_ENSEMBLE_VIEWS, "run_id", run->id, &s, err);
    if (st == EN_OK) {
        st = en_stmt_number(s, &value, err);
    }
    *views = value == 1;
    return st == EN_DONE ? damaged(run, "how its members are asked is not there", err) : st;
}

/* One member; `before`: those that were read. */
static en_status read_member(en_catalog *c, const en_catalog_run *run, const member *row,
                             const en_catalog_ensemble *before, en_catalog_run *out, en_error *err)
{
    if (row->run_id < 0) {
        return damaged(run, "a member is not there", err);
    }
    if (row->run_id == run->id) {
        return damaged(run, "it is a member of itself", err);
    }
    for (size_t i = 0; i < before->count; i++) {
        if (before->run[i].id == row->run_id) {
            return damaged(run, "a member is there twice", err);
        }
    }
    en_status st = en_catalog_run_by_id(c, row->run_id, out, err);
    if (st == EN_OK && out->origin != EN_RUN_TRAINED) {
        st = damaged(run, "a member is not a run that was trained here", err);
    }
    if (st == EN_OK && out->state != EN_RUN_FINISHED) {
        st = damaged(run, "a member is not finished", err);
    }
    return st;
}

en_status en_catalog_ensemble_read(en_catalog *c, const en_catalog_run *run, en_catalog_ensemble *out, en_error *err)
{
    en_stmt *s;
    void *rows = NULL;
    size_t count = 0;
    *out = (en_catalog_ensemble){0};
    en_status st = read_views(c, run, &out->views, err);
    if (st == EN_OK) {
        st = en_catalog_prepare_id(c, EN_SQL_ENSEMBLE_MEMBERS, "run_id", run->id, &s, err);
    }
    if (st == EN_OK) {
        st = en_rows_read(s, &member_type, &rows, &count, err);
    }
    if (st == EN_OK && (count == 0 || count > EN_ENSEMBLE_MAX)) {
        st = damaged(run, count == 0 ? "it has no members" : "it has more members than an ensemble may have", err);
    }
    if (st == EN_OK && (out->run = en_calloc(count, sizeof *out->run)) == NULL) {
        st = en_error_nomem(err, "an ensemble");
    }
    const member *row = rows;
    for (size_t i = 0; st == EN_OK && i < count; i++) {
        st = read_member(c, run, &row[i], out, &out->run[i], err);
        out->count = i + 1;
    }
    en_rows_clear(&member_type, rows, count);
    return st;
}

void en_catalog_ensemble_clear(en_catalog_ensemble *e)
{
    for (size_t i = 0; i < e->count; i++) {
        en_catalog_run_clear(&e->run[i]);
    }
    en_free(e->run);
    *e = (en_catalog_ensemble){0};
}

en_status en_catalog_ensemble_of(en_catalog *c, int64_t member_id, bool removed, char **name, en_error *err)
{
    en_stmt *s;
    *name = NULL;
    en_status st = en_catalog_prepare_id(c, EN_SQL_ENSEMBLE_OF_MEMBER, "run_id", member_id, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_int(s, "removed", removed);
    return en_row_text(s, EN_RULE_TEXT, false, name, err);
}

en_status en_catalog_ensemble_lacks(en_catalog *c, int64_t run_id, char **name, en_error *err)
{
    en_stmt *s;
    *name = NULL;
    en_status st = en_catalog_prepare_id(c, EN_SQL_ENSEMBLE_REMOVED_MEMBER, "run_id", run_id, &s, err);
    return st == EN_OK ? en_row_text(s, EN_RULE_TEXT, false, name, err) : st;
}
