/* The manifest of a backup: a text of lines, in this order, in which paths and names are percent-encoded.
 *
 *     eyenet backup 1
 *     created 2026-11-27T12:00:00.123456789Z
 *     program 0.1.0
 *     project NAME
 *     file SHA256 BYTES PATH      by path, in ascending order
 *     part SHA256                 of files longer than EN_BACKUP_CHUNK, as many as they have
 *     end FILES BYTES SHA256      the last one of all that is above this line
 *
 * Read as what it is, a text from elsewhere: every path is that of a file of a project, none occurs twice, and the
 * numbers are those of the lines. For the files of this folder alone. */
#ifndef EN_BACKUP_MANIFEST_H
#define EN_BACKUP_MANIFEST_H

#include "backup/store.h"

typedef struct en_backup_file {
    char *path; /* in the project */
    int64_t bytes;
    char sha256[EN_SHA256_HEX];
    size_t first; /* of its parts, when it is longer than a chunk */
} en_backup_file;

typedef struct en_manifest {
    en_backup_row about; /* files and bytes are set by the end */
    en_backup_file *file;
    size_t count;
    char (*part)[EN_SHA256_HEX];
    size_t parts;
} en_manifest;

/* Adds a file that is known whole; `path` is copied. */
en_status en_manifest_add(en_manifest *m, const char *path, int64_t bytes, const char *sha256, size_t first,
                          en_error *err) EN_CHECKED;
en_status en_manifest_add_part(en_manifest *m, const char *sha256, en_error *err) EN_CHECKED;
/* Brings the files into order, counts them, and appends the text. */
en_status en_manifest_write(en_manifest *m, en_buf *out, en_error *err) EN_CHECKED;
/* EN_INPUT with what is wrong. `name` is that of the backup. */
en_status en_manifest_read(en_manifest *m, const char *name, const en_buf *text, en_error *err) EN_CHECKED;
/* The manifest of a backup of the store. */
en_status en_manifest_load(en_manifest *m, en_backup_store *store, size_t index, en_error *err) EN_CHECKED;
void en_manifest_clear(en_manifest *m);
/* The file of that path, once they are in order; or NULL. */
const en_backup_file *en_manifest_find(const en_manifest *m, const char *path);
/* How many chunks a file of that length has: none for an empty one. */
size_t en_manifest_chunks(int64_t bytes);
/* The hash and length of a chunk. */
const char *en_manifest_chunk(const en_manifest *m, const en_backup_file *file, size_t index, size_t *bytes);
/* Whether that is the path of something a backup may have. */
bool en_manifest_is_path(const char *path);

#endif
