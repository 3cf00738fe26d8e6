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
     .doc = "only photographs for which this SQL condition over the view images is true"},
    {.name = "margin",
     EN_FIELD(retrain_options, margin),
     .arg = "M",
     .low = 1e-6,
     .high = 1,
     .doc = "the new run is promoted only where it is certainly not worse by this much or more"},
    {.name = "metric",
     EN_FIELD(retrain_options, metric),
     .arg = "METRIC",
     .choices = metrics,
     .doc = "what decides; without it, auc with two classes, else kappa"},
    {.name = "as",
     EN_FIELD(retrain_options, alias),
     .arg = "ALIAS",
     .doc = "the alias that the new run may get; without it, the one by which RUN was named, or one that it has, or "
            "champion"},
    {.name = "name",
     .letter = 'n',
     EN_FIELD(retrain_options, name),
     .arg = "NAME",
     .doc = "name of the new run and its subset; without it, the name of RUN with +2, +3 and so on"},
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
    {"eyenet retrain @champion", "with everything that was fetched since"},
    {"eyenet retrain first --since 2026-01-31 --margin 0.01", "of sources fetched since then"},
    {"eyenet retrain first --sql 'score > 0.5'", "only photographs of good quality"},
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
        "New photographs are the accepted ones of patients that are in no part of the run's split, and those of its "
        "train and val patients that were fetched after everything that the run learned from or was validated on. "
        "Ingest them with the run's recipe, and give them labels and variants first; those that lack one of these are "
        "left for later, with a warning. Patients of the part test stay test patients: their new photographs are kept "
        "out of training.\n\n"
        "The steps are: a split that extends the run's, in which every known patient keeps its part and new patients "
        "are assigned to train or val at random, in the proportions of the old split; a frozen subset, which is the "
        "run's and what its query selects of the new photographs; a new run with the settings of the old one that "
        "starts from its weights, head included; an evaluation of both on the test photographs of the old split; and "
        "the decision of 'promote'. The new run gets the alias when the paired 95% interval of the difference excludes "
        "that it is worse by the margin or more. Where no run has the alias, the old run gets it first. A new run that "
        "is not promoted is kept, and the exit code is 0: the field decision says which it was, and reason says why. "
        "The view retrainings lists all retrainings.\n\n"
        "A command that was stopped or killed goes on when it is repeated. Once it is decided, repeating it is an "
        "error until there are new photographs to learn from; with another --name it trains on the same ones again, "
        "for example with another --lr. A warning says in which measures (quality score, sharpness, brightness, "
        "contrast, size) the new photographs differ from those learned from: where the Kolmogorov-Smirnov distance is "
        "above 0.2 and above its critical value at the level 0.01 for these two numbers of photographs.",
    .options = options,
    .defaults = &defaults,
    .size = sizeof(retrain_options),
    .table = true,
    .examples = examples,
    .exit_codes = exit_codes,
    .run = retrain,
};
