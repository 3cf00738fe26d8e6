/* bench_train MODEL BATCH THREADS STEPS: trains a network on noise and prints the seconds of every step, one a line,
 * after two steps that do not count. The pixels are ready in memory, as in bench_train.py beside it. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/memory.h"
#include "base/random.h"
#include "base/text.h"
#include "nn/network.h"

#define CLASSES 2u
#define WARM_UP 2

static double seconds_now(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

typedef struct noise {
    uint8_t *pixels;
    int32_t *truth;
    uint64_t *ids;
} noise;

static en_status make_noise(noise *out, en_dims d, size_t n, en_error *err)
{
    size_t bytes = n * d.h * d.w * d.c;
    out->pixels = en_alloc(bytes);
    out->truth = en_calloc(n, sizeof *out->truth);
    out->ids = en_calloc(n, sizeof *out->ids);
    if (out->pixels == NULL || out->truth == NULL || out->ids == NULL) {
        return en_error_nomem(err, "a batch");
    }
    en_random random = en_random_init(1, 0, 0, EN_FOR_TEST);
    for (size_t i = 0; i < bytes; i++) {
        out->pixels[i] = (uint8_t)en_random_u32(&random);
    }
    for (size_t i = 0; i < n; i++) {
        out->truth[i] = (int32_t)en_random_below(&random, CLASSES);
        out->ids[i] = i;
    }
    return EN_OK;
}

static en_status train(en_network *net, const noise *data, int64_t steps, en_error *err)
{
    en_batch batch = {.pixels = data->pixels, .truth = data->truth, .keys = data->ids, .n = en_network_batch(net)};
    for (int64_t i = 0; i < steps + WARM_UP; i++) {
        en_step step = {.seed = 1, .step = (uint64_t)i + 1, .lr = 1e-3f};
        en_step_result result;
        double start = seconds_now();
        en_status st = en_network_train_step(net, &batch, &step, &result, err);
        if (st != EN_OK) {
            return st;
        }
        if (i >= WARM_UP) {
            printf("%.6f\n", seconds_now() - start);
        }
    }
    return EN_OK;
}

static en_status bench(const char *model, int64_t size, int64_t threads, int64_t steps, en_error *err)
{
    en_spec spec;
    en_pool *pool = NULL;
    en_network *net = NULL;
    noise data = {NULL, NULL, NULL};
    en_network_config config = {.spec = &spec,
                                .classes = CLASSES,
                                .batch = (size_t)size,
                                .mode = EN_TRAIN,
                                .convolution = getenv("EYENET_CONV")};
    en_status st = en_spec_load(model, &spec, err);
    if (st == EN_OK) {
        st = en_kernel_select(getenv("EYENET_ISA"), &config.kernels, err);
    }
    if (st == EN_OK) {
        st = en_pool_new((unsigned)threads, &pool, err);
    }
    if (st == EN_OK) {
        config.pool = pool;
        st = en_network_new(&config, &net, err);
    }
    if (st == EN_OK) {
        en_network_init(net, 1);
        st = make_noise(&data, en_network_input(net), config.batch, err);
    }
    if (st == EN_OK) {
        char blas[160];
        fprintf(stderr, "eyenet kernels %s, %s\n", config.kernels->name,
                en_kernel_blas(config.kernels, blas, sizeof blas));
        st = train(net, &data, steps, err);
    }
    en_free(data.pixels);
    en_free(data.truth);
    en_free(data.ids);
    en_network_free(net);
    en_pool_free(pool);
    return st;
}

int main(int argc, char **argv)
{
    int64_t number[3];
    if (argc != 5 || !en_parse_int(argv[2], &number[0]) || !en_parse_int(argv[3], &number[1]) ||
        !en_parse_int(argv[4], &number[2]) || number[0] < 1 || number[1] < 0 || number[2] < 1) {
        fprintf(stderr, "usage: bench_train MODEL BATCH THREADS STEPS\n");
        return 2;
    }
    en_error err = {0};
    en_status st = bench(argv[1], number[0], number[1], number[2], &err);
    if (st != EN_OK) {
        fprintf(stderr, "bench_train: %s\n", err.text);
    }
    return en_status_exit_code(st);
}
