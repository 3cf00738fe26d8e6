/* Reading zip (also split), 7z, tar, and tar compressed by gzip, xz, bzip2 or zstd, by libarchive, from one file or a
 * sequence of volumes. Archives are untrusted: a member whose path leaves the folder, a link, a device, encryption, or
 * sizes beyond the caps make it refuse the archive (EN_INPUT), and a damaged member is named. A damaged member of a zip
 * costs only itself. A plain tar has no checksum of contents, nor has zstd unless its writer chose one. Names come as
 * UTF-8: those that are not are converted from the code page that they are most likely in (base/charset.h), or from
 * the one that is given, and then a name that is not valid in it is EN_INPUT. */
#ifndef EN_ARCHIVE_READER_H
#define EN_ARCHIVE_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "archive/volumes.h"
#include "base/error.h"
#include "base/events.h"

/* A zeroed field takes the default. Passing any of them is EN_INPUT. Folders count as members. */
typedef struct en_archive_caps {
    int64_t members;         /* 1,000,000 */
    int64_t member_bytes;    /* of one member, unpacked: 1 GiB */
    int64_t total_bytes;     /* of all members, unpacked: 1 TiB */
    const en_events *events; /* asked between members whether to stop; NULL: never */
    bool unchecked;          /* of a zip, a member whose CRC-32 is wrong is read to its end all the same */
    bool names_only;         /* of a zip, only its directory is read: members cannot be */
    const char *encoding;    /* of names that are not UTF-8, as iconv(3) knows it; NULL: recognised */
    int64_t ratio;           /* all members' bytes to the archive's own, looked at from 64 MiB on: 200 */
} en_archive_caps;

typedef struct en_member {
    const char *path;       /* relative, without "." and "..", no control characters; UTF-8 */
    int64_t bytes;          /* unpacked */
    int64_t crc32;          /* as a zip's directory has it, or -1 */
    int64_t at;             /* of a zip: the first of its bytes in the archive, its header's; else -1 */
    const char *damage;     /* why it cannot be read, or NULL; nothing of it is to be read then */
    bool method;            /* it is not damaged then, but compressed by a method that is not known here */
    const char *recognised; /* what the path is without caps->encoding, where that differs; else NULL */
} en_member;

typedef struct en_archive en_archive;

/* What can be read, for messages. */
#define EN_ARCHIVE_FORMS "an archive (zip, 7z, tar, tar compressed by gzip, xz, bzip2 or zstd)"

/* Whether the first bytes of a file are those of an archive. 512 bytes are enough for all of them. */
bool en_archive_known(const void *head, size_t bytes);

/* `volumes` is borrowed and must outlive the archive; caps may be NULL. EN_INPUT when it is none of the formats, or a
 * zip without its end (cut short, or its last volume is missing). */
en_status en_archive_open(const en_volumes *volumes, const en_archive_caps *caps, en_archive **out,
                          en_error *err) EN_CHECKED;
/* The next regular file, folders passed over; *out is borrowed until the next call. EN_DONE at the end of the archive.
 */
en_status en_archive_next(en_archive *archive, const en_member **out, en_error *err) EN_CHECKED;
/* The member's next bytes; EN_DONE at its end, when its length and, in a zip, its CRC-32 have been found right. After
 * EN_INPUT the next member of a zip can be asked for (en_archive_goes_on); of others nothing more comes. */
en_status en_archive_read(en_archive *archive, void *data, size_t capacity, size_t *got, en_error *err) EN_CHECKED;
/* What was wrong with the member that could not be read last, without its name: "ZIP bad CRC: ..."; "" for nothing. */
const char *en_archive_why(const en_archive *archive);
/* Whether members after a damaged one can be read: of a zip, where the directory leads to each of them. */
bool en_archive_goes_on(const en_archive *archive);
/* Whether what was read to its end is there to its end. Of a tar without the block of zeros that ends it that is not
 * known: some writers leave it out, and a tar that is cut between two members looks the same. */
bool en_archive_is_ended(const en_archive *archive);
void en_archive_free(en_archive *archive);

/* EN_INPUT with the reason when a member's path is unsafe to write below a folder, or too long for that. */
en_status en_archive_check_path(const char *path, en_error *err) EN_CHECKED;

#endif
