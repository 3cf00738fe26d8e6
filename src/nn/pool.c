/* Max and mean pooling: one image per chunk. Max pooling remembers in training where each maximum lay. Padding is made
 * by working on a copy of the image with a border: of -infinity for the maximum, which it never is, and of 0 for the
 * mean, which counts only the pixels inside. */
#include <math.h>
#include <string.h>

#include "nn/kind.h"

#define WINDOW_MAX 16 /* px: a place in it fits a byte (kernel.h) */

static const char *const options[] = {"stride", "pad", NULL};

static en_status read(en_reader *r, en_layer_spec *l)
{
    en_status st = en_reader_count(r, "a window", 1, WINDOW_MAX, &l->kh);
    l->kw = l->stride = l->kh;
    return st;
}

static en_status option(en_reader *r, en_layer_spec *l, const char *word)
{
    return strcmp(word, "stride") == 0 ? en_reader_stride(r, l) : en_reader_pad(r, l);
}

static en_status size(en_reader *r, en_layer_spec *l)
{
    if (l->pad >= l->kh) { /* a window must see a pixel */
        return en_reader_fault(r, "a padding of %zu for a window of %zux%zu: it must be smaller", l->pad, l->kh, l->kh);
    }
    if (l->same) {
        l->out = (en_dims){(l->in.h - 1) / l->stride + 1, (l->in.w - 1) / l->stride + 1, l->in.c};
    } else {
        l->out = (en_dims){en_window_steps(l->in.h + 2 * l->pad, l->kh, l->stride),
                           en_window_steps(l->in.w + 2 * l->pad, l->kh, l->stride), l->in.c};
    }
    if (l->out.h == 0 || l->out.w == 0) {
        return en_reader_fault(r, "a window of %zux%zu does not fit its input of %zux%zux%zu", l->kh, l->kh, l->in.h,
                               l->in.w, l->in.c);
    }
    return EN_OK;
}

static en_status text(const en_spec *spec, const en_layer_spec *l, en_buf *out, en_error *err)
{
    (void)spec;
    en_status st = en_buf_printf(out, err, "%s %zu", l->kind->word, l->kh);
    return st == EN_OK ? en_text_window(l, l->kh, out, err) : st;
}

static bool is_padded(const en_layer *l)
{
    const en_pool_shape *s = &l->u.pool.shape;
    return s->h != l->in.h || s->w != l->in.w;
}

static size_t before(size_t in, size_t out, const en_layer_spec *spec)
{
    size_t reach = (out - 1) * spec->stride + spec->kh;
    return !spec->same ? spec->pad : reach > in ? (reach - in) / 2 : 0;
}

/* The size of the image with its border, at least as far as windows reach. */
static size_t bordered(size_t in, size_t out, size_t first, const en_layer_spec *spec)
{
    size_t reach = (out - 1) * spec->stride + spec->kh, own = in + first;
    return first == 0 && reach <= in ? in : reach > own ? reach : own;
}

static void plan_window(en_layer *l, en_plan *plan)
{
    const en_layer_spec *spec = l->spec;
    l->u.pool.top = before(l->in.h, l->out.h, spec);
    l->u.pool.left = before(l->in.w, l->out.w, spec);
    l->u.pool.shape = (en_pool_shape){bordered(l->in.h, l->out.h, l->u.pool.top, spec),
                                      bordered(l->in.w, l->out.w, l->u.pool.left, spec),
                                      l->in.c,
                                      spec->kh,
                                      spec->stride,
                                      l->out.h,
                                      l->out.w};
    if (is_padded(l)) {
        en_plan_scratch(plan, l->u.pool.shape.h * l->u.pool.shape.w, l->in.c);
    }
}

/* The image with its border, in `to`. */
static const float *with_border(const en_layer *l, const float *x, float edge, float *to)
{
    const en_pool_shape *s = &l->u.pool.shape;
    for (size_t i = 0; i < s->h * s->w * s->c; i++) {
        to[i] = edge;
    }
    for (size_t row = 0; row < l->in.h; row++) {
        memcpy(to + ((row + l->u.pool.top) * s->w + l->u.pool.left) * s->c, x + row * l->in.w * s->c,
               l->in.w * s->c * sizeof *to);
    }
    return to;
}

static void without_border(const en_layer *l, const float *from, float *dx)
{
    const en_pool_shape *s = &l->u.pool.shape;
    for (size_t row = 0; row < l->in.h; row++) {
        memcpy(dx + row * l->in.w * s->c, from + ((row + l->u.pool.top) * s->w + l->u.pool.left) * s->c,
               l->in.w * s->c * sizeof *dx);
    }
}

static float *scratch_of(const en_pass *pass, unsigned worker) { return pass->scratch + worker * pass->scratch_stride; }

static void plan_max(en_layer *l, en_plan *plan)
{
    plan_window(l, plan);
    l->u.pool.place = NULL;
    if (plan->train) {
        en_plan_span(plan, l->forward_step, l->backward_step, plan->batch, l->out_size, sizeof(uint8_t),
                     &l->u.pool.place);
    }
}

static uint8_t *place_of(const en_layer *l, size_t image)
{
    return l->u.pool.place != NULL ? (uint8_t *)l->u.pool.place + image * l->out_size : NULL;
}

static void max_forward_image(void *ctx, size_t image, unsigned worker)
{
    const en_work *work = ctx;
    const en_layer *l = work->layer;
    const float *x = l->x[0] + image * l->in_size;
    if (is_padded(l)) {
        x = with_border(l, x, -INFINITY, scratch_of(work->pass, worker));
    }
    work->pass->k->maxpool(&l->u.pool.shape, x, l->y + image * l->out_size, place_of(l, image));
}

static void max_backward_image(void *ctx, size_t image, unsigned worker)
{
    const en_work *work = ctx;
    const en_layer *l = work->layer;
    float *dx = l->dx[0] + image * l->in_size, *to = is_padded(l) ? scratch_of(work->pass, worker) : dx;
    work->pass->k->maxpool_back(&l->u.pool.shape, l->dy + image * l->out_size, place_of(l, image), to);
    if (to != dx) {
        without_border(l, to, dx);
    }
}

static void max_forward(en_layer *l, const en_pass *pass) { en_layer_each_image(l, pass, max_forward_image); }

static void max_backward(en_layer *l, const en_pass *pass) { en_layer_each_image(l, pass, max_backward_image); }

/* The part of output place i's window that lies inside `length` pixels, of which `border` lie before the image. */
static void inside(size_t i, const en_layer_spec *spec, size_t border, size_t length, size_t *first, size_t *end)
{
    size_t from = i * spec->stride, to = from + spec->kh;
    *first = from > border ? from - border : 0;
    *end = to - border < length ? to - border : length;
}

/* Calls for each output pixel: adds its window's mean to y, or spreads dy over the window. */
static void mean_image(const en_layer *l, const float *x, float *y, const float *dy, float *dx)
{
    size_t c = l->in.c;
    for (size_t out = 0; out < l->out.h * l->out.w; out++) {
        size_t top, bottom, left, right;
        inside(out / l->out.w, l->spec, l->u.pool.top, l->in.h, &top, &bottom);
        inside(out % l->out.w, l->spec, l->u.pool.left, l->in.w, &left, &right);
        float part = 1 / (float)((bottom - top) * (right - left));
        for (size_t row = top; row < bottom; row++) {
            for (size_t column = left; column < right; column++) {
                size_t at = (row * l->in.w + column) * c;
                for (size_t i = 0; dx == NULL && i < c; i++) {
                    y[out * c + i] += x[at + i] * part;
                }
                for (size_t i = 0; dx != NULL && i < c; i++) {
                    dx[at + i] += dy[out * c + i] * part;
                }
            }
        }
    }
}

static void avg_forward_image(void *ctx, size_t image, unsigned worker)
{
    const en_work *work = ctx;
    const en_layer *l = work->layer;
    (void)worker;
    float *y = l->y + image * l->out_size;
    memset(y, 0, l->out_size * sizeof *y);
    mean_image(l, l->x[0] + image * l->in_size, y, NULL, NULL);
}

static void avg_backward_image(void *ctx, size_t image, unsigned worker)
{
    const en_work *work = ctx;
    const en_layer *l = work->layer;
    (void)worker;
    float *dx = l->dx[0] + image * l->in_size;
    memset(dx, 0, l->in_size * sizeof *dx);
    mean_image(l, NULL, NULL, l->dy + image * l->out_size, dx);
}

static void avg_forward(en_layer *l, const en_pass *pass) { en_layer_each_image(l, pass, avg_forward_image); }

static void avg_backward(en_layer *l, const en_pass *pass) { en_layer_each_image(l, pass, avg_backward_image); }

const en_layer_kind en_layer_maxpool = {
    .word = "maxpool",
    .takes = EN_TAKES_NORM | EN_TAKES_ACT,
    .read = read,
    .options = options,
    .option = option,
    .size = size,
    .text = text,
    .plan = plan_max,
    .forward = max_forward,
    .backward = max_backward,
};

const en_layer_kind en_layer_avgpool = {
    .word = "avgpool",
    .takes = EN_TAKES_NORM | EN_TAKES_ACT,
    .read = read,
    .options = options,
    .option = option,
    .size = size,
    .text = text,
    .plan = plan_window,
    .forward = avg_forward,
    .backward = avg_backward,
};
