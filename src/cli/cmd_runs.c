/* eyenet runs. */
#include "cli/commands.h"
#include "cli/project.h"

static en_status runs(const en_cli *cli, const en_call *call, en_error *err)
{
    (void)call;
    static const char sql[] = "SELECT run, state, model, target, subset, epochs, best_epoch, "
                              "round(seconds, 1) AS seconds, started_at FROM runs ORDER BY run_id";
    en_lab lab;
    en_status st = en_project_open(cli, EN_LOOK, &lab, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_project_query(cli, &lab, "runs", sql, err);
    en_lab_close(&lab);
    return st;
}

static const en_example examples[] = {
    {"eyenet runs", NULL},
    {"eyenet sql \"SELECT * FROM runs WHERE run = 'first'\" --json", "everything about one of them"},
    {NULL, NULL},
};

const en_command en_cmd_runs = {
    .name = "runs",
    .group = EN_GROUP_MODELS,
    .args = "",
    .summary = "list the training runs",
    .text = "The oldest first. The view runs has more columns: seed, recipe, host, instruction set, program version "
            "and so on.",
    .table = true,
    .examples = examples,
    .run = runs,
};
