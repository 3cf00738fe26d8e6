/* What a bundle is made of. */
#include "bundle/form.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "db/statements.h"

static const char *const name_of[EN_BUNDLE_KINDS] = {[EN_BUNDLE_PHOTOGRAPHS] = "photographs.jsonl",
                                                     [EN_BUNDLE_SUBSETS] = "subsets.jsonl",
                                                     [EN_BUNDLE_RUN] = "run.json",
                                                     [EN_BUNDLE_NETWORK] = "network.txt",
                                                     [EN_BUNDLE_PARAMS] = "params.jsonl",
                                                     [EN_BUNDLE_METRICS] = "metrics.jsonl",
                                                     [EN_BUNDLE_STEPS] = "steps.jsonl",
                                                     [EN_BUNDLE_EVALUATIONS] = "evaluations.jsonl",
                                                     [EN_BUNDLE_WEIGHTS] = "model.safetensors"};

#define PICTURES "photographs/"
enum { PICTURE_DIGITS = 7 };

static bool is_of_run(en_bundle_kind kind) { return kind >= EN_BUNDLE_RUN && kind < EN_BUNDLE_PICTURE; }

const char *en_bundle_picture_format(const char *format)
{
    static const char *const formats[] = {"jpeg", "png", "tiff", "webp", "bmp", "dicom"};
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        if (strcmp(format, formats[i]) == 0) {
            return formats[i];
        }
    }
    return NULL;
}

void en_bundle_path(const en_bundle_member *member, char path[EN_BUNDLE_PATH])
{
    if (member->kind == EN_BUNDLE_PICTURE) {
        (void)snprintf(path, EN_BUNDLE_PATH, PICTURES "%0*zu.%s", PICTURE_DIGITS, member->picture, member->format);
    } else if (is_of_run(member->kind)) {
        (void)snprintf(path, EN_BUNDLE_PATH, "run-%zu/%s", member->run + 1, name_of[member->kind]);
    } else {
        (void)snprintf(path, EN_BUNDLE_PATH, "%s", name_of[member->kind]);
    }
}

/* Behind "photographs/". */
static bool parse_picture(const char *name, en_bundle_member *member)
{
    char digits[PICTURE_DIGITS + 1];
    int64_t number;
    if (strspn(name, "0123456789") != PICTURE_DIGITS || name[PICTURE_DIGITS] != '.') {
        return false;
    }
    memcpy(digits, name, PICTURE_DIGITS);
    digits[PICTURE_DIGITS] = '\0';
    member->kind = EN_BUNDLE_PICTURE;
    member->format = en_bundle_picture_format(name + PICTURE_DIGITS + 1);
    const bool is = en_parse_int(digits, &number) && number < EN_BUNDLE_PHOTOGRAPHS_MAX;
    member->picture = is ? (size_t)number : 0;
    return is && member->format != NULL;
}

bool en_bundle_path_parse(const char *path, en_bundle_member *member)
{
    int64_t number = 0;
    if (en_starts_with(path, PICTURES)) {
        return parse_picture(path + strlen(PICTURES), member);
    }
    const char *slash = strchr(path, '/'), *name = slash != NULL ? slash + 1 : path;
    if (slash != NULL) {
        char digits[8];
        const size_t length = en_starts_with(path, "run-") ? (size_t)(slash - path) - 4 : 0;
        if (length == 0 || length >= sizeof digits || path[4] < '1' || path[4] > '9') {
            return false;
        }
        memcpy(digits, path + 4, length);
        digits[length] = '\0';
        if (!en_parse_int(digits, &number) || number < 1 || number > EN_BUNDLE_RUNS_MAX) {
            return false;
        }
    }
    for (en_bundle_kind kind = 0; kind < EN_BUNDLE_PICTURE; kind++) {
        if (is_of_run(kind) == (slash != NULL) && strcmp(name, name_of[kind]) == 0) {
            member->kind = kind;
            member->run = slash != NULL ? (size_t)number - 1 : 0;
            return true;
        }
    }
    return false;
}

bool en_bundle_is_after(const en_bundle_member *a, const en_bundle_member *b)
{
    if (b->kind == EN_BUNDLE_PICTURE) {
        return is_of_run(a->kind) || (a->kind == EN_BUNDLE_PICTURE && b->picture > a->picture);
    }
    if (!is_of_run(a->kind)) {
        return b->kind == a->kind + 1 && b->run == 0;
    }
    return b->run == a->run ? b->kind > a->kind : b->kind == EN_BUNDLE_RUN && b->run == a->run + 1;
}

#define TEXT(name, optional, rule)                                                                                     \
    {                                                                                                                  \
        name, EN_BUNDLE_TEXT, optional, rule                                                                           \
    }
#define INT(name, optional, rule)                                                                                      \
    {                                                                                                                  \
        name, EN_BUNDLE_INT, optional, rule                                                                            \
    }
#define REAL(name)                                                                                                     \
    {                                                                                                                  \
        name, EN_BUNDLE_REAL, true, EN_RULE_NONE                                                                       \
    }
#define COUNT EN_RULE_COUNT

const en_bundle_field en_bundle_run_fields[EN_BUNDLE_RUN_FIELDS] = {
    /* EN_BUNDLE_RUN_BEGIN of them, which the row begins with */
    TEXT("uuid", false, EN_RULE_TEXT),
    TEXT("origin", false, EN_RULE_TEXT),
    TEXT("target", false, EN_RULE_TEXT),
    TEXT("classes", false, EN_RULE_TEXT),
    INT("seed", false, EN_RULE_NONE),
    INT("attempt", false, COUNT),
    TEXT("host", true, EN_RULE_TEXT),
    TEXT("cpu", true, EN_RULE_TEXT),
    TEXT("isa", true, EN_RULE_TEXT),
    INT("threads", true, COUNT),
    TEXT("program_version", true, EN_RULE_TEXT),
    TEXT("program_commit", true, EN_RULE_TEXT),
    TEXT("command_line", true, EN_RULE_TEXT),
    TEXT("created_at", false, EN_RULE_NAME),
    /* EN_BUNDLE_RUN_END of them, which are set when all its rows are there */
    TEXT("state", false, EN_RULE_TEXT),
    INT("epochs", true, EN_RULE_EPOCH),
    INT("best_epoch", true, EN_RULE_EPOCH),
    REAL("seconds"),
    TEXT("started_at", true, EN_RULE_NAME),
    TEXT("ended_at", true, EN_RULE_NAME),
    /* rows of other tables */
    TEXT("model", true, EN_RULE_TEXT),
    TEXT("recipe", true, EN_RULE_TEXT),
    INT("weights_attempt", true, COUNT),
    INT("weights_epoch", true, EN_RULE_EPOCH),
    INT("weights_step", true, COUNT),
    TEXT("weights_sha256", true, EN_RULE_HASH),
    TEXT("weights_file_sha256", true, EN_RULE_HASH),
};
const en_bundle_field en_bundle_photograph_fields[6] = {
    TEXT("name", false, EN_RULE_TEXT), TEXT("dataset", true, EN_RULE_TEXT),      TEXT("patient", false, EN_RULE_TEXT),
    TEXT("eye", true, EN_RULE_TEXT),   TEXT("patient_from", true, EN_RULE_TEXT), TEXT("sha256", true, EN_RULE_HASH),
};
const en_bundle_field en_bundle_subset_fields[5] = {
    TEXT("name", false, EN_RULE_NAME), TEXT("sql", false, EN_RULE_TEXT), TEXT("split", true, EN_RULE_NAME),
    TEXT("part", true, EN_RULE_TEXT),  INT("members", false, COUNT),
};
const en_bundle_field en_bundle_member_fields[4] = {
    INT("photograph", false, COUNT),
    INT("mirror", false, COUNT),
    INT("rotation", false, COUNT),
    TEXT("part", true, EN_RULE_TEXT),
};
const en_bundle_field en_bundle_evaluation_fields[6] = {
    INT("subset", false, COUNT),
    INT("seed", false, EN_RULE_NONE),
    TEXT("weights_sha256", false, EN_RULE_HASH),
    TEXT("created_at", false, EN_RULE_NAME),
    TEXT("file", true, EN_RULE_TEXT),
    INT("answers_only", true, COUNT),
};
const en_bundle_field en_bundle_prediction_fields[6] = {
    INT("photograph", false, COUNT), INT("mirror", false, COUNT),
    INT("rotation", false, COUNT),   INT("truth", true, COUNT),
    INT("predicted", false, COUNT),  {"probabilities", EN_BUNDLE_ANOTHER, false, EN_RULE_NONE},
};

static const en_bundle_field param_fields[] = {TEXT("name", false, EN_RULE_TEXT), TEXT("value", false, EN_RULE_TEXT)};
static const en_bundle_field metric_fields[] = {
    TEXT("part", false, EN_RULE_TEXT), TEXT("name", false, EN_RULE_TEXT), INT("attempt", false, COUNT),
    INT("step", false, COUNT),         INT("epoch", false, COUNT),        REAL("value"),
};
static const en_bundle_field step_fields[] = {
    INT("step", false, COUNT),   INT("epoch", false, COUNT),
    INT("images", false, COUNT), REAL("loss"),
    REAL("learning_rate"),       REAL("seconds"),
};

const en_bundle_table *en_bundle_table_of(en_bundle_kind kind)
{
    static const en_bundle_table params = {EN_SQL_BUNDLE_PARAMS, EN_SQL_RUN_PARAM_PUT, EN_BUNDLE_FIELDS(param_fields)},
                                 metrics = {EN_SQL_BUNDLE_METRICS, EN_SQL_METRIC_PUT, EN_BUNDLE_FIELDS(metric_fields)},
                                 steps = {EN_SQL_BUNDLE_STEPS, EN_SQL_STEP_PUT, EN_BUNDLE_FIELDS(step_fields)};
    return kind == EN_BUNDLE_PARAMS ? &params : kind == EN_BUNDLE_METRICS ? &metrics : &steps;
}
