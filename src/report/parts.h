/* The parts of a report, one file each: what is collected of the project and the run (collect.c), what is measured of
 * the predictions (measure.c), the charts (chart.c), the page (html.c, html_chart.c, html_head.c, html_result.c), the
 * same as values for JSON and Markdown (document.c, values_run.c, values_result.c) and the style and pieces it is
 * written with (page.c). For report alone. */
#ifndef EN_REPORT_PARTS_H
#define EN_REPORT_PARTS_H

#include "catalog/evaluation.h"
#include "image/image.h"
#include "report/report.h"
#include "report/page.h"
#include "report/values.h"

/* Fills the photographs, and the run when there is one. */
en_status en_report_collect(en_project *project, const en_report_options *options, en_report_result *r,
                            en_error *err) EN_CHECKED;
/* Fills what follows has_data. */
en_status en_report_describe(en_project *project, en_report_result *r, en_error *err) EN_CHECKED;
/* The pixels of a sample, mirrored and rotated, into a cleared image. A pack that is gone, or another, leaves it so:
 * the report is as true without the picture. */
en_status en_report_pixels(en_project *project, const char *pack, int64_t slot, bool mirror, uint16_t rotation,
                           en_image *out, en_error *err) EN_CHECKED;
/* Pixels as a JPEG for the page, of at most EN_REPORT_EDGE px, appended to `jpeg`; a cleared image leaves it empty. */
#define EN_REPORT_EDGE 320
en_status en_report_jpeg(const en_image *image, en_buf *jpeg, en_error *err) EN_CHECKED;
/* Fills what follows has_evaluation. */
en_status en_report_measure(en_project *project, const en_report_options *options, en_report_result *r,
                            en_error *err) EN_CHECKED;
/* What subgroups are made by. */
typedef struct en_report_attribute {
    int64_t variant_id, grade; /* grade: -1 without a label */
    char *eye, *dataset, *size;
    double quality; /* 0..1, NaN: not measured */
} en_report_attribute;
typedef struct en_report_attributes {
    en_report_attribute *row; /* by variant */
    size_t count;
} en_report_attributes;
en_status en_report_find_attributes(en_project *project, int64_t evaluation_id, en_report_attributes *out,
                                    en_error *err) EN_CHECKED;
void en_report_attributes_clear(en_report_attributes *a); /* safe on a zeroed one */
/* NULL when there is none. */
const en_report_attribute *en_report_attribute_of(const en_report_attributes *a, int64_t variant_id);
/* Fills the subgroups; the metrics are there. */
en_status en_report_subgroups(en_project *project, const en_catalog_predictions *rows,
                              const en_report_attributes *attributes, const en_report_options *options,
                              en_report_result *r, en_error *err) EN_CHECKED;
/* Fills the screening; the metrics are there. EN_INPUT: the target is not of grades. */
en_status en_report_screen(en_project *project, const en_catalog_predictions *rows, const en_report_options *options,
                           en_report_result *r, en_error *err) EN_CHECKED;
/* Fills the mistakes, `most` of each reason. */
en_status en_report_mistakes(en_project *project, const en_catalog_predictions *rows,
                             const en_report_attributes *attributes, const en_report_options *options,
                             en_report_result *r, en_error *err) EN_CHECKED;

/* EN_INPUT: there is a regular file at `path` that begins with none of these (NULL-terminated, letters of any case),
 * and is not empty: it is not a `what`. */
en_status en_report_check_place(const char *path, const char *const *begins, const char *what,
                                en_error *err) EN_CHECKED;

en_values_form en_report_form(en_report_format format);
/* The same for a report of that format. */
en_status en_report_check_report(const char *path, en_report_format format, en_error *err) EN_CHECKED;

/* "2 moderate"; "no grade" for a negative one. Fresh memory (en_free), NULL when out of it. */
char *en_report_grade_name(int64_t grade);

/* The name of what a subgroup's value is: "AUC". */
const char *en_report_subgroup_value(const en_report_result *r);
/* Charts of one kind, in files of their own. */
en_status en_report_draw_flow(const en_report_result *r, en_chart_medium medium, en_buf *out, en_error *err) EN_CHECKED;
en_status en_report_draw_roc(const en_report_result *r, en_chart_medium medium, en_buf *out, en_error *err) EN_CHECKED;
en_status en_report_draw_precision(const en_report_result *r, en_chart_medium medium, en_buf *out,
                                   en_error *err) EN_CHECKED;
en_status en_report_draw_scores(const en_report_result *r, en_chart_medium medium, en_buf *out,
                                en_error *err) EN_CHECKED;
en_status en_report_draw_decision(const en_report_result *r, en_chart_medium medium, en_buf *out,
                                  en_error *err) EN_CHECKED;
en_status en_report_draw_confusion(const en_report_result *r, en_chart_medium medium, en_buf *out,
                                   en_error *err) EN_CHECKED;
en_status en_report_draw_calibration(const en_report_result *r, en_chart_medium medium, en_buf *out,
                                     en_error *err) EN_CHECKED;
en_status en_report_draw_subgroups(const en_report_result *r, en_chart_medium medium, en_buf *out,
                                   en_error *err) EN_CHECKED;
en_status en_report_draw_disease(const en_report_result *r, en_chart_medium medium, en_buf *out,
                                 en_error *err) EN_CHECKED;
en_status en_report_draw_views(const en_report_result *r, en_chart_medium medium, en_buf *out,
                               en_error *err) EN_CHECKED;
en_status en_report_draw_histogram(const en_report_result *r, en_report_trait trait, en_chart_medium medium,
                                   en_buf *out, en_error *err) EN_CHECKED;
/* How many photographs a histogram is of. */
int64_t en_report_histogram_count(const en_report_result *r, en_report_trait trait);
/* Whether there is anything to draw. */
bool en_report_chart_shown(const en_report_result *r, en_report_chart chart);
en_status en_report_chart_draw(const en_report_result *r, en_report_chart chart, en_chart_medium medium, en_buf *out,
                               en_error *err) EN_CHECKED;
/* The curve of a part and metric, NULL when it was not measured. */
const en_catalog_curve *en_report_curve(const en_report_result *r, en_part part, const char *name);

/* The name of the loss that training minimised: "weighted_loss" where there were class weights, else "loss". */
const char *en_report_loss(const en_report_result *r);

/* How many images are in a state: "accepted", "rejected", "listed". */
int64_t en_report_state_count(const en_report_result *r, const char *state);

/* A warning: the matter in a sentence, and what follows from it. */
typedef void en_report_warn(void *ctx, const char *matter, const char *text);
/* All that there are, in order. */
void en_report_warnings(const en_report_result *r, en_report_warn *warn, void *ctx);

/* The report as values: a document of JSON or Markdown. */
en_status en_report_document(const en_report_result *r, en_values_form form, en_buf *out, en_error *err) EN_CHECKED;
/* The section of a checklist, where one was asked for. */
en_status en_report_values_checklist(en_values *v, const en_report_result *r, en_error *err) EN_CHECKED;
/* Parts of it. */
void en_report_values_run(en_values *v, const en_report_result *r);         /* what was asked and trained */
void en_report_values_photographs(en_values *v, const en_report_result *r); /* photographs, split, quality */
void en_report_values_result(en_values *v, const en_report_result *r);      /* result, screening, subgroups, mistakes */
void en_report_values_provenance(en_values *v, const en_report_result *r);

/* "no or yes": the classes in a sentence. */
void en_report_page_classes(en_page *p, const en_report_result *r);
/* "16 photographs of 9 patients": what was measured. */
void en_report_page_units(en_page *p, const en_report_result *r);
/* Title, lead, warnings, tiles, contents. */
void en_report_page_head(en_page *p, const en_report_result *r);
/* Sections of the page, and a chart in it (nothing when there is nothing to draw; the caption may be NULL). */
void en_report_page_data(en_page *p, const en_report_result *r);
void en_report_page_learning(en_page *p, const en_report_result *r);
void en_report_page_result(en_page *p, const en_report_result *r);
void en_report_page_screening(en_page *p, const en_report_result *r);
void en_report_page_subgroups(en_page *p, const en_report_result *r);
void en_report_page_mistakes(en_page *p, const en_report_result *r);
void en_report_page_chart(en_page *p, const en_report_result *r, en_report_chart chart, const char *caption);

#endif
