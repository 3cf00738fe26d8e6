/* The anatomy of one phantom eye, and the painters of its parts. Lengths in eye units (phantom/canvas.h). */
#ifndef EN_PHANTOM_EYE_H
#define EN_PHANTOM_EYE_H

#include <stdbool.h>

#include "base/random.h"
#include "phantom/canvas.h"

typedef struct en_eye {
    float disc[2], disc_radius, cup_radius; /* the optic disc: 15 degrees to the nose of the fovea, a little higher */
    float view[2], field;                   /* the middle of the photograph, and the radius of the lit field */
    float half_height;                      /* of what the camera keeps, from the middle up and down; <= field */
    float pigment;                          /* 0 fair .. 1 dark */
    float shape;                            /* of the vessel arcades: 1 +- 0.1, wider or narrower */
} en_eye;

static inline float en_random_float(en_random *random, float low, float high)
{
    return (float)en_random_between(random, (double)low, (double)high);
}

/* Arteries and veins, from the disc to the rim: EN_PLANE_BLOOD. */
void en_eye_paint_vessels(const en_eye *eye, en_canvas *canvas, en_random *random);
/* The vessels of the choroid, which shine through where there is little pigment: EN_PLANE_PIGMENT, by way of
 * EN_PLANE_EXUDATE, which is empty before and after. */
void en_eye_paint_choroid(const en_eye *eye, en_canvas *canvas, en_random *random);
/* What a grade (0..4) looks like, and nothing else does: EN_PLANE_BLOOD, EN_PLANE_EXUDATE, EN_PLANE_COTTON. */
void en_eye_paint_lesions(const en_eye *eye, int grade, en_canvas *canvas, en_random *random);
/* From densities to the colours of the lit retina: pigment, macula, optic disc, then blood and deposits on top. */
void en_eye_colour(const en_eye *eye, en_canvas *canvas, en_random *random);

/* Whether a place is in the photograph, `margin` from its rim. */
bool en_eye_sees(const en_eye *eye, float x, float y, float margin);

#endif
