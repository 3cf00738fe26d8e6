/* EXIF orientation: reading it, and turning pixels upright (EXIF 2.32, tag 0x0112). */
#ifndef EN_IMAGE_ORIENT_H
#define EN_IMAGE_ORIENT_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "image/image.h"

/* The orientation 1..8 in an EXIF block (a TIFF header and its first directory); 1 when there is none or it is
 * invalid. */
int en_orient_read(const uint8_t *tiff, size_t n);
/* Maker and model of the camera in such a block, as en_image_info has them. */
void en_orient_device(const uint8_t *tiff, size_t n, char out[72]);
/* Turns the pixels; for 5..8 width and height change places. Orientation 1 costs nothing. EN_NOMEM. */
en_status en_orient_apply(en_image *image, int orientation, en_error *err) EN_CHECKED;

#endif
