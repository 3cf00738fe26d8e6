/* Where backups are: a folder or a prefix of S3, both with these names beneath it:
 *
 *     eyenet-backup         marks the place
 *     objects/ab/ab...      what the SHA-256 in the name is of, EN_BACKUP_CHUNK bytes at most
 *     backups/NAME          manifests
 *
 * For the files of this folder alone. */
#ifndef EN_BACKUP_STORE_H
#define EN_BACKUP_STORE_H

#include "backup/backup.h"

#define EN_BACKUP_CHUNK ((size_t)16 << 20)
#define EN_BACKUP_MARK "eyenet-backup"
#define EN_BACKUP_OBJECT 80 /* bytes of an object's name beneath the place, with the NUL */

typedef enum en_backup_access { EN_BACKUP_READ, EN_BACKUP_WRITE } en_backup_access;

typedef struct en_backup_names { /* of backups, sorted */
    char (*name)[EN_BACKUP_NAME];
    size_t count;
} en_backup_names;

typedef struct en_backup_store {
    const struct en_backup_kind *kind;
    void *opened;      /* the kind's own */
    const char *shown; /* the place as it was given; borrowed */
    const char *work;  /* a folder for a temporary file, or NULL: the project's; borrowed from `opened` */
    en_backup_names names;
} en_backup_store;

typedef struct en_backup_kind {
    /* Fills opened, work and names. For writing, an empty place is made one of backups. */
    en_status (*open)(en_backup_store *store, const en_backup_options *options, en_backup_access access,
                      const en_events *events, en_error *err);
    /* Whether an object of that length is there. */
    bool (*has)(en_backup_store *store, const char *object, int64_t bytes);
    en_status (*put)(en_backup_store *store, const char *object, const void *data, size_t bytes, const char *sha256,
                     en_error *err);
    /* Everything that was put is there for good. */
    en_status (*settle)(en_backup_store *store, en_error *err);
    /* A manifest, when all its objects are settled. EN_DONE: there is one of that name. */
    en_status (*commit)(en_backup_store *store, const char *name, const void *data, size_t bytes, const char *sha256,
                        en_error *err);
    /* Appends an object, or a manifest, to `out`, whose cap bounds it. EN_DONE: there is none. */
    en_status (*get)(en_backup_store *store, const char *name, en_buf *out, en_error *err);
    void (*close)(en_backup_store *store);
} en_backup_kind;

extern const en_backup_kind en_backup_folder, en_backup_s3;

en_status en_backup_store_open(en_backup_store *store, const en_backup_options *options, en_backup_access access,
                               const en_events *events, en_error *err) EN_CHECKED;
void en_backup_store_close(en_backup_store *store); /* safe on a zeroed one */
/* EN_INPUT: "'x' is not a place of backups". */
en_status en_backup_no_place(const char *shown, en_error *err);
/* Takes in a name beneath backups/; what cannot be one is left out. */
en_status en_backup_names_add(en_backup_names *names, const char *name, en_error *err) EN_CHECKED;
/* The number of a backup's name, 0 when it is none. */
int64_t en_backup_number(const char *name);
void en_backup_object(const char *sha256, char out[EN_BACKUP_OBJECT]);
/* Finds the index of the backup options->at, or of the newest one. EN_INPUT when there is none. */
en_status en_backup_choose(const en_backup_store *store, const char *at, size_t *index, en_error *err) EN_CHECKED;
/* Fetches an object and compares it with its length and hash: EN_INPUT when it is missing, which *missing says, or
 * differs. `out` is emptied first. */
en_status en_backup_fetch(en_backup_store *store, const char *sha256, size_t bytes, en_buf *out, bool *missing,
                          en_error *err) EN_CHECKED;

#endif
