/* PNG to RGB by libpng's row interface. Errors end the reading (by longjmp, the library's own way); its warnings, which
 * are about colour profiles and the like, do not. */
#include <setjmp.h>
#include <string.h>

#include <png.h>

#include "base/memory.h"
#include "image/codec.h"
#include "image/orient.h"

/* What a text or a colour profile may unpack to; a larger one is left out. libpng's own cap is twice that, where a
 * distribution did not choose another. */
enum { CHUNK_BYTES_MAX = 4 << 20 };

typedef struct reader {
    const en_codec_input *in;
    size_t at; /* bytes read so far */
    en_image *out;
    en_image_info *info;
    en_error *err;
    en_status status;
    png_structp png;
    png_infop header;
    jmp_buf stop;
    int rows, passes; /* whole rows read, whole passes read (an interlaced file has seven) */
    bool decoding, ended_early;
    bool complete;  /* every row was read: what follows is of no use here */
    bool no_memory; /* an allocation failed: what the libraries then complain of is not the file's fault */
    uint8_t *rgba;  /* the whole image, when it has alpha */
} reader;

/* libpng's memory, and zlib's through it. */
static png_voidp on_alloc(png_structp png, png_alloc_size_t bytes)
{
    reader *r = png_get_mem_ptr(png);
    void *block = en_alloc(bytes);
    r->no_memory = r->no_memory || block == NULL;
    return block;
}

static void on_free(png_structp png, png_voidp block)
{
    (void)png;
    en_free(block);
}

_Noreturn static void on_error(png_structp png, png_const_charp words)
{
    reader *r = png_get_error_ptr(png);
    int height = r->info->height;
    if (r->no_memory) {
        r->status = en_error_nomem(r->err, "a png");
    } else if (r->complete && r->ended_early) {
        r->status = EN_OK;
    } else if (!r->decoding) {
        r->status = r->ended_early ? en_refuse(r->info, r->err, EN_FAULT_TRUNCATED, " in the header")
                                   : en_refuse(r->info, r->err, EN_FAULT_DAMAGED, " in the header: %s", words);
    } else {
        int rows = r->passes == 0 ? r->rows : height;
        r->status = r->ended_early
                        ? en_end_early(r->in, r->out, r->info, rows, height, height, r->err)
                        : en_refuse(r->info, r->err, EN_FAULT_DAMAGED, " after row %d of %d: %s", rows, height, words);
    }
    longjmp(r->stop, 1);
}

static void on_warning(png_structp png, png_const_charp words)
{
    (void)png;
    (void)words;
}

static void on_read(png_structp png, png_bytep to, size_t bytes)
{
    reader *r = png_get_io_ptr(png);
    if (bytes > r->in->size - r->at) {
        r->ended_early = true;
        png_error(png, "end of file");
    }
    memcpy(to, r->in->bytes + r->at, bytes);
    r->at += bytes;
}

static bool read_header(reader *r)
{
    png_set_read_fn(r->png, r, on_read);
    png_set_user_limits(r->png, 0x7FFFFFFF, 0x7FFFFFFF); /* our own caps say more about what was wrong */
    png_set_chunk_malloc_max(r->png, CHUNK_BYTES_MAX);
    png_read_info(r->png, r->header);
    r->info->width = (int)png_get_image_width(r->png, r->header);
    r->info->height = (int)png_get_image_height(r->png, r->header);
    png_bytep exif = NULL;
    png_uint_32 exif_bytes = 0;
    if (png_get_eXIf_1(r->png, r->header, &exif_bytes, &exif) != 0) {
        r->info->orientation = en_orient_read(exif, exif_bytes);
        en_orient_device(exif, exif_bytes, r->info->device);
    }
    r->status = en_check_size(r->in, r->info, r->err);
    return r->status == EN_OK;
}

/* Everything the format knows becomes 8-bit RGB or RGBA. */
static void ask_for_rgb(reader *r)
{
    png_set_expand(r->png); /* palette, 1, 2 and 4 bits, transparent colours */
    png_set_scale_16(r->png);
    png_set_gray_to_rgb(r->png);
    (void)png_set_interlace_handling(r->png);
    png_read_update_info(r->png, r->header);
}

static void read_pixels(reader *r)
{
    r->decoding = true;
    bool interlaced = png_get_interlace_type(r->png, r->header) != PNG_INTERLACE_NONE;
    ask_for_rgb(r);
    size_t channels = png_get_channels(r->png, r->header);
    r->status = en_image_alloc(r->out, r->info->width, r->info->height, r->err);
    if (r->status != EN_OK) {
        return;
    }
    memset(r->out->rgb, 0, en_image_bytes(r->out)); /* of an accepted truncated file, not every pixel comes */
    size_t pixels = (size_t)r->info->width * (size_t)r->info->height;
    if (channels == 4) {
        r->rgba = en_calloc(pixels, 4);
        if (r->rgba == NULL) {
            r->status = en_error_nomem(r->err, "pixels with alpha");
            return;
        }
    }
    uint8_t *to = channels == 4 ? r->rgba : r->out->rgb;
    size_t stride = (size_t)r->info->width * channels;
    for (r->passes = 0; r->passes < (interlaced ? PNG_INTERLACE_ADAM7_PASSES : 1); r->passes++) {
        for (r->rows = 0; r->rows < r->info->height; r->rows++) {
            png_read_row(r->png, to + (size_t)r->rows * stride, NULL);
        }
    }
    r->complete = true;
    png_read_end(r->png, NULL);
}

en_status en_png_read(const en_codec_input *in, en_image *out, en_image_info *info, en_error *err)
{
    /* On the heap, because longjmp leaves changed locals undefined. */
    reader *r = en_calloc(1, sizeof *r);
    if (r == NULL) {
        return en_error_nomem(err, "a png reader");
    }
    r->in = in;
    r->out = out;
    r->info = info;
    r->err = err;
    if (setjmp(r->stop) == 0) {
        r->png = png_create_read_struct_2(PNG_LIBPNG_VER_STRING, r, on_error, on_warning, r, on_alloc, on_free);
        if (r->png != NULL) {
            r->header = png_create_info_struct(r->png);
        }
        if (r->header == NULL) {
            r->status = en_error_nomem(err, "a png reader");
        } else if (read_header(r) && !in->header_only) {
            read_pixels(r);
        }
    }
    if (r->status == EN_OK && r->rgba != NULL) {
        en_lay_over_black(r->rgba, (size_t)out->width * (size_t)out->height, out->rgb);
    }
    png_destroy_read_struct(&r->png, &r->header, NULL);
    en_free(r->rgba);
    if (r->status == EN_OK && r->no_memory) { /* a chunk was left out for it, perhaps the one with the orientation */
        r->status = en_error_nomem(err, "a png");
    }
    en_status st = r->status;
    en_free(r);
    return st;
}
