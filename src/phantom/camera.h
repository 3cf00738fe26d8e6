/* The cameras that take phantom eyes: what they keep of the field, how they light it, and the picture they make. */
#ifndef EN_PHANTOM_CAMERA_H
#define EN_PHANTOM_CAMERA_H

#include "base/error.h"
#include "base/random.h"
#include "image/image.h"
#include "phantom/canvas.h"
#include "phantom/eye.h"
#include "phantom/plan.h"

typedef enum en_notch { EN_NOTCH_NONE, EN_NOTCH_ROUND, EN_NOTCH_SQUARE, EN_NOTCH_TRIANGLE } en_notch;

typedef struct en_camera {
    int width, height; /* of its photographs, px */
    float radius;      /* of the lit disc, px; above height/2 it is cut off at top and bottom */
    float field;       /* the same in eye units: 1 for 45 degrees */
    float proportion;  /* of patients */
    en_notch notch;    /* the notch that identifies the upright orientation */
    float notch_at[2]; /* the direction in which it lies, x to the right, y down; length 1 */
    float rim;         /* how far the edge of the disc fades, as a fraction of the radius */
    int quality;       /* of its JPEGs, 1..100 */
} en_camera;

/* The camera of a patient whose EN_PHANTOM_CAMERA trait (0..1) is that. */
en_camera en_camera_of(float trait);
/* The same camera, its photographs no wider than max_width px (0: as they are). */
en_camera en_camera_shrunk(en_camera camera, unsigned max_width);

/* One exposure. */
typedef struct en_exposure {
    float mean[3];            /* the intended mean colour of the lit field, 0..1: independent of what is in it */
    float gain[3];            /* set by en_camera_light: what is left to multiply with when developing */
    float falloff, tilt[2];   /* of the light: towards the rim, and to one side */
    float shift[2];           /* of red and blue towards the rim, where lenses colour the light */
    float haze, haze_from[2]; /* light scattered in at one side */
    float haze_colour[3];
    float veil;      /* light scattered in everywhere */
    float noise;     /* standard deviation, of 255 */
    float middle[2]; /* of the disc from the middle of the photograph, fractions of the radius */
} en_exposure;

en_exposure en_camera_expose(const en_phantom_patient *patient, en_phantom_side side, en_random *random);
/* Lights the coloured canvas; times exposure->gain the field then has the exposure's mean colour. */
void en_camera_light(en_exposure *exposure, const en_eye *eye, en_canvas *canvas);
/* The photograph: the canvas enlarged to the camera's size by cubic splines, masked to disc and notch, with noise. */
en_status en_camera_develop(const en_camera *camera, const en_exposure *exposure, const en_canvas *canvas,
                            en_random *random, en_image *out, en_error *err) EN_CHECKED;

#endif
