/* A subset ready for batches: its members with a target, their classes, and the loader that renders them. */
#ifndef EN_DATASET_DATASET_H
#define EN_DATASET_DATASET_H

#include "catalog/items.h"
#include "catalog/subset.h"
#include "project/project.h"
#include "dataset/loader.h"
#include "image/recipe.h"

/* The recipe of this text, or with NULL the newest, its row and its canonical text (en_free). EN_INPUT when there are
 * no samples of it, EN_USAGE when it is not one. */
en_status en_dataset_recipe(en_project *project, const char *words, en_recipe *recipe, int64_t *id, char **text,
                            en_error *err) EN_CHECKED;

typedef struct en_dataset {
    en_catalog_subset subset; /* found by the caller, before loading */
    en_catalog_items items;
    en_loader loader;
    int32_t *truth; /* [items.count], by en_classes_truth; NULL before */
} en_dataset;

/* Loads the members of data->subset that have a value of `target` and a sample of the recipe, which makes samples of
 * `size` px. EN_INPUT when there is none, with what the members lack. Ended by en_dataset_clear, also after an error.
 */
en_status en_dataset_load(en_project *project, en_dataset *data, const char *target, int64_t recipe_id, int size,
                          en_error *err) EN_CHECKED;
/* The same without looking at the samples (dataset/loader.h). */
en_status en_dataset_load_unchecked(en_project *project, en_dataset *data, const char *target, int64_t recipe_id,
                                    int size, en_error *err) EN_CHECKED;
void en_dataset_clear(en_dataset *data); /* safe on a zeroed one */

#endif
