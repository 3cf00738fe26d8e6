/* Lost parts of a photograph that was saved again after its file broke off: the decoder filled them with one colour, or
 * repeated the last row it had. Such a file is valid, and no decoder complains. */
#ifndef EN_IMAGE_INTEGRITY_H
#define EN_IMAGE_INTEGRITY_H

#include "image/disc.h"
#include "image/image.h"

/* The fraction of the disc, 0..1, that is not lost; 1 without a disc. Lost are the rows that equal the one above them,
 * on the average of their channels to LEAST of 255, in runs of at least RUN of the disc's height; and black ones, but
 * for the quarter of the radius at top and bottom that cameras and exports cut off. The small copy (resize.h) is what
 * it is meant for. */
double en_integrity(const en_image *image, const en_disc *disc);

#endif
