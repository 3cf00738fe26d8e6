/* The receiver operating characteristic: sensitivity against 1 - specificity, and what to read off it. Uses base
 * only. */
#include <math.h>
#include <stdio.h>

#include "plot/frame.h"

#define NOTES 0.40    /* of the side: where the notes begin, right of the curve and below the diagonal */
#define LINE 19.0     /* px, of a note */
#define BAND_MOST 128 /* points of the band */

/* The interval of the sensitivity, filled; without a band, the area under the curve, which is the AUC. */
static void draw_band(en_sheet *sheet, const en_frame *f, const en_chart_roc *chart)
{
    en_point edge[2 * BAND_MOST], back[BAND_MOST];
    size_t n = 0;
    for (size_t i = 0; i < chart->band && n < BAND_MOST; i++) {
        double x = chart->band_fpr[i], low = chart->band_low[i], high = chart->band_high[i];
        if (en_value_drawn(x) && en_value_drawn(low) && en_value_drawn(high)) {
            edge[n] = (en_point){en_axis_at(&f->x, x), en_axis_at(&f->y, high)};
            back[n++] = (en_point){en_axis_at(&f->x, x), en_axis_at(&f->y, low)};
        }
    }
    if (n < 2) {
        en_frame_curve(sheet, f, chart->fpr, chart->tpr, chart->count,
                       (en_pen){.fill = EN_INK_SERIES, .opacity = 0.08});
        return;
    }
    for (size_t i = 0; i < n; i++) {
        edge[n + i] = back[n - 1 - i];
    }
    en_sheet_path(sheet, edge, 2 * n, (en_pen){.fill = EN_INK_SERIES, .opacity = 0.18});
}

static double draw_auc(en_sheet *sheet, double x, double y, const en_chart_roc *chart)
{
    char auc[EN_NUMBER_TEXT], low[EN_NUMBER_TEXT], high[EN_NUMBER_TEXT], percent[EN_NUMBER_TEXT], text[192];
    en_letters quiet = {.size = EN_LETTER_SMALL, .ink = EN_INK_MUTED};
    en_sheet_text(sheet, x, y, quiet, "area under the curve");
    en_sheet_text(sheet, x, y + 28, (en_letters){.size = 26, .bold = true, .ink = EN_INK_TEXT},
                  en_number_fixed(chart->auc, 3, auc));
    if (!isfinite(chart->auc_low) || !isfinite(chart->auc_high)) {
        return y + 28 + LINE;
    }
    snprintf(text, sizeof text, "%s to %s (%s CI)", en_number_fixed(chart->auc_low, 3, low),
             en_number_fixed(chart->auc_high, 3, high), en_number_percent(chart->confidence, 0, percent));
    en_sheet_text(sheet, x, y + 28 + LINE, quiet, text);
    return y + 28 + 2 * LINE;
}

static en_pen dot_of(size_t i, const char *tip)
{
    return (en_pen){.fill = (en_ink)(EN_INK_SERIES + 1 + i), .stroke = EN_INK_PAPER, .width = 2, .tip = tip};
}

static bool drawn(const en_chart_point *p) { return en_value_drawn(p->fpr) && en_value_drawn(p->tpr); }

/* "p >= 0.5: 0.912, 0.803": a dot and what it reaches. */
static void draw_points(en_sheet *sheet, const en_frame *f, double x, double y, const en_chart_roc *chart)
{
    if (chart->points > 0) {
        en_sheet_text(sheet, x, y, (en_letters){.size = EN_LETTER_SMALL, .ink = EN_INK_MUTED},
                      "threshold: sensitivity, specificity");
        y += LINE;
    }
    for (size_t i = 0; i < chart->points && i < EN_CHART_POINTS_MAX; i++) {
        const en_chart_point *p = &chart->point[i];
        char sensitivity[EN_NUMBER_TEXT], specificity[EN_NUMBER_TEXT], tip[256], text[256];
        if (!drawn(p)) {
            continue;
        }
        en_number_fixed(p->tpr, 3, sensitivity);
        en_number_fixed(1 - p->fpr, 3, specificity);
        snprintf(tip, sizeof tip, "%.80s: sensitivity %s, specificity %s", p->label, sensitivity, specificity);
        snprintf(text, sizeof text, "%.80s: %s, %s", p->label, sensitivity, specificity);
        en_sheet_circle(sheet, en_axis_at(&f->x, p->fpr), en_axis_at(&f->y, p->tpr), 6, dot_of(i, tip));
        en_sheet_circle(sheet, x + 5, y - 4, 5, dot_of(i, NULL));
        en_sheet_text(sheet, x + 16, y,
                      (en_letters){.size = EN_LETTER_SMALL, .ink = EN_INK_TEXT, .max_width = f->right - x - 20}, text);
        y += LINE;
    }
}

static double notes_height(const en_chart_roc *chart)
{
    double height = 28 + 2 * LINE + (chart->points > 0 ? LINE : 0);
    for (size_t i = 0; i < chart->points && i < EN_CHART_POINTS_MAX; i++) {
        height += drawn(&chart->point[i]) ? LINE : 0;
    }
    return height;
}

en_status en_chart_draw_roc(const en_chart_roc *chart, en_chart_medium medium, en_buf *out, en_error *err)
{
    if (chart->points > EN_CHART_POINTS_MAX) {
        return en_error_set(err, EN_USAGE, "%zu operating points in one chart: at most %d", chart->points,
                            EN_CHART_POINTS_MAX);
    }
    en_sheet sheet;
    en_sheet_begin(&sheet, medium, EN_CHART_WIDTH, en_frame_square_height(&chart->head),
                   chart->head.alt != NULL ? chart->head.alt : chart->head.title, err);
    en_frame f = en_frame_square(&sheet, &chart->head, "1 \xe2\x88\x92 specificity (dashed: chance)", "sensitivity");
    if (chart->count < 2) {
        en_frame_no_data(&sheet, &f);
    } else {
        double x = f.left + NOTES * (f.right - f.left);
        draw_band(&sheet, &f, chart);
        en_frame_curve(&sheet, &f, chart->fpr, chart->tpr, chart->count, en_series_pen(0));
        draw_points(&sheet, &f, x, draw_auc(&sheet, x, f.bottom - notes_height(chart), chart), chart);
    }
    return en_sheet_finish(&sheet, out);
}
