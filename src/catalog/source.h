/* Where photographs come from: source -> volume -> member. */
#ifndef EN_CATALOG_SOURCE_H
#define EN_CATALOG_SOURCE_H

#include "catalog/catalog.h"
#include "catalog/words.h"

/* Where files come from. */
typedef struct en_catalog_source {
    int64_t id;      /* out */
    char *uri;       /* "https://...", "/data/photos", "train.zip.001" */
    int64_t version; /* 1, 2, ...: other bytes under the same uri; (uri, version) is unique */
    en_source_kind kind;
    char *etag;    /* what the server calls this version, or NULL */
    int64_t bytes; /* -1: unknown */
    char *sha256;  /* or NULL */
    en_source_state state;
} en_catalog_source;

/* Inserts, or brings the row of the same uri and version up to date, and gives it a dataset (catalog/dataset.h). Only
 * borrows from `s`; s->id is set. */
en_status en_catalog_source_put(en_catalog *c, en_catalog_source *s, en_error *err) EN_CHECKED;
/* The newest version of a uri; EN_DONE when there is none. */
en_status en_catalog_source_find(en_catalog *c, const char *uri, en_catalog_source *out, en_error *err) EN_CHECKED;
void en_catalog_source_clear(en_catalog_source *s);

/* One file of a source that comes in pieces, number 1, 2, ... Inserts or updates. sha256 may be NULL. */
en_status en_catalog_volume_put(en_catalog *c, int64_t source_id, int64_t number, const char *name, int64_t bytes,
                                const char *sha256, en_error *err) EN_CHECKED;

/* A file that a source held and the project keeps. */
typedef struct en_catalog_member {
    int64_t id; /* out */
    int64_t source_id;
    char *path;      /* in the project, unique: "photos/1/train/10_left.jpeg" */
    bool photograph; /* false: some other file (labels.csv), never ingested */
    int64_t bytes;
    int64_t crc32; /* of its bytes, or -1 */
    char *sha256;  /* or NULL when not computed yet */
    char *called;  /* by en_catalog_members_call; else NULL */
} en_catalog_member;
typedef struct en_catalog_members {
    en_catalog_member *row;
    size_t count;
} en_catalog_members;

/* Inserts, or brings the row of the same path up to date. Only borrows from `m`; m->id is set. */
en_status en_catalog_member_put(en_catalog *c, en_catalog_member *m, en_error *err) EN_CHECKED;
en_status en_catalog_member_find(en_catalog *c, const char *path, en_catalog_member *out, en_error *err) EN_CHECKED;
void en_catalog_member_clear(en_catalog_member *m);
/* Photographs not ingested yet, in the natural order of their paths. */
en_status en_catalog_members_pending(en_catalog *c, en_catalog_members *out, en_error *err) EN_CHECKED;
/* All photographs of a source, in the same order. */
en_status en_catalog_members_of(en_catalog *c, int64_t source_id, en_catalog_members *out, en_error *err) EN_CHECKED;
void en_catalog_members_clear(en_catalog_members *m);

#endif
