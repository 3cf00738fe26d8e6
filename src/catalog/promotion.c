/* Promotions. Uses db. */
#include "catalog/promotion.h"

#include <math.h>
#include <string.h>

#include "catalog/internal.h"
#include "db/row.h"
#include "db/statements.h"

static const en_row_column columns[] = {
    {"alias", EN_COL_IS(en_catalog_promotion, alias, EN_RULE_TEXT)},
    {"run", EN_COL_IS(en_catalog_promotion, run, EN_RULE_FILE_NAME)},
    {"current", EN_COL(en_catalog_promotion, current)},
    {"replaced", EN_COL(en_catalog_promotion, replaced)},
    {"metric", EN_COL(en_catalog_promotion, metric)},
    {"difference", EN_COL(en_catalog_promotion, difference)},
    {"low", EN_COL(en_catalog_promotion, low)},
    {"high", EN_COL(en_catalog_promotion, high)},
    {"margin", EN_COL(en_catalog_promotion, margin)},
    {"n", EN_COL_MAY(en_catalog_promotion, n, EN_RULE_COUNT)},
    {"patients", EN_COL_MAY(en_catalog_promotion, patients, EN_RULE_COUNT)},
    {"reason", EN_COL_IS(en_catalog_promotion, reason, EN_RULE_TEXT)},
    {"promoted_at", EN_COL_IS(en_catalog_promotion, promoted_at, EN_RULE_TEXT)},
};
static const en_row_type promotion_type = EN_ROW_TYPE(en_catalog_promotion, columns);

en_status en_catalog_alias_check(const char *alias, en_error *err)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    const size_t size = strlen(alias);
    return size >= 1 && size <= EN_ALIAS_MAX && strspn(alias, allowed) == size
               ? EN_OK
               : en_error_set(err, EN_USAGE, "'%.60s' cannot be an alias: 1 to %d letters, digits, '.', '-' and '_'",
                              alias, EN_ALIAS_MAX);
}

en_status en_catalog_alias_holder(en_catalog *c, const char *alias, int64_t *run_id, en_error *err)
{
    en_stmt *s;
    *run_id = -1;
    en_status st = en_db_prepare(c->db, EN_SQL_PROMOTION_HOLDER, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_text(s, "alias", alias);
    st = en_stmt_number(s, run_id, err);
    *run_id = st == EN_OK ? *run_id : -1;
    return st;
}

en_status en_catalog_promotion_put(en_catalog *c, const char *alias, int64_t run_id, int64_t replaced_id,
                                   const en_catalog_promotion *p, en_error *err)
{
    en_stmt *s;
    en_status st = en_catalog_prepare_id(c, EN_SQL_PROMOTION_PUT, "run_id", run_id, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_text(s, "alias", alias);
    en_stmt_bind_id(s, "replaced_run_id", replaced_id);
    en_stmt_bind_text(s, "metric", p->metric);
    en_stmt_bind_double(s, "difference", p->difference);
    en_stmt_bind_double(s, "low", p->low);
    en_stmt_bind_double(s, "high", p->high);
    en_stmt_bind_double(s, "margin", p->margin);
    en_stmt_bind_id(s, "n", p->n);
    en_stmt_bind_id(s, "patients", p->patients);
    en_stmt_bind_text(s, "reason", p->reason);
    return en_stmt_run(s, err);
}

en_status en_catalog_promotions_all(en_catalog *c, en_catalog_promotions *out, en_error *err)
{
    en_stmt *s;
    void *rows = NULL;
    *out = (en_catalog_promotions){0};
    en_status st = en_db_prepare(c->db, EN_SQL_PROMOTION_LIST, &s, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_rows_read(s, &promotion_type, &rows, &out->count, err);
    out->row = rows;
    if (st != EN_OK) {
        en_catalog_promotions_clear(out);
    }
    return st;
}

void en_catalog_promotions_clear(en_catalog_promotions *list)
{
    en_rows_clear(&promotion_type, list->row, list->count);
    *list = (en_catalog_promotions){0};
}
