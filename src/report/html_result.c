/* The page's results: learning curves, metrics, mistakes as pictures. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "report/page.h"
#include "report/parts.h"
#include "base/number.h"

#define NOTHING ((double)NAN)

/* A curve's value at an epoch, NAN when it was not measured then. */
static double value_at(const en_catalog_curve *curve, double epoch)
{
    for (size_t i = 0; curve != NULL && i < curve->count; i++) {
        if (fabs(curve->epoch[i] - epoch) < 0.5) {
            return curve->value[i];
        }
    }
    return NOTHING;
}

static void epochs_table(en_page *p, const en_report_result *r)
{
    static const char *const heading[] = {"Epoch",          "#Train loss", "#Val. loss", "#Train accuracy",
                                          "#Val. accuracy", "#Val. AUC",   "#Seconds"};
    const en_catalog_curve *curve[] = {en_report_curve(r, EN_PART_TRAIN, en_report_loss(r)),
                                       en_report_curve(r, EN_PART_VAL, en_report_loss(r)),
                                       en_report_curve(r, EN_PART_TRAIN, "accuracy"),
                                       en_report_curve(r, EN_PART_VAL, "accuracy"),
                                       en_report_curve(r, EN_PART_VAL, "auc"),
                                       en_report_curve(r, EN_PART_NONE, "seconds")};
    static const unsigned decimals[] = {4, 4, 3, 3, 3, 1};
    en_page_put(p, "<details><summary>The metrics of every epoch</summary>\n");
    en_page_table(p, NULL, heading, 7);
    for (int64_t epoch = 1; epoch <= r->run.epochs; epoch++) {
        en_page_row(p, epoch == r->run.best_epoch ? "best" : NULL);
        char number[EN_NUMBER_TEXT];
        en_page_cell_head(p, en_number_count(epoch, number));
        for (size_t i = 0; i < sizeof curve / sizeof curve[0]; i++) {
            en_page_cell_fixed(p, value_at(curve[i], (double)epoch), decimals[i]);
        }
        en_page_row_end(p);
    }
    en_page_table_end(p);
    en_page_put(p, "</details>\n");
}

void en_report_page_learning(en_page *p, const en_report_result *r)
{
    en_page_section(p, "learning", "How it learned");
    if (r->run.epochs < 1) {
        en_page_put(p, r->run.origin == EN_RUN_ENSEMBLE ? "<p>Its members learned: see their reports.</p>\n"
                                                        : "<p>No epoch is done yet.</p>\n");
        en_page_section_end(p);
        return;
    }
    en_page_put(p, "<p>");
    en_page_things(p, r->run.epochs, "epoch", "epochs");
    if (r->run.best_epoch >= 1) {
        en_page_put(p, "; the weights after epoch ");
        en_page_count(p, r->run.best_epoch);
        en_page_put(p, " were kept");
    }
    en_page_put(p, ".</p>\n");
    en_page_pair(p);
    en_report_page_chart(
        p, r, EN_REPORT_LOSS,
        strcmp(en_report_loss(r), "loss") == 0
            ? "The training loss is taken while the weights still change, and under dropout where there "
              "is any."
            : "Both are weighted by class as the settings above say; the training loss is taken while the "
              "weights still change, and under dropout where there is any.");
    en_report_page_chart(p, r, EN_REPORT_QUALITY, NULL);
    en_page_pair_end(p);
    epochs_table(p, r);
    en_page_section_end(p);
}

/* Result ----------------------------------------------------------------------------------------------------------- */

static void measure(en_page *p, const char *name, const en_metric *m, const char *meaning)
{
    en_page_row(p, NULL);
    en_page_cell_head(p, name);
    en_page_cell_fixed(p, m->value, 3);
    en_page_put(p, "<td class=\"n\">");
    if (isfinite(m->is_in.low) && isfinite(m->is_in.high)) {
        en_page_fixed(p, m->is_in.low, 3);
        en_page_put(p, " to ");
        en_page_fixed(p, m->is_in.high, 3);
    } else if (isfinite(m->value)) {
        en_page_put(p, "too few");
    }
    en_page_put(p, "</td>");
    en_page_cell_text(p, meaning);
    en_page_row_end(p);
}

/* At the thresholds that the validation photographs chose. */
static void measure_points(en_page *p, const en_report_result *r)
{
    static const char *const rule[EN_OPERATING_RULES] = {"a sensitivity", "a specificity", "Youden's index",
                                                         "the cost"};
    for (size_t k = 0; k < EN_OPERATING_RULES; k++) {
        const en_at_threshold *at = &r->metrics.binary.at[k];
        char name[64], meaning[128], threshold[EN_NUMBER_TEXT];
        if (isnan(at->threshold)) {
            continue;
        }
        snprintf(meaning, sizeof meaning, "at p = %s, chosen on the validation part",
                 en_number_fixed(at->threshold, 3, threshold));
        snprintf(name, sizeof name, "sensitivity, threshold by %s", rule[k]);
        measure(p, name, &at->sensitivity, meaning);
        snprintf(name, sizeof name, "specificity, threshold by %s", rule[k]);
        measure(p, name, &at->specificity, meaning);
    }
}

static void measure_referral(en_page *p, const en_report_result *r)
{
    const en_referral *referable = &r->metrics.referable, *threatening = &r->metrics.threatening;
    measure(p, "referable: AUC", &referable->auc, "grade 2 and more against the rest");
    measure(p, "referable: sensitivity", &referable->sensitivity, "of those, graded 2 and more");
    measure(p, "referable: specificity", &referable->specificity, "of the rest, graded below 2");
    measure(p, "sight-threatening: AUC", &threatening->auc, "grade 3 and more against the rest");
    measure(p, "sight-threatening: sensitivity", &threatening->sensitivity, "of those, graded 3 and more");
    measure(p, "sight-threatening: specificity", &threatening->specificity, "of the rest, graded below 3");
}

static void measures(en_page *p, const en_report_result *r)
{
    static const char *const heading[] = {"Measure", "#Value", "#95% interval", "Meaning"};
    const en_metrics *m = &r->metrics;
    const en_binary_metrics *b = &m->binary;
    en_page_put(p, "<div class=\"stack\">\n");
    en_page_table(p, NULL, heading, 4);
    if (m->is_binary) {
        measure(p, "AUC", &b->auc, "a positive scores above a negative");
        measure(p, "area under precision and recall", &b->pr_auc, "the mean precision at the positives");
        measure(p, "sensitivity", &b->sensitivity, "of the positives, those found");
        measure(p, "specificity", &b->specificity, "of the negatives, those cleared");
        measure(p, "sensitivity at 90% specificity", &b->sensitivity_at_90, "with the threshold set for that here");
        measure(p, "positive predictive value", &b->ppv, "how often a positive answer is right");
        measure(p, "negative predictive value", &b->npv, "how often a negative answer is right");
    }
    if (m->is_binary) {
        measure_points(p, r);
    }
    measure(p, "accuracy", &m->accuracy, "right answers of all");
    measure(p, "balanced accuracy", &m->balanced_accuracy, "the mean over the classes");
    measure(p, r->classes.ordinal ? "kappa, quadratic weights" : "kappa, unweighted", &m->kappa,
            "agreement beyond chance");
    if (m->is_graded) {
        measure_referral(p, r);
    }
    if (m->is_binary) {
        measure(p, "calibration error (ECE)", &b->ece, "probabilities against frequencies");
        measure(p, "Brier score", &b->brier, "squared error of the probabilities");
    }
    en_page_table_end(p);
    en_page_put(p, "</div>\n");
}

static void classes_table(en_page *p, const en_report_result *r)
{
    static const char *const heading[] = {"Class", "#n", "#Right", "#Recall", "#Precision"};
    en_page_table(p, "Class by class", heading, 5);
    for (size_t i = 0; i < r->classes.count; i++) {
        int64_t n = 0;
        for (size_t k = 0; k < r->classes.count; k++) {
            n += en_confusion_at(&r->metrics.confusion, i, k);
        }
        en_page_row(p, NULL);
        en_page_cell_head(p, en_report_class(r, i));
        en_page_cell_count(p, n);
        en_page_cell_count(p, en_confusion_at(&r->metrics.confusion, i, i));
        en_page_cell_fixed(p, en_confusion_recall(&r->metrics.confusion, i), 3);
        en_page_cell_fixed(p, en_confusion_precision(&r->metrics.confusion, i), 3);
        en_page_row_end(p);
    }
    en_page_table_end(p);
}

static void grades_table(en_page *p, const en_report_result *r)
{
    const char *heading[] = {"Grade", "#n", "#Right", "#Percentage right",
                             r->metrics.is_binary ? "#Mean probability" : "#Mean answer"};
    char caption[160];
    if (r->metrics.is_binary) {
        snprintf(caption, sizeof caption, "Grade by grade; the probability is that of \xe2\x80\x9c%.60s\xe2\x80\x9d",
                 en_report_class(r, 1));
    } else {
        snprintf(caption, sizeof caption, "Grade by grade");
    }
    en_page_table(p, caption, heading, 5);
    for (size_t i = 0; i < r->grades; i++) {
        const en_report_grade *g = &r->grade[i];
        en_page_row(p, NULL);
        en_page_cell_head(p, g->name);
        en_page_cell_count(p, g->n);
        en_page_cell_count(p, g->right);
        en_page_cell_percent(p, g->n > 0 ? (double)g->right / (double)g->n : NOTHING, 1);
        en_page_cell_fixed(p, g->mean_score, 3);
        en_page_row_end(p);
    }
    en_page_table_end(p);
}

/* The data behind the pictures, for those who cannot see them or want to count on. */
static void details(en_page *p, const char *summary)
{
    en_page_put(p, "<details><summary>");
    en_page_text(p, summary);
    en_page_put(p, "</summary>\n");
}

static void confusion_table(en_page *p, const en_report_result *r)
{
    char name[EN_MAX_CLASSES][64];
    const char *heading[EN_MAX_CLASSES + 1] = {"Truth, and what it was called"};
    for (size_t i = 0; i < r->classes.count; i++) {
        snprintf(name[i], sizeof name[i], "#%.60s", en_report_class(r, i));
        heading[i + 1] = name[i];
    }
    details(p, "The counts of the confusion matrix");
    en_page_table(p, NULL, heading, r->classes.count + 1);
    for (size_t i = 0; i < r->classes.count; i++) {
        en_page_row(p, NULL);
        en_page_cell_head(p, en_report_class(r, i));
        for (size_t k = 0; k < r->classes.count; k++) {
            en_page_cell_count(p, en_confusion_at(&r->metrics.confusion, i, k));
        }
        en_page_row_end(p);
    }
    en_page_table_end(p);
    en_page_put(p, "</details>\n");
}

/* What each specificity costs: the best point of the curve that reaches it. */
static void thresholds_table(en_page *p, const en_report_result *r)
{
    static const char *const heading[] = {"Specificity of at least", "#Specificity", "#Sensitivity",
                                          "#Called positive from p"};
    static const double wish[] = {0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98};
    const en_roc *roc = &r->metrics.binary.roc;
    details(p, "Sensitivity at other thresholds");
    en_page_table(p, NULL, heading, 4);
    for (size_t i = 0; i < sizeof wish / sizeof wish[0]; i++) {
        size_t at = 0; /* the curve rises: its last point that is specific enough is its most sensitive one */
        for (size_t k = 0; k < roc->count && 1 - roc->point[k].fpr >= wish[i] - 1e-12; k++) {
            at = roc->point[k].tpr > roc->point[at].tpr ? k : at;
        }
        en_page_row(p, NULL);
        char proportion[EN_NUMBER_TEXT];
        en_page_cell_head(p, en_number_percent(wish[i], 0, proportion));
        en_page_cell_fixed(p, 1 - roc->point[at].fpr, 3);
        en_page_cell_fixed(p, roc->point[at].tpr, 3);
        en_page_cell_fixed(p, roc->point[at].threshold, 4);
        en_page_row_end(p);
    }
    en_page_table_end(p);
    en_page_put(p, "</details>\n");
}

static void calibration_table(en_page *p, const en_report_result *r)
{
    static const char *const heading[] = {"Prediction", "#Mean", "#Observed", "#from", "#to", "#Predictions"};
    const en_binary_metrics *b = &r->metrics.binary;
    details(p, "The bins of the calibration");
    en_page_table(p, NULL, heading, 6);
    for (size_t i = 0; i < EN_METRICS_BINS; i++) {
        if (b->count[i] == 0) {
            continue;
        }
        char from[EN_NUMBER_TEXT], to[EN_NUMBER_TEXT], bin[2 * EN_NUMBER_TEXT + 8];
        snprintf(bin, sizeof bin, "%s to %s", en_number_fixed((double)i / EN_METRICS_BINS, 1, from),
                 en_number_fixed((double)(i + 1) / EN_METRICS_BINS, 1, to));
        en_page_row(p, NULL);
        en_page_cell_head(p, bin);
        en_page_cell_fixed(p, b->predicted[i], 3);
        en_page_cell_fixed(p, b->observed[i], 3);
        en_page_cell_fixed(p, b->low[i], 3);
        en_page_cell_fixed(p, b->high[i], 3);
        en_page_cell_count(p, b->count[i]);
        en_page_row_end(p);
    }
    en_page_table_end(p);
    en_page_put(p, "</details>\n");
}

static void measured_on(en_page *p, const en_report_result *r)
{
    en_page_put(p, "<p>Measured on the subset <em>");
    en_page_text(p, r->evaluation.subset);
    en_page_put(p, "</em>: ");
    en_report_page_units(p, r);
    if (r->metrics.is_binary) {
        en_page_put(p, ", ");
        en_page_count(p, r->metrics.binary.positives);
        en_page_put(p, " of them positive (<em>");
        en_page_text(p, r->metrics.positive_class);
        en_page_put(p, "</em>) and ");
        en_page_count(p, r->metrics.binary.negatives);
        en_page_put(p, " negative");
    }
    en_page_put(p, ".</p>\n");
}

static void binary_charts(en_page *p, const en_report_result *r)
{
    en_page_pair(p);
    en_report_page_chart(p, r, EN_REPORT_CONFUSION, NULL);
    en_report_page_chart(
        p, r, EN_REPORT_ROC,
        "The dots are operating points: p = 0.5, and the thresholds chosen on the validation part. The "
        "band is the 95% interval of the sensitivity at each specificity, clustered by patient.");
    en_report_page_chart(p, r, EN_REPORT_PRECISION, "Precision depends on how common the positives are.");
    en_report_page_chart(p, r, EN_REPORT_SCORES,
                         "The less the two outlines overlap, the better the classes are told apart.");
    en_report_page_chart(p, r, EN_REPORT_CALIBRATION,
                         "The points of a calibrated network lie on the dashed line. Whiskers are 95% intervals; a "
                         "small dot stands for few photographs.");
    en_report_page_chart(p, r, EN_REPORT_DECISION,
                         "Net benefit is true positives less false positives weighted by the odds of the threshold: "
                         "who would act at a probability of 0.1 takes nine false alarms for one positive found. A "
                         "model is of use where it lies above both other lines.");
    en_page_pair_end(p);
    confusion_table(p, r);
    if (en_report_chart_shown(r, EN_REPORT_ROC)) {
        thresholds_table(p, r);
    }
    calibration_table(p, r);
}

void en_report_page_result(en_page *p, const en_report_result *r)
{
    en_page_section(p, "result", "How good it is");
    if (!r->has_evaluation || r->metrics.n == 0) {
        en_page_put(p, "<p>Not measured yet. This measures it on the test part of its split:</p>\n"
                       "<pre>eyenet evaluate ");
        en_page_text(p, r->run.name);
        en_page_put(p, " --part test</pre>\n");
        en_page_section_end(p);
        return;
    }
    measured_on(p, r);
    measures(p, r);
    if (r->metrics.is_binary) {
        binary_charts(p, r);
    } else {
        en_page_pair(p);
        en_report_page_chart(p, r, EN_REPORT_CONFUSION, NULL);
        classes_table(p, r);
        en_page_pair_end(p);
        confusion_table(p, r);
    }
    if (r->grades > 0 && strcmp(r->run.target, "grade") != 0) { /* that one's classes are the grades */
        grades_table(p, r);
    }
    en_page_section_end(p);
}
