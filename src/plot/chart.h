/* Small declarative charts: say what to show, get an SVG, a PNG or a PDF. The same chart gives the same bytes.
 *
 * SVG is written as text, not through cairo: its letters stay letters (searchable, read aloud, the reader's own font),
 * values can be hovered, and no ids are used, so that any number of charts can stand inline in one HTML page. Colours
 * are attributes, for a light background, and every shape also bears a class, which a page may restyle for a dark one:
 *   pl-paper pl-ink pl-muted pl-grid pl-axis pl-s0..pl-s5 (fill) and the same with -l for lines (stroke).
 * PNG (twice the size, for sharp letters) and PDF come from cairo, in DejaVu Sans, which comes with Debian's libcairo2;
 * without any font cairo draws plainer letters of its own.
 *
 * Everything in a chart is borrowed for the call. Names may hold anything: bytes that are not UTF-8 are replaced, long
 * names shortened. A value that is NaN, infinite or beyond 1e30 is not drawn; a chart without any shows "no data".
 * Errors: EN_USAGE for an invalid chart, EN_NOMEM, EN_INPUT when `out`'s cap is too small.
 * Colours: Okabe and Ito, "Color Universal Design" (2008), distinguishable by colour-blind readers; lines differ by
 * dashes. */
#ifndef EN_PLOT_CHART_H
#define EN_PLOT_CHART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"

#define EN_CHART_SERIES_MAX 6   /* as many as there are colours */
#define EN_CHART_CLASSES_MAX 64 /* rows of a confusion matrix */
#define EN_CHART_BARS_MAX 64

typedef enum en_chart_format { EN_CHART_SVG, EN_CHART_PNG, EN_CHART_PDF } en_chart_format;

/* What every chart has. `alt` describes the chart in a sentence, for readers who cannot see it; NULL: the title. */
typedef struct en_chart {
    const char *title, *subtitle; /* either may be NULL */
    const char *alt;
} en_chart;

/* One line: count points by rising x. */
typedef struct en_chart_series {
    const char *name;
    const double *x, *y;
    size_t count;
} en_chart_series;

/* Lines over a common x axis: learning curves. */
typedef struct en_chart_lines {
    en_chart head;
    const char *x_label, *y_label;
    const en_chart_series *series;
    size_t count;           /* of series */
    double y_low, y_high;   /* the range y shows at least; NaN: what the data need */
    bool whole_x;           /* x counts something (epochs): ticks at whole numbers only */
    double mark_x;          /* an x to mark (the best epoch); NaN: none */
    const char *mark_label; /* "best: epoch 7" */
} en_chart_lines;

/* A receiver operating characteristic; points from (0,0) to (1,1). */
typedef struct en_chart_roc {
    en_chart head;
    const double *fpr, *tpr; /* 1 - specificity and sensitivity, 0..1 */
    size_t count;
    double auc, auc_low, auc_high; /* low and high: its confidence interval; NaN: not shown */
    double confidence;             /* of that interval, 0.95 */
    double point_fpr, point_tpr;   /* the operating point; NaN: none */
    const char *point_label;       /* "p >= 0.5" */
} en_chart_roc;

/* A confusion matrix: count[truth * classes + predicted]. Shaded by the fraction of its row. */
typedef struct en_chart_confusion {
    en_chart head;
    const char *const *names; /* [classes] */
    size_t classes;           /* 1..EN_CHART_CLASSES_MAX */
    const int64_t *count;     /* [classes * classes], >= 0 */
} en_chart_confusion;

/* Horizontal bars, each of `parts` stacked pieces: value[bar * parts + part], >= 0. */
typedef struct en_chart_bars {
    en_chart head;
    const char *const *names;      /* [bars] */
    size_t bars;                   /* 0..EN_CHART_BARS_MAX */
    const char *const *part_names; /* [parts], for the legend; NULL when parts is 1 */
    size_t parts;                  /* 1..EN_CHART_SERIES_MAX */
    const double *value;
    bool proportion; /* also write each bar's percentage of the total */
} en_chart_bars;

/* A reliability diagram: per bin of predictions, how often they were right. */
typedef struct en_chart_calibration {
    en_chart head;
    const double *predicted;  /* [bins] mean prediction of the bin, 0..1 */
    const double *observed;   /* [bins] proportion of positives, 0..1 */
    const double *low, *high; /* [bins] confidence interval of observed; both NULL: none */
    const int64_t *count;     /* [bins] predictions; bins with none are left out */
    size_t bins;
    double ece, brier; /* written beside; NaN: not shown */
} en_chart_calibration;

/* Each appends one whole chart to `out`; on an error `out` is as it was. */
en_status en_chart_draw_lines(const en_chart_lines *c, en_chart_format format, en_buf *out, en_error *err) EN_CHECKED;
en_status en_chart_draw_roc(const en_chart_roc *c, en_chart_format format, en_buf *out, en_error *err) EN_CHECKED;
en_status en_chart_draw_confusion(const en_chart_confusion *c, en_chart_format format, en_buf *out,
                                  en_error *err) EN_CHECKED;
en_status en_chart_draw_bars(const en_chart_bars *c, en_chart_format format, en_buf *out, en_error *err) EN_CHECKED;
en_status en_chart_draw_calibration(const en_chart_calibration *c, en_chart_format format, en_buf *out,
                                    en_error *err) EN_CHECKED;

/* "svg", "png" or "pdf"; false for any other word. */
bool en_chart_format_parse(const char *word, en_chart_format *out);
const char *en_chart_format_name(en_chart_format format);

#endif
