/* The regression at its minimum: derivatives computed plainly are 0, what is held back does not matter, and the bits do
 * not depend on threads. */
#include "check.h"

#include <string.h>

#include "base/random.h"
#include "base/threads.h"
#include "stats/softmax.h"

enum { ROWS = 300, SIZE = 6, CLASSES = 3, WEIGHTS = CLASSES * (SIZE + 1) };
#define PENALTY 0.01

static float x[ROWS * SIZE];
static int32_t truth[ROWS];
static uint8_t held[ROWS];

static en_softmax_data fill(void)
{
    en_random r = en_random_init(7, 0, 0, EN_FOR_TEST);
    for (size_t i = 0; i < ROWS; i++) {
        truth[i] = (int32_t)(en_random_u32(&r) % CLASSES);
        held[i] = i % 5 == 2;
        for (size_t k = 0; k < SIZE; k++) {
            x[i * SIZE + k] = (float)(en_random_normal(&r) + (k == (size_t)truth[i] ? 1 : 0));
        }
    }
    return (en_softmax_data){.x = x, .truth = truth, .held = held, .rows = ROWS, .size = SIZE, .classes = CLASSES};
}

static void the_derivatives_are_0_at_the_minimum(void **state)
{
    (void)state;
    const en_softmax_data data = fill();
    double weights[WEIGHTS], gradient[WEIGHTS] = {0}, learned = 0;
    assert_int_equal(en_softmax_weights(&data), WEIGHTS);
    OK(en_softmax_fit(&data, PENALTY, 500, NULL, weights, &err));
    for (size_t i = 0; i < ROWS; i++) {
        double p[CLASSES], sum = 0;
        en_softmax_predict(&data, weights, x + i * SIZE, p);
        for (size_t c = 0; c < CLASSES; c++) {
            sum += p[c];
        }
        NEAR(sum, 1, 1e-12);
        if (held[i]) {
            continue;
        }
        learned += 1;
        for (size_t c = 0; c < CLASSES; c++) {
            const double off = p[c] - (c == (size_t)truth[i] ? 1 : 0);
            for (size_t k = 0; k < SIZE; k++) {
                gradient[c * (SIZE + 1) + k] += off * (double)x[i * SIZE + k];
            }
            gradient[c * (SIZE + 1) + SIZE] += off;
        }
    }
    for (size_t i = 0; i < WEIGHTS; i++) {
        const double penalty = i % (SIZE + 1) == SIZE ? 0 : PENALTY * weights[i];
        NEAR(gradient[i] / learned + penalty, 0, 2e-6);
    }
}

static void what_is_held_back_does_not_matter(void **state)
{
    (void)state;
    const en_softmax_data data = fill();
    double weights[WEIGHTS], again[WEIGHTS];
    OK(en_softmax_fit(&data, PENALTY, 50, NULL, weights, &err));
    for (size_t i = 0; i < ROWS; i++) {
        if (held[i]) {
            truth[i] = (truth[i] + 1) % CLASSES;
            x[i * SIZE] = 1000;
        }
    }
    OK(en_softmax_fit(&data, PENALTY, 50, NULL, again, &err));
    assert_memory_equal(weights, again, sizeof weights);
    memset(held, 1, sizeof held);
    FAILS(en_softmax_fit(&data, PENALTY, 50, NULL, again, &err), EN_INPUT, "nothing to learn from");
}

static void the_bits_do_not_depend_on_threads(void **state)
{
    (void)state;
    const en_softmax_data data = fill();
    double weights[WEIGHTS], again[WEIGHTS];
    OK(en_softmax_fit(&data, PENALTY, 50, NULL, weights, &err));
    for (unsigned threads = 1; threads <= 5; threads += 2) {
        en_pool *pool;
        OK(en_pool_new(threads, &pool, &err));
        OK(en_softmax_fit(&data, PENALTY, 50, pool, again, &err));
        assert_memory_equal(weights, again, sizeof weights);
        en_pool_free(pool);
    }
}

/* Classes that are apart: without a limit but for the penalty. */
static void it_stays_finite_where_the_classes_are_apart(void **state)
{
    (void)state;
    static const float line[] = {-2, -1, 1, 2};
    static const int32_t side[] = {0, 0, 1, 1};
    const en_softmax_data data = {.x = line, .truth = side, .rows = 4, .size = 1, .classes = 2};
    double weights[4], p[2];
    OK(en_softmax_fit(&data, 1e-3, 500, NULL, weights, &err));
    NEAR(weights[0], -weights[2], 1e-4); /* the two classes mirror each other */
    assert_true(weights[2] > 1 && weights[2] < 50);
    en_softmax_predict(&data, weights, &line[3], p);
    assert_true(p[1] > 0.95 && p[1] < 1);
    const float one = 1;
    const int32_t other = 1;
    const en_softmax_data single = {.x = &one, .truth = &other, .rows = 1, .size = 1, .classes = 2};
    OK(en_softmax_fit(&single, 1e-3, 100, NULL, weights, &err));
    en_softmax_predict(&single, weights, &one, p);
    assert_true(p[1] > 0.99);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_derivatives_are_0_at_the_minimum),
        cmocka_unit_test(what_is_held_back_does_not_matter),
        cmocka_unit_test(the_bits_do_not_depend_on_threads),
        cmocka_unit_test(it_stays_finite_where_the_classes_are_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
