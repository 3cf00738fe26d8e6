/* The charts of a report, each made from the collected result, for the page and as files of their own. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "report/parts.h"
#include "base/number.h"

#define NOTHING ((double)NAN)
#define AT_LEAST "\xe2\x89\xa5" /* the sign */

const char *en_report_chart_name(en_report_chart chart)
{
    static const char *const name[EN_REPORT_CHARTS] = {
        [EN_REPORT_REJECTS] = "rejects",         [EN_REPORT_BALANCE] = "balance",     [EN_REPORT_LOSS] = "loss",
        [EN_REPORT_QUALITY] = "accuracy",        [EN_REPORT_CONFUSION] = "confusion", [EN_REPORT_ROC] = "roc",
        [EN_REPORT_CALIBRATION] = "calibration",
    };
    return name[chart];
}

const en_catalog_curve *en_report_curve(const en_report_result *r, en_part part, const char *name)
{
    for (size_t i = 0; i < r->curves.count; i++) {
        const en_catalog_curve *c = &r->curves.row[i];
        if (c->part == part && strcmp(c->name, name) == 0 && c->count > 0) {
            return c;
        }
    }
    return NULL;
}

bool en_report_chart_shown(const en_report_result *r, en_report_chart chart)
{
    bool measured = r->has_evaluation && r->metrics.n > 0;
    switch (chart) {
    case EN_REPORT_REJECTS: return r->reasons.count > 0;
    case EN_REPORT_BALANCE: return r->balances > 0;
    case EN_REPORT_LOSS:
        return en_report_curve(r, EN_PART_TRAIN, en_report_loss(r)) != NULL ||
               en_report_curve(r, EN_PART_VAL, en_report_loss(r)) != NULL;
    case EN_REPORT_QUALITY:
        return en_report_curve(r, EN_PART_TRAIN, "accuracy") != NULL ||
               en_report_curve(r, EN_PART_VAL, "accuracy") != NULL || en_report_curve(r, EN_PART_VAL, "auc") != NULL;
    case EN_REPORT_CONFUSION: return measured;
    case EN_REPORT_ROC: return measured && r->metrics.is_binary && isfinite(r->metrics.binary.auc.value);
    case EN_REPORT_CALIBRATION: return measured && r->metrics.is_binary;
    case EN_REPORT_CHARTS: break;
    }
    return false;
}

static en_status draw_rejects(const en_report_result *r, en_chart_format format, en_buf *out, en_error *err)
{
    const char *name[EN_CHART_BARS_MAX];
    double value[EN_CHART_BARS_MAX];
    size_t bars = r->reasons.count < EN_CHART_BARS_MAX ? r->reasons.count : EN_CHART_BARS_MAX;
    for (size_t i = 0; i < bars; i++) {
        name[i] = r->reasons.row[i].name;
        value[i] = (double)r->reasons.row[i].count;
    }
    return en_chart_draw_bars(&(en_chart_bars){.head = {.title = "Rejected photographs by reason",
                                                        .alt = "Bar chart: rejected photographs by reason"},
                                               .names = name,
                                               .bars = bars,
                                               .parts = 1,
                                               .value = value,
                                               .proportion = true},
                              format, out, err);
}

static en_status draw_balance(const en_report_result *r, en_chart_format format, en_buf *out, en_error *err)
{
    static const char *const part[] = {"train", "validation", "test", "in no part"};
    const char *name[EN_CHART_BARS_MAX];
    double value[EN_CHART_BARS_MAX * 4];
    size_t bars = r->balances < EN_CHART_BARS_MAX ? r->balances : EN_CHART_BARS_MAX;
    bool leftover = false; /* the fourth part is named only when something is in it */
    for (size_t i = 0; i < bars; i++) {
        leftover = leftover || r->balance[i].none > 0;
    }
    bool split = r->split.id >= 0;
    size_t parts = split ? (leftover ? 4 : 3) : 1;
    for (size_t i = 0; i < bars; i++) {
        const en_report_balance *b = &r->balance[i];
        const double of[] = {(double)b->train, (double)b->val, (double)b->test, (double)b->none};
        name[i] = b->name;
        memcpy(value + i * parts, split ? of : of + 3, parts * sizeof of[0]);
    }
    return en_chart_draw_bars(
        &(en_chart_bars){.head = {.title = split ? "Photographs by grade and part" : "Photographs by grade",
                                  .alt = "Bar chart: photographs by grade and by part of the split"},
                         .names = name,
                         .bars = bars,
                         .part_names = split ? part : NULL,
                         .parts = parts,
                         .value = value,
                         .proportion = true},
        format, out, err);
}

/* Adds a curve to a chart of lines when it was measured. */
static void add_curve(en_chart_lines *chart, en_chart_series *series, const en_catalog_curve *curve, const char *name)
{
    if (curve != NULL) {
        series[chart->count++] =
            (en_chart_series){.name = name, .x = curve->epoch, .y = curve->value, .count = curve->count};
    }
}

const char *en_report_loss(const en_report_result *r)
{
    return en_report_curve(r, EN_PART_TRAIN, "weighted_loss") != NULL ? "weighted_loss" : "loss";
}

static en_status draw_learning(const en_report_result *r, bool loss, en_chart_format format, en_buf *out, en_error *err)
{
    en_chart_series series[3];
    char best[48];
    snprintf(best, sizeof best, "kept: epoch %lld", (long long)r->run.best_epoch);
    bool marked = r->run.best_epoch >= 1;
    en_chart_lines chart = {.x_label = "epoch",
                            .series = series,
                            .whole_x = true,
                            .y_low = 0,
                            .y_high = NOTHING,
                            .mark_x = marked ? (double)r->run.best_epoch : NOTHING,
                            .mark_label = marked ? best : NULL};
    if (loss) {
        chart.head = (en_chart){.title = "Loss", .alt = "Line chart: training and validation loss by epoch"};
        chart.y_label = strcmp(en_report_loss(r), "loss") == 0
                            ? "cross-entropy, nats (lower is better)"
                            : "cross-entropy weighted by class, nats (lower is better)";
        add_curve(&chart, series, en_report_curve(r, EN_PART_TRAIN, en_report_loss(r)), "training");
        add_curve(&chart, series, en_report_curve(r, EN_PART_VAL, en_report_loss(r)), "validation");
    } else {
        bool auc = en_report_curve(r, EN_PART_VAL, "auc") != NULL;
        chart.head = (en_chart){.title = auc ? "Accuracy and AUC" : "Accuracy",
                                .alt = "Line chart: accuracy, and AUC where there is one, by epoch"};
        chart.y_label = "proportion (higher is better)";
        chart.y_high = 1;
        add_curve(&chart, series, en_report_curve(r, EN_PART_TRAIN, "accuracy"), "training accuracy");
        add_curve(&chart, series, en_report_curve(r, EN_PART_VAL, "accuracy"), "validation accuracy");
        add_curve(&chart, series, en_report_curve(r, EN_PART_VAL, "auc"), "validation AUC");
    }
    return en_chart_draw_lines(&chart, format, out, err);
}

#define WHERE_ROOM 256

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

static en_status draw_confusion(const en_report_result *r, en_chart_format format, en_buf *out, en_error *err)
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
        format, out, err);
}

static en_status draw_roc(const en_report_result *r, en_chart_format format, en_buf *out, en_error *err)
{
    const en_binary_metrics *b = &r->metrics.binary;
    double *fpr = en_calloc(b->roc.count, sizeof *fpr), *tpr = en_calloc(b->roc.count, sizeof *tpr);
    en_status st = fpr != NULL && tpr != NULL ? EN_OK : en_error_nomem(err, "the ROC chart");
    for (size_t i = 0; st == EN_OK && i < b->roc.count; i++) {
        fpr[i] = b->roc.point[i].fpr;
        tpr[i] = b->roc.point[i].tpr;
    }
    char where[WHERE_ROOM], auc[EN_NUMBER_TEXT], alt[128];
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
                            .point_fpr = 1 - b->specificity.value,
                            .point_tpr = b->sensitivity.value,
                            .point_label = "answers at p " AT_LEAST " 0.5"},
            format, out, err);
    }
    en_free(fpr);
    en_free(tpr);
    return st;
}

static en_status draw_calibration(const en_report_result *r, en_chart_format format, en_buf *out, en_error *err)
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
        format, out, err);
}

en_status en_report_chart_draw(const en_report_result *r, en_report_chart chart, en_chart_format format, en_buf *out,
                               en_error *err)
{
    switch (chart) {
    case EN_REPORT_REJECTS: return draw_rejects(r, format, out, err);
    case EN_REPORT_BALANCE: return draw_balance(r, format, out, err);
    case EN_REPORT_LOSS: return draw_learning(r, true, format, out, err);
    case EN_REPORT_QUALITY: return draw_learning(r, false, format, out, err);
    case EN_REPORT_CONFUSION: return draw_confusion(r, format, out, err);
    case EN_REPORT_ROC: return draw_roc(r, format, out, err);
    case EN_REPORT_CALIBRATION: return draw_calibration(r, format, out, err);
    case EN_REPORT_CHARTS: break;
    }
    return en_error_set(err, EN_BUG, "there is no chart %d in a report", (int)chart);
}
