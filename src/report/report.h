/* report: everything worth knowing about a run in one place: a struct for the terminal, and a report.html that stands
 * by itself (style, charts and pictures inside; no scripts; nothing loaded from elsewhere), to read, mail or print; or
 * the same as PDF, or its figures as Markdown or JSON.
 * The same catalog gives the same bytes: the dates in it are those of the run. */
#ifndef EN_REPORT_REPORT_H
#define EN_REPORT_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "catalog/image.h"
#include "catalog/metric.h"
#include "catalog/run.h"
#include "catalog/run_ensemble.h"
#include "catalog/evaluation.h"
#include "catalog/split.h"
#include "catalog/subset.h"
#include "training/calibrate.h"
#include "catalog/run_facts.h"
#include "training/classes.h"
#include "training/compare.h"
#include "training/metrics.h"
#include "project/project.h"
#include "plot/chart.h"

#define EN_REPORT_MISTAKES 12 /* a page full of pictures: what is shown unless asked otherwise */
#define EN_REPORT_EXAMPLES 6  /* photographs shown of each grade */
#define EN_REPORT_BINS 20     /* of a measure of quality, 0..1 */

/* What a report is written as; the ending of its file. */
typedef enum en_report_format {
    EN_REPORT_HTML = 1,
    EN_REPORT_MARKDOWN,
    EN_REPORT_JSON,
    EN_REPORT_PDF
} en_report_format;
extern const en_wordlist en_report_formats; /* html, md, json, pdf */

/* What a study must report. */
typedef enum en_report_checklist { EN_REPORT_TRIPOD_AI = 1, EN_REPORT_CLAIM, EN_REPORT_STARD_AI } en_report_checklist;
extern const en_wordlist en_report_checklists; /* tripod-ai, claim, stard-ai */

typedef struct en_report_options {
    const char *run; /* name or beginning of a uuid; NULL: the newest; a project without runs gets an overview */
    const char *out; /* where to write; NULL: runs/NAME/report.html, and report.html in a project without runs */
    en_report_format format; /* 0: HTML */
    bool data;               /* about the photographs, even where there are runs; `run` is NULL then */
    bool no_page;            /* only collect */
    const char *charts;      /* also write each chart as a file into this folder; NULL: no */
    en_chart_format chart_format;
    en_unit unit;                  /* what is counted; 0: photographs */
    en_combine combine;            /* the eyes of a patient; 0: worst */
    const char *positive;          /* of two classes, the one that counts as positive; NULL: the run's */
    bool screening;                /* also read it as a screening programme does; the target must be of grades */
    en_report_checklist checklist; /* 0: none; of a run */
    double prevalence; /* of the positives there, 0..1, for predictive values; 0: as among the patients measured */
    size_t mistakes;   /* how many of the worst mistakes to show as pictures, at most */
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
    int64_t grade; /* -1: none */
    char *name;
    int64_t train, val, test, none;
} en_report_balance;

/* The measures of quality that are drawn, each by its distribution. */
typedef enum en_report_trait {
    EN_REPORT_BRIGHTNESS = 1,
    EN_REPORT_CONTRAST,
    EN_REPORT_SHARPNESS,
    EN_REPORT_SCORE,
    EN_REPORT_TRAITS_END
} en_report_trait;

/* Photographs whose measure is in each twentieth of 0..1. */
typedef struct en_report_histogram {
    int64_t accepted[EN_REPORT_BINS], rejected[EN_REPORT_BINS];
} en_report_histogram;

/* Photographs of one size, px. */
typedef struct en_report_size {
    int64_t width, height, photographs, patients, accepted;
    int64_t graded, referable; /* of the accepted: with a grade, with one of 2 and above */
} en_report_size;

/* Variants of the photographs in use, by grade. */
typedef struct en_report_view {
    int64_t grade; /* -1: none */
    char *name;
    int64_t plain, changed; /* as taken; mirrored or rotated */
} en_report_view;

/* A photograph as an example of its grade. */
typedef struct en_report_example {
    char *grade, *image, *file; /* file: NULL: none */
    en_buf jpeg;                /* its sample; empty: the pixels are not there any more */
} en_report_example;

/* How one grade fared. */
typedef struct en_report_grade {
    char *name;
    int64_t n, right;
    double mean_score; /* of two classes the second one's probability, else the expected class */
} en_report_grade;

/* Why a photograph is shown. */
typedef enum en_report_why {
    EN_REPORT_MISSED_SEVERE, /* graded 3 or 4, and answered negative, or with a grade below 2 */
    EN_REPORT_MISSED,        /* another positive answered negative, or a grade of 2 or more answered below 2 */
    EN_REPORT_FALSE_ALARM,   /* the reverse */
    EN_REPORT_WRONG,         /* another mistake: of classes without a positive one, or of grades on the same side */
    EN_REPORT_DOUBTFUL,      /* right or wrong: hardly more probable than the next class */
    EN_REPORT_WHYS
} en_report_why;

typedef struct en_report_mistake {
    en_report_why why;
    char *image, *file;      /* its name, and its path in the project (NULL: none) */
    char *grade;             /* "2 moderate", NULL: no label */
    size_t truth, predicted; /* classes */
    double p;                /* probability given to the truth; NaN: the truth is not known */
    uint16_t mirror, rotation;
    en_buf jpeg;      /* its pixels as the network saw them, at most 320 px; empty: they are not there any more */
    en_buf heat;      /* the heat map over them (training/explain.h), of a missed one; empty: the run's weights are not
                       * there,      or the report is not a page */
    size_t explained; /* the class of the heat map: the truth */
} en_report_mistake;

/* A part of what was measured, by a unit, a part of the split, or an attribute of the photographs. */
typedef struct en_report_subgroup {
    char *name;
    int64_t n, positives; /* n < 0: a heading of those that follow */
    en_metric value;      /* AUC of two classes; of grades, that of referable ones; else the accuracy */
    en_metric sensitivity, specificity;
} en_report_subgroup;

#define EN_REPORT_BAND 19 /* points of the band of the ROC curve, at specificities 0.05 to 0.95 */

#define EN_REPORT_SCREENED 6 /* grades 0 to 4, and none */

/* Of the patients of a grade: who was called positive or negative, and who was neither, as the photographs of an eye
 * were rejected and no other eye was called positive. */
typedef struct en_report_screened {
    int64_t positive, negative, ungradable;
} en_report_screened;

/* What a programme asks: everyone whose answer is not negative is referred. */
typedef struct en_report_screening {
    double threshold; /* of the probability of being positive; NaN: the answer decides */
    bool chosen;      /* the threshold was, on the validation part */
    int64_t least;    /* the grade from which on a patient should be referred */
    int64_t patients, referred, ungradable;
    int64_t never_graded; /* patients of the project without an accepted photograph: no split assigns them */
    en_report_screened grade[EN_REPORT_SCREENED];         /* by the worst grade of the patient */
    int64_t positives, negatives;                         /* patients with a grade, as the reference says */
    en_metric sensitivity, specificity;                   /* the ungradable count as referred */
    en_metric sensitivity_gradable, specificity_gradable; /* without them */
    en_metric imageability;                               /* gradable patients of all */
    double prevalence;
    en_metric ppv, npv;
} en_report_screening;

typedef enum en_report_chart {
    EN_REPORT_REJECTS,
    EN_REPORT_BALANCE,
    EN_REPORT_DISEASE,          /* any retinopathy or none, by part */
    EN_REPORT_VIEWS,            /* variants by grade */
    EN_REPORT_CHART_BRIGHTNESS, /* this and the next three in the order of en_report_trait */
    EN_REPORT_CHART_CONTRAST,
    EN_REPORT_CHART_SHARPNESS,
    EN_REPORT_CHART_SCORE,
    EN_REPORT_LOSS,
    EN_REPORT_QUALITY, /* accuracy and AUC while training */
    EN_REPORT_CONFUSION,
    EN_REPORT_ROC,
    EN_REPORT_PRECISION, /* precision against recall */
    EN_REPORT_SCORES,    /* probabilities by class */
    EN_REPORT_CALIBRATION,
    EN_REPORT_DECISION, /* net benefit */
    EN_REPORT_SUBGROUPS,
    EN_REPORT_FLOW, /* from the photographs fetched to those analysed */
    EN_REPORT_CHARTS
} en_report_chart;
/* Its word, which is also the name of its file without extension, and what it shows in a line. NULL for no chart. */
const char *en_report_chart_name(en_report_chart chart);
const char *en_report_chart_meaning(en_report_chart chart);
/* EN_REPORT_CHARTS when there is none of that name. */
en_report_chart en_report_chart_find(const char *name);

/* All owned; ended by en_report_clear. */
typedef struct en_report_result {
    char *file;                 /* the file written, or NULL */
    int64_t files, pending;     /* photographs fetched; of them not ingested yet */
    en_catalog_counts states;   /* images: accepted, rejected, listed */
    en_catalog_counts reasons;  /* of the rejected */
    int64_t patients, labelled; /* of images in use (accepted or listed) */
    int64_t samples;            /* of the run's recipe, or the newest */
    int64_t variants;
    en_report_origin *source, *label_file;
    size_t sources, label_files;
    en_catalog_split split; /* the run's or its first member's, or the newest; id is -1 when there is none */
    en_report_balance *balance;
    size_t balances;
    en_catalog_accounts accounts; /* what must add up */

    bool has_data; /* false: nothing of these is filled */
    en_report_histogram histogram[EN_REPORT_TRAITS_END];
    en_report_size *size; /* the most common first */
    en_report_view *view;
    en_report_example *example; /* by grade */
    size_t sizes, views_by_grade, examples;

    en_report_checklist checklist; /* as asked for */
    int64_t runs;                  /* in the project */
    bool has_run;                  /* false: nothing below is filled */
    en_catalog_run run;
    en_catalog_ensemble members; /* of an ensemble; of another run none */
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
    en_report_subgroup *subgroup;
    size_t subgroups;
    double band_specificity[EN_REPORT_BAND], band_low[EN_REPORT_BAND], band_high[EN_REPORT_BAND];
    bool has_screening;
    en_report_screening screening;
    int64_t mistakes_all; /* how many there are */
    int64_t why_all[EN_REPORT_WHYS];
    en_report_mistake *mistake; /* the worst of them: by why, and least p first */
    size_t mistakes;            /* of each reason as many as wanted */
    size_t shown;               /* with the doubtful ones behind them */
} en_report_result;

/* Class i of the run as text shows it: en_classes_label. */
const char *en_report_class(const en_report_result *r, size_t i);

/* EN_INPUT: no such run. The catalog is only read. The file is whole or not there. */
en_status en_report(en_project *project, const en_report_options *options, en_report_result *result,
                    en_error *err) EN_CHECKED;
void en_report_clear(en_report_result *result); /* safe on a zeroed one */

/* Several runs side by side. */
typedef struct en_report_several_options {
    const char *const *run; /* names or beginnings of uuids; every other one is compared with the first */
    size_t runs;            /* 2 or more */
    const char *out;        /* NULL: compared.html, .md or .json in the project */
    en_report_format format;
    bool no_page;
    en_unit unit;
    en_combine combine;
    const char *positive;
} en_report_several_options;

/* What a run has otherwise than the first, and by how much its metrics differ. */
typedef struct en_report_other {
    en_compare_result compared;           /* no pair: it cannot be compared */
    char *why_not;                        /* then, the reason; owned */
    en_catalog_run_fact_list differences; /* value: of the first; other: of this one */
} en_report_other;

typedef struct en_report_several_result {
    char *file;             /* written, or NULL */
    en_report_result *run;  /* [runs], in their order */
    en_report_other *other; /* [runs]; the first is empty */
    size_t runs;
} en_report_several_result;

/* EN_USAGE: a run twice. EN_INPUT: no such run. The file is whole or as it was. en_report_several_clear it in every
 * case. */
en_status en_report_several(en_project *project, const en_report_several_options *options,
                            en_report_several_result *result, en_error *err) EN_CHECKED;
void en_report_several_clear(en_report_several_result *result);
en_status en_report_several_write(const en_report_several_result *r, en_report_format format, en_buf *out,
                                  en_error *err) EN_CHECKED;

typedef struct en_report_plot_options {
    const char *run; /* as en_report_options */
    en_report_chart chart;
    const char *path; /* takes the place of a picture only; NULL: the chart is not written */
    en_chart_medium medium;
    en_unit unit;
    en_combine combine;
    const char *positive;
} en_report_plot_options;

typedef struct en_report_plotted {
    char run[128]; /* "": the chart is about the photographs */
    const char *chart, *path;
    int64_t bytes;
    en_buf picture; /* owned */
} en_report_plotted;

/* One chart, as a file where there is a path. EN_INPUT: no such run, or nothing to draw. The file is whole or as it
 * was. en_report_plotted_clear it in every case. */
en_status en_report_plot(en_project *project, const en_report_plot_options *options, en_report_plotted *out,
                         en_error *err) EN_CHECKED;
void en_report_plotted_clear(en_report_plotted *plotted);

/* The report itself, appended to `out`: what en_report writes. */
en_status en_report_html(const en_report_result *r, en_buf *out, en_error *err) EN_CHECKED;
en_status en_report_write(const en_report_result *r, en_report_format format, en_buf *out, en_error *err) EN_CHECKED;

#endif
