/* eyenet split. */
#include "dataset/split.h"

#include <string.h>

#include "cli/commands.h"
#include "cli/project.h"
#include "render/show.h"

typedef struct split_options {
    double test, val;
    const char *stratify, *group;
    int64_t seed, folds;
    bool patient_is_image;
} split_options;

static const split_options defaults = {.test = 0.2, .val = 0.1, .stratify = "grade", .seed = 1};
static const char *const strata[] = {"grade", "none", NULL};

static en_status split(const en_cli *cli, const en_call *call, en_error *err)
{
    const split_options *given = call->options;
    const en_split_options options = {
        .name = call->word[0],
        .test = given->test,
        .validation = given->val,
        .folds = given->folds,
        .group = given->group,
        .stratify = strcmp(given->stratify, "grade") == 0,
        .seed = (uint64_t)given->seed,
        .patient_is_image = given->patient_is_image,
    };
    en_split_result result;
    en_project project;
    en_status st = en_cli_open(cli, EN_CHANGE, &project, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_split(&project, &options, &result, err);
    en_project_close(&project);
    return st == EN_OK ? en_show_split(cli->out, &result, err) : st;
}

static const en_option options[] = {
    {.name = "test",
     EN_FIELD(split_options, test),
     .arg = "F",
     .low = 0,
     .high = 0.99,
     .doc = "fraction of the patients for testing"},
    {.name = "val",
     EN_FIELD(split_options, val),
     .arg = "F",
     .low = 0,
     .high = 0.99,
     .doc = "fraction of the patients for validation"},
    {.name = "folds",
     EN_FIELD(split_options, folds),
     .arg = "K",
     .low = 2,
     .high = EN_FOLDS_MAX,
     .excludes = "val",
     .doc = "make K splits, NAME-1 to NAME-K: of the patients that are not for testing, each has another fold for "
            "validation"},
    {.name = "group",
     EN_FIELD(split_options, group),
     .arg = "SQL",
     .doc = "keep patients together of whom an image has the same value of this: a column of the view images, such as "
            "dataset, or an expression over them"},
    {.name = "stratify",
     EN_FIELD(split_options, stratify),
     .arg = "BY",
     .choices = strata,
     .doc = "keep the proportions of each patient's worst grade in every part"},
    {.name = "seed",
     EN_FIELD(split_options, seed),
     .arg = "N",
     .low = 0,
     .high = 9007199254740992.0,
     .doc = "the same patients, grades and seed give the same split"},
    {.name = "patient-is-image",
     EN_FIELD(split_options, patient_is_image),
     .doc = "each image of which the patient is not known is of another patient"},
    {.name = NULL},
};

static const en_example examples[] = {
    {"eyenet split main", "20% of the patients for testing, 10% for validation"},
    {"eyenet split half --test 0.5 --val 0 --seed 7", NULL},
    {"eyenet split cv --folds 5", "the splits cv-1 to cv-5, which have the same 20% for testing"},
    {"eyenet sql 'SELECT split, val_images, test_images FROM splits'", NULL},
    {"eyenet sql 'SELECT * FROM class_balance'", "the grades in each part"},
    {NULL, NULL},
};

static const en_exit_code exit_codes[] = {
    {EN_INPUT, "the name is taken, there are no patients, fewer than folds, or they are not known of most images"},
    {EN_OK, NULL}};

const en_command en_cmd_split = {
    .name = "split",
    .group = EN_GROUP_SAMPLES,
    .args = "NAME",
    .summary = "assign whole patients to training, validation and test",
    .text = "Both eyes of a patient, and all their variants, are always in the same part: train, val or test. The "
            "views images and variants show the part in the newest split.\n\n"
            "Whose an image is, its name tells (12_left, 12-OD), or 'eyenet patients'. The last line says for how many "
            "images it is known; where it is not for most, the split is refused.",
    .options = options,
    .defaults = &defaults,
    .size = sizeof(split_options),
    .table = true,
    .examples = examples,
    .exit_codes = exit_codes,
    .run = split,
};
