/* The receiver operating characteristic: sensitivity against 1 - specificity, and what to read off it. Uses base
 * only. */
#include <math.h>
#include <stdio.h>

#include "plot/frame.h"

/* The curve with the area under it lightly filled; the area is the AUC. */
static void draw_curve(en_sheet *sheet, const en_frame *f, const en_chart_roc *chart)
{
    en_frame_curve(sheet, f, chart->fpr, chart->tpr, chart->count, (en_pen){.fill = EN_INK_SERIES, .opacity = 0.08});
    en_frame_curve(sheet, f, chart->fpr, chart->tpr, chart->count, en_series_pen(0));
}

static void draw_auc(en_sheet *sheet, double *y, const en_chart_roc *chart)
{
    char auc[EN_NUMBER_TEXT], low[EN_NUMBER_TEXT], high[EN_NUMBER_TEXT], percent[EN_NUMBER_TEXT], text[192];
    en_letters quiet = {.size = EN_LETTER_TEXT, .ink = EN_INK_MUTED};
    en_sheet_text(sheet, EN_FRAME_SIDE, *y, quiet, "area under the curve");
    en_sheet_text(sheet, EN_FRAME_SIDE, *y + 36, (en_letters){.size = 32, .bold = true, .ink = EN_INK_TEXT},
                  en_number_fixed(chart->auc, 3, auc));
    *y += 58;
    if (!isfinite(chart->auc_low) || !isfinite(chart->auc_high)) {
        return;
    }
    snprintf(text, sizeof text, "%s to %s (%s CI)", en_number_fixed(chart->auc_low, 3, low),
             en_number_fixed(chart->auc_high, 3, high), en_number_percent(chart->confidence, 0, percent));
    en_sheet_text(sheet, EN_FRAME_SIDE, *y, quiet, text);
    *y += 20;
}

static void draw_point(en_sheet *sheet, const en_frame *f, double y, const en_chart_roc *chart)
{
    if (!en_value_drawn(chart->point_fpr) || !en_value_drawn(chart->point_tpr)) {
        return;
    }
    en_pen dot = {.fill = EN_INK_SERIES + 1, .stroke = EN_INK_PAPER, .width = 2};
    en_sheet_circle(sheet, en_axis_at(&f->x, chart->point_fpr), en_axis_at(&f->y, chart->point_tpr), 6.5, dot);
    en_letters plain = {.size = EN_LETTER_TEXT, .ink = EN_INK_TEXT, .max_width = sheet->width - EN_FRAME_SIDE - 30};
    en_sheet_circle(sheet, EN_FRAME_SIDE + 6, y - 4.5, 6.5, dot);
    en_sheet_text(sheet, EN_FRAME_SIDE + 20, y, plain, chart->point_label);
    char figure[EN_NUMBER_TEXT], text[96];
    plain.ink = EN_INK_MUTED;
    snprintf(text, sizeof text, "sensitivity %s", en_number_fixed(chart->point_tpr, 3, figure));
    en_sheet_text(sheet, EN_FRAME_SIDE + 20, y + 20, plain, text);
    snprintf(text, sizeof text, "specificity %s", en_number_fixed(1 - chart->point_fpr, 3, figure));
    en_sheet_text(sheet, EN_FRAME_SIDE + 20, y + 40, plain, text);
}

en_status en_chart_draw_roc(const en_chart_roc *chart, en_chart_format format, en_buf *out, en_error *err)
{
    en_sheet sheet;
    en_sheet_begin(&sheet, format, EN_CHART_WIDTH, en_frame_square_height(&chart->head),
                   chart->head.alt != NULL ? chart->head.alt : chart->head.title, err);
    en_frame f = en_frame_square(&sheet, &chart->head, "1 \xe2\x88\x92 specificity", "sensitivity");
    double y = f.top + 10;
    if (chart->count < 2) {
        en_frame_no_data(&sheet, &f);
    } else {
        draw_curve(&sheet, &f, chart);
        draw_auc(&sheet, &y, chart);
        draw_point(&sheet, &f, y + 22, chart);
        y += 104;
    }
    en_sheet_line(&sheet, EN_FRAME_SIDE, f.bottom - 4.5, EN_FRAME_SIDE + 22, f.bottom - 4.5,
                  (en_pen){.stroke = EN_INK_AXIS, .width = 1, .dash = 4});
    en_sheet_text(&sheet, EN_FRAME_SIDE + 30, f.bottom, (en_letters){.size = EN_LETTER_SMALL, .ink = EN_INK_MUTED},
                  "chance");
    return en_sheet_finish(&sheet, out);
}
