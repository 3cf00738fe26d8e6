/* Reading pieces of a file on a server, without downloading it: for looking into an archive. Every piece is of one
 * version of the file: the same ETag (or date) and length. */
#ifndef EN_NET_RANGE_H
#define EN_NET_RANGE_H

#include "net/route.h"

typedef struct en_http_ranges {
    en_http *http; /* borrowed */
    en_http_place place;
    char *shown;
    en_http_route route;
    en_http_identity identity;
    int64_t total; /* bytes of the file */
    int64_t moved; /* bytes of bodies that came */
    int status;    /* the last HTTP status; 0: none */
} en_http_ranges;

/* Asks for the first bytes, which go to `head` (zeros behind a shorter file). `place` is copied; what it points to must
 * outlive the struct. EN_DONE when the server does not send pieces, or does not identify what it sends. Other errors
 * are those of en_http_fetch. */
en_status en_http_ranges_open(en_http_ranges *r, en_http *http, const en_http_place *place, unsigned char head[4],
                              en_error *err) EN_CHECKED;
/* `bytes` bytes from byte `from` on, all of them in the file. EN_NETWORK when the file is another by now. */
en_status en_http_ranges_read(en_http_ranges *r, int64_t from, void *data, size_t bytes, en_error *err) EN_CHECKED;
void en_http_ranges_close(en_http_ranges *r); /* safe on a zeroed one */

#endif
