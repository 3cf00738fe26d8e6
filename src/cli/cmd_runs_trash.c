/* eyenet runs rm, restore and gc. */
#include "project/run_trash.h"

#include "cli/commands.h"
#include "cli/project.h"
#include "render/show.h"

typedef struct trash_options {
    const char *name;
    bool dry_run;
} trash_options;

static const trash_options defaults = {0};

typedef enum trash_verb { REMOVE, RESTORE, DELETE } trash_verb;

static en_status handle(const en_cli *cli, const en_call *call, trash_verb verb, en_error *err)
{
    const trash_options *given = call->options;
    en_runs_gone gone = {0};
    en_project project;
    en_error shown;
    en_status st = en_cli_open(cli, verb == DELETE && given->dry_run ? EN_LOOK : EN_CHANGE, &project, err);
    if (st != EN_OK) {
        return st;
    }
    switch (verb) {
    case REMOVE: st = en_runs_remove(&project, call->word, call->words, &gone, err); break;
    case RESTORE: st = en_run_restore(&project, call->word[0], given->name, &gone, err); break;
    case DELETE: st = en_runs_delete(&project, call->word, call->words, given->dry_run, &gone, err); break;
    }
    en_project_close(&project);
    if (st == EN_OK || verb == DELETE) { /* what was deleted before an error is said, too */
        en_status ended = en_show_runs_gone(cli->out, &gone, &shown);
        st = en_first_error(st, ended, &shown, err);
    }
    en_runs_gone_clear(&gone);
    return st;
}

static en_status remove_runs(const en_cli *cli, const en_call *call, en_error *err)
{
    return handle(cli, call, REMOVE, err);
}
static en_status restore(const en_cli *cli, const en_call *call, en_error *err)
{
    return handle(cli, call, RESTORE, err);
}
static en_status gc(const en_cli *cli, const en_call *call, en_error *err) { return handle(cli, call, DELETE, err); }

static const en_example remove_examples[] = {
    {"eyenet runs rm retina-1 retina-2", NULL},
    {"eyenet runs restore retina-1", "bring it back"},
    {NULL, NULL},
};
static const en_exit_code remove_codes[] = {
    {EN_INPUT, "no such run; then none is removed"},
    {EN_IO, "a run is being trained, or the catalog is locked by another program: try again"},
    {EN_OK, NULL},
};
const en_command en_cmd_runs_rm = {
    .name = "runs rm",
    .group = EN_GROUP_MODELS,
    .args = "RUN...",
    .summary = "move runs to the trash",
    .text = "Their rows and files stay until 'eyenet runs gc', but no list and no view shows them, and their names are "
            "free. What is in the trash, 'eyenet runs gc --dry-run' and the view removed_runs show.",
    .table = true,
    .examples = remove_examples,
    .exit_codes = remove_codes,
    .run = remove_runs,
};

static const en_option restore_options[] = {
    {.name = "name",
     .letter = 'n',
     EN_FIELD(trash_options, name),
     .arg = "NAME",
     .doc = "what to call it; without it, as before"},
    {.name = NULL},
};
static const en_example restore_examples[] = {
    {"eyenet runs restore first", NULL},
    {"eyenet runs restore first --name first-again", "where another run has the name by now"},
    {NULL, NULL},
};
static const en_exit_code restore_codes[] = {
    {EN_INPUT, "no such run in the trash, several of that name, or the name is taken"},
    {EN_OK, NULL},
};
const en_command en_cmd_runs_restore = {
    .name = "runs restore",
    .group = EN_GROUP_MODELS,
    .args = "REMOVED",
    .summary = "bring a run back from the trash",
    .text = "REMOVED is the name it had, or the beginning of its uuid.",
    .options = restore_options,
    .defaults = &defaults,
    .size = sizeof(trash_options),
    .table = true,
    .examples = restore_examples,
    .exit_codes = restore_codes,
    .run = restore,
};

static const en_option gc_options[] = {
    {.name = "dry-run", EN_FIELD(trash_options, dry_run), .doc = "delete nothing, and show what would be"},
    {.name = NULL},
};
static const en_example gc_examples[] = {
    {"eyenet runs gc --dry-run", "what is in the trash"},
    {"eyenet runs gc", "empty it"},
    {"eyenet runs gc first", "of the runs there only this one"},
    {NULL, NULL},
};
static const en_exit_code gc_codes[] = {
    {EN_INPUT, "no such run in the trash, or several of that name"},
    {EN_OK, NULL},
};
const en_command en_cmd_runs_gc = {
    .name = "runs gc",
    .group = EN_GROUP_MODELS,
    .args = "[REMOVED...]",
    .summary = "delete removed runs for good, with their files",
    .text = "Settings, metrics, evaluations and predictions go, and the files that eyenet wrote into the folder of the "
            "run; other files there stay and are counted. Runs that repeat a deleted one stay. Without arguments all "
            "that was removed is deleted, and also files that a killed training left in the folder of a finished run.",
    .options = gc_options,
    .defaults = &defaults,
    .size = sizeof(trash_options),
    .table = true,
    .examples = gc_examples,
    .exit_codes = gc_codes,
    .run = gc,
};
