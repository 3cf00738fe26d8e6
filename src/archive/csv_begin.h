/* Where the table of a text begins: its first lines may be comments, empty, or Excel's "sep=;". For files of this
 * folder alone. */
#ifndef EN_ARCHIVE_CSV_BEGIN_H
#define EN_ARCHIVE_CSV_BEGIN_H

#include <stddef.h>

typedef struct en_csv_begin {
    size_t at;   /* offset of the table's first byte; the text's length when there is no table */
    size_t line; /* how many lines are before it */
    size_t rest; /* offset of the line to be read after the first one; `at` when that is the next */
    size_t rest_line;
    char separator; /* as en_csv says */
} en_csv_begin;

/* text: ends with '\0'. Lines that begin with '#' are comments, except one that names the columns of the lines after
 * it, "#image,grade" or "# image,grade": that one splits into as many fields, and the line after the comments is not
 * itself a header. Then the table begins behind its '#'. */
en_csv_begin en_csv_find_begin(const char *text);

#endif
