/* eyenet export npy, npz and folder. */
#include "training/export_data.h"

#include "cli/commands.h"
#include "cli/project.h"
#include "render/show.h"

typedef struct export_options {
    const char *out, *labels, *target, *recipe, *split;
} export_options;

typedef en_status export_fn(en_project *, const en_export_data_options *, en_export_data_result *, en_error *);

static en_status export_data(const en_cli *cli, const en_call *call, export_fn *export, en_error *err)
{
    const export_options *given = call->options;
    const en_export_data_options o = {.subset = call->words > 0 ? call->word[0] : NULL,
                                      .target = given->target,
                                      .split = given->split,
                                      .recipe = given->recipe,
                                      .file = given->out,
                                      .labels = given->labels};
    en_export_data_result result = {0};
    en_project project;
    en_status st = en_cli_open(cli, EN_LOOK, &project, err);
    if (st != EN_OK) {
        return st;
    }
    st = export(&project, &o, &result, err);
    if (st == EN_OK) {
        st = en_show_export_data(cli->out, &result, err);
    }
    en_export_data_result_clear(&result);
    en_project_close(&project);
    return st;
}

static en_status export_npy(const en_cli *cli, const en_call *call, en_error *err)
{
    return export_data(cli, call, en_export_npy, err);
}
static en_status export_npz(const en_cli *cli, const en_call *call, en_error *err)
{
    return export_data(cli, call, en_export_npz, err);
}
static en_status export_folder(const en_cli *cli, const en_call *call, en_error *err)
{
    return export_data(cli, call, en_export_folder, err);
}

#define OUT(what)                                                                                                      \
    {                                                                                                                  \
        .name = "out", .letter = 'o', EN_FIELD(export_options, out), .arg = "FILE", .required = true, .doc = (what)    \
    }
#define TARGET                                                                                                         \
    {                                                                                                                  \
        .name = "target", EN_FIELD(export_options, target), .arg = "SQL",                                              \
        .doc = "the label: an SQL expression over the view variants; members without a value are left out"             \
    }
#define RECIPE                                                                                                         \
    {                                                                                                                  \
        .name = "recipe", EN_FIELD(export_options, recipe), .arg = "TEXT",                                             \
        .doc = "which samples; without it, those of the newest recipe"                                                 \
    }

static const export_options defaults = {.target = "grade"};

static const en_option npy_options[] = {
    OUT("where to write the pixels"),
    {.name = "labels",
     EN_FIELD(export_options, labels),
     .arg = "FILE",
     .doc = "where to write the labels; without it, FILE with .labels.npy for .npy"},
    TARGET,
    RECIPE,
    {.name = NULL},
};
static const en_option npz_options[] = {OUT("where to write it"), TARGET, RECIPE, {.name = NULL}};
static const en_option folder_options[] = {
    {.name = "out",
     .letter = 'o',
     EN_FIELD(export_options, out),
     .arg = "DIR",
     .required = true,
     .doc = "the folder to make; it must not be there, or be empty"},
    {.name = "split",
     EN_FIELD(export_options, split),
     .arg = "NAME",
     .doc = "whose parts; without it, those of the newest split"},
    RECIPE,
    {.name = NULL},
};

static const en_example npy_examples[] = {
    {"eyenet export npy main/train -o X_train.npy", "numpy.load(\"X_train.npy\", mmap_mode=\"r\")"},
    {"eyenet export npy small -o X.npy --target \"ifnull(grade, -1)\"", "with the photographs that have no grade"},
    {NULL, NULL},
};
static const en_example npz_examples[] = {
    {"eyenet export npz main/test -o test.npz --target 'grade >= 2'", NULL},
    {NULL, NULL},
};
static const en_example folder_examples[] = {
    {"eyenet export folder -o eyes", "for a torch.utils.data.Dataset"},
    {NULL, NULL},
};

static const en_exit_code exit_codes[] = {
    {EN_INPUT, "no such subset, nothing in it to export, damaged samples, or a file in the place that is not an array"},
    {EN_OK, NULL},
};
static const en_exit_code folder_exit_codes[] = {
    {EN_INPUT, "no samples or no such split, damaged samples, or a folder that is not empty"},
    {EN_OK, NULL},
};

const en_command en_cmd_export_npy = {
    .name = "export npy",
    .group = EN_GROUP_SAMPLES,
    .args = "SUBSET",
    .summary = "write a subset's pixels and labels as NumPy arrays",
    .text =
        "The pixels are one array of bytes (n,N,N,3), red, green and blue, which numpy.load maps without reading it. "
        "The labels are a structured array of n rows beside it: image, dataset, patient, eye, part, label, class, "
        "grade, gradable, eyeq, mirror and rotation. Texts that are not known are empty, numbers are -1; class "
        "counts the different labels from 0 in their natural order. Rows are in the order of the images' names.\n\n"
        "Samples are checked against their hashes and streamed: the memory does not depend on their number. An "
        "array that is there is replaced.",
    .options = npy_options,
    .defaults = &defaults,
    .size = sizeof(export_options),
    .table = true,
    .examples = npy_examples,
    .exit_codes = exit_codes,
    .run = export_npy,
};

const en_command en_cmd_export_npz = {
    .name = "export npz",
    .group = EN_GROUP_SAMPLES,
    .args = "SUBSET",
    .summary = "write a subset's pixels and labels as one NumPy archive",
    .text = "What 'export npy' writes, in one file that is not compressed: X (n,N,N,3), y (the class of each row), "
            "classes (the label of each class) and labels (the structured array).",
    .options = npz_options,
    .defaults = &defaults,
    .size = sizeof(export_options),
    .table = true,
    .examples = npz_examples,
    .exit_codes = exit_codes,
    .run = export_npz,
};

const en_command en_cmd_export_folder = {
    .name = "export folder",
    .group = EN_GROUP_SAMPLES,
    .args = "",
    .summary = "write all samples as a folder for PyTorch",
    .text = "DIR has samples.npy, the pixels of every accepted photograph as bytes (n,N,N,3), to be mapped by numpy; "
            "splits.csv, a line for each row: row, image, dataset, patient, eye, part, grade, gradable, eyeq and the "
            "SHA-256 of its pixels; and about.json, which has recipe and split. The folder is there whole or not at "
            "all.",
    .options = folder_options,
    .size = sizeof(export_options),
    .table = true,
    .examples = folder_examples,
    .exit_codes = folder_exit_codes,
    .run = export_folder,
};
