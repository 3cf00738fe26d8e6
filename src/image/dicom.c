/* DICOM to RGB, by a bounded reader of our own: Debian's libraries for it are C++, and of the format's thousand parts a
 * photograph needs a file header, a list of elements and one picture. Read are files of Part 10 in the two
 * little-endian syntaxes, with pixels as they are or as one JPEG (baseline and extended). Source: DICOM PS3.5 (2023),
 * sections 7 and 8 and annex A; PS3.6 for the tags. Every length is checked against what is left. */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/memory.h"
#include "base/text.h"
#include "image/codec.h"

enum { PREAMBLE = 128, DEPTH_MAX = 16 };
#define UNDEFINED 0xFFFFFFFFu

#define TAG(group, element) ((uint32_t)(group) << 16 | (element))
enum tag {
    SYNTAX = TAG(0x0002, 0x0010),
    MAKER = TAG(0x0008, 0x0070),
    MODEL = TAG(0x0008, 0x1090),
    PATIENT = TAG(0x0010, 0x0020),
    LATERALITY = TAG(0x0020, 0x0060),
    IMAGE_LATERALITY = TAG(0x0020, 0x0062),
    SAMPLES = TAG(0x0028, 0x0002),
    PHOTOMETRIC = TAG(0x0028, 0x0004),
    PLANAR = TAG(0x0028, 0x0006),
    FRAMES = TAG(0x0028, 0x0008),
    ROWS = TAG(0x0028, 0x0010),
    COLUMNS = TAG(0x0028, 0x0011),
    ALLOCATED = TAG(0x0028, 0x0100),
    STORED = TAG(0x0028, 0x0101),
    IS_SIGNED = TAG(0x0028, 0x0103)
};
#define PIXELS 0x7FE00010u
#define ITEM 0xFFFEE000u
#define END_OF_ITEM 0xFFFEE00Du
#define END_OF_SEQUENCE 0xFFFEE0DDu

/* Where in the file the reading is. */
typedef struct cursor {
    const uint8_t *bytes;
    size_t at, end;
    bool implicit; /* elements do not name their type */
} cursor;

typedef struct element {
    uint32_t tag, length; /* length: UNDEFINED for one that a delimiter ends */
    char type[2];         /* zero where it is implicit */
    const uint8_t *value; /* of as many bytes as there are, up to length */
} element;

typedef struct picture {
    bool jpeg;
    uint32_t samples, planar, rows, columns, allocated, stored, is_signed, frames;
    char photometric[20], maker[72], model[72];
    element pixels; /* value: NULL: there are none */
    size_t there;   /* bytes of their value that the file has */
    bool ended;     /* the file ended within an element */
} picture;

static uint32_t get16(const uint8_t *p) { return (uint32_t)p[0] | (uint32_t)p[1] << 8; }

static uint32_t get32(const uint8_t *p) { return get16(p) | get16(p + 2) << 16; }

static size_t left(const cursor *c) { return c->end - c->at; }

/* Types whose length has four bytes, after two that are reserved. */
static bool has_long_length(const char type[2])
{
    static const char types[][3] = {"OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (memcmp(types[i], type, 2) == 0) {
            return true;
        }
    }
    return false;
}

/* The head of the next element; false at the end of what there is. */
static bool next(cursor *c, element *e)
{
    if (left(c) < 8) {
        return false;
    }
    const uint8_t *p = c->bytes + c->at;
    *e = (element){.tag = get16(p) << 16 | get16(p + 2)};
    size_t head = 8;
    if (c->implicit || e->tag >> 16 == 0xFFFE) { /* items and delimiters never have a type */
        e->length = get32(p + 4);
    } else {
        memcpy(e->type, p + 4, 2);
        if (has_long_length(e->type)) {
            head = 12;
            if (left(c) < head) {
                return false;
            }
            e->length = get32(p + 8);
        } else {
            e->length = get16(p + 6);
        }
    }
    c->at += head;
    e->value = c->bytes + c->at;
    return true;
}

/* Goes past a value of undefined length: items, which may hold sequences again, up to the delimiter. False when the
 * file ends before, or they are nested too deeply. */
static bool skip_sequence(cursor *c, int depth)
{
    element e;
    while (depth < DEPTH_MAX && next(c, &e)) {
        if (e.tag == END_OF_SEQUENCE || e.tag == END_OF_ITEM) {
            return true;
        }
        if (e.length == UNDEFINED) {
            if (!skip_sequence(c, depth + 1)) {
                return false;
            }
        } else if (e.length > left(c)) {
            return false;
        } else {
            c->at += e.length;
        }
    }
    return false;
}

/* A text value without the blanks and zeros that pad it. */
static void text_of(const element *e, char *out, size_t capacity)
{
    size_t n = e->length, skip = 0;
    while (n > 0 && (e->value[n - 1] == ' ' || e->value[n - 1] == '\0')) {
        n--;
    }
    while (skip < n && e->value[skip] == ' ') {
        skip++;
    }
    n -= skip;
    n = n < capacity - 1 ? n : capacity - 1;
    memcpy(out, e->value + skip, n);
    out[n] = '\0';
}

static uint32_t number_of(const element *e) { return e->length >= 2 ? get16(e->value) : 0; }

static void keep(const element *e, picture *p, en_image_info *info)
{
    char text[20] = "";
    int64_t frames;
    switch (e->tag) {
    case MAKER: text_of(e, p->maker, sizeof p->maker); break;
    case MODEL: text_of(e, p->model, sizeof p->model); break;
    case PATIENT: text_of(e, info->patient, sizeof info->patient); break;
    case LATERALITY:
    case IMAGE_LATERALITY: /* of the picture itself, where there are both: its tag comes after the series' */
        text_of(e, text, sizeof text);
        info->eye = strcmp(text, "L") == 0 || strcmp(text, "R") == 0 ? text[0] : info->eye;
        break;
    case SAMPLES: p->samples = number_of(e); break;
    case PHOTOMETRIC: text_of(e, p->photometric, sizeof p->photometric); break;
    case PLANAR: p->planar = number_of(e); break;
    case FRAMES:
        text_of(e, text, sizeof text);
        p->frames = en_parse_int(text, &frames) && frames >= 0 && frames <= UINT16_MAX ? (uint32_t)frames : UINT16_MAX;
        break;
    case ROWS: p->rows = number_of(e); break;
    case COLUMNS: p->columns = number_of(e); break;
    case ALLOCATED: p->allocated = number_of(e); break;
    case STORED: p->stored = number_of(e); break;
    case IS_SIGNED: p->is_signed = number_of(e); break;
    default: break;
    }
}

/* Reads elements up to the pixels. Where the file ends, so does this; what lacks then is the caller's to find. */
static void read_elements(cursor *c, picture *p, en_image_info *info)
{
    element e;
    while (next(c, &e)) {
        if (e.tag == PIXELS) {
            p->pixels = e;
            p->there = left(c);
            return;
        }
        if (e.length == UNDEFINED) {
            bool type_unknown = c->implicit;
            c->implicit = c->implicit || memcmp(e.type, "UN", 2) == 0; /* PS3.5, 6.2.2: such a value is implicit */
            bool whole = skip_sequence(c, 0);
            c->implicit = type_unknown;
            if (!whole) {
                p->ended = true;
                return;
            }
            continue;
        }
        if (e.length > left(c)) {
            p->ended = true;
            return;
        }
        keep(&e, p, info);
        c->at += e.length;
    }
    p->ended = left(c) > 0;
}

/* The meta information, in which the syntax of the rest is named. */
static en_status read_meta(cursor *c, picture *p, en_image_info *info, en_error *err)
{
    static const struct {
        const char *uid;
        bool implicit, jpeg;
    } syntaxes[] = {{"1.2.840.10008.1.2", true, false},
                    {"1.2.840.10008.1.2.1", false, false},
                    {"1.2.840.10008.1.2.4.50", false, true},
                    {"1.2.840.10008.1.2.4.51", false, true}};
    static const char *const others[][2] = {
        {"1.2.840.10008.1.2.1.99", "deflated"},      {"1.2.840.10008.1.2.2", "big endian"},
        {"1.2.840.10008.1.2.4.57", "lossless jpeg"}, {"1.2.840.10008.1.2.4.70", "lossless jpeg"},
        {"1.2.840.10008.1.2.4.80", "jpeg-ls"},       {"1.2.840.10008.1.2.4.81", "jpeg-ls"},
        {"1.2.840.10008.1.2.4.90", "jpeg 2000"},     {"1.2.840.10008.1.2.4.91", "jpeg 2000"},
        {"1.2.840.10008.1.2.5", "run lengths"}};
    char uid[65] = "";
    element e;
    size_t at = c->at;
    bool ended = false;
    while (!ended) {
        ended = !next(c, &e) || (e.tag >> 16 == 2 && e.length > left(c));
        if (ended || e.tag >> 16 != 2) {
            break;
        }
        if (e.tag == SYNTAX) {
            text_of(&e, uid, sizeof uid);
        }
        c->at += e.length;
        at = c->at;
    }
    c->at = at;
    if (uid[0] == '\0') {
        return ended ? en_refuse(info, err, EN_FAULT_TRUNCATED, " in the header")
                     : en_refuse(info, err, EN_FAULT_DAMAGED, " in the header: dicom without a transfer syntax");
    }
    for (size_t i = 0; i < sizeof syntaxes / sizeof *syntaxes; i++) {
        if (strcmp(uid, syntaxes[i].uid) == 0) {
            c->implicit = syntaxes[i].implicit;
            p->jpeg = syntaxes[i].jpeg;
            return EN_OK;
        }
    }
    const char *name = uid;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        name = strcmp(uid, others[i][0]) == 0 ? others[i][1] : name;
    }
    for (const char *u = uid; *u != '\0'; u++) {
        if (strchr("0123456789.", *u) == NULL) {
            return en_refuse(info, err, EN_FAULT_DAMAGED, " in the header: dicom without a transfer syntax");
        }
    }
    return en_refuse(info, err, EN_FAULT_UNSUPPORTED, ": dicom with the transfer syntax %s", name);
}

static bool is_one_of(const char *text, const char *const *words)
{
    while (*words != NULL && strcmp(text, *words) != 0) {
        words++;
    }
    return *words != NULL;
}

static en_status check_picture(const picture *p, const en_codec_input *in, en_image_info *info, en_error *err)
{
    static const char *const grey[] = {"MONOCHROME1", "MONOCHROME2", NULL};
    static const char *const colour[] = {"RGB", "YBR_FULL", "YBR_FULL_422", NULL};
    if (p->pixels.value == NULL) {
        return p->ended || p->rows > 0 ? en_refuse(info, err, EN_FAULT_TRUNCATED, " in the header")
                                       : en_refuse(info, err, EN_FAULT_NO_IMAGE, ": dicom without pixels");
    }
    info->width = (int)p->columns;
    info->height = (int)p->rows;
    if (p->rows == 0 || p->columns == 0) {
        return en_refuse(info, err, EN_FAULT_DAMAGED, " in the header: a side is not positive");
    }
    en_status st = en_check_size(in, info, err);
    if (st != EN_OK) {
        return st;
    }
    if (p->frames > 1) {
        return en_refuse(info, err, EN_FAULT_UNSUPPORTED, ": dicom with %u frames", p->frames);
    }
    bool known =
        p->samples == 1 ? is_one_of(p->photometric, grey) : p->samples == 3 && is_one_of(p->photometric, colour);
    if (!known || (!p->jpeg && strcmp(p->photometric, "YBR_FULL_422") == 0)) {
        return en_refuse(info, err, EN_FAULT_UNSUPPORTED, ": dicom with other colours than RGB, YBR_FULL and grey");
    }
    bool eight = p->allocated == 8 && p->stored == 8, sixteen = p->allocated == 16 && p->stored >= 8 && p->stored <= 16;
    if (!p->jpeg && ((!eight && !(sixteen && p->samples == 1)) || p->is_signed != 0)) {
        return en_refuse(info, err, EN_FAULT_UNSUPPORTED, ": dicom with %s samples of %u bits in %u",
                         p->is_signed != 0 ? "signed" : "unsigned", p->stored, p->allocated);
    }
    return EN_OK;
}

static uint8_t clamp(double v) { return v <= 0 ? 0 : v >= 255 ? 255 : (uint8_t)(v + 0.5); }

/* PS3.3, C.7.6.3.1.2: the conversion of JFIF. */
static void rgb_from_ybr(uint8_t *p)
{
    double y = p[0], cb = p[1] - 128.0, cr = p[2] - 128.0;
    p[0] = clamp(y + 1.402 * cr);
    p[1] = clamp(y - 0.344136 * cb - 0.714136 * cr);
    p[2] = clamp(y + 1.772 * cb);
}

/* One row of `rows` x `columns`, each sample brought to 8 bits. */
static void read_row(const picture *p, size_t y, uint8_t *to)
{
    const uint8_t *from = p->pixels.value;
    size_t width = p->columns, plane = width * p->rows;
    bool inverted = strcmp(p->photometric, "MONOCHROME1") == 0, ybr = p->photometric[0] == 'Y';
    for (size_t x = 0; x < width; x++, to += 3) {
        size_t at = y * width + x;
        if (p->samples == 3) {
            for (size_t c = 0; c < 3; c++) {
                to[c] = from[p->planar == 1 ? c * plane + at : 3 * at + c];
            }
            if (ybr) {
                rgb_from_ybr(to);
            }
            continue;
        }
        uint32_t most = (1u << p->stored) - 1;
        uint32_t value = p->allocated == 8 ? from[at] : get16(from + 2 * at) & most;
        uint8_t grey = (uint8_t)((value * 255 + most / 2) / most);
        memset(to, inverted ? 255 - grey : grey, 3);
    }
}

static en_status read_plain(const picture *p, const en_codec_input *in, en_image *out, en_image_info *info,
                            en_error *err)
{
    size_t sample = p->allocated / 8, row_bytes = p->columns * sample, whole = row_bytes * p->rows * p->samples;
    size_t there = p->pixels.length < p->there ? p->pixels.length : p->there;
    if (p->pixels.length < whole && p->pixels.length <= p->there) {
        return en_refuse(info, err, EN_FAULT_DAMAGED, " in the header: %u bytes of pixels for %dx%d", p->pixels.length,
                         info->width, info->height);
    }
    en_status st = en_image_alloc(out, info->width, info->height, err);
    if (st != EN_OK) {
        return st;
    }
    /* Of planes one after the other, rows are whole that the last one has. */
    bool planes = p->samples == 3 && p->planar == 1;
    size_t before = planes ? 2 * row_bytes * p->rows : 0;
    size_t rows = there < before ? 0 : (there - before) / (planes ? row_bytes : row_bytes * p->samples);
    rows = rows < p->rows ? rows : p->rows;
    for (size_t y = 0; y < rows; y++) {
        read_row(p, y, out->rgb + 3 * y * p->columns);
    }
    return rows == p->rows ? EN_OK : en_end_early(in, out, info, (int)rows, (int)rows, info->height, err);
}

/* The fragments of the picture, put together: items after the first, which is a table of offsets. */
static en_status gather(const picture *p, en_buf *jpeg, bool *whole, en_error *err)
{
    cursor c = {.bytes = p->pixels.value, .end = p->there, .implicit = true};
    element e;
    *whole = false;
    for (size_t i = 0; next(&c, &e); i++) {
        if (e.tag != ITEM) {
            *whole = e.tag == END_OF_SEQUENCE;
            return EN_OK;
        }
        size_t bytes = e.length < left(&c) ? e.length : left(&c);
        en_status st = i > 0 ? en_buf_add(jpeg, e.value, bytes, err) : EN_OK;
        if (st != EN_OK) {
            return st;
        }
        c.at += bytes;
    }
    return EN_OK;
}

static en_status read_jpeg(const picture *p, const en_codec_input *in, en_image *out, en_image_info *info,
                           en_error *err)
{
    en_buf jpeg;
    bool whole = false;
    en_image_info inner = {.orientation = 1};
    en_buf_init(&jpeg, in->size);
    en_status st = p->pixels.length == UNDEFINED ? gather(p, &jpeg, &whole, err)
                                                 : en_refuse(info, err, EN_FAULT_DAMAGED,
                                                             " in the header: dicom with a jpeg that is not in items");
    if (st == EN_OK && jpeg.size == 0) {
        st = en_refuse(info, err, whole ? EN_FAULT_DAMAGED : EN_FAULT_TRUNCATED, " in the header%s",
                       whole ? ": dicom with an empty jpeg" : "");
    }
    if (st != EN_OK) {
        goto done;
    }
    en_codec_input inside = *in;
    inside.bytes = (const uint8_t *)jpeg.data;
    inside.size = jpeg.size;
    inside.plain_rgb = strcmp(p->photometric, "RGB") == 0;
    st = en_jpeg_read(&inside, out, &inner, err);
    info->fault = inner.fault;
    info->rows = inner.rows;
    if (st == EN_OK && (inner.width != info->width || inner.height != info->height)) {
        st = en_refuse(info, err, EN_FAULT_DAMAGED, " in the header: %dx%d, and its jpeg is %dx%d", info->width,
                       info->height, inner.width, inner.height);
    }
done:
    en_buf_clear(&jpeg);
    return st;
}

en_status en_dicom_read(const en_codec_input *in, en_image *out, en_image_info *info, en_error *err)
{
    cursor c = {.bytes = in->bytes, .at = PREAMBLE + 4, .end = in->size};
    picture p = {.samples = 1};
    en_status st = read_meta(&c, &p, info, err);
    if (st != EN_OK) {
        return st;
    }
    read_elements(&c, &p, info);
    en_device_name(p.maker, strlen(p.maker), p.model, strlen(p.model), info->device);
    st = check_picture(&p, in, info, err);
    if (st != EN_OK) {
        return st;
    }
    if (p.jpeg) {
        return read_jpeg(&p, in, out, info, err);
    }
    return in->header_only ? EN_OK : read_plain(&p, in, out, info, err);
}
