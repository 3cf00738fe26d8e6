/* Between decode.c and the readers it chooses from; not for other layers. */
#ifndef EN_IMAGE_CODEC_H
#define EN_IMAGE_CODEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "image/decode.h"
#include "image/image.h"

typedef struct en_codec_input {
    const uint8_t *bytes; /* the file, borrowed */
    size_t size;
    int64_t max_pixels;
    int min_edge;
    bool header_only; /* fill the info and stop */
    bool accept_truncated;
    bool plain_rgb; /* a JPEG in another file, which says that its three components are RGB */
} en_codec_input;

/* All fill *info, and *out (as stored, not yet upright) unless header_only. On failure *out may hold memory. */
en_status en_jpeg_read(const en_codec_input *in, en_image *out, en_image_info *info, en_error *err) EN_CHECKED;
en_status en_png_read(const en_codec_input *in, en_image *out, en_image_info *info, en_error *err) EN_CHECKED;

en_status en_tiff_read(const en_codec_input *in, en_image *out, en_image_info *info, en_error *err) EN_CHECKED;
en_status en_webp_read(const en_codec_input *in, en_image *out, en_image_info *info, en_error *err) EN_CHECKED;
en_status en_bmp_read(const en_codec_input *in, en_image *out, en_image_info *info, en_error *err) EN_CHECKED;
en_status en_dicom_read(const en_codec_input *in, en_image *out, en_image_info *info, en_error *err) EN_CHECKED;

/* Notes the fault in *info and sets "FAULT-NAME" followed by the detail, which brings its own ": " or " ". */
en_status en_refuse(en_image_info *info, en_error *err, en_image_fault fault, const char *fmt, ...) EN_PRINTF(4, 5);
/* Refuses a size over the caps. */
en_status en_check_size(const en_codec_input *in, en_image_info *info, en_error *err) EN_CHECKED;
/* The file ended when `rows` of the photograph's rows were whole: it is refused, or, where truncated files are
 * accepted, rows [first, end) of *out become black and it goes on. */
en_status en_end_early(const en_codec_input *in, en_image *out, en_image_info *info, int rows, int first, int end,
                       en_error *err) EN_CHECKED;
/* "MAKER MODEL" in `out`, printable ASCII without double blanks, the maker left out where the model begins with it. */
void en_device_name(const char *maker, size_t maker_bytes, const char *model, size_t model_bytes, char out[72]);
/* (pixels,4) to (pixels,3): colours times their opacity. */
void en_lay_over_black(const uint8_t *rgba, size_t pixels, uint8_t *rgb);

#endif
