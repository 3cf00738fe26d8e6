/* A document being written. Inside plot/paper*.c only. Lengths in points, 1/72 inch, from the upper left corner. */
#ifndef EN_PLOT_PAPER_INTERNAL_H
#define EN_PLOT_PAPER_INTERNAL_H

#include <cairo.h>

#include "plot/paper.h"

#define EN_PAPER_WIDTH 595.28 /* A4 */
#define EN_PAPER_HEIGHT 841.89
#define EN_PAPER_MARGIN 51.0 /* 18 mm */
#define EN_PAPER_BODY (EN_PAPER_WIDTH - 2 * EN_PAPER_MARGIN)
#define EN_PAPER_BOTTOM (EN_PAPER_HEIGHT - EN_PAPER_MARGIN)
#define EN_PAPER_LEADING 1.4 /* from line to line, of the size */

typedef struct en_paper_cells { /* of the table that is open */
    char *title[EN_PAPER_COLUMNS_MAX];
    bool number[EN_PAPER_COLUMNS_MAX];
    char *caption, **text; /* text[count], row by row; all owned */
    size_t columns, count;
} en_paper_cells;

struct en_paper {
    cairo_surface_t *surface;
    cairo_t *cairo;
    en_buf bytes;
    char *title;
    unsigned page;              /* from 1 */
    double y;                   /* where the next thing begins */
    size_t across, taken;       /* things beside each other in the row that is open, and how many are there; 0: none */
    double row_top, row_bottom; /* of it */
    bool placing;
    en_status status;
    en_error *err;
    en_paper_cells table;
};

/* How text is set. */
typedef struct en_paper_style {
    double size;
    bool bold, mono, right, muted;
} en_paper_style;

/* Begins a page unless there is room for so much on this one, or nothing is on it yet. */
void en_paper_need(en_paper *p, double height);
/* The height of a text in a column of this width. */
double en_paper_measure(const char *text, en_paper_style style, double width);
/* Draws it with its top at y, without looking for room; returns its height. */
double en_paper_draw(en_paper *p, const char *text, en_paper_style style, double x, double y, double width);
/* Draws it at p->y, over pages. */
void en_paper_flow(en_paper *p, const char *text, en_paper_style style, double x, double width);
void en_paper_rule(en_paper *p, double y, double thickness);
/* The width of its longest line. */
double en_paper_text_width(const char *text, en_paper_style style);
/* Room for a thing of this height, `across` of which stand beside each other: in the row that is open, or in a new one.
 */
typedef struct en_paper_slot {
    double x, y, width;
} en_paper_slot;
en_paper_slot en_paper_take_slot(en_paper *p, size_t across, double height);
double en_paper_slot_width(size_t across);
/* Ends the row, so that p->y is below it. */
void en_paper_close_row(en_paper *p);
void en_paper_table_clear(en_paper_cells *t);

/* A chart of this size in px begins, on the cairo context it returns, borrowed, whose unit is a px of the chart; and it
 * ends. NULL: the document has failed. */
cairo_t *en_paper_place(en_paper *p, double width, double height);
void en_paper_placed(en_paper *p);

#endif
