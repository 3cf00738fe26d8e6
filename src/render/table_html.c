/* Tables as HTML: a fragment for a page, with a header cell of its own for every column, or for every row of a record.
 */
#include "base/markup.h"
#include "render/table.h"

/* The cell as text shows it, as markup. */
static en_status put(en_table *t, const char *open, const char *text, const char *close, en_error *err)
{
    en_buf_reset(&t->scratch);
    en_status st = en_markup_text(&t->scratch, text, err);
    if (st == EN_OK) {
        fprintf(t->out->stream, "%s%s%s", open, en_buf_str(&t->scratch), close);
    }
    return st;
}

static en_status put_value(en_table *t, const en_cell *cell, en_error *err)
{
    bool number = cell->kind == EN_CELL_INT || cell->kind == EN_CELL_REAL;
    en_buf text;
    en_buf_init(&text, EN_CELL_BYTES_MAX);
    en_status st = en_cell_text(cell, t->column[t->next].decimals, &text, err);
    if (st == EN_OK) {
        st = put(t, number ? "<td class=\"n\">" : "<td>", en_buf_str(&text), "</td>", err);
    }
    en_buf_clear(&text);
    return st;
}

static en_status html_begin(en_table *t, en_error *err)
{
    en_status st = EN_OK;
    fputs("<table>\n<thead><tr>", t->out->stream);
    for (size_t i = 0; i < t->columns && st == EN_OK; i++) {
        st = put(t, "<th scope=\"col\">", t->column[i].name, "</th>", err);
    }
    fputs("</tr></thead>\n<tbody>\n", t->out->stream);
    return st;
}

static en_status html_cell(en_table *t, const en_cell *cell, en_error *err)
{
    fputs(t->next == 0 ? "<tr>" : "", t->out->stream);
    return put_value(t, cell, err);
}

static en_status html_row(en_table *t, en_error *err)
{
    (void)err;
    fputs("</tr>\n", t->out->stream);
    return EN_OK;
}

static en_status html_end(en_table *t, en_error *err)
{
    (void)err;
    fputs("</tbody>\n</table>\n", t->out->stream);
    return EN_OK;
}

const en_style en_style_html = {html_begin, html_cell, html_row, html_end, NULL};

static en_status record_begin(en_table *t, en_error *err)
{
    (void)err;
    fputs("<table>\n<tbody>\n", t->out->stream);
    return EN_OK;
}

static en_status record_cell(en_table *t, const en_cell *cell, en_error *err)
{
    if (cell->kind == EN_CELL_NULL) { /* left out, as in text */
        return EN_OK;
    }
    en_status st = put(t, "<tr><th scope=\"row\">", t->column[t->next].name, "</th>", err);
    if (st == EN_OK) {
        st = put_value(t, cell, err);
    }
    fputs("</tr>\n", t->out->stream);
    return st;
}

static en_status record_row(en_table *t, en_error *err)
{
    (void)t;
    (void)err;
    return EN_OK;
}

const en_style en_style_html_record = {record_begin, record_cell, record_row, html_end, NULL};
