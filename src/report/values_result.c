/* The result as values: what was measured, with n, unit and interval; screening, subgroups, mistakes. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "report/parts.h"

/* A row of the measures; n: of how many units it is a measure. */
static void measure(en_values *v, const en_report_result *r, const char *key, const char *name, const en_metric *m,
                    int64_t n)
{
    if (v->form == EN_VALUES_JSON) {
        en_values_text(v, key);
    }
    en_values_text(v, name);
    en_values_metric(v, m, 3);
    en_values_count(v, n);
    en_values_text(v, en_word(&en_units, r->metrics.unit));
}

static void points(en_values *v, const en_report_result *r)
{
    static const char *const rule[EN_OPERATING_RULES] = {"a sensitivity", "a specificity", "Youden's index",
                                                         "the cost"};
    for (size_t k = 0; k < EN_OPERATING_RULES; k++) {
        const en_at_threshold *at = &r->metrics.binary.at[k];
        char name[96], key[64], threshold[EN_NUMBER_TEXT];
        if (isnan(at->threshold)) {
            continue;
        }
        (void)en_number_fixed(at->threshold, 3, threshold);
        (void)snprintf(key, sizeof key, "at_%s_sensitivity", en_operating_name((en_operating_rule)k));
        (void)snprintf(name, sizeof name, "sensitivity at p = %s, chosen by %s", threshold, rule[k]);
        measure(v, r, key, name, &at->sensitivity, r->metrics.binary.positives);
        (void)snprintf(key, sizeof key, "at_%s_specificity", en_operating_name((en_operating_rule)k));
        (void)snprintf(name, sizeof name, "specificity at p = %s, chosen by %s", threshold, rule[k]);
        measure(v, r, key, name, &at->specificity, r->metrics.binary.negatives);
    }
}

static void binary(en_values *v, const en_report_result *r)
{
    const en_binary_metrics *b = &r->metrics.binary;
    int64_t n = r->metrics.n,
            called = en_confusion_at(&r->metrics.confusion, 0, 1) + en_confusion_at(&r->metrics.confusion, 1, 1);
    bool last = strcmp(r->metrics.positive_class, en_report_class(r, 1)) == 0;
    int64_t called_positive = last ? called : n - called;
    measure(v, r, "auc", "AUC", &b->auc, n);
    measure(v, r, "pr_auc", "area under precision and recall", &b->pr_auc, n);
    measure(v, r, "sensitivity", "sensitivity", &b->sensitivity, b->positives);
    measure(v, r, "specificity", "specificity", &b->specificity, b->negatives);
    measure(v, r, "sensitivity_at_90", "sensitivity at 90% specificity", &b->sensitivity_at_90, b->positives);
    measure(v, r, "ppv", "positive predictive value", &b->ppv, called_positive);
    measure(v, r, "npv", "negative predictive value", &b->npv, n - called_positive);
    points(v, r);
    measure(v, r, "ece", "calibration error (ECE)", &b->ece, n);
    measure(v, r, "brier", "Brier score", &b->brier, n);
}

static void referral(en_values *v, const en_report_result *r, const char *key, const char *name, const en_referral *f)
{
    char keys[64], names[64];
    (void)snprintf(keys, sizeof keys, "%s_auc", key);
    (void)snprintf(names, sizeof names, "%s: AUC", name);
    measure(v, r, keys, names, &f->auc, f->positives + f->negatives);
    (void)snprintf(keys, sizeof keys, "%s_sensitivity", key);
    (void)snprintf(names, sizeof names, "%s: sensitivity", name);
    measure(v, r, keys, names, &f->sensitivity, f->positives);
    (void)snprintf(keys, sizeof keys, "%s_specificity", key);
    (void)snprintf(names, sizeof names, "%s: specificity", name);
    measure(v, r, keys, names, &f->specificity, f->negatives);
}

static void measures(en_values *v, const en_report_result *r)
{
    static const en_value_column columns[] = {{"measure", NULL, false},
                                              {"name", "Measure", false},
                                              {"value", "Value [95% interval]", true},
                                              {"n", "n", true},
                                              {"unit", "of", false}};
    const en_metrics *m = &r->metrics;
    bool keys = v->form == EN_VALUES_JSON; /* for programs; people have the names */
    en_values_table(v, "measures", NULL, columns + !keys, 4 + keys);
    if (m->is_binary) {
        binary(v, r);
    }
    measure(v, r, "accuracy", "accuracy", &m->accuracy, m->n);
    measure(v, r, "balanced_accuracy", "balanced accuracy", &m->balanced_accuracy, m->n);
    measure(v, r, "kappa", r->classes.ordinal ? "kappa, quadratic weights" : "kappa, unweighted", &m->kappa, m->n);
    if (m->is_graded) {
        referral(v, r, "referable", "referable", &m->referable);
        referral(v, r, "threatening", "sight-threatening", &m->threatening);
    }
    en_values_table_end(v);
}

static void confusion(en_values *v, const en_report_result *r)
{
    static const en_value_column columns[] = {{"truth", "Truth", false}, {"answer", "Answer", false}, {"n", "n", true}};
    en_values_table(v, "confusion", "The confusion matrix", columns, 3);
    for (size_t i = 0; i < r->classes.count; i++) {
        for (size_t k = 0; k < r->classes.count; k++) {
            en_values_text(v, en_report_class(r, i));
            en_values_text(v, en_report_class(r, k));
            en_values_count(v, en_confusion_at(&r->metrics.confusion, i, k));
        }
    }
    en_values_table_end(v);
}

static void grades(en_values *v, const en_report_result *r)
{
    static const en_value_column columns[] = {
        {"grade", "Grade", false}, {"n", "n", true}, {"right", "Right", true}, {"mean_score", "Mean score", true}};
    en_values_table(v, "grades", "Photographs grade by grade", columns, 4);
    for (size_t i = 0; i < r->grades; i++) {
        en_values_text(v, r->grade[i].name);
        en_values_count(v, r->grade[i].n);
        en_values_count(v, r->grade[i].right);
        en_values_real(v, r->grade[i].mean_score, 3);
    }
    en_values_table_end(v);
}

/* For programs: the points of the curve; people have its area. */
static void roc(en_values *v, const en_report_result *r)
{
    static const en_value_column columns[] = {
        {"threshold", "", true}, {"sensitivity", "", true}, {"specificity", "", true}};
    static const en_value_column band[] = {{"specificity", "", true}, {"low", "", true}, {"high", "", true}};
    const en_roc *curve = &r->metrics.binary.roc;
    if (v->form != EN_VALUES_JSON) {
        return;
    }
    en_values_table(v, "roc", NULL, columns, 3);
    for (size_t i = 0; i < curve->count; i++) {
        en_values_real(v, curve->point[i].threshold, 4);
        en_values_real(v, curve->point[i].tpr, 4);
        en_values_real(v, 1 - curve->point[i].fpr, 4);
    }
    en_values_table_end(v);
    en_values_table(v, "roc_band", NULL, band, 3);
    for (size_t i = 0; i < EN_REPORT_BAND; i++) {
        en_values_real(v, r->band_specificity[i], 2);
        en_values_real(v, r->band_low[i], 3);
        en_values_real(v, r->band_high[i], 3);
    }
    en_values_table_end(v);
}

static void bins(en_values *v, const en_report_result *r)
{
    static const en_value_column columns[] = {{"from", "Probability from", true},
                                              {"predicted", "Mean", true},
                                              {"observed", "Observed [95% interval]", true},
                                              {"n", "n", true}};
    const en_binary_metrics *b = &r->metrics.binary;
    en_values_table(v, "calibration", "Probabilities against frequencies, in tenths", columns, 4);
    for (size_t i = 0; i < EN_METRICS_BINS; i++) {
        if (b->count[i] > 0) {
            const en_metric observed = {b->observed[i], {b->low[i], b->high[i]}};
            en_values_real(v, (double)i / EN_METRICS_BINS, 1);
            en_values_real(v, b->predicted[i], 3);
            en_values_metric(v, &observed, 3);
            en_values_count(v, b->count[i]);
        }
    }
    en_values_table_end(v);
}

static void result(en_values *v, const en_report_result *r)
{
    bool measured = r->has_evaluation && r->metrics.n > 0;
    en_values_section(v, "result", "How good it is");
    en_values_facts(v);
    en_values_fact(v, "measured_on", "measured on the subset", measured ? r->evaluation.subset : NULL);
    en_values_fact(v, "part", "part", measured ? en_word(&en_parts, r->evaluation.part) : NULL);
    en_values_fact(v, "unit", "unit", measured ? en_word(&en_units, r->metrics.unit) : NULL);
    en_values_fact_count(v, "n", "n", measured ? r->metrics.n : -1);
    en_values_fact_count(v, "photographs", "photographs", measured ? r->metrics.photographs : -1);
    en_values_fact_count(v, "patients", "patients", measured ? r->metrics.patients : -1);
    if (measured && r->metrics.is_binary) {
        en_values_fact(v, "positive_class", "positive class", r->metrics.positive_class);
        en_values_fact_count(v, "positives", "positives", r->metrics.binary.positives);
        en_values_fact_count(v, "negatives", "negatives", r->metrics.binary.negatives);
    }
    en_values_fact_count(v, "correct", "right answers", measured ? r->metrics.correct : -1);
    en_values_fact_real(v, "loss", "cross-entropy, nats", measured ? r->metrics.loss : (double)NAN, 4);
    en_values_facts_end(v);
    if (measured) {
        measures(v, r);
        confusion(v, r);
        grades(v, r);
    } else {
        en_values_say(v, "Not measured yet: eyenet evaluate does that.");
    }
    if (measured && r->metrics.is_binary) {
        bins(v, r);
        roc(v, r);
    }
    en_values_section_end(v);
}

static void screened(en_values *v, const en_report_screening *s)
{
    static const en_value_column columns[] = {{"grade", "Worst grade of the patient", false},
                                              {"positive", "Called positive", true},
                                              {"negative", "Called negative", true},
                                              {"ungradable", "Ungradable", true}};
    en_values_table(v, "patients_by_grade", NULL, columns, 4);
    for (int64_t g = 0; g < EN_REPORT_SCREENED; g++) {
        char *name = en_report_grade_name(g < EN_REPORT_SCREENED - 1 ? g : -1);
        en_values_text(v, name);
        en_values_count(v, s->grade[g].positive);
        en_values_count(v, s->grade[g].negative);
        en_values_count(v, s->grade[g].ungradable);
        en_free(name);
    }
    en_values_table_end(v);
}

static void screening(en_values *v, const en_report_result *r)
{
    static const en_value_column columns[] = {{"measure", "Per patient", false},
                                              {"value", "Value [95% interval]", true}};
    const en_report_screening *s = &r->screening;
    const struct {
        const char *name;
        const en_metric *metric;
    } row[] = {{"sensitivity", &s->sensitivity},
               {"specificity", &s->specificity},
               {"sensitivity of the gradable", &s->sensitivity_gradable},
               {"specificity of the gradable", &s->specificity_gradable},
               {"imageability", &s->imageability},
               {"positive predictive value", &s->ppv},
               {"negative predictive value", &s->npv}};
    en_values_section(v, "screening", "As a screening programme");
    en_values_facts(v);
    en_values_fact_count(v, "patients", "patients", s->patients);
    en_values_fact_count(v, "positives", "with the disease", s->positives);
    en_values_fact_count(v, "negatives", "without it", s->negatives);
    en_values_fact_count(v, "least_grade", "grade from which on they should be referred", s->least);
    en_values_fact_count(v, "referred", "referred", s->referred);
    en_values_fact_count(v, "ungradable", "ungradable, which counts as referred", s->ungradable);
    en_values_fact_count(v, "never_graded", "patients without an accepted photograph, not counted", s->never_graded);
    en_values_fact_real(v, "threshold", "threshold", s->threshold, 3);
    en_values_fact_real(v, "prevalence", "prevalence for the predictive values", s->prevalence, 4);
    en_values_facts_end(v);
    screened(v, s);
    en_values_table(v, "measures", NULL, columns, 2);
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        en_values_text(v, row[i].name);
        en_values_metric(v, row[i].metric, 3);
    }
    en_values_table_end(v);
    en_values_section_end(v);
}

static void subgroups(en_values *v, const en_report_result *r)
{
    const en_value_column columns[] = {{"by", "By", false},
                                       {"subgroup", "Subgroup", false},
                                       {"n", "n", true},
                                       {"positives", "Positive", true},
                                       {"value", en_report_subgroup_value(r), true},
                                       {"sensitivity", "Sensitivity", true},
                                       {"specificity", "Specificity", true}};
    const char *by = NULL;
    en_values_section(v, "subgroups", "Units, parts and subgroups");
    en_values_facts(v);
    en_values_fact(v, "value", "value", en_report_subgroup_value(r));
    en_values_facts_end(v);
    en_values_table(v, "rows", NULL, columns, 7);
    for (size_t i = 0; i < r->subgroups; i++) {
        const en_report_subgroup *s = &r->subgroup[i];
        if (s->n < 0) {
            by = s->name;
            continue;
        }
        en_values_text(v, by);
        en_values_text(v, s->name);
        en_values_count(v, s->n);
        en_values_count(v, s->positives);
        en_values_metric(v, &s->value, 3);
        en_values_metric(v, &s->sensitivity, 3);
        en_values_metric(v, &s->specificity, 3);
    }
    en_values_table_end(v);
    en_values_section_end(v);
}

static void mistakes(en_values *v, const en_report_result *r)
{
    static const en_value_column columns[] = {
        {"why", "Why it is here", false}, {"image", "Image", false},    {"file", "File", false},
        {"grade", "Grade", false},        {"truth", "Truth", false},    {"answer", "Answer", false},
        {"p", "p of the truth", true},    {"mirror", "Mirrored", true}, {"rotation", "Rotated, degrees", true}};
    static const char *const why[EN_REPORT_WHYS] = {"missed, grade 3 or 4", "missed", "false alarm", "wrong",
                                                    "doubtful"};
    en_values_section(v, "mistakes", "The worst mistakes");
    en_values_facts(v);
    en_values_fact_count(v, "wrong_answers", "wrong answers, each view counted", r->mistakes_all);
    en_values_facts_end(v);
    en_values_table(v, "rows", NULL, columns, 9);
    for (size_t i = 0; i < r->shown; i++) {
        const en_report_mistake *m = &r->mistake[i];
        en_values_text(v, why[m->why]);
        en_values_text(v, m->image);
        en_values_text(v, m->file);
        en_values_text(v, m->grade);
        en_values_text(v, en_report_class(r, m->truth));
        en_values_text(v, en_report_class(r, m->predicted));
        en_values_real(v, m->p, 3);
        en_values_count(v, m->mirror);
        en_values_count(v, m->rotation);
    }
    en_values_table_end(v);
    en_values_section_end(v);
}

void en_report_values_result(en_values *v, const en_report_result *r)
{
    result(v, r);
    if (!r->has_evaluation || r->metrics.n == 0) {
        return;
    }
    if (r->has_screening) {
        screening(v, r);
    }
    subgroups(v, r);
    mistakes(v, r);
}
