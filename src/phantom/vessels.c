/* Vessels grow like branches: a shoot follows a random walk towards its target and gives off side branches on its way,
 * by Murray's law (the cubes of the children's widths make the parent's). The arcades follow guides round the macula.
 */
#include <math.h>

#include "phantom/eye.h"

#define THINNEST 0.0011f /* half a width; below it nothing grows */
#define AVASCULAR 0.12f  /* no vessel comes nearer to the fovea */
#define DEEPEST 4        /* branches of branches */

/* One kind of vessel: all arteries, or all veins, or the choroid's. */
typedef struct kind {
    en_plane plane;
    float step;          /* of its growth */
    float depth, reflex; /* of its strokes */
    float wander;        /* how much a shoot turns by itself */
    float shedding;      /* side branches per unit of length */
} kind;

static const kind ARTERY = {EN_PLANE_BLOOD, 0.014f, 0.40f, 0.45f, 3.2f, 3.0f};
static const kind VEIN = {EN_PLANE_BLOOD, 0.014f, 0.62f, 0.10f, 3.2f, 3.0f};
static const kind CHOROIDAL = {EN_PLANE_EXUDATE, 0.030f, 1.0f, 0.0f, 4.0f, 5.0f};

typedef struct shoot {
    float x, y, heading; /* radians */
    float half;          /* of the width */
    float reach;         /* how far it will grow */
    bool inner;          /* bound for the macula; else away from the disc */
    int depth;
} shoot;

typedef struct plant {
    const en_eye *eye;
    en_canvas *canvas;
    en_random *random;
    kind kind;
} plant;

static float normal(en_random *random) { return (float)en_random_normal(random); }

static float turn_towards(float heading, float wanted) { return remainderf(wanted - heading, 6.2831853f); }

static void draw(const plant *p, float x0, float y0, float x1, float y1, float half0, float half1)
{
    float thin = en_minf(1.0f, 0.45f + half0 / 0.009f); /* small vessels hold less blood */
    en_canvas_stroke(p->canvas, p->kind.plane,
                     &(en_stroke){.x0 = x0,
                                  .y0 = y0,
                                  .x1 = x1,
                                  .y1 = y1,
                                  .half0 = half0,
                                  .half1 = half1,
                                  .value = p->kind.depth * thin,
                                  .reflex = half0 > 0.003f ? p->kind.reflex : 0.0f});
}

static void grow(const plant *p, shoot s);

/* A side branch that leaves to one side (-1, 1); what is left of the parent's width is returned. */
static float shed(const plant *p, const shoot *s, float side, bool inner)
{
    float half = s->half * en_random_float(p->random, 0.35f, 0.8f);
    if (half < THINNEST || s->depth >= DEEPEST) {
        return s->half;
    }
    shoot branch = {.x = s->x, .y = s->y, .half = half, .inner = inner, .depth = s->depth + 1};
    branch.heading = s->heading + side * en_random_float(p->random, 0.45f, 1.0f);
    branch.reach = 0.12f + half * en_random_float(p->random, 80.0f, 170.0f);
    grow(p, branch);
    return cbrtf(s->half * s->half * s->half - 0.6f * half * half * half);
}

static bool ends(const plant *p, float x, float y)
{
    float fx = x - p->eye->view[0], fy = y - p->eye->view[1];
    return x * x + y * y < AVASCULAR * AVASCULAR || fx * fx + fy * fy > 1.3f * p->eye->field * p->eye->field;
}

/* Not branching does not end it: the recursion is bounded by DEEPEST and by the widths, which only shrink. */
static void grow(const plant *p, shoot s)
{
    const en_eye *eye = p->eye;
    const float step = p->kind.step;
    float bend = 0.0f, side = en_random_below(p->random, 2) == 0 ? 1.0f : -1.0f, start = s.half;
    for (float gone = 0.0f; gone < s.reach && s.half >= THINNEST * 0.6f; gone += step) {
        bend = 0.88f * bend + 0.12f * p->kind.wander * 6.0f * normal(p->random);
        float wanted = s.inner ? atan2f(-s.y, -s.x) : atan2f(s.y - eye->disc[1], s.x - eye->disc[0]);
        s.heading += step * (bend + 2.2f * turn_towards(s.heading, wanted));
        float x = s.x + step * cosf(s.heading), y = s.y + step * sinf(s.heading);
        float half = en_minf(s.half, start * (1.0f - 0.55f * gone / s.reach));
        draw(p, s.x, s.y, x, y, s.half, half);
        s.x = x;
        s.y = y;
        s.half = half;
        if (ends(p, x, y)) {
            return;
        }
        if (gone > 0.05f && en_random_float(p->random, 0.0f, 1.0f) < p->kind.shedding * step) {
            s.half = shed(p, &s, side, s.inner);
            start = en_minf(start, s.half / (1.0f - 0.55f * gone / s.reach));
            side = -side;
        }
    }
}

/* Catmull-Rom: the curve through b and c, with a and d its neighbours, at t in 0..1. */
static float curve(float a, float b, float c, float d, float t)
{
    return b + 0.5f * t * (c - a + t * (2.0f * a - 5.0f * b + 4.0f * c - d + t * (3.0f * (b - c) + d - a)));
}

typedef struct guide {
    size_t points;
    float at[8][2]; /* from the disc (x towards the nose, y outwards), but see `arcade` */
    bool arcade;    /* goes round the macula: sheds thicker branches outwards, finer ones inwards */
} guide;

static const guide arcade_guide = {8,
                                   {{0.0f, 0.0f},
                                    {0.0f, 0.15f},
                                    {-0.10f, 0.34f},
                                    {-0.36f, 0.53f},
                                    {-0.74f, 0.58f},
                                    {-1.12f, 0.50f},
                                    {-1.50f, 0.34f},
                                    {-1.85f, 0.22f}},
                                   true};
static const guide nasal_guide = {
    5, {{0.0f, 0.0f}, {0.07f, 0.10f}, {0.24f, 0.30f}, {0.52f, 0.54f}, {0.95f, 0.85f}}, false};

/* A main vessel along a guide; `up` is -1 for the upper half, 1 for the lower. */
static void follow(const plant *p, const guide *g, float up, float half, float spread)
{
    float at[8][2];
    const en_eye *eye = p->eye;
    const float step = p->kind.step;
    for (size_t i = 0; i < g->points; i++) {
        float loose = i == 0 ? 0.012f : en_minf(0.012f * (float)i, 0.035f);
        float widen = i == 0 ? 1.0f : spread * eye->shape;
        at[i][0] = eye->disc[0] + g->at[i][0] + loose * normal(p->random) + (i == 0 ? 0.015f : 0.0f);
        at[i][1] = eye->disc[1] + up * g->at[i][1] * widen + loose * normal(p->random);
    }
    float phase = en_random_float(p->random, 0.0f, 6.28f), pace = en_random_float(p->random, 16.0f, 26.0f);
    shoot s = {.x = at[0][0], .y = at[0][1], .half = half};
    float gone = 0.0f, side = 1.0f, next = en_random_float(p->random, 0.14f, 0.26f);
    for (size_t i = 0; i + 1 < g->points; i++) {
        const float *a = at[i > 0 ? i - 1 : 0], *b = at[i], *c = at[i + 1], *d = at[i + 2 < g->points ? i + 2 : i + 1];
        float length = hypotf(c[0] - b[0], c[1] - b[1]);
        int steps = (int)(length / step) + 1;
        for (int k = 1; k <= steps; k++) {
            float t = (float)k / (float)steps, swing = 0.007f * sinf(phase + pace * gone) * en_minf(gone * 4.0f, 1.0f);
            float x = curve(a[0], b[0], c[0], d[0], t), y = curve(a[1], b[1], c[1], d[1], t) + swing;
            s.heading = atan2f(y - s.y, x - s.x);
            float thinner = en_maxf(s.half - step * 0.0018f, THINNEST);
            draw(p, s.x, s.y, x, y, s.half, thinner);
            s.x = x;
            s.y = y;
            s.half = thinner;
            gone += length / (float)steps;
            if (ends(p, x, y)) {
                return;
            }
            if (gone > next) {
                /* With y downwards the macula lies to the side -1 of an upper arcade, 1 of a lower. */
                bool inner = g->arcade && side * up > 0.0f && x < eye->disc[0] - 0.12f;
                shoot twig = s;
                twig.half *= inner ? 0.55f : 1.0f;
                float left = shed(p, &twig, side, inner);
                s.half = inner ? s.half * 0.985f : left;
                side = -side;
                next = gone + en_random_float(p->random, 0.09f, 0.22f);
            }
        }
    }
}

/* Small vessels straight from the disc: to the nose, and towards the macula. */
static void sprout(const plant *p, float half)
{
    const en_eye *eye = p->eye;
    for (int i = 0; i < 3; i++) {
        shoot twig = {.inner = i == 0, .depth = 2};
        twig.x = eye->disc[0] + 0.02f * normal(p->random);
        twig.y = eye->disc[1] + 0.03f * normal(p->random);
        twig.heading = (i == 0 ? 3.14159f : 0.0f) + 0.55f * normal(p->random);
        twig.half = half * en_random_float(p->random, 0.25f, 0.45f);
        twig.reach = en_random_float(p->random, 0.35f, 0.75f);
        grow(p, twig);
    }
}

void en_eye_paint_vessels(const en_eye *eye, en_canvas *canvas, en_random *random)
{
    float width = en_random_float(random, 0.88f, 1.12f);
    const struct {
        kind kind;
        float half;
    } kinds[] = {{VEIN, 0.0135f * width}, {ARTERY, 0.0098f * width}};
    for (size_t i = 0; i < 2; i++) {
        plant p = {eye, canvas, random, kinds[i].kind};
        for (float up = -1.0f; up < 2.0f; up += 2.0f) {
            float spread = (i == 0 ? 1.03f : 0.95f) + 0.04f * normal(random);
            follow(&p, &arcade_guide, up, kinds[i].half, spread);
            follow(&p, &nasal_guide, up, kinds[i].half * 0.72f, 1.0f + 0.1f * normal(random));
        }
        sprout(&p, kinds[i].half);
    }
}

/* Where the choroid's vessels are, less pigment is seen; the macula's own pigment hides them. */
static void reveal_choroid(en_canvas *canvas, float strength)
{
    float inverse = 1.0f / canvas->scale;
    for (int y = 0; y < canvas->height; y++) {
        float *from = en_canvas_row(canvas, EN_PLANE_EXUDATE, y), *to = en_canvas_row(canvas, EN_PLANE_PIGMENT, y);
        float ey = canvas->middle[1] + ((float)y - 0.5f * (float)canvas->height) * inverse;
        for (int x = 0; x < canvas->width; x++) {
            float ex = canvas->middle[0] + canvas->mirror * ((float)x - 0.5f * (float)canvas->width) * inverse;
            float away = en_minf((ex * ex + ey * ey) * 2.2f, 1.0f);
            to[x] -= strength * away * (from[x] - 0.35f);
            from[x] = 0.0f;
        }
    }
}

void en_eye_paint_choroid(const en_eye *eye, en_canvas *canvas, en_random *random)
{
    float strength = 0.40f * (0.6f - eye->pigment);
    if (strength <= 0.0f) {
        return;
    }
    plant p = {eye, canvas, random, CHOROIDAL};
    for (int i = 0; i < 70; i++) {
        float angle = en_random_float(random, 0.0f, 6.2831853f), away = en_random_float(random, 0.2f, 1.1f);
        shoot vessel = {.depth = DEEPEST - 2};
        vessel.x = eye->disc[0] + away * cosf(angle);
        vessel.y = eye->disc[1] + away * sinf(angle);
        vessel.heading = angle + 0.5f * normal(random);
        vessel.half = en_random_float(random, 0.010f, 0.019f);
        vessel.reach = en_random_float(random, 0.3f, 0.8f);
        grow(&p, vessel);
    }
    reveal_choroid(canvas, strength);
}
