/* From the bytes of a file to upright RGB pixels: JPEG, PNG, TIFF, WebP, BMP and DICOM, told by their first bytes,
 * never by a name; their orientation applied. Every photograph that cannot be used is refused with EN_INPUT and a short
 * reason fit for the catalog: no image: an unknown format             too large: 20000x20000 is 400.0 of at most 100.0
 * megapixels truncated after row 812 of 3168         damaged after row 96 of 683: bad Huffman code unsupported: jpeg
 * with 2 colour components      unsupported: heic      no image: it is an HTML page A file of which every pixel can be
 * decoded is not refused for what is wrong behind the last one: padding, or no mark of the end. Each begins with
 * en_fault_name's words, so that reasons can be counted. */
#ifndef EN_IMAGE_DECODE_H
#define EN_IMAGE_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "image/image.h"

typedef enum en_image_format {
    EN_FORMAT_NONE = 0,
    EN_FORMAT_JPEG,
    EN_FORMAT_PNG,
    EN_FORMAT_TIFF,
    EN_FORMAT_WEBP,
    EN_FORMAT_BMP,
    EN_FORMAT_DICOM
} en_image_format;

typedef enum en_image_fault {
    EN_FAULT_NONE = 0,   /* it was decoded; or the failure was not the photograph's (out of memory) */
    EN_FAULT_NO_IMAGE,   /* no format for pictures, or an invalid header */
    EN_FAULT_TRUNCATED,  /* the file ends early */
    EN_FAULT_DAMAGED,    /* bytes are wrong: a decoder's warning is enough */
    EN_FAULT_TOO_LARGE,  /* over a cap */
    EN_FAULT_UNSUPPORTED /* a kind of a format that is not read, or another format, which is named */
} en_image_fault;

typedef struct en_image_info {
    en_image_format format;
    int width, height; /* as stored in the file, before orientation, px; 0 when unknown */
    int orientation;   /* EXIF tag 0x0112, 1..8; 1 when absent or invalid */
    en_image_fault fault;
    int rows; /* where a truncated file was accepted: how many of the stored rows are whole; the others are black, or,
               * of an interlaced or progressive file, coarse */
    char eye; /* 'L' or 'R', where the file says so (DICOM); 0 */
    char patient[72]; /* what the file calls the patient (DICOM), UTF-8 or not; "" */
    char device[72];  /* maker and model of the camera (DICOM, EXIF), printable ASCII; "" */
} en_image_info;

/* Zeroed: the defaults. */
typedef struct en_decode_options {
    size_t max_bytes;      /* of the file; 0 = EN_DECODE_MAX_BYTES */
    int64_t max_pixels;    /* of the photograph; 0 = EN_DECODE_MAX_PIXELS */
    int min_edge;          /* the photograph is wanted small: its shorter side may come out reduced, but never below
                            * this many px (a smaller photograph comes as it is). 0: full size.
                            * JPEG is reduced in the DCT to 4/8, 2/8 or 1/8, at a fraction of the cost; PNG never is.
                            * en_recipe_min_edge says what a recipe needs. */
    bool accept_truncated; /* a file that ends early is decoded as far as it goes, and info->fault is
                            * EN_FAULT_TRUNCATED all the same; a file that ends in its header is refused */
} en_decode_options;

#define EN_DECODE_MAX_BYTES ((size_t)128 << 20)
#define EN_DECODE_MAX_PIXELS ((int64_t)100000000)

/* Decodes bytes[0..n). `options` may be NULL. *out is upright: for orientation 5..8 its width is info->height; it is
 * replaced on success and cleared on failure. *info (may be NULL) is filled as far as the file could be understood,
 * on failure too. 16-bit samples are rounded to 8, alpha is laid over black (of a BMP it is ignored), grey and palette
 * become RGB, CMYK and YCCK JPEGs (as Adobe writes them) become RGB by (1-C)(1-K) and so on. Colour profiles are not
 * applied. Of several pages of a TIFF the first at full resolution counts, of the pictures of an MPO the first. */
en_status en_decode(const void *bytes, size_t n, const en_decode_options *options, en_image *out, en_image_info *info,
                    en_error *err) EN_CHECKED;

/* The header only: format, stored size, orientation, caps. Refuses what en_decode would, as far as a header shows it.
 */
en_status en_decode_probe(const void *bytes, size_t n, const en_decode_options *options, en_image_info *info,
                          en_error *err) EN_CHECKED;

/* What the first bytes of a file are those of; EN_FORMAT_NONE: of none that is read. 512 bytes are enough. */
en_image_format en_format_of(const void *bytes, size_t n);
/* "jpg", "png", "tif", "webp", "bmp", "dcm", "" */
const char *en_format_extension(en_image_format format);
const char *en_format_name(en_image_format format); /* "jpeg", "png", "tiff", "webp", "bmp", "dicom", "none" */
/* "no image", "truncated", "damaged", "too large", "unsupported", "none" */
const char *en_fault_name(en_image_fault fault);

#endif
