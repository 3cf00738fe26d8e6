/* Labels beside each other: grades that differ, and images that two graders graded. Uses db. */
#include "catalog/internal.h"
#include "catalog/label.h"
#include "catalog/scheme.h"
#include "db/row.h"
#include "db/statements.h"

static const char *const kinds[] = {NULL, "copy", "grader", "file"};
const en_wordlist en_conflicts = EN_WORDLIST("kind of conflict", kinds);

static const en_row_column conflict_columns[] = {
    {"scheme", EN_COL_IS(en_catalog_conflict, scheme, EN_RULE_FILE_NAME)},
    {"kind", EN_COL_WORD(en_catalog_conflict, kind, en_conflicts)},
    {"image", EN_COL_IS(en_catalog_conflict, image, EN_RULE_TEXT)},
    {"grade", EN_COL(en_catalog_conflict, grade)},
    {"grader", EN_COL_IS(en_catalog_conflict, grader, EN_RULE_TEXT)},
    {"file", EN_COL_IS(en_catalog_conflict, file, EN_RULE_TEXT)},
    {"other", EN_COL_MAY(en_catalog_conflict, other, EN_RULE_TEXT)},
    {"other_grade", EN_COL(en_catalog_conflict, other_grade)},
    {"other_grader", EN_COL_IS(en_catalog_conflict, other_grader, EN_RULE_TEXT)},
    {"other_file", EN_COL_IS(en_catalog_conflict, other_file, EN_RULE_TEXT)},
};
static const en_row_type conflict_type = EN_ROW_TYPE(en_catalog_conflict, conflict_columns);

/* A statement with the parameter :scheme, NULL for all. */
static en_status prepare_of_scheme(en_catalog *c, en_sql id, const char *scheme, en_stmt **s, en_error *err)
{
    en_catalog_scheme there;
    en_status st = scheme != NULL ? en_catalog_scheme_get(c, scheme, &there, err) : EN_OK;
    if (st == EN_OK) {
        st = en_db_prepare(c->db, id, s, err);
    }
    if (st == EN_OK) {
        en_stmt_bind_text(*s, "scheme", scheme != NULL ? there.name : NULL);
    }
    return st;
}

en_status en_catalog_label_conflicts(en_catalog *c, const char *scheme, bool only_copies, en_catalog_conflicts *out,
                                     en_error *err)
{
    en_stmt *s;
    void *rows = NULL;
    *out = (en_catalog_conflicts){0};
    en_status st = prepare_of_scheme(c, EN_SQL_LABEL_CONFLICTS, scheme, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_int(s, "only_copies", only_copies);
    st = en_rows_read(s, &conflict_type, &rows, &out->count, err);
    out->row = rows;
    if (st != EN_OK) {
        en_catalog_conflicts_clear(out);
    }
    return st;
}

void en_catalog_conflicts_clear(en_catalog_conflicts *conflicts)
{
    en_rows_clear(&conflict_type, conflicts->row, conflicts->count);
    *conflicts = (en_catalog_conflicts){0};
}

static const en_row_column twice_columns[] = {
    {"scheme", EN_COL_IS(en_catalog_graded_twice, scheme, EN_RULE_FILE_NAME)},
    {"first", EN_COL_IS(en_catalog_graded_twice, first, EN_RULE_TEXT)},
    {"second", EN_COL_IS(en_catalog_graded_twice, second, EN_RULE_TEXT)},
    {"first_grade", EN_COL_IS(en_catalog_graded_twice, first_grade, EN_RULE_COUNT)},
    {"second_grade", EN_COL_IS(en_catalog_graded_twice, second_grade, EN_RULE_COUNT)},
    {"patient_group", EN_COL(en_catalog_graded_twice, patient_group)},
};
static const en_row_type twice_type = EN_ROW_TYPE(en_catalog_graded_twice, twice_columns);

en_status en_catalog_graded_twice_all(en_catalog *c, const char *scheme, en_catalog_graded_twice_rows *out,
                                      en_error *err)
{
    en_stmt *s;
    void *rows = NULL;
    *out = (en_catalog_graded_twice_rows){0};
    en_status st = prepare_of_scheme(c, EN_SQL_LABEL_GRADED_TWICE, scheme, &s, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_rows_read(s, &twice_type, &rows, &out->count, err);
    out->row = rows;
    return st;
}

void en_catalog_graded_twice_clear(en_catalog_graded_twice_rows *rows)
{
    en_rows_clear(&twice_type, rows->row, rows->count);
    *rows = (en_catalog_graded_twice_rows){0};
}
