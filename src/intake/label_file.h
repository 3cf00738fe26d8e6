/* What reading a file about images needs: labels, patients, parts. For files of this folder alone. */
#ifndef EN_INTAKE_LABEL_FILE_H
#define EN_INTAKE_LABEL_FILE_H

#include "catalog/image.h"
#include "catalog/scheme.h"
#include "archive/csv.h"
#include "intake/label.h"

#define EN_NO_COLUMN SIZE_MAX

/* The columns of a file; EN_NO_COLUMN: it has none of these. */
typedef struct en_label_columns {
    size_t image, grade, patient, eye;
    size_t right_grade;       /* DeepDRiD: `grade` is of left eyes, and this is of right ones */
    en_catalog_scheme scheme; /* of the grades; no name where none are read */
    bool header;              /* the first row names the columns */
} en_label_columns;
/* Finds the columns that the options name or that public data sets have, and the scheme of the grades. EN_INPUT or
 * EN_USAGE says what is missing. c: has the schemes; may be NULL when options->patients_only. */
en_status en_label_find_columns(en_catalog *c, const en_csv *csv, const en_label_options *options,
                                en_label_columns *out, en_error *err) EN_CHECKED;
/* The column of a name, or else of a number from 1. EN_INPUT when there is none. */
en_status en_label_named_column(const en_csv *csv, const en_label_options *options, const char *name, bool header,
                                size_t *column, en_error *err) EN_CHECKED;

/* What the text of a grade means. */
enum { EN_GRADE_MISSING = -1, EN_GRADE_UNGRADABLE = -2 };
/* The grade of a field: an integer within the scheme, possibly written "2.0", or one of the above, by the map and the
 * words for missing. False when it is neither. */
bool en_label_read_grade(const en_label_options *options, const en_catalog_scheme *scheme, const char *text,
                         int64_t *grade);
/* EN_USAGE when the map is not one. */
en_status en_label_check_map(const en_label_options *options, const en_catalog_scheme *scheme,
                             en_error *err) EN_CHECKED;

#endif
