/* Making a backup: the catalog is copied, the weights of trainings are caught, and then every file is stored. */
#include "backup/backup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "backup/tree.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/lock.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/version.h"
#include "project/run_weights.h"

#define TRIES 20 /* copies of the catalog, until the weights of all trainings are those that it names */
#define TRY_PAUSE_NS 50000000
#define MANIFEST_CAP ((size_t)1 << 30)
#define NUMBER_MOST 9999999999

typedef struct making {
    en_project *project;
    const en_events *events;
    en_backup_store store;
    en_manifest m;
    en_backup_named_list named; /* what the copied catalog names */
    en_backup_paths paths;
    char *work, *copied; /* a folder, locked where it is in the project; the folder of the copied catalog in it */
    int lock;            /* of work; -1: not locked */
    unsigned char *chunk;
    en_sha256 *whole;
    en_backup_result *result;
} making;

/* Files ------------------------------------------------------------------------------------------------------------ */

/* Fills the chunk as far as the file goes. */
static en_status read_chunk(making *b, int fd, const char *path, size_t *got, en_error *err)
{
    *got = 0;
    while (*got < EN_BACKUP_CHUNK) {
        ssize_t n = read(fd, b->chunk + *got, EN_BACKUP_CHUNK - *got);
        if (n == 0) {
            break;
        }
        if (n < 0 && errno != EINTR) {
            return en_error_errno(err, "cannot read '%s'", path);
        }
        *got += n > 0 ? (size_t)n : 0;
    }
    return EN_OK;
}

/* Stores what is in the chunk, unless it is there. */
static en_status store_chunk(making *b, size_t bytes, char sha256[EN_SHA256_HEX], en_error *err)
{
    char object[EN_BACKUP_OBJECT];
    en_status st = en_sha256_bytes(b->chunk, bytes, sha256, err);
    if (st != EN_OK || bytes == 0) {
        return st;
    }
    en_backup_object(sha256, object);
    if (b->store.kind->has(&b->store, object, (int64_t)bytes)) {
        return EN_OK;
    }
    st = b->store.kind->put(&b->store, object, b->chunk, bytes, sha256, err);
    b->result->new_objects += st == EN_OK;
    b->result->new_bytes += st == EN_OK ? (int64_t)bytes : 0;
    return st;
}

/* Stores an open file from its beginning, to where it ends now. */
static en_status store_open_file(making *b, int fd, const char *path, en_error *err)
{
    char sha256[EN_SHA256_HEX] = "";
    int64_t bytes = 0;
    size_t got = 0, first = b->m.parts;
    en_status st = lseek(fd, 0, SEEK_SET) == 0 ? EN_OK : en_error_errno(err, "cannot read '%s'", path);
    do {
        st = st == EN_OK ? read_chunk(b, fd, path, &got, err) : st;
        if (st != EN_OK || (got == 0 && bytes > 0)) {
            break;
        }
        st = store_chunk(b, got, sha256, err);
        if (st == EN_OK && (bytes > 0 || got == EN_BACKUP_CHUNK)) {
            st = en_manifest_add_part(&b->m, sha256, err);
        }
        en_sha256_add(b->whole, b->chunk, got);
        bytes += (int64_t)got;
        st = st == EN_OK ? en_stop_check(b->events, err) : st;
    } while (st == EN_OK && got == EN_BACKUP_CHUNK);
    bool hashed = en_sha256_hex(b->whole, sha256);
    if (st == EN_OK && !hashed) {
        st = en_error_set(err, EN_BUG, "cannot compute a SHA-256");
    }
    if (st == EN_OK && bytes <= (int64_t)EN_BACKUP_CHUNK) { /* it is its only part */
        b->m.parts = first;
    }
    return st == EN_OK ? en_manifest_add(&b->m, path, bytes, sha256, first, err) : st;
}

/* Opens a regular file of the project; EN_DONE when it is not there. */
static en_status open_file(const making *b, const char *relative, int *fd, en_error *err)
{
    char *path = NULL;
    struct stat s;
    *fd = -1;
    en_status st = en_project_path(b->project, relative, &path, err);
    if (st == EN_OK) {
        *fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
        st = *fd >= 0 ? EN_OK : errno == ENOENT ? EN_DONE : en_error_errno(err, "cannot read '%s'", relative);
    }
    if (st == EN_OK && (fstat(*fd, &s) != 0 || !S_ISREG(s.st_mode))) {
        (void)close(*fd);
        *fd = -1;
        st = EN_DONE;
    }
    en_free(path);
    return st;
}

static en_status store_file(making *b, const char *relative, en_error *err)
{
    int fd;
    en_status st = open_file(b, relative, &fd, err);
    if (st != EN_OK) {
        return st == EN_DONE ? EN_OK : st; /* it went away meanwhile; where that matters, the catalog names it */
    }
    st = store_open_file(b, fd, relative, err);
    (void)close(fd);
    return st;
}

/* The catalog, and the weights of trainings ------------------------------------------------------------------------ */

static en_status copy_catalog(making *b, en_error *err)
{
    char *copy = en_path_join(b->copied, EN_CATALOG_FILE);
    en_status st = copy != NULL ? en_file_remove_tree(b->copied, err) : en_error_nomem(err, "a path");
    st = st == EN_OK ? en_file_mkdirs(b->copied, err) : st;
    st = st == EN_OK ? en_db_copy(en_catalog_db(b->project->catalog), copy, err) : st;
    en_backup_named_clear(&b->named);
    st = st == EN_OK ? en_backup_named_read(b->copied, false, &b->named, err) : st;
    en_free(copy);
    return st;
}

static en_status hash_open_file(making *b, int fd, const char *path, char sha256[EN_SHA256_HEX], en_error *err)
{
    size_t got = 0;
    en_status st = lseek(fd, 0, SEEK_SET) == 0 ? EN_OK : en_error_errno(err, "cannot read '%s'", path);
    do {
        st = st == EN_OK ? read_chunk(b, fd, path, &got, err) : st;
        en_sha256_add(b->whole, b->chunk, got);
    } while (st == EN_OK && got == EN_BACKUP_CHUNK);
    return en_sha256_hex(b->whole, sha256) || st != EN_OK ? st : en_error_set(err, EN_BUG, "cannot compute a SHA-256");
}

/* Opens FILE, or FILE.next, whichever is the one that the row names; *fd is -1 when neither is. An open file stays what
 * it is: weights are replaced by renaming. */
static en_status catch_weights(making *b, const en_backup_named *row, int *fd, en_error *err)
{
    char sha256[EN_SHA256_HEX], *next = en_format("%s" EN_WEIGHTS_NEXT, row->path);
    const char *const name[] = {row->path, next};
    en_status st = next != NULL ? EN_OK : en_error_nomem(err, "a path");
    *fd = -1;
    for (size_t i = 0; st == EN_OK && i < 2 && *fd < 0; i++) {
        st = open_file(b, name[i], fd, err);
        if (st == EN_OK) {
            st = hash_open_file(b, *fd, name[i], sha256, err);
        }
        if (*fd >= 0 && (st != EN_OK || row->sha256 == NULL || strcmp(sha256, row->sha256) != 0)) {
            (void)close(*fd);
            *fd = -1;
        }
        st = st == EN_DONE ? EN_OK : st;
    }
    en_free(next);
    return st;
}

/* Opens the weights of all trainings; *caught is false when some are not those that the copied catalog names. */
static en_status catch_all(making *b, int *fd, bool *caught, en_error *err)
{
    en_status st = EN_OK;
    *caught = true;
    for (size_t i = 0; i < b->named.count; i++) {
        fd[i] = -1;
    }
    for (size_t i = 0; st == EN_OK && *caught && i < b->named.count; i++) {
        if (b->named.row[i].moving) {
            st = catch_weights(b, &b->named.row[i], &fd[i], err);
            *caught = fd[i] >= 0;
        }
    }
    return st;
}

static void let_go(int *fd, size_t count)
{
    for (size_t i = 0; fd != NULL && i < count; i++) {
        if (fd[i] >= 0) {
            (void)close(fd[i]);
        }
    }
    en_free(fd);
}

/* Copies the catalog and stores the weights of trainings, as they are at one moment. */
static en_status take_moment(making *b, en_error *err)
{
    for (int tries = 0; tries < TRIES; tries++) {
        bool caught = false;
        en_status st = copy_catalog(b, err);
        int *fd = st == EN_OK ? en_calloc(b->named.count + 1, sizeof *fd) : NULL;
        if (st == EN_OK && fd == NULL) {
            st = en_error_nomem(err, "a list of files");
        }
        st = st == EN_OK ? catch_all(b, fd, &caught, err) : st;
        for (size_t i = 0; st == EN_OK && caught && i < b->named.count; i++) {
            if (fd[i] >= 0) {
                st = store_open_file(b, fd[i], b->named.row[i].path, err);
            }
        }
        let_go(fd, fd != NULL ? b->named.count : 0);
        if (st != EN_OK || caught) {
            return st;
        }
        nanosleep(&(struct timespec){.tv_nsec = TRY_PAUSE_NS}, NULL);
        st = en_stop_check(b->events, err);
        if (st != EN_OK) {
            return st;
        }
    }
    return en_error_hint(
        err, en_error_set(err, EN_BUSY, "a training replaces its weights faster than they can be backed up"),
        "try again, or stop it first: it can be resumed");
}

static en_status store_catalog(making *b, en_error *err)
{
    char *copy = en_path_join(b->copied, EN_CATALOG_FILE);
    int fd = copy != NULL ? open(copy, O_RDONLY | O_CLOEXEC) : -1;
    en_status st = copy == NULL ? en_error_nomem(err, "a path")
                   : fd < 0     ? en_error_errno(err, "cannot read '%s'", copy)
                                : store_open_file(b, fd, EN_CATALOG_FILE, err);
    if (fd >= 0) {
        (void)close(fd);
    }
    en_free(copy);
    return st;
}

/* Whether the path is that of weights that were caught, or FILE.next of them. */
static bool is_caught(const making *b, const char *path)
{
    for (size_t i = 0; i < b->named.count; i++) {
        const char *caught = b->named.row[i].path;
        size_t length = b->named.row[i].moving ? strlen(caught) : 0;
        if (length > 0 && strncmp(path, caught, length) == 0 &&
            (path[length] == '\0' || strcmp(path + length, EN_WEIGHTS_NEXT) == 0)) {
            return true;
        }
    }
    return false;
}

/* The whole ------------------------------------------------------------------------------------------------------- */

/* The part of a path that is there, resolved; free. NULL: none of it can be. */
static char *resolve(const char *place)
{
    char *copy = en_strdup(place), *whole = NULL;
    for (char *slash; copy != NULL && (whole = realpath(copy[0] != '\0' ? copy : "/", NULL)) == NULL;) {
        slash = strrchr(copy, '/');
        if (slash == NULL) {
            whole = realpath(".", NULL);
            break;
        }
        *slash = '\0';
    }
    en_free(copy);
    return whole;
}

/* A place in the project would be lost with it, and be backed up itself. */
static en_status check_place(const making *b, const char *place, en_error *err)
{
    char *whole = en_starts_with(place, "s3:") ? NULL : resolve(place), *root = realpath(b->project->root, NULL);
    size_t length = root != NULL ? strlen(root) : 0;
    bool inside =
        whole != NULL && root != NULL && strncmp(whole, root, length) == 0 && strchr("/", whole[length]) != NULL;
    free(whole);
    free(root);
    return inside ? en_error_hint(err, en_error_set(err, EN_INPUT, "'%s' lies in the project", place),
                                  "name a folder outside of it, best on another disk")
                  : EN_OK;
}

static en_status set_work(making *b, en_error *err)
{
    b->work =
        b->store.work != NULL ? en_strdup(b->store.work) : en_format("%s/" EN_CATALOG_FILE ".copy", b->project->root);
    b->copied = b->work != NULL ? en_path_join(b->work, "catalog") : NULL;
    b->chunk = en_alloc(EN_BACKUP_CHUNK);
    b->whole = en_sha256_new();
    if (b->copied == NULL || b->chunk == NULL || b->whole == NULL) {
        return en_error_nomem(err, "a backup");
    }
    if (b->store.work != NULL) {
        return EN_OK;
    }
    en_status st = en_file_mkdirs(b->work, err);
    switch (st == EN_OK ? en_lock_folder(b->work, &b->lock) : EN_LOCK_TAKEN) {
    case EN_LOCK_TAKEN: return st;
    case EN_LOCK_BUSY:
        return en_error_hint(err, en_error_set(err, EN_BUSY, "another backup of this project is being made"),
                             "try again when it has ended");
    default: return en_error_errno(err, "cannot lock the folder '%s'", b->work);
    }
}

static en_status set_about(making *b, en_error *err)
{
    en_backup_row *about = &b->m.about;
    struct timespec now;
    struct tm utc;
    clock_gettime(CLOCK_REALTIME, &now);
    (void)gmtime_r(&now.tv_sec, &utc);
    char seconds[24];
    (void)strftime(seconds, sizeof seconds, "%Y-%m-%dT%H:%M:%S", &utc);
    snprintf(about->created_at, sizeof about->created_at, "%.19s.%09ldZ", seconds, now.tv_nsec);
    snprintf(about->program, sizeof about->program, "%s", en_version());
    about->project = en_strdup(en_path_base(b->project->root));
    return about->project != NULL ? EN_OK : en_error_nomem(err, "a name");
}

/* The number after the greatest there is; the rest of the name is random, for two backups that are made to a bucket at
 * the same time. */
static en_status name_backup(making *b, en_error *err)
{
    en_backup_row *about = &b->m.about;
    const en_backup_names *names = &b->store.names;
    uint64_t random = 0;
    about->number = names->count > 0 ? en_backup_number(names->name[names->count - 1]) + 1 : 1;
    if (about->number > NUMBER_MOST) {
        return en_error_set(err, EN_INPUT, "there is no number after that of backup '%s'",
                            names->name[names->count - 1]);
    }
    if (getrandom(&random, sizeof random, 0) != (ssize_t)sizeof random) {
        return en_error_errno(err, "cannot name the backup");
    }
    snprintf(about->name, sizeof about->name, "%010lld-%016llx", (long long)about->number, (unsigned long long)random);
    return EN_OK;
}

static en_status commit(making *b, en_error *err)
{
    char sha256[EN_SHA256_HEX];
    en_buf text;
    en_buf_init(&text, MANIFEST_CAP);
    en_status st = name_backup(b, err);
    st = st == EN_OK ? en_manifest_write(&b->m, &text, err) : st;
    st = st == EN_OK ? b->store.kind->settle(&b->store, err) : st;
    st = st == EN_OK ? en_sha256_bytes(text.data, text.size, sha256, err) : st;
    st = st == EN_OK ? b->store.kind->commit(&b->store, b->m.about.name, text.data, text.size, sha256, err) : st;
    if (st == EN_DONE) {
        st = en_error_set(err, EN_BUSY, "there is a backup '%s' in '%s' already", b->m.about.name, b->store.shown);
    }
    en_buf_clear(&text);
    return st;
}

static en_status store_all(making *b, en_error *err)
{
    en_status st = take_moment(b, err);
    st = st == EN_OK ? store_catalog(b, err) : st;
    st = st == EN_OK ? en_backup_walk(b->project->root, b->events, &b->paths, err) : st;
    b->result->other = b->paths.other;
    if (st != EN_OK) {
        return st;
    }
    en_event_begin(b->events, "backup", "files", (int64_t)b->paths.count);
    for (size_t i = 0; st == EN_OK && i < b->paths.count; i++) {
        if (!is_caught(b, b->paths.path[i])) {
            st = store_file(b, b->paths.path[i], err);
        }
        en_event_progress(b->events, (int64_t)i + 1, (int64_t)b->paths.count, NULL);
        st = st == EN_OK ? en_stop_check(b->events, err) : st;
    }
    en_event_end(b->events, (int64_t)b->m.count, (int64_t)b->paths.count);
    return st == EN_OK ? commit(b, err) : st;
}

static en_status judge(making *b, en_error *err)
{
    en_backup_result *r = b->result;
    en_status st = en_backup_against(&b->m, &b->named, b->events, &r->missing, &r->changed, err);
    if (r->other > 0) {
        en_event_warn(b->events, "symbolic links and other things that are not files were left out: %lld",
                      (long long)r->other);
    }
    if (st == EN_OK && r->missing + r->changed > 0) {
        st = en_error_hint(err,
                           en_error_set(err, EN_FAILED,
                                        "the backup is made, but files that the catalog names are missing (%lld) or "
                                        "not as it says (%lld)",
                                        (long long)r->missing, (long long)r->changed),
                           "an earlier backup may have them: see 'eyenet doctor --deep'");
    }
    return st;
}

en_status en_backup(en_project *project, const en_backup_options *options, en_backup_result *result, en_error *err)
{
    const double started = en_clock_seconds();
    making b = {.project = project, .events = &project->events, .result = result, .lock = -1};
    *result = (en_backup_result){0};
    en_status st = check_place(&b, options->place, err);
    st = st == EN_OK ? en_backup_store_open(&b.store, options, EN_BACKUP_WRITE, b.events, err) : st;
    st = st == EN_OK ? set_work(&b, err) : st;
    st = st == EN_OK ? set_about(&b, err) : st;
    st = st == EN_OK ? store_all(&b, err) : st;
    st = st == EN_OK ? judge(&b, err) : st;
    if (b.lock >= 0) {
        (void)!en_file_remove_tree(b.work, NULL);
        (void)close(b.lock);
    }
    result->made = b.m.about;
    b.m.about = (en_backup_row){0};
    en_manifest_clear(&b.m);
    en_backup_named_clear(&b.named);
    en_backup_paths_clear(&b.paths);
    en_backup_store_close(&b.store);
    en_sha256_free(b.whole);
    en_free(b.chunk);
    en_free(b.copied);
    en_free(b.work);
    result->seconds = en_clock_seconds() - started;
    return st;
}
