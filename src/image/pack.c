/* Packs: the header, appending, and reading by mmap. */
#include "image/pack.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/lock.h"
#include "base/memory.h"

enum {
    HEADER_BYTES = 4096, /* a page, so that slots start on one */
    SLOT_ALIGN = 64,
    SIZE_MAX_PX = 65535,
    VERSION = 1,
    AT_VERSION = 8,
    AT_SIZE = 12,
    AT_CHANNELS = 16,
    AT_SLOT_BYTES = 20,
    AT_RECIPE = 24, /* 64 hex digits */
    AT_CRC = 88     /* of the bytes before it */
};

static const uint8_t magic[8] = {'E', 'Y', 'E', 'P', 'A', 'C', 'K', '\n'};

static void put32(uint8_t *to, size_t value)
{
    for (int i = 0; i < 4; i++) {
        to[i] = (uint8_t)(value >> 8 * i);
    }
}

static uint32_t get32(const uint8_t *from)
{
    return (uint32_t)from[0] | (uint32_t)from[1] << 8 | (uint32_t)from[2] << 16 | (uint32_t)from[3] << 24;
}

/* N at most 65535, so it fits easily. */
static size_t slot_bytes_of(int size)
{
    size_t bytes = (size_t)size * (size_t)size * EN_PACK_CHANNELS;
    return (bytes + SLOT_ALIGN - 1) / SLOT_ALIGN * SLOT_ALIGN;
}

/* Bytes of a file with that many slots; false when there can be no such file. */
static bool file_bytes(int64_t slots, size_t slot_bytes, int64_t *out)
{
    size_t bytes;
    if (slots < 0 || !en_mul((size_t)slots, slot_bytes, &bytes) || !en_add(bytes, HEADER_BYTES, &bytes)) {
        return false;
    }
    *out = (int64_t)bytes;
    return *out > 0;
}

static void make_header(uint8_t header[HEADER_BYTES], int size, const char *recipe_sha256)
{
    memset(header, 0, HEADER_BYTES);
    memcpy(header, magic, sizeof magic);
    put32(header + AT_VERSION, VERSION);
    put32(header + AT_SIZE, (size_t)size);
    put32(header + AT_CHANNELS, EN_PACK_CHANNELS);
    put32(header + AT_SLOT_BYTES, slot_bytes_of(size));
    memcpy(header + AT_RECIPE, recipe_sha256, EN_SHA256_HEX - 1);
    put32(header + AT_CRC, en_crc32(0, header, AT_CRC));
}

/* size = 0 and recipe_sha256 = NULL: any. *size_found is the N of the header. */
static en_status check_header(const uint8_t *header, size_t bytes, const char *path, int size,
                              const char *recipe_sha256, int *size_found, en_error *err)
{
    if (bytes < HEADER_BYTES || memcmp(header, magic, sizeof magic) != 0) {
        return en_error_set(err, EN_INPUT, "'%s' is not a pack of samples", path);
    }
    if (get32(header + AT_VERSION) != VERSION) {
        return en_error_set(err, EN_INPUT, "pack '%s' is of version %" PRIu32 ", this eyenet reads version %d", path,
                            get32(header + AT_VERSION), VERSION);
    }
    uint32_t n = get32(header + AT_SIZE);
    if (get32(header + AT_CRC) != en_crc32(0, header, AT_CRC) || n < 1 || n > SIZE_MAX_PX ||
        get32(header + AT_CHANNELS) != EN_PACK_CHANNELS || get32(header + AT_SLOT_BYTES) != slot_bytes_of((int)n)) {
        return en_error_hint(err, en_error_set(err, EN_INPUT, "pack '%s' has a damaged header", path),
                             "remove it and ingest again");
    }
    if (size != 0 && n != (uint32_t)size) {
        return en_error_set(err, EN_INPUT, "pack '%s' holds samples of %" PRIu32 " px, not of %d", path, n, size);
    }
    if (recipe_sha256 != NULL && memcmp(header + AT_RECIPE, recipe_sha256, EN_SHA256_HEX - 1) != 0) {
        return en_error_set(err, EN_INPUT, "pack '%s' belongs to another recipe", path);
    }
    *size_found = (int)n;
    return EN_OK;
}

/* *got is less than `bytes` at the end of the file. */
static en_status read_start(int fd, const char *path, uint8_t *data, size_t bytes, size_t *got, en_error *err)
{
    *got = 0;
    while (*got < bytes) {
        ssize_t done = pread(fd, data + *got, bytes - *got, (off_t)*got);
        if (done < 0 && errno == EINTR) {
            continue;
        }
        if (done < 0) {
            return en_error_errno(err, "cannot read pack '%s'", path);
        }
        if (done == 0) {
            break;
        }
        *got += (size_t)done;
    }
    return EN_OK;
}

static en_status check_length(int fd, const char *path, int64_t slots_known, size_t slot_bytes, int64_t *length,
                              int64_t *wanted, en_error *err)
{
    struct stat info;
    if (fstat(fd, &info) != 0) {
        return en_error_errno(err, "cannot inspect pack '%s'", path);
    }
    *length = info.st_size;
    if (!file_bytes(slots_known, slot_bytes, wanted)) {
        return en_error_set(err, EN_INPUT, "pack '%s' cannot hold %" PRId64 " samples", path, slots_known);
    }
    if (*length < *wanted) {
        return en_error_hint(err,
                             en_error_set(err, EN_INPUT,
                                          "pack '%s' is truncated: holds %" PRId64 " of %" PRId64 " samples", path,
                                          (*length - HEADER_BYTES) / (int64_t)slot_bytes, slots_known),
                             "ingest again");
    }
    return EN_OK;
}

/* A header that a crash kept from being written: cut short, or zeros where bytes should be. */
static bool is_unfinished(const uint8_t *found, size_t bytes, const uint8_t *wanted)
{
    size_t missing = HEADER_BYTES - bytes;
    for (size_t i = 0; i < bytes; i++) {
        if (found[i] == wanted[i]) {
            continue;
        }
        if (found[i] != 0) {
            return false;
        }
        missing++;
    }
    return missing > 0;
}

/* Writes the header of a new pack, or checks that of an existing one. */
static en_status write_or_check_header(en_pack_writer *w, const char *recipe_sha256, int64_t slots_known, en_error *err)
{
    uint8_t wanted[HEADER_BYTES], found[HEADER_BYTES];
    size_t got;
    make_header(wanted, w->size, recipe_sha256);
    en_status st = read_start(w->fd, w->path, found, sizeof found, &got, err);
    if (st != EN_OK) {
        return st;
    }
    if (slots_known > 0 || !is_unfinished(found, got, wanted)) {
        int size;
        return check_header(found, got, w->path, w->size, recipe_sha256, &size, err);
    }
    st = en_fd_write(w->fd, w->path, wanted, sizeof wanted, 0, err);
    if (st != EN_OK) {
        return st;
    }
    if (fsync(w->fd) != 0) {
        return en_error_errno(err, "cannot sync pack '%s'", w->path);
    }
    return en_file_sync_folder(w->path, err); /* a new file's name is on the disk only when its folder is */
}

static en_status open_locked(en_pack_writer *w, bool may_create, en_error *err)
{
    w->fd = open(w->path, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | (may_create ? O_CREAT : 0), 0666);
    if (w->fd < 0) {
        return en_error_errno(err, "cannot open pack '%s'", w->path);
    }
    switch (en_lock_descriptor(w->fd)) {
    case EN_LOCK_TAKEN: return EN_OK;
    case EN_LOCK_BUSY:
        return en_error_hint(err, en_error_set(err, EN_BUSY, "pack '%s' is being written by another process", w->path),
                             "try again when it has ended");
    default: return en_error_errno(err, "cannot lock pack '%s'", w->path);
    }
}

en_status en_pack_writer_open(en_pack_writer *w, const char *path, int size, const char recipe_sha256[EN_SHA256_HEX],
                              int64_t slots_known, en_error *err)
{
    *w = (en_pack_writer){.fd = -1, .size = size, .slots = slots_known};
    if (size < 1 || size > SIZE_MAX_PX) {
        return en_error_set(err, EN_USAGE, "a pack of samples of %d px", size);
    }
    int64_t length, wanted;
    w->slot_bytes = slot_bytes_of(size);
    w->slot = en_calloc(1, w->slot_bytes);
    w->path = en_strdup(path);
    en_status st = EN_OK;
    if (w->slot == NULL || w->path == NULL) {
        st = en_error_nomem(err, "a slot of a pack");
        goto done;
    }
    st = open_locked(w, slots_known == 0, err);
    if (st != EN_OK) {
        goto done;
    }
    st = write_or_check_header(w, recipe_sha256, slots_known, err);
    if (st != EN_OK) {
        goto done;
    }
    st = check_length(w->fd, path, slots_known, w->slot_bytes, &length, &wanted, err);
    if (st != EN_OK) {
        goto done;
    }
    if (length > wanted && ftruncate(w->fd, wanted) != 0) {
        st = en_error_errno(err, "cannot cut the unused tail off pack '%s'", path);
    }
done:
    if (st != EN_OK) {
        en_pack_writer_close(w);
    }
    return st;
}

/* A pack by its first bytes; an empty file, or one of zeros, is what a crash leaves of a new one. */
static bool looks_like_a_pack(const uint8_t *start, size_t bytes)
{
    size_t zeros = 0;
    while (zeros < bytes && start[zeros] == 0) {
        zeros++;
    }
    return zeros == bytes || (bytes >= sizeof magic && memcmp(start, magic, sizeof magic) == 0);
}

en_status en_pack_remove(const char *path, en_error *err)
{
    uint8_t start[HEADER_BYTES];
    size_t got = 0;
    struct stat info;
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) {
        return errno == ENOENT ? EN_OK : en_error_errno(err, "cannot open pack '%s'", path);
    }
    bool regular = fstat(fd, &info) == 0 && S_ISREG(info.st_mode);
    en_status st = regular ? read_start(fd, path, start, sizeof start, &got, err) : EN_OK;
    (void)close(fd);
    if (st == EN_OK && (!regular || !looks_like_a_pack(start, got))) {
        st =
            en_error_hint(err, en_error_set(err, EN_INPUT, "'%s' is not a pack of samples, and is left as it is", path),
                          "move it away, then ingest again");
    }
    if (st == EN_OK && unlink(path) != 0 && errno != ENOENT) {
        st = en_error_errno(err, "cannot remove pack '%s'", path);
    }
    return st;
}

en_status en_pack_writer_add(en_pack_writer *w, const uint8_t *sample, int64_t *slot, en_error *err)
{
    int64_t at, end;
    if (!file_bytes(w->slots, w->slot_bytes, &at) || !file_bytes(w->slots + 1, w->slot_bytes, &end)) {
        return en_error_set(err, EN_INPUT, "pack '%s' is full", w->path);
    }
    memcpy(w->slot, sample, (size_t)w->size * (size_t)w->size * EN_PACK_CHANNELS);
    en_status st = en_fd_write(w->fd, w->path, w->slot, w->slot_bytes, at, err);
    if (st != EN_OK) {
        /* Gives half a slot back to a full disk; should this fail too, the next opening cuts it off. */
        int ignored = ftruncate(w->fd, at);
        (void)ignored;
        return st;
    }
    *slot = w->slots++;
    return EN_OK;
}

en_status en_pack_writer_sync(en_pack_writer *w, en_error *err)
{
    if (fdatasync(w->fd) != 0) {
        return en_error_errno(err, "cannot sync pack '%s'", w->path);
    }
    return EN_OK;
}

void en_pack_writer_close(en_pack_writer *w)
{
    if (w->path != NULL && w->fd >= 0) {
        (void)close(w->fd);
    }
    en_free(w->slot);
    en_free(w->path);
    *w = (en_pack_writer){.fd = -1};
}

static en_status map_pack(en_pack_reader *r, int fd, const char *path, const char *recipe_sha256, int64_t slots_known,
                          en_error *err)
{
    uint8_t header[HEADER_BYTES];
    size_t got;
    en_status st = read_start(fd, path, header, sizeof header, &got, err);
    if (st == EN_OK) {
        st = check_header(header, got, path, 0, recipe_sha256, &r->size, err);
    }
    if (st != EN_OK) {
        return st;
    }
    r->slot_bytes = slot_bytes_of(r->size);
    int64_t length, wanted;
    st = check_length(fd, path, slots_known, r->slot_bytes, &length, &wanted, err);
    if (st != EN_OK) {
        return st;
    }
    void *map = mmap(NULL, (size_t)wanted, PROT_READ, MAP_SHARED, fd, 0);
    if (map == MAP_FAILED) {
        return en_error_errno(err, "cannot map pack '%s'", path);
    }
    r->map = map;
    r->map_bytes = (size_t)wanted;
    r->slots = slots_known;
    return EN_OK;
}

en_status en_pack_reader_open(en_pack_reader *r, const char *path, const char *recipe_sha256, int64_t slots_known,
                              en_error *err)
{
    *r = (en_pack_reader){0};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT) {
        return en_error_hint(err, en_error_set(err, EN_INPUT, "pack '%s' is missing", path), "ingest again");
    }
    if (fd < 0) {
        return en_error_errno(err, "cannot open pack '%s'", path);
    }
    en_status st = map_pack(r, fd, path, recipe_sha256, slots_known, err);
    (void)close(fd);
    if (st != EN_OK) {
        *r = (en_pack_reader){0};
    }
    return st;
}

const uint8_t *en_pack_reader_slot(const en_pack_reader *r, int64_t slot)
{
    if (slot < 0 || slot >= r->slots) {
        return NULL;
    }
    return r->map + HEADER_BYTES + (size_t)slot * r->slot_bytes;
}

en_status en_pack_reader_check(const en_pack_reader *r, int64_t slot, const char *sha256, bool *same, en_error *err)
{
    char hex[EN_SHA256_HEX];
    size_t bytes = (size_t)r->size * (size_t)r->size * EN_PACK_CHANNELS;
    const uint8_t *sample = en_pack_reader_slot(r, slot);
    *same = false;
    if (sample == NULL) {
        return EN_OK;
    }
    en_status st = en_sha256_bytes(sample, bytes, hex, err);
    *same = st == EN_OK && strcmp(hex, sha256) == 0;
    return st;
}

void en_pack_reader_close(en_pack_reader *r)
{
    if (r->map != NULL) {
        (void)munmap(r->map, r->map_bytes);
    }
    *r = (en_pack_reader){0};
}
