/* Members of a zip on a server, without the rest of it: its directory is read by pieces, then the bytes of the
 * photographs that are wanted, some at a time, each lot as a zip of its own. For fetch alone. */
#ifndef EN_INTAKE_FETCH_MEMBERS_H
#define EN_INTAKE_FETCH_MEMBERS_H

#include "intake/fetch/download.h"
#include "intake/fetch/job.h"

typedef struct en_fetch_members en_fetch_members;

/* Whether a part of the source is enough: photographs were chosen, it is only looked at, or some of it is here. */
en_status en_fetch_members_wanted(const en_fetch_job *job, const en_fetch_download *d, bool *wanted,
                                  en_error *err) EN_CHECKED;
/* Reads the directory; sets job->members, job->origin and job->files. EN_DONE when the server does not send pieces, or
 * what it has is not a zip: then all of it is to be downloaded; *bytes is its length, or -1. `d` is borrowed. */
en_status en_fetch_members_open(en_fetch_job *job, en_fetch_download *d, en_source_kind kind, int64_t *bytes,
                                en_error *err) EN_CHECKED;
/* In place of en_fetch_files_list and en_fetch_files_copy. */
en_status en_fetch_members_list(en_fetch_job *job, en_error *err) EN_CHECKED;
en_status en_fetch_members_copy(en_fetch_job *job, en_error *err) EN_CHECKED;
void en_fetch_members_close(en_fetch_job *job);

/* Imports what is wanted of an archive that holds a part of the list; the others are marked `apart`. */
en_status en_fetch_unpack(en_fetch_job *job, const en_volumes *volumes, en_error *err) EN_CHECKED;

#endif
