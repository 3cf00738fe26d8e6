/* The bytes inside a compressed file, read to the end and compared with its checksums: gzip's CRC-32 and length by
 * zlib, those of xz, bzip2 and zstd by libarchive. For supply.c: libarchive's own gzip filter reads past the
 * checksum, and a tar ends before its filter does. */
#ifndef EN_ARCHIVE_INFLOW_H
#define EN_ARCHIVE_INFLOW_H

#include <stdbool.h>

#include "archive/volumes.h"

typedef struct en_inflow en_inflow;

/* Whether a file that begins so is compressed in one of these ways. */
bool en_inflow_known(const void *head, size_t bytes);
/* `stream` is borrowed, stands at its start, and must outlive the inflow. */
en_status en_inflow_open(en_volume_stream *stream, const en_volumes *volumes, en_inflow **out,
                         en_error *err) EN_CHECKED;
/* *got = 0 at the end, once the checksums have been found right. EN_INPUT: damaged, or cut short. */
en_status en_inflow_read(en_inflow *inflow, void *data, size_t capacity, size_t *got, en_error *err) EN_CHECKED;
void en_inflow_free(en_inflow *inflow);

#endif
