/* What came so far of a download: the file PATH.part and beside it PATH.part.json, which says of what it is a part. For
 * http.c alone. A part is locked while a process works on it; the lock goes with the process. */
#ifndef EN_NET_PART_H
#define EN_NET_PART_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "net/http.h"

typedef struct en_http_part {
    char *path, *part, *note; /* the place, PATH.part, PATH.part.json */
    const char *url;          /* its public form; borrowed */
    int fd;
    int64_t have;             /* bytes there */
    int64_t total;            /* of the whole, or -1 */
    en_http_identity identity;
} en_http_part;

/* Opens what an earlier call left of `url`, or an empty part when that has no identity or is of something else. EN_BUSY
 * when another process has it. */
en_status en_http_part_open(en_http_part *p, const char *path, const char *url, en_error *err) EN_CHECKED;
/* The validator with which a server can be asked whether the rest still fits, or NULL: without one nothing is resumed. */
const char *en_http_part_validator(const en_http_part *p);
/* Empties the part for a new version of the thing; total = -1 when unknown. */
en_status en_http_part_restart(en_http_part *p, const en_http_identity *identity, int64_t total, en_error *err) EN_CHECKED;
/* EN_IO with both figures when fewer than `bytes` (and a little) are free. */
en_status en_http_part_room(const en_http_part *p, int64_t bytes, en_error *err) EN_CHECKED;
en_status en_http_part_add(en_http_part *p, const void *data, size_t bytes, en_error *err) EN_CHECKED;
/* Syncs the part and gives it its place. */
en_status en_http_part_commit(en_http_part *p, en_error *err) EN_CHECKED;
/* Leaves the part for the next time, unless it is empty. */
void en_http_part_close(en_http_part *p);

#endif
