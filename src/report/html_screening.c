/* The page's section on screening. */
#include <math.h>
#include <stdio.h>

#include "base/memory.h"
#include "base/number.h"
#include "report/page.h"
#include "report/parts.h"

static void row_of(en_page *p, const char *name, const en_report_screened *s, const char *class)
{
    en_page_row(p, class);
    en_page_cell_head(p, name);
    en_page_cell_count(p, s->positive);
    en_page_cell_count(p, s->negative);
    en_page_cell_count(p, s->ungradable);
    en_page_cell_count(p, s->positive + s->negative + s->ungradable);
    en_page_row_end(p);
}

static void counts(en_page *p, const en_report_screening *s)
{
    static const char *const heading[] = {"Worst grade of the patient", "#Called positive", "#Called negative",
                                          "#Ungradable", "#Patients"};
    en_report_screened all = {0};
    en_page_table(p, "Patients by grade and answer", heading, 5);
    for (int64_t g = 0; g < EN_REPORT_SCREENED; g++) {
        const en_report_screened *of = &s->grade[g];
        bool none = g == EN_REPORT_SCREENED - 1;
        char *name = en_report_grade_name(none ? -1 : g);
        if (!none || of->positive + of->negative + of->ungradable > 0) {
            row_of(p, name != NULL ? name : "", of, NULL);
        }
        en_free(name);
        all.positive += of->positive;
        all.negative += of->negative;
        all.ungradable += of->ungradable;
    }
    row_of(p, "all", &all, "sum");
    en_page_table_end(p);
}

static void measure(en_page *p, const char *name, const en_metric *m, const char *published)
{
    en_page_row(p, NULL);
    en_page_cell_head(p, name);
    en_page_cell_percent(p, m->value, 1);
    en_page_put(p, "<td class=\"n\">");
    if (isfinite(m->is_in.low)) {
        en_page_percent(p, m->is_in.low, 1);
        en_page_put(p, " to ");
        en_page_percent(p, m->is_in.high, 1);
    } else {
        en_page_put(p, "\xe2\x80\x93");
    }
    en_page_put(p, "</td><td class=\"n\">");
    en_page_text(p, published);
    en_page_put(p, "</td>");
    en_page_row_end(p);
}

static void measures(en_page *p, const en_report_screening *s)
{
    static const char *const heading[] = {"Per patient", "#Value", "#95% interval", "#DEN180001"};
    const en_metric saved = {1 - (double)s->referred / (double)s->patients, {(double)NAN, (double)NAN}};
    char percent[EN_NUMBER_TEXT], ppv[96], npv[96];
    snprintf(ppv, sizeof ppv, "positive predictive value at a prevalence of %s",
             en_number_percent(s->prevalence, 1, percent));
    snprintf(npv, sizeof npv, "negative predictive value at a prevalence of %s", percent);
    en_page_table(p, "Intervals: Wilson's; of predictive values the delta method's on the logit scale", heading, 4);
    measure(p, "sensitivity, the ungradable referred", &s->sensitivity, "above 85.0%");
    measure(p, "specificity, the ungradable referred", &s->specificity, "above 82.5%");
    measure(p, "sensitivity of the gradable", &s->sensitivity_gradable, NULL);
    measure(p, "specificity of the gradable", &s->specificity_gradable, NULL);
    measure(p, "imageability: gradable patients", &s->imageability, NULL);
    measure(p, ppv, &s->ppv, NULL);
    measure(p, npv, &s->npv, NULL);
    measure(p, "workload saved: patients nobody needs to grade", &saved, NULL);
    en_page_table_end(p);
}

void en_report_page_screening(en_page *p, const en_report_result *r)
{
    const en_report_screening *s = &r->screening;
    char least[EN_NUMBER_TEXT], threshold[EN_NUMBER_TEXT];
    if (!r->has_screening) {
        return;
    }
    en_page_section(p, "screening", "As a screening programme");
    en_page_put(p, "<p>");
    en_page_things(p, s->patients, "patient", "patients");
    en_page_put(p, " of this part, ");
    en_page_count(p, s->positives);
    en_page_put(p, " of them of grade ");
    en_page_put(p, en_number_count(s->least, least));
    en_page_put(
        p, " or worse. A patient is referred when an eye is called positive, or when the photographs of an eye were "
           "rejected. ");
    if (s->chosen) {
        en_page_put(p, "Positive is a probability of at least ");
        en_page_put(p, en_number_fixed(s->threshold, 3, threshold));
        en_page_put(p, ", the threshold that the validation part chose for a set sensitivity.");
    } else {
        en_page_put(p, r->calibration.cuts > 0 ? "The cuts that the validation part chose give the answer."
                                               : "The most probable class is the answer.");
    }
    if (s->never_graded > 0) {
        en_page_put(p, " Besides, ");
        en_page_things(p, s->never_graded, "patient of the project has", "patients of the project have");
        en_page_put(p, " no accepted photograph; a split assigns none of them, so they are not counted here.");
    }
    en_page_put(p, "</p>\n");
    counts(p, s);
    measures(p, s);
    en_page_put(p,
                "<p class=\"quiet\">DEN180001: the endpoints that the first autonomous system for diabetic retinopathy "
                "had to exceed per patient in its pivotal trial (FDA, De Novo DEN180001, 2018). They are of another "
                "population and another reference standard; a laboratory's numbers beside them claim nothing.</p>\n");
    en_page_section_end(p);
}
