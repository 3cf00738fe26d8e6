/* What the name of a photograph says: what it is called, which patient it is of, and which eye.
 *
 * An eye is one of the words left, right, L, R, OD (oculus dexter, right) and OS (oculus sinister, left) in any case,
 * set off by '_', '-', '.' or a blank: "12_left", "12-OD", "12.os", "12 R". Within a name one or two digits may follow
 * it ("1_l1", as in DeepDRiD). What stands before the eye is the patient ("12_left_3": 12), or, when nothing does, what
 * stands behind it ("OD_12"). A name that is only an eye, or an eye and a number below 100, takes the patient from its
 * folder ("P7/left.jpg": P7). Of several words left and right come before OD and OS, and these before L and R; two
 * that are alike in this and differ say nothing. Other names say nothing about the patient, and nothing is guessed. */
#ifndef EN_CATALOG_NAME_H
#define EN_CATALOG_NAME_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/wordlist.h"

#define EN_CATALOG_NAME_MAX 255  /* bytes of a file's name */
#define EN_CATALOG_PATH_MAX 3072 /* bytes of a path within a dataset */

/* How a patient is known. */
typedef enum en_patient_from {
    EN_PATIENT_UNKNOWN, /* it is not: the photograph counts as a patient of its own */
    EN_PATIENT_NAME,    /* recognised from the name */
    EN_PATIENT_PATTERN, /* by a pattern that the user gave */
    EN_PATIENT_COLUMN,  /* by a column of a file */
    EN_PATIENT_PAIRS    /* by a file that lists pairs of photographs */
} en_patient_from;
extern const en_wordlist en_patient_froms;

typedef struct en_catalog_name {
    char name[EN_CATALOG_NAME_MAX + 1], patient[EN_CATALOG_NAME_MAX + 1];
    const char *eye; /* "left", "right" or NULL; static */
    en_patient_from from;
} en_catalog_name;

/* "photos/1/train/10_left.jpeg" -> name "10_left", patient "10", eye "left". One extension is taken off, and only one
 * that photographs have (jpg, jpeg, jpe, jfif, mpo, png, tif, tiff, webp, bmp, dib, dcm, dicom, heic, heif, in any
 * case): "7.OS" is a name, and "7.OS.jpg" is a file of that name. '\' separates folders as '/' does. Where the patient
 * is not told it is the whole name. The same rule is for files and for labels. EN_INPUT: the name is empty or has more
 * than EN_CATALOG_NAME_MAX bytes. */
en_status en_catalog_name_parse(const char *path_or_name, en_catalog_name *out, en_error *err) EN_CHECKED;
/* "left" or "right" for a word for an eye as above, NULL for any other. Static. */
const char *en_catalog_eye(const char *word);
/* Bytes of a path without a photograph's extension. */
size_t en_catalog_stem_length(const char *path);

/* What tables of public collections call the column of the photograph, NULL-terminated. */
extern const char *const en_catalog_image_columns[];

/* A pattern for names: {patient} and {eye} stand for these, * for anything, the rest for itself, upper and lower case
 * alike; as many folders are looked at as it has. "{patient}_{eye}", "{patient}/{eye}*", "IMG_{eye}_{patient}". The
 * name of a preset of a public collection, or the pattern itself: NULL with EN_USAGE when it has no {patient},
 * something twice, or is a preset whose names do not tell the patient. */
en_status en_catalog_pattern(const char *text, const char **pattern, en_error *err) EN_CHECKED;
/* Fills patient and eye of `name` where the path matches; false, leaving them, where it does not. */
bool en_catalog_pattern_match(const char *pattern, const char *path, en_catalog_name *name);

#endif
