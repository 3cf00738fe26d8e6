/* neighbours(image, k): the table-valued function of SQL. Uses db and stats. */
#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "catalog/embedding.h"
#include "catalog/functions.h"
#include "db/statements.h"
#include "db/table.h"
#include "stats/cosine.h"

#define MOST 10000 /* neighbours of an image */

typedef struct neighbour {
    int64_t image_id;
    char *image; /* owned */
    double distance;
} neighbour;

typedef struct search {
    int64_t set_id, image_id;
    size_t dimensions;
    void *vector; /* owned */
    neighbour *nearest;
    size_t count, most;
} search;

/* The vector of the image; EN_DONE when there is none. */
static en_status find_image(en_db *db, const en_db_value *image, const en_db_value *model, search *q, en_error *err)
{
    en_stmt *s;
    size_t bytes;
    en_status st = en_db_prepare(db, EN_SQL_EMBEDDING_OF_IMAGE, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_id(s, "image_id", image->kind == EN_VALUE_INT ? image->integer : -1);
    en_stmt_bind_text(s, "image", image->kind == EN_VALUE_TEXT ? image->text : NULL);
    en_stmt_bind_text(s, "model", model->kind == EN_VALUE_TEXT ? model->text : NULL);
    st = en_stmt_step(s, err);
    if (st != EN_OK) {
        return st;
    }
    const int64_t dimensions = en_stmt_int(s, 1);
    const char *name = en_stmt_text(s, 4);
    const void *vector = en_stmt_blob(s, 3, &bytes);
    q->set_id = en_stmt_int(s, 0);
    q->image_id = en_stmt_int(s, 2);
    q->dimensions = dimensions > 0 && dimensions <= EN_EMBEDDING_DIMENSIONS_MAX ? (size_t)dimensions : 0;
    st = en_catalog_embedding_check(name != NULL ? name : "", vector, bytes, q->dimensions, err);
    if (st == EN_OK && (q->vector = en_alloc(bytes)) == NULL) {
        st = en_error_nomem(err, "a vector");
    } else if (st == EN_OK) {
        memcpy(q->vector, vector, bytes);
    }
    en_stmt_reset(s);
    return st;
}

/* Into its place among the nearest; of two at the same distance the first by name comes first. */
static en_status offer(search *q, int64_t image_id, const char *image, double distance, en_error *err)
{
    if (isnan(distance) || (q->count == q->most && distance >= q->nearest[q->count - 1].distance)) {
        return EN_OK;
    }
    char *name = en_strdup(image);
    if (name == NULL) {
        return en_error_nomem(err, "neighbours");
    }
    if (q->count == q->most) {
        en_free(q->nearest[--q->count].image);
    }
    size_t at = q->count++;
    for (; at > 0 && q->nearest[at - 1].distance > distance; at--) {
        q->nearest[at] = q->nearest[at - 1];
    }
    q->nearest[at] = (neighbour){image_id, name, distance};
    return EN_OK;
}

static en_status look_through(en_db *db, search *q, en_error *err)
{
    en_stmt *s;
    en_status st = en_db_prepare(db, EN_SQL_EMBEDDING_VECTORS, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_int(s, "embedding_set_id", q->set_id);
    while ((st = en_stmt_step(s, err)) == EN_OK) {
        size_t bytes;
        const char *image = en_stmt_text(s, 1);
        const void *vector = en_stmt_blob(s, 2, &bytes);
        if (en_stmt_int(s, 0) == q->image_id) {
            continue;
        }
        st = image != NULL ? en_catalog_embedding_check(image, vector, bytes, q->dimensions, err)
                           : en_error_nomem(err, "neighbours");
        if (st == EN_OK) {
            st = offer(q, en_stmt_int(s, 0), image, en_cosine_distance(q->vector, vector, q->dimensions), err);
        }
        if (st != EN_OK) {
            en_stmt_reset(s);
            return st;
        }
    }
    return st == EN_DONE ? EN_OK : st;
}

static en_status neighbours(en_db *db, const en_db_value *arg, en_db_rows *rows, en_error *err)
{
    const en_db_value *image = &arg[0], *k = &arg[1], *model = &arg[2];
    if (k->kind != EN_VALUE_INT || k->integer < 1 || k->integer > MOST) {
        return en_error_set(err, EN_INPUT, "k is a whole number from 1 to %d", MOST);
    }
    if (image->kind != EN_VALUE_INT && image->kind != EN_VALUE_TEXT && image->kind != EN_VALUE_NULL) {
        return en_error_set(err, EN_INPUT, "an image is named by its name or its image_id");
    }
    if (model->kind != EN_VALUE_TEXT && model->kind != EN_VALUE_NULL) {
        return en_error_set(err, EN_INPUT, "a model is named by its name");
    }
    search q = {.most = (size_t)k->integer};
    q.nearest = en_calloc(q.most, sizeof *q.nearest);
    en_status st = q.nearest != NULL ? find_image(db, image, model, &q, err) : en_error_nomem(err, "neighbours");
    if (st == EN_OK) {
        st = look_through(db, &q, err);
    }
    for (size_t i = 0; st == EN_OK && i < q.count; i++) {
        const neighbour *n = &q.nearest[i];
        const en_db_value row[] = {{.kind = EN_VALUE_INT, .integer = (int64_t)i + 1},
                                   {.kind = EN_VALUE_INT, .integer = n->image_id},
                                   {.kind = EN_VALUE_TEXT, .text = n->image},
                                   {.kind = EN_VALUE_DOUBLE, .real = n->distance}};
        st = en_db_rows_add(rows, row, err);
    }
    for (size_t i = 0; i < q.count; i++) {
        en_free(q.nearest[i].image);
    }
    en_free(q.nearest);
    en_free(q.vector);
    return st == EN_DONE ? EN_OK : st;
}

en_status en_catalog_add_neighbours(en_db *db, en_error *err)
{
    static const en_db_table table = {.name = "neighbours",
                                      .declaration = EN_SQL_EMBEDDING_NEIGHBOURS,
                                      .usage = "(image, k)",
                                      .columns = 4,
                                      .args = 3,
                                      .required = 2,
                                      .fn = neighbours};
    return en_db_add_table(db, &table, err);
}
