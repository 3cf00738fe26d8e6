/* From densities to colours. Light passes a layer of density D with exp(-k D), k by channel: so blood and pigment darken
 * green and blue more than red, as they do in an eye, and a vessel over a haemorrhage is darker than either. */
#include <math.h>

#include "phantom/eye.h"

#define CHANNELS 3
static const float BARE[CHANNELS] = {0.86f, 0.50f, 0.27f};      /* the retina without pigment */
static const float PIGMENT[CHANNELS] = {0.72f, 1.00f, 1.05f};   /* k of melanin */
static const float BLOOD[CHANNELS] = {0.46f, 1.00f, 0.82f};     /* k of blood */
static const float RIM[CHANNELS] = {1.00f, 0.67f, 0.36f};       /* of the optic disc */
static const float CUP[CHANNELS] = {1.08f, 0.86f, 0.54f};
static const float EXUDATE[CHANNELS] = {1.20f, 0.76f, 0.34f}; /* deposits, in an eye without pigment */
static const float COTTON[CHANNELS] = {1.10f, 0.70f, 0.43f};

/* exp(-x) for -8 < x < 32 as (1 - x/64)^64: a few products that every compiler rounds alike, near enough for paint. */
static inline float transmit(float x)
{
    float t = 1.0f - x * (1.0f / 64.0f);
    t *= t;
    t *= t;
    t *= t;
    t *= t;
    t *= t;
    return t * t;
}

static float smooth(float low, float high, float x)
{
    float t = en_minf(en_maxf((x - low) / (high - low), 0.0f), 1.0f);
    return t * t * (3.0f - 2.0f * t);
}

static float *channel(en_canvas *canvas, int c) { return canvas->plane[EN_PLANE_RED + c]; }

/* Melanin: more of it in the macula, most in the fovea; and the grain of the layer that holds it. */
static void paint_pigment(const en_eye *eye, en_canvas *canvas, en_random *random)
{
    en_canvas_noise(canvas, EN_PLANE_PIGMENT, 0.45f, 0.13f, random);
    en_canvas_noise(canvas, EN_PLANE_PIGMENT, 0.12f, 0.035f, random);
    en_canvas_noise(canvas, EN_PLANE_PIGMENT, 0.032f, 0.022f, random);
    en_canvas_noise(canvas, EN_PLANE_PIGMENT, 0.008f, 0.045f, random);
    float macula = en_random_float(random, 0.30f, 0.55f), fovea = en_random_float(random, 0.25f, 0.45f);
    en_canvas_glow(canvas, EN_PLANE_PIGMENT, 0.0f, 0.0f, 0.42f, macula);
    en_canvas_glow(canvas, EN_PLANE_PIGMENT, 0.0f, 0.0f, 0.14f, fovea);
    /* Around the disc the retina is thick and pale. */
    en_canvas_glow(canvas, EN_PLANE_PIGMENT, eye->disc[0], eye->disc[1], 0.55f, -0.28f);
}

static void lay_ground(const en_eye *eye, en_canvas *canvas)
{
    size_t pixels = en_canvas_pixels(canvas);
    const float *pigment = canvas->plane[EN_PLANE_PIGMENT];
    float base = 0.15f + 0.75f * eye->pigment;
    for (int c = 0; c < CHANNELS; c++) {
        float *out = channel(canvas, c), k = PIGMENT[c], bare = BARE[c];
        for (size_t i = 0; i < pixels; i++) {
            out[i] = bare * transmit(k * (base + pigment[i]));
        }
    }
}

/* A pale oval with a paler cup, its rim pinker to the nose; often a thin dark crescent of pigment around it. */
static void paint_disc(const en_eye *eye, en_canvas *canvas, en_random *random)
{
    float tall = en_random_float(random, 1.02f, 1.15f), tilt = en_random_float(random, -0.25f, 0.25f);
    float crescent = en_random_float(random, -0.25f, 0.30f), edge = en_random_float(random, 0.07f, 0.16f);
    float px = en_canvas_px(canvas, eye->disc[0]), py = en_canvas_py(canvas, eye->disc[1]);
    float r = eye->disc_radius * canvas->scale, cup = eye->cup_radius / eye->disc_radius, ct = cosf(tilt), st = sinf(tilt);
    int x0 = (int)en_maxf(px - 1.7f * r, 0.0f), y0 = (int)en_maxf(py - 1.7f * r, 0.0f);
    int x1 = (int)en_minf(px + 1.7f * r + 1.0f, (float)canvas->width);
    int y1 = (int)en_minf(py + 1.7f * r + 1.0f, (float)canvas->height);
    for (int y = y0; y < y1; y++) {
        for (int x = x0; x < x1; x++) {
            float dx = canvas->mirror * ((float)x + 0.5f - px) / r, dy = ((float)y + 0.5f - py) / r;
            float u = ct * dx + st * dy, v = (ct * dy - st * dx) / tall, d = sqrtf(u * u + v * v);
            float cu = u + 0.10f, cd = sqrtf(cu * cu + v * v) / cup;
            float in = 0.92f * (1.0f - smooth(1.0f - edge, 1.0f + edge, d)), hollow = 0.9f * (1.0f - smooth(0.6f, 1.25f, cd));
            float halo = crescent * smooth(0.9f, 1.1f, d) * (1.0f - smooth(1.1f, 1.5f, d)) * en_maxf(0.0f, 0.6f - u);
            size_t i = (size_t)y * (size_t)canvas->width + (size_t)x;
            for (int c = 0; c < CHANNELS; c++) {
                float *out = channel(canvas, c) + i;
                float pale = RIM[c] + hollow * (CUP[c] - RIM[c]);
                pale *= transmit(BLOOD[c] * 0.14f * smooth(-0.6f, 0.9f, u));
                *out = *out * transmit(halo) * (1.0f - in) + in * pale;
            }
        }
    }
}

void en_eye_colour(const en_eye *eye, en_canvas *canvas, en_random *random)
{
    paint_pigment(eye, canvas, random);
    lay_ground(eye, canvas);
    paint_disc(eye, canvas, random);
    size_t pixels = en_canvas_pixels(canvas);
    const float *blood = canvas->plane[EN_PLANE_BLOOD], *fat = canvas->plane[EN_PLANE_EXUDATE];
    const float *cotton = canvas->plane[EN_PLANE_COTTON];
    for (int c = 0; c < CHANNELS; c++) {
        float *out = channel(canvas, c), k = BLOOD[c], dim = transmit(0.5f * eye->pigment);
        float yellow = dim * EXUDATE[c], white = dim * COTTON[c];
        for (size_t i = 0; i < pixels; i++) {
            float colour = out[i] * transmit(k * blood[i]);
            colour += fat[i] * (yellow - colour);
            out[i] = colour + cotton[i] * (white - colour);
        }
    }
}
