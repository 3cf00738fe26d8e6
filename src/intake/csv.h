/* A CSV file in memory (RFC 4180 and what people make of it), read through libcsv. */
#ifndef EN_INTAKE_CSV_H
#define EN_INTAKE_CSV_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/hash.h"

typedef struct en_csv_row {
    size_t line;  /* in the file, from 1 */
    size_t first; /* of its fields, in the table's list */
    size_t fields;
} en_csv_row;

typedef struct en_csv {
    char separator;  /* of the fields: ',' ';' or '\t', whichever the first line has most of; ' ' when it has none of
                        them */
    en_csv_row *row; /* the first is the header; empty lines are left out */
    size_t rows;
    char *text;    /* what the fields point into */
    size_t *field; /* offsets into text */
    size_t fields;
    char sha256[EN_SHA256_HEX]; /* of the very bytes that were read: a pipe has them only once */
} en_csv;

/* EN_INPUT: no such file, empty, not text, a quote that never ends, more than 256 MiB. */
en_status en_csv_read(const char *path, en_csv *out, en_error *err) EN_CHECKED;
void en_csv_clear(en_csv *table);
/* Field i of a row, borrowed; "" when the row is shorter. */
const char *en_csv_field(const en_csv *table, size_t row, size_t i);
/* The column with this name in the header, any case; -1 when there is none. */
int en_csv_column(const en_csv *table, const char *name);

#endif
