/* eyenet model show. */
#include "training/pretrained.h"

#include "base/file.h"
#include "cli/commands.h"
#include "cli/project.h"
#include "render/show.h"

typedef struct show_options {
    int64_t classes, batch;
} show_options;

static const show_options defaults = {.classes = 2, .batch = 16};

static en_status model_show(const en_cli *cli, const en_call *call, en_error *err)
{
    const show_options *given = call->options;
    const char *model = call->word[0];
    en_model_summary summary = {0};
    en_project project = {0};
    bool opened = false;
    en_status st = EN_OK;
    if (!en_model_is_built_in(model)) { /* a project is not needed for a file */
        st = en_cli_open(cli, EN_LOOK, &project, err);
        opened = st == EN_OK;
        st = opened || !en_file_exists(model) ? st : EN_OK;
    }
    if (st == EN_OK) {
        st = en_model_summarise(opened ? &project : NULL, model, (size_t)given->classes, (size_t)given->batch, &summary,
                                err);
    }
    if (st == EN_OK) {
        st = en_show_model(cli->out, &summary, err);
    }
    en_model_summary_clear(&summary);
    en_project_close(&project);
    return st;
}

static const en_option options[] = {
    {.name = "classes",
     EN_FIELD(show_options, classes),
     .arg = "N",
     .low = 2,
     .high = 1000,
     .doc = "classes of a network that has as many units as there are classes"},
    {.name = "batch",
     .letter = 'b',
     EN_FIELD(show_options, batch),
     .arg = "N",
     .low = 1,
     .high = 65536,
     .doc = "images of a training step, for the memory"},
    {.name = NULL},
};

static const en_example examples[] = {
    {"eyenet model show eyenet", "a built-in network"},
    {"eyenet model show my.net --classes 5 --csv", "one of your own, for programs"},
    {"eyenet model show runs/first/model.safetensors", "a trained one"},
    {NULL, NULL},
};

static const en_exit_code exit_codes[] = {
    {EN_INPUT, "no such model or file, or an invalid network text (the line and word are named)"},
    {EN_OK, NULL},
};

const en_command en_cmd_model_show = {
    .name = "model show",
    .group = EN_GROUP_MODELS,
    .args = "MODEL",
    .summary = "show the layers of a network and what they take",
    .text = "A line for each layer, numbered as in the names of its weights: its words, the shape of its output, its "
            "trainable parameters, millions of floating point operations and bytes of output per image, and how its "
            "convolution is computed. As text, the sums and the memory follow. MODEL is a built-in network, a file of "
            "network text, a file of weights that eyenet wrote, or the name of an imported model.",
    .choice = en_choice_network,
    .choices_heading = "Built-in networks",
    .options = options,
    .defaults = &defaults,
    .size = sizeof(show_options),
    .table = true,
    .examples = examples,
    .exit_codes = exit_codes,
    .run = model_show,
};
