/* SQLite files of other programs: opened, and their runs listed. Uses db. */
#include "training/track/foreign_rows.h"

#include "db/row.h"

static const en_row_column run_columns[] = {
    {"id", EN_COL_IS(en_store_run, id, EN_RULE_TEXT)}, {"name", EN_COL(en_store_run, name)},
    {"experiment", EN_COL(en_store_run, experiment)},  {"state", EN_COL_WORD(en_store_run, state, en_run_states)},
    {"started_ms", EN_COL(en_store_run, started_ms)},  {"ended_ms", EN_COL(en_store_run, ended_ms)},
};
static const en_row_type run_type = EN_ROW_TYPE(en_store_run, run_columns);

en_status en_foreign_open(const char *path, const char *program, const char *const *tables, const en_events *events,
                          en_db **db, en_error *err)
{
    en_status st = en_db_open_foreign(path, events, db, err);
    for (size_t i = 0; st == EN_OK && tables[i] != NULL; i++) {
        bool is;
        st = en_db_has_table(*db, tables[i], &is, err);
        if (st == EN_OK && !is) {
            st = en_error_set(err, EN_INPUT, "'%s' is not a store of %s: it has no table '%s'", path, program,
                              tables[i]);
        }
    }
    if (st != EN_OK) {
        en_db_close(*db);
        *db = NULL;
    }
    return st;
}

en_status en_foreign_runs(en_stmt *s, en_store_runs *out, en_error *err)
{
    void *rows = NULL;
    const en_status st = en_rows_read(s, &run_type, &rows, &out->count, err);
    out->row = rows;
    return st;
}
