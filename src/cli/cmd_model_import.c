/* eyenet model import. */
#include "training/pretrained.h"

#include "cli/commands.h"
#include "cli/project.h"
#include "render/show.h"

typedef struct import_options {
    const char *as, *name, *origin, *licence;
} import_options;

static const import_options defaults = {0};
static const char *const presets[] = {"efficientnet-lite0", "efficientnet-lite1", "efficientnet-lite2",
                                      "mobilenet-v3-large", "resnet18",           NULL};

static en_status model_import(const en_cli *cli, const en_call *call, en_error *err)
{
    const import_options *given = call->options;
    const en_import_options options = {.file = call->word[0],
                                       .preset = given->as,
                                       .name = given->name,
                                       .origin = given->origin,
                                       .licence = given->licence};
    en_import_result result;
    en_project project;
    en_status st = en_cli_open(cli, EN_CHANGE, &project, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_model_import(&project, &options, &result, err);
    en_project_close(&project);
    return st == EN_OK ? en_show_import(cli->out, &result, err) : st;
}

static const en_option options[] = {
    {.name = "as",
     EN_FIELD(import_options, as),
     .arg = "NETWORK",
     .choices = presets,
     .required = true,
     .doc = "the built-in network that the weights are of"},
    {.name = "name",
     .letter = 'n',
     EN_FIELD(import_options, name),
     .arg = "NAME",
     .doc = "what to call the model; without it, the file's name"},
    {.name = "origin",
     EN_FIELD(import_options, origin),
     .arg = "TEXT",
     .doc = "where the file comes from; without it, what the file says of itself, or its name"},
    {.name = "licence",
     EN_FIELD(import_options, licence),
     .arg = "TEXT",
     .doc = "what may be done with the weights; without it, what the file says, or unknown"},
    {.name = NULL},
};

static const en_example examples[] = {
    {"eyenet model import weights/efficientnet-lite0.safetensors --as efficientnet-lite0",
     "what examples/weights.sh made"},
    {"eyenet train --subset small --init efficientnet-lite0", "and what they are for"},
    {NULL, NULL},
};

static const en_exit_code exit_codes[] = {
    {EN_INPUT, "the name is taken, or the file is not whole, lacks tensors, has others, or has them in other shapes: "
               "nothing is imported"},
    {EN_OK, NULL},
};

const en_command en_cmd_model_import = {
    .name = "model import",
    .group = EN_GROUP_MODELS,
    .args = "FILE.safetensors",
    .summary = "import weights that were trained elsewhere",
    .text = "The file has the tensors of a network as PyTorch names them (efficientnet_lite_pytorch, torchvision). All "
            "names and shapes are checked; the head, which a training draws anew for its own classes, is left out. "
            "The weights become models/NAME.safetensors; where they come from, the file's hash and the licence are "
            "recorded in the catalog and travel with every model that is trained from them.",
    .options = options,
    .defaults = &defaults,
    .size = sizeof(import_options),
    .table = true,
    .examples = examples,
    .exit_codes = exit_codes,
    .run = model_import,
};
