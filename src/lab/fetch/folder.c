/* Fetching from a folder: photographs are copied one by one, and a later fetch copies what has come since. */
#include <stdlib.h>
#include <string.h>

#include "archive/volumes.h"
#include "base/file.h"
#include "base/memory.h"
#include "lab/fetch/job.h"

typedef struct folder {
    en_fetch_job *job;
    const char *path; /* whole */
    int64_t changed;  /* photographs that differ from what was fetched under their names */
    const char *first_changed;
} folder;

static bool is_below(const char *path, const char *top)
{
    size_t length = strlen(top);
    return strncmp(path, top, length) == 0 && (path[length] == '/' || path[length] == '\0' || strcmp(top, "/") == 0);
}

/* Fetching photos/ into itself would never end. */
static en_status refuse_own_photographs(const en_fetch_job *job, const char *path, en_error *err)
{
    char *photos = en_lab_path(job->lab, EN_PHOTOS_DIR), *whole = photos != NULL ? realpath(photos, NULL) : NULL;
    en_status st = photos == NULL  ? en_error_nomem(err, "a path")
                   : whole == NULL ? en_error_errno(err, "cannot read '%s'", photos)
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

/* Decides about one photograph: item->here when it need not or must not be copied. */
static en_status compare(folder *f, en_fetch_item *item, en_error *err)
{
    en_fetch_have have;
    uint32_t crc = 0;
    if (f->job->fresh) {
        return EN_OK;
    }
    en_status st = en_fetch_store_have(f->job->store, item->path, &have, err);
    if (st != EN_OK || !have.row) {
        return st;
    }
    bool same = have.bytes == item->bytes;
    if (same) {
        char *path = en_path_join(f->path, item->path);
        st = path != NULL ? en_fetch_crc(path, &crc, err) : en_error_nomem(err, "a path");
        en_free(path);
        same = st == EN_OK && (int64_t)crc == have.crc32;
    }
    if (st == EN_OK && !same) {
        f->first_changed = f->changed++ == 0 ? item->path : f->first_changed;
    }
    item->here = !same || (have.file && !f->job->options->force);
    return st;
}

static en_status compare_all(folder *f, int64_t *missing, en_error *err)
{
    en_fetch_job *job = f->job;
    en_status st = EN_OK;
    *missing = 0;
    en_event_begin(&job->lab->events, "compare", "photographs", (int64_t)job->list.count);
    for (size_t i = 0; i < job->list.count && st == EN_OK; i++) {
        en_fetch_item *item = &job->list.item[i];
        st = compare(f, item, err);
        job->result->present += item->here;
        *missing += item->here ? 0 : item->bytes;
        en_event_progress(&job->lab->events, (int64_t)i + 1, (int64_t)job->list.count, NULL);
        if (st == EN_OK) {
            st = en_stop_check(&job->lab->events, err);
        }
    }
    en_event_end(&job->lab->events, job->result->present, (int64_t)job->list.count);
    if (st == EN_OK && f->changed > 0) {
        en_event_warn(&job->lab->events,
                      "%lld photographs are not what was fetched under their names before (first '%s'); "
                      "they stay as they were fetched: to add the new ones, give them names of their own",
                      (long long)f->changed, f->first_changed);
    }
    return st;
}

static en_status copy_missing(const folder *f, en_error *err)
{
    en_fetch_job *job = f->job;
    en_status st = EN_OK;
    en_event_begin(&job->lab->events, "copy", "photographs", (int64_t)job->list.count);
    for (size_t i = 0; i < job->list.count && st == EN_OK; i++) {
        const en_fetch_item *item = &job->list.item[i];
        if (item->here) {
            continue;
        }
        char *path = en_path_join(f->path, item->path);
        en_volume file = {.path = path, .bytes = item->bytes};
        const en_volumes one = {.path = path, .item = &file, .count = 1, .bytes = item->bytes};
        st = path != NULL ? en_fetch_bring_file(job, item->path, &one, err) : en_error_nomem(err, "a path");
        en_free(path);
    }
    if (st == EN_OK) {
        st = en_fetch_store_flush(job->store, err);
    }
    en_event_end(&job->lab->events, job->result->present + job->result->fetched, (int64_t)job->list.count);
    return st;
}

static en_status fetch(folder *f, en_error *err)
{
    en_fetch_job *job = f->job;
    int64_t missing = 0;
    snprintf(job->result->kind, sizeof job->result->kind, "folder");
    job->result->volumes = 1;
    en_status st = refuse_own_photographs(job, f->path, err);
    if (st == EN_OK) {
        st = en_fetch_list_folder(f->path, &job->lab->events, &job->list, err);
    }
    if (st == EN_OK) {
        st = en_fetch_count(job, job->options->source, err);
    }
    if (st == EN_OK) {
        st = en_fetch_settle(job, f->path, "folder", NULL, job->list.bytes, NULL, err);
    }
    if (st == EN_OK) {
        st = compare_all(f, &missing, err);
    }
    if (st == EN_OK) {
        st = en_fetch_store_room(job->store, missing, err);
    }
    job->result->unchanged = job->result->present == job->result->photographs;
    if (st != EN_OK || (job->result->unchanged && job->settled)) {
        return st;
    }
    st = en_fetch_set_state(job, "fetching", err);
    if (st == EN_OK) {
        st = copy_missing(f, err);
    }
    return st == EN_OK ? en_fetch_set_state(job, "whole", err) : st;
}

en_status en_fetch_folder(en_fetch_job *job, const char *source, en_error *err)
{
    char *path = realpath(source, NULL);
    if (path == NULL) {
        return en_error_errno(err, "cannot read '%s'", source);
    }
    en_status st = fetch(&(folder){.job = job, .path = path}, err);
    free(path);
    return st;
}
