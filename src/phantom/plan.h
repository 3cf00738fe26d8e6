/* The plan of a set of phantom eyes: which patient has which grades, camera, colours and defects. Nothing is drawn
 * here. Grades and colours are assigned by systematic sampling, not drawn independently: the proportions hold for every
 * seed, and within the referable and within the other patients the colours fill their range evenly, so that colour is
 * not associated with grade by chance. */
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

typedef enum en_phantom_trait { /* what differs from patient to patient, each evenly spread over 0..1 */
                                EN_PHANTOM_PIGMENT, /* melanin */
                                EN_PHANTOM_LIGHT,   /* exposure */
                                EN_PHANTOM_GREEN,   /* the camera's cast: green and blue to red */
                                EN_PHANTOM_BLUE,
                                EN_PHANTOM_CAMERA, /* which camera, see phantom/camera.h; both eyes are taken with the
                                                      same */
                                EN_PHANTOM_TRAITS
} en_phantom_trait;

typedef struct en_phantom_patient {
    uint8_t grade[2];  /* by side, 0..4 */
    uint8_t defect[2]; /* en_phantom_defect by side */
    bool both_eyes;    /* the left photograph is filed as the right one, too */
    float trait[EN_PHANTOM_TRAITS];
} en_phantom_patient;

typedef struct en_phantom_plan {
    uint64_t seed;
    uint32_t patients;
    en_phantom_patient *patient; /* patient number n is patient[n - 1] */
} en_phantom_plan;

/* Proportions of the defects, near those of the competition's own photographs. */
#define EN_PHANTOM_PROPORTION_BLACK 0.010 /* of photographs */
#define EN_PHANTOM_PROPORTION_BLURRED 0.020
#define EN_PHANTOM_PROPORTION_OVEREXPOSED 0.010
#define EN_PHANTOM_PROPORTION_TRUNCATED 0.005
#define EN_PHANTOM_PROPORTION_BOTH_EYES 0.010 /* of patients */

/* From 20 patients on there is at least one of each defect, below none. EN_USAGE outside 1..EN_PHANTOM_PATIENTS_MAX. */
en_status en_phantom_plan_make(uint32_t patients, uint64_t seed, en_phantom_plan *plan, en_error *err) EN_CHECKED;
void en_phantom_plan_clear(en_phantom_plan *plan); /* safe on a zeroed one */

#endif
