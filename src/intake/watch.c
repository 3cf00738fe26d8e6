/* Watching a folder by looking into it: events of the kernel do not come from network shares. */
#include "intake/watch.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"
#include "catalog/dataset.h"
#include "intake/fetch/fetch.h"
#include "intake/fetch/list.h"

/* A file as it was at the last look. */
typedef struct seen {
    char *path; /* on the disk, in the folder */
    int64_t bytes, mtime_ns;
    bool still; /* it was so at the look before, too */
    bool taken;
} seen;

typedef struct watch {
    const en_watch_options *options;
    en_ingest_result *result;
    seen *file; /* sorted by path */
    size_t count;
    size_t ready;               /* still, and not taken yet */
    bool begun;                 /* the first batch is through */
    char warned[EN_ERROR_LINE]; /* the last warning, which is not repeated */
} watch;

static int by_path(const void *a, const void *b)
{
    const seen *x = a, *y = b;
    return strcmp(x->path, y->path);
}

static void clear_files(seen *file, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        en_free(file[i].path);
    }
    en_free(file);
}

/* What programs call a file until all of it is there. */
static bool is_unfinished(const char *path)
{
    static const char *const known[] = {"part", "partial", "filepart", "crdownload", "download", "tmp", "temp"};
    const char *ext = en_path_ext(path);
    size_t length = strlen(path);
    bool is = length > 0 && path[length - 1] == '~';
    for (size_t i = 0; !is && i < sizeof known / sizeof *known; i++) {
        is = strcasecmp(ext, known[i]) == 0;
    }
    return is;
}

static void compare(seen *now, const seen *before, size_t count)
{
    const seen *was = count > 0 ? bsearch(now, before, count, sizeof *before, by_path) : NULL;
    if (was != NULL && was->bytes == now->bytes && was->mtime_ns == now->mtime_ns) {
        now->still = true;
        now->taken = was->taken;
    }
}

static void warn_once(watch *w, const char *line)
{
    if (strcmp(line, w->warned) != 0) {
        en_event_warn(w->options->events, "%s", line);
        (void)snprintf(w->warned, sizeof w->warned, "%s", line);
    }
}

/* A file that cannot be read would end every batch: it waits, and the others do not. */
static bool may_be_read(watch *w, const char *path)
{
    char line[EN_ERROR_LINE];
    char *whole = en_path_join(w->options->folder, path);
    bool may = whole == NULL || access(whole, R_OK) == 0 || errno != EACCES;
    if (!may) {
        (void)snprintf(line, sizeof line, "cannot read '%s': permission denied; it is left", path);
        warn_once(w, line);
    }
    en_free(whole);
    return may;
}

/* One look into the folder. */
static en_status look(watch *w, en_error *err)
{
    const en_watch_options *o = w->options;
    en_fetch_list list = {.no_follow = o->no_follow, .encoding = o->encoding};
    seen *file = NULL;
    size_t count = 0;
    en_status st = en_fetch_list_folder(o->folder, o->events, &list, err);
    if (st == EN_OK) {
        file = en_calloc(list.count + 1, sizeof *file);
        st = file != NULL ? EN_OK : en_error_nomem(err, "a list of files");
    }
    for (size_t i = 0; st == EN_OK && i < list.count; i++) {
        const en_fetch_item *item = &list.item[i];
        const char *path = item->file != NULL ? item->file : item->path;
        if (item->bytes == 0 || is_unfinished(path)) {
            continue;
        }
        file[count] = (seen){.path = en_strdup(path), .bytes = item->bytes, .mtime_ns = item->mtime_ns};
        st = file[count].path != NULL ? EN_OK : en_error_nomem(err, "a list of files");
        count += st == EN_OK;
    }
    en_fetch_list_clear(&list);
    if (st != EN_OK) {
        clear_files(file, count);
        return st;
    }
    qsort(file, count, sizeof *file, by_path);
    w->ready = 0;
    for (size_t i = 0; i < count; i++) {
        compare(&file[i], w->file, w->count);
        file[i].still = file[i].still && (file[i].taken || may_be_read(w, file[i].path));
        w->ready += file[i].still && !file[i].taken;
    }
    clear_files(w->file, w->count);
    w->file = file;
    w->count = count;
    return EN_OK;
}

/* An en_fetch_options.ready: the file is as it was when it was looked at. */
static bool is_ready(void *ctx, const char *path, int64_t bytes, int64_t mtime_ns)
{
    const watch *w = ctx;
    const seen key = {.path = (char *)(uintptr_t)path}; /* not written to */
    const seen *found = w->count > 0 ? bsearch(&key, w->file, w->count, sizeof *w->file, by_path) : NULL;
    return found != NULL && found->still && found->bytes == bytes && found->mtime_ns == mtime_ns;
}

static void add_reason(en_ingest_result *all, const en_ingest_count *one)
{
    size_t i = 0;
    while (i < all->reasons && all->by_reason[i].reason != one->reason) {
        i++;
    }
    all->reasons += i == all->reasons;
    all->by_reason[i].reason = one->reason;
    all->by_reason[i].count += one->count;
    for (; i > 0 && all->by_reason[i].count > all->by_reason[i - 1].count; i--) {
        en_ingest_count kept = all->by_reason[i];
        all->by_reason[i] = all->by_reason[i - 1];
        all->by_reason[i - 1] = kept;
    }
}

/* What is of the catalog is that of the last batch. */
static void add_result(en_ingest_result *all, const en_ingest_result *one)
{
    en_ingest_result sum = *one;
    sum.photographs += all->photographs;
    sum.accepted += all->accepted;
    sum.rejected += all->rejected;
    sum.samples += all->samples;
    sum.seconds += all->seconds;
    sum.reasons = all->reasons;
    memcpy(sum.by_reason, all->by_reason, sizeof sum.by_reason);
    for (size_t i = 0; i < one->reasons; i++) {
        add_reason(&sum, &one->by_reason[i]);
    }
    *all = sum;
}

static en_status fetch(watch *w, en_project *project, en_error *err)
{
    const en_watch_options *o = w->options;
    const en_fetch_options options = {.source = o->folder,
                                      .encoding = o->encoding,
                                      .no_follow = o->no_follow,
                                      .quick = true,
                                      .ready = is_ready,
                                      .ready_ctx = w};
    en_fetch_result result;
    en_status st = en_catalog_dataset_use(project->catalog, o->dataset, err);
    if (st == EN_OK) {
        st = en_fetch(project, &options, &result, err);
    }
    for (size_t i = 0; st == EN_OK && i < w->count; i++) {
        w->file[i].taken = w->file[i].taken || w->file[i].still;
    }
    return st;
}

/* What is ready comes into the project. The first batch is ingested in any case: a call before may have been killed
 * behind its fetch. */
static en_status take(watch *w, en_error *err)
{
    en_project project;
    en_ingest_result one = {0};
    en_status st = w->options->open(w->options->ctx, &project, err);
    if (st != EN_OK) {
        return st;
    }
    if (w->ready > 0) {
        st = fetch(w, &project, err);
    }
    if (st == EN_OK) {
        st = en_ingest(&project, &w->options->ingest, &one, err);
        add_result(w->result, &one);
        w->warned[0] = st == EN_OK ? '\0' : w->warned[0];
        w->begun = st == EN_OK || one.left > 0; /* else it is tried again, also when nothing comes */
    }
    en_project_close(&project);
    if (one.photographs > 0) {
        en_event_note(w->options->events, "taken from '%s': %lld photograph%s, %lld accepted, %lld rejected",
                      w->options->folder, (long long)one.photographs, one.photographs == 1 ? "" : "s",
                      (long long)one.accepted, (long long)one.rejected);
    }
    return st;
}

/* What may be over at the next look is a warning, once. */
static en_status go_on(watch *w, en_status st, en_error *err)
{
    char line[EN_ERROR_LINE];
    bool passes = st == EN_INPUT || st == EN_BUSY || st == EN_PATH;
    if (st == EN_OK || !passes || w->options->once) {
        return st;
    }
    (void)en_error_line(err, line);
    warn_once(w, line);
    en_error_clear(err);
    return EN_OK;
}

/* False: it was stopped meanwhile. */
static bool wait_for(const en_events *events, double seconds)
{
    const double end = en_clock_seconds() + seconds;
    for (double left = seconds; left > 0 && !en_stopped(events); left = end - en_clock_seconds()) {
        const double nap = left < 0.1 ? left : 0.1;
        nanosleep(&(struct timespec){.tv_nsec = (long)(nap * 1e9)}, NULL);
    }
    return !en_stopped(events);
}

en_status en_watch(const en_watch_options *options, en_ingest_result *result, en_error *err)
{
    watch w = {.options = options, .result = result};
    *result = (en_ingest_result){0};
    if (!en_file_is_dir(options->folder)) {
        return en_error_set(err, EN_INPUT, "cannot watch '%s': there is no such folder", options->folder);
    }
    en_error unreported;
    err = err != NULL ? err : &unreported;
    en_status st = look(&w, err); /* what is there now is compared with the next look */
    bool last = false, stopped = st == EN_INTERRUPTED;
    st = go_on(&w, st, err);
    while (st == EN_OK && !last && wait_for(options->events, options->every)) {
        last = options->once;
        st = look(&w, err);
        stopped = st == EN_INTERRUPTED; /* nothing was begun */
        if (st == EN_OK && (w.ready > 0 || !w.begun)) {
            st = take(&w, err);
        }
        st = go_on(&w, st, err);
    }
    if (stopped) {
        en_error_clear(err);
        st = EN_OK;
    }
    clear_files(w.file, w.count);
    return st;
}
