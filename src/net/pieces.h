/* A file that comes in ranges: how much of each is there. Kept in PATH.ranges, which is on the disk before the part is
 * given its full length and says no more than what the disk has of the part. For part.c and parallel.c alone. */
#ifndef EN_NET_PIECES_H
#define EN_NET_PIECES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "net/digest.h"

typedef struct en_http_pieces {
    int64_t total, size; /* bytes of the file, and of a piece; the last one may be shorter */
    size_t count;        /* 0: the file comes in one stream */
    int64_t *got;        /* bytes of each piece that came, from its start on */
    en_http_sums sums;   /* of the whole file, as the server sent them with its first answer */
} en_http_pieces;

/* Nothing has come yet. 0 < size < total. */
en_status en_http_pieces_init(en_http_pieces *p, int64_t total, int64_t size, const en_http_sums *sums,
                              en_error *err) EN_CHECKED;
void en_http_pieces_clear(en_http_pieces *p); /* safe on a zeroed one */

int64_t en_http_pieces_bytes(const en_http_pieces *p, size_t index); /* of a piece when it is whole */
int64_t en_http_pieces_have(const en_http_pieces *p);                /* bytes of all that came */

/* To the file `path`, all of it or nothing. */
en_status en_http_pieces_write(const en_http_pieces *p, const char *path, const char *etag, en_error *err) EN_CHECKED;
/* What the file `path` says about that version of a file of `total` bytes; false when it is not about that, or not to
 * be understood. */
bool en_http_pieces_read(en_http_pieces *p, const char *path, const char *etag, int64_t total);

#endif
