/* A folder from a stranger, read without following a symbolic link: parts are opened one beneath the other. */
#ifndef EN_TRAINING_TRACK_BENEATH_H
#define EN_TRAINING_TRACK_BENEATH_H

#include <sys/types.h>

#include "base/buf.h"
#include "base/file.h"

#define EN_BENEATH_NAMES_MAX 200000 /* in one folder */

/* The folder that the user named, links and all: its descriptor, to be closed. EN_PATH, EN_INPUT. */
en_status en_beneath_root(const char *path, int *fd, en_error *err) EN_CHECKED;
/* A regular file or a folder in `folder`; *is_folder says which. EN_DONE: there is none, or it is a link or something
 * else. */
en_status en_beneath_open(int folder, const char *name, int *fd, bool *is_folder, en_error *err) EN_CHECKED;
/* Names in a folder, sorted by byte value; the descriptor stays open. */
en_status en_beneath_list(int folder, en_names *out, en_error *err) EN_CHECKED;
/* The whole of an open file, appended to `out` up to its cap; EN_INPUT above it. */
en_status en_beneath_read(int fd, const char *name, en_buf *out, en_error *err) EN_CHECKED;

#endif
