/* What a server lists under the name of a source, and which of it is fetched: one file, the volumes of one archive,
 * everything as one zip, or archives as sources of their own with the photographs beside them. For kinds of sources
 * that can be listed: Kaggle and S3. For fetch alone. */
#ifndef EN_INTAKE_FETCH_LISTING_H
#define EN_INTAKE_FETCH_LISTING_H

#include "intake/fetch/download.h"
#include "intake/fetch/job.h"

typedef struct en_fetch_file {
    char *name;    /* with its folders */
    char *etag;    /* or NULL */
    int64_t bytes; /* 0: not announced */
} en_fetch_file;

typedef struct en_fetch_files_list {
    en_fetch_file *item;
    size_t count;
    int64_t bytes; /* of all together */
} en_fetch_remote_files;

/* Adds a file; etag may be NULL. EN_INPUT for a name that is unsafe. */
en_status en_fetch_files_add(en_fetch_remote_files *files, const char *name, int64_t bytes, const char *etag,
                             en_error *err) EN_CHECKED;
void en_fetch_files_clear(en_fetch_remote_files *files);
/* The index of a file, or files->count. */
size_t en_fetch_files_find(const en_fetch_remote_files *files, const char *name);

typedef struct en_fetch_listing {
    /* Given by the kind: */
    en_fetch_remote_files files; /* owned by the listing */
    en_source_kind kind;
    const char *where;    /* "'retina' on Kaggle", for messages; borrowed */
    const char *zip_name; /* of everything as one zip, which the server makes; NULL: it does not */
    en_http *http;        /* for loose photographs; borrowed */
    char *(*source_of)(void *ctx, const char *file); /* the text that names one file, or (NULL) everything; en_free */
    /* The place of a file, or (NULL) of everything as one zip; its `bytes` are set already. */
    en_status (*place)(void *ctx, const en_fetch_file *file, en_http_place *out, en_error *err);
    void *ctx;

    /* The listing's own: */
    size_t *wanted; /* indices of the file, of its volumes, or of loose photographs, in the order of their numbers */
    size_t count;   /* 0: everything as one zip */
    char *uri;
    en_fetch_download download;
    bool downloads; /* `download` has begun */
    bool loose;     /* photographs that are files of their own */
} en_fetch_listing;

/* Chooses what is fetched, `file` or (NULL) everything, and downloads it unless it is here; loose photographs come in
 * `copy`. For a kind's `open`, once its listing is there. */
en_status en_fetch_listing_open(en_fetch_job *job, en_fetch_listing *listing, const char *file,
                                en_error *err) EN_CHECKED;
/* As the functions of a kind. */
en_status en_fetch_listing_list(en_fetch_job *job, en_fetch_listing *listing, en_error *err) EN_CHECKED;
en_status en_fetch_listing_hash(en_fetch_job *job, en_fetch_listing *listing, en_error *err) EN_CHECKED;
en_status en_fetch_listing_compare(en_fetch_job *job, en_fetch_listing *listing, en_fetch_item *item,
                                   en_error *err) EN_CHECKED;
en_status en_fetch_listing_copy(en_fetch_job *job, en_fetch_listing *listing, en_error *err) EN_CHECKED;
void en_fetch_listing_close(en_fetch_job *job, en_fetch_listing *listing, en_status st, en_error *err);

#endif
