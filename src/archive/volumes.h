/* Volumes: an archive cut into raw pieces NAME.001, NAME.002, ... (the form in which Kaggle ships train.zip), or a
 * split zip, NAME.z01, NAME.z02, ..., NAME.zip, seen as one seekable stream of bytes. A file that is not a volume is a
 * sequence of one, so callers need no special case. */
#ifndef EN_ARCHIVE_VOLUMES_H
#define EN_ARCHIVE_VOLUMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

#define EN_VOLUMES_MAX 999

typedef struct en_volume {
    char *path;
    int64_t bytes;
} en_volume;

typedef struct en_volumes {
    char *path;      /* of the whole, without the number: "data/train.zip" */
    en_volume *item; /* in order */
    size_t count;
    int64_t bytes; /* of all together, and of the tail */
    /* What stands in place of the bytes from tail_at on; borrowed, NULL: nothing. For reader.c. */
    const void *tail;
    int64_t tail_at;
    /* Reads `bytes` bytes at `at` of the whole, which is not here; NULL: it is in files. For what only looks into a
     * file. */
    en_status (*read)(void *ctx, int64_t at, void *data, size_t bytes, en_error *err);
    void *ctx;
} en_volumes;

/* Whether a name ends as a volume of a split zip does that is not its last: ".z01". */
bool en_volume_is_split(const char *path);
/* The number in a name that ends ".001" to ".999", or 0 when it is not the name of a volume. */
unsigned en_volume_number(const char *path);

/* Finds every volume of the sequence to which `path` belongs (any one of them, or the name without a number when only
 * the volumes are there), or the one file it is. EN_INPUT when it is missing, is not a regular file, or when the
 * sequence has a gap:
 * "'train.zip.003' is missing: ...". */
en_status en_volumes_find(const char *path, en_volumes *out, en_error *err) EN_CHECKED;
void en_volumes_clear(en_volumes *volumes); /* safe on a zeroed one */

/* The path of the volume in which byte `at` of the whole is; borrowed. */
const char *en_volume_at(const en_volumes *volumes, int64_t at);

/* The volumes as one stream. Reads are never short but at the end; one file is open at a time. */
typedef struct en_volume_stream en_volume_stream;

/* `volumes` is borrowed and must outlive the stream. */
en_status en_volume_stream_open(const en_volumes *volumes, en_volume_stream **out, en_error *err) EN_CHECKED;
/* Reads up to `capacity` bytes from where the stream is; *got = 0 at the end. EN_INPUT when a volume shrank meanwhile.
 */
en_status en_volume_stream_read(en_volume_stream *stream, void *data, size_t capacity, size_t *got,
                                en_error *err) EN_CHECKED;
/* Goes to a byte of the whole, 0..volumes->bytes (clamped). */
void en_volume_stream_seek(en_volume_stream *stream, int64_t at);
int64_t en_volume_stream_tell(const en_volume_stream *stream);
void en_volume_stream_close(en_volume_stream *stream);

#endif
