/* Several runs in one report: side by side, paired differences from the first, and what they were made with otherwise.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "report/parts.h"

#define DOCUMENT_CAP ((size_t)64 << 20)

static const en_metric nothing = {(double)NAN, {(double)NAN, (double)NAN}};

static bool measured(const en_report_result *r) { return r->has_evaluation && r->metrics.n > 0; }

/* Of two classes their own; of grades those of the referable ones. */
static en_referral referral_of(const en_report_result *r)
{
    const en_metrics *m = &r->metrics;
    const en_referral none = {-1, -1, nothing, nothing, nothing};
    if (!measured(r)) {
        return none;
    }
    return m->is_binary ? (en_referral){m->binary.positives, m->binary.negatives, m->binary.auc, m->binary.sensitivity,
                                        m->binary.specificity}
           : m->is_graded ? m->referable
                          : none;
}

static void made_of(en_values *v, const en_report_several_result *r)
{
    static const en_value_column columns[] = {{"run", "Run", false},
                                              {"state", "State", false},
                                              {"model", "Network", false},
                                              {"target", "Target", false},
                                              {"measured_on", "Measured on", false},
                                              {"n", "n", true},
                                              {"unit", "of", false},
                                              {"patients", "Patients", true},
                                              {"positives", "Positive", true}};
    en_values_table(v, "rows", NULL, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < r->runs; i++) {
        const en_report_result *x = &r->run[i];
        bool is = measured(x);
        en_values_text(v, x->run.name);
        en_values_text(v, en_word(&en_run_states, x->run.state));
        en_values_text(v, x->run.model);
        en_values_text(v, x->run.target);
        en_values_text(v, is ? x->evaluation.subset : NULL);
        en_values_count(v, is ? x->metrics.n : -1);
        en_values_text(v, is ? en_word(&en_units, x->metrics.unit) : NULL);
        en_values_count(v, is ? x->metrics.patients : -1);
        en_values_count(v, referral_of(x).positives);
    }
    en_values_table_end(v);
}

static void side_by_side(en_values *v, const en_report_several_result *r)
{
    static const en_value_column columns[] = {{"run", "Run", false},
                                              {"auc", "AUC", true},
                                              {"sensitivity", "Sensitivity", true},
                                              {"specificity", "Specificity", true},
                                              {"accuracy", "Accuracy", true},
                                              {"balanced_accuracy", "Balanced accuracy", true},
                                              {"kappa", "Kappa", true},
                                              {"loss", "Loss, nats", true}};
    en_values_section(v, "runs", "Side by side");
    en_values_say(v,
                  "95% intervals in brackets, clustered by patient; each run on its own photographs. AUC, sensitivity "
                  "and specificity of grades are those of referable ones, 2 and more.");
    made_of(v, r);
    en_values_table(v, "metrics", NULL, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < r->runs; i++) {
        const en_report_result *x = &r->run[i];
        const en_referral referral = referral_of(x);
        bool is = measured(x);
        en_values_text(v, x->run.name);
        en_values_metric(v, &referral.auc, 3);
        en_values_metric(v, &referral.sensitivity, 3);
        en_values_metric(v, &referral.specificity, 3);
        en_values_metric(v, is ? &x->metrics.accuracy : &nothing, 3);
        en_values_metric(v, is ? &x->metrics.balanced_accuracy : &nothing, 3);
        en_values_metric(v, is ? &x->metrics.kappa : &nothing, 3);
        en_values_real(v, is ? x->metrics.loss : (double)NAN, 4);
    }
    en_values_table_end(v);
    en_values_section_end(v);
}

typedef struct warned {
    en_values *values;
    const char *run;
    size_t count;
} warned;

static void count_warning(void *ctx, const char *matter, const char *text)
{
    (void)matter;
    (void)text;
    ((warned *)ctx)->count++;
}

static void add_warning(void *ctx, const char *matter, const char *text)
{
    warned *w = ctx;
    en_values_text(w->values, w->run);
    en_values_text(w->values, matter);
    en_values_text(w->values, text);
}

static void warnings(en_values *v, const en_report_several_result *r)
{
    static const en_value_column columns[] = {
        {"run", "Run", false}, {"warning", "Warning", false}, {"text", "What follows", false}};
    warned w = {.values = v};
    for (size_t i = 0; i < r->runs; i++) {
        en_report_warnings(&r->run[i], count_warning, &w);
    }
    if (w.count == 0 && v->form != EN_VALUES_JSON) {
        return;
    }
    en_values_section(v, "warnings", "Warnings");
    en_values_table(v, "rows", NULL, columns, 3);
    for (size_t i = 0; i < r->runs; i++) {
        w.run = r->run[i].run.name;
        en_report_warnings(&r->run[i], add_warning, &w);
    }
    en_values_table_end(v);
    en_values_section_end(v);
}

static void pairs(en_values *v, const en_report_several_result *r)
{
    static const en_value_column columns[] = {{"run", "Run", false},
                                              {"first_subset", "The first on", false},
                                              {"subset", "It on", false},
                                              {"photographs", "Photographs in common", true},
                                              {"only_first", "Only of the first", true},
                                              {"only_this", "Only of it", true},
                                              {"why_not", "Why not compared", false}};
    en_values_table(v, "pairs", "What was compared", columns, 7);
    for (size_t i = 1; i < r->runs; i++) {
        const en_report_other *x = &r->other[i];
        const en_compare_pair *p = x->compared.pairs > 0 ? &x->compared.pair[0] : NULL;
        en_values_text(v, r->run[i].run.name);
        en_values_text(v, p != NULL ? p->first_subset : NULL);
        en_values_text(v, p != NULL ? p->second_subset : NULL);
        en_values_count(v, p != NULL ? p->photographs : -1);
        en_values_count(v, p != NULL ? p->only_first : -1);
        en_values_count(v, p != NULL ? p->only_second : -1);
        en_values_text(v, x->why_not);
    }
    en_values_table_end(v);
}

static void compared(en_values *v, const en_report_several_result *r)
{
    static const en_value_column columns[] = {
        {"run", "Run", false}, {"metric", "Metric", false},        {"first", "The first", true},
        {"this", "It", true},  {"difference", "Difference", true}, {"n", "n", true},
        {"unit", "of", false}, {"patients", "Patients", true},     {"verdict", "It is", false}};
    char sentence[256];
    (void)snprintf(sentence, sizeof sentence,
                   "Each run less the first (%.120s) on the photographs that both were measured on: paired, with 95%% "
                   "intervals clustered by patient.",
                   r->run[0].run.name);
    en_values_section(v, "differences", "Paired differences");
    en_values_say(v, sentence);
    en_values_table(v, "rows", NULL, columns, 9);
    for (size_t i = 1; i < r->runs; i++) {
        for (size_t k = 0; k < r->other[i].compared.count; k++) {
            const en_compared *c = &r->other[i].compared.row[k];
            const en_metric difference = {c->difference, {c->low, c->high}};
            en_values_text(v, r->run[i].run.name);
            en_values_text(v, c->metric);
            en_values_real(v, c->first_value, 3);
            en_values_real(v, c->second_value, 3);
            en_values_metric(v, &difference, 4);
            en_values_count(v, c->n);
            en_values_text(v, c->unit);
            en_values_count(v, c->patients);
            en_values_text(v, c->verdict);
        }
    }
    en_values_table_end(v);
    pairs(v, r);
    en_values_section_end(v);
}

static void settings(en_values *v, const en_report_several_result *r)
{
    static const en_value_column columns[] = {{"run", "Run", false},
                                              {"section", "Of", false},
                                              {"name", "Name", false},
                                              {"first", "The first", false},
                                              {"this", "It", false}};
    en_values_section(v, "settings", "What was otherwise");
    en_values_say(v, "What each run was made with otherwise than the first, without names, times and places.");
    en_values_table(v, "rows", NULL, columns, 5);
    for (size_t i = 1; i < r->runs; i++) {
        for (size_t k = 0; k < r->other[i].differences.count; k++) {
            const en_catalog_run_fact *f = &r->other[i].differences.row[k];
            if (strcmp(f->section, "metric") != 0) { /* those of the validation part; the tables above have others */
                en_values_text(v, r->run[i].run.name);
                en_values_text(v, f->section);
                en_values_text(v, f->name);
                en_values_text(v, f->value);
                en_values_text(v, f->other);
            }
        }
    }
    en_values_table_end(v);
    en_values_section_end(v);
}

static void provenance(en_values *v, const en_report_several_result *r)
{
    static const en_value_column columns[] = {{"run", "Run", false},
                                              {"uuid", "uuid", false},
                                              {"seed", "Seed", false},
                                              {"subset_sha256", "Training subset, SHA-256", false},
                                              {"weights_sha256", "Weights, SHA-256", false},
                                              {"measured_subset_sha256", "Measured subset, SHA-256", false}};
    en_values_section(v, "provenance", "Provenance");
    en_values_table(v, "rows", NULL, columns, 6);
    for (size_t i = 0; i < r->runs; i++) {
        const en_report_result *x = &r->run[i];
        char seed[32];
        (void)snprintf(seed, sizeof seed, "%llu", (unsigned long long)x->run.seed);
        en_values_text(v, x->run.name);
        en_values_text(v, x->run.uuid);
        en_values_text(v, seed);
        en_values_text(v, x->subset.sha256);
        en_values_text(v, x->checkpoint.path != NULL ? x->checkpoint.sha256 : NULL);
        en_values_text(v, x->has_evaluation ? x->eval_subset.sha256 : NULL);
    }
    en_values_table_end(v);
    en_values_section_end(v);
}

en_status en_report_several_write(const en_report_several_result *r, en_report_format format, en_buf *out,
                                  en_error *err)
{
    en_values v;
    char title[160];
    (void)snprintf(title, sizeof title, "%.100s and %zu other %s", r->run[0].run.name, r->runs - 1,
                   r->runs > 2 ? "runs" : "run");
    en_values_begin(&v, en_report_form(format), out, title, err);
    warnings(&v, r);
    side_by_side(&v, r);
    compared(&v, r);
    settings(&v, r);
    provenance(&v, r);
    en_values_section(&v, "limits", "Limits");
    en_values_say(&v, "eyenet is a laboratory, not a medical device. Nothing here is fit to decide about a patient.");
    en_values_facts(&v);
    en_values_fact(&v, "use", "use", "research; not a medical device");
    en_values_fact(&v, "intervals", "intervals",
                   "95 %, clustered by patient; none where the patients are too few; not corrected for the number of "
                   "comparisons: of twenty, one misses its true value by chance");
    en_values_facts_end(&v);
    en_values_section_end(&v);
    return en_values_end(&v);
}

static en_status add_run(en_project *project, const en_report_several_options *o, en_report_several_result *r, size_t i,
                         en_error *err)
{
    const en_report_options one = {
        .run = o->run[i], .no_page = true, .unit = o->unit, .combine = o->combine, .positive = o->positive};
    en_status st = en_stop_check(&project->events, err);
    if (st == EN_OK) {
        st = en_report(project, &one, &r->run[i], err);
    }
    for (size_t k = 0; st == EN_OK && k < i; k++) {
        if (r->run[k].run.id == r->run[i].run.id) {
            st = en_error_set(err, EN_USAGE, "'%s' and '%s' are the same run", o->run[k], o->run[i]);
        }
    }
    return st;
}

/* What cannot be compared is said, and the others are. */
static en_status add_other(en_project *project, const en_report_several_options *o, en_report_several_result *r,
                           size_t i, en_error *err)
{
    const char *const run[] = {r->run[0].run.uuid, r->run[i].run.uuid};
    const en_compare_options compare = {.run = run,
                                        .runs = 2,
                                        .unit = o->unit != 0 ? o->unit : EN_UNIT_PHOTOGRAPH,
                                        .combine = o->combine != 0 ? o->combine : EN_COMBINE_WORST,
                                        .positive = o->positive,
                                        .margin = (double)NAN};
    en_report_other *x = &r->other[i];
    en_error why;
    en_status st = en_compare(project, &compare, &x->compared, &why);
    if (st == EN_INPUT) {
        en_compare_clear(&x->compared);
        x->compared = (en_compare_result){0};
        x->why_not = en_strdup(why.text);
        st = x->why_not != NULL ? EN_OK : en_error_nomem(err, "a comparison");
    } else if (st != EN_OK) {
        *err = why;
    }
    return st == EN_OK
               ? en_catalog_run_differences(project->catalog, r->run[0].run.id, r->run[i].run.id, &x->differences, err)
               : st;
}

static en_status save(en_project *project, const en_report_several_options *o, en_report_several_result *r,
                      en_error *err)
{
    const en_report_format format = o->format != 0 ? o->format : EN_REPORT_HTML;
    char name[32];
    en_buf out;
    en_status st = EN_OK;
    (void)snprintf(name, sizeof name, "compared.%s", en_word(&en_report_formats, format));
    if (o->out == NULL) {
        st = en_project_path(project, name, &r->file, err);
    } else if ((r->file = en_strdup(o->out)) == NULL) {
        st = en_error_nomem(err, "a path");
    }
    en_buf_init(&out, DOCUMENT_CAP);
    if (st == EN_OK) {
        st = en_report_check_report(r->file, format, err);
    }
    if (st == EN_OK) {
        st = en_report_several_write(r, format, &out, err);
    }
    if (st == EN_OK) {
        st = en_file_write(r->file, out.data, out.size, err);
    }
    en_buf_clear(&out);
    return st;
}

en_status en_report_several(en_project *project, const en_report_several_options *o, en_report_several_result *r,
                            en_error *err)
{
    *r = (en_report_several_result){.run = en_calloc(o->runs, sizeof *r->run),
                                    .other = en_calloc(o->runs, sizeof *r->other)};
    if (r->run == NULL || r->other == NULL) {
        return en_error_nomem(err, "a report");
    }
    r->runs = o->runs;
    en_status st = EN_OK;
    for (size_t i = 0; st == EN_OK && i < o->runs; i++) {
        st = add_run(project, o, r, i, err);
    }
    for (size_t i = 1; st == EN_OK && i < o->runs; i++) {
        st = add_other(project, o, r, i, err);
    }
    return st == EN_OK && !o->no_page ? save(project, o, r, err) : st;
}

void en_report_several_clear(en_report_several_result *r)
{
    for (size_t i = 0; i < r->runs; i++) {
        en_report_clear(&r->run[i]);
        en_compare_clear(&r->other[i].compared);
        en_free(r->other[i].why_not);
        en_catalog_run_facts_clear(&r->other[i].differences);
    }
    en_free(r->file);
    en_free(r->run);
    en_free(r->other);
    *r = (en_report_several_result){0};
}
