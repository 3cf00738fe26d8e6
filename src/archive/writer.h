/* Writing zip, by libarchive, stored (photographs are compressed already) and without times or owners: the same members
 * in the same order give the same bytes, anywhere. Optionally cut into raw volumes as Kaggle does. */
#ifndef EN_ARCHIVE_WRITER_H
#define EN_ARCHIVE_WRITER_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

typedef struct en_zip_writer en_zip_writer;

/* volume_bytes = 0 writes the file `path`, else PATH.001, PATH.002 ... of exactly that many bytes, the last one of what
 * is left. Nothing is at its place before en_zip_commit. EN_INPUT when more than 999 volumes would be needed. */
en_status en_zip_new(const char *path, int64_t volume_bytes, en_zip_writer **out, en_error *err) EN_CHECKED;
/* Members stand in the order given; `path` is relative. */
en_status en_zip_add(en_zip_writer *zip, const char *path, const void *data, size_t bytes, en_error *err) EN_CHECKED;
/* The same in pieces: a member of `bytes` bytes, which follow in as many calls of en_zip_data as the caller likes. */
en_status en_zip_begin(en_zip_writer *zip, const char *path, int64_t bytes, en_error *err) EN_CHECKED;
en_status en_zip_data(en_zip_writer *zip, const void *data, size_t bytes, en_error *err) EN_CHECKED;
/* Ends the archive, syncs and renames; volumes of an earlier, longer sequence of this name are removed. *volumes (may
 * be NULL) is the number of files written. The writer can only be freed afterwards. */
en_status en_zip_commit(en_zip_writer *zip, size_t *volumes, en_error *err) EN_CHECKED;
/* Without a commit, removes what was written. */
void en_zip_free(en_zip_writer *zip);

#endif
