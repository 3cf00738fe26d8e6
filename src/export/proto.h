/* Protocol Buffers messages, written only (https://protobuf.dev/programming-guides/encoding). Weights are not copied
 * into a message but named in it, and go from where they are to the file, so that a model of any size takes the memory
 * of its small parts.
 *
 * The first error is remembered, what follows does nothing, and en_proto_write reports it. */
#ifndef EN_EXPORT_PROTO_H
#define EN_EXPORT_PROTO_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/file.h"

typedef struct en_proto_part { /* floats that belong behind the first `at` bytes of the message */
    size_t at;
    const float *value;
    size_t count;
    float *owned; /* value, where it is to be freed */
} en_proto_part;

typedef struct en_proto {
    en_buf bytes;
    en_proto_part *part; /* in order; owned */
    size_t parts;
    uint64_t part_bytes;
    en_status status;
    en_error error;
} en_proto;

void en_proto_init(en_proto *p);
void en_proto_clear(en_proto *p);

/* A field each, by the number that the format gives it. */
void en_proto_int(en_proto *p, unsigned field, int64_t value); /* int32, int64, uint, bool, enum */
void en_proto_float(en_proto *p, unsigned field, float value);
void en_proto_double(en_proto *p, unsigned field, double value);
void en_proto_text(en_proto *p, unsigned field, const char *text);
void en_proto_bytes(en_proto *p, unsigned field, const void *data, size_t bytes);
/* Packed, for repeated int64. */
void en_proto_ints(en_proto *p, unsigned field, const int64_t *value, size_t count);
/* Packed, for repeated float, and for bytes that are little-endian floats; `value` is borrowed until the end. */
void en_proto_floats(en_proto *p, unsigned field, const float *value, size_t count);
/* The same, taking the memory over; NULL: out of memory. */
void en_proto_floats_owned(en_proto *p, unsigned field, float *value, size_t count);
/* The message `child`, which is empty afterwards and may be used again. */
void en_proto_message(en_proto *p, unsigned field, en_proto *child);
/* Appends a finished message as it is, without a field around it: two parts of one message. */
void en_proto_join(en_proto *p, en_proto *more);

/* The length of the message, and the message itself. */
uint64_t en_proto_size(const en_proto *p);
en_status en_proto_write(const en_proto *p, en_writer *w, en_error *err) EN_CHECKED;
/* As a file of its own, whole or not at all. EN_INPUT, naming the format, for more than the 2 GiB that readers take. */
en_status en_proto_save(const en_proto *p, const char *format, const char *path, en_error *err) EN_CHECKED;

#endif
