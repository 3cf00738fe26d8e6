/* eyenet reproduce. */
#include "training/reproduce.h"

#include "cli/commands.h"
#include "cli/project.h"
#include "render/show.h"

typedef struct reproduce_options {
    const char *name;
    int64_t threads;
} reproduce_options;

static const reproduce_options defaults = {0};

static en_status reproduce(const en_cli *cli, const en_call *call, en_error *err)
{
    const reproduce_options *given = call->options;
    const en_reproduce_options options = {.run = call->words > 0 ? call->word[0] : NULL, .name = given->name};
    en_cli with_threads = *cli;
    with_threads.threads = given->threads > 0 ? (unsigned)given->threads : cli->threads;
    en_reproduce_result result;
    en_project project;
    en_status st = en_cli_open(&with_threads, EN_CHANGE, &project, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_reproduce(&project, &options, &result, err);
    en_project_close(&project);
    if (st == EN_OK) {
        st = en_show_reproduce(cli->out, &result, err);
    }
    if (st == EN_OK && !result.identical) {
        st = en_error_set(err, EN_FAILED, "run '%s' and its repetition '%s' differ", result.run, result.again);
    }
    return st;
}

static const en_option options[] = {
    {.name = "name",
     .letter = 'n',
     EN_FIELD(reproduce_options, name),
     .arg = "NAME",
     .doc = "what to call the new run; without it, its model's name and a number"},
    {.name = "threads",
     EN_FIELD(reproduce_options, threads),
     .arg = "N",
     .low = 1,
     .high = 1024,
     .doc = "number of threads (default: EYENET_THREADS, or one per processor); the result does not depend on it"},
    {.name = NULL},
};

static const en_example examples[] = {
    {"eyenet reproduce first", "train it again and compare every number"},
    {NULL, NULL},
};

static const en_exit_code exit_codes[] = {
    {EN_FAILED, "the two differ, in what is printed"},
    {EN_INPUT, "no such run, it is not finished, or its photographs or labels are no longer there"},
    {EN_OK, NULL},
};

const en_command en_cmd_reproduce = {
    .name = "reproduce",
    .group = EN_GROUP_MODELS,
    .args = "[RUN]",
    .summary = "train a run again and compare the two",
    .text =
        "RUN is a name, a uuid or its beginning; without it, the newest run. It is trained again from its network, "
        "subsets, target, seed and settings, with its kernels where this processor has them, as a new run whose parent "
        "it is. Then the hash of the weights and the metrics of all epochs are compared: identical, or different, with "
        "what the two were made with otherwise: instruction set, library, program, labels and samples, settings. The "
        "number of threads is named and does not matter.",
    .options = options,
    .defaults = &defaults,
    .size = sizeof(reproduce_options),
    .table = true,
    .examples = examples,
    .exit_codes = exit_codes,
    .run = reproduce,
};
