/* eyenet import mlflow and import trackio. */
#include <string.h>

#include "cli/commands.h"
#include "cli/project.h"
#include "render/show.h"

typedef struct import_options {
    const char *experiment, *run, *steps;
} import_options;

static const import_options defaults = {.steps = "epochs"};
static const char *const steps[] = {"epochs", "steps", NULL};

static en_status import(const en_cli *cli, const en_call *call, en_track_kind kind, en_error *err)
{
    const import_options *given = call->options;
    const en_track_options options = {.kind = kind,
                                      .path = call->word[0],
                                      .experiment = given->experiment,
                                      .run = given->run,
                                      .optimiser_steps = strcmp(given->steps, "steps") == 0};
    en_track_result result;
    en_project project;
    en_status st = en_cli_open(cli, EN_CHANGE, &project, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_track_import(&project, &options, &result, err);
    en_project_close(&project);
    return st == EN_OK ? en_show_track(cli->out, &result, err) : st;
}

static en_status import_mlflow(const en_cli *cli, const en_call *call, en_error *err)
{
    return import(cli, call, EN_TRACK_MLFLOW, err);
}
static en_status import_trackio(const en_cli *cli, const en_call *call, en_error *err)
{
    return import(cli, call, EN_TRACK_TRACKIO, err);
}

#define RUN                                                                                                            \
    {                                                                                                                  \
        .name = "run", EN_FIELD(import_options, run), .arg = "NAME", .doc = "only runs of this name, or of this id"    \
    }
#define STEPS                                                                                                          \
    {                                                                                                                  \
        .name = "steps", EN_FIELD(import_options, steps), .arg = "WHAT", .choices = steps,                             \
        .doc = "what the steps of metrics are: epochs, by which curves are drawn, or steps of the optimiser"           \
    }

static const en_option mlflow_options[] = {
    {.name = "experiment",
     .letter = 'e',
     EN_FIELD(import_options, experiment),
     .arg = "NAME",
     .doc = "only runs of this experiment; without it, of all"},
    RUN,
    STEPS,
    {.name = NULL},
};
static const en_option trackio_options[] = {RUN, STEPS, {.name = NULL}};

static const en_example mlflow_examples[] = {
    {"eyenet import mlflow mlflow.db", "all that are not here yet"},
    {"eyenet import mlflow mlruns --experiment retina --run resnet50", NULL},
    {"eyenet runs --tag experiment=retina", NULL},
    {NULL, NULL},
};
static const en_example trackio_examples[] = {
    {"eyenet import trackio ~/.cache/huggingface/trackio/retina.db", NULL},
    {NULL, NULL},
};

static const en_exit_code exit_codes[] = {
    {EN_INPUT, "not such a store, no such experiment or run, or a run that cannot be read, which is named: the runs "
               "before it are kept"},
    {EN_OK, NULL},
};

#define REST                                                                                                           \
    "\n\nA name that a run cannot have here is made valid, one that is taken gets the first digits of its id; the "    \
    "note "                                                                                                            \
    "has the name and id that it has there. A run that was imported before is skipped, also when it is in the trash "  \
    "or has grown since: each is imported once. Each is imported as a whole or not at all.\n\n"                        \
    "Metrics are of the part that their name says, as in 'run log': val_loss, val/loss, loss/val. Of several values "  \
    "at "                                                                                                              \
    "one step the last is kept; a value that is not a finite number is kept as no number. Then 'run import' reads "    \
    "the "                                                                                                             \
    "predictions of such a run."

const en_command en_cmd_import_mlflow = {
    .name = "import mlflow",
    .group = EN_GROUP_MODELS,
    .args = "PATH",
    .summary = "read the runs of an MLflow store",
    .text =
        "PATH is MLflow's SQLite file (mlflow.db) or its folder (mlruns), as they are on the disk; no server is asked. "
        "Runs come with parameters as settings, metrics, tags as key=value, state, and when they began and ended; runs "
        "that were deleted there do not, nor do artifacts and models. Tags that begin with mlflow. are left out, but "
        "mlflow.note.content, which begins the note; one that is too long for a tag, or has a comma, is a line of the "
        "note. A run that 'export mlflow' sent from this project is skipped. A folder whose meta.yaml cannot be "
        "read is named and passed over. The store is only read." REST,
    .options = mlflow_options,
    .defaults = &defaults,
    .size = sizeof(import_options),
    .table = true,
    .examples = mlflow_examples,
    .exit_codes = exit_codes,
    .run = import_mlflow,
};

const en_command en_cmd_import_trackio = {
    .name = "import trackio",
    .group = EN_GROUP_MODELS,
    .args = "PROJECT.db",
    .summary = "read the runs of a Trackio project",
    .text =
        "The SQLite file of one project, which Trackio keeps in ~/.cache/huggingface/trackio. Runs come with their "
        "configuration as settings and their metrics; the metric epoch says the epoch of its row. They count as "
        "finished, since Trackio does not say, and their time is that of their first and last row. Tables, images and "
        "texts among the metrics are left out and counted. The file is only read." REST,
    .options = trackio_options,
    .defaults = &defaults,
    .size = sizeof(import_options),
    .table = true,
    .examples = trackio_examples,
    .exit_codes = exit_codes,
    .run = import_trackio,
};
