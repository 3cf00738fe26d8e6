/* eyenet doctor. */
#include "project/doctor.h"

#include <string.h>

#include "base/memory.h"
#include "cli/commands.h"
#include "cli/project.h"
#include "render/show.h"

typedef struct doctor_options {
    bool deep;
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

static en_status doctor(const en_cli *cli, const en_call *call, en_error *err)
{
    const doctor_options *given = call->options;
    en_doctor_result result = {0};
    bool outside;
    en_status st = look(cli, given->deep, &result, &outside, err);
    if (st != EN_OK && st != EN_FAILED) {
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
    {.name = NULL},
};

static const en_example examples[] = {
    {"eyenet doctor", NULL},
    {"eyenet doctor --deep", "after a crash of the disk, or a copy to another"},
    {"eyenet doctor --json", NULL},
    {NULL, NULL},
};

static const en_exit_code exit_codes[] = {{EN_FAILED, "something is bad"}, {EN_OK, NULL}};

const en_command en_cmd_doctor = {
    .name = "doctor",
    .group = EN_GROUP_CATALOG,
    .args = "",
    .summary = "check the machine and the project",
    .text =
        "Checks the processor and libraries, free space, the catalog's integrity, its consistency and the hashes "
        "of the inputs of all runs, and that the files it names are there. Each finding that is not ok comes with a "
        "remedy. Outside a project only the machine is checked; a project that cannot be opened is bad.",
    .options = options,
    .defaults = &defaults,
    .size = sizeof(doctor_options),
    .table = true,
    .examples = examples,
    .exit_codes = exit_codes,
    .run = doctor,
};
