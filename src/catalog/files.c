/* See files.h. Uses db. */
#include "catalog/files.h"

#include "catalog/internal.h"
#include "db/row.h"
#include "db/statements.h"

static const en_row_column columns[] = {
    {"path", EN_COL_IS(en_catalog_file, path, EN_RULE_PATH)},
    {"bytes", EN_COL(en_catalog_file, bytes)},
    {"sha256", EN_COL_MAY(en_catalog_file, sha256, EN_RULE_HASH)},
    {"source", EN_COL_IS(en_catalog_file, source, EN_RULE_TEXT)},
    {"terms", EN_COL(en_catalog_file, terms)},
    {"fetched_at", EN_COL(en_catalog_file, fetched_at)},
    {"image", EN_COL(en_catalog_file, image)},
    {"dataset", EN_COL(en_catalog_file, dataset)},
    {"patient", EN_COL(en_catalog_file, patient)},
    {"eye", EN_COL(en_catalog_file, eye)},
    {"status", EN_COL(en_catalog_file, status)},
    {"reason", EN_COL(en_catalog_file, reason)},
    {"format", EN_COL(en_catalog_file, format)},
    {"width", EN_COL(en_catalog_file, width)},
    {"height", EN_COL(en_catalog_file, height)},
    {"part", EN_COL_WORD(en_catalog_file, part, en_parts)},
    {"grade", EN_COL(en_catalog_file, grade)},
    {"gradable", EN_COL(en_catalog_file, gradable)},
    {"eyeq", EN_COL(en_catalog_file, eyeq)},
};
static const en_row_type type = EN_ROW_TYPE(en_catalog_file, columns);

en_status en_catalog_files_list(en_catalog *c, int64_t split_id, en_catalog_files *out, en_error *err)
{
    en_stmt *s;
    void *rows = NULL;
    *out = (en_catalog_files){0};
    en_status st = en_catalog_prepare_id(c, EN_SQL_IMAGE_FILES, "split_id", split_id, &s, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_rows_read(s, &type, &rows, &out->count, err);
    out->row = rows;
    if (st != EN_OK) {
        en_catalog_files_clear(out);
    }
    return st;
}

void en_catalog_files_clear(en_catalog_files *files)
{
    en_rows_clear(&type, files->row, files->count);
    *files = (en_catalog_files){0};
}

static const en_row_column label_columns[] = {
    {"path", EN_COL_IS(en_catalog_file_label, path, EN_RULE_PATH)},
    {"scheme", EN_COL_IS(en_catalog_file_label, scheme, EN_RULE_FILE_NAME)},
    {"grade", EN_COL_IS(en_catalog_file_label, grade, EN_RULE_COUNT)},
    {"meaning", EN_COL_MAY(en_catalog_file_label, meaning, EN_RULE_NAME)},
};
static const en_row_type label_type = EN_ROW_TYPE(en_catalog_file_label, label_columns);

en_status en_catalog_file_labels_list(en_catalog *c, en_catalog_file_labels *out, en_error *err)
{
    en_stmt *s;
    void *rows = NULL;
    *out = (en_catalog_file_labels){0};
    en_status st = en_db_prepare(c->db, EN_SQL_IMAGE_FILE_LABELS, &s, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_rows_read(s, &label_type, &rows, &out->count, err);
    out->row = rows;
    return st;
}

void en_catalog_file_labels_clear(en_catalog_file_labels *labels)
{
    en_rows_clear(&label_type, labels->row, labels->count);
    *labels = (en_catalog_file_labels){0};
}
