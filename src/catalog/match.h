/* Which image is meant by what a file says: a name, with or without an extension, with or without folders, which '/' or
 * '\\' separate. Names that are there count for more than names that differ from them in their Unicode form or the case
 * of letters only. */
#ifndef EN_CATALOG_MATCH_H
#define EN_CATALOG_MATCH_H

#include "base/events.h"
#include "catalog/catalog.h"
#include "catalog/name.h"

typedef struct en_catalog_wanted {
    const char *path;
    int64_t dataset_id; /* -1: any */
    const char *folder; /* only those whose path within the dataset has this folder; NULL: any */
} en_catalog_wanted;

/* Zeroed but for the catalog, which is borrowed. */
typedef struct en_catalog_matcher {
    en_catalog *catalog;
    void *forms;        /* the names of all images, folded: read when a name is not found */
    int64_t other_form; /* so many were found by a name in another form */
    char first_wanted[EN_CATALOG_NAME_MAX + 1], first_found[EN_CATALOG_NAME_MAX + 1]; /* the first of them */
} en_catalog_matcher;

/* The image whose path shares the most folders with the one wanted, counted from the name on. When none has the name,
 * or several share as many, names and folders in another Unicode form or case of letters count, too, and *other_form
 * (may be NULL) says that they decided. EN_DONE when there is none; EN_INPUT, with candidates, when it may be several.
 */
en_status en_catalog_match(en_catalog_matcher *m, const en_catalog_wanted *wanted, int64_t *id, bool *other_form,
                           en_error *err) EN_CHECKED;
/* An image has come since the matcher was first used. */
en_status en_catalog_matcher_add(en_catalog_matcher *m, const char *name, en_error *err) EN_CHECKED;
/* A note on those that were found by a name in another form, if any. */
void en_catalog_matcher_note(const en_catalog_matcher *m, const en_events *events);
void en_catalog_matcher_clear(en_catalog_matcher *m);

#endif
