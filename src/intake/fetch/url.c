/* The kind of source of http and https: its files are downloaded, unless the server says that they are what was fetched
 * before and that is still here. */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "intake/fetch/download.h"
#include "intake/fetch/kind.h"

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
        job->result->form = en_fetch_is_photograph(name) ? EN_FETCH_PHOTOGRAPH : EN_FETCH_ARCHIVE;
    }
    en_catalog_members_clear(&members);
    return st;
}

static en_status download(en_fetch_job *job, const char *known, en_error *err)
{
    en_fetch_download *d = job->opened;
    en_status st = en_fetch_download_run(d, job->project, &job->options->http, known, err);
    job->result->downloaded = d->bytes;
    job->result->volumes = (int64_t)d->count;
    job->origin = (en_fetch_origin){.uri = d->uri, .kind = EN_SOURCE_HTTP, .etag = d->identities, .shown = d->uri};
    job->files = (en_fetch_local){.volumes = &d->files, .name = d->name};
    return st;
}

static en_status open_url(en_fetch_job *job, en_error *err)
{
    en_catalog_source row = {0};
    en_fetch_download *d = en_calloc(1, sizeof *d);
    en_status st = d != NULL ? en_fetch_download_begin(d, job->project, job->options->source, err)
                             : en_error_nomem(err, "a download");
    if (st != EN_OK) {
        en_free(d);
        return st;
    }
    job->opened = d;
    st = en_catalog_source_find(job->project->catalog, d->uri, &row, err);
    bool known = st == EN_OK && row.state == EN_SOURCE_WHOLE && !job->options->force;
    if (st == EN_OK || st == EN_DONE) {
        st = download(job, known ? row.etag : NULL, err);
    }
    if (st == EN_OK && d->unchanged) {
        st = all_here(job, d->name, row.id, err);
        if (st == EN_OK && !job->result->unchanged) {
            en_event_warn(&job->project->events,
                          "some photographs of source %lld are damaged or gone: downloading it again",
                          (long long)row.id);
            st = download(job, NULL, err);
        }
    }
    en_catalog_source_clear(&row);
    return st;
}

/* What came is not needed any longer once its photographs are in, nor when all of it is there and no good. After any
 * other error it waits for the next time: it may be gigabytes. */
static void close_url(en_fetch_job *job, en_status st, en_error *err)
{
    en_fetch_download *d = job->opened;
    if (d == NULL) {
        return;
    }
    bool broken = job->standing == EN_FETCH_BROKEN, whole = !broken || en_fetch_download_is_whole(d);
    if (!whole) {
        en_fetch_download_cut_short(d, err);
    }
    if (st != EN_OK && !(broken && whole)) {
        en_fetch_download_leave(d);
    } else if (en_fetch_download_sweep(d, NULL) != EN_OK) {
        en_event_warn(&job->project->events, "could not remove '%s', which is not needed any longer", d->folder);
    }
    en_fetch_download_clear(d);
    en_free(d);
}

const en_fetch_kind en_fetch_url = {
    .open = open_url,
    .list = en_fetch_files_list,
    .hash = en_fetch_files_hash,
    .compare = en_fetch_files_compare,
    .copy = en_fetch_files_copy,
    .close = close_url,
};
