/* The safetensors container: a table of named tensors of 32-bit floats and a few strings, independent of networks.
 * Only numbers of type F32 are read, of up to 8 dimensions; tensors of other types are checked and listed. */
#ifndef EN_NN_SAFETENSORS_H
#define EN_NN_SAFETENSORS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/error.h"
#include "nn/weights.h"

#define EN_TENSOR_RANK 8u

typedef struct en_tensor {
    const char *name; /* borrowed: from the file's header, or from the caller that writes */
    size_t shape[EN_TENSOR_RANK];
    unsigned rank;
    bool other_type;     /* of a file: not F32, and not to be read */
    size_t width;        /* of a file: bytes of a number */
    uint64_t begin, end; /* bytes, from the end of the header */
    const float *data;   /* what to write, borrowed; NULL after reading */
} en_tensor;

typedef struct en_tensor_file {
    FILE *stream;     /* of a file being read */
    uint64_t data_at; /* where the header ends, bytes */
    uint64_t data_bytes;
    en_tensor *tensor; /* in the order of the data */
    size_t count;
    struct json_t *header; /* owns the names */
} en_tensor_file;

/* Reads and checks the header: every tensor's size agrees with its shape, and together they fill the file without gap
 * or overlap. EN_INPUT names the fault. */
en_status en_tensors_open(const char *path, en_tensor_file *out, en_error *err) EN_CHECKED;
/* NULL when there is none. */
const en_tensor *en_tensors_find(const en_tensor_file *file, const char *name);
en_status en_tensors_read(const en_tensor_file *file, const en_tensor *tensor, float *to, const char *path,
                          en_error *err) EN_CHECKED;
void en_tensors_close(en_tensor_file *file); /* safe on a zeroed one */

/* Writes name, shape, rank and data of each tensor; begin and end are set on the way. */
en_status en_tensors_write(const char *path, en_tensor *tensor, size_t count, const en_meta *meta, size_t metas,
                           en_error *err) EN_CHECKED;

#endif
