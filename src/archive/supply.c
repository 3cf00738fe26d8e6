#include "archive/supply.h"

#include <errno.h>
#include <stdio.h>

#include "base/memory.h"

#define BLOCK_FIRST ((size_t)8 << 10) /* read after a seek, when most likely only a header is wanted */
#define BLOCK_MOST ((size_t)1 << 20)  /* doubled up to this while reading goes straight on */

static size_t zeros_at_end(const unsigned char *bytes, size_t count)
{
    size_t zeros = 0;
    while (zeros < count && bytes[count - 1 - zeros] == 0) {
        zeros++;
    }
    return zeros;
}

/* What comes out of a compressed file is held to the cap as it comes: folders and padding have no length. */
static en_status inflate_block(en_supply *s, size_t *got, en_error *err)
{
    en_status st = en_inflow_read(s->inflow, s->block, BLOCK_MOST, got, err);
    s->inflated += (int64_t)*got;
    int64_t zeros = (int64_t)zeros_at_end(s->block, *got);
    s->zeros = zeros == (int64_t)*got ? s->zeros + zeros : zeros;
    if (st == EN_OK && s->inflated > EN_RATIO_FROM && s->inflated / s->ratio >= s->volumes->bytes) {
        st = en_error_set(err, EN_INPUT, "refused '%s': it unpacks to more than %lld times its own size",
                          s->volumes->path, (long long)s->ratio);
    }
    return st == EN_OK ? en_stop_check(s->events, err) : st;
}

static la_ssize_t on_inflow(struct archive *lib, void *ctx, const void **data)
{
    en_supply *s = ctx;
    size_t got = 0;
    *data = s->block;
    if (inflate_block(s, &got, &s->fault) != EN_OK) {
        archive_set_error(lib, EIO, "%s", s->fault.text);
        return -1;
    }
    return (la_ssize_t)got;
}

static la_ssize_t on_read(struct archive *lib, void *ctx, const void **data)
{
    en_supply *s = ctx;
    size_t got;
    *data = s->block;
    if (en_volume_stream_read(s->stream, s->block, s->want, &got, &s->fault) != EN_OK) {
        archive_set_error(lib, EIO, "%s", s->fault.text);
        return -1;
    }
    s->want = s->want < BLOCK_MOST ? s->want * 2 : BLOCK_MOST;
    return (la_ssize_t)got;
}

static la_int64_t on_seek(struct archive *lib, void *ctx, la_int64_t offset, int whence)
{
    (void)lib;
    en_supply *s = ctx;
    int64_t from = whence == SEEK_CUR ? en_volume_stream_tell(s->stream) : whence == SEEK_END ? s->view->bytes : 0;
    int64_t to;
    if (__builtin_add_overflow(from, offset, &to)) {
        return ARCHIVE_FATAL;
    }
    en_volume_stream_seek(s->stream, to);
    s->want = BLOCK_FIRST;
    return en_volume_stream_tell(s->stream);
}

static la_int64_t on_skip(struct archive *lib, void *ctx, la_int64_t bytes)
{
    en_supply *s = ctx;
    int64_t before = en_volume_stream_tell(s->stream);
    return on_seek(lib, ctx, bytes, SEEK_CUR) < 0 ? 0 : en_volume_stream_tell(s->stream) - before;
}

en_status en_supply_open(en_supply *s, en_error *err)
{
    s->block = en_alloc(BLOCK_MOST);
    return s->block != NULL ? en_volume_stream_open(s->view, &s->stream, err)
                            : en_error_nomem(err, "reading an archive");
}

en_status en_supply_head(en_supply *s, void *head, size_t capacity, size_t *got, en_error *err)
{
    en_volume_stream_seek(s->stream, 0);
    en_status st = en_volume_stream_read(s->stream, head, capacity, got, err);
    en_volume_stream_seek(s->stream, 0);
    return st;
}

en_status en_supply_inflate(en_supply *s, en_error *err)
{
    return en_inflow_open(s->stream, s->volumes, &s->inflow, err);
}

void en_supply_begin(en_supply *s, struct archive *lib)
{
    archive_read_set_callback_data(lib, s);
    if (s->inflow != NULL) {
        archive_read_set_read_callback(lib, on_inflow);
        return;
    }
    en_volume_stream_seek(s->stream, 0);
    s->want = BLOCK_FIRST;
    archive_read_set_read_callback(lib, on_read);
    archive_read_set_skip_callback(lib, on_skip);
    archive_read_set_seek_callback(lib, on_seek);
}

en_status en_supply_drain(en_supply *s, en_error *err)
{
    size_t got = 0;
    en_status st;
    do {
        st = inflate_block(s, &got, err);
    } while (st == EN_OK && got > 0);
    return st;
}

bool en_supply_ends_in_zeros(const en_supply *s)
{
    unsigned char last[EN_TAR_BLOCK] = {0};
    en_volume_stream *stream = NULL;
    size_t got = 0;
    if (s->inflow != NULL) {
        return s->zeros >= EN_TAR_BLOCK;
    }
    if (s->volumes->bytes >= EN_TAR_BLOCK && en_volume_stream_open(s->volumes, &stream, NULL) == EN_OK) {
        en_volume_stream_seek(stream, s->volumes->bytes - EN_TAR_BLOCK);
        got = en_volume_stream_read(stream, last, sizeof last, &got, NULL) == EN_OK ? got : 0;
    }
    en_volume_stream_close(stream);
    return zeros_at_end(last, got) == EN_TAR_BLOCK;
}

bool en_supply_is_compressed_twice(const en_supply *s)
{
    return s->inflow != NULL && en_inflow_known(s->block, BLOCK_FIRST);
}

void en_supply_close(en_supply *s)
{
    en_inflow_free(s->inflow);
    en_volume_stream_close(s->stream);
    en_free(s->block);
}
