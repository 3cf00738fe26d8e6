/* A photograph in memory: 8-bit RGB, (H,W,3), rows from the top, no padding between them. */
#ifndef EN_IMAGE_IMAGE_H
#define EN_IMAGE_IMAGE_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

#define EN_IMAGE_EDGE_MAX 65500 /* longest side of anything decoded or encoded, px (libjpeg's own limit) */

typedef struct en_image {
    int width, height;           /* px, >= 1 once filled */
    int full_width, full_height; /* of the photograph itself, px; larger when this is a reduced decoding of it */
    double scale;                /* px of this image per px of the photograph: 1, 0.5, 0.25 or 0.125; the last column
                                  * and row may reach a fraction of a px beyond the photograph's edge */
    uint8_t *rgb;                /* (height,width,3), owned */
} en_image;

void en_image_init(en_image *image);
/* Frees; the image may be filled again. Safe on a zeroed one. */
void en_image_clear(en_image *image);
/* Replaces what was there by width x height pixels of undefined colour; full_* are set to the same size, scale to 1.
 * EN_INPUT outside 1..EN_IMAGE_EDGE_MAX, EN_NOMEM. */
en_status en_image_alloc(en_image *image, int width, int height, en_error *err) EN_CHECKED;
/* Bytes of the pixels, width*height*3. */
size_t en_image_bytes(const en_image *image);

#endif
