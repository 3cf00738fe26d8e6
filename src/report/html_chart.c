/* A chart within the page: its SVG and, below it, its caption. */
#include "base/memory.h"
#include "report/page.h"
#include "report/parts.h"

void en_report_page_chart(en_page *p, const en_report_result *r, en_report_chart chart, const char *caption)
{
    if (!en_report_chart_shown(r, chart)) {
        return;
    }
    en_page_put(p, "<figure>\n");
    if (p->status == EN_OK) {
        p->status = en_report_chart_draw(r, chart, (en_chart_medium){.format = EN_CHART_SVG}, p->out, p->err);
    }
    if (caption != NULL) {
        en_page_put(p, "<figcaption>");
        en_page_text(p, caption);
        en_page_put(p, "</figcaption>\n");
    }
    en_page_put(p, "</figure>\n");
}
