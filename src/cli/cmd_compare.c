/* eyenet compare. */
#include "training/compare.h"

#include <math.h>

#include "cli/commands.h"
#include "cli/project.h"
#include "render/show.h"

typedef struct compare_options {
    const char *part, *subset, *unit, *combine, *positive;
    double margin;
} compare_options;

static const compare_options defaults = {.unit = "photograph", .combine = "worst", .margin = (double)NAN};
static const char *const parts[] = {"test", "val", "train", NULL};
static const char *const units[] = {"photograph", "eye", "patient", NULL};
static const char *const combines[] = {"worst", "mean", NULL};

static en_status compare(const en_cli *cli, const en_call *call, en_error *err)
{
    const compare_options *given = call->options;
    const en_compare_options options = {.run = call->word,
                                        .runs = call->words,
                                        .part = en_word_find(&en_parts, given->part),
                                        .subset = given->subset,
                                        .unit = en_word_find(&en_units, given->unit),
                                        .combine = en_word_find(&en_combines, given->combine),
                                        .positive = given->positive,
                                        .margin = given->margin};
    en_compare_result result = {0};
    en_project project;
    en_status st = en_cli_open(cli, EN_LOOK, &project, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_compare(&project, &options, &result, err);
    en_project_close(&project);
    if (st == EN_OK) {
        st = en_show_compare(cli->out, &result, err);
    }
    en_compare_clear(&result);
    return st;
}

static const en_option options[] = {
    {.name = "part",
     .letter = 'p',
     EN_FIELD(compare_options, part),
     .arg = "PART",
     .choices = parts,
     .excludes = "subset",
     .doc =
         "their newest evaluations on this part; without it, test, and of a run that has none, the newest of another "
         "part than train"},
    {.name = "subset",
     .letter = 's',
     EN_FIELD(compare_options, subset),
     .arg = "SUBSET",
     .doc = "their newest evaluations on this subset instead"},
    {.name = "unit",
     .letter = 'u',
     EN_FIELD(compare_options, unit),
     .arg = "UNIT",
     .choices = units,
     .doc = "what is counted as one: photograph (its views averaged), eye (its photographs averaged) or patient"},
    {.name = "combine",
     EN_FIELD(compare_options, combine),
     .arg = "HOW",
     .choices = combines,
     .doc = "the eyes of a patient: the worst of them, or their mean"},
    {.name = "positive",
     EN_FIELD(compare_options, positive),
     .arg = "CLASS",
     .doc = "of two classes, the one that counts as positive; without it, the first run's"},
    {.name = "margin",
     EN_FIELD(compare_options, margin),
     .arg = "M",
     .low = 1e-6,
     .high = 1,
     .doc = "call a run 'not worse' where its interval excludes that it is worse by M or more"},
    {.name = NULL},
};

static const en_example examples[] = {
    {"eyenet compare first second", NULL},
    {"eyenet compare first second third --unit patient --json", "two comparisons with the first, by patient"},
    {"eyenet compare champion challenger --margin 0.02", "not worse by two hundredths?"},
    {NULL, NULL},
};

static const en_exit_code exit_codes[] = {
    {EN_INPUT, "no such run, one without an evaluation, other classes, or no photographs in common"},
    {EN_OK, NULL},
};

const en_command en_cmd_compare = {
    .name = "compare",
    .alias = "runs compare",
    .group = EN_GROUP_MODELS,
    .args = "RUN RUN...",
    .summary = "tell whether one run is better than another",
    .text =
        "The first run is compared with each other one, on the photographs that both were evaluated on, whatever the "
        "subsets were. difference is the other's metric less the first's, with its 95% interval: paired, as both "
        "answered for the same eyes, and clustered by patient. verdict is of the other run: better, worse, not "
        "distinguishable where the interval holds 0, same answers, or too few patients. Of loss and Brier score less "
        "is better.\n\n"
        "Each interval is by itself: of twenty that are looked at, one will miss. docs/statistics.md has the formulas "
        "and how often the intervals hold.",
    .options = options,
    .defaults = &defaults,
    .size = sizeof(compare_options),
    .table = true,
    .examples = examples,
    .exit_codes = exit_codes,
    .run = compare,
};
