/* The photographs that two evaluations have in common, as two lists of predictions of the same photographs, with one
 * numbering of patients, eyes and classes. */
#ifndef EN_TRAINING_PAIRING_H
#define EN_TRAINING_PAIRING_H

#include "catalog/evaluation.h"
#include "training/classes.h"

typedef struct en_pairing {
    en_catalog_predictions first, second; /* their texts are borrowed from the lists they were made of */
    float *probability;                   /* owned: of `second`, in the order of the first one's classes */
    int64_t photographs;                  /* in common, with the same truth */
    int64_t only_first, only_second;      /* photographs that only one evaluation has */
    int64_t truth_differs;                /* that both have, with different truths */
} en_pairing;

/* first, second must outlive it. A photograph whose views have different truths is one for each truth. EN_INPUT: the
 * classes are not the same. en_pairing_clear it, also after an error. */
en_status en_pairing_make(const en_catalog_predictions *first, const en_classes *classes,
                          const en_catalog_predictions *second, const en_classes *second_classes, en_pairing *out,
                          en_error *err) EN_CHECKED;
void en_pairing_clear(en_pairing *p); /* safe on a zeroed one */

#endif
