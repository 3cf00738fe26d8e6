/* What the files of this layer share; no other layer includes it. */
#ifndef EN_CATALOG_INTERNAL_H
#define EN_CATALOG_INTERNAL_H

#include "base/hash.h"
#include "catalog/catalog.h"

struct en_catalog {
    en_db *db;
    char *root;
};

/* Room for one more row: the block of `count` rows of `size` bytes, grown when count is 0 or a power of two, with the
 * new row zeroed. NULL when out of memory; the old block is untouched then. */
void *en_catalog_room(void *rows, size_t count, size_t size, en_error *err);

/* EN_INPUT "there is no KIND 'NAME'", with the nearest name or some of those that `names`, a statement of one column,
 * lists. */
en_status en_catalog_unknown(en_catalog *c, const char *kind, const char *name, en_sql names, en_error *err);

/* Prepares a statement whose only parameter is the number :name. */
en_status en_catalog_prepare_id(en_catalog *c, en_sql id, const char *name, int64_t value, en_stmt **out,
                                en_error *err) EN_CHECKED;

/* The text in the first column of the only row, fresh (en_free), and the statement's end; EN_DONE and NULL when there
 * is no row. */
en_status en_catalog_one_text(en_stmt *s, char **text, en_error *err) EN_CHECKED;

/* Reads rows until the end: `read` fills a zeroed row of `size` bytes. On an error the rows read so far stay in the
 * list. */
typedef en_status en_catalog_read_fn(const en_stmt *s, void *row, en_error *err);
en_status en_catalog_read_rows(en_stmt *s, void **rows, size_t *count, size_t size, en_catalog_read_fn *read,
                               en_error *err) EN_CHECKED;

#endif
