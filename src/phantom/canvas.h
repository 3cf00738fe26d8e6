/* Float planes on which an eye is painted: strokes, spots, glows and noise, all anti-aliased. Places are given
 * in eye units: the fovea is the origin, x runs to the nose, y downwards, and 1 is the radius of a 45 degree field. */
#ifndef EN_PHANTOM_CANVAS_H
#define EN_PHANTOM_CANVAS_H

#include <stddef.h>

#include "base/error.h"
#include "base/random.h"

/* fminf and fmaxf without NaN handling, which would cost a call each. */
static inline float en_minf(float a, float b) { return a < b ? a : b; }
static inline float en_maxf(float a, float b) { return a > b ? a : b; }

/* What the planes hold while painting. Densities are natural logarithms of what they take from green light. */
typedef enum en_plane {
    EN_PLANE_BLOOD,   /* density: vessels, haemorrhages */
    EN_PLANE_PIGMENT, /* density: melanin, texture; may be below zero */
    EN_PLANE_EXUDATE, /* 0..1: how much is hidden by yellow deposits */
    EN_PLANE_COTTON,  /* 0..1: how much is hidden by swollen nerve fibres */
    EN_PLANE_RED,     /* the result, 0..1 and above */
    EN_PLANE_GREEN,
    EN_PLANE_BLUE,
    EN_PLANE_SCRATCH,
    EN_PLANES
} en_plane;

typedef struct en_canvas {
    float *plane[EN_PLANES]; /* (height,width) each, pieces of `memory` */
    float *memory;           /* owned */
    float *line[4];          /* (width) each, scratch rows */
    size_t capacity;         /* floats in `memory` */
    int width, height;       /* px */
    float radius;            /* of the lit field, px */
    float scale;             /* px per eye unit */
    float middle[2];         /* the eye coordinates of the canvas's middle */
    float mirror;            /* 1: the nose is to the right (a right eye); -1: to the left */
} en_canvas;

/* Allocates width x height px and clears the planes up to EN_PLANE_RED; memory is used again. EN_NOMEM. */
en_status en_canvas_prepare(en_canvas *canvas, int width, int height, en_error *err) EN_CHECKED;
void en_canvas_clear(en_canvas *canvas);

static inline size_t en_canvas_pixels(const en_canvas *c) { return (size_t)c->width * (size_t)c->height; }
static inline float *en_canvas_row(const en_canvas *c, en_plane plane, int y)
{
    return c->plane[plane] + (size_t)y * (size_t)c->width;
}

/* Eye coordinates to pixels, pixel (0,0) covering 0..1. */
static inline float en_canvas_px(const en_canvas *c, float x)
{
    return 0.5f * (float)c->width + c->mirror * c->scale * (x - c->middle[0]);
}
static inline float en_canvas_py(const en_canvas *c, float y)
{
    return 0.5f * (float)c->height + c->scale * (y - c->middle[1]);
}

/* A piece of a line between two points, `half` of its width at either end, with soft sides. */
typedef struct en_stroke {
    float x0, y0, x1, y1, half0, half1;
    float value;  /* on the axis; the plane takes the larger of this and what is there */
    float reflex; /* 0..1: how much lighter the middle third is */
} en_stroke;
void en_canvas_stroke(en_canvas *canvas, en_plane plane, const en_stroke *stroke);

/* A disc; over `edge` (0..1 of the radius) it fades from `value` to nothing. The larger wins. */
void en_canvas_spot(en_canvas *canvas, en_plane plane, float x, float y, float radius, float edge, float value);
/* Adds value*(1 - d^2/radius^2)^3. */
void en_canvas_glow(en_canvas *canvas, en_plane plane, float x, float y, float radius, float value);

/* Adds smooth noise, mean 0, about -value..value, made of blobs of `cell` eye units (at least 2 px). Uses the lines
 * and EN_PLANE_SCRATCH. */
void en_canvas_noise(en_canvas *canvas, en_plane plane, float cell, float value, en_random *random);
/* Three box blurs of the given radius, near to a Gaussian of sigma = radius eye units. Uses the same. */
void en_canvas_blur(en_canvas *canvas, en_plane plane, float radius);

/* Cubic B-spline weights of the four neighbours of a point at fraction t (0..1) between the inner two. */
static inline void en_spline_weights(float t, float w[4])
{
    float u = 1.0f - t;
    w[0] = u * u * u / 6.0f;
    w[1] = (3.0f * t * t * t - 6.0f * t * t + 4.0f) / 6.0f;
    w[2] = (3.0f * u * u * u - 6.0f * u * u + 4.0f) / 6.0f;
    w[3] = t * t * t / 6.0f;
}

#endif
