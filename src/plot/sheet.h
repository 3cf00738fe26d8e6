/* What the charts draw on: a handful of shapes, rendered as SVG text, through cairo as PNG or PDF,
 * or as characters. Inside plot only.
 * Lengths are in px of the SVG, y downwards. Like cairo, a sheet remembers its first error and ignores what follows;
 * en_sheet_finish reports it. */
#ifndef EN_PLOT_SHEET_H
#define EN_PLOT_SHEET_H

#include <cairo.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/error.h"
#include "plot/chart.h"

/* Colours by what they are for, so that a page can restyle them. */
typedef enum en_ink {
    EN_INK_NONE,
    EN_INK_PAPER,
    EN_INK_TEXT,
    EN_INK_MUTED,
    EN_INK_GRID,
    EN_INK_AXIS,
    EN_INK_WHITE, /* letters on a strong colour */
    EN_INK_SERIES /* EN_INK_SERIES + 0..EN_CHART_SERIES_MAX-1 */
} en_ink;
#define EN_INK_COUNT (EN_INK_SERIES + EN_CHART_SERIES_MAX)

typedef struct en_pen {
    en_ink fill, stroke;
    double width;    /* of the stroke */
    double opacity;  /* of the fill, 0..1; 0 means 1 */
    unsigned dash;   /* 0 solid, 1.. the dash pattern of the series */
    const char *tip; /* shown when hovered, SVG only; NULL: none */
} en_pen;

typedef enum en_align { EN_ALIGN_LEFT, EN_ALIGN_CENTRE, EN_ALIGN_RIGHT } en_align;

typedef struct en_letters {
    double size; /* px */
    en_align align;
    bool bold;
    en_ink ink;
    double max_width; /* shortened with an ellipsis to this width; 0: as long as it is */
} en_letters;

typedef struct en_point {
    double x, y;
} en_point;

typedef struct en_sheet en_sheet;
typedef struct en_text_grid en_text_grid; /* sheet_text.c */

/* One way of drawing. Text arrives as clean UTF-8, already shortened. */
typedef struct en_sheet_ops {
    void (*path)(en_sheet *sheet, const en_point *p, size_t count, const en_pen *pen);
    void (*rect)(en_sheet *sheet, double x, double y, double width, double height, const en_pen *pen);
    void (*circle)(en_sheet *sheet, double x, double y, double radius, const en_pen *pen);
    void (*text)(en_sheet *sheet, double x, double y, const en_letters *letters, const char *text);
    void (*finish)(en_sheet *sheet);
} en_sheet_ops;

struct en_sheet {
    const en_sheet_ops *ops;
    double width, height;
    en_buf bytes; /* the picture */
    en_status status;
    en_error *err;
    cairo_surface_t *surface; /* PNG and PDF; NULL: it is a part of `paper` */
    cairo_t *cairo;
    struct en_paper *paper;
    en_text_grid *text;
};

/* `alt` describes the picture; NULL is none. Always to be ended by en_sheet_finish. */
void en_sheet_begin(en_sheet *sheet, en_chart_medium medium, double width, double height, const char *alt,
                    en_error *err);
/* Appends the picture to `out` on success, and frees the sheet either way. */
en_status en_sheet_finish(en_sheet *sheet, en_buf *out) EN_CHECKED;

void en_sheet_path(en_sheet *sheet, const en_point *p, size_t count, en_pen pen);
void en_sheet_line(en_sheet *sheet, double x0, double y0, double x1, double y1, en_pen pen);
void en_sheet_rect(en_sheet *sheet, double x, double y, double width, double height, en_pen pen);
void en_sheet_circle(en_sheet *sheet, double x, double y, double radius, en_pen pen);
/* y is the baseline. */
void en_sheet_text(en_sheet *sheet, double x, double y, en_letters letters, const char *text);
/* The width text takes, px: DejaVu Sans's, the widest of the fonts asked for, so that other fonts fit as well. It does
 * not depend on the fonts installed, and neither does any layout. */
double en_sheet_text_width(const char *text, double size, bool bold);

/* Tables shared by the two ways of drawing. */
unsigned en_ink_rgb(en_ink ink);
#define EN_DASH_MAX 4
/* Lengths of dashes and gaps for a pen's dash number; returns how many, 0 for a solid line. */
size_t en_dash_lengths(unsigned dash, double lengths[EN_DASH_MAX]);

void en_sheet_svg_begin(en_sheet *sheet, en_chart_medium medium, const char *alt);
/* Letters without hinting, so that they are the same at every size. */
void en_sheet_fonts(cairo_t *cr);
void en_sheet_text_begin(en_sheet *sheet, en_chart_medium medium);
void en_sheet_cairo_begin(en_sheet *sheet, en_chart_medium medium);

#endif
