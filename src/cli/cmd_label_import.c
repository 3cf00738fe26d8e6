/* eyenet label import. */
#include <string.h>

#include "cli/commands.h"
#include "cli/project.h"
#include "render/show.h"
#include "catalog/label.h"
#include "intake/label.h"

typedef struct label_options {
    const char *scheme, *image_column, *column, *grader, *unknown;
} label_options;

static const label_options defaults = {.unknown = "refuse"};
static const char *const unknowns[] = {"refuse", "skip", "add", NULL}; /* in the order of en_unknown */

static en_unknown what_if_unknown(const char *word)
{
    int i = 0;
    while (strcmp(unknowns[i], word) != 0) {
        i++;
    }
    return (en_unknown)i;
}

static en_status label_import(const en_cli *cli, const en_call *call, en_error *err)
{
    const label_options *given = call->options;
    const en_label_options options = {
        .file = call->word[0],
        .scheme = given->scheme,
        .image_column = given->image_column,
        .grade_column = given->column,
        .grader = given->grader,
        .unknown = what_if_unknown(given->unknown),
    };
    en_label_result result;
    en_project project;
    en_status st = en_cli_open(cli, EN_CHANGE, &project, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_label_import(&project, &options, &result, err);
    en_project_close(&project);
    return st == EN_OK ? en_show_labels(cli->out, &result, err) : st;
}

static const en_option options[] = {
    {.name = "scheme",
     EN_FIELD(label_options, scheme),
     .arg = "NAME",
     .choices = en_catalog_schemes,
     .doc = "what the grades mean; default: recognised from the column's name"},
    {.name = "image-column",
     EN_FIELD(label_options, image_column),
     .arg = "NAME",
     .doc = "the column with the image's name; without it, image, image_name, image_id or id_code"},
    {.name = "column",
     EN_FIELD(label_options, column),
     .arg = "NAME",
     .doc = "the column with the grade; without it, level, grade, DR_grade, diagnosis, adjudicated_dr_grade, quality, "
            "gradable or gradability, whichever one is there"},
    {.name = "grader",
     EN_FIELD(label_options, grader),
     .arg = "NAME",
     .doc = "who graded; without it, the file's name"},
    {.name = "unknown",
     EN_FIELD(label_options, unknown),
     .arg = "WHAT",
     .choices = unknowns,
     .doc = "what to do about an image that is not in the catalog"},
    {.name = NULL},
};

static const en_example examples[] = {
    {"eyenet label import trainLabels.csv", "the competition's labels: image,level"},
    {"eyenet label import trainLabels.csv --unknown skip", "only those of images that are here"},
    {"eyenet label import quality.csv --scheme eyeq --column quality", "grades of the photographs' quality"},
    {NULL, NULL},
};

static const en_exit_code exit_codes[] = {
    {EN_INPUT,
     "no header, a line with too few or too many columns, a grade outside its scheme, two grades for one image, "
     "or an unknown image: nothing is imported, and the line is named"},
    {EN_OK, NULL},
};

const en_command en_cmd_label_import = {
    .name = "label import",
    .group = EN_GROUP_PHOTOGRAPHS,
    .args = "FILE.csv",
    .summary = "read grades from a CSV file",
    .text =
        "The file has a header and one image per line; columns are separated by comma, semicolon, tab or space. The "
        "whole file is imported, or nothing. Earlier grades are kept: the view labels shows the newest.\n\n"
        "Schemes: icdr, diabetic retinopathy from 0 (none) to 4 (proliferative); eyeq, quality from 0 (good) to 2 "
        "(reject); gradable, 0 or 1.",
    .options = options,
    .defaults = &defaults,
    .size = sizeof(label_options),
    .table = true,
    .examples = examples,
    .exit_codes = exit_codes,
    .run = label_import,
};
