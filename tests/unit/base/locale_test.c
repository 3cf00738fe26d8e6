/* Numbers are read and written with a point in a program that speaks German. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"

static char folder[] = "/tmp/eyenet-locale-XXXXXX";

static bool has_a_comma(const char *name)
{
    return setlocale(LC_ALL, name) != NULL && strcmp(localeconv()->decimal_point, ",") == 0;
}

/* One that the machine has, else one made here of glibc's own description. */
static bool speak_german(void)
{
    char command[160];
    if (has_a_comma("de_DE.UTF-8") || has_a_comma("de_DE.utf8")) {
        return true;
    }
    snprintf(command, sizeof command, "localedef -i de_DE -f UTF-8 %s/de_DE.UTF-8 >/dev/null 2>&1", folder);
    return system(command) == 0 && setenv("LOCPATH", folder, 1) == 0 && has_a_comma("de_DE.UTF-8");
}

static void numbers_are_read_with_a_point(void **state)
{
    (void)state;
    double d = 0;
    assert_true(en_parse_double("0.25", &d));
    assert_true(d > 0.24 && d < 0.26);
    assert_false(en_parse_double("0,25", &d));
}

static void numbers_are_written_with_a_point(void **state)
{
    (void)state;
    char text[64];
    en_error err;
    en_buf buf;
    snprintf(text, sizeof text, "%.2f", 0.25);
    assert_string_equal(text, "0,25"); /* the locale is at work */
    en_print(text, sizeof text, "%.2f", 0.25);
    assert_string_equal(text, "0.25");
    en_buf_init(&buf, 100);
    assert_int_equal(en_buf_printf(&buf, &err, "[%.9g]", 0.5), EN_OK);
    assert_string_equal(en_buf_str(&buf), "[0.5]");
    en_buf_clear(&buf);
    char *whole = en_format("--test %g", 0.2);
    assert_string_equal(whole, "--test 0.2");
    en_free(whole);
    en_error_set(&err, EN_INPUT, "not %g", 1.5);
    assert_string_equal(err.text, "not 1.5");
    assert_string_equal(en_human_size(1536, text, sizeof text), "1.5 KiB");
}

static void the_programs_own_locale_is_as_it_was(void **state)
{
    (void)state;
    char text[64];
    double d;
    assert_true(en_parse_double("0.25", &d));
    snprintf(text, sizeof text, "%.1f", d);
    assert_string_equal(text, "0,2");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_read_with_a_point),
        cmocka_unit_test(numbers_are_written_with_a_point),
        cmocka_unit_test(the_programs_own_locale_is_as_it_was),
    };
    en_error err;
    bool german = mkdtemp(folder) != NULL && speak_german();
    int code = 77;
    if (german) {
        code = cmocka_run_group_tests(tests, NULL, NULL);
    } else {
        puts("NOT TESTED: there is no locale with a decimal comma here, and localedef could not make one");
    }
    return en_file_remove_tree(folder, &err) == EN_OK ? code : 1;
}
