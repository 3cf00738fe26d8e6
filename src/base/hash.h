/* SHA-256 (FIPS 180-4, OpenSSL's) and the CRC-32 of zip (zlib's polynomial 0xEDB88320). */
#ifndef EN_BASE_HASH_H
#define EN_BASE_HASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

#define EN_SHA256_HEX 65 /* 64 lower-case hex digits and the NUL */

typedef struct en_sha256 en_sha256; /* a running hash */
en_sha256 *en_sha256_new(void);     /* NULL when out of memory */
/* A failure of the library is remembered and reported at the end. */
void en_sha256_add(en_sha256 *h, const void *data, size_t bytes);
/* Ends the hash; it may be used for the next one then. False, with an empty `hex`, when the library failed on the way:
 * what no catalog takes for a hash. */
bool en_sha256_hex(en_sha256 *h, char hex[EN_SHA256_HEX]);
void en_sha256_free(en_sha256 *h);

en_status en_sha256_bytes(const void *data, size_t bytes, char hex[EN_SHA256_HEX], en_error *err) EN_CHECKED;
en_status en_sha256_file(const char *path, char hex[EN_SHA256_HEX], en_error *err) EN_CHECKED;
/* Start with crc = 0. */
uint32_t en_crc32(uint32_t crc, const void *data, size_t bytes);
/* The CRC-32C (Castagnoli, reflected polynomial 0x82F63B78) of more bytes; start with crc = 0. */
uint32_t en_crc32c(uint32_t crc, const void *data, size_t bytes);

#endif
