/* eyenet bundle export and import. */
#include "bundle/bundle.h"

#include "cli/commands.h"
#include "cli/project.h"
#include "render/show.h"

typedef struct bundle_options {
    const char *out, *name, *dataset;
    bool samples;
} bundle_options;

static const bundle_options defaults = {0};

static en_status bundle_export(const en_cli *cli, const en_call *call, en_error *err)
{
    const bundle_options *given = call->options;
    const en_bundle_export_options options = {
        .run = call->word, .runs = call->words, .file = given->out, .samples = given->samples};
    en_bundle_export_result result;
    en_project project;
    en_status st = en_cli_open(cli, EN_LOOK, &project, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_bundle_export(&project, &options, &result, err);
    en_project_close(&project);
    return st == EN_OK ? en_show_bundle_export(cli->out, &result, err) : st;
}

static en_status bundle_import(const en_cli *cli, const en_call *call, en_error *err)
{
    const bundle_options *given = call->options;
    const en_bundle_import_options options = {.file = call->word[0], .name = given->name, .dataset = given->dataset};
    en_bundle_import_result result;
    en_project project;
    en_status st = en_cli_open(cli, EN_CHANGE, &project, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_bundle_import(&project, &options, &result, err);
    en_project_close(&project);
    st = st == EN_OK ? en_show_bundle_import(cli->out, &result, err) : st;
    en_bundle_import_clear(&result);
    return st;
}

static const en_option export_options[] = {
    {.name = "out",
     .letter = 'o',
     EN_FIELD(bundle_options, out),
     .arg = "FILE",
     .required = true,
     .doc = "the file to write; one that is there is replaced when it is a bundle"},
    {.name = "samples",
     EN_FIELD(bundle_options, samples),
     .doc = "with the photographs themselves, of which the import makes samples by the recipe of the run"},
    {.name = NULL},
};

static const en_example export_examples[] = {
    {"eyenet bundle export first -o first.bundle", "the run with all that belongs to it, in one file"},
    {"eyenet bundle export first --samples -o first.bundle", "with the photographs, to evaluate it elsewhere"},
    {"eyenet bundle export first second -o both.bundle", "their subsets and photographs are named once"},
    {NULL, NULL},
};

static const en_exit_code export_codes[] = {
    {EN_INPUT, "no such run, one that still trains, kept no weights or is an ensemble, or a file in the place that is "
               "not a bundle: it is not replaced"},
    {EN_OK, NULL},
};

const en_command en_cmd_bundle_export = {
    .name = "bundle export",
    .group = EN_GROUP_MODELS,
    .args = "RUN...",
    .summary = "write runs to one file for a colleague",
    .text =
        "A bundle is a zip with all that the catalog knows of the runs: settings, with calibration and operating "
        "points, "
        "metrics, steps, evaluations of the weights they keep with their predictions, network, recipe, weights, tags "
        "and "
        "note; and of the photographs they were trained and measured on the names, patients, parts and the hash of the "
        "bytes. The photographs themselves are in it with --samples; labels and other runs are not.\n\n"
        "Names of photographs and patients are as they are in the project, and the command line and machine of each "
        "run "
        "are in it, too: a bundle is for whoever may know them.",
    .options = export_options,
    .defaults = &defaults,
    .size = sizeof(bundle_options),
    .table = true,
    .examples = export_examples,
    .exit_codes = export_codes,
    .run = bundle_export,
};

static const en_option import_options[] = {
    {.name = "name",
     .letter = 'n',
     EN_FIELD(bundle_options, name),
     .arg = "NAME",
     .doc = "what to call the run; of several runs, what to put before their names, with a hyphen"},
    {.name = "dataset",
     EN_FIELD(bundle_options, dataset),
     .arg = "NAME",
     .doc = "the dataset that photographs are listed in which are not here (default: bundle-PROJECT)"},
    {.name = NULL},
};

static const en_example import_examples[] = {
    {"eyenet bundle import first.bundle", "a second time, nothing changes"},
    {"eyenet bundle import first.bundle --name theirs", "there is a run 'first' already"},
    {"eyenet evaluate theirs --subset main/test", "on the photographs that are here"},
    {NULL, NULL},
};

static const en_exit_code import_codes[] = {
    {EN_INPUT,
     "not a bundle, a damaged one, or of a newer version; a run that is here with other content, or another one of its "
     "name: nothing is imported"},
    {EN_OK, NULL},
};

const en_command en_cmd_bundle_import = {
    .name = "bundle import",
    .group = EN_GROUP_MODELS,
    .args = "FILE",
    .summary = "take in the runs of a bundle",
    .text =
        "Everything in the file is compared with its hash before anything is written; then all of it is imported, or "
        "nothing. A run that is here already, by its uuid, is compared: evaluations that are new are added, and a run "
        "with other content is refused. 'predict', 'evaluate', 'report', 'export' and 'compare' work on an imported "
        "run "
        "as on one that was trained here.\n\n"
        "Photographs are found by the hash of their bytes, whatever they are called. Those that are not here are "
        "listed "
        "by name in a dataset of their own, so that what was measured on them can be read and reported; their patients "
        "are others than those of this project, except where another photograph of the patient is here. A subset with "
        "members that are all here under the same names is used as it is; others come with a split of their own, which "
        "is never the newest split.",
    .options = import_options,
    .defaults = &defaults,
    .size = sizeof(bundle_options),
    .table = true,
    .examples = import_examples,
    .exit_codes = import_codes,
    .run = bundle_import,
};
