/* The charts of an evaluation: confusion, ROC, precision, scores, calibration, net benefit, subgroups. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "report/parts.h"

#define NOTHING ((double)NAN)
#define AT_LEAST "\xe2\x89\xa5" /* the sign */
#define WHERE_ROOM 256
#define SCORE_BINS 20
#define DECISION_STEPS 99 /* thresholds 0.01 to 0.99 */

/* "main/test, n = 192, 96 patients; grade >= 2: no / yes". More than two classes are named by the chart itself. */
static const char *measured_on(const en_report_result *r, char out[WHERE_ROOM])
{
    char n[EN_NUMBER_TEXT], patients[EN_NUMBER_TEXT];
    bool two = r->classes.count == 2;
    snprintf(out, WHERE_ROOM, "%.60s, n = %s, %s patients; %.60s%s%s%s%s", r->evaluation.subset,
             en_number_count(r->metrics.n, n), en_number_count(r->metrics.patients, patients), r->run.target,
             two ? ": " : "", two ? en_report_class(r, 0) : "", two ? " / " : "", two ? en_report_class(r, 1) : "");
    return out;
}

en_status en_report_draw_confusion(const en_report_result *r, en_chart_medium medium, en_buf *out, en_error *err)
{
    char where[WHERE_ROOM];
    const char *name[EN_MAX_CLASSES];
    _Static_assert(EN_MAX_CLASSES <= EN_CHART_CLASSES_MAX, "every class has its row");
    for (size_t i = 0; i < r->classes.count; i++) {
        name[i] = en_report_class(r, i);
    }
    return en_chart_draw_confusion(
        &(en_chart_confusion){.head = {.title = "Confusion matrix",
                                       .subtitle = measured_on(r, where),
                                       .alt = "Confusion matrix: rows are the truth, columns the answers"},
                              .names = name,
                              .classes = r->classes.count,
                              .count = r->metrics.confusion.count},
        medium, out, err);
}

/* The threshold 0.5, and those that were chosen on the validation photographs. */
static size_t operating_points(const en_report_result *r, en_chart_point *point, char label[][48])
{
    const en_binary_metrics *b = &r->metrics.binary;
    size_t count = 1;
    _Static_assert(EN_OPERATING_RULES < EN_CHART_POINTS_MAX, "every rule has its point");
    point[0] = (en_chart_point){1 - b->specificity.value, b->sensitivity.value, "p " AT_LEAST " 0.5"};
    for (size_t k = 0; k < EN_OPERATING_RULES; k++) {
        const en_at_threshold *at = &b->at[k];
        bool seen = isnan(at->threshold);
        for (size_t i = 0; i < k; i++) { /* two rules may have chosen one threshold */
            seen = seen || !(fabs(b->at[i].threshold - at->threshold) > 0);
        }
        if (!seen) {
            char threshold[EN_NUMBER_TEXT];
            snprintf(label[count], 48, "p " AT_LEAST " %s", en_number_fixed(at->threshold, 3, threshold));
            point[count] = (en_chart_point){1 - at->specificity.value, at->sensitivity.value, label[count]};
            count++;
        }
    }
    return count;
}

en_status en_report_draw_roc(const en_report_result *r, en_chart_medium medium, en_buf *out, en_error *err)
{
    const en_binary_metrics *b = &r->metrics.binary;
    double *fpr = en_calloc(b->roc.count, sizeof *fpr), *tpr = en_calloc(b->roc.count, sizeof *tpr);
    double band[EN_REPORT_BAND];
    en_chart_point point[EN_CHART_POINTS_MAX];
    char label[EN_CHART_POINTS_MAX][48], where[WHERE_ROOM], auc[EN_NUMBER_TEXT], alt[128];
    en_status st = fpr != NULL && tpr != NULL ? EN_OK : en_error_nomem(err, "the ROC chart");
    for (size_t i = 0; st == EN_OK && i < b->roc.count; i++) {
        fpr[i] = b->roc.point[i].fpr;
        tpr[i] = b->roc.point[i].tpr;
    }
    for (size_t i = 0; i < EN_REPORT_BAND; i++) {
        band[i] = 1 - r->band_specificity[i];
    }
    snprintf(alt, sizeof alt, "ROC curve with an area of %s", en_number_fixed(b->auc.value, 3, auc));
    if (st == EN_OK) {
        st = en_chart_draw_roc(
            &(en_chart_roc){.head = {.title = "ROC curve", .subtitle = measured_on(r, where), .alt = alt},
                            .fpr = fpr,
                            .tpr = tpr,
                            .count = b->roc.count,
                            .auc = b->auc.value,
                            .auc_low = b->auc.is_in.low,
                            .auc_high = b->auc.is_in.high,
                            .confidence = EN_INTERVAL_CONFIDENCE,
                            .band_fpr = band,
                            .band_low = r->band_low,
                            .band_high = r->band_high,
                            .band = EN_REPORT_BAND,
                            .point = point,
                            .points = operating_points(r, point, label)},
            medium, out, err);
    }
    en_free(fpr);
    en_free(tpr);
    return st;
}

/* Precision = positives called / all called, at each threshold of the ROC curve. */
en_status en_report_draw_precision(const en_report_result *r, en_chart_medium medium, en_buf *out, en_error *err)
{
    const en_binary_metrics *b = &r->metrics.binary;
    double p = (double)b->positives, n = (double)b->negatives;
    double *recall = en_calloc(b->roc.count + 1, sizeof *recall),
           *precision = en_calloc(b->roc.count + 1, sizeof *recall);
    const double ends[] = {0, 1}, rate[] = {p / (p + n), p / (p + n)};
    char where[WHERE_ROOM], name[64], area[EN_NUMBER_TEXT];
    en_status st = recall != NULL && precision != NULL ? EN_OK : en_error_nomem(err, "the precision chart");
    for (size_t i = 0; st == EN_OK && i < b->roc.count; i++) {
        double hits = b->roc.point[i].tpr * p, alarms = b->roc.point[i].fpr * n;
        recall[i] = b->roc.point[i].tpr;
        precision[i] = hits + alarms > 0 ? hits / (hits + alarms) : NOTHING;
    }
    snprintf(name, sizeof name, "model, area %s", en_number_fixed(b->pr_auc.value, 3, area));
    const en_chart_series series[] = {{name, recall, precision, b->roc.count}, {"chance: prevalence", ends, rate, 2}};
    if (st == EN_OK) {
        st = en_chart_draw_lines(&(en_chart_lines){.head = {.title = "Precision and recall",
                                                            .subtitle = measured_on(r, where),
                                                            .alt = "Line chart: precision by recall"},
                                                   .x_label = "recall (sensitivity)",
                                                   .y_label = "precision (positive predictive value)",
                                                   .series = series,
                                                   .count = 2,
                                                   .y_low = 0,
                                                   .y_high = 1,
                                                   .mark_x = NOTHING,
                                                   .no_dots = true},
                                 medium, out, err);
    }
    en_free(recall);
    en_free(precision);
    return st;
}

/* A histogram as an outline: two points per bin. */
typedef struct outline {
    double x[2 * SCORE_BINS + 2], y[2 * SCORE_BINS + 2];
} outline;

static void draw_outline(const double *height, outline *o)
{
    size_t n = 0;
    o->x[n] = 0;
    o->y[n++] = 0;
    for (size_t i = 0; i < SCORE_BINS; i++) {
        o->x[n] = (double)i / SCORE_BINS;
        o->y[n++] = height[i];
        o->x[n] = (double)(i + 1) / SCORE_BINS;
        o->y[n++] = height[i];
    }
    o->x[n] = 1;
    o->y[n] = 0;
}

/* The curve's steps are the scores: each raises the rates by the proportions of negatives and positives that have it.
 */
en_status en_report_draw_scores(const en_report_result *r, en_chart_medium medium, en_buf *out, en_error *err)
{
    const en_roc *roc = &r->metrics.binary.roc;
    double height[2][SCORE_BINS] = {{0}};
    outline shape[2];
    char where[WHERE_ROOM], x_label[96];
    for (size_t i = 1; i < roc->count; i++) {
        size_t bin = (size_t)fmin(SCORE_BINS - 1, fmax(0, floor(roc->point[i].threshold * SCORE_BINS)));
        height[0][bin] += roc->point[i].fpr - roc->point[i - 1].fpr;
        height[1][bin] += roc->point[i].tpr - roc->point[i - 1].tpr;
    }
    for (size_t k = 0; k < 2; k++) {
        draw_outline(height[k], &shape[k]);
    }
    size_t positive = r->classes.positive;
    const en_chart_series series[] = {{en_report_class(r, 1 - positive), shape[0].x, shape[0].y, 2 * SCORE_BINS + 2},
                                      {en_report_class(r, positive), shape[1].x, shape[1].y, 2 * SCORE_BINS + 2}};
    snprintf(x_label, sizeof x_label, "probability of \xe2\x80\x9c%.60s\xe2\x80\x9d", r->metrics.positive_class);
    return en_chart_draw_lines(&(en_chart_lines){.head = {.title = "Probabilities by class",
                                                          .subtitle = measured_on(r, where),
                                                          .alt = "Histogram: the probabilities given to each class"},
                                                 .x_label = x_label,
                                                 .y_label = "proportion of the class",
                                                 .series = series,
                                                 .count = 2,
                                                 .y_low = 0,
                                                 .y_high = NOTHING,
                                                 .mark_x = NOTHING,
                                                 .no_dots = true},
                               medium, out, err);
}

en_status en_report_draw_calibration(const en_report_result *r, en_chart_medium medium, en_buf *out, en_error *err)
{
    const en_binary_metrics *b = &r->metrics.binary;
    char where[WHERE_ROOM];
    return en_chart_draw_calibration(
        &(en_chart_calibration){
            .head = {.title = "Calibration",
                     .subtitle = measured_on(r, where),
                     .alt = "Reliability diagram: predicted probability against observed proportion"},
            .predicted = b->predicted,
            .observed = b->observed,
            .low = b->low,
            .high = b->high,
            .count = b->count,
            .bins = EN_METRICS_BINS,
            .ece = b->ece.value,
            .brier = b->brier.value},
        medium, out, err);
}

/* Net benefit of calling positive what has p >= threshold t: tp/n - fp/n * t/(1 - t), in true positives per unit
 * (Vickers and Elkin, "Decision curve analysis: a novel method for evaluating prediction models", 2006). What lies far
 * below 0 is left out. */
en_status en_report_draw_decision(const en_report_result *r, en_chart_medium medium, en_buf *out, en_error *err)
{
    const en_binary_metrics *b = &r->metrics.binary;
    double x[DECISION_STEPS], model[DECISION_STEPS], all[DECISION_STEPS], none[DECISION_STEPS];
    double prevalence = (double)b->positives / (double)(b->positives + b->negatives), least = -0.15 * prevalence;
    size_t at = 0;
    char where[WHERE_ROOM];
    double below = 1;                             /* the curve ends where it falls below */
    for (size_t k = DECISION_STEPS; k > 0; k--) { /* the curve's thresholds fall */
        double t = (double)k / (DECISION_STEPS + 1), odds = t / (1 - t);
        while (at + 1 < b->roc.count && b->roc.point[at + 1].threshold >= t) {
            at++;
        }
        double is = b->roc.point[at].tpr * prevalence - b->roc.point[at].fpr * (1 - prevalence) * odds;
        double every = prevalence - (1 - prevalence) * odds;
        x[k - 1] = t;
        below = is < least ? t : below;
        model[k - 1] = is;
        all[k - 1] = every >= least ? every : NOTHING;
        none[k - 1] = 0;
    }
    size_t shown = 0;
    while (shown < DECISION_STEPS && x[shown] < below) {
        shown++;
    }
    const en_chart_series series[] = {
        {"model", x, model, shown}, {"all called positive", x, all, DECISION_STEPS}, {"none", x, none, DECISION_STEPS}};
    return en_chart_draw_lines(&(en_chart_lines){.head = {.title = "Decision curve",
                                                          .subtitle = measured_on(r, where),
                                                          .alt = "Line chart: net benefit by threshold probability"},
                                                 .x_label = "threshold probability",
                                                 .y_label = "net benefit, true positives per unit",
                                                 .series = series,
                                                 .count = 3,
                                                 .y_low = least,
                                                 .y_high = prevalence,
                                                 .mark_x = NOTHING,
                                                 .no_dots = true},
                               medium, out, err);
}

const char *en_report_subgroup_value(const en_report_result *r)
{
    return r->metrics.is_binary ? "AUC" : r->metrics.is_graded ? "AUC, referable" : "accuracy";
}

en_status en_report_draw_subgroups(const en_report_result *r, en_chart_medium medium, en_buf *out, en_error *err)
{
    en_chart_row row[EN_CHART_ROWS_MAX];
    size_t rows = r->subgroups < EN_CHART_ROWS_MAX ? r->subgroups : EN_CHART_ROWS_MAX;
    char where[WHERE_ROOM];
    const en_metrics *m = &r->metrics;
    for (size_t i = 0; i < rows; i++) {
        const en_report_subgroup *s = &r->subgroup[i];
        row[i] = (en_chart_row){s->name, s->n, s->value.value, s->value.is_in.low, s->value.is_in.high};
    }
    return en_chart_draw_forest(
        &(en_chart_forest){.head = {.title = "Subgroups",
                                    .subtitle = measured_on(r, where),
                                    .alt = "Forest plot: the estimate of each subgroup with its interval"},
                           .x_label = en_report_subgroup_value(r),
                           .row = row,
                           .rows = rows,
                           .reference = m->is_binary   ? m->binary.auc.value
                                        : m->is_graded ? m->referable.auc.value
                                                       : m->accuracy.value},
        medium, out, err);
}
