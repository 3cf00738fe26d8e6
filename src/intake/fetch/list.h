/* What a source holds: the photographs to be fetched, and how much else there is. For fetch and watch. */
#ifndef EN_INTAKE_FETCH_LIST_H
#define EN_INTAKE_FETCH_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include "archive/reader.h"
#include "base/error.h"
#include "base/events.h"

#define EN_FETCH_LOOKED_FOR "names ending in .jpg, .png, .tif, .webp, .bmp or .dcm"

typedef struct en_fetch_item {
    char *path;  /* in the source: relative, safe, UTF-8 */
    char *file;  /* of a folder: the name on the disk where that is not UTF-8; else NULL */
    bool linked; /* of a folder: a symbolic link to a file */
    int64_t bytes;
    int64_t mtime_ns; /* of a file in a folder, when it was listed */
    bool here;        /* need not be fetched */
    bool row;         /* the catalog has it, with this CRC: only a file of the same bytes may replace it */
    int64_t crc32;    /* valid if `row` */
    bool unwanted;    /* left out on request */
    bool apart;       /* not in the archive that is being read, which is a part of the source */
    bool left;        /* skipped until the next fetch: it changed while it was read, or is damaged */
    int64_t sum;      /* of a member: the CRC-32 that the archive's directory has, or -1 */
    int64_t at;       /* of a member of a zip: its place in that, or -1 */
    char *damage;     /* why it cannot be read; NULL */
    char *recognised; /* what the path is without the encoding that was given, where that differs; NULL */
    bool method;      /* it is not damaged then, but compressed by a method that is not known here */
} en_fetch_item;

/* A file that may belong to an archive: of a folder, or inside of an archive. */
typedef struct en_fetch_inner {
    char *path; /* of a folder: on the disk */
    int64_t bytes;
    int64_t sum; /* CRC-32 as the outer archive's directory has it, or -1 */
} en_fetch_inner;

/* Bytes of a member of an archive: of a photograph, and of anything else, which may be an archive itself. */
#define EN_FETCH_PHOTOGRAPH_CAP ((int64_t)1 << 30)
#define EN_FETCH_MEMBER_CAP ((int64_t)1 << 40)

typedef struct en_fetch_list {
    int64_t total_cap;    /* set before listing: the most that an archive may unpack to; 0: the reader's own */
    bool no_follow;       /* set before listing: symbolic links to files are left out */
    const char *encoding; /* set before listing: of names that are not UTF-8; NULL: recognised (base/charset.h) */
    en_fetch_item *item;  /* of a folder: sorted by the bytes of their paths; of an archive: in its order */
    size_t count;
    int64_t bytes;           /* of all of them */
    int64_t skipped;         /* what is not a photograph */
    en_fetch_inner *archive; /* see archives.h */
    size_t archives;
    char **repeated; /* paths of members that come again, the same: these are left out of the list */
    size_t repeats;
    char examples[240]; /* the first few of those, "a, b, ..." */
} en_fetch_list;

/* Whether this is the name of a photograph, by its extension: of JPEG, PNG, TIFF, WebP, BMP and DICOM, and HEIC, which
 * ingest calls by its name. False for the "._NAME" files that macOS adds. */
bool en_fetch_is_photograph(const char *path);
/* Whether `path` is one of those that are repeated. */
bool en_fetch_list_is_repeated(const en_fetch_list *list, const char *path);
en_status en_fetch_list_add(en_fetch_list *list, const char *path, int64_t bytes, en_error *err) EN_CHECKED;
void en_fetch_list_skip(en_fetch_list *list, const char *path);
/* Forgets the archives. */
void en_fetch_list_drop_archives(en_fetch_list *list);
void en_fetch_list_clear(en_fetch_list *list);

/* All of an archive, by its headers; an archive with anything hostile in it is refused before anything is written, and
 * so is one that holds two photographs of the same path, or one below another ("a.jpg" and "a.jpg/b.jpg"). */
en_status en_fetch_list_archive(const en_volumes *volumes, const en_events *events, en_fetch_list *list,
                                en_error *err) EN_CHECKED;
/* The same of a zip by its directory alone: what is wrong with members themselves is not seen. */
en_status en_fetch_list_names(const en_volumes *volumes, const en_events *events, en_fetch_list *list,
                              en_error *err) EN_CHECKED;
/* All of a folder and those below it. Links to files are followed unless list->no_follow, those to folders never. A
 * file with another name is a photograph where its first bytes are those of one: DICOM files often have no extension.
 */
en_status en_fetch_list_folder(const char *folder, const en_events *events, en_fetch_list *list,
                               en_error *err) EN_CHECKED;
/* When a file was written last. */
int64_t en_fetch_mtime_ns(const struct stat *s);

#endif
