/* The heap's door. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/memory.h"

#include <stdint.h>

static void an_overflowing_product_is_refused(void **state)
{
    (void)state;
    size_t out = 7;
    assert_false(en_mul(SIZE_MAX, 2, &out));
    assert_int_equal(out, 7);
    assert_null(en_realloc(NULL, SIZE_MAX, 16));
}

static void the_chosen_allocation_fails_once(void **state)
{
    (void)state;
    en_alloc_fail_at(2);
    void *first = en_alloc(1), *second = en_alloc(1), *third = en_alloc(1);
    assert_non_null(first);
    assert_null(second);
    assert_non_null(third);
    en_free(first);
    en_free(third);
}

static void format_writes_any_length(void **state)
{
    (void)state;
    char *text = en_format("%*d", 5000, 1);
    assert_int_equal(text[4999], '1');
    en_free(text);
}

static void an_array_grows_at_powers_of_two_and_keeps_what_it_has(void **state)
{
    (void)state;
    en_error err;
    int *list = NULL;
    for (size_t n = 0; n < 100; n++) {
        int *grown = en_array_grow(list, n, sizeof *grown, &err);
        assert_non_null(grown);
        assert_true(list == NULL || grown == list || (n & (n - 1)) == 0);
        list = grown;
        assert_int_equal(list[n], 0);
        list[n] = (int)(3 * n + 1);
    }
    for (size_t n = 0; n < 100; n++) {
        assert_int_equal(list[n], 3 * n + 1);
    }
    en_alloc_fail_at(1);
    assert_null(en_array_grow(list, 64, sizeof *list, &err)); /* as if it held 64 */
    en_alloc_fail_at(0);
    assert_int_equal(err.status, EN_NOMEM);
    assert_int_equal(list[63], 190); /* the old array is untouched */
    assert_null(en_array_grow(list, (size_t)1 << 63, sizeof *list, NULL));
    en_free(list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_array_grows_at_powers_of_two_and_keeps_what_it_has),
        cmocka_unit_test(an_overflowing_product_is_refused),
        cmocka_unit_test(the_chosen_allocation_fails_once),
        cmocka_unit_test(format_writes_any_length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
