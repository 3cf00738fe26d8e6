/* Photographs that a condition chooses, as rows and as a contact sheet: a PNG with a small picture of each. */
#ifndef EN_REPORT_CONTACT_H
#define EN_REPORT_CONTACT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "image/image.h"
#include "project/project.h"

typedef struct en_contact_options {
    const char *where; /* an expression of the view images; NULL: all */
    bool rejects;      /* only rejected ones, under a heading for each reason */
    const char *sheet; /* the PNG to write; a picture that is there is replaced, another file is not. NULL: none */
    int64_t most;      /* photographs, 1..EN_CONTACT_MOST */
} en_contact_options;

typedef struct en_contact_row {
    char *image, *status, *path;
    char *reason, *detail; /* NULL: not rejected; no more is known */
    int64_t grade;         /* -1: no label */
    double score;          /* quality, 0 hopeless..1 good; NaN: not measured */
    en_image small;        /* the picture; empty: it cannot be decoded, or no sheet is wanted */
} en_contact_row;

typedef struct en_contact_result {
    en_contact_row *row; /* owned; by reason, then in the order the photographs came */
    size_t count;
    const char *sheet; /* borrowed from the options */
} en_contact_result;

/* EN_INPUT: SQL that fails or does more than read; a sheet of nothing; a file in its place that is not a picture. The
 * catalog is only read. Photographs that cannot be decoded have an empty square. */
en_status en_report_contact(en_project *project, const en_contact_options *options, en_contact_result *result,
                            en_error *err) EN_CHECKED;
void en_report_contact_clear(en_contact_result *result); /* safe on a zeroed one */

#endif
