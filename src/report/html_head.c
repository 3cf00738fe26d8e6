/* The page's head: what was learned and how well in a sentence, warnings, and the main metrics as tiles. */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "report/page.h"
#include "report/parts.h"
#include "base/number.h"

int64_t en_report_state_count(const en_report_result *r, const char *state)
{
    for (size_t i = 0; i < r->states.count; i++) {
        if (strcmp(r->states.row[i].name, state) == 0) {
            return r->states.row[i].count;
        }
    }
    return 0;
}

void en_report_page_classes(en_page *p, const en_report_result *r)
{
    for (size_t i = 0; i < r->classes.count; i++) {
        en_page_put(p, i == 0 ? "<em>" : i + 1 == r->classes.count ? " or <em>" : ", <em>");
        en_page_text(p, en_report_class(r, i));
        en_page_put(p, "</em>");
    }
}

void en_report_page_units(en_page *p, const en_report_result *r)
{
    const en_metrics *m = &r->metrics;
    if (m->unit == EN_UNIT_PATIENT) {
        en_page_things(p, m->patients, "patient", "patients");
        return;
    }
    bool eyes = m->unit == EN_UNIT_EYE;
    en_page_things(p, eyes ? m->n : m->photographs, eyes ? "eye" : "photograph", eyes ? "eyes" : "photographs");
    en_page_put(p, " of ");
    en_page_things(p, m->patients, "patient", "patients");
}

static void lead_training(en_page *p, const en_report_result *r)
{
    bool finished = r->run.state == EN_RUN_FINISHED;
    if (r->run.origin == EN_RUN_IMPORTED) {
        en_page_put(p, "Another program's predictions of <code>");
        en_page_code(p, r->run.target);
        en_page_put(p, "</code> (");
        en_report_page_classes(p, r);
        en_page_put(p, ") were imported as the run <em>");
        en_page_text(p, r->run.name);
        en_page_put(p, "</em>. ");
        return;
    }
    if (r->run.origin == EN_RUN_ENSEMBLE) {
        en_page_put(p, "The run <em>");
        en_page_text(p, r->run.name);
        en_page_put(p, "</em> answers <code>");
        en_page_code(p, r->run.target);
        en_page_put(p, "</code> (");
        en_report_page_classes(p, r);
        en_page_put(p, ") with the mean of ");
        en_page_things(p, (int64_t)r->members.count, "run", "runs");
        en_page_put(p, r->members.views ? ", each photograph shown in several views. " : ". ");
        return;
    }
    en_page_put(p, "The network <em>");
    en_page_text(p, r->run.model);
    en_page_put(p, finished ? "</em> was trained to predict <code>" : "</em> was to be trained to predict <code>");
    en_page_code(p, r->run.target);
    en_page_put(p, "</code> (");
    en_report_page_classes(p, r);
    en_page_put(p, ") from ");
    en_page_things(p, r->subset.members, "sample", "samples");
    en_page_put(p, " of ");
    en_page_things(p, r->subset.patients, "patient", "patients");
    en_page_put(p, ". ");
    if (!finished) {
        en_page_put(p, "This run is not finished (");
        en_page_text(p, en_word(&en_run_states, r->run.state));
        en_page_put(p, "). ");
    }
}

static void lead_result(en_page *p, const en_report_result *r)
{
    if (!r->has_evaluation || r->metrics.n == 0) {
        en_page_put(p, "It has not been measured yet.");
        return;
    }
    en_page_put(p, "On ");
    en_report_page_units(p, r);
    en_page_put(p, r->shared_patients == 0 && r->choosing_patients == 0 ? " it had not learned from, " : ", ");
    if (r->metrics.is_binary && isfinite(r->metrics.binary.auc.value)) {
        en_page_put(p, "its area under the ROC curve is <strong>");
        en_page_fixed(p, r->metrics.binary.auc.value, 3);
        en_page_put(p, "</strong>");
        if (isfinite(r->metrics.binary.auc.is_in.low)) {
            en_page_put(p, " (95% interval ");
            en_page_fixed(p, r->metrics.binary.auc.is_in.low, 3);
            en_page_put(p, " to ");
            en_page_fixed(p, r->metrics.binary.auc.is_in.high, 3);
            en_page_put(p, ")");
        }
    } else {
        en_page_put(p, "it was right in <strong>");
        en_page_count(p, r->metrics.correct);
        en_page_put(p, "</strong> (");
        en_page_percent(p, r->metrics.accuracy.value, 1);
        en_page_put(p, ")");
    }
    en_page_put(p, ".");
}

static void lead_overview(en_page *p, const en_report_result *r)
{
    en_page_things(p, r->files, "photograph was", "photographs were");
    en_page_put(p, " fetched, ");
    en_page_count(p, en_report_state_count(r, "accepted"));
    en_page_put(p, " accepted and ");
    en_page_count(p, en_report_state_count(r, "rejected"));
    en_page_put(p, r->runs == 0 ? " rejected. No network has been trained yet." : " rejected.");
}

/* A figure in large letters with its name above and a remark below (NULL: none). */
static void tile(en_page *p, const char *name, const char *figure, const char *remark)
{
    en_page_put(p, "<div><dt>");
    en_page_text(p, name);
    en_page_put(p, "</dt><dd>");
    en_page_text(p, figure);
    if (remark != NULL) {
        en_page_put(p, "<small>");
        en_page_text(p, remark);
        en_page_put(p, "</small>");
    }
    en_page_put(p, "</dd></div>\n");
}

static void tile_metric(en_page *p, const char *name, const en_metric *m)
{
    double low = m->is_in.low, high = m->is_in.high;
    char figure[EN_NUMBER_TEXT], from[EN_NUMBER_TEXT], to[EN_NUMBER_TEXT], remark[2 * EN_NUMBER_TEXT + 8];
    snprintf(remark, sizeof remark, "%s to %s", en_number_fixed(low, 3, from), en_number_fixed(high, 3, to));
    const char *few = isfinite(m->value) ? "too few patients for an interval" : NULL;
    tile(p, name, en_number_fixed(m->value, 3, figure), isfinite(low) && isfinite(high) ? remark : few);
}

/* The accuracy beside that of the laziest answer, which is high when one class is rare. */
static void tile_accuracy(en_page *p, const en_report_result *r)
{
    int64_t most = 0;
    size_t class = 0;
    for (size_t i = 0; i < r->classes.count; i++) {
        int64_t n = 0;
        for (size_t k = 0; k < r->classes.count; k++) {
            n += en_confusion_at(&r->metrics.confusion, i, k);
        }
        class = n > most ? i : class;
        most = n > most ? n : most;
    }
    char figure[EN_NUMBER_TEXT], lazy[EN_NUMBER_TEXT], remark[EN_NUMBER_TEXT + 64];
    snprintf(remark, sizeof remark, "always \xe2\x80\x9c%.40s\xe2\x80\x9d: %s", en_report_class(r, class),
             en_number_fixed((double)most / (double)r->metrics.n, 3, lazy));
    tile(p, "Accuracy", en_number_fixed(r->metrics.accuracy.value, 3, figure), remark);
}

static void tiles(en_page *p, const en_report_result *r)
{
    const en_binary_metrics *b = &r->metrics.binary;
    if (!r->has_evaluation || r->metrics.n == 0) {
        return;
    }
    en_page_put(p, "<dl class=\"tiles\">\n");
    if (r->metrics.is_binary) {
        tile_metric(p, "AUC", &b->auc);
        tile_metric(p, "Sensitivity", &b->sensitivity);
        tile_metric(p, "Specificity", &b->specificity);
    } else {
        tile_metric(p, "Balanced accuracy", &r->metrics.balanced_accuracy);
        tile_metric(p, r->classes.ordinal ? "Kappa (quadratic)" : "Kappa (unweighted)", &r->metrics.kappa);
    }
    tile_accuracy(p, r);
    char count[EN_NUMBER_TEXT], patients[EN_NUMBER_TEXT], remark[EN_NUMBER_TEXT + 16];
    snprintf(remark, sizeof remark, "of %s patients", en_number_count(r->metrics.patients, patients));
    tile(p, "Measured on", en_number_count(r->metrics.n, count), remark);
    en_page_put(p, "</dl>\n");
}

static void put_warning(void *page, const char *strong, const char *text)
{
    en_page *p = page;
    en_page_put(p, "<p class=\"warn\"><strong>");
    en_page_text(p, strong);
    en_page_put(p, "</strong> ");
    en_page_text(p, text);
    en_page_put(p, "</p>\n");
}

void en_report_page_head(en_page *p, const en_report_result *r)
{
    en_page_put(p, "<header>\n<p class=\"kicker\">eyenet report</p>\n<h1>");
    en_page_text(p, r->has_run ? r->run.name : "The photographs");
    en_page_put(p, "</h1>\n<p class=\"lead\">");
    if (r->has_run) {
        lead_training(p, r);
        lead_result(p, r);
    } else {
        lead_overview(p, r);
    }
    en_page_put(p, "</p>\n");
    en_report_warnings(r, put_warning, p);
    tiles(p, r);
    en_page_put(p, "<nav aria-label=\"Contents\">");
    if (r->has_run) {
        en_page_put(p, "<a href=\"#asked\">Question</a>");
    }
    en_page_put(p, "<a href=\"#photographs\">Photographs</a><a href=\"#split\">Split</a>");
    if (r->has_run) {
        en_page_put(
            p, "<a href=\"#network\">Network</a><a href=\"#learning\">Learning</a>"
               "<a href=\"#result\">Result</a><a href=\"#subgroups\">Subgroups</a><a href=\"#mistakes\">Mistakes</a>"
               "<a href=\"#provenance\">Provenance</a>");
    }
    en_page_put(p, r->has_data ? "<a href=\"#data\">Balance and quality</a>" : "");
    en_page_put(p, r->examples > 0 ? "<a href=\"#examples\">Examples</a>" : "");
    en_page_put(p, r->has_screening ? "<a href=\"#screening\">Screening</a>" : "");
    en_page_put(p, r->has_run && r->checklist != 0 ? "<a href=\"#checklist\">Checklist</a>" : "");
    en_page_put(p, "<a href=\"#limits\">Limits</a></nav>\n</header>\n");
}
