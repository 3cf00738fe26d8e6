/* FlatBuffers, written only (https://flatbuffers.dev/internals). What is large (weights) is not copied but named, and
 * goes from where it is to the end of the file, so that a model of any size takes the memory of its small parts.
 *
 *   file    the root's place, 4 bytes of identifier, then tables and vectors in any order
 *   table   its vtable: sizes of vtable and table, and where each field lies in the table, 0 without it (16 bits each);
 *           then the distance back to the vtable, and the fields
 *   vector  the number of its elements (32 bits), and these; a text has a NUL behind it
 *   offset  the distance forward to what it refers to (32 bits)
 *
 * An offset is written as 0 and remembered by its place, which the caller names when it adds what it refers to: `from`.
 * All numbers are little-endian. The first error is remembered, what follows does nothing, and en_flat_save reports it.
 */
#ifndef EN_EXPORT_FLAT_H
#define EN_EXPORT_FLAT_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"

#define EN_FLAT_FIELDS 14 /* fields of a table, at most */

typedef struct en_flat_table { /* all zero: without fields */
    struct {
        unsigned size; /* bytes; 0: not there */
        uint32_t bits;
        size_t place; /* in the file, once it was added: `from` of what an offset refers to */
    } field[EN_FLAT_FIELDS];
} en_flat_table;

typedef struct en_flat_part { /* data that is behind everything else */
    size_t from;
    const void *data;
    size_t bytes;
} en_flat_part;

typedef struct en_flat {
    en_buf bytes;
    en_flat_part *part; /* owned */
    size_t parts;
    en_status status;
    en_error error;
} en_flat;

/* Fields of a table, by the number that the schema gives them: counted from 0. */
void en_flat_byte(en_flat_table *t, unsigned field, int value); /* bool, byte, enum of bytes, type of a union */
void en_flat_int(en_flat_table *t, unsigned field, int32_t value);
void en_flat_float(en_flat_table *t, unsigned field, double value);
void en_flat_offset(en_flat_table *t, unsigned field);

/* Begins a file whose root is added next, from place 0. `mark` is kept behind the identifier; nothing refers to it, so
 * that readers pass it over. */
void en_flat_init(en_flat *f, const char identifier[4], const char *mark, size_t bytes);
void en_flat_clear(en_flat *f);

void en_flat_add(en_flat *f, size_t from, en_flat_table *t);
void en_flat_text(en_flat *f, size_t from, const char *text);
void en_flat_ints(en_flat *f, size_t from, const int32_t *value, size_t count);
/* A vector of offsets, which are at *first, *first + 4, ... */
void en_flat_offsets(en_flat *f, size_t from, size_t count, size_t *first);
/* A vector of bytes at a multiple of 16, borrowed until the end. */
void en_flat_data(en_flat *f, size_t from, const void *data, size_t bytes);

/* Whole or not at all. EN_INPUT, naming the format, for more than the 2 GiB that readers take. */
en_status en_flat_save(en_flat *f, const char *format, const char *path, en_error *err) EN_CHECKED;

#endif
