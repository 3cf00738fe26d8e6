/* See profile.h. The network's passes take the time of each layer when net->times is set. */
#include "nn/profile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/random.h"
#include "nn/build.h"

#define PEAK_SIDE 768u /* of the matrices whose product measures the peak */
#define PEAK_ROUNDS 5
#define PEAK_SECONDS 0.5 /* after which no further round begins */

/* Noise for a batch, and the seconds of every round: lines by rounds, forward, then backward, then whole steps. */
typedef struct bench {
    uint8_t *pixels;
    int32_t *truth;
    uint64_t *keys;
    float *probabilities;
    double *forward, *backward, *step;
    en_layer_times times;
} bench;

static void clear(bench *b)
{
    void *owned[] = {b->pixels,   b->truth, b->keys,          b->probabilities, b->forward,
                     b->backward, b->step,  b->times.forward, b->times.backward};
    for (size_t i = 0; i < sizeof owned / sizeof *owned; i++) {
        en_free(owned[i]);
    }
}

static en_status make(bench *b, const en_network *net, size_t rounds, en_error *err)
{
    size_t n = net->batch, size = net->tensor[0].size, lines = net->spec.count + 1;
    *b = (bench){.pixels = en_calloc(n, size),
                 .truth = en_calloc(n, sizeof *b->truth),
                 .keys = en_calloc(n, sizeof *b->keys),
                 .probabilities = en_calloc(n, net->classes * sizeof *b->probabilities),
                 .forward = en_calloc(lines * rounds, sizeof *b->forward),
                 .backward = en_calloc(lines * rounds, sizeof *b->backward),
                 .step = en_calloc(rounds, sizeof *b->step),
                 .times = {en_calloc(lines, sizeof(double)), en_calloc(lines, sizeof(double))}};
    if (b->pixels == NULL || b->truth == NULL || b->keys == NULL || b->probabilities == NULL || b->forward == NULL ||
        b->backward == NULL || b->step == NULL || b->times.forward == NULL || b->times.backward == NULL) {
        return en_error_nomem(err, "a benchmark");
    }
    en_random random = en_random_init(1, 0, 0, EN_FOR_TEST);
    for (size_t i = 0; i < n * size; i++) {
        b->pixels[i] = (uint8_t)en_random_u32(&random);
    }
    for (size_t i = 0; i < n; i++) {
        b->truth[i] = (int32_t)(i % net->classes);
        b->keys[i] = i;
    }
    return EN_OK;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Sorts. */
static double median(double *x, size_t n)
{
    qsort(x, n, sizeof *x, compare);
    return n % 2 == 1 ? x[n / 2] : (x[n / 2 - 1] + x[n / 2]) / 2;
}

static en_status run(en_network *net, bench *b, en_error *err)
{
    if (net->mode == EN_INFER) {
        return en_network_predict(net, b->pixels, net->batch, b->probabilities, err);
    }
    const en_batch batch = {.pixels = b->pixels, .truth = b->truth, .keys = b->keys, .n = net->batch};
    const en_step step = {.seed = 1, .step = 1, .lr = 0};
    en_step_result result;
    return en_network_train_step(net, &batch, &step, &result, err);
}

static en_status run_rounds(en_network *net, bench *b, size_t rounds, en_error *err)
{
    size_t lines = net->spec.count + 1;
    en_status st = run(net, b, err); /* the first touch of everything */
    net->times = &b->times;
    for (size_t round = 0; st == EN_OK && round < rounds; round++) {
        memset(b->times.forward, 0, lines * sizeof(double));
        memset(b->times.backward, 0, lines * sizeof(double));
        double start = en_clock_seconds();
        st = run(net, b, err);
        b->step[round] = en_clock_seconds() - start;
        for (size_t i = 0; i < lines; i++) {
            b->forward[i * rounds + round] = b->times.forward[i];
            b->backward[i * rounds + round] = b->times.backward[i];
        }
    }
    net->times = NULL;
    return st;
}

typedef struct product {
    const en_network *net;
    float *numbers; /* three matrices for each thread */
} product;

static void multiply(void *ctx, size_t chunk, unsigned worker)
{
    const product *p = ctx;
    const size_t n = PEAK_SIDE;
    float *a = p->numbers + chunk * 3 * n * n;
    (void)worker;
    p->net->kernels->gemm(false, false, n, n, n, a, n, a + n * n, n, false, a + 2 * n * n, n);
}

/* 0 without memory for it. */
static double measure_peak(const en_network *net)
{
    size_t threads = net->threads;
    const double flops = 2.0 * PEAK_SIDE * PEAK_SIDE * PEAK_SIDE * (double)threads;
    double best = 0, first = en_clock_seconds();
    product p = {net, en_calloc(threads * 3 * PEAK_SIDE * PEAK_SIDE, sizeof(float))};
    for (int i = 0; p.numbers != NULL && i < PEAK_ROUNDS; i++) {
        double start = en_clock_seconds();
        if (i > 0 && start - first > PEAK_SECONDS) {
            break;
        }
        en_pool_run(net->pool, threads, multiply, &p);
        double rate = flops / (en_clock_seconds() - start);
        best = rate > best ? rate : best;
    }
    en_free(p.numbers);
    return best;
}

static void describe_input(const en_network *net, en_profile_line *line)
{
    en_dims d = net->spec.input;
    *line =
        (en_profile_line){.text = "input", .bytes = (int64_t)(net->micro_batch * net->tensor[0].size * sizeof(float))};
    (void)snprintf(line->shape, sizeof line->shape, "%zux%zux%zu", d.h, d.w, d.c);
}

static en_status describe_line(const en_network *net, size_t index, en_profile_line *line, en_error *err)
{
    const en_layer_spec *spec = &net->spec.layer[index];
    en_buf words;
    en_buf_init(&words, EN_SPEC_TEXT_MAX);
    en_status st = en_spec_layer_text(&net->spec, spec, &words, err);
    if (st == EN_OK) {
        *line = (en_profile_line){.line = spec->line};
        (void)snprintf(line->text, sizeof line->text, "%s", en_buf_str(&words));
        (void)snprintf(line->shape, sizeof line->shape, "%zux%zux%zu", spec->out.h, spec->out.w,
                       spec->out.c > 0 ? spec->out.c : net->units);
    }
    en_buf_clear(&words);
    for (size_t i = 0; st == EN_OK && i < net->count; i++) {
        const en_layer *l = &net->layer[i];
        if (l->index != index) {
            continue;
        }
        /* each gradient, of the input and of the weights, takes as many operations as the forward pass */
        double passes = net->mode == EN_INFER ? 1 : l->dx[0] != NULL ? 3 : 2;
        line->flops += passes * l->flops * (double)net->batch;
        line->bytes += (int64_t)l->bytes;
        line->algorithm = l->kind->algorithm != NULL ? l->kind->algorithm(l) : line->algorithm;
        for (size_t k = 0; k < l->parameters; k++) {
            line->parameters += l->parameter[k].statistic ? 0 : (int64_t)l->parameter[k].count;
        }
    }
    return st;
}

en_status en_network_profile(en_network *net, size_t rounds, en_profile *out, en_error *err)
{
    bench b = {.pixels = NULL};
    if (rounds < 1 || rounds > EN_PROFILE_ROUNDS_MAX) {
        return en_error_set(err, EN_USAGE, "%zu rounds: a benchmark has 1 to %d", rounds, EN_PROFILE_ROUNDS_MAX);
    }
    *out = (en_profile){.count = net->spec.count + 1};
    en_status st = make(&b, net, rounds, err);
    if (st == EN_OK) {
        st = run_rounds(net, &b, rounds, err);
    }
    describe_input(net, &out->line[0]);
    for (size_t i = 0; st == EN_OK && i < net->spec.count; i++) {
        st = describe_line(net, i, &out->line[i + 1], err);
    }
    for (size_t i = 0; st == EN_OK && i < out->count; i++) {
        out->line[i].forward = median(b.forward + i * rounds, rounds);
        out->line[i].backward = median(b.backward + i * rounds, rounds);
    }
    if (st == EN_OK) {
        out->step = median(b.step, rounds);
        out->least = b.step[0];
        out->most = b.step[rounds - 1];
        out->peak = measure_peak(net);
    }
    clear(&b);
    return st;
}
