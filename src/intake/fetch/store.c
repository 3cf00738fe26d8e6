/* Landing photographs in batches that are on disk before their rows are. Uses POSIX files and catalog. */
#include "intake/fetch/store.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/lock.h"
#include "base/memory.h"
#include "catalog/source.h"

#define STAGING ".part-fetch"
#define BATCH_FILES 256
#define BATCH_BYTES ((int64_t)64 << 20)
#define BLOCK ((size_t)256 << 10)

struct en_fetch_store {
    en_project *project;
    char *photos, *staging;
    int lock; /* the folder photos/; -1 while it is not locked */
    int64_t source_id;
    en_catalog_member batch[BATCH_FILES]; /* ended; number i waits as STAGING/i */
    size_t count;
    int64_t bytes; /* of the batch */
    int fd;        /* the photograph being written, or -1 */
    en_catalog_member now;
    uint32_t crc;
    en_sha256 *sha;
};

/* Where number `i` of the batch waits; en_free. */
static char *waiting(const en_fetch_store *store, size_t i) { return en_format("%s/%zu", store->staging, i); }

static en_status take_lock(en_fetch_store *store, en_error *err)
{
    switch (en_lock_folder(store->photos, &store->lock)) {
    case EN_LOCK_TAKEN: return EN_OK;
    case EN_LOCK_BUSY: return en_error_set(err, EN_BUSY, "another fetch is running in this project; wait for its end");
    default: return en_error_errno(err, "cannot lock folder '%s'", store->photos);
    }
}

en_status en_fetch_store_open(en_project *project, en_fetch_store **out, en_error *err)
{
    *out = NULL;
    en_fetch_store *store = en_calloc(1, sizeof *store);
    if (store == NULL) {
        return en_error_nomem(err, "fetching");
    }
    en_status st = EN_OK;
    store->project = project;
    store->lock = store->fd = -1;
    store->sha = en_sha256_new();
    if (store->sha == NULL) {
        st = en_error_nomem(err, "fetching");
        goto done;
    }
    st = en_project_path(project, EN_PHOTOS_DIR, &store->photos, err);
    if (st == EN_OK) {
        st = en_project_path(project, EN_PHOTOS_DIR "/" STAGING, &store->staging, err);
    }
    if (st != EN_OK) {
        goto done;
    }
    st = en_file_mkdirs(store->photos, err);
    if (st == EN_OK) {
        st = take_lock(store, err);
    }
    if (st == EN_OK) {
        st = en_file_remove_tree(store->staging, err);
    }
    if (st == EN_OK) {
        st = en_file_mkdirs(store->staging, err);
    }
done:
    if (st != EN_OK) {
        en_fetch_store_close(store);
    } else {
        *out = store;
    }
    return st;
}

static void drop_batch(en_fetch_store *store)
{
    for (size_t i = 0; i < store->count; i++) {
        en_catalog_member_clear(&store->batch[i]);
    }
    store->count = 0;
    store->bytes = 0;
}

void en_fetch_store_close(en_fetch_store *store)
{
    if (store == NULL) {
        return;
    }
    if (store->fd >= 0) {
        close(store->fd);
    }
    drop_batch(store);
    en_catalog_member_clear(&store->now);
    if (store->lock >= 0) {
        if (en_file_remove_tree(store->staging, NULL) != EN_OK) {
            en_event_warn(&store->project->events, "could not remove '%s'; the next fetch will", store->staging);
        }
        close(store->lock);
    }
    en_sha256_free(store->sha);
    en_free(store->photos);
    en_free(store->staging);
    en_free(store);
}

void en_fetch_store_source(en_fetch_store *store, int64_t source_id) { store->source_id = source_id; }

/* The photograph's path in the project; en_free. */
static char *project_path(const en_fetch_store *store, const char *path)
{
    return en_format(EN_PHOTOS_DIR "/%lld/%s", (long long)store->source_id, path);
}

en_status en_fetch_crc(const char *path, uint32_t *crc, en_error *err)
{
    en_status st = EN_OK;
    unsigned char *block = en_alloc(BLOCK);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (block == NULL || fd < 0) {
        st = block == NULL ? en_error_nomem(err, "reading a file") : en_error_errno(err, "cannot open '%s'", path);
        goto done;
    }
    *crc = 0;
    for (;;) {
        ssize_t n = read(fd, block, BLOCK);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0) {
            st = en_error_errno(err, "cannot read '%s'", path);
        }
        if (n <= 0) {
            break;
        }
        *crc = en_crc32(*crc, block, (size_t)n);
    }
done:
    if (fd >= 0) {
        close(fd);
    }
    en_free(block);
    return st;
}

en_status en_fetch_store_have(en_fetch_store *store, const char *path, en_fetch_have *have, en_error *err)
{
    en_catalog_member row = {0};
    char *whole = NULL, *relative = project_path(store, path);
    *have = (en_fetch_have){0};
    en_status st = relative != NULL ? en_catalog_member_find(store->project->catalog, relative, &row, err)
                                    : en_error_nomem(err, "a path");
    if (st != EN_OK) {
        st = st == EN_DONE ? EN_OK : st;
        goto done;
    }
    *have = (en_fetch_have){.row = true, .bytes = row.bytes, .crc32 = row.crc32};
    st = en_project_path(store->project, relative, &whole, err);
    if (st != EN_OK) {
        goto done;
    }
    struct stat s;
    uint32_t crc;
    if (lstat(whole, &s) == 0 && S_ISREG(s.st_mode) && s.st_size == row.bytes) {
        have->file = en_fetch_crc(whole, &crc, NULL) == EN_OK && (int64_t)crc == row.crc32; /* unreadable: put back */
    }
done:
    en_catalog_member_clear(&row);
    en_free(relative);
    en_free(whole);
    return st;
}

en_status en_fetch_store_knows(en_fetch_store *store, const char *path, int64_t bytes, bool *known, en_error *err)
{
    en_catalog_member row = {0};
    struct stat s;
    char *whole = NULL, *relative = project_path(store, path);
    *known = false;
    en_status st = relative != NULL ? en_catalog_member_find(store->project->catalog, relative, &row, err)
                                    : en_error_nomem(err, "a path");
    bool same = st == EN_OK && row.bytes == bytes;
    if (same) {
        st = en_project_path(store->project, relative, &whole, err);
    }
    *known = same && st == EN_OK && lstat(whole, &s) == 0 && S_ISREG(s.st_mode) && s.st_size == bytes;
    en_catalog_member_clear(&row);
    en_free(relative);
    en_free(whole);
    return st == EN_DONE ? EN_OK : st;
}

en_status en_fetch_store_room(en_fetch_store *store, int64_t bytes, en_error *err)
{
    en_status st = en_file_check_space(store->photos, bytes, err);
    if (st != EN_OK) {
        en_error_prefix(err, "not enough disk space for the photographs");
    }
    return st;
}

en_status en_fetch_store_begin(en_fetch_store *store, const char *path, en_error *err)
{
    en_status st = EN_OK;
    char *part = waiting(store, store->count);
    store->now =
        (en_catalog_member){.source_id = store->source_id, .path = project_path(store, path), .photograph = true};
    store->crc = 0;
    if (part == NULL || store->now.path == NULL) {
        st = en_error_nomem(err, "a path");
        goto done;
    }
    store->fd = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (store->fd < 0) {
        st = en_error_errno(err, "cannot write '%s'", part);
    }
done:
    if (st != EN_OK) {
        en_catalog_member_clear(&store->now);
    }
    en_free(part);
    return st;
}

en_status en_fetch_store_add(en_fetch_store *store, const void *data, size_t bytes, en_error *err)
{
    int64_t at = store->now.bytes;
    store->crc = en_crc32(store->crc, data, bytes);
    en_sha256_add(store->sha, data, bytes);
    store->now.bytes += (int64_t)bytes;
    return en_fd_write(store->fd, store->now.path, data, bytes, at, err);
}

en_status en_fetch_store_end(en_fetch_store *store, en_error *err)
{
    int fd = store->fd;
    store->fd = -1;
    if (close(fd) != 0) {
        return en_error_errno(err, "cannot write '%s'", store->now.path);
    }
    store->now.sha256 = en_alloc(EN_SHA256_HEX);
    if (store->now.sha256 == NULL) {
        return en_error_nomem(err, "a hash");
    }
    if (!en_sha256_hex(store->sha, store->now.sha256)) {
        return en_error_nomem(err, "a hash");
    }
    store->now.crc32 = store->crc;
    store->batch[store->count++] = store->now;
    store->bytes += store->now.bytes;
    store->now = (en_catalog_member){0};
    return store->count == BATCH_FILES || store->bytes >= BATCH_BYTES ? en_fetch_store_flush(store, err) : EN_OK;
}

void en_fetch_store_drop(en_fetch_store *store)
{
    char unwanted[EN_SHA256_HEX];
    if (store->fd < 0) {
        return;
    }
    close(store->fd); /* the next one begun, or the end of the fetch, takes the file */
    store->fd = -1;
    (void)en_sha256_hex(store->sha, unwanted);
    en_catalog_member_clear(&store->now);
}

/* Gives number `i` of the batch its place, making the folders above it when they are not there yet. */
static en_status place(en_fetch_store *store, size_t i, en_error *err)
{
    en_status st = EN_OK;
    char *part = waiting(store, i), *whole = NULL;
    st = part != NULL ? en_project_path(store->project, store->batch[i].path, &whole, err)
                      : en_error_nomem(err, "a path");
    if (st != EN_OK) {
        goto done;
    }
    if (rename(part, whole) == 0) {
        goto done;
    }
    if (errno == ENOENT) {
        char *slash = strrchr(whole, '/');
        *slash = '\0';
        st = en_file_mkdirs(whole, err);
        *slash = '/';
        if (st != EN_OK || rename(part, whole) == 0) {
            goto done;
        }
    }
    st = en_error_errno(err, "cannot write '%s'", whole);
done:
    en_free(part);
    en_free(whole);
    return st;
}

/* Syncs the folder of number `i` of the batch; *last is the one synced before, as most of a batch share a folder. */
static en_status sync_folder(const en_fetch_store *store, size_t i, char **last, en_error *err)
{
    char *path;
    en_status st = en_project_path(store->project, store->batch[i].path, &path, err);
    if (st != EN_OK) {
        return st;
    }
    size_t folder = (size_t)(strrchr(path, '/') - path);
    bool done = *last != NULL && strncmp(*last, path, folder + 1) == 0 && strchr(*last + folder + 1, '/') == NULL;
    en_free(*last);
    *last = path;
    return done ? EN_OK : en_file_sync_folder(path, err);
}

static en_status write_rows(en_fetch_store *store, en_error *err)
{
    en_status st = en_catalog_begin(store->project->catalog, err);
    for (size_t i = 0; i < store->count && st == EN_OK; i++) {
        st = en_catalog_member_put(store->project->catalog, &store->batch[i], err);
    }
    if (st == EN_OK) {
        st = en_catalog_commit(store->project->catalog, err);
    }
    if (st != EN_OK) {
        en_catalog_rollback(store->project->catalog);
    }
    return st;
}

en_status en_fetch_store_flush(en_fetch_store *store, en_error *err)
{
    if (store->count == 0) {
        return EN_OK;
    }
    char *last = NULL;
    en_status st = syncfs(store->lock) == 0 ? EN_OK : en_error_errno(err, "cannot write '%s'", store->photos);
    for (size_t i = 0; i < store->count && st == EN_OK; i++) {
        st = place(store, i, err);
    }
    for (size_t i = 0; i < store->count && st == EN_OK; i++) {
        st = sync_folder(store, i, &last, err);
    }
    if (st == EN_OK) {
        st = write_rows(store, err);
    }
    drop_batch(store);
    en_free(last);
    return st;
}
