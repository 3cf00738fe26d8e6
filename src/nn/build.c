/* From a network's text to its layers and their memory. */
#include "nn/build.h"

static size_t size_of(en_dims d) { return d.h * d.w * d.c; }

static en_dims resolved(en_dims d, size_t units)
{
    if (d.c == 0) {
        d.c = units;
    }
    return d;
}

static en_layer *append(en_network *net, const en_layer_kind *kind, size_t index, en_dims in, en_dims out)
{
    net->tensor[net->count + 1] = (en_value){.size = size_of(out)};
    en_layer *l = &net->layer[net->count++];
    *l = (en_layer){.kind = kind,
                    .spec = &net->spec.layer[index],
                    .index = index,
                    .inputs = 1,
                    .in = in,
                    .out = out,
                    .in_size = size_of(in),
                    .out_size = size_of(out)};
    return l;
}

/* An activation that follows `before` on its line: part of that layer where it can be, else a layer of its own. */
static void append_activation(en_network *net, size_t index, en_activation act, en_layer *before, en_dims d)
{
    if (before->kind->fuses_relu &&
        (act == EN_ACT_RELU || (act == EN_ACT_RELU6 && before->kind == &en_layer_batchnorm))) {
        before->act = act;
        return;
    }
    en_layer *l = append(net, &en_layer_activation, index, d, d);
    l->input[0] = net->count - 1;
    l->act = act;
}

/* The layers of one line. tensor[i] is the tensor that line i-1 ends in. */
static void append_line(en_network *net, size_t index, size_t *tensor)
{
    const en_layer_spec *spec = &net->spec.layer[index];
    en_dims in = resolved(spec->in, net->units), out = resolved(spec->out, net->units);
    en_activation act = spec->act == net->spec.output ? EN_ACT_NONE : spec->act; /* the output is no layer */
    tensor[index + 1] = tensor[spec->input[0]];
    if (spec->kind == &en_layer_activation && act == EN_ACT_NONE) {
        return;
    }
    en_layer *l = append(net, spec->kind, index, in, out);
    l->inputs = spec->inputs;
    for (size_t i = 0; i < spec->inputs; i++) {
        l->input[i] = tensor[spec->input[i]];
    }
    if (spec->kind == &en_layer_activation) {
        l->act = act;
    } else {
        if (spec->norm != EN_NORM_NONE && spec->kind != &en_layer_batchnorm) {
            en_layer *norm = append(net, &en_layer_batchnorm, index, out, out);
            norm->input[0] = net->count - 1;
            bool learns = net->mode == EN_TRAIN || (net->mode == EN_EXPLAIN && out.h * out.w == 1); /* goes backward */
            if (!learns && l->kind == &en_layer_conv) {
                l->u.conv.folds = norm->u.norm.folded = true;
            }
            l = norm;
        }
        if (act != EN_ACT_NONE) {
            append_activation(net, index, act, l, out);
        }
        if (l->kind == &en_layer_batchnorm && l->u.norm.folded && l->act != EN_ACT_NONE) {
            l[-1].act = EN_ACT_RELU; /* of relu6 the norm does the rest */
        }
    }
    tensor[index + 1] = net->count;
}

static en_status check_classes(const en_spec *spec, size_t classes, en_error *err)
{
    if (classes < 2 || classes > EN_CLASSES_MAX) {
        return en_error_set(err, EN_INPUT, "%zu classes: a network has 2 to %d", classes, EN_CLASSES_MAX);
    }
    const en_layer_spec *last = &spec->layer[spec->count - 1];
    size_t wanted = en_spec_units(spec, classes), given = resolved(last->out, wanted).c;
    if (given != wanted) {
        return en_error_set(
            err, EN_INPUT,
            "line %d of the network ends in %zu units, but there are %zu classes: write 'dense classes %s'", last->line,
            given, classes, en_activation_word(spec->output));
    }
    return EN_OK;
}

/* The tensor that is explained: the last of more than one pixel that is not made by a pooling or a dropout. */
static size_t find_map(const en_network *net)
{
    size_t i = net->count;
    for (; i > 0; i--) {
        const en_layer *l = &net->layer[i - 1];
        if (l->out.h * l->out.w > 1 && l->kind != &en_layer_maxpool && l->kind != &en_layer_avgpool &&
            l->kind != &en_layer_dropout) {
            break;
        }
    }
    return i;
}

/* Which tensors depend on parameters, or on what is explained: their gradients are wanted. */
static bool mark_trained(en_network *net)
{
    bool any = false;
    for (size_t i = 0; i < net->count; i++) {
        const en_layer *l = &net->layer[i];
        bool trained =
            net->mode == EN_EXPLAIN ? i + 1 == net->map : l->kind->init != NULL && l->index >= net->frozen_lines;
        for (size_t k = 0; k < l->inputs; k++) {
            trained |= net->tensor[l->input[k]].trained;
        }
        net->tensor[i + 1].trained = trained;
        any |= trained;
    }
    return any;
}

/* What is not trained must not drift: its norms neither use nor follow the statistics of a batch. */
static void freeze_norms(en_spec *spec, size_t lines)
{
    for (size_t i = 0; i < lines && i < spec->count; i++) {
        if (spec->layer[i].norm == EN_NORM_BATCH) {
            spec->layer[i].norm = EN_NORM_FROZEN;
        }
    }
}

en_status en_build_layers(en_network *net, const en_network_config *config, en_error *err)
{
    en_status st = check_classes(config->spec, config->classes, err);
    if (st == EN_OK) {
        st = en_conv_check(config->convolution, err);
    }
    if (st != EN_OK) {
        return st;
    }
    if (config->batch < 1 || config->batch > INT32_MAX) {
        return en_error_set(err, EN_USAGE, "a batch of %zu samples: the minimum is 1", config->batch);
    }
    size_t micro = config->micro_batch > 0 && config->micro_batch < config->batch ? config->micro_batch : config->batch;
    *net =
        (en_network){.spec = *config->spec,
                     .classes = config->classes,
                     .units = en_spec_units(config->spec, config->classes),
                     .batch = config->batch,
                     .micro_batch = micro,
                     .frozen_lines = config->mode == EN_TRAIN ? config->frozen_lines : 0,
                     .gradients = config->mode == EN_TRAIN && (config->gradients || micro < config->batch),
                     .mode = config->mode,
                     .pool = config->pool,
                     .kernels = config->kernels,
                     .convolution = config->convolution,
                     .optimiser = config->optimiser != NULL ? *config->optimiser : en_optimiser_of(EN_OPTIMISER_ADAM),
                     .threads = en_pool_threads(config->pool)};
    freeze_norms(&net->spec, net->frozen_lines);
    size_t tensor[EN_SPEC_LAYERS + 1] = {0};
    net->tensor[0].size = size_of(net->spec.input);
    for (size_t i = 0; i < net->spec.count; i++) {
        append_line(net, i, tensor);
    }
    net->map = net->mode == EN_EXPLAIN ? find_map(net) : 0;
    if (net->mode == EN_EXPLAIN && net->map == 0) {
        return en_error_set(err, EN_INPUT,
                            "the network has no layer of more than one pixel: there is no place to draw a heat map of");
    }
    if (!mark_trained(net)) {
        return en_error_set(err, EN_INPUT,
                            net->frozen_lines > 0
                                ? "every layer with weights is frozen: there is nothing to train"
                                : "the network has no conv or dense layer: there is nothing to train");
    }
    return EN_OK;
}

/* The steps of a pass: 0 fills the input, i+1 runs layer i forward; then comes the loss, then the layers backward. */
static size_t forward_step(size_t layer) { return layer + 1; }

static size_t loss_step(const en_network *net) { return net->count + 1; }

static size_t backward_step(const en_network *net, size_t layer) { return 2 * net->count + 1 - layer; }

/* A layer below everything that is trained has no backward pass: what it remembers lives until its forward pass ends.
 */
static void number_steps(en_network *net, bool train)
{
    for (size_t i = 0; i < net->count; i++) {
        net->layer[i].forward_step = forward_step(i);
        net->layer[i].backward_step = train && net->tensor[i + 1].trained ? backward_step(net, i) : forward_step(i);
    }
}

static void read_at(en_value *t, size_t step)
{
    if (step > t->last) {
        t->last = step;
    }
}

/* Until when each tensor is read, every layer's claims being known. */
static void find_reads(en_network *net, bool train)
{
    for (size_t i = 0; i <= net->count; i++) {
        net->tensor[i].last = i; /* it is made in that step */
        net->tensor[i].shares = i;
    }
    for (size_t i = 0; i < net->count; i++) {
        const en_layer *l = &net->layer[i];
        bool back = train && i + 1 != net->map;
        for (size_t k = 0; k < l->inputs; k++) {
            read_at(&net->tensor[l->input[k]], back && l->reads_x ? l->backward_step : l->forward_step);
        }
        if (back && l->reads_y) {
            read_at(&net->tensor[i + 1], l->backward_step);
        }
    }
    read_at(&net->tensor[net->count], loss_step(net));
    if (net->map > 0) { /* it is read when its gradient is there */
        read_at(&net->tensor[net->map], net->layer[net->map - 1].backward_step);
    }
}

/* A layer works in place where nothing reads its input after it. */
static void share_values(en_network *net)
{
    for (size_t i = 0; i < net->count; i++) {
        en_layer *l = &net->layer[i];
        const en_value *x = &net->tensor[l->input[0]];
        l->in_place = (l->works_in_place || (l->kind == &en_layer_batchnorm && l->u.norm.folded)) &&
                      x->last == l->forward_step && (l->inputs < 2 || l->input[1] != l->input[0]);
        if (l->in_place) {
            net->tensor[i + 1].shares = x->shares;
            read_at(&net->tensor[x->shares], net->tensor[i + 1].last);
        }
    }
}

/* The values, each from the step that makes it to the last that reads it. */
static void plan_values(en_network *net, en_plan *plan)
{
    for (size_t i = 0; i <= net->count; i++) {
        en_value *t = &net->tensor[i];
        if (t->shares == i) {
            en_plan_span(plan, i, t->last, plan->batch, t->size, sizeof(float), &t->value);
        }
    }
}

/* The last reader of a tensor is the first to make its gradient; the others add. A layer that works in place makes it
 * in the memory of its output's gradient, which nothing needs any more. */
static void share_gradients(en_network *net)
{
    net->added_size = 0;
    for (size_t i = 0; i <= net->count; i++) {
        net->tensor[i].gradient_first = 0;
        net->tensor[i].gradient_shares = i;
    }
    net->tensor[net->count].gradient_first = loss_step(net);
    for (size_t i = net->count; i-- > 0;) {
        en_layer *l = &net->layer[i];
        for (size_t k = 0; k < l->inputs; k++) {
            en_value *x = &net->tensor[l->input[k]];
            bool first = x->gradient_first == 0;
            l->adds[k] = !first && l->kind->adds_dx;
            if (!x->trained) {
                continue;
            }
            if (first) {
                x->gradient_first = l->backward_step;
                x->gradient_shares = l->works_in_place && k == 0 ? net->tensor[i + 1].gradient_shares : l->input[k];
            } else if (!l->kind->adds_dx && x->size > net->added_size) {
                net->added_size = x->size;
            }
        }
    }
}

static void plan_gradients(en_network *net, en_plan *plan)
{
    for (size_t i = 0; i <= net->count; i++) { /* a gradient is read by the layer that made the value */
        net->tensor[i].gradient_last = i > 0 ? net->layer[i - 1].backward_step : 0;
    }
    for (size_t i = net->count + 1; i-- > 1;) { /* the memory of one lives as long as the last that lies in it */
        en_value *t = &net->tensor[i], *root = &net->tensor[t->gradient_shares];
        if (t->trained && t->gradient_last > root->gradient_last) {
            root->gradient_last = t->gradient_last;
        }
    }
    for (size_t i = 1; i <= net->count; i++) {
        en_value *t = &net->tensor[i];
        if (t->trained && t->gradient_shares == i) {
            en_plan_span(plan, t->gradient_first, t->gradient_last, plan->batch, t->size, sizeof(float), &t->gradient);
        }
    }
    if (net->added_size > 0) {
        en_plan_span(plan, loss_step(net), backward_step(net, 0), plan->batch, net->added_size, sizeof(float),
                     &net->added);
    }
}

/* The addresses of everything, for the layers. */
static void connect(en_network *net, bool train)
{
    for (size_t i = 0; i <= net->count; i++) {
        en_value *t = &net->tensor[i];
        t->value = net->tensor[t->shares].value;
        if (train && t->trained) {
            t->gradient = net->tensor[t->gradient_shares].gradient;
        }
    }
    for (size_t i = 0; i < net->count; i++) {
        en_layer *l = &net->layer[i];
        l->y = net->tensor[i + 1].value;
        l->dy = train ? net->tensor[i + 1].gradient : NULL;
        for (size_t k = 0; k < l->inputs; k++) {
            const en_value *x = &net->tensor[l->input[k]];
            l->x[k] = x->value;
            l->dx[k] = train && x->trained ? x->gradient : NULL;
            l->beside[k] = l->dx[k] != NULL && x->gradient_first != l->backward_step && !l->kind->adds_dx;
            if (l->beside[k]) {
                l->dx[k] = net->added;
            }
        }
    }
}

static void plan_layers(en_network *net, en_plan *plan)
{
    net->parameters = 0;
    const bool train = plan->train;
    for (size_t i = 0; i < net->count; i++) {
        en_layer *l = &net->layer[i];
        plan->explain = net->map > 0 && net->tensor[i + 1].trained && i + 1 != net->map;
        plan->train = net->map > 0 ? plan->explain : train; /* up to the map a layer is as in prediction */
        double flops = plan->flops;
        size_t state = plan->state.bytes, spans = plan->spans;
        l->parameters = 0;
        l->frozen = net->map > 0 || l->index < net->frozen_lines;
        l->kind->plan(l, plan);
        l->flops = plan->flops - flops;
        l->bytes = plan->state.bytes - state + plan->batch * l->out_size * sizeof(float);
        for (size_t k = spans; k < plan->spans; k++) {
            l->bytes += plan->span[k].bytes;
        }
        for (size_t k = 0; k < l->parameters; k++) {
            net->parameter[net->parameters++] = &l->parameter[k];
        }
    }
    plan->train = train;
}

void en_build_memory(en_network *net, en_plan *plan)
{
    plan->threads = net->threads;
    number_steps(net, plan->train);
    plan_layers(net, plan);
    find_reads(net, plan->train);
    share_values(net);
    plan_values(net, plan);
    if (plan->train) {
        share_gradients(net);
        plan_gradients(net, plan);
    }
    en_plan_place(plan);
    connect(net, plan->train);
    net->shared = en_memory_take(&plan->work, plan->shared_floats, 1, sizeof(float));
    net->scratch_stride = en_arena_round(plan->scratch_floats * sizeof(float)) / sizeof(float);
    net->scratch = en_memory_take(&plan->work, net->threads, net->scratch_stride, sizeof(float));
}
