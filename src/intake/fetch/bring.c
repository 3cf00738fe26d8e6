/* Sources whose files are downloaded before they are read like files that were here. */
#include "base/file.h"
#include "base/memory.h"
#include "intake/fetch/download.h"

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

static en_status download(en_fetch_job *job, en_fetch_download *d, en_source_kind kind, const char *known,
                          en_error *err)
{
    en_status st = en_fetch_download_run(d, job->project, &job->options->http, known, err);
    job->result->downloaded = d->bytes;
    job->result->volumes = (int64_t)d->count;
    job->origin = (en_fetch_origin){.uri = d->uri, .kind = kind, .etag = d->identities, .shown = d->uri};
    bool given = d->given != NULL && en_fetch_is_photograph(d->given) && !en_fetch_is_photograph(d->name);
    job->files = (en_fetch_local){.volumes = &d->files, .name = given ? d->given : d->name};
    return st;
}

en_status en_fetch_bring(en_fetch_job *job, en_fetch_download *d, en_source_kind kind, en_error *err)
{
    en_catalog_source row = {0};
    en_status st = en_catalog_source_find(job->project->catalog, d->uri, &row, err);
    bool known = st == EN_OK && row.state == EN_SOURCE_WHOLE && !job->options->force;
    if (st == EN_OK || st == EN_DONE) {
        st = download(job, d, kind, known ? row.etag : NULL, err);
    }
    if (st == EN_OK && d->unchanged) {
        st = all_here(job, d->name, row.id, err);
        if (st == EN_OK && !job->result->unchanged) {
            en_event_warn(&job->project->events,
                          "some photographs of source %lld are damaged or gone: downloading it again",
                          (long long)row.id);
            st = download(job, d, kind, NULL, err);
        }
    }
    en_catalog_source_clear(&row);
    return st;
}

/* What came is not needed any longer once its photographs are in, nor when all of it is there and no good. After any
 * other error it waits for the next time: it may be gigabytes. */
void en_fetch_bring_end(en_fetch_job *job, en_fetch_download *d, en_status st, en_error *err)
{
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
}
