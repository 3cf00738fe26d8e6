/* fetch: the steps of every fetch, whatever kind its source is of. */
#include "intake/fetch/fetch.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <strings.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"
#include "intake/fetch/kind.h"

static const char *const forms[] = {NULL, "folder", "photograph", "archive"};
const en_wordlist en_fetch_forms = EN_WORDLIST("form of a source", forms);

/* Marks what is not asked for. */
static en_status choose(en_fetch_job *job, en_error *err)
{
    const char *only = job->options->only;
    en_fetch_list *list = &job->list;
    for (size_t i = 0; only != NULL && i < list->count; i++) {
        en_fetch_item *item = &list->item[i];
        item->unwanted = fnmatch(only, item->path, 0) != 0 && fnmatch(only, en_path_base(item->path), 0) != 0;
        item->left = item->left || item->unwanted;
        job->result->unwanted += item->unwanted;
        job->result->bytes -= item->unwanted ? item->bytes : 0;
    }
    job->result->photographs -= job->result->unwanted;
    return only != NULL && job->result->photographs == 0
               ? en_error_set(err, EN_INPUT, "none of the %zu photographs in '%s' is called '%s'", list->count,
                              job->origin.shown, only)
               : EN_OK;
}

/* Compares the hash of the files with that which the user gave. */
static en_status check_hash(en_fetch_job *job, en_error *err)
{
    const char *wanted = job->options->sha256, *got = job->origin.sha256;
    if (wanted == NULL || strcasecmp(wanted, got) == 0) {
        return EN_OK;
    }
    if (got[0] == '\0') {
        return en_error_set(err, EN_USAGE, "'%s' is not one file: it has no SHA-256 to compare", job->origin.shown);
    }
    job->standing = EN_FETCH_BROKEN;
    return en_error_set(err, EN_INPUT, "the SHA-256 of '%s' is %s, not %s", job->origin.shown, got, wanted);
}

/* Lists the photographs of the source and finds its row. */
static en_status look(en_fetch_job *job, en_error *err)
{
    en_status st = job->kind->list(job, err);
    if (st == EN_OK) {
        st = en_fetch_count(job, job->origin.shown, err);
    }
    if (st == EN_INPUT) {
        job->standing = EN_FETCH_BROKEN;
    }
    if (st == EN_OK) {
        st = choose(job, err);
    }
    if (st == EN_OK && job->kind->hash != NULL) {
        st = job->kind->hash(job, err);
    }
    if (st == EN_OK) {
        st = check_hash(job, err);
    }
    return st == EN_OK ? en_fetch_find_row(job, err) : st;
}

/* *missing is the bytes of what is to be copied. */
static en_status compare(en_fetch_job *job, int64_t *missing, en_error *err)
{
    const en_events *events = &job->project->events;
    en_status st = EN_OK;
    *missing = 0;
    en_event_begin(events, "compare", "photographs", (int64_t)job->list.count);
    for (size_t i = 0; i < job->list.count && st == EN_OK; i++) {
        en_fetch_item *item = &job->list.item[i];
        st = item->damage == NULL && !item->unwanted ? job->kind->compare(job, item, err) : EN_OK;
        job->result->present += item->here;
        *missing += item->here || item->left ? 0 : item->bytes;
        en_event_progress(events, (int64_t)i + 1, (int64_t)job->list.count, NULL);
        if (st == EN_OK) {
            st = en_stop_check(events, err);
        }
    }
    en_event_end(events, job->result->present, (int64_t)job->list.count);
    if (st == EN_OK && job->changed.count > 0) {
        en_event_warn(events,
                      "%lld photographs are not what was fetched under their names before (first '%s'); "
                      "they stay as they were fetched: to add the new ones, rename them",
                      (long long)job->changed.count, job->changed.first);
    }
    return st;
}

/* A source of which some photographs were not asked for is not whole. */
static en_status finish(en_fetch_job *job, en_error *err)
{
    if (job->result->unwanted > 0) {
        en_event_note(&job->project->events,
                      "%lld photographs were not asked for: a later fetch without a pattern brings them",
                      (long long)job->result->unwanted);
    }
    return en_fetch_set_state(job, job->result->unwanted > 0 ? EN_SOURCE_FETCHING : EN_SOURCE_WHOLE, err);
}

/* The good photographs are in; what is wrong with the others is the error. */
static en_status say_damage(const en_fetch_job *job, en_error *err)
{
    return en_error_hint(err,
                         en_error_set(err, EN_INPUT, "%lld of %lld photographs in '%s' are damaged (first '%s': %s)",
                                      (long long)job->damaged.count, (long long)job->result->photographs,
                                      job->origin.shown, job->damaged.first, job->damage),
                         "the others are in the project; get the archive again and repeat the command");
}

/* Copies what is not here yet, and leaves the row in the state that it came to. */
static en_status copy_missing(en_fetch_job *job, int64_t missing, en_error *err)
{
    const en_events *events = &job->project->events;
    en_status st = en_fetch_store_room(job->store, missing, err);
    if (st == EN_OK) {
        st = en_fetch_set_state(job, EN_SOURCE_FETCHING, err);
    }
    if (st != EN_OK) {
        return st;
    }
    en_event_begin(events, job->files.archive ? "unpack" : "copy", "photographs", job->result->photographs);
    st = job->kind->copy(job, err);
    if (st == EN_OK || st == EN_INPUT || st == EN_NETWORK ||
        st == EN_DENIED) { /* what came is good, whatever did not */
        en_error why = {0};
        en_status kept = en_fetch_store_flush(job->store, &why);
        st = kept != EN_OK ? en_error_copy(err, &why) : st;
    }
    en_event_end(events, job->result->present + job->result->fetched, job->result->photographs);
    if (job->standing == EN_FETCH_BROKEN && en_fetch_set_state(job, EN_SOURCE_BROKEN, NULL) != EN_OK) {
        en_event_warn(events, "source %lld could not be marked as broken", (long long)job->source.id);
    }
    if (st == EN_OK && job->damaged.count > 0) {
        return say_damage(job, err);
    }
    if (st == EN_OK && job->left.count > 0) {
        en_event_warn(events, "%lld photographs changed while being read (first '%s'): they are left to the next fetch",
                      (long long)job->left.count, job->left.first);
        return EN_OK; /* and the source is not whole */
    }
    return st == EN_OK ? finish(job, err) : st;
}

static en_status import(en_fetch_job *job, en_error *err)
{
    int64_t missing = 0;
    en_status st = look(job, err);
    if (st == EN_OK) {
        st = compare(job, &missing, err);
    }
    if (st != EN_OK) {
        return st;
    }
    job->result->unchanged = job->result->present == job->result->photographs;
    if (!job->result->unchanged) {
        return copy_missing(job, missing, err);
    }
    return job->standing != EN_FETCH_UNCHANGED ? finish(job, err) : EN_OK;
}

static en_status fetch_source(en_fetch_job *job, en_error *err)
{
    const char *source = job->options->source;
    job->kind = en_fetch_kind_of(source);
    if (job->kind == NULL) {
        return en_error_set(err, EN_INPUT,
                            "there is no '%s': a source is a folder, a photograph, a zip, tar or tar.gz archive, "
                            "its first volume, the http or https URL of one of these, kaggle:NAME, or s3://BUCKET/KEY",
                            source);
    }
    en_status st = job->kind->open(job, err);
    if (st == EN_OK && !job->result->unchanged && !job->only_parts) {
        st = import(job, err);
    }
    if (job->kind->close != NULL) {
        job->kind->close(job, st, err);
    }
    job->result->sources = st == EN_OK && !job->only_parts;
    return st;
}

static void add_result(en_fetch_result *all, const en_fetch_result *one)
{
    bool first = all->sources == 0;
    all->sources += one->sources;
    all->source_id = one->source_id;
    all->form = one->form;
    all->volumes += one->volumes;
    all->photographs += one->photographs;
    all->fetched += one->fetched;
    all->present += one->present;
    all->unwanted += one->unwanted;
    all->skipped += one->skipped;
    all->bytes += one->bytes;
    all->downloaded += one->downloaded;
    all->unchanged = (first || all->unchanged) && one->unchanged;
}

static en_status run(en_project *project, en_fetch_store *store, unsigned char *block, const en_fetch_options *options,
                     bool is_part, en_fetch_result *all, en_error *err);

/* The sources that a source is made of, one after the other. */
static en_status run_parts(en_fetch_job *job, en_fetch_result *all, en_error *err)
{
    en_status st = EN_OK;
    for (size_t i = 0; i < job->parts && st == EN_OK; i++) {
        en_fetch_options options = *job->options;
        options.source = job->part[i];
        en_event_note(&job->project->events, "'%s' (%zu of %zu)", options.source, i + 1, job->parts);
        st = run(job->project, job->store, job->block, &options, true, all, err);
    }
    if (st == EN_OK && all->sources == 0) {
        st = en_error_set(err, EN_INPUT, "there are no photographs in '%s'", job->options->source);
    }
    return st;
}

/* One source, and those that it is made of; `all` grows by what came of it. A part without photographs is not an error.
 */
static en_status run(en_project *project, en_fetch_store *store, unsigned char *block, const en_fetch_options *options,
                     bool is_part, en_fetch_result *all, en_error *err)
{
    en_fetch_result result = {0};
    en_fetch_job job = {.project = project, .store = store, .options = options, .result = &result, .block = block};
    en_status st = fetch_source(&job, err);
    bool empty = st == EN_INPUT && result.photographs == 0 && job.files.archive && result.form == EN_FETCH_ARCHIVE &&
                 job.list.count == 0 && job.list.skipped > 0;
    if (is_part && empty) {
        en_event_note(&project->events, "%s: left out", err != NULL ? err->text : options->source);
        en_error_clear(err);
        result.sources = 0;
        st = EN_OK;
    }
    add_result(all, &result);
    if (st == EN_OK && job.parts > 0) {
        st = run_parts(&job, all, err);
    }
    for (size_t i = 0; i < job.parts; i++) {
        en_free(job.part[i]);
    }
    en_free(job.part);
    en_fetch_list_clear(&job.list);
    en_free(job.files.sha256);
    en_catalog_source_clear(&job.source);
    return st;
}

en_status en_fetch(en_project *project, const en_fetch_options *options, en_fetch_result *result, en_error *err)
{
    double start = en_clock_seconds();
    en_fetch_store *store = NULL;
    unsigned char *block = en_alloc(EN_FETCH_BLOCK);
    *result = (en_fetch_result){0};
    en_status st = block != NULL ? en_fetch_store_open(project, &store, err) : en_error_nomem(err, "fetching");
    if (st == EN_OK) {
        st = run(project, store, block, options, false, result, err);
    }
    en_fetch_store_close(store);
    en_free(block);
    result->seconds = en_clock_seconds() - start;
    return st;
}
