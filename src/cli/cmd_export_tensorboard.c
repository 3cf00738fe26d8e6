/* eyenet export tensorboard. */
#include "training/export_board.h"

#include "base/memory.h"
#include "cli/commands.h"
#include "cli/project.h"
#include "render/show.h"

typedef struct export_options {
    const char *out;
} export_options;

static en_status export_tensorboard(const en_cli *cli, const en_call *call, en_error *err)
{
    const export_options *given = call->options;
    en_board_result *results = en_calloc(call->words, sizeof *results);
    size_t done = 0;
    en_project project;
    en_status st = results != NULL ? en_cli_open(cli, EN_LOOK, &project, err) : en_error_nomem(err, "runs");
    if (st != EN_OK) {
        en_free(results);
        return st;
    }
    while (st == EN_OK && done < call->words) {
        st = en_export_board(&project, call->word[done], given->out, &results[done], err);
        done++;
    }
    if (st == EN_OK) {
        st = en_show_board(cli->out, results, done, err);
    }
    for (size_t i = 0; i < done; i++) {
        en_board_result_clear(&results[i]);
    }
    en_free(results);
    en_project_close(&project);
    return st;
}

static const en_option options[] = {
    {.name = "out",
     .letter = 'o',
     EN_FIELD(export_options, out),
     .arg = "DIR",
     .required = true,
     .doc = "TensorBoard's folder; every run gets a folder of its name in it"},
    {.name = NULL},
};

static const en_example examples[] = {
    {"eyenet export tensorboard first second -o logs && tensorboard --logdir logs", "two runs side by side"},
    {NULL, NULL},
};

static const en_exit_code exit_codes[] = {{EN_INPUT, "no such run, or a file in the place that is not an event file"},
                                          {EN_OK, NULL}};

const en_command en_cmd_export_tensorboard = {
    .name = "export tensorboard",
    .group = EN_GROUP_MODELS,
    .args = "RUN...",
    .summary = "write runs as TensorBoard event files",
    .text =
        "Each run becomes one event file: the learning curves by epoch (auc/val, loss/train), its settings for the "
        "tab HParams, the network as a graph, a histogram of each tensor of weights, of each evaluation a histogram "
        "of the scores of each class and the eight mistakes with the least probability of the truth as pictures. "
        "Event files that eyenet wrote for the run before are replaced. 'train --tensorboard' writes them while it "
        "trains.",
    .options = options,
    .size = sizeof(export_options),
    .table = true,
    .examples = examples,
    .exit_codes = exit_codes,
    .run = export_tensorboard,
};
