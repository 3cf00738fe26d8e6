/* Imported weights as rows. Uses db. */
#include "catalog/pretrained.h"

#include "catalog/internal.h"
#include "catalog/run.h"
#include "db/row.h"
#include "db/statements.h"

/* What sql/model/find and list return. */
static const en_row_column columns[] = {
    {"pretrained_id", EN_COL(en_catalog_pretrained, id)},
    {"name", EN_COL_IS(en_catalog_pretrained, name, EN_RULE_FILE_NAME)},
    {"preset", EN_COL_IS(en_catalog_pretrained, preset, EN_RULE_TEXT)},
    {"spec", EN_COL_IS(en_catalog_pretrained, spec, EN_RULE_TEXT)},
    {"path", EN_COL_IS(en_catalog_pretrained, path, EN_RULE_PATH)},
    {"sha256", EN_COL_IS(en_catalog_pretrained, sha256, EN_RULE_HASH)},
    {"origin", EN_COL_IS(en_catalog_pretrained, origin, EN_RULE_TEXT)},
    {"origin_sha256", EN_COL_IS(en_catalog_pretrained, origin_sha256, EN_RULE_HASH)},
    {"licence", EN_COL_IS(en_catalog_pretrained, licence, EN_RULE_TEXT)},
    {"tensors", EN_COL_IS(en_catalog_pretrained, tensors, EN_RULE_COUNT)},
    {"parameters", EN_COL_IS(en_catalog_pretrained, parameters, EN_RULE_COUNT)},
    {"imported_at", EN_COL_IS(en_catalog_pretrained, imported_at, EN_RULE_TEXT)},
};
static const en_row_type row_type = EN_ROW_TYPE(en_catalog_pretrained, columns);

static en_status put_row(en_catalog *c, const en_catalog_pretrained *row, int64_t model_id, en_error *err)
{
    en_stmt *s;
    int64_t id;
    en_status st = en_catalog_prepare_id(c, EN_SQL_MODEL_PUT, "model_id", model_id, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_text(s, "name", row->name);
    en_stmt_bind_text(s, "preset", row->preset);
    en_stmt_bind_text(s, "path", row->path);
    en_stmt_bind_text(s, "sha256", row->sha256);
    en_stmt_bind_text(s, "origin", row->origin);
    en_stmt_bind_text(s, "origin_sha256", row->origin_sha256);
    en_stmt_bind_text(s, "licence", row->licence);
    en_stmt_bind_int(s, "tensors", row->tensors);
    en_stmt_bind_int(s, "parameters", row->parameters);
    return en_stmt_number(s, &id, err);
}

en_status en_catalog_pretrained_put(en_catalog *c, const en_catalog_pretrained *row, en_error *err)
{
    bool own;
    int64_t model_id;
    en_status st = en_db_enter(c->db, &own, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_catalog_model_put(c, row->preset, row->spec, &model_id, err);
    if (st == EN_OK) {
        st = put_row(c, row, model_id, err);
    }
    return en_db_leave(c->db, own, st, err);
}

en_status en_catalog_pretrained_find(en_catalog *c, const char *name, en_catalog_pretrained *out, en_error *err)
{
    en_stmt *s;
    *out = (en_catalog_pretrained){0};
    en_status st = en_db_prepare(c->db, EN_SQL_MODEL_FIND, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_text(s, "name", name);
    return en_row_one(s, &row_type, out, err);
}

en_status en_catalog_pretrained_get(en_catalog *c, const char *name, en_catalog_pretrained *out, en_error *err)
{
    en_status st = en_catalog_pretrained_find(c, name, out, err);
    return st == EN_DONE ? en_catalog_unknown(c, "imported model", name, EN_SQL_MODEL_NAMES, err) : st;
}

void en_catalog_pretrained_clear(en_catalog_pretrained *row) { en_row_clear(&row_type, row); }

en_status en_catalog_pretrained_all(en_catalog *c, en_catalog_pretrained_list *out, en_error *err)
{
    en_stmt *s;
    void *rows = NULL;
    *out = (en_catalog_pretrained_list){0};
    en_status st = en_db_prepare(c->db, EN_SQL_MODEL_LIST, &s, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_rows_read(s, &row_type, &rows, &out->count, err);
    out->row = rows;
    return st;
}

void en_catalog_pretrained_list_clear(en_catalog_pretrained_list *list)
{
    en_rows_clear(&row_type, list->row, list->count);
    *list = (en_catalog_pretrained_list){0};
}
