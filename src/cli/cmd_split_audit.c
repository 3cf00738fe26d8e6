/* eyenet split audit. */
#include "cli/commands.h"
#include "intake/audit.h"
#include "render/show.h"

typedef struct audit_options {
    const char *column, *image_column, *patient_column, *names, *encoding;
    double random;
    int64_t seed;
    bool no_header, folders;
} audit_options;

static const audit_options defaults = {.seed = 1};

static en_status audit(const en_cli *cli, const en_call *call, en_error *err)
{
    const audit_options *given = call->options;
    const en_audit_options options = {
        .file = call->word,
        .files = call->words,
        .encoding = given->encoding,
        .part_column = given->column,
        .image_column = given->image_column,
        .patient_column = given->patient_column,
        .names = given->names,
        .no_header = given->no_header,
        .folders = given->folders,
        .random = given->random,
        .seed = (uint64_t)given->seed,
    };
    if (call->words > 1 && (given->column != NULL || given->random > 0)) {
        return en_error_set(err, EN_USAGE, "each of several files is a part: --column and --random are for one file");
    }
    en_audit_result result;
    en_error shown;
    en_status st = en_audit(&options, &result, err);
    if (st == EN_OK || st == EN_FAILED) {
        st = en_first_error(st, en_show_audit(cli->out, &result, &shown), &shown, err);
    }
    en_audit_clear(&result);
    return st;
}

static const en_option options[] = {
    {.name = "column",
     EN_FIELD(audit_options, column),
     .arg = "NAME",
     .excludes = "random",
     .doc = "the column that names the part, by name or number; without it, Usage, part, split, set, fold, partition "
            "or subset"},
    {.name = "random",
     EN_FIELD(audit_options, random),
     .arg = "F",
     .low = 0.001,
     .high = 0.999,
     .doc = "put this fraction of the rows into test at random and the others into train, as a script does that knows "
            "nothing of patients"},
    {.name = "seed",
     EN_FIELD(audit_options, seed),
     .arg = "N",
     .low = 0,
     .high = 9007199254740992.0,
     .needs = "random",
     .doc = "the same rows and seed give the same parts"},
    {.name = "image-column",
     EN_FIELD(audit_options, image_column),
     .arg = "NAME",
     .doc = "the column with the image's name or path, by name or number; without it, as for label import"},
    {.name = "patient-column",
     EN_FIELD(audit_options, patient_column),
     .arg = "NAME",
     .doc = "the column that names the patient, by name or number"},
    {.name = "names",
     EN_FIELD(audit_options, names),
     .arg = "PATTERN",
     .doc = "what names tell of the patient, as for 'eyenet patients'; without it, it is recognised"},
    {.name = "folders",
     EN_FIELD(audit_options, folders),
     .doc = "photographs of the same name in different folders are different ones"},
    {.name = "no-header", EN_FIELD(audit_options, no_header), .doc = "the first line is an image"},
    {.name = "encoding", EN_FIELD(audit_options, encoding), .arg = "NAME", .doc = "of the files (default: recognised)"},
    {.name = NULL},
};

static const en_example examples[] = {
    {"eyenet split audit labels.csv --column split", "the parts that a column names"},
    {"eyenet split audit train.csv val.csv test.csv", "a file for each part"},
    {"eyenet split audit labels.csv --random 0.2 --seed 42", "what a random split of the rows would do"},
    {NULL, NULL},
};

static const en_exit_code exit_codes[] = {
    {EN_OK, "no photograph and no patient is in two parts"},
    {EN_FAILED, "a photograph or a patient is in two parts"},
    {EN_INPUT, "a file that cannot be read, or with one part only"},
    {EN_OK, NULL},
};

const en_command en_cmd_split_audit = {
    .name = "split audit",
    .group = EN_GROUP_SAMPLES,
    .args = "FILE...",
    .summary = "count how much the parts of anyone's split have in common",
    .text = "For each part and each part before it: the rows, those of which a row of the other part shows the same "
            "photograph, and those of which it shows the same patient. A test on such rows measures how well a model "
            "remembers. The files are label files; no project is needed.\n\n"
            "Variants of a photograph are told by the ends of their names: _mir, _flip, _rot90, _aug3 and the like, "
            "and _90 where the name without it is there, too. Patients are recognised in names such as 12_left, or "
            "given by a column or a pattern; where they are not known, the last line says of how many rows.",
    .options = options,
    .defaults = &defaults,
    .size = sizeof(audit_options),
    .table = true,
    .examples = examples,
    .exit_codes = exit_codes,
    .run = audit,
};
