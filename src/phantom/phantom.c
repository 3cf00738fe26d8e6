/* One photograph from the plan: the eye's anatomy, its lesions, the exposure, the file. Each draws its random numbers
 * from a stream of its own, so that the same eye with another grade differs in its lesions only. */
#include "phantom/phantom.h"

#include <math.h>

#include "base/memory.h"
#include "base/random.h"
#include "image/encode.h"
#include "phantom/camera.h"
#include "phantom/canvas.h"
#include "phantom/eye.h"

#define CANVAS_RADIUS_MIN 64.0f  /* px of the field on the canvas */
#define CANVAS_MARGIN 1.10f      /* of the radius: space for the notch */
#define CANVAS_RADIUS_MAX 540.0f /* more than this only large cameras show, and it would cost most of the time */

struct en_phantom_easel {
    en_canvas canvas;
};

/* The streams of a patient, distinguished by the generator's epoch (0 is the plan's); the side is added. */
enum { STREAM_PATIENT = 1, STREAM_ANATOMY = 2, STREAM_LESIONS = 4, STREAM_CAMERA = 6 };

static en_random stream(const en_phantom_plan *plan, uint32_t number, uint32_t which)
{
    return en_random_init(plan->seed, which, number, EN_FOR_PHANTOM);
}

en_status en_phantom_easel_new(en_phantom_easel **out, en_error *err)
{
    *out = en_calloc(1, sizeof **out);
    return *out != NULL ? EN_OK : en_error_nomem(err, "phantom eyes");
}

void en_phantom_easel_free(en_phantom_easel *easel)
{
    if (easel != NULL) {
        en_canvas_clear(&easel->canvas);
        en_free(easel);
    }
}

/* What both eyes of a patient have in common, and then what is this eye's own. */
static en_eye make_eye(const en_phantom_patient *patient, const en_camera *camera, en_random *both, en_random *own)
{
    en_eye eye = {0};
    float radius = en_random_float(both, 0.108f, 0.135f), cup = en_random_float(both, 0.30f, 0.62f);
    eye.shape = en_random_float(both, 0.90f, 1.12f);
    eye.disc[0] = en_random_float(both, 0.69f, 0.77f);
    eye.disc[1] = en_random_float(both, -0.07f, -0.01f);
    eye.disc_radius = radius * en_random_float(own, 0.96f, 1.04f);
    eye.cup_radius = eye.disc_radius * cup * en_random_float(own, 0.93f, 1.07f);
    eye.disc[0] += en_random_float(own, -0.015f, 0.015f);
    eye.disc[1] += en_random_float(own, -0.015f, 0.015f);
    eye.pigment = patient->trait[EN_PHANTOM_PIGMENT];
    eye.field = camera->field * en_random_float(own, 0.98f, 1.02f);
    eye.view[0] = en_random_float(own, 0.02f, 0.42f);
    eye.view[1] = en_random_float(own, -0.10f, 0.10f);
    eye.half_height = eye.field * en_minf(1.0f, 0.5f * (float)camera->height / camera->radius);
    return eye;
}

static en_status prepare_canvas(en_canvas *canvas, const en_eye *eye, const en_camera *camera, en_phantom_side side,
                                en_error *err)
{
    float radius = en_minf(en_maxf(camera->radius, CANVAS_RADIUS_MIN), CANVAS_RADIUS_MAX);
    float half = radius * en_minf(CANVAS_MARGIN, 0.02f + 0.5f * (float)camera->height / camera->radius);
    en_status st = en_canvas_prepare(canvas, 2 * (int)(CANVAS_MARGIN * radius) + 8, 2 * (int)half + 8, err);
    canvas->radius = radius;
    canvas->scale = radius / eye->field;
    canvas->middle[0] = eye->view[0];
    canvas->middle[1] = eye->view[1];
    canvas->mirror = side == EN_PHANTOM_RIGHT ? 1.0f : -1.0f;
    return st;
}

/* The defects that are there before the shutter opens; what is too dark or too bright is the exposure's. */
static void defocus(en_canvas *canvas, en_random *random)
{
    float radius = en_random_float(random, 0.020f, 0.035f);
    for (unsigned c = 0; c < 3; c++) {
        en_canvas_blur(canvas, EN_PLANE_RED + c, radius);
    }
}

en_status en_phantom_draw(const en_phantom_plan *plan, uint32_t number, en_phantom_side side, unsigned max_width,
                          en_phantom_easel *easel, en_image *out, en_error *err)
{
    const en_phantom_patient *patient = &plan->patient[number - 1];
    if (patient->both_eyes) {
        side = EN_PHANTOM_LEFT;
    }
    en_random both = stream(plan, number, STREAM_PATIENT), own = stream(plan, number, STREAM_ANATOMY + (uint32_t)side);
    en_random ill = stream(plan, number, STREAM_LESIONS + (uint32_t)side);
    en_random shot = stream(plan, number, STREAM_CAMERA + (uint32_t)side);
    en_camera camera = en_camera_shrunk(en_camera_of(patient->trait[EN_PHANTOM_CAMERA]), max_width);
    en_eye eye = make_eye(patient, &camera, &both, &own);
    en_canvas *canvas = &easel->canvas;
    en_status st = prepare_canvas(canvas, &eye, &camera, side, err);
    if (st != EN_OK) {
        return st;
    }
    en_eye_paint_choroid(&eye, canvas, &own);
    en_eye_paint_vessels(&eye, canvas, &own);
    en_eye_paint_lesions(&eye, patient->grade[side], canvas, &ill);
    en_eye_colour(&eye, canvas, &own);
    en_exposure exposure = en_camera_expose(patient, side, &shot);
    en_camera_light(&exposure, &eye, canvas);
    if (patient->defect[side] == EN_PHANTOM_BLURRED) {
        defocus(canvas, &shot);
    }
    return en_camera_develop(&camera, &exposure, canvas, &shot, out, err);
}

en_status en_phantom_jpeg(const en_phantom_plan *plan, uint32_t number, en_phantom_side side, unsigned max_width,
                          en_phantom_easel *easel, en_buf *out, en_error *err)
{
    const en_phantom_patient *patient = &plan->patient[number - 1];
    en_camera camera = en_camera_of(patient->trait[EN_PHANTOM_CAMERA]);
    en_image image;
    en_image_init(&image);
    size_t start = out->size;
    en_status st = en_phantom_draw(plan, number, side, max_width, easel, &image, err);
    if (st == EN_OK) {
        st = en_encode_jpeg(image.rgb, image.width, image.height, camera.quality, EN_CHROMA_420, out, err);
    }
    if (st == EN_OK && patient->defect[side] == EN_PHANTOM_TRUNCATED) {
        out->size = start + (out->size - start) * 6 / 10;
    }
    en_image_clear(&image);
    return st;
}
