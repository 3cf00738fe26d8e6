/* report: everything worth knowing about a run in one place: a struct for the terminal, and a report.html that stands by
 * itself (style, charts and pictures inside; no scripts; nothing loaded from elsewhere), to be read, mailed or printed. */
#ifndef EN_LAB_REPORT_H
#define EN_LAB_REPORT_H

#include <stddef.h>
#include <stdint.h>

#include "catalog/image.h"
#include "catalog/metric.h"
#include "catalog/run.h"
#include "catalog/subset.h"
#include "lab/lab.h"
#include "plot/chart.h"
#include "stats/confusion.h"
#include "stats/roc.h"

#define EN_REPORT_FILE "report.html"
#define EN_REPORT_MISTAKES 12 /* pictures of the worst ones, unless asked otherwise */
#define EN_REPORT_BINS 10     /* of the calibration diagram */

typedef struct en_report_options {
    const char *run;    /* name or beginning of a uuid; NULL: the newest; a project without runs gets an overview */
    const char *html;   /* where to write; NULL: runs/NAME/report.html, and report.html in the project without runs */
    bool no_html;       /* only collect */
    const char *charts; /* also write each chart as a file into this folder; NULL: no */
    en_chart_format chart_format;
    int64_t mistakes;   /* pictures of the worst mistakes; 0: EN_REPORT_MISTAKES; negative: none */
} en_report_options;

/* One row of a table of counts by group: a grade, or "no label". */
typedef struct en_report_balance {
    char *name;
    int64_t train, val, test, none; /* accepted photographs by their part in the run's split; none: in no part */
} en_report_balance;

/* How one true grade fared. */
typedef struct en_report_grade {
    char *name;
    int64_t n, right;
    double mean_score; /* of the predictions, 0..1 or a class's index */
} en_report_grade;

typedef struct en_report_mistake {
    char *image, *file;   /* its name, and its path in the project (NULL: none) */
    char *grade;          /* its current label in words, NULL: none */
    size_t truth, predicted;
    double p;             /* probability given to the truth */
    uint16_t mirror, rotation;
    en_buf jpeg;          /* its pixels as the network saw them; empty: not there any more */
} en_report_mistake;

/* Figures of two classes, the second of which is "positive"; NAN where they cannot be told. */
typedef struct en_report_binary {
    double auc, auc_low, auc_high; /* 95% bootstrap interval over patients */
    double sensitivity, specificity, ppv, npv; /* at p = 0.5 */
    double sensitivity_at_90;      /* at a specificity of at least 90% */
    double ece, brier;
    int64_t positives, negatives;
    en_roc roc;
    double predicted[EN_REPORT_BINS], observed[EN_REPORT_BINS], low[EN_REPORT_BINS], high[EN_REPORT_BINS];
    int64_t count[EN_REPORT_BINS];
} en_report_binary;

/* All owned; end it with en_report_clear. Without a run: has_run is false and only the first group is filled. */
typedef struct en_report_result {
    char *html;                     /* the file written, or NULL */
    en_catalog_counts states;       /* photographs: accepted, rejected, listed */
    en_catalog_counts reasons;      /* of the rejected */
    int64_t files, pending;         /* photographs fetched; of them not ingested yet */
    int64_t patients, labelled, samples, variants;
    en_report_balance *balance;     /* by grade, "no label" last */
    size_t balances;
    en_catalog_accounts books;      /* what must add up, and does */

    bool has_run;
    en_catalog_run run;
    en_catalog_params params;
    en_catalog_curves curves;
    en_catalog_subset subset, val_subset; /* ids are -1 when there is none */
    char *class_name[EN_CHART_CLASSES_MAX];
    size_t classes;
    en_catalog_checkpoint checkpoint;     /* the weights that were kept; path NULL: none */

    bool has_evaluation;            /* the newest one on the part test, else the newest */
    en_catalog_evaluation evaluation;
    en_catalog_subset eval_subset;
    int64_t n, n_patients, correct; /* predictions with a known truth, and their patients */
    en_confusion confusion;
    double accuracy, balanced_accuracy, kappa; /* kappa: quadratic weights */
    bool is_binary;
    en_report_binary binary;
    en_report_grade *grade;
    size_t grades;
    int64_t mistakes_all;           /* how many there are */
    en_report_mistake *mistake;     /* the worst of them, least p first */
    size_t mistakes;
    char date[21];                  /* of the report, UTC: 2015-04-01T12:00:00Z */
} en_report_result;

/* EN_INPUT: no such run. The catalog may be open read-only: nothing is written to it. */
en_status en_report(en_lab *lab, const en_report_options *options, en_report_result *result, en_error *err) EN_CHECKED;
void en_report_clear(en_report_result *result); /* safe on a zeroed one */

/* The page itself, appended to `out`; what en_report writes. */
en_status en_report_html(const en_report_result *r, en_buf *out, en_error *err) EN_CHECKED;

#endif
