/* UTF-8 that may not be UTF-8, and its width. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "render/utf8.h"

static uint32_t first(const char *text, size_t *taken) { return en_utf8_next(text, strlen(text), taken); }

static void characters_of_one_to_four_bytes_are_read(void **state)
{
    (void)state;
    size_t taken;
    assert_int_equal(first("a", &taken), 'a');
    assert_int_equal(first("\xC3\xA9", &taken), 0xE9);
    assert_int_equal(first("\xE2\x82\xAC", &taken), 0x20AC);
    assert_int_equal(taken, 3);
    assert_int_equal(first("\xF0\x9F\x91\x81", &taken), 0x1F441);
    assert_int_equal(taken, 4);
}

static void what_is_not_utf8_is_replaced_byte_by_byte(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "\xFF", "\x80", "\xC3", "\xC0\xAF", "\xE0\x80\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        size_t taken;
        assert_int_equal(first(bad[i], &taken), EN_UTF8_BAD);
        assert_int_equal(taken, 1);
    }
}

static void wide_and_combining_characters_are_measured(void **state)
{
    (void)state;
    if (setlocale(LC_CTYPE, "C.UTF-8") == NULL) {
        print_message("SKIPPED: there is no locale C.UTF-8 here\n");
        skip();
    }
    assert_int_equal(en_utf8_width("caf\xC3\xA9", 5), 4);
    assert_int_equal(en_utf8_width("\xE7\x9C\xBC", 3), 2); /* a Han character */
    assert_int_equal(en_utf8_width("e\xCC\x81", 3), 1);    /* e and a combining accent */
    assert_int_equal(en_utf8_fit("\xE7\x9C\xBC\xE7\x9C\xBC", 6, 3), 3);
    assert_int_equal(en_utf8_fit("abc", 3, 10), 3);
}

static void what_could_steer_a_terminal_is_made_visible(void **state)
{
    (void)state;
    en_buf out;
    en_buf_init(&out, 100);
    static const char text[] = "a\x1b[31m\n\xC2\x9B\xFFz";
    assert_int_equal(en_utf8_visible(text, strlen(text), &out, NULL), EN_OK);
    assert_string_equal(en_buf_str(&out), "a\\x1b[31m\\n\\x9b\xEF\xBF\xBDz");
    en_buf_clear(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(characters_of_one_to_four_bytes_are_read),
        cmocka_unit_test(what_is_not_utf8_is_replaced_byte_by_byte),
        cmocka_unit_test(wide_and_combining_characters_are_measured),
        cmocka_unit_test(what_could_steer_a_terminal_is_made_visible),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
