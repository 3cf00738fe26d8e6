/* From densities to colours. Light passes a layer of density D with exp(-k D), k by channel: so blood and pigment
 * darken green and blue more than red, as they do in an eye, whatever lies below. */
#include <math.h>

#include "phantom/eye.h"

#define CHANNELS 3
static const float BARE[CHANNELS] = {0.86f, 0.50f, 0.27f};    /* the retina without pigment */
static const float PIGMENT[CHANNELS] = {0.72f, 1.00f, 1.05f}; /* k of melanin */
static const float BLOOD[CHANNELS] = {0.46f, 1.00f, 0.82f};   /* k of blood */
static const float RIM[CHANNELS] = {1.22f, 0.84f, 0.46f};     /* of the optic disc, in such an eye */
static const float CUP[CHANNELS] = {1.32f, 1.06f, 0.68f};
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

/* What a disc looks like: a pale oval with a paler cup, its rim pinker to the nose; often with a crescent of more or
 * less pigment beside it, away from the nose. */
typedef struct disc_look {
    float x, y, radius;        /* px */
    float cup;                 /* of the radius */
    float tall, cosine, sine;  /* taller than wide; turned a little */
    float edge, crescent, dim; /* softness of the edge; density; how much pigment dims it */
} disc_look;

static disc_look look_of(const en_eye *eye, const en_canvas *canvas, en_random *random)
{
    disc_look look = {.x = en_canvas_px(canvas, eye->disc[0]), .y = en_canvas_py(canvas, eye->disc[1])};
    look.radius = eye->disc_radius * canvas->scale;
    look.cup = eye->cup_radius / eye->disc_radius;
    look.dim = transmit(0.5f * eye->pigment);
    look.tall = en_random_float(random, 1.02f, 1.15f);
    float turn = en_random_float(random, -0.25f, 0.25f);
    look.cosine = cosf(turn);
    look.sine = sinf(turn);
    look.crescent = en_random_float(random, -0.25f, 0.30f);
    look.edge = en_random_float(random, 0.07f, 0.16f);
    return look;
}

static void ground_row(const en_eye *eye, en_canvas *canvas, int y)
{
    const float *pigment = en_canvas_row(canvas, EN_PLANE_PIGMENT, y);
    float base = 0.15f + 0.75f * eye->pigment;
    for (unsigned c = 0; c < CHANNELS; c++) {
        float *out = en_canvas_row(canvas, EN_PLANE_RED + c, y), k = PIGMENT[c], bare = BARE[c];
        for (int x = 0; x < canvas->width; x++) {
            out[x] = bare * transmit(k * (base + pigment[x]));
        }
    }
}

static void disc_row(const disc_look *look, en_canvas *canvas, int y)
{
    float dy = ((float)y + 0.5f - look->y) / look->radius;
    if (fabsf(dy) > 1.7f) {
        return;
    }
    int from = (int)en_maxf(look->x - 1.7f * look->radius, 0.0f);
    int to = (int)en_minf(look->x + 1.7f * look->radius + 1.0f, (float)canvas->width);
    for (int x = from; x < to; x++) {
        float dx = canvas->mirror * ((float)x + 0.5f - look->x) / look->radius;
        float u = look->cosine * dx + look->sine * dy, v = (look->cosine * dy - look->sine * dx) / look->tall;
        float d = sqrtf(u * u + v * v), from_cup = sqrtf((u + 0.1f) * (u + 0.1f) + v * v) / look->cup;
        float in = 0.92f * (1.0f - smooth(1.0f - look->edge, 1.0f + look->edge, d));
        float hollow = 0.9f * (1.0f - smooth(0.6f, 1.25f, from_cup));
        float beside = smooth(0.9f, 1.1f, d) * (1.0f - smooth(1.1f, 1.5f, d)) * en_maxf(0.0f, 0.6f - u);
        float pink = 0.14f * smooth(-0.6f, 0.9f, u);
        for (unsigned c = 0; c < CHANNELS; c++) {
            float *out = en_canvas_row(canvas, EN_PLANE_RED + c, y) + x;
            float pale = look->dim * (RIM[c] + hollow * (CUP[c] - RIM[c])) * transmit(BLOOD[c] * pink);
            *out = *out * transmit(look->crescent * beside) * (1.0f - in) + in * pale;
        }
    }
}

static void overlay_row(const en_eye *eye, en_canvas *canvas, int y)
{
    const float *blood = en_canvas_row(canvas, EN_PLANE_BLOOD, y), *fat = en_canvas_row(canvas, EN_PLANE_EXUDATE, y);
    const float *cotton = en_canvas_row(canvas, EN_PLANE_COTTON, y);
    float dim = transmit(0.5f * eye->pigment);
    for (unsigned c = 0; c < CHANNELS; c++) {
        float *out = en_canvas_row(canvas, EN_PLANE_RED + c, y), k = BLOOD[c];
        float yellow = dim * EXUDATE[c], white = dim * COTTON[c];
        for (int x = 0; x < canvas->width; x++) {
            float colour = out[x] * transmit(k * blood[x]);
            colour += fat[x] * (yellow - colour);
            out[x] = colour + cotton[x] * (white - colour);
        }
    }
}

void en_eye_colour(const en_eye *eye, en_canvas *canvas, en_random *random)
{
    paint_pigment(eye, canvas, random);
    disc_look look = look_of(eye, canvas, random);
    for (int y = 0; y < canvas->height; y++) { /* a row at a time: it stays in the cache */
        ground_row(eye, canvas, y);
        disc_row(&look, canvas, y);
        overlay_row(eye, canvas, y);
    }
}
