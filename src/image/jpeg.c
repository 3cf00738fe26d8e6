/* JPEG to RGB by libjpeg-turbo. Its errors and its warnings both end the reading here (by longjmp, the library's own
 * way): a photograph that it would have to guess at is refused, with the row of the first fault. */
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <jpeglib.h>
#include <jerror.h>

#include "base/memory.h"
#include "image/codec.h"
#include "image/orient.h"

/* A progressive file may hold any number of scans, each of which costs a pass over the whole image; cameras and editors
 * write about ten. */
enum { SCANS_MAX = 100, ROWS_AT_ONCE = 16 };

typedef struct reader {
    struct jpeg_decompress_struct jpeg;
    struct jpeg_error_mgr errors;
    struct jpeg_progress_mgr progress;
    jmp_buf stop;
    const en_codec_input *in;
    en_image *out;
    en_image_info *info;
    en_error *err;
    en_status status;
    bool decoding; /* past the header: warnings count from here on */
    bool ended;    /* the file ended before the mark of its end: only what is missing then tells what that means */
    uint8_t *cmyk; /* one row, when the file has four inks */
} reader;

/* The library's own words for what happened, without its "Corrupt JPEG data: ". */
static const char *library_words(reader *r, char text[JMSG_LENGTH_MAX])
{
    static const char corrupt[] = "Corrupt JPEG data: ";
    r->errors.format_message((j_common_ptr)&r->jpeg, text);
    return strncmp(text, corrupt, sizeof corrupt - 1) == 0 ? text + sizeof corrupt - 1 : text;
}

/* Where the fault lies: " after row R of H", " in scan S" of a progressive file, " in the header". */
static void place(reader *r, char *text, size_t capacity)
{
    if (!r->decoding) {
        (void)snprintf(text, capacity, " in the header");
    } else if (r->jpeg.output_scanline == 0 && jpeg_has_multiple_scans(&r->jpeg)) {
        (void)snprintf(text, capacity, " in scan %d", r->jpeg.input_scan_number);
    } else {
        int64_t row = (int64_t)r->jpeg.output_scanline * r->jpeg.scale_denom / r->jpeg.scale_num;
        int height = r->info->height;
        (void)snprintf(text, capacity, " after row %d of %d", row < height ? (int)row : height, height);
    }
}

static en_image_fault fault_of(const reader *r)
{
    if (r->ended) {
        return EN_FAULT_TRUNCATED; /* whatever the end that was put there led to */
    }
    switch (r->errors.msg_code) {
    case JERR_INPUT_EMPTY:
    case JERR_INPUT_EOF:
    case JWRN_JPEG_EOF: return EN_FAULT_TRUNCATED;
    case JWRN_HIT_MARKER: return r->jpeg.unread_marker == JPEG_EOI ? EN_FAULT_TRUNCATED : EN_FAULT_DAMAGED;
    case JERR_NO_SOI: return EN_FAULT_NO_IMAGE;
    case JERR_IMAGE_TOO_BIG:
    case JERR_WIDTH_OVERFLOW: return EN_FAULT_TOO_LARGE;
    case JERR_ARITH_NOTIMPL:
    case JERR_BAD_PRECISION:
    case JERR_CCIR601_NOTIMPL:
    case JERR_COMPONENT_COUNT:
    case JERR_CONVERSION_NOTIMPL:
    case JERR_FRACT_SAMPLE_NOTIMPL:
    case JERR_SOF_UNSUPPORTED: return EN_FAULT_UNSUPPORTED;
    default: return EN_FAULT_DAMAGED;
    }
}

_Noreturn static void stop(reader *r)
{
    if (r->errors.msg_code == JERR_OUT_OF_MEMORY) {
        r->status = en_error_nomem(r->err, "a jpeg's coefficients");
        longjmp(r->stop, 1);
    }
    char where[64], words[JMSG_LENGTH_MAX];
    place(r, where, sizeof where);
    en_image_fault fault = fault_of(r);
    if (fault == EN_FAULT_TRUNCATED && r->decoding && r->out->rgb != NULL) {
        int first = (int)r->jpeg.output_scanline, height = r->info->height;
        int64_t row = (int64_t)first * r->jpeg.scale_denom / r->jpeg.scale_num;
        r->status =
            en_end_early(r->in, r->out, r->info, row < height ? (int)row : height, first, r->out->height, r->err);
    } else if (fault == EN_FAULT_TRUNCATED) {
        r->status = en_refuse(r->info, r->err, fault, "%s", where);
    } else if (fault == EN_FAULT_DAMAGED) {
        r->status = en_refuse(r->info, r->err, fault, "%s: %s", where, library_words(r, words));
    } else {
        r->status = en_refuse(r->info, r->err, fault, ": %s", library_words(r, words));
    }
    longjmp(r->stop, 1);
}

_Noreturn static void on_error(j_common_ptr jpeg) { stop(jpeg->client_data); }

/* Bytes before the mark of the end that mean nothing: padding, of which some programs write much. Others are what is
 * left of damaged data, which decoded to an early end. */
static bool is_padding(const reader *r)
{
    if (r->errors.msg_code != JWRN_EXTRANEOUS_DATA || r->errors.msg_parm.i[1] != JPEG_EOI) {
        return false;
    }
    size_t count = (size_t)r->errors.msg_parm.i[0], read = r->in->size - r->jpeg.src->bytes_in_buffer;
    const uint8_t *end = r->in->bytes + read;
    for (size_t i = 1; i <= count && i <= read; i++) { /* the library has not gone past the mark yet */
        if (end[-(ptrdiff_t)i] != 0 && end[-(ptrdiff_t)i] != 0xFF) {
            return false;
        }
    }
    return true;
}

/* Negative levels are warnings, the rest is chatter. In the header only the end of the file is worth stopping for: odd
 * version numbers and stray bytes between markers are common and harmless. */
static void on_message(j_common_ptr jpeg, int level)
{
    reader *r = jpeg->client_data;
    if (level >= 0) {
        return;
    }
    if (r->decoding && r->errors.msg_code == JWRN_JPEG_EOF) {
        r->ended = true; /* data that lacks makes the next warning, JWRN_HIT_MARKER */
    } else if (r->in->accept_truncated && r->decoding && r->out->rgb == NULL && fault_of(r) == EN_FAULT_TRUNCATED) {
        r->ended = true; /* a scan of a progressive file: what there is of it sharpens a part of the picture */
    } else if ((r->decoding && !is_padding(r)) || r->errors.msg_code == JWRN_JPEG_EOF) {
        stop(r);
    }
}

static void on_progress(j_common_ptr jpeg)
{
    reader *r = jpeg->client_data;
    if (r->jpeg.input_scan_number > SCANS_MAX) {
        r->status =
            en_refuse(r->info, r->err, EN_FAULT_UNSUPPORTED, ": progressive jpeg of more than %d scans", SCANS_MAX);
        longjmp(r->stop, 1);
    }
}

static void read_exif(const struct jpeg_decompress_struct *jpeg, en_image_info *info)
{
    static const uint8_t exif[] = {'E', 'x', 'i', 'f', 0, 0};
    for (const struct jpeg_marker_struct *m = jpeg->marker_list; m != NULL; m = m->next) {
        if (m->marker == JPEG_APP0 + 1 && m->data_length > sizeof exif && memcmp(m->data, exif, sizeof exif) == 0) {
            info->orientation = en_orient_read(m->data + sizeof exif, m->data_length - sizeof exif);
            en_orient_device(m->data + sizeof exif, m->data_length - sizeof exif, info->device);
            return;
        }
    }
}

static bool read_header(reader *r)
{
    struct jpeg_decompress_struct *jpeg = &r->jpeg;
    jpeg_mem_src(jpeg, r->in->bytes, r->in->size);
    jpeg_save_markers(jpeg, JPEG_APP0 + 1, 0xFFFF);
    (void)jpeg_read_header(jpeg, TRUE);
    r->info->width = (int)jpeg->image_width;
    r->info->height = (int)jpeg->image_height;
    read_exif(jpeg, r->info);
    r->status = en_check_size(r->in, r->info, r->err);
    if (r->status != EN_OK) {
        return false;
    }
    if (r->in->plain_rgb && jpeg->num_components == 3 && !jpeg->saw_JFIF_marker && !jpeg->saw_Adobe_marker) {
        jpeg->jpeg_color_space = JCS_RGB;
    }
    if (jpeg->num_components != 1 && jpeg->num_components != 3 && jpeg->num_components != 4) {
        r->status =
            en_refuse(r->info, r->err, EN_FAULT_UNSUPPORTED, ": jpeg with %d colour components", jpeg->num_components);
        return false;
    }
    return true;
}

/* The smallest n of 1, 2, 4, 8 at which n/8 of the shorter side is still min_edge. A turned photograph is reduced only
 * when that leaves no fraction of a px, which turning would carry from the right edge to the left. */
static unsigned eighths(const reader *r)
{
    int width = r->info->width, height = r->info->height;
    int shorter = width < height ? width : height;
    for (int n = 1; n < 8 && r->in->min_edge > 0; n *= 2) {
        bool whole = width % (8 / n) == 0 && height % (8 / n) == 0;
        if (shorter * n / 8 >= r->in->min_edge && (whole || r->info->orientation == 1)) {
            return (unsigned)n;
        }
    }
    return 8;
}

/* Adobe writes inks inverted (255 is none) and marks that. */
static void rgb_from_cmyk(const uint8_t *cmyk, bool inverted, int width, uint8_t *rgb)
{
    uint8_t flip = inverted ? 0 : 255;
    for (int x = 0; x < width; x++, cmyk += 4, rgb += 3) {
        int white = cmyk[3] ^ flip;
        for (int c = 0; c < 3; c++) {
            rgb[c] = (uint8_t)(((cmyk[c] ^ flip) * white + 127) / 255);
        }
    }
}

static void read_rows(reader *r)
{
    struct jpeg_decompress_struct *jpeg = &r->jpeg;
    size_t stride = (size_t)jpeg->output_width * 3;
    while (jpeg->output_scanline < jpeg->output_height) {
        uint8_t *to = r->out->rgb + jpeg->output_scanline * stride;
        if (r->cmyk != NULL) {
            (void)jpeg_read_scanlines(jpeg, &r->cmyk, 1);
            rgb_from_cmyk(r->cmyk, jpeg->saw_Adobe_marker != FALSE, r->out->width, to);
            continue;
        }
        JSAMPROW rows[ROWS_AT_ONCE];
        unsigned count = 0;
        for (; count < ROWS_AT_ONCE && count < jpeg->output_height - jpeg->output_scanline; count++) {
            rows[count] = to + count * stride;
        }
        (void)jpeg_read_scanlines(jpeg, rows, count);
    }
}

/* Whether a progressive file that ended early has all its scans: every coefficient to its last bit. */
static bool has_all_scans(const struct jpeg_decompress_struct *jpeg)
{
    for (int c = 0; jpeg->coef_bits != NULL && c < jpeg->num_components; c++) {
        for (int k = 0; k < DCTSIZE2; k++) {
            if (jpeg->coef_bits[c][k] != 0) {
                return false;
            }
        }
    }
    return true;
}

static void read_pixels(reader *r)
{
    struct jpeg_decompress_struct *jpeg = &r->jpeg;
    jpeg->scale_num = eighths(r);
    jpeg->scale_denom = 8;
    jpeg->dct_method = JDCT_ISLOW;
    jpeg->out_color_space = jpeg->num_components == 4 ? JCS_CMYK : JCS_RGB;
    r->decoding = true;
    (void)jpeg_start_decompress(jpeg);
    r->status = en_image_alloc(r->out, (int)jpeg->output_width, (int)jpeg->output_height, r->err);
    if (r->status != EN_OK) {
        return;
    }
    r->out->full_width = r->info->width;
    r->out->full_height = r->info->height;
    r->out->scale = (double)jpeg->scale_num / 8.0;
    if (jpeg->num_components == 4) {
        r->cmyk = en_alloc((size_t)jpeg->output_width * 4);
        if (r->cmyk == NULL) {
            r->status = en_error_nomem(r->err, "a row of inks");
            return;
        }
    }
    if (r->ended && !has_all_scans(jpeg)) {
        if (!r->in->accept_truncated) {
            r->status = en_refuse(r->info, r->err, EN_FAULT_TRUNCATED, " in scan %d", jpeg->input_scan_number);
            return;
        }
        r->info->fault = EN_FAULT_TRUNCATED;
        r->info->rows = r->info->height;
    }
    read_rows(r);
    (void)jpeg_finish_decompress(jpeg);
}

en_status en_jpeg_read(const en_codec_input *in, en_image *out, en_image_info *info, en_error *err)
{
    /* On the heap, because longjmp leaves changed locals undefined. */
    reader *r = en_calloc(1, sizeof *r);
    if (r == NULL) {
        return en_error_nomem(err, "a jpeg reader");
    }
    r->in = in;
    r->out = out;
    r->info = info;
    r->err = err;
    r->jpeg.err = jpeg_std_error(&r->errors);
    r->errors.error_exit = on_error;
    r->errors.emit_message = on_message;
    r->jpeg.client_data = r;
    if (setjmp(r->stop) == 0) {
        jpeg_create_decompress(&r->jpeg);
        r->progress.progress_monitor = on_progress;
        r->jpeg.progress = &r->progress;
        if (read_header(r) && !in->header_only) {
            read_pixels(r);
        }
    }
    jpeg_destroy_decompress(&r->jpeg);
    en_free(r->cmyk);
    en_status st = r->status;
    en_free(r);
    return st;
}
