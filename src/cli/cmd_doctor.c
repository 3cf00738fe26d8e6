/* eyenet doctor. */
#include "lab/doctor.h"

#include <string.h>

#include "cli/commands.h"
#include "cli/project.h"
#include "cli/prose.h"

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

static en_status doctor(const en_cli *cli, const en_call *call, en_error *err)
{
    (void)call;
    en_doctor_result result = {0};
    en_lab lab = {0};
    en_error no_project;
    bool outside = en_project_open(cli, EN_LOOK, &lab, &no_project) != EN_OK;
    /* Without -C it is fine to be nowhere: then only the machine is looked at. A project that is named must be there.
     */
    if (outside && cli->project != NULL) {
        *err = no_project;
        return no_project.status;
    }
    en_status st = en_doctor(outside ? NULL : &lab, &result, err);
    en_lab_close(&lab);
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

static const en_example examples[] = {
    {"eyenet doctor", NULL},
    {"eyenet doctor --json", NULL},
    {NULL, NULL},
};

static const en_ending endings[] = {{EN_FAILED, "something is bad"}, {EN_OK, NULL}};

const en_command en_cmd_doctor = {
    .name = "doctor",
    .group = EN_GROUP_CATALOG,
    .args = "",
    .summary = "look the machine and the project over",
    .text = "Checks the processor and libraries, free space, the catalog's integrity and its books, and that the "
            "files it names are there. Each finding that is not ok comes with a remedy. Outside a project only the "
            "machine is looked at.",
    .table = true,
    .examples = examples,
    .endings = endings,
    .run = doctor,
};
