/* Subsets: variants chosen by a SQL query and frozen. */
#ifndef EN_CATALOG_SUBSET_H
#define EN_CATALOG_SUBSET_H

#include "base/hash.h"
#include "catalog/catalog.h"

typedef struct en_catalog_subset {
    int64_t id;
    char *name, *sql, *frozen_at;
    char *split;      /* the split its parts are told by, or NULL */
    int64_t split_id; /* or -1 */
    char *part;       /* the part all its members are in, or NULL: several parts, unassigned patients, or no split */
    int64_t members, images, patients;
    char sha256[EN_SHA256_HEX]; /* of the lines "NAME MIRROR ROTATION\n" of its members, sorted by byte value */
} en_catalog_subset;

/* Runs `sql` (it may only read), takes its column variant_id, or its only column, drops repetitions, and freezes the
 * variants it names. split: the split by which part and split are meant in the query, NULL for the newest; none at all
 * is fine. EN_INPUT when the name is taken, the query fails, writes, has no such column, names something that is no
 * variant, or yields nothing. One transaction. */
en_status en_catalog_subset_create(en_catalog *c, const char *name, const char *sql, const char *split,
                                   const en_events *events, en_catalog_subset *out, en_error *err) EN_CHECKED;
/* By name: EN_DONE when there is none, or (get) EN_INPUT. */
en_status en_catalog_subset_find(en_catalog *c, const char *name, en_catalog_subset *out, en_error *err) EN_CHECKED;
en_status en_catalog_subset_get(en_catalog *c, const char *name, en_catalog_subset *out, en_error *err) EN_CHECKED;
en_status en_catalog_subset_by_id(en_catalog *c, int64_t id, en_catalog_subset *out, en_error *err) EN_CHECKED;
void en_catalog_subset_clear(en_catalog_subset *s);

/* Patients and images that two subsets have in common: the leak between training and test, 0 when all is well. */
en_status en_catalog_subset_shared(en_catalog *c, int64_t a, int64_t b, int64_t *patients, int64_t *images,
                                   en_error *err) EN_CHECKED;

/* A member ready to be read. */
typedef struct en_catalog_item {
    int64_t variant_id, image_id;
    const char *image;  /* name; borrowed from the list, like target */
    const char *target; /* the target's value as text; never NULL */
    uint32_t pack;      /* index into the list's packs */
    uint32_t slot;
    uint16_t mirror;   /* 0 or 1 */
    uint16_t rotation; /* degrees, counter-clockwise, 0..359 */
} en_catalog_item;

typedef struct en_catalog_items {
    en_catalog_item *item; /* by variant_id */
    size_t count;
    char **pack; /* paths in the project */
    size_t packs;
    char *text;        /* what the items' strings point into */
    int64_t members;   /* of the subset; = count + rejected + no_target + no_sample */
    int64_t rejected;  /* left out: the image was rejected after the subset was frozen */
    int64_t no_target; /* left out: the target is NULL (no label) */
    int64_t no_sample; /* left out: the image has no sample of this recipe */
} en_catalog_items;

/* The members of a subset with a sample of the recipe and a target. target: any SQL expression over the columns of the
 * view variants, such as 'grade >= 2', 'eye', 'gradable'; it may only read. EN_INPUT when SQL complains about it. */
en_status en_catalog_subset_load(en_catalog *c, int64_t subset_id, const char *target, int64_t recipe_id,
                                 const en_events *events, en_catalog_items *out, en_error *err) EN_CHECKED;
void en_catalog_items_clear(en_catalog_items *items);

#endif
