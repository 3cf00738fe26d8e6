/* eyenet runs. */
#include "training/runs.h"

#include "cli/commands.h"
#include "cli/project.h"
#include "render/show.h"

typedef struct runs_options {
    const char *where, *params, *sort;
    int64_t limit;
} runs_options;

enum { NEWEST = 100 }; /* in a table without conditions; that of all is measured in time */

static const runs_options defaults = {0};

static en_status runs(const en_cli *cli, const en_call *call, en_error *err)
{
    const runs_options *given = call->options;
    const bool all = given->where == NULL && given->sort == NULL && given->limit == 0;
    const en_runs_options wanted = {.where = given->where,
                                    .columns = given->params,
                                    .sort = given->sort,
                                    .limit = given->limit,
                                    .newest = all && cli->out->format == EN_OUT_TEXT ? NEWEST : 0};
    en_project project;
    en_run_summaries list;
    en_status st = en_cli_open(cli, EN_LOOK, &project, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_runs_list(&project, &wanted, &list, err);
    if (st == EN_OK) {
        st = en_show_runs(cli->out, &list, err);
    }
    if (st == EN_OK && list.more) {
        en_event_note(&project.events, "the newest %d runs; --limit, --where or --sort chooses among all", NEWEST);
    }
    en_run_summaries_clear(&list);
    en_project_close(&project);
    return st;
}

static const en_option options[] = {
    {.name = "where",
     .letter = 'w',
     EN_FIELD(runs_options, where),
     .arg = "SQL",
     .doc = "only runs that fit a condition on the columns below"},
    {.name = "params",
     EN_FIELD(runs_options, params),
     .arg = "LIST",
     .doc = "also show these settings, or other of the columns below, parted by commas"},
    {.name = "sort",
     EN_FIELD(runs_options, sort),
     .arg = "SQL",
     .doc = "order them by a column or an expression; with - in front, the greatest first. Runs without a value come "
            "last"},
    {.name = "limit",
     EN_FIELD(runs_options, limit),
     .arg = "N",
     .low = 1,
     .high = 1e9,
     .doc = "so many at most, the oldest or the first of the order (default: all)"},
    {.name = NULL},
};

static const en_example examples[] = {
    {"eyenet runs", NULL},
    {"eyenet runs --where \"auc > 0.8 and lr < 0.001\" --params lr,batch", "with two of their settings"},
    {"eyenet runs --where \"run LIKE 'sweep-%'\" --sort -val_auc --limit 5", "the five best on validation images"},
    {"eyenet sql \"SELECT * FROM runs WHERE run = 'first'\" --json", "everything about one of them"},
    {NULL, NULL},
};

static const en_exit_code exit_codes[] = {
    {EN_INPUT, "SQL that fails, or that does more than read"},
    {EN_OK, NULL},
};

const en_command en_cmd_runs = {
    .name = "runs",
    .alias = "runs list",
    .group = EN_GROUP_MODELS,
    .args = "",
    .summary = "list the training runs",
    .text =
        "The oldest first, each with the epochs that are done, and how many it was to have at most; best is the epoch "
        "whose weights are kept. metric is the area under the ROC curve (auc) where there are two classes, else the "
        "accuracy: val at the best epoch, and test as 'eyenet evaluate' last stored it for a test part, with its 95% "
        "interval and the number of photographs n, or - without an evaluation; old weights instead of an interval says "
        "that "
        "the run has replaced the weights that were measured. Of more than 100 runs the table has the newest 100, "
        "unless "
        "--limit, --where or --sort chooses; --json and --csv have all.\n\n"
        "--json and --csv have model, target, subset, losses and times, too, and the view runs everything else: seed, "
        "recipe, host, instruction set, program version and so on.\n\n"
        "--where, --sort and --params know the columns of the view runs (epochs are those that are done), max_epochs, "
        "val_loss, val_auc, val_accuracy, metric, val, test, test_low, test_high and test_n; auc, accuracy, "
        "balanced_accuracy, kappa, sensitivity and specificity of that test part, per photograph; and every setting by "
        "its name, as a number where it is one: learning_rate, batch, loss and so on, as 'eyenet runs show' prints "
        "them. lr, clip and optimiser are the options of train of these names. A metric is NULL, and no condition on "
        "it "
        "true, where there is no evaluation.",
    .options = options,
    .defaults = &defaults,
    .size = sizeof(runs_options),
    .exit_codes = exit_codes,
    .table = true,
    .examples = examples,
    .run = runs,
};
