/* Convolution as matrix products: a strip of output pixels is unrolled into a matrix (im2col), small enough to stay in
 * the second-level cache, and multiplied there. Works for every shape. */
#include <string.h>

#include "nn/conv.h"

/* Of the unrolled matrix: a quarter of a 512 KiB cache, the rest is for w, x and y; and so many pixels at least that
 * packing w for a product stays a small part of it. */
#define STRIP_FLOATS ((size_t)32 * 1024)
#define STRIP_PIXELS 96u

static size_t depth(const en_conv_shape *s) { return s->kh * s->kw * s->c; }

static size_t strip_pixels(const en_conv_shape *s)
{
    size_t fit = STRIP_FLOATS / depth(s) / 8 * 8;
    size_t want = fit > STRIP_PIXELS ? fit : STRIP_PIXELS;
    return want < s->oh * s->ow ? want : s->oh * s->ow;
}

static size_t scratch(const en_conv_shape *s) { return strip_pixels(s) * depth(s); }

static void forward(const en_conv_call *call, const float *x, float *y, size_t first, size_t rows)
{
    const en_conv_shape *s = call->s;
    size_t k = depth(s), strip = strip_pixels(s), end = (first + rows) * s->ow;
    for (size_t p = first * s->ow, count; p < end; p += count) {
        count = end - p < strip ? end - p : strip;
        call->k->im2col(s, x, p, count, call->scratch);
        call->k->gemm(false, false, count, s->oc, k, call->scratch, k, call->w, s->oc, false, y + p * s->oc, s->oc);
        call->k->bias(y + p * s->oc, call->b, count, s->oc, call->relu);
    }
}

/* Zeroes dx up to the last row that output pixels before `end` reach, of which `cleared` were zeroed before; returns
 * how many are now. A strip's rows are zeroed just before they are added to, while they fit the cache. */
static size_t clear_rows(const en_conv_shape *s, float *dx, size_t cleared, size_t end)
{
    size_t reach = (end - 1) / s->ow * s->stride + s->kh;
    size_t rows = reach > s->pad_top ? reach - s->pad_top : 0;
    rows = rows < s->h && end < s->oh * s->ow ? rows : s->h;
    if (rows > cleared) {
        memset(dx + cleared * s->w * s->c, 0, (rows - cleared) * s->w * s->c * sizeof *dx);
    }
    return rows > cleared ? rows : cleared;
}

/* Strip by strip, all that needs its dy while dy is in the cache: relu, both gradients of the parameters, and the
 * gradient of the unrolled input, which col2im folds back. */
static void backward(const en_conv_call *call, const float *x, const float *y, float *dy, bool add, float *dw,
                     float *db, float *dx)
{
    const en_conv_shape *s = call->s;
    size_t k = depth(s), strip = strip_pixels(s), end = s->oh * s->ow, cleared = 0;
    if (!add) {
        memset(db, 0, s->oc * sizeof *db);
    }
    for (size_t p = 0, count; p < end; p += count) {
        count = end - p < strip ? end - p : strip;
        float *d = dy + p * s->oc;
        if (call->relu) {
            call->k->relu_back(d, y + p * s->oc, count * s->oc);
        }
        call->k->sum_rows(d, count, s->oc, db);
        call->k->im2col(s, x, p, count, call->scratch);
        call->k->gemm(true, false, k, s->oc, count, call->scratch, k, d, s->oc, add || p > 0, dw, s->oc);
        if (dx != NULL) {
            call->k->gemm(false, true, count, k, s->oc, d, s->oc, call->w, s->oc, false, call->scratch, k);
            cleared = clear_rows(s, dx, cleared, p + count);
            call->k->col2im(s, call->scratch, p, count, dx);
        }
    }
}

const en_conv_algorithm en_conv_im2col = {
    .name = "im2col",
    .scratch = scratch,
    .forward = forward,
    .backward = backward,
};

const en_conv_algorithm *en_conv_choose(const en_conv_shape *s)
{
    (void)s; /* it serves every shape */
    return &en_conv_im2col;
}
