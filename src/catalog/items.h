/* The members of a subset, ready to be read: where their pixels are and the value of the target. */
#ifndef EN_CATALOG_ITEMS_H
#define EN_CATALOG_ITEMS_H

#include "catalog/catalog.h"

/* A member ready to be read. */
typedef struct en_catalog_item {
    int64_t variant_id, image_id;
    uint64_t key;              /* names the variant in every catalog, below 2^56: random numbers are keyed by it */
    const char *image;         /* name; borrowed from the list, like the two below */
    const char *target;        /* the target's value as text; never NULL */
    const char *sample_sha256; /* of the sample's pixels */
    uint32_t pack;             /* index into the list's packs */
    uint32_t slot;
    uint16_t mirror;   /* 0 or 1 */
    uint16_t rotation; /* degrees, counter-clockwise, 0..359 */
} en_catalog_item;

typedef struct en_catalog_items {
    en_catalog_item *item; /* by image name, mirror and rotation: the same order in every catalog */
    size_t count;
    char **pack; /* paths in the project */
    size_t packs;
    char *text;        /* what the items' strings point into */
    int64_t members;   /* of the subset; = count + rejected + no_target + no_sample + no_class */
    int64_t rejected;  /* left out: the image was rejected after the subset was frozen */
    int64_t no_target; /* left out: the target is NULL (no label) */
    int64_t no_sample; /* left out: the image has no sample of this recipe */
    int64_t no_class;  /* left out by who knows the classes: the target is none of those learned; 0 when loaded */
} en_catalog_items;

/* The members of a subset with a sample of the recipe and a target; recipe_id -1: whether they have samples or not,
 * with no pack. target: any SQL expression over the columns of the view variants, such as 'grade >= 2', 'eye',
 * 'gradable'; it may only read. EN_INPUT when SQL complains about it. */
en_status en_catalog_subset_load(en_catalog *c, int64_t subset_id, const char *target, int64_t recipe_id,
                                 const en_events *events, en_catalog_items *out, en_error *err) EN_CHECKED;
/* How many members would have another value of the target if they were seen mirrored, and turned: the eye is the other
 * one in a mirror. 0: the target does not depend on it. The target must have passed en_catalog_subset_load. */
en_status en_catalog_subset_seen(en_catalog *c, int64_t subset_id, const char *target, const en_events *events,
                                 int64_t *mirrored, int64_t *turned, en_error *err) EN_CHECKED;
/* The packs of a recipe, into items->pack, and their rows beside them (en_free, also after an error). */
en_status en_catalog_packs_of(en_catalog *c, int64_t recipe_id, en_catalog_items *items, int64_t **pack_id,
                              en_error *err) EN_CHECKED;
void en_catalog_items_clear(en_catalog_items *items);

#endif
