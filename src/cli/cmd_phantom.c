/* eyenet phantom. */
#include "phantom/set.h"

#include "cli/commands.h"
#include "render/show.h"

typedef struct phantom_options {
    int64_t patients, seed, volumes, max_width;
} phantom_options;

static const phantom_options defaults = {.patients = 100, .seed = 1, .volumes = -1, .max_width = -1};

static en_status phantom(const en_cli *cli, const en_call *call, en_error *err)
{
    const phantom_options *given = call->options;
    const en_phantom_options options = {
        .dir = call->word[0],
        .patients = given->patients,
        .seed = (uint64_t)given->seed,
        .volume_bytes = given->volumes > 0 ? given->volumes : 0,
        .max_width = given->max_width > 0 ? (unsigned)given->max_width : 0,
        .threads = cli->threads,
        .events = *cli->events,
    };
    en_phantom_result result;
    en_status st = en_phantom(&options, &result, err);
    return st == EN_OK ? en_show_phantom(cli->out, &result, err) : st;
}

static const en_option options[] = {
    {.name = "patients",
     .letter = 'n',
     EN_FIELD(phantom_options, patients),
     .arg = "N",
     .low = 1,
     .high = 100000,
     .doc = "how many patients, two photographs each"},
    {.name = "seed",
     EN_FIELD(phantom_options, seed),
     .arg = "N",
     .low = 0,
     .high = 9007199254740992.0,
     .doc = "the same seed draws the same eyes"},
    {.name = "volumes",
     EN_FIELD_SIZE(phantom_options, volumes),
     .arg = "SIZE",
     .low = 65536,
     .high = 1099511627776.0,
     .doc = "also pack them as train.zip.001, train.zip.002 ... of this size each, as Kaggle ships them"},
    {.name = "max-width",
     EN_FIELD(phantom_options, max_width),
     .arg = "PX",
     .low = 64,
     .high = 4752,
     .doc = "draw wider cameras only that wide: smaller and faster"},
    {.name = NULL},
};

static const en_example examples[] = {
    {"eyenet phantom eyes --patients 200 --max-width 1024",
     "400 photographs in eyes/train, their labels in eyes/trainLabels.csv"},
    {"eyenet phantom eyes -n 20 --volumes 8M", "the same in volumes of 8 MiB"},
    {NULL, NULL},
};

static const en_exit_code exit_codes[] = {{EN_INPUT, "the folder is not empty"}, {EN_OK, NULL}};

const en_command en_cmd_phantom = {
    .name = "phantom",
    .group = EN_GROUP_PHOTOGRAPHS,
    .args = "DIR",
    .summary = "draw synthetic fundus photographs to try eyenet with",
    .text = "Draws the eyes of patients who do not exist, in the competition's form and proportions: several cameras, "
            "grades shown only by lesions, and the defects of real sets: black, blurred, over-exposed and truncated "
            "photographs, one filed as both eyes. Needs no project.",
    .options = options,
    .defaults = &defaults,
    .size = sizeof(phantom_options),
    .table = true,
    .examples = examples,
    .exit_codes = exit_codes,
    .run = phantom,
};
