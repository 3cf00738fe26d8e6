/* A document as PDF, on sheets of A4: headings with bookmarks, paragraphs, facts, tables that go on over pages, and
 * charts, two side by side. Written from top to bottom, in DejaVu Sans as the charts. The same document is the same
 * bytes on a machine. Like cairo, it remembers its first error and ignores what follows.
 *
 * Texts are borrowed for the call and may hold anything: what is not UTF-8 is replaced, a line feed begins a new
 * line, and what is too wide is broken, between words where it can be. */
#ifndef EN_PLOT_PAPER_H
#define EN_PLOT_PAPER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/error.h"
#include "plot/chart.h"

#define EN_PAPER_COLUMNS_MAX 64 /* of a table */

typedef struct en_paper en_paper;

/* The title stands above all, and with the page's number at the foot of each page. NULL when out of memory. */
en_paper *en_paper_new(const char *title, en_error *err);
/* Appends the document to `out`, and frees it either way. NULL is EN_NOMEM. */
en_status en_paper_finish(en_paper *p, en_buf *out, en_error *err) EN_CHECKED;

/* And a bookmark; charts: it stands above a row of charts or pictures. */
void en_paper_heading(en_paper *p, const char *text, bool charts);
void en_paper_text(en_paper *p, const char *text);
void en_paper_fact(en_paper *p, const char *name, const char *text);
/* What is typed or a program's text, in letters of one width, each of its lines as one. */
void en_paper_code(en_paper *p, const char *text);

/* A table's column: its heading, which is copied, and whether its cells are flush right. */
typedef struct en_paper_column {
    const char *title;
    bool number;
} en_paper_column;
/* The cells come from left to right, and a row ends by itself; a column is as wide as its cells when all fit the page.
 * A row that is higher than a page is cut at its foot. EN_BUG: more columns than EN_PAPER_COLUMNS_MAX. */
void en_paper_table(en_paper *p, const char *caption, const en_paper_column *column, size_t columns);
void en_paper_cell(en_paper *p, const char *text);
void en_paper_table_end(en_paper *p);

/* A JPEG of this size in px, four beside each other, with words under it. The bytes are copied, and not looked at. */
void en_paper_picture(en_paper *p, const void *jpeg, size_t bytes, int width, int height, const char *caption);
/* What the next chart is drawn on: the document, where there is room for it. */
en_chart_medium en_paper_chart(en_paper *p);

#endif
