/* Identifies a file, checks it against the caps, has it decoded and turns it upright. Decoding: jpeg.c, png.c,
 * tiff.c, webp.c, bmp.c, dicom.c. */
#include "image/decode.h"

#include <stdarg.h>
#include <string.h>

#include "base/text.h"
#include "image/codec.h"
#include "image/orient.h"
#include "image/sniff.h"

const char *en_format_name(en_image_format format)
{
    switch (format) {
    case EN_FORMAT_JPEG: return "jpeg";
    case EN_FORMAT_PNG: return "png";
    case EN_FORMAT_TIFF: return "tiff";
    case EN_FORMAT_WEBP: return "webp";
    case EN_FORMAT_BMP: return "bmp";
    case EN_FORMAT_DICOM: return "dicom";
    case EN_FORMAT_NONE: break;
    }
    return "none";
}

const char *en_fault_name(en_image_fault fault)
{
    switch (fault) {
    case EN_FAULT_NO_IMAGE: return "no image";
    case EN_FAULT_TRUNCATED: return "truncated";
    case EN_FAULT_DAMAGED: return "damaged";
    case EN_FAULT_TOO_LARGE: return "too large";
    case EN_FAULT_UNSUPPORTED: return "unsupported";
    case EN_FAULT_NONE: break;
    }
    return "none";
}

en_status en_refuse(en_image_info *info, en_error *err, en_image_fault fault, const char *fmt, ...)
{
    char detail[256];
    va_list args;
    va_start(args, fmt);
    (void)en_printv(detail, sizeof detail, fmt, args);
    va_end(args);
    info->fault = fault;
    return en_error_set(err, EN_INPUT, "%s%s", en_fault_name(fault), detail);
}

en_status en_check_size(const en_codec_input *in, en_image_info *info, en_error *err)
{
    if (info->width > EN_IMAGE_EDGE_MAX || info->height > EN_IMAGE_EDGE_MAX) {
        return en_refuse(info, err, EN_FAULT_TOO_LARGE, ": %dx%d, sides are at most %d", info->width, info->height,
                         EN_IMAGE_EDGE_MAX);
    }
    int64_t pixels = (int64_t)info->width * info->height;
    if (pixels > in->max_pixels) {
        return en_refuse(info, err, EN_FAULT_TOO_LARGE, ": %dx%d is %.1f of at most %.1f megapixels", info->width,
                         info->height, (double)pixels / 1e6, (double)in->max_pixels / 1e6);
    }
    return EN_OK;
}

en_status en_end_early(const en_codec_input *in, en_image *out, en_image_info *info, int rows, int first, int end,
                       en_error *err)
{
    if (!in->accept_truncated) {
        return en_refuse(info, err, EN_FAULT_TRUNCATED, " after row %d of %d", rows, info->height);
    }
    size_t stride = 3 * (size_t)out->width;
    if (end > first) {
        memset(out->rgb + (size_t)first * stride, 0, (size_t)(end - first) * stride);
    }
    info->fault = EN_FAULT_TRUNCATED;
    info->rows = rows;
    return EN_OK;
}

void en_lay_over_black(const uint8_t *rgba, size_t pixels, uint8_t *rgb)
{
    for (size_t i = 0; i < pixels; i++, rgba += 4, rgb += 3) {
        for (int c = 0; c < 3; c++) {
            rgb[c] = (uint8_t)((rgba[c] * rgba[3] + 127) / 255);
        }
    }
}

const char *en_format_extension(en_image_format format)
{
    switch (format) {
    case EN_FORMAT_JPEG: return "jpg";
    case EN_FORMAT_PNG: return "png";
    case EN_FORMAT_TIFF: return "tif";
    case EN_FORMAT_WEBP: return "webp";
    case EN_FORMAT_BMP: return "bmp";
    case EN_FORMAT_DICOM: return "dcm";
    case EN_FORMAT_NONE: break;
    }
    return "";
}

typedef en_status (*reader)(const en_codec_input *in, en_image *out, en_image_info *info, en_error *err);

/* What the first bytes are those of; NULL: of none that is read. */
static reader reader_of(const uint8_t *bytes, size_t n, en_image_format *format)
{
    static const struct {
        en_image_format format;
        reader read;
    } readers[] = {{EN_FORMAT_JPEG, en_jpeg_read}, {EN_FORMAT_PNG, en_png_read}, {EN_FORMAT_TIFF, en_tiff_read},
                   {EN_FORMAT_WEBP, en_webp_read}, {EN_FORMAT_BMP, en_bmp_read}, {EN_FORMAT_DICOM, en_dicom_read}};
    const en_kind_of_file *kind = en_sniff(bytes, n);
    for (size_t i = 0; kind != NULL && i < sizeof readers / sizeof *readers; i++) {
        if (strcmp(kind->name, en_format_name(readers[i].format)) == 0) {
            *format = readers[i].format;
            return readers[i].read;
        }
    }
    return NULL;
}

en_image_format en_format_of(const void *bytes, size_t n)
{
    en_image_format format = EN_FORMAT_NONE;
    (void)reader_of(bytes, n, &format);
    return format;
}

static en_status read_image(en_codec_input *in, const en_decode_options *options, en_image *out, en_image_info *info,
                            en_error *err)
{
    en_decode_options o = options != NULL ? *options : (en_decode_options){0};
    size_t max_bytes = o.max_bytes > 0 ? o.max_bytes : EN_DECODE_MAX_BYTES;
    in->max_pixels = o.max_pixels > 0 ? o.max_pixels : EN_DECODE_MAX_PIXELS;
    in->min_edge = o.min_edge;
    in->accept_truncated = o.accept_truncated;
    *info = (en_image_info){.orientation = 1};
    if (in->size == 0) {
        return en_refuse(info, err, EN_FAULT_NO_IMAGE, ": the file is empty");
    }
    reader read = reader_of(in->bytes, in->size, &info->format);
    if (read == NULL) {
        const en_kind_of_file *kind = en_sniff(in->bytes, in->size);
        return kind == NULL    ? en_refuse(info, err, EN_FAULT_NO_IMAGE, ": an unknown format")
               : kind->picture ? en_refuse(info, err, EN_FAULT_UNSUPPORTED, ": %s", kind->name)
                               : en_refuse(info, err, EN_FAULT_NO_IMAGE, ": it is %s", kind->name);
    }
    if (in->size > max_bytes) {
        return en_refuse(info, err, EN_FAULT_TOO_LARGE, ": %.1f of at most %.1f megabytes", (double)in->size / 1e6,
                         (double)max_bytes / 1e6);
    }
    return read(in, out, info, err);
}

en_status en_decode(const void *bytes, size_t n, const en_decode_options *options, en_image *out, en_image_info *info,
                    en_error *err)
{
    en_image_info local;
    if (info == NULL) {
        info = &local;
    }
    en_image_clear(out);
    en_codec_input in = {.bytes = bytes, .size = n};
    en_status st = read_image(&in, options, out, info, err);
    if (st == EN_OK) {
        st = en_orient_apply(out, info->orientation, err);
    }
    if (st != EN_OK) {
        en_image_clear(out);
    }
    return st;
}

en_status en_decode_probe(const void *bytes, size_t n, const en_decode_options *options, en_image_info *info,
                          en_error *err)
{
    en_codec_input in = {.bytes = bytes, .size = n, .header_only = true};
    return read_image(&in, options, NULL, info, err);
}
