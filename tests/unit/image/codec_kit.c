/* Makes JPEG and PNG files. Errors of the libraries end the test program: these are our own files. */
#include "codec_kit.h"

#include "draw.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>
#include <png.h>

/* DC, then each of the 63 other coefficients in a scan of its own, once without and once with its last bit. */
static void split_into_scans(struct jpeg_compress_struct *jpeg, jpeg_scan_info *scans, int count)
{
    scans[0] = (jpeg_scan_info){.comps_in_scan = 1, .Ss = 0, .Se = 0, .Ah = 0, .Al = 0};
    for (int i = 1; i < count; i++) {
        int k = (i + 1) / 2;
        scans[i] = (jpeg_scan_info){.comps_in_scan = 1, .Ss = k, .Se = k, .Ah = i % 2 == 0, .Al = i % 2};
    }
    jpeg->scan_info = scans;
    jpeg->num_scans = count;
}

void make_jpeg(const uint8_t *pixels, int width, int height, jpeg_kind kind, en_buf *out)
{
    en_error err;
    struct jpeg_compress_struct jpeg;
    struct jpeg_error_mgr errors;
    jpeg_scan_info scans[127];
    unsigned char *data = NULL;
    unsigned long bytes = 0;
    static const J_COLOR_SPACE spaces[] = {JCS_UNKNOWN, JCS_GRAYSCALE, JCS_UNKNOWN, JCS_RGB, JCS_CMYK};
    jpeg.err = jpeg_std_error(&errors);
    jpeg_create_compress(&jpeg);
    jpeg_mem_dest(&jpeg, &data, &bytes);
    jpeg.image_width = (JDIMENSION)width;
    jpeg.image_height = (JDIMENSION)height;
    jpeg.input_components = kind.components;
    jpeg.in_color_space = spaces[kind.components];
    jpeg_set_defaults(&jpeg);
    jpeg_set_quality(&jpeg, 95, TRUE);
    if (kind.components == 4) {
        jpeg_set_colorspace(&jpeg, JCS_CMYK);
        jpeg.write_Adobe_marker = kind.adobe ? TRUE : FALSE;
    }
    if (kind.progressive) {
        jpeg_simple_progression(&jpeg);
    }
    if (kind.scans > 0) {
        split_into_scans(&jpeg, scans, kind.scans);
    }
    jpeg_start_compress(&jpeg, TRUE);
    size_t row_bytes = (size_t)width * (size_t)kind.components;
    uint8_t *row = malloc(row_bytes);
    assert_non_null(row);
    while (jpeg.next_scanline < jpeg.image_height) {
        memcpy(row, pixels + jpeg.next_scanline * row_bytes, row_bytes);
        (void)jpeg_write_scanlines(&jpeg, &row, 1);
    }
    jpeg_finish_compress(&jpeg);
    jpeg_destroy_compress(&jpeg);
    en_buf_reset(out);
    assert_ok(en_buf_add(out, data, bytes, &err));
    free(data);
    free(row);
}

void add_orientation(en_buf *jpeg, int orientation, bool big_endian)
{
    en_error err;
    static const uint8_t big[] = {'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0,
                                  3,   0,   0, 0,  1, 0, 0, 0, 0, 0, 0,    0,    0};
    static const uint8_t little[] = {'I', 'I', 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3,
                                     0,   1,   0,  0, 0, 0, 0, 0, 0, 0, 0,    0,    0};
    uint8_t marker[10 + sizeof big] = {0xFF, 0xE1, 0, 8 + sizeof big, 'E', 'x', 'i', 'f', 0, 0};
    memcpy(marker + 10, big_endian ? big : little, sizeof big);
    marker[10 + (big_endian ? 19 : 18)] = (uint8_t)orientation;
    en_buf whole;
    en_buf_init(&whole, jpeg->cap);
    assert_ok(en_buf_add(&whole, jpeg->data, 2, &err));
    assert_ok(en_buf_add(&whole, marker, sizeof marker, &err));
    assert_ok(en_buf_add(&whole, jpeg->data + 2, jpeg->size - 2, &err));
    en_buf_clear(jpeg);
    *jpeg = whole;
}

static void write_to_buf(png_structp png, png_bytep data, size_t bytes)
{
    en_error err;
    assert_ok(en_buf_add(png_get_io_ptr(png), data, bytes, &err));
}

static void flush_nothing(png_structp png) { (void)png; }

void make_png(const uint8_t *rows, size_t row_bytes, int width, int height, png_kind kind, en_buf *out)
{
    static const png_color palette[4] = {{255, 0, 0}, {0, 255, 0}, {0, 0, 255}, {255, 255, 255}};
    static const png_byte alpha[4] = {255, 255, 128, 0};
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
    png_infop info = png_create_info_struct(png);
    en_buf_reset(out);
    png_set_write_fn(png, out, write_to_buf, flush_nothing);
    png_set_IHDR(png, info, (png_uint_32)width, (png_uint_32)height, kind.bits, kind.colour_type,
                 kind.interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
                 PNG_FILTER_TYPE_DEFAULT);
    if (kind.colour_type == PNG_COLOR_TYPE_PALETTE) {
        png_set_PLTE(png, info, palette, 4);
        png_set_tRNS(png, info, alpha, 4, NULL);
    }
    png_byte exif[26] = {'I', 'I', 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, (png_byte)kind.orientation};
    if (kind.orientation > 0) {
        png_set_eXIf_1(png, info, sizeof exif, exif);
    }
    png_write_info(png, info);
    int passes = kind.interlaced ? png_set_interlace_handling(png) : 1;
    for (int pass = 0; pass < passes; pass++) {
        for (int y = 0; y < height; y++) {
            png_write_row(png, rows + (size_t)y * row_bytes);
        }
    }
    png_write_end(png, info);
    png_destroy_write_struct(&png, &info);
}
