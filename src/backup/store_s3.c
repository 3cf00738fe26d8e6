/* Backups in a bucket. What is there is listed once, with lengths; an object is written whole or not at all, and the
 * server compares it with the hash that its request is signed with. */
#include <stdlib.h>
#include <string.h>

#include "backup/store.h"
#include "base/memory.h"
#include "base/text.h"
#include "intake/fetch/s3_api.h"

#define BACKUPS "backups/"

typedef struct bucket {
    en_s3 s3;
    en_fetch_remote_files files; /* sorted by name */
} bucket;

static int by_name(const void *a, const void *b)
{
    const en_fetch_file *x = a, *y = b;
    return strcmp(x->name, y->name);
}

static int by_key(const void *key, const void *file) { return strcmp(key, ((const en_fetch_file *)file)->name); }

static const en_fetch_file *find(const bucket *b, const char *name)
{
    return b->files.count == 0 ? NULL : bsearch(name, b->files.item, b->files.count, sizeof *b->files.item, by_key);
}

static en_status take_names(en_backup_store *store, en_error *err)
{
    const bucket *b = store->opened;
    en_status st = EN_OK;
    for (size_t i = 0; st == EN_OK && i < b->files.count; i++) {
        const char *name = b->files.item[i].name;
        if (en_starts_with(name, BACKUPS)) {
            st = en_backup_names_add(&store->names, name + strlen(BACKUPS), err);
        }
    }
    return st;
}

static en_status open_s3(en_backup_store *store, const en_backup_options *options, en_backup_access access,
                         const en_events *events, en_error *err)
{
    static const char text[] = "Backups made by eyenet; 'eyenet restore' reads them.\n";
    char sha256[EN_SHA256_HEX];
    bool single = false;
    bucket *b = store->opened = en_calloc(1, sizeof *b);
    en_status st = b != NULL ? en_s3_open(&b->s3, options->place, &options->http, options->variable, events, err)
                             : en_error_nomem(err, "a backup");
    if (st == EN_OK) {
        st = en_s3_list(&b->s3, &b->files, &single, err);
    }
    if (st != EN_OK) {
        return st;
    }
    if (b->files.count > 1) {
        qsort(b->files.item, b->files.count, sizeof *b->files.item, by_name);
    }
    if (!single && find(b, EN_BACKUP_MARK) != NULL) {
        return take_names(store, err);
    }
    if (access == EN_BACKUP_READ) {
        return en_backup_no_place(store->shown, err);
    }
    if (b->files.count > 0) {
        return en_error_set(err, EN_INPUT, "'%s' is not empty and not a place of backups", store->shown);
    }
    st = en_sha256_bytes(text, strlen(text), sha256, err);
    return st == EN_OK ? en_s3_put(&b->s3, EN_BACKUP_MARK, text, strlen(text), sha256, false, err) : st;
}

static bool has(en_backup_store *store, const char *object, int64_t bytes)
{
    const en_fetch_file *file = find(store->opened, object);
    return file != NULL && file->bytes == bytes;
}

static en_status put(en_backup_store *store, const char *object, const void *data, size_t bytes, const char *sha256,
                     en_error *err)
{
    bucket *b = store->opened;
    return en_s3_put(&b->s3, object, data, bytes, sha256, false, err);
}

static en_status settle(en_backup_store *store, en_error *err)
{
    (void)store;
    (void)err;
    return EN_OK; /* the server has answered for each object */
}

static en_status commit(en_backup_store *store, const char *name, const void *data, size_t bytes, const char *sha256,
                        en_error *err)
{
    bucket *b = store->opened;
    char *key = en_format(BACKUPS "%s", name);
    en_status st = key != NULL ? en_s3_put(&b->s3, key, data, bytes, sha256, true, err) : en_error_nomem(err, "a name");
    en_free(key);
    return st;
}

static en_status get(en_backup_store *store, const char *name, en_buf *out, en_error *err)
{
    bucket *b = store->opened;
    return en_s3_get(&b->s3, name, out, err);
}

static void close_s3(en_backup_store *store)
{
    bucket *b = store->opened;
    if (b != NULL) {
        en_fetch_files_clear(&b->files);
        en_s3_close(&b->s3);
        en_free(b);
    }
}

const en_backup_kind en_backup_s3 = {
    .open = open_s3,
    .has = has,
    .put = put,
    .settle = settle,
    .commit = commit,
    .get = get,
    .close = close_s3,
};
