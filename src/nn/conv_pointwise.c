/* 1x1 convolutions as matrix products straight from x, which is the matrix that im2col would make: the pixels of the
 * whole batch are its rows. They are cut into strips; the gradient of the weights is the sum of parts, each of some
 * strips, in order. */
#include <string.h>

#include "nn/conv.h"

#define STRIP_FLOATS                                                                                                   \
    ((size_t)128 * 1024) /* of x and y: they stay in the second-level cache from product to product                    \
                          */
#define STRIP_PIXELS 64u /* at least: packing the weights is a small part of such a product */
#define CHUNKS 16u       /* of a pass, and parts of a gradient, where there are as many pixels */

static bool serves(const en_conv_shape *s, const en_kernels *k)
{
    (void)k;
    return s->kh == 1 && s->kw == 1 && s->stride == 1 && s->pad_top == 0 && s->pad_left == 0 && s->oh == s->h &&
           s->ow == s->w;
}

static size_t pixels(const en_conv_shape *s, size_t n) { return n * s->oh * s->ow; }

static size_t strip_pixels(const en_conv_shape *s, size_t n)
{
    size_t fit = STRIP_FLOATS / (s->c + s->oc), even = (pixels(s, n) + CHUNKS - 1) / CHUNKS;
    size_t strip = fit < even ? fit : even;
    return strip > STRIP_PIXELS ? strip : STRIP_PIXELS;
}

static size_t strips(const en_conv_shape *s, size_t n)
{
    return (pixels(s, n) + strip_pixels(s, n) - 1) / strip_pixels(s, n);
}

static size_t parts(const en_conv_shape *s, size_t n) { return strips(s, n) < CHUNKS ? strips(s, n) : CHUNKS; }

static size_t weight_floats(const en_conv_shape *s) { return s->c / s->groups * s->oc; }
static size_t part_floats(const en_conv_shape *s) { return weight_floats(s) + s->oc; }

static en_conv_need need(const en_conv_shape *s, size_t n, bool train)
{
    size_t most = (pixels(s, n) + STRIP_PIXELS - 1) / STRIP_PIXELS; /* parts of any batch up to n */
    return (en_conv_need){.shared = train ? (most < CHUNKS ? most : CHUNKS) * part_floats(s) : 0};
}

static size_t strip_count(const en_conv_call *call, size_t strip)
{
    size_t first = strip * strip_pixels(call->s, call->n), left = pixels(call->s, call->n) - first;
    return left < strip_pixels(call->s, call->n) ? left : strip_pixels(call->s, call->n);
}

static void forward_strip(void *ctx, size_t strip, unsigned worker)
{
    const en_conv_call *call = *(const en_conv_call **)ctx;
    const en_conv_shape *s = call->s;
    size_t first = strip * strip_pixels(s, call->n), count = strip_count(call, strip);
    size_t depth = s->c / s->groups, outputs = s->oc / s->groups;
    const float *x = call->x + first * s->c;
    float *y = call->y + first * s->oc;
    (void)worker;
    for (size_t g = 0; g < s->groups; g++) {
        call->k->gemm(false, false, count, outputs, depth, x + g * depth, s->c, call->w + g * outputs, s->oc, false,
                      y + g * outputs, s->oc);
    }
    call->k->bias(y, call->b, count, s->oc, call->relu);
}

static void forward(const en_conv_call *call)
{
    en_pool_run(call->pool, strips(call->s, call->n), forward_strip, &call);
}

static void backward_strip(const en_conv_call *call, size_t strip, bool add, float *dw, float *db)
{
    const en_conv_shape *s = call->s;
    size_t first = strip * strip_pixels(s, call->n), count = strip_count(call, strip);
    size_t depth = s->c / s->groups, outputs = s->oc / s->groups;
    float *dy = call->dy + first * s->oc;
    if (call->relu) {
        call->k->relu_back(dy, call->y + first * s->oc, count * s->oc);
    }
    if (call->dw != NULL) {
        call->k->sum_rows(dy, count, s->oc, db);
    }
    for (size_t g = 0; g < s->groups; g++) {
        const float *d = dy + g * outputs;
        if (call->dw != NULL) {
            call->k->gemm(true, false, depth, outputs, count, call->x + first * s->c + g * depth, s->c, d, s->oc, add,
                          dw + g * outputs, s->oc);
        }
        if (call->dx != NULL) {
            call->k->gemm(false, true, count, depth, outputs, d, s->oc, call->w + g * outputs, s->oc, false,
                          call->dx + first * s->c + g * depth, s->c);
        }
    }
}

static void backward_part(void *ctx, size_t part, unsigned worker)
{
    const en_conv_call *call = *(const en_conv_call **)ctx;
    const en_conv_shape *s = call->s;
    size_t all = strips(s, call->n), count = parts(s, call->n), first = all * part / count;
    float *dw = call->shared + part * part_floats(s), *db = dw + weight_floats(s);
    (void)worker;
    memset(db, 0, s->oc * sizeof *db);
    for (size_t strip = first; strip < all * (part + 1) / count; strip++) {
        backward_strip(call, strip, strip > first, dw, db);
    }
}

static void backward(const en_conv_call *call)
{
    const en_conv_shape *s = call->s;
    size_t count = parts(s, call->n);
    en_pool_run(call->pool, count, backward_part, &call);
    if (call->dw != NULL) {
        memcpy(call->dw, call->shared, weight_floats(s) * sizeof(float));
        memcpy(call->db, call->shared + weight_floats(s), s->oc * sizeof(float));
        for (size_t part = 1; part < count; part++) {
            const float *sum = call->shared + part * part_floats(s);
            call->k->add(call->dw, sum, weight_floats(s));
            call->k->add(call->db, sum + weight_floats(s), s->oc);
        }
    }
}

const en_conv_algorithm en_conv_pointwise = {
    .name = "pointwise",
    .serves = serves,
    .need = need,
    .forward = forward,
    .backward = backward,
};
