/* The parts of a report, one file each: what is collected of the project and the run (collect.c), what is measured of
 * the predictions (measure.c), the charts (chart.c), the page (html.c, html_chart.c, html_head.c, html_result.c) and
 * the style and pieces it is written with (page.c). For report alone. */
#ifndef EN_REPORT_PARTS_H
#define EN_REPORT_PARTS_H

#include "report/report.h"
#include "report/page.h"

/* Fills the photographs, and the run when there is one. */
en_status en_report_collect(en_project *project, const char *run, en_report_result *r, en_error *err) EN_CHECKED;
/* Fills what follows has_evaluation. */
en_status en_report_measure(en_project *project, const en_report_options *options, en_report_result *r,
                            en_error *err) EN_CHECKED;
/* "2 moderate"; "no grade" for a negative one. Fresh memory (en_free), NULL when out of it. */
char *en_report_grade_name(int64_t grade);

typedef enum en_report_chart {
    EN_REPORT_REJECTS,
    EN_REPORT_BALANCE,
    EN_REPORT_LOSS,
    EN_REPORT_QUALITY, /* accuracy and AUC while training */
    EN_REPORT_CONFUSION,
    EN_REPORT_ROC,
    EN_REPORT_CALIBRATION,
    EN_REPORT_CHARTS
} en_report_chart;
/* The name of its file, without extension. */
const char *en_report_chart_name(en_report_chart chart);
/* Whether there is anything to draw. */
bool en_report_chart_shown(const en_report_result *r, en_report_chart chart);
en_status en_report_chart_draw(const en_report_result *r, en_report_chart chart, en_chart_format format, en_buf *out,
                               en_error *err) EN_CHECKED;
/* The curve of a part and metric, NULL when it was not measured. */
const en_catalog_curve *en_report_curve(const en_report_result *r, en_part part, const char *name);

/* The name of the loss that training minimised: "weighted_loss" where there were class weights, else "loss". */
const char *en_report_loss(const en_report_result *r);

/* How many images are in a state: "accepted", "rejected", "listed". */
int64_t en_report_state_count(const en_report_result *r, const char *state);

/* "no or yes": the classes in a sentence. */
void en_report_page_classes(en_page *p, const en_report_result *r);
/* "16 photographs of 9 patients": what was measured. */
void en_report_page_units(en_page *p, const en_report_result *r);
/* Title, lead, warnings, tiles, contents. */
void en_report_page_head(en_page *p, const en_report_result *r);
/* Sections of the page, and a chart in it (nothing when there is nothing to draw; the caption may be NULL). */
void en_report_page_learning(en_page *p, const en_report_result *r);
void en_report_page_result(en_page *p, const en_report_result *r);
void en_report_page_mistakes(en_page *p, const en_report_result *r);
void en_report_page_chart(en_page *p, const en_report_result *r, en_report_chart chart, const char *caption);

#endif
