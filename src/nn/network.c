/* A network: made, run forward and backward, asked. */
#include "nn/network.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/machine.h"
#include "base/memory.h"
#include "base/text.h"
#include "nn/build.h"

/* A plan that counts; NULL without memory for it. Freed with en_free. */
static en_plan *new_plan(const en_network *net)
{
    en_plan *plan = en_calloc(1, sizeof *plan);
    if (plan != NULL) {
        plan->kernels = net->kernels;
        plan->convolution = net->convolution;
        plan->optimiser = &net->optimiser;
        plan->batch = net->micro_batch;
        plan->train = net->mode != EN_INFER;
        plan->gradients = net->gradients;
        plan->average = net->mode == EN_TRAIN && net->optimiser.average > 0;
    }
    return plan;
}

/* Counts the memory of a network whose layers are made; EN_NOMEM when this machine does not have it. */
static en_status count_memory(en_network *net, en_network_size *out, en_error *err)
{
    en_plan *plan = new_plan(net);
    if (plan == NULL) {
        return en_error_nomem(err, "a network");
    }
    en_build_memory(net, plan);
    *out = (en_network_size){.parameters = plan->parameters,
                             .state_bytes = plan->state.bytes,
                             .work_bytes = plan->work.bytes,
                             .flops = plan->flops};
    bool overflow = plan->state.overflow || plan->work.overflow;
    en_free(plan);
    if (overflow || !en_add(out->state_bytes, out->work_bytes, &out->total_bytes)) {
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
    en_plan *plan = st == EN_OK ? new_plan(net) : NULL;
    if (plan == NULL) {
        en_network_free(net);
        return st != EN_OK ? st : en_error_nomem(err, "a network");
    }
    plan->state.arena = &net->state;
    plan->work.arena = &net->work;
    en_build_memory(net, plan);
    en_free(plan);
    net->stale = true;
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
        if (net->layer[i].kind->init != NULL) {
            net->layer[i].kind->init(&net->layer[i], net->pool, seed);
        }
    }
    en_network_keep_average(net);
    net->stale = true;
}

const en_spec *en_network_spec(const en_network *net) { return &net->spec; }

en_dims en_network_input(const en_network *net) { return net->spec.input; }

size_t en_network_classes(const en_network *net) { return net->classes; }

size_t en_network_batch(const en_network *net) { return net->batch; }

en_mode en_network_mode(const en_network *net) { return net->mode; }

const en_kernels *en_network_kernels(const en_network *net) { return net->kernels; }

const en_optimiser *en_network_optimiser(const en_network *net) { return &net->optimiser; }

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
    float *y = (float *)r->net->tensor[0].value + image * n;
    (void)worker;
    r->net->kernels->from_u8(r->pixels + image * n, n, (float)(spec->scale_top / spec->scale_bottom),
                             (float)spec->shift, y);
    if (spec->normalised) {
        float a[EN_SPEC_CHANNELS], b[EN_SPEC_CHANNELS];
        for (size_t c = 0; c < spec->input.c; c++) {
            a[c] = (float)(1 / spec->std[c]);
            b[c] = (float)(-spec->mean[c] / spec->std[c]);
        }
        r->net->kernels->affine(y, a, b, n / spec->input.c, spec->input.c, -INFINITY, INFINITY, y);
    }
}

static en_pass pass_of(const en_network *net, size_t n)
{
    return (en_pass){.k = net->kernels,
                     .pool = net->pool,
                     .optimiser = &net->optimiser,
                     .n = n,
                     .fresh = net->stale,
                     .shared = net->shared,
                     .scratch = net->scratch,
                     .scratch_stride = net->scratch_stride};
}

/* The weights of convolutions with the norm that follows them: w*scale/sqrt(variance + epsilon) and a bias. */
static void fold_norms(en_network *net)
{
    for (size_t i = 0; net->stale && i < net->count; i++) {
        if (net->layer[i].kind == &en_layer_conv && net->layer[i].u.conv.folds) {
            en_conv_fold(&net->layer[i], &net->layer[i + 1]);
        }
    }
    net->stale = false;
}

static bool all_finite(const float *x, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(x[i])) {
            return false;
        }
    }
    return true;
}

/* Adds what has passed since `start` to a line's time; returns the time now. Only where times are taken. */
static double take_time(en_network *net, bool forward, size_t line, double start)
{
    if (net->times == NULL) {
        return start;
    }
    double now = en_clock_seconds();
    (forward ? net->times->forward : net->times->backward)[line] += now - start;
    return now;
}

/* What a pass begins with: pixels, or what layer `first` is given. */
typedef struct beginning {
    const uint8_t *pixels;
    const float *features;
    size_t first;
} beginning;

static size_t first_layer(const en_network *net, size_t line)
{
    size_t i = 0;
    while (i < net->count && net->layer[i].index < line) {
        i++;
    }
    return i;
}

/* Runs the layers before `end`. When `bad` is not NULL it gets the first whose output is not finite, or NULL. */
static void run_layers(en_network *net, const en_pass *pass, const beginning *from, size_t end, const en_layer **bad)
{
    fold_norms(net);
    double began = en_clock_seconds();
    if (from->features != NULL) {
        const en_value *t = &net->tensor[from->first];
        memcpy(t->value, from->features, pass->n * t->size * sizeof *from->features);
    } else {
        en_pool_run(net->pool, pass->n, read_image, &(reading){net, from->pixels});
    }
    began = take_time(net, true, 0, began);
    for (size_t i = from->first; i < end; i++) {
        en_layer *l = &net->layer[i];
        l->kind->forward(l, pass);
        began = take_time(net, true, l->index + 1, began);
        if (bad != NULL && *bad == NULL && !all_finite(l->y, pass->n * l->out_size)) {
            *bad = l;
        }
    }
}

/* "line 3 (conv 32 3x3 relu)": the layer in which numbers stopped being numbers, found by running the batch again. */
static void name_culprit(en_network *net, const en_pass *pass, const beginning *from, char *out, size_t capacity)
{
    const en_layer *bad = NULL;
    en_buf words;
    en_buf_init(&words, 512);
    run_layers(net, pass, from, net->count, &bad);
    if (bad != NULL && en_spec_layer_text(&net->spec, bad->spec, &words, NULL) == EN_OK) {
        (void)snprintf(out, capacity, "the output of line %d (%s)", bad->spec->line, en_buf_str(&words));
    } else {
        (void)snprintf(out, capacity, "the loss");
    }
    en_buf_clear(&words);
}

static en_status check_batch(const en_network *net, const en_batch *batch, en_error *err)
{
    if (net->mode != EN_TRAIN || batch->n < 1 || batch->n > net->batch) {
        return en_error_set(err, EN_BUG, "a training step of %zu samples on a network made for %s of %zu", batch->n,
                            net->mode == EN_TRAIN ? "steps" : "prediction", net->batch);
    }
    if (batch->features != NULL && (batch->feature_line < 1 || batch->feature_line > net->frozen_lines)) {
        return en_error_set(err, EN_BUG, "features of line %zu in a training of the lines from %zu on",
                            batch->feature_line, net->frozen_lines);
    }
    for (size_t i = 0; i < batch->n; i++) {
        if (batch->truth[i] < 0 || (size_t)batch->truth[i] >= net->classes) {
            return en_error_set(err, EN_BUG, "class %d of a sample is not one of %zu", (int)batch->truth[i],
                                net->classes);
        }
    }
    return EN_OK;
}

static const en_loss cross_entropy = {.kind = EN_LOSS_CROSS_ENTROPY};

static size_t most_probable(const float *p, size_t classes)
{
    size_t best = 0;
    for (size_t c = 1; c < classes; c++) {
        best = p[c] > p[best] ? c : best;
    }
    return best;
}

/* The loss of a pass, added to `out`, and its gradient. False when it is not a number. */
static bool measure_loss(en_network *net, const en_pass *pass, en_step_result *out)
{
    const en_value *last = &net->tensor[net->count];
    const en_loss *loss = pass->step->loss != NULL ? pass->step->loss : &cross_entropy;
    double sum = 0;
    for (size_t i = 0; i < pass->n; i++) {
        const float *logits = (const float *)last->value + i * net->units;
        float p[EN_CLASSES_MAX], *gradient = (float *)last->gradient + i * net->units;
        int32_t truth = pass->batch->truth[i];
        double weight = en_sample_weight(pass->step, truth), part = pass->weight_sum > 0 ? 1 / pass->weight_sum : 0;
        sum += en_loss_of(loss, net->spec.output, logits, net->classes, truth, weight, gradient);
        for (size_t k = 0; k < net->units; k++) {
            gradient[k] *= (float)part;
        }
        en_output_probabilities(net->spec.output, logits, net->classes, p);
        out->correct += most_probable(p, net->classes) == (size_t)truth;
        out->weight_sum += weight;
    }
    out->loss_sum += sum;
    return isfinite(sum);
}

static bool is_trained(const en_parameter *p) { return !p->frozen && !p->statistic; }

static bool has_trained(const en_layer *l)
{
    for (size_t i = 0; i < l->parameters; i++) {
        if (is_trained(&l->parameter[i])) {
            return true;
        }
    }
    return false;
}

typedef struct addition {
    const en_pass *pass;
    const en_layer *layer;
    float *to;
} addition;

static void add_image(void *ctx, size_t image, unsigned worker)
{
    const addition *a = ctx;
    size_t at = image * a->layer->in_size;
    (void)worker;
    a->pass->k->add(a->to + at, a->layer->dx[0] + at, a->layer->in_size);
}

static void run_backward(en_network *net, const en_pass *pass)
{
    double start = en_clock_seconds();
    for (size_t i = net->count; i-- > 0;) {
        en_layer *l = &net->layer[i];
        if (!net->tensor[i + 1].trained || (!has_trained(l) && l->dx[0] == NULL && l->dx[1] == NULL)) {
            continue;
        }
        l->kind->backward(l, pass);
        if (l->beside[0]) {
            addition a = {pass, l, net->tensor[l->input[0]].gradient};
            en_pool_run(pass->pool, pass->n, add_image, &a);
        }
        start = take_time(net, false, l->index + 1, start);
    }
}

/* Forward and backward over one micro-batch; its loss is added to `out`. EN_FAILED when that is not a number: its
 * gradients were not made then. */
static en_status run_pass(en_network *net, en_pass *pass, en_step_result *out, en_error *err)
{
    const en_batch *b = pass->batch;
    const beginning from = {b->pixels, b->features, b->features != NULL ? first_layer(net, b->feature_line) : 0};
    run_layers(net, pass, &from, net->count, NULL);
    if (!measure_loss(net, pass, out)) {
        char culprit[256];
        name_culprit(net, pass, &from, culprit, sizeof culprit);
        return en_error_hint(err,
                             en_error_set(err, EN_FAILED, "%s is not finite at step %llu", culprit,
                                          (unsigned long long)pass->step->step),
                             "use a lower learning rate than %g", (double)pass->step->lr);
    }
    run_backward(net, pass);
    return EN_OK;
}

/* Clips the gradients kept and updates the parameters by them. EN_FAILED when their norm is not a number. */
static en_status apply_gradients(en_network *net, const en_pass *pass, en_error *err)
{
    double norm2 = 0, scale = 1, most = (double)pass->step->clip_norm;
    for (size_t i = 0; i < net->parameters; i++) {
        if (is_trained(net->parameter[i])) {
            norm2 += en_parameter_gradient_norm2(net->parameter[i]);
        }
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
        if (is_trained(net->parameter[i])) {
            en_parameter_apply(net->parameter[i], pass, (float)scale);
        }
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
    const size_t features = en_network_feature_size(net, batch->feature_line);
    double weight_sum = 0;
    for (size_t i = 0; i < batch->n; i++) {
        weight_sum += en_sample_weight(step, batch->truth[i]);
    }
    for (size_t first = 0, n; first < batch->n; first += n) {
        n = batch->n - first < net->micro_batch ? batch->n - first : net->micro_batch;
        const bool kept = batch->features != NULL;
        const en_batch part = {.pixels = kept ? NULL : batch->pixels + first * input_size(net),
                               .features = kept ? batch->features + first * features : NULL,
                               .feature_line = batch->feature_line,
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
    en_network_update_average(net, step->step);
    net->stale = true;
    return EN_OK;
}

size_t en_network_feature_line(const en_network *net, size_t line)
{
    size_t same = 0; /* the lines before the first that differs from time to time */
    while (same < line && strcmp(net->spec.layer[same].kind->word, en_layer_dropout.word) != 0) {
        same++;
    }
    for (line = same; line > 0; line--) {
        const size_t first = first_layer(net, line);
        bool alone = first < net->count;
        for (size_t i = first; alone && i < net->count; i++) {
            for (size_t k = 0; k < net->layer[i].inputs; k++) {
                alone = alone && net->layer[i].input[k] >= first;
            }
        }
        if (alone) {
            break;
        }
    }
    return line;
}

size_t en_network_feature_size(const en_network *net, size_t line) { return net->tensor[first_layer(net, line)].size; }

en_status en_network_features(en_network *net, size_t line, const uint8_t *pixels, size_t n, float *features,
                              en_error *err)
{
    const size_t end = first_layer(net, line), size = net->tensor[end].size;
    for (size_t done = 0, count; done < n; done += count) {
        count = n - done < net->micro_batch ? n - done : net->micro_batch;
        const en_pass pass = pass_of(net, count);
        const beginning from = {.pixels = pixels + done * input_size(net)};
        run_layers(net, &pass, &from, end, NULL);
        memcpy(features + done * size, net->tensor[end].value, count * size * sizeof *features);
        if (!all_finite(features + done * size, count * size)) {
            char culprit[256];
            name_culprit(net, &pass, &from, culprit, sizeof culprit);
            return en_error_set(err, EN_FAILED, "%s is not finite in prediction: the weights are corrupt", culprit);
        }
    }
    return EN_OK;
}

/* The logits of one pass. */
static en_status run_logits(en_network *net, const en_pass *pass, const beginning *from, en_error *err)
{
    run_layers(net, pass, from, net->count, NULL);
    if (all_finite(net->tensor[net->count].value, pass->n * net->units)) {
        return EN_OK;
    }
    char culprit[256];
    name_culprit(net, pass, from, culprit, sizeof culprit);
    return en_error_set(err, EN_FAILED, "%s is not finite in prediction: the weights are corrupt", culprit);
}

en_status en_network_trace(en_network *net, const uint8_t *pixels, const float *weight, double *score, en_error *err)
{
    const en_pass pass = pass_of(net, 1);
    const en_value *last = &net->tensor[net->count];
    en_status st = run_logits(net, &pass, &(beginning){.pixels = pixels}, err);
    *score = 0;
    if (st == EN_OK) {
        for (size_t i = 0; i < net->units; i++) {
            *score += (double)weight[i] * (double)((const float *)last->value)[i];
        }
        memcpy(last->gradient, weight, net->units * sizeof *weight);
        run_backward(net, &pass);
    }
    return st;
}

/* The probabilities of the samples of one pass. */
static en_status predict(en_network *net, const beginning *from, size_t n, float *probabilities, en_error *err)
{
    const en_pass pass = pass_of(net, n);
    en_status st = run_logits(net, &pass, from, err);
    if (st != EN_OK) {
        return st;
    }
    const float *logits = net->tensor[net->count].value;
    for (size_t i = 0; i < n; i++) {
        en_output_probabilities(net->spec.output, logits + i * net->units, net->classes,
                                probabilities + i * net->classes);
    }
    return EN_OK;
}

en_status en_network_predict(en_network *net, const uint8_t *pixels, size_t n, float *probabilities, en_error *err)
{
    en_status st = EN_OK;
    for (size_t done = 0, count; st == EN_OK && done < n; done += count) {
        count = n - done < net->micro_batch ? n - done : net->micro_batch;
        const beginning from = {.pixels = pixels + done * input_size(net)};
        st = predict(net, &from, count, probabilities + done * net->classes, err);
    }
    return st;
}

en_status en_network_predict_features(en_network *net, size_t line, const float *features, size_t n,
                                      float *probabilities, en_error *err)
{
    const size_t first = first_layer(net, line), size = net->tensor[first].size;
    en_status st = EN_OK;
    for (size_t done = 0, count; st == EN_OK && done < n; done += count) {
        count = n - done < net->micro_batch ? n - done : net->micro_batch;
        const beginning from = {.features = features + done * size, .first = first};
        st = predict(net, &from, count, probabilities + done * net->classes, err);
    }
    return st;
}

size_t en_network_parameters(const en_network *net) { return net->parameters; }

en_parameter *en_network_parameter(en_network *net, size_t i)
{
    net->stale = true;
    return net->parameter[i];
}

en_status en_network_line(const en_network *net, size_t line, en_line_info *out, en_error *err)
{
    const en_layer_spec *spec = &net->spec.layer[line];
    en_buf words;
    *out = (en_line_info){.out = spec->out, .algorithm = ""};
    out->out.c = spec->out.c > 0 ? spec->out.c : net->units;
    for (size_t i = 0; i < net->count; i++) {
        const en_layer *l = &net->layer[i];
        for (size_t k = 0; l->index == line && k < l->parameters; k++) {
            out->parameters += l->parameter[k].statistic ? 0 : l->parameter[k].count;
        }
        out->flops += l->index == line ? l->flops : 0;
        if (l->index == line && l->kind->algorithm != NULL) {
            out->algorithm = l->kind->algorithm(l);
        }
    }
    en_buf_init(&words, EN_LINE_TEXT);
    en_status st = en_spec_layer_text(&net->spec, spec, &words, err);
    if (st == EN_OK) {
        (void)snprintf(out->text, sizeof out->text, "%s", en_buf_str(&words));
    }
    en_buf_clear(&words);
    return st;
}

en_status en_network_describe(const en_network *net, en_buf *out, en_error *err)
{
    en_dims in = net->spec.input;
    en_status st = en_buf_printf(out, err, "%-36s %zux%zux%zu\n", "input", in.h, in.w, in.c);
    for (size_t i = 0; st == EN_OK && i < net->spec.count; i++) {
        en_line_info line;
        char shape[64];
        st = en_network_line(net, i, &line, err);
        (void)snprintf(shape, sizeof shape, "%zux%zux%zu", line.out.h, line.out.w, line.out.c);
        if (st == EN_OK) {
            st = en_buf_printf(out, err, "%-36s %-16s %12zu %s\n", line.text, shape, line.parameters, line.algorithm);
        }
    }
    return st;
}
