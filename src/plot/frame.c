/* What charts have in common: the head, the legend, a pair of axes, a curve between them. Uses base only. */
#include "plot/frame.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define LEGEND_ROW 20.0
#define SUBTITLE_ROW 18.0
#define SWATCH_LINE 22.0 /* px */
#define SWATCH_BAR 12.0
#define SQUARE 396.0 /* px, the side of a square plot */
#define ABOVE 30.0   /* px, for the name of the y axis */

en_pen en_series_pen(size_t i)
{
    return (en_pen){.stroke = (en_ink)(EN_INK_SERIES + i % EN_CHART_SERIES_MAX), .width = 2, .dash = (unsigned)i};
}

const char *en_frame_second_line(const char *text, double size, double width)
{
    const char *at = NULL;
    char first[128];
    if (en_sheet_text_width(text, size, false) <= width) {
        return NULL;
    }
    for (const char *space = strchr(text, ' '); space != NULL; space = strchr(space + 1, ' ')) {
        snprintf(first, sizeof first, "%.*s", (int)(space - text), text);
        if ((size_t)(space - text) < sizeof first && en_sheet_text_width(first, size, false) <= width) {
            at = space + 1;
        }
    }
    return at;
}

static const char *rest_of_subtitle(const en_chart *head)
{
    return head->subtitle != NULL
               ? en_frame_second_line(head->subtitle, EN_LETTER_TEXT, EN_CHART_WIDTH - 2 * EN_FRAME_MARGIN)
               : NULL;
}

double en_frame_head_height(const en_chart *head)
{
    return 14 + (head->title != NULL ? 23 : 0) + (head->subtitle != NULL ? 21 : 0) +
           (rest_of_subtitle(head) != NULL ? SUBTITLE_ROW : 0);
}

void en_frame_head(en_sheet *sheet, const en_chart *head)
{
    double width = sheet->width - 2 * EN_FRAME_MARGIN;
    double y = 31;
    if (head->title != NULL) {
        en_sheet_text(sheet, EN_FRAME_MARGIN, y,
                      (en_letters){.size = EN_LETTER_TITLE, .bold = true, .ink = EN_INK_TEXT, .max_width = width},
                      head->title);
        y += 20;
    }
    en_letters quiet = {.size = EN_LETTER_TEXT, .ink = EN_INK_MUTED, .max_width = width};
    const char *rest = rest_of_subtitle(head);
    char first[128];
    if (rest != NULL) {
        snprintf(first, sizeof first, "%.*s", (int)(rest - 1 - head->subtitle), head->subtitle);
        en_sheet_text(sheet, EN_FRAME_MARGIN, y + SUBTITLE_ROW, quiet, rest);
    }
    en_sheet_text(sheet, EN_FRAME_MARGIN, y, quiet, rest != NULL ? first : head->subtitle);
}

/* Where entry i of a legend goes; advances *x and *y. */
static void legend_place(const char *name, bool lines, double *x, double *y)
{
    double width = (lines ? SWATCH_LINE : SWATCH_BAR) + 6 + en_sheet_text_width(name, EN_LETTER_TEXT, false) + 18;
    width = fmin(width, EN_CHART_WIDTH - 2 * EN_FRAME_MARGIN);
    if (*x > EN_FRAME_MARGIN && *x + width > EN_CHART_WIDTH - EN_FRAME_MARGIN + 18) {
        *x = EN_FRAME_MARGIN;
        *y += LEGEND_ROW;
    }
    *x += width;
}

double en_frame_legend_height(const char *const *names, size_t count, bool lines)
{
    double x = EN_FRAME_MARGIN, y = 0;
    for (size_t i = 0; i < count; i++) {
        legend_place(names[i], lines, &x, &y);
    }
    return count > 0 ? y + LEGEND_ROW + 4 : 0;
}

void en_frame_legend(en_sheet *sheet, double top, const char *const *names, size_t count, bool lines)
{
    double x = EN_FRAME_MARGIN, y = top + 14;
    for (size_t i = 0; i < count; i++) {
        double end = x, row = y;
        legend_place(names[i], lines, &end, &y);
        double begin = y > row ? EN_FRAME_MARGIN : x;
        if (lines) {
            en_sheet_line(sheet, begin, y - 4.5, begin + SWATCH_LINE, y - 4.5, en_series_pen(i));
        } else {
            en_sheet_rect(sheet, begin, y - 11, SWATCH_BAR, SWATCH_BAR, (en_pen){.fill = (en_ink)(EN_INK_SERIES + i)});
        }
        double text = begin + (lines ? SWATCH_LINE : SWATCH_BAR) + 6;
        en_sheet_text(sheet, text, y,
                      (en_letters){.size = EN_LETTER_TEXT,
                                   .ink = EN_INK_TEXT,
                                   .max_width = EN_CHART_WIDTH - EN_FRAME_MARGIN - text},
                      names[i]);
        x = end;
    }
}

static void draw_ticks(en_sheet *sheet, const en_frame *f)
{
    char label[EN_NUMBER_TEXT];
    for (size_t i = 0; i < f->y.ticks; i++) {
        double value = en_axis_tick(&f->y, i), at = en_axis_at(&f->y, value);
        en_sheet_line(sheet, f->left, at, f->right, at, (en_pen){.stroke = EN_INK_GRID, .width = 1});
        en_sheet_text(sheet, f->left - 8, at + 4,
                      (en_letters){.size = EN_LETTER_SMALL, .ink = EN_INK_MUTED, .align = EN_ALIGN_RIGHT},
                      en_axis_label(&f->y, value, label));
    }
    for (size_t i = 0; i < f->x.ticks; i++) {
        double value = en_axis_tick(&f->x, i), at = en_axis_at(&f->x, value);
        en_sheet_line(sheet, at, f->bottom, at, f->bottom + 5, (en_pen){.stroke = EN_INK_AXIS, .width = 1});
        en_sheet_text(sheet, at, f->bottom + 19,
                      (en_letters){.size = EN_LETTER_SMALL, .ink = EN_INK_MUTED, .align = EN_ALIGN_CENTRE},
                      en_axis_label(&f->x, value, label));
    }
}

void en_frame_axes(en_sheet *sheet, en_frame *f, const char *x_label, const char *y_label)
{
    f->x.from = f->left;
    f->x.to = f->right;
    f->y.from = f->bottom;
    f->y.to = f->top;
    draw_ticks(sheet, f);
    en_sheet_line(sheet, f->left, f->bottom, f->right, f->bottom, (en_pen){.stroke = EN_INK_AXIS, .width = 1});
    en_letters quiet = {.size = EN_LETTER_SMALL, .ink = EN_INK_MUTED, .max_width = f->right - f->left};
    en_sheet_text(sheet, EN_FRAME_MARGIN, f->top - 12, quiet, y_label);
    quiet.align = EN_ALIGN_CENTRE;
    en_sheet_text(sheet, (f->left + f->right) / 2, f->bottom + 38, quiet, x_label);
}

void en_frame_no_data(en_sheet *sheet, const en_frame *f)
{
    en_sheet_line(sheet, f->left, f->bottom, f->right, f->bottom, (en_pen){.stroke = EN_INK_AXIS, .width = 1});
    en_sheet_text(sheet, (f->left + f->right) / 2, (f->top + f->bottom) / 2,
                  (en_letters){.size = EN_LETTER_TITLE, .ink = EN_INK_MUTED, .align = EN_ALIGN_CENTRE}, "no data");
}

#define RUN_MAX 4096 /* points of one piece; a piece that is longer continues from its last point */

/* Points gathered for a curve. Within one column of pixels only the first, the lowest, the highest and the last matter:
 * a million steps of training then take four points per pixel and look the same. */
typedef struct curve {
    en_point at[RUN_MAX + 2];
    size_t count;
    size_t column; /* where the points of the current column begin */
} curve;

/* Keeps of the current column what can be seen. */
static void close_column(curve *r)
{
    size_t n = r->count - r->column;
    if (n <= 4) {
        return;
    }
    en_point *p = r->at + r->column;
    size_t low = 0, high = 0;
    for (size_t i = 1; i < n; i++) {
        if (p[i].y < p[low].y) {
            low = i;
        }
        if (p[i].y > p[high].y) {
            high = i;
        }
    }
    en_point keep[] = {p[0], p[low < high ? low : high], p[low < high ? high : low], p[n - 1]};
    memcpy(p, keep, sizeof keep);
    r->count = r->column + 4;
}

/* A line, a dot when it is one point, or with a pen that fills the area down to the x axis. */
static void draw_run(en_sheet *sheet, curve *r, double bottom, en_pen pen)
{
    close_column(r);
    if (pen.fill != EN_INK_NONE) {
        r->at[r->count] = (en_point){r->at[r->count - 1].x, bottom};
        r->at[r->count + 1] = (en_point){r->at[0].x, bottom};
        en_sheet_path(sheet, r->at, r->count + 2, pen);
    } else if (r->count == 1) {
        en_sheet_circle(sheet, r->at[0].x, r->at[0].y, pen.width + 1, (en_pen){.fill = pen.stroke});
    } else {
        en_sheet_path(sheet, r->at, r->count, pen);
    }
    r->count = r->column = 0;
}

static void add_point(en_sheet *sheet, curve *r, en_point p, double bottom, en_pen pen)
{
    if (r->count > 0 && floor(r->at[r->count - 1].x) != floor(p.x)) {
        close_column(r);
        r->column = r->count;
    }
    if (r->count == RUN_MAX) {
        close_column(r);
    }
    if (r->count == RUN_MAX) {
        en_point last = r->at[RUN_MAX - 1];
        draw_run(sheet, r, bottom, pen);
        r->at[r->count++] = last;
    }
    r->at[r->count++] = p;
}

void en_frame_curve(en_sheet *sheet, const en_frame *f, const double *x, const double *y, size_t count, en_pen pen)
{
    curve run;
    run.count = run.column = 0;
    for (size_t i = 0; i < count; i++) {
        if (en_value_drawn(x[i]) && en_value_drawn(y[i])) {
            add_point(sheet, &run, (en_point){en_axis_at(&f->x, x[i]), en_axis_at(&f->y, y[i])}, f->bottom, pen);
        } else if (run.count > 0) {
            draw_run(sheet, &run, f->bottom, pen);
        }
    }
    if (run.count > 0) {
        draw_run(sheet, &run, f->bottom, pen);
    }
}

double en_frame_square_height(const en_chart *head) { return en_frame_head_height(head) + ABOVE + SQUARE + 54; }

en_frame en_frame_square(en_sheet *sheet, const en_chart *head, const char *x_label, const char *y_label)
{
    double top = en_frame_head_height(head) + ABOVE;
    en_frame f = {.left = 56,
                  .top = top,
                  .right = 56 + SQUARE,
                  .bottom = top + SQUARE,
                  .x = en_axis_make(0, 1, 5, false, false),
                  .y = en_axis_make(0, 1, 5, false, false)};
    en_frame_head(sheet, head);
    en_frame_axes(sheet, &f, x_label, y_label);
    en_sheet_line(sheet, f.left, f.bottom, f.right, f.top, (en_pen){.stroke = EN_INK_AXIS, .width = 1, .dash = 4});
    return f;
}
