/* Packs: the pixels of many samples of one recipe in one file, raw, so that training reads them by mmap without
 * decoding.
 *
 * File, little-endian: a header of 4096 bytes (magic "EYEPACK\n", version, N, channels, bytes of a slot, SHA-256 of the
 * recipe's canonical text, CRC-32 of all that), then slots of N*N*channels bytes (N,N,channels), each rounded up to 64.
 *
 * The catalog is authoritative. A slot exists once the catalog says so, which it may after en_pack_writer_sync only. A
 * kill -9 at any moment leaves at most slots the catalog does not know; the next en_pack_writer_open cuts them off. */
#ifndef EN_IMAGE_PACK_H
#define EN_IMAGE_PACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/hash.h"

#define EN_PACK_CHANNELS 3

typedef struct en_pack_writer {
    int fd;            /* of the file, exclusively locked */
    int size;          /* N */
    int64_t slots;     /* in the file so far, synced or not: the number the next sample gets */
    size_t slot_bytes; /* from one slot to the next */
    uint8_t *slot;     /* one slot with its padding; owned */
    char *path;        /* owned; NULL when closed */
} en_pack_writer;

/* Opens the pack at `path` for appending after the first `slots_known` slots, which is what the catalog knows of;
 * whatever lies behind them is cut off. A missing file is made when slots_known is 0.
 * EN_INPUT: it is not a pack, is of another size or recipe, or holds fewer slots than known. EN_BUSY: another process
 * writes it. EN_IO. On failure the writer is closed. */
en_status en_pack_writer_open(en_pack_writer *w, const char *path, int size, const char recipe_sha256[EN_SHA256_HEX],
                              int64_t slots_known, en_error *err) EN_CHECKED;
/* Appends sample (N,N,3); *slot is its number. On EN_IO (full disk) the file is as before. */
en_status en_pack_writer_add(en_pack_writer *w, const uint8_t *sample, int64_t *slot, en_error *err) EN_CHECKED;
/* Removes the file at `path` when it is a pack or what a crash left of a new one; missing is fine. EN_INPUT when it is
 * anything else, which is left as it is. */
en_status en_pack_remove(const char *path, en_error *err) EN_CHECKED;
/* Everything added is on the disk when this returns EN_OK; only then may the catalog name it. */
en_status en_pack_writer_sync(en_pack_writer *w, en_error *err) EN_CHECKED;
/* Without sync: slots not synced may or may not survive. Safe on one that is closed or zeroed. */
void en_pack_writer_close(en_pack_writer *w);

typedef struct en_pack_reader {
    uint8_t *map; /* NULL when closed; read-only pages */
    size_t map_bytes;
    int size;      /* N */
    int64_t slots; /* that may be read: slots_known */
    size_t slot_bytes;
} en_pack_reader;

/* Maps the first `slots_known` slots. EN_INPUT when it is not a pack, of another recipe, or shorter than that ("pack
 * 'a.pack' is truncated: holds 12 of 15 samples; ingest again"). recipe_sha256 may be NULL: any. */
en_status en_pack_reader_open(en_pack_reader *r, const char *path, const char *recipe_sha256, int64_t slots_known,
                              en_error *err) EN_CHECKED;
/* Sample (N,N,3) of a slot, 64-byte aligned, borrowed until close; NULL when there is no such slot. */
const uint8_t *en_pack_reader_slot(const en_pack_reader *r, int64_t slot);
/* Whether there is such a slot and its sample has this hash. EN_NOMEM only. */
en_status en_pack_reader_check(const en_pack_reader *r, int64_t slot, const char *sha256, bool *same,
                               en_error *err) EN_CHECKED;
void en_pack_reader_close(en_pack_reader *r);

#endif
