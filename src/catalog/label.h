/* Labels: what graders assigned. Nothing is overwritten; the newest import counts. */
#ifndef EN_CATALOG_LABEL_H
#define EN_CATALOG_LABEL_H

#include "catalog/catalog.h"

#define EN_GRADES 5 /* of the scheme icdr, 0..4; no scheme has more */

/* The schemes: "icdr", "eyeq", "gradable"; NULL-terminated. */
extern const char *const en_catalog_schemes[];
/* The highest grade of a scheme ("icdr" 4, "eyeq" 2, "gradable" 1), or -1 for an unknown scheme. The lowest is 0. */
int64_t en_catalog_scheme_max(const char *scheme);

typedef struct en_catalog_label_import {
    const char *file;   /* as the user knows it */
    const char *sha256; /* of its bytes */
    const char *scheme;
    const char *grader;
} en_catalog_label_import;

/* Registers an import; its labels follow in the same transaction. */
en_status en_catalog_label_begin(en_catalog *c, const en_catalog_label_import *import, int64_t *import_id,
                                 en_error *err) EN_CHECKED;

typedef enum en_catalog_label_outcome {
    EN_LABEL_ADDED,
    EN_LABEL_UNCHANGED, /* the image's current label by the same grader is equal: nothing is written */
    EN_LABEL_SUPERSEDES /* added, and it changes the grade that a file of another name gave */
} en_catalog_label_outcome;

/* One grade. EN_INPUT when the grade is outside the import's scheme, or this import gave the image another grade
 * before. */
en_status en_catalog_label_put(en_catalog *c, int64_t import_id, int64_t image_id, int64_t grade,
                               en_catalog_label_outcome *outcome, en_error *err) EN_CHECKED;

/* A photograph that is there twice, and the two copies have different current icdr grades. */
typedef struct en_catalog_conflict {
    char *image, *copy; /* the one that is used, and the one that was rejected as its duplicate */
    int64_t grade, copy_grade;
} en_catalog_conflict;
typedef struct en_catalog_conflicts {
    en_catalog_conflict *row;
    size_t count;
} en_catalog_conflicts;
en_status en_catalog_label_conflicts(en_catalog *c, en_catalog_conflicts *out, en_error *err) EN_CHECKED;
void en_catalog_conflicts_clear(en_catalog_conflicts *conflicts);

#endif
