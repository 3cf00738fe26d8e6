/* Backups in a folder. Objects are written in batches under temporary names, brought to the disk by one syncfs(2), and
 * then given their names: one that has its name is whole, also after a power cut. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "backup/store.h"
#include "base/file.h"
#include "base/lock.h"
#include "base/memory.h"
#include "base/place.h"
#include "base/text.h"
#include "base/untrusted.h"

#define WORK "work" /* temporary files; of a backup that was killed, removed by the next one */
#define BATCH_FILES 256
#define BATCH_BYTES ((size_t)256 << 20)
#define MARK_TEXT "Backups made by eyenet; 'eyenet restore' reads them.\n"

typedef struct waiting {
    char object[EN_BACKUP_OBJECT];
    size_t bytes;
} waiting;

typedef struct folder {
    char *root, *work;
    int fd; /* of the folder, locked while it is written to; -1 */
    bool write;
    waiting batch[BATCH_FILES]; /* number i waits as WORK/i */
    size_t count, bytes;
} folder;

/* The path of something beneath the folder, no part of which is a symbolic link; en_free. */
static en_status path_of(const folder *f, const char *name, char **path, en_error *err)
{
    en_status st = en_path_beneath(f->root, name, path, err);
    if (st == EN_INPUT) { /* its words are about projects */
        st = en_error_set(err, EN_INPUT, "'%s/%s' is neither a regular file nor a folder", f->root, name);
    }
    return st;
}

static en_status read_names(en_backup_store *store, en_error *err)
{
    const folder *f = store->opened;
    char *path = NULL;
    en_names names = {0};
    en_status st = path_of(f, "backups", &path, err);
    if (st == EN_OK && en_file_is_dir(path)) {
        st = en_file_list(path, &names, err);
    }
    for (size_t i = 0; st == EN_OK && i < names.count; i++) {
        st = en_backup_names_add(&store->names, names.name[i], err);
    }
    en_names_free(&names);
    en_free(path);
    return st;
}

/* An empty folder becomes one of backups; any other must be one already. */
static en_status mark(const folder *f, const char *shown, bool write, en_error *err)
{
    char *path = NULL;
    en_names names = {0};
    en_status st = path_of(f, EN_BACKUP_MARK, &path, err);
    if (st != EN_OK || en_file_exists(path)) {
        goto done;
    }
    st = en_file_list(f->root, &names, err);
    if (st != EN_OK) {
        goto done;
    }
    bool empty = true; /* but for a mark that was cut off */
    for (size_t i = 0; i < names.count; i++) {
        empty = empty && en_starts_with(names.name[i], EN_BACKUP_MARK ".part-");
    }
    if (!write || !empty) {
        st = en_backup_no_place(shown, err);
        if (write) {
            st = en_error_set(err, EN_INPUT, "'%s' is not empty and not a place of backups", shown);
        }
        goto done;
    }
    st = en_file_write(path, MARK_TEXT, strlen(MARK_TEXT), err);
done:
    en_names_free(&names);
    en_free(path);
    return st;
}

static en_status make_folders(const folder *f, en_error *err)
{
    static const char *const name[] = {WORK, "objects", "backups"};
    en_status st = EN_OK;
    for (size_t i = 0; st == EN_OK && i < sizeof name / sizeof *name; i++) {
        char *path = NULL;
        st = path_of(f, name[i], &path, err);
        if (st == EN_OK && i == 0) {
            st = en_file_remove_tree(path, err);
        }
        st = st == EN_OK ? en_file_mkdirs(path, err) : st;
        en_free(path);
    }
    return st;
}

static en_status lock(folder *f, const char *shown, bool write, en_error *err)
{
    if (!write) {
        f->fd = open(f->root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        return f->fd >= 0         ? EN_OK
               : errno == ENOENT  ? en_error_set(err, EN_INPUT, "there is no folder '%s'", shown)
               : errno == ENOTDIR ? en_backup_no_place(shown, err)
                                  : en_error_errno(err, "cannot open the folder '%s'", shown);
    }
    switch (en_lock_folder(f->root, &f->fd)) {
    case EN_LOCK_TAKEN: return EN_OK;
    case EN_LOCK_BUSY:
        return en_error_hint(err, en_error_set(err, EN_BUSY, "another backup is made to '%s' now", shown),
                             "try again when it has ended");
    default: return en_error_errno(err, "cannot lock the folder '%s'", shown);
    }
}

static en_status open_folder(en_backup_store *store, const en_backup_options *options, en_backup_access access,
                             const en_events *events, en_error *err)
{
    const bool write = access == EN_BACKUP_WRITE;
    folder *f = store->opened = en_calloc(1, sizeof *f);
    (void)events;
    if (f == NULL) {
        return en_error_nomem(err, "a backup");
    }
    f->fd = -1;
    f->root = en_strdup(options->place);
    f->work = en_path_join(options->place, WORK);
    store->work = f->work;
    en_status st = f->root != NULL && f->work != NULL ? EN_OK : en_error_nomem(err, "a path");
    if (st == EN_OK && write) {
        st = en_file_mkdirs(f->root, err);
    }
    st = st == EN_OK ? lock(f, store->shown, write, err) : st;
    st = st == EN_OK ? mark(f, store->shown, write, err) : st;
    f->write = write && st == EN_OK;
    st = st == EN_OK && write ? make_folders(f, err) : st;
    return st == EN_OK ? read_names(store, err) : st;
}

static bool has(en_backup_store *store, const char *object, int64_t bytes)
{
    const folder *f = store->opened;
    char *path = NULL;
    int64_t size = -1;
    for (size_t i = 0; i < f->count; i++) {
        if (strcmp(f->batch[i].object, object) == 0) {
            return true;
        }
    }
    bool there = path_of(f, object, &path, NULL) == EN_OK && en_file_exists(path) &&
                 en_file_size(path, &size, NULL) == EN_OK && size == bytes;
    en_free(path);
    return there;
}

static en_status name_one(const folder *f, size_t i, en_error *err)
{
    const waiting *w = &f->batch[i];
    char *from = en_format("%s/%zu", f->work, i), *to = NULL, *within = NULL;
    en_status st = from != NULL ? path_of(f, w->object, &to, err) : en_error_nomem(err, "a path");
    if (st == EN_OK && rename(from, to) != 0) {
        within = errno == ENOENT ? en_strndup(to, (size_t)(en_path_base(to) - to - 1)) : NULL;
        st = within != NULL ? en_file_mkdirs(within, err) : en_error_errno(err, "cannot write '%s'", to);
        if (st == EN_OK && rename(from, to) != 0) {
            st = en_error_errno(err, "cannot write '%s'", to);
        }
    }
    en_free(within);
    en_free(from);
    en_free(to);
    return st;
}

static en_status name_batch(folder *f, en_error *err)
{
    en_status st = f->count == 0 || syncfs(f->fd) == 0 ? EN_OK : en_error_errno(err, "cannot write to '%s'", f->root);
    for (size_t i = 0; st == EN_OK && i < f->count; i++) {
        st = name_one(f, i, err);
    }
    f->count = f->bytes = 0;
    return st;
}

static en_status put(en_backup_store *store, const char *object, const void *data, size_t bytes, const char *sha256,
                     en_error *err)
{
    folder *f = store->opened;
    (void)sha256;
    char *path = en_format("%s/%zu", f->work, f->count);
    int fd = path != NULL ? open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0666) : -1;
    en_status st = path == NULL ? en_error_nomem(err, "a path")
                   : fd < 0     ? en_error_errno(err, "cannot write to '%s'", f->root)
                                : en_fd_write(fd, path, data, bytes, 0, err);
    if (fd >= 0 && close(fd) != 0 && st == EN_OK) {
        st = en_error_errno(err, "cannot write '%s'", path);
    }
    en_free(path);
    if (st != EN_OK) {
        return st;
    }
    snprintf(f->batch[f->count].object, EN_BACKUP_OBJECT, "%s", object);
    f->batch[f->count++].bytes = bytes;
    f->bytes += bytes;
    return f->count == BATCH_FILES || f->bytes >= BATCH_BYTES ? name_batch(f, err) : EN_OK;
}

static en_status settle(en_backup_store *store, en_error *err)
{
    folder *f = store->opened;
    en_status st = name_batch(f, err);
    return st == EN_OK && syncfs(f->fd) != 0 ? en_error_errno(err, "cannot write to '%s'", f->root) : st;
}

static en_status commit(en_backup_store *store, const char *name, const void *data, size_t bytes, const char *sha256,
                        en_error *err)
{
    const folder *f = store->opened;
    (void)sha256;
    char *part = en_format("%s/backups/.part", f->root), *path = en_format("%s/backups/%s", f->root, name);
    en_status st = part != NULL && path != NULL ? en_file_remove_tree(part, err) : en_error_nomem(err, "a path");
    st = st == EN_OK ? en_file_write(part, data, bytes, err) : st;
    st = st == EN_OK ? en_file_place(part, path, err) : st;
    if (st != EN_OK && part != NULL) {
        (void)unlink(part);
    }
    en_free(part);
    en_free(path);
    return st;
}

static en_status get(en_backup_store *store, const char *name, en_buf *out, en_error *err)
{
    char *path = NULL;
    en_status st = path_of(store->opened, name, &path, err);
    if (st == EN_OK) {
        st = en_file_exists(path) ? en_file_read(path, out, err) : EN_DONE;
    }
    en_free(path);
    return st;
}

static void close_folder(en_backup_store *store)
{
    folder *f = store->opened;
    if (f == NULL) {
        return;
    }
    if (f->fd >= 0) {
        if (f->write) {
            (void)!en_file_remove_tree(f->work, NULL); /* what is left, the next backup removes */
        }
        (void)close(f->fd);
    }
    en_free(f->root);
    en_free(f->work);
    en_free(f);
}

const en_backup_kind en_backup_folder = {
    .open = open_folder,
    .has = has,
    .put = put,
    .settle = settle,
    .commit = commit,
    .get = get,
    .close = close_folder,
};
