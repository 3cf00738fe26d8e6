/* Finds the retina: the lit disc on black that a fundus camera makes, often cut off at top and bottom. */
#ifndef EN_IMAGE_DISC_H
#define EN_IMAGE_DISC_H

#include <stdbool.h>

#include "base/error.h"
#include "image/image.h"

typedef struct en_disc {
    bool found;    /* false: nothing is lit; then the disc is the one around the whole photograph's longer side */
    double x, y;   /* centre, px of the image given */
    double radius; /* px, > 0 */
} en_disc;

/* EN_NOMEM only. */
en_status en_disc_find(const en_image *image, en_disc *disc, en_error *err) EN_CHECKED;

/* The disc found on one copy of a photograph, in px of another copy of it. */
en_disc en_disc_scaled(en_disc disc, const en_image *from, const en_image *to);

#endif
