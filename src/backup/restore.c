/* Restoring: files are written beneath a folder of another name, which gets its own when all of them are right. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backup/tree.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/lock.h"
#include "base/memory.h"
#include "base/untrusted.h"

typedef struct restoring {
    const en_events *events;
    en_backup_store store;
    en_manifest m;
    en_buf data;
    char *part; /* the folder until it is whole */
    int lock;   /* of it; -1 */
    en_restore_result *result;
} restoring;

/* The folder ------------------------------------------------------------------------------------------------------- */

static en_status check_folder(const char *folder, en_error *err)
{
    struct stat s;
    en_names names = {0};
    if (lstat(folder, &s) != 0) {
        return errno == ENOENT ? EN_OK : en_error_errno(err, "cannot look at '%s'", folder);
    }
    if (!S_ISDIR(s.st_mode)) {
        return en_error_set(err, EN_INPUT, "'%s' exists and is not a folder", folder);
    }
    en_status st = en_file_list(folder, &names, err);
    if (st == EN_OK && names.count > 0) {
        st = en_error_hint(err, en_error_set(err, EN_INPUT, "the folder '%s' is not empty", folder),
                           "name a new one; nothing is ever restored over a project");
    }
    en_names_free(&names);
    return st;
}

static en_status set_folder(restoring *r, const char *folder, en_error *err)
{
    const char *project = r->m.about.project;
    if (folder == NULL && en_rule_fault(EN_RULE_FILE_NAME, project) != NULL) {
        return en_error_hint(err, en_error_set(err, EN_INPUT, "the name of the project cannot name a folder here"),
                             "name a folder after the place of the backup");
    }
    r->result->folder = en_strdup(folder != NULL ? folder : project);
    if (r->result->folder == NULL) {
        return en_error_nomem(err, "a path");
    }
    char *end = r->result->folder + strlen(r->result->folder);
    while (end > r->result->folder + 1 && end[-1] == '/') {
        *--end = '\0';
    }
    r->part = en_format("%s.restoring-%s", r->result->folder, r->m.about.name);
    en_status st = r->part != NULL ? check_folder(r->result->folder, err) : en_error_nomem(err, "a path");
    st = st == EN_OK ? en_file_mkdirs(r->part, err) : st;
    if (st != EN_OK) {
        return st;
    }
    switch (en_lock_folder(r->part, &r->lock)) {
    case EN_LOCK_TAKEN: return EN_OK;
    case EN_LOCK_BUSY: return en_error_set(err, EN_BUSY, "another process restores to '%s' now", r->result->folder);
    default: return en_error_errno(err, "cannot lock the folder '%s'", r->part);
    }
}

/* The folder gets its name, in place of an empty one at most; rename(2) refuses any other. */
static en_status name_folder(const restoring *r, en_error *err)
{
    if (syncfs(r->lock) != 0) {
        return en_error_errno(err, "cannot write to '%s'", r->part);
    }
    if (rename(r->part, r->result->folder) != 0) {
        return errno == ENOTEMPTY || errno == EEXIST
                   ? en_error_set(err, EN_INPUT, "the folder '%s' is not empty", r->result->folder)
                   : en_error_errno(err, "cannot give '%s' its name", r->result->folder);
    }
    return en_file_sync_folder(r->result->folder, err);
}

/* Files ------------------------------------------------------------------------------------------------------------ */

/* Whether the file came whole before. */
static bool is_there(const char *path, const en_backup_file *f)
{
    char sha256[EN_SHA256_HEX];
    int64_t bytes = -1;
    return en_file_exists(path) && en_file_size(path, &bytes, NULL) == EN_OK && bytes == f->bytes &&
           en_sha256_file(path, sha256, NULL) == EN_OK && strcmp(sha256, f->sha256) == 0;
}

static en_status write_chunks(restoring *r, const en_backup_file *f, int fd, const char *path, en_error *err)
{
    en_sha256 *whole = en_sha256_new();
    char sha256[EN_SHA256_HEX] = "";
    int64_t at = 0;
    en_status st = whole != NULL ? EN_OK : en_error_nomem(err, "a hash");
    for (size_t i = 0; st == EN_OK && i < en_manifest_chunks(f->bytes); i++) {
        size_t bytes;
        bool missing;
        const char *hash = en_manifest_chunk(&r->m, f, i, &bytes);
        st = en_backup_fetch(&r->store, hash, bytes, &r->data, &missing, err);
        if (st != EN_OK) {
            en_error_prefix(err, "cannot restore '%s'", f->path);
            break;
        }
        st = en_fd_write(fd, path, r->data.data, bytes, at, err);
        at += (int64_t)bytes;
        en_sha256_add(whole, r->data.data, bytes);
        st = st == EN_OK ? en_stop_check(r->events, err) : st;
    }
    if (st == EN_OK && (!en_sha256_hex(whole, sha256) || strcmp(sha256, f->sha256) != 0)) {
        st = en_error_set(err, EN_INPUT, "cannot restore '%s': its hash differs", f->path);
    }
    en_sha256_free(whole);
    return st;
}

static en_status make_parents(const restoring *r, const char *relative, en_error *err)
{
    const char *base = en_path_base(relative);
    char *folder = base > relative ? en_strndup(relative, (size_t)(base - relative - 1)) : NULL, *path = NULL;
    if (base == relative) {
        return EN_OK;
    }
    en_status st = folder != NULL ? en_path_beneath(r->part, folder, &path, err) : en_error_nomem(err, "a path");
    st = st == EN_OK ? en_file_mkdirs(path, err) : st;
    en_free(path);
    en_free(folder);
    return st;
}

static en_status restore_file(restoring *r, const en_backup_file *f, en_error *err)
{
    char *path = NULL;
    en_status st = make_parents(r, f->path, err);
    st = st == EN_OK ? en_path_beneath(r->part, f->path, &path, err) : st;
    if (st == EN_OK && is_there(path, f)) {
        r->result->kept++;
        en_free(path);
        return EN_OK;
    }
    int fd = st == EN_OK ? open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0666) : -1;
    if (st == EN_OK) {
        st = fd >= 0 ? write_chunks(r, f, fd, path, err) : en_error_errno(err, "cannot write '%s'", path);
    }
    if (fd >= 0 && close(fd) != 0 && st == EN_OK) {
        st = en_error_errno(err, "cannot write '%s'", path);
    }
    en_free(path);
    return st;
}

static en_status restore_files(restoring *r, en_error *err)
{
    static const char *const folder[] = {EN_PHOTOS_DIR, EN_SAMPLES_DIR, EN_RUNS_DIR};
    const int64_t count = (int64_t)r->m.count;
    en_status st = EN_OK;
    for (size_t i = 0; st == EN_OK && i < sizeof folder / sizeof *folder; i++) {
        char *path = en_path_join(r->part, folder[i]);
        st = path != NULL ? en_file_mkdirs(path, err) : en_error_nomem(err, "a path");
        en_free(path);
    }
    en_event_begin(r->events, "restore", "files", count);
    for (int64_t i = 0; st == EN_OK && i < count; i++) {
        st = restore_file(r, &r->m.file[i], err);
        en_event_progress(r->events, i + 1, count, NULL);
        st = st == EN_OK ? en_stop_check(r->events, err) : st;
    }
    en_event_end(r->events, st == EN_OK ? count : 0, count);
    return st;
}

/* The catalog ------------------------------------------------------------------------------------------------------ */

/* Reading it leaves an empty log beside it, and perhaps that log's index. */
static void remove_log(const restoring *r)
{
    static const char *const suffix[] = {"-wal", "-shm"};
    for (size_t i = 0; i < sizeof suffix / sizeof *suffix; i++) {
        char *path = en_format("%s/" EN_CATALOG_FILE "%s", r->part, suffix[i]);
        if (path != NULL) {
            (void)unlink(path);
        }
        en_free(path);
    }
}

static en_status check_catalog(restoring *r, en_error *err)
{
    en_backup_named_list named;
    remove_log(r); /* of a restore that was killed while it looked */
    en_status st = en_backup_named_read(r->part, true, &named, err);
    remove_log(r);
    if (st != EN_OK) {
        en_error_prefix(err, "cannot restore the catalog");
        return st;
    }
    st = en_backup_against(&r->m, &named, r->events, &r->result->missing, &r->result->changed, err);
    en_backup_named_clear(&named);
    return st;
}

static en_status restore(restoring *r, const en_backup_options *options, const char *folder, en_error *err)
{
    size_t index = 0;
    en_status st = en_backup_choose(&r->store, options->at, &index, err);
    st = st == EN_OK ? en_manifest_load(&r->m, &r->store, index, err) : st;
    if (st == EN_INPUT && options->at == NULL) {
        st = en_error_hint(err, st, "'--at NUMBER' restores an earlier one; 'eyenet backup --list' shows them");
    }
    st = st == EN_OK ? set_folder(r, folder, err) : st;
    st = st == EN_OK ? en_file_check_space(r->part, r->m.about.bytes, err) : st;
    st = st == EN_OK ? restore_files(r, err) : st;
    st = st == EN_OK ? check_catalog(r, err) : st;
    return st == EN_OK ? name_folder(r, err) : st;
}

en_status en_restore(const en_backup_options *options, const char *folder, const en_events *events,
                     en_restore_result *result, en_error *err)
{
    const double started = en_clock_seconds();
    restoring r = {.events = events, .result = result, .lock = -1};
    *result = (en_restore_result){0};
    en_buf_init(&r.data, EN_BACKUP_CHUNK);
    en_status st = en_backup_store_open(&r.store, options, EN_BACKUP_READ, events, err);
    st = st == EN_OK ? restore(&r, options, folder, err) : st;
    if (st != EN_OK && r.part != NULL) {
        (void)rmdir(r.part); /* with something in it, it stays for the next call */
    }
    if (r.lock >= 0) {
        (void)close(r.lock);
    }
    result->from = r.m.about;
    r.m.about = (en_backup_row){0};
    en_manifest_clear(&r.m);
    en_buf_clear(&r.data);
    en_backup_store_close(&r.store);
    en_free(r.part);
    if (st == EN_OK && result->missing + result->changed > 0) {
        st = en_error_set(
            err, EN_FAILED,
            "the project is restored as it was, but files that its catalog names are missing (%lld) or not as "
            "it says (%lld)",
            (long long)result->missing, (long long)result->changed);
    }
    result->seconds = en_clock_seconds() - started;
    return st;
}

void en_restore_result_clear(en_restore_result *result)
{
    en_backup_row_clear(&result->from);
    en_free(result->folder);
    *result = (en_restore_result){0};
}
