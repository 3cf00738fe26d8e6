/* Facts about runs. Uses db. */
#include "catalog/run_facts.h"

#include "catalog/internal.h"
#include "db/row.h"
#include "db/statements.h"

static const en_row_column columns[] = {
    {"section", EN_COL_IS(en_catalog_run_fact, section, EN_RULE_TEXT)},
    {"name", EN_COL_IS(en_catalog_run_fact, name, EN_RULE_TEXT)},
    {"value", EN_COL(en_catalog_run_fact, value)},
    {"other", EN_COL(en_catalog_run_fact, other)},
};
static const en_row_type type = EN_ROW_TYPE(en_catalog_run_fact, columns);

static en_status read(en_stmt *s, en_catalog_run_fact_list *out, en_error *err)
{
    void *rows = NULL;
    en_status st = en_rows_read(s, &type, &rows, &out->count, err);
    out->row = rows;
    if (st != EN_OK) {
        en_catalog_run_facts_clear(out);
    }
    return st;
}

en_status en_catalog_run_facts(en_catalog *c, int64_t run_id, en_catalog_run_fact_list *out, en_error *err)
{
    en_stmt *s;
    *out = (en_catalog_run_fact_list){0};
    en_status st = en_catalog_prepare_id(c, EN_SQL_RUN_FACTS, "run_id", run_id, &s, err);
    return st == EN_OK ? read(s, out, err) : st;
}

en_status en_catalog_run_differences(en_catalog *c, int64_t run_id, int64_t other_id, en_catalog_run_fact_list *out,
                                     en_error *err)
{
    en_stmt *s;
    *out = (en_catalog_run_fact_list){0};
    en_status st = en_catalog_prepare_id(c, EN_SQL_RUN_DIFFERENCES, "run_id", run_id, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_int(s, "other_id", other_id);
    return read(s, out, err);
}

void en_catalog_run_facts_clear(en_catalog_run_fact_list *facts)
{
    en_rows_clear(&type, facts->row, facts->count);
    *facts = (en_catalog_run_fact_list){0};
}
