/* Retrainings. Uses db. */
#include "catalog/retraining.h"

#include <string.h>

#include "base/memory.h"
#include "catalog/internal.h"
#include "db/row.h"
#include "db/statements.h"

static const en_row_column columns[] = {
    {"retraining_id", EN_COL(en_catalog_retraining, id)},
    {"run_id", EN_COL(en_catalog_retraining, run_id)},
    {"name", EN_COL_IS(en_catalog_retraining, name, EN_RULE_FILE_NAME)},
    {"chosen", EN_COL_IS(en_catalog_retraining, chosen, EN_RULE_TEXT)},
    {"query", EN_COL_IS(en_catalog_retraining, query, EN_RULE_TEXT)},
    {"split", EN_COL_IS(en_catalog_retraining, split, EN_RULE_NAME)},
    {"subset", EN_COL_IS(en_catalog_retraining, subset, EN_RULE_NAME)},
    {"photographs", EN_COL_IS(en_catalog_retraining, photographs, EN_RULE_COUNT)},
    {"patients", EN_COL_IS(en_catalog_retraining, patients, EN_RULE_COUNT)},
    {"kept_out", EN_COL_IS(en_catalog_retraining, kept_out, EN_RULE_COUNT)},
    {"rejected", EN_COL_IS(en_catalog_retraining, rejected, EN_RULE_COUNT)},
    {"promoted", EN_COL(en_catalog_retraining, promoted)},
};
static const en_row_type retraining_type = EN_ROW_TYPE(en_catalog_retraining, columns);

typedef struct sizes {
    int64_t train, val;
} sizes;
static const en_row_column size_columns[] = {{"train", EN_COL(sizes, train)}, {"val", EN_COL(sizes, val)}};
static const en_row_type size_type = EN_ROW_TYPE(sizes, size_columns);

en_status en_catalog_retraining_find(en_catalog *c, int64_t run_id, const char *chosen, en_catalog_retraining *out,
                                     en_error *err)
{
    en_stmt *s;
    *out = (en_catalog_retraining){0};
    en_status st = en_catalog_prepare_id(c, EN_SQL_RETRAINING_FIND, "run_id", run_id, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_text(s, "chosen", chosen);
    return en_row_one(s, &retraining_type, out, err);
}

void en_catalog_retraining_clear(en_catalog_retraining *r) { en_row_clear(&retraining_type, r); }

en_status en_catalog_retraining_put(en_catalog *c, const en_catalog_retraining *r, int64_t split_id, int64_t subset_id,
                                    int64_t *id, en_error *err)
{
    en_stmt *s;
    en_status st = en_catalog_prepare_id(c, EN_SQL_RETRAINING_PUT, "run_id", r->run_id, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_text(s, "name", r->name);
    en_stmt_bind_text(s, "chosen", r->chosen);
    en_stmt_bind_text(s, "query", r->query);
    en_stmt_bind_int(s, "split_id", split_id);
    en_stmt_bind_int(s, "subset_id", subset_id);
    en_stmt_bind_int(s, "photographs", r->photographs);
    en_stmt_bind_int(s, "patients", r->patients);
    en_stmt_bind_int(s, "kept_out", r->kept_out);
    en_stmt_bind_int(s, "rejected", r->rejected);
    return en_stmt_number(s, id, err);
}

en_status en_catalog_retraining_decide(en_catalog *c, int64_t id, const en_catalog_decision *d, en_error *err)
{
    en_stmt *s;
    en_status st = en_catalog_prepare_id(c, EN_SQL_RETRAINING_DECIDE, "retraining_id", id, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_id(s, "new_run_id", d->new_run_id);
    en_stmt_bind_int(s, "promoted", d->promoted);
    en_stmt_bind_text(s, "alias", d->alias);
    en_stmt_bind_text(s, "metric", d->metric);
    en_stmt_bind_double(s, "difference", d->difference);
    en_stmt_bind_double(s, "low", d->low);
    en_stmt_bind_double(s, "high", d->high);
    en_stmt_bind_double(s, "margin", d->margin);
    en_stmt_bind_id(s, "n", d->n);
    en_stmt_bind_id(s, "test_patients", d->patients);
    en_stmt_bind_text(s, "reason", d->reason);
    return en_stmt_run(s, err);
}

en_status en_catalog_retraining_query(en_catalog *c, int64_t subset_id, char **query, en_error *err)
{
    en_stmt *s;
    *query = NULL;
    en_status st = en_catalog_prepare_id(c, EN_SQL_RETRAINING_QUERY, "subset_id", subset_id, &s, err);
    if (st == EN_OK) {
        st = en_row_text(s, EN_RULE_TEXT, false, query, err);
    }
    return st == EN_DONE ? en_catalog_dangling(err, "subset", subset_id) : st;
}

/* Bytes of a name without "+" and digits at its end. */
static size_t stem(const char *name)
{
    size_t size = strlen(name), end = size;
    while (end > 0 && name[end - 1] >= '0' && name[end - 1] <= '9') {
        end--;
    }
    return end > 1 && end < size && name[end - 1] == '+' ? end - 1 : size;
}

en_status en_catalog_retraining_name(en_catalog *c, const char *name, char **out, en_error *err)
{
    en_stmt *s;
    *out = NULL;
    char *base = en_strndup(name, stem(name));
    if (base == NULL) {
        return en_error_nomem(err, "a name");
    }
    en_status st = en_db_prepare(c->db, EN_SQL_RETRAINING_FREE_NAME, &s, err);
    if (st == EN_OK) {
        en_stmt_bind_text(s, "name", base);
        st = en_row_text(s, EN_RULE_NONE, false, out, err);
    }
    en_free(base);
    return st == EN_DONE ? en_error_set(err, EN_INPUT, "no name like '%s' is free", name) : st;
}

en_status en_catalog_split_sizes(en_catalog *c, int64_t split_id, int64_t *train, int64_t *val, en_error *err)
{
    en_stmt *s;
    sizes found = {0};
    en_status st = en_catalog_prepare_id(c, EN_SQL_RETRAINING_SIZES, "split_id", split_id, &s, err);
    if (st == EN_OK) {
        st = en_row_one(s, &size_type, &found, err);
    }
    *train = found.train;
    *val = found.val;
    return st;
}

en_status en_catalog_split_extend(en_catalog *c, int64_t split_id, int64_t old_split_id, en_error *err)
{
    en_stmt *s;
    en_status st = en_catalog_prepare_id(c, EN_SQL_RETRAINING_EXTEND, "split_id", split_id, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_int(s, "old_split_id", old_split_id);
    return en_stmt_run(s, err);
}

en_status en_catalog_last_member(en_catalog *c, int64_t subset_id, int64_t other_id, int64_t *member_id, en_error *err)
{
    en_stmt *s;
    en_status st = en_catalog_prepare_id(c, EN_SQL_RETRAINING_LAST_MEMBER, "subset_id", subset_id, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_int(s, "val_subset_id", other_id);
    return en_stmt_number(s, member_id, err);
}
