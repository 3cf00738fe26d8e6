/* A network as its users see it: it learns, counts its memory, allocates nothing in a step, and refuses what it cannot
 * do. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "base/random.h"
#include "nn/conv.h"
#include "toy.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define OWN_MALLOC 0
#elif defined(__has_feature)
#define OWN_MALLOC !(__has_feature(address_sanitizer) || __has_feature(thread_sanitizer))
#else
#define OWN_MALLOC 1
#endif

static atomic_long allocations;

#if OWN_MALLOC && defined(__GLIBC__)
/* glibc lets a program put its own malloc before the library's, for the libraries it uses as well. */
#define COUNTS_ALLOCATIONS 1
extern void *__libc_malloc(size_t bytes);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *block, size_t bytes);

void *malloc(size_t bytes)
{
    atomic_fetch_add(&allocations, 1);
    return __libc_malloc(bytes);
}

void *calloc(size_t count, size_t size)
{
    atomic_fetch_add(&allocations, 1);
    return __libc_calloc(count, size);
}

void *realloc(void *block, size_t bytes)
{
    atomic_fetch_add(&allocations, 1);
    return __libc_realloc(block, bytes);
}
#else
#define COUNTS_ALLOCATIONS 0
#endif

static void neither_a_step_nor_a_prediction_allocates(void **state)
{
    (void)state;
    if (!COUNTS_ALLOCATIONS) {
        print_message("SKIPPED: a sanitizer or another C library has its own malloc\n");
        skip();
    }
    en_error err = {0};
    en_pool *pool;
    assert_int_equal(en_pool_new(2, &pool, &err), EN_OK);
    en_network *net = toy_network(TOY_TEXT, TOY_CLASSES, TOY_BATCH, EN_TRAIN, pool);
    long before = atomic_load(&allocations);
    toy_data data = toy_noise(net);
    assert_true(atomic_load(&allocations) > before); /* it does count */
    float p[TOY_BATCH * TOY_CLASSES];
    toy_train(net, &data, TOY_BATCH, 1, 1); /* OpenBLAS maps its buffers at its first product */
    before = atomic_load(&allocations);
    toy_train(net, &data, TOY_BATCH, 2, 4);
    assert_int_equal(en_network_predict(net, data.pixels, TOY_BATCH, p, &err), EN_OK);
    assert_int_equal(atomic_load(&allocations) - before, 0);
    toy_free(&data);
    en_network_free(net);
    en_pool_free(pool);
}

/* 8x8 pictures, bright on the left or on the right, under noise. */
static void draw_sides(toy_data *data, size_t n, uint64_t seed)
{
    en_random random = en_random_init(seed, 0, 0, EN_FOR_TEST);
    for (size_t i = 0; i < n; i++) {
        data->truth[i] = (int32_t)(i % 2);
        for (size_t p = 0; p < 8 * 8; p++) {
            bool bright = (p % 8 >= 4) == (data->truth[i] == 1);
            data->pixels[i * 64 + p] = (uint8_t)(en_random_below(&random, 160) + (bright ? 60 : 0));
        }
    }
}

static void a_small_problem_is_learnt_and_carries_over_to_other_pictures(void **state)
{
    (void)state;
    en_network *net =
        toy_network("input 8x8x1\nconv 4 3x3 relu\nmaxpool 2\ndense 8 sigmoid\ndropout 0.25\ndense 2 softmax", 2,
                    TOY_BATCH, EN_TRAIN, NULL);
    toy_data data = toy_noise(net);
    en_error err = {0};
    en_step_result result = {0, 0, 0};
    double first = 0;
    for (uint64_t i = 1; i <= 400; i++) {
        draw_sides(&data, TOY_BATCH, i);
        en_batch batch = {.pixels = data.pixels, .truth = data.truth, .keys = data.ids, .n = TOY_BATCH};
        en_step step = {.seed = 1, .epoch = (uint32_t)i, .step = i, .lr = 0.01f};
        assert_int_equal(en_network_train_step(net, &batch, &step, &result, &err), EN_OK);
        first = i == 1 ? result.loss_sum : first;
    }
    assert_true(result.weight_sum == TOY_BATCH);
    assert_true(result.loss_sum < first / 4);
    draw_sides(&data, TOY_BATCH, 1000);
    float p[TOY_BATCH * 2];
    assert_int_equal(en_network_predict(net, data.pixels, TOY_BATCH, p, &err), EN_OK);
    for (size_t i = 0; i < TOY_BATCH; i++) {
        assert_true(p[2 * i + (size_t)data.truth[i]] > 0.7f);
        assert_true(fabsf(p[2 * i] + p[2 * i + 1] - 1) < 1e-6f);
    }
    toy_free(&data);
    en_network_free(net);
}

static void prediction_in_slices_is_prediction(void **state)
{
    (void)state;
    en_network *one = toy_network(TOY_TEXT, TOY_CLASSES, 4, EN_INFER, NULL);
    en_network *all = toy_network(TOY_TEXT, TOY_CLASSES, TOY_BATCH, EN_INFER, NULL);
    toy_data data = toy_noise(one);
    float want[TOY_BATCH * TOY_CLASSES], got[TOY_BATCH * TOY_CLASSES];
    en_error err = {0};
    assert_int_equal(en_network_predict(one, data.pixels, TOY_BATCH - 1, want, &err), EN_OK);
    assert_int_equal(en_network_predict(all, data.pixels, TOY_BATCH - 1, got, &err), EN_OK);
    for (size_t i = 0; i < (TOY_BATCH - 1) * TOY_CLASSES; i++) {
        assert_true(fabsf(got[i] - want[i]) < 1e-6f);
    }
    toy_free(&data);
    en_network_free(one);
    en_network_free(all);
}

static void memory_is_counted_before_it_is_taken(void **state)
{
    (void)state;
    en_error err = {0};
    en_spec spec;
    en_network_size train, infer;
    en_network_config config = {.spec = &spec, .classes = 2, .batch = 16, .mode = EN_TRAIN};
    assert_int_equal(en_kernel_select(NULL, &config.kernels, &err), EN_OK);
    assert_int_equal(en_spec_load("eyenet3", &spec, &err), EN_OK);
    assert_int_equal(en_network_plan(&config, &train, &err), EN_OK);
    const size_t weights = 3 * 3 * 3 * 32 + 2 * 3 * 3 * 32 * 32 + 500000 * 128 + 128 * 2, biases = 3 * 32 + 128 + 2;
    assert_int_equal(train.parameters, weights + biases);
    assert_true(train.state_bytes >= 3 * 4 * (weights + biases) &&
                train.state_bytes < 3 * 4 * (weights + biases) + 4096);
    assert_int_equal(train.total_bytes, train.state_bytes + train.work_bytes);
    double layer = 2.0 * 250 * 250 * 3 * 3 * 32 * 32;
    assert_true(train.flops > 2 * layer && train.flops < 3 * layer);
    config.mode = EN_INFER;
    assert_int_equal(en_network_plan(&config, &infer, &err), EN_OK);
    assert_true(infer.state_bytes < train.state_bytes / 2 && infer.work_bytes < train.work_bytes / 2);
}

static void a_network_larger_than_the_machine_is_refused_with_the_figure(void **state)
{
    (void)state;
    en_error err = {0};
    en_spec spec;
    en_network_size size;
    en_network *net;
    en_network_config config = {.spec = &spec, .classes = 2, .batch = 100000, .mode = EN_TRAIN};
    assert_int_equal(en_kernel_select(NULL, &config.kernels, &err), EN_OK);
    assert_int_equal(en_spec_load("eyenet", &spec, &err), EN_OK);
    assert_int_equal(en_network_plan(&config, &size, &err), EN_NOMEM);
    assert_true(size.total_bytes > (size_t)1 << 40);
    assert_non_null(strstr(err.text, "TiB"));
    assert_non_null(strstr(err.hint, "smaller batch"));
    assert_int_equal(en_network_new(&config, &net, &err), EN_NOMEM);
    assert_null(net);
}

static void a_failed_allocation_is_an_error_not_a_crash(void **state)
{
    (void)state;
    en_error err = {0};
    en_spec spec;
    en_network *net;
    en_network_config config = {.spec = &spec, .classes = 2, .batch = 1, .mode = EN_TRAIN};
    assert_int_equal(en_kernel_select(NULL, &config.kernels, &err), EN_OK);
    assert_int_equal(en_spec_parse("input 4x4x3\ndense 2 softmax", "toy", &spec, &err), EN_OK);
    en_alloc_fail_at(1);
    assert_int_equal(en_network_new(&config, &net, &err), EN_NOMEM);
    en_alloc_fail_at(0);
    assert_null(net);
}

static void units_that_are_not_the_classes_are_refused(void **state)
{
    (void)state;
    en_error err = {0};
    en_spec spec;
    en_network *net;
    en_network_config config = {.spec = &spec, .classes = 5, .batch = 1, .mode = EN_INFER};
    assert_int_equal(en_kernel_select(NULL, &config.kernels, &err), EN_OK);
    assert_int_equal(en_spec_parse("input 4x4x3\n\ndense 2 softmax", "toy", &spec, &err), EN_OK);
    assert_int_equal(en_network_new(&config, &net, &err), EN_INPUT);
    assert_string_equal(
        err.text, "line 3 of the network ends in 2 units, but there are 5 classes: write 'dense classes softmax'");
    config.classes = 1;
    assert_int_equal(en_network_new(&config, &net, &err), EN_INPUT);
    assert_int_equal(en_spec_parse("input 4x4x3\nglobalavgpool\nsoftmax", "toy", &spec, &err), EN_OK);
    config.classes = 3;
    assert_int_equal(en_network_new(&config, &net, &err), EN_INPUT);
    assert_string_equal(err.text, "the network has no conv or dense layer: there is nothing to train");
}

static void a_step_of_impossible_samples_is_refused(void **state)
{
    (void)state;
    en_network *net = toy_network(TOY_TEXT, TOY_CLASSES, 2, EN_TRAIN, NULL);
    en_network *infer = toy_network(TOY_TEXT, TOY_CLASSES, 2, EN_INFER, NULL);
    toy_data data = toy_noise(net);
    en_error err = {0};
    en_step step = {.step = 1, .lr = 0.1f};
    en_step_result result;
    en_batch batch = {.pixels = data.pixels, .truth = data.truth, .keys = data.ids, .n = 2};
    assert_int_equal(en_network_train_step(infer, &batch, &step, &result, &err), EN_BUG);
    batch.n = 3;
    assert_int_equal(en_network_train_step(net, &batch, &step, &result, &err), EN_BUG);
    batch.n = 0;
    assert_int_equal(en_network_train_step(net, &batch, &step, &result, &err), EN_BUG);
    batch.n = 2;
    data.truth[1] = TOY_CLASSES;
    assert_int_equal(en_network_train_step(net, &batch, &step, &result, &err), EN_BUG);
    data.truth[1] = -1;
    assert_int_equal(en_network_train_step(net, &batch, &step, &result, &err), EN_BUG);
    toy_free(&data);
    en_network_free(net);
    en_network_free(infer);
}

static void a_loss_that_is_no_number_stops_training_and_prediction(void **state)
{
    (void)state;
    en_network *net = toy_network(TOY_TEXT, TOY_CLASSES, 2, EN_TRAIN, NULL);
    toy_data data = toy_noise(net);
    en_error err = {0};
    en_parameter *last = en_network_parameter(net, en_network_parameters(net) - 1);
    last->value[0] = NAN;
    en_batch batch = {.pixels = data.pixels, .truth = data.truth, .keys = data.ids, .n = 2};
    en_step step = {.step = 8, .lr = 0.1f};
    en_step_result result;
    float p[2 * TOY_CLASSES];
    assert_int_equal(en_network_train_step(net, &batch, &step, &result, &err), EN_FAILED);
    assert_string_equal(err.text, "the output of line 9 (dense classes softmax) is not finite at step 8");
    assert_string_equal(err.hint, "use a lower learning rate than 0.1");
    assert_int_equal(en_network_predict(net, data.pixels, 2, p, &err), EN_FAILED);
    toy_free(&data);
    en_network_free(net);
}

static void weight_decay_shrinks_weights_and_spares_biases(void **state)
{
    (void)state;
    en_optimiser adam = en_optimiser_of(EN_OPTIMISER_ADAM);
    adam.decay = 0.5;
    en_network *net = toy_network_with("input 2x2x1\ndense 2 softmax", 2, 2, &adam);
    en_parameter *weight = en_network_parameter(net, 0), *bias = en_network_parameter(net, 1);
    toy_data data = toy_noise(net);
    memset(data.pixels, 0, 8); /* no input: no gradient of the weights */
    data.truth[0] = 0;
    data.truth[1] = 1; /* and as many of each class: none of the biases */
    bias->value[0] = bias->value[1] = 3;
    float before = weight->value[0];
    en_error err = {0};
    en_batch batch = {.pixels = data.pixels, .truth = data.truth, .keys = data.ids, .n = 2};
    en_step step = {.step = 1, .lr = 0.1f};
    en_step_result result;
    assert_int_equal(en_network_train_step(net, &batch, &step, &result, &err), EN_OK);
    assert_true(fabsf(weight->value[0] - before * 0.95f) < 1e-6f);
    assert_true(bias->value[0] == 3 && bias->value[1] == 3);
    toy_free(&data);
    en_network_free(net);
}

static void parameters_have_the_names_and_shapes_of_their_lines(void **state)
{
    (void)state;
    en_network *net = toy_network("input 9x8x3\nconv 4 3x2 relu\nmaxpool 2\ndense 5 sigmoid\ndense classes softmax",
                                  TOY_CLASSES, 1, EN_INFER, NULL);
    static const struct {
        const char *name;
        size_t shape[4];
        unsigned rank;
    } want[] = {{"0.conv.weight", {3, 2, 3, 4}, 4}, {"0.conv.bias", {4}, 1},       {"2.dense.weight", {36, 5}, 2},
                {"2.dense.bias", {5}, 1},           {"3.dense.weight", {5, 3}, 2}, {"3.dense.bias", {3}, 1}};
    assert_int_equal(en_network_parameters(net), sizeof want / sizeof *want);
    for (size_t i = 0; i < en_network_parameters(net); i++) {
        const en_parameter *p = en_network_parameter(net, i);
        assert_string_equal(p->name, want[i].name);
        assert_int_equal(p->rank, want[i].rank);
        assert_memory_equal(p->shape, want[i].shape, p->rank * sizeof *p->shape);
    }
    en_network_free(net);
}

static void a_description_has_one_line_for_each_of_the_text(void **state)
{
    (void)state;
    en_network *net = toy_network("input 9x8x3\nconv 4 3x2 sigmoid\nmaxpool 2\ndense classes softmax", TOY_CLASSES, 1,
                                  EN_INFER, NULL);
    en_error err = {0};
    en_buf text;
    en_buf_init(&text, 4096);
    assert_int_equal(en_network_describe(net, &text, &err), EN_OK);
    size_t lines = 0;
    for (const char *at = en_buf_str(&text); (at = strchr(at, '\n')) != NULL; at++) {
        lines++;
    }
    assert_int_equal(lines, 4);
    assert_non_null(strstr(en_buf_str(&text), "conv 4 3x2 sigmoid"));
    size_t named = 0; /* the algorithm of the convolution */
    for (const en_conv_algorithm *const *a = en_conv_algorithms(); *a != NULL; a++) {
        for (const char *at = en_buf_str(&text); (at = strstr(at, (*a)->name)) != NULL; at++) {
            named++;
        }
    }
    assert_int_equal(named, 1);
    assert_non_null(strstr(en_buf_str(&text), "7x7x4"));
    en_buf_clear(&text);
    en_network_free(net);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(neither_a_step_nor_a_prediction_allocates),
        cmocka_unit_test(a_small_problem_is_learnt_and_carries_over_to_other_pictures),
        cmocka_unit_test(prediction_in_slices_is_prediction),
        cmocka_unit_test(memory_is_counted_before_it_is_taken),
        cmocka_unit_test(a_network_larger_than_the_machine_is_refused_with_the_figure),
        cmocka_unit_test(a_failed_allocation_is_an_error_not_a_crash),
        cmocka_unit_test(units_that_are_not_the_classes_are_refused),
        cmocka_unit_test(a_step_of_impossible_samples_is_refused),
        cmocka_unit_test(a_loss_that_is_no_number_stops_training_and_prediction),
        cmocka_unit_test(weight_decay_shrinks_weights_and_spares_biases),
        cmocka_unit_test(parameters_have_the_names_and_shapes_of_their_lines),
        cmocka_unit_test(a_description_has_one_line_for_each_of_the_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
