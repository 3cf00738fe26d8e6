/* Philox keyed by purpose. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/random.h"

#include <math.h>

static void the_same_key_draws_the_same_numbers(void **state)
{
    (void)state;
    en_random a = en_random_init(1, 2, 3, EN_FOR_TEST), b = en_random_init(1, 2, 3, EN_FOR_TEST);
    for (int i = 0; i < 100; i++) {
        assert_int_equal(en_random_u32(&a), en_random_u32(&b));
    }
}

static void every_part_of_the_key_matters(void **state)
{
    (void)state;
    en_random r[] = {en_random_init(1, 2, 3, EN_FOR_TEST), en_random_init(2, 2, 3, EN_FOR_TEST),
                     en_random_init(1, 3, 3, EN_FOR_TEST), en_random_init(1, 2, 4, EN_FOR_TEST),
                     en_random_init(1, 2, 3, EN_FOR_INIT), en_random_init(1 + (1ull << 32), 2, 3, EN_FOR_TEST)};
    for (size_t i = 0; i < 6; i++) {
        for (size_t j = i + 1; j < 6; j++) {
            en_random a = r[i], b = r[j];
            int same = 0;
            for (int k = 0; k < 64; k++) {
                same += en_random_u32(&a) == en_random_u32(&b);
            }
            assert_true(same < 2);
        }
    }
}

static void the_numbers_are_those_eyenet_has_always_drawn(void **state)
{
    (void)state;
    en_random r = en_random_init(42, 0, 7, EN_FOR_INIT);
    static const uint32_t golden[4] = {0x17927768u, 0xC8984B42u, 0x326DEBB3u, 0xD4E59341u};
    for (int i = 0; i < 4; i++) {
        assert_int_equal(en_random_u32(&r), golden[i]);
    }
}

static void uniform_and_normal_have_their_moments(void **state)
{
    (void)state;
    en_random r = en_random_init(5, 0, 0, EN_FOR_TEST);
    double sum = 0, sum_n = 0, square_n = 0;
    enum { N = 20000 };
    for (int i = 0; i < N; i++) {
        double u = en_random_uniform(&r), n = en_random_normal(&r);
        assert_true(u >= 0 && u < 1);
        sum += u;
        sum_n += n;
        square_n += n * n;
    }
    assert_true(fabs(sum / N - 0.5) < 0.01);
    assert_true(fabs(sum_n / N) < 0.03);
    assert_true(fabs(square_n / N - 1) < 0.05);
}

static void below_is_even_and_shuffle_keeps_every_item(void **state)
{
    (void)state;
    en_random r = en_random_init(6, 0, 0, EN_FOR_TEST);
    int hits[7] = {0};
    for (int i = 0; i < 7000; i++) {
        hits[en_random_below(&r, 7)]++;
    }
    for (int i = 0; i < 7; i++) {
        assert_true(hits[i] > 850 && hits[i] < 1150);
    }
    uint32_t items[100], seen[100] = {0};
    for (uint32_t i = 0; i < 100; i++) {
        items[i] = i;
    }
    en_random_shuffle(&r, items, 100);
    int moved = 0;
    for (uint32_t i = 0; i < 100; i++) {
        seen[items[i]]++;
        moved += items[i] != i;
    }
    for (uint32_t i = 0; i < 100; i++) {
        assert_int_equal(seen[i], 1);
    }
    assert_true(moved > 80);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_key_draws_the_same_numbers),
        cmocka_unit_test(every_part_of_the_key_matters),
        cmocka_unit_test(the_numbers_are_those_eyenet_has_always_drawn),
        cmocka_unit_test(uniform_and_normal_have_their_moments),
        cmocka_unit_test(below_is_even_and_shuffle_keeps_every_item),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
