/* The pixels made of images: recipe -> pack -> sample. */
#ifndef EN_CATALOG_SAMPLE_H
#define EN_CATALOG_SAMPLE_H

#include "catalog/catalog.h"

/* A recipe by its canonical text; the row is made when it is new. */
en_status en_catalog_recipe_put(en_catalog *c, const char *text, int64_t *id, en_error *err) EN_CHECKED;
/* The same without making it: EN_DONE when there is none. */
en_status en_catalog_recipe_find(en_catalog *c, const char *text, int64_t *id, en_error *err) EN_CHECKED;
/* Its text (en_free); EN_DONE when there is none. */
en_status en_catalog_recipe_text(en_catalog *c, int64_t id, char **text, en_error *err) EN_CHECKED;
/* The newest recipe that has samples; EN_DONE when there are no samples at all. */
en_status en_catalog_recipe_newest(en_catalog *c, int64_t *id, en_error *err) EN_CHECKED;

typedef struct en_catalog_todo {
    int64_t image_id;
    char *name, *path; /* of the image; of its file in the project */
    char *sha256;      /* of the bytes that were judged */
} en_catalog_todo;
typedef struct en_catalog_todos {
    en_catalog_todo *row;
    size_t count;
} en_catalog_todos;
/* Accepted images that have no sample of this recipe, in the natural order of their names. */
en_status en_catalog_samples_missing(en_catalog *c, int64_t recipe_id, en_catalog_todos *out, en_error *err) EN_CHECKED;
void en_catalog_todos_clear(en_catalog_todos *t);

/* A file of samples, "samples/recipe-1.pack": the row is made when it is new. A recipe has one today; readers take as
 * many as there are. */
en_status en_catalog_pack_put(en_catalog *c, int64_t recipe_id, const char *path, int64_t *pack_id,
                              en_error *err) EN_CHECKED;
/* The newest pack of a recipe and how many slots of it are taken (0..); EN_DONE when there is none. path: en_free. */
en_status en_catalog_pack_newest(en_catalog *c, int64_t recipe_id, int64_t *pack_id, char **path, int64_t *slots,
                                 en_error *err) EN_CHECKED;
/* Forgets the samples of a pack whose file is lost; they can be made again. */
en_status en_catalog_pack_forget(en_catalog *c, int64_t pack_id, en_error *err) EN_CHECKED;
/* The sample of an image lies in slot 0, 1, ... of the pack; sha256 of its pixels. */
en_status en_catalog_sample_put(en_catalog *c, int64_t image_id, int64_t recipe_id, int64_t pack_id, int64_t slot,
                                const char *sha256, en_error *err) EN_CHECKED;
/* The name (en_free) of the accepted photograph whose sample of this recipe is the very same pixels, or EN_DONE. */
en_status en_catalog_sample_same(en_catalog *c, int64_t recipe_id, const char *sha256, char **name,
                                 en_error *err) EN_CHECKED;

#endif
