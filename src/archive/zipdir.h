/* The directory at the end of a zip (PKWARE's APPNOTE 6.3.10, with zip64 and split archives), read by itself and
 * compared with the headers before the members: libarchive believes whichever it reads last. And written anew, for a
 * zip of some of the members, or of a split one as if it were whole: libarchive does not read split ones. */
#ifndef EN_ARCHIVE_ZIPDIR_H
#define EN_ARCHIVE_ZIPDIR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "archive/volumes.h"
#include "base/buf.h"

typedef struct en_zip_entry {
    char *name; /* bytes as stored, with a NUL behind them */
    int64_t at; /* of its local header, in the file */
    int64_t packed, bytes;
    uint32_t crc32;
    uint16_t flags, method;
    size_t raw, raw_bytes; /* its record in the directory's bytes */
} en_zip_entry;

typedef struct en_zip_directory {
    en_zip_entry *entry; /* in the order of their places in the file */
    size_t count;
    unsigned char *raw; /* the bytes of the directory */
    int64_t at;         /* of the directory, in the file */
    /* Nothing but the directory tells where members are: volumes of a split zip, other bytes before the zip or behind
     * it, more members than are counted. libarchive looks for less. */
    bool unusual;
} en_zip_directory;

/* Whether the file ends as a zip does, whatever it begins with: behind a program that unpacks it, or as the last volume
 * of a split one. */
bool en_zip_ends(const en_volumes *volumes);
/* EN_INPUT when there is no directory, or it is damaged, when members overlap, and when bytes are missing before it:
 * then the volume is named that is not as long as the others. `most` is the largest number of members. */
en_status en_zip_directory_read(const en_volumes *volumes, int64_t most, en_zip_directory *out,
                                en_error *err) EN_CHECKED;
void en_zip_directory_clear(en_zip_directory *directory);

/* The directory, with its end, of a zip in which member i begins at at[i], and which has no member i where that is
 * negative; the directory begins at `directory_at`. Appended to `out`. */
en_status en_zip_directory_write(const en_zip_directory *directory, const int64_t *at, int64_t directory_at,
                                 en_buf *out, en_error *err) EN_CHECKED;
/* The end of member `i` in the file: where the next one, or the directory, begins. Not further than its headers allow.
 */
int64_t en_zip_entry_end(const en_zip_directory *directory, size_t i);

/* What is wrong with a member's own header, in `why`: "" when it says the same as the directory, and its method of
 * compression is known; *method when that is all. `stream` is moved. */
en_status en_zip_compare(const en_zip_entry *entry, en_volume_stream *stream, char why[200], bool *method,
                         en_error *err) EN_CHECKED;
#endif
