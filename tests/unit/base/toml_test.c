/* Files of settings: what is read, and what is refused by its line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "base/memory.h"
#include "base/toml.h"

static en_error err;

static void read_text(const char *text, en_toml *out)
{
    if (en_toml_parse("'t'", text, strlen(text), out, &err) != EN_OK) {
        fail_msg("%s: %s", text, err.text);
    }
}

static const en_toml *get(const en_toml *table, const char *key, en_toml_kind kind)
{
    const en_toml *found = en_toml_get(table, key);
    assert_non_null(found);
    assert_int_equal(found->kind, kind);
    return found;
}

static void values_of_every_kind_are_read(void **state)
{
    (void)state;
    en_toml t;
    read_text(
        "# first\r\nname = \"a \\\"b\\\" \\u00e9\\t\"\r\nraw='\\n' # behind\n\n n-1 = -1_000\nx = +1.5e-3\nyes=true\n"
        "list = [ 1, # one\n  2,\n 'c', ]\nnone = []\n[train]\nlr = {log = [1e-5, 1E+2], steps = 3}\nempty = {}\n",
        &t);
    assert_string_equal(get(&t, "name", EN_TOML_TEXT)->text, "a \"b\" \xc3\xa9\t");
    assert_string_equal(get(&t, "raw", EN_TOML_TEXT)->text, "\\n");
    assert_string_equal(get(&t, "n-1", EN_TOML_INT)->text, "-1000");
    assert_string_equal(get(&t, "x", EN_TOML_REAL)->text, "1.5e-3");
    assert_string_equal(get(&t, "yes", EN_TOML_BOOL)->text, "true");
    const en_toml *list = get(&t, "list", EN_TOML_ARRAY);
    assert_int_equal(list->count, 3);
    assert_string_equal(list->item[1].text, "2");
    assert_int_equal(list->item[1].line, 9);
    assert_int_equal(get(&t, "none", EN_TOML_ARRAY)->count, 0);
    const en_toml *train = get(&t, "train", EN_TOML_TABLE), *lr = get(train, "lr", EN_TOML_TABLE);
    assert_string_equal(get(lr, "log", EN_TOML_ARRAY)->item[1].text, "1E+2");
    assert_string_equal(get(lr, "steps", EN_TOML_INT)->text, "3");
    assert_int_equal(get(train, "empty", EN_TOML_TABLE)->count, 0);
    assert_null(en_toml_get(&t, "lr"));
    en_toml_clear(&t);
    read_text("", &t);
    assert_int_equal(t.count, 0);
    en_toml_clear(&t);
}

static void what_is_not_of_the_subset_is_refused_by_its_line(void **state)
{
    (void)state;
    static const char *const refused[][2] = {
        {"a = 1\nb", "line 2: expected '='"},
        {"a = 1\n\na = 2", "line 3: 'a' is there twice"},
        {"[t]\n[t]", "line 2: 't' is there twice"},
        {"a = 1 b = 2", "line 1: expected the end of the line"},
        {"a.b = 1", "line 1: dotted keys"},
        {"\"a\" = 1", "line 1: keys in quotes"},
        {"a = \"\"\"x\"\"\"", "texts over several lines"},
        {"a = \"x\ny\"", "line 1: a text ends"},
        {"a = \"\\q\"", "unknown escape"},
        {"a = \"\\u0000\"", "a control character"},
        {"a = \"\\ud800\"", "a control character or half a character"},
        {"a = \"\\u12\"", "four hexadecimal digits"},
        {"a = 0x10", "'0x10' is not a value"},
        {"a = 012", "'012' is not a value"},
        {"a = 1__0", "'1__0' is not a value"},
        {"a = _1", "'_1' is not a value"},
        {"a = 1.", "'1.' is not a value"},
        {"a = .5", "'.5' is not a value"},
        {"a = inf", "'inf' is not a value"},
        {"a = nan", "'nan' is not a value"},
        {"a = 1979-05-27", "is not a value"},
        {"a = 99999999999999999999", "too large"},
        {"a = 1e999", "too large"},
        {"a = 111111111111111111111111111111111111111111111111111111111111111111111", "is not a value"},
        {"a =", "'' is not a value"},
        {"a = [1 2]", "expected ',' or ']'"},
        {"a = [1,", "is not a value"},
        {"a = {b = 1,\nc = 2}", "line 1: expected a key"},
        {"a = {b = 1", "expected ',' or '}'"},
        {"a = [[[[[1]]]]]", "too deep"},
        {"[[a]]", "arrays of tables"},
        {"[a", "expected ']'"},
        {"[a.b]", "dotted keys"},
        {"a = 'x\x01'", "line 1: a control character (0x01)"},
        {"a = 1\rb = 2", "a control character (0x0d)"},
        {"a = 'x\x80'", "not UTF-8"},
        {"\xef\xbb\xbf"
         "a = 1",
         "expected a key"},
    };
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        en_toml t;
        const en_status st = en_toml_parse("'t'", refused[i][0], strlen(refused[i][0]), &t, &err);
        if (st != EN_INPUT || strstr(err.text, refused[i][1]) == NULL) {
            fail_msg("%s: status %d, %s", refused[i][0], st, st != EN_OK ? err.text : "read");
        }
        en_toml_clear(&t);
    }
    en_toml t;
    assert_int_equal(en_toml_parse("'t'", "a = 1\nb = \0", 11, &t, &err), EN_INPUT);
    assert_string_equal(err.text, "'t', line 2: a control character (0x00)");
    en_toml_clear(&t);
}

static void a_table_has_a_bounded_number_of_keys(void **state)
{
    (void)state;
    char *text = en_alloc(16 * (EN_TOML_KEYS + 1));
    size_t used = 0;
    en_toml t;
    assert_non_null(text);
    for (int i = 0; i <= EN_TOML_KEYS; i++) {
        used += (size_t)snprintf(text + used, 16, "k%d = 1\n", i);
    }
    assert_int_equal(en_toml_parse("'t'", text, used, &t, &err), EN_INPUT);
    assert_string_equal(err.text, "'t', line 1001: more than 1000 keys");
    en_toml_clear(&t);
    en_free(text);
}

static void running_out_of_memory_is_an_error(void **state)
{
    (void)state;
    static const char text[] = "a = [1, 'x']\n[t]\nb = {c = 1.5}\n";
    for (long nth = 1; nth < 100; nth++) {
        en_toml t;
        en_alloc_fail_at(nth);
        const en_status st = en_toml_parse("'t'", text, sizeof text - 1, &t, &err);
        en_alloc_fail_at(0);
        en_toml_clear(&t);
        if (st == EN_OK) {
            assert_true(nth > 8);
            return;
        }
        assert_int_equal(st, EN_NOMEM);
    }
    fail();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_of_every_kind_are_read),
        cmocka_unit_test(what_is_not_of_the_subset_is_refused_by_its_line),
        cmocka_unit_test(a_table_has_a_bounded_number_of_keys),
        cmocka_unit_test(running_out_of_memory_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
