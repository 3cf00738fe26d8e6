/* eyenet patients. */
#include "catalog/patient.h"

#include "cli/commands.h"
#include "cli/project.h"
#include "intake/label.h"
#include "render/show.h"

typedef struct patients_options {
    const char *names, *table, *pairs, *image_column, *patient_column, *eye_column, *dataset, *folder, *encoding;
    bool skip_unknown;
} patients_options;

static const patients_options defaults = {.patient_column = "patient_id"};

static en_status read_file(en_project *project, const patients_options *given, int64_t *changed, en_error *err)
{
    const en_label_options options = {
        .file = given->pairs != NULL ? given->pairs : given->table,
        .encoding = given->encoding,
        .image_column = given->image_column,
        .patient_column = given->patient_column,
        .eye_column = given->eye_column,
        .dataset = given->dataset,
        .folder = given->folder,
        .patients_only = true,
        .unknown = given->skip_unknown ? EN_UNKNOWN_SKIP : EN_UNKNOWN_REFUSE,
    };
    en_label_result result;
    en_status st = given->pairs != NULL ? en_pairs_import(project, &options, &result, err)
                                        : en_label_import(project, &options, &result, err);
    *changed = result.patients;
    return st;
}

static en_status patients(const en_cli *cli, const en_call *call, en_error *err)
{
    const patients_options *given = call->options;
    const char *pattern = NULL;
    bool reads = given->table != NULL || given->pairs != NULL;
    int64_t changed = 0;
    en_catalog_knowledge known;
    en_project project;
    en_status st = given->names != NULL ? en_catalog_pattern(given->names, &pattern, err) : EN_OK;
    if (st == EN_OK) {
        st = en_cli_open(cli, EN_CHANGE, &project, err);
    }
    if (st != EN_OK) {
        return st;
    }
    st = reads ? read_file(&project, given, &changed, err)
               : en_catalog_patients_recognise(project.catalog, pattern, &changed, err);
    if (st == EN_OK) {
        st = en_catalog_patients_known(project.catalog, &known, err);
    }
    en_project_close(&project);
    return st == EN_OK ? en_show_patients(cli->out, &known, changed, err) : st;
}

static const en_option options[] = {
    {.name = "names",
     EN_FIELD(patients_options, names),
     .arg = "PATTERN",
     .excludes = "table",
     .doc =
         "what names tell: {patient}, {eye} and * for anything, as in '{patient}_{eye}' or '{patient}/*'; or eyepacs, "
         "deepdrid, ddr, aptos, idrid, rfmid"},
    {.name = "table",
     EN_FIELD(patients_options, table),
     .arg = "FILE",
     .excludes = "pairs",
     .doc = "a CSV file with a column for the image and one for its patient"},
    {.name = "pairs",
     EN_FIELD(patients_options, pairs),
     .arg = "FILE",
     .excludes = "names",
     .doc = "a CSV file whose first two columns name two photographs of one patient, as Messidor-2 has it"},
    {.name = "image-column",
     EN_FIELD(patients_options, image_column),
     .arg = "NAME",
     .needs = "table",
     .doc = "of the table, by name or number"},
    {.name = "patient-column",
     EN_FIELD(patients_options, patient_column),
     .arg = "NAME",
     .needs = "table",
     .doc = "of the table, by name or number"},
    {.name = "eye-column",
     EN_FIELD(patients_options, eye_column),
     .arg = "NAME",
     .needs = "table",
     .doc = "of the table: left, right, L, R, OD or OS"},
    {.name = "dataset",
     EN_FIELD(patients_options, dataset),
     .arg = "NAME",
     .doc = "the dataset that the file is about"},
    {.name = "folder", EN_FIELD(patients_options, folder), .arg = "NAME", .doc = "the folder that the file is about"},
    {.name = "skip-unknown",
     EN_FIELD(patients_options, skip_unknown),
     .doc = "skip images of the file that are not in the catalog"},
    {.name = "encoding",
     EN_FIELD(patients_options, encoding),
     .arg = "NAME",
     .doc = "of the file (default: recognised)"},
    {.name = NULL},
};

static const en_example examples[] = {
    {"eyenet patients", "of how many images the patient is known, and how"},
    {"eyenet patients --names '{patient}/*'", "each patient has a folder"},
    {"eyenet patients --table clinic.csv --patient-column PID --eye-column Eye", NULL},
    {"eyenet patients --pairs messidor-2.csv", NULL},
    {NULL, NULL},
};

static const en_exit_code exit_codes[] = {
    {EN_INPUT, "an image that is not known or may be several, or a patient by whom subsets were chosen"},
    {EN_OK, NULL},
};

const en_command en_cmd_patients = {
    .name = "patients",
    .group = EN_GROUP_PHOTOGRAPHS,
    .args = "",
    .summary = "say whose photographs these are",
    .text =
        "A split keeps the photographs of a patient together, so it must be known whose they are. Names such as "
        "12_left, 12-OD, OS.12 or 12/R tell it: left, right, L, R, OD and OS in any case, set off by _ - . or a blank. "
        "Other names do not, and then a pattern, a table or a file of pairs does. Without options, names are looked "
        "at again and nothing that is known changes.\n\n"
        "A patient cannot change once subsets were chosen by a split of it.",
    .options = options,
    .defaults = &defaults,
    .size = sizeof(patients_options),
    .table = true,
    .examples = examples,
    .exit_codes = exit_codes,
    .run = patients,
};
