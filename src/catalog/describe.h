/* What views and tables mean, read from the comments in their DDL, the one place where that is written:
 *
 *   CREATE VIEW name AS                        CREATE TABLE name (
 *   -- What it shows.                            -- What it has a row for.
 *   --   column   meaning, unit, range           column TYPE ...,  -- meaning, unit, range
 *   -- Other columns: as in another_view.
 *
 * Views of the user's may do the same. */
#ifndef EN_CATALOG_DESCRIBE_H
#define EN_CATALOG_DESCRIBE_H

#include "catalog/catalog.h"

typedef struct en_catalog_column {
    char *name;
    char *type;    /* as it is declared; NULL: of an expression */
    char *meaning; /* NULL: there is no comment on it */
} en_catalog_column;

typedef struct en_catalog_description {
    char *type; /* "view" or "table" */
    char *name;
    char *sql;     /* its DDL */
    char *purpose; /* "" without a comment */
    en_catalog_column *column;
    size_t columns;
} en_catalog_description;

/* EN_INPUT, naming those there are, when there is no view or table of that name. */
en_status en_catalog_describe(en_catalog *c, const char *name, en_catalog_description *out, en_error *err) EN_CHECKED;
void en_catalog_description_clear(en_catalog_description *d);
/* A query for one row of it, with the columns in the order of its description: en_query_close it. */
en_status en_catalog_first_row(en_catalog *c, const char *name, const en_events *events, en_query **out,
                               en_error *err) EN_CHECKED;

/* The n-th of eyenet's own views and what it shows, cut to `capacity` bytes; NULL after the last. The name is static.
 */
const char *en_catalog_view_nth(size_t n, char *purpose, size_t capacity);

#endif
