/* A network: made, run forward and backward, asked. */
#include "nn/network.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/machine.h"
#include "base/memory.h"
#include "base/text.h"
#include "nn/build.h"

static en_plan plan_of(const en_network *net)
{
    return (en_plan){.kernels = net->kernels,
                     .batch = net->micro_batch,
                     .train = net->mode == EN_TRAIN,
                     .gradients = net->gradients};
}

/* Counts the memory of a network whose layers are made; EN_NOMEM when this machine does not have it. */
static en_status count_memory(en_network *net, en_network_size *out, en_error *err)
{
    en_plan plan = plan_of(net);
    en_build_memory(net, &plan);
    *out = (en_network_size){.parameters = plan.parameters,
                             .state_bytes = plan.state.bytes,
                             .work_bytes = plan.work.bytes,
                             .flops = plan.flops};
    if (plan.state.overflow || plan.work.overflow || !en_add(out->state_bytes, out->work_bytes, &out->total_bytes)) {
        return en_error_hint(err, en_error_set(err, EN_NOMEM, "the network is larger than any memory"),
                             "use a smaller batch or network");
    }
    size_t machine = en_machine_memory();
    if (out->total_bytes > machine) {
        char need[32], have[32];
        return en_error_hint(err,
                             en_error_set(err, EN_NOMEM, "the network needs %s of memory and this machine has %s",
                                          en_human_size((int64_t)out->total_bytes, need, sizeof need),
                                          en_human_size((int64_t)machine, have, sizeof have)),
                             "use a smaller batch, input or network");
    }
    return EN_OK;
}

static en_status lay_out(const en_network_config *config, en_network **out, en_network_size *size, en_error *err)
{
    *out = NULL;
    *size = (en_network_size){0};
    en_network *net = en_calloc(1, sizeof *net);
    if (net == NULL) {
        return en_error_nomem(err, "a network");
    }
    en_status st = en_build_layers(net, config, err);
    if (st == EN_OK) {
        st = count_memory(net, size, err);
    }
    if (st != EN_OK) {
        en_network_free(net);
        return st;
    }
    *out = net;
    return EN_OK;
}

en_status en_network_plan(const en_network_config *config, en_network_size *out, en_error *err)
{
    en_network *net;
    en_status st = lay_out(config, &net, out, err);
    en_network_free(net);
    return st;
}

en_status en_network_new(const en_network_config *config, en_network **out, en_error *err)
{
    en_network *net;
    en_network_size size;
    *out = NULL;
    en_status st = lay_out(config, &net, &size, err);
    if (st != EN_OK) {
        return st;
    }
    st = en_arena_init(&net->state, size.state_bytes, "the network's parameters", err);
    if (st == EN_OK) {
        st = en_arena_init(&net->work, size.work_bytes, "the network's activations", err);
    }
    if (st != EN_OK) {
        en_network_free(net);
        return st;
    }
    en_plan plan = plan_of(net);
    plan.state.arena = &net->state;
    plan.work.arena = &net->work;
    en_build_memory(net, &plan);
    *out = net;
    return EN_OK;
}

void en_network_free(en_network *net)
{
    if (net != NULL) {
        en_arena_clear(&net->state);
        en_arena_clear(&net->work);
        en_free(net);
    }
}

void en_network_init(en_network *net, uint64_t seed)
{
    memset(net->state.base, 0, net->state.size);
    for (size_t i = 0; i < net->count; i++) {
        if (net->layer[i].ops->init != NULL) {
            net->layer[i].ops->init(&net->layer[i], net->pool, seed);
        }
    }
}

en_dims en_network_input(const en_network *net) { return net->spec.input; }

size_t en_network_classes(const en_network *net) { return net->classes; }

size_t en_network_batch(const en_network *net) { return net->batch; }

size_t en_network_micro_batch(const en_network *net) { return net->micro_batch; }

static size_t input_size(const en_network *net) { return net->spec.input.h * net->spec.input.w * net->spec.input.c; }

typedef struct reading {
    const en_network *net;
    const uint8_t *pixels;
} reading;

static void read_image(void *ctx, size_t image, unsigned worker)
{
    const reading *r = ctx;
    const en_spec *spec = &r->net->spec;
    size_t n = input_size(r->net);
    (void)worker;
    r->net->kernels->from_u8(r->pixels + image * n, n, (float)(spec->scale_top / spec->scale_bottom),
                             (float)spec->shift, r->net->input + image * n);
}

static en_pass pass_of(const en_network *net, size_t n)
{
    return (en_pass){.k = net->kernels,
                     .pool = net->pool,
                     .n = n,
                     .shared = net->shared,
                     .scratch = net->scratch,
                     .scratch_stride = net->scratch_stride};
}

static void run_forward(en_network *net, const en_pass *pass, const uint8_t *pixels)
{
    en_pool_run(net->pool, pass->n, read_image, &(reading){net, pixels});
    for (size_t i = 0; i < net->count; i++) {
        en_layer *l = &net->layer[i];
        l->ops->forward(l, pass);
    }
}

static en_status check_batch(const en_network *net, const en_batch *batch, en_error *err)
{
    if (net->mode != EN_TRAIN || batch->n < 1 || batch->n > net->batch) {
        return en_error_set(err, EN_BUG, "a training step of %zu samples on a network made for %s of %zu", batch->n,
                            net->mode == EN_TRAIN ? "steps" : "prediction", net->batch);
    }
    for (size_t i = 0; i < batch->n; i++) {
        if (batch->truth[i] < 0 || (size_t)batch->truth[i] >= net->classes) {
            return en_error_set(err, EN_BUG, "class %d of a sample is not one of %zu", (int)batch->truth[i],
                                net->classes);
        }
    }
    return EN_OK;
}

/* Forward and backward over one micro-batch; its loss is added to `out`. EN_FAILED when that is not a number: its
 * gradients were not made then. */
static en_status run_pass(en_network *net, en_pass *pass, en_step_result *out, en_error *err)
{
    en_step_result part;
    run_forward(net, pass, pass->batch->pixels);
    en_softmax_measure(&net->layer[net->count - 1], pass, &part);
    out->loss_sum += part.loss_sum;
    out->weight_sum += part.weight_sum;
    out->correct += part.correct;
    if (!isfinite(part.loss_sum)) {
        return en_error_hint(
            err,
            en_error_set(err, EN_FAILED, "the loss is not a number at step %llu", (unsigned long long)pass->step->step),
            "use a lower learning rate than %g", (double)pass->step->lr);
    }
    for (size_t i = net->count; i-- > net->first_trained;) {
        en_layer *l = &net->layer[i];
        l->ops->backward(l, pass);
    }
    return EN_OK;
}

/* Clips the gradients kept and updates the parameters by them. EN_FAILED when their norm is not a number. */
static en_status apply_gradients(en_network *net, const en_pass *pass, en_error *err)
{
    double norm2 = 0, scale = 1, most = (double)pass->step->clip_norm;
    for (size_t i = 0; i < net->parameters; i++) {
        norm2 += en_parameter_gradient_norm2(net->parameter[i]);
    }
    if (!isfinite(norm2)) {
        return en_error_hint(err,
                             en_error_set(err, EN_FAILED, "the gradient is not a number at step %llu",
                                          (unsigned long long)pass->step->step),
                             "use a lower learning rate than %g", (double)pass->step->lr);
    }
    if (most > 0 && sqrt(norm2) > most) {
        scale = most / sqrt(norm2);
    }
    for (size_t i = 0; i < net->parameters; i++) {
        en_parameter_apply(net->parameter[i], pass, (float)scale);
    }
    return EN_OK;
}

en_status en_network_train_step(en_network *net, const en_batch *batch, const en_step *step, en_step_result *out,
                                en_error *err)
{
    *out = (en_step_result){0};
    en_status st = check_batch(net, batch, err);
    if (st != EN_OK) {
        return st;
    }
    if (step->clip_norm > 0 && !net->gradients) {
        return en_error_set(err, EN_BUG, "gradients are clipped in a network that does not keep them");
    }
    double weight_sum = 0;
    for (size_t i = 0; i < batch->n; i++) {
        weight_sum += en_sample_weight(step, batch->truth[i]);
    }
    for (size_t first = 0, n; first < batch->n; first += n) {
        n = batch->n - first < net->micro_batch ? batch->n - first : net->micro_batch;
        const en_batch part = {.pixels = batch->pixels + first * input_size(net),
                               .truth = batch->truth + first,
                               .keys = batch->keys + first,
                               .n = n};
        en_pass pass = pass_of(net, n);
        pass.train = true;
        pass.batch = &part;
        pass.step = step;
        pass.weight_sum = weight_sum;
        pass.sink = !net->gradients ? EN_SINK_APPLY : first == 0 ? EN_SINK_SET : EN_SINK_ADD;
        st = run_pass(net, &pass, out, err);
        if (st == EN_OK && net->gradients && first + n == batch->n) {
            st = apply_gradients(net, &pass, err);
        }
        if (st != EN_OK) {
            return st;
        }
    }
    return EN_OK;
}

en_status en_network_predict(en_network *net, const uint8_t *pixels, size_t n, float *probabilities, en_error *err)
{
    for (size_t done = 0, count; done < n; done += count) {
        count = n - done < net->micro_batch ? n - done : net->micro_batch;
        en_pass pass = pass_of(net, count);
        run_forward(net, &pass, pixels + done * input_size(net));
        const float *p = net->layer[net->count - 1].y;
        for (size_t i = 0; i < count * net->classes; i++) {
            if (!isfinite(p[i])) {
                return en_error_set(err, EN_FAILED, "the network's output is not a number: its weights are corrupt");
            }
        }
        memcpy(probabilities + done * net->classes, p, count * net->classes * sizeof *p);
    }
    return EN_OK;
}

size_t en_network_parameters(const en_network *net) { return net->parameters; }

en_parameter *en_network_parameter(en_network *net, size_t i) { return net->parameter[i]; }

en_status en_network_describe(const en_network *net, en_buf *out, en_error *err)
{
    en_dims in = net->spec.input;
    en_status st = en_buf_printf(out, err, "%-36s %zux%zux%zu\n", "input", in.h, in.w, in.c);
    for (size_t i = 0; st == EN_OK && i < net->count; i++) {
        const en_layer *l = &net->layer[i];
        if (i > 0 && net->layer[i - 1].index == l->index) {
            continue; /* the activation of the line above */
        }
        en_buf words;
        en_buf_init(&words, 256);
        char shape[64];
        (void)snprintf(shape, sizeof shape, "%zux%zux%zu", l->out.h, l->out.w, l->out.c);
        st = en_spec_layer_text(l->spec, &words, err);
        if (st == EN_OK) {
            st = en_buf_printf(out, err, "%-36s %-16s %12zu %s\n", en_buf_str(&words), shape,
                               l->weight.count + l->bias.count, l->ops->algorithm != NULL ? l->ops->algorithm(l) : "");
        }
        en_buf_clear(&words);
    }
    return st;
}
