/* eyenet label import. */
#include <string.h>

#include "cli/commands.h"
#include "cli/project.h"
#include "render/show.h"
#include "intake/label.h"

typedef struct label_options {
    const char *scheme, *image_column, *column, *patient_column, *eye_column, *grader, *unknown;
    const char *dataset, *folder, *missing, *map, *encoding;
    bool no_header, supersede;
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
        .patient_column = given->patient_column,
        .eye_column = given->eye_column,
        .dataset = given->dataset,
        .folder = given->folder,
        .missing = given->missing,
        .map = given->map,
        .encoding = given->encoding,
        .no_header = given->no_header,
        .supersede = given->supersede,
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
     .arg = "SCHEME",
     .doc = "the scale of the grades, one of 'eyenet scheme list'; default: recognised from the column's name"},
    {.name = "image-column",
     EN_FIELD(label_options, image_column),
     .arg = "NAME",
     .doc = "the column with the image's name or path, by name or number; without it, image, image_name, image_id, "
            "id_code or another that public collections have"},
    {.name = "column",
     EN_FIELD(label_options, column),
     .arg = "NAME",
     .doc =
         "the column with the grade, by name or number; without it, level, grade, DR_grade, diagnosis, Retinopathy "
         "grade, adjudicated_dr_grade, quality, gradable or gradability, whichever one is there; of left_eye_DR_Level "
         "and right_eye_DR_Level the one of the image's eye; with --scheme, also one that has the scheme's name, and "
         "of the schemes dme, dr, disease and referable_dme IDRiD's, RFMiD's and Messidor-2's"},
    {.name = "patient-column",
     EN_FIELD(label_options, patient_column),
     .arg = "NAME",
     .doc = "the column that names the patient, by name or number"},
    {.name = "eye-column",
     EN_FIELD(label_options, eye_column),
     .arg = "NAME",
     .doc = "the column that names the eye: left, right, L, R, OD or OS"},
    {.name = "no-header",
     EN_FIELD(label_options, no_header),
     .doc = "the first line is an image: column 1 is its name and column 2 its grade, unless other numbers are given"},
    {.name = "dataset",
     EN_FIELD(label_options, dataset),
     .arg = "NAME",
     .doc = "the dataset that the images are of (default: any, when only one has the name)"},
    {.name = "folder",
     EN_FIELD(label_options, folder),
     .arg = "NAME",
     .doc = "only images in this folder of their dataset"},
    {.name = "map",
     EN_FIELD(label_options, map),
     .arg = "PAIRS",
     .doc = "what other grades mean, as in '5=ungradable,mild=1,9=': a grade, ungradable (grade 0 of the scheme "
            "gradable), "
            "or no grade"},
    {.name = "missing",
     EN_FIELD(label_options, missing),
     .arg = "WORDS",
     .doc = "what stands for no grade besides an empty field, NA, N/A, NaN and NULL, separated by commas"},
    {.name = "supersede", EN_FIELD(label_options, supersede), .doc = "change grades that another file gave"},
    {.name = "encoding",
     EN_FIELD(label_options, encoding),
     .arg = "NAME",
     .doc = "of the file, as iconv knows it: UTF-16LE, CP1252 (default: recognised)"},
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
    {"eyenet label import train.txt --no-header --scheme icdr --map 5=ungradable",
     "DDR's: name and grade, 5 ungradable"},
    {"eyenet label import a.csv --folder 'a. Training Set'", "IDRiD's, whose sets have the same names"},
    {"eyenet label import quality.csv --scheme eyeq --column quality", "grades of the photographs' quality"},
    {"eyenet label import a.csv --scheme dme --column 'Risk of macular edema '",
     "on a scale of one's own: 'eyenet scheme add dme 0..2'"},
    {NULL, NULL},
};

static const en_exit_code exit_codes[] = {
    {EN_INPUT, "no header, a line with too few or too many columns, a grade outside its scheme, two grades for one "
               "image, an unknown "
               "image, one that may be several, or grades of another file that would change: nothing is imported, and "
               "the line is "
               "named"},
    {EN_OK, NULL},
};

const en_command en_cmd_label_import = {
    .name = "label import",
    .group = EN_GROUP_PHOTOGRAPHS,
    .args = "FILE.csv",
    .summary = "read grades from a CSV file",
    .text =
        "The file has a header and one image per line; columns are separated by comma, semicolon, tab or space. It may "
        "be "
        "in UTF-8, UTF-16 or a code page, and be a gzip or a zip of one file. The "
        "whole file is imported, or nothing. Earlier grades are kept: the view labels shows the newest.\n\n"
        "An image is named with or without folders and extension; / and \\ separate folders. Where several images have "
        "the name, the one is meant whose path shares the most folders, and when that is not one, the import is "
        "refused: "
        "--dataset and --folder say which. Where no image has the very name, one counts that differs from it in the "
        "case "
        "of letters or the Unicode form (as macOS writes accents) alone, and a note says how many were found so.\n\n"
        "Schemes are the scales of the grades. Three are built in: icdr, diabetic retinopathy from 0 (none) to 4 "
        "(proliferative); eyeq, quality from 0 (good) to 2 (reject); gradable, 0 or 1. 'eyenet scheme add' makes "
        "others. Labels of every scheme are in the view labels, and label(image_id, 'SCHEME') is an image's grade in "
        "SQL, for subsets and targets.\n\n"
        "A column that says yes or no, such as RFMiD's DR, is not taken for a grade of a longer scale: it needs a "
        "scheme of its own, or --map.",
    .options = options,
    .defaults = &defaults,
    .size = sizeof(label_options),
    .table = true,
    .examples = examples,
    .exit_codes = exit_codes,
    .run = label_import,
};
