/* Convolution as matrix products: a strip of output pixels is unrolled into a matrix (im2col), small enough to stay in
 * the second-level cache, and multiplied there. Works for every shape. */
#include <string.h>

#include "nn/conv.h"

#define BLOCK_ROWS 32u /* of the output a chunk of the forward pass makes */
#define GROUPS 16u     /* chunks of the backward pass; image i belongs to group i % GROUPS */
/* Of the unrolled matrix: a quarter of a 512 KiB cache, the rest is for w, x and y; and so many pixels at least that
 * packing w for a product stays a small part of it. */
#define STRIP_FLOATS ((size_t)32 * 1024)
#define STRIP_PIXELS 96u

/* Inputs of one output number, and outputs of a group of channels. */
static size_t depth(const en_conv_shape *s) { return s->kh * s->kw * (s->c / s->groups); }
static size_t group_outputs(const en_conv_shape *s) { return s->oc / s->groups; }

static size_t strip_pixels(const en_conv_shape *s)
{
    size_t fit = STRIP_FLOATS / depth(s) / 8 * 8;
    size_t want = fit > STRIP_PIXELS ? fit : STRIP_PIXELS;
    return want < s->oh * s->ow ? want : s->oh * s->ow;
}

static size_t groups(size_t images) { return images < GROUPS ? images : GROUPS; }

static size_t part_floats(const en_conv_shape *s) { return (depth(s) + 1) * s->oc; }

static bool serves(const en_conv_shape *s, const en_kernels *k)
{
    (void)s;
    (void)k;
    return true;
}

static en_conv_need need(const en_conv_shape *s, size_t n, bool train)
{
    return (en_conv_need){.shared = train ? groups(n) * part_floats(s) : 0, .scratch = strip_pixels(s) * depth(s)};
}

static size_t blocks(const en_conv_shape *s) { return (s->oh + BLOCK_ROWS - 1) / BLOCK_ROWS; }

static void forward_block(void *ctx, size_t chunk, unsigned worker)
{
    const en_conv_call *call = ctx;
    const en_conv_shape *s = call->s;
    size_t image = chunk / blocks(s), first = chunk % blocks(s) * BLOCK_ROWS;
    size_t rows = s->oh - first < BLOCK_ROWS ? s->oh - first : BLOCK_ROWS;
    const float *x = call->x + image * s->h * s->w * s->c;
    float *y = call->y + image * s->oh * s->ow * s->oc, *col = call->scratch + worker * call->scratch_stride;
    size_t k = depth(s), outputs = group_outputs(s), strip = strip_pixels(s), end = (first + rows) * s->ow;
    for (size_t p = first * s->ow, count; p < end; p += count) {
        count = end - p < strip ? end - p : strip;
        for (size_t g = 0; g < s->groups; g++) {
            call->k->im2col(s, x, g, p, count, col);
            call->k->gemm(false, false, count, outputs, k, col, k, call->w + g * outputs, s->oc, false,
                          y + p * s->oc + g * outputs, s->oc);
        }
        call->k->bias(y + p * s->oc, call->b, count, s->oc, call->relu);
    }
}

static void forward(const en_conv_call *call)
{
    en_conv_call same = *call;
    en_pool_run(call->pool, call->n * blocks(call->s), forward_block, &same);
}

/* Zeroes dx up to the last row that output pixels before `end` reach, of which `cleared` were zeroed before; returns
 * how many are now. A strip's rows are zeroed just before they are added to, while they fit the cache. */
static size_t clear_rows(const en_conv_shape *s, float *dx, size_t cleared, size_t end)
{
    size_t reach = (end - 1) / s->ow * s->stride + (s->kh - 1) * s->dilation + 1;
    size_t rows = reach > s->pad_top ? reach - s->pad_top : 0;
    rows = rows < s->h && end < s->oh * s->ow ? rows : s->h;
    if (rows > cleared) {
        memset(dx + cleared * s->w * s->c, 0, (rows - cleared) * s->w * s->c * sizeof *dx);
    }
    return rows > cleared ? rows : cleared;
}

/* One strip of one group of channels: d are its gradients at the group's first channel. The gradient of the weights is
 * added to when `add`; the gradient of the unrolled input is folded back by col2im. */
static void backward_strip(const en_conv_call *call, size_t g, const float *x, const float *d, size_t p, size_t count,
                           bool add, float *dw, float *dx, float *col)
{
    const en_conv_shape *s = call->s;
    size_t k = depth(s), outputs = group_outputs(s);
    if (call->dw != NULL) {
        call->k->im2col(s, x, g, p, count, col);
        call->k->gemm(true, false, k, outputs, count, col, k, d, s->oc, add, dw + g * outputs, s->oc);
    }
    if (dx != NULL) {
        call->k->gemm(false, true, count, k, outputs, d, s->oc, call->w + g * outputs, s->oc, false, col, k);
        call->k->col2im(s, col, g, p, count, dx);
    }
}

/* One image. Strip by strip, all that needs its dy while dy is in the cache: relu and the gradients, those of the
 * parameters added to when `add`. */
static void backward_image(const en_conv_call *call, size_t image, bool add, float *dw, float *db, float *col)
{
    const en_conv_shape *s = call->s;
    const float *x = call->x + image * s->h * s->w * s->c, *y = call->y + image * s->oh * s->ow * s->oc;
    float *dy = call->dy + image * s->oh * s->ow * s->oc;
    float *dx = call->dx != NULL ? call->dx + image * s->h * s->w * s->c : NULL;
    size_t strip = strip_pixels(s), end = s->oh * s->ow, cleared = 0;
    if (!add) {
        memset(db, 0, s->oc * sizeof *db);
    }
    for (size_t p = 0, count; p < end; p += count) {
        count = end - p < strip ? end - p : strip;
        float *d = dy + p * s->oc;
        if (call->relu) {
            call->k->relu_back(d, y + p * s->oc, count * s->oc);
        }
        if (call->dw != NULL) {
            call->k->sum_rows(d, count, s->oc, db);
        }
        if (dx != NULL) {
            cleared = clear_rows(s, dx, cleared, p + count);
        }
        for (size_t g = 0; g < s->groups; g++) {
            backward_strip(call, g, x, d + g * group_outputs(s), p, count, add || p > 0, dw, dx, col);
        }
    }
}

static void backward_group(void *ctx, size_t group, unsigned worker)
{
    const en_conv_call *call = ctx;
    float *dw = call->shared + group * part_floats(call->s), *db = dw + depth(call->s) * call->s->oc;
    for (size_t image = group; image < call->n; image += GROUPS) {
        backward_image(call, image, image != group, dw, db, call->scratch + worker * call->scratch_stride);
    }
}

static void backward(const en_conv_call *call)
{
    const en_conv_shape *s = call->s;
    size_t weights = depth(s) * s->oc, parts = groups(call->n);
    en_conv_call same = *call;
    en_pool_run(call->pool, parts, backward_group, &same);
    if (call->dw != NULL) {
        memcpy(call->dw, call->shared, weights * sizeof(float));
        memcpy(call->db, call->shared + weights, s->oc * sizeof(float));
        for (size_t part = 1; part < parts; part++) {
            call->k->add(call->dw, call->shared + part * part_floats(s), weights);
            call->k->add(call->db, call->shared + part * part_floats(s) + weights, s->oc);
        }
    }
}

const en_conv_algorithm en_conv_im2col = {
    .name = "im2col",
    .serves = serves,
    .need = need,
    .forward = forward,
    .backward = backward,
};
