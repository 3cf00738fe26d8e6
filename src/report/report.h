/* report: everything worth knowing about a run in one place: a struct for the terminal, and a report.html that stands
 * by itself (style, charts and pictures inside; no scripts; nothing loaded from elsewhere), to read, mail or print.
 * The same catalog gives the same bytes: the dates in it are those of the run. */
#ifndef EN_REPORT_REPORT_H
#define EN_REPORT_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "catalog/image.h"
#include "catalog/metric.h"
#include "catalog/run.h"
#include "catalog/evaluation.h"
#include "catalog/split.h"
#include "catalog/subset.h"
#include "training/calibrate.h"
#include "training/classes.h"
#include "training/metrics.h"
#include "project/project.h"
#include "plot/chart.h"

#define EN_REPORT_FILE "report.html"
#define EN_REPORT_MISTAKES 12 /* a page full of pictures: what is shown unless asked otherwise */

typedef struct en_report_options {
    const char *run;    /* name or beginning of a uuid; NULL: the newest; a project without runs gets an overview */
    const char *html;   /* where to write; NULL: runs/NAME/report.html, and report.html in a project without runs */
    bool no_html;       /* only collect */
    const char *charts; /* also write each chart as a file into this folder; NULL: no */
    en_chart_format chart_format;
    en_unit unit;         /* what is counted; 0: photographs */
    en_combine combine;   /* the eyes of a patient; 0: worst */
    const char *positive; /* of two classes, the one that counts as positive; NULL: the run's */
    size_t mistakes;      /* how many of the worst mistakes to show as pictures, at most */
} en_report_options;

/* A source of photographs, or a file of labels. */
typedef struct en_report_origin {
    char *name;         /* the source's uri; the label file */
    char *kind, *state; /* of a source: kind and state; of a label file: scheme and grader */
    int64_t version;    /* of the source at its uri, from 1; of labels -1 */
    int64_t count;      /* photographs; labels that count now */
    int64_t accepted;   /* of the photographs; of labels -1 */
} en_report_origin;

/* Photographs in use, by grade ("1 mild"; "no grade" last) and by their part in the run's split (or the newest). */
typedef struct en_report_balance {
    char *name;
    int64_t train, val, test, none;
} en_report_balance;

/* How one grade fared. */
typedef struct en_report_grade {
    char *name;
    int64_t n, right;
    double mean_score; /* of two classes the second one's probability, else the expected class */
} en_report_grade;

typedef struct en_report_mistake {
    char *image, *file;      /* its name, and its path in the project (NULL: none) */
    char *grade;             /* "2 moderate", NULL: no label */
    size_t truth, predicted; /* classes */
    double p;                /* probability given to the truth */
    uint16_t mirror, rotation;
    en_buf jpeg; /* its pixels as the network saw them; empty: they are not there any more */
} en_report_mistake;

/* All owned; ended by en_report_clear. */
typedef struct en_report_result {
    char *html;                 /* the file written, or NULL */
    int64_t files, pending;     /* photographs fetched; of them not ingested yet */
    en_catalog_counts states;   /* images: accepted, rejected, listed */
    en_catalog_counts reasons;  /* of the rejected */
    int64_t patients, labelled; /* of images in use (accepted or listed) */
    int64_t samples;            /* of the run's recipe, or the newest */
    int64_t variants;
    en_report_origin *source, *label_file;
    size_t sources, label_files;
    en_catalog_split split; /* the run's, or the newest; id is -1 when there is none */
    en_report_balance *balance;
    size_t balances;
    en_catalog_accounts accounts; /* what must add up */

    bool has_run; /* false: nothing below is filled */
    en_catalog_run run;
    en_catalog_params params;
    en_catalog_curves curves;
    en_catalog_subset subset, val_subset; /* val_subset.id is -1 when there is none */
    en_classes classes;
    en_calibration calibration; /* method 0: of a run without one */
    bool uneven_views;          /* of the training subset: rotation is confounded with the target, as `views` says */
    en_class_views views;
    en_catalog_checkpoint checkpoint; /* the weights that were kept; path NULL: none */

    bool has_evaluation; /* the newest of the part test, else the newest; false: nothing below is filled */
    en_catalog_evaluation evaluation;
    en_catalog_subset eval_subset;
    en_metrics metrics;
    int64_t shared_patients;   /* of the evaluation's, those the run was trained on: a leak unless 0 */
    int64_t choosing_patients; /* of the evaluation's, those by which the weights to keep were chosen */
    en_report_grade *grade;
    size_t grades;
    int64_t mistakes_all;       /* how many there are */
    en_report_mistake *mistake; /* the worst of them: least p first */
    size_t mistakes;
} en_report_result;

/* Class i of the run as text shows it: en_classes_label. */
const char *en_report_class(const en_report_result *r, size_t i);

/* EN_INPUT: no such run. The catalog is only read. The file is whole or not there. */
en_status en_report(en_project *project, const en_report_options *options, en_report_result *result,
                    en_error *err) EN_CHECKED;
void en_report_clear(en_report_result *result); /* safe on a zeroed one */

/* The page itself, appended to `out`: what en_report writes. */
en_status en_report_html(const en_report_result *r, en_buf *out, en_error *err) EN_CHECKED;

#endif
