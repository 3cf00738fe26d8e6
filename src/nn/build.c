/* From a network's text to its layers and their memory. */
#include "nn/build.h"

static size_t size_of(en_dims d) { return d.h * d.w * d.c; }

static en_dims resolved(en_dims d, size_t classes)
{
    if (d.c == 0) {
        d.c = classes;
    }
    return d;
}

static const en_layer_ops *ops_of(en_layer_kind kind)
{
    switch (kind) {
    case EN_LAYER_CONV: return &en_layer_conv;
    case EN_LAYER_MAXPOOL: return &en_layer_maxpool;
    case EN_LAYER_GLOBALMAXPOOL: return &en_layer_globalmax;
    case EN_LAYER_GLOBALAVGPOOL: return &en_layer_globalavg;
    case EN_LAYER_DENSE: return &en_layer_dense;
    case EN_LAYER_DROPOUT: return &en_layer_dropout;
    case EN_LAYER_ACTIVATION: return NULL; /* nothing but its activation */
    }
    return NULL;
}

static const en_layer_ops *ops_of_activation(en_activation act)
{
    switch (act) {
    case EN_ACT_NONE: return NULL;
    case EN_ACT_RELU: return &en_layer_relu;
    case EN_ACT_SIGMOID: return &en_layer_sigmoid;
    case EN_ACT_SOFTMAX: return &en_layer_softmax;
    }
    return NULL;
}

static void append(en_network *net, const en_layer_ops *ops, size_t index, en_dims in, en_dims out)
{
    net->layer[net->count++] = (en_layer){.ops = ops,
                                          .spec = &net->spec.layer[index],
                                          .index = index,
                                          .in = in,
                                          .out = out,
                                          .in_size = size_of(in),
                                          .out_size = size_of(out)};
}

static en_status check_classes(const en_spec *spec, size_t classes, en_error *err)
{
    if (classes < 2 || classes > EN_CLASSES_MAX) {
        return en_error_set(err, EN_INPUT, "%zu classes: a network has 2 to %d", classes, EN_CLASSES_MAX);
    }
    const en_layer_spec *last = &spec->layer[spec->count - 1];
    size_t given = resolved(last->out, classes).c;
    if (given != classes) {
        return en_error_set(
            err, EN_INPUT,
            "line %d of the network ends in %zu units, but there are %zu classes: write 'dense classes softmax'",
            last->line, given, classes);
    }
    return EN_OK;
}

en_status en_build_layers(en_network *net, const en_network_config *config, en_error *err)
{
    en_status st = check_classes(config->spec, config->classes, err);
    if (st != EN_OK) {
        return st;
    }
    if (config->batch < 1 || config->batch > INT32_MAX) {
        return en_error_set(err, EN_USAGE, "a batch of %zu samples: the minimum is 1", config->batch);
    }
    size_t micro = config->micro_batch > 0 && config->micro_batch < config->batch ? config->micro_batch : config->batch;
    *net = (en_network){.spec = *config->spec,
                        .classes = config->classes,
                        .batch = config->batch,
                        .micro_batch = micro,
                        .gradients = config->mode == EN_TRAIN && (config->gradients || micro < config->batch),
                        .mode = config->mode,
                        .pool = config->pool,
                        .kernels = config->kernels,
                        .threads = en_pool_threads(config->pool)};
    bool trained = false;
    for (size_t i = 0; i < net->spec.count; i++) {
        const en_layer_spec *l = &net->spec.layer[i];
        en_dims in = resolved(l->in, net->classes), out = resolved(l->out, net->classes);
        const en_layer_ops *ops = ops_of(l->kind);
        if (!trained && ops != NULL && ops->init != NULL) { /* it has parameters */
            trained = true;
            net->first_trained = net->count;
        }
        if (ops != NULL) {
            append(net, ops, i, in, out);
        }
        bool within = l->kind == EN_LAYER_CONV && l->act == EN_ACT_RELU; /* fused into the convolution */
        if (l->act != EN_ACT_NONE && !within) {
            append(net, ops_of_activation(l->act), i, out, out);
        }
    }
    if (!trained) {
        return en_error_set(err, EN_INPUT, "the network has no conv or dense layer: there is nothing to train");
    }
    return EN_OK;
}

/* The sizes of two ping-pong buffers: each is as large as the largest tensor stored in it. */
typedef struct ping_pong {
    size_t floats[2]; /* of one sample */
    unsigned current;
} ping_pong;

static void grow_current(ping_pong *s, size_t floats)
{
    if (floats > s->floats[s->current]) {
        s->floats[s->current] = floats;
    }
}

static void swap_buffers(ping_pong *s, size_t floats)
{
    s->current = 1 - s->current;
    grow_current(s, floats);
}

/* In training every tensor that is read again has its own place. */
static void place_for_training(en_network *net, en_plan *plan)
{
    float *x = net->input = en_memory_take(&plan->work, plan->batch, size_of(net->spec.input), sizeof(float));
    bool read_again = false;
    for (size_t i = 0; i < net->count; i++) {
        en_layer *l = &net->layer[i];
        l->x = x;
        l->in_place = l->works_in_place && !read_again;
        l->y = l->in_place ? x : en_memory_take(&plan->work, plan->batch, l->out_size, sizeof(float));
        x = l->y;
        read_again = l->reads_y;
    }
}

/* The gradients of the tensors between layers: only two live at a time. */
static void place_gradients(en_network *net, en_plan *plan)
{
    ping_pong s = {{0, 0}, 0};
    for (size_t i = net->count; i-- > net->first_trained + 1;) {
        if (net->layer[i].works_in_place) {
            grow_current(&s, net->layer[i].in_size);
        } else {
            swap_buffers(&s, net->layer[i].in_size);
        }
    }
    float *buffer[2];
    for (unsigned i = 0; i < 2; i++) {
        buffer[i] = en_memory_take(&plan->work, plan->batch, s.floats[i], sizeof(float));
    }
    s.current = 0;
    for (size_t i = net->count; i-- > net->first_trained;) {
        en_layer *l = &net->layer[i];
        l->dy = buffer[s.current];
        if (!l->works_in_place) {
            s.current = 1 - s.current;
        }
        l->dx = i > net->first_trained ? buffer[s.current] : NULL;
    }
}

/* In prediction a tensor is needed only until the next one is made. */
static void place_for_prediction(en_network *net, en_plan *plan)
{
    ping_pong s = {{size_of(net->spec.input), 0}, 0};
    for (size_t i = 0; i < net->count; i++) {
        if (!net->layer[i].works_in_place) {
            swap_buffers(&s, net->layer[i].out_size);
        }
    }
    float *buffer[2];
    for (unsigned i = 0; i < 2; i++) {
        buffer[i] = en_memory_take(&plan->work, plan->batch, s.floats[i], sizeof(float));
    }
    s.current = 0;
    net->input = buffer[0];
    for (size_t i = 0; i < net->count; i++) {
        en_layer *l = &net->layer[i];
        l->x = buffer[s.current];
        l->in_place = l->works_in_place;
        if (!l->in_place) {
            s.current = 1 - s.current;
        }
        l->y = buffer[s.current];
    }
}

void en_build_memory(en_network *net, en_plan *plan)
{
    net->parameters = 0;
    for (size_t i = 0; i < net->count; i++) {
        en_layer *l = &net->layer[i];
        l->ops->plan(l, plan);
        if (l->weight.count > 0) {
            net->parameter[net->parameters++] = &l->weight;
            net->parameter[net->parameters++] = &l->bias;
        }
    }
    if (plan->train) {
        place_for_training(net, plan);
        place_gradients(net, plan);
    } else {
        place_for_prediction(net, plan);
    }
    net->shared = en_memory_take(&plan->work, plan->shared_floats, 1, sizeof(float));
    net->scratch_stride = en_arena_round(plan->scratch_floats * sizeof(float)) / sizeof(float);
    net->scratch = en_memory_take(&plan->work, net->threads, net->scratch_stride, sizeof(float));
}
