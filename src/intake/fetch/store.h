/* The place where photographs land: photos/SOURCE_ID/PATH, each whole or not there, and its row only once it is on
 * disk. For fetch alone.
 *
 * Photographs are written into photos/.part-fetch and go on in batches: one syncfs brings a batch to the disk, then
 * they are renamed, their folders synced, and their rows committed. One syncfs for some hundred files costs about what
 * it costs to write them; an fsync for each costs a journal commit each, ten times as long (960 files of 40 KiB on
 * ext4: 0.7 s against 7 s). syncfs reports failed writes since Linux 5.8. */
#ifndef EN_INTAKE_FETCH_STORE_H
#define EN_INTAKE_FETCH_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "project/project.h"

typedef struct en_fetch_store en_fetch_store;

/* Locks photos/ for this fetch and removes what a killed fetch left. EN_BUSY when another process has the lock. */
en_status en_fetch_store_open(en_project *project, en_fetch_store **out, en_error *err) EN_CHECKED;
/* What was not flushed is dropped. */
void en_fetch_store_close(en_fetch_store *store);

/* The source whose photographs come next. */
void en_fetch_store_source(en_fetch_store *store, int64_t source_id);
/* Whether PATH of the source has a row (with its length and CRC), and whether its file is there with that length and
 * CRC. */
typedef struct en_fetch_have {
    bool row, file;
    int64_t bytes, crc32;
} en_fetch_have;
en_status en_fetch_store_have(en_fetch_store *store, const char *path, en_fetch_have *have, en_error *err) EN_CHECKED;
/* Whether PATH of the source is here, by lengths alone: its row's and its file's. */
en_status en_fetch_store_knows(en_fetch_store *store, const char *path, int64_t bytes, bool *known,
                               en_error *err) EN_CHECKED;
/* Whether there is disk space for `bytes` and a margin; EN_IO, with the bytes needed and free, when not. */
en_status en_fetch_store_room(en_fetch_store *store, int64_t bytes, en_error *err) EN_CHECKED;

/* One photograph: begin, add its bytes, end. */
en_status en_fetch_store_begin(en_fetch_store *store, const char *path, en_error *err) EN_CHECKED;
en_status en_fetch_store_add(en_fetch_store *store, const void *data, size_t bytes, en_error *err) EN_CHECKED;
en_status en_fetch_store_end(en_fetch_store *store, en_error *err) EN_CHECKED;
/* Instead of the end: it is not to be kept. Nothing happens when none is begun. */
void en_fetch_store_drop(en_fetch_store *store);
/* Everything ended so far is on disk and in the catalog afterwards. */
en_status en_fetch_store_flush(en_fetch_store *store, en_error *err) EN_CHECKED;

/* The CRC-32 of a file's bytes. */
en_status en_fetch_crc(const char *path, uint32_t *crc, en_error *err) EN_CHECKED;

#endif
