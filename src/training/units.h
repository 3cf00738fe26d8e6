/* What is counted as one: predictions of views become those of photographs, eyes or patients. Only predictions whose
 * truth and answer are known classes count. */
#ifndef EN_TRAINING_UNITS_H
#define EN_TRAINING_UNITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/wordlist.h"
#include "catalog/evaluation.h"
#include "training/calibrate.h"
#include "training/classes.h"

typedef enum en_unit {
    EN_UNIT_PHOTOGRAPH = 1, /* its views averaged */
    EN_UNIT_EYE,            /* its photographs averaged */
    EN_UNIT_PATIENT         /* its eyes combined */
} en_unit;
extern const en_wordlist en_units; /* photograph, eye, patient */

typedef enum en_combine {
    EN_COMBINE_WORST =
        1,          /* a patient is as ill as the worse eye: the probabilities of the eye with the highest score */
    EN_COMBINE_MEAN /* the mean of the eyes' probabilities */
} en_combine;
extern const en_wordlist en_combines; /* worst, mean */

/* One unit each, by patient. The truth of an eye or patient is the worst of its photographs': the positive one of two
 * classes, the greatest value of an ordinal target. */
typedef struct en_answers {
    size_t count, classes;
    int32_t *truth, *predicted; /* [count]: class numbers; predicted: as it was stored where one prediction is all there
                                   is, else by en_calibration_answer */
    int64_t *patient;           /* [count]: equal for one patient */
    float *probability;         /* [count * classes] */
} en_answers;

/* EN_INPUT: the eyes of a patient differ in the value of a nominal target of more than two classes, of which none is
 * the worst. calibration: whose cuts make the answer of several predictions; may be NULL. en_answers_clear it, also
 * after an error. */
en_status en_answers_of(const en_catalog_predictions *rows, const en_classes *classes,
                        const en_calibration *calibration, en_unit unit, en_combine combine, en_answers *out,
                        en_error *err) EN_CHECKED;
void en_answers_clear(en_answers *a); /* safe on a zeroed one */

#endif
