/* See flat.h. */
#include "export/flat.h"

#include <string.h>

#include "base/file.h"
#include "base/memory.h"

#define BYTES_MAX ((size_t)1 << 30) /* without the parts */
#define ALIGNED 16                  /* where a part's bytes begin */

static const char zeros[ALIGNED];

static void set(en_flat_table *t, unsigned field, unsigned size, const void *value)
{
    t->field[field].size = size;
    memcpy(&t->field[field].bits, value, size);
}

void en_flat_byte(en_flat_table *t, unsigned field, int value) { set(t, field, 1, &(uint8_t){(uint8_t)value}); }
void en_flat_int(en_flat_table *t, unsigned field, int32_t value) { set(t, field, sizeof value, &value); }
void en_flat_float(en_flat_table *t, unsigned field, double value) { set(t, field, 4, &(float){(float)value}); }
void en_flat_offset(en_flat_table *t, unsigned field) { en_flat_int(t, field, 0); }

static void put(en_flat *f, const void *data, size_t bytes)
{
    if (f->status == EN_OK) {
        f->status = en_buf_add(&f->bytes, data, bytes, &f->error);
    }
}

static void put_int(en_flat *f, uint32_t value) { put(f, &value, sizeof value); }
static void put_short(en_flat *f, size_t value) { put(f, &(uint16_t){(uint16_t)value}, sizeof(uint16_t)); }

static size_t gap(size_t at, size_t unit) { return (unit - at % unit) % unit; }

/* What is added next is what the offset at `from` refers to. */
static void refer(en_flat *f, size_t from, size_t to)
{
    if (f->status == EN_OK) {
        memcpy(f->bytes.data + from, &(uint32_t){(uint32_t)(to - from)}, sizeof(uint32_t));
    }
}

void en_flat_init(en_flat *f, const char identifier[4], const char *mark, size_t bytes)
{
    *f = (en_flat){0};
    en_buf_init(&f->bytes, BYTES_MAX);
    put_int(f, 0);
    put(f, identifier, 4);
    put(f, mark, bytes);
}

void en_flat_clear(en_flat *f)
{
    en_free(f->part);
    en_buf_clear(&f->bytes);
    *f = (en_flat){0};
}

/* Where the fields lie in their table, those of 4 bytes first, behind the distance to the vtable. */
static size_t arrange(const en_flat_table *t, size_t at[EN_FLAT_FIELDS], size_t *fields)
{
    size_t end = sizeof(int32_t);
    *fields = 0;
    for (unsigned size = 4; size > 0; size /= 4) {
        for (size_t i = 0; i < EN_FLAT_FIELDS; i++) {
            if (t->field[i].size == size) {
                at[i] = end;
                end += size;
                *fields = i >= *fields ? i + 1 : *fields;
            }
        }
    }
    return end;
}

void en_flat_add(en_flat *f, size_t from, en_flat_table *t)
{
    size_t at[EN_FLAT_FIELDS] = {0}, fields, size = arrange(t, at, &fields);
    const size_t entries = fields + 2; /* of the vtable, which ends where the table begins */
    put(f, zeros, gap(f->bytes.size + entries * sizeof(uint16_t), 4));
    put_short(f, entries * sizeof(uint16_t));
    put_short(f, size);
    for (size_t i = 0; i < fields; i++) {
        put_short(f, at[i]);
    }
    const size_t table = f->bytes.size;
    refer(f, from, table);
    put_int(f, (uint32_t)(entries * sizeof(uint16_t)));
    for (unsigned bytes = 4; bytes > 0; bytes /= 4) {
        for (size_t i = 0; i < EN_FLAT_FIELDS; i++) {
            if (t->field[i].size == bytes) {
                t->field[i].place = table + at[i];
                put(f, &t->field[i].bits, bytes);
            }
        }
    }
}

/* The number of elements, so that these begin at a multiple of 4. */
static void begin_vector(en_flat *f, size_t from, size_t count)
{
    put(f, zeros, gap(f->bytes.size, 4));
    refer(f, from, f->bytes.size);
    put_int(f, (uint32_t)count);
}

void en_flat_text(en_flat *f, size_t from, const char *text)
{
    begin_vector(f, from, strlen(text));
    put(f, text, strlen(text) + 1);
}

void en_flat_ints(en_flat *f, size_t from, const int32_t *value, size_t count)
{
    begin_vector(f, from, count);
    put(f, value, count * sizeof *value);
}

void en_flat_offsets(en_flat *f, size_t from, size_t count, size_t *first)
{
    begin_vector(f, from, count);
    *first = f->bytes.size;
    for (size_t i = 0; i < count; i++) {
        put_int(f, 0);
    }
}

void en_flat_data(en_flat *f, size_t from, const void *data, size_t bytes)
{
    en_flat_part *grown = f->status == EN_OK ? en_array_grow(f->part, f->parts, sizeof *f->part, &f->error) : NULL;
    if (grown == NULL) {
        f->status = f->status == EN_OK ? EN_NOMEM : f->status;
        return;
    }
    f->part = grown;
    f->part[f->parts++] = (en_flat_part){from, data, bytes};
}

/* Bytes between the end of what is before a part and the number of its bytes. */
static size_t gap_before(uint64_t end) { return gap((size_t)end + sizeof(uint32_t), ALIGNED); }

/* Sets the offsets to the parts and returns the size of the file. */
static uint64_t place_parts(en_flat *f)
{
    uint64_t end = f->bytes.size;
    for (size_t i = 0; i < f->parts; i++) {
        end += gap_before(end);
        refer(f, f->part[i].from, (size_t)end);
        end += sizeof(uint32_t) + f->part[i].bytes;
    }
    return end;
}

static en_status write_parts(const en_flat *f, en_writer *w, en_error *err)
{
    uint64_t end = f->bytes.size;
    en_status st = en_writer_write(w, f->bytes.data, f->bytes.size, err);
    for (size_t i = 0; st == EN_OK && i < f->parts; i++) {
        const en_flat_part *part = &f->part[i];
        const size_t before = gap_before(end);
        st = en_writer_write(w, zeros, before, err);
        if (st == EN_OK) {
            st = en_writer_write(w, &(uint32_t){(uint32_t)part->bytes}, sizeof(uint32_t), err);
        }
        if (st == EN_OK) {
            st = en_writer_write(w, part->data, part->bytes, err);
        }
        end += before + sizeof(uint32_t) + part->bytes;
    }
    return st;
}

en_status en_flat_save(en_flat *f, const char *format, const char *path, en_error *err)
{
    if (f->status != EN_OK) {
        return en_error_copy(err, &f->error);
    }
    const uint64_t size = place_parts(f);
    if (size > INT32_MAX) {
        return en_error_set(err, EN_INPUT, "cannot write '%s': a model of %llu bytes, but %s files have at most 2 GiB",
                            path, (unsigned long long)size, format);
    }
    en_writer w = {0};
    en_status st = en_writer_open(&w, path, err);
    if (st == EN_OK) {
        st = write_parts(f, &w, err);
    }
    if (st == EN_OK) {
        st = en_writer_commit(&w, err);
    }
    en_writer_abort(&w);
    return st;
}
