/* eyenet plot. */
#include "report/report.h"

#include <string.h>

#include "cli/commands.h"
#include "cli/project.h"
#include "render/show.h"

#define MOST_COLUMNS 96 /* of a chart of characters: lines that are longer leave it no sharper */

typedef struct plot_options {
    const char *out, *format, *unit, *combine, *positive;
    int64_t size, dpi;
} plot_options;

static const plot_options defaults = {
    .unit = "photograph", .combine = "worst", .size = EN_CHART_WIDTH_MM, .dpi = EN_CHART_DPI};
static const char *const units[] = {"photograph", "eye", "patient", NULL};
static const char *const combines[] = {"worst", "mean", NULL};
static const char *const formats[] = {"svg", "png", "pdf", NULL};

/* What was asked for, or what the file's name ends in. Without a file the chart is for the terminal. */
static en_status find_format(const en_cli *cli, const plot_options *given, en_chart_medium *medium, en_error *err)
{
    if (given->out == NULL) {
        medium->format = EN_CHART_TEXT;
        medium->columns = cli->out->width > 0 && cli->out->width < MOST_COLUMNS ? cli->out->width : MOST_COLUMNS;
        medium->utf8 = cli->out->utf8;
        return cli->out->format == EN_OUT_TEXT
                   ? EN_OK
                   : en_error_hint(err, en_error_set(err, EN_USAGE, "plot: a chart of characters is no table"),
                                   "name a file with --out");
    }
    const char *dot = strrchr(given->out, '.');
    const char *word = given->format != NULL ? given->format : dot != NULL ? dot + 1 : "";
    if (en_chart_format_parse(word, &medium->format)) {
        return EN_OK;
    }
    return en_error_hint(err, en_error_set(err, EN_USAGE, "the name '%s' does not say what to write", given->out),
                         "end it in .svg, .png or .pdf, or give --format");
}

static en_status plot(const en_cli *cli, const en_call *call, en_error *err)
{
    const plot_options *given = call->options;
    en_report_plot_options options = {.chart = en_report_chart_find(call->word[0]),
                                      .run = call->words > 1 ? call->word[1] : NULL,
                                      .path = given->out,
                                      .medium = {.width_mm = (double)given->size, .dpi = (double)given->dpi},
                                      .unit = en_word_find(&en_units, given->unit),
                                      .combine = en_word_find(&en_combines, given->combine),
                                      .positive = given->positive};
    if (options.chart == EN_REPORT_CHARTS) {
        return en_error_hint(err, en_error_set(err, EN_USAGE, "there is no chart '%s'", call->word[0]),
                             "'eyenet plot --help' lists them");
    }
    en_report_plotted plotted = {.path = NULL};
    en_project project;
    en_status st = find_format(cli, given, &options.medium, err);
    if (st == EN_OK) {
        st = en_cli_open(cli, EN_LOOK, &project, err);
    }
    if (st != EN_OK) {
        return st;
    }
    st = en_report_plot(&project, &options, &plotted, err);
    if (st == EN_OK) {
        st = en_show_plotted(cli->out, &plotted, err);
    }
    en_report_plotted_clear(&plotted);
    en_project_close(&project);
    return st;
}

static const en_option options[] = {
    {.name = "out",
     .letter = 'o',
     EN_FIELD(plot_options, out),
     .arg = "FILE",
     .doc =
         "what to write; a picture that is there is replaced, another file is not. Without it the chart is drawn here, "
         "with characters"},
    {.name = "format",
     EN_FIELD(plot_options, format),
     .arg = "FORMAT",
     .choices = formats,
     .doc = "what to write whatever the file's name ends in"},
    {.name = "size",
     EN_FIELD(plot_options, size),
     .arg = "MM",
     .low = 20,
     .high = 1000,
     .doc = "how wide the chart is on paper, in millimetres"},
    {.name = "dpi",
     EN_FIELD(plot_options, dpi),
     .arg = "N",
     .low = 30,
     .high = 1200,
     .doc = "pixels per inch of a PNG"},
    {.name = "unit",
     .letter = 'u',
     EN_FIELD(plot_options, unit),
     .arg = "UNIT",
     .choices = units,
     .doc = "what is counted as one: photograph (its views averaged), eye (its photographs averaged) or patient"},
    {.name = "combine",
     EN_FIELD(plot_options, combine),
     .arg = "HOW",
     .choices = combines,
     .doc = "the eyes of a patient: the worst of them, or their mean"},
    {.name = "positive",
     EN_FIELD(plot_options, positive),
     .arg = "CLASS",
     .doc = "of two classes, the one that counts as positive; without it, the run's"},
    {.name = NULL},
};

static const en_example examples[] = {
    {"eyenet plot roc", "the newest run's, in the terminal"},
    {"eyenet plot roc first -o roc.pdf --size 85", "as wide as a column of a journal"},
    {"eyenet plot flow first -o flow.png --dpi 600", NULL},
    {NULL, NULL},
};

static const en_exit_code exit_codes[] = {{EN_INPUT, "no such run, or nothing to draw"}, {EN_OK, NULL}};

const en_command en_cmd_plot = {
    .name = "plot",
    .group = EN_GROUP_MODELS,
    .args = "CHART [RUN]",
    .summary = "draw one chart of a run here, or as SVG, PNG or PDF",
    .text =
        "Draws a chart of the report as a file of its own, or without --out with characters, as wide as the terminal "
        "and at most 96 columns. Without RUN it is about the newest run. Letters keep their proportion to a chart in a "
        "file: a narrower chart has smaller ones.",
    .choice = en_choice_chart,
    .choices_heading = "Charts",
    .options = options,
    .defaults = &defaults,
    .size = sizeof(plot_options),
    .table = true,
    .examples = examples,
    .exit_codes = exit_codes,
    .run = plot,
};
