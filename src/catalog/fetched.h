/* How sources came, and which of their photographs could not be read. */
#ifndef EN_CATALOG_FETCHED_H
#define EN_CATALOG_FETCHED_H

#include "catalog/catalog.h"

/* A fetch of the source brought something: by which program, and where the terms of use are (NULL: unknown, which
 * leaves what was known). */
en_status en_catalog_fetch_put(en_catalog *c, int64_t source_id, const char *terms, const char *program,
                               en_error *err) EN_CHECKED;

/* The encoding that names in the newest version of a source were said to be in; EN_DONE when nobody said. *encoding:
 * en_free. */
en_status en_catalog_source_encoding(en_catalog *c, const char *uri, char **encoding, en_error *err) EN_CHECKED;
en_status en_catalog_source_encoding_put(en_catalog *c, int64_t source_id, const char *encoding,
                                         en_error *err) EN_CHECKED;

/* A photograph of the source, by its path in that, whose bytes are not right; `volume` may be NULL. */
en_status en_catalog_damage_put(en_catalog *c, int64_t source_id, const char *path, const char *volume,
                                const char *reason, en_error *err) EN_CHECKED;
/* Forgets the damage of photographs that have come since; *left is how many are still damaged. */
en_status en_catalog_damage_mend(en_catalog *c, int64_t source_id, int64_t *left, en_error *err) EN_CHECKED;

en_status en_catalog_damage_count(en_catalog *c, int64_t source_id, int64_t *count, en_error *err) EN_CHECKED;

typedef struct en_catalog_uris {
    char **uri;
    size_t count;
} en_catalog_uris;
/* The sources with damaged photographs. */
en_status en_catalog_damaged(en_catalog *c, en_catalog_uris *out, en_error *err) EN_CHECKED;
void en_catalog_uris_clear(en_catalog_uris *uris);

typedef struct en_catalog_ids {
    int64_t *id;
    size_t count;
} en_catalog_ids;
/* The sources (all versions) of a uri, with those below it, and of a dataset; NULL: of any. en_free(out->id). */
en_status en_catalog_sources(en_catalog *c, const char *uri, const char *dataset, en_catalog_ids *out,
                             en_error *err) EN_CHECKED;
/* The newest versions of the sources that were inside of that one. */
en_status en_catalog_sources_inside(en_catalog *c, const char *uri, en_catalog_ids *out, en_error *err) EN_CHECKED;

#endif
