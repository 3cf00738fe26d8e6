/* eyenet report. */
#include "report/report.h"

#include <string.h>

#include "base/memory.h"
#include "cli/commands.h"
#include "cli/project.h"
#include "render/show.h"

typedef struct report_options {
    const char *out, *format, *charts, *chart_format, *checklist, *unit, *combine, *positive;
    int64_t mistakes;
    bool data, no_page, screening;
    double prevalence;
} report_options;

static const report_options defaults = {
    .format = "html", .chart_format = "svg", .unit = "photograph", .combine = "worst", .mistakes = EN_REPORT_MISTAKES};
static const char *const units[] = {"photograph", "eye", "patient", NULL};
static const char *const combines[] = {"worst", "mean", NULL};
static const char *const formats[] = {"html", "pdf", "md", "json", NULL};
static const char *const checklists[] = {"tripod-ai", "claim", "stard-ai", NULL};
static const char *const chart_formats[] = {"svg", "png", "pdf", NULL};

static en_status several(const en_cli *cli, const en_call *call, en_error *err)
{
    const report_options *given = call->options;
    const en_report_several_options options = {
        .run = call->word,
        .runs = call->words,
        .out = given->out,
        .format = en_word_find(&en_report_formats, given->format),
        .no_page = given->no_page,
        .unit = en_word_find(&en_units, given->unit),
        .combine = en_word_find(&en_combines, given->combine),
        .positive = given->positive,
    };
    const char *of_one = given->screening                        ? "--screening"
                         : given->checklist != NULL              ? "--checklist"
                         : given->charts != NULL                 ? "--charts"
                         : given->mistakes != EN_REPORT_MISTAKES ? "--mistakes"
                         : given->data                           ? "--data"
                                                                 : NULL;
    if (of_one != NULL) {
        return en_error_hint(err, en_error_set(err, EN_USAGE, "%s has no effect with several runs", of_one),
                             "name one run, or leave it out");
    }
    en_report_several_result result = {0};
    en_project project;
    en_status st = en_cli_open(cli, EN_LOOK, &project, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_report_several(&project, &options, &result, err);
    if (st == EN_OK) {
        st = en_show_several(cli->out, &result, err);
    }
    en_report_several_clear(&result);
    en_project_close(&project);
    return st;
}

static en_status report(const en_cli *cli, const en_call *call, en_error *err)
{
    const report_options *given = call->options;
    if (call->words > 1) {
        return several(cli, call, err);
    }
    en_report_options options = {
        .run = call->words > 0 ? call->word[0] : NULL,
        .out = given->out,
        .format = en_word_find(&en_report_formats, given->format),
        .data = given->data,
        .no_page = given->no_page,
        .charts = given->charts,
        .unit = en_word_find(&en_units, given->unit),
        .combine = en_word_find(&en_combines, given->combine),
        .positive = given->positive,
        .mistakes = (size_t)given->mistakes,
        .screening = given->screening,
        .checklist = en_word_find(&en_report_checklists, given->checklist),
        .prevalence = given->prevalence > 0 ? given->prevalence : 0,
    };
    if (!en_chart_format_parse(given->chart_format, &options.chart_format)) {
        return en_error_set(err, EN_BUG, "no chart format '%s'", given->chart_format);
    }
    if (options.data && options.checklist != 0) {
        return en_error_hint(err, en_error_set(err, EN_USAGE, "--checklist is about a run, not about the photographs"),
                             "leave out --data or --checklist");
    }
    if (options.data && options.run != NULL) {
        return en_error_hint(err, en_error_set(err, EN_USAGE, "--data is about the photographs, not about a run"),
                             "leave out '%s' or --data", options.run);
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
     .doc = "where to write the report; without it, runs/RUN/report.html (.pdf, .md, .json) in the project"},
    {.name = "format",
     .letter = 'f',
     EN_FIELD(report_options, format),
     .arg = "FORMAT",
     .choices = formats,
     .excludes = "no-html",
     .doc = "of the report: a page, or its figures as Markdown or as JSON for programs"},
    {.name = "data",
     EN_FIELD(report_options, data),
     .excludes = "screening",
     .doc = "about the photographs, even in a project with runs: balance, quality, sizes, examples of each grade"},
    {.name = "no-html", EN_FIELD(report_options, no_page), .doc = "write no file, only print the table"},
    {.name = "charts",
     EN_FIELD(report_options, charts),
     .arg = "DIR",
     .doc = "also write each chart as a file into this folder"},
    {.name = "chart-format",
     EN_FIELD(report_options, chart_format),
     .arg = "FORMAT",
     .choices = chart_formats,
     .needs = "charts",
     .doc = "of those charts"},
    {.name = "mistakes",
     EN_FIELD(report_options, mistakes),
     .arg = "N",
     .low = 0,
     .high = 1000,
     .excludes = "no-html",
     .doc = "how many of the worst mistakes to show as pictures"},
    {.name = "screening",
     EN_FIELD(report_options, screening),
     .excludes = "no-html",
     .doc = "also read it as a screening programme does: by patient, whoever cannot be graded is referred; the target "
            "must be of grades"},
    {.name = "checklist",
     EN_FIELD(report_options, checklist),
     .arg = "NAME",
     .choices = checklists,
     .excludes = "no-html",
     .doc = "also what TRIPOD+AI, CLAIM or STARD-AI ask a study to report: what the catalog knows is filled in, the "
            "rest is "
            "marked"},
    {.name = "prevalence",
     EN_FIELD(report_options, prevalence),
     .arg = "F",
     .low = 0.0001,
     .high = 0.9999,
     .needs = "screening",
     .doc = "of the positives, for the predictive values (default: as among the patients measured)"},
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
    {"eyenet report first second", "side by side, with paired differences: compared.html in the project"},
    {"eyenet report --data", "the photographs: report.html in the project"},
    {"eyenet report first --screening --prevalence 0.08", "as a programme would read it"},
    {"eyenet report first --checklist tripod-ai --format md", "a draft for the supplement of a paper"},
    {"eyenet report first --out first.html --charts charts --chart-format pdf", NULL},
    {"eyenet report first --screening --format pdf", "to print, or to attach to a letter: runs/first/report.pdf"},
    {"eyenet report first --format json --out first.json", "the same figures for a program"},
    {NULL, NULL},
};

static const en_exit_code exit_codes[] = {{EN_INPUT, "no such run, or another file in the place"}, {EN_OK, NULL}};

const en_command en_cmd_report = {
    .name = "report",
    .group = EN_GROUP_MODELS,
    .args = "[RUN...]",
    .summary = "everything about a run on one page",
    .text = "Prints the run's metrics and writes a page with its learning curves, ROC and calibration curves, "
            "confusion matrix and worst mistakes as pictures. The page is one file that loads nothing from elsewhere. "
            "--format pdf writes the same for paper, and md and json the figures of the page with n, unit and interval "
            "(docs/reports.md). Without "
            "RUN it is about the newest run; in a "
            "project without runs, or with --data, about its photographs.\n\nSeveral runs stand side by side: their "
            "metrics, by how much each differs from the first on the photographs that both were measured on, paired, "
            "and what it was made with otherwise.",
    .options = options,
    .defaults = &defaults,
    .size = sizeof(report_options),
    .table = true,
    .examples = examples,
    .exit_codes = exit_codes,
    .run = report,
};
