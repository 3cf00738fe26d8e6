/* Convolution as matrix products: a strip of output pixels is unrolled into a matrix (im2col), small enough to stay in
 * the second-level cache, and multiplied there. Works for every shape. */
#include <string.h>

#include "nn/conv.h"

#define STRIP_FLOATS                                                                                                   \
    ((size_t)32 * 1024)  /* of the unrolled matrix: a quarter of a 512 KiB cache, w, x and y the rest                  \
                          */
#define STRIP_PIXELS 96u /* at least, so that packing w for a product stays a small part of it */

static size_t depth(const en_conv_shape *s) { return s->kh * s->kw * s->c; }

static size_t strip_pixels(const en_conv_shape *s)
{
    size_t fit = STRIP_FLOATS / depth(s) / 8 * 8;
    size_t want = fit > STRIP_PIXELS ? fit : STRIP_PIXELS;
    return want < s->oh * s->ow ? want : s->oh * s->ow;
}

static size_t scratch(const en_conv_shape *s) { return strip_pixels(s) * depth(s); }

static void forward(const en_conv_job *job, const float *x, float *y, size_t first, size_t rows)
{
    const en_conv_shape *s = job->s;
    size_t k = depth(s), strip = strip_pixels(s), end = (first + rows) * s->ow;
    for (size_t p = first * s->ow, count; p < end; p += count) {
        count = end - p < strip ? end - p : strip;
        job->k->im2col(s, x, p, count, job->scratch);
        job->k->gemm(false, false, count, s->oc, k, job->scratch, k, job->w, s->oc, false, y + p * s->oc, s->oc);
        job->k->bias(y + p * s->oc, job->b, count, s->oc, job->relu);
    }
}

/* Strip by strip, all that needs its dy while dy is in the cache: relu, both gradients of the parameters, and the
 * gradient of the unrolled input, which col2im folds back. */
static void backward(const en_conv_job *job, const float *x, const float *y, float *dy, bool add, float *dw, float *db,
                     float *dx)
{
    const en_conv_shape *s = job->s;
    size_t k = depth(s), strip = strip_pixels(s), end = s->oh * s->ow;
    if (!add) {
        memset(db, 0, s->oc * sizeof *db);
    }
    if (dx != NULL) {
        memset(dx, 0, s->h * s->w * s->c * sizeof *dx);
    }
    for (size_t p = 0, count; p < end; p += count) {
        count = end - p < strip ? end - p : strip;
        float *d = dy + p * s->oc;
        if (job->relu) {
            job->k->relu_back(d, y + p * s->oc, count * s->oc);
        }
        job->k->sum_rows(d, count, s->oc, db);
        job->k->im2col(s, x, p, count, job->scratch);
        job->k->gemm(true, false, k, s->oc, count, job->scratch, k, d, s->oc, add || p > 0, dw, s->oc);
        if (dx != NULL) {
            job->k->gemm(false, true, count, k, s->oc, d, s->oc, job->w, s->oc, false, job->scratch, k);
            job->k->col2im(s, job->scratch, p, count, dx);
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
