/* ingest --watch: photographs are taken from a folder as they come, such as the one that a clinic's camera or archive
 * exports to. */
#ifndef EN_INTAKE_WATCH_H
#define EN_INTAKE_WATCH_H

#include <stdbool.h>

#include "intake/ingest.h"

#define EN_WATCH_EVERY 5.0 /* seconds */

typedef struct en_watch_options {
    const char *folder;
    const char *dataset;  /* of new photographs; NULL: the source's */
    const char *encoding; /* of names, as of a fetch; NULL: recognised */
    bool no_follow;       /* symbolic links to files are left out */
    double every;         /* seconds between two looks into the folder */
    bool once;            /* two looks, and what they find is taken */
    en_ingest_options ingest;
    /* Opens the project for one batch; it is closed after it, so that other programs can write in between. */
    en_status (*open)(void *ctx, en_project *project, en_error *err);
    void *ctx;
    const en_events *events;
} en_watch_options;

/* Looks into the folder, and those in it, again and again. A file is taken, by fetch and ingest, when it has the length
 * and the time of the look before: it is not being written. Files that are here with their length are not read again,
 * and names of unfinished transfers (NAME.part) and archives are left. A file that may not be read is left, with a
 * warning. What goes wrong with a batch is a warning, too, and tried again: the folder may be on a server that is away.
 * EN_OK after `once` and when it is stopped between two batches; EN_INTERRUPTED within one, what is left of which the
 * next call takes. Errors: the folder is not there at the beginning; no memory, no space; with `once` any of a batch.
 * The result is that of all batches, also after an error.
 */
en_status en_watch(const en_watch_options *options, en_ingest_result *result, en_error *err) EN_CHECKED;

#endif
