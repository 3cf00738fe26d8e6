/* See proto.h. */
#include "export/proto.h"

#include <stdint.h>
#include <string.h>

#include "base/memory.h"

#define MESSAGE_MAX ((size_t)1 << 30) /* bytes without the weights */

enum { VARINT = 0, FIXED64 = 1, LENGTH = 2, FIXED32 = 5 };

void en_proto_init(en_proto *p)
{
    *p = (en_proto){0};
    en_buf_init(&p->bytes, MESSAGE_MAX);
}

void en_proto_clear(en_proto *p)
{
    for (size_t i = 0; i < p->parts; i++) {
        en_free(p->part[i].owned);
    }
    en_free(p->part);
    en_buf_clear(&p->bytes);
    en_proto_init(p);
}

static void add(en_proto *p, const void *data, size_t bytes)
{
    if (p->status == EN_OK) {
        p->status = en_buf_add(&p->bytes, data, bytes, &p->error);
    }
}

static void add_varint(en_proto *p, uint64_t value)
{
    uint8_t bytes[10];
    size_t n = 0;
    for (; value >= 0x80; value >>= 7) {
        bytes[n++] = (uint8_t)(value | 0x80);
    }
    bytes[n++] = (uint8_t)value;
    add(p, bytes, n);
}

static void add_tag(en_proto *p, unsigned field, unsigned type) { add_varint(p, (uint64_t)field << 3 | type); }

void en_proto_int(en_proto *p, unsigned field, int64_t value)
{
    add_tag(p, field, VARINT);
    add_varint(p, (uint64_t)value);
}

void en_proto_float(en_proto *p, unsigned field, float value)
{
    add_tag(p, field, FIXED32);
    add(p, &value, sizeof value);
}

void en_proto_double(en_proto *p, unsigned field, double value)
{
    add_tag(p, field, FIXED64);
    add(p, &value, sizeof value);
}

void en_proto_bytes(en_proto *p, unsigned field, const void *data, size_t bytes)
{
    add_tag(p, field, LENGTH);
    add_varint(p, bytes);
    add(p, data, bytes);
}

void en_proto_text(en_proto *p, unsigned field, const char *text) { en_proto_bytes(p, field, text, strlen(text)); }

void en_proto_ints(en_proto *p, unsigned field, const int64_t *value, size_t count)
{
    en_proto packed;
    en_proto_init(&packed);
    for (size_t i = 0; i < count; i++) {
        add_varint(&packed, (uint64_t)value[i]);
    }
    en_proto_message(p, field, &packed);
}

static void add_part(en_proto *p, en_proto_part part)
{
    en_proto_part *grown = p->status == EN_OK ? en_array_grow(p->part, p->parts, sizeof *p->part, &p->error) : NULL;
    if (grown == NULL) {
        en_free(part.owned);
        p->status = p->status == EN_OK ? EN_NOMEM : p->status;
        return;
    }
    p->part = grown;
    p->part[p->parts++] = part;
    p->part_bytes += part.count * sizeof(float);
}

static void add_floats(en_proto *p, unsigned field, const float *value, float *owned, size_t count)
{
    add_tag(p, field, LENGTH);
    add_varint(p, count * sizeof *value);
    add_part(p, (en_proto_part){p->bytes.size, value, count, owned});
}

void en_proto_floats(en_proto *p, unsigned field, const float *value, size_t count)
{
    add_floats(p, field, value, NULL, count);
}

void en_proto_floats_owned(en_proto *p, unsigned field, float *value, size_t count)
{
    if (value == NULL && p->status == EN_OK) {
        p->status = en_error_nomem(&p->error, "weights");
    }
    add_floats(p, field, value, value, count);
}

void en_proto_join(en_proto *p, en_proto *more)
{
    size_t at = p->bytes.size;
    if (more->status != EN_OK && p->status == EN_OK) {
        p->status = more->status;
        p->error = more->error;
    }
    add(p, more->bytes.data, more->bytes.size);
    for (size_t i = 0; i < more->parts; i++) {
        en_proto_part part = more->part[i];
        part.at += at;
        more->part[i].owned = NULL;
        add_part(p, part);
    }
    en_proto_clear(more);
}

void en_proto_message(en_proto *p, unsigned field, en_proto *child)
{
    add_tag(p, field, LENGTH);
    add_varint(p, en_proto_size(child));
    en_proto_join(p, child);
}

uint64_t en_proto_size(const en_proto *p) { return p->bytes.size + p->part_bytes; }

en_status en_proto_write(const en_proto *p, en_writer *w, en_error *err)
{
    if (p->status != EN_OK) {
        return en_error_copy(err, &p->error);
    }
    size_t at = 0;
    en_status st = EN_OK;
    for (size_t i = 0; st == EN_OK && i < p->parts; i++) {
        const en_proto_part *part = &p->part[i];
        st = en_writer_write(w, p->bytes.data + at, part->at - at, err);
        if (st == EN_OK) {
            st = en_writer_write(w, part->value, part->count * sizeof *part->value, err);
        }
        at = part->at;
    }
    return st == EN_OK ? en_writer_write(w, p->bytes.data + at, p->bytes.size - at, err) : st;
}

en_status en_proto_save(const en_proto *p, const char *format, const char *path, en_error *err)
{
    if (p->status == EN_OK && en_proto_size(p) > INT32_MAX) {
        return en_error_set(err, EN_INPUT, "cannot write '%s': a model of %llu bytes, but %s files have at most 2 GiB",
                            path, (unsigned long long)en_proto_size(p), format);
    }
    en_writer w = {0};
    en_status st = en_writer_open(&w, path, err);
    if (st == EN_OK) {
        st = en_proto_write(p, &w, err);
    }
    if (st == EN_OK) {
        st = en_writer_commit(&w, err);
    }
    en_writer_abort(&w);
    return st;
}
