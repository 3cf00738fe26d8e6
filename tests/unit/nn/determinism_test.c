/* The same bits, whatever the number of threads, the company a sample is in or what ran before. */
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
        TOY_TEXT, "input 40x40x3\nconv 8 3x3 relu\nmaxpool 2\ndense 600 relu\ndense classes softmax"};
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
        assert_null(to->m);
        memcpy(to->value, from->value, from->count * sizeof(float));
    }
    assert_int_equal(en_network_predict(train, data.pixels, TOY_BATCH, want, &err), EN_OK);
    assert_int_equal(en_network_predict(infer, data.pixels, TOY_BATCH, got, &err), EN_OK);
    assert_memory_equal(got, want, sizeof want);
    toy_free(&data);
    en_network_free(train);
    en_network_free(infer);
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
        en_batch batch = {pixels + skip * size, truth + skip, ids + skip, 3 - skip};
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(training_and_prediction_give_the_same_bits_on_any_number_of_threads),
        cmocka_unit_test(a_network_for_prediction_answers_with_the_bits_of_one_for_training),
        cmocka_unit_test(the_last_short_batch_is_the_same_step_in_a_larger_network),
        cmocka_unit_test(dropout_depends_on_the_variant_not_on_its_place),
        cmocka_unit_test(first_weights_depend_on_the_seed_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
