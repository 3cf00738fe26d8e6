/* Loading a subset. */
#include "dataset/dataset.h"

#include "base/memory.h"
#include "catalog/sample.h"

en_status en_dataset_recipe(en_project *project, const char *words, en_recipe *recipe, int64_t *id, char **text,
                            en_error *err)
{
    en_status st;
    *text = NULL;
    if (words != NULL) {
        char canonical[EN_RECIPE_TEXT_MAX];
        st = en_recipe_parse(words, recipe, err);
        if (st == EN_OK) {
            st = en_catalog_recipe_find(project->catalog, en_recipe_text(recipe, canonical), id, err);
        }
        if (st == EN_DONE) {
            return en_error_set(err, EN_INPUT,
                                "there are no samples of recipe '%s': run \"eyenet ingest --recipe '%s'\" first",
                                canonical, canonical);
        }
    } else {
        st = en_catalog_recipe_newest(project->catalog, id, err);
        if (st == EN_DONE) {
            return en_error_hint(err, en_error_set(err, EN_INPUT, "there are no samples"), "run 'eyenet ingest' first");
        }
    }
    if (st == EN_OK) {
        st = en_catalog_recipe_text(project->catalog, *id, text, err);
    }
    return st == EN_OK ? en_recipe_parse(*text, recipe, err) : st;
}

en_status en_dataset_load_unchecked(en_project *project, en_dataset *data, const char *target, int64_t recipe_id,
                                    int size, en_error *err)
{
    const en_catalog_items *items = &data->items;
    en_status st = en_catalog_subset_load(project->catalog, data->subset.id, target, recipe_id, &project->events,
                                          &data->items, err);
    if (st == EN_OK && items->count == 0) {
        st = en_error_set(err, EN_INPUT,
                          "subset '%s' has no image to use: of %lld members %lld have no value of '%s', %lld no sample "
                          "of the recipe, %lld were rejected",
                          data->subset.name, (long long)items->members, (long long)items->no_target, target,
                          (long long)items->no_sample, (long long)items->rejected);
    }
    return st == EN_OK ? en_loader_open_unchecked(project, items, size, &data->loader, err) : st;
}

en_status en_dataset_load(en_project *project, en_dataset *data, const char *target, int64_t recipe_id, int size,
                          en_error *err)
{
    en_status st = en_dataset_load_unchecked(project, data, target, recipe_id, size, err);
    return st == EN_OK ? en_loader_check(&data->loader, 0, data->items.count, err) : st;
}

void en_dataset_clear(en_dataset *data)
{
    en_loader_close(&data->loader); /* it borrows the items */
    en_catalog_items_clear(&data->items);
    en_catalog_subset_clear(&data->subset);
    en_free(data->truth);
    *data = (en_dataset){0};
}
