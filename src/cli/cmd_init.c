/* eyenet init. */
#include "base/memory.h"
#include "cli/commands.h"
#include "project/project.h"

static en_status init(const en_cli *cli, const en_call *call, en_error *err)
{
    const char *dir = call->words > 0 ? call->word[0] : cli->project != NULL ? cli->project : ".";
    en_status st = en_project_init(dir, cli->force_network_fs, err);
    if (st == EN_OK && !cli->quiet) {
        en_out_line(cli->out, "made a project in %s", dir);
    }
    return st;
}

static const en_example examples[] = {
    {"eyenet init dr && cd dr", "a new project in the folder dr"},
    {"eyenet init", "a new project here"},
    {NULL, NULL},
};

static const en_exit_code exit_codes[] = {{EN_INPUT, "there is a project already"}, {EN_OK, NULL}};

const en_command en_cmd_init = {
    .name = "init",
    .group = EN_GROUP_PHOTOGRAPHS,
    .args = "[DIR]",
    .summary = "make a project: a folder with an empty catalog",
    .text = "A project is a folder with the catalog eyenet.db, and photos, samples and runs beside it. Paths in the "
            "catalog are relative to that folder: it can be moved or copied as a whole.",
    .args_replace_project = true,
    .examples = examples,
    .exit_codes = exit_codes,
    .run = init,
};
