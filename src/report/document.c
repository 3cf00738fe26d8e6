/* The report as values: JSON or Markdown of the figures that the page shows. */
#include <stdio.h>

#include "base/memory.h"
#include "base/number.h"
#include "image/decode.h"
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

/* Those of a list that there are, under a heading; in PDF alone: text has none, and JSON has what they are drawn from.
 */
static en_status charts(en_values *v, const en_report_result *r, const char *heading, const en_report_chart *chart,
                        size_t count, en_error *err)
{
    en_status st = EN_OK;
    bool begun = false;
    for (size_t i = 0; v->form == EN_VALUES_PDF && v->paper != NULL && st == EN_OK && i < count; i++) {
        if (en_report_chart_shown(r, chart[i])) {
            if (!begun) {
                en_paper_heading(v->paper, heading, true);
            }
            begun = true;
            st = en_report_chart_draw(r, chart[i], en_paper_chart(v->paper), v->own.out, err);
        }
    }
    return st;
}

static void picture(en_values *v, const en_report_result *r, const en_report_mistake *m)
{
    char p[EN_NUMBER_TEXT], view[48] = "";
    if (m->mirror != 0 || m->rotation != 0) {
        (void)snprintf(view, sizeof view, "%s%u degrees", m->mirror != 0 ? "mirrored, " : "turned ",
                       (unsigned)m->rotation);
    }
    char *words =
        en_format("%s%s%s%s%s%s\ntruth %s, answered %s\np of the truth %s", m->image, *view != '\0' ? " (" : "", view,
                  *view != '\0' ? ")" : "", m->grade != NULL ? "\ngrade " : "", m->grade != NULL ? m->grade : "",
                  en_report_class(r, m->truth), en_report_class(r, m->predicted), en_number_fixed(m->p, 3, p));
    en_image_info info;
    const en_buf *const both[] = {&m->jpeg, &m->heat};
    for (size_t i = 0; words != NULL && i < 2; i++) {
        if (both[i]->size > 0 && en_decode_probe(both[i]->data, both[i]->size, NULL, &info, NULL) == EN_OK) {
            en_paper_picture(v->paper, both[i]->data, both[i]->size, info.width, info.height,
                             i == 0 ? words : "heat map of the same: what speaks for the truth");
        }
    }
    en_free(words);
}

/* The mistakes whose pixels are there, in PDF alone. */
static void pictures(en_values *v, const en_report_result *r)
{
    bool begun = false;
    for (size_t i = 0; v->form == EN_VALUES_PDF && i < r->shown; i++) {
        if (r->mistake[i].jpeg.size > 0) {
            if (!begun) {
                en_paper_heading(v->paper, "The same as pictures", true);
            }
            begun = true;
            picture(v, r, &r->mistake[i]);
        }
    }
}

/* What was asked and trained, with its curves; photographs; what came of it. */
static en_status write_parts(en_values *v, const en_report_result *r, en_error *err)
{
    static const en_report_chart learning[] = {EN_REPORT_LOSS, EN_REPORT_QUALITY};
    static const en_report_chart photographs[] = {
        EN_REPORT_FLOW,           EN_REPORT_BALANCE,         EN_REPORT_DISEASE,
        EN_REPORT_REJECTS,        EN_REPORT_VIEWS,           EN_REPORT_CHART_BRIGHTNESS,
        EN_REPORT_CHART_CONTRAST, EN_REPORT_CHART_SHARPNESS, EN_REPORT_CHART_SCORE};
    static const en_report_chart result[] = {EN_REPORT_ROC,      EN_REPORT_PRECISION,   EN_REPORT_CONFUSION,
                                             EN_REPORT_SCORES,   EN_REPORT_CALIBRATION, EN_REPORT_DECISION,
                                             EN_REPORT_SUBGROUPS};
    en_status st = EN_OK;
    if (r->has_run) {
        en_report_values_run(v, r);
        st = charts(v, r, "Learning curves", learning, sizeof learning / sizeof *learning, err);
    }
    en_report_values_photographs(v, r);
    if (st == EN_OK) {
        st = charts(v, r, "Charts of the photographs", photographs, sizeof photographs / sizeof *photographs, err);
    }
    if (r->has_run) {
        en_report_values_result(v, r);
        pictures(v, r);
        if (st == EN_OK) {
            st = charts(v, r, "Charts of the result", result, sizeof result / sizeof *result, err);
        }
        en_report_values_provenance(v, r);
        st = st == EN_OK ? en_report_values_checklist(v, r, err) : st;
    }
    return st;
}

en_status en_report_document(const en_report_result *r, en_values_form form, en_buf *out, en_error *err)
{
    en_values v;
    en_values_begin(&v, form, out, r->has_run ? r->run.name : "The photographs", err);
    warnings(&v, r);
    const en_status st = write_parts(&v, r, err);
    limits(&v, r);
    en_error later;
    v.own.err = st == EN_OK ? err : &later;
    const en_status ended = en_values_end(&v); /* which frees it */
    return st == EN_OK ? ended : st;
}
