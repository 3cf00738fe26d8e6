/* BMP to RGB, by a reader of our own: Debian has no small library for it under a licence that fits, and the format is a
 * header, a palette and rows. Read are 1, 4 and 8 bits with a palette, 16, 24 and 32 bits, with or without masks, from
 * below or from above; not run lengths, nor the headers of OS/2 2. Source: Microsoft's description of BITMAPINFOHEADER
 * and its successors. */
#include <string.h>

#include "base/memory.h"
#include "image/codec.h"

enum { FILE_HEADER = 14, CORE = 12, INFO = 40, MASKS_AT = FILE_HEADER + INFO };
enum { BI_RGB = 0, BI_RLE8 = 1, BI_RLE4 = 2, BI_BITFIELDS = 3, BI_JPEG = 4, BI_PNG = 5, BI_ALPHABITFIELDS = 6 };

/* Where a channel lies in a pixel: (pixel & mask) >> shift is 0..most. */
typedef struct channel {
    uint32_t mask, most;
    int shift;
} channel;

typedef struct header {
    uint32_t bytes, pixels_at, bits, packing, colours;
    bool from_above;
    channel channel[3]; /* red, green, blue; of 16 and 32 bits */
    uint8_t palette[256][3];
} header;

static uint32_t get16(const uint8_t *p) { return (uint32_t)p[0] | (uint32_t)p[1] << 8; }

static uint32_t get32(const uint8_t *p) { return get16(p) | get16(p + 2) << 16; }

static bool channel_init(channel *c, uint32_t mask)
{
    *c = (channel){.mask = mask};
    if (mask == 0) {
        return false;
    }
    c->shift = __builtin_ctz(mask);
    c->most = mask >> c->shift;
    return (c->most & (c->most + 1)) == 0; /* one run of bits */
}

static uint8_t channel_value(const channel *c, uint32_t pixel)
{
    uint64_t value = (pixel & c->mask) >> c->shift;
    return (uint8_t)((value * 255 + c->most / 2) / c->most);
}

static en_status damaged(en_image_info *info, en_error *err, const char *what)
{
    return en_refuse(info, err, EN_FAULT_DAMAGED, " in the header: %s", what);
}

static en_status read_size(const en_codec_input *in, header *h, en_image_info *info, en_error *err)
{
    const uint8_t *b = in->bytes;
    int64_t width, height;
    if (in->size < FILE_HEADER + 4 || (h->bytes = get32(b + FILE_HEADER)) > in->size - FILE_HEADER) {
        return en_refuse(info, err, EN_FAULT_TRUNCATED, " in the header");
    }
    h->pixels_at = get32(b + 10);
    if (h->bytes == CORE) {
        width = get16(b + 18);
        height = get16(b + 20);
        h->bits = get16(b + 24);
    } else if (h->bytes >= INFO) {
        width = (int32_t)get32(b + 18);
        height = (int32_t)get32(b + 22);
        h->bits = get16(b + 28);
        h->packing = get32(b + 30);
        h->colours = get32(b + 46);
    } else {
        return damaged(info, err, "its length is not one of a BMP");
    }
    h->from_above = height < 0;
    height = height < 0 ? -height : height;
    if (width < 1 || height < 1) {
        return damaged(info, err, "a side is not positive");
    }
    info->width = width > INT32_MAX ? INT32_MAX : (int)width;
    info->height = height > INT32_MAX ? INT32_MAX : (int)height;
    return en_check_size(in, info, err);
}

static en_status read_masks(const en_codec_input *in, header *h, en_image_info *info, en_error *err)
{
    static const uint32_t of_16[3] = {0x7C00, 0x03E0, 0x001F}, of_32[3] = {0xFF0000, 0x00FF00, 0x0000FF};
    bool fits = true, told = h->packing == BI_BITFIELDS || h->packing == BI_ALPHABITFIELDS;
    if (told && in->size < MASKS_AT + 12) {
        return en_refuse(info, err, EN_FAULT_TRUNCATED, " in the header");
    }
    for (int c = 0; c < 3; c++) {
        uint32_t mask = told ? get32(in->bytes + MASKS_AT + 4 * c) : h->bits == 16 ? of_16[c] : of_32[c];
        fits = channel_init(&h->channel[c], mask) && fits;
    }
    return fits ? EN_OK : damaged(info, err, "a mask of its colours is not one run of bits");
}

static en_status read_palette(const en_codec_input *in, header *h, en_image_info *info, en_error *err)
{
    size_t entry = h->bytes == CORE ? 3 : 4, at = FILE_HEADER + (size_t)h->bytes;
    uint32_t most = 1u << h->bits, count = h->colours == 0 || h->colours > most ? most : h->colours;
    /* Some programs write fewer colours than there could be, and say so only by where the pixels begin. */
    if (h->pixels_at > at && (h->pixels_at - at) / entry < count) {
        count = (uint32_t)((h->pixels_at - at) / entry);
    }
    if (count * entry > in->size - at) {
        return en_refuse(info, err, EN_FAULT_TRUNCATED, " in the header");
    }
    for (uint32_t i = 0; i < count; i++) {
        const uint8_t *p = in->bytes + at + i * entry;
        h->palette[i][0] = p[2];
        h->palette[i][1] = p[1];
        h->palette[i][2] = p[0];
    }
    return EN_OK;
}

static en_status read_header(const en_codec_input *in, header *h, en_image_info *info, en_error *err)
{
    en_status st = read_size(in, h, info, err);
    if (st != EN_OK) {
        return st;
    }
    if (h->packing == BI_RLE8 || h->packing == BI_RLE4) {
        return en_refuse(info, err, EN_FAULT_UNSUPPORTED, ": bmp with run lengths");
    }
    if (h->packing != BI_RGB && h->packing != BI_BITFIELDS && h->packing != BI_ALPHABITFIELDS) {
        return en_refuse(info, err, EN_FAULT_UNSUPPORTED, ": bmp with compression %u", h->packing);
    }
    switch (h->bits) {
    case 1:
    case 4:
    case 8: return read_palette(in, h, info, err);
    case 16:
    case 32: return read_masks(in, h, info, err);
    case 24: return EN_OK;
    default: return en_refuse(info, err, EN_FAULT_UNSUPPORTED, ": bmp with %u bits for each pixel", h->bits);
    }
}

static void read_row(const header *h, const uint8_t *from, int width, uint8_t *to)
{
    for (int x = 0; x < width; x++, to += 3) {
        if (h->bits == 24) {
            to[0] = from[3 * x + 2];
            to[1] = from[3 * x + 1];
            to[2] = from[3 * x];
        } else if (h->bits < 16) {
            unsigned bit = (unsigned)x * h->bits, index = (unsigned)from[bit / 8] >> (8 - h->bits - bit % 8);
            memcpy(to, h->palette[index & ((1u << h->bits) - 1)], 3);
        } else {
            uint32_t pixel = h->bits == 16 ? get16(from + 2 * x) : get32(from + 4 * x);
            for (int c = 0; c < 3; c++) {
                to[c] = channel_value(&h->channel[c], pixel);
            }
        }
    }
}

en_status en_bmp_read(const en_codec_input *in, en_image *out, en_image_info *info, en_error *err)
{
    header *h = en_calloc(1, sizeof *h);
    if (h == NULL) {
        return en_error_nomem(err, "the header of a bmp");
    }
    en_status st = read_header(in, h, info, err);
    if (st != EN_OK || in->header_only) {
        goto done;
    }
    st = en_image_alloc(out, info->width, info->height, err);
    if (st != EN_OK) {
        goto done;
    }
    size_t stride = ((size_t)info->width * h->bits + 31) / 32 * 4, row_bytes = ((size_t)info->width * h->bits + 7) / 8;
    size_t bytes = h->pixels_at < in->size ? in->size - h->pixels_at : 0;
    int height = info->height, rows = 0;
    for (; rows < height && bytes >= (size_t)rows * stride + row_bytes; rows++) {
        int y = h->from_above ? rows : height - 1 - rows;
        read_row(h, in->bytes + h->pixels_at + (size_t)rows * stride, info->width,
                 out->rgb + 3 * (size_t)y * (size_t)info->width);
    }
    if (rows < height) {
        st = en_end_early(in, out, info, rows, h->from_above ? rows : 0, h->from_above ? height : height - rows, err);
    }
done:
    en_free(h);
    return st;
}
