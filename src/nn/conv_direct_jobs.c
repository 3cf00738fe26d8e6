/* Forward and backward data of the direct convolution. Backward data is the same work: dy correlated with the weights
 * turned round and transposed; with a stride, once for each phase, as the rows i with equal (i + pad_top) % stride meet
 * the same taps. Weights are packed into panels once in a pass; chunks are blocks of rows times some panels. */
#include <string.h>

#include "nn/conv_direct.h"
#include "nn/conv_taps.h"

/* So few pixels of output use the weights too seldom to pack them. */
#define UNPACKED_PIXELS 64u

bool en_direct_flat(const en_conv_shape *s)
{
    return s->kh == 1 && s->kw == 1 && s->stride == 1 && s->pad_top == 0 && s->pad_left == 0 && s->oh == s->h &&
           s->ow == s->w;
}

size_t en_direct_round(size_t n, size_t to) { return (n + to - 1) / to * to; }

size_t en_direct_forward_jobs(const en_conv_shape *s) { return s->groups; }

static size_t phases_down(const en_conv_shape *s) { return s->stride < s->h ? s->stride : s->h; }
static size_t phases_across(const en_conv_shape *s) { return s->stride < s->w ? s->stride : s->w; }

size_t en_direct_backward_jobs(const en_conv_shape *s) { return s->groups * phases_down(s) * phases_across(s); }

/* Makes one image of rows of their own from a batch of 1x1 convolutions. */
static void flatten(en_direct_job *job, size_t pixels)
{
    job->images = 1;
    job->w = job->ow = EN_DIRECT_ROW_PIXELS;
    job->h = job->oh = (pixels + EN_DIRECT_ROW_PIXELS - 1) / EN_DIRECT_ROW_PIXELS;
    job->tail = pixels - (job->oh - 1) * EN_DIRECT_ROW_PIXELS;
}

en_direct_job en_direct_forward_job(const en_conv_shape *s, size_t n, size_t index)
{
    en_direct_job job = {.images = n,
                         .h = s->h,
                         .w = s->w,
                         .c = s->c,
                         .depth = s->c / s->groups,
                         .rows = s->kh,
                         .taps = s->kw,
                         .step = s->stride,
                         .dilation = s->dilation,
                         .top = -(ptrdiff_t)s->pad_top,
                         .left = -(ptrdiff_t)s->pad_left,
                         .oh = s->oh,
                         .ow = s->ow,
                         .tail = s->ow,
                         .outputs = s->oc / s->groups};
    if (en_direct_flat(s)) {
        flatten(&job, n * s->oh * s->ow);
    }
    job.start = index * job.depth;
    job.first = index * job.outputs;
    job.y_step = s->oc;
    job.row_distance = job.ow * s->oc;
    job.image_distance = s->oh * s->ow * s->oc;
    job.packed = index * s->kh * s->kw * job.depth * en_direct_round(job.outputs, EN_DIRECT_OUTPUTS_ROUND);
    return job;
}

en_direct_job en_direct_backward_job(const en_conv_shape *s, size_t n, size_t index)
{
    size_t group = index % s->groups, phase = index / s->groups;
    size_t i = phase / phases_across(s), j = phase % phases_across(s);
    en_conv_meeting down = en_conv_meet(i + s->pad_top, s->stride, s->dilation, s->kh);
    en_conv_meeting across = en_conv_meet(j + s->pad_left, s->stride, s->dilation, s->kw);
    bool met = down.count > 0 && across.count > 0;
    en_direct_job job = {.images = n,
                         .h = s->oh,
                         .w = s->ow,
                         .c = s->oc,
                         .depth = s->oc / s->groups,
                         .rows = met ? down.count : 0,
                         .taps = met ? across.count : 0,
                         .step = 1,
                         .dilation = s->dilation,
                         .top = met ? down.output : 0,
                         .left = met ? across.output : 0,
                         .oh = (s->h - i + s->stride - 1) / s->stride,
                         .ow = (s->w - j + s->stride - 1) / s->stride,
                         .outputs = s->c / s->groups};
    job.tail = job.ow;
    if (en_direct_flat(s)) {
        flatten(&job, n * s->oh * s->ow);
    }
    job.start = group * job.depth;
    job.y_step = s->stride * s->c;
    job.row_distance = en_direct_flat(s) ? job.ow * s->c : s->stride * s->w * s->c;
    job.image_distance = s->h * s->w * s->c;
    job.first = (i * s->w + j) * s->c + group * job.outputs;
    for (size_t k = 0; k < index; k++) { /* what the weights of the jobs before it take */
        size_t before = k / s->groups;
        size_t rows = en_conv_meet(before / phases_across(s) + s->pad_top, s->stride, s->dilation, s->kh).count;
        size_t taps = en_conv_meet(before % phases_across(s) + s->pad_left, s->stride, s->dilation, s->kw).count;
        job.packed += rows * taps * job.depth * en_direct_round(job.outputs, EN_DIRECT_OUTPUTS_ROUND);
    }
    return job;
}

static en_direct_job job_of(const en_conv_call *call, bool backward, size_t index)
{
    return backward ? en_direct_backward_job(call->s, call->n, index) : en_direct_forward_job(call->s, call->n, index);
}

size_t en_direct_reach(const en_direct_job *job, size_t rows)
{
    return job->rows == 0 ? 0 : (rows - 1) * job->step + (job->rows - 1) * job->dilation + 1;
}

size_t en_direct_width(const en_direct_job *job)
{
    return job->taps == 0 ? 0 : (job->ow - 1) * job->step + (job->taps - 1) * job->dilation + 1;
}

size_t en_direct_fitting_rows(const en_direct_job *job)
{
    size_t wide = (en_direct_width(job) > job->w ? en_direct_width(job) : job->w) * job->c;
    size_t one = en_direct_reach(job, 1), input = EN_DIRECT_BLOCK_FLOATS / wide; /* rows of input that fit */
    size_t rows = input > one ? (input - one) / job->step + 1 : 1;
    return rows < job->oh ? rows : job->oh;
}

/* Whether all the columns, or rows first..first+rows-1, of a job lie in the image. */
static bool columns_inside(const en_direct_job *job)
{
    return job->left >= 0 && (size_t)job->left + en_direct_width(job) <= job->w;
}

static bool rows_inside(const en_direct_job *job, size_t first, size_t rows)
{
    ptrdiff_t at = job->top + (ptrdiff_t)(first * job->step);
    return at >= 0 && (size_t)at + en_direct_reach(job, rows) <= job->h;
}

size_t en_direct_copy_floats(const en_direct_job *job)
{
    if (columns_inside(job) && rows_inside(job, 0, job->oh)) {
        return 0;
    }
    return en_direct_reach(job, en_direct_fitting_rows(job)) * en_direct_width(job) * job->c;
}

const float *en_direct_input(const en_direct_job *job, const float *image, size_t first, size_t rows, float *copy,
                             size_t *row_floats)
{
    ptrdiff_t at = job->top + (ptrdiff_t)(first * job->step);
    size_t image_row = job->w * job->c, wide = en_direct_width(job);
    *row_floats = image_row;
    if (job->rows == 0) {
        return image;
    }
    if (columns_inside(job) && rows_inside(job, first, rows)) {
        return image + (size_t)at * image_row + (size_t)job->left * job->c;
    }
    *row_floats = wide * job->c;
    size_t before = job->left < 0 ? (size_t)-job->left : 0, from = job->left > 0 ? (size_t)job->left : 0;
    before = before < wide ? before : wide;
    size_t inside = from < job->w ? job->w - from : 0;
    inside = inside < wide - before ? inside : wide - before;
    for (size_t i = 0; i < en_direct_reach(job, rows); i++, at++) {
        float *to = copy + i * wide * job->c;
        bool exists = at >= 0 && (size_t)at < job->h;
        size_t left = exists ? before : wide, middle = exists ? inside : 0;
        memset(to, 0, left * job->c * sizeof *to);
        if (middle > 0) {
            memcpy(to + left * job->c, image + (size_t)at * image_row + from * job->c, middle * job->c * sizeof *to);
        }
        memset(to + (left + middle) * job->c, 0, (wide - left - middle) * job->c * sizeof *to);
    }
    return copy;
}

/* How the jobs of a pass are cut: results do not depend on it. */
typedef struct cut {
    const en_conv_call *call;
    bool backward;
    size_t jobs, rows, blocks, panels, pieces; /* rows of a block, blocks of a job, panels, pieces they are cut into */
    bool as_stored;                            /* the weights need not be packed */
    float *packed, *bias;
} cut;

static size_t divided(size_t n, size_t by) { return (n + by - 1) / by; }

static cut cut_of(const en_conv_call *call, bool backward, float *packed)
{
    cut a = {.call = call, .backward = backward, .packed = packed};
    a.jobs = backward ? en_direct_backward_jobs(call->s) : en_direct_forward_jobs(call->s);
    en_direct_job job = job_of(call, backward, 0);
    a.rows = job.oh;
    for (size_t i = 0; i < a.jobs; i += call->s->groups) { /* phases differ, groups do not */
        en_direct_job other = job_of(call, backward, backward ? i : 0);
        size_t fit = en_direct_fitting_rows(&other);
        a.rows = fit < a.rows ? fit : a.rows;
    }
    size_t depth = call->s->kh * call->s->kw * job.depth;
    a.panels = divided(job.outputs, call->k->direct->outputs);
    a.pieces = divided(depth * job.outputs, EN_DIRECT_WEIGHT_FLOATS);
    a.pieces = a.pieces < a.panels ? a.pieces : a.panels;
    size_t others = a.jobs * job.images;
    size_t wanted = divided(EN_DIRECT_CHUNKS, others * divided(job.oh, a.rows));
    if (a.pieces < wanted) {
        a.pieces = wanted < a.panels ? wanted : a.panels;
    }
    wanted = divided(EN_DIRECT_CHUNKS, others * a.pieces);
    if (divided(job.oh, a.rows) < wanted) {
        a.rows = divided(job.oh, wanted < job.oh ? wanted : job.oh);
    }
    a.blocks = divided(job.oh, a.rows);
    bool vectors = job.outputs % call->k->direct->lanes == 0, one = job.outputs == call->s->oc && a.panels == 1;
    size_t pixels = job.images * (job.oh - 1) * job.ow + job.tail;
    a.as_stored = !backward && vectors && (one || pixels <= UNPACKED_PIXELS);
    return a;
}

/* The weights of one panel of the forward pass: rows (kh,kw,depth) of `width` outputs. */
static void pack_forward(const en_conv_call *call, const en_direct_job *job, size_t from, size_t count, size_t width,
                         float *to)
{
    const float *w = call->w + job->first + from;
    for (size_t i = 0; i < job->rows * job->taps * job->depth; i++, w += call->s->oc, to += width) {
        memcpy(to, w, count * sizeof *to);
        memset(to + count, 0, (width - count) * sizeof *to);
    }
}

/* The same of backward data: taps in reverse order, (oc/groups) rows for each, of `width` channels of the input. */
static void pack_backward(const en_conv_call *call, const en_direct_job *job, size_t index, size_t from, size_t count,
                          size_t width, float *to)
{
    const en_conv_shape *s = call->s;
    size_t phase = index / s->groups, group = index % s->groups;
    en_conv_meeting down = en_conv_meet(phase / phases_across(s) + s->pad_top, s->stride, s->dilation, s->kh);
    en_conv_meeting across = en_conv_meet(phase % phases_across(s) + s->pad_left, s->stride, s->dilation, s->kw);
    for (size_t i = 0; i < job->rows * job->taps; i++, to += job->depth * width) {
        size_t r = down.last - i / job->taps * down.distance, q = across.last - i % job->taps * across.distance;
        const float *w = call->w + ((r * s->kw + q) * job->outputs + from) * s->oc + group * job->depth;
        for (size_t o = 0; o < job->depth; o++) {
            for (size_t c = 0; c < width; c++) {
                to[o * width + c] = c < count ? w[c * s->oc + o] : 0;
            }
        }
    }
}

/* One panel: where it starts, how many outputs it has, and how wide its rows are. */
static size_t panel_outputs(const cut *a, const en_direct_job *job, size_t panel, size_t *from, size_t *width)
{
    size_t most = a->call->k->direct->outputs;
    *from = panel * most;
    size_t count = job->outputs - *from < most ? job->outputs - *from : most;
    *width = en_direct_round(count, a->call->k->direct->lanes);
    return count;
}

static float *packed_panel(const cut *a, const en_direct_job *job, size_t from)
{
    return a->packed + job->packed + job->rows * job->taps * job->depth * from;
}

static void pack_panel(void *ctx, size_t chunk, unsigned worker)
{
    const cut *a = ctx;
    size_t index = chunk / a->panels, from, width;
    en_direct_job job = job_of(a->call, a->backward, index);
    size_t count = panel_outputs(a, &job, chunk % a->panels, &from, &width);
    float *to = packed_panel(a, &job, from);
    (void)worker;
    if (a->backward) {
        pack_backward(a->call, &job, index, from, count, width, to);
    } else {
        float *bias = a->bias + index * en_direct_round(job.outputs, EN_DIRECT_OUTPUTS_ROUND) + from;
        pack_forward(a->call, &job, from, count, width, to);
        memcpy(bias, a->call->b + job.first + from, count * sizeof *bias);
        memset(bias + count, 0, (width - count) * sizeof *bias);
    }
}

static void run_block(void *ctx, size_t chunk, unsigned worker)
{
    const cut *a = ctx;
    const en_conv_call *call = a->call;
    size_t piece = chunk % a->pieces, block = chunk / a->pieces % a->blocks, index = chunk / a->pieces / a->blocks;
    en_direct_job job = job_of(call, a->backward, index % a->jobs);
    size_t image = index / a->jobs, first = block * a->rows, from, width, row_floats;
    if (first >= job.oh) { /* phases differ by a row */
        return;
    }
    size_t rows = job.oh - first < a->rows ? job.oh - first : a->rows;
    const float *x = (a->backward ? call->dy : call->x) + image * job.h * job.w * job.c;
    x = en_direct_input(&job, x, first, rows, call->scratch + worker * call->scratch_stride, &row_floats) + job.start;
    float *y = (a->backward ? call->dx : call->y) + image * job.image_distance + job.first + first * job.row_distance;
    bool touch = job.dilation == 1 && job.depth == job.c; /* the taps of a row are one run of numbers */
    en_direct_row g = {.rows = job.rows,
                       .taps = touch ? 1 : job.taps,
                       .depth = touch ? job.taps * job.depth : job.depth,
                       .x_row = job.dilation * row_floats,
                       .x_tap = job.dilation * job.c,
                       .x_step = job.step * job.c,
                       .y_step = job.y_step};
    for (size_t p = piece * a->panels / a->pieces; p < (piece + 1) * a->panels / a->pieces; p++) {
        size_t count = panel_outputs(a, &job, p, &from, &width);
        const float *w = packed_panel(a, &job, from), *bias = NULL;
        g.w_step = width;
        if (a->as_stored) {
            w = call->w + job.first + from;
            bias = call->b + job.first + from;
            g.w_step = call->s->oc;
        } else if (!a->backward) {
            bias = a->bias + index % a->jobs * en_direct_round(job.outputs, EN_DIRECT_OUTPUTS_ROUND) + from;
        }
        for (size_t i = 0; i < rows; i++) {
            size_t pixels = first + i + 1 == job.oh ? job.tail : job.ow;
            call->k->direct->forward(&g, x + i * job.step * row_floats, w, bias, !a->backward && call->relu, pixels,
                                     count, y + i * job.row_distance + from);
        }
    }
}

/* Floats of the packed weights of all jobs, then of the bias. */
static size_t weights_floats(const en_conv_shape *s, bool backward)
{
    size_t depth = (backward ? s->oc : s->c) / s->groups, outputs = (backward ? s->c : s->oc) / s->groups;
    return s->kh * s->kw * s->groups * depth * en_direct_round(outputs, EN_DIRECT_OUTPUTS_ROUND);
}

size_t en_direct_packed_floats(const en_conv_shape *s, bool backward)
{
    return weights_floats(s, backward) + s->groups * en_direct_round(s->oc / s->groups, EN_DIRECT_OUTPUTS_ROUND);
}

void en_direct_run(const en_conv_call *call, bool backward, float *packed)
{
    cut a = cut_of(call, backward, packed);
    en_direct_job job = job_of(call, backward, 0);
    a.bias = packed + weights_floats(call->s, backward);
    if (!a.as_stored) {
        en_pool_run(call->pool, a.jobs * a.panels, pack_panel, &a);
    }
    en_pool_run(call->pool, job.images * a.jobs * a.blocks * a.pieces, run_block, &a);
}
