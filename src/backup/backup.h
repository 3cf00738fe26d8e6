/* Backups of a project, in a folder or in a bucket of S3. A backup is a manifest that names every file of the project
 * with its length and SHA-256, and objects that are named by the SHA-256 of what they hold, 16 MiB of a file at most.
 * So a further backup writes only the objects that are new, and what comes back is compared with its hash. Manifests
 * are written last and never replaced: whatever happens to a backup that is being made, those before it stay.
 *
 * What is backed up: a copy of the catalog, made by SQLite's backup interface while others may write to it, and after
 * it every file beneath photos/, samples/, runs/ and models/. What can be made again (features/, downloads/) is not.
 * The catalog is copied first and rows are written after their files, so that every row has its file. The weights of a
 * run that is training are an exception, as they are replaced: those that the copied catalog names are taken, and the
 * catalog is copied again where they are gone already. */
#ifndef EN_BACKUP_BACKUP_H
#define EN_BACKUP_BACKUP_H

#include "base/hash.h"
#include "net/http.h"
#include "project/project.h"

typedef struct en_backup_options {
    const char *place;    /* a folder, or s3://BUCKET/KEY */
    const char *at;       /* the number or the name of a backup there; NULL: the newest, or all of them */
    en_http_options http; /* zeroed: defaults */
    /* The value of an environment variable, or NULL: credentials are looked up by it. NULL: there are none */
    const char *(*variable)(const char *name);
} en_backup_options;

#define EN_BACKUP_NAME 28 /* bytes of a backup's name, NUMBER-RANDOM, with the NUL */

typedef struct en_backup_row {
    int64_t number; /* 1, 2, ... as they were made there */
    char name[EN_BACKUP_NAME];
    char created_at[32]; /* UTC, with nanoseconds */
    char *project;       /* name of the project's folder; owned */
    char program[64];    /* version of eyenet */
    int64_t files, bytes;
} en_backup_row;

typedef struct en_backup_result {
    en_backup_row made;
    int64_t new_objects, new_bytes;  /* that this backup wrote */
    int64_t missing, changed, other; /* files the catalog names that are not there; that are not as it says; links and
                                        devices, which are left out */
    double seconds;
} en_backup_result;

/* Makes a backup of an open project. The place is made when it is missing; EN_INPUT when it is something else than
 * backups, or lies in the project. EN_BUSY when another backup is made to that folder, or a run replaces its weights
 * faster than they can be read. EN_FAILED, with the backup made and the result filled in, when files that the catalog
 * names are missing or changed; they are named in warnings. en_backup_row_clear(&result->made), whatever comes. */
en_status en_backup(en_project *project, const en_backup_options *options, en_backup_result *result,
                    en_error *err) EN_CHECKED;
void en_backup_row_clear(en_backup_row *row);

typedef struct en_backup_rows {
    en_backup_row *row;
    size_t count;
} en_backup_rows;

/* The backups there, oldest first. EN_FAILED, with the others, when some cannot be read; they are named in warnings. */
en_status en_backup_list(const en_backup_options *options, const en_events *events, en_backup_rows *out,
                         en_error *err) EN_CHECKED;
void en_backup_rows_clear(en_backup_rows *rows);

typedef struct en_backup_verified {
    int64_t backups, objects, right, missing, damaged, bytes; /* missing, damaged: of manifests, too */
} en_backup_verified;

/* Reads every object of all backups there, or of one, and compares it with its hash. EN_FAILED, with the result, when
 * something is missing or damaged; it is named in warnings. */
en_status en_backup_verify(const en_backup_options *options, const en_events *events, en_backup_verified *result,
                           en_error *err) EN_CHECKED;

typedef struct en_restore_result {
    en_backup_row from;
    char *folder;             /* owned */
    int64_t missing, changed; /* files that the catalog names and the backup does not have, or has otherwise */
    int64_t kept;             /* files that an interrupted restore had brought already */
    double seconds;
} en_restore_result;

/* Restores a backup into a new or an empty folder; NULL: one here with the name of the project. Everything comes into
 * "FOLDER.restoring-NAME" and is compared with its hashes, the catalog is checked, and only then the folder gets its
 * name. When it is cut off, the same call goes on with what had come. EN_INPUT when the folder is not empty, there is
 * no such backup, or it is damaged; EN_FAILED, with the project restored, when it has missing or changed files.
 * en_restore_result_clear it, whatever comes. */
en_status en_restore(const en_backup_options *options, const char *folder, const en_events *events,
                     en_restore_result *result, en_error *err) EN_CHECKED;
void en_restore_result_clear(en_restore_result *result);

#endif
