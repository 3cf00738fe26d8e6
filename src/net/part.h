/* A download so far: the file PATH.part, and PATH.note, which identifies what it is a part of, and PATH.ranges when it
 * comes in several at once (then the part has its full length from the start). The note stays
 * when the part has become PATH, so that the server can be asked whether it still has the same. For http.c alone. The
 * note is locked while a process works on the download; the lock goes with the process. */
#ifndef EN_NET_PART_H
#define EN_NET_PART_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "net/http.h"
#include "net/pieces.h"

typedef struct en_http_part {
    char *path, *part, *note; /* the place, PATH.part, PATH.note */
    char *ranges;             /* PATH.ranges */
    const char *url;          /* its public form; borrowed */
    int lock, fd;             /* of the note; of the part, -1 while there is none */
    bool whole;               /* there is no part, but PATH as the note describes it */
    int64_t have;             /* bytes in the part that came */
    int64_t total;            /* of the whole, or -1 */
    en_http_identity identity;
    en_http_pieces pieces; /* none: the part grows from its start on */
    int64_t unsaved;       /* bytes of pieces that PATH.ranges does not have yet */
} en_http_part;

/* Finds what earlier calls left of `url`. What has no identity, or is of something else, counts as nothing. EN_BUSY
 * when another process is at it. */
en_status en_http_part_open(en_http_part *p, const char *path, const char *url, en_error *err) EN_CHECKED;
/* The validator with which a server can be asked whether the rest still fits, or NULL: without one nothing is resumed.
 */
const char *en_http_part_validator(const en_http_part *p);
/* Empties the part for a new version of the thing, of which nothing is mixed with the old one even after a crash;
 * total = -1 when unknown. */
en_status en_http_part_restart(en_http_part *p, const en_http_identity *identity, int64_t total,
                               en_error *err) EN_CHECKED;
/* What came is not to be resumed: the next answer restarts the part. */
void en_http_part_forget(en_http_part *p);
/* From here on the part, which was just restarted with its total, is written in pieces of `size` bytes: gives it its
 * full length, on the disk. EN_IO when that is not free. */
en_status en_http_part_split(en_http_part *p, int64_t size, const en_http_sums *sums, en_error *err) EN_CHECKED;
/* More of a piece. */
en_status en_http_part_put(en_http_part *p, size_t piece, const void *data, size_t bytes, en_error *err) EN_CHECKED;
/* Syncs the pieces, and then says in PATH.ranges that they are there. */
en_status en_http_part_save(en_http_part *p, en_error *err) EN_CHECKED;
/* EN_IO with both figures when fewer than `bytes` (and a little) are free. */
en_status en_http_part_room(const en_http_part *p, int64_t bytes, en_error *err) EN_CHECKED;
en_status en_http_part_add(en_http_part *p, const void *data, size_t bytes, en_error *err) EN_CHECKED;
/* Syncs the part and gives it its place. */
en_status en_http_part_commit(en_http_part *p, en_error *err) EN_CHECKED;
/* Leaves the part for the next time; an empty one goes. */
void en_http_part_close(en_http_part *p);

#endif
