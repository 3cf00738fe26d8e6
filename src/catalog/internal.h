/* What the files of this layer share; no other layer includes it. */
#ifndef EN_CATALOG_INTERNAL_H
#define EN_CATALOG_INTERNAL_H

#include "base/hash.h"
#include "catalog/catalog.h"
#include "catalog/facts.h"
#include "db/row.h"

struct en_catalog {
    en_db *db;
    char *root;
    char *dataset; /* that new sources belong to; NULL: one derived from each */
};

/* EN_INPUT "there is no KIND 'NAME'", with the nearest name or some of those that `names`, a statement of one column,
 * lists. */
en_status en_catalog_unknown(en_catalog *c, const char *kind, const char *name, en_sql names, en_error *err);

en_status en_catalog_unknown_in(en_db *db, const char *kind, const char *name, en_sql names, en_error *err);

/* EN_INPUT: a row of the catalog, or something it depends on, leads to one that is not there. */
en_status en_catalog_dangling(en_error *err, const char *kind, int64_t id);

/* Prepares a statement whose only parameter is the number :name. */
en_status en_catalog_prepare_id(en_catalog *c, en_sql id, const char *name, int64_t value, en_stmt **out,
                                en_error *err) EN_CHECKED;

/* The rows of a statement that returns what sql/sample/facts does. Ended by en_catalog_facts_clear, also after an
 * error. */
en_status en_catalog_facts_read(en_stmt *s, en_catalog_facts *out, en_error *err) EN_CHECKED;

#endif
