/* JSON (RFC 8259) written piece by piece into a buffer: indented by two spaces, members in the order in which they are
 * given, so that equal values give equal bytes. Like a page, it remembers its first error and ignores what follows. */
#ifndef EN_EXPORT_JSON_H
#define EN_EXPORT_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"

#define EN_JSON_DEPTH 32 /* objects and arrays within each other; more is EN_BUG */

typedef struct en_json {
    en_buf *out;
    en_status status;
    en_error *err;
    char close[EN_JSON_DEPTH]; /* what ends each that is open */
    size_t depth, line;        /* line: the depth from which on all is one line, 0: none */
    bool some;                 /* the innermost has a member */
} en_json;

/* What is written is appended to `out`; `err` is set by the first error. */
en_json en_json_to(en_buf *out, en_error *err);
/* The key is NULL in arrays and for the document itself. */
void en_json_object(en_json *j, const char *key);
void en_json_array(en_json *j, const char *key);
void en_json_line(en_json *j, const char *key); /* an object that is one line, with all in it */
void en_json_end(en_json *j);                   /* of the innermost; that of the document adds a line end */

/* Any bytes: those that are not UTF-8 become U+FFFD. NULL is null. */
void en_json_text(en_json *j, const char *key, const char *text);
void en_json_int(en_json *j, const char *key, int64_t value);
void en_json_count(en_json *j, const char *key, int64_t value); /* null below 0, "not known" in the catalog */
void en_json_real(en_json *j, const char *key, double value);   /* in the fewest digits; null unless finite */
void en_json_bool(en_json *j, const char *key, bool value);

#endif
