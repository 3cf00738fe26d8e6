/* eyenet retrain. */
#include "training/retrain.h"

#include "cli/commands.h"
#include "cli/project.h"
#include "cli/train.h"
#include "render/show.h"

typedef struct retrain_options {
    const char *since, *sql, *name, *alias, *metric, *time_limit;
    double margin, lr;
    int64_t epochs, threads;
} retrain_options;

static const retrain_options defaults = {.margin = EN_PROMOTE_MARGIN};
static const char *const metrics[] = {"auc",         "kappa",       "accuracy", "balanced_accuracy",
                                      "sensitivity", "specificity", NULL};

static en_status retrain(const en_cli *cli, const en_call *call, en_error *err)
{
    const retrain_options *given = call->options;
    en_retrain_options options = {.run = call->word[0],
                                        .since = given->since,
                                        .condition = given->sql,
                                        .name = given->name,
                                        .alias = given->alias,
                                        .metric = given->metric,
                                        .margin = given->margin,
                                        .epochs = given->epochs,
                                        .learning_rate = given->lr};
    en_cli with_threads = *cli;
    with_threads.threads = given->threads > 0 ? (unsigned)given->threads : cli->threads;
    en_retrain_result result;
    en_project project;
    en_status st = en_cli_time_limit(given->time_limit, &options.time_limit, err);
    if (st == EN_OK) {
        st = en_cli_open(&with_threads, EN_CHANGE, &project, err);
    }
    if (st != EN_OK) {
        return st;
    }
    st = en_retrain(&project, &options, &result, err);
    en_project_close(&project);
    return st == EN_OK ? en_show_retrain(cli->out, &result, err) : st;
}

static const en_option options[] = {
    {.name = "since",
     EN_FIELD(retrain_options, since),
     .arg = "DATE",
     .doc = "only photographs of sources that were fetched since this day or time, UTC: 2026-01-31"},
    {.name = "sql",
     EN_FIELD(retrain_options, sql),
     .arg = "CONDITION",
     .doc = "only photographs that fit a condition on the columns of the view images"},
    {.name = "margin",
     EN_FIELD(retrain_options, margin),
     .arg = "M",
     .low = 1e-6,
     .high = 1,
     .doc = "how much worse the new run must certainly not be"},
    {.name = "metric",
     EN_FIELD(retrain_options, metric),
     .arg = "METRIC",
     .choices = metrics,
     .doc = "what decides; without it, auc with two classes, else kappa"},
    {.name = "as",
     EN_FIELD(retrain_options, alias),
     .arg = "ALIAS",
     .doc = "the alias it is to get; without it, the one by which RUN is named, or that it has, or champion"},
    {.name = "name",
     .letter = 'n',
     EN_FIELD(retrain_options, name),
     .arg = "NAME",
     .doc = "what to call the new run and its subset; without it, the name of RUN and +2, +3 and so on"},
    {.name = "epochs",
     .letter = 'e',
     EN_FIELD(retrain_options, epochs),
     .arg = "N",
     .low = 1,
     .high = 100000,
     .doc = "passes over the subset at most (default: as many as RUN was to have)"},
    {.name = "lr",
     EN_FIELD(retrain_options, lr),
     .arg = "X",
     .low = 1e-9,
     .high = 10,
     .doc = "learning rate (default: that of RUN)"},
    {.name = "threads",
     EN_FIELD(retrain_options, threads),
     .arg = "N",
     .low = 1,
     .high = 1024,
     .doc = "number of threads (default: EYENET_THREADS, or one per processor); the result does not depend on it"},
    {.name = "time-limit",
     EN_FIELD(retrain_options, time_limit),
     .arg = "TIME",
     .doc = "save and stop after so many seconds of training, or 90s, 30m, 12h; the same command goes on"},
    {.name = NULL},
};

static const en_example examples[] = {
    {"eyenet retrain @champion", "with everything that came since"},
    {"eyenet retrain first --since 2026-01-31 --margin 0.01", "of sources fetched since then"},
    {"eyenet retrain first --sql 'score > 0.5'", "good photographs alone"},
    {"eyenet sql 'SELECT * FROM retrainings'", "what was done before, and why"},
    {NULL, NULL},
};

static const en_exit_code exit_codes[] = {
    {EN_INPUT, "no such run, one that was imported, has not finished, or has no weights, split or test part; an alias "
               "of another run; or no new photographs that can be learned from"},
    {EN_OK, NULL},
};

const en_command en_cmd_retrain = {
    .name = "retrain",
    .group = EN_GROUP_MODELS,
    .args = "RUN",
    .summary = "train a run on with new photographs, and promote the result where it is not worse",
    .text =
        "New are the accepted photographs of patients that are in no part of the run's split, and those of its train "
        "and val patients that were fetched after all that it knows. Ingest them with the recipe of the others, give "
        "them labels and variants first; what lacks one of these is left for later. The patients of the part test stay "
        "test patients: their new photographs are kept out.\n\n"
        "The steps: a split that extends the run's, in which all patients keep their parts and new ones come into "
        "train "
        "or val by chance, in the old proportions; a frozen subset, the run's with what its query chooses of the new "
        "photographs; a run that starts from the weights of the old one, head included, with its settings; both "
        "evaluated on the test photographs of the old split; and the decision of 'promote': the new run gets the alias "
        "when the paired 95% interval of the difference excludes that it is worse by the margin. Where no run has the "
        "alias, the old one gets it first. A new run that is not promoted is kept, and the exit code is 0: decision "
        "says which it was, reason why. The view retrainings has all of them.\n\n"
        "A command that was stopped or killed goes on when it is given again. A warning says which measures of the new "
        "photographs (quality score, sharpness, brightness, contrast, size) have drifted from those learned from: the "
        "distance of Kolmogorov and Smirnov is above 0.2, and above its critical value at 0.01 for these two numbers "
        "of photographs.",
    .options = options,
    .defaults = &defaults,
    .size = sizeof(retrain_options),
    .table = true,
    .examples = examples,
    .exit_codes = exit_codes,
    .run = retrain,
};
