/* Cameras and exposures. The mean colour of a photograph is assigned in the plan and reached with or without lesions.
 * Uses nothing but the layer's own headers and math. */
#include "phantom/camera.h"

#include <math.h>
#include <string.h>

/* Sizes and proportions as they are common in the competition's photographs, the small ones more common still, so that
 * a set of phantom eyes is quickly drawn and read. */
static const en_camera cameras[] = {
    {1024, 683, 318.0f, 1.08f, 0.34f, EN_NOTCH_ROUND, {0.711f, -0.703f}, 0.004f, 92},
    {1024, 683, 421.0f, 0.98f, 0.25f, EN_NOTCH_NONE, {0.0f, 0.0f}, 0.030f, 92},
    {1024, 768, 412.0f, 1.00f, 0.21f, EN_NOTCH_TRIANGLE, {0.814f, -0.581f}, 0.004f, 93},
    {1024, 768, 461.0f, 0.94f, 0.12f, EN_NOTCH_ROUND, {0.752f, 0.659f}, 0.006f, 92},
    {1536, 1024, 490.0f, 1.04f, 0.05f, EN_NOTCH_SQUARE, {0.732f, -0.682f}, 0.004f, 93},
    {2592, 1944, 1045.0f, 1.00f, 0.02f, EN_NOTCH_TRIANGLE, {0.814f, -0.581f}, 0.003f, 93},
    {4752, 3168, 1480.0f, 1.08f, 0.01f, EN_NOTCH_ROUND, {0.711f, -0.703f}, 0.003f, 90}};

#define CAMERAS (sizeof cameras / sizeof cameras[0])

en_camera en_camera_of(float trait)
{
    float passed = 0.0f;
    for (size_t i = 0; i + 1 < CAMERAS; i++) {
        passed += cameras[i].proportion;
        if (trait < passed) {
            return cameras[i];
        }
    }
    return cameras[CAMERAS - 1];
}

en_camera en_camera_shrunk(en_camera camera, unsigned max_width)
{
    if (max_width == 0 || max_width >= (unsigned)camera.width) {
        return camera;
    }
    float ratio = (float)max_width / (float)camera.width;
    camera.width = (int)max_width;
    camera.height = (int)en_maxf(ratio * (float)camera.height, 1.0f);
    camera.radius *= ratio;
    return camera;
}

static float normal(en_random *random) { return (float)en_random_normal(random); }

/* Ranges of mean colour as in the competition's photographs without their extremes; blue goes with green there. */
static void choose_mean(const en_phantom_patient *patient, en_phantom_side side, en_random *random, float mean[3])
{
    float red = 0.37f + 0.34f * patient->trait[EN_PHANTOM_LIGHT];
    float green = 0.49f + 0.27f * patient->trait[EN_PHANTOM_GREEN];
    float blue = 1.4f * green - 0.50f + 0.12f * (patient->trait[EN_PHANTOM_BLUE] - 0.5f);
    red *= 1.0f + 0.04f * normal(random);
    mean[0] = red;
    mean[1] = red * green;
    mean[2] = red * en_maxf(blue, 0.12f);
    float dim[EN_PHANTOM_TRUNCATED + 1] = {1.0f, 0.02f, 1.0f, 1.0f, 1.0f};
    for (int c = 0; c < 3; c++) {
        mean[c] *= dim[patient->defect[side]];
        if (patient->defect[side] == EN_PHANTOM_OVEREXPOSED) {
            mean[c] = 0.86f + 0.10f * mean[c];
        }
    }
}

en_exposure en_camera_expose(const en_phantom_patient *patient, en_phantom_side side, en_random *random)
{
    static const float tints[][3] = {{0.55f, 0.75f, 0.80f}, {0.95f, 0.90f, 0.85f}, {0.95f, 0.72f, 0.45f}};
    en_exposure e = {0};
    choose_mean(patient, side, random, e.mean);
    e.falloff = en_random_float(random, 0.05f, 0.45f);
    float angle = en_random_float(random, 0.0f, 6.2831853f), tilt = en_random_float(random, 0.0f, 0.22f);
    e.tilt[0] = tilt * cosf(angle);
    e.tilt[1] = tilt * sinf(angle);
    angle = en_random_float(random, 0.0f, 6.2831853f);
    e.haze_from[0] = cosf(angle);
    e.haze_from[1] = sinf(angle);
    const float *tint = tints[en_random_below(random, 3)];
    memcpy(e.haze_colour, tint, sizeof e.haze_colour);
    e.haze = en_random_below(random, 3) == 0 ? en_random_float(random, 0.1f, 0.6f) : 0.0f;
    e.shift[0] = en_random_float(random, -0.12f, 0.06f);
    e.shift[1] = en_random_float(random, -0.12f, 0.20f);
    e.veil = en_random_float(random, 0.0f, 0.10f);
    if (patient->defect[side] == EN_PHANTOM_OVEREXPOSED) {
        e.veil = 0.85f;
    }
    e.noise = en_random_float(random, 1.0f, 3.0f);
    e.middle[0] = en_random_float(random, -0.04f, 0.04f);
    e.middle[1] = en_random_float(random, -0.012f, 0.012f);
    return e;
}

/* Compresses the highlights below 1. */
static inline float shoulder(float v)
{
    float over = en_maxf(v - 0.75f, 0.0f);
    return en_minf(v, 0.75f) + over / (1.0f + 4.0f * over);
}

/* The mean of each channel over what the camera sees. */
typedef struct meter {
    double sum[3];
    size_t seen; /* pixels */
} meter;

/* Eight independent sums per row run in parallel; the order does not depend on the compiler. */
static double sum_of(const float *value, int count)
{
    float part[8] = {0.0f};
    int i = 0;
    for (; i + 8 <= count; i += 8) {
        for (int k = 0; k < 8; k++) {
            part[k] += value[i + k];
        }
    }
    double sum = 0.0;
    for (; i < count; i++) {
        sum += (double)value[i];
    }
    for (int k = 0; k < 8; k++) {
        sum += (double)part[k];
    }
    return sum;
}

static void measure_row(meter *m, const en_eye *eye, const en_canvas *canvas, int y)
{
    float dy = (float)y + 0.5f - 0.5f * (float)canvas->height, squared = canvas->radius * canvas->radius - dy * dy;
    if (squared <= 0.0f || fabsf(dy) > eye->half_height * canvas->scale) {
        return;
    }
    int half = (int)sqrtf(squared);
    for (unsigned c = 0; c < 3; c++) {
        m->sum[c] += sum_of(en_canvas_row(canvas, EN_PLANE_RED + c, y) + canvas->width / 2 - half, 2 * half);
    }
    m->seen += 2 * (size_t)half;
}

/* The gain that maps the measured mean to the intended one. */
static void find_gain(const meter *m, const float wanted[3], float gain[3])
{
    for (size_t c = 0; c < 3; c++) {
        float mean = m->seen > 0 ? (float)(m->sum[c] / (double)m->seen) : 1.0f;
        gain[c] = wanted[c] / en_maxf(mean, 1e-4f);
    }
}

/* What the light of a row is worth, by column: line 0 how much of the retina's colour is left, line 1 how much haze
 * lies over it, line 2 the square of the distance from the middle. */
static void light_columns(const en_exposure *e, const en_canvas *canvas, int y, float inverse)
{
    float *clear = canvas->line[0], *haze = canvas->line[1], *square = canvas->line[2];
    float middle = 0.5f * (float)canvas->width, open = 1.0f - e->veil;
    float v = ((float)y + 0.5f - 0.5f * (float)canvas->height) * inverse;
    float level = 1.0f + e->tilt[1] * v, tilt = e->tilt[0], falloff = e->falloff;
    float facing = 0.35f + e->haze_from[1] * v, from = e->haze_from[0], amount = e->haze;
    for (int x = 0; x < canvas->width; x++) {
        float u = ((float)x + 0.5f - middle) * inverse, rr = u * u + v * v;
        float light = level - falloff * rr * (0.4f + 0.6f * rr) + tilt * u;
        float mist = en_minf(amount * rr * rr * en_maxf(facing + from * u, 0.0f), 0.9f);
        clear[x] = light * (1.0f - mist) * open;
        haze[x] = mist;
        square[x] = rr;
    }
}

static void light_row(const en_exposure *e, const en_canvas *canvas, int y, float inverse)
{
    static const float VEIL[3] = {0.72f, 0.62f, 0.50f};
    const float shift[3] = {e->shift[0], 0.0f, e->shift[1]};
    light_columns(e, canvas, y, inverse);
    for (unsigned c = 0; c < 3; c++) {
        const float *clear = canvas->line[0], *haze = canvas->line[1], *square = canvas->line[2];
        float *out = en_canvas_row(canvas, EN_PLANE_RED + c, y);
        float bend = shift[c], mist = e->haze_colour[c], veil = e->veil * VEIL[c];
        for (int x = 0; x < canvas->width; x++) {
            out[x] = out[x] * clear[x] * (1.0f + bend * square[x]) + haze[x] * mist + veil;
        }
    }
}

static void press_row(en_canvas *canvas, int y, const float gain[3])
{
    for (unsigned c = 0; c < 3; c++) {
        float *out = en_canvas_row(canvas, EN_PLANE_RED + c, y), g = gain[c];
        for (int x = 0; x < canvas->width; x++) {
            out[x] = shoulder(out[x] * g);
        }
    }
}

void en_camera_light(en_exposure *e, const en_eye *eye, en_canvas *canvas)
{
    meter raw = {0}, pressed = {0};
    float gain[3];
    for (int y = 0; y < canvas->height; y++) {
        light_row(e, canvas, y, 1.0f / canvas->radius);
        measure_row(&raw, eye, canvas, y);
    }
    find_gain(&raw, e->mean, gain);
    for (int y = 0; y < canvas->height; y++) {
        press_row(canvas, y, gain);
        measure_row(&pressed, eye, canvas, y);
    }
    /* Compressing the highlights shifts the mean a little; a second, plain gain makes up for it. */
    find_gain(&pressed, e->mean, e->gain);
}
