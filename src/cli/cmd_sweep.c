/* eyenet sweep. */
#include "training/sweep.h"

#include "cli/commands.h"
#include "cli/project.h"
#include "cli/sweep_file.h"
#include "cli/train.h"
#include "base/memory.h"
#include "render/show.h"

typedef struct sweep_options {
    bool skip_done, dry_run;
    int64_t threads;
    const char *time_limit;
} sweep_options;

static const sweep_options defaults = {0};

static en_status run_sweep(const en_cli *cli, const sweep_options *given, const en_sweep_file *file, en_error *err)
{
    en_sweep_options options = {.trial = file->trial,
                                .trials = file->plan.runs,
                                .method = file->method,
                                .metric = file->metric,
                                .epochs = file->epochs,
                                .first = file->first,
                                .eta = file->eta,
                                .skip_done = given->skip_done,
                                .dry_run = given->dry_run};
    en_cli with_threads = *cli;
    with_threads.threads = given->threads > 0 ? (unsigned)given->threads : cli->threads;
    en_error shown;
    en_sweep_result result = {0};
    en_project project;
    en_status st = en_cli_time_limit(given->time_limit, &options.time_limit, err);
    if (st == EN_OK) {
        st = en_cli_open(&with_threads, given->dry_run ? EN_LOOK : EN_CHANGE, &project, err);
    }
    if (st != EN_OK) {
        return st;
    }
    st = en_sweep(&project, &options, &result, err);
    en_project_close(&project);
    if (st == EN_OK || (st == EN_INTERRUPTED && result.count > 0)) {
        const en_status ended = en_show_sweep(cli->out, &options, &file->plan, &result, &shown);
        st = en_first_error(st, ended, &shown, err);
    }
    if (st == EN_OK && result.elsewhere > 0) {
        en_event_note(cli->events, "%lld runs are being trained by other processes", (long long)result.elsewhere);
    }
    en_sweep_clear(&result);
    return st;
}

static en_status sweep(const en_cli *cli, const en_call *call, en_error *err)
{
    en_sweep_file *file = en_calloc(1, sizeof *file);
    if (file == NULL) {
        return en_error_nomem(err, "a sweep");
    }
    en_status st = en_sweep_file_read(call->word[0], file, err);
    if (st == EN_OK) {
        st = run_sweep(cli, call->options, file, err);
    }
    en_sweep_file_clear(file);
    en_free(file);
    return st;
}

static const en_option options[] = {
    {.name = "skip-done",
     EN_FIELD(sweep_options, skip_done),
     .doc = "keep runs of these names that have ended, whatever they tried; without it, a run of such a name that "
            "tried something else is an error"},
    {.name = "dry-run", EN_FIELD(sweep_options, dry_run), .doc = "train nothing: list the runs, and how far each is"},
    {.name = "threads",
     EN_FIELD(sweep_options, threads),
     .arg = "N",
     .low = 1,
     .high = 1024,
     .doc = "number of threads of this process (default: EYENET_THREADS, or one per processor)"},
    {.name = "time-limit",
     EN_FIELD(sweep_options, time_limit),
     .arg = "TIME",
     .doc = "save and stop after so many seconds, or 90s, 30m, 12h; the same command goes on"},
    {.name = NULL},
};

static const en_example examples[] = {
    {"eyenet sweep sweep.toml", "sweep-1, sweep-2 and so on, and their ranking"},
    {"eyenet sweep sweep.toml --threads 4 & eyenet sweep sweep.toml --threads 4", "two processes share the runs"},
    {"eyenet sweep sweep.toml --dry-run", "what would be trained"},
    {"eyenet runs --where \"run LIKE 'sweep-%'\" --sort val_loss --params lr,batch", "the same runs in the list"},
    {NULL, NULL},
};

static const en_exit_code exit_codes[] = {
    {EN_INPUT, "a file that is not such TOML (its line is named), too many combinations, or a run of the name that "
               "tried something else"},
    {EN_INTERRUPTED, "Ctrl-C or SIGTERM: what was trained is saved, and the same command goes on"},
    {EN_OK, NULL},
};

const en_command en_cmd_sweep = {
    .name = "sweep",
    .group = EN_GROUP_MODELS,
    .args = "FILE",
    .summary = "train many runs that differ in their settings, and rank them",
    .text =
        "FILE is TOML, of the kind that 'train --config' reads. Its table [train] has the options of train; a list of "
        "values, or a range, is what varies:\n\n"
        "    method = \"random\"\n"
        "    runs = 30\n"
        "    metric = \"val_auc\"\n\n"
        "    [train]\n"
        "    subset = \"small\"\n"
        "    epochs = 20\n"
        "    lr = {log = [1e-5, 1e-2]}\n"
        "    clip = {uniform = [0.5, 2]}\n"
        "    batch = [8, 16, 32]\n"
        "    optimiser = [\"adam\", \"sgd momentum 0.9\"]\n\n"
        "method is grid (the default: all combinations), random or halving; the last two draw as many different runs "
        "as runs says, by seed (default: 1). metric is val_loss (the default), val_weighted_loss, val_accuracy or "
        "val_auc. A range is uniform, or uniform in the logarithm; in a grid it needs steps, as in {log = [1e-5, "
        "1e-2], steps = 4}. name is the first part of the names of the runs; without it, that is the name of the "
        "file.\n\n"
        "Before the first run begins the file is checked, and every text in a list is tried once: a network that "
        "cannot be read or a target that is not SQL is an error then. A sweep has 10,000 combinations at most. The "
        "runs are NAME-1, NAME-2 and so on; each records its settings and, in the setting sweep, the values that it "
        "tried. Several processes started with the same file share the runs: each run is begun by one process, and a "
        "run whose process was killed is taken up by another. The same command again keeps what has ended and goes on "
        "with the rest.\n\n"
        "Halving is successive halving (Jamieson and Talwalkar 2016): all runs are trained for a few epochs (first; "
        "default: a ninth of epochs) and paused; the best 1/eta of them (default: eta = 3) go on to eta times as many, "
        "and so on up to all epochs. A paused run is resumed, not trained again, and its schedule is that of all "
        "epochs from the beginning: its weights are those of an uninterrupted training. Dropped runs stay interrupted: "
        "'train --resume' would finish them. Processes wait for each other between the rungs.\n\n"
        "The table ranks the runs by the metric on the validation photographs, at the epoch whose weights are kept. "
        "The best of many runs is better there than on other photographs by selection alone: evaluate that run once on "
        "the part test to know how good it is.",
    .options = options,
    .defaults = &defaults,
    .size = sizeof(sweep_options),
    .table = true,
    .examples = examples,
    .exit_codes = exit_codes,
    .run = sweep,
};
