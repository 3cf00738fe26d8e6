/* Names of variants. */
#include "intake/variant_name.h"

#include <string.h>
#include <strings.h>

#include "catalog/name.h"

static const char separators[] = "_-. ";
static const char *const words[] = {"mir",    "mirror", "mirrored", "flip",      "flipped", "hflip",  "vflip",
                                    "fliplr", "flipud", "aug",      "augmented", "rotated", "rotate", "rot"};
static const char *const counted[] = {"rot", "rotate", "rotated", "rotation", "aug", "angle"}; /* digits follow */

/* Where the last part of a name begins, behind its separator; 0 when it has only one. */
static size_t last_word(const char *name, size_t length)
{
    size_t at = length;
    while (at > 0 && strchr(separators, name[at - 1]) == NULL) {
        at--;
    }
    return at;
}

/* The length without separators at the end. */
static size_t without_separators(const char *name, size_t length)
{
    while (length > 0 && strchr(separators, name[length - 1]) != NULL) {
        length--;
    }
    return length;
}

static bool is_digits(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (text[i] < '0' || text[i] > '9') {
            return false;
        }
    }
    return length > 0 && length <= 3;
}

static bool marks_variant(const char *word, size_t length)
{
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strlen(words[i]) == length && strncasecmp(words[i], word, length) == 0) {
            return true;
        }
    }
    for (size_t i = 0; i < sizeof counted / sizeof *counted; i++) {
        size_t size = strlen(counted[i]);
        if (length > size && strncasecmp(counted[i], word, size) == 0 && is_digits(word + size, length - size)) {
            return true;
        }
    }
    return false;
}

size_t en_variant_words_off(const char *name, size_t length)
{
    for (;;) {
        size_t at = last_word(name, length), rest = without_separators(name, at);
        if (rest == 0 || !marks_variant(name + at, length - at)) {
            return length;
        }
        length = rest;
    }
}

size_t en_variant_angle_off(const char *name, size_t length)
{
    size_t at = last_word(name, length), rest = without_separators(name, at), angle = 0;
    if (rest == 0 || !is_digits(name + at, length - at) || (name[at] == '0' && length - at > 1)) {
        return length;
    }
    for (size_t i = at; i < length; i++) {
        angle = 10 * angle + (size_t)(name[i] - '0');
    }
    return angle < 360 && angle % 15 == 0 ? rest : length;
}

bool en_variant_ends_with_eye(const char *name, size_t length)
{
    char word[8];
    size_t at = last_word(name, length), size = length - at;
    if (at == 0 || size >= sizeof word) {
        return false;
    }
    memcpy(word, name + at, size);
    word[size] = '\0';
    return en_catalog_eye(word) != NULL;
}
