/* eyenet split import. */
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "cli/commands.h"
#include "cli/project.h"
#include "dataset/given.h"
#include "intake/parts.h"
#include "render/show.h"

typedef struct import_options {
    const char *name, *column, *map, *sql, *image_column, *dataset, *folder, *encoding;
    bool no_header, skip_unknown, keep_together;
} import_options;

static const import_options defaults = {.column = NULL};

/* What the split is called, and how it was made. */
typedef struct described {
    char *name, *rule;
} described;

static void quote(char **rule, const char *option, const char *value)
{
    if (value != NULL && *rule != NULL) {
        char *longer = en_format("%s --%s '%s'", *rule, option, value);
        en_free(*rule);
        *rule = longer;
    }
}

static en_status describe(const import_options *given, const char *file, described *out, en_error *err)
{
    const char *base = file != NULL ? en_path_base(file) : "";
    out->name = given->name != NULL ? en_strdup(given->name) : en_strndup(base, strcspn(base, "."));
    out->rule = file != NULL ? en_format("'%s'", base) : en_strdup("");
    quote(&out->rule, "column", given->column);
    quote(&out->rule, "sql", given->sql);
    quote(&out->rule, "map", given->map);
    if (given->keep_together && out->rule != NULL) {
        char *longer = en_format("%s --keep-together", out->rule);
        en_free(out->rule);
        out->rule = longer;
    }
    return out->name != NULL && out->rule != NULL ? EN_OK : en_error_nomem(err, "a split");
}

static en_status import(const en_cli *cli, const import_options *given, const char *file, const described *d,
                        en_error *err)
{
    const en_parts_options read = {.file = file,
                                   .encoding = given->encoding,
                                   .part_column = given->column,
                                   .image_column = given->image_column,
                                   .map = given->map,
                                   .dataset = given->dataset,
                                   .folder = given->folder,
                                   .no_header = given->no_header,
                                   .skip_unknown = given->skip_unknown};
    en_given_parts parts = {0};
    const en_given_options options = {.name = d->name,
                                      .rule = d->rule,
                                      .parts = file != NULL ? &parts : NULL,
                                      .sql = given->sql,
                                      .map = given->map,
                                      .keep_together = given->keep_together};
    en_given_result result;
    en_project project;
    int64_t skipped = 0;
    en_status st = en_cli_open(cli, EN_CHANGE, &project, err);
    if (st != EN_OK) {
        return st;
    }
    st = file != NULL ? en_parts_read(&project, &read, &parts, &skipped, err) : EN_OK;
    if (st == EN_OK) {
        st = en_split_given(&project, &options, &result, err);
    }
    en_free(parts.row);
    en_project_close(&project);
    return st == EN_OK ? en_show_given(cli->out, d->name, &result, skipped, err) : st;
}

static en_status split_import(const en_cli *cli, const en_call *call, en_error *err)
{
    const import_options *given = call->options;
    const char *file = call->words > 0 ? call->word[0] : NULL;
    described d = {0};
    if ((file == NULL) == (given->sql == NULL)) {
        return en_error_set(err, EN_USAGE, "the parts come from a file or from --sql");
    }
    if (file != NULL && given->column == NULL) {
        return en_error_set(err, EN_USAGE, "name the column of '%s' that tells the part with --column", file);
    }
    if (file == NULL && given->name == NULL) {
        return en_error_set(err, EN_USAGE, "name the split with --name");
    }
    en_status st = describe(given, file, &d, err);
    if (st == EN_OK) {
        st = import(cli, given, file, &d, err);
    }
    en_free(d.name);
    en_free(d.rule);
    return st;
}

static const en_option options[] = {
    {.name = "name",
     EN_FIELD(import_options, name),
     .arg = "NAME",
     .doc = "of the split; without it, that of the file without its extension"},
    {.name = "column",
     EN_FIELD(import_options, column),
     .arg = "NAME",
     .excludes = "sql",
     .doc = "the column of the file that tells the part, by name or number"},
    {.name = "sql",
     EN_FIELD(import_options, sql),
     .arg = "SQL",
     .doc = "what tells the part of an image instead of a file: a column of the view images, such as dataset, or an "
            "expression over them"},
    {.name = "map",
     EN_FIELD(import_options, map),
     .arg = "PAIRS",
     .doc = "what other words than train, val and test mean, as in Public=val,Private=test"},
    {.name = "keep-together",
     EN_FIELD(import_options, keep_together),
     .doc = "put a patient whose images are given to several parts into the part of most of them, of equals into the "
            "first of train, val and test"},
    {.name = "image-column",
     EN_FIELD(import_options, image_column),
     .arg = "NAME",
     .needs = "column",
     .doc = "the column with the image's name or path, by name or number; without it, as for label import"},
    {.name = "dataset",
     EN_FIELD(import_options, dataset),
     .arg = "NAME",
     .needs = "column",
     .doc = "the dataset that the images are of (default: any, when only one has the name)"},
    {.name = "folder",
     EN_FIELD(import_options, folder),
     .arg = "NAME",
     .needs = "column",
     .doc = "only images in this folder of their dataset"},
    {.name = "skip-unknown",
     EN_FIELD(import_options, skip_unknown),
     .needs = "column",
     .doc = "skip images of the file that are not in the catalog"},
    {.name = "no-header", EN_FIELD(import_options, no_header), .needs = "column", .doc = "the first line is an image"},
    {.name = "encoding",
     EN_FIELD(import_options, encoding),
     .arg = "NAME",
     .needs = "column",
     .doc = "of the file (default: recognised)"},
    {.name = NULL},
};

static const en_example examples[] = {
    {"eyenet split import retinopathy_solution.csv --column Usage --map Public=val,Private=test", NULL},
    {"eyenet split import --sql dataset --map eyepacs=train,messidor2=test --name external",
     "train on one dataset, test on another"},
    {"eyenet split import --sql \"CASE WHEN path LIKE '%/Testing Set/%' THEN 'test' ELSE 'train' END\" --name given",
     "by folders"},
    {NULL, NULL},
};

static const en_exit_code exit_codes[] = {
    {EN_INPUT, "the name is taken, a word that is not a part, an image that is not known or may be several, an image "
               "in two parts, or a patient in several without --keep-together: nothing is written"},
    {EN_OK, NULL},
};

const en_command en_cmd_split_import = {
    .name = "split import",
    .group = EN_GROUP_SAMPLES,
    .args = "[FILE]",
    .summary = "make a split whose parts a file or a query gives",
    .text =
        "The parts are given image by image and become those of whole patients. Where images of a patient are given "
        "to several parts, the split is refused, or --keep-together decides. An image without a part comes into "
        "that of its patient's other images, or is in none, as all patients are that the file does not mention.",
    .options = options,
    .defaults = &defaults,
    .size = sizeof(import_options),
    .table = true,
    .examples = examples,
    .exit_codes = exit_codes,
    .run = split_import,
};
