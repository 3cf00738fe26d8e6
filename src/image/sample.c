/* Decode, measure, make the sample. The retina is looked for once, on the small copy that the measures use too. */
#include "image/sample.h"

#include <math.h>

#include "image/disc.h"
#include "image/resize.h"

en_status en_sample_of_image(const en_image *image, const en_recipe *recipe, uint8_t *out, en_quality *quality,
                             en_error *err)
{
    en_image own = {0};
    const en_image *small;
    en_disc disc;
    en_status st = en_small_copy(image, &own, &small, err);
    if (st == EN_OK) {
        st = en_disc_find(small, &disc, err);
    }
    if (st == EN_OK) {
        st = en_quality_measure(small, &disc, quality, err);
    }
    if (st == EN_OK) {
        disc = en_disc_scaled(disc, small, image);
        st = en_recipe_apply(recipe, image, &disc, out, err);
    }
    en_image_clear(&own);
    return st;
}

en_status en_sample_make(const void *bytes, size_t n, const en_recipe *recipe, const en_decode_options *limits,
                         uint8_t *out, en_image_info *info, en_quality *quality, en_gate *gate, en_error *err)
{
    *quality = (en_quality){0};
    *gate = (en_gate){.kind = EN_GATE_PASSED};
    en_decode_options options = limits != NULL ? *limits : (en_decode_options){0};
    en_status st = en_decode_probe(bytes, n, &options, info, err);
    if (st != EN_OK) {
        return st;
    }
    options.min_edge = en_recipe_min_edge(recipe, info->width, info->height);
    en_image image = {0};
    st = en_decode(bytes, n, &options, &image, info, err);
    if (st == EN_OK) {
        st = en_sample_of_image(&image, recipe, out, quality, err);
    }
    en_image_clear(&image);
    if (st == EN_OK) {
        *gate = en_quality_gate(quality, info->width, info->height);
    }
    return st;
}
