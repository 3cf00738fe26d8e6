/* Recipes: their text, and making samples. */
#include "image/recipe.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "image/resize.h"

/* How much larger than the sample a photograph's crop is decoded, and the least shorter side it is decoded to. With
 * these, samples of the competition's photographs at full size (5 to 16 MP, decoded at 2/8 or 4/8) differ from those
 * made of the whole by a PSNR of, least and mean, dB: retina 512: 53.7 56.6, retina 256: 51.2 54.4,
 * retina 128: 55.6 58.2, centre:1800 256: 50.2 52.5, none 256: 55.4 59.9. Without the least side, 1/8 and
 * photographs of 1024 px would fall to 39. */
#define OVERSAMPLING 1.75
#define EDGE_LEAST 480 /* px */

static const char *const keys[] = {"crop", "size", "normalise", NULL};
static const char *const crops[] = {"retina", "centre", "none", NULL};
static const char *const normalisations[] = {
    [EN_NORMALISE_NONE] = "none", [EN_NORMALISE_GRAHAM] = "graham", [EN_NORMALISE_CLAHE] = "clahe", NULL};

static en_status unknown_word(const char *word, const char *what, const char *const *known, en_error *err)
{
    const char *near = en_nearest_word(word, known);
    if (near != NULL) {
        return en_error_set(err, EN_USAGE, "recipe: unknown %s '%s'; did you mean '%s'?", what, word, near);
    }
    return en_error_set(err, EN_USAGE,
                        "recipe: unknown %s '%s'; a recipe is 'crop=retina|centre:PIXELS|none size=N "
                        "[normalise=graham|clahe|none]'",
                        what, word);
}

static en_status parse_number(const char *word, const char *text, int64_t low, int64_t high, int *out, en_error *err)
{
    int64_t value;
    if (!en_parse_int(text, &value) || value < low || value > high) {
        return en_error_set(err, EN_USAGE, "recipe: '%s': expected a whole number of px, %lld..%lld", word,
                            (long long)low, (long long)high);
    }
    *out = (int)value;
    return EN_OK;
}

static en_status parse_crop(const char *word, char *value, en_recipe *out, en_error *err)
{
    char *pixels = strchr(value, ':');
    if (pixels != NULL) {
        *pixels++ = '\0';
    }
    if (strcmp(value, "centre") == 0) {
        out->crop = EN_CROP_CENTRE;
        return parse_number(word, pixels != NULL ? pixels : "", 1, EN_IMAGE_EDGE_MAX, &out->centre_px, err);
    }
    if (strcmp(value, "retina") == 0) {
        out->crop = EN_CROP_RETINA;
    } else if (strcmp(value, "none") == 0) {
        out->crop = EN_CROP_NONE;
    } else {
        return unknown_word(value, "crop", crops, err);
    }
    if (pixels != NULL) {
        return en_error_set(err, EN_USAGE, "recipe: '%s': only centre takes a number of px", word);
    }
    return EN_OK;
}

static en_status parse_normalise(const char *value, en_recipe *out, en_error *err)
{
    for (size_t i = 0; normalisations[i] != NULL; i++) {
        if (strcmp(value, normalisations[i]) == 0) {
            out->normalise = (en_normalise)i;
            return EN_OK;
        }
    }
    return unknown_word(value, "normalisation", normalisations, err);
}

/* `word` is "key=value"; seen[i] tells whether keys[i] was given. */
static en_status parse_word(const char *word, en_recipe *out, bool *seen, en_error *err)
{
    char key[EN_RECIPE_TEXT_MAX], value[EN_RECIPE_TEXT_MAX];
    const char *equals = strchr(word, '=');
    size_t length = equals != NULL ? (size_t)(equals - word) : strlen(word), which = 0;
    (void)snprintf(key, sizeof key, "%.*s", (int)length, word);
    (void)snprintf(value, sizeof value, "%s", equals != NULL ? equals + 1 : "");
    while (keys[which] != NULL && strcmp(key, keys[which]) != 0) {
        which++;
    }
    if (keys[which] == NULL) {
        return unknown_word(key, "word", keys, err);
    }
    if (equals == NULL) {
        return en_error_set(err, EN_USAGE, "recipe: '%s' needs a value: '%s=...'", key, key);
    }
    if (seen[which]) {
        return en_error_set(err, EN_USAGE, "recipe: '%s' is given twice", key);
    }
    seen[which] = true;
    switch (which) {
    case 0: return parse_crop(word, value, out, err);
    case 1: return parse_number(word, value, EN_RECIPE_SIZE_MIN, EN_RECIPE_SIZE_MAX, &out->size, err);
    default: return parse_normalise(value, out, err);
    }
}

en_status en_recipe_parse(const char *text, en_recipe *out, en_error *err)
{
    static const char blank[] = " \t\r\n";
    en_recipe recipe = {0};
    bool seen[sizeof keys / sizeof *keys] = {false};
    for (const char *at = text + strspn(text, blank); *at != '\0'; at += strspn(at, blank)) {
        size_t length = strcspn(at, blank);
        char word[EN_RECIPE_TEXT_MAX];
        if (length >= sizeof word) {
            return en_error_set(err, EN_USAGE, "recipe: unknown word '%.*s...'", (int)sizeof word / 2, at);
        }
        memcpy(word, at, length);
        word[length] = '\0';
        en_status st = parse_word(word, &recipe, seen, err);
        if (st != EN_OK) {
            return st;
        }
        at += length;
    }
    if (recipe.crop == 0) {
        return en_error_set(err, EN_USAGE, "recipe '%s': crop=retina|centre:PIXELS|none is missing", text);
    }
    if (recipe.size == 0) {
        return en_error_set(err, EN_USAGE, "recipe '%s': size=N is missing", text);
    }
    *out = recipe;
    return EN_OK;
}

const char *en_recipe_text(const en_recipe *recipe, char out[EN_RECIPE_TEXT_MAX])
{
    char centre[32];
    (void)snprintf(centre, sizeof centre, "centre:%d", recipe->centre_px);
    const char *crop = recipe->crop == EN_CROP_RETINA ? "retina" : recipe->crop == EN_CROP_CENTRE ? centre : "none";
    bool plain = recipe->normalise == EN_NORMALISE_NONE;
    (void)snprintf(out, EN_RECIPE_TEXT_MAX, "crop=%s size=%d%s%s", crop, recipe->size,
                   plain ? "" : " normalise=", plain ? "" : normalisations[recipe->normalise]);
    return out;
}

size_t en_recipe_bytes(const en_recipe *recipe) { return (size_t)recipe->size * (size_t)recipe->size * 3; }

static int centre_side(const en_recipe *recipe, int full_width, int full_height)
{
    int shorter = full_width < full_height ? full_width : full_height;
    return recipe->centre_px < shorter ? recipe->centre_px : shorter;
}

int en_recipe_min_edge(const en_recipe *recipe, int full_width, int full_height)
{
    int shorter = full_width < full_height ? full_width : full_height;
    int longer = full_width < full_height ? full_height : full_width;
    /* The crop's side; a retina may be smaller than the shorter side, but in no photograph seen is by much. */
    int side = recipe->crop == EN_CROP_CENTRE ? centre_side(recipe, full_width, full_height)
               : recipe->crop == EN_CROP_NONE ? longer
                                              : shorter;
    double edge = ceil(OVERSAMPLING * recipe->size * shorter / side);
    return edge < EDGE_LEAST ? EDGE_LEAST : (int)edge;
}

static en_box box_of(const en_recipe *recipe, const en_image *image, const en_disc *disc)
{
    double scale = image->scale, width = image->full_width * scale, height = image->full_height * scale;
    if (recipe->crop == EN_CROP_RETINA) {
        return (en_box){disc->x - disc->radius, disc->y - disc->radius, 2 * disc->radius, 2 * disc->radius};
    }
    if (recipe->crop == EN_CROP_CENTRE) {
        /* Whole px of the photograph, as an array crop takes them. */
        int side = centre_side(recipe, image->full_width, image->full_height);
        int left = (image->full_width - side) / 2, top = (image->full_height - side) / 2;
        return (en_box){left * scale, top * scale, side * scale, side * scale};
    }
    double side = fmax(width, height);
    return (en_box){(width - side) / 2, (height - side) / 2, side, side};
}

/* The disc of an image in px of the sample that is made of `box` of it. */
static en_disc disc_in_sample(en_disc disc, en_box box, int size)
{
    double x = size / box.width, y = size / box.height; /* the same, as boxes are squares */
    return (en_disc){
        .found = disc.found, .x = (disc.x - box.x) * x, .y = (disc.y - box.y) * y, .radius = disc.radius * x};
}

en_status en_recipe_apply(const en_recipe *recipe, const en_image *image, const en_disc *disc, uint8_t *out,
                          en_error *err)
{
    en_disc found = {0};
    bool needed = recipe->crop == EN_CROP_RETINA || recipe->normalise != EN_NORMALISE_NONE;
    if (disc == NULL && needed) {
        en_status st = en_disc_find(image, &found, err);
        if (st != EN_OK) {
            return st;
        }
        disc = &found;
    }
    en_box box = box_of(recipe, image, disc);
    en_status st = en_resize(image, box, recipe->size, recipe->size, out, err);
    if (st == EN_OK && recipe->normalise != EN_NORMALISE_NONE) {
        st = en_normalise_apply(recipe->normalise, out, recipe->size, disc_in_sample(*disc, box, recipe->size), err);
    }
    return st;
}
