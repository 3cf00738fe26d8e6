/* Words for the parts of a split. */
#include "catalog/part.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* A piece of a text, without spaces around it. */
typedef struct piece {
    const char *at;
    size_t length;
} piece;

static const struct {
    const char *word;
    en_part part;
} known[] = {{"train", EN_PART_TRAIN}, {"training", EN_PART_TRAIN}, {"val", EN_PART_VAL},
             {"valid", EN_PART_VAL},   {"validation", EN_PART_VAL}, {"dev", EN_PART_VAL},
             {"test", EN_PART_TEST},   {"testing", EN_PART_TEST}};
#define KNOWN (sizeof known / sizeof *known)

static piece trimmed(const char *at, size_t length)
{
    while (length > 0 && isspace((unsigned char)*at)) {
        at++;
        length--;
    }
    while (length > 0 && isspace((unsigned char)at[length - 1])) {
        length--;
    }
    return (piece){at, length};
}

static bool equal(piece a, piece b) { return a.length == b.length && strncasecmp(a.at, b.at, a.length) == 0; }

static bool by_itself(piece word, en_part *part)
{
    *part = EN_PART_NONE;
    for (size_t i = 0; i < KNOWN; i++) {
        if (equal(word, (piece){known[i].word, strlen(known[i].word)})) {
            *part = known[i].part;
            return true;
        }
    }
    return word.length == 0;
}

/* Takes the next pair of a map; false at its end. *pair: as it is written; *good: whether it is a pair. */
static bool next_pair(const char **map, piece *pair, piece *word, en_part *part, bool *good)
{
    if (*map == NULL || **map == '\0') {
        return false;
    }
    size_t length = strcspn(*map, ",");
    *pair = trimmed(*map, length);
    *map += length + ((*map)[length] == ',');
    const char *sign = memchr(pair->at, '=', pair->length);
    *good = sign != NULL;
    if (*good) {
        *word = trimmed(pair->at, (size_t)(sign - pair->at));
        *good = by_itself(trimmed(sign + 1, pair->length - (size_t)(sign + 1 - pair->at)), part);
    }
    return true;
}

en_status en_catalog_part_map_check(const char *map, en_error *err)
{
    piece pair, word;
    en_part part;
    bool good;
    while (next_pair(&map, &pair, &word, &part, &good)) {
        if (!good) {
            return en_error_hint(
                err, en_error_set(err, EN_USAGE, "'%.*s' is not a pair of --map", (int)pair.length, pair.at),
                "it must be WORD=train, WORD=val, WORD=test, or WORD= for no part");
        }
    }
    return EN_OK;
}

en_status en_catalog_part_of(const char *map, const char *text, en_part *part, en_error *err)
{
    piece asked = trimmed(text, strlen(text)), pair, word;
    bool good;
    while (next_pair(&map, &pair, &word, part, &good)) {
        if (good && equal(word, asked)) {
            return EN_OK;
        }
    }
    return by_itself(asked, part)
               ? EN_OK
               : en_error_hint(err, en_error_set(err, EN_INPUT, "'%s' is not a part: train, val or test", text),
                               "say what it means with --map, as in --map Public=val,Private=test, or --map WORD= for "
                               "no part");
}
