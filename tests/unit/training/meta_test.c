/* meta.yaml of MLflow: what PyYAML writes of texts and numbers is read, and nothing else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "training/track/meta.h"

#include <string.h>

static en_error err;

static void values_are_plain_or_quoted(void **state)
{
    (void)state;
    static const char text[] =
        "a: plain text, and more\nb: '725344189477110640'\nc: 'it''s'\nd: \"caf\\xE9 \\u263a \\\"x\\\"\\n\"\n"
        "e: ''\nf: null\ng: []\nlong: one two\n  three\n  four\nfolded: \"one \\\n  \\ two\"\nh:\ni: 12\r\n";
    static const char *const want[] = {"a",      "plain text, and more",
                                       "b",      "725344189477110640",
                                       "c",      "it's",
                                       "d",      "caf\xc3\xa9 \xe2\x98\xba \"x\"\n",
                                       "long",   "one two three four",
                                       "folded", "one  two",
                                       "i",      "12"};
    en_meta m;
    assert_int_equal(en_meta_parse(text, strlen(text), &m, &err), EN_OK);
    assert_int_equal(m.fields, 11);
    for (size_t i = 0; i < sizeof want / sizeof *want; i += 2) {
        assert_non_null(en_meta_get(&m, want[i]));
        assert_string_equal(en_meta_get(&m, want[i]), want[i + 1]);
    }
    assert_null(en_meta_get(&m, "e"));
    assert_null(en_meta_get(&m, "f"));
    assert_null(en_meta_get(&m, "g"));
    assert_null(en_meta_get(&m, "h"));
    assert_null(en_meta_get(&m, "other"));
    en_meta_clear(&m);
}

static void anything_else_is_refused_in_one_line(void **state)
{
    (void)state;
    static const char *const text[] = {"- a\n",
                                       "a\n",
                                       "a : b\n",
                                       "  a: b\n",
                                       "a: b\na: c\n",
                                       "a: [1, 2]\n",
                                       "a: {b: c}\n",
                                       "a: &x b\n",
                                       "a: *x\n",
                                       "a: !!python/object:os.system b\n",
                                       "a: |\n  b\n",
                                       "a: > b\n",
                                       "a: 'b\n",
                                       "a: 'b''\n",
                                       "a: \"b\n",
                                       "a: \"\\q\"\n",
                                       "a: \"\\xZZ\"\n",
                                       "a: \"\\x00\"\n",
                                       "a: \"\\ud800\"\n",
                                       "a: b: c\n",
                                       "a: b # c\n",
                                       "--- \na: b\n",
                                       "a: 'b' c\n",
                                       "a:\n- b\n",
                                       "%YAML 1.2\n",
                                       "\xff: b\n"};
    for (size_t i = 0; i < sizeof text / sizeof *text; i++) {
        en_meta m;
        if (en_meta_parse(text[i], strlen(text[i]), &m, &err) != EN_INPUT || strchr(err.text, '\n') != NULL) {
            fail_msg("read: %s", text[i]);
        }
        en_meta_clear(&m);
    }
    en_meta m;
    assert_int_equal(en_meta_parse("a: b\0c", 6, &m, &err), EN_INPUT);
    en_meta_clear(&m);
    char wide[9000];
    memset(wide, 'a', sizeof wide);
    memcpy(wide, "a: ", 3);
    assert_int_equal(en_meta_parse(wide, sizeof wide, &m, &err), EN_INPUT);
    en_meta_clear(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_plain_or_quoted),
        cmocka_unit_test(anything_else_is_refused_in_one_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
