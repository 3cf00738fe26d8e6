/* eyenet images, eyenet rejects. */
#include "cli/commands.h"
#include "cli/project.h"
#include "plot/contact.h"
#include "render/show.h"

typedef struct images_options {
    const char *sheet, *sql;
    int64_t most;
} images_options;

static const images_options defaults = {.most = 60};

static en_status show(const en_cli *cli, const en_call *call, bool rejects, en_error *err)
{
    const images_options *given = call->options;
    const en_contact_options wanted = {
        .where = given->sql, .rejects = rejects, .sheet = given->sheet, .most = given->most};
    en_contact_result result;
    en_project project;
    en_status st = en_cli_open(cli, EN_LOOK, &project, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_report_contact(&project, &wanted, &result, err);
    if (st == EN_OK) {
        st = en_show_contact(cli->out, &result, err);
    }
    en_report_contact_clear(&result);
    en_project_close(&project);
    return st;
}

static en_status images(const en_cli *cli, const en_call *call, en_error *err) { return show(cli, call, false, err); }

static en_status rejects(const en_cli *cli, const en_call *call, en_error *err) { return show(cli, call, true, err); }

static const en_option options[] = {
    {.name = "sheet",
     EN_FIELD(images_options, sheet),
     .arg = "FILE",
     .doc =
         "also write a contact sheet as PNG: a small picture of each, its name, its quality and its grade or what is "
         "wrong with it"},
    {.name = "sql",
     EN_FIELD(images_options, sql),
     .arg = "CONDITION",
     .doc = "only photographs that fit a condition on the columns of the view images"},
    {.name = "most",
     EN_FIELD(images_options, most),
     .arg = "N",
     .low = 1,
     .high = EN_CONTACT_MOST,
     .doc = "how many photographs, at most"},
    {.name = NULL},
};

static const en_example images_examples[] = {
    {"eyenet images --sheet severe.png --sql 'grade >= 3 AND score < 0.4'", "poor photographs of severe retinopathy"},
    {NULL, NULL},
};

static const en_example rejects_examples[] = {
    {"eyenet rejects --sheet rejects.png", "what was rejected, by reason"},
    {"eyenet rejects --sql \"reason = 'black'\" --csv", NULL},
    {NULL, NULL},
};

static const en_exit_code exit_codes[] = {
    {EN_INPUT, "SQL that fails, no photograph to draw, or a file in the place of the sheet that is not a picture"},
    {EN_OK, NULL},
};

const en_command en_cmd_images = {
    .name = "images",
    .group = EN_GROUP_PHOTOGRAPHS,
    .args = "",
    .summary = "list photographs, and draw them on a contact sheet",
    .text = "Lists the photographs that have a file, accepted and rejected, and with --sheet draws them small on one "
            "picture to look at. A file that is damaged is drawn as far as it goes.",
    .options = options,
    .defaults = &defaults,
    .size = sizeof(images_options),
    .table = true,
    .examples = images_examples,
    .exit_codes = exit_codes,
    .run = images,
};

const en_command en_cmd_rejects = {
    .name = "rejects",
    .group = EN_GROUP_PHOTOGRAPHS,
    .args = "",
    .summary = "list rejected photographs, and draw them on a contact sheet",
    .text = "Lists the photographs that ingest rejected, by reason, and with --sheet draws them small on one picture, "
            "under a heading for each reason, to see whether they were rejected rightly.",
    .options = options,
    .defaults = &defaults,
    .size = sizeof(images_options),
    .table = true,
    .examples = rejects_examples,
    .exit_codes = exit_codes,
    .run = rejects,
};
