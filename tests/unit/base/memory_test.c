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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_overflowing_product_is_refused),
        cmocka_unit_test(the_chosen_allocation_fails_once),
        cmocka_unit_test(format_writes_any_length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
