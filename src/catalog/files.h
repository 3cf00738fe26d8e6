/* The photographs that a project keeps as files, with all that is known of each, for descriptions that leave it. */
#ifndef EN_CATALOG_FILES_H
#define EN_CATALOG_FILES_H

#include "base/hash.h"
#include "catalog/catalog.h"
#include "catalog/words.h"

typedef struct en_catalog_file {
    char *path; /* in the project */
    int64_t bytes;
    char sha256[EN_SHA256_HEX];            /* of the file; "": not computed yet */
    char *source, *terms, *fetched_at;     /* terms NULL: not known */
    char *image, *dataset, *patient, *eye; /* NULL: not known, or not ingested yet */
    char *status, *reason, *format;        /* accepted; rejected with a reason; NULL: not ingested yet */
    int64_t width, height;                 /* px; -1: not known */
    en_part part;                          /* none: not assigned, or no split */
    int64_t grade, gradable, eyeq;         /* -1: no label */
} en_catalog_file;
typedef struct en_catalog_files {
    en_catalog_file *row;
    size_t count;
} en_catalog_files;

/* By path; split_id -1: no parts. */
en_status en_catalog_files_list(en_catalog *c, int64_t split_id, en_catalog_files *out, en_error *err) EN_CHECKED;
void en_catalog_files_clear(en_catalog_files *files);

/* A current label of such a photograph on a scale that is not built in. */
typedef struct en_catalog_file_label {
    char *path, *scheme, *meaning; /* meaning: the value's name; NULL: it has none */
    int64_t grade;
} en_catalog_file_label;
typedef struct en_catalog_file_labels {
    en_catalog_file_label *row;
    size_t count;
} en_catalog_file_labels;

/* By path and scheme. Clear in every case. */
en_status en_catalog_file_labels_list(en_catalog *c, en_catalog_file_labels *out, en_error *err) EN_CHECKED;
void en_catalog_file_labels_clear(en_catalog_file_labels *labels);

#endif
