/* Evens out light and colour of a finished sample, so that cameras and exposures differ less. Both leave what lies
 * outside the retina's disc without information: there is nothing to be learned from it.
 *
 * Graham: B. Graham, "Kaggle Diabetic Retinopathy Detection competition report" (2015), which won that competition. The
 * local mean is taken away: out = 4*v - 4*blur(v) + 128, of each channel, blur being a Gaussian whose sigma is a
 * thirtieth of the disc's radius (the report scales every disc to a radius of 300 px and takes 10 px), mirrored at the
 * borders without repeating the border's own pixel; rounded to the nearest and cut off at 0 and 255. What is further
 * from the disc's centre than 0.9 of its radius becomes 128, as edges there say nothing of the eye.
 *
 * CLAHE: contrast-limited adaptive histogram equalisation, K. Zuiderveld, Graphics Gems IV (1994), pp. 474-485, of the
 * luma Y = 0.299 R + 0.587 G + 0.114 B in 8x8 tiles with a clip limit of 2 times a flat histogram's count, bilinear
 * between the tiles' centres; the change of Y is added to the three channels, which keeps their differences. What lies
 * outside the disc stays as it is. */
#ifndef EN_IMAGE_NORMALISE_H
#define EN_IMAGE_NORMALISE_H

#include <stdint.h>

#include "base/error.h"
#include "image/disc.h"

typedef enum en_normalise { EN_NORMALISE_NONE, EN_NORMALISE_GRAHAM, EN_NORMALISE_CLAHE } en_normalise;

/* Of a sample (size,size,3), in place; size >= 8. `disc` is the retina in px of the sample, the origin at the top left
 * corner of its top left pixel; it may reach outside. It takes up to 24 bytes a pixel while it works; EN_NOMEM only. */
en_status en_normalise_apply(en_normalise how, uint8_t *pixels, int size, en_disc disc, en_error *err) EN_CHECKED;

#endif
