/* What is known of photographs, for files that leave the catalog. */
#ifndef EN_CATALOG_FACTS_H
#define EN_CATALOG_FACTS_H

#include "base/hash.h"
#include "catalog/catalog.h"
#include "catalog/items.h"
#include "catalog/words.h"

typedef struct en_catalog_fact {
    int64_t variant_id, image_id;  /* variant_id -1: of an image, not of a variant */
    char *image;                   /* its name, with that of its dataset where it needs one */
    char *dataset, *patient, *eye; /* NULL: not known; the eye is the one that the variant shows */
    en_part part;                  /* none: not assigned, or no split */
    int64_t grade, gradable, eyeq; /* -1: no label */
    int64_t pack_id, slot;         /* of the sample; -1: not asked for */
    char sha256[EN_SHA256_HEX];    /* of the sample's pixels */
} en_catalog_fact;
typedef struct en_catalog_facts {
    en_catalog_fact *row;
    size_t count;
} en_catalog_facts;

/* Of the members of a subset, by rising variant_id; without those rejected since. */
en_status en_catalog_facts_of_subset(en_catalog *c, int64_t subset_id, en_catalog_facts *out, en_error *err) EN_CHECKED;
/* Of all accepted images with a sample of the recipe, by name; split_id -1: no parts. */
en_status en_catalog_facts_of_samples(en_catalog *c, int64_t recipe_id, int64_t split_id, en_catalog_facts *out,
                                      en_error *err) EN_CHECKED;
void en_catalog_facts_clear(en_catalog_facts *facts);
/* Of a variant; NULL when it is not among those of a subset. Borrowed. */
const en_catalog_fact *en_catalog_fact_find(const en_catalog_facts *facts, int64_t variant_id);

/* The samples of these facts as items to be read, in their order; texts are borrowed from the facts. Cleared by
 * en_catalog_items_clear. */
en_status en_catalog_items_of_facts(en_catalog *c, int64_t recipe_id, const en_catalog_facts *facts,
                                    en_catalog_items *out, en_error *err) EN_CHECKED;

#endif
