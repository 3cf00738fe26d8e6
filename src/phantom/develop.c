/* Developing: from the lit canvas to the 8-bit photograph. Rows are made one after the other, enlarged by cubic
 * B-splines (which blur a little, as lenses do), cut to the disc and its notch, and given the grain of a sensor. */
#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "phantom/camera.h"

#define NOISE_TILE 16384 /* values; every row and channel starts at a random place of it */
#define REACH 1.09f      /* of the disc's radius: nothing is lit beyond, notches included */

/* 0..1: how much of the pixel at (dx,dy) px from the middle of the disc is lit. */
static float lit(const en_camera *camera, float dx, float dy)
{
    float r = camera->radius, d = sqrtf(dx * dx + dy * dy), fade = en_maxf(camera->rim * r, 1.0f);
    float in = en_minf(en_maxf((r + 0.5f - d) / fade, 0.0f), 1.0f);
    if (camera->notch == EN_NOTCH_NONE || in >= 1.0f || d > REACH * r) {
        return in;
    }
    float c = camera->notch_at[0], s = camera->notch_at[1];
    float out = (dx * c + dy * s) / r - 1.0f, across = fabsf(dy * c - dx * s) / r, gap = -1.0f;
    if (out < -0.05f) {
        return in;
    }
    switch (camera->notch) {
    case EN_NOTCH_ROUND: gap = 0.034f - sqrtf(out * out + across * across); break;
    case EN_NOTCH_SQUARE: gap = en_minf(0.036f - out, 0.030f - across); break;
    case EN_NOTCH_TRIANGLE: gap = en_minf(0.040f - out, 0.048f - across - 0.4f * fabsf(out)); break;
    case EN_NOTCH_NONE: break;
    }
    return en_maxf(in, en_minf(en_maxf(gap * r + 0.5f, 0.0f), 1.0f));
}

/* Enlarging: four canvas rows at a time, widened to the photograph, lie in a ring. */
typedef struct enlarger {
    const en_canvas *canvas;
    float *row[4][3], *result[3]; /* (width) each */
    int width, have;              /* canvas rows widened so far: the next one to do */
    int from, to;                 /* columns of the photograph that can be lit */
    int *column;                  /* (width): the first of the four canvas columns that a column is made of */
    float *weight;                /* (width,4): what those count */
    float start_y, step;          /* canvas px of the photograph's first row, and from one to the next */
} enlarger;

/* A canvas row at the photograph's width. Nothing looks beyond the canvas: it is wider than what can be lit. */
static void widen(enlarger *e, int source)
{
    for (unsigned c = 0; c < 3; c++) {
        const float *in = en_canvas_row(e->canvas, EN_PLANE_RED + c, source);
        float *out = e->row[source % 4][c];
        if (e->step == 1.0f) { /* the canvas is the photograph's own size: all weights are the same */
            const float *w = e->weight + 4 * (size_t)e->from;
            in += e->column[e->from] - e->from;
            for (int x = e->from; x < e->to; x++) {
                out[x] = w[0] * in[x] + w[1] * in[x + 1] + w[2] * in[x + 2] + w[3] * in[x + 3];
            }
            continue;
        }
        for (int x = e->from; x < e->to; x++) {
            const float *k = in + e->column[x], *v = e->weight + 4 * (size_t)x;
            out[x] = v[0] * k[0] + v[1] * k[1] + v[2] * k[2] + v[3] * k[3];
        }
    }
}

static void enlarge_row(enlarger *e, int y)
{
    float at = e->start_y + (float)y * e->step, w[4];
    int low = (int)at, first = low - 1;
    en_spline_weights(at - (float)low, w);
    e->have = e->have < first ? first : e->have;
    for (; e->have < first + 4; e->have++) {
        widen(e, e->have);
    }
    for (size_t c = 0; c < 3; c++) {
        const float *r0 = e->row[first % 4][c], *r1 = e->row[(first + 1) % 4][c];
        const float *r2 = e->row[(first + 2) % 4][c], *r3 = e->row[(first + 3) % 4][c];
        float *out = e->result[c];
        for (int x = e->from; x < e->to; x++) {
            out[x] = w[0] * r0[x] + w[1] * r1[x] + w[2] * r2[x] + w[3] * r3[x];
        }
    }
}

static void enlarger_clear(enlarger *e)
{
    en_free(e->row[0][0]);
    en_free(e->column);
}

static en_status enlarger_init(enlarger *e, const en_camera *camera, const en_canvas *canvas, const float middle[2],
                               en_error *err)
{
    size_t width = (size_t)camera->width, floats = 0;
    /* Zeroed: columns that are never lit are multiplied by a mask of 0, and 0 times what lay there might be NaN. */
    float *memory = en_mul(width, 19, &floats) ? en_calloc(floats, sizeof *memory) : NULL;
    *e = (enlarger){.canvas = canvas, .width = camera->width, .column = en_alloc(width * sizeof *e->column)};
    e->row[0][0] = memory;
    if (memory == NULL || e->column == NULL) {
        return en_error_nomem(err, "a phantom photograph");
    }
    for (size_t i = 0; i < 15; i++) {
        float **slot = i < 12 ? &e->row[i / 3][i % 3] : &e->result[i - 12];
        *slot = memory + i * width;
    }
    e->weight = memory + 15 * width;
    float reach = REACH * camera->radius;
    e->from = (int)en_maxf(middle[0] - reach, 0.0f);
    e->to = (int)en_minf(middle[0] + reach, (float)camera->width);
    e->step = canvas->radius / camera->radius;
    e->start_y = 0.5f * (float)canvas->height - 0.5f + (0.5f - middle[1]) * e->step;
    for (int x = e->from; x < e->to; x++) {
        float at = 0.5f * (float)canvas->width - 0.5f + ((float)x + 0.5f - middle[0]) * e->step;
        int left = (int)at;
        e->column[x] = left - 1;
        en_spline_weights(at - (float)left, e->weight + 4 * (size_t)x);
    }
    return EN_OK;
}

/* About normal (the sum of four bytes). The tile is followed by its own beginning, a row long. */
static void fill_noise(float *tile, size_t width, float deviation, en_random *random)
{
    for (size_t i = 0; i < NOISE_TILE; i++) {
        uint32_t word = en_random_u32(random);
        uint32_t sum = (word & 255u) + (word >> 8 & 255u) + (word >> 16 & 255u) + (word >> 24);
        tile[i] = ((float)sum - 510.0f) * (deviation / 147.8f);
    }
    for (size_t i = 0; i < width; i++) {
        tile[NOISE_TILE + i] = tile[i % NOISE_TILE];
    }
}

/* How lit the pixels of a row are, `dy` px below the middle of the disc; false when none is. */
static bool mask_row(const en_camera *camera, const enlarger *e, float middle_x, float dy, float *mask)
{
    memset(mask, 0, (size_t)camera->width * sizeof *mask);
    if (fabsf(dy) > REACH * camera->radius) {
        return false;
    }
    /* Only the rim and what sticks out of it need a closer look. */
    float inside = camera->radius * (1.0f - camera->rim) - 1.0f, squared = inside * inside - dy * dy;
    float half = squared > 0.0f ? sqrtf(squared) : 0.0f;
    int left = (int)en_maxf(middle_x - half, (float)e->from), right = (int)en_minf(middle_x + half, (float)e->to);
    for (int x = e->from; x < left; x++) {
        mask[x] = lit(camera, (float)x + 0.5f - middle_x, dy);
    }
    for (int x = left; x < right; x++) {
        mask[x] = 1.0f;
    }
    for (int x = right; x < e->to; x++) {
        mask[x] = lit(camera, (float)x + 0.5f - middle_x, dy);
    }
    return true;
}

/* Colours become bytes, grain and all; what is not lit has less of it. */
static void finish_row(enlarger *e, const float *mask, bool any, const float gain[3], const float *noise,
                       en_random *random, uint8_t *rgb)
{
    size_t width = (size_t)e->width;
    for (size_t c = 0; c < 3; c++) {
        const float *grain = noise + en_random_below(random, NOISE_TILE);
        float *value = e->result[c], level = 255.0f * gain[c];
        if (!any) {
            memset(value, 0, width * sizeof *value);
        }
        for (size_t x = 0; x < width; x++) {
            float v = mask[x] * level * value[x] + (0.4f + 0.6f * mask[x]) * grain[x] + 0.5f;
            value[x] = en_minf(en_maxf(v, 0.0f), 255.0f);
        }
    }
    for (size_t x = 0; x < width; x++) {
        rgb[3 * x] = (uint8_t)e->result[0][x];
        rgb[3 * x + 1] = (uint8_t)e->result[1][x];
        rgb[3 * x + 2] = (uint8_t)e->result[2][x];
    }
}

en_status en_camera_develop(const en_camera *camera, const en_exposure *exposure, const en_canvas *canvas,
                            en_random *random, en_image *out, en_error *err)
{
    enlarger e;
    float middle[2] = {0.5f * (float)camera->width + exposure->middle[0] * camera->radius,
                       0.5f * (float)camera->height + exposure->middle[1] * camera->radius};
    en_status st = enlarger_init(&e, camera, canvas, middle, err);
    float *mask = st == EN_OK ? en_alloc((2 * (size_t)camera->width + NOISE_TILE) * sizeof *mask) : NULL;
    if (st == EN_OK && mask == NULL) {
        st = en_error_nomem(err, "a phantom photograph");
    }
    if (st == EN_OK) {
        st = en_image_alloc(out, camera->width, camera->height, err);
    }
    if (st != EN_OK) {
        goto done;
    }
    float *noise = mask + camera->width;
    fill_noise(noise, (size_t)camera->width, exposure->noise, random);
    for (int y = 0; y < camera->height; y++) {
        bool any = mask_row(camera, &e, middle[0], (float)y + 0.5f - middle[1], mask);
        if (any) {
            enlarge_row(&e, y);
        }
        finish_row(&e, mask, any, exposure->gain, noise, random, out->rgb + (size_t)y * (size_t)camera->width * 3);
    }
done:
    enlarger_clear(&e);
    en_free(mask);
    return st;
}
