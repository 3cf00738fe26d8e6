/* A CSV file in memory (RFC 4180 and what people make of it), read through libcsv. */
#ifndef EN_LAB_TABLE_H
#define EN_LAB_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

typedef struct en_table_row {
    size_t line;   /* in the file, from 1 */
    size_t first;  /* of its fields, in the table's list */
    size_t fields;
} en_table_row;

typedef struct en_table {
    char separator;    /* of the fields: ',' ';' or '\t', whichever the first line has most of; ' ' when it has none of
                          them */
    en_table_row *row; /* the first is the header; empty lines are left out */
    size_t rows;
    char *text;        /* what the fields point into */
    size_t *field;     /* offsets into text */
    size_t fields;
} en_table;

/* EN_INPUT: no such file, empty, not text, a quote that never ends, more than 256 MiB. */
en_status en_table_read(const char *path, en_table *out, en_error *err) EN_CHECKED;
void en_table_clear(en_table *table);
/* Field i of a row, borrowed; "" when the row is shorter. */
const char *en_table_field(const en_table *table, size_t row, size_t i);
/* The column with this name in the header, any case; -1 when there is none. */
int en_table_column(const en_table *table, const char *name);

#endif
