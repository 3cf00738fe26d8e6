/* step NETWORK.net CLASSES BATCH STEPS OUT.safetensors: first weights, one batch of noise, its loss and every gradient,
 * and the losses of STEPS steps of Adam in PyTorch's form on that batch, for step.py to repeat. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "base/text.h"
#include "nn/network.h"
#include "nn/safetensors.h"

#define TENSORS_MAX 2000

typedef struct sheet {
    en_tensor tensor[TENSORS_MAX];
    char name[TENSORS_MAX][80];
    size_t count;
} sheet;

static void put(sheet *s, const char *name, const char *suffix, const size_t *shape, unsigned rank, const float *from)
{
    size_t count = 1;
    en_tensor *t = &s->tensor[s->count];
    (void)snprintf(s->name[s->count], sizeof s->name[0], "%s%s", name, suffix);
    *t = (en_tensor){.name = s->name[s->count++], .rank = rank};
    for (unsigned i = 0; i < rank; i++) {
        t->shape[i] = shape[i];
        count *= shape[i];
    }
    float *copy = malloc(count * sizeof *copy); /* lives as long as the process */
    memcpy(copy, from, count * sizeof *copy);
    t->data = copy;
}

static void put_parameters(sheet *s, en_network *net, bool gradients)
{
    for (size_t i = 0; i < en_network_parameters(net); i++) {
        const en_parameter *p = en_network_parameter(net, i);
        if (!gradients) {
            put(s, p->name, "", p->shape, p->rank, p->value);
        } else if (!p->statistic) {
            put(s, p->name, ".gradient", p->shape, p->rank, p->gradient);
        }
    }
}

static en_status run(en_network *net, size_t n, size_t steps, const char *path, en_error *err)
{
    en_dims d = en_network_input(net);
    size_t size = d.h * d.w * d.c;
    sheet *s = calloc(1, sizeof *s);
    uint8_t *pixels = malloc(n * size);
    float *floats = malloc(n * size * sizeof *floats), *losses = calloc(steps + 1, sizeof *losses);
    int32_t *truth = calloc(n, sizeof *truth);
    uint64_t *keys = calloc(n, sizeof *keys);
    en_random random = en_random_init(3, 0, 0, EN_FOR_TEST);
    for (size_t i = 0; i < n * size; i++) {
        floats[i] = pixels[i] = (uint8_t)en_random_u32(&random);
    }
    for (size_t i = 0; i < n; i++) {
        truth[i] = (int32_t)en_random_below(&random, (uint32_t)en_network_classes(net));
        keys[i] = i;
    }
    put(s, "pixels", "", (size_t[]){n, d.h, d.w, d.c}, 4, floats);
    for (size_t i = 0; i < n; i++) {
        floats[i] = (float)truth[i];
    }
    put(s, "truth", "", &n, 1, floats);
    put_parameters(s, net, false);
    const en_batch batch = {.pixels = pixels, .truth = truth, .keys = keys, .n = n};
    en_status st = EN_OK;
    for (size_t i = 0; st == EN_OK && i < steps; i++) {
        const en_step step = {.seed = 1, .step = i + 1, .lr = 1e-3f};
        en_step_result result;
        st = en_network_train_step(net, &batch, &step, &result, err);
        losses[i] = (float)(result.loss_sum / result.weight_sum);
        if (i == 0) {
            put_parameters(s, net, true);
        }
    }
    put(s, "losses", "", &steps, 1, losses);
    return st == EN_OK ? en_tensors_write(path, s->tensor, s->count, NULL, 0, err) : st;
}

int main(int argc, char **argv)
{
    en_error err = {0};
    en_spec *spec = calloc(1, sizeof *spec);
    en_network *net = NULL;
    en_optimiser adam = en_optimiser_of(EN_OPTIMISER_ADAM_TORCH);
    if (argc != 6) {
        fprintf(stderr, "usage: step NETWORK.net CLASSES BATCH STEPS OUT.safetensors\n");
        return 2;
    }
    en_network_config config = {.spec = spec,
                                .classes = strtoul(argv[2], NULL, 10),
                                .batch = strtoul(argv[3], NULL, 10),
                                .gradients = true,
                                .optimiser = &adam,
                                .mode = EN_TRAIN,
                                .convolution = getenv("EYENET_CONV")};
    en_status st = en_spec_load(argv[1], spec, &err);
    if (st == EN_OK) {
        st = en_kernel_select(getenv("EYENET_ISA"), &config.kernels, &err);
    }
    if (st == EN_OK) {
        st = en_pool_new(0, &config.pool, &err);
    }
    if (st == EN_OK) {
        st = en_network_new(&config, &net, &err);
    }
    if (st == EN_OK) {
        en_network_init(net, 7);
        st = run(net, config.batch, strtoul(argv[4], NULL, 10), argv[5], &err);
    }
    if (st != EN_OK) {
        fprintf(stderr, "%s\n", err.text);
    }
    en_network_free(net);
    en_pool_free(config.pool);
    free(spec);
    return st == EN_OK ? 0 : 1;
}
