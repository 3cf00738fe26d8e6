/* The directory at the end of a zip (PKWARE's APPNOTE 6.3.10, with zip64), read by itself and compared with the headers
 * before the members: libarchive believes whichever it reads last. For reader.c alone. */
#ifndef EN_ARCHIVE_ZIPDIR_H
#define EN_ARCHIVE_ZIPDIR_H

#include <stddef.h>
#include <stdint.h>

#include "archive/volumes.h"

typedef struct en_zip_entry {
    char *name; /* bytes as stored, with a NUL behind them */
    int64_t at; /* of its local header, in the file */
    int64_t packed, bytes;
    uint32_t crc32;
    uint16_t flags, method;
} en_zip_entry;

typedef struct en_zip_directory {
    en_zip_entry *entry; /* in the order of their places in the file */
    size_t count;
} en_zip_directory;

/* EN_INPUT when there is no directory, or it is damaged, when members overlap, and when bytes are missing before it:
 * then the volume is named that is not as long as the others. `most` is the largest number of members. */
en_status en_zip_directory_read(const en_volumes *volumes, int64_t most, en_zip_directory *out,
                                en_error *err) EN_CHECKED;
void en_zip_directory_clear(en_zip_directory *directory);

/* What is wrong with a member's own header, in `why`: "" when it says the same as the directory, and its method of
 * compression is known. `stream` is moved. */
en_status en_zip_compare(const en_zip_entry *entry, en_volume_stream *stream, char why[200], en_error *err) EN_CHECKED;
/* The volume in which byte `at` of the file is. */
const char *en_volume_at(const en_volumes *volumes, int64_t at);

#endif
