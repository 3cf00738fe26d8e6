/* eyenet run log. */
#include <unistd.h>

#include "cli/commands.h"
#include "cli/project.h"
#include "render/show.h"

typedef struct log_options {
    const char *target;
} log_options;

static const log_options defaults = {0};

static en_status run_log(const en_cli *cli, const en_call *call, en_error *err)
{
    const log_options *given = call->options;
    const en_run_log_options options = {.run = call->word[0],
                                        .target = given->target,
                                        .input = call->words == 1 ? STDIN_FILENO : -1,
                                        .word = call->word + 1,
                                        .words = call->words - 1};
    en_run_log_result result;
    en_project project;
    en_status st = en_cli_open(cli, EN_CHANGE, &project, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_run_log(&project, &options, &result, err);
    en_project_close(&project);
    return st == EN_OK && !cli->quiet ? en_show_run_log(cli->out, &result, err) : st;
}

static const en_option options[] = {
    {.name = "target",
     .letter = 't',
     EN_FIELD(log_options, target),
     .arg = "SQL",
     .doc = "what a new run learns, as 'train --target'; without it, grade >= 2, until predictions are imported"},
    {.name = NULL},
};

static const en_example examples[] = {
    {"python train.py | eyenet run log resnet50 -q", "lines of JSON, written as they come"},
    {"eyenet run log resnet50 lr=0.001 optimizer=adamw tag=torch", "settings and a tag"},
    {"eyenet run log resnet50 epoch=3 train_loss=0.31 val_loss=0.44 val_auc=0.87", "metrics of an epoch"},
    {"eyenet run log resnet50 state=finished", NULL},
    {NULL, NULL},
};

static const en_exit_code exit_codes[] = {
    {EN_INPUT, "a line that cannot be read, a metric that is there with another value, or a run that was trained here "
               "or has ended: the lines before it are kept"},
    {EN_OK, NULL},
};

const en_command en_cmd_run_log = {
    .name = "run log",
    .group = EN_GROUP_MODELS,
    .args = "NAME [KEY=VALUE...]",
    .summary = "record settings and metrics of another program's training",
    .text =
        "Makes the run, or adds to an imported one that has not ended. Without KEY=VALUE it reads lines from standard "
        "input and writes them as they come; many processes may log to one run at a time.\n\n"
        "A line is a JSON object or words KEY=VALUE. With epoch or step its numbers are metrics, of the part that "
        "'part' or their name says: val_loss, val/loss, loss/val. Without, it is settings. Other keys: params, an "
        "object of "
        "settings (param.KEY=VALUE); tag, or tags; note; state, which ends the run: finished, interrupted or failed. "
        "The "
        "setting best_epoch says whose weights were kept.\n\n"
        "NaN is kept as no number. The same metric again is counted as repeated where it has the same value, and "
        "refused where it has another.",
    .options = options,
    .defaults = &defaults,
    .size = sizeof(log_options),
    .table = true,
    .examples = examples,
    .exit_codes = exit_codes,
    .run = run_log,
};
