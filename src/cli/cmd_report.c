/* eyenet report. */
#include "report/report.h"

#include <string.h>

#include "base/memory.h"
#include "cli/commands.h"
#include "cli/confusion.h"
#include "cli/figures.h"
#include "cli/project.h"
#include "cli/record.h"

typedef struct report_options {
    const char *out, *charts, *format;
    int64_t mistakes;
    bool no_html;
} report_options;

static const report_options defaults = {.format = "svg", .mistakes = EN_REPORT_MISTAKES};
static const char *const formats[] = {"svg", "png", "pdf", NULL};

static void put_run(en_record *to, const en_report_result *r)
{
    en_record_text(to, "run", r->run.name);
    en_record_text(to, "state", r->run.state);
    en_record_text(to, "model", r->run.model);
    en_record_text(to, "target", r->run.target);
    en_record_text(to, "subset", r->run.subset);
    en_record_text(to, "recipe", r->run.recipe);
    en_record_int_if(to, "epochs", r->run.epochs >= 0, r->run.epochs);
    en_record_int_if(to, "best_epoch", r->run.best_epoch >= 0, r->run.best_epoch);
    en_record_real(to, "seconds", 1, r->run.seconds);
}

static void put_evaluation(en_record *to, const en_report_result *r)
{
    const bool known = r->has_evaluation;
    en_record_text(to, "measured_on", known ? r->evaluation.subset : NULL);
    en_record_figures(to, known ? &r->figures : NULL);
    en_record_int_if(to, "mistakes", known, r->mistakes_all);
}

static en_status show_run(const en_cli *cli, const en_report_result *r, en_error *err)
{
    en_record record = {.out = cli->out};
    put_run(&record, r);
    put_evaluation(&record, r);
    en_record_text(&record, "html", r->html);
    return en_record_end(&record, err);
}

static en_status show_mistakes(const en_cli *cli, const en_report_result *r, en_error *err)
{
    static const en_column columns[] = {{"worst_mistakes", 0}, {"truth", 0}, {"predicted", 0}, {"p_of_truth", 4}};
    en_table *t;
    en_out_line(cli->out, "%s", "");
    en_status st = en_table_new(cli->out, columns, 4, &t, err);
    for (size_t i = 0; st == EN_OK && i < r->mistakes; i++) {
        const en_report_mistake *m = &r->mistake[i];
        en_table_text(t, m->image);
        en_table_text(t, en_report_class(r, m->truth));
        en_table_text(t, en_report_class(r, m->predicted));
        en_table_real(t, m->p);
    }
    return st == EN_OK ? en_table_end(t, err) : st;
}

/* A project without runs: what photographs it has. */
static en_status show_project(const en_cli *cli, const en_report_result *r, en_error *err)
{
    static const en_column columns[] = {{"grade", 0}, {"train", 0}, {"val", 0}, {"test", 0}, {"no_part", 0}};
    en_table *t;
    for (size_t i = 0; i < r->states.count; i++) {
        en_out_line(cli->out, "%-9s %lld photographs", r->states.row[i].name, (long long)r->states.row[i].count);
    }
    en_out_line(cli->out, "%s", "");
    en_status st = en_table_new(cli->out, columns, 5, &t, err);
    if (st != EN_OK) {
        return st;
    }
    for (size_t i = 0; i < r->balances; i++) {
        const en_report_balance *b = &r->balance[i];
        en_table_text(t, b->name);
        en_table_int(t, b->train);
        en_table_int(t, b->val);
        en_table_int(t, b->test);
        en_table_int(t, b->none);
    }
    st = en_table_end(t, err);
    if (r->html != NULL) {
        en_out_line(cli->out, "\nno runs yet: the report %s is about the photographs", r->html);
    }
    return st;
}

static en_status show(const en_cli *cli, const en_report_result *r, en_error *err)
{
    if (!r->has_run) {
        return show_project(cli, r, err);
    }
    en_status st = show_run(cli, r, err);
    if (st != EN_OK || cli->out->format != EN_FORMAT_PEOPLE || !r->has_evaluation) {
        return st;
    }
    st = en_confusion_show(cli->out, &r->figures.confusion, &r->classes, r->run.target, err);
    return st == EN_OK && r->mistakes > 0 ? show_mistakes(cli, r, err) : st;
}

static en_status report(const en_cli *cli, const en_call *call, en_error *err)
{
    const report_options *given = call->options;
    en_report_options options = {
        .run = call->words > 0 ? call->word[0] : NULL,
        .html = given->out,
        .no_html = given->no_html,
        .charts = given->charts,
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
            st = show(cli, result, err);
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
    {.name = NULL},
};

static const en_example examples[] = {
    {"eyenet report first", "a table here, and runs/first/report.html"},
    {"eyenet report first --out first.html --charts figures --format pdf", NULL},
    {NULL, NULL},
};

static const en_ending endings[] = {{EN_INPUT, "no such run"}, {EN_OK, NULL}};

const en_command en_cmd_report = {
    .name = "report",
    .group = EN_GROUP_MODELS,
    .args = "[RUN]",
    .summary = "everything about a run on one page",
    .text = "Prints the run's figures and writes a page with its learning curves, ROC and calibration curves, "
            "confusion matrix and worst mistakes as pictures. The page is one file that loads nothing from elsewhere. "
            "Without RUN it is about the newest run; in a project without runs, about its photographs.",
    .options = options,
    .defaults = &defaults,
    .size = sizeof(report_options),
    .table = true,
    .examples = examples,
    .endings = endings,
    .run = report,
};
