/* Splits. Uses db. */
#include "catalog/split.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "catalog/internal.h"
#include "db/row.h"
#include "db/statements.h"

static const en_row_column patient_columns[] = {
    {"patient", EN_COL_IS(en_catalog_patient, patient, EN_RULE_TEXT)},
    {"images", EN_COL_IS(en_catalog_patient, images, EN_RULE_COUNT)},
    {"worst_grade", EN_COL(en_catalog_patient, worst_grade)},
    {"grade_0", EN_COL(en_catalog_patient, by_grade[0])},
    {"grade_1", EN_COL(en_catalog_patient, by_grade[1])},
    {"grade_2", EN_COL(en_catalog_patient, by_grade[2])},
    {"grade_3", EN_COL(en_catalog_patient, by_grade[3])},
    {"grade_4", EN_COL(en_catalog_patient, by_grade[4])},
};
static const en_row_type patient_type = EN_ROW_TYPE(en_catalog_patient, patient_columns);

static const en_row_column split_columns[] = {
    {"split_id", EN_COL(en_catalog_split, id)},
    {"name", EN_COL_IS(en_catalog_split, name, EN_RULE_NAME)},
    {"rule", EN_COL_IS(en_catalog_split, rule, EN_RULE_TEXT)},
    {"seed", EN_COL(en_catalog_split, seed)},
};
static const en_row_type split_type = EN_ROW_TYPE(en_catalog_split, split_columns);

static int by_patient(const void *a, const void *b)
{
    const char *x = ((const en_catalog_patient *)a)->patient, *y = ((const en_catalog_patient *)b)->patient;
    int order = en_natural_compare(x, y);
    return order != 0 ? order : strcmp(x, y);
}

en_status en_catalog_patients_read(en_catalog *c, en_catalog_patients *out, en_error *err)
{
    en_stmt *s;
    void *rows = NULL;
    *out = (en_catalog_patients){0};
    en_status st = en_db_prepare(c->db, EN_SQL_SPLIT_PATIENTS, &s, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_rows_read(s, &patient_type, &rows, &out->count, err);
    out->row = rows;
    if (st != EN_OK) {
        en_catalog_patients_clear(out);
    } else if (out->count > 1) {
        qsort(out->row, out->count, sizeof *out->row, by_patient);
    }
    return st;
}

void en_catalog_patients_clear(en_catalog_patients *p)
{
    en_rows_clear(&patient_type, p->row, p->count);
    *p = (en_catalog_patients){0};
}

en_status en_catalog_split_create(en_catalog *c, const char *name, uint64_t seed, const char *rule, int64_t *split_id,
                                  en_error *err)
{
    en_stmt *s;
    bool own;
    en_catalog_split there;
    en_status st = en_db_enter(c->db, &own, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_catalog_split_find(c, name, &there, err);
    if (st == EN_OK) {
        en_catalog_split_clear(&there);
        st = en_error_hint(err, en_error_set(err, EN_INPUT, "there is a split '%s' already", name),
                           "give the new one another name");
    } else if (st == EN_DONE) {
        st = en_db_prepare(c->db, EN_SQL_SPLIT_PUT, &s, err);
        if (st == EN_OK) {
            en_stmt_bind_text(s, "name", name);
            en_stmt_bind_int(s, "seed", (int64_t)seed);
            en_stmt_bind_text(s, "rule", rule);
            st = en_stmt_number(s, split_id, err);
        }
    }
    return en_db_leave(c->db, own, st, err);
}

en_status en_catalog_split_assign(en_catalog *c, int64_t split_id, const char *patient, en_part part, en_error *err)
{
    en_stmt *s;
    en_status st = en_catalog_prepare_id(c, EN_SQL_SPLIT_ASSIGN, "split_id", split_id, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_text(s, "patient", patient);
    en_stmt_bind_word(s, "part", &en_parts, part);
    return en_stmt_run(s, err);
}

en_status en_catalog_split_find(en_catalog *c, const char *name, en_catalog_split *out, en_error *err)
{
    en_stmt *s;
    *out = (en_catalog_split){0};
    en_status st = en_db_prepare(c->db, EN_SQL_SPLIT_FIND, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_text(s, "name", name);
    return en_row_one(s, &split_type, out, err);
}

void en_catalog_split_clear(en_catalog_split *s) { en_row_clear(&split_type, s); }

en_status en_catalog_folds_read(en_catalog *c, const char *name, en_catalog_splits *out, en_error *err)
{
    en_stmt *s;
    void *rows = NULL;
    *out = (en_catalog_splits){0};
    en_status st = en_db_prepare(c->db, EN_SQL_SPLIT_FOLDS, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_text(s, "name", name);
    st = en_rows_read(s, &split_type, &rows, &out->count, err);
    out->row = rows;
    if (st != EN_OK) {
        en_catalog_splits_clear(out);
    } else if (out->count == 0) {
        st = en_catalog_unknown(c, "partition into folds", name, EN_SQL_SPLIT_FOLD_NAMES, err);
    }
    return st;
}

void en_catalog_splits_clear(en_catalog_splits *s)
{
    en_rows_clear(&split_type, s->row, s->count);
    *s = (en_catalog_splits){0};
}

en_status en_catalog_fold_put(en_catalog *c, int64_t split_id, const char *name, int64_t fold, int64_t folds,
                              en_error *err)
{
    en_stmt *s;
    en_status st = en_catalog_prepare_id(c, EN_SQL_SPLIT_FOLD_PUT, "split_id", split_id, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_text(s, "name", name);
    en_stmt_bind_int(s, "fold", fold);
    en_stmt_bind_int(s, "folds", folds);
    return en_stmt_run(s, err);
}

en_status en_catalog_images_by(en_catalog *c, const char *what, const char *expression, const en_events *events,
                               en_query **out, en_error *err)
{
    const en_sql_piece piece = {"expression", expression};
    char *alone = en_sql_compose(EN_SQL_SPLIT_EXPRESSION, &piece, 1);
    char *sql = en_sql_compose(EN_SQL_SPLIT_IMAGES_BY, &piece, 1);
    *out = NULL;
    en_status st = alone != NULL && sql != NULL ? EN_OK : en_error_nomem(err, what);
    if (st == EN_OK) {
        st = en_query_open_repeatable(c->db, what, alone, NULL, out, err);
    }
    if (st == EN_OK && (en_query_columns(*out) != 1 || !en_sql_is_enclosed(expression))) {
        st = en_error_set(err, EN_INPUT, "%s: '%s' is not one expression over the columns of the view images", what,
                          expression);
    }
    en_query_close(*out);
    *out = NULL;
    if (st == EN_OK) {
        st = en_query_open_repeatable(c->db, what, sql, events, out, err);
    }
    en_free(alone);
    en_free(sql);
    return st;
}

en_status en_catalog_split_has_plain(en_catalog *c, const char *split, en_part part, bool *any, en_error *err)
{
    en_stmt *s;
    int64_t exists = 0;
    en_status st = en_db_prepare(c->db, EN_SQL_SPLIT_HAS_PLAIN, &s, err);
    if (st == EN_OK) {
        en_stmt_bind_text(s, "split", split);
        en_stmt_bind_word(s, "part", &en_parts, part);
        st = en_stmt_number(s, &exists, err);
    }
    *any = exists != 0;
    return st;
}
