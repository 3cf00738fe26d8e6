/* What charts have in common: the head, the legend, a pair of axes, a curve between them. Inside plot only. */
#ifndef EN_PLOT_FRAME_H
#define EN_PLOT_FRAME_H

#include <stdbool.h>
#include <stddef.h>

#include "plot/axis.h"
#include "plot/sheet.h"

/* px, of every chart: two fit side by side on a screen, and one is still legible as wide as a phone */
#define EN_CHART_WIDTH 480.0
#define EN_FRAME_MARGIN 20.0 /* px, left of the text and right of everything */
#define EN_LETTER_TITLE 16.0 /* px sizes */
#define EN_LETTER_TEXT 13.0
#define EN_LETTER_SMALL 12.0

/* The area for data: the axes' px are its edges. */
typedef struct en_frame {
    double left, top, right, bottom;
    en_axis x, y;
} en_frame;

/* Where a text that is too wide continues in a second line: after the last space of what fits, else NULL. */
const char *en_frame_second_line(const char *text, double size, double width);

/* Title and subtitle, of at most two lines; the height is known before there is a sheet. */
double en_frame_head_height(const en_chart *head);
void en_frame_head(en_sheet *sheet, const en_chart *head);

/* A legend in as many rows as it needs, from `top`; lines show each series' dashes, bars its colour. */
double en_frame_legend_height(const char *const *names, size_t count, bool lines);
void en_frame_legend(en_sheet *sheet, double top, const char *const *names, size_t count, bool lines);

/* The axes' ends become the frame's edges; draws grid, ticks and labels. The y label stands above the axis, level. */
void en_frame_axes(en_sheet *sheet, en_frame *f, const char *x_label, const char *y_label);
/* "no data", in the middle. */
void en_frame_no_data(en_sheet *sheet, const en_frame *f);

/* A curve, broken where a value is not drawn, thinned to what the eye can see. A pen that fills: the area below. */
void en_frame_curve(en_sheet *sheet, const en_frame *f, const double *x, const double *y, size_t count, en_pen pen);
/* A square plot of two proportions (0..1), with its diagonal, as ROC and calibration use: sets the frame and its axes.
 * The area below the diagonal's lower half, or above its upper half, is free for notes where a curve is good. */
en_frame en_frame_square(en_sheet *sheet, const en_chart *head, const char *x_label, const char *y_label);
double en_frame_square_height(const en_chart *head);

/* The pen of series i. */
en_pen en_series_pen(size_t i);

#endif
