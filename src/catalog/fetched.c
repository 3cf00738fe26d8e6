/* Rows of fetches and of damaged photographs. Uses db. */
#include "catalog/fetched.h"

#include "base/memory.h"
#include "catalog/internal.h"
#include "db/statements.h"

en_status en_catalog_fetch_put(en_catalog *c, int64_t source_id, const char *terms, const char *program, en_error *err)
{
    en_stmt *s;
    en_status st = en_catalog_prepare_id(c, EN_SQL_FETCH_PUT, "source_id", source_id, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_text(s, "terms", terms);
    en_stmt_bind_text(s, "program", program);
    return en_stmt_run(s, err);
}

en_status en_catalog_source_encoding(en_catalog *c, const char *uri, char **encoding, en_error *err)
{
    en_stmt *s;
    *encoding = NULL;
    en_status st = en_db_prepare(c->db, EN_SQL_FETCH_ENCODING, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_text(s, "uri", uri);
    st = en_stmt_step(s, err);
    if (st == EN_OK) {
        st = en_stmt_dup(s, 0, encoding, err);
    }
    en_stmt_reset(s);
    return st;
}

en_status en_catalog_source_encoding_put(en_catalog *c, int64_t source_id, const char *encoding, en_error *err)
{
    en_stmt *s;
    en_status st = en_catalog_prepare_id(c, EN_SQL_FETCH_ENCODING_PUT, "source_id", source_id, &s, err);
    if (st == EN_OK) {
        en_stmt_bind_text(s, "encoding", encoding);
        st = en_stmt_run(s, err);
    }
    return st;
}

en_status en_catalog_damage_put(en_catalog *c, int64_t source_id, const char *path, const char *volume,
                                const char *reason, en_error *err)
{
    en_stmt *s;
    en_status st = en_catalog_prepare_id(c, EN_SQL_FETCH_DAMAGE_PUT, "source_id", source_id, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_text(s, "path", path);
    en_stmt_bind_text(s, "volume", volume);
    en_stmt_bind_text(s, "reason", reason);
    return en_stmt_run(s, err);
}

en_status en_catalog_damage_mend(en_catalog *c, int64_t source_id, int64_t *left, en_error *err)
{
    en_stmt *s;
    en_status st = en_catalog_prepare_id(c, EN_SQL_FETCH_DAMAGE_MEND, "source_id", source_id, &s, err);
    if (st == EN_OK) {
        st = en_stmt_run(s, err);
    }
    return st == EN_OK ? en_catalog_damage_count(c, source_id, left, err) : st;
}

en_status en_catalog_damage_count(en_catalog *c, int64_t source_id, int64_t *count, en_error *err)
{
    en_stmt *s;
    en_status st = en_catalog_prepare_id(c, EN_SQL_FETCH_DAMAGE_COUNT, "source_id", source_id, &s, err);
    return st == EN_OK ? en_stmt_number(s, count, err) : st;
}

en_status en_catalog_damaged(en_catalog *c, en_catalog_uris *out, en_error *err)
{
    en_stmt *s;
    *out = (en_catalog_uris){0};
    en_status st = en_db_prepare(c->db, EN_SQL_FETCH_DAMAGED_URIS, &s, err);
    while (st == EN_OK && (st = en_stmt_step(s, err)) == EN_OK) {
        char **grown = en_array_grow(out->uri, out->count, sizeof *grown, err);
        if (grown == NULL) {
            st = EN_NOMEM;
            break;
        }
        out->uri = grown;
        st = en_stmt_dup(s, 0, &grown[out->count], err);
        out->count += st == EN_OK;
    }
    if (st == EN_DONE) {
        return EN_OK;
    }
    en_catalog_uris_clear(out);
    return st;
}

void en_catalog_uris_clear(en_catalog_uris *uris)
{
    for (size_t i = 0; i < uris->count; i++) {
        en_free(uris->uri[i]);
    }
    en_free(uris->uri);
    *uris = (en_catalog_uris){0};
}

/* The numbers of the rows that come of a statement. */
static en_status read_ids(en_stmt *s, en_catalog_ids *out, en_error *err)
{
    en_status st;
    while ((st = en_stmt_step(s, err)) == EN_OK) {
        int64_t *grown = en_array_grow(out->id, out->count, sizeof *grown, err);
        if (grown == NULL) {
            en_stmt_reset(s);
            st = EN_NOMEM;
            break;
        }
        out->id = grown;
        grown[out->count++] = en_stmt_int(s, 0);
    }
    if (st == EN_DONE) {
        return EN_OK;
    }
    en_free(out->id);
    *out = (en_catalog_ids){0};
    return st;
}

en_status en_catalog_sources(en_catalog *c, const char *uri, const char *dataset, en_catalog_ids *out, en_error *err)
{
    en_stmt *s;
    *out = (en_catalog_ids){0};
    en_status st = en_db_prepare(c->db, EN_SQL_FETCH_SOURCES, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_text(s, "uri", uri);
    en_stmt_bind_text(s, "dataset", dataset);
    return read_ids(s, out, err);
}

en_status en_catalog_sources_inside(en_catalog *c, const char *uri, en_catalog_ids *out, en_error *err)
{
    en_stmt *s;
    *out = (en_catalog_ids){0};
    en_status st = en_db_prepare(c->db, EN_SQL_FETCH_INSIDE, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_text(s, "uri", uri);
    return read_ids(s, out, err);
}
