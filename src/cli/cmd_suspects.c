/* eyenet suspects. */
#include "training/suspects.h"

#include "cli/commands.h"
#include "cli/project.h"
#include "render/show.h"

typedef struct suspects_options {
    const char *target, *by;
    int64_t folds, top;
    bool alone, ordinal;
} suspects_options;

static const suspects_options defaults = {.target = EN_SUSPECTS_TARGET, .folds = EN_SUSPECTS_FOLDS, .top = 50};

static en_status suspects(const en_cli *cli, const en_call *call, en_error *err)
{
    const suspects_options *given = call->options;
    const en_suspects_options options = {.target = given->target,
                                         .model = given->by,
                                         .folds = given->folds,
                                         .top = given->top,
                                         .alone = given->alone,
                                         .ordinal = given->ordinal};
    en_suspects_result result = {0};
    en_project project;
    en_status st = en_cli_open(cli, EN_LOOK, &project, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_suspects(&project, &options, &result, err);
    en_project_close(&project);
    if (st == EN_OK) {
        st = en_show_suspects(cli->out, &result, err);
    }
    en_suspects_clear(&result);
    return st;
}

static const en_option options[] = {
    {.name = "target",
     .letter = 't',
     EN_FIELD(suspects_options, target),
     .arg = "SQL",
     .doc = "the label to look into: any expression over the view images"},
    {.name = "model",
     .letter = 'm',
     EN_FIELD(suspects_options, by),
     .arg = "NAME",
     .doc = "by whose embeddings, as 'eyenet embed' called the model; without it, by the newest"},
    {.name = "folds",
     EN_FIELD(suspects_options, folds),
     .arg = "K",
     .low = 2,
     .high = EN_SUSPECTS_FOLDS_MAX,
     .doc = "parts into which whole patients are dealt; each is judged by the others"},
    {.name = "top",
     EN_FIELD(suspects_options, top),
     .arg = "N",
     .low = 0,
     .high = 100000000,
     .doc = "list so many, the most suspect first; 0: all"},
    {.name = "alone",
     EN_FIELD(suspects_options, alone),
     .doc = "judge each photograph by itself: where eyes of a patient have different grades and the photographs say "
            "little, the fellow's label decides, and both come first"},
    {.name = "ordinal",
     EN_FIELD(suspects_options, ordinal),
     .doc = "the target's values are numbers on a scale: far apart is more suspect; without it as in "
            "train"},
    {.name = NULL},
};

static const en_example examples[] = {
    {"eyenet embed efficientnet-lite0 && eyenet suspects", "grades to look at again"},
    {"eyenet suspects --target gradable --top 20", NULL},
    {"eyenet suspects --top 0 --csv > suspects.csv", "every photograph, for whoever grades"},
    {NULL, NULL},
};

static const en_exit_code exit_codes[] = {
    {EN_INPUT, "no embeddings, a target with one value only, or fewer patients than folds"},
    {EN_OK, NULL},
};

const en_command en_cmd_suspects = {
    .name = "suspects",
    .group = EN_GROUP_MODELS,
    .args = "",
    .summary = "list labels that the other patients speak against",
    .text =
        "A regression learns the label from the embeddings of other patients, fold by fold, and says what it expects "
        "of "
        "each photograph; a second one also has what was expected of the fellow eye, and its given label. No "
        "photograph's own label, nor any other of its patient in the first, takes part in what is expected of it. A "
        "list of what to grade again: a high score is a reason to look, not a wrong label.\n\n"
        "score is 1 less the probability of the given label (self-confidence: Northcutt and others, 'Confident "
        "learning', 2021); of grades and other scales the sum over the values of probability times d / (1 + d), d "
        "apart "
        "from the given one. p_given and p_suggested are the probabilities of the given and the most probable label, "
        "p_photograph that of the given one by the photograph without its fellow. confident is yes where the confident "
        "joint of that paper counts it as another label. Nothing is written.\n\n"
        "Embeddings of a run that was trained on these labels hide the wrong ones among them, which a warning says: "
        "imported weights know none.",
    .options = options,
    .defaults = &defaults,
    .size = sizeof(suspects_options),
    .table = true,
    .examples = examples,
    .exit_codes = exit_codes,
    .run = suspects,
};
