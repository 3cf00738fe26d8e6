/* From where photographs come to the pixels made of them: source -> volume -> member -> image, quality -> sample. */
#ifndef EN_CATALOG_IMAGE_H
#define EN_CATALOG_IMAGE_H

#include "catalog/catalog.h"
#include "base/hash.h"

/* Where files come from. */
typedef struct en_catalog_source {
    int64_t id;    /* out */
    char *uri;     /* "https://...", "/data/photos", "train.zip.001": unique */
    char *kind;    /* "folder", "file", "volumes", "http", "s3", "kaggle" */
    char *etag;    /* what the server calls this version, or NULL */
    int64_t bytes; /* -1: unknown */
    char *sha256;  /* or NULL */
    char *state;   /* "fetching", "whole", "broken" */
} en_catalog_source;

/* Inserts, or brings the row of the same uri up to date. Only borrows from `s`; s->id is set. */
en_status en_catalog_source_put(en_catalog *c, en_catalog_source *s, en_error *err) EN_CHECKED;
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
    int64_t crc32; /* of the archive, or -1 */
    char *sha256;  /* or NULL when not computed yet */
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

/* "photos/1/train/10_left.jpeg" -> name "10_left", patient "10", eye "left". Of a name in another form the patient is
 * the whole name and the eye unknown (NULL). A name is at most EN_CATALOG_NAME_MAX bytes. */
#define EN_CATALOG_NAME_MAX 255
typedef struct en_catalog_name {
    char name[EN_CATALOG_NAME_MAX + 1], patient[EN_CATALOG_NAME_MAX + 1];
    const char *eye; /* "left", "right" or NULL; static */
} en_catalog_name;
en_status en_catalog_name_parse(const char *path_or_name, en_catalog_name *out, en_error *err) EN_CHECKED;

/* Measures that need no recipe; NAN where there is none. Units as in the view `images`. */
typedef struct en_catalog_quality {
    double brightness, contrast, sharpness, black_fraction; /* 0..1 */
    double disc_radius;                                     /* of the lit disc, px of the photograph */
    double disc_coverage;                                   /* the part of that disc inside the picture, 0..1 */
    double score;                                           /* 0..1 */
    int64_t phash;                                          /* a 64-bit perceptual hash; ignored unless has_phash */
    bool has_phash;
} en_catalog_quality;

typedef struct en_catalog_image {
    int64_t id;            /* out */
    int64_t member_id;     /* -1: no file yet (listed) */
    char *name;            /* "10_left", or any path that ends so */
    char *status;          /* "accepted", "rejected", "listed" (known from a label file, without pixels) */
    char *reason;          /* of a rejection, a word or two to count by: "black", "undecodable", "duplicate" */
    char *detail;          /* of a rejection, a line about this one, or NULL */
    char *format;          /* "jpeg", "png", NULL */
    char *sha256;          /* of the file's bytes */
    int64_t width, height; /* px, upright; -1: unknown */
} en_catalog_image;

/* Records what became of a photograph. A listed image of that name becomes this one. When another photograph of that
 * name is there already, this one is recorded as rejected ("name taken", with detail) and *taken is true (taken may be
 * NULL). Only borrows from `image`; image->id is set. quality may be NULL. EN_INPUT: a name too long or empty. */
en_status en_catalog_image_put(en_catalog *c, en_catalog_image *image, const en_catalog_quality *quality, bool *taken,
                               en_error *err) EN_CHECKED;
/* By name; the id alone. EN_DONE when there is none. */
en_status en_catalog_image_find(en_catalog *c, const char *name, int64_t *id, en_error *err) EN_CHECKED;
/* Lists an image without pixels; the id of the one that is there when the name is known. */
en_status en_catalog_image_list(en_catalog *c, const char *name, int64_t *id, bool *added, en_error *err) EN_CHECKED;
/* The name (en_free) of the accepted photograph with these very bytes, or EN_DONE. */
en_status en_catalog_image_same(en_catalog *c, const char *sha256, char **name, en_error *err) EN_CHECKED;

typedef struct en_catalog_count {
    char *name;
    int64_t count;
} en_catalog_count;
typedef struct en_catalog_counts {
    en_catalog_count *row;
    size_t count;
} en_catalog_counts;
/* Images by status: always the three, in the order accepted, rejected, listed. */
en_status en_catalog_image_states(en_catalog *c, en_catalog_counts *out, en_error *err) EN_CHECKED;
/* Rejected images by reason, most frequent first. */
en_status en_catalog_image_reasons(en_catalog *c, en_catalog_counts *out, en_error *err) EN_CHECKED;
void en_catalog_counts_clear(en_catalog_counts *counts);

/* A recipe by its canonical text; the row is made when it is new. */
en_status en_catalog_recipe_put(en_catalog *c, const char *text, int64_t *id, en_error *err) EN_CHECKED;
/* The same without making it: EN_DONE when there is none. */
en_status en_catalog_recipe_find(en_catalog *c, const char *text, int64_t *id, en_error *err) EN_CHECKED;
/* Its text (en_free); EN_DONE when there is none. */
en_status en_catalog_recipe_text(en_catalog *c, int64_t id, char **text, en_error *err) EN_CHECKED;
/* The recipe of the newest sample; EN_DONE when there are no samples at all. */
en_status en_catalog_recipe_newest(en_catalog *c, int64_t *id, en_error *err) EN_CHECKED;

typedef struct en_catalog_todo {
    int64_t image_id;
    char *name, *path; /* of the image; of its file in the project */
} en_catalog_todo;
typedef struct en_catalog_todos {
    en_catalog_todo *row;
    size_t count;
} en_catalog_todos;
/* Accepted images that have no sample of this recipe, in the natural order of their names. */
en_status en_catalog_samples_missing(en_catalog *c, int64_t recipe_id, en_catalog_todos *out, en_error *err) EN_CHECKED;
void en_catalog_todos_clear(en_catalog_todos *t);

/* A file of samples, "samples/1-0001.pack": the row is made when it is new. */
en_status en_catalog_pack_put(en_catalog *c, int64_t recipe_id, const char *path, int64_t *pack_id,
                              en_error *err) EN_CHECKED;
/* The newest pack of a recipe and how many slots of it are taken (0..); EN_DONE when there is none. path: en_free. */
en_status en_catalog_pack_newest(en_catalog *c, int64_t recipe_id, int64_t *pack_id, char **path, int64_t *slots,
                                 en_error *err) EN_CHECKED;
/* Forgets the samples of a pack whose file is lost; they can be made again. */
en_status en_catalog_pack_forget(en_catalog *c, int64_t pack_id, en_error *err) EN_CHECKED;
/* The sample of an image lies in slot 0, 1, ... of the pack; sha256 of its pixels. */
en_status en_catalog_sample_put(en_catalog *c, int64_t image_id, int64_t recipe_id, int64_t pack_id, int64_t slot,
                                const char *sha256, en_error *err) EN_CHECKED;
en_status en_catalog_sample_count(en_catalog *c, int64_t recipe_id, int64_t *count, en_error *err) EN_CHECKED;

#endif
