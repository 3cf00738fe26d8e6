/* TIFF to RGB by libtiff's RGBA interface, a run of strips or a row of tiles at a time, so that a fault has a place.
 * Its errors end the reading, and of its warnings those of the JPEG codec, which guesses at damaged data. */
#include <stdio.h>
#include <string.h>

#include <tiffio.h>

#include "base/memory.h"
#include "image/codec.h"

enum {
    PAGES_MAX = 64, /* looked at for one at full resolution */
    SAMPLES_MAX = 8 /* per pixel: colours, alpha, and what else programs add */
};
/* Of one allocation, which a strip of 100 megapixels and four samples of 16 bits needs. */
#define BLOCK_MAX ((tmsize_t)1 << 30)

typedef struct source {
    const en_codec_input *in;
    uint64_t at;
    bool decoding, ended_early, failed;
    char words[160]; /* the first fault, in the library's words */
} source;

static tmsize_t on_read(thandle_t handle, void *to, tmsize_t bytes)
{
    source *s = handle;
    size_t there = s->at < s->in->size ? s->in->size - (size_t)s->at : 0;
    size_t wanted = (size_t)bytes;
    if (wanted > there) {
        s->ended_early = true;
        wanted = there;
    }
    memcpy(to, s->in->bytes + (wanted > 0 ? s->at : 0), wanted);
    s->at += wanted;
    return (tmsize_t)wanted;
}

static tmsize_t on_write(thandle_t handle, void *from, tmsize_t bytes)
{
    (void)handle;
    (void)from;
    (void)bytes;
    return -1;
}

static toff_t on_seek(thandle_t handle, toff_t offset, int whence)
{
    source *s = handle;
    uint64_t base = whence == SEEK_CUR ? s->at : whence == SEEK_END ? s->in->size : 0;
    s->at = base + offset;
    return s->at;
}

static int on_close(thandle_t handle)
{
    (void)handle;
    return 0;
}

/* The file is in memory already; without this, libtiff 4.5 also refuses uncompressed tiles of some sizes. */
static int on_map(thandle_t handle, void **base, toff_t *size)
{
    const source *s = handle;
    union {
        const uint8_t *given;
        void *taken; /* it is only read */
    } bytes = {.given = s->in->bytes};
    *base = bytes.taken;
    *size = s->in->size;
    return 1;
}

static void on_unmap(thandle_t handle, void *base, toff_t size)
{
    (void)handle;
    (void)base;
    (void)size;
}

static toff_t on_size(thandle_t handle) { return ((source *)handle)->in->size; }

/* The library's words, written with their arguments: their format is its own, never a file's. */
__attribute__((format(printf, 4, 0))) static int on_error(TIFF *tiff, void *data, const char *module, const char *fmt,
                                                          va_list args)
{
    (void)tiff;
    (void)module;
    source *s = data;
    if (!s->failed) {
        (void)vsnprintf(s->words, sizeof s->words, fmt, args);
    }
    s->failed = true;
    return 1; /* nothing more is done with it */
}

__attribute__((format(printf, 4, 0))) static int on_warning(TIFF *tiff, void *data, const char *module, const char *fmt,
                                                            va_list args)
{
    source *s = data;
    bool guess = s->decoding && module != NULL && strcmp(module, "JPEGLib") == 0;
    return guess ? on_error(tiff, data, module, fmt, args) : 1;
}

/* NULL without words: out of memory. */
static TIFF *open_tiff(source *s)
{
    TIFFOpenOptions *options = TIFFOpenOptionsAlloc();
    if (options == NULL) {
        return NULL;
    }
    TIFFOpenOptionsSetMaxSingleMemAlloc(options, BLOCK_MAX);
    TIFFOpenOptionsSetErrorHandlerExtR(options, on_error, s);
    TIFFOpenOptionsSetWarningHandlerExtR(options, on_warning, s);
    TIFF *tiff =
        TIFFClientOpenExt("tiff", "r", s, on_read, on_write, on_seek, on_close, on_size, on_map, on_unmap, options);
    TIFFOpenOptionsFree(options);
    if (tiff == NULL && !s->failed) { /* the library has no words for a first directory at 0 */
        s->failed = true;
        (void)snprintf(s->words, sizeof s->words, "there is no directory");
    }
    return tiff;
}

static bool says(const source *s, const char *words) { return strstr(s->words, words) != NULL; }

/* Whether what lacks lies behind the end of the file. */
static bool ran_out(const source *s)
{
    return s->ended_early || says(s, "Can not read TIFF directory") || says(s, "IO error during reading") ||
           says(s, "Read error on");
}

/* What the library complained of, in the header or after `rows` rows. */
static en_status fault(const source *s, en_image *out, en_image_info *info, int rows, en_error *err)
{
    /* In the header it means a length that overflows, and is the file's fault. */
    if (s->decoding && (says(s, "ut of memory") || says(s, "No space"))) {
        return en_error_nomem(err, "a tiff");
    }
    if (says(s, "defined in open options") || says(s, "memory limit")) {
        return en_refuse(info, err, EN_FAULT_TOO_LARGE, ": tiff with a strip or tile of more than 1 GiB");
    }
    if (says(s, "not configured")) {
        return en_refuse(info, err, EN_FAULT_UNSUPPORTED, ": tiff: %s", s->words);
    }
    if (!s->decoding) {
        return ran_out(s) ? en_refuse(info, err, EN_FAULT_TRUNCATED, " in the header")
                          : en_refuse(info, err, EN_FAULT_DAMAGED, " in the header: %s", s->words);
    }
    if (ran_out(s)) {
        return en_end_early(s->in, out, info, rows, rows, info->height, err);
    }
    return en_refuse(info, err, EN_FAULT_DAMAGED, " after row %d of %d: %s", rows, info->height, s->words);
}

/* The first page at full resolution: a thumbnail may come before. */
static void find_page(TIFF *tiff)
{
    for (int page = 0; page < PAGES_MAX; page++) {
        uint32_t kind = 0;
        if (TIFFGetField(tiff, TIFFTAG_SUBFILETYPE, &kind) == 0 || (kind & FILETYPE_REDUCEDIMAGE) == 0) {
            return;
        }
        if (TIFFReadDirectory(tiff) == 0) {
            break;
        }
    }
    (void)TIFFSetDirectory(tiff, 0);
}

/* Maker and model of the camera. */
static void read_device(TIFF *tiff, en_image_info *info)
{
    const char *make = NULL, *model = NULL;
    if (TIFFGetField(tiff, TIFFTAG_MAKE, &make) == 0) {
        make = NULL;
    }
    if (TIFFGetField(tiff, TIFFTAG_MODEL, &model) == 0) {
        model = NULL;
    }
    en_device_name(make, make != NULL ? strlen(make) : 0, model, model != NULL ? strlen(model) : 0, info->device);
}

static en_status read_header(TIFF *tiff, const source *s, en_image_info *info, en_error *err)
{
    find_page(tiff);
    uint32_t width = 0, height = 0;
    uint16_t samples = 1, form = SAMPLEFORMAT_UINT, orientation = 1;
    (void)TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &width);
    (void)TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &height);
    (void)TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLESPERPIXEL, &samples);
    (void)TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLEFORMAT, &form);
    (void)TIFFGetFieldDefaulted(tiff, TIFFTAG_ORIENTATION, &orientation);
    info->width = width > INT32_MAX ? INT32_MAX : (int)width;
    info->height = height > INT32_MAX ? INT32_MAX : (int)height;
    info->orientation = orientation >= 1 && orientation <= 8 ? orientation : 1;
    if (width == 0 || height == 0) {
        return en_refuse(info, err, EN_FAULT_DAMAGED, " in the header: a side is not positive");
    }
    en_status st = en_check_size(s->in, info, err);
    if (st != EN_OK) {
        return st;
    }
    if (samples > SAMPLES_MAX) {
        return en_refuse(info, err, EN_FAULT_UNSUPPORTED, ": tiff with %u samples for each pixel", samples);
    }
    if (form != SAMPLEFORMAT_UINT && form != SAMPLEFORMAT_VOID) {
        return en_refuse(info, err, EN_FAULT_UNSUPPORTED, ": tiff with samples that are not unsigned integers");
    }
    char words[1024] = ""; /* as long as the library's own */
    if (TIFFRGBAImageOK(tiff, words) == 0) {
        return en_refuse(info, err, EN_FAULT_UNSUPPORTED, ": tiff: %.160s", words);
    }
    read_device(tiff, info);
    return EN_OK;
}

/* Rows that are decoded together: those of a strip, or of the tiles beside each other. */
static int rows_at_once(TIFF *tiff, int height)
{
    uint32_t rows = 0;
    if (TIFFIsTiled(tiff)) {
        (void)TIFFGetField(tiff, TIFFTAG_TILELENGTH, &rows);
    } else {
        (void)TIFFGetFieldDefaulted(tiff, TIFFTAG_ROWSPERSTRIP, &rows);
    }
    return rows < 1 || rows > (uint32_t)height ? height : (int)rows;
}

/* Colours come multiplied by their opacity, which is to lay them over black. */
static void keep_rows(const uint32_t *raster, size_t pixels, uint8_t *rgb)
{
    for (size_t i = 0; i < pixels; i++, rgb += 3) {
        rgb[0] = (uint8_t)TIFFGetR(raster[i]);
        rgb[1] = (uint8_t)TIFFGetG(raster[i]);
        rgb[2] = (uint8_t)TIFFGetB(raster[i]);
    }
}

static en_status read_pixels(TIFF *tiff, source *s, en_image *out, en_image_info *info, en_error *err)
{
    int height = info->height, block = rows_at_once(tiff, height);
    size_t width = (size_t)info->width;
    en_status st = en_image_alloc(out, info->width, height, err);
    if (st != EN_OK) {
        return st;
    }
    uint32_t *raster = en_calloc(width * (size_t)block, sizeof *raster);
    if (raster == NULL) {
        return en_error_nomem(err, "rows of a tiff");
    }
    TIFFRGBAImage image;
    char words[1024] = "";
    s->decoding = true;
    s->ended_early = false;
    if (TIFFRGBAImageBegin(&image, tiff, 1, words) == 0) {
        if (!s->failed) {
            (void)snprintf(s->words, sizeof s->words, "%.*s", (int)sizeof s->words - 1, words);
        }
        st = fault(s, out, info, 0, err);
        goto done;
    }
    image.req_orientation = image.orientation; /* as stored: what turns a photograph upright is the same for all */
    for (int row = 0; st == EN_OK && row < height; row += block) {
        int rows = block < height - row ? block : height - row;
        image.row_offset = row;
        image.col_offset = 0;
        bool got = TIFFRGBAImageGet(&image, raster, (uint32_t)width, (uint32_t)rows) != 0 && !s->failed;
        if (!got) {
            st = fault(s, out, info, row, err);
            break;
        }
        keep_rows(raster, width * (size_t)rows, out->rgb + 3 * width * (size_t)row);
    }
    TIFFRGBAImageEnd(&image);
done:
    en_free(raster);
    return st;
}

en_status en_tiff_read(const en_codec_input *in, en_image *out, en_image_info *info, en_error *err)
{
    source s = {.in = in};
    TIFF *tiff = open_tiff(&s);
    if (tiff == NULL) {
        return s.failed ? fault(&s, out, info, 0, err) : en_error_nomem(err, "a tiff reader");
    }
    en_status st = read_header(tiff, &s, info, err);
    s.failed = false; /* tags that cannot be read, but were not needed */
    if (st == EN_OK && !in->header_only) {
        st = read_pixels(tiff, &s, out, info, err);
    }
    TIFFClose(tiff);
    return st;
}
