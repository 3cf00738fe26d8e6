/* TIFF, WebP, BMP and DICOM files of many kinds for the tests of decoding: by the libraries themselves, or byte by
 * byte as the formats' descriptions have it. Pixels are (height,width,3). */
#ifndef EN_TEST_IMAGE_FORMAT_KIT_H
#define EN_TEST_IMAGE_FORMAT_KIT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "image/image.h"

typedef struct tiff_kind {
    int compression; /* as libtiff names them; 0: none */
    int bits;        /* 8, or 16: each value times 257 */
    bool planes, tiles, big_endian;
    int rows_per_strip; /* 0: all in one */
    int orientation;    /* 0: none is named */
    bool thumbnail;     /* a reduced page comes first */
} tiff_kind;
void make_tiff(const en_image *image, tiff_kind kind, en_buf *out);

typedef struct webp_kind {
    bool lossy, alpha; /* alpha: the left half is opaque, the right half is half transparent */
    int orientation;   /* 0: no EXIF */
} webp_kind;
void make_webp(const en_image *image, webp_kind kind, en_buf *out);

typedef struct bmp_kind {
    int bits; /* 8: grey, of the image's green; 16: 5, 6 and 5 bits; 24; 32 */
    bool from_above;
    bool core; /* the header of 12 bytes; with 24 bits */
} bmp_kind;
void make_bmp(const en_image *image, bmp_kind kind, en_buf *out);

typedef struct dicom_kind {
    bool implicit, jpeg, planes;
    const char *photometric; /* NULL: RGB; MONOCHROME1 and 2 take the image's green */
    int stored;              /* bits of a grey sample, 8..16; 0: 8 */
    const char *syntax;      /* another transfer syntax than what the file is in; NULL */
    int frames;              /* 0: not named */
} dicom_kind;
void make_dicom(const en_image *image, dicom_kind kind, en_buf *out);

#endif
