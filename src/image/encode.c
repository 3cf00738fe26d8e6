/* RGB to JPEG (libjpeg-turbo) and PNG (libpng). */
#include "image/encode.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>
#include <png.h>

#include "base/memory.h"
#include "image/image.h"

static en_status check_size(int width, int height, en_error *err)
{
    if (width >= 1 && height >= 1 && width <= EN_IMAGE_EDGE_MAX && height <= EN_IMAGE_EDGE_MAX) {
        return EN_OK;
    }
    return en_error_set(err, EN_USAGE, "cannot encode %dx%d px: sides are 1..%d", width, height, EN_IMAGE_EDGE_MAX);
}

typedef struct jpeg_writer {
    struct jpeg_compress_struct jpeg;
    struct jpeg_error_mgr errors;
    jmp_buf stop;
    unsigned char *data; /* libjpeg's, from malloc */
    unsigned long bytes;
    en_status status;
    en_error *err;
} jpeg_writer;

_Noreturn static void on_jpeg_error(j_common_ptr jpeg)
{
    jpeg_writer *w = jpeg->client_data;
    char words[JMSG_LENGTH_MAX];
    w->errors.format_message(jpeg, words);
    w->status = en_error_set(w->err, EN_NOMEM, "cannot encode a jpeg: %s", words);
    longjmp(w->stop, 1);
}

static void write_jpeg(jpeg_writer *w, const uint8_t *rgb, int width, int height, int quality, en_chroma chroma)
{
    struct jpeg_compress_struct *jpeg = &w->jpeg;
    jpeg_create_compress(jpeg);
    jpeg_mem_dest(jpeg, &w->data, &w->bytes);
    jpeg->image_width = (JDIMENSION)width;
    jpeg->image_height = (JDIMENSION)height;
    jpeg->input_components = 3;
    jpeg->in_color_space = JCS_RGB;
    jpeg_set_defaults(jpeg); /* 4:2:0 */
    jpeg_set_quality(jpeg, quality, TRUE);
    jpeg->optimize_coding = TRUE;
    jpeg->dct_method = JDCT_ISLOW;
    if (chroma == EN_CHROMA_444) {
        jpeg->comp_info[0].h_samp_factor = 1;
        jpeg->comp_info[0].v_samp_factor = 1;
    }
    jpeg_start_compress(jpeg, TRUE);
    while (jpeg->next_scanline < jpeg->image_height) {
        /* libjpeg's type is not const, but it only reads. */
        union {
            const uint8_t *in;
            JSAMPROW row;
        } from = {.in = rgb + (size_t)jpeg->next_scanline * (size_t)width * 3};
        (void)jpeg_write_scanlines(jpeg, &from.row, 1);
    }
    jpeg_finish_compress(jpeg);
}

en_status en_encode_jpeg(const uint8_t *rgb, int width, int height, int quality, en_chroma chroma, en_buf *out,
                         en_error *err)
{
    en_status st = check_size(width, height, err);
    if (st != EN_OK) {
        return st;
    }
    if (quality < 1 || quality > 100) {
        return en_error_set(err, EN_USAGE, "jpeg quality %d: it is 1..100", quality);
    }
    /* On the heap, because longjmp leaves changed locals undefined. */
    jpeg_writer *w = en_calloc(1, sizeof *w);
    if (w == NULL) {
        return en_error_nomem(err, "a jpeg writer");
    }
    w->err = err;
    w->jpeg.err = jpeg_std_error(&w->errors);
    w->errors.error_exit = on_jpeg_error;
    w->jpeg.client_data = w;
    if (setjmp(w->stop) == 0) {
        write_jpeg(w, rgb, width, height, quality, chroma);
    }
    jpeg_destroy_compress(&w->jpeg);
    st = w->status;
    if (st == EN_OK) {
        st = en_buf_add(out, w->data, w->bytes, err);
    }
    free(w->data);
    en_free(w);
    return st;
}

typedef struct png_writer {
    png_structp png;
    png_infop header;
    jmp_buf stop;
    en_buf *out;
    en_status status;
    en_error *err;
} png_writer;

_Noreturn static void on_png_error(png_structp png, png_const_charp words)
{
    png_writer *w = png_get_error_ptr(png);
    if (w->status == EN_OK) {
        w->status = en_error_set(w->err, EN_NOMEM, "cannot encode a png: %s", words);
    }
    longjmp(w->stop, 1);
}

static void on_png_warning(png_structp png, png_const_charp words)
{
    (void)png;
    (void)words;
}

static void on_png_write(png_structp png, png_bytep data, size_t bytes)
{
    png_writer *w = png_get_io_ptr(png);
    w->status = en_buf_add(w->out, data, bytes, w->err);
    if (w->status != EN_OK) {
        png_error(png, "buffer");
    }
}

static void on_png_flush(png_structp png) { (void)png; }

static void write_png(png_writer *w, const uint8_t *rgb, int width, int height)
{
    png_set_write_fn(w->png, w, on_png_write, on_png_flush);
    png_set_IHDR(w->png, w->header, (png_uint_32)width, (png_uint_32)height, 8, PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
                 PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_write_info(w->png, w->header);
    for (int y = 0; y < height; y++) {
        png_write_row(w->png, rgb + (size_t)y * (size_t)width * 3);
    }
    png_write_end(w->png, NULL);
}

en_status en_encode_png(const uint8_t *rgb, int width, int height, en_buf *out, en_error *err)
{
    en_status st = check_size(width, height, err);
    if (st != EN_OK) {
        return st;
    }
    png_writer *w = en_calloc(1, sizeof *w);
    if (w == NULL) {
        return en_error_nomem(err, "a png writer");
    }
    w->out = out;
    w->err = err;
    if (setjmp(w->stop) == 0) {
        w->png = png_create_write_struct(PNG_LIBPNG_VER_STRING, w, on_png_error, on_png_warning);
        if (w->png != NULL) {
            w->header = png_create_info_struct(w->png);
        }
        if (w->header == NULL) {
            w->status = en_error_nomem(err, "a png writer");
        } else {
            write_png(w, rgb, width, height);
        }
    }
    png_destroy_write_struct(&w->png, &w->header);
    st = w->status;
    en_free(w);
    return st;
}
