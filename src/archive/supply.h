/* What libarchive reads of an archive: its volumes as they are, or what comes out of a compressed file. For reader.c
 * alone. */
#ifndef EN_ARCHIVE_SUPPLY_H
#define EN_ARCHIVE_SUPPLY_H

#include <archive.h>

#include "archive/inflow.h"
#include "base/events.h"

#define EN_TAR_BLOCK 512
#define EN_RATIO_FROM ((int64_t)64 << 20) /* bytes from which on a ratio says something */

/* The first four are set before en_supply_open, and borrowed; those named here may be looked at. */
typedef struct en_supply {
    const en_volumes *volumes; /* the archive, for messages and the ratio */
    const en_volumes *view;    /* what is read: the same, but for a directory that may be another one */
    int64_t ratio;             /* of what comes out to the archive's own bytes, from EN_RATIO_FROM on */
    const en_events *events;   /* asked whether to stop; NULL: never */
    en_inflow *inflow;         /* of a compressed file, or NULL */
    en_error fault;            /* the last error of the callbacks: libarchive passes on texts only, not our status */
    en_volume_stream *stream;
    unsigned char *block;
    size_t want;      /* bytes of the next read */
    int64_t inflated; /* bytes that came out */
    int64_t zeros;    /* the last of them that are 0 */
} en_supply;

/* Also after an error en_supply_close. */
en_status en_supply_open(en_supply *supply, en_error *err) EN_CHECKED;
/* The first bytes of the file, *got of them; the next ones that are read are the first again. */
en_status en_supply_head(en_supply *supply, void *head, size_t capacity, size_t *got, en_error *err) EN_CHECKED;
/* From here on what comes out of the file is read; at its start. */
en_status en_supply_inflate(en_supply *supply, en_error *err) EN_CHECKED;
/* The callbacks of a new handle; of a file that is not compressed, at its start. */
void en_supply_begin(en_supply *supply, struct archive *lib);
/* Reads a compressed file to its end, whose checksums are behind the end of its tar. */
en_status en_supply_drain(en_supply *supply, en_error *err) EN_CHECKED;
/* Whether the last 512 bytes are 0, when all has been read. */
bool en_supply_ends_in_zeros(const en_supply *supply);
/* Whether the first bytes that came out of a compressed file, and no more have come, are those of another one. */
bool en_supply_is_compressed_twice(const en_supply *supply);
void en_supply_close(en_supply *supply);

#endif
