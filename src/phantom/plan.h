/* The plan of a set of phantom eyes: which patient has which grades, camera, colours and defects. Nothing is drawn here.
 * Grades and colours are dealt out, not rolled: the proportions hold for every seed, and within the referable and within
 * the other patients the colours fill their range evenly, so that no colour can give a grade away by chance. */
#ifndef EN_PHANTOM_PLAN_H
#define EN_PHANTOM_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

#define EN_PHANTOM_PATIENTS_MAX 100000
#define EN_PHANTOM_GRADES 5

typedef enum en_phantom_side { EN_PHANTOM_LEFT, EN_PHANTOM_RIGHT } en_phantom_side;

typedef enum en_phantom_defect {
    EN_PHANTOM_SOUND,
    EN_PHANTOM_BLACK,       /* the flash did not fire: hardly more than noise */
    EN_PHANTOM_BLURRED,     /* out of focus */
    EN_PHANTOM_OVEREXPOSED, /* the flash hit the lids: all but white */
    EN_PHANTOM_TRUNCATED    /* the JPEG ends early */
} en_phantom_defect;

typedef struct en_phantom_patient {
    uint8_t grade[2];              /* by side, 0..4 */
    uint8_t defect[2];             /* en_phantom_defect by side */
    bool both_eyes;                /* the left photograph is filed as the right one, too */
    uint8_t camera;                /* index of the camera, the same for both eyes */
    float pigment, light, cast[2]; /* 0..1, evenly spread: melanin, exposure, the camera's colour (green, blue) */
} en_phantom_patient;

typedef struct en_phantom_plan {
    uint64_t seed;
    uint32_t patients;
    en_phantom_patient *patient; /* patient number n is patient[n - 1] */
} en_phantom_plan;

/* Proportions of the defects: black 1 %, blurred 3 %, over-exposed 1 %, truncated 0.5 % of the photographs, and one
 * photograph filed as both eyes for 1 % of the patients; from 20 patients on at least one of each, none below. */
en_status en_phantom_plan_make(uint32_t patients, uint64_t seed, en_phantom_plan *plan, en_error *err) EN_CHECKED;
void en_phantom_plan_clear(en_phantom_plan *plan); /* safe on a zeroed one */

#endif
