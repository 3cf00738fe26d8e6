/* Depthwise convolutions: each channel has a kernel of its own, and rows of the image pass through the cache once. The
 * backward pass of an image goes down its rows: relu and the gradients of the parameters of one row of dy, then those
 * rows of dx that no later row of dy adds to. */
#include <string.h>

#include "kernel/depthwise.h"
#include "nn/conv.h"
#include "nn/conv_taps.h"

#define BLOCK_ROWS 16u /* of the output a chunk of the forward pass makes */
#define GROUPS 16u     /* chunks of the backward pass; image i belongs to group i % GROUPS */

static bool serves(const en_conv_shape *s, const en_kernels *k)
{
    return k->depthwise != NULL && s->groups == s->c && s->oc == s->c && (s->dilation == 1 || s->stride == 1);
}

static size_t weight_floats(const en_conv_shape *s) { return s->kh * s->kw * s->c; }
static size_t part_floats(const en_conv_shape *s) { return weight_floats(s) + s->c; }
static size_t parts(size_t images) { return images < GROUPS ? images : GROUPS; }

static en_conv_need need(const en_conv_shape *s, size_t n, bool train)
{
    return (en_conv_need){.shared = train ? parts(n) * part_floats(s) : 0};
}

/* The taps of a kernel's column of n that lie in an image of `limit` pixels when tap 0 is at `start`. */
static void taps_inside(ptrdiff_t start, size_t dilation, size_t n, size_t limit, size_t *first, size_t *count)
{
    size_t end = 0;
    *first = 0;
    for (size_t r = 0; r < n; r++) {
        ptrdiff_t at = start + (ptrdiff_t)(r * dilation);
        *first = at < 0 ? r + 1 : *first;
        end = at < (ptrdiff_t)limit ? r + 1 : end;
    }
    *count = end > *first ? end - *first : 0;
}

/* Row i of the output: its geometry, and where its first row of taps reads x and w. */
static en_depthwise_row output_row(const en_conv_shape *s, size_t i, size_t *x, size_t *w)
{
    size_t first, rows;
    ptrdiff_t start = (ptrdiff_t)(i * s->stride) - (ptrdiff_t)s->pad_top;
    taps_inside(start, s->dilation, s->kh, s->h, &first, &rows);
    *x = rows > 0 ? (size_t)(start + (ptrdiff_t)(first * s->dilation)) * s->w * s->c : 0;
    *w = rows > 0 ? first * s->kw * s->c : 0;
    return (en_depthwise_row){.channels = s->c,
                              .rows = rows,
                              .taps = s->kw,
                              .x_row = (ptrdiff_t)(s->dilation * s->w * s->c),
                              .w_row = (ptrdiff_t)(s->kw * s->c),
                              .w_tap = (ptrdiff_t)s->c,
                              .step = s->stride,
                              .dilation = s->dilation,
                              .offset = -(ptrdiff_t)s->pad_left,
                              .width = s->w,
                              .count = s->ow,
                              .y_distance = 1};
}

static size_t blocks(const en_conv_shape *s) { return (s->oh + BLOCK_ROWS - 1) / BLOCK_ROWS; }

static void forward_block(void *ctx, size_t chunk, unsigned worker)
{
    const en_conv_call *call = *(const en_conv_call **)ctx;
    const en_conv_shape *s = call->s;
    (void)worker;
    size_t image = chunk / blocks(s), first = chunk % blocks(s) * BLOCK_ROWS;
    for (size_t i = first; i < first + BLOCK_ROWS && i < s->oh; i++) {
        size_t x, w;
        en_depthwise_row row = output_row(s, i, &x, &w);
        call->k->depthwise->correlate(&row, call->x + image * s->h * s->w * s->c + x, call->w + w, call->b, call->relu,
                                      call->y + (image * s->oh + i) * s->ow * s->oc);
    }
}

static void forward(const en_conv_call *call)
{
    en_pool_run(call->pool, call->n * blocks(call->s), forward_block, &call);
}

/* Row i of dx from the rows of one image's dy. */
static void input_row(const en_conv_call *call, size_t i, const float *dy, float *dx)
{
    const en_conv_shape *s = call->s;
    size_t first, rows;
    en_conv_meeting down = en_conv_meet(i + s->pad_top, s->stride, s->dilation, s->kh);
    taps_inside(down.output, s->dilation, down.count, s->oh, &first, &rows);
    for (size_t phase = 0; phase < s->stride && phase < s->w; phase++) {
        en_conv_meeting across = en_conv_meet(phase + s->pad_left, s->stride, s->dilation, s->kw);
        en_depthwise_row row = {.channels = s->c,
                                .rows = across.count > 0 ? rows : 0,
                                .taps = across.count > 0 ? across.count : 1,
                                .x_row = (ptrdiff_t)(s->dilation * s->ow * s->c),
                                .w_row = -(ptrdiff_t)(down.distance * s->kw * s->c),
                                .w_tap = -(ptrdiff_t)(across.distance * s->c),
                                .step = 1,
                                .dilation = s->dilation,
                                .offset = across.output,
                                .width = s->ow,
                                .count = (s->w - phase + s->stride - 1) / s->stride,
                                .y_distance = s->stride};
        size_t from = 0, tap = 0;
        if (row.rows > 0) {
            from = (size_t)(down.output + (ptrdiff_t)(first * s->dilation)) * s->ow * s->c;
            tap = ((down.last - first * down.distance) * s->kw + across.last) * s->c;
        }
        call->k->depthwise->correlate(&row, dy + from, call->w + tap, NULL, false, dx + (i * s->w + phase) * s->c);
    }
}

static void backward_image(const en_conv_call *call, size_t image, float *dw, float *db)
{
    const en_conv_shape *s = call->s;
    size_t row_floats = s->ow * s->c, done = 0;
    const float *x = call->x + image * s->h * s->w * s->c, *y = call->y + image * s->oh * row_floats;
    float *dy = call->dy + image * s->oh * row_floats;
    for (size_t i = 0; i < s->oh; i++) {
        float *d = dy + i * row_floats;
        if (call->relu) {
            call->k->relu_back(d, y + i * row_floats, row_floats);
        }
        if (call->dw != NULL) {
            size_t from, tap;
            en_depthwise_row row = output_row(s, i, &from, &tap);
            call->k->sum_rows(d, s->ow, s->c, db);
            call->k->depthwise->weights(&row, x + from, d, dw + tap);
        }
        while (call->dx != NULL && done < s->h && (i + 1 == s->oh || (done + s->pad_top) / s->stride <= i)) {
            input_row(call, done++, dy, call->dx + image * s->h * s->w * s->c);
        }
    }
}

static void backward_group(void *ctx, size_t group, unsigned worker)
{
    const en_conv_call *call = *(const en_conv_call **)ctx;
    float *dw = call->shared + group * part_floats(call->s), *db = dw + weight_floats(call->s);
    (void)worker;
    memset(dw, 0, part_floats(call->s) * sizeof *dw);
    for (size_t image = group; image < call->n; image += GROUPS) {
        backward_image(call, image, dw, db);
    }
}

static void backward(const en_conv_call *call)
{
    const en_conv_shape *s = call->s;
    en_pool_run(call->pool, parts(call->n), backward_group, &call);
    if (call->dw != NULL) {
        memcpy(call->dw, call->shared, weight_floats(s) * sizeof(float));
        memcpy(call->db, call->shared + weight_floats(s), s->c * sizeof(float));
        for (size_t part = 1; part < parts(call->n); part++) {
            const float *sum = call->shared + part * part_floats(s);
            call->k->add(call->dw, sum, weight_floats(s));
            call->k->add(call->db, sum + weight_floats(s), s->c);
        }
    }
}

const en_conv_algorithm en_conv_depthwise = {
    .name = "depthwise",
    .serves = serves,
    .need = need,
    .forward = forward,
    .backward = backward,
};
