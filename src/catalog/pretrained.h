/* Weights that other programs trained: what they are called here, their file, and where they come from. */
#ifndef EN_CATALOG_PRETRAINED_H
#define EN_CATALOG_PRETRAINED_H

#include "base/hash.h"
#include "catalog/catalog.h"

/* Texts are borrowed by put, and owned when read. */
typedef struct en_catalog_pretrained {
    int64_t id;
    char *name, *preset;
    char *spec; /* the network's text */
    char *path; /* of the weights, relative to the project */
    char sha256[EN_SHA256_HEX];
    char *origin, *licence;            /* where the imported file comes from; what may be done with it */
    char origin_sha256[EN_SHA256_HEX]; /* of the imported file */
    int64_t tensors, parameters;
    char *imported_at; /* UTC, ISO 8601 */
} en_catalog_pretrained;

/* The row, and that of the network's text under the preset's name. EN_INPUT when the name is taken. */
en_status en_catalog_pretrained_put(en_catalog *c, const en_catalog_pretrained *row, en_error *err) EN_CHECKED;
/* EN_DONE when there is none of that name; clear in every case. */
en_status en_catalog_pretrained_find(en_catalog *c, const char *name, en_catalog_pretrained *out,
                                     en_error *err) EN_CHECKED;
/* The same, but EN_INPUT with the nearest name. */
en_status en_catalog_pretrained_get(en_catalog *c, const char *name, en_catalog_pretrained *out,
                                    en_error *err) EN_CHECKED;
void en_catalog_pretrained_clear(en_catalog_pretrained *row);

typedef struct en_catalog_pretrained_list {
    en_catalog_pretrained *row;
    size_t count;
} en_catalog_pretrained_list;
/* The oldest first; clear in every case. */
en_status en_catalog_pretrained_all(en_catalog *c, en_catalog_pretrained_list *out, en_error *err) EN_CHECKED;
void en_catalog_pretrained_list_clear(en_catalog_pretrained_list *list);

#endif
