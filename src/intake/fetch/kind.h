/* Kinds of sources, and the table of them. For fetch alone.
 *
 * A new kind is a file in this folder with an en_fetch_kind, declared below, and its line in kind.c. fetch.c calls the
 * functions in the order of the struct. A kind whose photographs are in files or archives only needs its files on the
 * local disk after `open`, in job->files: the rest is en_fetch_files_*. The row of the source has a kind of its own,
 * en_source_kind in catalog/words.h, which the schema checks: a new word there needs a migration. */
#ifndef EN_INTAKE_FETCH_KIND_H
#define EN_INTAKE_FETCH_KIND_H

#include "intake/fetch/job.h"

struct en_fetch_kind {
    /* Whether `source` is of this kind, when its scheme fits; NULL: always. Asked with the text as the user gave it. */
    bool (*accepts)(const char *source);
    /* Finds job->options->source: sets job->origin, and job->opened to what the other functions need. When it sets
     * result->unchanged, only `close` is called after it. */
    en_status (*open)(en_fetch_job *job, en_error *err);
    /* Fills job->list (en_fetch_list_add), result->form and result->volumes. EN_INPUT: the source's bytes are at
     * fault. */
    en_status (*list)(en_fetch_job *job, en_error *err);
    /* Fills origin.sha256; NULL for a kind whose sources are the same whatever is in them. */
    en_status (*hash)(en_fetch_job *job, en_error *err);
    /* Sets item->here of what need not be copied. */
    en_status (*compare)(en_fetch_job *job, en_fetch_item *item, en_error *err);
    /* Copies what is not here, by en_fetch_import; EN_FETCH_BROKEN in job->standing when the bytes are at fault. */
    en_status (*copy)(en_fetch_job *job, en_error *err);
    /* Frees what `open` made, whether that succeeded or not: job->opened may be NULL. `st` is the result of the fetch,
     * with `err`. NULL: nothing to free. */
    void (*close)(en_fetch_job *job, en_status st, en_error *err);
};

extern const en_fetch_kind en_fetch_folder; /* folder.c */
extern const en_fetch_kind en_fetch_links;  /* links.c: a text file of links */
extern const en_fetch_kind en_fetch_files;  /* files.c: a photograph, an archive or its volumes */
extern const en_fetch_kind en_fetch_url;    /* url.c: the same by http or https */
extern const en_fetch_kind en_fetch_kaggle; /* kaggle.c */
extern const en_fetch_kind en_fetch_s3;     /* s3.c */

/* The kind of a source; NULL when no line of the table fits: there is no such path, and the scheme is unknown. */
const en_fetch_kind *en_fetch_kind_of(const char *source);

#endif
