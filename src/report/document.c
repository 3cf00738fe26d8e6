/* The report as values: JSON or Markdown of the figures that the page shows. */
#include <stdio.h>

#include "report/parts.h"

static const en_value_column warning_columns[] = {{"warning", "Warning", false}, {"text", "What follows", false}};

static void add_warning(void *values, const char *matter, const char *text)
{
    en_values *v = values;
    en_values_text(v, matter);
    en_values_text(v, text);
}

static void count(void *number, const char *matter, const char *text)
{
    (void)matter;
    (void)text;
    ++*(size_t *)number;
}

static void warnings(en_values *v, const en_report_result *r)
{
    size_t all = 0;
    en_report_warnings(r, count, &all);
    if (all > 0 || v->form == EN_VALUES_JSON) {
        en_values_table(v, "warnings", NULL, warning_columns, 2);
        en_report_warnings(r, add_warning, v);
        en_values_table_end(v);
    }
}

static void limits(en_values *v, const en_report_result *r)
{
    en_values_section(v, "limits", "Limits");
    en_values_say(v, "eyenet is a laboratory, not a medical device. Nothing here is fit to decide about a patient.");
    en_values_facts(v);
    en_values_fact(v, "use", "use", "research; not a medical device");
    if (r->has_evaluation) {
        en_values_fact(v, "intervals", "intervals",
                       "95 %, clustered by patient; none where the patients are too few (docs/statistics.md)");
        en_values_fact(v, "reference", "reference standard", "the labels named under the photographs");
    }
    en_values_facts_end(v);
    en_values_section_end(v);
}

en_status en_report_document(const en_report_result *r, en_values_form form, en_buf *out, en_error *err)
{
    en_values v;
    en_status st = EN_OK;
    en_values_begin(&v, form, out, r->has_run ? r->run.name : "The photographs", err);
    warnings(&v, r);
    if (r->has_run) {
        en_report_values_run(&v, r);
    }
    en_report_values_photographs(&v, r);
    if (r->has_run) {
        en_report_values_result(&v, r);
        en_report_values_provenance(&v, r);
        st = en_report_values_checklist(&v, r, err);
    }
    limits(&v, r);
    return st == EN_OK ? en_values_end(&v) : st;
}
