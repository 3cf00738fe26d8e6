/* eyenet ingest. */
#include "intake/watch.h"

#include <inttypes.h>

#include "cli/commands.h"
#include "cli/project.h"
#include "render/show.h"

typedef struct ingest_options {
    const char *recipe, *names, *watch, *dataset, *encoding;
    int64_t workers;
    double every;
    bool once, no_follow;
} ingest_options;

static const ingest_options defaults = {.recipe = EN_DEFAULT_RECIPE, .workers = 0, .every = EN_WATCH_EVERY};

static en_status open_project(void *ctx, en_project *project, en_error *err)
{
    return en_cli_open(ctx, EN_CHANGE, project, err);
}

static en_status watch(en_cli *cli, const ingest_options *given, const en_ingest_options *ingest,
                       en_ingest_result *result, en_error *err)
{
    const en_watch_options options = {.folder = given->watch,
                                      .dataset = given->dataset,
                                      .encoding = given->encoding,
                                      .no_follow = given->no_follow,
                                      .every = given->every,
                                      .once = given->once,
                                      .ingest = *ingest,
                                      .open = open_project,
                                      .ctx = cli,
                                      .events = cli->events};
    return en_watch(&options, result, err);
}

static en_status ingest_fetched(const en_cli *cli, const en_ingest_options *options, en_ingest_result *result,
                                en_error *err)
{
    en_project project;
    *result = (en_ingest_result){0};
    en_status st = en_cli_open(cli, EN_CHANGE, &project, err);
    if (st == EN_OK) {
        st = en_ingest(&project, options, result, err);
        en_project_close(&project);
    }
    return st;
}

static en_status ingest(const en_cli *cli, const en_call *call, en_error *err)
{
    const ingest_options *given = call->options;
    const en_ingest_options options = {.recipe = given->recipe, .names = given->names};
    en_cli with_workers = *cli;
    with_workers.threads = given->workers > 0 ? (unsigned)given->workers : cli->threads;
    en_ingest_result result;
    en_status st = given->watch != NULL ? watch(&with_workers, given, &options, &result, err)
                                        : ingest_fetched(&with_workers, &options, &result, err);
    const bool any = result.recipe[0] != '\0'; /* else watching was stopped before the first batch */
    if (any &&
        (st == EN_OK || result.left > 0 || given->watch != NULL)) { /* what was ingested is shown before what was not */
        en_error shown;
        en_status ended = en_show_ingest(cli->out, &result, &shown);
        st = en_first_error(st, ended, &shown, err);
    }
    return st;
}

static const en_option options[] = {
    {.name = "recipe",
     .letter = 'r',
     EN_FIELD(ingest_options, recipe),
     .arg = "TEXT",
     .doc = "how a photograph becomes a sample"},
    {.name = "names",
     EN_FIELD(ingest_options, names),
     .arg = "PATTERN",
     .doc = "what names tell: {patient}, {eye} and * for anything, as in '{patient}_{eye}'; or eyepacs, deepdrid, ddr, "
            "aptos, idrid, rfmid (default: patients and eyes are recognised)"},
    {.name = "workers",
     .letter = 'w',
     EN_FIELD(ingest_options, workers),
     .arg = "N",
     .low = 1,
     .high = 1024,
     .doc = "number of decoding threads (default: EYENET_THREADS, or one per processor)"},
    {.name = "watch",
     EN_FIELD(ingest_options, watch),
     .arg = "FOLDER",
     .doc = "fetch and ingest what comes into the folder, until Ctrl-C"},
    {.name = "every",
     EN_FIELD(ingest_options, every),
     .arg = "SECONDS",
     .low = 0.01,
     .high = 86400,
     .needs = "watch",
     .doc = "the time between two looks into it: longer than a transfer pauses"},
    {.name = "once",
     EN_FIELD(ingest_options, once),
     .needs = "watch",
     .doc = "end after what is there now: for a timer, and to try it"},
    {.name = "dataset",
     EN_FIELD(ingest_options, dataset),
     .arg = "NAME",
     .needs = "watch",
     .doc = "the collection that its photographs belong to (default: the folder's name)"},
    {.name = "encoding",
     EN_FIELD(ingest_options, encoding),
     .arg = "NAME",
     .needs = "watch",
     .doc = "of names in it that are not UTF-8, as in fetch (default: recognised)"},
    {.name = "no-follow",
     EN_FIELD(ingest_options, no_follow),
     .needs = "watch",
     .doc = "leave out symbolic links to files in it"},
    {.name = NULL},
};

static const en_example examples[] = {
    {"eyenet ingest", "with the recipe '" EN_DEFAULT_RECIPE "'"},
    {"eyenet ingest --recipe 'crop=retina size=512 normalise=graham'",
     "without the light and colour of the camera, as the winner of 2015 did"},
    {"eyenet ingest --recipe 'crop=centre:1800 size=512'",
     "the middle 1800 pixels, made 512 wide; rejected ones stay rejected"},
    {"eyenet ingest --watch /srv/inbox --dataset clinic", "what a clinic's cameras export, as it comes"},
    {"eyenet sql 'SELECT reason, count(*) FROM rejects GROUP BY reason'", "why photographs were rejected"},
    {NULL, NULL},
};

static const en_exit_code exit_codes[] = {
    {EN_INPUT, "photographs that are missing; the others are ingested all the same; or there is no folder to watch"},
    {EN_OK, NULL},
};

const en_command en_cmd_ingest = {
    .name = "ingest",
    .group = EN_GROUP_PHOTOGRAPHS,
    .args = "",
    .summary = "decode, judge and crop every fetched photograph",
    .text =
        "Each photograph is decoded, turned upright as its EXIF says, measured, and accepted, or rejected with a "
        "reason: no image, truncated, damaged, too large, too small, unsupported, black, uniform, duplicate, name "
        "taken. "
        "Accepted ones become samples by the recipe, kept as "
        "pixels in samples/.\n\n"
        "Patient and eye are recognised in names such as 12_left, 12-OD, OS.12 or 12/R, and the last line of the "
        "output says for how many; 'eyenet patients' gives those that names do not tell. In a dataset a name means "
        "one photograph: where folders have the same names, they become part of them.\n\n"
        "A recipe is crop=retina (the lit disc), crop=centre:N (the middle N pixels) or crop=none, and size=N (the "
        "width and height of a sample, in pixels). It may add normalise=graham, which takes away the local mean "
        "of each colour, or normalise=clahe, which equalises brightness locally; cameras then differ less. With "
        "another recipe, photographs already judged get more samples. An interrupted ingest resumes when it is "
        "repeated.\n\n"
        "With --watch, a folder such as a clinic's inbox is looked into every few seconds, with the folders in it. A "
        "file is taken when its length and time are those of the look before, so one that is still being written "
        "waits; names such as x.jpg.part are left until they are changed, and archives to fetch. What is here with its "
        "length is not read again: after a restart only what is new is taken. Between batches the project is closed, "
        "and other commands can write to it. What goes wrong is a warning, and tried again. Ctrl-C ends it and shows "
        "what came of all batches, with exit code 0 unless a batch was interrupted.",
    .options = options,
    .defaults = &defaults,
    .size = sizeof(ingest_options),
    .table = true,
    .examples = examples,
    .exit_codes = exit_codes,
    .run = ingest,
};
