/* Lines over a common axis: learning curves. Uses base only. */
#include <math.h>
#include <stdio.h>

#include "plot/frame.h"

#define PLOT_HEIGHT 240.0 /* px */
#define ABOVE 30.0        /* px, for the name of the y axis */
#define BELOW 52.0        /* px, for the ticks and the name of the x axis */
#define DOTS_MAX 60       /* a series of at most so many points shows each as a dot that can be hovered */

typedef struct range {
    double low, high;
} range;

static void widen(range *r, double value)
{
    if (!en_value_drawn(value)) {
        return;
    }
    if (!(r->low <= value)) {
        r->low = value;
    }
    if (!(r->high >= value)) {
        r->high = value;
    }
}

/* The ranges of the points that can be drawn; NaN when there are none. */
static void find_ranges(const en_chart_lines *chart, range *x, range *y)
{
    *x = *y = (range){(double)NAN, (double)NAN};
    for (size_t s = 0; s < chart->count; s++) {
        const en_chart_series *series = &chart->series[s];
        for (size_t i = 0; i < series->count; i++) {
            if (!en_value_drawn(series->x[i]) || !en_value_drawn(series->y[i])) {
                continue;
            }
            widen(x, series->x[i]);
            widen(y, series->y[i]);
        }
    }
}

static void draw_dots(en_sheet *sheet, const en_frame *f, const en_chart_lines *chart, size_t s)
{
    const en_chart_series *series = &chart->series[s];
    if (series->count > DOTS_MAX || chart->no_dots) {
        return;
    }
    for (size_t i = 0; i < series->count; i++) {
        if (!en_value_drawn(series->x[i]) || !en_value_drawn(series->y[i])) {
            continue;
        }
        char x[EN_NUMBER_TEXT], y[EN_NUMBER_TEXT], tip[256];
        snprintf(tip, sizeof tip, "%.60s, %.60s %s: %s", series->name, chart->x_label != NULL ? chart->x_label : "",
                 en_number_short(series->x[i], 2, x), en_number_fixed(series->y[i], 4, y));
        en_sheet_circle(sheet, en_axis_at(&f->x, series->x[i]), en_axis_at(&f->y, series->y[i]), 2.6,
                        (en_pen){.fill = en_series_pen(s).stroke, .tip = tip});
    }
}

/* A dashed line at the marked moment, a ring on every series there, and the words beside it. */
static void draw_mark(en_sheet *sheet, const en_frame *f, const en_chart_lines *chart)
{
    if (!en_value_drawn(chart->mark_x) || chart->mark_x < f->x.low || chart->mark_x > f->x.high) {
        return;
    }
    double at = en_axis_at(&f->x, chart->mark_x);
    en_sheet_line(sheet, at, f->top - 20, at, f->bottom, (en_pen){.stroke = EN_INK_AXIS, .width = 1, .dash = 4});
    for (size_t s = 0; s < chart->count; s++) {
        const en_chart_series *series = &chart->series[s];
        for (size_t i = 0; i < series->count; i++) {
            if (fabs(series->x[i] - chart->mark_x) > 1e-9 || !en_value_drawn(series->y[i])) {
                continue;
            }
            en_sheet_circle(sheet, at, en_axis_at(&f->y, series->y[i]), 5,
                            (en_pen){.fill = EN_INK_PAPER, .stroke = en_series_pen(s).stroke, .width = 2});
        }
    }
    if (chart->mark_label == NULL) {
        return;
    }
    bool right_half = at > (f->left + f->right) / 2;
    double name = chart->y_label != NULL ? en_sheet_text_width(chart->y_label, EN_LETTER_SMALL, false) : 0;
    double beside = right_half ? at - 7 : at + 7, end = EN_FRAME_MARGIN + name + 14;
    double width = en_sheet_text_width(chart->mark_label, EN_LETTER_SMALL, false);
    /* on the line of the y axis's name, or within the plot where it would touch it */
    bool within = right_half ? beside - width < end : beside < end;
    en_sheet_text(sheet, beside, within ? f->top + 14 : f->top - 12,
                  (en_letters){.size = EN_LETTER_SMALL,
                               .ink = EN_INK_TEXT,
                               .max_width = (f->right - f->left) / 2,
                               .align = right_half ? EN_ALIGN_RIGHT : EN_ALIGN_LEFT},
                  chart->mark_label);
}

/* The y labels may be as wide as "0.00012": the frame begins where the widest ends. */
static double label_width(const en_axis *axis)
{
    double widest = 0;
    char label[EN_NUMBER_TEXT];
    for (size_t i = 0; i < axis->ticks; i++) {
        en_axis_label(axis, en_axis_tick(axis, i), label);
        widest = fmax(widest, en_sheet_text_width(label, EN_LETTER_SMALL, false));
    }
    return widest + 10;
}

/* As many ticks as there is space for their labels: those of training steps may read "120,000". */
static en_axis x_axis(range x, bool whole, double width)
{
    en_axis axis = en_axis_make(x.low, x.high, 8, whole, false);
    if (label_width(&axis) * 1.4 > width / (double)axis.ticks) {
        axis = en_axis_make(x.low, x.high, 4, whole, false);
    }
    return axis;
}

static void draw(en_sheet *sheet, const en_chart_lines *chart, const char *const *names, double legend)
{
    range x, y;
    find_ranges(chart, &x, &y);
    bool empty = isnan(x.low);
    widen(&y, chart->y_low);
    widen(&y, chart->y_high);
    double head = en_frame_head_height(&chart->head);
    en_frame f = {.top = head + legend + ABOVE,
                  .right = sheet->width - EN_FRAME_MARGIN - 6,
                  .y = en_axis_make(y.low, y.high, 5, false, true)};
    f.left = EN_FRAME_MARGIN + label_width(&f.y);
    f.bottom = f.top + PLOT_HEIGHT;
    f.x = x_axis(x, chart->whole_x, f.right - f.left);
    en_frame_head(sheet, &chart->head);
    en_frame_legend(sheet, head, names, chart->count, true);
    if (empty) {
        en_frame_no_data(sheet, &f);
        return;
    }
    en_frame_axes(sheet, &f, chart->x_label, chart->y_label);
    for (size_t s = 0; s < chart->count; s++) {
        en_frame_curve(sheet, &f, chart->series[s].x, chart->series[s].y, chart->series[s].count, en_series_pen(s));
    }
    draw_mark(sheet, &f, chart);
    for (size_t s = 0; s < chart->count; s++) {
        draw_dots(sheet, &f, chart, s);
    }
}

en_status en_chart_draw_lines(const en_chart_lines *chart, en_chart_medium medium, en_buf *out, en_error *err)
{
    if (chart->count > EN_CHART_SERIES_MAX) {
        return en_error_set(err, EN_USAGE, "%zu lines in one chart: at most %d", chart->count, EN_CHART_SERIES_MAX);
    }
    const char *names[EN_CHART_SERIES_MAX];
    for (size_t s = 0; s < chart->count; s++) {
        names[s] = chart->series[s].name;
    }
    double legend = en_frame_legend_height(names, chart->count, true);
    en_sheet sheet;
    double height = en_frame_head_height(&chart->head) + legend + ABOVE + PLOT_HEIGHT + BELOW;
    en_sheet_begin(&sheet, medium, EN_CHART_WIDTH, height,
                   chart->head.alt != NULL ? chart->head.alt : chart->head.title, err);
    draw(&sheet, chart, names, legend);
    return en_sheet_finish(&sheet, out);
}
