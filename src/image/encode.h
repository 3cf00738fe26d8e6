/* From RGB pixels to the bytes of a JPEG or PNG file. The same pixels and settings give the same bytes: no times, no
 * comments, no profiles. */
#ifndef EN_IMAGE_ENCODE_H
#define EN_IMAGE_ENCODE_H

#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"

typedef enum en_chroma {
    EN_CHROMA_420, /* colour at half the resolution, as cameras and the competition's files have it */
    EN_CHROMA_444  /* colour at full resolution */
} en_chroma;

/* Appends a baseline JPEG (JFIF, optimised Huffman tables) of rgb (height,width,3) to `out`, whose cap bounds it.
 * quality 1..100. EN_USAGE for a size or quality out of range, EN_INPUT past the cap, EN_NOMEM. */
en_status en_encode_jpeg(const uint8_t *rgb, int width, int height, int quality, en_chroma chroma, en_buf *out,
                         en_error *err) EN_CHECKED;

/* Appends an 8-bit RGB PNG. Errors as above. */
en_status en_encode_png(const uint8_t *rgb, int width, int height, en_buf *out, en_error *err) EN_CHECKED;

#endif
