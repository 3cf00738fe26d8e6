/* Global pooling: each channel's maximum or mean over all pixels of an image; one image per chunk. */
#include <math.h>
#include <string.h>

#include "nn/kind.h"

static en_status size(en_reader *r, en_layer_spec *l)
{
    (void)r;
    l->out = (en_dims){1, 1, l->in.c};
    return EN_OK;
}

static size_t pixels(const en_layer *l) { return l->in.h * l->in.w; }

static void max_plan(en_layer *l, en_plan *plan)
{
    l->u.global.place = NULL;
    if (plan->train) {
        en_plan_span(plan, l->forward_step, l->backward_step, plan->batch, l->out_size, sizeof(uint32_t),
                     &l->u.global.place);
    }
}

static void max_forward_image(void *ctx, size_t image, unsigned worker)
{
    const en_work *work = ctx;
    const en_layer *l = work->layer;
    (void)worker;
    const float *x = l->x[0] + image * l->in_size;
    float *y = l->y + image * l->out_size;
    uint32_t *place = l->u.global.place != NULL ? (uint32_t *)l->u.global.place + image * l->out_size : NULL;
    memcpy(y, x, l->out_size * sizeof *y);
    if (place != NULL) {
        memset(place, 0, l->out_size * sizeof *place);
    }
    for (size_t p = 1; p < pixels(l); p++) {
        for (size_t c = 0; c < l->out_size; c++) {
            float value = x[p * l->out_size + c];
            if (!(value <= y[c]) && !isnan(y[c])) { /* NaN propagates, so that the loss reveals it */
                y[c] = value;
                if (place != NULL) {
                    place[c] = (uint32_t)p;
                }
            }
        }
    }
}

static void max_backward_image(void *ctx, size_t image, unsigned worker)
{
    const en_work *work = ctx;
    const en_layer *l = work->layer;
    (void)worker;
    float *dx = l->dx[0] + image * l->in_size;
    const float *dy = l->dy + image * l->out_size;
    const uint32_t *place = (const uint32_t *)l->u.global.place + image * l->out_size;
    memset(dx, 0, l->in_size * sizeof *dx);
    for (size_t c = 0; c < l->out_size; c++) {
        dx[place[c] * l->out_size + c] = dy[c];
    }
}

static void avg_plan(en_layer *l, en_plan *plan)
{
    (void)l;
    (void)plan;
}

static void avg_forward_image(void *ctx, size_t image, unsigned worker)
{
    const en_work *work = ctx;
    const en_layer *l = work->layer;
    (void)worker;
    float *y = l->y + image * l->out_size;
    memset(y, 0, l->out_size * sizeof *y);
    work->pass->k->sum_rows(l->x[0] + image * l->in_size, pixels(l), l->out_size, y);
    for (size_t c = 0; c < l->out_size; c++) {
        y[c] /= (float)pixels(l);
    }
}

static void avg_backward_image(void *ctx, size_t image, unsigned worker)
{
    const en_work *work = ctx;
    const en_layer *l = work->layer;
    (void)worker;
    float *dx = l->dx[0] + image * l->in_size;
    const float *dy = l->dy + image * l->out_size;
    for (size_t p = 0; p < pixels(l); p++) {
        for (size_t c = 0; c < l->out_size; c++) {
            dx[p * l->out_size + c] = dy[c] / (float)pixels(l);
        }
    }
}

static void max_forward(en_layer *l, const en_pass *pass) { en_layer_each_image(l, pass, max_forward_image); }

static void avg_forward(en_layer *l, const en_pass *pass) { en_layer_each_image(l, pass, avg_forward_image); }

static void max_backward(en_layer *l, const en_pass *pass) { en_layer_each_image(l, pass, max_backward_image); }

static void avg_backward(en_layer *l, const en_pass *pass) { en_layer_each_image(l, pass, avg_backward_image); }

const en_layer_kind en_layer_globalmax = {
    .word = "globalmaxpool",
    .takes = EN_TAKES_NORM | EN_TAKES_ACT | EN_TAKES_OUTPUT,
    .size = size,
    .plan = max_plan,
    .forward = max_forward,
    .backward = max_backward,
};

const en_layer_kind en_layer_globalavg = {
    .word = "globalavgpool",
    .takes = EN_TAKES_NORM | EN_TAKES_ACT | EN_TAKES_OUTPUT,
    .size = size,
    .plan = avg_plan,
    .forward = avg_forward,
    .backward = avg_backward,
};
