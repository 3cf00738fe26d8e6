/* split audit: how far the parts of anyone's label files are independent. No project is needed. */
#ifndef EN_INTAKE_AUDIT_H
#define EN_INTAKE_AUDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

#define EN_AUDIT_PARTS_MAX 16

/* A column is named or numbered, as for labels (intake/label.h). */
typedef struct en_audit_options {
    const char *const *file; /* [files], in the same format as label files */
    size_t files;            /* several: each is a part; one: its part column tells, or parts are drawn */
    const char *encoding;    /* of the files; NULL: recognised */
    const char *part_column; /* NULL: Usage, part, split, set, fold, partition or subset, if there is one */
    const char *image_column, *patient_column; /* NULL: as for labels; patients are recognised in the names */
    const char *names; /* a pattern that tells patient and eye (catalog/name.h); NULL: they are recognised */
    bool no_header;    /* the first line is an image */
    bool folders;      /* photographs of the same name in different folders are different ones */
    double random;     /* > 0: the rows of one file are put into train and test at random, this fraction into test */
    uint64_t seed;     /* of that */
} en_audit_options;

/* What two parts have in common, by the rows of the first. */
typedef struct en_audit_pair {
    char *part, *against;                       /* part: the later one; owned */
    int64_t rows;                               /* of `part` */
    int64_t same_photograph, same_patient;      /* of them, those with a sibling in `against` */
    double photograph_percent, patient_percent; /* of `rows` */
} en_audit_pair;

typedef struct en_audit_result {
    en_audit_pair *pair; /* each part with each before it: train first, then val, then test, then others as they come */
    size_t pairs;
    int64_t rows, photographs, patients; /* different ones; a photograph of which the patient is not known is one */
    int64_t known;                       /* rows of which the patient is known */
    int64_t without_part;                /* rows whose field for the part is empty: in no part */
} en_audit_result;

/* Two rows show the same photograph when their names are equal without what marks a variant: at the end, after one of
 * "_-. ", a word for a mirror image, a rotation or an augmentation ("mir", "flip", "hflip", "rot90", "aug3"), or a
 * multiple of 15 degrees ("90") where the name without it is in the files, too, or ends with an eye. Two rows have the
 * same patient when the column, the pattern or the names (catalog/name.h) say so. EN_FAILED, with the whole result,
 * when a photograph or a patient is in two parts. EN_INPUT: a file that cannot be read, or only one part; EN_USAGE: no
 * parts are given. */
en_status en_audit(const en_audit_options *options, en_audit_result *result, en_error *err) EN_CHECKED;
void en_audit_clear(en_audit_result *result);

#endif
