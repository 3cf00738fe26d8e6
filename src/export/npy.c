/* See npy.h. */
#include "export/npy.h"

#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"

#define COLUMNS_MAX 16
#define ALIGNMENT 64 /* of the numbers in the file, so that they can be mapped */
#define PREFIX 10    /* bytes: magic, version, length of the dictionary */

en_status en_npy_header(const char *descr, const size_t *shape, size_t rank, en_buf *out, en_error *err)
{
    en_buf text;
    en_buf_init(&text, EN_NPY_HEADER_MAX - PREFIX - ALIGNMENT);
    en_status st = en_buf_printf(&text, err, "{'descr': %s, 'fortran_order': False, 'shape': (", descr);
    for (size_t i = 0; st == EN_OK && i < rank; i++) {
        st = en_buf_printf(&text, err, "%s%zu", i > 0 ? ", " : "", shape[i]);
    }
    if (st == EN_OK) {
        st = en_buf_text(&text, rank == 1 ? ",), }" : "), }", err);
    }
    while (st == EN_OK && (PREFIX + text.size + 1) % ALIGNMENT != 0) {
        st = en_buf_text(&text, " ", err);
    }
    if (st == EN_OK) {
        st = en_buf_text(&text, "\n", err);
    }
    const uint8_t length[] = {1, 0, (uint8_t)text.size, (uint8_t)(text.size >> 8)};
    if (st == EN_OK) {
        st = en_buf_add(out, EN_NPY_BEGINS, sizeof EN_NPY_BEGINS - 1, err);
    }
    if (st == EN_OK) {
        st = en_buf_add(out, length, sizeof length, err);
    }
    if (st == EN_OK) {
        st = en_buf_add(out, text.data, text.size, err);
    }
    en_buf_clear(&text);
    return st;
}

static size_t characters(const char *text)
{
    size_t count = 0, taken;
    for (size_t at = 0, size = strlen(text); at < size; at += taken) {
        (void)en_utf8_next(text + at, size - at, &taken);
        count++;
    }
    return count;
}

/* Characters of each column, 0 for numbers; returns the bytes of a row. */
static size_t measure(const en_npy_table *t, size_t width[COLUMNS_MAX])
{
    size_t bytes = 0;
    for (size_t c = 0; c < t->columns; c++) {
        const en_npy_column *column = &t->column[c];
        width[c] = column->text != NULL;
        for (size_t r = 0; column->text != NULL && r < t->rows; r++) {
            size_t n = column->text[r] != NULL ? characters(column->text[r]) : 0;
            width[c] = n > width[c] ? n : width[c];
        }
        bytes += width[c] > 0 ? width[c] * sizeof(uint32_t) : sizeof(int32_t);
    }
    return bytes;
}

static en_status add_type(en_buf *out, size_t width, en_error *err)
{
    return width > 0 ? en_buf_printf(out, err, "'<U%zu'", width) : en_buf_text(out, "'<i4'", err);
}

static en_status add_header(const en_npy_table *t, const size_t width[COLUMNS_MAX], en_buf *out, en_error *err)
{
    en_buf descr;
    en_buf_init(&descr, EN_NPY_HEADER_MAX);
    en_status st = t->plain ? add_type(&descr, width[0], err) : en_buf_text(&descr, "[", err);
    for (size_t c = 0; st == EN_OK && !t->plain && c < t->columns; c++) {
        st = en_buf_printf(&descr, err, "%s('%s', ", c > 0 ? ", " : "", t->column[c].name);
        if (st == EN_OK) {
            st = add_type(&descr, width[c], err);
        }
        if (st == EN_OK) {
            st = en_buf_text(&descr, c + 1 < t->columns ? ")" : ")]", err);
        }
    }
    if (st == EN_OK) {
        st = en_npy_header(en_buf_str(&descr), &t->rows, 1, out, err);
    }
    en_buf_clear(&descr);
    return st;
}

static en_status check(const en_npy_table *t, en_error *err)
{
    return t->columns > 0 && t->columns <= COLUMNS_MAX && (!t->plain || t->columns == 1)
               ? EN_OK
               : en_error_set(err, EN_BUG, "an array of %zu columns", t->columns);
}

en_status en_npy_table_size(const en_npy_table *t, int64_t *bytes, en_error *err)
{
    size_t width[COLUMNS_MAX];
    en_buf header;
    en_status st = check(t, err);
    if (st != EN_OK) {
        return st;
    }
    en_buf_init(&header, EN_NPY_HEADER_MAX);
    size_t row = measure(t, width);
    st = add_header(t, width, &header, err);
    *bytes = (int64_t)header.size + (int64_t)row * (int64_t)t->rows;
    en_buf_clear(&header);
    return st;
}

static uint8_t *put_text(uint8_t *to, const char *text, size_t width)
{
    size_t at = 0, taken, size = text != NULL ? strlen(text) : 0;
    for (size_t i = 0; i < width; i++) {
        uint32_t character = 0;
        if (at < size) {
            character = en_utf8_next(text + at, size - at, &taken);
            at += taken;
        }
        memcpy(to, &character, sizeof character);
        to += sizeof character;
    }
    return to;
}

en_status en_npy_table_write(const en_npy_table *t, const en_export_sink *sink, en_error *err)
{
    size_t width[COLUMNS_MAX];
    en_buf header;
    en_status st = check(t, err);
    if (st != EN_OK) {
        return st;
    }
    en_buf_init(&header, EN_NPY_HEADER_MAX);
    uint8_t *row = en_alloc(measure(t, width));
    st = row != NULL ? add_header(t, width, &header, err) : en_error_nomem(err, "a table");
    if (st == EN_OK) {
        st = sink->put(sink->ctx, header.data, header.size, err);
    }
    for (size_t r = 0; st == EN_OK && r < t->rows; r++) {
        uint8_t *to = row;
        for (size_t c = 0; c < t->columns; c++) {
            const en_npy_column *column = &t->column[c];
            if (column->text != NULL) {
                to = put_text(to, column->text[r], width[c]);
            } else {
                memcpy(to, &column->number[r], sizeof *column->number);
                to += sizeof *column->number;
            }
        }
        st = sink->put(sink->ctx, row, (size_t)(to - row), err);
    }
    en_free(row);
    en_buf_clear(&header);
    return st;
}
