/* Small declarative charts: say what to show, get an SVG, a PNG, a PDF or lines of text. The same chart gives the same
 * bytes.
 *
 * SVG is written as text, not through cairo: its letters stay letters (searchable, read aloud, the reader's own font),
 * values can be hovered, and no ids are used, so that any number of charts can stand inline in one HTML page. Colours
 * are attributes, for a light background, and every shape also bears a class, which a page may restyle for a dark one:
 *   pl-paper pl-ink pl-muted pl-grid pl-axis pl-s0..pl-s5 (fill) and the same with -l for lines (stroke).
 * PNG and PDF come from cairo, in DejaVu Sans, which comes with Debian's libcairo2;
 * without any font cairo draws plainer letters of its own.
 *
 * Everything in a chart is borrowed for the call. Names may hold anything: bytes that are not UTF-8 are replaced, long
 * names shortened. A value that is NaN, infinite or beyond 1e30 is not drawn; a chart without any shows "no data".
 * Errors: EN_USAGE for an invalid chart or size, EN_NOMEM, EN_INPUT when `out`'s cap is too small.
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

typedef enum en_chart_format {
    EN_CHART_SVG,
    EN_CHART_PNG,
    EN_CHART_PDF,
    EN_CHART_TEXT /* lines of characters, for a terminal */
} en_chart_format;

#define EN_CHART_WIDTH_MM 127 /* of a chart of 480 px, a CSS px being 1/96 inch */
#define EN_CHART_DPI 192      /* of a PNG: twice the size, for sharp letters */
#define EN_CHART_PX_MAX 16384 /* of either side of a PNG */

/* What a chart is drawn as, and how large. */
typedef struct en_chart_medium {
    en_chart_format format;
    double width_mm;        /* on paper; 0: EN_CHART_WIDTH_MM */
    double dpi;             /* pixels per inch of a PNG; 0: EN_CHART_DPI */
    size_t columns;         /* of text; 40 at least */
    bool utf8;              /* text may have more than ASCII; its widths are those of the process's LC_CTYPE */
    struct en_paper *paper; /* a document that the chart becomes a part of (plot/paper.h); NULL: it is a file */
} en_chart_medium;

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
    bool no_dots;           /* the points are not measurements of their own: a curve */
} en_chart_lines;

#define EN_CHART_POINTS_MAX 5 /* operating points of a ROC chart */

/* An operating point: what the answers are at one threshold. NaN: not drawn. */
typedef struct en_chart_point {
    double fpr, tpr;
    const char *label; /* "p >= 0.5" */
} en_chart_point;

/* A receiver operating characteristic; points from (0,0) to (1,1). */
typedef struct en_chart_roc {
    en_chart head;
    const double *fpr, *tpr; /* 1 - specificity and sensitivity, 0..1 */
    size_t count;
    double auc, auc_low, auc_high; /* low and high: its confidence interval; NaN: not shown */
    double confidence;             /* of that interval and of the band, 0.95 */
    /* The interval of the sensitivity at each of these, 0..1 and rising; a NaN is left out. */
    const double *band_fpr, *band_low, *band_high;
    size_t band; /* 0: none */
    const en_chart_point *point;
    size_t points; /* 0..EN_CHART_POINTS_MAX */
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

#define EN_CHART_ROWS_MAX 64 /* of a forest plot */

/* A subgroup and its estimate. */
typedef struct en_chart_row {
    const char *name;
    int64_t n;               /* of units in it; < 0: the row is a heading */
    double value, low, high; /* 0..1; NaN: not shown */
} en_chart_row;

/* A forest plot: estimates of subgroups with their intervals over one axis. */
typedef struct en_chart_forest {
    en_chart head;
    const char *x_label;
    const en_chart_row *row;
    size_t rows;      /* 0..EN_CHART_ROWS_MAX */
    double reference; /* where a dashed line stands, the estimate of all; NaN: none */
} en_chart_forest;

#define EN_CHART_STEPS_MAX 8
#define EN_CHART_SIDE_MAX 12 /* lines of what left at a step */

/* A step of a flow diagram: what is there, and what leaves between it and the next. */
typedef struct en_chart_step {
    const char *title, *detail;          /* detail may be NULL */
    const char *side[EN_CHART_SIDE_MAX]; /* lines; NULL behind the last; none: nothing left */
} en_chart_step;

/* A flow diagram: from what was collected to what was analysed. */
typedef struct en_chart_flow {
    en_chart head;
    const en_chart_step *step;
    size_t steps; /* 0..EN_CHART_STEPS_MAX */
} en_chart_flow;

/* Each appends one whole chart to `out`; on an error `out` is as it was. */
en_status en_chart_draw_lines(const en_chart_lines *c, en_chart_medium medium, en_buf *out, en_error *err) EN_CHECKED;
en_status en_chart_draw_roc(const en_chart_roc *c, en_chart_medium medium, en_buf *out, en_error *err) EN_CHECKED;
en_status en_chart_draw_confusion(const en_chart_confusion *c, en_chart_medium medium, en_buf *out,
                                  en_error *err) EN_CHECKED;
en_status en_chart_draw_bars(const en_chart_bars *c, en_chart_medium medium, en_buf *out, en_error *err) EN_CHECKED;
en_status en_chart_draw_calibration(const en_chart_calibration *c, en_chart_medium medium, en_buf *out,
                                    en_error *err) EN_CHECKED;

en_status en_chart_draw_forest(const en_chart_forest *c, en_chart_medium medium, en_buf *out, en_error *err) EN_CHECKED;
en_status en_chart_draw_flow(const en_chart_flow *c, en_chart_medium medium, en_buf *out, en_error *err) EN_CHECKED;

/* "svg", "png" or "pdf"; false for any other word: text has none. */
bool en_chart_format_parse(const char *word, en_chart_format *out);
const char *en_chart_format_name(en_chart_format format);

#endif
