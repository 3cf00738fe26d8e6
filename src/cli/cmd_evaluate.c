/* eyenet evaluate. */
#include "training/evaluate.h"

#include "base/memory.h"
#include "cli/commands.h"
#include "cli/project.h"
#include "render/show.h"

typedef struct evaluate_options {
    const char *part, *subset;
} evaluate_options;

static const char *const parts[] = {"test", "val", "train", NULL};

static en_status evaluate(const en_cli *cli, const en_call *call, en_error *err)
{
    const evaluate_options *given = call->options;
    const en_evaluate_options options = {.run = call->words > 0 ? call->word[0] : NULL,
                                         .part = en_word_find(&en_parts, given->part),
                                         .subset = given->subset};
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
        "Metrics: loss (cross-entropy), accuracy, balanced accuracy (the classes' mean), kappa (quadratic weights) "
        "and, for two classes, the area under "
        "the ROC curve, sensitivity and specificity at p = 0.5, sensitivity at 90% specificity, and the expected "
        "calibration error (ece).\n\n"
        "NAME_low and NAME_high are a metric's 95% interval: of the area under the curve by the bootstrap over "
        "patients, or, where that reaches 0 or 1, by Newcombe's score interval over patients; of proportions by "
        "Wilson's "
        "interval over photographs, at 90% specificity with the threshold treated as fixed. Loss, balanced accuracy, "
        "kappa and ece have none.",
    .options = options,
    .size = sizeof(evaluate_options),
    .table = true,
    .examples = examples,
    .exit_codes = exit_codes,
    .run = evaluate,
};
