/* Tables: collecting cells into rows, and printing cells. The styles: table_text.c, table_json.c,
 * table_csv.c, table_html.c. */
#include "render/table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "render/utf8.h"

/* A heading of `sql` may be any text. */
static en_status show_names(en_table *t)
{
    en_status st = EN_OK;
    for (size_t i = 0; i < t->columns && st == EN_OK; i++) {
        const char *name = t->column[i].name;
        st = en_utf8_visible(name, strlen(name), &t->names, &t->err);
        st = st == EN_OK ? en_buf_add(&t->names, "", 1, &t->err) : st;
    }
    const char *at = st == EN_OK ? en_buf_str(&t->names) : NULL;
    for (size_t i = 0; i < t->columns && st == EN_OK; i++) {
        t->column[i].name = at;
        at += strlen(at) + 1;
    }
    return st;
}

static en_status begin(en_out *out, const en_style *style, const en_column *columns, size_t count, en_table **table,
                       en_error *err)
{
    en_table *t = en_calloc(1, sizeof *t);
    if (t == NULL) {
        return en_error_nomem(err, "a table");
    }
    *t = (en_table){.out = out, .style = style, .column = en_calloc(count, sizeof *columns), .columns = count};
    if (t->column == NULL) {
        en_free(t);
        return en_error_nomem(err, "a table");
    }
    memcpy(t->column, columns, count * sizeof *columns);
    en_buf_init(&t->names, EN_CELL_BYTES_MAX);
    en_buf_init(&t->scratch, EN_CELL_BYTES_MAX);
    en_status st = out->format == EN_OUT_TEXT ? show_names(t) : EN_OK;
    t->err.status = st == EN_OK ? t->style->begin(t, &t->err) : st;
    if (t->err.status != EN_OK) {
        return en_table_end(t, err);
    }
    *table = t;
    return EN_OK;
}

en_status en_table_new(en_out *out, const en_column *columns, size_t count, en_table **table, en_error *err)
{
    static const en_style *const style[] = {[EN_OUT_TEXT] = &en_style_text,
                                            [EN_OUT_JSON] = &en_style_json,
                                            [EN_OUT_CSV] = &en_style_csv,
                                            [EN_OUT_HTML] = &en_style_html};
    return begin(out, style[out->format], columns, count, table, err);
}

en_status en_table_new_record(en_out *out, const en_column *columns, size_t count, en_table **table, en_error *err)
{
    static const en_style *const style[] = {[EN_OUT_TEXT] = &en_style_record,
                                            [EN_OUT_JSON] = &en_style_json,
                                            [EN_OUT_CSV] = &en_style_csv,
                                            [EN_OUT_HTML] = &en_style_html_record};
    return begin(out, style[out->format], columns, count, table, err);
}

void en_table_put(en_table *t, const en_cell *cell)
{
    if (t->err.status != EN_OK) {
        return;
    }
    en_status st = t->style->cell(t, cell, &t->err);
    if (st == EN_OK && ++t->next == t->columns) {
        t->next = 0;
        t->rows++;
        st = t->style->row(t, &t->err);
    }
    t->err.status = st;
}

en_cell en_cell_of_text(const char *text)
{
    return text == NULL ? (en_cell){.kind = EN_CELL_NULL}
                        : (en_cell){.kind = EN_CELL_TEXT, .data = text, .size = strlen(text)};
}

en_cell en_cell_of_real(double value)
{
    return (en_cell){.kind = isfinite(value) ? EN_CELL_REAL : EN_CELL_NULL, .real = value};
}

void en_table_null(en_table *t) { en_table_put(t, &(en_cell){.kind = EN_CELL_NULL}); }

void en_table_int(en_table *t, int64_t value) { en_table_put(t, &(en_cell){.kind = EN_CELL_INT, .whole = value}); }

void en_table_real(en_table *t, double value)
{
    en_cell cell = en_cell_of_real(value);
    en_table_put(t, &cell);
}

void en_table_text(en_table *t, const char *text)
{
    en_cell cell = en_cell_of_text(text);
    en_table_put(t, &cell);
}

void en_table_blob(en_table *t, const void *data, size_t bytes)
{
    en_table_put(t, &(en_cell){.kind = EN_CELL_BLOB, .data = data, .size = bytes});
}

en_status en_table_end(en_table *t, en_error *err)
{
    if (t->err.status == EN_OK) {
        t->err.status = t->style->end(t, &t->err);
    }
    en_status st = t->err.status;
    if (st != EN_OK && err != NULL) {
        *err = t->err;
    }
    en_table_drop(t);
    return st;
}

void en_table_drop(en_table *t)
{
    if (t == NULL) {
        return;
    }
    if (t->style->clear != NULL) {
        t->style->clear(t);
    }
    en_buf_clear(&t->scratch);
    en_buf_clear(&t->names);
    en_free(t->column);
    en_free(t);
}

en_status en_cell_hex(const en_cell *cell, en_buf *out, en_error *err)
{
    const unsigned char *byte = cell->data;
    en_status st = en_buf_text(out, "", err);
    for (size_t i = 0; i < cell->size && st == EN_OK; i++) {
        st = en_buf_printf(out, err, "%02x", byte[i]);
    }
    return st;
}
