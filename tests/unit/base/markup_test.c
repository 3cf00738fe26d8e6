/* Text made safe for SVG and HTML. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "base/markup.h"

#define WRONG "\xef\xbf\xbd" /* U+FFFD */

static void assert_markup(const char *text, const char *expected)
{
    en_buf out;
    en_buf_init(&out, 4096);
    assert_int_equal(en_markup_text(&out, text, NULL), EN_OK);
    assert_string_equal(en_buf_str(&out), expected);
    en_buf_clear(&out);
}

static void tags_and_quotes_become_entities(void **state)
{
    (void)state;
    assert_markup("<script>alert(\"x\" + 'y')</script> & more",
                  "&lt;script&gt;alert(&quot;x&quot; + &#39;y&#39;)&lt;/script&gt; &amp; more");
}

static void other_alphabets_pass(void **state)
{
    (void)state;
    assert_markup("\xc3\xa9 \xe2\x89\xa5 \xf0\x9f\x91\x81", "\xc3\xa9 \xe2\x89\xa5 \xf0\x9f\x91\x81");
}

static void bytes_that_are_no_utf8_are_replaced(void **state)
{
    (void)state;
    assert_markup("a\xff"
                  "b",
                  "a" WRONG "b");
    assert_markup("\xc3", WRONG);                   /* cut off */
    assert_markup("\xe2\x89<", WRONG WRONG "&lt;"); /* cut off before a tag, which must not be swallowed */
    assert_markup("\xc0\xaf", WRONG WRONG);         /* an overlong slash */
    assert_markup("\xe0\x80\xaf", WRONG);           /* another */
    assert_markup("\xed\xa0\x80", WRONG);           /* half a surrogate pair */
    assert_markup("\xf4\x90\x80\x80", WRONG);       /* beyond U+10FFFF */
}

static void control_characters_are_replaced(void **state)
{
    (void)state;
    assert_markup("a\x01\x1b[31m\tb\n", "a" WRONG WRONG "[31m\tb\n");
    assert_markup("\xc2\x85", WRONG);
}

static void no_text_is_an_empty_text(void **state)
{
    (void)state;
    assert_markup(NULL, "");
    assert_markup("", "");
}

static void every_character_comes_back_as_it_was(void **state)
{
    (void)state;
    for (unsigned ch = 0xa0; ch < 0x110000; ch += 7) {
        if ((ch >= 0xd800 && ch < 0xe000) || ch == 0xfffe || ch == 0xffff) {
            continue;
        }
        char text[5] = {0};
        size_t size = en_markup_encode(ch, text);
        const char *at = text;
        assert_int_equal(en_markup_next(&at), ch);
        assert_ptr_equal(at, text + size);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tags_and_quotes_become_entities),
        cmocka_unit_test(other_alphabets_pass),
        cmocka_unit_test(bytes_that_are_no_utf8_are_replaced),
        cmocka_unit_test(control_characters_are_replaced),
        cmocka_unit_test(no_text_is_an_empty_text),
        cmocka_unit_test(every_character_comes_back_as_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
