/* eyenet doctor. */
#include "project/doctor.h"

#include <string.h>

#include "base/memory.h"
#include "cli/commands.h"
#include "cli/project.h"
#include "render/show.h"

typedef struct doctor_options {
    bool deep, repair_schema;
} doctor_options;

/* Looks at the project, or at what can be seen of one that cannot be opened. Without -C it is fine to be nowhere: then
 * only the machine is checked, and *outside says so; a project that is named must be there. EN_FAILED comes with
 * findings, any other error without. */
static en_status look(const en_cli *cli, bool deep, en_doctor_result *result, bool *outside, en_error *err)
{
    en_project project = {0};
    en_error why;
    char *root = NULL;
    *outside = false;
    if (en_cli_open(cli, EN_LOOK, &project, &why) == EN_OK) {
        en_status st = en_doctor(&project, deep, result, err);
        en_project_close(&project);
        return st;
    }
    en_status st = en_catalog_find_root(cli->project != NULL ? cli->project : ".", &root, err);
    if (st == EN_OK) {
        st = en_doctor_unopened(root, &why, result, err);
        en_free(root);
    } else if (st == EN_INPUT && cli->project == NULL) {
        *outside = true;
        st = en_doctor(NULL, deep, result, err);
    }
    return st;
}

/* Makes the schema anew before anything is looked at. */
static en_status repair(const en_cli *cli, en_error *err)
{
    int repaired = 0;
    en_project project;
    en_project_options options = en_cli_project_options(cli, EN_CHANGE);
    options.repair_schema = true;
    options.repaired = &repaired;
    en_status st = en_project_open(&options, &project, err);
    if (st == EN_OK) {
        en_project_close(&project);
        en_event_note(cli->events,
                      repaired == 0 ? "the schema is as its migrations made it: nothing was changed"
                                    : "%d triggers, indices and views of the schema were put right, after a backup",
                      repaired);
    }
    return st;
}

static en_status doctor(const en_cli *cli, const en_call *call, en_error *err)
{
    const doctor_options *given = call->options;
    en_doctor_result result = {0};
    bool outside;
    en_status st = given->repair_schema ? repair(cli, err) : EN_OK;
    if (st != EN_OK) {
        return st;
    }
    st = look(cli, given->deep, &result, &outside, err);
    if (st != EN_OK && st != EN_FAILED && st != EN_BUSY) {
        return st;
    }
    en_error shown;
    en_status ended = en_show_doctor(cli->out, &result, &shown);
    if (outside) {
        en_out_line(cli->out, "not in a project: only the machine was checked");
    }
    return en_first_error(st, ended, &shown, err);
}

static const doctor_options defaults = {.deep = false};

static const en_option options[] = {
    {.name = "deep",
     EN_FIELD(doctor_options, deep),
     .doc = "read every photograph and sample and compare its hash; without it, only lengths are compared"},
    {.name = "repair-schema",
     EN_FIELD(doctor_options, repair_schema),
     .doc =
         "first make the catalog's triggers, indices and views anew, after a backup, where they are not those that its "
         "migrations gave it"},
    {.name = NULL},
};

static const en_example examples[] = {
    {"eyenet doctor", NULL},
    {"eyenet doctor --deep", "after a crash of the disk, or a copy to another"},
    {"eyenet doctor --repair-schema", "a catalog that 'can only be read'"},
    {"eyenet doctor --json", NULL},
    {NULL, NULL},
};

static const en_exit_code exit_codes[] = {
    {EN_FAILED, "something is bad"}, {EN_BUSY, "something could not be looked at now"}, {EN_OK, NULL}};

const en_command en_cmd_doctor = {
    .name = "doctor",
    .group = EN_GROUP_CATALOG,
    .args = "",
    .summary = "check the machine and the project",
    .text =
        "Checks the processor and libraries, free space, the catalog's integrity, its consistency and the hashes "
        "of the inputs of all runs, and that the files it names are there. Each finding that is not ok comes with a "
        "remedy. Outside a project only the machine is checked; a project that cannot be opened is bad. What cannot be "
        "looked at now, for want of memory or permission or because "
        "another program locks it, is marked skip: nothing is said about it.",
    .options = options,
    .defaults = &defaults,
    .size = sizeof(doctor_options),
    .table = true,
    .examples = examples,
    .exit_codes = exit_codes,
    .run = doctor,
};
