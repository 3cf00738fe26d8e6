/* Kinds of sources, and the table of them. For fetch alone.
 *
 * A new kind is a file in this folder with an en_fetch_kind, declared below, and its line in kind.c. fetch.c calls the
 * functions in the order of the struct. A kind whose photographs are in files or archives only has to have its files
 * here after `open`, in job->files: the rest is en_fetch_files_*. */
#ifndef EN_INTAKE_FETCH_KIND_H
#define EN_INTAKE_FETCH_KIND_H

#include "intake/fetch/job.h"

struct en_fetch_kind {
    /* Whether `source` is of this kind, when its scheme fits; NULL: always. */
    bool (*accepts)(const char *source);
    /* Finds job->options->source: sets job->origin and what the others need. Nothing more is called, apart from
     * `close`, when it sets result->unchanged. */
    en_status (*open)(en_fetch_job *job, en_error *err);
    /* Fills job->list, result->kind and result->volumes. EN_INPUT: the source's bytes are at fault. */
    en_status (*list)(en_fetch_job *job, en_error *err);
    /* Fills origin.sha256; NULL for a kind whose sources are the same whatever is in them. */
    en_status (*hash)(en_fetch_job *job, en_error *err);
    /* Sets item->here of what need not be copied. */
    en_status (*compare)(en_fetch_job *job, en_fetch_item *item, en_error *err);
    /* Copies what is not here, by en_fetch_import; EN_FETCH_BROKEN in job->standing when the bytes are at fault. */
    en_status (*copy)(en_fetch_job *job, en_error *err);
    /* Frees what `open` made, whether that succeeded or not; `st` is what became of the fetch, with `err`. */
    void (*close)(en_fetch_job *job, en_status st, en_error *err);
};

extern const en_fetch_kind en_fetch_folder; /* folder.c */
extern const en_fetch_kind en_fetch_files;  /* files.c: a photograph, an archive or its volumes */
extern const en_fetch_kind en_fetch_url;    /* url.c: the same by http or https */
extern const en_fetch_kind en_fetch_later;  /* kind.c: named in a message, not fetched yet */

/* The kind of a source; NULL when it does not exist on the server. */
const en_fetch_kind *en_fetch_kind_of(const char *source);

#endif
