/* Augmentations: their text, and drawing distortions. */
#include "image/augmentation.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "base/random.h"
#include "base/text.h"

typedef enum kind { SWITCH, NUMBER, RANGE } kind; /* 0, 1 or 2 numbers */

/* The words in the order of the canonical text, and where their values are. */
typedef struct word {
    const char *name;
    kind kind;
    size_t offset;
    double most; /* of a number; numbers are above 0 */
    const char *unit;
} word;

#define WORD(name, kind, member, most, unit)                                                                           \
    {                                                                                                                  \
        name, kind, offsetof(en_augmentation, member), most, unit                                                      \
    }
static const word words[] = {
    WORD("mirror", SWITCH, mirror, 0, NULL),
    WORD("flip", SWITCH, flip, 0, NULL),
    WORD("quarter", SWITCH, quarter, 0, NULL),
    WORD("rotate", NUMBER, rotate_deg, 180, "degrees"),
    WORD("zoom", RANGE, zoom_low, 4, "factors"),
    WORD("shift", NUMBER, shift, 0.5, "of the width"),
    WORD("brightness", NUMBER, brightness, 0.8, "of the values"),
    WORD("contrast", NUMBER, contrast, 0.8, "of the contrast"),
    WORD("saturation", NUMBER, saturation, 0.8, "of the saturation"),
    WORD("hue", NUMBER, hue_deg, 30, "degrees"),
};
enum { WORDS = sizeof words / sizeof *words };

/* All that can be written, for the nearest to a misspelt one. */
static const char *const known[] = {"mirror",   "flip",       "quarter", "rotate", "zoom",  "shift",  "brightness",
                                    "contrast", "saturation", "hue",     "none",   "light", "strong", NULL};

static bool *switch_of(en_augmentation *a, const word *w) { return (bool *)((char *)a + w->offset); }
static double *value_of(en_augmentation *a, const word *w) { return (double *)((char *)a + w->offset); }

static bool is_given(const en_augmentation *a, const word *w)
{
    en_augmentation copy = *a;
    return w->kind == SWITCH ? *switch_of(&copy, w) : *value_of(&copy, w) > 0;
}

static en_status unknown_word(const char *text, en_error *err)
{
    const char *near = en_nearest_word(text, known);
    if (near != NULL) {
        return en_error_set(err, EN_USAGE, "augmentation: unknown word '%s'; did you mean '%s'?", text, near);
    }
    return en_error_set(
        err, EN_USAGE,
        "augmentation: unknown word '%s'; known are mirror, flip, quarter, rotate D, zoom A..B, shift F, "
        "brightness F, contrast F, saturation F, hue D; or one of none, light, strong",
        text);
}

enum { TOKEN = 64 }; /* bytes of a word or a number with its NUL */

/* The next word between blanks into out, EN_DONE when there is none. */
static en_status next_token(const char **at, char out[TOKEN], en_error *err)
{
    static const char blank[] = " \t\r\n";
    *at += strspn(*at, blank);
    size_t length = strcspn(*at, blank);
    if (length == 0) {
        out[0] = '\0';
        return EN_DONE;
    }
    if (length >= TOKEN) {
        return en_error_set(err, EN_USAGE, "augmentation: unknown word '%.*s...'", TOKEN / 4, *at);
    }
    memcpy(out, *at, length);
    out[length] = '\0';
    *at += length;
    return EN_OK;
}

static en_status parse_number(const word *w, const char *text, double *out, en_error *err)
{
    if (!en_parse_double(text, out) || !(*out > 0 && *out <= w->most)) {
        return en_error_set(err, EN_USAGE, "augmentation: '%s' takes a number above 0 and at most %g, %s, not '%s'",
                            w->name, w->most, w->unit, text);
    }
    return EN_OK;
}

static en_status parse_range(const word *w, char *text, double *out, en_error *err)
{
    char *dots = strstr(text, "..");
    double low = 0, high = 0;
    bool good = dots != NULL;
    if (good) {
        *dots = '\0';
        good = en_parse_double(text, &low) && en_parse_double(dots + 2, &high) && 1 / w->most <= low && low <= high &&
               high <= w->most;
        *dots = '.';
    }
    if (!good) {
        return en_error_set(err, EN_USAGE, "augmentation: '%s' takes %s from %g to %g as A..B, not '%s'", w->name,
                            w->unit, 1 / w->most, w->most, text);
    }
    out[0] = low;
    out[1] = high;
    return EN_OK;
}

static en_status parse_word(const char *name, const char **at, en_augmentation *out, en_error *err)
{
    const word *w = words;
    while (w < words + WORDS && strcmp(w->name, name) != 0) {
        w++;
    }
    if (w == words + WORDS) {
        for (size_t i = WORDS; known[i] != NULL; i++) {
            if (strcmp(known[i], name) == 0) {
                return en_error_set(err, EN_USAGE, "augmentation: '%s' stands alone", name);
            }
        }
        return unknown_word(name, err);
    }
    if (is_given(out, w)) {
        return en_error_set(err, EN_USAGE, "augmentation: '%s' is given twice", name);
    }
    if (w->kind == SWITCH) {
        *switch_of(out, w) = true;
        return EN_OK;
    }
    char value[TOKEN];
    en_status st = next_token(at, value, err);
    if (st != EN_OK && st != EN_DONE) {
        return st;
    }
    return w->kind == NUMBER ? parse_number(w, value, value_of(out, w), err)
                             : parse_range(w, value, value_of(out, w), err);
}

static const char *without_presets(const char *text)
{
    return strcmp(text, "none") == 0     ? ""
           : strcmp(text, "light") == 0  ? EN_AUGMENTATION_LIGHT
           : strcmp(text, "strong") == 0 ? EN_AUGMENTATION_STRONG
                                         : text;
}

en_status en_augmentation_parse(const char *text, en_augmentation *out, en_error *err)
{
    en_augmentation a = {0};
    const char *at = without_presets(text);
    const bool none = *at == '\0' && *text != '\0';
    char token[TOKEN];
    size_t count = 0;
    en_status st;
    while ((st = next_token(&at, token, err)) == EN_OK) {
        st = parse_word(token, &at, &a, err);
        if (st != EN_OK) {
            return st;
        }
        count++;
    }
    if (st != EN_DONE) {
        return st;
    }
    if (count == 0 && !none) {
        return en_error_set(err, EN_USAGE, "augmentation: there are no words; write 'none' for none");
    }
    *out = a;
    return EN_OK;
}

const char *en_augmentation_text(const en_augmentation *a, char out[EN_AUGMENTATION_TEXT])
{
    en_augmentation copy = *a;
    size_t used = 0;
    out[0] = '\0';
    for (const word *w = words; w < words + WORDS; w++) {
        if (!is_given(a, w)) {
            continue;
        }
        used += (size_t)en_print(out + used, EN_AUGMENTATION_TEXT - used, "%s%s", used > 0 ? " " : "", w->name);
        for (int i = 0; i < (int)w->kind; i++) { /* no number, one, or two */
            const double value = value_of(&copy, w)[i];
            used += (size_t)en_print(out + used, EN_AUGMENTATION_TEXT - used, "%s%.*g", i == 0 ? " " : "..",
                                     en_number_digits(value), value);
        }
    }
    if (used == 0) {
        (void)snprintf(out, EN_AUGMENTATION_TEXT, "none");
    }
    return out;
}

bool en_augmentation_is_any(const en_augmentation *a)
{
    for (const word *w = words; w < words + WORDS; w++) {
        if (is_given(a, w)) {
            return true;
        }
    }
    return false;
}

bool en_augmentation_mirrors(const en_augmentation *a) { return a->mirror || a->flip; }

bool en_augmentation_turns(const en_augmentation *a) { return a->quarter || a->rotate_deg > 0; }

bool en_augmentation_is_views(const en_augmentation *a)
{
    const en_augmentation views = {.mirror = a->mirror, .flip = a->flip, .quarter = a->quarter};
    char all[EN_AUGMENTATION_TEXT], those[EN_AUGMENTATION_TEXT];
    return strcmp(en_augmentation_text(a, all), en_augmentation_text(&views, those)) == 0;
}

en_distortion en_augmentation_view(size_t view, bool mirror, int rotation)
{
    en_distortion d = EN_DISTORTION_NONE;
    const bool mirrored = view >= EN_VIEWS / 2;
    d.mirror = mirror != mirrored;
    d.degrees = (mirrored ? -rotation : rotation) + 90 * (int)(view % (EN_VIEWS / 2));
    return d;
}

size_t en_augmentation_view_of(const en_distortion *d, bool mirror, int rotation)
{
    const bool mirrored = d->mirror != mirror;
    const int turned = ((int)d->degrees - (mirrored ? -rotation : rotation)) / 90;
    return (size_t)(((turned % 4) + 4) % 4) + (mirrored ? EN_VIEWS / 2 : 0);
}

bool en_augmentation_shows(const en_augmentation *a, size_t view)
{
    for (uint32_t way = 0; way < 16; way++) { /* as drawn below */
        const bool mirror = (way & 1u) != 0, flip = (way & 2u) != 0;
        const uint32_t turns = (flip ? 2 : 0) + (way >> 2);
        if ((!mirror || a->mirror) && (!flip || a->flip) && (way >> 2 == 0 || a->quarter) &&
            turns % 4 + (mirror != flip ? EN_VIEWS / 2 : 0) == view) {
            return true;
        }
    }
    return false;
}

en_distortion en_augmentation_draw(const en_augmentation *a, uint64_t seed, uint32_t epoch, uint64_t key, bool mirror,
                                   int rotation)
{
    en_random r = en_random_init(seed, epoch, key, EN_FOR_AUGMENT);
    en_distortion d = EN_DISTORTION_NONE;
    const uint32_t way = en_random_u32(&r);
    int degrees = rotation;
    d.mirror = mirror;
    if (a->mirror && (way & 1u) != 0) { /* after a turn: it turns the other way */
        d.mirror = !d.mirror;
        degrees = -degrees;
    }
    if (a->flip && (way & 2u) != 0) { /* as a mirror and half a turn */
        d.mirror = !d.mirror;
        degrees = 180 - degrees;
    }
    if (a->quarter) {
        degrees += 90 * (int)(way >> 2 & 3u);
    }
    d.degrees = degrees + en_random_between(&r, -a->rotate_deg, a->rotate_deg);
    const double zoom = en_random_uniform(&r);
    if (a->zoom_low > 0) {
        d.zoom = exp(log(a->zoom_low) + (log(a->zoom_high) - log(a->zoom_low)) * zoom);
    }
    d.shift_x = en_random_between(&r, -a->shift, a->shift);
    d.shift_y = en_random_between(&r, -a->shift, a->shift);
    d.brightness = en_random_between(&r, 1 - a->brightness, 1 + a->brightness);
    d.contrast = en_random_between(&r, 1 - a->contrast, 1 + a->contrast);
    d.saturation = en_random_between(&r, 1 - a->saturation, 1 + a->saturation);
    d.hue_deg = en_random_between(&r, -a->hue_deg, a->hue_deg);
    return d;
}
