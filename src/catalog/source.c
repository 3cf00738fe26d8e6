/* Sources, their volumes, and the files they held. Uses db. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "catalog/source.h"
#include "catalog/internal.h"
#include "db/statements.h"

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
        en_stmt_bind_text(s, "uri", source->uri);
        en_stmt_bind_text(s, "kind", source->kind);
        en_stmt_bind_text(s, "etag", source->etag);
        en_stmt_bind_id(s, "bytes", source->bytes);
        en_stmt_bind_text(s, "sha256", source->sha256);
        en_stmt_bind_text(s, "state", source->state);
        st = en_stmt_number(s, &source->id, err);
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
    en_stmt_bind_text(s, "uri", uri);
    st = en_stmt_step(s, err);
    if (st != EN_OK) {
        return st;
    }
    out->id = en_stmt_int(s, 0);
    out->bytes = en_stmt_id(s, 4);
    char **text[] = {&out->uri, &out->kind, &out->etag, &out->sha256, &out->state};
    static const int column[] = {1, 2, 3, 5, 6};
    for (size_t i = 0; i < 5 && st == EN_OK; i++) {
        st = en_stmt_dup(s, column[i], text[i], err);
    }
    en_stmt_reset(s);
    if (st != EN_OK) {
        en_catalog_source_clear(out);
    }
    return st;
}

void en_catalog_source_clear(en_catalog_source *s)
{
    en_free(s->uri);
    en_free(s->kind);
    en_free(s->etag);
    en_free(s->sha256);
    en_free(s->state);
    *s = (en_catalog_source){0};
}

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

static en_status read_member(const en_stmt *s, void *row, en_error *err)
{
    en_catalog_member *m = row;
    m->id = en_stmt_int(s, 0);
    m->source_id = en_stmt_int(s, 1);
    m->photograph = en_stmt_int(s, 3) != 0;
    m->bytes = en_stmt_int(s, 4);
    m->crc32 = en_stmt_id(s, 5);
    en_status st = en_stmt_dup(s, 2, &m->path, err);
    return st == EN_OK ? en_stmt_dup(s, 6, &m->sha256, err) : st;
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
    st = en_stmt_step(s, err);
    if (st == EN_OK) {
        st = read_member(s, out, err);
        en_stmt_reset(s);
        if (st != EN_OK) {
            en_catalog_member_clear(out);
        }
    }
    return st;
}

void en_catalog_member_clear(en_catalog_member *m)
{
    en_free(m->path);
    en_free(m->sha256);
    *m = (en_catalog_member){0};
}

static int by_path(const void *a, const void *b)
{
    const char *x = ((const en_catalog_member *)a)->path, *y = ((const en_catalog_member *)b)->path;
    int order = en_natural_compare(x, y);
    return order != 0 ? order : strcmp(x, y);
}

static en_status read_members(en_stmt *s, en_catalog_members *out, en_error *err)
{
    void *rows = NULL;
    en_status st = en_catalog_read_rows(s, &rows, &out->count, sizeof *out->row, read_member, err);
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
        en_catalog_member_clear(&m->row[i]);
    }
    en_free(m->row);
    *m = (en_catalog_members){0};
}
