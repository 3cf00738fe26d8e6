/* Parts of a split as other people's files have them. */
#ifndef EN_CATALOG_PART_H
#define EN_CATALOG_PART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "catalog/words.h"

/* The part that a file or a query gives an image. */
typedef struct en_given_part {
    int64_t image_id;
    en_part part;
} en_given_part;
typedef struct en_given_parts {
    en_given_part *row; /* [count], owned: en_free */
    size_t count;
} en_given_parts;

/* A map of words to parts: "Public=val,Private=test,Unused=". A word without a part means that its image has none. The
 * words train, training, val, valid, validation, dev, test and testing need no map. Case and spaces around words do not
 * matter. EN_USAGE when the text is not a map; NULL is the empty one. */
en_status en_catalog_part_map_check(const char *map, en_error *err) EN_CHECKED;
/* What a word means by the map, or else by itself. EN_PART_NONE: it has no part, as an empty one has none. EN_INPUT
 * when the word is not known. */
en_status en_catalog_part_of(const char *map, const char *word, en_part *part, en_error *err) EN_CHECKED;

#endif
