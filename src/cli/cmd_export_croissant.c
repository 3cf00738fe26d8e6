/* eyenet export croissant. */
#include "training/export_croissant.h"

#include "cli/commands.h"
#include "cli/project.h"
#include "render/show.h"

typedef struct export_options {
    const char *out, *split, *name, *description, *licence, *creator, *url;
} export_options;

static en_status export_croissant(const en_cli *cli, const en_call *call, en_error *err)
{
    const export_options *given = call->options;
    const en_croissant_options o = {.file = given->out,
                                    .split = given->split,
                                    .name = given->name,
                                    .description = given->description,
                                    .licence = given->licence,
                                    .creator = given->creator,
                                    .url = given->url};
    en_croissant_result result;
    en_project project;
    en_status st = en_cli_open(cli, EN_LOOK, &project, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_export_croissant(&project, &o, &result, err);
    if (st == EN_OK) {
        st = en_show_croissant(cli->out, &result, err);
    }
    en_croissant_result_clear(&result);
    en_project_close(&project);
    return st;
}

static const en_option options[] = {
    {.name = "out",
     .letter = 'o',
     EN_FIELD(export_options, out),
     .arg = "FILE",
     .doc = "where to write it; without it, croissant.json in the project, to which its paths are relative"},
    {.name = "split",
     EN_FIELD(export_options, split),
     .arg = "NAME",
     .doc = "whose parts; without it, those of the newest split"},
    {.name = "name",
     .letter = 'n',
     EN_FIELD(export_options, name),
     .arg = "NAME",
     .doc = "of the dataset; without it, that of the only dataset, or the project's folder"},
    {.name = "description",
     EN_FIELD(export_options, description),
     .arg = "TEXT",
     .doc = "of the dataset; without it, its counts in a sentence"},
    {.name = "licence",
     EN_FIELD(export_options, licence),
     .arg = "URL",
     .doc = "what may be done with the photographs; without it, the terms of use that were fetched with them"},
    {.name = "creator", EN_FIELD(export_options, creator), .arg = "NAME", .doc = "who made the dataset"},
    {.name = "url", EN_FIELD(export_options, url), .arg = "URL", .doc = "the dataset's page"},
    {.name = NULL},
};

static const en_example examples[] = {
    {"eyenet export croissant", "croissant.json in the project"},
    {"eyenet export croissant --name eyes --creator 'Eye Hospital' --licence "
     "https://creativecommons.org/licenses/by/4.0/",
     NULL},
    {NULL, NULL},
};

static const en_exit_code exit_codes[] = {
    {EN_INPUT, "no such split, no photographs, or a file in the place that is not an earlier description"},
    {EN_OK, NULL},
};

const en_command en_cmd_export_croissant = {
    .name = "export croissant",
    .group = EN_GROUP_SAMPLES,
    .args = "",
    .summary = "describe photographs, labels and split in Croissant 1.1",
    .text = "Writes JSON-LD that mlcroissant and catalogues of datasets read: every photograph as a file with its size "
            "and SHA-256, and a record for each with patient, eye, labels and part of the split, or the reason why it "
            "was rejected. Patients are named as in the catalog: look at them before you publish the file. The date "
            "is that of the newest fetch, so the same catalog gives the same bytes. Sources on this machine are not "
            "named.",
    .options = options,
    .size = sizeof(export_options),
    .table = true,
    .examples = examples,
    .exit_codes = exit_codes,
    .run = export_croissant,
};
