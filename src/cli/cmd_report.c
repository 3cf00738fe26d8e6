/* eyenet report. */
#include "report/report.h"

#include <string.h>

#include "base/memory.h"
#include "cli/commands.h"
#include "cli/project.h"
#include "render/show.h"

typedef struct report_options {
    const char *out, *charts, *format, *unit, *combine, *positive;
    int64_t mistakes;
    bool no_html;
} report_options;

static const report_options defaults = {
    .format = "svg", .unit = "photograph", .combine = "worst", .mistakes = EN_REPORT_MISTAKES};
static const char *const units[] = {"photograph", "eye", "patient", NULL};
static const char *const combines[] = {"worst", "mean", NULL};
static const char *const formats[] = {"svg", "png", "pdf", NULL};

static en_status report(const en_cli *cli, const en_call *call, en_error *err)
{
    const report_options *given = call->options;
    en_report_options options = {
        .run = call->words > 0 ? call->word[0] : NULL,
        .html = given->out,
        .no_html = given->no_html,
        .charts = given->charts,
        .unit = en_word_find(&en_units, given->unit),
        .combine = en_word_find(&en_combines, given->combine),
        .positive = given->positive,
        .mistakes = (size_t)given->mistakes,
    };
    if (!en_chart_format_parse(given->format, &options.chart_format)) {
        return en_error_set(err, EN_BUG, "no chart format '%s'", given->format);
    }
    en_report_result *result = en_calloc(1, sizeof *result);
    en_project project;
    if (result == NULL) {
        return en_error_nomem(err, "a report");
    }
    en_status st = en_cli_open(cli, EN_LOOK, &project, err);
    if (st == EN_OK) {
        st = en_report(&project, &options, result, err);
        if (st == EN_OK) {
            st = en_show_report(cli->out, result, err);
        }
        en_project_close(&project);
    }
    en_report_clear(result);
    en_free(result);
    return st;
}

static const en_option options[] = {
    {.name = "out",
     .letter = 'o',
     EN_FIELD(report_options, out),
     .arg = "FILE",
     .excludes = "no-html",
     .doc = "where to write the page; without it, runs/RUN/report.html in the project"},
    {.name = "no-html", EN_FIELD(report_options, no_html), .doc = "write no page, only the table"},
    {.name = "charts",
     EN_FIELD(report_options, charts),
     .arg = "DIR",
     .doc = "also write each chart as a file into this folder"},
    {.name = "format",
     EN_FIELD(report_options, format),
     .arg = "FORMAT",
     .choices = formats,
     .needs = "charts",
     .doc = "of those charts"},
    {.name = "mistakes",
     EN_FIELD(report_options, mistakes),
     .arg = "N",
     .low = 0,
     .high = 1000,
     .excludes = "no-html",
     .doc = "how many of the worst mistakes to show as pictures"},
    {.name = "unit",
     .letter = 'u',
     EN_FIELD(report_options, unit),
     .arg = "UNIT",
     .choices = units,
     .doc = "what is counted as one: photograph (its views averaged), eye (its photographs averaged) or patient"},
    {.name = "combine",
     EN_FIELD(report_options, combine),
     .arg = "HOW",
     .choices = combines,
     .doc = "the eyes of a patient: the worst of them, or their mean"},
    {.name = "positive",
     EN_FIELD(report_options, positive),
     .arg = "CLASS",
     .doc = "of two classes, the one that counts as positive; without it, the run's"},
    {.name = NULL},
};

static const en_example examples[] = {
    {"eyenet report first", "a table here, and runs/first/report.html"},
    {"eyenet report first --out first.html --charts charts --format pdf", NULL},
    {NULL, NULL},
};

static const en_exit_code exit_codes[] = {{EN_INPUT, "no such run"}, {EN_OK, NULL}};

const en_command en_cmd_report = {
    .name = "report",
    .group = EN_GROUP_MODELS,
    .args = "[RUN]",
    .summary = "everything about a run on one page",
    .text = "Prints the run's metrics and writes a page with its learning curves, ROC and calibration curves, "
            "confusion matrix and worst mistakes as pictures. The page is one file that loads nothing from elsewhere. "
            "Without RUN it is about the newest run; in a project without runs, about its photographs.",
    .options = options,
    .defaults = &defaults,
    .size = sizeof(report_options),
    .table = true,
    .examples = examples,
    .exit_codes = exit_codes,
    .run = report,
};
