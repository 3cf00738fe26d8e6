/* Loading a subset. */
#include "dataset/dataset.h"

#include "base/memory.h"

en_status en_dataset_load(en_project *project, en_dataset *data, const char *target, int64_t recipe_id, int size,
                          en_error *err)
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
    return st == EN_OK ? en_loader_open(project, items, size, &data->loader, err) : st;
}

void en_dataset_clear(en_dataset *data)
{
    en_loader_close(&data->loader); /* it borrows the items */
    en_catalog_items_clear(&data->items);
    en_catalog_subset_clear(&data->subset);
    en_free(data->truth);
    *data = (en_dataset){0};
}
