/* Unpacking one compressed file. Uses zlib, and libarchive through archive/reader. */
#include "archive/unpack.h"

#include <stdint.h>
#include <string.h>
#include <zlib.h>

#include "archive/reader.h"
#include "base/memory.h"

#define BLOCK ((size_t)64 << 10)

static bool is_zip(const unsigned char *b, size_t size) { return size >= 4 && memcmp(b, "PK\3\4", 4) == 0; }

bool en_unpack_known(const void *bytes, size_t size)
{
    const unsigned char *b = bytes;
    return is_zip(b, size) || (size >= 3 && b[0] == 0x1F && b[1] == 0x8B && b[2] == 8);
}

/* All members of a gzip, one after the other, as gunzip has it. */
static en_status gunzip(const char *path, const void *bytes, size_t size, en_buf *out, en_error *err)
{
    unsigned char *block = en_alloc(BLOCK);
    z_stream z = {.next_in = (Bytef *)(uintptr_t)bytes, .avail_in = (uInt)size};
    if (block == NULL || inflateInit2(&z, 15 + 16) != Z_OK) {
        en_free(block);
        return en_error_nomem(err, "unpacking a file");
    }
    en_status st = EN_OK;
    for (int code = Z_OK; st == EN_OK;) {
        z.next_out = block;
        z.avail_out = (uInt)BLOCK;
        code = inflate(&z, Z_NO_FLUSH);
        st = en_buf_add(out, block, BLOCK - z.avail_out, err);
        if (code == Z_STREAM_END && (z.avail_in == 0 || inflateReset(&z) != Z_OK)) {
            break;
        }
        if (st == EN_OK && code != Z_OK && code != Z_STREAM_END) {
            st = en_error_set(err, EN_INPUT, "'%s' is a damaged gzip file: %s", path,
                              code == Z_BUF_ERROR ? "it is cut short" : "its data or checksum is wrong");
        }
    }
    inflateEnd(&z);
    en_free(block);
    return st;
}

static bool counts(const char *path)
{
    const char *slash = strrchr(path, '/'), *base = slash != NULL ? slash + 1 : path;
    return strncmp(path, "__MACOSX/", 9) != 0 && base[0] != '.';
}

static en_status read_member(en_archive *a, en_buf *out, en_error *err)
{
    char block[4096];
    size_t got;
    en_status st;
    while ((st = en_archive_read(a, block, sizeof block, &got, err)) == EN_OK) {
        st = en_buf_add(out, block, got, err);
        if (st != EN_OK) {
            return st;
        }
    }
    return st == EN_DONE ? EN_OK : st;
}

static en_status unzip(const char *path, en_buf *out, en_error *err)
{
    en_volumes file = {0};
    en_archive *a = NULL;
    const en_member *m;
    size_t members = 0;
    en_status st = en_volumes_find(path, &file, err);
    if (st == EN_OK) {
        st = en_archive_open(&file, NULL, &a, err);
    }
    while (st == EN_OK && (st = en_archive_next(a, &m, err)) == EN_OK) {
        if (strcmp(m->path, "xl/workbook.xml") == 0) {
            st = en_error_hint(err, en_error_set(err, EN_INPUT, "'%s' is an Excel workbook", path),
                               "save the sheet as CSV");
        } else if (counts(m->path) && members++ == 0 && strncmp(m->path, "[Content_Types]", 15) != 0) {
            st = read_member(a, out, err);
        }
    }
    if (st == EN_DONE) {
        st = members == 1
                 ? EN_OK
                 : en_error_hint(err, en_error_set(err, EN_INPUT, "'%s' is a zip archive of %zu files", path, members),
                                 "unpack it, and name the file that is meant");
    }
    en_archive_free(a);
    en_volumes_clear(&file);
    return st;
}

en_status en_unpack(const char *path, const void *bytes, size_t size, en_buf *out, en_error *err)
{
    return is_zip(bytes, size) ? unzip(path, out, err) : gunzip(path, bytes, size, out, err);
}
