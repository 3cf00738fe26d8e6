/* The names of the formats. Uses base only. */
#include "plot/chart.h"

#include <string.h>

static const char *const format_name[] = {
    [EN_CHART_SVG] = "svg", [EN_CHART_PNG] = "png", [EN_CHART_PDF] = "pdf", [EN_CHART_TEXT] = "text"};

bool en_chart_format_parse(const char *word, en_chart_format *out)
{
    for (size_t i = 0; i < EN_CHART_TEXT; i++) {
        if (strcmp(word, format_name[i]) != 0) {
            continue;
        }
        *out = (en_chart_format)i;
        return true;
    }
    return false;
}

const char *en_chart_format_name(en_chart_format format) { return format_name[format]; }
