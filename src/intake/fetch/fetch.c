/* fetch: the steps of every fetch, whatever kind its source is of. */
#include "intake/fetch/fetch.h"

#include <stdlib.h>
#include <strings.h>

#include "base/charset.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/version.h"
#include "catalog/fetched.h"
#include "intake/fetch/inside.h"
#include "intake/fetch/kind.h"

static const char *const forms[] = {NULL, "folder", "photograph", "archive"};
const en_wordlist en_fetch_forms = EN_WORDLIST("form of a source", forms);

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
    en_status st = en_fetch_recall_encoding(job, err);
    if (st != EN_OK) {
        return st;
    }
    st = job->kind->list(job, err);
    if (st == EN_OK) {
        st = en_fetch_count(job, job->origin.shown, err);
    }
    if (st == EN_INPUT) {
        job->standing = EN_FETCH_BROKEN;
    }
    if (st == EN_OK) {
        st = en_fetch_choose(job, err);
    }
    if (st == EN_OK && job->kind->hash != NULL) {
        st = job->kind->hash(job, err);
    }
    if (st == EN_OK) {
        st = check_hash(job, err);
    }
    return st == EN_OK ? en_fetch_find_row(job, err) : st;
}

/* What was fetched before the encoding was given has its name in the catalog; under the right one it would come twice.
 */
static en_status refuse_second_name(const en_fetch_job *job, const en_fetch_item *item, en_error *err)
{
    en_fetch_have have = {0};
    if (item->recognised == NULL || en_fetch_is_new(job)) {
        return EN_OK;
    }
    en_status st = en_fetch_store_have(job->store, item->recognised, &have, err);
    if (st != EN_OK || !have.row) {
        return st;
    }
    return en_error_hint(err,
                         en_error_set(err, EN_INPUT, "'%s' is in this project as '%s', as its name was recognised",
                                      item->path, item->recognised),
                         EN_FETCH_NAMES_STAY);
}

static bool is_ready(const en_fetch_job *job, const en_fetch_item *item)
{
    const en_fetch_options *o = job->options;
    return o->ready == NULL ||
           o->ready(o->ready_ctx, item->file != NULL ? item->file : item->path, item->bytes, item->mtime_ns);
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
        if (!is_ready(job, item)) {
            item->left = true;
            job->waiting++;
            continue;
        }
        st = item->damage == NULL && !item->unwanted ? job->kind->compare(job, item, err) : EN_OK;
        st = st == EN_OK ? refuse_second_name(job, item, err) : st;
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
                      "photographs that are not what was fetched under their names before: %lld (first '%s'); "
                      "they stay as they were fetched: to add the new ones, rename them",
                      (long long)job->changed.count, job->changed.first);
    }
    return st;
}

/* How the source came, for its manifest. */
static en_status keep_receipt(const en_fetch_job *job, en_error *err)
{
    const char *terms = job->options->terms != NULL ? job->options->terms : job->terms;
    char *program = en_format("eyenet %s", en_version());
    en_status st = program != NULL ? en_catalog_fetch_put(job->project->catalog, job->source.id, terms, program, err)
                                   : en_error_nomem(err, "a name");
    en_free(program);
    return st;
}

/* A source of which some photographs were not asked for is not whole. */
static en_status finish(en_fetch_job *job, en_error *err)
{
    if (job->result->unwanted > 0) {
        en_event_note(&job->project->events,
                      "photographs that were not asked for: %lld; a later fetch without a choice brings them",
                      (long long)job->result->unwanted);
    }
    bool whole = job->result->unwanted == 0 && job->list.archives == 0; /* else those come next */
    en_status st = en_fetch_set_state(job, whole ? EN_SOURCE_WHOLE : EN_SOURCE_FETCHING, err);
    return st == EN_OK ? keep_receipt(job, err) : st;
}

/* The good photographs are in; what is wrong with the others is the error. */
static en_status say_damage(const en_fetch_job *job, en_error *err)
{
    bool method = job->methods == job->damaged.count; /* not damage, then */
    en_status st = en_error_set(err, EN_INPUT, "%lld of %lld photographs in '%s' %s (first '%s': %s)",
                                (long long)job->damaged.count, (long long)job->result->photographs, job->origin.shown,
                                method ? "cannot be unpacked" : "are damaged", job->damaged.first, job->damage);
    return en_error_hint(err, st,
                         method ? "the others are in the project, and the table 'damaged' has all of these; unpack "
                                  "the archive by the program that made it, and fetch the folder"
                                : "the others are in the project, and the table 'damaged' has all of these; 'fetch "
                                  "--retry' gets them anew");
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
    if (st == EN_OK) {
        int64_t left = 0;
        st = en_catalog_damage_mend(job->project->catalog, job->source.id, &left, err);
    }
    if (job->standing == EN_FETCH_BROKEN && en_fetch_set_state(job, EN_SOURCE_BROKEN, NULL) != EN_OK) {
        en_event_warn(events, "source %lld could not be marked as broken", (long long)job->source.id);
    }
    if (st == EN_OK && job->damaged.count > 0) {
        return say_damage(job, err);
    }
    if (st == EN_OK && job->left.count > 0) {
        en_event_warn(events,
                      "photographs that changed while being read: %lld (first '%s'); they are left to the next fetch",
                      (long long)job->left.count, job->left.first);
        return EN_OK; /* and the source is not whole */
    }
    if (st == EN_OK && job->waiting > 0) { /* not whole either */
        return keep_receipt(job, err);
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
    if (job->options->dry_run) {
        job->result->needed = missing;
        return EN_OK;
    }
    job->result->unchanged = job->result->present == job->result->photographs;
    if (!job->result->unchanged) {
        return copy_missing(job, missing, err);
    }
    return job->standing != EN_FETCH_UNCHANGED ? finish(job, err) : EN_OK;
}

/* Archives inside of the source, whatever is wrong with photographs beside them; `st` is what came of these. */
static en_status fetch_inside(en_fetch_job *job, en_fetch_result *within, en_status st, en_error *err)
{
    bool whole = false;
    en_error why = {0};
    if ((st != EN_OK && !(st == EN_INPUT && job->damaged.count > 0)) || job->list.archives == 0) {
        return st;
    }
    if (job->members != NULL) {
        en_event_note(&job->project->events, "archives in '%s' were not looked into: that takes all of it",
                      job->origin.shown);
        return st == EN_OK && job->result->photographs == 0 && !job->options->dry_run
                   ? en_error_hint(err,
                                   en_error_set(err, EN_INPUT, "there are only archives in '%s'", job->origin.shown),
                                   "fetch it without a choice of photographs")
                   : st;
    }
    en_status inside = en_fetch_inside_run(job, within, &whole, &why);
    if (inside == EN_INPUT) {
        job->standing = EN_FETCH_BROKEN; /* the source's bytes are at fault */
        job->inside_failed = true;
    }
    if (st == EN_OK && inside == EN_OK && job->list.count == 0 && within->photographs == 0 && !job->options->dry_run) {
        return en_error_set(err, EN_INPUT, "there are no photographs in '%s'%s", job->origin.shown,
                            within->unwanted > 0 ? " that were asked for" : "");
    }
    if (st == EN_OK && inside == EN_OK && whole && job->result->unwanted == 0 && !job->options->dry_run &&
        job->source.state != EN_SOURCE_WHOLE) {
        return en_fetch_set_state(job, EN_SOURCE_WHOLE, err);
    }
    return st == EN_OK && inside != EN_OK ? en_error_copy(err, &why) : st;
}

/* Whether what was downloaded is left as it is. Photographs come in all the same: there is nothing to be unpacked. */
static bool is_kept(const en_fetch_job *job)
{
    return job->options->no_extract && job->files.volumes != NULL && job->members == NULL &&
           !en_fetch_is_photograph(job->files.name);
}

static en_status keep_download(en_fetch_job *job, en_error *err)
{
    en_status st = EN_OK;
    if (job->options->sha256 != NULL && job->kind->hash != NULL) {
        st = job->kind->hash(job, err);
        st = st == EN_OK ? check_hash(job, err) : st;
    }
    job->kept = true;
    job->result->form = EN_FETCH_ARCHIVE;
    job->result->bytes = job->files.volumes->bytes;
    return st;
}

static en_status fetch_source(en_fetch_job *job, en_fetch_result *within, en_error *err)
{
    const char *source = job->options->source;
    job->kind = en_fetch_kind_of(source);
    if (job->kind == NULL) {
        return en_error_set(err, EN_INPUT,
                            "there is no '%s': a source is a folder, a photograph, a zip, tar or tar.gz archive, "
                            "its first volume, the http or https URL of one of these, kaggle:NAME, or s3://BUCKET/KEY",
                            source);
    }
    if (job->options->no_extract && (job->kind == &en_fetch_folder || job->kind == &en_fetch_files)) {
        return en_error_set(err, EN_USAGE, "'%s' is on this machine: --no-extract is for downloads", source);
    }
    en_status st = job->kind->open(job, err);
    if (st == EN_OK && !job->result->unchanged && is_kept(job)) {
        st = keep_download(job, err);
    } else if (st == EN_OK && !job->result->unchanged && !job->only_parts && !job->measured) {
        st = import(job, err);
        st = fetch_inside(job, within, st, err);
    }
    if (job->kind->close != NULL) {
        job->kind->close(job, st, err);
    }
    job->result->sources = st == EN_OK && !job->only_parts && (job->list.count > 0 || within->sources == 0);
    return st;
}

void en_fetch_add_result(en_fetch_result *all, const en_fetch_result *one)
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
    all->needed += one->needed;
    all->downloaded += one->downloaded;
    all->unchanged = (first || all->unchanged) && one->unchanged;
}

static en_status run(en_project *project, en_fetch_store *store, unsigned char *block, const en_fetch_options *options,
                     bool is_part, const en_fetch_inside *inside, en_fetch_result *all, en_error *err);

/* The sources that a source is made of, one after the other. What is wrong with one costs only itself; the first error
 * counts, and further ones are warnings. */
static en_status run_parts(en_fetch_job *job, en_fetch_result *all, en_error *err)
{
    en_status first = EN_OK, st = EN_OK;
    if (job->options->sha256 != NULL && job->parts > 1) {
        return en_error_set(err, EN_USAGE, "'%s' is not one file: it has no SHA-256 to compare", job->options->source);
    }
    for (size_t i = 0; i < job->parts && (st == EN_OK || st == EN_INPUT); i++) {
        en_fetch_options options = *job->options;
        en_error why = {0};
        options.source = job->part[i];
        options.head = job->options->head > 0 ? job->options->head - all->photographs : 0;
        if (job->options->head > 0 && options.head <= 0) {
            break;
        }
        en_event_note(&job->project->events, "'%s' (%zu of %zu)", options.source, i + 1, job->parts);
        st = run(job->project, job->store, job->block, &options, true, NULL, all, &why);
        if (first != EN_OK && st == EN_INPUT) {
            en_event_warn(&job->project->events, "%s", why.text);
        } else if (st != EN_OK) { /* what ends the fetch counts for more than what was wrong before */
            first = en_error_copy(err, &why);
        }
    }
    st = st == EN_OK ? first : st == EN_INPUT ? first : st;
    if (st == EN_OK && all->sources == 0) {
        st = en_error_set(err, EN_INPUT, "there are no photographs in '%s'%s", job->options->source,
                          all->unwanted > 0 ? " that were asked for" : "");
    }
    return st;
}

/* One source, and those that it is made of; `all` grows by what came of it. A part without photographs is not an error.
 */
static en_status run(en_project *project, en_fetch_store *store, unsigned char *block, const en_fetch_options *options,
                     bool is_part, const en_fetch_inside *inside, en_fetch_result *all, en_error *err)
{
    en_fetch_result result = {0}, within = {0};
    en_fetch_job job = {
        .project = project, .store = store, .options = options, .result = &result, .inside = inside, .block = block};

    en_status st = fetch_source(&job, &within, err);
    bool empty = st == EN_INPUT && result.photographs == 0 && job.files.archive && result.form == EN_FETCH_ARCHIVE &&
                 job.list.count == 0 && job.list.skipped + (int64_t)job.list.archives > 0 && within.photographs == 0 &&
                 !job.inside_failed;
    bool none = st == EN_INPUT && result.photographs == 0 && result.unwanted > 0; /* were asked for */
    if ((is_part && empty) || ((is_part || job.parts > 0) && none)) {
        en_event_note(&project->events, "%s: left out", err != NULL ? err->text : options->source);
        en_error_clear(err);
        result.sources = 0;
        st = EN_OK;
    }
    const char *terms = options->terms != NULL ? options->terms : job.terms;
    en_print(all->terms, sizeof all->terms, "%s", terms != NULL ? terms : "");
    if (within.sources > 0 && result.photographs == 0) { /* all of it is in them */
        result.unchanged = within.unchanged;
    }
    en_fetch_add_result(all, &result);
    if (within.sources > 0) {
        en_fetch_add_result(all, &within);
    } else {
        all->needed += within.needed;
    }
    if (st == EN_OK && job.parts > 0) {
        st = run_parts(&job, all, err);
    }
    for (size_t i = 0; i < job.parts; i++) {
        en_free(job.part[i]);
    }
    en_free(job.part);
    en_fetch_list_clear(&job.list);
    en_free(job.encoding);
    en_free(job.files.sha256);
    en_free(job.terms);
    en_catalog_source_clear(&job.source);
    return st;
}

en_status en_fetch_run_part(const en_fetch_job *job, const en_fetch_options *options, const en_fetch_inside *inside,
                            en_fetch_result *all, en_error *err)
{
    return run(job->project, job->store, job->block, options, true, inside, all, err);
}

/* What is to be fetched where `source` itself is neither a path nor a name: a path of a URL, or what a source that was
 * inside of another one came from. *local is NULL when it stands; en_free. */
static en_status find_source(en_project *project, const char *source, char **local, en_error *err)
{
    en_catalog_source row = {0};
    *local = en_fetch_kind_of(source) == NULL ? en_file_url_path(source) : NULL;
    char *outer = *local == NULL ? en_fetch_outer_uri(source) : NULL;
    en_status st = outer != NULL ? en_catalog_source_find(project->catalog, source, &row, err) : EN_DONE;
    if (st == EN_OK) {
        *local = outer;
        outer = NULL;
    }
    en_catalog_source_clear(&row);
    en_free(outer);
    return st == EN_DONE ? EN_OK : st;
}

en_status en_fetch(en_project *project, const en_fetch_options *options, en_fetch_result *result, en_error *err)
{
    double start = en_clock_seconds();
    en_fetch_store *store = NULL;
    en_fetch_options local = *options;
    char *path = NULL;
    unsigned char *block = en_alloc(EN_FETCH_BLOCK);
    *result = (en_fetch_result){0};
    en_status found = options->encoding != NULL ? en_charset_check(options->encoding, err) : EN_OK;
    if (found == EN_OK) {
        found = find_source(project, options->source, &path, err);
    }
    local.source = path != NULL ? path : options->source;
    en_status st = found != EN_OK  ? found
                   : block != NULL ? en_fetch_store_open(project, &store, err)
                                   : en_error_nomem(err, "fetching");
    if (st == EN_OK) {
        st = run(project, store, block, &local, false, NULL, result, err);
    }
    en_fetch_store_close(store);
    en_free(block);
    en_free(path);
    result->seconds = en_clock_seconds() - start;
    return st;
}
