/* Sources whose files are downloaded before they are read like files that were here. */
#include "base/file.h"
#include "base/memory.h"
#include "catalog/fetched.h"
#include "intake/fetch/download.h"
#include "intake/fetch/members.h"

en_status en_fetch_all_here(const en_project *project, int64_t source_id, en_fetch_result *result, en_error *err)
{
    en_catalog_members members;
    en_status st = en_catalog_members_of(project->catalog, source_id, &members, err);
    if (st != EN_OK) {
        return st;
    }
    bool all = members.count > 0;
    int64_t bytes = 0;
    for (size_t i = 0; i < members.count && all && st == EN_OK; i++) {
        const en_catalog_member *m = &members.row[i];
        char *path;
        uint32_t crc;
        int64_t size;
        all = en_project_path(project, m->path, &path, NULL) == EN_OK && en_file_size(path, &size, NULL) == EN_OK &&
              size == m->bytes && en_fetch_crc(path, &crc, NULL) == EN_OK && (int64_t)crc == m->crc32;
        en_free(path);
        bytes += m->bytes;
        st = en_stop_check(&project->events, err);
    }
    if (all && st == EN_OK) {
        result->present = result->photographs = (int64_t)members.count;
        result->bytes = bytes;
        result->unchanged = true;
        result->source_id = source_id;
    }
    en_catalog_members_clear(&members);
    return st;
}

/* The server has what was fetched: sets result->unchanged when all of that is here, with what was inside of it, and
 * counts it. */
static en_status all_here(en_fetch_job *job, const en_fetch_download *d, int64_t source_id, en_error *err)
{
    en_catalog_ids inside = {0};
    en_fetch_result own = {0}, all = {0};
    en_status st = en_fetch_all_here(job->project, source_id, &own, err);
    st = st == EN_OK ? en_catalog_sources_inside(job->project->catalog, d->uri, &inside, err) : st;
    bool here = own.unchanged || inside.count > 0;
    en_fetch_add_result(&all, &own);
    for (size_t i = 0; here && st == EN_OK && i < inside.count; i++) {
        en_fetch_result one = {0};
        st = en_fetch_all_here(job->project, inside.id[i], &one, err);
        here = one.unchanged;
        en_fetch_add_result(&all, &one);
    }
    en_free(inside.id);
    if (here && st == EN_OK) {
        job->result->present = job->result->photographs = all.photographs;
        job->result->bytes = all.bytes;
        job->result->unchanged = true;
        job->result->source_id = source_id;
        job->result->form = en_fetch_is_photograph(d->name) ? EN_FETCH_PHOTOGRAPH : EN_FETCH_ARCHIVE;
    }
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
    bool part = false;
    int64_t bytes = -1;
    en_status st = en_fetch_members_wanted(job, d, &part, err);
    if (st == EN_OK && part) {
        st = en_fetch_members_open(job, d, kind, &bytes, err);
        if (st != EN_DONE) {
            job->measured = false; /* it can be looked into */
            job->result->needed = 0;
            return st;
        }
        st = EN_OK;
    }
    if (st != EN_OK) {
        return st;
    }
    if (job->options->dry_run && job->measured) {
        return EN_OK; /* a listing knew its length */
    }
    if (job->options->dry_run) {
        job->measured = bytes >= 0;
        job->result->needed = bytes;
        job->result->volumes = 1;
        return bytes >= 0 ? EN_OK
                          : en_error_set(err, EN_USAGE, "'%s' cannot be looked into without downloading it", d->uri);
    }
    en_catalog_source row = {0};
    st = en_catalog_source_find(job->project->catalog, d->uri, &row, err);
    bool known = st == EN_OK && row.state == EN_SOURCE_WHOLE && !job->options->force;
    if (st == EN_OK || st == EN_DONE) {
        st = download(job, d, kind, known ? row.etag : NULL, err);
    }
    if (st == EN_OK && d->unchanged) {
        st = all_here(job, d, row.id, err);
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
    if (job->members != NULL) {
        en_fetch_members_close(job);
        en_fetch_download_leave(d);
        en_fetch_download_clear(d);
        return;
    }
    if (job->kept && st == EN_OK) {
        en_event_note(&job->project->events, "'%s' is in '%s', whole; without --no-extract it is unpacked from there",
                      d->uri, d->folder);
        en_fetch_download_clear(d);
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
}
