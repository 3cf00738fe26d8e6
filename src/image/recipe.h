/* A recipe defines how a photograph becomes a sample: a text such as 'crop=retina size=256', words in any order.
 *     crop=retina     the square about the retina's disc, side twice its radius, black where that leaves the photograph
 *     crop=centre:P   the centred square of P px of the photograph; of its shorter side when that is less than P
 *     crop=none       the whole photograph, padded with black to a square: its proportions stay
 *     size=N          N x N px, 8..2048, by area averaging
 *     normalise=HOW   graham, clahe or none: how light and colour of the sample are evened out (image/normalise.h)
 * The first two words are needed. The canonical text (crop, size, normalise unless it is none; one space, no leading
 * zeros) is what is stored and hashed: the same recipe always has the same text. */
#ifndef EN_IMAGE_RECIPE_H
#define EN_IMAGE_RECIPE_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "image/disc.h"
#include "image/image.h"
#include "image/normalise.h"

typedef enum en_crop { EN_CROP_RETINA = 1, EN_CROP_CENTRE, EN_CROP_NONE } en_crop;

#define EN_RECIPE_TEXT_MAX 64 /* of a canonical text with its NUL */
#define EN_RECIPE_SIZE_MIN 8
#define EN_RECIPE_SIZE_MAX 2048

typedef struct en_recipe {
    en_crop crop;
    int centre_px; /* EN_CROP_CENTRE only, 1..EN_IMAGE_EDGE_MAX, else 0 */
    int size;      /* N */
    en_normalise normalise;
} en_recipe;

/* EN_USAGE names the bad word and the nearest good one. */
en_status en_recipe_parse(const char *text, en_recipe *out, en_error *err) EN_CHECKED;
/* The canonical text; returns `out`. */
const char *en_recipe_text(const en_recipe *recipe, char out[EN_RECIPE_TEXT_MAX]);
/* Bytes of one sample, N*N*3. */
size_t en_recipe_bytes(const en_recipe *recipe);
/* What en_decode_options.min_edge must be for a photograph of that (upright or stored) size, so that the sample differs
 * from the one made of the full-size photograph by little: PSNR is 50 dB and more (measurements in recipe.c). */
int en_recipe_min_edge(const en_recipe *recipe, int full_width, int full_height);
/* Makes the sample (N,N,3) in `out`. `disc` is the retina of this very image as en_disc_find gives it, or NULL to have
 * it found here, where the recipe needs it. EN_NOMEM only. */
en_status en_recipe_apply(const en_recipe *recipe, const en_image *image, const en_disc *disc, uint8_t *out,
                          en_error *err) EN_CHECKED;

#endif
