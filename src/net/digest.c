/* Checksums in headers, and of files. Uses OpenSSL for MD5, SHA-256 and base64. */
#include "net/digest.h"

#include <errno.h>
#include <openssl/evp.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/memory.h"

#define BLOCK ((size_t)256 << 10)

/* Headers ---------------------------------------------------------------------------------------------------------- */

/* Base64 of exactly `bytes` bytes. */
static bool decode(const char *text, size_t length, unsigned char *out, size_t bytes)
{
    unsigned char raw[64];
    size_t padding = length > 1 && text[length - 2] == '=' ? 2 : length > 0 && text[length - 1] == '=' ? 1 : 0;
    if (length % 4 != 0 || length / 4 * 3 > sizeof raw || length / 4 * 3 != bytes + padding ||
        EVP_DecodeBlock(raw, (const unsigned char *)text, (int)length) != (int)(bytes + padding)) {
        return false;
    }
    memcpy(out, raw, bytes);
    return true;
}

static void take_crc32c(en_http_sums *s, const char *text, size_t length)
{
    unsigned char b[4]; /* big-endian */
    if (decode(text, length, b, sizeof b)) {
        s->crc32c = (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
        s->has_crc32c = true;
    }
}

/* A list "md5=BASE64, crc32c=BASE64", in RFC 9530 with the values in colons. */
static void take_list(en_http_sums *s, const char *at)
{
    while (*at != '\0') {
        at += strspn(at, ", ");
        size_t whole = strcspn(at, ","), key = strcspn(at, "=,");
        if (key < whole) {
            const char *value = at + key + 1;
            size_t length = whole - key - 1;
            while (length > 0 && value[length - 1] == ' ') {
                length--;
            }
            if (length > 2 && value[0] == ':' && value[length - 1] == ':') {
                value++;
                length -= 2;
            }
            if (key == 3 && strncasecmp(at, "md5", 3) == 0) {
                s->has_md5 = decode(value, length, s->md5, EN_MD5_BYTES) || s->has_md5;
            } else if (key == 6 && strncasecmp(at, "crc32c", 6) == 0) {
                take_crc32c(s, value, length);
            } else if (key == 7 && strncasecmp(at, "sha-256", 7) == 0) {
                s->has_sha256 = decode(value, length, s->sha256, EN_SHA256_BYTES) || s->has_sha256;
            }
        }
        at += whole;
    }
}

void en_http_sums_header(en_http_sums *s, const char *name, const char *value, bool whole)
{
    size_t length = strlen(value);
    if (strcasecmp(name, "x-goog-hash") == 0 || strcasecmp(name, "repr-digest") == 0 ||
        strcasecmp(name, "digest") == 0 || (whole && strcasecmp(name, "content-digest") == 0)) {
        take_list(s, value);
    } else if (strcasecmp(name, "x-amz-checksum-crc32c") == 0) { /* of parts it ends "-COUNT", which is no base64 */
        take_crc32c(s, value, length);
    } else if (strcasecmp(name, "x-amz-checksum-sha256") == 0) {
        s->has_sha256 = decode(value, length, s->sha256, EN_SHA256_BYTES) || s->has_sha256;
    } else if (whole && strcasecmp(name, "content-md5") == 0) {
        s->has_md5 = decode(value, length, s->md5, EN_MD5_BYTES) || s->has_md5;
    }
}

/* Files ------------------------------------------------------------------------------------------------------------ */

typedef struct summing {
    const en_http_sums *wanted;
    EVP_MD_CTX *md5, *sha256; /* NULL unless wanted */
    uint32_t crc32c;
} summing;

static bool begin(summing *s)
{
    s->md5 = s->wanted->has_md5 ? EVP_MD_CTX_new() : NULL;
    s->sha256 = s->wanted->has_sha256 ? EVP_MD_CTX_new() : NULL;
    return (!s->wanted->has_md5 || (s->md5 != NULL && EVP_DigestInit_ex(s->md5, EVP_md5(), NULL) == 1)) &&
           (!s->wanted->has_sha256 || (s->sha256 != NULL && EVP_DigestInit_ex(s->sha256, EVP_sha256(), NULL) == 1));
}

static bool add(summing *s, const void *data, size_t bytes)
{
    if (s->wanted->has_crc32c) {
        s->crc32c = en_crc32c(s->crc32c, data, bytes);
    }
    return (s->md5 == NULL || EVP_DigestUpdate(s->md5, data, bytes) == 1) &&
           (s->sha256 == NULL || EVP_DigestUpdate(s->sha256, data, bytes) == 1);
}

/* The checksum that differs, or NULL. */
static const char *difference(summing *s)
{
    unsigned char got[EVP_MAX_MD_SIZE];
    if (s->wanted->has_crc32c && s->crc32c != s->wanted->crc32c) {
        return "CRC-32C";
    }
    if (s->md5 != NULL &&
        (EVP_DigestFinal_ex(s->md5, got, NULL) != 1 || memcmp(got, s->wanted->md5, EN_MD5_BYTES) != 0)) {
        return "MD5";
    }
    if (s->sha256 != NULL &&
        (EVP_DigestFinal_ex(s->sha256, got, NULL) != 1 || memcmp(got, s->wanted->sha256, EN_SHA256_BYTES) != 0)) {
        return "SHA-256";
    }
    return NULL;
}

en_status en_http_sums_check(const en_http_sums *sums, int fd, const char *path, int64_t bytes, const en_events *events,
                             en_error *err)
{
    summing s = {.wanted = sums};
    unsigned char *block = en_alloc(BLOCK);
    en_status st = begin(&s) && block != NULL ? EN_OK : en_error_nomem(err, "a checksum");
    en_event_begin(events, "verify", "bytes", bytes);
    for (int64_t at = 0; at < bytes && st == EN_OK;) {
        size_t wanted = bytes - at < (int64_t)BLOCK ? (size_t)(bytes - at) : BLOCK;
        ssize_t n = pread(fd, block, wanted, (off_t)at);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            st = n < 0 ? en_error_errno(err, "cannot read '%s'", path)
                       : en_error_set(err, EN_IO, "'%s' became shorter while it was read", path);
        } else if (!add(&s, block, (size_t)n)) {
            st = en_error_nomem(err, "a checksum");
        } else {
            at += n;
            en_event_progress(events, at, bytes, NULL);
            st = en_stop_check(events, err);
        }
    }
    en_event_end(events, bytes, bytes);
    const char *other = st == EN_OK ? difference(&s) : NULL;
    if (other != NULL) {
        st = en_error_set(err, EN_NETWORK, "its %s is not the one that the server sent with it", other);
    }
    EVP_MD_CTX_free(s.md5);
    EVP_MD_CTX_free(s.sha256);
    en_free(block);
    return st;
}
