/* One fetch under way: what its ways share. For fetch alone.
 *
 * fetch.c tells what a source is and chooses the way: folder.c copies from a folder; take.c takes files that are here,
 * a photograph, an archive or its volumes; download.c brings a URL's files here for take.c. list.c looks through
 * folders and archives, store.c lands photographs with their rows, job.c has what they share. */
#ifndef EN_INTAKE_FETCH_JOB_H
#define EN_INTAKE_FETCH_JOB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "archive/volumes.h"
#include "catalog/source.h"
#include "intake/fetch/fetch.h"
#include "intake/fetch/list.h"
#include "intake/fetch/store.h"

#define EN_FETCH_BLOCK ((size_t)256 << 10)

typedef struct en_fetch_job {
    en_project *project;
    const en_fetch_options *options;
    en_fetch_result *result;
    en_fetch_store *store;
    en_fetch_list list;
    en_catalog_source source; /* the row as it is to be; its texts are the job's */
    /* What en_fetch_settle found:          fresh  same  settled
     *   no row of this source yet          true   false false
     *   a whole row, same bytes and etag   false  true  true       nothing to write about it
     *   the same bytes otherwise           false  true  false      its photographs' rows stand
     *   a row never whole, of other bytes  false  false false      the row is taken over
     *   the same with photographs ingested true   false false      a new version, "URI#2"
     *   a whole row of other bytes         true   false false      the same */
    bool fresh, same, settled;
    bool bad;             /* the source's bytes were read and are at fault: to read the same again is of no use */
    unsigned char *block; /* EN_FETCH_BLOCK bytes */
} en_fetch_job;

/* The newest row of a URI: versions after the first are called "URI#2", "URI#3". *version = 0 when there is none. */
en_status en_fetch_newest(en_catalog *c, const char *uri, en_catalog_source *row, unsigned *version,
                          en_error *err) EN_CHECKED;
/* Settles job->source: the row there is when it is of the same bytes, or was never whole and none of its photographs
 * has been ingested; else a new one. A source that changed becomes another version, said so in a warning: the
 * photographs fetched before may be in use. sha256 = NULL is for a folder, which is always the same. */
en_status en_fetch_settle(en_fetch_job *job, const char *uri, const char *kind, const char *etag, int64_t bytes,
                          const char *sha256, en_error *err) EN_CHECKED;
/* Writes the row. */
en_status en_fetch_set_state(en_fetch_job *job, const char *state, en_error *err) EN_CHECKED;

/* Counts the list in the result, and names what is left out. EN_INPUT when there is no photograph in it: `where` names
 * the source. */
en_status en_fetch_count(en_fetch_job *job, const char *where, en_error *err) EN_CHECKED;
/* After each photograph. */
void en_fetch_tell(const en_fetch_job *job);

/* Brings one photograph into the store: `read` gives its bytes until EN_DONE; after any error nothing of it is kept. */
typedef en_status en_fetch_read_fn(void *from, void *data, size_t room, size_t *got, en_error *err);
en_status en_fetch_bring(en_fetch_job *job, const char *path, en_fetch_read_fn *read, void *from,
                         en_error *err) EN_CHECKED;
/* The same from a file. */
en_status en_fetch_bring_file(en_fetch_job *job, const char *path, const en_volumes *file, en_error *err) EN_CHECKED;

/* The ways. */
en_status en_fetch_folder(en_fetch_job *job, const char *folder, en_error *err) EN_CHECKED;
/* From a file or volumes that are here, a photograph or an archive, told by its bytes. `uri`, `kind` and `etag` are for
 * the row; `shown` names it in messages; `name` is what a photograph is to be called. */
en_status en_fetch_take(en_fetch_job *job, const en_volumes *v, const char *uri, const char *kind, const char *etag,
                        const char *shown, const char *name, en_error *err) EN_CHECKED;

#endif
