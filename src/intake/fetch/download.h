/* Bringing what a URL names to downloads/KEY, volume by volume. For fetch alone. */
#ifndef EN_INTAKE_FETCH_DOWNLOAD_H
#define EN_INTAKE_FETCH_DOWNLOAD_H

#include <stdbool.h>
#include <stdint.h>

#include "archive/volumes.h"
#include "intake/fetch/job.h"
#include "project/project.h"
#include "net/http.h"

/* Where files are that no URL of one another leads to. */
typedef struct en_fetch_places {
    /* The place of file `number` (1, 2, ...); EN_DONE when there are no more. What it points to lasts until the next
     * call. */
    en_status (*place)(void *ctx, unsigned number, en_http_place *out, en_error *err);
    void *ctx;
} en_fetch_places;

typedef struct en_fetch_download {
    en_fetch_places places; /* or `url` */
    char *url;              /* of the file or its first volume, with all it takes to download it: never shown */
    char *uri;              /* the same, without secrets */
    char *given;            /* the name that the server gives a single file, or NULL */
    char *name;             /* of the file or its first volume */
    char *folder;           /* downloads/KEY, KEY made of the uri */
    char *identities;       /* what the server calls each file, a line each: the source's etag */
    size_t count;           /* files */
    bool closed;            /* the last of them is that of a split zip, train.zip */
    const char *stray;      /* why the volumes end where the server has something more; NULL */
    en_volumes files;       /* the same, in the folder; none while `unchanged` */
    bool unchanged;         /* all of them are what was known; they are not here */
    int64_t bytes;          /* that came over the network */
} en_fetch_download;

/* Fills url, uri, name and folder; any volume's URL leads to the first. EN_INPUT: not a URL. */
en_status en_fetch_download_begin(en_fetch_download *d, const en_project *project, const char *url,
                                  en_error *err) EN_CHECKED;
/* The same for files that `places` leads to, `name` being that of the first. */
en_status en_fetch_download_begin_at(en_fetch_download *d, const en_project *project, const char *uri, const char *name,
                                     en_fetch_places places, en_error *err) EN_CHECKED;
/* Downloads all of it into the folder, going on from what an earlier call left. `known` holds the identities of what
 * was fetched before, or NULL. On return either all files are in the folder, or `unchanged` is set. The volumes end
 * where the server has no next one; where it denies the next one, only when those before it are whole. After an error
 * what came stays in the folder. */
en_status en_fetch_download_run(en_fetch_download *d, const en_project *project, const en_http_options *options,
                                const char *known, en_error *err) EN_CHECKED;
/* Whether the download is complete, whether or not its contents are valid. One file is complete once it is
 * there. Volumes are complete when the directory at the end of a zip is there, or when they do not begin as an
 * archive; of other volumes it cannot be known, and false is returned. */
bool en_fetch_download_is_whole(const en_fetch_download *d);
/* Removes the folder with all that came: only once it is in the project, or is whole and of no use. */
en_status en_fetch_download_sweep(const en_fetch_download *d, en_error *err) EN_CHECKED;
/* Leaves what came for the next time; a folder with nothing in it goes. */
void en_fetch_download_leave(const en_fetch_download *d);
/* Adds to the error of volumes that are no archive what may be missing, and where those that came are kept. */
void en_fetch_download_cut_short(const en_fetch_download *d, en_error *err);
void en_fetch_download_clear(en_fetch_download *d);

/* Whether all photographs of a source are here, with the lengths and checksums of their rows: then result->unchanged is
 * set, and they are counted. */
en_status en_fetch_all_here(const en_project *project, int64_t source_id, en_fetch_result *result,
                            en_error *err) EN_CHECKED;

/* For kinds whose files are downloaded, as their `open` and `close`: */

/* Downloads the files, unless the server says that they are what was fetched before and that is still here, and sets
 * job->origin, job->files and result->unchanged. */
en_status en_fetch_bring(en_fetch_job *job, en_fetch_download *d, en_source_kind kind, en_error *err) EN_CHECKED;
/* Removes what came when it is not needed any longer, and clears `d`. */
void en_fetch_bring_end(en_fetch_job *job, en_fetch_download *d, en_status st, en_error *err);

#endif
