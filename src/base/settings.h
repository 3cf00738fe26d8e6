/* Settings as text: a kind, then words with a number or without, in any order, as in "sgd momentum 0.95 nesterov". One
 * table says what each kind knows; it serves reading, the canonical text and messages. */
#ifndef EN_BASE_SETTINGS_H
#define EN_BASE_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

typedef struct en_setting {
    const char *name;
    unsigned of;      /* the kinds that know it: 1 << index, or-ed */
    bool flag;        /* a bool without a number; else a double */
    size_t offset;    /* in the struct that is read into */
    double low, high; /* of the number, both included */
    double initial;   /* the number where the text has none */
} en_setting;

typedef struct en_settings {
    const char *what;          /* begins messages: "schedule" */
    const char *const *kind;   /* NULL-terminated */
    const en_setting *setting; /* one name may stand several times, for different kinds */
    size_t count;
} en_settings;

/* Sets *kind to the index of the first word, and what the table has for that kind in `out`, the rest of which is left
 * as it is. EN_USAGE names the word and says what is known; nothing is changed then. */
en_status en_settings_parse(const en_settings *table, const char *text, size_t *kind, void *out,
                            en_error *err) EN_CHECKED;
/* The canonical text: words that are as by default are left out. Written to `text`, which is returned. */
const char *en_settings_text(const en_settings *table, size_t kind, const void *from, char *text, size_t capacity);

#endif
