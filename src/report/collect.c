/* What a report shows of the project and the run: read from the catalog, nothing computed. */
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "db/row.h"
#include "db/statements.h"
#include "training/classes.h"
#include "report/parts.h"

const char *en_report_class(const en_report_result *r, size_t i)
{
    return en_classes_label(&r->classes, r->run.target, i);
}

char *en_report_grade_name(int64_t grade)
{
    const char *name = grade < 0 ? "no grade" : en_classes_grade(grade);
    return name != NULL ? en_strdup(name) : en_format("%lld", (long long)grade);
}

static const en_row_column number_columns[] = {
    {"files", EN_COL(en_report_result, files)},       {"pending", EN_COL(en_report_result, pending)},
    {"patients", EN_COL(en_report_result, patients)}, {"labelled", EN_COL(en_report_result, labelled)},
    {"samples", EN_COL(en_report_result, samples)},   {"variants", EN_COL(en_report_result, variants)},
};
static const en_row_type number_type = EN_ROW_TYPE(en_report_result, number_columns);

static en_status read_numbers(en_db *db, int64_t recipe_id, en_report_result *r, en_error *err)
{
    en_stmt *s;
    en_status st = en_db_prepare(db, EN_SQL_REPORT_PHOTOGRAPHS, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_id(s, "recipe_id", recipe_id);
    st = en_row_bind(s, &number_type, err);
    if (st == EN_OK) {
        st = en_stmt_step(s, err);
    }
    if (st == EN_OK) { /* not en_row_one: the rest of the result is filled already */
        st = en_row_read(s, r, err);
    }
    en_stmt_reset(s);
    return st;
}

static const en_row_column origin_columns[] = {
    {"name", EN_COL_IS(en_report_origin, name, EN_RULE_TEXT)},
    {"kind", EN_COL(en_report_origin, kind)},
    {"state", EN_COL(en_report_origin, state)},
    {"version", EN_COL(en_report_origin, version)},
    {"count", EN_COL(en_report_origin, count)},
    {"accepted", EN_COL(en_report_origin, accepted)},
};
static const en_row_type origin_type = EN_ROW_TYPE(en_report_origin, origin_columns);

/* Of sources or of label files. */
static en_status read_origins(en_db *db, en_sql statement, en_report_origin **origins, size_t *count, en_error *err)
{
    en_stmt *s;
    void *rows = NULL;
    en_status st = en_db_prepare(db, statement, &s, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_rows_read(s, &origin_type, &rows, count, err);
    *origins = rows;
    return st;
}

static const en_row_column balance_columns[] = {
    {"grade", EN_COL(en_report_balance, grade)}, {"train", EN_COL(en_report_balance, train)},
    {"val", EN_COL(en_report_balance, val)},     {"test", EN_COL(en_report_balance, test)},
    {"none", EN_COL(en_report_balance, none)},
};
static const en_row_type balance_type = EN_ROW_TYPE(en_report_balance, balance_columns);

static en_status read_balance(en_db *db, en_report_result *r, en_error *err)
{
    en_stmt *s;
    void *rows = NULL;
    en_status st = en_db_prepare(db, EN_SQL_REPORT_BALANCE, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_id(s, "split_id", r->split.id);
    st = en_rows_read(s, &balance_type, &rows, &r->balances, err);
    r->balance = rows;
    for (size_t i = 0; st == EN_OK && i < r->balances; i++) {
        r->balance[i].name = en_report_grade_name(r->balance[i].grade);
        st = r->balance[i].name != NULL ? EN_OK : en_error_nomem(err, "the report");
    }
    return st;
}

static en_status find_checkpoint(en_catalog *c, en_report_result *r, en_error *err)
{
    en_status st = en_catalog_checkpoint_find(c, r->run.id, EN_CHECKPOINT_BEST, &r->checkpoint, err);
    return st == EN_DONE ? EN_OK : st; /* killed in its first epoch: it kept none */
}

/* The training subset as the run read it. A target that cannot be asked any more (a label scheme that is gone) costs
 * the remark on views, not the report. */
static en_status read_views(en_catalog *c, en_report_result *r, en_error *err)
{
    en_catalog_items items = {0};
    en_error why;
    en_status st = en_catalog_subset_load(c, r->run.subset_id, r->run.target, r->run.recipe_id, NULL, &items, &why);
    if (st == EN_OK) {
        r->uneven_views = en_classes_uneven_views(&r->classes, &items, &r->views);
    } else if (st == EN_INPUT) {
        st = EN_OK;
    } else {
        *err = why;
    }
    en_catalog_items_clear(&items);
    return st;
}

static en_status read_calibration(en_report_result *r, en_error *err)
{
    return en_calibration_from_json(en_catalog_params_get(&r->params, EN_CALIBRATION_SETTING), r->classes.count,
                                    &r->calibration, err);
}

static en_status read_run(en_catalog *c, en_report_result *r, en_error *err)
{
    en_status st = en_classes_of_run(c, r->run.id, r->run.classes, r->run.target, &r->classes, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_catalog_run_params(c, r->run.id, &r->params, err);
    if (st != EN_OK) {
        return st;
    }
    st = read_calibration(r, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_catalog_metrics_of(c, r->run.id, &r->curves, err);
    if (st != EN_OK) {
        return st;
    }
    if (r->run.subset_id >= 0) {
        st = en_catalog_subset_by_id(c, r->run.subset_id, &r->subset, err);
        if (st != EN_OK) {
            return st;
        }
    }
    if (r->run.val_subset_id >= 0) {
        st = en_catalog_subset_by_id(c, r->run.val_subset_id, &r->val_subset, err);
        if (st != EN_OK) {
            return st;
        }
    }
    if (r->run.origin != EN_RUN_TRAINED) { /* it saw its own views, and kept its own weights */
        return EN_OK;
    }
    st = read_views(c, r, err);
    if (st != EN_OK) {
        return st;
    }
    return find_checkpoint(c, r, err);
}

static en_status find_run(en_catalog *c, const en_report_options *options, en_report_result *r, en_error *err)
{
    en_status st = en_db_number(en_catalog_db(c), EN_SQL_REPORT_RUNS, &r->runs, err);
    if (st != EN_OK || options->data || (options->run == NULL && r->runs == 0)) {
        return st;
    }
    st = en_catalog_run_get(c, options->run, &r->run, err);
    r->has_run = st == EN_OK;
    return st == EN_OK && r->run.origin == EN_RUN_ENSEMBLE ? en_catalog_ensemble_read(c, &r->run, &r->members, err)
                                                           : st;
}

en_status en_report_collect(en_project *project, const en_report_options *options, en_report_result *r, en_error *err)
{
    en_catalog *c = project->catalog;
    en_db *db = en_catalog_db(c);
    r->val_subset.id = r->split.id = r->run.id = -1;
    r->run.recipe_id = -1;
    en_status st = find_run(c, options, r, err);
    if (st != EN_OK) {
        return st;
    }
    const en_catalog_run *learned = r->members.count > 0 ? &r->members.run[0] : &r->run;
    if (!r->has_run || learned->split != NULL) {
        st = en_catalog_split_find(c, learned->split, &r->split, err);
        if (st != EN_OK && st != EN_DONE) {
            return st;
        }
    }
    st = read_numbers(db, learned->recipe_id, r, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_catalog_image_states(c, &r->states, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_catalog_image_reasons(c, &r->reasons, err);
    if (st != EN_OK) {
        return st;
    }
    st = read_origins(db, EN_SQL_REPORT_SOURCES, &r->source, &r->sources, err);
    if (st != EN_OK) {
        return st;
    }
    st = read_origins(db, EN_SQL_REPORT_LABEL_FILES, &r->label_file, &r->label_files, err);
    if (st != EN_OK) {
        return st;
    }
    st = read_balance(db, r, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_catalog_reconcile(c, &r->accounts, err);
    if (st != EN_OK) {
        return st;
    }
    return r->has_run ? read_run(c, r, err) : en_report_describe(project, r, err);
}
