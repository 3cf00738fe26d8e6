/* The small part of YAML that MLflow writes as meta.yaml: lines "key: value", where a value is plain, in single or in
 * double quotes, and may go on in lines that begin with two spaces. Everything else (lists, maps, anchors, tags) is
 * EN_INPUT, with the line. */
#ifndef EN_TRAINING_TRACK_META_H
#define EN_TRAINING_TRACK_META_H

#include <stddef.h>

#include "base/error.h"

#define EN_META_FIELDS_MAX 64

typedef struct en_meta_field {
    char *key, *value; /* value NULL: null, or empty */
} en_meta_field;
typedef struct en_meta {
    en_meta_field field[EN_META_FIELDS_MAX];
    size_t fields;
} en_meta;

/* Cleared by the caller, also after an error. */
en_status en_meta_parse(const char *text, size_t size, en_meta *out, en_error *err) EN_CHECKED;
/* Borrowed; NULL where there is no such key, or it has no value. */
const char *en_meta_get(const en_meta *m, const char *key);
void en_meta_clear(en_meta *m);

#endif
