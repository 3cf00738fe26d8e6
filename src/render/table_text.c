/* A table as text: columns as wide as they need to be, numbers to the right, and on a terminal never wider than it:
 * when there are too many for that, each row is a block with a line a column. A record has its columns below each other
 * instead. */
#include <inttypes.h>
#include <string.h>

#include "base/memory.h"
#include "render/table.h"
#include "render/utf8.h"

#define MEASURED_ROWS 1000 /* these decide the widths; later rows stream */
#define MOST_HELD_BYTES ((size_t)1 << 30)
#define GAP 2       /* columns of space between two columns of a table */
#define RULE 40     /* how long the line above an upright row is */
#define NARROWEST 8 /* a text column is not cut below this */

typedef struct held {
    size_t at, size, width; /* bytes into `text`, and how wide it shows */
} held;

typedef struct text_table {
    en_buf text;
    held *cell; /* columns * MEASURED_ROWS */
    size_t cells;
    size_t *width; /* of each column */
    bool *number;  /* nothing but numbers (and NULLs) so far */
    bool measured; /* the widths are settled and the header is out */
    bool upright;  /* too many columns for the terminal: a row is a block, a line a column */
    size_t blocks; /* of those */
    size_t blanks; /* due before the next text; at the end of a line they are dropped */
} text_table;

static void people_clear(en_table *t)
{
    text_table *p = t->private;
    if (p != NULL) {
        en_buf_clear(&p->text);
        en_free(p->cell);
        en_free(p->width);
        en_free(p->number);
        en_free(p);
    }
}

static en_status people_begin(en_table *t, en_error *err)
{
    text_table *p = en_calloc(1, sizeof *p);
    if (p == NULL) {
        return en_error_nomem(err, "a table");
    }
    t->private = p;
    en_buf_init(&p->text, MOST_HELD_BYTES);
    p->cell = en_calloc(t->columns * MEASURED_ROWS, sizeof *p->cell);
    p->width = en_calloc(t->columns, sizeof *p->width);
    p->number = en_calloc(t->columns, sizeof *p->number);
    if (p->cell == NULL || p->width == NULL || p->number == NULL) {
        return en_error_nomem(err, "a table");
    }
    for (size_t i = 0; i < t->columns; i++) {
        const char *name = t->column[i].name;
        p->width[i] = en_utf8_width(name, strlen(name));
        p->number[i] = true;
    }
    return EN_OK;
}

en_status en_cell_text(const en_cell *cell, int decimals, en_buf *out, en_error *err)
{
    switch (cell->kind) {
    case EN_CELL_NULL: return EN_OK;
    case EN_CELL_INT: return en_buf_printf(out, err, "%" PRId64, cell->whole);
    case EN_CELL_REAL:
        return decimals == EN_SIGNIFICANT ? en_buf_printf(out, err, "%.6g", cell->real)
                                          : en_buf_printf(out, err, "%.*f", decimals, cell->real);
    case EN_CELL_TEXT: return en_utf8_visible(cell->data, cell->size, out, err);
    case EN_CELL_BLOB: return en_cell_hex(cell, out, err);
    }
    return EN_OK;
}

static en_status people_cell(en_table *t, const en_cell *cell, en_error *err)
{
    text_table *p = t->private;
    held *h = &p->cell[p->cells];
    h->at = p->text.size;
    en_status st = en_cell_text(cell, t->column[t->next].decimals, &p->text, err);
    if (st != EN_OK) {
        return st;
    }
    h->size = p->text.size - h->at;
    h->width = en_utf8_width(en_buf_str(&p->text) + h->at, h->size);
    p->cells++;
    if (!p->measured) {
        p->width[t->next] = h->width > p->width[t->next] ? h->width : p->width[t->next];
        p->number[t->next] &= cell->kind != EN_CELL_TEXT && cell->kind != EN_CELL_BLOB;
    }
    return EN_OK;
}

static void put_text(en_table *t, const char *text, size_t size)
{
    text_table *p = t->private;
    if (size > 0) {
        fprintf(t->out->stream, "%*s", (int)p->blanks, "");
        fwrite(text, 1, size, t->out->stream);
        p->blanks = 0;
    }
}

static void end_line(en_table *t)
{
    text_table *p = t->private;
    fputc('\n', t->out->stream);
    p->blanks = 0;
}

/* One cell, padded to its column. */
static void put_cell(en_table *t, size_t column, const char *text, size_t size, size_t width)
{
    text_table *p = t->private;
    size_t available = p->width[column];
    size_t padding = width < available ? available - width : 0;
    p->blanks += column > 0 ? GAP : 0;
    p->blanks += p->number[column] ? padding : 0;
    if (width > available && t->out->width > 0 && !p->number[column]) {
        const char *mark = t->out->utf8 ? "\xE2\x80\xA6" : "...";
        size_t fits = en_utf8_fit(text, size, available - (t->out->utf8 ? 1 : 3));
        put_text(t, text, fits);
        put_text(t, mark, strlen(mark));
        padding = 0; /* a wide character at the edge may leave one column short: not worth a second measuring */
    } else {
        put_text(t, text, size);
    }
    p->blanks += p->number[column] ? 0 : padding;
}

static bool may_cut(const en_table *t, size_t column)
{
    const text_table *p = t->private;
    return !p->number[column] && p->width[column] > NARROWEST && t->column[column].decimals != EN_UNCUT;
}

static bool is_wrapped(const en_table *t, size_t column)
{
    const text_table *p = t->private;
    return t->column[column].decimals == EN_WRAPPED && t->out->width > 0 && !p->number[column];
}

/* The part of a text that fits, up to a space when there is one; a word that is too long is cut through. */
static size_t fit_words(const char *text, size_t size, size_t width)
{
    size_t fits = en_utf8_fit(text, size, width), space = fits;
    while (fits < size && space > 0 && text[space] != ' ') {
        space--;
    }
    return space > 0 ? space : fits;
}

/* The rest of a wrapped text, in its column on lines of its own. */
static void put_rest(en_table *t, size_t column, const char *text, size_t size)
{
    text_table *p = t->private;
    while (size > 0 && *text == ' ') {
        text++;
        size--;
    }
    while (size > 0) {
        size_t fits = fit_words(text, size, p->width[column]);
        for (size_t i = 0; i < column; i++) {
            p->blanks += p->width[i] + GAP;
        }
        put_text(t, text, fits);
        end_line(t);
        fits += fits < size && text[fits] == ' ';
        text += fits;
        size -= fits;
    }
}

/* Takes columns of width from the widest text until the line fits; false when it cannot. */
static bool fit_terminal(en_table *t)
{
    text_table *p = t->private;
    size_t total = 0;
    for (size_t i = 0; i < t->columns; i++) {
        total += p->width[i] + (i > 0 ? GAP : 0);
    }
    while (t->out->width > 0 && total > t->out->width) {
        size_t widest = SIZE_MAX;
        for (size_t i = 0; i < t->columns; i++) {
            if (may_cut(t, i) && (widest == SIZE_MAX || p->width[i] > p->width[widest])) {
                widest = i;
            }
        }
        if (widest == SIZE_MAX) {
            return false;
        }
        p->width[widest]--;
        total--;
    }
    return true;
}

static void put_header(en_table *t)
{
    text_table *p = t->private;
    fputs(t->out->colour ? "\033[1m" : "", t->out->stream);
    for (size_t i = 0; i < t->columns; i++) {
        const char *name = t->column[i].name;
        put_cell(t, i, name, strlen(name), en_utf8_width(name, strlen(name)));
    }
    fputs(t->out->colour ? "\033[0m" : "", t->out->stream);
    end_line(t);
    for (size_t i = 0; i < t->columns; i++) {
        p->blanks += i > 0 ? GAP : 0;
        for (size_t k = 0; k < p->width[i]; k++) {
            put_text(t, "-", 1);
        }
    }
    end_line(t);
}

/* "-- 3 ----------", above a row that stands upright. */
static void put_rule(en_table *t)
{
    text_table *p = t->private;
    FILE *to = t->out->stream;
    fputs(t->out->colour ? "\033[1m" : "", to);
    int used = fprintf(to, "-- %zu ", ++p->blocks);
    size_t edge = t->out->width < RULE ? t->out->width : RULE;
    for (; used < (int)edge; used++) {
        fputc('-', to);
    }
    fprintf(to, "%s\n", t->out->colour ? "\033[0m" : "");
}

/* One line of a block: the column's name and, uncut, the value. */
static void put_upright(en_table *t, size_t column, const char *text, size_t size)
{
    text_table *p = t->private;
    const char *name = t->column[column].name;
    size_t widest = 0;
    for (size_t i = 0; i < t->columns; i++) {
        size_t width = en_utf8_width(t->column[i].name, strlen(t->column[i].name));
        widest = width > widest ? width : widest;
    }
    put_text(t, name, strlen(name));
    p->blanks = widest - en_utf8_width(name, strlen(name)) + GAP;
    put_text(t, text, size);
    end_line(t);
}

static void put_row(en_table *t, const held *cell)
{
    text_table *p = t->private;
    size_t wrapped = t->columns, begun = 0;
    for (size_t i = 0; i < t->columns; i++) {
        const char *text = en_buf_str(&p->text) + cell[i].at;
        size_t size = cell[i].size, width = cell[i].width;
        if (is_wrapped(t, i) && width > p->width[i]) {
            wrapped = i;
            size = begun = fit_words(text, size, p->width[i]);
            width = en_utf8_width(text, size);
        }
        put_cell(t, i, text, size, width);
    }
    end_line(t);
    if (wrapped < t->columns) {
        put_rest(t, wrapped, en_buf_str(&p->text) + cell[wrapped].at + begun, cell[wrapped].size - begun);
    }
}

/* Prints the held rows and forgets them. */
static void put_held(en_table *t)
{
    text_table *p = t->private;
    for (size_t i = 0; p->upright && i < p->cells; i++) {
        if (i % t->columns == 0) {
            put_rule(t);
        }
        put_upright(t, i % t->columns, en_buf_str(&p->text) + p->cell[i].at, p->cell[i].size);
    }
    for (size_t i = 0; !p->upright && i < p->cells; i += t->columns) {
        put_row(t, &p->cell[i]);
    }
    p->cells = 0;
    en_buf_reset(&p->text);
}

static void fix_widths(en_table *t)
{
    text_table *p = t->private;
    if (t->rows == 0) {
        memset(p->number, 0, t->columns * sizeof *p->number);
    }
    p->measured = true;
    p->upright = !fit_terminal(t);
    if (!p->upright) {
        put_header(t);
    }
    for (size_t i = 0; p->upright && t->rows == 0 && i < t->columns; i++) {
        put_upright(t, i, "", 0); /* a table without rows is its names */
    }
}

static en_status people_row(en_table *t, en_error *err)
{
    (void)err;
    text_table *p = t->private;
    if (!p->measured && t->rows == MEASURED_ROWS) {
        fix_widths(t);
    }
    if (p->measured) {
        put_held(t);
    }
    return EN_OK;
}

static en_status people_end(en_table *t, en_error *err)
{
    (void)err;
    text_table *p = t->private;
    if (!p->measured) {
        fix_widths(t);
    }
    put_held(t);
    return EN_OK;
}

const en_style en_style_text = {people_begin, people_cell, people_row, people_end, people_clear};

static en_status record_begin(en_table *t, en_error *err)
{
    (void)t;
    (void)err;
    return EN_OK;
}

static en_status record_cell(en_table *t, const en_cell *cell, en_error *err)
{
    size_t widest = 0; /* names are ours and plain ASCII */
    for (size_t i = 0; i < t->columns; i++) {
        size_t width = strlen(t->column[i].name);
        widest = width > widest ? width : widest;
    }
    en_buf_reset(&t->scratch);
    en_status st = en_cell_text(cell, t->column[t->next].decimals, &t->scratch, err);
    if (st == EN_OK && cell->kind != EN_CELL_NULL) {
        fprintf(t->out->stream, "%-*s%*s%s\n", (int)widest, t->column[t->next].name, GAP, "", en_buf_str(&t->scratch));
    }
    return st;
}

static en_status record_end(en_table *t, en_error *err)
{
    (void)t;
    (void)err;
    return EN_OK;
}

const en_style en_style_record = {record_begin, record_cell, record_end, record_end, NULL};
