/* Tables: collecting cells into rows, and the plain styles JSON and CSV. For people, see table_people.c. */
#include "cli/table.h"

#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "cli/utf8.h"

#define MOST_CELL_BYTES ((size_t)1 << 30)

en_status en_table_new_styled(en_out *out, const en_style *people, const en_column *columns, size_t count,
                              en_table **table, en_error *err)
{
    en_table *t = en_calloc(1, sizeof *t);
    if (t == NULL) {
        return en_error_nomem(err, "a table");
    }
    *t = (en_table){.out = out, .style = people, .column = columns, .columns = count};
    if (out->format != EN_FORMAT_PEOPLE) {
        t->style = out->format == EN_FORMAT_JSON ? &en_style_json : &en_style_csv;
    }
    en_buf_init(&t->scratch, MOST_CELL_BYTES);
    t->err.status = t->style->begin(t, &t->err);
    if (t->err.status != EN_OK) {
        return en_table_end(t, err);
    }
    *table = t;
    return EN_OK;
}

en_status en_table_new(en_out *out, const en_column *columns, size_t count, en_table **table, en_error *err)
{
    return en_table_new_styled(out, &en_style_people, columns, count, table, err);
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
    en_free(t);
}

int en_digits_needed(double value)
{
    int digits = 15;
    char text[40];
    double read = 0;
    for (; digits < 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, value);
        if (en_parse_double(text, &read) && read == value) {
            break;
        }
    }
    return digits;
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

/* JSON */

/* One value in JSON's own words; takes over the reference. */
static en_status json_put(en_table *t, json_t *value, int digits, en_error *err)
{
    if (value == NULL) {
        return en_error_nomem(err, "JSON");
    }
    /* A failed write shows in the stream and is reported when the output is finished. */
    (void)json_dumpf(value, t->out->stream, JSON_ENCODE_ANY | JSON_REAL_PRECISION((size_t)digits));
    json_decref(value);
    return EN_OK;
}

static en_status json_put_text(en_table *t, const void *text, size_t size, en_error *err)
{
    en_buf_reset(&t->scratch);
    en_status st = en_utf8_valid(text, size, &t->scratch, err);
    return st == EN_OK ? json_put(t, json_stringn(en_buf_str(&t->scratch), t->scratch.size), 0, err) : st;
}

/* Two columns of a query may have the same name, two keys of an object may not: the second "n" becomes "n:2". */
static en_status json_key(en_table *t, en_error *err)
{
    const char *name = t->column[t->next].name;
    size_t same = 1;
    for (size_t i = 0; i < t->next; i++) {
        same += strcmp(t->column[i].name, name) == 0;
    }
    if (same == 1) {
        return json_put_text(t, name, strlen(name), err);
    }
    char *unique = en_format("%s:%zu", name, same);
    if (unique == NULL) {
        return en_error_nomem(err, "JSON");
    }
    en_status st = json_put_text(t, unique, strlen(unique), err);
    en_free(unique);
    return st;
}

static en_status json_begin(en_table *t, en_error *err)
{
    (void)err;
    fputc('[', t->out->stream);
    return EN_OK;
}

static en_status json_cell(en_table *t, const en_cell *cell, en_error *err)
{
    fputs(t->next > 0 ? ", " : t->rows > 0 ? ",\n {" : "{", t->out->stream);
    en_status st = json_key(t, err);
    if (st != EN_OK) {
        return st;
    }
    fputs(": ", t->out->stream);
    switch (cell->kind) {
    case EN_CELL_NULL: return json_put(t, json_null(), 0, err);
    case EN_CELL_INT: return json_put(t, json_integer(cell->whole), 0, err);
    case EN_CELL_REAL: return json_put(t, json_real(cell->real), en_digits_needed(cell->real), err);
    case EN_CELL_TEXT: return json_put_text(t, cell->data, cell->size, err);
    case EN_CELL_BLOB: break;
    }
    en_buf_reset(&t->scratch);
    st = en_cell_hex(cell, &t->scratch, err);
    return st == EN_OK ? json_put(t, json_string(en_buf_str(&t->scratch)), 0, err) : st;
}

static en_status json_row(en_table *t, en_error *err)
{
    (void)err;
    fputc('}', t->out->stream);
    return EN_OK;
}

static en_status json_end(en_table *t, en_error *err)
{
    (void)err;
    fputs("]\n", t->out->stream);
    return EN_OK;
}

const en_style en_style_json = {json_begin, json_cell, json_row, json_end, NULL};

/* CSV: RFC 4180, but with the line ends of Unix. A NULL is nothing, an empty text is "". */

static void csv_put(en_table *t, const char *text, size_t size)
{
    if (size > 0 && strpbrk(text, ",\"\r\n") == NULL) {
        fwrite(text, 1, size, t->out->stream);
        return;
    }
    fputc('"', t->out->stream);
    for (size_t i = 0; i < size; i++) {
        if (text[i] == '"') {
            fputc('"', t->out->stream);
        }
        fputc(text[i], t->out->stream);
    }
    fputc('"', t->out->stream);
}

static en_status csv_begin(en_table *t, en_error *err)
{
    (void)err;
    for (size_t i = 0; i < t->columns; i++) {
        if (i > 0) {
            fputc(',', t->out->stream);
        }
        csv_put(t, t->column[i].name, strlen(t->column[i].name));
    }
    fputc('\n', t->out->stream);
    return EN_OK;
}

static en_status csv_cell(en_table *t, const en_cell *cell, en_error *err)
{
    if (t->next > 0) {
        fputc(',', t->out->stream);
    }
    switch (cell->kind) {
    case EN_CELL_NULL: return EN_OK;
    case EN_CELL_INT: fprintf(t->out->stream, "%" PRId64, cell->whole); return EN_OK;
    case EN_CELL_REAL: fprintf(t->out->stream, "%.*g", en_digits_needed(cell->real), cell->real); return EN_OK;
    case EN_CELL_TEXT: csv_put(t, cell->data, cell->size); return EN_OK;
    case EN_CELL_BLOB: break;
    }
    en_buf_reset(&t->scratch);
    en_status st = en_cell_hex(cell, &t->scratch, err);
    csv_put(t, en_buf_str(&t->scratch), t->scratch.size);
    return st;
}

static en_status csv_row(en_table *t, en_error *err)
{
    (void)err;
    fputc('\n', t->out->stream);
    return EN_OK;
}

static en_status csv_end(en_table *t, en_error *err)
{
    (void)t;
    (void)err;
    return EN_OK;
}

const en_style en_style_csv = {csv_begin, csv_cell, csv_row, csv_end, NULL};
