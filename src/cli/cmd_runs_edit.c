/* eyenet runs rename, tag and note. */
#include "catalog/run_edit.h"

#include "cli/commands.h"
#include "cli/project.h"
#include "render/show.h"

/* The run that a word means, in a project that is opened for writing. */
static en_status open_run(const en_cli *cli, const char *word, en_project *project, en_catalog_run *run, en_error *err)
{
    *run = (en_catalog_run){0};
    en_status st = en_cli_open(cli, EN_CHANGE, project, err);
    return st == EN_OK ? en_catalog_run_get(project->catalog, word, run, err) : st;
}

static en_status rename_run(const en_cli *cli, const en_call *call, en_error *err)
{
    en_project project = {0};
    en_catalog_run run = {0};
    en_status st = en_catalog_run_name_check(call->word[1], err);
    if (st == EN_OK) {
        st = open_run(cli, call->word[0], &project, &run, err);
    }
    if (st == EN_OK) {
        st = en_catalog_run_rename(project.catalog, run.id, call->word[1], err);
    }
    if (st == EN_OK) {
        en_event_note(cli->events, "run '%s' is now called '%s'; its files stay in runs/%s", run.name, call->word[1],
                      run.folder);
    }
    en_catalog_run_clear(&run);
    en_project_close(&project);
    return st;
}

static const en_example rename_examples[] = {{"eyenet runs rename retina-3 best", NULL}, {NULL, NULL}};
static const en_exit_code rename_codes[] = {
    {EN_INPUT, "no such run, or another run has the name"},
    {EN_OK, NULL},
};
const en_command en_cmd_runs_rename = {
    .name = "runs rename",
    .group = EN_GROUP_MODELS,
    .args = "RUN NAME",
    .summary = "give a run another name",
    .text = "All its rows follow; its files stay in the folder they are in, which 'eyenet runs show' names. A run that "
            "is being trained can be renamed, too.",
    .examples = rename_examples,
    .exit_codes = rename_codes,
    .run = rename_run,
};

typedef struct tag_options {
    bool remove;
} tag_options;

static en_status tag(const en_cli *cli, const en_call *call, en_error *err)
{
    const tag_options *given = call->options;
    en_project project = {0};
    en_catalog_run run = {0};
    en_status st = open_run(cli, call->word[0], &project, &run, err);
    if (st == EN_OK) {
        st = en_catalog_begin(project.catalog, err);
    }
    for (size_t i = 1; st == EN_OK && i < call->words; i++) {
        st = given->remove ? en_catalog_run_untag(project.catalog, run.id, call->word[i], err)
                           : en_catalog_run_tag(project.catalog, run.id, call->word[i], err);
    }
    if (st == EN_OK) {
        st = en_catalog_commit(project.catalog, err);
    }
    if (st != EN_OK && project.catalog != NULL) {
        en_catalog_rollback(project.catalog);
    }
    en_catalog_run_clear(&run);
    en_project_close(&project);
    return st;
}

static const tag_options tag_defaults = {0};
static const en_option tag_option[] = {
    {.name = "remove", EN_FIELD(tag_options, remove), .doc = "take these tags from the run"},
    {.name = NULL},
};
static const en_example tag_examples[] = {
    {"eyenet runs tag first baseline 'for the paper'", NULL},
    {"eyenet sql \"SELECT run FROM runs WHERE tags LIKE '%baseline%'\"", "the runs that have it"},
    {"eyenet runs tag first baseline --remove", NULL},
    {NULL, NULL},
};
static const en_exit_code tag_codes[] = {
    {EN_INPUT, "no such run, a tag that is not valid, or one to remove that it has not"},
    {EN_OK, NULL},
};
const en_command en_cmd_runs_tag = {
    .name = "runs tag",
    .group = EN_GROUP_MODELS,
    .args = "RUN TAG...",
    .summary = "tag a run with words by which it is found again",
    .text = "A tag has up to 100 bytes and no comma. 'eyenet runs --json' and the view runs have the tags of each run.",
    .options = tag_option,
    .defaults = &tag_defaults,
    .size = sizeof(tag_options),
    .examples = tag_examples,
    .exit_codes = tag_codes,
    .run = tag,
};

static en_status note(const en_cli *cli, const en_call *call, en_error *err)
{
    en_project project = {0};
    en_catalog_run run = {0};
    en_status st = open_run(cli, call->word[0], &project, &run, err);
    if (st == EN_OK) {
        st = en_catalog_run_note(project.catalog, run.id, call->word[1], err);
    }
    en_catalog_run_clear(&run);
    en_project_close(&project);
    return st;
}

static const en_example note_examples[] = {
    {"eyenet runs note first 'too few epochs: the loss still falls'", NULL},
    {"eyenet runs note first ''", "no note"},
    {NULL, NULL},
};
static const en_exit_code note_codes[] = {{EN_INPUT, "no such run"}, {EN_OK, NULL}};
const en_command en_cmd_runs_note = {
    .name = "runs note",
    .group = EN_GROUP_MODELS,
    .args = "RUN TEXT",
    .summary = "write a note about a run, in place of the earlier one",
    .text = "'eyenet runs show' prints it, and the view runs has it. An empty text removes it.",
    .examples = note_examples,
    .exit_codes = note_codes,
    .run = note,
};
