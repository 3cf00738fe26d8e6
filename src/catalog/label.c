/* Labels. Uses db. */
#include "catalog/label.h"

#include <stdio.h>
#include <string.h>

#include "catalog/internal.h"
#include "db/row.h"
#include "db/statements.h"

en_status en_catalog_label_begin(en_catalog *c, const en_catalog_label_import *import, int64_t *import_id,
                                 en_error *err)
{
    en_stmt *s;
    bool own;
    en_status st = en_db_enter(c->db, &own, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_db_prepare(c->db, EN_SQL_LABEL_IMPORT_PUT, &s, err);
    if (st == EN_OK) {
        en_stmt_bind_text(s, "file", import->file);
        en_stmt_bind_text(s, "sha256", import->sha256);
        en_stmt_bind_text(s, "scheme", import->scheme);
        en_stmt_bind_text(s, "grader", import->grader);
        st = en_stmt_number(s, import_id, err);
    }
    return en_db_leave(c->db, own, st, err);
}

typedef struct current {
    char scheme[EN_NAME_MAX + 1];
    int64_t lowest, highest; /* of the scheme */
    int64_t grade;           /* -1: the image has no label */
    bool by_this_import, by_this_grader, by_this_file;
    char *file; /* that gave it */
} current;

static const en_row_column current_columns[] = {
    {"scheme", EN_COL_IS(current, scheme, EN_RULE_FILE_NAME)}, {"lowest", EN_COL_IS(current, lowest, EN_RULE_COUNT)},
    {"highest", EN_COL_IS(current, highest, EN_RULE_COUNT)},   {"grade", EN_COL(current, grade)},
    {"by_this_import", EN_COL(current, by_this_import)},       {"by_this_grader", EN_COL(current, by_this_grader)},
    {"by_this_file", EN_COL(current, by_this_file)},           {"file", EN_COL(current, file)},
};
static const en_row_type current_type = EN_ROW_TYPE(current, current_columns);

static en_status find_current(en_catalog *c, int64_t import_id, int64_t image_id, current *now, en_error *err)
{
    en_stmt *s;
    *now = (current){0};
    en_status st = en_catalog_prepare_id(c, EN_SQL_LABEL_CURRENT, "import_id", import_id, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_int(s, "image_id", image_id);
    st = en_row_one(s, &current_type, now, err);
    return st == EN_DONE ? en_catalog_dangling(err, "label import", import_id) : st;
}

static en_status insert_label(en_catalog *c, int64_t import_id, int64_t image_id, const char *scheme, int64_t grade,
                              en_error *err)
{
    en_stmt *s;
    en_status st = en_catalog_prepare_id(c, EN_SQL_LABEL_PUT, "image_id", image_id, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_text(s, "scheme", scheme);
    en_stmt_bind_int(s, "import_id", import_id);
    en_stmt_bind_int(s, "grade", grade);
    return en_stmt_run(s, err);
}

en_status en_catalog_label_put(en_catalog *c, int64_t import_id, int64_t image_id, int64_t grade,
                               en_catalog_label_outcome *outcome, en_error *err)
{
    current now;
    *outcome = EN_LABEL_UNCHANGED;
    en_status st = find_current(c, import_id, image_id, &now, err);
    if (st != EN_OK) {
        return st;
    }
    if (grade < now.lowest || grade > now.highest) {
        st = en_error_set(err, EN_INPUT, "%lld is not a grade of '%s': its scale is %lld to %lld", (long long)grade,
                          now.scheme, (long long)now.lowest, (long long)now.highest);
    } else if (now.grade == grade && now.by_this_grader) {
        st = EN_OK;
    } else if (now.by_this_import) {
        st = en_error_set(err, EN_INPUT, "the same image has grade %lld and grade %lld in one file",
                          (long long)now.grade, (long long)grade);
    } else {
        bool supersedes = now.grade >= 0 && now.grade != grade && !now.by_this_file;
        *outcome = supersedes ? EN_LABEL_SUPERSEDES : EN_LABEL_ADDED;
        st = insert_label(c, import_id, image_id, now.scheme, grade, err);
    }
    en_row_clear(&current_type, &now);
    return st;
}
