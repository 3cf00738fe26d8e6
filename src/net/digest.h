/* Checksums that servers send with a file: what came is compared with them. For http.c and answer.c alone. */
#ifndef EN_NET_DIGEST_H
#define EN_NET_DIGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/events.h"

#define EN_MD5_BYTES 16
#define EN_SHA256_BYTES 32

/* Of the whole file, whichever part of it an answer brings. */
typedef struct en_http_sums {
    bool has_md5, has_crc32c, has_sha256;
    unsigned char md5[EN_MD5_BYTES], sha256[EN_SHA256_BYTES];
    uint32_t crc32c;
} en_http_sums;

/* Takes in one header: x-goog-hash, x-amz-checksum-crc32c and -sha256, Repr-Digest (RFC 9530) and Digest (RFC 3230);
 * Content-MD5 and Content-Digest only with `whole`, as they are about the bytes of one answer. Any other header, and a
 * value that cannot be read, changes nothing. */
void en_http_sums_header(en_http_sums *sums, const char *name, const char *value, bool whole);
static inline bool en_http_sums_any(const en_http_sums *s) { return s->has_md5 || s->has_crc32c || s->has_sha256; }

/* Reads the first `bytes` bytes of an open file. EN_NETWORK, naming the checksum, when they are not those of the sums;
 * `path` is for messages. */
en_status en_http_sums_check(const en_http_sums *sums, int fd, const char *path, int64_t bytes, const en_events *events,
                             en_error *err) EN_CHECKED;

#endif
