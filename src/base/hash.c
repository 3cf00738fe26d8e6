/* SHA-256 by OpenSSL's EVP; CRC-32 by zlib. */
#include "base/hash.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <zlib.h>

#include "base/memory.h"

struct en_sha256 {
    EVP_MD_CTX *md;
    bool failed; /* a digest may be refused or out of memory, and what it returns then is not a hash */
};

static void begin(en_sha256 *h) { h->failed = EVP_DigestInit_ex(h->md, EVP_sha256(), NULL) != 1; }

en_sha256 *en_sha256_new(void)
{
    en_sha256 *h = en_calloc(1, sizeof *h);
    if (h == NULL) {
        return NULL;
    }
    h->md = EVP_MD_CTX_new();
    if (h->md != NULL) {
        begin(h);
    }
    if (h->md == NULL || h->failed) {
        en_sha256_free(h);
        return NULL;
    }
    return h;
}

void en_sha256_add(en_sha256 *h, const void *data, size_t bytes)
{
    h->failed = EVP_DigestUpdate(h->md, data, bytes) != 1 || h->failed;
}

bool en_sha256_hex(en_sha256 *h, char hex[EN_SHA256_HEX])
{
    static const char digits[] = "0123456789abcdef";
    unsigned char sum[EVP_MAX_MD_SIZE];
    bool good = !h->failed && EVP_DigestFinal_ex(h->md, sum, NULL) == 1;
    for (size_t i = 0; good && i < 32; i++) {
        hex[2 * i] = digits[sum[i] >> 4];
        hex[2 * i + 1] = digits[sum[i] & 15];
    }
    hex[good ? 64 : 0] = '\0';
    begin(h);
    return good;
}

void en_sha256_free(en_sha256 *h)
{
    if (h != NULL) {
        EVP_MD_CTX_free(h->md);
        en_free(h);
    }
}

static en_status no_hash(en_error *err)
{
    return en_error_set(err, EN_IO, "OpenSSL cannot make a SHA-256: its installation or its settings forbid it");
}

en_status en_sha256_bytes(const void *data, size_t bytes, char hex[EN_SHA256_HEX], en_error *err)
{
    en_sha256 *h = en_sha256_new();
    if (h == NULL) {
        return en_error_nomem(err, "a hash");
    }
    en_sha256_add(h, data, bytes);
    en_status st = en_sha256_hex(h, hex) ? EN_OK : no_hash(err);
    en_sha256_free(h);
    return st;
}

en_status en_sha256_file(const char *path, char hex[EN_SHA256_HEX], en_error *err)
{
    en_status st = EN_OK;
    FILE *f = fopen(path, "rb");
    if (f == NULL) {
        return en_error_errno(err, "cannot open '%s'", path);
    }
    en_sha256 *h = en_sha256_new();
    if (h == NULL) {
        st = en_error_nomem(err, "a hash");
        goto done;
    }
    unsigned char block[1 << 14];
    size_t got;
    while ((got = fread(block, 1, sizeof block, f)) > 0) {
        en_sha256_add(h, block, got);
    }
    if (ferror(f)) {
        st = en_error_errno(err, "cannot read '%s'", path);
        goto done;
    }
    st = en_sha256_hex(h, hex) ? EN_OK : no_hash(err);
done:
    en_sha256_free(h);
    fclose(f);
    return st;
}

uint32_t en_crc32(uint32_t crc, const void *data, size_t bytes)
{
    return bytes > 0 ? (uint32_t)crc32_z(crc, data, bytes) : crc; /* zlib takes a NULL for "begin anew" */
}
