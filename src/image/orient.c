/* EXIF: orientation and camera. The file is untrusted: every length and offset is checked. */
#include "image/orient.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "image/codec.h"

enum {
    TAG_ORIENTATION = 0x0112,
    TYPE_TEXT = 2,
    TYPE_SHORT = 3,
    TAG_MAKER = 0x010F,
    TAG_MODEL = 0x0110,
    ENTRY_BYTES = 12
};

static uint32_t get16(const uint8_t *p, bool big)
{
    return big ? (uint32_t)p[0] << 8 | p[1] : (uint32_t)p[1] << 8 | p[0];
}

static uint32_t get32(const uint8_t *p, bool big)
{
    return big ? get16(p, big) << 16 | get16(p + 2, big) : get16(p + 2, big) << 16 | get16(p, big);
}

/* The first directory of a TIFF header; entries 0: there is none. */
typedef struct directory {
    const uint8_t *tiff;
    size_t n, at, entries;
    bool big;
} directory;

static directory directory_of(const uint8_t *tiff, size_t n)
{
    directory d = {.tiff = tiff, .n = n};
    if (n < 8) {
        return d;
    }
    d.big = memcmp(tiff, "MM\0*", 4) == 0;
    if (!d.big && memcmp(tiff, "II*\0", 4) != 0) {
        return d;
    }
    size_t at = get32(tiff + 4, d.big);
    if (at > n - 2) {
        return d;
    }
    d.at = at + 2;
    d.entries = get16(tiff + at, d.big);
    if (d.entries > (n - d.at) / ENTRY_BYTES) {
        d.entries = (n - d.at) / ENTRY_BYTES;
    }
    return d;
}

/* NULL: it has no such entry. */
static const uint8_t *entry_of(const directory *d, unsigned tag)
{
    for (size_t i = 0; i < d->entries; i++) {
        const uint8_t *entry = d->tiff + d->at + i * ENTRY_BYTES;
        if (get16(entry, d->big) == tag) {
            return entry;
        }
    }
    return NULL;
}

int en_orient_read(const uint8_t *tiff, size_t n)
{
    directory d = directory_of(tiff, n);
    const uint8_t *entry = entry_of(&d, TAG_ORIENTATION);
    if (entry == NULL || get16(entry + 2, d.big) != TYPE_SHORT || get32(entry + 4, d.big) != 1) {
        return 1;
    }
    uint32_t value = get16(entry + 8, d.big);
    return value >= 1 && value <= 8 ? (int)value : 1;
}

/* A text of the directory; NULL and no bytes where there is none. */
static const char *text_of(const directory *d, unsigned tag, size_t *bytes)
{
    const uint8_t *entry = entry_of(d, tag);
    *bytes = 0;
    if (entry == NULL || get16(entry + 2, d->big) != TYPE_TEXT) {
        return NULL;
    }
    size_t count = get32(entry + 4, d->big), at = count <= 4 ? (size_t)(entry + 8 - d->tiff) : get32(entry + 8, d->big);
    if (at > d->n || count > d->n - at) {
        return NULL;
    }
    *bytes = count;
    return (const char *)d->tiff + at;
}

void en_orient_device(const uint8_t *tiff, size_t n, char out[72])
{
    directory d = directory_of(tiff, n);
    size_t maker_bytes, model_bytes;
    const char *maker = text_of(&d, TAG_MAKER, &maker_bytes), *model = text_of(&d, TAG_MODEL, &model_bytes);
    en_device_name(maker, maker_bytes, model, model_bytes, out);
}

/* Appends what of a text can be shown, with single blanks between. */
static size_t add_words(const char *text, size_t bytes, char out[72], size_t used)
{
    bool blank = used > 0;
    for (size_t i = 0; text != NULL && i < bytes && text[i] != '\0' && used < 71; i++) {
        if (text[i] <= ' ' || text[i] > '~') {
            blank = used > 0;
            continue;
        }
        if (blank && used < 70) {
            out[used++] = ' ';
        }
        blank = false;
        out[used++] = text[i];
    }
    out[used] = '\0';
    return used;
}

void en_device_name(const char *maker, size_t maker_bytes, const char *model, size_t model_bytes, char out[72])
{
    char first[72], whole[72];
    size_t used = add_words(maker, maker_bytes, first, 0);
    (void)add_words(model, model_bytes, whole, 0);
    bool twice = used > 0 && strncasecmp(first, whole, used) == 0;
    memcpy(out, twice ? whole : first, sizeof first);
    if (!twice) {
        (void)add_words(whole, strlen(whole), out, used);
    }
}

/* Where the upright image's pixels lie in the stored one: at first + x*step_x + y*step_y, in px. */
typedef struct walk {
    ptrdiff_t first, step_x, step_y;
} walk;

static walk walk_of(int orientation, ptrdiff_t w, ptrdiff_t h)
{
    switch (orientation) {
    case 2: return (walk){w - 1, -1, w};
    case 3: return (walk){h * w - 1, -1, -w};
    case 4: return (walk){(h - 1) * w, 1, -w};
    case 5: return (walk){0, w, 1};
    case 6: return (walk){(h - 1) * w, -w, 1};
    case 7: return (walk){h * w - 1, -w, -1};
    case 8: return (walk){w - 1, w, -1};
    default: return (walk){0, 1, w};
    }
}

en_status en_orient_apply(en_image *image, int orientation, en_error *err)
{
    if (orientation < 2 || orientation > 8) {
        return EN_OK;
    }
    bool turned = orientation >= 5;
    en_image upright;
    en_image_init(&upright);
    en_status st =
        en_image_alloc(&upright, turned ? image->height : image->width, turned ? image->width : image->height, err);
    if (st != EN_OK) {
        return st;
    }
    upright.full_width = turned ? image->full_height : image->full_width;
    upright.full_height = turned ? image->full_width : image->full_height;
    upright.scale = image->scale;

    walk from = walk_of(orientation, image->width, image->height);
    uint8_t *to = upright.rgb;
    for (int y = 0; y < upright.height; y++) {
        ptrdiff_t pixel = from.first + y * from.step_y;
        for (int x = 0; x < upright.width; x++, to += 3, pixel += from.step_x) {
            memcpy(to, image->rgb + 3 * pixel, 3);
        }
    }
    en_image_clear(image);
    *image = upright;
    return EN_OK;
}
