/* Inflating gzip with zlib, and xz, bzip2 and zstd with libarchive. */
#include "archive/inflow.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <zlib.h>

#include "base/memory.h"

#define BLOCK ((size_t)256 << 10)

struct en_inflow {
    en_volume_stream *stream;
    const en_volumes *volumes;
    unsigned char *block;
    z_stream z;
    bool is_gzip, ready; /* ready: `z` is to be ended */
    bool inside;         /* a gzip member has begun and not ended */
    bool ended;
    struct archive *lib; /* of what is not gzip */
    en_error fault;
};

bool en_inflow_known(const void *head, size_t bytes)
{
    const unsigned char *h = head;
    return (bytes >= 3 && memcmp(h, "\x1f\x8b\x08", 3) == 0) ||
           (bytes >= 6 && memcmp(h,
                                 "\xfd"
                                 "7zXZ\0",
                                 6) == 0) ||
           (bytes >= 4 && memcmp(h, "BZh", 3) == 0 && h[3] >= '1' && h[3] <= '9') ||
           (bytes >= 4 && memcmp(h, "\x28\xb5\x2f\xfd", 4) == 0);
}

static en_status damaged(const en_inflow *f, const char *why, en_error *err)
{
    return en_error_set(err, EN_INPUT, "'%s' is damaged: %s", f->volumes->path, why);
}

static la_ssize_t on_read(struct archive *lib, void *ctx, const void **data)
{
    en_inflow *f = ctx;
    size_t got;
    *data = f->block;
    if (en_volume_stream_read(f->stream, f->block, BLOCK, &got, &f->fault) != EN_OK) {
        archive_set_error(lib, EIO, "%s", f->fault.text);
        return -1;
    }
    return (la_ssize_t)got;
}

static en_status library_error(const en_inflow *f, en_error *err)
{
    const char *why = archive_error_string(f->lib);
    return f->fault.status != EN_OK ? en_error_copy(err, &f->fault)
                                    : damaged(f, why != NULL ? why : "it cannot be decompressed", err);
}

static en_status open_library(en_inflow *f, en_error *err)
{
    struct archive_entry *entry;
    f->lib = archive_read_new();
    if (f->lib == NULL) {
        return en_error_nomem(err, "reading an archive");
    }
    bool ok = archive_read_support_format_raw(f->lib) == ARCHIVE_OK &&
              archive_read_support_filter_xz(f->lib) == ARCHIVE_OK &&
              archive_read_support_filter_bzip2(f->lib) == ARCHIVE_OK &&
              archive_read_support_filter_zstd(f->lib) == ARCHIVE_OK &&
              archive_read_open(f->lib, f, NULL, on_read, NULL) == ARCHIVE_OK &&
              archive_read_next_header(f->lib, &entry) == ARCHIVE_OK;
    return ok ? EN_OK : library_error(f, err);
}

en_status en_inflow_open(en_volume_stream *stream, const en_volumes *volumes, en_inflow **out, en_error *err)
{
    unsigned char head[2] = {0};
    size_t got = 0;
    en_inflow *f = en_calloc(1, sizeof *f);
    *out = NULL;
    if (f == NULL || (f->block = en_alloc(BLOCK)) == NULL) {
        en_free(f);
        return en_error_nomem(err, "reading an archive");
    }
    f->stream = stream;
    f->volumes = volumes;
    en_status st = en_volume_stream_read(stream, head, sizeof head, &got, err);
    en_volume_stream_seek(stream, 0);
    f->is_gzip = got == 2 && head[0] == 0x1f && head[1] == 0x8b;
    if (st == EN_OK && f->is_gzip) {
        f->ready = inflateInit2(&f->z, 15 + 16) == Z_OK; /* 16: gzip, whose CRC and length zlib compares */
        st = f->ready ? EN_OK : en_error_nomem(err, "reading an archive");
    } else if (st == EN_OK) {
        st = open_library(f, err);
    }
    if (st != EN_OK) {
        en_inflow_free(f);
        return st;
    }
    *out = f;
    return EN_OK;
}

/* More input, when all has been used; at the end of the file *more is false. */
static en_status refill(en_inflow *f, bool *more, en_error *err)
{
    size_t got = f->z.avail_in;
    en_status st = EN_OK;
    if (got == 0) {
        st = en_volume_stream_read(f->stream, f->block, BLOCK, &got, err);
        f->z.next_in = f->block;
        f->z.avail_in = (uInt)got;
    }
    *more = got > 0;
    return st;
}

/* After a member comes another one, or the end; what is neither is padding, which gzip ignores as well. */
static en_status next_member(en_inflow *f, en_error *err)
{
    bool more;
    en_status st = refill(f, &more, err);
    if (st == EN_OK && (!more || f->z.next_in[0] != 0x1f)) {
        f->ended = true;
    } else if (st == EN_OK && inflateReset(&f->z) != Z_OK) {
        st = en_error_nomem(err, "reading an archive");
    }
    return st;
}

static en_status read_gzip(en_inflow *f, void *data, size_t capacity, size_t *got, en_error *err)
{
    f->z.next_out = data;
    f->z.avail_out = (uInt)(capacity < UINT_MAX / 2 ? capacity : UINT_MAX / 2);
    const uInt wanted = f->z.avail_out;
    while (f->z.avail_out == wanted && !f->ended) {
        bool more;
        en_status st = refill(f, &more, err);
        if (st != EN_OK) {
            return st;
        }
        if (!more) {
            return damaged(f, "it is cut short: its gzip checksum is missing", err);
        }
        int code = inflate(&f->z, Z_NO_FLUSH);
        if (code == Z_STREAM_END) {
            st = next_member(f, err);
            if (st != EN_OK) {
                return st;
            }
        } else if (code == Z_MEM_ERROR) {
            return en_error_nomem(err, "reading an archive");
        } else if (code != Z_OK && code != Z_BUF_ERROR) {
            return damaged(f, f->z.msg != NULL ? f->z.msg : "its gzip stream is invalid", err);
        }
    }
    *got = wanted - f->z.avail_out;
    return EN_OK;
}

en_status en_inflow_read(en_inflow *f, void *data, size_t capacity, size_t *got, en_error *err)
{
    *got = 0;
    if (f->is_gzip) {
        return read_gzip(f, data, capacity, got, err);
    }
    la_ssize_t n = archive_read_data(f->lib, data, capacity);
    if (n < 0) {
        return library_error(f, err);
    }
    *got = (size_t)n;
    return EN_OK;
}

void en_inflow_free(en_inflow *f)
{
    if (f == NULL) {
        return;
    }
    if (f->ready) {
        inflateEnd(&f->z);
    }
    if (f->lib != NULL) {
        archive_read_free(f->lib);
    }
    en_free(f->block);
    en_free(f);
}
