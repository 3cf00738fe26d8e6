/* bench_conv SIZE CHANNELS KERNELS KERNEL [BATCH [THREADS [ROUNDS]]]: times the forward and the backward pass of every
 * algorithm that serves a convolution of SIZE x SIZE x CHANNELS by KERNELS kernels of KERNEL x KERNEL, stride 1,
 * without padding. Prints milliseconds per image, median and fastest of the rounds, in which the algorithms take turns,
 * and GFLOP/s, counting the products of the direct sum. EYENET_ISA names the kernels. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/arena.h"
#include "base/random.h"
#include "base/text.h"
#include "nn/conv.h"

#define ALGORITHMS_MAX 8u
#define ROUNDS_MAX 64u
#define PASSES 3u /* forward, backward, backward without the gradient of the input */

static const char *const pass_names[PASSES] = {"forward", "backward", "weights"};

typedef struct timing {
    double ms[ALGORITHMS_MAX][PASSES][ROUNDS_MAX];
} timing;

static double ms_now(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return 1e3 * (double)t.tv_sec + 1e-6 * (double)t.tv_nsec;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static float *noise(en_arena *arena, size_t n)
{
    float *x = en_arena_take(arena, n * sizeof *x);
    en_random random = en_random_init(1, 0, n, EN_FOR_TEST);
    for (size_t i = 0; x != NULL && i < n; i++) {
        x[i] = (float)en_random_between(&random, -0.5, 0.5);
    }
    return x;
}

static void time_passes(const en_conv_algorithm *a, const en_conv_call *call, double (*ms)[ROUNDS_MAX], size_t round)
{
    double start = ms_now();
    a->forward(call);
    ms[0][round] = ms_now() - start;
    start = ms_now();
    a->backward(call);
    ms[1][round] = ms_now() - start;
    en_conv_call weights = *call;
    weights.dx = NULL;
    start = ms_now();
    a->backward(&weights);
    ms[2][round] = ms_now() - start;
}

static void print(const en_conv_call *call, timing *t, size_t rounds)
{
    const en_conv_shape *s = call->s;
    double gflop = 2e-9 * (double)(s->oh * s->ow * s->oc) * (double)(s->kh * s->kw * s->c);
    printf("kernels %s, %zu images, %u threads\n\n| algorithm | pass | ms/image, median | fastest | GFLOP/s |\n"
           "|---|---|---|---|---|\n",
           call->k->name, call->n, en_pool_threads(call->pool));
    const en_conv_algorithm *const *a = en_conv_algorithms();
    for (size_t i = 0; a[i] != NULL && i < ALGORITHMS_MAX; i++) {
        for (size_t pass = 0; pass < PASSES && a[i]->serves(s, call->k); pass++) {
            double *ms = t->ms[i][pass];
            qsort(ms, rounds, sizeof *ms, by_value);
            double median = ms[rounds / 2] / (double)call->n, products = pass == 1 ? 2 : 1;
            printf("| %s | %s | %.3f | %.3f | %.0f |\n", a[i]->name, pass_names[pass], median, ms[0] / (double)call->n,
                   products * gflop / median * 1e3);
        }
    }
}

static en_status bench(const en_conv_shape *s, size_t n, unsigned threads, size_t rounds, en_error *err)
{
    static timing t;
    const char *forced = getenv("EYENET_CONV");
    en_pool *pool = NULL;
    en_arena arena = {0};
    const en_conv_algorithm *const *a = en_conv_algorithms();
    en_conv_call call = {.s = s, .n = n, .relu = true, .train = true};
    en_status st = en_kernel_select(getenv("EYENET_ISA"), &call.k, err);
    if (st == EN_OK) {
        st = en_pool_new(threads, &pool, err);
    }
    size_t x = n * s->h * s->w * s->c, y = n * s->oh * s->ow * s->oc, w = s->kh * s->kw * s->c * s->oc;
    en_conv_need most = {0};
    for (size_t i = 0; st == EN_OK && a[i] != NULL; i++) {
        en_conv_need need = a[i]->serves(s, call.k) ? a[i]->need(s, n, true) : (en_conv_need){0};
        most.kept = need.kept > most.kept ? need.kept : most.kept;
        most.shared = need.shared > most.shared ? need.shared : most.shared;
        most.scratch = need.scratch > most.scratch ? need.scratch : most.scratch;
    }
    call.scratch_stride = en_arena_round(most.scratch * sizeof(float)) / sizeof(float);
    if (st == EN_OK) {
        size_t floats = 2 * x + 2 * y + 2 * w + 2 * s->oc + most.kept + most.shared + threads * call.scratch_stride;
        st = en_arena_init(&arena, floats * sizeof(float) + (size_t)16 * EN_ARENA_ALIGN, "the tensors", err);
    }
    if (st == EN_OK) {
        call.pool = pool;
        call.x = noise(&arena, x);
        call.y = noise(&arena, y);
        call.dy = noise(&arena, y);
        call.dx = noise(&arena, x);
        call.w = noise(&arena, w);
        call.dw = noise(&arena, w);
        call.b = noise(&arena, s->oc);
        call.db = noise(&arena, s->oc);
        call.kept = noise(&arena, most.kept);
        call.shared = noise(&arena, most.shared);
        call.scratch = noise(&arena, threads * call.scratch_stride);
        for (size_t round = 0; round < rounds + 1; round++) { /* the first does not count */
            for (size_t i = 0; a[i] != NULL && i < ALGORITHMS_MAX; i++) {
                if (a[i]->serves(s, call.k) && (forced == NULL || a[i] == en_conv_choose(s, call.k, forced))) {
                    time_passes(a[i], &call, t.ms[i], round > 0 ? round - 1 : 0);
                }
            }
        }
        print(&call, &t, rounds);
    }
    en_arena_clear(&arena);
    en_pool_free(pool);
    return st;
}

int main(int argc, char **argv)
{
    int64_t number[7] = {0, 0, 0, 0, 16, 2, 7};
    bool ok = argc >= 5 && argc <= 8;
    for (int i = 1; ok && i < argc; i++) {
        ok = en_parse_int(argv[i], &number[i - 1]) && number[i - 1] >= 1;
    }
    if (!ok || number[3] > number[0] || number[6] > (int64_t)ROUNDS_MAX) {
        fprintf(stderr, "usage: bench_conv SIZE CHANNELS KERNELS KERNEL [BATCH [THREADS [ROUNDS]]]\n");
        return 2;
    }
    size_t size = (size_t)number[0], kernel = (size_t)number[3];
    en_conv_shape s = {.h = size,
                       .w = size,
                       .c = (size_t)number[1],
                       .kh = kernel,
                       .kw = kernel,
                       .groups = 1,
                       .dilation = 1,
                       .stride = 1,
                       .oh = size - kernel + 1,
                       .ow = size - kernel + 1,
                       .oc = (size_t)number[2]};
    en_error err = {0};
    en_status st = bench(&s, (size_t)number[4], (unsigned)number[5], (size_t)number[6], &err);
    if (st != EN_OK) {
        fprintf(stderr, "bench_conv: %s\n", err.text);
    }
    return en_status_exit_code(st);
}
