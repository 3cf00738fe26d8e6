/* What a report shows of the project and the run: read from the catalog, nothing computed. */
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
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

/* Room for one more of `count` things; NULL, with the error set, when out of memory. The new one is zeroed. */
static void *one_more(void *list, size_t count, size_t size, en_error *err)
{
    unsigned char *grown = en_realloc(list, count + 1, size);
    if (grown == NULL) {
        (void)en_error_nomem(err, "the report");
        return NULL;
    }
    memset(grown + count * size, 0, size);
    return grown;
}

static en_status read_numbers(en_db *db, int64_t recipe_id, en_report_result *r, en_error *err)
{
    en_stmt *s;
    en_status st = en_db_prepare(db, EN_SQL_REPORT_PHOTOGRAPHS, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_id(s, "recipe_id", recipe_id);
    st = en_stmt_step(s, err);
    if (st == EN_OK) {
        r->files = en_stmt_int(s, 0);
        r->pending = en_stmt_int(s, 1);
        r->patients = en_stmt_int(s, 2);
        r->labelled = en_stmt_int(s, 3);
        r->samples = en_stmt_int(s, 4);
        r->variants = en_stmt_int(s, 5);
        en_stmt_reset(s);
    }
    return st;
}

static en_status read_origin(const en_stmt *s, en_report_origin *o, en_error *err)
{
    o->count = en_stmt_int(s, 3);
    o->accepted = en_stmt_id(s, 4);
    en_status st = en_stmt_dup(s, 0, &o->name, err);
    if (st == EN_OK) {
        st = en_stmt_dup(s, 1, &o->kind, err);
    }
    return st == EN_OK ? en_stmt_dup(s, 2, &o->state, err) : st;
}

/* Rows of (name, kind, state, count, accepted). */
static en_status read_origins(en_db *db, en_sql statement, en_report_origin **origins, size_t *count, en_error *err)
{
    en_stmt *s;
    en_status st = en_db_prepare(db, statement, &s, err);
    while (st == EN_OK && (st = en_stmt_step(s, err)) == EN_OK) {
        en_report_origin *list = one_more(*origins, *count, sizeof *list, err);
        if (list != NULL) {
            *origins = list;
            st = read_origin(s, &list[(*count)++], err);
        }
        if (list == NULL || st != EN_OK) {
            en_stmt_reset(s);
            return EN_NOMEM;
        }
    }
    return st == EN_DONE ? EN_OK : st;
}

static en_status read_balance(en_db *db, en_report_result *r, en_error *err)
{
    en_stmt *s;
    en_status st = en_db_prepare(db, EN_SQL_REPORT_BALANCE, &s, err);
    if (st == EN_OK) {
        en_stmt_bind_id(s, "split_id", r->split.id);
    }
    while (st == EN_OK && (st = en_stmt_step(s, err)) == EN_OK) {
        en_report_balance *list = one_more(r->balance, r->balances, sizeof *list, err);
        if (list != NULL) {
            r->balance = list;
            list[r->balances] = (en_report_balance){.name = en_report_grade_name(en_stmt_id(s, 0)),
                                                    .train = en_stmt_int(s, 1),
                                                    .val = en_stmt_int(s, 2),
                                                    .test = en_stmt_int(s, 3),
                                                    .none = en_stmt_int(s, 4)};
        }
        if (list == NULL || list[r->balances++].name == NULL) {
            en_stmt_reset(s);
            return en_error_nomem(err, "the report");
        }
    }
    return st == EN_DONE ? EN_OK : st;
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

static en_status read_run(en_catalog *c, en_report_result *r, en_error *err)
{
    en_status st = en_classes_from_json(r->run.classes, &r->classes, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_catalog_run_params(c, r->run.id, &r->params, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_catalog_metrics_of(c, r->run.id, &r->curves, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_catalog_subset_by_id(c, r->run.subset_id, &r->subset, err);
    if (st != EN_OK) {
        return st;
    }
    if (r->run.val_subset_id >= 0) {
        st = en_catalog_subset_by_id(c, r->run.val_subset_id, &r->val_subset, err);
        if (st != EN_OK) {
            return st;
        }
    }
    st = read_views(c, r, err);
    if (st != EN_OK) {
        return st;
    }
    return find_checkpoint(c, r, err);
}

static en_status find_run(en_catalog *c, const char *name, en_report_result *r, en_error *err)
{
    int64_t runs = 0;
    en_status st = EN_OK;
    if (name == NULL) {
        st = en_db_number(en_catalog_db(c), EN_SQL_REPORT_RUNS, &runs, err);
        if (st != EN_OK || runs == 0) {
            return st;
        }
    }
    st = en_catalog_run_get(c, name, &r->run, err);
    r->has_run = st == EN_OK;
    return st;
}

en_status en_report_collect(en_project *project, const char *run, en_report_result *r, en_error *err)
{
    en_catalog *c = project->catalog;
    en_db *db = en_catalog_db(c);
    r->val_subset.id = r->split.id = r->run.id = -1;
    r->run.recipe_id = -1;
    en_status st = find_run(c, run, r, err);
    if (st != EN_OK) {
        return st;
    }
    if (!r->has_run || r->run.split != NULL) {
        st = en_catalog_split_find(c, r->run.split, &r->split, err);
        if (st != EN_OK && st != EN_DONE) {
            return st;
        }
    }
    st = read_numbers(db, r->run.recipe_id, r, err);
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
    return st == EN_OK && r->has_run ? read_run(c, r, err) : st;
}
