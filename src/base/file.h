/* Files and paths. A file is written completely or not at all: it is written beside its final path, synced and
 * renamed. */
#ifndef EN_BASE_FILE_H
#define EN_BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/error.h"

/* "a/b" in fresh memory (en_free); an absolute `b` stands alone. NULL when out of memory. */
char *en_path_join(const char *a, const char *b);
/* The part after the last '/'; borrowed from `path`. */
const char *en_path_base(const char *path);
/* The extension without its dot, "" when there is none; borrowed. */
const char *en_path_ext(const char *path);

bool en_file_exists(const char *path);
bool en_file_is_dir(const char *path);
en_status en_file_size(const char *path, int64_t *bytes, en_error *err) EN_CHECKED;
/* Like mkdir -p; the names of new folders are on the disk afterwards. EN_INPUT for "", which names no folder. */
en_status en_file_mkdirs(const char *path, en_error *err) EN_CHECKED;
/* The whole file appended to `out`, whose cap bounds it. */
en_status en_file_read(const char *path, en_buf *out, en_error *err) EN_CHECKED;
/* Bytes free for an ordinary user where `path` is. */
en_status en_file_free_space(const char *path, int64_t *bytes, en_error *err) EN_CHECKED;
/* EN_IO with both sizes when fewer than `bytes`, plus a reserve for the catalog, are free there. */
en_status en_file_check_space(const char *path, int64_t bytes, en_error *err) EN_CHECKED;
/* All the bytes, from byte `at` of an open file on, in as many writes as it takes; `path` is for messages. After an
 * error some of them may be there. EN_IO; of a full disk with what is free and the remedy. */
en_status en_fd_write(int fd, const char *path, const void *data, size_t bytes, int64_t at, en_error *err) EN_CHECKED;
/* Syncs the folder that contains `path`, and with it a new name in that folder; a file system that cannot sync folders
 * is none of our business. */
en_status en_file_sync_folder(const char *path, en_error *err) EN_CHECKED;
/* The file system's name when it is a network file system ("nfs", "smb", ...), else NULL. */
const char *en_file_network_fs(const char *path);
/* Removes a file or a folder with all in it; missing is fine. */
en_status en_file_remove_tree(const char *path, en_error *err) EN_CHECKED;

/* A file being written: bytes go to "PATH.part-PID" and reach PATH at en_writer_commit, which syncs and renames.
 * en_writer_abort (also after a failed commit) removes the part. Both end the writer and are safe on a zeroed one. */
typedef struct en_writer {
    FILE *stream;
    char *path, *part;
} en_writer;
/* EN_PATH when `path` exists and is not a regular file; en_writer_open asks it, too. */
en_status en_file_check_target(const char *path, en_error *err) EN_CHECKED;
en_status en_writer_open(en_writer *w, const char *path, en_error *err) EN_CHECKED;
en_status en_writer_write(en_writer *w, const void *data, size_t bytes, en_error *err) EN_CHECKED;
/* What was written so far is on the disk, still under its temporary name: a commit after it fails only where a rename
 * fails. */
en_status en_writer_sync(en_writer *w, en_error *err) EN_CHECKED;
en_status en_writer_commit(en_writer *w, en_error *err) EN_CHECKED;
void en_writer_abort(en_writer *w);
/* A slip of the hand must not cost a catalog or a photograph: EN_INPUT "'x' exists and is not WHAT" for a regular file
 * that is not empty and does not begin with these bytes, of which there are at most 64. Other things at `path` are left
 * to en_writer_open. */
en_status en_file_check_kind(const char *path, const void *begins, size_t bytes, const char *what,
                             en_error *err) EN_CHECKED;
/* All three in one. */
en_status en_file_write(const char *path, const void *data, size_t bytes, en_error *err) EN_CHECKED;

/* The names in a folder, sorted by byte value, without "." and ".."; free with en_names_free. */
typedef struct en_names {
    char **name;
    size_t count;
} en_names;
en_status en_file_list(const char *dir, en_names *out, en_error *err) EN_CHECKED;
void en_names_free(en_names *names);

#endif
