/* Photographs that are files of their own at a server: listed there, downloaded one by one, and imported. For fetch
 * alone.
 */
#ifndef EN_INTAKE_FETCH_REMOTE_H
#define EN_INTAKE_FETCH_REMOTE_H

#include "intake/fetch/job.h"
#include "net/http.h"

typedef struct en_fetch_remote {
    en_http *http;
    /* The place of job->list.item[index]. What it points to lasts until the next call. */
    en_status (*place)(void *ctx, size_t index, en_http_place *out, en_error *err);
    void *ctx;
} en_fetch_remote;

/* As a kind's `compare`: a photograph here with the length of its row and of the listing need not come. One whose
 * length changed is reported, and stays as it was fetched. */
en_status en_fetch_remote_compare(en_fetch_job *job, en_fetch_item *item, en_error *err) EN_CHECKED;
/* As a kind's `copy`. A file that came as a zip of itself is unpacked. */
en_status en_fetch_remote_copy(en_fetch_job *job, const en_fetch_remote *remote, en_error *err) EN_CHECKED;

#endif
