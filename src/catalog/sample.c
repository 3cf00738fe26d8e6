/* Recipes, packs, and the samples that lie in them. Uses db. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "catalog/sample.h"
#include "catalog/internal.h"
#include "db/row.h"
#include "db/statements.h"

en_status en_catalog_recipe_find(en_catalog *c, const char *text, int64_t *id, en_error *err)
{
    en_stmt *s;
    char hex[EN_SHA256_HEX];
    *id = -1;
    en_status st = en_sha256_bytes(text, strlen(text), hex, err);
    if (st == EN_OK) {
        st = en_db_prepare(c->db, EN_SQL_SAMPLE_RECIPE_FIND, &s, err);
    }
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_text(s, "sha256", hex);
    return en_stmt_number(s, id, err);
}

en_status en_catalog_recipe_put(en_catalog *c, const char *text, int64_t *id, en_error *err)
{
    en_stmt *s;
    bool own;
    char hex[EN_SHA256_HEX];
    en_status st = en_sha256_bytes(text, strlen(text), hex, err);
    if (st == EN_OK) {
        st = en_db_enter(c->db, &own, err);
    }
    if (st != EN_OK) {
        return st;
    }
    st = en_catalog_recipe_find(c, text, id, err);
    if (st == EN_DONE) {
        st = en_db_prepare(c->db, EN_SQL_SAMPLE_RECIPE_PUT, &s, err);
        if (st == EN_OK) {
            en_stmt_bind_text(s, "text", text);
            en_stmt_bind_text(s, "sha256", hex);
            st = en_stmt_number(s, id, err);
        }
    }
    return en_db_leave(c->db, own, st, err);
}

en_status en_catalog_recipe_text(en_catalog *c, int64_t id, char **text, en_error *err)
{
    en_stmt *s;
    *text = NULL;
    en_status st = en_catalog_prepare_id(c, EN_SQL_SAMPLE_RECIPE_TEXT, "recipe_id", id, &s, err);
    return st == EN_OK ? en_row_text(s, EN_RULE_TEXT, false, text, err) : st;
}

en_status en_catalog_recipe_newest(en_catalog *c, int64_t *id, en_error *err)
{
    en_stmt *s;
    *id = -1;
    en_status st = en_db_prepare(c->db, EN_SQL_SAMPLE_RECIPE_NEWEST, &s, err);
    return st == EN_OK ? en_stmt_number(s, id, err) : st;
}

static const en_row_column todo_columns[] = {
    {"image_id", EN_COL(en_catalog_todo, image_id)},
    {"name", EN_COL_IS(en_catalog_todo, name, EN_RULE_TEXT)},
    {"path", EN_COL_IS(en_catalog_todo, path, EN_RULE_PATH)},
    {"sha256", EN_COL_IS(en_catalog_todo, sha256, EN_RULE_HASH)},
};
static const en_row_type todo_type = EN_ROW_TYPE(en_catalog_todo, todo_columns);

static int by_name(const void *a, const void *b)
{
    const char *x = ((const en_catalog_todo *)a)->name, *y = ((const en_catalog_todo *)b)->name;
    int order = en_natural_compare(x, y);
    return order != 0 ? order : strcmp(x, y);
}

en_status en_catalog_samples_missing(en_catalog *c, int64_t recipe_id, en_catalog_todos *out, en_error *err)
{
    en_stmt *s;
    void *rows = NULL;
    *out = (en_catalog_todos){0};
    en_status st = en_catalog_prepare_id(c, EN_SQL_SAMPLE_MISSING, "recipe_id", recipe_id, &s, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_rows_read(s, &todo_type, &rows, &out->count, err);
    out->row = rows;
    if (st != EN_OK) {
        en_catalog_todos_clear(out);
    } else if (out->count > 1) {
        qsort(out->row, out->count, sizeof *out->row, by_name);
    }
    return st;
}

void en_catalog_todos_clear(en_catalog_todos *t)
{
    en_rows_clear(&todo_type, t->row, t->count);
    *t = (en_catalog_todos){0};
}

en_status en_catalog_pack_put(en_catalog *c, int64_t recipe_id, const char *path, int64_t *pack_id, en_error *err)
{
    en_stmt *s;
    bool own;
    en_status st = en_db_enter(c->db, &own, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_db_prepare(c->db, EN_SQL_SAMPLE_PACK_FIND, &s, err);
    if (st == EN_OK) {
        en_stmt_bind_text(s, "path", path);
        st = en_stmt_number(s, pack_id, err);
    }
    if (st == EN_DONE) {
        st = en_catalog_prepare_id(c, EN_SQL_SAMPLE_PACK_PUT, "recipe_id", recipe_id, &s, err);
        if (st == EN_OK) {
            en_stmt_bind_text(s, "path", path);
            st = en_stmt_number(s, pack_id, err);
        }
    }
    return en_db_leave(c->db, own, st, err);
}

/* What sql/sample/pack_newest returns. */
typedef struct newest_pack {
    int64_t id, slots;
    char *path;
} newest_pack;

static const en_row_column newest_columns[] = {
    {"pack_id", EN_COL(newest_pack, id)},
    {"path", EN_COL_IS(newest_pack, path, EN_RULE_PATH)},
    {"slots", EN_COL_IS(newest_pack, slots, EN_RULE_COUNT)},
};
static const en_row_type newest_type = EN_ROW_TYPE(newest_pack, newest_columns);

en_status en_catalog_pack_newest(en_catalog *c, int64_t recipe_id, int64_t *pack_id, char **path, int64_t *slots,
                                 en_error *err)
{
    en_stmt *s;
    newest_pack newest;
    *path = NULL;
    *pack_id = -1;
    *slots = 0;
    en_status st = en_catalog_prepare_id(c, EN_SQL_SAMPLE_PACK_NEWEST, "recipe_id", recipe_id, &s, err);
    if (st == EN_OK) {
        st = en_row_one(s, &newest_type, &newest, err);
    }
    if (st == EN_OK) {
        *pack_id = newest.id;
        *path = newest.path; /* the caller's */
        *slots = newest.slots;
    }
    return st;
}

en_status en_catalog_pack_forget(en_catalog *c, int64_t pack_id, en_error *err)
{
    en_stmt *s;
    en_status st = en_catalog_prepare_id(c, EN_SQL_SAMPLE_PACK_FORGET, "pack_id", pack_id, &s, err);
    return st == EN_OK ? en_stmt_run(s, err) : st;
}

en_status en_catalog_sample_put(en_catalog *c, int64_t image_id, int64_t recipe_id, int64_t pack_id, int64_t slot,
                                const char *sha256, en_error *err)
{
    en_stmt *s;
    en_status st = en_catalog_prepare_id(c, EN_SQL_SAMPLE_PUT, "image_id", image_id, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_int(s, "recipe_id", recipe_id);
    en_stmt_bind_int(s, "pack_id", pack_id);
    en_stmt_bind_int(s, "slot", slot);
    en_stmt_bind_text(s, "sha256", sha256);
    return en_stmt_run(s, err);
}

en_status en_catalog_sample_same(en_catalog *c, int64_t recipe_id, const char *sha256, char **name, en_error *err)
{
    en_stmt *s;
    *name = NULL;
    en_status st = en_catalog_prepare_id(c, EN_SQL_SAMPLE_SAME, "recipe_id", recipe_id, &s, err);
    if (st != EN_OK) {
        return st;
    }
    en_stmt_bind_text(s, "sha256", sha256);
    return en_row_text(s, EN_RULE_TEXT, false, name, err);
}
