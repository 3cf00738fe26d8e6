/* A file that is compressed as a whole: gzip, or a zip with one member. For small files, which are read into memory. */
#ifndef EN_ARCHIVE_UNPACK_H
#define EN_ARCHIVE_UNPACK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/error.h"

/* Whether the bytes begin as those of a gzip or a zip. */
bool en_unpack_known(const void *bytes, size_t size);
/* The bytes of the file inside, appended to `out`, whose cap they must not pass. Of a zip, `path` is its file and its
 * members that a Mac adds (__MACOSX/, .DS_Store) do not count. EN_INPUT: it is damaged, or a zip with several members
 * or none, and which. */
en_status en_unpack(const char *path, const void *bytes, size_t size, en_buf *out, en_error *err) EN_CHECKED;

#endif
