/* Labels: what graders assigned. Nothing is overwritten; the newest import counts. */
#ifndef EN_CATALOG_LABEL_H
#define EN_CATALOG_LABEL_H

#include "catalog/catalog.h"

#define EN_GRADES 5 /* of the scheme icdr, 0..4 */

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

/* How two grades came to differ. */
typedef enum en_conflict {
    EN_CONFLICT_NONE,
    EN_CONFLICT_COPY,   /* the photograph is there twice, and the copies have different grades */
    EN_CONFLICT_GRADER, /* another grader gave another grade */
    EN_CONFLICT_FILE    /* another file of the same grader did */
} en_conflict;
extern const en_wordlist en_conflicts;

/* A photograph's current grade on a scale, and another that differs: that of its copy, which was rejected as its
 * duplicate, or the newest that another grader or file gave the same image. */
typedef struct en_catalog_conflict {
    en_conflict kind;
    char *scheme;
    char *image, *grader, *file;
    char *other, *other_grader, *other_file; /* other: the copy; NULL: it is the same image */
    int64_t grade, other_grade;
} en_catalog_conflict;
typedef struct en_catalog_conflicts {
    en_catalog_conflict *row;
    size_t count;
} en_catalog_conflicts;
/* By scheme, kind and name. scheme NULL: of all schemes. only_copies: of EN_CONFLICT_COPY alone. EN_INPUT: no such
 * scheme. */
en_status en_catalog_label_conflicts(en_catalog *c, const char *scheme, bool only_copies, en_catalog_conflicts *out,
                                     en_error *err) EN_CHECKED;
void en_catalog_conflicts_clear(en_catalog_conflicts *conflicts);

/* An image that two graders graded on one scale: the newest grade of each. */
typedef struct en_catalog_graded_twice {
    char *scheme, *first, *second; /* the graders, by name */
    int64_t first_grade, second_grade;
    int64_t patient_group; /* equal for images of one patient */
} en_catalog_graded_twice;
typedef struct en_catalog_graded_twice_rows {
    en_catalog_graded_twice *row;
    size_t count;
} en_catalog_graded_twice_rows;
/* By scheme, first and second grader; duplicates of other photographs are left out. scheme NULL: of all schemes.
 * EN_INPUT: no such scheme. Clear in every case. */
en_status en_catalog_graded_twice_all(en_catalog *c, const char *scheme, en_catalog_graded_twice_rows *out,
                                      en_error *err) EN_CHECKED;
void en_catalog_graded_twice_clear(en_catalog_graded_twice_rows *rows);

#endif
