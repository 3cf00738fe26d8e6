/* JPEG and PNG files of every kind, made by the libraries themselves, for the tests of decoding. */
#ifndef EN_TEST_IMAGE_CODEC_KIT_H
#define EN_TEST_IMAGE_CODEC_KIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

typedef struct jpeg_kind {
    int components; /* 1 grey, 2 odd, 3 RGB, 4 CMYK */
    bool progressive;
    int scans;  /* 0: as usual; otherwise a grey progressive file of that many (at most 127) */
    bool adobe; /* with the marker that says inks are inverted */
} jpeg_kind;
/* pixels (height,width,components); quality 95. */
void make_jpeg(const uint8_t *pixels, int width, int height, jpeg_kind kind, en_buf *out);
/* Puts an EXIF block with that orientation behind the JPEG's first marker. */
void add_orientation(en_buf *jpeg, int orientation, bool big_endian);

typedef struct png_kind {
    int colour_type, bits; /* as libpng names them */
    bool interlaced;
    int orientation; /* 0: no eXIf */
} png_kind;
/* rows: height rows of packed samples as the PNG holds them, each row_bytes; palettes are 0 red, 1 green, 2 blue
 * half transparent, 3 white fully transparent. */
void make_png(const uint8_t *rows, size_t row_bytes, int width, int height, png_kind kind, en_buf *out);

#endif
