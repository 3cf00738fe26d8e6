/* The kind of source of http and https: its files are downloaded, unless the server says that they are what was fetched
 * before and that is still here. */
#include "base/memory.h"
#include "intake/fetch/download.h"
#include "intake/fetch/kind.h"

static en_status open_url(en_fetch_job *job, en_error *err)
{
    en_fetch_download *d = en_calloc(1, sizeof *d);
    en_status st = d != NULL ? en_fetch_download_begin(d, job->project, job->options->source, err)
                             : en_error_nomem(err, "a download");
    if (st != EN_OK) {
        en_free(d);
        return st;
    }
    job->opened = d;
    return en_fetch_bring(job, d, EN_SOURCE_HTTP, err);
}

static void close_url(en_fetch_job *job, en_status st, en_error *err)
{
    if (job->opened != NULL) {
        en_fetch_bring_end(job, job->opened, st, err);
        en_free(job->opened);
    }
}

const en_fetch_kind en_fetch_url = {
    .open = open_url,
    .list = en_fetch_files_list,
    .hash = en_fetch_files_hash,
    .compare = en_fetch_files_compare,
    .copy = en_fetch_files_copy,
    .close = close_url,
};
