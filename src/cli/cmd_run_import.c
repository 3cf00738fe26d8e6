/* eyenet run import. */
#include <string.h>

#include "cli/commands.h"
#include "cli/project.h"
#include "render/show.h"

typedef struct import_options {
    const char *name, *target, *part, *split, *subset, *trained_on, *params, *image_column, *probability_column,
        *answer_column, *positive, *dataset, *folder, *encoding, *outside;
    bool ordinal;
} import_options;

static const import_options defaults = {.outside = "refuse"};
static const char *const parts[] = {"test", "val", "train", NULL};
static const char *const outsides[] = {"refuse", "skip", NULL};

static en_status run_import(const en_cli *cli, const en_call *call, en_error *err)
{
    const import_options *given = call->options;
    const en_run_import_options options = {
        .file = call->word[0],
        .encoding = given->encoding,
        .name = given->name,
        .target = given->target,
        .part = en_word_find(&en_parts, given->part),
        .split = given->split,
        .subset = given->subset,
        .trained_on = given->trained_on,
        .params = given->params,
        .image_column = given->image_column,
        .probability_column = given->probability_column,
        .answer_column = given->answer_column,
        .positive = given->positive,
        .ordinal = given->ordinal,
        .dataset = given->dataset,
        .folder = given->folder,
        .skip_outside = strcmp(given->outside, "skip") == 0,
    };
    en_run_import_result result;
    en_project project;
    en_status st = en_cli_open(cli, EN_CHANGE, &project, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_run_import(&project, &options, &result, err);
    en_project_close(&project);
    return st == EN_OK ? en_show_run_import(cli->out, &result, err) : st;
}

static const en_option options[] = {
    {.name = "name",
     .letter = 'n',
     EN_FIELD(import_options, name),
     .arg = "NAME",
     .required = true,
     .doc = "what to call the run; of an imported run, its predictions for another subset, or newer ones, are added"},
    {.name = "target",
     .letter = 't',
     EN_FIELD(import_options, target),
     .arg = "SQL",
     .doc = "what was predicted, as 'train --target'; without it, that of the run, or grade >= 2"},
    {.name = "part",
     .letter = 'p',
     EN_FIELD(import_options, part),
     .arg = "PART",
     .choices = parts,
     .excludes = "subset",
     .doc = "the part of the split whose photographs were predicted; without it, test"},
    {.name = "split",
     EN_FIELD(import_options, split),
     .arg = "NAME",
     .excludes = "subset",
     .doc = "the split; without it, the newest"},
    {.name = "subset",
     .letter = 's',
     EN_FIELD(import_options, subset),
     .arg = "SUBSET",
     .doc = "the subset whose photographs were predicted"},
    {.name = "trained-on",
     EN_FIELD(import_options, trained_on),
     .arg = "SUBSET",
     .doc = "the subset that it was trained on, where that is one of this project: a subset with the same patients is "
            "then refused"},
    {.name = "params",
     EN_FIELD(import_options, params),
     .arg = "FILE",
     .doc = "a JSON object with the settings of the training"},
    {.name = "image-column",
     EN_FIELD(import_options, image_column),
     .arg = "NAME",
     .doc = "the column with the image's name or path; without it, image, filename, id_code or another that label "
            "import knows"},
    {.name = "probability-column",
     EN_FIELD(import_options, probability_column),
     .arg = "NAME",
     .excludes = "answer-column",
     .doc = "the column with the probability of the positive class; without it, probability, prob, p, score or y_prob"},
    {.name = "answer-column",
     EN_FIELD(import_options, answer_column),
     .arg = "NAME",
     .doc = "the column with the answer, where there are no probabilities; without it, predicted, prediction, answer, "
            "grade or level"},
    {.name = "positive",
     EN_FIELD(import_options, positive),
     .arg = "CLASS",
     .doc = "of two classes, the one that counts as positive; without it, the last"},
    {.name = "ordinal",
     EN_FIELD(import_options, ordinal),
     .doc = "the classes are numbers on a scale; without it as in train"},
    {.name = "outside",
     EN_FIELD(import_options, outside),
     .arg = "WHAT",
     .choices = outsides,
     .doc = "what to do about rows of images that are not of the part or subset"},
    {.name = "dataset",
     EN_FIELD(import_options, dataset),
     .arg = "NAME",
     .doc = "the dataset that the images are of (default: any, when only one has the name)"},
    {.name = "folder",
     EN_FIELD(import_options, folder),
     .arg = "NAME",
     .doc = "only images in this folder of their dataset"},
    {.name = "encoding",
     EN_FIELD(import_options, encoding),
     .arg = "NAME",
     .doc = "of the file, as iconv knows it: UTF-16LE, CP1252 (default: recognised)"},
    {.name = NULL},
};

static const en_example examples[] = {
    {"eyenet run import torch.csv --name resnet50 --trained-on main/train", "image,p_0,p_1 of the test part"},
    {"eyenet run import val.csv --name resnet50 --part val", "the same model's answers for the validation part"},
    {"eyenet run import device.csv --name device --target 'grade >= 2' --answer-column referable",
     "a device that only says 0 or 1"},
    {"eyenet compare first resnet50", "is it better than ours?"},
    {NULL, NULL},
};

static const en_exit_code exit_codes[] = {
    {EN_INPUT,
     "no such subset, a run of that name that was trained here, an unknown or ambiguous image, one outside of the "
     "subset, two predictions for one image, a value that is not a probability or a class, or patients that it was "
     "trained on: nothing is imported, and the line is named"},
    {EN_OK, NULL},
};

const en_command en_cmd_run_import = {
    .name = "run import",
    .group = EN_GROUP_MODELS,
    .args = "FILE.csv",
    .summary = "read the predictions of another program as a run",
    .text =
        "The file has a header and one photograph per line: its name or path, and a probability per class in columns "
        "p_CLASS (prob_CLASS, probability_CLASS), as 'predict --csv' prints them, or the probability of the positive "
        "class, or an answer alone. Images are found as by 'label import'. Probabilities are 0 to 1 and add up to 1; a "
        "line without a value is a photograph that was not predicted. The whole file is imported, or nothing.\n\n"
        "Then 'evaluate', 'compare' and 'report' read the run like one that was trained here: the truth is that of the "
        "project's labels, intervals are clustered by patient. The run is marked as imported; it has no weights, so "
        "'predict', 'train --resume' and 'reproduce' refuse it. Settings and learning curves come by 'run log' before.",
    .options = options,
    .defaults = &defaults,
    .size = sizeof(import_options),
    .table = true,
    .examples = examples,
    .exit_codes = exit_codes,
    .run = run_import,
};
