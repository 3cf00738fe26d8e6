/* The reliability diagram: of the photographs given p, how many were positive. Uses base only. */
#include <math.h>
#include <stdio.h>

#include "plot/frame.h"

#define DOT_LEAST 3.5 /* px, radii */
#define DOT_MOST 8.0
#define PANEL_TOP 82.0    /* px below the plot: where the counts' own axis ends */
#define PANEL_HEIGHT 52.0 /* px */
#define PANEL 96.0        /* px the panel adds to the chart */

static int64_t most_predictions(const en_chart_calibration *chart)
{
    int64_t most = 1;
    for (size_t i = 0; i < chart->bins; i++) {
        most = chart->count[i] > most ? chart->count[i] : most;
    }
    return most;
}

/* A line across the panel of counts, with the count it stands for. */
static void draw_level(en_sheet *sheet, const en_frame *f, double y, int64_t count, en_ink ink)
{
    char figure[EN_NUMBER_TEXT];
    en_sheet_line(sheet, f->left, y, f->right, y, (en_pen){.stroke = ink, .width = 1});
    en_sheet_text(sheet, f->left - 8, y + 4,
                  (en_letters){.size = EN_LETTER_SMALL, .ink = EN_INK_MUTED, .align = EN_ALIGN_RIGHT},
                  en_number_count(count, figure));
}

/* How many predictions each bin holds, as bars below the plot on a scale of their own, from none to the most. */
static void draw_counts(en_sheet *sheet, const en_frame *f, const en_chart_calibration *chart)
{
    int64_t most = most_predictions(chart);
    double width = (f->right - f->left) / (double)chart->bins, bottom = f->bottom + PANEL_TOP + PANEL_HEIGHT;
    en_sheet_text(sheet, EN_FRAME_MARGIN, f->bottom + PANEL_TOP - 14,
                  (en_letters){.size = EN_LETTER_SMALL, .ink = EN_INK_MUTED}, "predictions in a bin");
    draw_level(sheet, f, bottom - PANEL_HEIGHT, most, EN_INK_GRID);
    for (size_t i = 0; i < chart->bins; i++) {
        if (chart->count[i] <= 0) {
            continue;
        }
        double height =
            fmax(1, PANEL_HEIGHT * (double)chart->count[i] / (double)most); /* a single one must be visible */
        char count[EN_NUMBER_TEXT], tip[96];
        snprintf(tip, sizeof tip, "%s predictions", en_number_count(chart->count[i], count));
        en_sheet_rect(sheet, f->left + (double)i * width + 1, bottom - height, width - 2, height,
                      (en_pen){.fill = EN_INK_MUTED, .opacity = 0.5, .tip = tip});
    }
    draw_level(sheet, f, bottom, 0, EN_INK_AXIS);
}

static bool bin_drawn(const en_chart_calibration *chart, size_t i)
{
    return chart->count[i] > 0 && en_value_drawn(chart->predicted[i]) && en_value_drawn(chart->observed[i]);
}

static void draw_whisker(en_sheet *sheet, const en_frame *f, const en_chart_calibration *chart, size_t i)
{
    if (chart->low == NULL || chart->high == NULL) {
        return;
    }
    if (!en_value_drawn(chart->low[i]) || !en_value_drawn(chart->high[i])) {
        return;
    }
    double x = en_axis_at(&f->x, chart->predicted[i]);
    en_sheet_line(sheet, x, en_axis_at(&f->y, chart->low[i]), x, en_axis_at(&f->y, chart->high[i]),
                  (en_pen){.stroke = EN_INK_SERIES, .width = 1});
}

/* One dot per bin, on its whisker. The area is proportional to the number of predictions, so that small bins do not
 * look like large ones. */
static void draw_bins(en_sheet *sheet, const en_frame *f, const en_chart_calibration *chart)
{
    int64_t most = most_predictions(chart);
    for (size_t i = 0; i < chart->bins; i++) {
        if (bin_drawn(chart, i)) {
            draw_whisker(sheet, f, chart, i);
        }
    }
    for (size_t i = 0; i < chart->bins; i++) {
        if (!bin_drawn(chart, i)) {
            continue;
        }
        double radius = fmax(DOT_LEAST, DOT_MOST * sqrt((double)chart->count[i] / (double)most));
        char p[EN_NUMBER_TEXT], o[EN_NUMBER_TEXT], n[EN_NUMBER_TEXT], tip[192];
        snprintf(tip, sizeof tip, "predicted %s, observed %s, n = %s", en_number_fixed(chart->predicted[i], 3, p),
                 en_number_fixed(chart->observed[i], 3, o), en_number_count(chart->count[i], n));
        en_sheet_circle(sheet, en_axis_at(&f->x, chart->predicted[i]), en_axis_at(&f->y, chart->observed[i]), radius,
                        (en_pen){.fill = EN_INK_SERIES, .stroke = EN_INK_PAPER, .width = 1.5, .tip = tip});
    }
}

/* A figure with its name before it; returns the y below. */
static double draw_note(en_sheet *sheet, double x, double y, const char *name, double value)
{
    if (!isfinite(value)) {
        return y;
    }
    char figure[EN_NUMBER_TEXT];
    en_sheet_text(sheet, x, y, (en_letters){.size = 20, .bold = true, .ink = EN_INK_TEXT},
                  en_number_fixed(value, 3, figure));
    en_sheet_text(sheet, x + 66, y, (en_letters){.size = EN_LETTER_SMALL, .ink = EN_INK_MUTED}, name);
    return y + 26;
}

en_status en_chart_draw_calibration(const en_chart_calibration *chart, en_chart_medium medium, en_buf *out,
                                    en_error *err)
{
    bool any = false;
    for (size_t i = 0; i < chart->bins; i++) {
        any = any || bin_drawn(chart, i);
    }
    en_sheet sheet;
    en_sheet_begin(&sheet, medium, EN_CHART_WIDTH, en_frame_square_height(&chart->head) + (any ? PANEL : 0),
                   chart->head.alt != NULL ? chart->head.alt : chart->head.title, err);
    en_frame f = en_frame_square(&sheet, &chart->head, "predicted probability (dashed: perfect)",
                                 "observed proportion of positives");
    if (any) {
        draw_counts(&sheet, &f, chart);
        draw_bins(&sheet, &f, chart);
        double y = draw_note(&sheet, f.left + 14, f.top + 26, "calibration error (ECE)", chart->ece);
        draw_note(&sheet, f.left + 14, y, "Brier score", chart->brier);
    } else {
        en_frame_no_data(&sheet, &f);
    }
    return en_sheet_finish(&sheet, out);
}
