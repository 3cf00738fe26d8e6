/* eyenet evaluate. */
#include "training/evaluate.h"

#include "base/memory.h"
#include "cli/commands.h"
#include "cli/project.h"
#include "render/show.h"

typedef struct evaluate_options {
    const char *part, *subset, *unit, *combine, *positive;
} evaluate_options;

static const evaluate_options defaults = {.unit = "photograph", .combine = "worst"};
static const char *const parts[] = {"test", "val", "train", NULL};
static const char *const units[] = {"photograph", "eye", "patient", NULL};
static const char *const combines[] = {"worst", "mean", NULL};

static en_status evaluate(const en_cli *cli, const en_call *call, en_error *err)
{
    const evaluate_options *given = call->options;
    const en_evaluate_options options = {.run = call->words > 0 ? call->word[0] : NULL,
                                         .part = en_word_find(&en_parts, given->part),
                                         .subset = given->subset,
                                         .unit = en_word_find(&en_units, given->unit),
                                         .combine = en_word_find(&en_combines, given->combine),
                                         .positive = given->positive};
    en_evaluate_result *result =
        en_calloc(1, sizeof *result); /* large: space for the names of the most classes there may be */
    en_project project;
    if (result == NULL) {
        return en_error_nomem(err, "an evaluation");
    }
    en_status st = en_cli_open(cli, EN_CHANGE, &project, err);
    if (st == EN_OK) {
        st = en_evaluate(&project, &options, result, err);
        en_project_close(&project);
    }
    if (st == EN_OK) {
        st = en_show_evaluate(cli->out, result, err);
    }
    en_evaluate_clear(result);
    en_free(result);
    return st;
}

static const en_option options[] = {
    {.name = "part",
     .letter = 'p',
     EN_FIELD(evaluate_options, part),
     .arg = "PART",
     .choices = parts,
     .excludes = "subset",
     .doc = "the plain variants of this part of the run's split; without it, test"},
    {.name = "subset",
     .letter = 's',
     EN_FIELD(evaluate_options, subset),
     .arg = "SUBSET",
     .doc = "this subset instead of a part"},
    {.name = "unit",
     .letter = 'u',
     EN_FIELD(evaluate_options, unit),
     .arg = "UNIT",
     .choices = units,
     .doc = "what is counted as one: photograph (its views averaged), eye (its photographs averaged) or patient"},
    {.name = "combine",
     EN_FIELD(evaluate_options, combine),
     .arg = "HOW",
     .choices = combines,
     .needs = "unit",
     .doc = "the eyes of a patient: the worst of them, or their mean"},
    {.name = "positive",
     EN_FIELD(evaluate_options, positive),
     .arg = "CLASS",
     .doc = "of two classes, the one that counts as positive; without it, the run's"},
    {.name = NULL},
};

static const en_example examples[] = {
    {"eyenet evaluate first", "on the test part of its split"},
    {"eyenet evaluate first --part val --json", NULL},
    {"eyenet sql \"SELECT image, grade, p FROM errors WHERE run = 'first' ORDER BY p\"",
     "its mistakes, the worst first"},
    {NULL, NULL},
};

static const en_exit_code exit_codes[] = {
    {EN_INPUT, "no such run or subset, or a subset with patients the run was trained on"},
    {EN_OK, NULL},
};

const en_command en_cmd_evaluate = {
    .name = "evaluate",
    .group = EN_GROUP_MODELS,
    .args = "[RUN]",
    .summary = "measure a run's model on images it never saw",
    .text =
        "RUN is a name, a uuid or its beginning; without it, the newest run. Every prediction becomes a row: see "
        "the views predictions, errors and confusion. A subset with patients the run was trained on is refused; "
        "the part train itself is measured, with a warning.\n\n"
        "Metrics: loss (cross-entropy), accuracy, balanced accuracy (the classes' mean), kappa (quadratic weights over "
        "the "
        "values of an ordinal target, else unweighted) and, for two classes, the area under the ROC curve and under "
        "that of "
        "precision and recall, sensitivity, specificity and predictive values of the answers, sensitivity at 90% "
        "specificity, those at the operating points that training chose on the validation images (at_...), the "
        "expected calibration error (ece) and the Brier score; for grades, how well referable (2 and "
        "more) and sight-threatening (3 and more) ones are found.\n\n"
        "NAME_low and NAME_high are a metric's 95% interval, clustered by patient; too_few names those without one "
        "because "
        "the patients are too few. docs/statistics.md has every formula and how often its interval holds.",
    .options = options,
    .defaults = &defaults,
    .size = sizeof(evaluate_options),
    .table = true,
    .examples = examples,
    .exit_codes = exit_codes,
    .run = evaluate,
};
