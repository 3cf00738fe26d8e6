/* The convolution layer: hands a whole batch to the algorithm chosen for its shape, and its gradients to the sink. */
#include "nn/conv.h"

#include "nn/layer.h"

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
                       .oc = l->out.c,
                       .groups = 1,
                       .dilation = 1};
    if (spec->same) { /* an odd pixel of padding goes below and to the right, as in TensorFlow */
        size_t high = (s.oh - 1) * s.stride + (s.kh - 1) * s.dilation + 1;
        size_t wide = (s.ow - 1) * s.stride + (s.kw - 1) * s.dilation + 1;
        s.pad_top = high > s.h ? (high - s.h) / 2 : 0;
        s.pad_left = wide > s.w ? (wide - s.w) / 2 : 0;
    }
    return s;
}

/* Where the gradients of a pass are made, in the shared memory before the algorithm's own. */
static size_t weight_floats(const en_layer *l)
{
    return en_arena_round(l->weight.count * sizeof(float)) / sizeof(float);
}

static size_t gradient_floats(const en_layer *l)
{
    return weight_floats(l) + en_arena_round(l->bias.count * sizeof(float)) / sizeof(float);
}

static void plan(en_layer *l, en_plan *plan)
{
    en_conv_shape s = shape_of(l);
    l->u.conv.shape = s;
    l->u.conv.relu = l->spec->act == EN_ACT_RELU;
    l->u.conv.algorithm = en_conv_choose(&s, plan->kernels);
    l->reads_y = l->u.conv.relu;
    en_parameter_plan(l, &l->weight, "conv.weight", (size_t[]){s.kh, s.kw, s.c / s.groups, s.oc}, 4, plan);
    en_parameter_plan(l, &l->bias, "conv.bias", &s.oc, 1, plan);
    plan->flops += 2.0 * (double)l->weight.count * (double)s.oh * (double)s.ow;
    en_conv_need need = l->u.conv.algorithm->need(&s, plan->batch, plan->train);
    l->u.conv.kept = en_memory_take(&plan->work, need.kept, 1, sizeof(float));
    en_plan_shared(plan, need.shared + (plan->train ? gradient_floats(l) : 0), 1);
    en_plan_scratch(plan, need.scratch, 1);
}

static void init(en_layer *l, en_pool *pool, uint64_t seed)
{
    const en_conv_shape *s = &l->u.conv.shape;
    double window = (double)(s->kh * s->kw);
    double limit =
        en_init_limit(l->u.conv.relu, window * (double)(s->c / s->groups), window * (double)(s->oc / s->groups));
    en_parameter_draw(&l->weight, l->index, pool, seed, limit);
}

static en_conv_call call_of(const en_layer *l, const en_pass *pass)
{
    return (en_conv_call){.k = pass->k,
                          .pool = pass->pool,
                          .s = &l->u.conv.shape,
                          .n = pass->n,
                          .w = l->weight.value,
                          .b = l->bias.value,
                          .relu = l->u.conv.relu,
                          .train = pass->train,
                          .x = l->x,
                          .y = l->y,
                          .kept = l->u.conv.kept,
                          .shared = pass->shared,
                          .scratch = pass->scratch,
                          .scratch_stride = pass->scratch_stride};
}

static void forward(en_layer *l, const en_pass *pass)
{
    en_conv_call call = call_of(l, pass);
    l->u.conv.algorithm->forward(&call);
}

static void backward(en_layer *l, const en_pass *pass)
{
    en_conv_call call = call_of(l, pass);
    call.dy = l->dy;
    call.dx = l->dx;
    call.dw = pass->shared;
    call.db = pass->shared + weight_floats(l);
    call.shared = pass->shared + gradient_floats(l);
    l->u.conv.algorithm->backward(&call);
    en_parameter_sink_parts(&l->weight, pass, call.dw, 1, 0);
    en_parameter_sink_parts(&l->bias, pass, call.db, 1, 0);
}

static const char *algorithm(const en_layer *l) { return l->u.conv.algorithm->name; }

const en_layer_ops en_layer_conv = {plan, init, forward, backward, algorithm};
