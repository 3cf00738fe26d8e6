/* See explain.h. */
#include "training/explain.h"

#include <string.h>

#include "base/memory.h"
#include "image/heat.h"
#include "nn/explain.h"

size_t en_explained_class(const en_classes *classes, size_t predicted)
{
    return classes->count == 2 ? classes->positive : predicted;
}

en_status en_model_explain(en_model *model, const uint8_t *sample, size_t class, uint8_t *over, en_error *err)
{
    const en_feature_map m = en_network_map(model->network);
    float *map = en_calloc(m.h * m.w, sizeof *map);
    if (map == NULL) {
        return en_error_nomem(err, "a heat map");
    }
    en_status st = en_network_explain(model->network, sample, class, map, NULL, err);
    if (st == EN_OK) {
        const en_heat_grid grid = {map, m.h, m.w, m.start_y, m.start_x, m.step_y, m.step_x};
        memmove(over, sample, en_recipe_bytes(&model->recipe));
        en_heat_draw(&grid, model->recipe.size, over);
    }
    en_free(map);
    return st;
}
