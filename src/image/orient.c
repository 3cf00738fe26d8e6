/* EXIF orientation. The file is untrusted: every length and offset is checked. */
#include "image/orient.h"

#include <stdbool.h>
#include <string.h>

#include "base/memory.h"

enum { TAG_ORIENTATION = 0x0112, TYPE_SHORT = 3, ENTRY_BYTES = 12 };

static uint32_t get16(const uint8_t *p, bool big)
{
    return big ? (uint32_t)p[0] << 8 | p[1] : (uint32_t)p[1] << 8 | p[0];
}

static uint32_t get32(const uint8_t *p, bool big)
{
    return big ? get16(p, big) << 16 | get16(p + 2, big) : get16(p + 2, big) << 16 | get16(p, big);
}

int en_orient_read(const uint8_t *tiff, size_t n)
{
    if (n < 8) {
        return 1;
    }
    bool big = memcmp(tiff, "MM\0*", 4) == 0;
    if (!big && memcmp(tiff, "II*\0", 4) != 0) {
        return 1;
    }
    size_t at = get32(tiff + 4, big);
    if (at > n - 2) {
        return 1;
    }
    size_t entries = get16(tiff + at, big);
    at += 2;
    for (size_t i = 0; i < entries && n - at >= ENTRY_BYTES; i++, at += ENTRY_BYTES) {
        const uint8_t *entry = tiff + at;
        if (get16(entry, big) != TAG_ORIENTATION) {
            continue;
        }
        if (get16(entry + 2, big) != TYPE_SHORT || get32(entry + 4, big) != 1) {
            return 1;
        }
        uint32_t value = get16(entry + 8, big);
        return value >= 1 && value <= 8 ? (int)value : 1;
    }
    return 1;
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
