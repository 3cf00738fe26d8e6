/* The same bits, whatever the number of threads, the company a sample is in or what ran before. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "toy.h"

static void training_and_prediction_give_the_same_bits_on_any_number_of_threads(void **state)
{
    (void)state;
    /* dense 600 has more weights than one chunk of either pass */
    static const char *const texts[] = {
        TOY_TEXT, TOY_GRAPH, "input 40x40x3\nconv 8 3x3 relu\nmaxpool 2\ndense 600 relu\ndense classes softmax"};
    static const unsigned threads[] = {2, 3, 16};
    for (size_t t = 0; t < sizeof texts / sizeof *texts; t++) {
        en_network *alone = toy_network(texts[t], TOY_CLASSES, TOY_BATCH, EN_TRAIN, NULL);
        toy_data data = toy_noise(alone);
        float want[TOY_BATCH * TOY_CLASSES], got[TOY_BATCH * TOY_CLASSES];
        en_error err = {0};
        toy_train(alone, &data, TOY_BATCH, 1, 3);
        assert_int_equal(en_network_predict(alone, data.pixels, TOY_BATCH, want, &err), EN_OK);
        for (size_t i = 0; i < sizeof threads / sizeof *threads; i++) {
            en_pool *pool;
            assert_int_equal(en_pool_new(threads[i], &pool, &err), EN_OK);
            en_network *net = toy_network(texts[t], TOY_CLASSES, TOY_BATCH, EN_TRAIN, pool);
            toy_train(net, &data, TOY_BATCH, 1, 3);
            toy_assert_same(alone, net);
            assert_int_equal(en_network_predict(net, data.pixels, TOY_BATCH, got, &err), EN_OK);
            assert_memory_equal(got, want, sizeof want);
            en_network_free(net);
            en_pool_free(pool);
        }
        toy_free(&data);
        en_network_free(alone);
    }
}

static void a_network_for_prediction_answers_with_the_bits_of_one_for_training(void **state)
{
    (void)state;
    en_network *train = toy_network(TOY_TEXT, TOY_CLASSES, TOY_BATCH, EN_TRAIN, NULL);
    en_network *infer = toy_network(TOY_TEXT, TOY_CLASSES, TOY_BATCH, EN_INFER, NULL);
    toy_data data = toy_noise(train);
    float want[TOY_BATCH * TOY_CLASSES], got[TOY_BATCH * TOY_CLASSES];
    en_error err = {0};
    toy_train(train, &data, 7, 1, 2);
    for (size_t i = 0; i < en_network_parameters(train); i++) {
        en_parameter *from = en_network_parameter(train, i), *to = en_network_parameter(infer, i);
        assert_null(to->slot[0]);
        memcpy(to->value, from->value, from->count * sizeof(float));
    }
    assert_int_equal(en_network_predict(train, data.pixels, TOY_BATCH, want, &err), EN_OK);
    assert_int_equal(en_network_predict(infer, data.pixels, TOY_BATCH, got, &err), EN_OK);
    assert_memory_equal(got, want, sizeof want);
    toy_free(&data);
    en_network_free(train);
    en_network_free(infer);
}

/* But for the matrix products of the table "generic", whose bits follow the number of rows. */
static void a_prediction_is_the_same_bits_alone_and_in_a_batch(void **state)
{
    (void)state;
    static const char *const texts[] = {
        TOY_TEXT, TOY_GRAPH, "input 40x40x3\nconv 8 3x3 relu\nmaxpool 2\ndense 600 relu\ndense classes softmax"};
    for (size_t t = 0; t < sizeof texts / sizeof *texts; t++) {
        en_network *net = toy_network(texts[t], TOY_CLASSES, TOY_BATCH, EN_INFER, NULL);
        toy_data data = toy_noise(net);
        size_t bytes = en_network_input(net).h * en_network_input(net).w * en_network_input(net).c;
        float want[TOY_BATCH * TOY_CLASSES], got[TOY_CLASSES];
        en_error err = {0};
        en_network_init(net, 3);
        assert_int_equal(en_network_predict(net, data.pixels, TOY_BATCH, want, &err), EN_OK);
        for (size_t i = 0; i < TOY_BATCH && strcmp(en_network_kernels(net)->name, "generic") != 0; i++) {
            assert_int_equal(en_network_predict(net, data.pixels + i * bytes, 1, got, &err), EN_OK);
            assert_memory_equal(got, want + i * TOY_CLASSES, sizeof got);
        }
        toy_free(&data);
        en_network_free(net);
    }
}

static void the_last_short_batch_is_the_same_step_in_a_larger_network(void **state)
{
    (void)state;
    en_network *large = toy_network(TOY_TEXT, TOY_CLASSES, TOY_BATCH, EN_TRAIN, NULL);
    en_network *exact = toy_network(TOY_TEXT, TOY_CLASSES, 5, EN_TRAIN, NULL);
    toy_data data = toy_noise(large);
    toy_train(large, &data, 5, 1, 2);
    toy_train(exact, &data, 5, 1, 2);
    toy_assert_same(large, exact);
    toy_free(&data);
    en_network_free(large);
    en_network_free(exact);
}

static void dropout_depends_on_the_variant_not_on_its_place(void **state)
{
    (void)state;
    static const char text[] = "input 4x4x3\ndropout 0.5\ndense classes softmax";
    en_network *net = toy_network(text, TOY_CLASSES, 4, EN_TRAIN, NULL);
    toy_data data = toy_noise(net);
    en_error err = {0};
    double loss[3];
    /* the same sample: alone as variant 77, third as variant 77, alone as variant 78 */
    for (size_t i = 0; i < 3; i++) {
        const size_t size = 4 * 4 * 3;
        uint64_t ids[3] = {1, 2, i == 2 ? 78 : 77};
        static const float weights[TOY_CLASSES] = {0, 0, 1}; /* only the last sample has the class 2 that counts */
        int32_t truth[3] = {0, 1, 2};
        uint8_t pixels[3 * 4 * 4 * 3];
        memcpy(pixels, data.pixels, sizeof pixels);
        size_t skip = i == 1 ? 0 : 2;
        en_batch batch = {.pixels = pixels + skip * size, .truth = truth + skip, .keys = ids + skip, .n = 3 - skip};
        en_step step = {.seed = 1, .epoch = 4, .step = 1, .lr = 0, .class_weights = weights};
        en_step_result result;
        assert_int_equal(en_network_train_step(net, &batch, &step, &result, &err), EN_OK);
        assert_true(result.weight_sum == 1.0);
        loss[i] = result.loss_sum;
    }
    assert_true(loss[0] - loss[1] < 1e-6 && loss[1] - loss[0] < 1e-6); /* n differs, so the product's rounding may */
    assert_true(loss[0] - loss[2] > 1e-4 || loss[2] - loss[0] > 1e-4);
    toy_free(&data);
    en_network_free(net);
}

static void first_weights_depend_on_the_seed_alone(void **state)
{
    (void)state;
    en_error err = {0};
    en_pool *pool;
    assert_int_equal(en_pool_new(3, &pool, &err), EN_OK);
    en_network *a = toy_network(TOY_TEXT, TOY_CLASSES, 2, EN_TRAIN, NULL);
    en_network *b = toy_network(TOY_TEXT, TOY_CLASSES, 9, EN_TRAIN, pool);
    toy_assert_same(a, b);
    en_network_init(b, 100);
    const en_parameter *p = en_network_parameter(a, 0), *q = en_network_parameter(b, 0);
    assert_memory_not_equal(p->value, q->value, p->count * sizeof(float));
    en_network_init(b, 99);
    toy_assert_same(a, b);
    en_network_free(a);
    en_network_free(b);
    en_pool_free(pool);
}

static void gradients_that_are_kept_give_the_bits_of_those_applied_at_once(void **state)
{
    (void)state;
    en_error err = {0};
    en_pool *pool;
    assert_int_equal(en_pool_new(3, &pool, &err), EN_OK);
    en_network *apply = toy_network(TOY_TEXT, TOY_CLASSES, TOY_BATCH, EN_TRAIN, NULL);
    en_network *keep = toy_network_of(TOY_TEXT, TOY_CLASSES, TOY_BATCH, 0, true, EN_TRAIN, pool);
    toy_data data = toy_noise(apply);
    assert_null(en_network_parameter(apply, 0)->gradient);
    assert_non_null(en_network_parameter(keep, 0)->gradient);
    toy_train(apply, &data, TOY_BATCH, 1, 3);
    toy_train(keep, &data, TOY_BATCH, 1, 3);
    toy_assert_same(apply, keep);
    toy_free(&data);
    en_network_free(apply);
    en_network_free(keep);
    en_pool_free(pool);
}

/* The largest difference of two gradients, as a fraction of the largest value. */
static double gradient_difference(en_network *a, en_network *b)
{
    double worst = 0;
    for (size_t i = 0; i < en_network_parameters(a); i++) {
        const en_parameter *p = en_network_parameter(a, i), *q = en_network_parameter(b, i);
        double most = 0, apart = 0;
        for (size_t j = 0; j < p->count; j++) {
            most = fmax(most, fabs((double)p->gradient[j]));
            apart = fmax(apart, fabs((double)p->gradient[j] - (double)q->gradient[j]));
        }
        assert_true(most > 0);
        worst = fmax(worst, apart / most);
    }
    return worst;
}

static void micro_batches_give_the_gradient_of_the_batch_and_the_same_bits_on_any_number_of_threads(void **state)
{
    (void)state;
    static const size_t micro[] = {1, 7, 10, 19};
    en_error err = {0};
    en_pool *pool;
    assert_int_equal(en_pool_new(3, &pool, &err), EN_OK);
    en_network *whole = toy_network_of(TOY_TEXT, TOY_CLASSES, TOY_BATCH, 0, true, EN_TRAIN, NULL);
    toy_data data = toy_noise(whole);
    toy_train(whole, &data, TOY_BATCH, 1, 1);
    for (size_t i = 0; i < sizeof micro / sizeof *micro; i++) {
        en_network *parts = toy_network_of(TOY_TEXT, TOY_CLASSES, TOY_BATCH, micro[i], false, EN_TRAIN, NULL);
        en_network *threads = toy_network_of(TOY_TEXT, TOY_CLASSES, TOY_BATCH, micro[i], false, EN_TRAIN, pool);
        assert_int_equal(en_network_micro_batch(parts), micro[i]);
        toy_train(parts, &data, TOY_BATCH, 1, 1);
        assert_true(gradient_difference(whole, parts) < 1e-5);
        toy_train(parts, &data, TOY_BATCH, 2, 3);
        toy_train(threads, &data, TOY_BATCH, 1, 3);
        toy_assert_same(parts, threads);
        en_network_free(parts);
        en_network_free(threads);
    }
    toy_free(&data);
    en_network_free(whole);
    en_pool_free(pool);
}

static void a_micro_batch_needs_less_memory(void **state)
{
    (void)state;
    en_error err = {0};
    en_spec spec;
    assert_int_equal(en_spec_parse(TOY_TEXT, "toy", &spec, &err), EN_OK);
    en_network_config config = {.spec = &spec, .classes = TOY_CLASSES, .batch = 512, .mode = EN_TRAIN};
    en_network_size whole, parts, one;
    assert_int_equal(en_kernel_select(NULL, &config.kernels, &err), EN_OK);
    assert_int_equal(en_network_plan(&config, &whole, &err), EN_OK);
    config.micro_batch = 16;
    assert_int_equal(en_network_plan(&config, &parts, &err), EN_OK);
    config.batch = 16;
    assert_int_equal(en_network_plan(&config, &one, &err), EN_OK);
    assert_int_equal(parts.work_bytes, one.work_bytes);
    assert_true(parts.work_bytes < whole.work_bytes / 8);
    assert_true(parts.state_bytes > whole.state_bytes); /* the gradients */
}

static void gradients_are_clipped_to_a_norm(void **state)
{
    (void)state;
    en_error err = {0};
    en_network *free_of_it = toy_network_of(TOY_TEXT, TOY_CLASSES, TOY_BATCH, 0, true, EN_TRAIN, NULL);
    en_network *clipped = toy_network_of(TOY_TEXT, TOY_CLASSES, TOY_BATCH, 8, false, EN_TRAIN, NULL);
    en_network *none = toy_network(TOY_TEXT, TOY_CLASSES, TOY_BATCH, EN_TRAIN, NULL);
    toy_data data = toy_noise(clipped);
    const en_batch batch = {.pixels = data.pixels, .truth = data.truth, .keys = data.ids, .n = TOY_BATCH};
    en_step step = {.seed = 12, .epoch = 0, .step = 1, .lr = 0.01f};
    en_step_result result;
    double norm2[2] = {0, 0};
    assert_int_equal(en_network_train_step(free_of_it, &batch, &step, &result, &err), EN_OK);
    for (size_t i = 0; i < en_network_parameters(clipped); i++) {
        const en_parameter *p = en_network_parameter(free_of_it, i);
        for (size_t j = 0; j < p->count; j++) {
            norm2[0] += (double)p->gradient[j] * (double)p->gradient[j];
        }
    }
    step.clip_norm = (float)(sqrt(norm2[0]) / 3);
    assert_int_equal(en_network_train_step(clipped, &batch, &step, &result, &err), EN_OK);
    for (size_t i = 0; i < en_network_parameters(clipped); i++) {
        const en_parameter *p = en_network_parameter(clipped, i), *q = en_network_parameter(free_of_it, i);
        for (size_t j = 0; j < p->count; j++) {
            norm2[1] +=
                (double)p->slot[0][j] * (double)p->slot[0][j] * 100; /* the first moment: a tenth of the gradient */
            assert_true(fabs(3 * (double)p->slot[0][j] - (double)q->slot[0][j]) < 1e-5);
        }
    }
    assert_true(fabs(sqrt(norm2[1]) - (double)step.clip_norm) < 1e-4 * (double)step.clip_norm);
    assert_int_equal(en_network_train_step(none, &batch, &step, &result, &err), EN_BUG);
    toy_free(&data);
    en_network_free(free_of_it);
    en_network_free(clipped);
    en_network_free(none);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(training_and_prediction_give_the_same_bits_on_any_number_of_threads),
        cmocka_unit_test(a_network_for_prediction_answers_with_the_bits_of_one_for_training),
        cmocka_unit_test(a_prediction_is_the_same_bits_alone_and_in_a_batch),
        cmocka_unit_test(the_last_short_batch_is_the_same_step_in_a_larger_network),
        cmocka_unit_test(dropout_depends_on_the_variant_not_on_its_place),
        cmocka_unit_test(first_weights_depend_on_the_seed_alone),
        cmocka_unit_test(gradients_that_are_kept_give_the_bits_of_those_applied_at_once),
        cmocka_unit_test(micro_batches_give_the_gradient_of_the_batch_and_the_same_bits_on_any_number_of_threads),
        cmocka_unit_test(a_micro_batch_needs_less_memory),
        cmocka_unit_test(gradients_are_clipped_to_a_norm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
