/* Makes files of the formats beside JPEG and PNG. */
#include "format_kit.h"

#include "draw.h"

#include <stdlib.h>
#include <string.h>

#include <tiffio.h>
#include <webp/encode.h>

#include "image/encode.h"

static void add(en_buf *out, const void *bytes, size_t n)
{
    en_error err;
    assert_ok(en_buf_add(out, bytes, n, &err));
}

static void add16(en_buf *out, unsigned value) { add(out, (uint8_t[]){(uint8_t)value, (uint8_t)(value >> 8)}, 2); }

static void add32(en_buf *out, uint32_t value)
{
    add16(out, value & 0xFFFF);
    add16(out, value >> 16);
}

/* -- TIFF: a file in memory for libtiff ---------------------------------------------------------------------------- */

typedef struct memory {
    uint8_t bytes[1 << 20];
    toff_t at, size;
} memory;

static tmsize_t memory_read(thandle_t handle, void *to, tmsize_t n)
{
    memory *m = handle;
    toff_t there = m->at < m->size ? m->size - m->at : 0;
    n = (toff_t)n < there ? n : (tmsize_t)there;
    memcpy(to, m->bytes + m->at, (size_t)n);
    m->at += (toff_t)n;
    return n;
}

static tmsize_t memory_write(thandle_t handle, void *from, tmsize_t n)
{
    memory *m = handle;
    assert_true(m->at + (toff_t)n <= sizeof m->bytes);
    memcpy(m->bytes + m->at, from, (size_t)n);
    m->at += (toff_t)n;
    m->size = m->at > m->size ? m->at : m->size;
    return n;
}

static toff_t memory_seek(thandle_t handle, toff_t offset, int whence)
{
    memory *m = handle;
    m->at = (whence == SEEK_CUR ? m->at : whence == SEEK_END ? m->size : 0) + offset;
    return m->at;
}

static int memory_close(thandle_t handle)
{
    (void)handle;
    return 0;
}

static toff_t memory_size(thandle_t handle) { return ((memory *)handle)->size; }

static uint8_t sample_at(const en_image *image, int x, int y, int channel)
{
    x = x < image->width ? x : image->width - 1;
    y = y < image->height ? y : image->height - 1;
    return image->rgb[3 * ((size_t)y * (size_t)image->width + (size_t)x) + (size_t)channel];
}

/* Samples [x0, x0+width) x [y0, y0+rows); past the image's edges the last ones again. */
static void fill_block(const en_image *image, tiff_kind kind, int plane, int x0, int y0, int width, int rows, void *to)
{
    size_t i = 0;
    for (int y = y0; y < y0 + rows; y++) {
        for (int x = x0; x < x0 + width; x++) {
            for (int c = kind.planes ? plane : 0; c < (kind.planes ? plane + 1 : 3); c++, i++) {
                uint8_t value = sample_at(image, x, y, c);
                if (kind.bits == 16) {
                    ((uint16_t *)to)[i] = (uint16_t)(value * 257);
                } else {
                    ((uint8_t *)to)[i] = value;
                }
            }
        }
    }
}

static void write_page(TIFF *tiff, const en_image *image, tiff_kind kind, uint32_t subfile)
{
    enum { TILE = 16 };
    static uint16_t block[1 << 18];
    int w = image->width, h = image->height, rows = kind.rows_per_strip > 0 ? kind.rows_per_strip : h;
    int planes = kind.planes ? 3 : 1;
    size_t sample = kind.bits == 16 ? 2 : 1, per_pixel = (kind.planes ? 1 : 3) * sample;
    TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, (uint32_t)w);
    TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, (uint32_t)h);
    TIFFSetField(tiff, TIFFTAG_SUBFILETYPE, subfile);
    TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, kind.bits == 16 ? 16 : 8);
    TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, 3);
    TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_RGB);
    TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, kind.planes ? PLANARCONFIG_SEPARATE : PLANARCONFIG_CONTIG);
    TIFFSetField(tiff, TIFFTAG_COMPRESSION, kind.compression > 0 ? kind.compression : COMPRESSION_NONE);
    TIFFSetField(tiff, TIFFTAG_MAKE, "Maker  Ltd.");
    TIFFSetField(tiff, TIFFTAG_MODEL, "Model 1");
    if (kind.orientation > 0) {
        TIFFSetField(tiff, TIFFTAG_ORIENTATION, kind.orientation);
    }
    if (kind.tiles) {
        TIFFSetField(tiff, TIFFTAG_TILEWIDTH, TILE);
        TIFFSetField(tiff, TIFFTAG_TILELENGTH, TILE);
    } else {
        TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, (uint32_t)rows);
    }
    for (int plane = 0; plane < planes; plane++) {
        for (int y = 0; y < h; y += kind.tiles ? TILE : rows) {
            for (int x = 0; x < (kind.tiles ? w : 1); x += TILE) {
                int n = kind.tiles ? TILE : rows < h - y ? rows : h - y, across = kind.tiles ? TILE : w;
                fill_block(image, kind, plane, x, y, across, n, block);
                tmsize_t bytes = (tmsize_t)((size_t)across * (size_t)n * per_pixel);
                tmsize_t done = kind.tiles
                                    ? TIFFWriteTile(tiff, block, (uint32_t)x, (uint32_t)y, 0, (uint16_t)plane)
                                    : TIFFWriteEncodedStrip(tiff, TIFFComputeStrip(tiff, (uint32_t)y, (uint16_t)plane),
                                                            block, bytes);
                assert_true(done >= 0);
            }
        }
    }
    assert_int_equal(TIFFWriteDirectory(tiff), 1);
}

void make_tiff(const en_image *image, tiff_kind kind, en_buf *out)
{
    static memory m;
    m.at = m.size = 0;
    TIFF *tiff = TIFFClientOpen("test", kind.big_endian ? "wb" : "wl", &m, memory_read, memory_write, memory_seek,
                                memory_close, memory_size, NULL, NULL);
    assert_non_null(tiff);
    if (kind.thumbnail) {
        uint8_t grey[4 * 4 * 3];
        memset(grey, 99, sizeof grey);
        write_page(tiff, &(en_image){.width = 4, .height = 4, .rgb = grey}, (tiff_kind){0}, FILETYPE_REDUCEDIMAGE);
    }
    write_page(tiff, image, kind, 0);
    TIFFClose(tiff);
    en_buf_reset(out);
    add(out, m.bytes, (size_t)m.size);
}

/* -- WebP ---------------------------------------------------------------------------------------------------------- */

/* The simple file becomes an extended one: VP8X, the picture, EXIF. */
static void add_exif(const en_image *image, int orientation, bool alpha, en_buf *file)
{
    const uint8_t exif[26] = {'I', 'I', 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, (uint8_t)orientation};
    en_buf whole;
    en_buf_init(&whole, file->cap);
    size_t chunks = file->size - 12;
    bool extended = memcmp(file->data + 12, "VP8X", 4) == 0;
    add(&whole, "RIFF", 4);
    add32(&whole, (uint32_t)(4 + (extended ? 0u : 18u) + chunks + 8 + sizeof exif));
    add(&whole, "WEBP", 4);
    if (!extended) {
        add(&whole, "VP8X", 4);
        add32(&whole, 10);
        add32(&whole, 0x08u | (alpha ? 0x10u : 0)); /* it has EXIF */
        uint32_t w = (uint32_t)image->width - 1, h = (uint32_t)image->height - 1;
        add(&whole, (uint8_t[]){(uint8_t)w, (uint8_t)(w >> 8), 0, (uint8_t)h, (uint8_t)(h >> 8), 0}, 6);
    }
    size_t picture_at = whole.size;
    add(&whole, file->data + 12, chunks);
    if (extended) {
        whole.data[picture_at + 8] = (char)(whole.data[picture_at + 8] | 0x08);
    }
    add(&whole, "EXIF", 4);
    add32(&whole, sizeof exif);
    add(&whole, exif, sizeof exif);
    en_buf_clear(file);
    *file = whole;
}

void make_webp(const en_image *image, webp_kind kind, en_buf *out)
{
    uint8_t *packed = NULL, *rgba = NULL;
    size_t bytes, pixels = (size_t)image->width * (size_t)image->height;
    if (kind.alpha) {
        rgba = malloc(pixels * 4);
        assert_non_null(rgba);
        for (size_t i = 0; i < pixels; i++) {
            memcpy(rgba + 4 * i, image->rgb + 3 * i, 3);
            rgba[4 * i + 3] = (int)(i % (size_t)image->width) < image->width / 2 ? 255 : 128;
        }
        bytes = WebPEncodeLosslessRGBA(rgba, image->width, image->height, 4 * image->width, &packed);
    } else if (kind.lossy) {
        bytes = WebPEncodeRGB(image->rgb, image->width, image->height, 3 * image->width, 95, &packed);
    } else {
        bytes = WebPEncodeLosslessRGB(image->rgb, image->width, image->height, 3 * image->width, &packed);
    }
    assert_true(bytes > 0);
    en_buf_reset(out);
    add(out, packed, bytes);
    WebPFree(packed);
    free(rgba);
    if (kind.orientation > 0) {
        add_exif(image, kind.orientation, kind.alpha, out);
    }
}

/* -- BMP ----------------------------------------------------------------------------------------------------------- */

static void add_bmp_row(const en_image *image, int y, int bits, en_buf *out)
{
    size_t from = out->size;
    for (int x = 0; x < image->width; x++) {
        const uint8_t r = sample_at(image, x, y, 0), g = sample_at(image, x, y, 1), b = sample_at(image, x, y, 2);
        if (bits == 8) {
            add(out, &g, 1);
        } else if (bits == 16) {
            add16(out, (unsigned)(r >> 3) << 11 | (unsigned)(g >> 2) << 5 | b >> 3);
        } else {
            add(out, (uint8_t[]){b, g, r, 0x77}, (size_t)bits / 8);
        }
    }
    while ((out->size - from) % 4 != 0) {
        add(out, "", 1);
    }
}

void make_bmp(const en_image *image, bmp_kind kind, en_buf *out)
{
    uint32_t head = kind.core ? 12 : 40, extra = kind.bits == 8 ? 1024 : kind.bits == 16 ? 12 : 0;
    en_buf_reset(out);
    add(out, "BM", 2);
    add32(out, 0); /* many programs leave the size of the file out */
    add32(out, 0);
    add32(out, 14 + head + extra);
    add32(out, head);
    if (kind.core) {
        add16(out, (unsigned)image->width);
        add16(out, (unsigned)image->height);
        add16(out, 1);
        add16(out, (unsigned)kind.bits);
    } else {
        add32(out, (uint32_t)image->width);
        add32(out, (uint32_t)(kind.from_above ? -image->height : image->height));
        add16(out, 1);
        add16(out, (unsigned)kind.bits);
        add32(out, kind.bits == 16 ? 3 : 0);
        for (int i = 0; i < 5; i++) {
            add32(out, 0);
        }
    }
    for (uint32_t i = 0; kind.bits == 8 && i < 256; i++) {
        add32(out, i * 0x010101);
    }
    if (kind.bits == 16) {
        add32(out, 0xF800);
        add32(out, 0x07E0);
        add32(out, 0x001F);
    }
    for (int i = 0; i < image->height; i++) {
        add_bmp_row(image, kind.from_above ? i : image->height - 1 - i, kind.bits, out);
    }
}

/* -- DICOM --------------------------------------------------------------------------------------------------------- */

static void add_element(en_buf *out, bool implicit, unsigned group, unsigned element, const char *type,
                        const void *value, uint32_t bytes)
{
    bool wide = strcmp(type, "OB") == 0 || strcmp(type, "OW") == 0 || strcmp(type, "SQ") == 0;
    add16(out, group);
    add16(out, element);
    if (implicit) {
        add32(out, bytes);
    } else {
        add(out, type, 2);
        if (wide) {
            add16(out, 0);
            add32(out, bytes);
        } else {
            add16(out, bytes);
        }
    }
    if (bytes != 0xFFFFFFFF) {
        add(out, value, bytes);
    }
}

static void add_text(en_buf *out, bool implicit, unsigned group, unsigned element, const char *type, const char *text)
{
    char padded[80];
    size_t n = strlen(text);
    memcpy(padded, text, n);
    padded[n] = strcmp(type, "UI") == 0 ? '\0' : ' ';
    add_element(out, implicit, group, element, type, padded, (uint32_t)(n + n % 2));
}

static void add_number(en_buf *out, bool implicit, unsigned element, unsigned value)
{
    add_element(out, implicit, 0x0028, element, "US", (uint8_t[]){(uint8_t)value, (uint8_t)(value >> 8)}, 2);
}

/* A sequence of undefined length with an item in which another sequence lies. */
static void add_sequence(en_buf *out, bool implicit)
{
    add_element(out, implicit, 0x0008, 0x1140, "SQ", NULL, 0xFFFFFFFF);
    add_element(out, true, 0xFFFE, 0xE000, "", NULL, 0xFFFFFFFF);
    add_number(out, implicit, 0x0010, 7777); /* rows, but of something else */
    add_element(out, implicit, 0x0008, 0x1199, "SQ", NULL, 0xFFFFFFFF);
    add_element(out, true, 0xFFFE, 0xE0DD, "", NULL, 0);
    add_element(out, true, 0xFFFE, 0xE00D, "", NULL, 0);
    add_element(out, true, 0xFFFE, 0xE0DD, "", NULL, 0);
}

static void add_plain_pixels(const en_image *image, dicom_kind kind, en_buf *out)
{
    en_buf pixels;
    en_buf_init(&pixels, 1 << 20);
    bool grey = kind.photometric != NULL && kind.photometric[0] == 'M';
    for (int plane = 0; plane < (kind.planes ? 3 : 1); plane++) {
        for (int i = 0; i < image->width * image->height; i++) {
            const uint8_t *p = image->rgb + 3 * i;
            if (grey && kind.stored > 8) {
                add16(&pixels, ((unsigned)p[1] * ((1u << kind.stored) - 1) + 127) / 255);
            } else if (grey) {
                add(&pixels, p + 1, 1);
            } else {
                add(&pixels, kind.planes ? p + plane : p, kind.planes ? 1 : 3);
            }
        }
    }
    if (pixels.size % 2 != 0) {
        add(&pixels, "", 1);
    }
    add_element(out, kind.implicit, 0x7FE0, 0x0010, kind.stored > 8 ? "OW" : "OB", pixels.data, (uint32_t)pixels.size);
    en_buf_clear(&pixels);
}

/* An empty table of offsets and two fragments. */
static void add_jpeg_pixels(const en_image *image, en_buf *out)
{
    en_error err;
    en_buf jpeg;
    en_buf_init(&jpeg, 1 << 20);
    assert_ok(en_encode_jpeg(image->rgb, image->width, image->height, 95, EN_CHROMA_444, &jpeg, &err));
    if (jpeg.size % 2 != 0) {
        add(&jpeg, "", 1);
    }
    uint32_t half = (uint32_t)jpeg.size / 4 * 2;
    add_element(out, false, 0x7FE0, 0x0010, "OB", NULL, 0xFFFFFFFF);
    add_element(out, true, 0xFFFE, 0xE000, "", "", 0);
    add_element(out, true, 0xFFFE, 0xE000, "", jpeg.data, half);
    add_element(out, true, 0xFFFE, 0xE000, "", jpeg.data + half, (uint32_t)jpeg.size - half);
    add_element(out, true, 0xFFFE, 0xE0DD, "", "", 0);
    en_buf_clear(&jpeg);
}

void make_dicom(const en_image *image, dicom_kind kind, en_buf *out)
{
    static const char zeros[128];
    const char *photometric = kind.photometric != NULL ? kind.photometric : "RGB";
    const char *syntax = kind.jpeg       ? "1.2.840.10008.1.2.4.50"
                         : kind.implicit ? "1.2.840.10008.1.2"
                                         : "1.2.840.10008.1.2.1";
    bool grey = photometric[0] == 'M', i = kind.implicit;
    unsigned stored = kind.stored > 0 ? (unsigned)kind.stored : 8;
    en_buf_reset(out);
    add(out, zeros, sizeof zeros);
    add(out, "DICM", 4);
    add_text(out, false, 0x0002, 0x0010, "UI", kind.syntax != NULL ? kind.syntax : syntax);
    add_text(out, i, 0x0008, 0x0070, "LO", "Maker");
    add_text(out, i, 0x0008, 0x1090, "LO", "Maker NW400");
    add_sequence(out, i);
    add_text(out, i, 0x0010, 0x0020, "LO", "MRN-0815");
    add_text(out, i, 0x0020, 0x0060, "CS", "R");
    add_text(out, i, 0x0020, 0x0062, "CS", "L");
    add_number(out, i, 0x0002, grey ? 1 : 3);
    add_text(out, i, 0x0028, 0x0004, "CS", photometric);
    add_number(out, i, 0x0006, kind.planes);
    if (kind.frames > 0) {
        add_text(out, i, 0x0028, 0x0008, "IS", kind.frames == 1 ? "1" : "5");
    }
    add_number(out, i, 0x0010, (unsigned)image->height);
    add_number(out, i, 0x0011, (unsigned)image->width);
    add_number(out, i, 0x0100, stored > 8 ? 16 : 8);
    add_number(out, i, 0x0101, stored);
    add_number(out, i, 0x0102, stored - 1);
    add_number(out, i, 0x0103, 0);
    if (kind.jpeg) {
        add_jpeg_pixels(image, out);
    } else {
        add_plain_pixels(image, kind, out);
    }
}
