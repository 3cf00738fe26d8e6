/* What diabetes does to a retina, by grade of the ICDR scale (Wilkinson et al. 2003):
 *   1 a few microaneurysms   2 more of them, haemorrhages, hard exudates   3 many haemorrhages in every quadrant,
 *   cotton-wool spots        4 new vessels and bleeding in front of the retina besides
 * From grade 2 on there is always enough, and large enough, to be seen in a sample of 96 px. */
#include <math.h>

#include "phantom/eye.h"

typedef struct brush {
    const en_eye *eye;
    en_canvas *canvas;
    en_random *random;
} brush;

typedef struct place {
    float x, y;
} place;

/* Call it once in a full expression: the order in which arguments are evaluated is unspecified. */
static float between(const brush *b, float low, float high) { return en_random_float(b->random, low, high); }

static int count_between(const brush *b, int low, int high)
{
    return low + (int)en_random_below(b->random, (uint32_t)(high - low + 1));
}

bool en_eye_sees(const en_eye *eye, float x, float y, float margin)
{
    float dx = x - eye->view[0], dy = y - eye->view[1], r = eye->field - margin;
    return dx * dx + dy * dy < r * r && fabsf(dy) < eye->half_height - margin;
}

/* A place in the photograph, clear of the optic disc, `away` from the fovea; quadrant 0..3 about the fovea, or -1. */
static place find_place(const brush *b, int quadrant, float away, float within)
{
    place p = {0.0f, away};
    for (int tries = 0; tries < 200; tries++) {
        float turn = quadrant >= 0 ? between(b, 0.0f, 1.0f) + (float)quadrant : between(b, 0.0f, 4.0f);
        float angle = 1.5707963f * turn;
        float r = away + (within - away) * sqrtf(between(b, 0.0f, 1.0f));
        p = (place){r * cosf(angle), r * sinf(angle)};
        float from_disc = hypotf(p.x - b->eye->disc[0], p.y - b->eye->disc[1]);
        if (from_disc > 1.6f * b->eye->disc_radius && en_eye_sees(b->eye, p.x, p.y, 0.10f)) {
            break;
        }
    }
    return p;
}

static void microaneurysms(const brush *b, int count)
{
    for (; count > 0; count--) {
        place p = find_place(b, -1, 0.08f, 0.75f);
        float radius = between(b, 0.0055f, 0.0095f), depth = between(b, 0.8f, 1.1f);
        en_canvas_spot(b->canvas, EN_PLANE_BLOOD, p.x, p.y, radius, 0.5f, depth);
    }
}

/* Blots lie deep and are round, but ragged. */
static void blot(const brush *b, place p, float radius)
{
    float depth = between(b, 1.00f, 1.40f);
    en_canvas_spot(b->canvas, EN_PLANE_BLOOD, p.x, p.y, radius * 0.9f, 0.6f, depth);
    for (int lobes = count_between(b, 4, 9); lobes > 0; lobes--) {
        float angle = between(b, 0.0f, 6.2831853f), r = radius * between(b, 0.3f, 0.85f);
        float size = radius * between(b, 0.25f, 0.5f), thick = depth * between(b, 0.7f, 1.0f);
        en_canvas_spot(b->canvas, EN_PLANE_BLOOD, p.x + r * cosf(angle), p.y + r * sinf(angle), size, 0.7f, thick);
    }
}

/* Flames lie among the nerve fibres and run with them, away from the disc. */
static void flame(const brush *b, place p, float radius)
{
    float angle = atan2f(p.y - b->eye->disc[1], p.x - b->eye->disc[0]) + between(b, -0.4f, 0.4f);
    float ux = cosf(angle), uy = sinf(angle), depth = between(b, 0.90f, 1.20f);
    for (int fibres = count_between(b, 4, 7); fibres > 0; fibres--) {
        float across = radius * between(b, -0.7f, 0.7f), middle = radius * between(b, -0.5f, 0.5f);
        float length = radius * between(b, 1.0f, 2.2f), thick = radius * between(b, 0.25f, 0.45f);
        for (float t = -1.0f; t <= 1.0f; t += 0.125f) { /* discs along a line, thinner at its ends */
            float along = middle + t * length;
            en_canvas_spot(b->canvas, EN_PLANE_BLOOD, p.x + ux * along - uy * across, p.y + uy * along + ux * across,
                           thick * (1.1f - t * t), 0.7f, depth);
        }
    }
}

static void haemorrhages(const brush *b, int count, bool every_quadrant, float small, float large)
{
    for (int i = 0; i < count; i++) {
        place p = find_place(b, every_quadrant ? i % 4 : -1, 0.12f, 0.95f);
        float radius = between(b, small, large);
        if (between(b, 0.0f, 1.0f) < 0.7f) {
            blot(b, p, radius);
        } else {
            flame(b, p, radius * 0.8f);
        }
    }
}

/* Hard exudates: fat left behind around a leak, in clusters or a broken ring. */
static void exudates(const brush *b, int clusters)
{
    for (; clusters > 0; clusters--) {
        place p = find_place(b, -1, 0.14f, 0.62f);
        bool ring = between(b, 0.0f, 1.0f) < 0.4f;
        float spread = between(b, 0.06f, 0.13f), start = between(b, 0.0f, 6.2831853f);
        for (int drops = count_between(b, 16, 36); drops > 0; drops--) {
            float angle = ring ? start + between(b, 0.0f, 4.2f) : between(b, 0.0f, 6.2831853f);
            float out = between(b, 0.0f, 1.0f), r = spread * (ring ? 0.8f + 0.3f * out : sqrtf(out));
            float size = between(b, 0.007f, 0.015f), large = between(b, 0.0f, 1.0f), fat = between(b, 0.75f, 0.95f);
            float dx = between(b, -1.0f, 1.0f), dy = between(b, -1.0f, 1.0f);
            float x = p.x + r * cosf(angle), y = p.y + r * sinf(angle);
            size += 0.016f * large * large * large;
            en_canvas_spot(b->canvas, EN_PLANE_EXUDATE, x, y, size, 0.5f, fat);
            en_canvas_spot(b->canvas, EN_PLANE_EXUDATE, x + size * dx, y + size * dy, size * 0.7f, 0.5f, 0.8f);
        }
    }
}

/* Cotton-wool spots: swollen nerve fibres, white and fluffy, near the arcades. */
static void cotton_wool(const brush *b, int count)
{
    for (; count > 0; count--) {
        place p = find_place(b, -1, 0.38f, 0.75f);
        float radius = between(b, 0.030f, 0.050f), angle = between(b, 0.0f, 3.1415927f);
        for (int tufts = count_between(b, 6, 10); tufts > 0; tufts--) {
            float along = radius * between(b, -0.9f, 0.9f), across = radius * between(b, -0.4f, 0.4f);
            float size = radius * between(b, 0.35f, 0.75f), thick = between(b, 0.55f, 0.85f);
            en_canvas_spot(b->canvas, EN_PLANE_COTTON, p.x + along * cosf(angle) - across * sinf(angle),
                           p.y + along * sinf(angle) + across * cosf(angle), size, 0.9f, thick);
        }
    }
}

/* One fine loop of a tangle. */
static void loop(const brush *b, place at)
{
    float heading = between(b, 0.0f, 6.2831853f), bend = between(b, 12.0f, 40.0f), half = between(b, 0.0012f, 0.0024f);
    bend *= en_random_below(b->random, 2) == 0 ? 1.0f : -1.0f;
    for (int steps = count_between(b, 12, 26); steps > 0; steps--) {
        heading += 0.006f * (bend + 45.0f * (float)en_random_normal(b->random));
        place next = {at.x + 0.006f * cosf(heading), at.y + 0.006f * sinf(heading)};
        en_canvas_stroke(
            b->canvas, EN_PLANE_BLOOD,
            &(en_stroke){
                .x0 = at.x, .y0 = at.y, .x1 = next.x, .y1 = next.y, .half0 = half, .half1 = half, .value = 0.5f});
        at = next;
    }
}

/* New vessels: tangles of fine loops that keep turning, on the disc or off an arcade. */
static void new_vessels(const brush *b, int tangles)
{
    for (int i = 0; i < tangles; i++) {
        place root = i == 0 ? (place){b->eye->disc[0], b->eye->disc[1]} : find_place(b, -1, 0.45f, 0.75f);
        for (int loops = count_between(b, 18, 30); loops > 0; loops--) {
            float dx = between(b, -0.06f, 0.06f), dy = between(b, -0.06f, 0.06f);
            loop(b, (place){root.x + dx, root.y + dy});
        }
    }
}

/* Preretinal blood collects below a horizontal level: flat above, round below. */
static void preretinal_bleeding(const brush *b)
{
    place p = find_place(b, -1, 0.30f, 0.65f);
    float radius = between(b, 0.09f, 0.16f), drop = 0.16f * radius, depth = between(b, 1.1f, 1.5f);
    for (float y = 0.0f; y < radius; y += 0.7f * drop) {
        float half = sqrtf(en_maxf(radius * radius - y * y, 0.0f));
        for (float x = -half; x <= half; x += 0.7f * drop) {
            en_canvas_spot(b->canvas, EN_PLANE_BLOOD, p.x + x, p.y + 0.8f * y, drop, 0.6f, depth);
        }
    }
}

void en_eye_paint_lesions(const en_eye *eye, int grade, en_canvas *canvas, en_random *random)
{
    const brush b = {eye, canvas, random};
    switch (grade) {
    case 0: break;
    case 1: microaneurysms(&b, count_between(&b, 1, 4)); break;
    case 2:
        microaneurysms(&b, count_between(&b, 6, 14));
        haemorrhages(&b, count_between(&b, 12, 20), false, 0.030f, 0.052f);
        exudates(&b, count_between(&b, 3, 5));
        break;
    case 3:
        microaneurysms(&b, count_between(&b, 15, 30));
        haemorrhages(&b, count_between(&b, 24, 40), true, 0.024f, 0.052f);
        exudates(&b, count_between(&b, 2, 4));
        cotton_wool(&b, count_between(&b, 3, 6));
        break;
    default:
        microaneurysms(&b, count_between(&b, 10, 25));
        haemorrhages(&b, count_between(&b, 14, 28), true, 0.024f, 0.052f);
        exudates(&b, count_between(&b, 2, 4));
        cotton_wool(&b, count_between(&b, 1, 4));
        new_vessels(&b, count_between(&b, 2, 4));
        if (en_random_below(random, 10) < 6) {
            preretinal_bleeding(&b);
        }
        break;
    }
}
