/* The gradients of the parameters of the direct convolution. The batch's blocks of rows are shared out to parts by
 * shape alone; a chunk is one part of one panel of outputs: it collects the panel's dy (relu undone), sums the bias,
 * and multiplies from the image. Parts are added up in order. Large gradients have few parts, but many panels. */
#include <string.h>

#include "nn/conv_direct.h"

#define GATHER_FLOATS ((size_t)4 * 1024) /* of one panel's dy at a time */

typedef struct sums {
    const en_conv_call *call;
    en_direct_job job; /* of group 0 */
    size_t depth;      /* numbers that make one output */
    size_t panels;     /* of all groups */
    size_t rows, blocks, parts;
    float *memory;
} sums;

/* Panels of any table are at most this wide all together. */
static size_t width_most(const en_conv_shape *s)
{
    return s->groups * en_direct_round(s->oc / s->groups, EN_DIRECT_OUTPUTS_ROUND);
}

static size_t depth_of(const en_conv_shape *s) { return s->kh * s->kw * (s->c / s->groups); }

static size_t part_floats(const en_conv_shape *s) { return (depth_of(s) + 1) * width_most(s); }

static size_t block_rows(const en_direct_job *job)
{
    size_t rows = en_direct_fitting_rows(job), fit = GATHER_FLOATS / EN_DIRECT_OUTPUTS_MAX / job->ow;
    fit = fit > 0 ? fit : 1;
    return rows < fit ? rows : fit;
}

static size_t blocks_of(const en_direct_job *job)
{
    return job->images * ((job->oh + block_rows(job) - 1) / block_rows(job));
}

static size_t parts_of(const en_conv_shape *s, size_t n)
{
    en_direct_job job = en_direct_forward_job(s, n, 0);
    size_t fit = EN_DIRECT_PARTS_FLOATS / part_floats(s), parts = blocks_of(&job);
    fit = fit < 1 ? 1 : fit > EN_DIRECT_PARTS ? EN_DIRECT_PARTS : fit;
    return parts < fit ? parts : fit;
}

size_t en_direct_gradient_floats(const en_conv_shape *s, size_t n) { return parts_of(s, n) * part_floats(s); }

/* The copy of a block's input, then a panel's dy. */
static size_t copy_floats(const en_direct_job *job)
{
    return en_direct_round(en_direct_reach(job, block_rows(job)) * en_direct_width(job) * job->c,
                           EN_DIRECT_OUTPUTS_ROUND);
}

size_t en_direct_gradient_scratch(const en_conv_shape *s)
{
    en_direct_job job = en_direct_forward_job(s, 1, 0);
    if (en_direct_flat(s)) { /* whose blocks grow with the batch until they are full */
        job.h = job.oh = en_direct_round(EN_DIRECT_BLOCK_FLOATS, job.w * job.c) / (job.w * job.c) + 1;
    }
    return copy_floats(&job) + block_rows(&job) * job.ow * EN_DIRECT_OUTPUTS_MAX;
}

/* A panel of all groups' panels. */
typedef struct panel {
    size_t group, from, count, width; /* from: within the group */
    float *dw, *db;                   /* of one part */
} panel;

static panel panel_of(const sums *a, size_t index, size_t part)
{
    const en_direct_kernels *k = a->call->k->direct;
    size_t each = a->panels / a->call->s->groups;
    panel p = {.group = index / each, .from = index % each * k->outputs};
    size_t left = a->job.outputs - p.from, before;
    p.count = left < k->outputs ? left : k->outputs;
    p.width = en_direct_round(p.count, k->lanes);
    before = p.group * en_direct_round(a->job.outputs, EN_DIRECT_OUTPUTS_ROUND) + p.from;
    p.dw = a->memory + part * part_floats(a->call->s) + before * (a->depth + 1);
    p.db = p.dw + a->depth * p.width;
    return p;
}

/* The numbers of a row of the kernel: one run, or one for each tap. */
static void add_block(const sums *a, const panel *p, const en_direct_area *area, const float *x, size_t row_floats,
                      const float *d)
{
    const en_direct_job *job = &a->job;
    bool touch = job->dilation == 1 && job->depth == job->c;
    size_t runs = touch ? 1 : job->taps, run = touch ? job->taps * job->depth : job->depth;
    float *dw = p->dw;
    for (size_t r = 0; r < job->rows; r++) {
        for (size_t q = 0; q < runs; q++, dw += run * p->width) {
            const float *from = x + job->dilation * (r * row_floats + q * job->c) + p->group * job->depth;
            a->call->k->direct->weights(area, from, d, run, p->count, dw);
        }
    }
}

/* Output pixels of a block are one run unless the last row of a batch of 1x1 convolutions is short; then its rows go
 * one by one. */
static void block_gradient(const sums *a, const panel *p, size_t block, float *scratch)
{
    const en_conv_call *call = a->call;
    const en_direct_job *job = &a->job;
    size_t each = a->blocks / job->images, image = block / each, first = block % each * a->rows, row_floats;
    size_t rows = job->oh - first < a->rows ? job->oh - first : a->rows, oc = call->s->oc;
    bool whole = job->tail == job->ow || first + rows < job->oh;
    const float *x = call->x + image * job->h * job->w * job->c;
    float *d = scratch + copy_floats(job);
    x = en_direct_input(job, x, first, rows, scratch, &row_floats);
    for (size_t i = 0; i < rows; i += whole ? rows : 1) {
        size_t lines = whole ? rows : 1, pixels = !whole && first + i + 1 == job->oh ? job->tail : job->ow;
        size_t at = image * job->image_distance + (first + i) * job->row_distance + p->group * job->outputs + p->from;
        en_direct_area area = {
            .lines = lines, .pixels = pixels, .x_line = job->step * row_floats, .x_step = job->step * job->c};
        const float *y = call->relu ? call->y + at : NULL; /* whose gradient backward data finds in dy */
        call->k->direct->gather(call->dy + at, y, y != NULL && call->dx != NULL, oc, lines * pixels, p->count, d,
                                p->db);
        add_block(a, p, &area, x + i * job->step * row_floats, row_floats, d);
    }
}

static void add_part(void *ctx, size_t chunk, unsigned worker)
{
    const sums *a = ctx;
    size_t part = chunk / a->panels;
    panel p = panel_of(a, chunk % a->panels, part);
    memset(p.dw, 0, (a->depth + 1) * p.width * sizeof *p.dw);
    for (size_t b = a->blocks * part / a->parts; b < a->blocks * (part + 1) / a->parts; b++) {
        block_gradient(a, &p, b, a->call->scratch + worker * a->call->scratch_stride);
    }
}

/* Adds the parts of a panel up, in order, and puts them where they belong. */
static void sum_panel(void *ctx, size_t index, unsigned worker)
{
    const sums *a = ctx;
    const en_conv_call *call = a->call;
    panel p = panel_of(a, index, 0);
    (void)worker;
    for (size_t part = 1; part < a->parts; part++) {
        call->k->add(p.dw, panel_of(a, index, part).dw, (a->depth + 1) * p.width);
    }
    size_t to = p.group * a->job.outputs + p.from;
    for (size_t i = 0; i < a->depth; i++) {
        memcpy(call->dw + i * call->s->oc + to, p.dw + i * p.width, p.count * sizeof(float));
    }
    memcpy(call->db + to, p.db, p.count * sizeof(float));
}

void en_direct_gradient(const en_conv_call *call, float *parts)
{
    const en_conv_shape *s = call->s;
    sums a = {.call = call, .job = en_direct_forward_job(s, call->n, 0), .depth = depth_of(s), .memory = parts};
    a.panels = s->groups * ((a.job.outputs + call->k->direct->outputs - 1) / call->k->direct->outputs);
    a.rows = block_rows(&a.job);
    a.blocks = blocks_of(&a.job);
    a.parts = parts_of(s, call->n);
    en_pool_run(call->pool, a.parts * a.panels, add_part, &a);
    en_pool_run(call->pool, a.panels, sum_panel, &a);
}
