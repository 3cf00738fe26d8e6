/* What table.c and the three ways to print a table share. */
#ifndef EN_RENDER_TABLE_H
#define EN_RENDER_TABLE_H

#include "base/buf.h"
#include "render/out.h"

#define EN_CELL_BYTES_MAX ((size_t)1 << 30) /* of a cell as text */

typedef enum en_cell_kind { EN_CELL_NULL, EN_CELL_INT, EN_CELL_REAL, EN_CELL_TEXT, EN_CELL_BLOB } en_cell_kind;

typedef struct en_cell {
    en_cell_kind kind;
    int64_t whole;
    double real;
    const void *data; /* of texts and blobs; borrowed for the call */
    size_t size;
} en_cell;

/* A way to print; the functions are called in this order, cell and row as often as needed. */
typedef struct en_style {
    en_status (*begin)(en_table *t, en_error *err);
    en_status (*cell)(en_table *t, const en_cell *cell, en_error *err);
    en_status (*row)(en_table *t, en_error *err); /* the row is complete */
    en_status (*end)(en_table *t, en_error *err);
    void (*clear)(en_table *t); /* NULL: nothing to free */
} en_style;

extern const en_style en_style_text, en_style_record, en_style_json, en_style_csv, en_style_html, en_style_html_record;

struct en_table {
    en_out *out;
    en_column *column; /* its own copy; names are borrowed, but in text they are those below */
    en_buf names;      /* as a terminal may show them, one after the other */
    size_t columns;
    size_t next; /* the column the next cell belongs to */
    size_t rows; /* complete ones */
    const en_style *style;
    void *private; /* the style's own */
    en_buf scratch;
    en_error err; /* the first thing that went wrong, EN_OK so far */
};

/* A table of one row, which stands upright in text and HTML. */
en_status en_table_new_record(en_out *out, const en_column *columns, size_t count, en_table **table,
                              en_error *err) EN_CHECKED;
void en_table_put(en_table *t, const en_cell *cell);
en_cell en_cell_of_text(const char *text); /* borrowed; NULL: no value */
en_cell en_cell_of_real(double value);     /* not finite: no value */

/* The cell as text shows it. */
en_status en_cell_text(const en_cell *cell, int decimals, en_buf *out, en_error *err) EN_CHECKED;
/* Adds bytes as lower-case hex. */
en_status en_cell_hex(const en_cell *cell, en_buf *out, en_error *err) EN_CHECKED;

#endif
