/* Sources, their volumes, and the files they held. Uses db. */
#include <stdlib.h>
#include <string.h>

#include "base/charset.h"
#include "base/memory.h"
#include "base/text.h"
#include "catalog/dataset.h"
#include "catalog/source.h"
#include "catalog/internal.h"
#include "db/row.h"
#include "db/statements.h"

static const en_row_column source_columns[] = {
    {"source_id", EN_COL(en_catalog_source, id)},
    {"uri", EN_COL_IS(en_catalog_source, uri, EN_RULE_TEXT)},
    {"version", EN_COL_IS(en_catalog_source, version, EN_RULE_COUNT)},
    {"kind", EN_COL_WORD(en_catalog_source, kind, en_source_kinds)},
    {"etag", EN_COL(en_catalog_source, etag)},
    {"bytes", EN_COL_MAY(en_catalog_source, bytes, EN_RULE_COUNT)},
    {"sha256", EN_COL_MAY(en_catalog_source, sha256, EN_RULE_HASH)},
    {"state", EN_COL_WORD(en_catalog_source, state, en_source_states)},
};
static const en_row_type source_type = EN_ROW_TYPE(en_catalog_source, source_columns);

static const en_row_column member_columns[] = {
    {"member_id", EN_COL(en_catalog_member, id)},
    {"source_id", EN_COL(en_catalog_member, source_id)},
    {"path", EN_COL_IS(en_catalog_member, path, EN_RULE_PATH)},
    {"photograph", EN_COL(en_catalog_member, photograph)},
    {"bytes", EN_COL_IS(en_catalog_member, bytes, EN_RULE_COUNT)},
    {"crc32", EN_COL_MAY(en_catalog_member, crc32, EN_RULE_COUNT)},
    {"sha256", EN_COL_MAY(en_catalog_member, sha256, EN_RULE_HASH)},
};
static const en_row_type member_type = EN_ROW_TYPE(en_catalog_member, member_columns);

/* A uri is a path on this computer, which may be in any code page; in the catalog text is UTF-8. */
static en_status bind_uri(en_stmt *s, const char *uri, en_error *err)
{
    en_buf text;
    en_buf_init(&text, 4 * strlen(uri) + 1);
    en_status st = en_charset_to_utf8(uri, strlen(uri), NULL, &text, err);
    if (st == EN_OK) {
        en_stmt_bind_text(s, "uri", en_buf_str(&text));
    }
    en_buf_clear(&text);
    return st;
}

en_status en_catalog_source_put(en_catalog *c, en_catalog_source *source, en_error *err)
{
    en_stmt *s;
    bool own;
    en_status st = en_db_enter(c->db, &own, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_db_prepare(c->db, EN_SQL_SOURCE_PUT, &s, err);
    if (st == EN_OK) {
        st = bind_uri(s, source->uri, err);
    }
    if (st == EN_OK) {
        en_stmt_bind_int(s, "version", source->version);
        en_stmt_bind_word(s, "kind", &en_source_kinds, source->kind);
        en_stmt_bind_text(s, "etag", source->etag);
        en_stmt_bind_id(s, "bytes", source->bytes);
        en_stmt_bind_text(s, "sha256", source->sha256);
        en_stmt_bind_word(s, "state", &en_source_states, source->state);
        st = en_stmt_number(s, &source->id, err);
    }
    if (st == EN_OK) {
        st = en_catalog_dataset_join(c, source, err);
    }
    return en_db_leave(c->db, own, st, err);
}

en_status en_catalog_source_find(en_catalog *c, const char *uri, en_catalog_source *out, en_error *err)
{
    en_stmt *s;
    *out = (en_catalog_source){0};
    en_status st = en_db_prepare(c->db, EN_SQL_SOURCE_FIND, &s, err);
    if (st != EN_OK) {
        return st;
    }
    st = bind_uri(s, uri, err);
    if (st != EN_OK) {
        return st;
    }
    return en_row_one(s, &source_type, out, err);
}

void en_catalog_source_clear(en_catalog_source *s) { en_row_clear(&source_type, s); }

en_status en_catalog_volume_put(en_catalog *c, int64_t source_id, int64_t number, const char *name, int64_t bytes,
                                const char *sha256, en_error *err)
{
    en_stmt *s;
    en_status st = en_catalog_prepare_id(c, EN_SQL_SOURCE_VOLUME_PUT, "source_id", source_id, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_int(s, "number", number);
    en_stmt_bind_text(s, "name", name);
    en_stmt_bind_id(s, "bytes", bytes);
    en_stmt_bind_text(s, "sha256", sha256);
    return en_stmt_run(s, err);
}

en_status en_catalog_member_put(en_catalog *c, en_catalog_member *m, en_error *err)
{
    en_stmt *s;
    bool own;
    en_status st = en_db_enter(c->db, &own, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_catalog_prepare_id(c, EN_SQL_SOURCE_MEMBER_PUT, "source_id", m->source_id, &s, err);
    if (st == EN_OK) {
        en_stmt_bind_text(s, "path", m->path);
        en_stmt_bind_int(s, "photograph", m->photograph);
        en_stmt_bind_int(s, "bytes", m->bytes);
        en_stmt_bind_id(s, "crc32", m->crc32);
        en_stmt_bind_text(s, "sha256", m->sha256);
        st = en_stmt_number(s, &m->id, err);
    }
    return en_db_leave(c->db, own, st, err);
}

en_status en_catalog_member_find(en_catalog *c, const char *path, en_catalog_member *out, en_error *err)
{
    en_stmt *s;
    *out = (en_catalog_member){0};
    en_status st = en_db_prepare(c->db, EN_SQL_SOURCE_MEMBER_FIND, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_text(s, "path", path);
    return en_row_one(s, &member_type, out, err);
}

void en_catalog_member_clear(en_catalog_member *m) { en_row_clear(&member_type, m); }

static int by_path(const void *a, const void *b)
{
    const char *x = ((const en_catalog_member *)a)->path, *y = ((const en_catalog_member *)b)->path;
    int order = en_natural_compare(x, y);
    return order != 0 ? order : strcmp(x, y);
}

static en_status read_members(en_stmt *s, en_catalog_members *out, en_error *err)
{
    void *rows = NULL;
    en_status st = en_rows_read(s, &member_type, &rows, &out->count, err);
    out->row = rows;
    if (st != EN_OK) {
        en_catalog_members_clear(out);
    } else if (out->count > 1) {
        qsort(out->row, out->count, sizeof *out->row, by_path);
    }
    return st;
}

en_status en_catalog_members_pending(en_catalog *c, en_catalog_members *out, en_error *err)
{
    en_stmt *s;
    *out = (en_catalog_members){0};
    en_status st = en_db_prepare(c->db, EN_SQL_SOURCE_MEMBERS_PENDING, &s, err);
    return st == EN_OK ? read_members(s, out, err) : st;
}

en_status en_catalog_members_of(en_catalog *c, int64_t source_id, en_catalog_members *out, en_error *err)
{
    en_stmt *s;
    *out = (en_catalog_members){0};
    en_status st = en_catalog_prepare_id(c, EN_SQL_SOURCE_MEMBERS_OF, "source_id", source_id, &s, err);
    return st == EN_OK ? read_members(s, out, err) : st;
}

void en_catalog_members_clear(en_catalog_members *m)
{
    for (size_t i = 0; i < m->count; i++) {
        en_free(m->row[i].called); /* it is not a column */
    }
    en_rows_clear(&member_type, m->row, m->count);
    *m = (en_catalog_members){0};
}
