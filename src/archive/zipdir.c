/* Reading and comparing the headers of zips. */
#include "archive/zipdir.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"

#define END_BYTES 22
#define END_MOST (END_BYTES + 65535 + 20)
#define END_USUAL (END_BYTES + 20 + 56) /* with the records of zip64 */
#define ENTRY_BYTES 46
#define LOCAL_BYTES 30
#define DIRECTORY_CAP ((int64_t)512 << 20)

static uint16_t u16(const unsigned char *p) { return (uint16_t)(p[0] | p[1] << 8); }
static uint32_t u32(const unsigned char *p) { return (uint32_t)u16(p) | (uint32_t)u16(p + 2) << 16; }
static uint64_t u64(const unsigned char *p) { return (uint64_t)u32(p) | (uint64_t)u32(p + 4) << 32; }

/* Bytes of the file; fewer at its end are an error. */
static en_status read_at(en_volume_stream *stream, const en_volumes *v, int64_t at, void *data, size_t bytes,
                         en_error *err)
{
    size_t got = 0;
    en_volume_stream_seek(stream, at);
    en_status st = en_volume_stream_read(stream, data, bytes, &got, err);
    return st != EN_OK || got == bytes
               ? st
               : en_error_set(err, EN_INPUT, "cannot read '%s': its directory leads beyond its end", v->path);
}

/* Finding the directory -------------------------------------------------------------------------------------------- */

typedef struct end_record {
    int64_t record;         /* where it is (of a zip64, the first of its records) */
    int64_t at, bytes;      /* of the directory, as the record has it */
    int64_t entries, shift; /* shift: bytes before the zip */
    int64_t disk, first;    /* numbers, from 0, of the volume of a split zip that this one is, and of the directory's */
    bool unusual;           /* a comment or other bytes are behind it, or it does not say where the directory is */
} end_record;

static en_status no_directory(const en_volumes *v, en_error *err)
{
    return en_error_set(err, EN_INPUT,
                        "cannot read '%s': its directory is missing at the end of '%s'; the file is cut "
                        "short, or a later volume is missing",
                        v->path, en_path_base(v->item[v->count - 1].path));
}

/* Bytes are missing before the directory: of volumes, all but the last are equally long. */
static en_status bytes_missing(const en_volumes *v, int64_t missing, en_error *err)
{
    for (size_t i = 0; i + 1 < v->count; i++) {
        int64_t usual = v->item[i > 0 ? 0 : v->count > 2 ? 1 : 0].bytes;
        if (v->item[i].bytes + missing == usual || (i > 0 && v->item[i].bytes < usual)) {
            return en_error_set(err, EN_INPUT, "cannot read '%s': '%s' is %lld bytes short; fetch that volume again",
                                v->path, v->item[i].path, (long long)missing);
        }
    }
    return en_error_set(err, EN_INPUT, "cannot read '%s': %lld bytes are missing before its directory", v->path,
                        (long long)missing);
}

/* Where volume `number` (0, 1, ...) begins. */
static int64_t volume_start(const en_volumes *v, int64_t number)
{
    int64_t at = 0;
    for (size_t i = 0; i < v->count && (int64_t)i < number; i++) {
        at += v->item[i].bytes;
    }
    return at;
}

/* A split zip says how many volumes it has. */
static en_status check_split(const en_volumes *v, const end_record *end, en_error *err)
{
    if (end->disk + 1 == (int64_t)v->count && end->first <= end->disk) {
        return EN_OK;
    }
    const char *last = en_path_base(v->item[v->count - 1].path);
    return v->count == 1
               ? en_error_set(err, EN_INPUT, "cannot read '%s': it is the last of %lld volumes; '%.*s.z01' is missing",
                              v->path, (long long)end->disk + 1, (int)strlen(last) - 4, last)
               : en_error_set(err, EN_INPUT, "cannot read '%s': it has %lld volumes, and %zu are here", v->path,
                              (long long)end->disk + 1, v->count);
}

/* The zip64 record, which a locator before the end record leads to. */
static en_status read_zip64(en_volume_stream *stream, const en_volumes *v, end_record *end, en_error *err)
{
    unsigned char locator[20], record[56];
    if (end->record < 20) {
        return EN_OK;
    }
    en_status st = read_at(stream, v, end->record - 20, locator, sizeof locator, err);
    if (st != EN_OK || memcmp(locator, "PK\6\7", 4) != 0) {
        return st;
    }
    /* Looked for where it ends, before the locator, so that bytes missing before it do not matter. */
    if (end->record < 20 + 56) {
        return no_directory(v, err);
    }
    int64_t at = end->record - 20 - 56;
    st = read_at(stream, v, at, record, sizeof record, err);
    if (st == EN_OK && memcmp(record, "PK\6\6", 4) != 0) {
        return no_directory(v, err);
    }
    uint64_t entries = u64(record + 32), bytes = u64(record + 40), from = u64(record + 48);
    if (st == EN_OK && (entries > INT64_MAX || bytes > INT64_MAX / 2 || from > INT64_MAX / 2)) {
        return no_directory(v, err);
    }
    end->record = at;
    end->entries = (int64_t)entries;
    end->bytes = (int64_t)bytes;
    end->at = (int64_t)from;
    end->disk = u32(record + 16);
    end->first = u32(record + 20);
    return st;
}

/* In the last `most` bytes; EN_DONE when it is not there. One whose comment ends where the file does goes before one
 * that a comment happens to hold, or that has other bytes behind it, which is looked for in END_MOST bytes only. */
static en_status find_end_in(en_volume_stream *stream, const en_volumes *v, size_t most, end_record *end, en_error *err)
{
    size_t size = v->bytes < (int64_t)most ? (size_t)v->bytes : most;
    unsigned char *tail = en_alloc(size + 1);
    en_status st = tail != NULL ? read_at(stream, v, v->bytes - (int64_t)size, tail, size, err)
                                : en_error_nomem(err, "reading an archive");
    size_t at = size, behind = size; /* size: none */
    for (size_t i = size >= END_BYTES ? size - END_BYTES + 1 : 0; st == EN_OK && at == size && i-- > 0;) {
        if (memcmp(tail + i, "PK\5\6", 4) == 0) {
            size_t after = i + END_BYTES + u16(tail + i + 20);
            at = after == size ? i : at;
            behind = after < size && behind == size ? i : behind;
        }
    }
    at = at == size && most == END_MOST ? behind : at;
    if (st == EN_OK && at == size) {
        st = EN_DONE;
    }
    if (st == EN_OK) {
        const unsigned char *r = tail + at;
        *end = (end_record){.record = v->bytes - (int64_t)size + (int64_t)at,
                            .entries = u16(r + 10),
                            .bytes = u32(r + 12),
                            .at = u32(r + 16),
                            .disk = u16(r + 4),
                            .first = u16(r + 6),
                            .unusual = at + END_BYTES < size};
        st = read_zip64(stream, v, end, err);
        if (end->at == UINT32_MAX && end->bytes <= end->record) { /* as zip -fz leaves it in a pipe */
            end->at = end->record - end->bytes;
            end->unusual = true;
        }
    }
    if (st == EN_OK && end->disk > 0) {
        st = check_split(v, end, err);
        end->at += volume_start(v, end->first);
    }
    en_free(tail);
    return st;
}

/* Without a comment behind it, which is rare, it is in the last bytes: those of a remote file are few then. */
static en_status find_end(en_volume_stream *stream, const en_volumes *v, end_record *end, en_error *err)
{
    en_status st = find_end_in(stream, v, END_USUAL, end, err);
    st = st == EN_DONE ? find_end_in(stream, v, END_MOST, end, err) : st;
    return st == EN_DONE ? no_directory(v, err) : st;
}

bool en_zip_ends(const en_volumes *v)
{
    en_volume_stream *stream = NULL;
    end_record end = {0};
    unsigned char first[4] = {0};
    bool ends = false;
    if (en_volume_stream_open(v, &stream, NULL) == EN_OK) {
        bool found = find_end(stream, v, &end, NULL) == EN_OK;
        /* The last volume of a split zip is one also where the others are not here. */
        ends = end.disk > 0 || (found && end.bytes >= ENTRY_BYTES && end.bytes <= end.record &&
                                read_at(stream, v, end.record - end.bytes, first, sizeof first, NULL) == EN_OK &&
                                memcmp(first, "PK\1\2", 4) == 0);
    }
    en_volume_stream_close(stream);
    return ends;
}

/* Entries ---------------------------------------------------------------------------------------------------------- */

/* Values of the zip64 extra field stand for those that are all ones, in this order; last is the number of a volume. */
static bool read_extra(const unsigned char *extra, size_t length, uint64_t value[3], uint32_t *disk)
{
    for (size_t at = 0; at + 4 <= length;) {
        size_t id = u16(extra + at), size = u16(extra + at + 2);
        const unsigned char *field = extra + at + 4;
        if (at + 4 + size > length) {
            return true; /* some writers pad it with what is none */
        }
        for (size_t i = 0, from = 0; id == 1 && i < 3; i++) {
            if (value[i] == UINT32_MAX) {
                if (from + 8 > size) {
                    return false;
                }
                value[i] = u64(field + from);
                from += 8;
            }
            if (i == 2 && *disk == UINT16_MAX && from + 4 <= size) {
                *disk = u32(field + from);
            }
        }
        at += 4 + size;
    }
    return true;
}

static en_status damaged(const en_volumes *v, en_error *err)
{
    return en_error_set(err, EN_INPUT, "cannot read '%s': its directory is damaged", v->path);
}

static en_status too_many(const en_volumes *v, int64_t most, en_error *err)
{
    return en_error_set(err, EN_INPUT, "refused '%s': it has more than %lld members", v->path, (long long)most);
}

/* One entry at `p`, of which `left` bytes are there; *length is its own. */
static en_status read_entry(const en_volumes *v, const unsigned char *p, size_t left, const end_record *end,
                            en_zip_entry *e, size_t *length, en_error *err)
{
    if (left < ENTRY_BYTES || memcmp(p, "PK\1\2", 4) != 0) {
        return damaged(v, err);
    }
    size_t name = u16(p + 28), extra = u16(p + 30), comment = u16(p + 32);
    *length = ENTRY_BYTES + name + extra + comment;
    uint64_t value[3] = {u32(p + 24), u32(p + 20), u32(p + 42)}; /* unpacked, packed, place */
    uint32_t disk = u16(p + 34);
    if (*length > left || !read_extra(p + ENTRY_BYTES + name, extra, value, &disk) || value[0] > INT64_MAX / 4 ||
        value[1] > INT64_MAX / 4 || value[2] > INT64_MAX / 4) {
        return damaged(v, err);
    }
    *e = (en_zip_entry){.name = en_strndup((const char *)p + ENTRY_BYTES, name),
                        .flags = u16(p + 8),
                        .method = u16(p + 10),
                        .crc32 = u32(p + 16),
                        .bytes = (int64_t)value[0],
                        .packed = (int64_t)value[1],
                        .raw_bytes = *length,
                        .at = (int64_t)value[2] + (end->disk > 0 ? volume_start(v, disk) : end->shift)};
    return e->name != NULL ? EN_OK : en_error_nomem(err, "a directory");
}

static int by_place(const void *a, const void *b)
{
    const en_zip_entry *x = a, *y = b;
    return x->at < y->at ? -1 : x->at > y->at;
}

/* Members that share bytes are a way to make a small zip unpack to very much. */
static en_status refuse_overlaps(const en_volumes *v, const en_zip_directory *d, int64_t directory, en_error *err)
{
    for (size_t i = 0; i < d->count; i++) {
        const en_zip_entry *e = &d->entry[i];
        int64_t next = i + 1 < d->count ? d->entry[i + 1].at : directory;
        if (e->at + LOCAL_BYTES + (int64_t)strlen(e->name) + e->packed > next) {
            return en_error_set(err, EN_INPUT, "refused '%s': its member '%.100s' overlaps with what comes after it",
                                v->path, e->name);
        }
    }
    return EN_OK;
}

static bool is_entry(const unsigned char *p, size_t left) { return left >= 4 && memcmp(p, "PK\1\2", 4) == 0; }

/* Writers without zip64 count to 65,535 and begin again: there may be more entries than the end of the zip says. */
static en_status read_entries(en_volume_stream *stream, const en_volumes *v, const end_record *end, int64_t most,
                              en_zip_directory *d, en_error *err)
{
    unsigned char *all = d->raw = en_alloc((size_t)end->bytes + 1);
    size_t capacity = (size_t)(end->bytes / ENTRY_BYTES < most ? end->bytes / ENTRY_BYTES : most);
    d->entry = en_calloc(capacity + 1, sizeof *d->entry);
    en_status st = all != NULL && d->entry != NULL
                       ? read_at(stream, v, end->at + end->shift, all, (size_t)end->bytes, err)
                       : en_error_nomem(err, "a directory");
    size_t at = 0, bytes = (size_t)end->bytes;
    while (st == EN_OK && (d->count < (size_t)end->entries || is_entry(all + at, bytes - at))) {
        size_t length = 0;
        st = d->count < capacity        ? read_entry(v, all + at, bytes - at, end, &d->entry[d->count], &length, err)
             : capacity == (size_t)most ? too_many(v, most, err)
                                        : damaged(v, err);
        if (st == EN_OK) {
            d->entry[d->count++].raw = at;
        }
        at += length;
    }
    if (st == EN_OK && (d->count & UINT16_MAX) != ((size_t)end->entries & UINT16_MAX)) {
        st = en_error_set(err, EN_INPUT, "cannot read '%s': its directory has %zu members, and its end says %lld",
                          v->path, d->count, (long long)end->entries);
    }
    return st;
}

en_status en_zip_directory_read(const en_volumes *v, int64_t most, en_zip_directory *d, en_error *err)
{
    en_volume_stream *stream = NULL;
    end_record end = {0};
    *d = (en_zip_directory){0};
    en_status st = en_volume_stream_open(v, &stream, err);
    if (st == EN_OK) {
        st = find_end(stream, v, &end, err);
    }
    if (st != EN_OK) {
        goto done;
    }
    end.shift = end.record - end.bytes - end.at;
    if (end.shift < 0) {
        st = bytes_missing(v, -end.shift, err);
    } else if (end.entries > most) {
        st = too_many(v, most, err);
    } else if (end.bytes > DIRECTORY_CAP || end.entries > end.bytes / ENTRY_BYTES) {
        st = damaged(v, err);
    } else {
        st = read_entries(stream, v, &end, most, d, err);
    }
    if (st == EN_OK) {
        qsort(d->entry, d->count, sizeof *d->entry, by_place);
        d->at = end.at + end.shift;
        d->unusual = end.disk > 0 || end.shift > 0 || end.unusual || d->count != (size_t)end.entries;
        st = refuse_overlaps(v, d, d->at, err);
    }
done:
    en_volume_stream_close(stream);
    if (st != EN_OK) {
        en_zip_directory_clear(d);
    }
    return st;
}

void en_zip_directory_clear(en_zip_directory *d)
{
    for (size_t i = 0; i < d->count; i++) {
        en_free(d->entry[i].name);
    }
    en_free(d->entry);
    en_free(d->raw);
    *d = (en_zip_directory){0};
}

/* Local headers ---------------------------------------------------------------------------------------------------- */

static bool is_known_method(unsigned method)
{
    return method == 0 || method == 8 || method == 12 || method == 14 || method == 95; /* as libarchive has them */
}

en_status en_zip_compare(const en_zip_entry *e, en_volume_stream *stream, char why[200], bool *method, en_error *err)
{
    unsigned char local[LOCAL_BYTES];
    char name[65536];
    size_t got = 0, length = strlen(e->name);
    why[0] = '\0';
    *method = false;
    en_volume_stream_seek(stream, e->at);
    en_status st = en_volume_stream_read(stream, local, sizeof local, &got, err);
    if (st != EN_OK) {
        return st;
    }
    if (got < sizeof local || memcmp(local, "PK\3\4", 4) != 0) {
        en_print(why, 200, "its header is not where the directory says");
        return EN_OK;
    }
    st = en_volume_stream_read(stream, name, u16(local + 26), &got, err);
    if (st != EN_OK) {
        return st;
    }
    bool later = (u16(local + 6) & 8) != 0; /* CRC and lengths come after the bytes */
    bool sizes = later || ((u32(local + 18) == UINT32_MAX || u32(local + 18) == (uint32_t)e->packed) &&
                           (u32(local + 22) == UINT32_MAX || u32(local + 22) == (uint32_t)e->bytes));
    if (got != length || memcmp(name, e->name, length) != 0) {
        name[got < 80 ? got : 80] = '\0';
        for (char *c = name; *c != '\0'; c++) {
            *c = (unsigned char)*c < ' ' || *c == 0x7f ? '?' : *c;
        }
        en_print(why, 200, "its own header calls it '%s'", name);
    } else if (u16(local + 8) != e->method || ((u16(local + 6) ^ e->flags) & 1) != 0) {
        en_print(why, 200, "its own header and the directory have other methods of compression");
    } else if (!sizes || (!later && u32(local + 14) != e->crc32)) {
        en_print(why, 200, "its own header and the directory have other lengths or checksums");
    } else if (!is_known_method(e->method)) {
        en_print(why, 200, "it is compressed by a method that is not known here (%u%s)", e->method,
                 e->method == 9 ? ", Deflate64" : "");
        *method = true;
    }
    return EN_OK;
}
