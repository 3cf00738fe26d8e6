/* Tables as CSV: RFC 4180, but with the line ends of Unix. A NULL is nothing, an empty text is "". */
#include <inttypes.h>
#include <string.h>

#include "base/number.h"
#include "render/table.h"

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
    case EN_CELL_REAL: fprintf(t->out->stream, "%.*g", en_number_digits(cell->real), cell->real); return EN_OK;
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
