/* The capped buffer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/buf.h"
#include "base/memory.h"

static void it_never_grows_past_its_cap(void **state)
{
    (void)state;
    en_buf buf;
    en_error err;
    en_buf_init(&buf, 10);
    assert_int_equal(en_buf_text(&buf, "0123456789", &err), EN_OK);
    assert_int_equal(en_buf_text(&buf, "x", &err), EN_INPUT);
    assert_string_equal(en_buf_str(&buf), "0123456789");
    en_buf_reset(&buf);
    assert_string_equal(en_buf_str(&buf), "");
    assert_int_equal(en_buf_printf(&buf, &err, "%d", 42), EN_OK);
    assert_string_equal(en_buf_str(&buf), "42");
    en_buf_clear(&buf);
    assert_string_equal(en_buf_str(&buf), "");
}

static void out_of_memory_leaves_it_as_it_was(void **state)
{
    (void)state;
    en_buf buf;
    en_error err;
    en_buf_init(&buf, 1000);
    assert_int_equal(en_buf_text(&buf, "kept", &err), EN_OK);
    char big[500] = {0};
    en_alloc_fail_at(1);
    assert_int_equal(en_buf_add(&buf, big, sizeof big, &err), EN_NOMEM);
    assert_string_equal(en_buf_str(&buf), "kept");
    en_buf_clear(&buf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_never_grows_past_its_cap),
        cmocka_unit_test(out_of_memory_leaves_it_as_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
