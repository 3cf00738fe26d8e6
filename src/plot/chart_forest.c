/* The forest plot: one line per subgroup, its estimate a square, its interval a line, as in a meta-analysis. Uses base
 * only. */
#include <math.h>
#include <stdio.h>

#include "plot/frame.h"

#define ROW 22.0      /* px */
#define NAMES 138.0   /* px at most, of the subgroups' names */
#define COUNTS 44.0   /* px, of the column of n */
#define FIGURES 128.0 /* px, of the estimates as text */
#define ABOVE 26.0    /* px, for the columns' names */
#define BELOW 46.0    /* px, for the ticks and the name of the axis */
#define MARK 4.5      /* px, half a square */

static double low_of(const en_chart_forest *chart)
{
    double low = en_value_drawn(chart->reference) ? chart->reference : 1;
    for (size_t i = 0; i < chart->rows; i++) {
        const en_chart_row *r = &chart->row[i];
        double least = en_value_drawn(r->low) ? r->low : r->value;
        low = r->n >= 0 && en_value_drawn(least) && least < low ? least : low;
    }
    return fmax(0, fmin(low, 0.9));
}

static void draw_estimate(en_sheet *sheet, const en_frame *f, const en_chart_row *r, double y)
{
    char value[EN_NUMBER_TEXT], low[EN_NUMBER_TEXT], high[EN_NUMBER_TEXT], text[128], tip[256];
    bool interval = en_value_drawn(r->low) && en_value_drawn(r->high);
    if (!en_value_drawn(r->value)) {
        snprintf(text, sizeof text, "not defined");
    } else if (interval) {
        snprintf(text, sizeof text, "%s [%s, %s]", en_number_fixed(r->value, 3, value), en_number_fixed(r->low, 3, low),
                 en_number_fixed(r->high, 3, high));
    } else {
        snprintf(text, sizeof text, "%s [too few]", en_number_fixed(r->value, 3, value));
    }
    en_sheet_text(sheet, sheet->width - EN_FRAME_MARGIN, y + 4,
                  (en_letters){.size = EN_LETTER_SMALL, .ink = EN_INK_TEXT, .align = EN_ALIGN_RIGHT}, text);
    if (!en_value_drawn(r->value)) {
        return;
    }
    snprintf(tip, sizeof tip, "%.60s: %s", r->name, text);
    if (interval) {
        en_sheet_line(sheet, en_axis_at(&f->x, fmax(r->low, f->x.low)), y, en_axis_at(&f->x, r->high), y,
                      (en_pen){.stroke = EN_INK_SERIES, .width = 1.5});
    }
    double x = en_axis_at(&f->x, fmax(r->value, f->x.low));
    en_sheet_rect(sheet, x - MARK, y - MARK, 2 * MARK, 2 * MARK,
                  (en_pen){.fill = interval ? EN_INK_SERIES : EN_INK_PAPER,
                           .stroke = interval ? EN_INK_NONE : EN_INK_SERIES,
                           .width = 1.5,
                           .tip = tip});
}

static void draw_row(en_sheet *sheet, const en_frame *f, const en_chart_row *r, double y)
{
    bool heading = r->n < 0;
    double indent = heading ? 0 : 10;
    en_sheet_text(sheet, EN_FRAME_MARGIN + indent, y + 4,
                  (en_letters){.size = EN_LETTER_SMALL,
                               .bold = heading,
                               .ink = EN_INK_TEXT,
                               .max_width = heading ? sheet->width / 2 : NAMES - indent},
                  r->name);
    if (heading) {
        return;
    }
    char n[EN_NUMBER_TEXT];
    en_sheet_text(sheet, EN_FRAME_MARGIN + NAMES + COUNTS - 8, y + 4,
                  (en_letters){.size = EN_LETTER_SMALL, .ink = EN_INK_MUTED, .align = EN_ALIGN_RIGHT},
                  en_number_count(r->n, n));
    draw_estimate(sheet, f, r, y);
}

static void draw(en_sheet *sheet, const en_chart_forest *chart)
{
    en_frame f = {.left = EN_FRAME_MARGIN + NAMES + COUNTS,
                  .top = en_frame_head_height(&chart->head) + ABOVE,
                  .right = sheet->width - EN_FRAME_MARGIN - FIGURES - 8,
                  .x = en_axis_make(low_of(chart), 1, 3, false, true)};
    f.bottom = f.top + ROW * (double)chart->rows;
    f.x.from = f.left;
    f.x.to = f.right;
    en_frame_head(sheet, &chart->head);
    en_letters quiet = {.size = EN_LETTER_SMALL, .ink = EN_INK_MUTED, .align = EN_ALIGN_RIGHT};
    en_sheet_text(sheet, f.left - 8, f.top - 9, quiet, "n");
    en_sheet_text(sheet, sheet->width - EN_FRAME_MARGIN, f.top - 9, quiet, "estimate [95% CI]");
    for (size_t i = 0; i < f.x.ticks; i++) {
        double value = en_axis_tick(&f.x, i), at = en_axis_at(&f.x, value);
        char label[EN_NUMBER_TEXT];
        en_sheet_line(sheet, at, f.top, at, f.bottom, (en_pen){.stroke = EN_INK_GRID, .width = 1});
        quiet.align = EN_ALIGN_CENTRE;
        en_sheet_text(sheet, at, f.bottom + 16, quiet, en_axis_label(&f.x, value, label));
    }
    en_sheet_line(sheet, f.left, f.bottom, f.right, f.bottom, (en_pen){.stroke = EN_INK_AXIS, .width = 1});
    quiet.max_width = sheet->width / 2;
    en_sheet_text(sheet, (f.left + f.right) / 2, f.bottom + 34, quiet, chart->x_label);
    if (en_value_drawn(chart->reference)) {
        double at = en_axis_at(&f.x, chart->reference);
        en_sheet_line(sheet, at, f.top, at, f.bottom, (en_pen){.stroke = EN_INK_AXIS, .width = 1, .dash = 4});
    }
    for (size_t i = 0; i < chart->rows; i++) {
        draw_row(sheet, &f, &chart->row[i], f.top + ROW * ((double)i + 0.5));
    }
}

en_status en_chart_draw_forest(const en_chart_forest *chart, en_chart_medium medium, en_buf *out, en_error *err)
{
    if (chart->rows > EN_CHART_ROWS_MAX) {
        return en_error_set(err, EN_USAGE, "%zu rows in a forest plot: at most %d", chart->rows, EN_CHART_ROWS_MAX);
    }
    double head = en_frame_head_height(&chart->head), body = chart->rows > 0 ? ROW * (double)chart->rows : 60;
    en_sheet sheet;
    en_sheet_begin(&sheet, medium, EN_CHART_WIDTH, head + ABOVE + body + BELOW,
                   chart->head.alt != NULL ? chart->head.alt : chart->head.title, err);
    if (chart->rows > 0) {
        draw(&sheet, chart);
    } else {
        en_frame_head(&sheet, &chart->head);
        en_frame_no_data(&sheet, &(en_frame){.left = 0, .right = sheet.width, .top = head, .bottom = head + body});
    }
    return en_sheet_finish(&sheet, out);
}
