/* Embeddings as rows. Uses db. */
#include "catalog/embedding.h"

#include <stdio.h>

#include "base/memory.h"
#include "catalog/internal.h"
#include "db/row.h"
#include "db/statements.h"
#include "stats/cosine.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "embeddings are little-endian and are copied as they are");

/* What sql/embedding/set_find returns. */
static const en_row_column columns[] = {
    {"embedding_set_id", EN_COL(en_catalog_embedding_set, id)},
    {"model", EN_COL_IS(en_catalog_embedding_set, model, EN_RULE_TEXT)},
    {"weights_sha256", EN_COL_IS(en_catalog_embedding_set, weights_sha256, EN_RULE_HASH)},
    {"recipe_id", EN_COL_IS(en_catalog_embedding_set, recipe_id, EN_RULE_COUNT)},
    {"recipe", EN_COL_IS(en_catalog_embedding_set, recipe, EN_RULE_TEXT)},
    {"layer", EN_COL_IS(en_catalog_embedding_set, layer, EN_RULE_COUNT)},
    {"dimensions", EN_COL_IS(en_catalog_embedding_set, dimensions, EN_RULE_COUNT)},
};
static const en_row_type row_type = EN_ROW_TYPE(en_catalog_embedding_set, columns);

static void bind_identity(en_stmt *s, const en_catalog_embedding_set *set)
{
    en_stmt_bind_text(s, "weights_sha256", set->weights_sha256);
    en_stmt_bind_int(s, "recipe_id", set->recipe_id);
    en_stmt_bind_int(s, "layer", set->layer);
}

static en_status find_or_put(en_catalog *c, en_catalog_embedding_set *set, en_error *err)
{
    en_stmt *s;
    en_status st = en_db_prepare(c->db, EN_SQL_EMBEDDING_SET_SAME, &s, err);
    if (st != EN_OK) {
        return st;
    }
    bind_identity(s, set);
    st = en_stmt_step(s, err);
    if (st == EN_OK) {
        const int64_t dimensions = en_stmt_int(s, 1);
        set->id = en_stmt_int(s, 0);
        en_stmt_reset(s);
        return dimensions == set->dimensions
                   ? EN_OK
                   : en_error_set(err, EN_INPUT, "the embeddings of '%s' have %lld dimensions, and now it gives %lld",
                                  set->model, (long long)dimensions, (long long)set->dimensions);
    }
    if (st != EN_DONE) {
        return st;
    }
    st = en_db_prepare(c->db, EN_SQL_EMBEDDING_SET_PUT, &s, err);
    if (st != EN_OK) {
        return st;
    }
    bind_identity(s, set);
    en_stmt_bind_text(s, "model", set->model);
    en_stmt_bind_int(s, "dimensions", set->dimensions);
    return en_stmt_number(s, &set->id, err);
}

en_status en_catalog_embedding_set_put(en_catalog *c, en_catalog_embedding_set *set, en_error *err)
{
    bool own;
    en_status st = en_db_enter(c->db, &own, err);
    if (st != EN_OK) {
        return st;
    }
    st = find_or_put(c, set, err);
    return en_db_leave(c->db, own, st, err);
}

en_status en_catalog_embedding_set_get(en_catalog *c, const char *model, en_catalog_embedding_set *out, en_error *err)
{
    en_stmt *s;
    *out = (en_catalog_embedding_set){0};
    en_status st = en_db_prepare(c->db, EN_SQL_EMBEDDING_SET_FIND, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_text(s, "model", model);
    st = en_row_one(s, &row_type, out, err);
    if (st == EN_DONE) {
        st = model != NULL ? en_catalog_unknown(c, "model with embeddings", model, EN_SQL_EMBEDDING_SET_NAMES, err)
                           : en_error_hint(err, en_error_set(err, EN_INPUT, "there are no embeddings"),
                                           "make some with 'eyenet embed MODEL'");
    }
    if (st == EN_OK && (out->dimensions < 1 || out->dimensions > EN_EMBEDDING_DIMENSIONS_MAX)) {
        st = en_error_set(err, EN_INPUT, "the catalog has embeddings of %lld dimensions", (long long)out->dimensions);
    }
    return st;
}

void en_catalog_embedding_set_clear(en_catalog_embedding_set *set) { en_row_clear(&row_type, set); }

en_status en_catalog_embeddings_missing(en_catalog *c, const en_catalog_embedding_set *set, int64_t subset_id,
                                        en_catalog_facts *out, int64_t *wanted, en_error *err)
{
    en_stmt *s;
    *out = (en_catalog_facts){0};
    en_status st = en_catalog_prepare_id(c, EN_SQL_EMBEDDING_WANTED, "recipe_id", set->recipe_id, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_id(s, "subset_id", subset_id);
    st = en_stmt_number(s, wanted, err);
    if (st == EN_OK) {
        st = en_catalog_prepare_id(c, EN_SQL_EMBEDDING_MISSING, "recipe_id", set->recipe_id, &s, err);
    }
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_id(s, "subset_id", subset_id);
    en_stmt_bind_int(s, "embedding_set_id", set->id);
    return en_catalog_facts_read(s, out, err);
}

en_status en_catalog_embedding_put(en_catalog *c, const en_catalog_embedding_set *set, int64_t image_id,
                                   const char *sample_sha256, const float *vector, en_error *err)
{
    en_stmt *s;
    en_status st = en_catalog_prepare_id(c, EN_SQL_EMBEDDING_DROP, "image_id", image_id, &s, err);
    if (st == EN_OK) {
        en_stmt_bind_int(s, "embedding_set_id", set->id);
        st = en_stmt_run(s, err);
    }
    if (st == EN_OK) {
        st = en_catalog_prepare_id(c, EN_SQL_EMBEDDING_PUT, "image_id", image_id, &s, err);
    }
    if (st == EN_OK) {
        en_stmt_bind_int(s, "embedding_set_id", set->id);
        en_stmt_bind_text(s, "sample_sha256", sample_sha256);
        en_stmt_bind_blob(s, "vector", vector, (size_t)set->dimensions * sizeof *vector);
        st = en_stmt_run(s, err);
    }
    return st;
}

static const en_row_column origin_columns[] = {
    {"name", EN_COL_IS(en_catalog_embedding_origin, run, EN_RULE_TEXT)},
    {"target", EN_COL_IS(en_catalog_embedding_origin, target, EN_RULE_TEXT)},
    {"images", EN_COL_IS(en_catalog_embedding_origin, images, EN_RULE_COUNT)},
};
static const en_row_type origin_type = EN_ROW_TYPE(en_catalog_embedding_origin, origin_columns);

en_status en_catalog_embedding_origin_find(en_catalog *c, const en_catalog_embedding_set *set,
                                           en_catalog_embedding_origin *out, en_error *err)
{
    en_stmt *s;
    *out = (en_catalog_embedding_origin){0};
    en_status st = en_catalog_prepare_id(c, EN_SQL_EMBEDDING_LEARNED, "embedding_set_id", set->id, &s, err);
    return st == EN_OK ? en_row_one(s, &origin_type, out, err) : st;
}

void en_catalog_embedding_origin_clear(en_catalog_embedding_origin *origin) { en_row_clear(&origin_type, origin); }

en_status en_catalog_embeddings_by(en_catalog *c, const en_catalog_embedding_set *set, const char *what,
                                   const char *expression, const en_events *events, en_query **out, en_error *err)
{
    char id[24];
    (void)snprintf(id, sizeof id, "%lld", (long long)set->id);
    const en_sql_piece piece[] = {{"expression", expression}, {"embedding_set_id", id}};
    char *alone = en_sql_compose(EN_SQL_SPLIT_EXPRESSION, piece, 1);
    char *sql = en_sql_compose(EN_SQL_EMBEDDING_VALUES, piece, 2);
    *out = NULL;
    en_status st = alone != NULL && sql != NULL ? EN_OK : en_error_nomem(err, what);
    if (st == EN_OK) { /* by itself, so that nothing can hide behind a bracket */
        st = en_query_open_repeatable(c->db, what, alone, NULL, out, err);
    }
    if (st == EN_OK && (en_query_columns(*out) != 1 || !en_sql_is_enclosed(expression))) {
        st = en_error_set(err, EN_INPUT, "%s is not one expression over the columns of the view images", what);
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

en_status en_catalog_embedding_check(const char *image, const void *vector, size_t bytes, size_t dimensions,
                                     en_error *err)
{
    const char *fault = bytes != dimensions * sizeof(float)        ? "has not as many numbers as its set"
                        : !en_vector_is_finite(vector, dimensions) ? "has numbers that are not finite"
                                                                   : NULL;
    if (fault == NULL) {
        return EN_OK;
    }
    return en_error_hint(err, en_error_set(err, EN_INPUT, "the embedding of '%s' %s", image, fault),
                         "delete its row from the table embedding and run 'eyenet embed' again");
}
