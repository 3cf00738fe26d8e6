/* Errors: filling, prefixing, exit codes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/error.h"

#include <errno.h>
#include <string.h>

static void a_prefix_goes_before_and_keeps_the_status(void **state)
{
    (void)state;
    en_error err;
    assert_int_equal(en_error_set(&err, EN_INPUT, "level %d", 7), EN_INPUT);
    en_error_prefix(&err, "'%s'", "a.csv");
    assert_int_equal(err.status, EN_INPUT);
    assert_string_equal(err.text, "'a.csv': level 7");
    en_error_prefix(NULL, "nobody listens");
}

static void a_long_text_is_cut_with_dots_and_stays_one_line(void **state)
{
    (void)state;
    en_error err;
    char longer[3000];
    memset(longer, 'a', sizeof longer);
    longer[10] = '\n';
    longer[2999] = '\0';
    en_error_set(&err, EN_IO, "%s", longer);
    assert_int_equal(strlen(err.text), sizeof err.text - 1);
    assert_string_equal(err.text + sizeof err.text - 4, "...");
    assert_null(strchr(err.text, '\n'));
    en_error_prefix(&err, "%s", longer);
    assert_string_equal(err.text + sizeof err.text - 4, "...");
}

static void a_hint_stands_apart_and_is_cleared_by_the_next_error(void **state)
{
    (void)state;
    en_error err, copy;
    char line[EN_ERROR_LINE];
    assert_int_equal(en_error_hint(&err, en_error_set(&err, EN_PATH, "no %s", "pack"), "ingest %d times", 2), EN_PATH);
    assert_string_equal(err.text, "no pack");
    assert_string_equal(err.hint, "ingest 2 times");
    en_error_prefix(&err, "eyes");
    assert_string_equal(en_error_line(&err, line), "eyes: no pack; ingest 2 times");
    assert_int_equal(en_error_copy(&copy, &err), EN_PATH);
    assert_string_equal(copy.hint, "ingest 2 times");
    assert_int_equal(en_error_copy(NULL, &err), EN_PATH);
    en_error_set(&err, EN_INPUT, "another");
    assert_string_equal(en_error_line(&err, line), "another");
    assert_int_equal(en_error_hint(NULL, EN_IO, "nobody listens"), EN_IO);
}

static void errno_is_spelt_out_and_chooses_the_status(void **state)
{
    (void)state;
    en_error err;
    errno = ENOSPC;
    assert_int_equal(en_error_errno(&err, "cannot write '%s'", "x"), EN_IO);
    assert_string_equal(err.text, "cannot write 'x': No space left on device");
    errno = EINTR; /* a signal, of which only requests to stop are handled */
    assert_int_equal(en_error_errno(&err, "cannot open '%s'", "a pipe"), EN_INTERRUPTED);
    assert_string_equal(err.text, "interrupted");
    errno = ENOMEM;
    assert_int_equal(en_error_errno(NULL, "nobody listens"), EN_NOMEM);
}

static void exit_codes_are_those_of_the_documentation(void **state)
{
    (void)state;
    assert_int_equal(en_status_exit_code(EN_OK), 0);
    assert_int_equal(en_status_exit_code(EN_FAILED), 1);
    assert_int_equal(en_status_exit_code(EN_USAGE), 2);
    assert_int_equal(en_status_exit_code(EN_INPUT), 3);
    assert_int_equal(en_status_exit_code(EN_DENIED), 4);
    assert_int_equal(en_status_exit_code(EN_BUSY), 75);
    assert_int_equal(en_status_exit_code(EN_NETWORK), 75);
    assert_int_equal(en_status_exit_code(EN_INTERRUPTED), 130);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_prefix_goes_before_and_keeps_the_status),
        cmocka_unit_test(a_long_text_is_cut_with_dots_and_stays_one_line),
        cmocka_unit_test(a_hint_stands_apart_and_is_cleared_by_the_next_error),
        cmocka_unit_test(errno_is_spelt_out_and_chooses_the_status),
        cmocka_unit_test(exit_codes_are_those_of_the_documentation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
