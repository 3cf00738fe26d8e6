/* eyenet doctor. */
#include "project/doctor.h"

#include <string.h>

#include "base/memory.h"
#include "cli/commands.h"
#include "cli/project.h"
#include "cli/prose.h"

typedef struct doctor_options {
    bool deep;
} doctor_options;

static const char *const word[] = {[EN_FINDING_OK] = "ok", [EN_FINDING_NOTE] = "note", [EN_FINDING_BAD] = "bad"};

/* Findings are sentences: for people they are wrapped, not cut. */
static void show_text(const en_cli *cli, const en_doctor_result *r)
{
    static const char *const colour[] = {"\033[32m", "\033[33m", "\033[31m"};
    FILE *to = cli->out->stream;
    size_t width = cli->out->width > 0 ? cli->out->width : 100;
    for (size_t i = 0; i < r->count; i++) {
        const en_finding *f = &r->finding[i];
        bool bold = cli->out->colour;
        fprintf(to, "%s%-5s%s %-16s ", bold ? colour[f->kind] : "", word[f->kind], bold ? "\033[0m" : "", f->subject);
        en_prose_wrap(to, f->text, strlen(f->text), 23, 23, width);
        if (f->remedy[0] != '\0') {
            fprintf(to, "%23s", "");
            en_prose_wrap(to, f->remedy, strlen(f->remedy), 23, 23, width);
        }
    }
}

static en_status show_rows(const en_cli *cli, const en_doctor_result *r, en_error *err)
{
    static const en_column columns[] = {{"state", 0}, {"subject", 0}, {"finding", 0}, {"remedy", 0}};
    en_table *t;
    en_status st = en_table_new(cli->out, columns, 4, &t, err);
    if (st != EN_OK) {
        return st;
    }
    for (size_t i = 0; i < r->count; i++) {
        const en_finding *f = &r->finding[i];
        en_table_text(t, word[f->kind]);
        en_table_text(t, f->subject);
        en_table_text(t, f->text);
        en_table_text(t, f->remedy[0] != '\0' ? f->remedy : NULL);
    }
    return en_table_end(t, err);
}

/* Looks at the project, or at what can be seen of one that cannot be opened. Without -C it is fine to be nowhere: then
 * only the machine is looked at, and *outside says so; a project that is named must be there. EN_FAILED comes with
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
    en_status ended = EN_OK;
    if (cli->out->format == EN_FORMAT_PEOPLE) {
        show_text(cli, &result);
        if (outside) {
            en_out_line(cli->out, "not in a project: only the machine was looked at");
        }
    } else {
        ended = show_rows(cli, &result, &shown);
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

static const en_ending endings[] = {{EN_FAILED, "something is bad"}, {EN_OK, NULL}};

const en_command en_cmd_doctor = {
    .name = "doctor",
    .group = EN_GROUP_CATALOG,
    .args = "",
    .summary = "look the machine and the project over",
    .text = "Checks the processor and libraries, free space, the catalog's integrity, its consistency and the hashes "
            "of what runs rest on, and that the files it names are there. Each finding that is not ok comes with a "
            "remedy. Outside a project only the machine is looked at; a project that cannot be opened is bad.",
    .options = options,
    .defaults = &defaults,
    .size = sizeof(doctor_options),
    .table = true,
    .examples = examples,
    .endings = endings,
    .run = doctor,
};
