/* Painting on float planes. Every primitive looks only at its own bounding box; order does not matter where the larger
 * wins. */
#include "phantom/canvas.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "base/memory.h"

en_status en_canvas_prepare(en_canvas *canvas, int width, int height, en_error *err)
{
    size_t columns = (size_t)width, pixels = 0, floats = 0;
    if (!en_mul(columns, (size_t)height, &pixels) || !en_mul(pixels, EN_PLANES, &floats) ||
        !en_add(floats, 4 * columns, &floats)) {
        return en_error_nomem(err, "a phantom eye");
    }
    if (floats > canvas->capacity) {
        en_free(canvas->memory);
        canvas->capacity = 0;
        canvas->memory = en_calloc(floats, sizeof *canvas->memory);
        if (canvas->memory == NULL) {
            return en_error_nomem(err, "a phantom eye");
        }
        canvas->capacity = floats;
    }
    memset(canvas->memory, 0, EN_PLANE_RED * pixels * sizeof *canvas->memory);
    for (size_t i = 0; i < EN_PLANES; i++) {
        canvas->plane[i] = canvas->memory + i * pixels;
    }
    for (size_t i = 0; i < 4; i++) {
        canvas->line[i] = canvas->memory + EN_PLANES * pixels + i * columns;
    }
    canvas->width = width;
    canvas->height = height;
    return EN_OK;
}

void en_canvas_clear(en_canvas *canvas)
{
    en_free(canvas->memory);
    *canvas = (en_canvas){0};
}

/* The pixels of a rectangle given by its middle and half its sides, cut to the canvas. */
typedef struct box {
    int x0, y0, x1, y1; /* the ends are excluded */
} box;

static int clamp_int(float value, int low, int high)
{
    return value <= (float)low ? low : value >= (float)high ? high : (int)value;
}

static box box_of(const en_canvas *c, float x0, float y0, float x1, float y1)
{
    return (box){clamp_int(x0, 0, c->width), clamp_int(y0, 0, c->height), clamp_int(x1 + 1.0f, 0, c->width),
                 clamp_int(y1 + 1.0f, 0, c->height)};
}

void en_canvas_stroke(en_canvas *canvas, en_plane plane, const en_stroke *s)
{
    float ax = en_canvas_px(canvas, s->x0), ay = en_canvas_py(canvas, s->y0);
    float dx = en_canvas_px(canvas, s->x1) - ax, dy = en_canvas_py(canvas, s->y1) - ay;
    float length = sqrtf(dx * dx + dy * dy);
    if (length < 1e-4f) {
        return;
    }
    dx /= length;
    dy /= length;
    float reach = en_maxf(en_maxf(s->half0, s->half1) * canvas->scale, 0.7f) + 0.8f;
    box b = box_of(canvas, en_minf(ax, ax + dx * length) - reach, en_minf(ay, ay + dy * length) - reach,
                   en_maxf(ax, ax + dx * length) + reach, en_maxf(ay, ay + dy * length) + reach);
    float value = s->value, reflex = s->reflex, half0 = s->half0 * canvas->scale;
    float slope = (s->half1 - s->half0) * canvas->scale / length;
    for (int y = b.y0; y < b.y1; y++) {
        float *row = en_canvas_row(canvas, plane, y), py = (float)y + 0.5f - ay;
        int from = b.x0, to = b.x1;
        if (fabsf(dy) > 0.05f) { /* only this much of the row is near the line */
            float middle = ax - 0.5f + py * dx / dy, wide = reach / fabsf(dy);
            from = clamp_int(middle - wide, from, to);
            to = clamp_int(middle + wide + 1.0f, from, to);
        }
        for (int x = from; x < to; x++) { /* without branches, so that four pixels are done at a time */
            float px = (float)x + 0.5f - ax;
            float along = px * dx + py * dy, across = px * dy - py * dx, half = half0 + slope * along;
            /* Below a pixel's width a line grows fainter, not thinner. */
            float thin = en_minf(en_maxf(half / 0.7f, 0.0f), 1.0f), broad = en_maxf(half, 0.7f);
            float q = across / (broad + 0.7f), core = 3.0f * across / broad;
            float profile = en_minf(en_maxf(1.6f * (1.0f - q * q), 0.0f), 1.0f);
            float light = reflex * en_maxf(1.0f - core * core, 0.0f);
            float within = along < -0.7f || along > length + 0.7f ? 0.0f : 1.0f;
            row[x] = en_maxf(row[x], value * within * thin * profile * (1.0f - light));
        }
    }
}

void en_canvas_spot(en_canvas *canvas, en_plane plane, float x, float y, float radius, float edge, float value)
{
    float px = en_canvas_px(canvas, x), py = en_canvas_py(canvas, y), r = radius * canvas->scale, dim = 1.0f;
    if (r < 0.7f) {
        dim = r * r / 0.49f;
        r = 0.7f;
    }
    float fade = en_maxf(edge * r, 1.0f), outer = r + 0.5f;
    box b = box_of(canvas, px - outer, py - outer, px + outer, py + outer);
    for (int iy = b.y0; iy < b.y1; iy++) {
        float *row = en_canvas_row(canvas, plane, iy);
        float dy = (float)iy + 0.5f - py;
        for (int ix = b.x0; ix < b.x1; ix++) {
            float dx = (float)ix + 0.5f - px;
            float t = (outer - sqrtf(dx * dx + dy * dy)) / fade;
            t = en_minf(en_maxf(t, 0.0f), 1.0f);
            row[ix] = en_maxf(row[ix], value * dim * t * t * (3.0f - 2.0f * t));
        }
    }
}

void en_canvas_glow(en_canvas *canvas, en_plane plane, float x, float y, float radius, float value)
{
    float px = en_canvas_px(canvas, x), py = en_canvas_py(canvas, y), r = radius * canvas->scale;
    box b = box_of(canvas, px - r, py - r, px + r, py + r);
    for (int iy = b.y0; iy < b.y1; iy++) {
        float *row = en_canvas_row(canvas, plane, iy);
        float dy = ((float)iy + 0.5f - py) / r;
        for (int ix = b.x0; ix < b.x1; ix++) {
            float dx = ((float)ix + 0.5f - px) / r;
            float t = en_maxf(1.0f - dx * dx - dy * dy, 0.0f);
            row[ix] += value * t * t * t;
        }
    }
}

/* Lattice rows, each interpolated to the width of the canvas; four of them make a row of noise. */
static void widen(const float *lattice, float cell_px, int width, float *out)
{
    for (int x = 0; x < width; x++) {
        float at = ((float)x + 0.5f) / cell_px;
        int left = (int)at;
        float w[4];
        en_spline_weights(at - (float)left, w);
        out[x] = w[0] * lattice[left] + w[1] * lattice[left + 1] + w[2] * lattice[left + 2] + w[3] * lattice[left + 3];
    }
}

void en_canvas_noise(en_canvas *canvas, en_plane plane, float cell, float value, en_random *random)
{
    float cell_px = en_maxf(cell * canvas->scale, 2.0f);
    int width = canvas->width, knots = (int)((float)width / cell_px) + 5;
    float *lattice = canvas->plane[EN_PLANE_SCRATCH]; /* knots <= width/2 + 5 */
    int have = 0;                                     /* lattice rows made so far; row k lies at line[k % 4] */
    for (int y = 0; y < canvas->height; y++) {
        float at = ((float)y + 0.5f) / cell_px;
        int top = (int)at;
        for (; have < top + 4; have++) {
            for (int i = 0; i < knots; i++) {
                /* A spline flattens its knots to about a half: three times the range gives -1..1. */
                lattice[i] = value * ((float)(en_random_u32(random) >> 8) * 0x6p-24f - 3.0f);
            }
            widen(lattice, cell_px, width, canvas->line[have % 4]);
        }
        float w[4];
        en_spline_weights(at - (float)top, w);
        const float *a = canvas->line[top % 4], *b = canvas->line[(top + 1) % 4];
        const float *c = canvas->line[(top + 2) % 4], *d = canvas->line[(top + 3) % 4];
        float *out = en_canvas_row(canvas, plane, y);
        for (int x = 0; x < width; x++) {
            out[x] += w[0] * a[x] + w[1] * b[x] + w[2] * c[x] + w[3] * d[x];
        }
    }
}

/* The running mean of 2*radius+1 values of a line, edges repeated. */
static void box_blur_line(const float *in, float *out, int size, int radius)
{
    float sum = in[0] * (float)(radius + 1), proportion = 1.0f / (float)(2 * radius + 1);
    for (int i = 0; i < radius; i++) {
        sum += in[i < size ? i : size - 1];
    }
    for (int i = 0; i < size; i++) {
        int enter = i + radius < size ? i + radius : size - 1, leave = i - radius - 1 > 0 ? i - radius - 1 : 0;
        sum += in[enter] - in[leave];
        out[i] = sum * proportion;
    }
}

/* The same down the columns, a row of sums at a time. */
static void box_blur_columns(const en_canvas *canvas, en_plane from, en_plane to, int radius)
{
    int width = canvas->width, last = canvas->height - 1;
    float proportion = 1.0f / (float)(2 * radius + 1), *sum = canvas->line[0];
    for (int i = -radius - 1; i < radius; i++) {
        const float *row = en_canvas_row(canvas, from, i < 0 ? 0 : i < last ? i : last);
        for (int x = 0; x < width; x++) {
            sum[x] = i == -radius - 1 ? row[x] : sum[x] + row[x];
        }
    }
    for (int y = 0; y <= last; y++) {
        const float *enter = en_canvas_row(canvas, from, y + radius < last ? y + radius : last);
        const float *leave = en_canvas_row(canvas, from, y - radius - 1 > 0 ? y - radius - 1 : 0);
        float *out = en_canvas_row(canvas, to, y);
        for (int x = 0; x < width; x++) {
            sum[x] += enter[x] - leave[x];
            out[x] = sum[x] * proportion;
        }
    }
}

void en_canvas_blur(en_canvas *canvas, en_plane plane, float radius)
{
    /* Three boxes of radius r have the variance r(r+1). */
    int r = (int)lrintf(sqrtf(radius * radius * canvas->scale * canvas->scale + 0.25f) - 0.5f);
    if (r < 1) {
        return;
    }
    for (int pass = 0; pass < 3; pass++) {
        for (int y = 0; y < canvas->height; y++) {
            const float *in = en_canvas_row(canvas, plane, y);
            box_blur_line(in, en_canvas_row(canvas, EN_PLANE_SCRATCH, y), canvas->width, r);
        }
        box_blur_columns(canvas, EN_PLANE_SCRATCH, plane, r);
    }
}
