/* Writing the directory of a zip whose members are another's. */
#include <string.h>

#include "archive/zipdir.h"

#define ENTRY_BYTES 46
#define LOCAL_BYTES 30
#define DESCRIPTOR_BYTES 24 /* behind a member whose lengths were not known before it */

static uint16_t u16(const unsigned char *p) { return (uint16_t)(p[0] | p[1] << 8); }

static void put(unsigned char *p, uint64_t value, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++) {
        p[i] = (unsigned char)(value >> (8 * i));
    }
}

int64_t en_zip_entry_end(const en_zip_directory *d, size_t i)
{
    const en_zip_entry *e = &d->entry[i];
    int64_t next = i + 1 < d->count ? d->entry[i + 1].at : d->at;
    int64_t most = e->at + LOCAL_BYTES + (int64_t)strlen(e->name) + UINT16_MAX + e->packed + DESCRIPTOR_BYTES;
    return next < most ? next : most;
}

/* A value that does not fit goes into the zip64 field instead. */
static void put_or_extend(unsigned char *at, int64_t value, unsigned char extra[28], size_t *extended)
{
    bool fits = value < UINT32_MAX;
    put(at, fits ? (uint64_t)value : UINT32_MAX, 4);
    if (!fits) {
        put(extra + 4 + *extended, (uint64_t)value, 8);
        *extended += 8;
    }
}

/* One record: the old one without its comment, with its place and another zip64 field. */
static en_status write_entry(const en_zip_directory *d, const en_zip_entry *e, int64_t at, en_buf *out, en_error *err)
{
    const unsigned char *old = d->raw + e->raw;
    size_t name = u16(old + 28), length = u16(old + 30), extended = 0, kept = 0;
    const unsigned char *fields = old + ENTRY_BYTES + name;
    unsigned char head[ENTRY_BYTES], extra[28] = {1, 0};
    memcpy(head, old, sizeof head);
    put_or_extend(head + 24, e->bytes, extra, &extended);
    put_or_extend(head + 20, e->packed, extra, &extended);
    put_or_extend(head + 42, at, extra, &extended);
    put(extra + 2, extended, 2);
    for (size_t i = 0; i + 4 <= length && i + 4 + u16(fields + i + 2) <= length; i += 4 + (size_t)u16(fields + i + 2)) {
        kept += u16(fields + i) != 1 ? 4 + (size_t)u16(fields + i + 2) : 0;
    }
    size_t own = extended > 0 ? extended + 4 : 0;
    kept = kept + own <= UINT16_MAX ? kept : 0; /* what others put there is not needed */
    put(head + 30, kept + own, 2);
    put(head + 32, 0, 2); /* no comment */
    put(head + 34, 0, 2); /* no volumes */
    en_status st = en_buf_add(out, head, sizeof head, err);
    st = st == EN_OK ? en_buf_add(out, old + ENTRY_BYTES, name, err) : st;
    st = st == EN_OK && own > 0 ? en_buf_add(out, extra, own, err) : st;
    for (size_t i = 0; st == EN_OK && kept > 0 && i + 4 <= length && i + 4 + u16(fields + i + 2) <= length;
         i += 4 + (size_t)u16(fields + i + 2)) {
        st = u16(fields + i) != 1 ? en_buf_add(out, fields + i, 4 + (size_t)u16(fields + i + 2), err) : EN_OK;
    }
    return st;
}

/* The zip64 record and its locator are written always: they are never wrong. */
static en_status write_end(int64_t count, int64_t at, int64_t bytes, en_buf *out, en_error *err)
{
    unsigned char record[56 + 20 + 22] = {0}, *locator = record + 56, *end = record + 76;
    memcpy(record, "PK\6\6", 4);
    put(record + 4, 44, 8);
    put(record + 12, 45, 2);
    put(record + 14, 45, 2);
    put(record + 24, (uint64_t)count, 8);
    put(record + 32, (uint64_t)count, 8);
    put(record + 40, (uint64_t)bytes, 8);
    put(record + 48, (uint64_t)at, 8);
    memcpy(locator, "PK\6\7", 4);
    put(locator + 8, (uint64_t)(at + bytes), 8);
    put(locator + 16, 1, 4);
    memcpy(end, "PK\5\6", 4);
    uint64_t entries = count < UINT16_MAX ? (uint64_t)count : UINT16_MAX;
    put(end + 8, entries, 2);
    put(end + 10, entries, 2);
    put(end + 12, bytes < UINT32_MAX ? (uint64_t)bytes : UINT32_MAX, 4);
    put(end + 16, at < UINT32_MAX ? (uint64_t)at : UINT32_MAX, 4);
    return en_buf_add(out, record, sizeof record, err);
}

en_status en_zip_directory_write(const en_zip_directory *d, const int64_t *at, int64_t directory_at, en_buf *out,
                                 en_error *err)
{
    size_t before = out->size;
    int64_t count = 0;
    en_status st = EN_OK;
    for (size_t i = 0; i < d->count && st == EN_OK; i++) {
        if (at[i] >= 0) {
            st = write_entry(d, &d->entry[i], at[i], out, err);
            count++;
        }
    }
    return st == EN_OK ? write_end(count, directory_at, (int64_t)(out->size - before), out, err) : st;
}
