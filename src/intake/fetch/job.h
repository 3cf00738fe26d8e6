/* One fetch under way: what its parts share. For fetch alone.
 *
 * fetch.c runs the steps of every fetch; kind.c has the table of the kinds of sources: folder.c copies from a folder,
 * files.c reads a photograph, an archive or its volumes, url.c downloads these first, by download.c. list.c looks
 * through folders and archives, store.c stores photographs with their rows, job.c has what is shared. */
#ifndef EN_INTAKE_FETCH_JOB_H
#define EN_INTAKE_FETCH_JOB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "archive/volumes.h"
#include "base/hash.h"
#include "catalog/source.h"
#include "intake/fetch/fetch.h"
#include "intake/fetch/list.h"
#include "intake/fetch/store.h"

#define EN_FETCH_NAMES_STAY                                                                                            \
    "names stay as they are fetched: give another --encoding when it is fetched into a new project"
#define EN_FETCH_BLOCK ((size_t)256 << 10)

typedef struct en_fetch_kind en_fetch_kind;     /* kind.h */
typedef struct en_fetch_inside en_fetch_inside; /* inside.h */

/* How the source compares with the catalog's newest row of its URI. "Whole" is the state of a row: all photographs
 * of the source are in the project. */
typedef enum en_fetch_standing {
    EN_FETCH_NEW,         /* there is no row yet */
    EN_FETCH_UNCHANGED,   /* a whole row of the same bytes and etag: the row stays as it is */
    EN_FETCH_SAME_BYTES,  /* a row of the same bytes: the rows of its photographs are valid */
    EN_FETCH_REPLACED,    /* a row that never was whole, of other bytes: it becomes this source's */
    EN_FETCH_NEW_VERSION, /* a row of other bytes that is whole or has ingested photographs: another version */
    EN_FETCH_BROKEN       /* the source's bytes were read and are damaged: reading them again cannot help */
} en_fetch_standing;

/* What the source's row will contain. The texts belong to the kind, until it closes. */
typedef struct en_fetch_origin {
    const char *uri; /* as in the catalog */
    en_source_kind kind;
    const char *etag;  /* or NULL */
    const char *shown; /* its name in messages */
    char sha256[EN_SHA256_HEX];
} en_fetch_origin;

/* Photographs that are counted and of which the first is named. */
typedef struct en_fetch_tally {
    int64_t count;
    const char *first; /* a path in the list */
} en_fetch_tally;

/* Files that are here: a photograph, or an archive in volumes. */
typedef struct en_fetch_local {
    const en_volumes *volumes;
    const char *name; /* what a photograph is to be called */
    bool archive;
    char (*sha256)[EN_SHA256_HEX]; /* per volume; en_free */
} en_fetch_local;

typedef struct en_fetch_job {
    en_project *project;
    const en_fetch_options *options;
    en_fetch_result *result;
    en_fetch_store *store;
    const en_fetch_kind *kind;
    void *opened; /* state of the kind, made by its `open`; or NULL */
    char **part;  /* sources that this one is made of, besides photographs of its own: fetched after it; en_free */
    size_t parts;
    const en_fetch_inside *inside; /* where it is in another source; NULL: it is not */
    bool inside_failed;            /* something is wrong with an archive inside of this one */
    bool only_parts;               /* it has no photographs of its own */
    bool kept;                     /* what was downloaded stays as it is: options->no_extract */
    en_fetch_origin origin;
    en_fetch_local files; /* of kinds that have files */
    en_fetch_list list;
    char *encoding;                   /* of names, as en_fetch_recall_encoding found it; the list's borrows it */
    en_fetch_tally changed;           /* photographs that differ from what was fetched under their names */
    en_fetch_tally damaged;           /* photographs whose bytes in the archive are not right */
    char damage[400];                 /* what is wrong with the first of them */
    int64_t methods;                  /* so many of them are only compressed by a method that is not known here */
    char *terms;                      /* a link to the terms of use, where the kind knows it; en_free */
    struct en_fetch_members *members; /* of a remote zip of which only some members are fetched; else NULL */
    bool measured;                    /* of a dry run: all that can be known without a download is in the result */
    en_fetch_tally left;              /* photographs that changed while they were read */
    int64_t waiting;                  /* photographs that are not ready */
    en_catalog_source source;         /* the row to be written; its texts belong to the job */
    en_fetch_standing standing;
    unsigned char *block; /* EN_FETCH_BLOCK bytes */
} en_fetch_job;

/* Whether the source is to have a row of its own. */
static inline bool en_fetch_is_new(const en_fetch_job *job)
{
    return job->standing == EN_FETCH_NEW || job->standing == EN_FETCH_NEW_VERSION;
}
void en_fetch_tally_add(en_fetch_tally *tally, const char *path);

/* Sets job->source and job->standing: the row there is when it is of the same bytes, or was never whole and none of
 * its photographs has been ingested; else a new one. A source that changed becomes another version, reported in a
 * warning: the photographs fetched before may be in use. Without a hash in the origin it is always the same. */
en_status en_fetch_find_row(en_fetch_job *job, en_error *err) EN_CHECKED;
/* Sets list.encoding: the one that was given, or that which an earlier fetch of the origin's uri was given. EN_INPUT
 * when they differ: names stay as they were fetched. Called before the list is made. */
en_status en_fetch_recall_encoding(en_fetch_job *job, en_error *err) EN_CHECKED;
/* Writes the row, and the encoding. */
en_status en_fetch_set_state(en_fetch_job *job, en_source_state state, en_error *err) EN_CHECKED;

/* Adds a source that this one is made of. */
en_status en_fetch_add_part(en_fetch_job *job, const char *source, en_error *err) EN_CHECKED;

/* Fetches a source that is inside of the job's; `all` grows by what came of it. One without photographs, or without any
 * that were asked for, is not an error. */
en_status en_fetch_run_part(const en_fetch_job *job, const en_fetch_options *options, const en_fetch_inside *inside,
                            en_fetch_result *all, en_error *err) EN_CHECKED;
/* Adds the result of one source to that of several. */
void en_fetch_add_result(en_fetch_result *all, const en_fetch_result *one);

/* Counts the list in the result, and names what is left out. EN_INPUT when there is no photograph in it, and no
 * archive: `where` names the source. */
en_status en_fetch_count(en_fetch_job *job, const char *where, en_error *err) EN_CHECKED;
/* Marks the photographs that were not asked for. EN_INPUT when none is left. */
en_status en_fetch_choose(en_fetch_job *job, en_error *err) EN_CHECKED;
/* A photograph of the list cannot be read: keeps that as a row, with the volume that it begins in, and goes on. */
en_status en_fetch_damaged(en_fetch_job *job, en_fetch_item *item, const char *why, en_error *err) EN_CHECKED;
/* After each photograph. */
void en_fetch_progress(const en_fetch_job *job);

/* Copies one photograph into the store: `read` gives its bytes until EN_DONE; after any error nothing of it is kept. */
typedef en_status en_fetch_read_fn(void *from, void *data, size_t capacity, size_t *got, en_error *err);
en_status en_fetch_import(en_fetch_job *job, const char *path, en_fetch_read_fn *read, void *from,
                          en_error *err) EN_CHECKED;
/* The same from a file. */
en_status en_fetch_import_file(en_fetch_job *job, const char *path, const en_volumes *file, en_error *err) EN_CHECKED;

/* For kinds with files: see kind.h. A photograph or an archive is identified by its bytes. */
en_status en_fetch_files_list(en_fetch_job *job, en_error *err) EN_CHECKED;
en_status en_fetch_files_hash(en_fetch_job *job, en_error *err) EN_CHECKED;
en_status en_fetch_files_compare(en_fetch_job *job, en_fetch_item *item, en_error *err) EN_CHECKED;
en_status en_fetch_files_copy(en_fetch_job *job, en_error *err) EN_CHECKED;

#endif
