/* label agreement: how far graders agree on the photographs that both graded. */
#ifndef EN_INTAKE_AGREEMENT_H
#define EN_INTAKE_AGREEMENT_H

#include <stdint.h>

#include "project/project.h"
#include "stats/interval.h"

/* Two graders on one scale. Of each grader the newest grade of an image counts, and an image that both graded is one
 * observation; a duplicate of another photograph is left out. Intervals are of 95%, clustered by patient, and
 * en_interval_none with fewer than 15 patients of one of the values that either grader gave (stats/agreement.h). */
typedef struct en_agreement {
    char *scheme, *first, *second; /* owned; the graders, in the order of their names */
    int64_t photographs, patients; /* that both graded */
    int64_t equal;                 /* photographs with equal grades */
    double agreement;              /* their proportion, 0..1 */
    en_interval agreement_in;      /* clustered Wilson (stats/cluster.h) */
    const char *weights;           /* of kappa: "quadratic" on an ordered scale, else "none" */
    double kappa;                  /* NaN: both gave one and the same grade throughout */
    en_interval kappa_in;          /* Fisher's scale, delta method */
} en_agreement;

typedef struct en_agreements {
    en_agreement *row;
    size_t count;
} en_agreements;

/* Of all pairs of graders with photographs in common, by scheme and name. scheme NULL: of all schemes. EN_INPUT: no
 * such scheme. Clear in every case. */
en_status en_label_agreement(en_project *project, const char *scheme, en_agreements *out, en_error *err) EN_CHECKED;
void en_agreements_clear(en_agreements *list);

#endif
