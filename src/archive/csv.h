/* A CSV file in memory (RFC 4180 and its common variants), parsed by libcsv. It may be in any encoding that
 * base/charset.h recognises, begin with Excel's line "sep=;", and be a gzip or a zip of one file; what is read is
 * UTF-8. */
#ifndef EN_ARCHIVE_CSV_H
#define EN_ARCHIVE_CSV_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/hash.h"

typedef struct en_csv_row {
    size_t line;  /* in the file, from 1 */
    size_t first; /* index of its first field in the table's list */
    size_t fields;
} en_csv_row;

typedef struct en_csv {
    char separator;  /* ',' ';' '\t' or '|', whichever occurs most often in the first line outside of quotes; ' ' when
                        it has none of them */
    en_csv_row *row; /* the first is the header, without a '#' before it; skipped are lines without text in any field
                        and, before the header, comments (archive/csv_begin.h) */
    size_t rows;
    char *text;    /* the text of all fields */
    size_t *field; /* offsets into text */
    size_t fields;
    char sha256[EN_SHA256_HEX]; /* of the file's bytes; a pipe can be read only once */
} en_csv;

/* encoding NULL: recognised. EN_INPUT: the file does not exist, is empty, is not text, has an unterminated quote, is no
 * text of that encoding, or exceeds 256 MiB; EN_USAGE: there is no such encoding. */
en_status en_csv_read(const char *path, const char *encoding, en_csv *out, en_error *err) EN_CHECKED;
void en_csv_clear(en_csv *table);
/* Field i of a row without the blanks around it, borrowed; "" when the row is shorter. */
const char *en_csv_field(const en_csv *table, size_t row, size_t i);
/* The index of the column with this name in the header, ignoring case and the spaces around either; -1 when there is
 * none. */
int en_csv_column(const en_csv *table, const char *name);
/* The first of these names, NULL-terminated, that a column has; -1: none. */
int en_csv_column_of(const en_csv *table, const char *const *names);

#endif
