/* Tables of a document. All cells are there before the first is drawn: they decide how wide the columns are. */
#include <string.h>

#include "base/memory.h"
#include "plot/paper_internal.h"

#define GAP 8.0 /* between columns */
#define PAD 2.0 /* above and below a row */

static const en_paper_style cell_style = {.size = 8}, title_style = {.size = 8, .bold = true},
                            caption_style = {.size = 9, .muted = true};

void en_paper_table_clear(en_paper_cells *t)
{
    for (size_t i = 0; i < t->columns; i++) {
        en_free(t->title[i]);
    }
    for (size_t i = 0; i < t->count; i++) {
        en_free(t->text[i]);
    }
    en_free(t->text);
    en_free(t->caption);
    *t = (en_paper_cells){0};
}

void en_paper_table(en_paper *p, const char *caption, const en_paper_column *column, size_t columns)
{
    if (p == NULL || p->status != EN_OK) {
        return;
    }
    en_paper_close_row(p);
    en_paper_table_clear(&p->table);
    if (columns == 0 || columns > EN_PAPER_COLUMNS_MAX) {
        p->status = en_error_set(p->err, EN_BUG, "a table of %zu columns", columns);
        return;
    }
    en_paper_cells *t = &p->table;
    bool whole = caption == NULL || (t->caption = en_strdup(caption)) != NULL;
    for (t->columns = 0; whole && t->columns < columns; t->columns++) {
        t->number[t->columns] = column[t->columns].number;
        t->title[t->columns] = en_strdup(column[t->columns].title);
        whole = t->title[t->columns] != NULL;
    }
    if (!whole) {
        p->status = en_error_nomem(p->err, "a table");
    }
}

void en_paper_cell(en_paper *p, const char *text)
{
    if (p == NULL || p->status != EN_OK) {
        return;
    }
    en_paper_cells *t = &p->table;
    char **grown = en_array_grow(t->text, t->count, sizeof *grown, p->err);
    if (grown != NULL) {
        t->text = grown;
        t->text[t->count] = en_strdup(text);
    }
    if (grown == NULL || t->text[t->count] == NULL) {
        p->status = grown == NULL ? EN_NOMEM : en_error_nomem(p->err, "a table");
        return;
    }
    t->count++;
}

/* As wide as the widest cell where all fit; else what is wider than its share of the page gives way. */
static void find_widths(const en_paper_cells *t, double width[EN_PAPER_COLUMNS_MAX])
{
    const double room = EN_PAPER_BODY - GAP * (double)(t->columns - 1);
    double wanted = 0;
    for (size_t i = 0; i < t->columns; i++) {
        width[i] = en_paper_text_width(t->title[i], title_style) + 1;
        for (size_t k = i; k < t->count; k += t->columns) {
            const double wide = en_paper_text_width(t->text[k], cell_style) + 1;
            width[i] = wide > width[i] ? wide : width[i];
        }
        wanted += width[i];
    }
    /* Columns that are no wider than an equal share of what the others leave keep their width. */
    bool narrow[EN_PAPER_COLUMNS_MAX] = {false};
    double left = room;
    size_t open = t->columns;
    for (bool again = wanted > room; again && open > 0;) {
        again = false;
        for (size_t i = 0; i < t->columns; i++) {
            if (!narrow[i] && width[i] <= left / (double)open) {
                narrow[i] = again = true;
                left -= width[i];
                open--;
                break;
            }
        }
    }
    for (size_t i = 0; wanted > room && i < t->columns; i++) {
        width[i] = narrow[i] ? width[i] : left / (double)open;
    }
}

/* The height of a row of cells. */
static double row_height(char *const *text, const en_paper_cells *t, const double *width, bool titles)
{
    double most = 0;
    for (size_t i = 0; i < t->columns; i++) {
        const char *cell = titles ? t->title[i] : text[i];
        const double height = en_paper_measure(cell, titles ? title_style : cell_style, width[i]);
        most = height > most ? height : most;
    }
    return most + 2 * PAD;
}

static void draw_row(en_paper *p, char *const *text, const double *width, bool titles)
{
    const en_paper_cells *t = &p->table;
    double x = EN_PAPER_MARGIN;
    for (size_t i = 0; i < t->columns; i++) {
        en_paper_style style = titles ? title_style : cell_style;
        style.right = t->number[i];
        (void)en_paper_draw(p, titles ? t->title[i] : text[i], style, x, p->y + PAD, width[i]);
        x += width[i] + GAP;
    }
    p->y += row_height(text, t, width, titles);
    en_paper_rule(p, p->y, titles ? 0.8 : 0.4);
}

void en_paper_table_end(en_paper *p)
{
    double width[EN_PAPER_COLUMNS_MAX];
    if (p == NULL || p->status != EN_OK) {
        return;
    }
    en_paper_cells *t = &p->table;
    find_widths(t, width);
    const size_t rows = t->count / t->columns;
    const double head = row_height(NULL, t, width, true);
    const double first = rows > 0 ? row_height(t->text, t, width, false) : 0;
    p->y += p->y > EN_PAPER_MARGIN ? 4 : 0;
    en_paper_need(p, head + first + (t->caption != NULL ? 20 : 4));
    if (t->caption != NULL) {
        en_paper_flow(p, t->caption, caption_style, EN_PAPER_MARGIN, EN_PAPER_BODY);
    }
    draw_row(p, NULL, width, true);
    for (size_t i = 0; i < rows; i++) {
        char *const *text = t->text + i * t->columns;
        const unsigned page = p->page;
        en_paper_need(p, row_height(text, t, width, false));
        if (p->page != page) {
            draw_row(p, NULL, width, true);
        }
        draw_row(p, text, width, false);
    }
    p->y += 8;
    en_paper_table_clear(t);
}
