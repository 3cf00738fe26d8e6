/* Fetching from a folder: photographs are copied one by one, and a later fetch copies what has come since. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/memory.h"
#include "intake/fetch/archives.h"
#include "intake/fetch/kind.h"

/* A photograph of the folder being read. It is what was listed from its first byte to its last, or it is left: another
 * process may still be writing it. */
typedef struct reading {
    const en_fetch_item *item;
    char *path;
    int fd;
    int64_t bytes;
    uint32_t crc;
    int64_t crc_wanted; /* of the row that is there, or -1 */
    bool changed;
} reading;

static en_status changed(reading *r, en_error *err)
{
    r->changed = true;
    return en_error_set(err, EN_INPUT, "'%s' changed while it was read", r->path);
}

static bool is_as_listed(const reading *r)
{
    struct stat s;
    return fstat(r->fd, &s) == 0 && S_ISREG(s.st_mode) && s.st_size == r->item->bytes &&
           en_fetch_mtime_ns(&s) == r->item->mtime_ns;
}

/* Only what was listed as a link is opened as one: it may have been put in the photograph's place since. */
static en_status begin_reading(const en_fetch_job *job, const en_fetch_item *item, reading *r, en_error *err)
{
    *r = (reading){.item = item,
                   .path = en_path_join(job->origin.uri, item->file != NULL ? item->file : item->path),
                   .fd = -1,
                   .crc_wanted = -1};
    if (r->path == NULL) {
        return en_error_nomem(err, "a path");
    }
    r->fd = open(r->path, O_RDONLY | (item->linked ? 0 : O_NOFOLLOW) | O_NONBLOCK | O_CLOEXEC);
    if (r->fd < 0 && errno == EACCES) {
        return en_error_set(err, EN_INPUT, "cannot open '%s': permission denied", r->path);
    }
    if (r->fd < 0 && errno != ENOENT && errno != ELOOP && errno != ENOTDIR) {
        return en_error_errno(err, "cannot open '%s'", r->path);
    }
    return r->fd >= 0 && is_as_listed(r) ? EN_OK : changed(r, err);
}

static void end_reading(reading *r)
{
    if (r->fd >= 0) {
        close(r->fd);
    }
    en_free(r->path);
}

static en_status read_some(void *from, void *data, size_t capacity, size_t *got, en_error *err)
{
    reading *r = from;
    ssize_t n;
    do {
        n = read(r->fd, data, capacity);
    } while (n < 0 && errno == EINTR);
    if (n < 0) {
        return en_error_errno(err, "cannot read '%s'", r->path);
    }
    *got = (size_t)n;
    r->bytes += n;
    r->crc = en_crc32(r->crc, data, *got);
    if (n > 0) {
        return r->bytes <= r->item->bytes ? EN_OK : changed(r, err);
    }
    bool wanted = r->crc_wanted < 0 || (int64_t)r->crc == r->crc_wanted;
    return wanted && r->bytes == r->item->bytes && is_as_listed(r) ? EN_DONE : changed(r, err);
}

/* What became of the reading: an error, or a photograph that is left for the next fetch, which is none. */
static en_status leave_changed(en_fetch_job *job, en_fetch_item *item, const reading *r, en_status st, en_error *err)
{
    if (!r->changed) {
        return st;
    }
    en_error_clear(err);
    item->left = true;
    en_fetch_tally_add(&job->left, item->path);
    return EN_OK;
}

static bool is_below(const char *path, const char *top)
{
    size_t length = strlen(top);
    return strncmp(path, top, length) == 0 && (path[length] == '/' || path[length] == '\0' || strcmp(top, "/") == 0);
}

/* Fetching photos/ into itself would never end. */
static en_status refuse_own_photographs(const en_fetch_job *job, const char *path, en_error *err)
{
    char *photos;
    en_status st = en_project_path(job->project, EN_PHOTOS_DIR, &photos, err);
    if (st != EN_OK) {
        return st;
    }
    char *whole = realpath(photos, NULL);
    st = whole == NULL ? en_error_errno(err, "cannot read '%s'", photos)
         : is_below(path, whole) || is_below(whole, path)
             ? en_error_set(err, EN_INPUT,
                            "cannot fetch '%s': this project's own photographs are in it; give a "
                            "folder outside of the project",
                            job->options->source)
             : EN_OK;
    en_free(photos);
    free(whole);
    return st;
}

/* The CRC of a photograph in the folder, unless it is left. */
static en_status sum(en_fetch_job *job, en_fetch_item *item, uint32_t *crc, en_error *err)
{
    reading r;
    size_t got;
    en_status st = begin_reading(job, item, &r, err);
    while (st == EN_OK) {
        st = read_some(&r, job->block, EN_FETCH_BLOCK, &got, err);
        st = st == EN_OK ? en_stop_check(&job->project->events, err) : st;
    }
    *crc = r.crc;
    end_reading(&r);
    return leave_changed(job, item, &r, st == EN_DONE ? EN_OK : st, err);
}

/* Decides about one photograph: item->here when it need not or must not be copied. */
static en_status compare(en_fetch_job *job, en_fetch_item *item, en_error *err)
{
    en_fetch_have have;
    if (en_fetch_is_new(job)) {
        return EN_OK;
    }
    en_status st = EN_OK;
    if (job->options->quick) {
        st = en_fetch_store_knows(job->store, item->path, item->bytes, &item->here, err);
    }
    if (st != EN_OK || item->here) {
        return st;
    }
    st = en_fetch_store_have(job->store, item->path, &have, err);
    if (st != EN_OK || !have.row) {
        return st;
    }
    bool same = have.bytes == item->bytes;
    if (same) {
        uint32_t crc = 0;
        st = sum(job, item, &crc, err);
        same = (int64_t)crc == have.crc32;
    }
    if (st != EN_OK || item->left) {
        return st;
    }
    item->row = true;
    item->crc32 = have.crc32;
    if (!same) {
        en_fetch_tally_add(&job->changed, item->path);
    }
    item->here = !same || (have.file && !job->options->force);
    return EN_OK;
}

static en_status copy(en_fetch_job *job, en_fetch_item *item, en_error *err)
{
    reading r;
    en_status st = begin_reading(job, item, &r, err);
    if (st == EN_OK) {
        r.crc_wanted = item->row ? item->crc32 : -1;
        st = en_fetch_import(job, item->path, read_some, &r, err);
    }
    end_reading(&r);
    return leave_changed(job, item, &r, st, err);
}

static en_status copy_missing(en_fetch_job *job, en_error *err)
{
    en_status st = EN_OK;
    for (size_t i = 0; i < job->list.count && st == EN_OK; i++) {
        en_fetch_item *item = &job->list.item[i];
        st = item->here || item->left ? EN_OK : copy(job, item, err);
    }
    return st;
}

static en_status open_folder(en_fetch_job *job, en_error *err)
{
    const char *source = job->options->source;
    char *path = realpath(source, NULL);
    if (path == NULL) {
        return en_error_errno(err, "cannot read '%s'", source);
    }
    job->opened = path;
    job->origin = (en_fetch_origin){.uri = path, .kind = EN_SOURCE_FOLDER, .shown = source};
    job->list.no_follow = job->options->no_follow;
    en_status st = refuse_own_photographs(job, path, err);
    if (st == EN_OK) {
        st = en_fetch_recall_encoding(job, err);
    }
    if (st == EN_OK) {
        st = en_fetch_list_folder(path, &job->project->events, &job->list, err);
    }
    if (st == EN_OK && job->options->quick) {
        en_fetch_list_drop_archives(&job->list);
    }
    if (st == EN_OK) {
        st = en_fetch_add_archives(job, path, err);
    }
    job->only_parts = job->parts > 0 && job->list.count == 0;
    return st;
}

static en_status list(en_fetch_job *job, en_error *err)
{
    (void)err;
    job->result->form = EN_FETCH_FOLDER;
    job->result->volumes = 1;
    return EN_OK; /* the list was made when the folder was opened */
}

static void close_folder(en_fetch_job *job, en_status st, en_error *err)
{
    (void)st;
    (void)err;
    free(job->opened);
}

const en_fetch_kind en_fetch_folder = {
    .accepts = en_file_is_dir,
    .open = open_folder,
    .list = list,
    .compare = compare,
    .copy = copy_missing,
    .close = close_folder,
};
