/* Photographs: what became of each, and what was measured of it. */
#ifndef EN_CATALOG_IMAGE_H
#define EN_CATALOG_IMAGE_H

#include "catalog/catalog.h"
#include "catalog/name.h"
#include "catalog/words.h"

/* Measures that need no recipe; NAN where there is none. Units as in the view `images`. */
typedef struct en_catalog_quality {
    double brightness, contrast, sharpness, black_fraction; /* 0..1 */
    double disc_radius;                                     /* of the lit disc, px of the photograph */
    double disc_coverage;                                   /* the part of that disc inside the picture, 0..1 */
    double score;                                           /* 0..1 */
    double integrity, background;                           /* 0..1 */
    int64_t phash;                                          /* a 64-bit perceptual hash; ignored unless has_phash */
    bool has_phash;
} en_catalog_quality;

typedef struct en_catalog_image {
    int64_t id;        /* out */
    int64_t member_id; /* -1: no file yet (listed) */
    char *name;        /* "10_left", or any path that ends so: what patient and eye are recognised in */
    char *called;      /* what it is called in its dataset, as catalog/dataset.h says; NULL: as `name` ends */
    const char *names; /* a pattern for patient and eye, catalog/name.h; NULL: they are recognised */
    en_image_status status;
    en_rejection reason;   /* of a rejection */
    char *detail;          /* of a rejection, a line about this one, or NULL */
    char *format;          /* "jpeg", "png", "tiff", "webp", "bmp", "dicom"; NULL */
    char *sha256;          /* of the file's bytes */
    int64_t width, height; /* px, upright; -1: unknown */
} en_catalog_image;

/* Records what became of a photograph. A listed image of that name becomes this one, and so does a rejected one when
 * this one is accepted: its file becomes a rejected copy. When another photograph of that name is there otherwise,
 * this one is recorded as rejected ("name taken", with detail) and *taken is true (taken may be NULL). Only borrows
 * from `image`; image->id is set. quality may be NULL. EN_INPUT: a name too long or empty. */
en_status en_catalog_image_put(en_catalog *c, en_catalog_image *image, const en_catalog_quality *quality, bool *taken,
                               en_error *err) EN_CHECKED;
/* By name; the id alone, of the first when several datasets have the name. EN_DONE when there is none. */
en_status en_catalog_image_find(en_catalog *c, const char *name, int64_t *id, en_error *err) EN_CHECKED;
/* Lists an image without pixels, in a dataset (-1: none is named); the id of the one that is there when the name is
 * known. The name comes parsed: doing it twice would take two extensions off. */
en_status en_catalog_image_list(en_catalog *c, const en_catalog_name *name, int64_t dataset_id, int64_t *id,
                                bool *added, en_error *err) EN_CHECKED;

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

#endif
