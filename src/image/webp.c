/* WebP to RGB by libwebp's incremental decoder, which tells how far a file that ends early went. */
#include <string.h>

#include <webp/decode.h>

#include "base/memory.h"
#include "image/codec.h"
#include "image/orient.h"

enum { RIFF_HEADER = 12, CHUNK_HEADER = 8 };

static size_t get32(const uint8_t *p)
{
    return (size_t)p[0] | (size_t)p[1] << 8 | (size_t)p[2] << 16 | (size_t)p[3] << 24;
}

/* The EXIF block follows the pixels, so it is looked for by the lengths of the chunks. Some writers leave the name that
 * JPEG wants before it. */
static void read_exif(const en_codec_input *in, en_image_info *info)
{
    static const uint8_t name[] = {'E', 'x', 'i', 'f', 0, 0};
    for (size_t at = RIFF_HEADER; at < in->size && in->size - at >= CHUNK_HEADER;) {
        const uint8_t *chunk = in->bytes + at + CHUNK_HEADER;
        size_t bytes = get32(chunk - 4), there = in->size - at - CHUNK_HEADER;
        if (bytes > there) {
            return;
        }
        if (memcmp(chunk - CHUNK_HEADER, "EXIF", 4) == 0) {
            size_t skip = bytes >= sizeof name && memcmp(chunk, name, sizeof name) == 0 ? sizeof name : 0;
            info->orientation = en_orient_read(chunk + skip, bytes - skip);
            en_orient_device(chunk + skip, bytes - skip, info->device);
            return;
        }
        at += CHUNK_HEADER + bytes + bytes % 2;
    }
}

static en_status read_header(const en_codec_input *in, WebPDecoderConfig *config, en_image_info *info, en_error *err)
{
    VP8StatusCode code = WebPGetFeatures(in->bytes, in->size, &config->input);
    if (code == VP8_STATUS_NOT_ENOUGH_DATA) {
        return en_refuse(info, err, EN_FAULT_TRUNCATED, " in the header");
    }
    if (code != VP8_STATUS_OK) {
        return en_refuse(info, err, EN_FAULT_DAMAGED, " in the header: not one of a WebP");
    }
    info->width = config->input.width;
    info->height = config->input.height;
    read_exif(in, info);
    en_status st = en_check_size(in, info, err);
    if (st == EN_OK && config->input.has_animation) {
        st = en_refuse(info, err, EN_FAULT_UNSUPPORTED, ": animated webp");
    }
    return st;
}

/* What the library said of the whole file. */
static en_status judge(const en_codec_input *in, VP8StatusCode code, int rows, en_image *out, en_image_info *info,
                       en_error *err)
{
    switch (code) {
    case VP8_STATUS_OK: return EN_OK;
    case VP8_STATUS_OUT_OF_MEMORY: return en_error_nomem(err, "a webp");
    case VP8_STATUS_SUSPENDED:
    case VP8_STATUS_NOT_ENOUGH_DATA: return en_end_early(in, out, info, rows, rows, info->height, err);
    default: return en_refuse(info, err, EN_FAULT_DAMAGED, " after row %d of %d: invalid data", rows, info->height);
    }
}

en_status en_webp_read(const en_codec_input *in, en_image *out, en_image_info *info, en_error *err)
{
    WebPDecoderConfig config;
    WebPIDecoder *decoder = NULL;
    uint8_t *rgba = NULL;
    if (!WebPInitDecoderConfig(&config)) {
        return en_error_set(err, EN_BUG, "libwebp is of another version than its headers");
    }
    en_status st = read_header(in, &config, info, err);
    if (st != EN_OK || in->header_only) {
        return st;
    }
    st = en_image_alloc(out, info->width, info->height, err);
    if (st != EN_OK) {
        return st;
    }
    size_t pixels = (size_t)info->width * (size_t)info->height, channels = config.input.has_alpha ? 4 : 3;
    if (channels == 4 && (rgba = en_calloc(pixels, 4)) == NULL) {
        return en_error_nomem(err, "pixels with alpha");
    }
    config.output.colorspace = channels == 4 ? MODE_RGBA : MODE_RGB;
    config.output.is_external_memory = 1;
    config.output.u.RGBA.rgba = channels == 4 ? rgba : out->rgb;
    config.output.u.RGBA.stride = (int)((size_t)info->width * channels);
    config.output.u.RGBA.size = pixels * channels;
    decoder = WebPIDecode(NULL, 0, &config);
    if (decoder == NULL) {
        st = en_error_nomem(err, "a webp reader");
        goto done;
    }
    VP8StatusCode code = WebPIUpdate(decoder, in->bytes, in->size);
    int rows = 0;
    if (code != VP8_STATUS_OK && WebPIDecGetRGB(decoder, &rows, NULL, NULL, NULL) == NULL) {
        rows = 0;
    }
    if (channels == 4) {
        en_lay_over_black(rgba, pixels, out->rgb);
    }
    st = judge(in, code, rows < 0 ? 0 : rows, out, info, err);
done:
    WebPIDelete(decoder);
    WebPFreeDecBuffer(&config.output);
    en_free(rgba);
    return st;
}
