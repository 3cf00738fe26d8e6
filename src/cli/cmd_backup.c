/* eyenet backup and eyenet restore. */
#include "backup/backup.h"

#include "cli/commands.h"
#include "cli/environment.h"
#include "cli/project.h"
#include "render/show.h"

typedef struct backup_options {
    const char *at;
    int64_t limit_rate;
    bool list, verify;
} backup_options;

static en_backup_options options_of(const en_call *call)
{
    const backup_options *given = call->options;
    en_backup_options o = {
        .place = call->word[0], .at = given->at, .http = en_environment_http(), .variable = en_environment_variable};
    o.http.bytes_per_second = given->limit_rate;
    return o;
}

static en_status make(const en_cli *cli, const en_backup_options *options, en_error *err)
{
    en_backup_result result = {0};
    en_project project;
    en_error shown;
    en_status st = en_cli_open(cli, EN_LOOK, &project, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_backup(&project, options, &result, err);
    en_project_close(&project);
    if (st == EN_OK || st == EN_FAILED) {
        st = en_first_error(st, en_show_backup(cli->out, &result, &shown), &shown, err);
    }
    en_backup_row_clear(&result.made);
    return st;
}

static en_status list(const en_cli *cli, const en_backup_options *options, en_error *err)
{
    en_backup_rows rows;
    en_error shown;
    en_status st = en_backup_list(options, cli->events, &rows, err);
    if (st == EN_OK || st == EN_FAILED) {
        st = en_first_error(st, en_show_backups(cli->out, &rows, &shown), &shown, err);
    }
    en_backup_rows_clear(&rows);
    return st;
}

static en_status verify(const en_cli *cli, const en_backup_options *options, en_error *err)
{
    en_backup_verified result;
    en_error shown;
    en_status st = en_backup_verify(options, cli->events, &result, err);
    if (st == EN_OK || st == EN_FAILED) {
        st = en_first_error(st, en_show_backup_verified(cli->out, &result, &shown), &shown, err);
    }
    return st;
}

static en_status backup(const en_cli *cli, const en_call *call, en_error *err)
{
    const backup_options *given = call->options;
    const en_backup_options options = options_of(call);
    return given->list     ? list(cli, &options, err)
           : given->verify ? verify(cli, &options, err)
                           : make(cli, &options, err);
}

static en_status restore(const en_cli *cli, const en_call *call, en_error *err)
{
    const en_backup_options options = options_of(call);
    en_restore_result result;
    en_error shown;
    en_status st = en_restore(&options, call->words > 1 ? call->word[1] : NULL, cli->events, &result, err);
    if (st == EN_OK || st == EN_FAILED) {
        st = en_first_error(st, en_show_restored(cli->out, &result, &shown), &shown, err);
    }
    en_restore_result_clear(&result);
    return st;
}

static const backup_options defaults = {0};

static const en_option make_options[] = {
    {.name = "list", EN_FIELD(backup_options, list), .doc = "show the backups that are there; nothing is backed up"},
    {.name = "verify",
     EN_FIELD(backup_options, verify),
     .excludes = "list",
     .doc = "read all that is there and compare it with its hashes; nothing is backed up"},
    {.name = "at",
     EN_FIELD(backup_options, at),
     .arg = "NUMBER",
     .needs = "verify",
     .doc = "of this backup alone, by its number or name"},
    {.name = NULL},
};

static const en_example make_examples[] = {
    {"eyenet backup /mnt/disk/retina", "a second one writes only what is new"},
    {"eyenet backup s3://bucket/retina", "to a bucket, with the credentials of AWS's tools"},
    {"eyenet backup --list /mnt/disk/retina", NULL},
    {"eyenet backup --verify /mnt/disk/retina", "whether all of it can still be read as it was written"},
    {NULL, NULL},
};

static const en_exit_code make_codes[] = {
    {EN_FAILED, "files that the catalog names are missing or changed; with --verify, something is damaged"},
    {EN_INPUT, "the place is something else than backups, or lies in the project"},
    {EN_DENIED, "the server wants credentials"},
    {EN_OK, NULL},
};

const en_command en_cmd_backup = {
    .name = "backup",
    .group = EN_GROUP_CATALOG,
    .args = "PLACE",
    .summary = "back up the project to a folder or to S3",
    .text =
        "PLACE is a folder, which is made when it is missing, or s3://BUCKET/KEY. The catalog, the photographs, "
        "samples, "
        "imported weights and runs are backed up; what can be made again is not. Other commands may run meanwhile: the "
        "backup has the catalog as it was at one moment, with the files and weights that it names.\n\n"
        "Files are stored in pieces of at most 16 MiB under the SHA-256 of each, so that a further backup writes only "
        "what is new. A backup counts once all of it is written; one that was interrupted leaves those before it as "
        "they "
        "are, and the next one goes on from what it wrote. Every file is read whole: those that are not what the "
        "catalog "
        "says are named, and the exit code is 1.\n\n"
        "Credentials of S3 are looked up as by 'eyenet fetch'.",
    .options = make_options,
    .defaults = &defaults,
    .size = sizeof(backup_options),
    .table = true,
    .examples = make_examples,
    .exit_codes = make_codes,
    .run = backup,
};

static const en_option restore_options[] = {
    {.name = "at",
     EN_FIELD(backup_options, at),
     .arg = "NUMBER",
     .doc = "the backup of that number or name (default: the newest)"},
    {.name = "limit-rate",
     EN_FIELD_SIZE(backup_options, limit_rate),
     .arg = "SIZE",
     .low = 1024,
     .high = 1e12,
     .doc = "receive no more bytes than that per second"},
    {.name = NULL},
};

static const en_example restore_examples[] = {
    {"eyenet restore /mnt/disk/retina", "into a new folder with the project's name"},
    {"eyenet restore --at 3 s3://bucket/retina retina-then", "the third backup"},
    {NULL, NULL},
};

static const en_exit_code restore_codes[] = {
    {EN_FAILED, "the backup was made of a project with missing or changed files"},
    {EN_INPUT, "no such backup, it is damaged, or the folder is not empty"},
    {EN_DENIED, "the server wants credentials"},
    {EN_OK, NULL},
};

const en_command en_cmd_restore = {
    .name = "restore",
    .group = EN_GROUP_CATALOG,
    .args = "PLACE [FOLDER]",
    .summary = "bring a project back from a backup",
    .text =
        "PLACE is where 'eyenet backup' wrote to. FOLDER is a new or an empty folder; without it, one with the "
        "project's name is made here. Every file is compared with its hash and the catalog is checked, and only then "
        "the folder gets its name: there is never half a project. A restore that was interrupted goes on when it is "
        "repeated.",
    .options = restore_options,
    .defaults = &defaults,
    .size = sizeof(backup_options),
    .table = true,
    .examples = restore_examples,
    .exit_codes = restore_codes,
    .run = restore,
};
