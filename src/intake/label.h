/* label import: reads grades from a CSV file. Columns may be separated by commas, semicolons, tabs or spaces. */
#ifndef EN_INTAKE_LABEL_H
#define EN_INTAKE_LABEL_H

#include <stdint.h>

#include "catalog/label.h"
#include "project/project.h"

typedef enum en_unknown {
    EN_UNKNOWN_REFUSE, /* a label of an unknown image fails the import */
    EN_UNKNOWN_SKIP,   /* it is counted and skipped */
    EN_UNKNOWN_ADD     /* the image is listed, without pixels */
} en_unknown;

typedef struct en_label_options {
    const char *file;
    const char *scheme; /* "icdr" 0..4, "eyeq" 0..2, "gradable" 0..1; NULL: inferred from the grade column's name */
    const char *image_column; /* NULL: "image" or another known name (label.c) */
    const char *grade_column; /* NULL: "level" or another known name; ambiguous when two schemes match */
    const char *grader;       /* NULL: the file's name */
    en_unknown unknown;
} en_label_options;

typedef struct en_label_result {
    char scheme[16];
    int64_t rows;                           /* data rows read */
    int64_t imported;                       /* labels written */
    int64_t unchanged;                      /* equal to the image's current label by the same grader */
    int64_t skipped;                        /* rows of unknown images, skipped */
    int64_t added;                          /* images listed */
    int64_t repeated;                       /* rows identical to an earlier one */
    int64_t empty;                          /* rows without a grade */
    int64_t by_grade[EN_GRADES], grade_max; /* the scheme's highest grade */
    double seconds;
} en_label_result;

/* Imports the whole file or nothing: an invalid line, or two lines that give one image different grades, leave the
 * catalog unchanged and are named in the error. */
en_status en_label_import(en_project *project, const en_label_options *options, en_label_result *result,
                          en_error *err) EN_CHECKED;

#endif
