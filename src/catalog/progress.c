/* How far trainings have come. Uses db. */
#include "catalog/progress.h"

#include "catalog/internal.h"
#include "db/row.h"
#include "db/statements.h"

static const en_row_column columns[] = {
    {"run_id", EN_COL(en_catalog_progress, id)},
    {"name", EN_COL_IS(en_catalog_progress, name, EN_RULE_FILE_NAME)},
    {"folder", EN_COL_IS(en_catalog_progress, folder, EN_RULE_FILE_NAME)},
    {"state", EN_COL_WORD(en_catalog_progress, state, en_run_states)},
    {"attempt", EN_COL_MAY(en_catalog_progress, attempt, EN_RULE_COUNT)},
    {"epochs", EN_COL_MAY(en_catalog_progress, epochs, EN_RULE_EPOCH)},
    {"max_epochs", EN_COL_MAY(en_catalog_progress, max_epochs, EN_RULE_EPOCH)},
    {"best_epoch", EN_COL_MAY(en_catalog_progress, best_epoch, EN_RULE_EPOCH)},
    {"attempt_epochs", EN_COL_IS(en_catalog_progress, attempt_epochs, EN_RULE_COUNT)},
    {"attempt_seconds", EN_COL(en_catalog_progress, attempt_seconds)},
    {"members", EN_COL_IS(en_catalog_progress, members, EN_RULE_COUNT)},
    {"memory_bytes", EN_COL(en_catalog_progress, memory_bytes)},
    {"seconds", EN_COL(en_catalog_progress, seconds)},
};
static const en_row_type type = EN_ROW_TYPE(en_catalog_progress, columns);

en_status en_catalog_progress_read(en_catalog *c, int64_t recent, en_catalog_progress_list *out, en_error *err)
{
    en_stmt *s;
    void *rows = NULL;
    *out = (en_catalog_progress_list){0};
    en_status st = en_db_prepare(c->db, EN_SQL_RUN_PROGRESS, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_int(s, "recent", recent);
    st = en_rows_read(s, &type, &rows, &out->count, err);
    out->row = rows;
    if (st != EN_OK) {
        en_catalog_progress_clear(out);
    }
    return st;
}

void en_catalog_progress_clear(en_catalog_progress_list *list)
{
    en_rows_clear(&type, list->row, list->count);
    *list = (en_catalog_progress_list){0};
}
