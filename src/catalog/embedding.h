/* Embeddings: what a layer of a network is given of an image, as rows. Those of one set can be compared: they are of
 * the same layer, the same weights and samples of the same recipe. */
#ifndef EN_CATALOG_EMBEDDING_H
#define EN_CATALOG_EMBEDDING_H

#include "base/hash.h"
#include "catalog/catalog.h"
#include "catalog/facts.h"
#include "db/query.h"

#define EN_EMBEDDING_DIMENSIONS_MAX 65536

/* Texts are borrowed by put, and owned when read. */
typedef struct en_catalog_embedding_set {
    int64_t id;
    char *model;                        /* of the imported model or the run, when the set was begun */
    char weights_sha256[EN_SHA256_HEX]; /* of the imported weights' file; of a run's numbers */
    int64_t recipe_id;
    char *recipe;              /* its text */
    int64_t layer, dimensions; /* place after the input, from 0; 1..EN_EMBEDDING_DIMENSIONS_MAX */
} en_catalog_embedding_set;

/* The set of these weights, recipe and layer, found or made; its number goes to set->id. EN_INPUT when there is one of
 * other dimensions. */
en_status en_catalog_embedding_set_put(en_catalog *c, en_catalog_embedding_set *set, en_error *err) EN_CHECKED;
/* The newest set of a model, NULL: of any. EN_INPUT when there is none; clear it in every case. */
en_status en_catalog_embedding_set_get(en_catalog *c, const char *model, en_catalog_embedding_set *out,
                                       en_error *err) EN_CHECKED;
void en_catalog_embedding_set_clear(en_catalog_embedding_set *set);

/* The samples of accepted images that have no embedding in the set, by name, and how many there are with it. subset_id:
 * only of its images; -1: of all. Ended by en_catalog_facts_clear. */
en_status en_catalog_embeddings_missing(en_catalog *c, const en_catalog_embedding_set *set, int64_t subset_id,
                                        en_catalog_facts *out, int64_t *wanted, en_error *err) EN_CHECKED;
/* The embedding of an image, in place of one that is there; vector [set->dimensions]. */
en_status en_catalog_embedding_put(en_catalog *c, const en_catalog_embedding_set *set, int64_t image_id,
                                   const char *sample_sha256, const float *vector, en_error *err) EN_CHECKED;

/* Whose weights a set is of, where these are a run's that was trained on images of the set. Texts are owned. */
typedef struct en_catalog_embedding_origin {
    char *run, *target;
    int64_t images; /* of the set that it learned from */
} en_catalog_embedding_origin;
/* EN_DONE: no such run is known. Clear it in every case. */
en_status en_catalog_embedding_origin_find(en_catalog *c, const en_catalog_embedding_set *set,
                                           en_catalog_embedding_origin *out, en_error *err) EN_CHECKED;
void en_catalog_embedding_origin_clear(en_catalog_embedding_origin *origin);
/* The embeddings of the set, of accepted images and the pixels of their samples, with the value of an SQL expression
 * over the columns of the view images, which may only read: rows of image_id, image, patient, eye, value and vector, by
 * the image's name. what: begins the messages. EN_INPUT when SQL complains about it. */
en_status en_catalog_embeddings_by(en_catalog *c, const en_catalog_embedding_set *set, const char *what,
                                   const char *expression, const en_events *events, en_query **out,
                                   en_error *err) EN_CHECKED;

/* EN_INPUT unless these bytes are `dimensions` finite numbers: `image` names it in the message. */
en_status en_catalog_embedding_check(const char *image, const void *vector, size_t bytes, size_t dimensions,
                                     en_error *err) EN_CHECKED;

#endif
