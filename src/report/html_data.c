/* The page's section on the photographs alone. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "report/page.h"
#include "report/parts.h"

#define SIZES_SHOWN 12

static void sizes(en_page *p, const en_report_result *r)
{
    static const char *const heading[] = {"Width x height, px", "#Photographs",  "#Patients",
                                          "#Accepted",          "#With a grade", "#Of them referable"};
    if (r->sizes == 0) {
        return;
    }
    en_page_table(p,
                  "Sizes; cameras differ in them. Where the proportion of referable photographs (grade 2 and above) "
                  "differs between sizes, a network may learn the camera instead of the disease",
                  heading, 6);
    en_report_size rest = {0};
    for (size_t i = 0; i < r->sizes; i++) {
        const en_report_size *s = &r->size[i];
        if (i >= SIZES_SHOWN) {
            rest.photographs += s->photographs;
            rest.accepted += s->accepted;
            rest.graded += s->graded;
            rest.referable += s->referable;
            continue;
        }
        char name[64];
        snprintf(name, sizeof name, "%lld x %lld", (long long)s->width, (long long)s->height);
        en_page_row(p, NULL);
        en_page_cell_head(p, name);
        en_page_cell_count(p, s->photographs);
        en_page_cell_count(p, s->patients);
        en_page_cell_count(p, s->accepted);
        en_page_cell_count(p, s->graded);
        en_page_cell_percent(p, s->graded > 0 ? (double)s->referable / (double)s->graded : (double)NAN, 0);
        en_page_row_end(p);
    }
    if (rest.photographs > 0) {
        char name[64];
        snprintf(name, sizeof name, "%zu other sizes", r->sizes - SIZES_SHOWN);
        en_page_row(p, NULL);
        en_page_cell_head(p, name);
        en_page_cell_count(p, rest.photographs);
        en_page_cell_text(p, NULL); /* a patient may have photographs of several sizes */
        en_page_cell_count(p, rest.accepted);
        en_page_cell_count(p, rest.graded);
        en_page_cell_percent(p, rest.graded > 0 ? (double)rest.referable / (double)rest.graded : (double)NAN, 0);
        en_page_row_end(p);
    }
    en_page_table_end(p);
}

static void example(en_page *p, const en_report_example *e)
{
    en_page_put(p, "<figure>");
    if (e->jpeg.size > 0) {
        en_page_put(p, "<img alt=\"Photograph ");
        en_page_text(p, e->image);
        en_page_put(p, "\" title=\"");
        en_page_text(p, e->file);
        en_page_put(p, "\" src=\"data:image/jpeg;base64,");
        en_page_base64(p, e->jpeg.data, e->jpeg.size);
        en_page_put(p, "\">");
    } else {
        en_page_put(p, "<div class=\"gone\">Its pixels are not in the project any more.</div>");
    }
    en_page_put(p, "<figcaption><b>");
    en_page_text(p, e->image);
    en_page_put(p, "</b></figcaption></figure>\n");
}

static void examples(en_page *p, const en_report_result *r)
{
    for (size_t i = 0; i < r->examples; i++) {
        bool first = i == 0 || strcmp(r->example[i].grade, r->example[i - 1].grade) != 0;
        bool last = i + 1 == r->examples || strcmp(r->example[i].grade, r->example[i + 1].grade) != 0;
        if (first) {
            en_page_put(p, "<h3>");
            en_page_text(p, r->example[i].grade);
            en_page_put(p, "</h3>\n<div class=\"eyes\">\n");
        }
        example(p, &r->example[i]);
        en_page_put(p, last ? "</div>\n" : "");
    }
}

void en_report_page_data(en_page *p, const en_report_result *r)
{
    if (!r->has_data) {
        return;
    }
    en_page_section(p, "data", "Balance, quality and sizes");
    en_page_pair(p);
    en_report_page_chart(p, r, EN_REPORT_DISEASE, NULL);
    en_report_page_chart(p, r, EN_REPORT_VIEWS, "Variants of the photographs in use.");
    en_page_pair_end(p);
    en_page_pair(p);
    for (int chart = EN_REPORT_CHART_BRIGHTNESS; chart <= EN_REPORT_CHART_SCORE; chart++) {
        en_report_page_chart(p, r, (en_report_chart)chart, NULL);
    }
    en_page_pair_end(p);
    sizes(p, r);
    en_page_section_end(p);
    if (r->examples > 0) {
        en_page_section(p, "examples", "Photographs of each grade");
        en_page_put(p, "<p>Samples by the newest recipe, as a network sees them, chosen by the hash of their files, "
                       "which is as good as by lot.</p>\n");
        examples(p, r);
        en_page_section_end(p);
    }
}
