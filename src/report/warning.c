/* What a reader must know before believing a report's figures. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "report/parts.h"
#include "training/train/train.h"

typedef struct speaker {
    en_report_warn *warn;
    void *ctx;
} speaker;

static void say(const speaker *s, const char *strong, const char *text) { s->warn(s->ctx, strong, text); }

static void warn_of_views(const speaker *p, const en_report_result *r)
{
    char high[EN_NUMBER_TEXT], low[EN_NUMBER_TEXT], text[512];
    if (!r->uneven_views) {
        return;
    }
    snprintf(
        text, sizeof text,
        "Of what it learned from, %s of \xe2\x80\x9c%s\xe2\x80\x9d are rotated and %s of \xe2\x80\x9c%s\xe2\x80\x9d: "
        "it may have learned to see the rotation, not the eye. Views chosen evenly, such as WHERE rotation = 0 or "
        "those of eyenet augment even, rule that out.",
        en_number_percent(r->views.high, 0, high), en_report_class(r, r->views.most),
        en_number_percent(r->views.low, 0, low), en_report_class(r, r->views.least));
    say(p, "Rotation is confounded with the target.", text);
}

/* A network that answers everything alike has an AUC of 0.5, and a kappa of 0, without an interval. */
static void warn_of_chance(const speaker *p, const en_report_result *r)
{
    const en_metrics *m = &r->metrics;
    bool ranks = m->is_binary || m->is_graded;
    const en_metric *is = m->is_binary ? &m->binary.auc : m->is_graded ? &m->referable.auc : &m->kappa;
    if (!r->has_evaluation || !isfinite(is->value) || is->is_in.low > (ranks ? 0.5 : 0)) {
        return;
    }
    char text[192];
    const char *name = m->is_binary ? "the AUC" : m->is_graded ? "the AUC of referable grades" : "kappa";
    snprintf(text, sizeof text,
             isfinite(is->is_in.low) ? "The interval of %s is not wholly above %s, which is what guessing gets."
                                     : "The patients are too few for an interval of %s; guessing gets %s.",
             name, ranks ? "0.5" : "0");
    say(p, "Perhaps no better than chance.", text);
}

void en_report_warnings(const en_report_result *r, en_report_warn *warn, void *ctx)
{
    const speaker here = {warn, ctx}, *p = &here;
    warn_of_views(p, r);
    for (size_t i = 0; i < r->params.count; i++) {
        if (strcmp(r->params.row[i].name, EN_TRAIN_TROUBLE) == 0) {
            char text[EN_TRAIN_TROUBLE_TEXT + 8];
            snprintf(text, sizeof text, "It %.250s.", r->params.row[i].value);
            say(p, "The training went wrong.", text);
        }
    }
    if (r->has_evaluation && !r->evaluation.weights_kept) {
        say(p, "Measured with other weights than the run keeps.",
            "The run was evaluated before it replaced its weights: these metrics are not those of its model. "
            "Evaluate it again.");
    }
    if (r->run.origin == EN_RUN_IMPORTED && r->run.subset_id < 0) {
        say(p, "What it was trained on is not known here.",
            "It may have learned from patients it is measured on; only who trained it can tell.");
    }
    if (r->has_evaluation && r->evaluation.answers_only) {
        say(p, "Answers without probabilities.", "The AUC is that of one threshold; calibration and loss say nothing.");
    }
    if (r->has_evaluation && r->shared_patients > 0) {
        say(p, "These metrics measure memorisation, not generalisation.",
            "It was trained on patients it is measured on here.");
    } else if (r->has_evaluation && r->choosing_patients > 0) {
        say(p, "Measured on validation patients.",
            "The weights to keep were chosen by them, so the metrics are optimistically biased.");
    }
    if (r->has_evaluation && r->metrics.is_binary &&
        (r->metrics.binary.positives < 30 || r->metrics.binary.negatives < 30)) {
        say(p, "Few photographs.", "With fewer than 30 of one kind, every metric here is a rough estimate.");
    }
    warn_of_chance(p, r);
    for (size_t i = 0; i < r->accounts.count; i++) {
        if (r->accounts.row[i].expected != r->accounts.row[i].found) {
            say(p, "The consistency checks fail.", "See the photographs below, and run eyenet doctor.");
            break;
        }
    }
}
