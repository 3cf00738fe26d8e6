/* eyenet runs. */
#include "training/runs.h"

#include "cli/commands.h"
#include "cli/project.h"
#include "render/show.h"

static en_status runs(const en_cli *cli, const en_call *call, en_error *err)
{
    (void)call;
    en_project project;
    en_run_summaries list;
    en_status st = en_cli_open(cli, EN_LOOK, &project, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_runs_list(&project, &list, err);
    if (st == EN_OK) {
        st = en_show_runs(cli->out, &list, err);
    }
    en_run_summaries_clear(&list);
    en_project_close(&project);
    return st;
}

static const en_example examples[] = {
    {"eyenet runs", NULL},
    {"eyenet sql \"SELECT * FROM runs WHERE run = 'first'\" --json", "everything about one of them"},
    {NULL, NULL},
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
        "the run has replaced the weights that were measured.\n\n"
        "--json and --csv have model, target, subset, losses and times, too, and the view runs everything else: seed, "
        "recipe, host, instruction set, program version and so on.",
    .table = true,
    .examples = examples,
    .run = runs,
};
