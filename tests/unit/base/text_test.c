/* Strict numbers, natural order, near words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/text.h"

#include <string.h>

static void numbers_must_be_the_whole_text(void **state)
{
    (void)state;
    int64_t i = 5;
    double d = 5;
    assert_true(en_parse_int("-12", &i) && i == -12);
    assert_false(en_parse_int("12x", &i) || en_parse_int("", &i) || en_parse_int(" 1", &i));
    assert_false(en_parse_int("99999999999999999999", &i));
    assert_int_equal(i, -12);
    assert_true(en_parse_double("0.25", &d));
    assert_false(en_parse_double("nan", &d) || en_parse_double("1e999", &d) || en_parse_double("0.1.2", &d));
    assert_true(d > 0.24 && d < 0.26);
    assert_true(en_parse_double("-1.5e+1", &d) && d < -14.9 && d > -15.1);
    assert_true(en_parse_double("+.5", &d) && en_parse_double("5.", &d));
    static const char *const refused[] = {"0x1", "0x1p3", "0X2", "inf", "-Infinity", "NaN", "nan(1)", "1 ", "\t1",
                                          "1,5", "e5",    "-",   ".",   "1e",        "--1", "0.1.2",  ""};
    for (size_t k = 0; k < sizeof refused / sizeof *refused; k++) {
        if (en_parse_double(refused[k], &d)) {
            fail_msg("'%s' was taken for a number", refused[k]);
        }
    }
}

static void sizes_take_a_unit_of_1024(void **state)
{
    (void)state;
    int64_t bytes;
    char out[32];
    assert_true(en_parse_size("8G", &bytes) && bytes == 8LL << 30);
    assert_true(en_parse_size("10", &bytes) && bytes == 10);
    assert_false(en_parse_size("8GB", &bytes) || en_parse_size("-1k", &bytes) || en_parse_size("9999999999G", &bytes));
    assert_string_equal(en_human_size(1536, out, sizeof out), "1.5 KiB");
    assert_string_equal(en_human_size(0, out, sizeof out), "0 B");
}

static void names_are_ordered_as_people_do(void **state)
{
    (void)state;
    assert_true(en_natural_compare("2_left", "10_left") < 0);
    assert_true(en_natural_compare("10_left", "10_right") < 0);
    assert_true(en_natural_compare("a", "ab") < 0);
    assert_true(en_natural_compare("a01", "a1") != 0);
    assert_int_equal(en_natural_compare("a1b2", "a1b2"), 0);
}

static void a_misspelt_word_finds_its_neighbour(void **state)
{
    (void)state;
    static const char *const words[] = {"relu", "sigmoid", "train", "maxpool", NULL};
    assert_string_equal(en_nearest_word("rlu", words), "relu");
    assert_string_equal(en_nearest_word("trian", words), "train");
    assert_null(en_nearest_word("banana", words));
}

static void blanks_around_a_text_are_not_of_it(void **state)
{
    (void)state;
    static const char *const text[] = {"a b", " a b", "a b\t\r\n", "\u00A0a b\u200B", "\uFEFF \u3000a b \u00A0 "};
    for (size_t i = 0; i < sizeof text / sizeof *text; i++) {
        size_t length = strlen(text[i]);
        const char *trimmed = en_trimmed(text[i], &length);
        assert_int_equal(length, 3);
        assert_memory_equal(trimmed, "a b", 3);
    }
    size_t length = 3;
    (void)en_trimmed(" \u00A0", &length);
    assert_int_equal(length, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_must_be_the_whole_text),      cmocka_unit_test(sizes_take_a_unit_of_1024),
        cmocka_unit_test(blanks_around_a_text_are_not_of_it),  cmocka_unit_test(names_are_ordered_as_people_do),
        cmocka_unit_test(a_misspelt_word_finds_its_neighbour),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
