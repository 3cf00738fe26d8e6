/* SHA-256 by OpenSSL's EVP; CRC-32 by tables. */
#include "base/hash.h"

#include <openssl/evp.h>
#include <stdio.h>

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
    unsigned char block[1 << 16];
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

/* One byte more, by the remainders of the 16 nibbles (reflected polynomial). */
static uint32_t crc_byte(uint32_t crc)
{
    static const uint32_t nibble[16] = {0x00000000, 0x1DB71064, 0x3B6E20C8, 0x26D930AC, 0x76DC4190, 0x6B6B51F4,
                                        0x4DB26158, 0x5005713C, 0xEDB88320, 0xF00F9344, 0xD6D6A3E8, 0xCB61B38C,
                                        0x9B64C2B0, 0x86D3D2D4, 0xA00AE278, 0xBDBDF21C};
    crc = nibble[crc & 15] ^ (crc >> 4);
    return nibble[crc & 15] ^ (crc >> 4);
}

/* Eight bytes a step ("slicing by 8", Kounavis and Berry 2005): after[k] holds the remainders of a byte that k more
 * bytes follow. The tables are 8 KiB and made in a few microseconds: worth it from a kilobyte on. */
static uint32_t crc_long(uint32_t crc, const unsigned char *at, size_t steps)
{
    uint32_t after[8][256];
    for (uint32_t i = 0; i < 256; i++) {
        after[0][i] = crc_byte(i);
    }
    for (size_t k = 1; k < 8; k++) {
        for (size_t i = 0; i < 256; i++) {
            after[k][i] = (after[k - 1][i] >> 8) ^ after[0][after[k - 1][i] & 255];
        }
    }
    for (; steps > 0; steps--, at += 8) {
        crc ^= (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
        crc = after[7][crc & 255] ^ after[6][(crc >> 8) & 255] ^ after[5][(crc >> 16) & 255] ^ after[4][crc >> 24] ^
              after[3][at[4]] ^ after[2][at[5]] ^ after[1][at[6]] ^ after[0][at[7]];
    }
    return crc;
}

uint32_t en_crc32(uint32_t crc, const void *data, size_t bytes)
{
    const unsigned char *at = data;
    crc = ~crc;
    if (bytes >= 1024) {
        crc = crc_long(crc, at, bytes / 8);
        at += bytes / 8 * 8;
        bytes %= 8;
    }
    for (size_t i = 0; i < bytes; i++) {
        crc = crc_byte(crc ^ at[i]);
    }
    return ~crc;
}
