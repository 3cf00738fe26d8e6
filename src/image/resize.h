/* Area averaging: every pixel of the result is the mean of the rectangle it covers, each source pixel weighing exactly
 * by the fraction of that rectangle it covers. Outside the source is black. */
#ifndef EN_IMAGE_RESIZE_H
#define EN_IMAGE_RESIZE_H

#include <stdint.h>

#include "base/error.h"
#include "image/image.h"

/* Longer side in px of the small copy on which the retina is found and quality measured, whatever is to be made of the
 * photograph: they are found the same on that copy and on the photograph itself. */
#define EN_SMALL_EDGE 256

/* A rectangle in px of an image, the origin at the top left corner of its top left pixel; it may reach outside. */
typedef struct en_box {
    double x, y, width, height; /* width, height > 0 */
} en_box;

/* Resamples `box` of `image` into out (out_height,out_width,3), caller's. Weights are float; the mean is rounded to the
 * nearest, halves up. Enlarging works the same way, which repeats pixels. EN_NOMEM only (a few bytes per column). */
en_status en_resize(const en_image *image, en_box box, int out_width, int out_height, uint8_t *out,
                    en_error *err) EN_CHECKED;

/* The small copy on which the retina is found and quality measured: *small is `image` itself where it is that already,
 * otherwise *own, to be cleared by the caller in either case. EN_NOMEM. */
en_status en_small_copy(const en_image *image, en_image *own, const en_image **small, en_error *err) EN_CHECKED;

/* A copy of the whole photograph whose longer side is `longest` px, or its own size when that is smaller. Its size
 * depends on the photograph only, not on the scale it was decoded at; the copy counts as full-size. EN_NOMEM. */
en_status en_shrink(const en_image *image, int longest, en_image *out, en_error *err) EN_CHECKED;

#endif
