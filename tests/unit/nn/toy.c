/* See toy.h. */
#include "toy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/random.h"

en_network *toy_network(const char *text, size_t classes, size_t batch, en_mode mode, en_pool *pool)
{
    return toy_network_of(text, classes, batch, 0, false, mode, pool);
}

static en_network *make(const char *text, en_network_config config)
{
    en_error err = {0};
    en_spec spec;
    en_optimiser adam = en_optimiser_of(EN_OPTIMISER_ADAM);
    adam.decay = 0.01;
    config.spec = &spec;
    config.optimiser = config.optimiser != NULL ? config.optimiser : &adam;
    en_network *net = NULL;
    en_status st = en_spec_parse(text, "toy", &spec, &err);
    if (st == EN_OK) {
        st = en_kernel_select(NULL, &config.kernels, &err);
    }
    if (st == EN_OK) {
        st = en_network_new(&config, &net, &err);
    }
    if (st != EN_OK) {
        fail_msg("%s", err.text);
    }
    en_network_init(net, 99);
    return net;
}

en_network *toy_network_of(const char *text, size_t classes, size_t batch, size_t micro, bool keep, en_mode mode,
                           en_pool *pool)
{
    const en_network_config config = {
        .classes = classes, .batch = batch, .micro_batch = micro, .gradients = keep, .mode = mode, .pool = pool};
    return make(text, config);
}

en_network *toy_network_with(const char *text, size_t classes, size_t batch, const en_optimiser *optimiser)
{
    const en_network_config config = {.classes = classes, .batch = batch, .optimiser = optimiser, .mode = EN_TRAIN};
    return make(text, config);
}

toy_data toy_noise(const en_network *net)
{
    toy_data data = {NULL, {0}, {0}};
    en_dims d = en_network_input(net);
    size_t size = d.h * d.w * d.c;
    data.pixels = calloc(TOY_BATCH, size);
    en_random random = en_random_init(5, 0, 0, EN_FOR_TEST);
    for (size_t i = 0; i < TOY_BATCH * size; i++) {
        data.pixels[i] = (uint8_t)en_random_u32(&random);
    }
    for (size_t i = 0; i < TOY_BATCH; i++) {
        data.truth[i] = (int32_t)en_random_below(&random, (uint32_t)en_network_classes(net));
        data.ids[i] = 3 * i + 1;
    }
    return data;
}

void toy_free(toy_data *data) { free(data->pixels); }

void toy_train(en_network *net, const toy_data *data, size_t n, uint64_t first, uint64_t last)
{
    for (uint64_t i = first; i <= last; i++) {
        en_error err = {0};
        en_batch batch = {.pixels = data->pixels, .truth = data->truth, .keys = data->ids, .n = n};
        en_step step = {.seed = 12, .epoch = (uint32_t)(i / 2), .step = i, .lr = 0.01f};
        en_step_result result;
        if (en_network_train_step(net, &batch, &step, &result, &err) != EN_OK) {
            fail_msg("%s", err.text);
        }
    }
}

void toy_assert_same(en_network *a, en_network *b)
{
    assert_int_equal(en_network_parameters(a), en_network_parameters(b));
    for (size_t i = 0; i < en_network_parameters(a); i++) {
        const en_parameter *p = en_network_parameter(a, i), *q = en_network_parameter(b, i);
        assert_string_equal(p->name, q->name);
        assert_int_equal(p->count, q->count);
        assert_memory_equal(p->value, q->value, p->count * sizeof(float));
        if (p->statistic) {
            continue;
        }
        assert_memory_equal(p->slot[0], q->slot[0], p->count * sizeof(float));
        assert_memory_equal(p->slot[1], q->slot[1], p->count * sizeof(float));
    }
}
