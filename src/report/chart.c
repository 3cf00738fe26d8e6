/* The charts of a report, each made from the collected result, for the page and as files of their own. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "report/parts.h"
#include "base/number.h"

#define NOTHING ((double)NAN)

static const struct {
    const char *name, *meaning;
} charts[EN_REPORT_CHARTS] = {
    [EN_REPORT_REJECTS] = {"rejects", "rejected photographs by reason"},
    [EN_REPORT_BALANCE] = {"balance", "photographs by grade and part"},
    [EN_REPORT_DISEASE] = {"retinopathy", "photographs with and without retinopathy, by part"},
    [EN_REPORT_VIEWS] = {"variants", "variants by grade, as taken and mirrored or rotated"},
    [EN_REPORT_CHART_BRIGHTNESS] = {"brightness", "how bright the photographs are"},
    [EN_REPORT_CHART_CONTRAST] = {"contrast", "how much contrast they have"},
    [EN_REPORT_CHART_SHARPNESS] = {"sharpness", "how sharp they are"},
    [EN_REPORT_CHART_SCORE] = {"quality", "their quality as a whole"},
    [EN_REPORT_LOSS] = {"loss", "training and validation loss by epoch"},
    [EN_REPORT_QUALITY] = {"accuracy", "accuracy, and AUC where there is one, by epoch"},
    [EN_REPORT_CONFUSION] = {"confusion", "truth against answer"},
    [EN_REPORT_ROC] = {"roc", "sensitivity against 1 - specificity, with band and operating points"},
    [EN_REPORT_PRECISION] = {"precision", "precision against recall"},
    [EN_REPORT_SCORES] = {"scores", "probabilities by class"},
    [EN_REPORT_CALIBRATION] = {"calibration", "observed proportion by predicted probability"},
    [EN_REPORT_DECISION] = {"decision", "net benefit by threshold probability"},
    [EN_REPORT_SUBGROUPS] = {"subgroups", "estimates by unit, part, eye, dataset, size and quality"},
    [EN_REPORT_FLOW] = {"flow", "from the photographs fetched to those analysed"},
};

const char *en_report_chart_name(en_report_chart chart) { return chart < EN_REPORT_CHARTS ? charts[chart].name : NULL; }

const char *en_report_chart_meaning(en_report_chart chart)
{
    return chart < EN_REPORT_CHARTS ? charts[chart].meaning : NULL;
}

en_report_chart en_report_chart_find(const char *name)
{
    int chart = 0;
    while (chart < EN_REPORT_CHARTS && strcmp(charts[chart].name, name) != 0) {
        chart++;
    }
    return (en_report_chart)chart;
}

const en_catalog_curve *en_report_curve(const en_report_result *r, en_part part, const char *name)
{
    return en_catalog_curves_find(&r->curves, part, name);
}

/* What a histogram is of. */
static en_report_trait trait_of(en_report_chart chart)
{
    return (en_report_trait)(chart - EN_REPORT_CHART_BRIGHTNESS + EN_REPORT_BRIGHTNESS);
}

static bool graded(const en_report_result *r)
{
    return r->balances > 0 && r->balance[0].grade >= 0; /* those without a grade come last */
}

bool en_report_chart_shown(const en_report_result *r, en_report_chart chart)
{
    bool measured = r->has_evaluation && r->metrics.n > 0;
    switch (chart) {
    case EN_REPORT_REJECTS: return r->reasons.count > 0;
    case EN_REPORT_BALANCE: return r->balances > 0;
    case EN_REPORT_DISEASE: return r->has_data && graded(r);
    case EN_REPORT_VIEWS: return r->has_data && r->views_by_grade > 0;
    case EN_REPORT_CHART_BRIGHTNESS:
    case EN_REPORT_CHART_CONTRAST:
    case EN_REPORT_CHART_SHARPNESS:
    case EN_REPORT_CHART_SCORE: return r->has_data && en_report_histogram_count(r, trait_of(chart)) > 0;
    case EN_REPORT_LOSS:
        return en_report_curve(r, EN_PART_TRAIN, en_report_loss(r)) != NULL ||
               en_report_curve(r, EN_PART_VAL, en_report_loss(r)) != NULL;
    case EN_REPORT_QUALITY:
        return en_report_curve(r, EN_PART_TRAIN, "accuracy") != NULL ||
               en_report_curve(r, EN_PART_VAL, "accuracy") != NULL || en_report_curve(r, EN_PART_VAL, "auc") != NULL;
    case EN_REPORT_CONFUSION: return measured;
    case EN_REPORT_ROC:
    case EN_REPORT_PRECISION:
    case EN_REPORT_SCORES:
    case EN_REPORT_DECISION: return measured && r->metrics.is_binary && isfinite(r->metrics.binary.auc.value);
    case EN_REPORT_CALIBRATION: return measured && r->metrics.is_binary;
    case EN_REPORT_SUBGROUPS: return measured && r->subgroups > 0;
    case EN_REPORT_FLOW: return measured;
    case EN_REPORT_CHARTS: break;
    }
    return false;
}

static en_status draw_rejects(const en_report_result *r, en_chart_medium medium, en_buf *out, en_error *err)
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
                              medium, out, err);
}

static en_status draw_balance(const en_report_result *r, en_chart_medium medium, en_buf *out, en_error *err)
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
        medium, out, err);
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

static en_status draw_learning(const en_report_result *r, bool loss, en_chart_medium medium, en_buf *out, en_error *err)
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
    return en_chart_draw_lines(&chart, medium, out, err);
}

en_status en_report_chart_draw(const en_report_result *r, en_report_chart chart, en_chart_medium medium, en_buf *out,
                               en_error *err)
{
    switch (chart) {
    case EN_REPORT_REJECTS: return draw_rejects(r, medium, out, err);
    case EN_REPORT_BALANCE: return draw_balance(r, medium, out, err);
    case EN_REPORT_DISEASE: return en_report_draw_disease(r, medium, out, err);
    case EN_REPORT_VIEWS: return en_report_draw_views(r, medium, out, err);
    case EN_REPORT_CHART_BRIGHTNESS:
    case EN_REPORT_CHART_CONTRAST:
    case EN_REPORT_CHART_SHARPNESS:
    case EN_REPORT_CHART_SCORE: return en_report_draw_histogram(r, trait_of(chart), medium, out, err);
    case EN_REPORT_LOSS: return draw_learning(r, true, medium, out, err);
    case EN_REPORT_QUALITY: return draw_learning(r, false, medium, out, err);
    case EN_REPORT_CONFUSION: return en_report_draw_confusion(r, medium, out, err);
    case EN_REPORT_ROC: return en_report_draw_roc(r, medium, out, err);
    case EN_REPORT_PRECISION: return en_report_draw_precision(r, medium, out, err);
    case EN_REPORT_SCORES: return en_report_draw_scores(r, medium, out, err);
    case EN_REPORT_CALIBRATION: return en_report_draw_calibration(r, medium, out, err);
    case EN_REPORT_DECISION: return en_report_draw_decision(r, medium, out, err);
    case EN_REPORT_SUBGROUPS: return en_report_draw_subgroups(r, medium, out, err);
    case EN_REPORT_FLOW: return en_report_draw_flow(r, medium, out, err);
    case EN_REPORT_CHARTS: break;
    }
    return en_error_set(err, EN_BUG, "there is no chart %d in a report", (int)chart);
}
