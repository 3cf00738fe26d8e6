/* Policies, networks, views and charts in words. */
#include "cli/choices.h"

#include <stdio.h>
#include <string.h>

#include "catalog/describe.h"
#include "catalog/variant.h"
#include "nn/spec.h"
#include "report/report.h"

bool en_choice_policy(size_t n, en_choice *out)
{
    size_t count;
    const en_catalog_policy *policy = en_catalog_policies(&count);
    if (n >= count) {
        return false;
    }
    snprintf(out->word, sizeof out->word, "%s", policy[n].name);
    snprintf(out->meaning, sizeof out->meaning, "%s", policy[n].text);
    return true;
}

/* A network's text begins with a comment that describes its purpose: "# Small and fast: ...\n". */
bool en_choice_network(size_t n, en_choice *out)
{
    const en_preset *preset = &en_presets()[n];
    if (preset->name == NULL) {
        return false;
    }
    const char *comment = preset->text + strspn(preset->text, "# ");
    size_t size = preset->text[0] == '#' ? strcspn(comment, "\n") : 0;
    size -= size > 0 && comment[size - 1] == '.';
    snprintf(out->word, sizeof out->word, "%s", preset->name);
    snprintf(out->meaning, sizeof out->meaning, "%.*s", (int)size, comment);
    return true;
}

bool en_choice_view(size_t n, en_choice *out)
{
    const char *name = en_catalog_view_nth(n, out->meaning, sizeof out->meaning);
    if (name == NULL) {
        return false;
    }
    size_t size = strlen(out->meaning);
    if (size > 0 && out->meaning[size - 1] == '.') {
        out->meaning[size - 1] = '\0';
    }
    snprintf(out->word, sizeof out->word, "%s", name);
    return true;
}

bool en_choice_chart(size_t n, en_choice *out)
{
    if (n >= EN_REPORT_CHARTS) {
        return false;
    }
    snprintf(out->word, sizeof out->word, "%s", en_report_chart_name((en_report_chart)n));
    snprintf(out->meaning, sizeof out->meaning, "%s", en_report_chart_meaning((en_report_chart)n));
    return true;
}
