/* eyenet model list. */
#include "training/pretrained.h"

#include "cli/commands.h"
#include "cli/project.h"
#include "render/show.h"

static en_status model_list(const en_cli *cli, const en_call *call, en_error *err)
{
    (void)call;
    en_project project;
    en_catalog_pretrained_list list;
    en_status st = en_cli_open(cli, EN_LOOK, &project, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_catalog_pretrained_all(project.catalog, &list, err);
    if (st == EN_OK) {
        st = en_show_models(cli->out, &list, err);
    }
    en_catalog_pretrained_list_clear(&list);
    en_project_close(&project);
    return st;
}

static const en_example examples[] = {
    {"eyenet model list", NULL},
    {"eyenet model list --json", "with hashes, files and times"},
    {NULL, NULL},
};

const en_command en_cmd_model_list = {
    .name = "model list",
    .group = EN_GROUP_MODELS,
    .args = "",
    .summary = "list the imported weights",
    .text = "The oldest first, with the network they are of, the licence, and where they come from. Built-in networks, "
            "which have no weights, are listed by 'eyenet help train', trained models by 'eyenet runs'.",
    .table = true,
    .examples = examples,
    .run = model_list,
};
