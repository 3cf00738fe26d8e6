/* The convolution layer: cuts a batch into chunks that do not depend on the number of threads, gives each to the
 * algorithm chosen for its shape, and sums the gradients of the chunks in a fixed order. */
#include "nn/conv.h"

#include "nn/layer.h"

#define BLOCK_ROWS 32u /* of the output a chunk of the forward pass makes */
#define GROUPS 16u     /* chunks of the backward pass; image i belongs to group i % GROUPS */

static size_t groups(size_t samples) { return samples < GROUPS ? samples : GROUPS; }

static size_t part_floats(const en_layer *l) { return l->weight.count + l->bias.count; }

static en_conv_shape shape_of(const en_layer *l)
{
    const en_layer_spec *spec = l->spec;
    en_conv_shape s = {.h = l->in.h,
                       .w = l->in.w,
                       .c = l->in.c,
                       .kh = spec->kh,
                       .kw = spec->kw,
                       .stride = spec->stride,
                       .pad_top = spec->pad,
                       .pad_left = spec->pad,
                       .oh = l->out.h,
                       .ow = l->out.w,
                       .oc = l->out.c};
    if (spec->same) { /* an odd pixel of padding goes below and to the right, as in TensorFlow */
        size_t high = (s.oh - 1) * s.stride + s.kh, wide = (s.ow - 1) * s.stride + s.kw;
        s.pad_top = high > s.h ? (high - s.h) / 2 : 0;
        s.pad_left = wide > s.w ? (wide - s.w) / 2 : 0;
    }
    return s;
}

static void plan(en_layer *l, en_plan *plan)
{
    en_conv_shape s = shape_of(l);
    l->u.conv.shape = s;
    l->u.conv.relu = l->spec->act == EN_ACT_RELU;
    l->u.conv.algorithm = en_conv_choose(&s);
    l->reads_y = l->u.conv.relu;
    en_parameter_plan(l, &l->weight, "conv.weight", (size_t[]){s.kh, s.kw, s.c, s.oc}, 4, plan);
    en_parameter_plan(l, &l->bias, "conv.bias", &s.oc, 1, plan);
    plan->flops += 2.0 * (double)l->weight.count * (double)s.oh * (double)s.ow;
    en_plan_scratch(plan, l->u.conv.algorithm->scratch(&s), 1);
    if (plan->train) {
        en_plan_shared(plan, groups(plan->batch), part_floats(l));
    }
}

static void init(en_layer *l, en_pool *pool, uint64_t seed)
{
    const en_conv_shape *s = &l->u.conv.shape;
    double window = (double)(s->kh * s->kw);
    double limit = en_init_limit(l->u.conv.relu, window * (double)s->c, window * (double)s->oc);
    en_parameter_draw(&l->weight, l->index, pool, seed, limit);
}

static en_conv_call call_of(const en_layer *l, const en_pass *pass, unsigned worker)
{
    return (en_conv_call){pass->k,       &l->u.conv.shape, l->weight.value,
                          l->bias.value, l->u.conv.relu,   pass->scratch + worker * pass->scratch_stride};
}

static size_t blocks(const en_layer *l) { return (l->out.h + BLOCK_ROWS - 1) / BLOCK_ROWS; }

static void forward_chunk(void *ctx, size_t chunk, unsigned worker)
{
    const en_work *work = ctx;
    const en_layer *l = work->layer;
    size_t image = chunk / blocks(l), first = chunk % blocks(l) * BLOCK_ROWS;
    size_t rows = l->out.h - first < BLOCK_ROWS ? l->out.h - first : BLOCK_ROWS;
    en_conv_call call = call_of(l, work->pass, worker);
    l->u.conv.algorithm->forward(&call, l->x + image * l->in_size, l->y + image * l->out_size, first, rows);
}

static void forward(en_layer *l, const en_pass *pass)
{
    en_pool_run(pass->pool, pass->n * blocks(l), forward_chunk, &(en_work){l, pass});
}

static void backward_group(void *ctx, size_t group, unsigned worker)
{
    const en_work *work = ctx;
    const en_layer *l = work->layer;
    float *dw = work->pass->shared + group * part_floats(l), *db = dw + l->weight.count;
    en_conv_call call = call_of(l, work->pass, worker);
    for (size_t image = group; image < work->pass->n; image += GROUPS) {
        l->u.conv.algorithm->backward(&call, l->x + image * l->in_size, l->y + image * l->out_size,
                                      l->dy + image * l->out_size, image != group, dw, db,
                                      l->dx != NULL ? l->dx + image * l->in_size : NULL);
    }
}

static void backward(en_layer *l, const en_pass *pass)
{
    size_t parts = groups(pass->n);
    en_pool_run(pass->pool, parts, backward_group, &(en_work){l, pass});
    en_parameter_sink_parts(&l->weight, pass, pass->shared, parts, part_floats(l));
    en_parameter_sink_parts(&l->bias, pass, pass->shared + l->weight.count, parts, part_floats(l));
}

static const char *algorithm(const en_layer *l) { return l->u.conv.algorithm->name; }

const en_layer_ops en_layer_conv = {plan, init, forward, backward, algorithm};
