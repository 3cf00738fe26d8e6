/* Horizontal bars, plain or stacked: class balance, reasons of rejection. Uses base only. */
#include <math.h>
#include <stdio.h>

#include "plot/frame.h"

#define ROW 28.0
#define BAR 18.0

typedef struct totals {
    double of[EN_CHART_BARS_MAX];
    double most, all;
} totals;

static double piece(const en_chart_bars *chart, size_t bar, size_t part)
{
    double value = chart->value[bar * chart->parts + part];
    return en_value_drawn(value) && value > 0 ? value : 0;
}

static totals add_up(const en_chart_bars *chart)
{
    totals t = {.most = 0, .all = 0};
    for (size_t bar = 0; bar < chart->bars; bar++) {
        t.of[bar] = 0;
        for (size_t part = 0; part < chart->parts; part++) {
            t.of[bar] += piece(chart, bar, part);
        }
        t.most = fmax(t.most, t.of[bar]);
        t.all += t.of[bar];
    }
    return t;
}

/* "1,234" or "1,234  12.3%". */
static const char *value_text(const en_chart_bars *chart, const totals *t, size_t bar, char out[128])
{
    char value[EN_NUMBER_TEXT], percent[EN_NUMBER_TEXT];
    if (t->of[bar] < 1e15 && floor(t->of[bar]) >= t->of[bar]) {
        en_number_count((int64_t)t->of[bar], value);
    } else {
        en_number_short(t->of[bar], 3, value);
    }
    if (!chart->proportion || !(t->all > 0)) {
        snprintf(out, 128, "%s", value);
    } else {
        snprintf(out, 128, "%s \xc2\xb7 %s", value, en_number_percent(t->of[bar] / t->all, 1, percent));
    }
    return out;
}

static void draw_bar(en_sheet *sheet, const en_chart_bars *chart, const totals *t, size_t bar, double left,
                     double right, double y)
{
    char text[128];
    double x = left;
    for (size_t part = 0; part < chart->parts; part++) {
        double value = piece(chart, bar, part);
        if (!(value > 0)) {
            continue;
        }
        double width = (right - left) * (value / t->most);
        char tip[256], figure[EN_NUMBER_TEXT];
        snprintf(tip, sizeof tip, "%.80s%s%.80s: %s", chart->names[bar], chart->part_names != NULL ? ", " : "",
                 chart->part_names != NULL ? chart->part_names[part] : "", en_number_short(value, 3, figure));
        double gap = part + 1 < chart->parts && width > 3 ? 1 : 0; /* between the pieces of a stack */
        en_sheet_rect(sheet, x, y, fmax(width - gap, 0.75), BAR,
                      (en_pen){.fill = (en_ink)(EN_INK_SERIES + part), .tip = tip});
        x += width;
    }
    en_sheet_text(sheet, left - 10, y + 13.5,
                  (en_letters){.size = EN_LETTER_TEXT,
                               .ink = EN_INK_TEXT,
                               .align = EN_ALIGN_RIGHT,
                               .max_width = left - 10 - EN_FRAME_MARGIN},
                  chart->names[bar]);
    en_sheet_text(sheet, x + 8, y + 13.5, (en_letters){.size = EN_LETTER_SMALL, .ink = EN_INK_MUTED},
                  value_text(chart, t, bar, text));
}

static void draw(en_sheet *sheet, const en_chart_bars *chart, double top)
{
    totals t = add_up(chart);
    double names = 0, values = 0;
    char text[128];
    for (size_t bar = 0; bar < chart->bars; bar++) {
        names = fmax(names, en_sheet_text_width(chart->names[bar], EN_LETTER_TEXT, false));
        values = fmax(values, en_sheet_text_width(value_text(chart, &t, bar, text), EN_LETTER_SMALL, false));
    }
    double left = EN_FRAME_MARGIN + fmin(names, 150) + 11;
    double right = sheet->width - EN_FRAME_MARGIN - values - 8;
    for (size_t bar = 0; bar < chart->bars; bar++) {
        draw_bar(sheet, chart, &t, bar, left, right, top + ROW * (double)bar + (ROW - BAR) / 2);
    }
    en_sheet_line(sheet, left - 0.5, top, left - 0.5, top + ROW * (double)chart->bars,
                  (en_pen){.stroke = EN_INK_AXIS, .width = 1});
}

en_status en_chart_draw_bars(const en_chart_bars *chart, en_chart_medium medium, en_buf *out, en_error *err)
{
    if (chart->bars > EN_CHART_BARS_MAX || chart->parts < 1 || chart->parts > EN_CHART_SERIES_MAX ||
        (chart->parts > 1 && chart->part_names == NULL)) {
        return en_error_set(err, EN_USAGE, "a chart of %zu bars of %zu parts: at most %d bars of 1 to %d named parts",
                            chart->bars, chart->parts, EN_CHART_BARS_MAX, EN_CHART_SERIES_MAX);
    }
    double legend = chart->part_names != NULL ? en_frame_legend_height(chart->part_names, chart->parts, false) : 0;
    double head = en_frame_head_height(&chart->head);
    double rows = chart->bars > 0 ? ROW * (double)chart->bars : 60;
    en_sheet sheet;
    en_sheet_begin(&sheet, medium, EN_CHART_WIDTH, head + legend + 6 + rows + 14,
                   chart->head.alt != NULL ? chart->head.alt : chart->head.title, err);
    en_frame_head(&sheet, &chart->head);
    if (legend > 0) {
        en_frame_legend(&sheet, head, chart->part_names, chart->parts, false);
    }
    double top = head + legend + 6;
    if (chart->bars > 0) {
        draw(&sheet, chart, top);
    } else {
        en_frame_no_data(&sheet, &(en_frame){.left = 0, .right = sheet.width, .top = top, .bottom = top + rows});
    }
    return en_sheet_finish(&sheet, out);
}
