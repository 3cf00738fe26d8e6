/* The convolution layer: hands a whole batch to the algorithm chosen for its shape, and its gradients to the sink. */
#include <string.h>

#include "base/memory.h"
#include "nn/kind.h"

enum { WEIGHT, BIAS };

static const char *const options[] = {"stride", "pad", "dilation", "groups", "depthwise", NULL};

static en_status read(en_reader *r, en_layer_spec *l)
{
    size_t kernel[2];
    en_status st = en_reader_count(r, "a number of kernels", 1, EN_UNITS_MAX, &l->units);
    if (st == EN_OK) {
        st = en_reader_sizes(r, "kernel", "give height x width in pixels, such as 3x3", 2, EN_KERNEL_MAX, kernel);
    }
    if (st == EN_OK) {
        l->kh = kernel[0];
        l->kw = kernel[1];
    }
    return st;
}

static en_status option(en_reader *r, en_layer_spec *l, const char *word)
{
    if (strcmp(word, "stride") == 0) {
        return en_reader_stride(r, l);
    }
    if (strcmp(word, "pad") == 0) {
        return en_reader_pad(r, l);
    }
    if (strcmp(word, "dilation") == 0) {
        return en_reader_count(r, "a dilation", 1, EN_KERNEL_MAX, &l->dilation);
    }
    if (strcmp(word, "groups") == 0) {
        return en_reader_count(r, "a number of groups", 1, EN_UNITS_MAX, &l->groups);
    }
    l->groups = 0; /* depthwise: as many as channels */
    return EN_OK;
}

/* How far a dilated kernel of `size` pixels reaches. */
static size_t reach(size_t size, size_t dilation) { return (size - 1) * dilation + 1; }

static en_status size(en_reader *r, en_layer_spec *l)
{
    size_t high = reach(l->kh, l->dilation), wide = reach(l->kw, l->dilation);
    l->groups = l->groups == 0 ? l->in.c : l->groups;
    if (l->in.c % l->groups != 0 || l->units % l->groups != 0) {
        return en_reader_fault(r, "%zu groups do not divide %zu channels and %zu kernels", l->groups, l->in.c,
                               l->units);
    }
    if (l->same) {
        l->out = (en_dims){(l->in.h - 1) / l->stride + 1, (l->in.w - 1) / l->stride + 1, l->units};
    } else {
        l->out = (en_dims){en_window_steps(l->in.h + 2 * l->pad, high, l->stride),
                           en_window_steps(l->in.w + 2 * l->pad, wide, l->stride), l->units};
    }
    if (l->out.h == 0 || l->out.w == 0) {
        return en_reader_fault(r, "a kernel of %zux%zu does not fit its input of %zux%zux%zu", high, wide, l->in.h,
                               l->in.w, l->in.c);
    }
    size_t window; /* of numbers: a row of the matrix that im2col makes */
    if (!en_mul(l->kh * l->kw, l->in.c, &window) || window > EN_TENSOR_MAX / l->units) {
        return en_reader_fault(r, "%zu kernels of %zux%zux%zu are too large", l->units, l->kh, l->kw, l->in.c);
    }
    return EN_OK;
}

static en_status text(const en_spec *spec, const en_layer_spec *l, en_buf *out, en_error *err)
{
    (void)spec;
    en_status st = en_buf_printf(out, err, "conv %zu %zux%zu", l->units, l->kh, l->kw);
    if (st == EN_OK) {
        st = en_text_window(l, 1, out, err);
    }
    if (st == EN_OK && l->dilation != 1) {
        st = en_buf_printf(out, err, " dilation %zu", l->dilation);
    }
    if (st == EN_OK && l->groups != 1) {
        st = l->groups == l->in.c ? en_buf_text(out, " depthwise", err)
                                  : en_buf_printf(out, err, " groups %zu", l->groups);
    }
    return st;
}

static en_conv_shape shape_of(const en_layer *l)
{
    const en_layer_spec *spec = l->spec;
    en_conv_shape s = {.h = l->in.h,
                       .w = l->in.w,
                       .c = l->in.c,
                       .kh = spec->kh,
                       .kw = spec->kw,
                       .stride = spec->stride,
                       .dilation = spec->dilation,
                       .groups = spec->groups,
                       .pad_top = spec->pad,
                       .pad_left = spec->pad,
                       .oh = l->out.h,
                       .ow = l->out.w,
                       .oc = l->out.c};
    if (spec->same) { /* an odd pixel of padding goes below and to the right, as in TensorFlow */
        size_t high = (s.oh - 1) * s.stride + reach(s.kh, s.dilation);
        size_t wide = (s.ow - 1) * s.stride + reach(s.kw, s.dilation);
        s.pad_top = high > s.h ? (high - s.h) / 2 : 0;
        s.pad_left = wide > s.w ? (wide - s.w) / 2 : 0;
    }
    return s;
}

/* Where the gradients of a pass are made, in the shared memory before the algorithm's own. */
static size_t weight_floats(const en_layer *l)
{
    return en_arena_round(l->parameter[WEIGHT].count * sizeof(float)) / sizeof(float);
}

static size_t gradient_floats(const en_layer *l)
{
    return weight_floats(l) + en_arena_round(l->u.conv.shape.oc * sizeof(float)) / sizeof(float);
}

static bool has_bias(const en_layer *l) { return l->spec->norm == EN_NORM_NONE; } /* a norm's shift is one */

static void plan(en_layer *l, en_plan *plan)
{
    en_conv_shape s = shape_of(l);
    l->u.conv.shape = s;
    l->u.conv.relu = l->act == EN_ACT_RELU;
    l->u.conv.explained = plan->explain;
    l->u.conv.algorithm = en_conv_choose(&s, plan->kernels, plan->convolution);
    l->reads_x = true;
    l->reads_y = l->u.conv.relu;
    const en_parameter *weight =
        en_parameter_plan(l, "conv.weight", (size_t[]){s.kh, s.kw, s.c / s.groups, s.oc}, 4, plan);
    if (has_bias(l)) {
        (void)en_parameter_plan(l, "conv.bias", &s.oc, 1, plan);
    } else {
        l->u.conv.b = en_memory_take(&plan->state, s.oc, 1, sizeof(float));
    }
    if (l->u.conv.folds) {
        l->u.conv.w = en_memory_take(&plan->state, weight->count, 1, sizeof(float));
        l->u.conv.scale = en_memory_take(&plan->state, s.oc, 1, sizeof(float));
    }
    plan->flops += 2.0 * (double)weight->count * (double)s.oh * (double)s.ow;
    en_conv_need need = l->u.conv.algorithm->need(&s, plan->batch, plan->train);
    l->u.conv.prepared = plan->train ? NULL : en_memory_take(&plan->state, need.prepared, 1, sizeof(float));
    en_plan_span(plan, l->forward_step, l->backward_step, need.kept, 1, sizeof(float), &l->u.conv.kept);
    en_plan_shared(plan, need.shared + (plan->train ? gradient_floats(l) : 0), 1);
    en_plan_scratch(plan, need.scratch, 1);
}

static void init(en_layer *l, en_pool *pool, uint64_t seed)
{
    const en_conv_shape *s = &l->u.conv.shape;
    double window = (double)(s->kh * s->kw) / (double)s->groups;
    double limit = en_init_limit(l->spec->act, window * (double)s->c, window * (double)s->oc);
    en_parameter_draw(&l->parameter[WEIGHT], l->index, 0, pool, seed, limit);
}

static en_conv_call call_of(const en_layer *l, const en_pass *pass)
{
    return (en_conv_call){.k = pass->k,
                          .pool = pass->pool,
                          .s = &l->u.conv.shape,
                          .n = pass->n,
                          .w = l->u.conv.w != NULL ? l->u.conv.w : l->parameter[WEIGHT].value,
                          .b = l->u.conv.b != NULL ? l->u.conv.b : l->parameter[BIAS].value,
                          .relu = l->u.conv.relu,
                          .train = pass->train || l->u.conv.explained,
                          .x = l->x[0],
                          .y = l->y,
                          .kept = l->u.conv.kept,
                          .prepared = l->u.conv.prepared,
                          .fresh = pass->fresh,
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
    bool trained = !l->parameter[WEIGHT].frozen;
    call.dy = l->dy;
    call.dx = l->dx[0];
    call.dw = trained ? pass->shared : NULL;
    call.db = trained ? pass->shared + weight_floats(l) : NULL;
    call.shared = pass->shared + gradient_floats(l);
    l->u.conv.algorithm->backward(&call);
    if (trained) {
        en_parameter_sink_parts(&l->parameter[WEIGHT], pass, call.dw, 1, 0);
    }
    if (trained && has_bias(l)) {
        en_parameter_sink_parts(&l->parameter[BIAS], pass, call.db, 1, 0);
    }
}

void en_conv_fold(en_layer *l, const en_layer *norm)
{
    size_t oc = l->u.conv.shape.oc;
    const en_parameter *weight = &l->parameter[WEIGHT];
    en_norm_running(norm, l->u.conv.scale, l->u.conv.b);
    for (size_t i = 0; i < weight->count; i++) {
        l->u.conv.w[i] = weight->value[i] * l->u.conv.scale[i % oc];
    }
}

static const char *algorithm(const en_layer *l) { return l->u.conv.algorithm->name; }

const en_layer_kind en_layer_conv = {
    .word = "conv",
    .takes = EN_TAKES_NORM | EN_TAKES_ACT,
    .read = read,
    .options = options,
    .option = option,
    .size = size,
    .text = text,
    .fuses_relu = true,
    .plan = plan,
    .init = init,
    .forward = forward,
    .backward = backward,
    .algorithm = algorithm,
};
