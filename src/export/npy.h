/* Arrays of NumPy: the header of a .npy file (NEP 1, version 1.0), and tables as structured arrays. */
#ifndef EN_EXPORT_NPY_H
#define EN_EXPORT_NPY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"

#define EN_NPY_BEGINS "\x93NUMPY"
#define EN_NPY_HEADER_MAX ((size_t)1 << 16)

/* Where an array goes, piece by piece. */
typedef struct en_export_sink {
    en_status (*put)(void *ctx, const void *data, size_t bytes, en_error *err);
    void *ctx;
} en_export_sink;

/* Appends a header, the numbers of shape in C order behind it; descr as NumPy writes it: "'|u1'", "'<i4'". EN_INPUT
 * when it is too long for version 1.0. */
en_status en_npy_header(const char *descr, const size_t *shape, size_t rank, en_buf *out, en_error *err) EN_CHECKED;

/* A column of a table: texts, or where text is NULL numbers. Borrowed. */
typedef struct en_npy_column {
    const char *name;
    const char *const *text; /* [rows]; NULL is "" */
    const int32_t *number;   /* [rows] */
} en_npy_column;

/* A table as one array of a structured type, its columns by name: texts as Unicode of the longest one's length
 * ('<U12'), bytes that are not UTF-8 as U+FFFD; numbers as '<i4'. One column alone is a plain array (`plain`). */
typedef struct en_npy_table {
    const en_npy_column *column;
    size_t columns, rows;
    bool plain;
} en_npy_table;
en_status en_npy_table_size(const en_npy_table *table, int64_t *bytes, en_error *err) EN_CHECKED; /* with its header */
en_status en_npy_table_write(const en_npy_table *table, const en_export_sink *sink, en_error *err) EN_CHECKED;

#endif
