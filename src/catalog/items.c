/* Loading a subset: its members with where their pixels are and the value of the user's target. Uses db. */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/hash.h"
#include "base/memory.h"
#include "catalog/internal.h"
#include "catalog/subset.h"
#include "catalog/items.h"
#include "db/row.h"
#include "db/statements.h"

#define TEXT_CAP ((size_t)1 << 30) /* bytes of all names and targets */

/* While reading, item.image and item.target are not known yet: the block of text still moves. */
typedef struct loading {
    en_catalog_items *items;
    int64_t *pack_id; /* of items->pack */
    size_t *offset;   /* TEXTS an item */
    en_buf text;
    bool no_samples; /* none are asked for */
} loading;

/* What sql/sample/packs returns. */
typedef struct pack {
    int64_t id;
    char *path;
} pack;

static const en_row_column pack_columns[] = {
    {"pack_id", EN_COL(pack, id)},
    {"path", EN_COL_IS(pack, path, EN_RULE_PATH)},
};
static const en_row_type pack_type = EN_ROW_TYPE(pack, pack_columns);

en_status en_catalog_packs_of(en_catalog *c, int64_t recipe_id, en_catalog_items *items, int64_t **pack_id,
                              en_error *err)
{
    en_stmt *s;
    void *rows = NULL;
    size_t count = 0;
    en_status st = en_catalog_prepare_id(c, EN_SQL_SAMPLE_PACKS, "recipe_id", recipe_id, &s, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_rows_read(s, &pack_type, &rows, &count, err);
    if (st != EN_OK || count == 0) {
        goto done;
    }
    *pack_id = en_calloc(count, sizeof **pack_id);
    items->pack = en_calloc(count, sizeof *items->pack);
    if (*pack_id == NULL || items->pack == NULL) {
        st = en_error_nomem(err, "the packs of a subset");
        goto done;
    }
    pack *row = rows;
    for (size_t i = 0; i < count; i++) {
        (*pack_id)[i] = row[i].id;
        items->pack[i] = row[i].path;
        row[i].path = NULL; /* it belongs to the list */
    }
    items->packs = count;
done:
    en_rows_clear(&pack_type, rows, count);
    return st;
}

static en_status check_target(en_catalog *c, const char *what, const char *target, en_error *err)
{
    en_query *q = NULL;
    char *sql = en_sql_compose(EN_SQL_SUBSET_TARGET, &(en_sql_piece){"target", target}, 1);
    if (sql == NULL) {
        return en_error_nomem(err, what);
    }
    en_status st = en_query_open_repeatable(c->db, what, sql, NULL, &q, err);
    if (st == EN_OK && (en_query_columns(q) != 1 || !en_sql_is_enclosed(target))) {
        st = en_error_set(err, EN_INPUT, "%s: a target is one expression over the columns of the view variants", what);
    }
    en_query_close(q);
    en_free(sql);
    return st;
}

enum { VARIANT, IMAGE, NAME, MIRROR, ROTATION, PACK, SLOT, SAMPLE_SHA256, TARGET, COLUMNS };
enum { TEXTS = 3 }; /* of an item: image, target, sample_sha256 */

/* The columns of sql/subset/items, which is composed at run time: where they are in its result. */
typedef struct item_row {
    const en_query *query;
    int column[COLUMNS];
} item_row;

static en_status find_columns(const en_query *q, item_row *row, en_error *err)
{
    static const char *const name[COLUMNS] = {
        [VARIANT] = "variant_id", [IMAGE] = "image_id",       [NAME] = "image",
        [MIRROR] = "mirror",      [ROTATION] = "rotation",    [PACK] = "pack_id",
        [SLOT] = "slot",          [SAMPLE_SHA256] = "sha256", [TARGET] = "target"};
    row->query = q;
    for (size_t i = 0; i < COLUMNS; i++) {
        int c = 0, count = en_query_columns(q);
        while (c < count && strcmp(en_query_name(q, c), name[i]) != 0) {
            c++;
        }
        if (c == count) {
            return en_error_set(err, EN_BUG, "sql/subset/items lacks the column '%s'", name[i]);
        }
        row->column[i] = c;
    }
    return EN_OK;
}

static int64_t item_int(const item_row *row, int which) { return en_query_int(row->query, row->column[which]); }
static const char *item_text(const item_row *row, int which) { return en_query_text(row->query, row->column[which]); }
static bool item_is_null(const item_row *row, int which)
{
    return en_query_kind(row->query, row->column[which]) == EN_VALUE_NULL;
}

static en_status find_pack(const loading *l, int64_t id, uint32_t *out, en_error *err)
{
    for (size_t i = 0; i < l->items->packs; i++) {
        if (l->pack_id[i] == id) {
            *out = (uint32_t)i;
            return EN_OK;
        }
    }
    return en_catalog_dangling(err, "pack", id);
}

static en_status add_text(loading *l, const char *text, size_t *offset, en_error *err)
{
    *offset = l->text.size;
    return en_buf_add(&l->text, text, strlen(text) + 1, err);
}

/* The first 56 bits of the hash of the variant's name, as a subset's own hash names it. */
static en_status key_of(const char *name, const en_catalog_item *item, uint64_t *key, en_error *err)
{
    char *text = en_format("%s %u %u\n", name, item->mirror, item->rotation), hex[EN_SHA256_HEX];
    en_status st = text != NULL ? en_sha256_bytes(text, strlen(text), hex, err) : en_error_nomem(err, "a subset");
    *key = 0;
    for (size_t i = 0; st == EN_OK && i < 14; i++) {
        *key = *key << 4 | (uint64_t)(hex[i] <= '9' ? hex[i] - '0' : hex[i] - 'a' + 10);
    }
    en_free(text);
    return st;
}

static en_status add_item(loading *l, const item_row *row, en_error *err)
{
    en_catalog_items *items = l->items;
    en_catalog_item *grown = en_array_grow(items->item, items->count, sizeof *grown, err);
    items->item = grown != NULL ? grown : items->item;
    size_t *offset = grown != NULL ? en_array_grow(l->offset, items->count, TEXTS * sizeof *offset, err) : NULL;
    l->offset = offset != NULL ? offset : l->offset;
    if (offset == NULL) {
        return EN_NOMEM;
    }
    en_catalog_item *item = &items->item[items->count];
    item->variant_id = item_int(row, VARIANT);
    item->image_id = item_int(row, IMAGE);
    int64_t mirror = item_int(row, MIRROR), rotation = item_int(row, ROTATION), slot = item_int(row, SLOT);
    if (mirror < 0 || mirror > 1 || rotation < 0 || rotation > 359 || slot < 0 || slot > UINT32_MAX) {
        return en_error_hint(err,
                             en_error_set(err, EN_INPUT,
                                          "the catalog has a variant of mirror %lld, rotation %lld and slot %lld",
                                          (long long)mirror, (long long)rotation, (long long)slot),
                             "'eyenet doctor' looks the catalog over");
    }
    item->mirror = (uint16_t)mirror;
    item->rotation = (uint16_t)rotation;
    item->slot = (uint32_t)slot;
    const char *text[TEXTS] = {item_text(row, NAME), item_text(row, TARGET),
                               l->no_samples ? "" : item_text(row, SAMPLE_SHA256)};
    if (text[0] == NULL || text[1] == NULL || text[2] == NULL) {
        return en_error_hint(
            err, en_error_set(err, EN_INPUT, "the catalog has an image or sample without name or hash"), EN_DB_LOOK);
    }
    en_status st = l->no_samples ? EN_OK : find_pack(l, item_int(row, PACK), &item->pack, err);
    if (st == EN_OK) {
        st = key_of(text[0], item, &item->key, err);
    }
    for (size_t i = 0; st == EN_OK && i < TEXTS; i++) {
        st = add_text(l, text[i], &offset[TEXTS * items->count + i], err);
    }
    items->count += st == EN_OK;
    return st;
}

static en_status read_items(en_catalog *c, const char *what, const char *sql, const en_events *events, loading *l,
                            en_error *err)
{
    en_query *q = NULL;
    item_row row;
    en_catalog_items *items = l->items;
    en_status st = en_query_open_repeatable(c->db, what, sql, events, &q, err);
    if (st == EN_OK) {
        st = find_columns(q, &row, err);
    }
    while (st == EN_OK && (st = en_query_next(q, err)) == EN_OK) {
        if (item_is_null(&row, TARGET)) {
            items->no_target++;
        } else if (!l->no_samples && item_is_null(&row, SLOT)) {
            items->no_sample++;
        } else {
            st = add_item(l, &row, err);
        }
    }
    en_query_close(q);
    return st == EN_DONE ? EN_OK : st;
}

/* Members whose image was rejected meanwhile are not in the view; any others that are missing were swallowed by the
 * target. */
static en_status count_members(en_catalog *c, const char *what, int64_t subset_id, en_catalog_items *items,
                               en_error *err)
{
    en_catalog_subset subset;
    en_stmt *s;
    en_status st = en_catalog_subset_by_id(c, subset_id, &subset, err);
    if (st != EN_OK) {
        return st;
    }
    items->members = subset.members;
    en_catalog_subset_clear(&subset);
    st = en_catalog_prepare_id(c, EN_SQL_SUBSET_REJECTED, "subset_id", subset_id, &s, err);
    if (st == EN_OK) {
        st = en_stmt_number(s, &items->rejected, err);
    }
    int64_t found = (int64_t)items->count + items->no_target + items->no_sample + items->rejected;
    if (st == EN_OK && found != items->members) {
        st = en_error_set(err, EN_INPUT, "%s: a target is evaluated per variant: aggregates are not allowed", what);
    }
    return st;
}

static char *compose(const char *target, int64_t subset_id, int64_t recipe_id)
{
    char subset[24], recipe[24];
    snprintf(subset, sizeof subset, "%lld", (long long)subset_id);
    snprintf(recipe, sizeof recipe, "%lld", (long long)recipe_id);
    const en_sql_piece piece[] = {{"target", target}, {"subset_id", subset}, {"recipe_id", recipe}};
    return en_sql_compose(EN_SQL_SUBSET_ITEMS, piece, sizeof piece / sizeof *piece);
}

en_status en_catalog_subset_load(en_catalog *c, int64_t subset_id, const char *target, int64_t recipe_id,
                                 const en_events *events, en_catalog_items *out, en_error *err)
{
    *out = (en_catalog_items){0};
    loading l = {.items = out, .no_samples = recipe_id < 0};
    en_buf_init(&l.text, TEXT_CAP);
    char *what = en_format("target '%s'", target);
    char *sql = compose(target, subset_id, recipe_id);
    en_status st = what != NULL && sql != NULL ? EN_OK : en_error_nomem(err, "a subset");
    if (st != EN_OK) {
        goto done;
    }
    st = check_target(c, what, target, err);
    if (st != EN_OK) {
        goto done;
    }
    st = en_catalog_packs_of(c, recipe_id, out, &l.pack_id, err);
    if (st != EN_OK) {
        goto done;
    }
    st = read_items(c, what, sql, events, &l, err);
    if (st != EN_OK) {
        goto done;
    }
    st = count_members(c, what, subset_id, out, err);
done:
    if (st == EN_OK) {
        out->text = l.text.data; /* the buffer's memory goes to the list */
        for (size_t i = 0; i < out->count; i++) {
            out->item[i].image = out->text + l.offset[TEXTS * i];
            out->item[i].target = out->text + l.offset[TEXTS * i + 1];
            out->item[i].sample_sha256 = out->text + l.offset[TEXTS * i + 2];
        }
    } else {
        en_buf_clear(&l.text);
        en_catalog_items_clear(out);
    }
    en_free(l.pack_id);
    en_free(l.offset);
    en_free(sql);
    en_free(what);
    return st;
}

en_status en_catalog_subset_seen(en_catalog *c, int64_t subset_id, const char *target, const en_events *events,
                                 int64_t *mirrored, int64_t *turned, en_error *err)
{
    char subset[24];
    snprintf(subset, sizeof subset, "%lld", (long long)subset_id);
    const en_sql_piece piece[] = {{"target", target}, {"subset_id", subset}};
    char *what = en_format("target '%s'", target), *sql = en_sql_compose(EN_SQL_SUBSET_SEEN, piece, 2);
    en_query *q = NULL;
    en_status st = what != NULL && sql != NULL ? en_query_open_repeatable(c->db, what, sql, events, &q, err)
                                               : en_error_nomem(err, "a target");
    if (st == EN_OK) {
        st = en_query_next(q, err);
    }
    if (st == EN_OK) {
        *mirrored = en_query_int(q, 0);
        *turned = en_query_int(q, 1);
    }
    en_query_close(q);
    en_free(what);
    en_free(sql);
    return st == EN_DONE ? en_error_set(err, EN_BUG, "sql/subset/seen has no row") : st;
}

void en_catalog_items_clear(en_catalog_items *items)
{
    for (size_t i = 0; i < items->packs; i++) {
        en_free(items->pack[i]);
    }
    en_free(items->pack);
    en_free(items->item);
    en_free(items->text);
    *items = (en_catalog_items){0};
}
