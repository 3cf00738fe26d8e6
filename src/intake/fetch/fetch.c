/* fetch: telling what a source is and sending it the right way: a folder, files that are here, a URL. */
#include "intake/fetch/fetch.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/clock.h"
#include "intake/fetch/download.h"
#include "intake/fetch/job.h"

/* Whether `source` is a file, or the name of an archive of which only the volumes are there. */
static bool is_there(const char *source)
{
    char *first = en_format("%s.001", source);
    bool there = en_file_exists(source) || (first != NULL && en_file_exists(first));
    en_free(first);
    return there;
}

static en_status fetch_file(en_fetch_job *job, en_error *err)
{
    const char *source = job->options->source;
    en_volumes v;
    if (!is_there(source) && (en_starts_with(source, "kaggle:") || en_starts_with(source, "s3:"))) {
        return en_error_set(
            err, EN_INPUT,
            "'%s' cannot be fetched from there yet: download it by hand and fetch the folder or the first "
            "volume",
            source);
    }
    if (!is_there(source)) {
        return en_error_set(err, EN_INPUT,
                            "there is no '%s': a source is a folder, a photograph, a zip, tar or tar.gz archive, "
                            "its first volume, or the http or https URL of one of these",
                            source);
    }
    en_status st = en_volumes_find(source, &v, err);
    if (st != EN_OK) {
        return st;
    }
    char *uri = realpath(v.item[0].path, NULL);
    if (uri == NULL) {
        st = en_error_errno(err, "cannot read '%s'", source);
    } else {
        st = en_fetch_take(job, &v, uri, v.count > 1 ? "volumes" : "file", NULL, source, en_path_base(v.item[0].path),
                           err);
    }
    free(uri);
    en_volumes_clear(&v);
    return st;
}

/* The server has what was fetched: sets result->unchanged when all of that is here, and counts it. */
static en_status all_here(en_fetch_job *job, const char *name, int64_t source_id, en_error *err)
{
    en_catalog_members members;
    en_status st = en_catalog_members_of(job->project->catalog, source_id, &members, err);
    if (st != EN_OK) {
        return st;
    }
    bool all = members.count > 0;
    int64_t bytes = 0;
    for (size_t i = 0; i < members.count && all && st == EN_OK; i++) {
        const en_catalog_member *m = &members.row[i];
        char *path = en_project_path(job->project, m->path);
        uint32_t crc;
        int64_t size;
        all = path != NULL && en_file_size(path, &size, NULL) == EN_OK && size == m->bytes &&
              en_fetch_crc(path, &crc, NULL) == EN_OK && (int64_t)crc == m->crc32;
        en_free(path);
        bytes += m->bytes;
        st = en_stop_check(&job->project->events, err);
    }
    if (all && st == EN_OK) {
        job->result->present = job->result->photographs = (int64_t)members.count;
        job->result->bytes = bytes;
        job->result->unchanged = true;
        job->result->source_id = source_id;
        snprintf(job->result->kind, sizeof job->result->kind, "%s",
                 en_fetch_is_photograph(name) ? "photograph" : "archive");
    }
    en_catalog_members_clear(&members);
    return st;
}

/* Downloads and takes what came. */
static en_status download_and_take(en_fetch_job *job, en_fetch_download *d, const char *known, en_error *err)
{
    en_status st = en_fetch_download_run(d, job->project, &job->options->http, known, err);
    job->result->downloaded = d->bytes;
    job->result->volumes = (int64_t)d->count;
    if (st != EN_OK || d->unchanged) {
        return st;
    }
    st = en_fetch_take(job, &d->files, d->uri, "http", d->identities, d->uri, d->name, err);
    if (job->bad && !en_fetch_download_is_whole(d)) {
        en_fetch_download_cut_short(d, err);
    }
    return st;
}

/* What came is not needed any longer once its photographs are in, nor when all of it is there and no good. After any
 * other error it waits for the next time: it may be gigabytes. */
static void sweep(const en_fetch_job *job, const en_fetch_download *d, en_status st)
{
    if (st != EN_OK && !(job->bad && en_fetch_download_is_whole(d))) {
        en_fetch_download_leave(d);
    } else if (en_fetch_download_sweep(d, NULL) != EN_OK) {
        en_event_warn(&job->project->events, "could not remove '%s', which is not needed any longer", d->folder);
    }
}

static en_status fetch_url(en_fetch_job *job, en_error *err)
{
    en_fetch_download d;
    en_catalog_source row = {0};
    unsigned version;
    en_status st = en_fetch_download_begin(&d, job->project, job->options->source, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_fetch_newest(job->project->catalog, d.uri, &row, &version, err);
    bool known = st == EN_OK && version > 0 && strcmp(row.state, "whole") == 0 && !job->options->force;
    if (st == EN_OK) {
        st = download_and_take(job, &d, known ? row.etag : NULL, err);
    }
    if (st == EN_OK && d.unchanged) {
        st = all_here(job, d.name, row.id, err);
        if (st == EN_OK && !job->result->unchanged) {
            en_event_warn(&job->project->events,
                          "some photographs of source %lld are damaged or gone: downloading it again",
                          (long long)row.id);
            st = download_and_take(job, &d, NULL, err);
        }
    }
    sweep(job, &d, st);
    en_catalog_source_clear(&row);
    en_fetch_download_clear(&d);
    return st;
}

static en_status fetch_any(en_fetch_job *job, en_error *err)
{
    const char *source = job->options->source;
    if (en_http_is_url(source)) {
        return fetch_url(job, err);
    }
    if (en_file_is_dir(source)) {
        return en_fetch_folder(job, source, err);
    }
    return fetch_file(job, err);
}

en_status en_fetch(en_project *project, const en_fetch_options *options, en_fetch_result *result, en_error *err)
{
    double start = en_clock_seconds();
    *result = (en_fetch_result){0};
    en_fetch_job job = {.project = project, .options = options, .result = result, .block = en_alloc(EN_FETCH_BLOCK)};
    en_status st = job.block != NULL ? en_fetch_store_open(project, &job.store, err) : en_error_nomem(err, "fetching");
    if (st == EN_OK) {
        st = fetch_any(&job, err);
    }
    en_fetch_store_close(job.store);
    en_fetch_list_clear(&job.list);
    en_catalog_source_clear(&job.source);
    en_free(job.block);
    result->seconds = en_clock_seconds() - start;
    return st;
}
