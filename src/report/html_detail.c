/* The page's details: subgroups, and photographs as pictures: mistakes and doubtful answers. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "report/page.h"
#include "report/parts.h"

static void cell_metric(en_page *p, const en_metric *m)
{
    en_page_put(p, "<td class=\"n\">");
    en_page_fixed(p, m->value, 3);
    if (isfinite(m->is_in.low) && isfinite(m->is_in.high)) {
        en_page_put(p, " <small>");
        en_page_fixed(p, m->is_in.low, 3);
        en_page_put(p, " to ");
        en_page_fixed(p, m->is_in.high, 3);
        en_page_put(p, "</small>");
    } else if (isfinite(m->value)) {
        en_page_put(p, " <small>too few</small>");
    }
    en_page_put(p, "</td>");
}

static void subgroup_table(en_page *p, const en_report_result *r)
{
    bool referred = r->metrics.is_binary || r->metrics.is_graded;
    char value[64];
    const char *heading[] = {"Subgroup", "#n", value, "#Positive", "#Sensitivity", "#Specificity"};
    snprintf(value, sizeof value, "#%s", en_report_subgroup_value(r));
    en_page_put(p, "<details><summary>The subgroups as a table, with sensitivity and specificity</summary>\n");
    en_page_table(p, NULL, heading, referred ? 6 : 3);
    for (size_t i = 0; i < r->subgroups; i++) {
        const en_report_subgroup *s = &r->subgroup[i];
        en_page_row(p, s->n < 0 ? "group" : "part");
        en_page_cell_head(p, s->name);
        if (s->n < 0) {
            en_page_put(p, referred ? "<td colspan=\"5\"></td>" : "<td colspan=\"2\"></td>");
        } else {
            en_page_cell_count(p, s->n);
            cell_metric(p, &s->value);
        }
        if (s->n >= 0 && referred) {
            en_page_cell_count(p, s->positives);
            cell_metric(p, &s->sensitivity);
            cell_metric(p, &s->specificity);
        }
        en_page_row_end(p);
    }
    en_page_table_end(p);
    en_page_put(p, "</details>\n");
}

void en_report_page_subgroups(en_page *p, const en_report_result *r)
{
    if (!en_report_chart_shown(r, EN_REPORT_SUBGROUPS)) {
        return;
    }
    en_page_section(p, "subgroups", "Units, parts and subgroups");
    en_page_put(p, "<p>The same answers counted per photograph, eye and patient, on the other parts of the split where "
                   "they were evaluated, and by what is known of the photographs. Intervals are clustered by patient "
                   "and not corrected for their number: of twenty, one misses its true value by chance.</p>\n");
    en_page_pair(p);
    en_report_page_chart(p, r, EN_REPORT_SUBGROUPS,
                         "The dashed line is the result above. Open squares: too few patients for an interval.");
    en_page_pair_end(p);
    subgroup_table(p, r);
    en_page_section_end(p);
}

/* Pictures --------------------------------------------------------------------------------------------------------- */

static void heat(en_page *p, const en_report_result *r, const en_report_mistake *m)
{
    if (m->heat.size == 0) {
        return;
    }
    en_page_put(p, "<img alt=\"Heat map of ");
    en_page_text(p, m->image);
    en_page_put(p, ": where the network found something that speaks for ");
    en_page_text(p, en_report_class(r, m->explained));
    en_page_put(p, "\" src=\"data:image/jpeg;base64,");
    en_page_base64(p, m->heat.data, m->heat.size);
    en_page_put(p, "\"></div>");
}

static void picture(en_page *p, const en_report_result *r, const en_report_mistake *m)
{
    en_page_put(p, m->heat.size > 0 ? "<figure class=\"two\"><div>" : "<figure>");
    if (m->jpeg.size > 0) {
        en_page_put(p, "<img alt=\"Photograph ");
        en_page_text(p, m->image);
        en_page_put(p, "\" title=\"");
        en_page_text(p, m->file);
        en_page_put(p, "\" src=\"data:image/jpeg;base64,");
        en_page_base64(p, m->jpeg.data, m->jpeg.size);
        en_page_put(p, "\">");
        heat(p, r, m);
    } else {
        en_page_put(p, "<div class=\"gone\">Its pixels are not in the project any more.</div>");
    }
    en_page_put(p, "<figcaption><b>");
    en_page_text(p, m->image);
    en_page_put(p, "</b>");
    if (m->mirror != 0 || m->rotation != 0) {
        char view[48];
        snprintf(view, sizeof view, "%s%s%u degrees", m->mirror != 0 ? "mirrored" : "turned",
                 m->mirror != 0 ? ", " : " ", (unsigned)m->rotation);
        en_page_put(p, " (");
        en_page_text(p, view);
        en_page_put(p, ")");
    }
    en_page_put(p, "<br>");
    if (m->grade != NULL) {
        en_page_put(p, "grade ");
        en_page_text(p, m->grade);
        en_page_put(p, "<br>");
    }
    en_page_put(p, "truth <b>");
    en_page_text(p, en_report_class(r, m->truth));
    en_page_put(p, "</b>, answered <b>");
    en_page_text(p, en_report_class(r, m->predicted));
    en_page_put(p, "</b><br>p of the truth ");
    en_page_fixed(p, m->p, 3);
    en_page_put(p, "</figcaption></figure>\n");
}

/* Those of one reason, from *at on, which moves behind them. */
static void pictures(en_page *p, const en_report_result *r, en_report_why why, size_t *at)
{
    static const char *const heading[EN_REPORT_WHYS] = {[EN_REPORT_MISSED_SEVERE] =
                                                            "Severe and proliferative retinopathy, missed",
                                                        [EN_REPORT_MISSED] = "Other positives, missed",
                                                        [EN_REPORT_FALSE_ALARM] = "False alarms",
                                                        [EN_REPORT_WRONG] = "Other mistakes",
                                                        [EN_REPORT_DOUBTFUL] = "Right answers, but doubtful"};
    size_t end = *at;
    while (end < r->shown && r->mistake[end].why == why) {
        end++;
    }
    if (end == *at) {
        return;
    }
    en_page_put(p, "<h3>");
    en_page_text(p, heading[why]);
    en_page_put(p, " (");
    if ((int64_t)(end - *at) < r->why_all[why]) {
        en_page_count(p, (int64_t)(end - *at));
        en_page_put(p, " of ");
    }
    en_page_count(p, r->why_all[why]);
    en_page_put(p, ")</h3>\n<div class=\"eyes\">\n");
    for (; *at < end; (*at)++) {
        picture(p, r, &r->mistake[*at]);
    }
    en_page_put(p, "</div>\n");
}

void en_report_page_mistakes(en_page *p, const en_report_result *r)
{
    bool measured = r->has_evaluation && r->metrics.n > 0;
    size_t at = 0;
    en_page_section(p, "mistakes", "The worst mistakes");
    if (!measured || (r->mistakes_all == 0 && r->shown == 0)) {
        en_page_put(p, measured ? "<p>There are none.</p>\n" : "<p>Not measured yet.</p>\n");
        en_page_section_end(p);
        return;
    }
    en_page_put(p, "<p>");
    en_page_things(p, r->mistakes_all, "answer was wrong", "answers were wrong");
    en_page_put(p, ", each view of a photograph counted. ");
    if (r->shown > 0) {
        en_page_put(p,
                    "The pictures are what the network saw; those whose truth it thought least probable come first.");
    }
    en_page_put(p, "</p>\n");
    if (r->shown > 0 && r->mistake[0].heat.size > 0) {
        en_page_put(p, "<p>Beside a missed photograph is its heat map (Grad-CAM, Selvaraju et al. 2017): yellow where "
                       "most speaks for the truth, each map by its own greatest value. A map tells where the network "
                       "looked, not how much it saw there; a photograph without colour had nothing that spoke for the "
                       "truth.</p>\n");
    }
    for (int why = 0; why < EN_REPORT_WHYS; why++) {
        pictures(p, r, (en_report_why)why, &at);
    }
    en_page_put(p,
                "<p class=\"quiet\">As rows of the catalog:</p>\n<pre>eyenet sql \"SELECT image, grade, truth_class, "
                "predicted_class, p FROM errors WHERE run = '");
    en_page_text(p, r->run.name);
    en_page_put(p, "' ORDER BY p\"</pre>\n");
    en_page_section_end(p);
}
