/* What the kinds of sources share: source rows and their versions, counting, and copying bytes into the store. */
#include "intake/fetch/job.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "catalog/fetched.h"

static bool equal(const char *a, const char *b) { return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0); }

/* A copy of a text that may be NULL; *ok turns false when out of memory. */
static char *copy_text(const char *text, bool *ok)
{
    char *copy = text != NULL ? en_strdup(text) : NULL;
    *ok = *ok && (text == NULL || copy != NULL);
    return copy;
}

/* Whether photographs of the source have been looked at: then there are samples and measures of these very bytes. */
static en_status has_images(const en_fetch_job *job, int64_t source_id, bool *has, en_error *err)
{
    en_catalog_members all = {0}, pending = {0};
    en_status st = en_catalog_members_of(job->project->catalog, source_id, &all, err);
    if (st == EN_OK) {
        st = en_catalog_members_pending(job->project->catalog, &pending, err);
    }
    size_t untouched = 0;
    for (size_t i = 0; i < pending.count; i++) {
        untouched += pending.row[i].source_id == source_id;
    }
    *has = st == EN_OK && untouched < all.count;
    en_catalog_members_clear(&all);
    en_catalog_members_clear(&pending);
    return st;
}

static int by_path(const void *a, const void *b)
{
    const en_fetch_item *x = *(const en_fetch_item *const *)a, *y = *(const en_fetch_item *const *)b;
    return strcmp(x->path, y->path);
}

/* Whether all that the project has of the row is in the list, by path, length and CRC: then it is the same source, of
 * which a part was damaged or not asked for. */
static en_status is_same_by_members(const en_fetch_job *job, int64_t source_id, bool *same, en_error *err)
{
    const en_fetch_list *list = &job->list;
    en_catalog_members members = {0};
    const en_fetch_item **sorted = en_calloc(list->count + 1, sizeof *sorted);
    en_status st = sorted != NULL ? en_catalog_members_of(job->project->catalog, source_id, &members, err)
                                  : en_error_nomem(err, "a list of photographs");
    for (size_t i = 0; st == EN_OK && i < list->count; i++) {
        sorted[i] = &list->item[i];
    }
    if (st == EN_OK) {
        qsort(sorted, list->count, sizeof *sorted, by_path);
    }
    *same = st == EN_OK && members.count > 0;
    for (size_t i = 0; *same && i < members.count; i++) {
        const char *slash = strchr(members.row[i].path, '/'), *path = slash != NULL ? strchr(slash + 1, '/') : NULL;
        const en_fetch_item wanted = {.path =
                                          path != NULL ? members.row[i].path + (path + 1 - members.row[i].path) : ""};
        const en_fetch_item *key = &wanted, *const *found = bsearch(&key, sorted, list->count, sizeof *sorted, by_path);
        *same = found != NULL && (*found)->sum >= 0 && (*found)->sum == members.row[i].crc32 &&
                (*found)->bytes == members.row[i].bytes;
    }
    en_catalog_members_clear(&members);
    en_free(sorted);
    return st;
}

/* Fills job->standing, when there is a row. */
static en_status compare_with_row(en_fetch_job *job, const en_catalog_source *row, en_error *err)
{
    const en_catalog_source *now = &job->source;
    bool whole = row->state == EN_SOURCE_WHOLE, used = whole;
    if (equal(row->sha256, now->sha256)) {
        bool all = whole && equal(row->etag, now->etag) && row->bytes == now->bytes;
        job->standing = all ? EN_FETCH_UNCHANGED : EN_FETCH_SAME_BYTES;
        return EN_OK;
    }
    bool same = false, partly = row->sha256 == NULL || now->sha256 == NULL;
    en_status st = !whole || partly ? is_same_by_members(job, row->id, &same, err) : EN_OK;
    if (st != EN_OK || same) {
        job->standing = whole ? EN_FETCH_UNCHANGED : EN_FETCH_SAME_BYTES;
        return st;
    }
    st = whole ? EN_OK : has_images(job, row->id, &used, err);
    job->standing = used ? EN_FETCH_NEW_VERSION : EN_FETCH_REPLACED;
    if (st == EN_OK && used) {
        en_event_warn(&job->project->events,
                      "'%s' has changed since it was fetched as source %lld, which stays as it is; this "
                      "version becomes a separate source",
                      job->origin.uri, (long long)row->id);
    }
    return st;
}

en_status en_fetch_find_row(en_fetch_job *job, en_error *err)
{
    bool ok = true;
    en_catalog_source row;
    const en_fetch_origin *origin = &job->origin;
    en_status st = en_catalog_source_find(job->project->catalog, origin->uri, &row, err);
    if (st != EN_OK && st != EN_DONE) {
        return st;
    }
    bool is_known = st == EN_OK;
    st = EN_OK;
    job->standing = EN_FETCH_NEW;
    job->source = (en_catalog_source){.id = row.id,
                                      .uri = copy_text(origin->uri, &ok),
                                      .kind = origin->kind,
                                      .etag = copy_text(origin->etag, &ok),
                                      .bytes = job->files.volumes != NULL ? job->files.volumes->bytes : job->list.bytes,
                                      .sha256 = copy_text(origin->sha256[0] != '\0' ? origin->sha256 : NULL, &ok)};
    if (ok && is_known) {
        st = compare_with_row(job, &row, err);
    }
    if (st != EN_OK) {
        goto done;
    }
    bool is_new = en_fetch_is_new(job);
    job->source.version = row.version + (is_new ? 1 : 0);
    job->source.state = is_new ? EN_SOURCE_FETCHING : row.state;
    if (!ok) {
        st = en_error_nomem(err, "a source");
    } else if (!is_new) {
        job->result->source_id = row.id;
        en_fetch_store_source(job->store, row.id);
    }
done:
    en_catalog_source_clear(&row);
    return st;
}

void en_fetch_tally_add(en_fetch_tally *tally, const char *path)
{
    tally->first = tally->count++ == 0 ? path : tally->first;
}

en_status en_fetch_set_state(en_fetch_job *job, en_source_state state, en_error *err)
{
    job->source.state = state;
    en_status st = en_catalog_source_put(job->project->catalog, &job->source, err);
    job->result->source_id = job->source.id;
    en_fetch_store_source(job->store, job->source.id);
    if (st == EN_OK && job->list.encoding != NULL) {
        st = en_catalog_source_encoding_put(job->project->catalog, job->source.id, job->list.encoding, err);
    }
    return st;
}

en_status en_fetch_recall_encoding(en_fetch_job *job, en_error *err)
{
    const char *given = job->options->encoding;
    if (job->encoding != NULL || job->origin.uri == NULL) {
        return EN_OK;
    }
    en_status st = en_catalog_source_encoding(job->project->catalog, job->origin.uri, &job->encoding, err);
    if (st == EN_OK && given != NULL && strcasecmp(job->encoding, given) != 0) {
        return en_error_hint(err,
                             en_error_set(err, EN_INPUT, "names in '%s' were fetched as %s, not as %s",
                                          job->origin.shown, job->encoding, given),
                             EN_FETCH_NAMES_STAY);
    }
    job->list.encoding = job->encoding != NULL ? job->encoding : given;
    return st == EN_DONE ? EN_OK : st;
}

en_status en_fetch_add_part(en_fetch_job *job, const char *source, en_error *err)
{
    char **grown = en_array_grow(job->part, job->parts, sizeof *grown, err);
    if (grown == NULL) {
        return EN_NOMEM;
    }
    job->part = grown;
    grown[job->parts] = en_strdup(source);
    if (grown[job->parts] == NULL) {
        return en_error_nomem(err, "a list of sources");
    }
    job->parts++;
    return EN_OK;
}

en_status en_fetch_count(en_fetch_job *job, const char *where, en_error *err)
{
    const en_fetch_list *list = &job->list;
    job->result->photographs = (int64_t)list->count;
    job->result->bytes = list->bytes;
    job->result->skipped = list->skipped;
    if (list->count == 0 && list->archives == 0) {
        return list->skipped == 0 ? en_error_set(err, EN_INPUT, "there are no photographs in '%s': it is empty", where)
                                  : en_error_set(err, EN_INPUT,
                                                 "there are no photographs in '%s': looked for " EN_FETCH_LOOKED_FOR
                                                 ", found %lld others (%s)",
                                                 where, (long long)list->skipped, list->examples);
    }
    if (list->skipped > 0) {
        en_event_note(&job->project->events, "skipped %lld that are not photographs: %s", (long long)list->skipped,
                      list->examples);
    }
    return EN_OK;
}

void en_fetch_progress(const en_fetch_job *job)
{
    en_event_progress(&job->project->events, job->result->present + job->result->fetched, job->result->photographs,
                      NULL);
}

en_status en_fetch_import(en_fetch_job *job, const char *path, en_fetch_read_fn *read, void *from, en_error *err)
{
    en_status st = en_fetch_store_begin(job->store, path, err);
    while (st == EN_OK) {
        size_t got = 0;
        st = en_stop_check(&job->project->events, err);
        if (st == EN_OK) {
            st = read(from, job->block, EN_FETCH_BLOCK, &got, err);
        }
        if (st == EN_OK) {
            st = en_fetch_store_add(job->store, job->block, got, err);
        }
    }
    if (st != EN_DONE) {
        en_fetch_store_drop(job->store);
        return st;
    }
    st = en_fetch_store_end(job->store, err);
    job->result->fetched += st == EN_OK;
    en_fetch_progress(job);
    return st;
}

static en_status read_stream(void *from, void *data, size_t capacity, size_t *got, en_error *err)
{
    en_status st = en_volume_stream_read(from, data, capacity, got, err);
    return st == EN_OK && *got == 0 ? EN_DONE : st;
}

en_status en_fetch_import_file(en_fetch_job *job, const char *path, const en_volumes *file, en_error *err)
{
    en_volume_stream *stream = NULL;
    en_status st = en_volume_stream_open(file, &stream, err);
    if (st == EN_OK) {
        st = en_fetch_import(job, path, read_stream, stream, err);
    }
    en_volume_stream_close(stream);
    return st;
}
