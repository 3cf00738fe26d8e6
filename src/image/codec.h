/* Between decode.c and the two readers it chooses from; not for other layers. */
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
} en_codec_input;

/* Both fill *info, and *out (as stored, not yet upright) unless header_only. On failure *out may hold memory. */
en_status en_jpeg_read(const en_codec_input *in, en_image *out, en_image_info *info, en_error *err) EN_CHECKED;
en_status en_png_read(const en_codec_input *in, en_image *out, en_image_info *info, en_error *err) EN_CHECKED;

/* Notes the fault in *info and sets "FAULT-NAME" followed by the detail, which brings its own ": " or " ". */
en_status en_refuse(en_image_info *info, en_error *err, en_image_fault fault, const char *fmt, ...) EN_PRINTF(4, 5);
/* Refuses a size over the caps. */
en_status en_check_size(const en_codec_input *in, en_image_info *info, en_error *err) EN_CHECKED;

#endif
