/* label import: reads grades, and patients, from a CSV file (archive/csv.h). */
#ifndef EN_INTAKE_LABEL_H
#define EN_INTAKE_LABEL_H

#include <stdint.h>

#include "catalog/label.h"
#include "catalog/scheme.h"
#include "project/project.h"

typedef enum en_unknown {
    EN_UNKNOWN_REFUSE, /* a label of an unknown image fails the import */
    EN_UNKNOWN_SKIP,   /* it is counted and skipped */
    EN_UNKNOWN_ADD     /* the image is listed, without pixels */
} en_unknown;

/* A column is named, in any case and without surrounding spaces, or numbered from 1. */
typedef struct en_label_options {
    const char *file;
    const char *encoding; /* of the file; NULL: recognised (base/charset.h) */
    bool no_header;     /* the first line is an image: the name is in column 1 and the grade in column 2 unless said */
    const char *scheme; /* its name (catalog/scheme.h); NULL: inferred from the grade column's name */
    const char *image_column;   /* NULL: "image" or another known name (label_columns.c) */
    const char *grade_column;   /* NULL: "level" or another known name; ambiguous when two schemes match */
    const char *patient_column; /* NULL: patients are not read */
    const char *eye_column;     /* NULL: eyes are not read; its words are those of catalog/name.h */
    const char *grader;         /* NULL: the file's name */
    const char *missing;        /* further words for "no grade", separated by commas; NULL: none */
    const char *map;     /* "5=ungradable,mild=1,9=": what grades or words mean: a grade; nothing, the row has none; or
                          * ungradable, which is grade 0 of the scheme gradable. NULL: what they say */
    const char *dataset; /* of which the images are; NULL: of any (made when images are listed) */
    const char *folder;  /* below which they are in their dataset; NULL: anywhere */
    bool supersede;      /* grades that files of other names gave may change */
    bool patients_only;  /* no grades are read: "patients" */
    en_unknown unknown;
} en_label_options;

typedef struct en_label_result {
    en_catalog_scheme scheme; /* no name where no grades are read */
    int64_t rows;             /* data rows read */
    int64_t imported;         /* labels written */
    int64_t superseded;       /* of them, those that changed what a file of another name gave */
    int64_t unchanged;        /* equal to the image's current label by the same grader */
    int64_t skipped;          /* rows of unknown images, skipped */
    int64_t added;            /* images listed */
    int64_t other_form;       /* rows whose image was found by a name in another Unicode form or case of letters */
    int64_t repeated;         /* rows identical to an earlier one */
    int64_t empty;            /* rows without a grade: empty, NA, NaN and the like */
    int64_t ungradable;       /* rows that the map makes so */
    int64_t patients, eyes;   /* rows that gave one */
    int64_t conflicts;        /* photographs that are there twice with two grades of the scheme, in the catalog now */
    int64_t by_grade[EN_SCHEME_VALUES]; /* rows, by the value from 0 */
    double seconds;
} en_label_result;

/* Imports the whole file or nothing: an invalid line, or two lines that give one image different grades, leave the
 * catalog unchanged and are named in the error. So is the first of the grades that a file of another name gave and that
 * would change, unless options->supersede. The same photograph under two names with two grades is counted, and a
 * warning names the first. */
en_status en_label_import(en_project *project, const en_label_options *options, en_label_result *result,
                          en_error *err) EN_CHECKED;

/* A file of pairs: its first two columns name two photographs of one patient, as Messidor-2's does; a first line that
 * names no image is a header. The same options as for labels, those for columns and grades apart. *pairs: read. All or
 * nothing. */
en_status en_pairs_import(en_project *project, const en_label_options *options, en_label_result *result,
                          en_error *err) EN_CHECKED;

#endif
