/* Files of settings, in a strict subset of TOML 1.0 (https://toml.io/en/v1.0.0), read whole before anything is done:
 *
 *   # a comment
 *   method = "random"                   a bare key (letters, digits, '-' and '_') and a value
 *   [train]                             a table, whose keys follow; each table once, and none within another
 *   lr = {log = [1e-5, 1e-3]}           an inline table, on one line
 *   batch = [8, 16, 32]                 an array, which may go over several lines
 *
 * Values are "texts" with \b \t \n \f \r \" \\ \uXXXX, 'texts as they are', whole numbers, real numbers, true and
 * false. Not read, and refused by line: dotted and quoted keys, texts over several lines, arrays of tables, dates,
 * numbers in other bases, inf and nan. Files come from strangers: their size, depth and number of values are bounded,
 * and what is not UTF-8 or has control characters is refused. */
#ifndef EN_BASE_TOML_H
#define EN_BASE_TOML_H

#include <stddef.h>

#include "base/error.h"

#define EN_TOML_BYTES ((size_t)1 << 20) /* of a file */
#define EN_TOML_DEPTH 4                 /* of values within values */
#define EN_TOML_KEYS 1000               /* of a table */

typedef enum en_toml_kind {
    EN_TOML_TEXT = 1,
    EN_TOML_INT,
    EN_TOML_REAL,
    EN_TOML_BOOL,
    EN_TOML_ARRAY,
    EN_TOML_TABLE
} en_toml_kind;

typedef struct en_toml {
    en_toml_kind kind;
    int line;   /* from 1 */
    char *text; /* of a text, its value; of a number as en_parse_int and en_parse_double read it; "true", "false" */
    char **key; /* of a table: [count], in the order of the file */
    struct en_toml *item; /* of a table or an array: [count] */
    size_t count;
} en_toml;

/* The file as a table. EN_INPUT with file and line: not such a text; EN_PATH, EN_IO as en_file_read. Cleared by the
 * caller in every case. */
en_status en_toml_read(const char *path, en_toml *out, en_error *err) EN_CHECKED;
/* The same of `size` bytes; `what` begins the messages: "'sweep.toml'". */
en_status en_toml_parse(const char *what, const char *text, size_t size, en_toml *out, en_error *err) EN_CHECKED;
/* NULL: the table has no such key. Borrowed. */
const en_toml *en_toml_get(const en_toml *table, const char *key);
void en_toml_clear(en_toml *value); /* safe on a zeroed one */

#endif
