/* eyenet promote. */
#include "training/promote.h"

#include "cli/commands.h"
#include "cli/project.h"
#include "render/show.h"

typedef struct promote_options {
    const char *alias, *metric, *subset, *unit, *reason;
    double margin;
    bool force;
} promote_options;

static const promote_options defaults = {.alias = EN_PROMOTE_ALIAS, .unit = "photograph", .margin = EN_PROMOTE_MARGIN};
static const char *const units[] = {"photograph", "eye", "patient", NULL};
static const char *const metrics[] = {"auc",         "kappa",       "accuracy", "balanced_accuracy",
                                      "sensitivity", "specificity", NULL};

static en_status list(const en_cli *cli, en_error *err)
{
    en_catalog_promotions all = {0};
    en_project project;
    en_status st = en_cli_open(cli, EN_LOOK, &project, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_catalog_promotions_all(project.catalog, &all, err);
    en_project_close(&project);
    if (st == EN_OK) {
        st = en_show_promotions(cli->out, &all, err);
    }
    en_catalog_promotions_clear(&all);
    return st;
}

static en_status promote(const en_cli *cli, const en_call *call, en_error *err)
{
    const promote_options *given = call->options;
    if (call->words == 0) {
        return list(cli, err);
    }
    const en_promote_options options = {.run = call->word[0],
                                        .alias = given->alias,
                                        .metric = given->metric,
                                        .subset = given->subset,
                                        .unit = en_word_find(&en_units, given->unit),
                                        .margin = given->margin,
                                        .reason = given->reason,
                                        .force = given->force};
    en_promote_result result;
    en_project project;
    en_status st = en_cli_open(cli, EN_CHANGE, &project, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_promote(&project, &options, &result, err);
    en_project_close(&project);
    return st == EN_OK ? en_show_promote(cli->out, &result, err) : st;
}

static const en_option options[] = {
    {.name = "as", EN_FIELD(promote_options, alias), .arg = "ALIAS", .doc = "the alias it gets"},
    {.name = "margin",
     EN_FIELD(promote_options, margin),
     .arg = "M",
     .low = 1e-6,
     .high = 1,
     .doc = "how much worse it must certainly not be"},
    {.name = "metric",
     EN_FIELD(promote_options, metric),
     .arg = "METRIC",
     .choices = metrics,
     .doc = "what decides; without it, auc with two classes, else kappa"},
    {.name = "subset",
     .letter = 's',
     EN_FIELD(promote_options, subset),
     .arg = "SUBSET",
     .doc = "the evaluations on this subset decide; without it, those on the part test"},
    {.name = "unit",
     .letter = 'u',
     EN_FIELD(promote_options, unit),
     .arg = "UNIT",
     .choices = units,
     .doc = "what is counted as one: photograph (its views averaged), eye (its photographs averaged) or patient"},
    {.name = "reason", EN_FIELD(promote_options, reason), .arg = "TEXT", .doc = "what else is to be remembered"},
    {.name = "force",
     EN_FIELD(promote_options, force),
     .doc = "promote it whatever the comparison says, which is recorded"},
    {.name = NULL},
};

static const en_example examples[] = {
    {"eyenet promote first", "the first champion"},
    {"eyenet promote second --margin 0.02", "only where it is not worse"},
    {"eyenet predict @champion new/*.jpeg", "an alias is the run that has it now"},
    {"eyenet promote", "who had which alias, and why"},
    {NULL, NULL},
};

static const en_exit_code exit_codes[] = {
    {EN_INPUT, "no such run, one that has not finished, was imported or has the alias, or was not measured on the same "
               "photographs, or a run that may be worse by the margin: nothing is changed"},
    {EN_OK, NULL},
};

const en_command en_cmd_promote = {
    .name = "promote",
    .group = EN_GROUP_MODELS,
    .args = "[RUN]",
    .summary = "give a run an alias, where it is not worse than the one that has it",
    .text =
        "@ALIAS means that run wherever a run is named. Where another run has the alias, both must have been "
        "evaluated, and "
        "are compared as by 'compare' on the photographs that both were measured on: the run is promoted when its 95% "
        "interval, paired and clustered by patient, excludes that it is worse by the margin. Comparison and reason are "
        "recorded in the view promotions.\n\n"
        "Without RUN all promotions are listed, the newest first; current is 1 for the run that the alias means now.",
    .options = options,
    .defaults = &defaults,
    .size = sizeof(promote_options),
    .table = true,
    .examples = examples,
    .exit_codes = exit_codes,
    .run = promote,
};
