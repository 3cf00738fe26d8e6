/* JSON is what RFC 8259 says, whatever bytes a text has, and equal values give equal bytes. */
#include "check.h"

#include <math.h>

#include "export/json.h"

static en_error err; /* of the writers */

static void is(en_json *j, en_buf *out, const char *wanted)
{
    assert_int_equal(j->status, EN_OK);
    assert_string_equal(en_buf_str(out), wanted);
    en_buf_clear(out);
}

static void objects_and_arrays_are_nested_and_indented(void **state)
{
    (void)state;
    en_buf out;
    en_buf_init(&out, 4096);
    en_json j = en_json_to(&out, &err);
    en_json_object(&j, NULL);
    en_json_int(&j, "a", -3);
    en_json_array(&j, "b");
    en_json_line(&j, NULL);
    en_json_bool(&j, "c", true);
    en_json_array(&j, "d");
    en_json_int(&j, NULL, 1);
    en_json_object(&j, NULL);
    en_json_end(&j);
    en_json_end(&j);
    en_json_end(&j);
    en_json_count(&j, NULL, -1);
    en_json_end(&j);
    en_json_array(&j, "e");
    en_json_end(&j);
    en_json_end(&j);
    en_json_end(&j); /* nothing is open any more */
    is(&j, &out, "{\n  \"a\": -3,\n  \"b\": [\n    {\"c\": true, \"d\": [1, {}]},\n    null\n  ],\n  \"e\": []\n}\n");
}

static void texts_of_any_bytes_are_strings(void **state)
{
    (void)state;
    en_buf out;
    en_buf_init(&out, 4096);
    en_json j = en_json_to(&out, &err);
    en_json_line(&j, NULL);
    en_json_text(&j, "\"", "a\"\\/\n\t\x01\x7f");
    en_json_text(&j, "b", "\xff\xc3\xa9\xf0\x9f\x91\x81\xc3");
    en_json_text(&j, "c", NULL);
    en_json_text(&j, "d", "");
    en_json_end(&j);
    is(&j, &out,
       "{\"\\\"\": \"a\\\"\\\\/\\n\\u0009\\u0001\\u007f\", "
       "\"b\": \"\xef\xbf\xbd\xc3\xa9\xf0\x9f\x91\x81\xef\xbf\xbd\", \"c\": null, \"d\": \"\"}\n");
}

static void numbers_read_back_as_they_were(void **state)
{
    (void)state;
    en_buf out;
    en_buf_init(&out, 4096);
    en_json j = en_json_to(&out, &err);
    en_json_line(&j, NULL);
    en_json_real(&j, "a", 0.1);
    en_json_real(&j, "b", 1.0 / 3);
    en_json_real(&j, "c", (double)NAN);
    en_json_real(&j, "d", -(double)INFINITY);
    en_json_real(&j, "e", 1e300);
    en_json_int(&j, "f", INT64_MIN);
    en_json_end(&j);
    is(&j, &out,
       "{\"a\": 0.1, \"b\": 0.3333333333333333, \"c\": null, \"d\": null, \"e\": 1e+300, \"f\": "
       "-9223372036854775808}\n");
}

static void what_is_too_deep_or_too_long_is_an_error(void **state)
{
    (void)state;
    en_buf out;
    en_buf_init(&out, 8);
    en_json j = en_json_to(&out, &err);
    en_json_array(&j, NULL);
    en_json_text(&j, NULL, "more than eight bytes");
    en_json_end(&j);
    assert_int_equal(j.status, EN_INPUT);
    en_buf_clear(&out);
    en_buf_init(&out, 4096);
    j = en_json_to(&out, &err);
    for (size_t i = 0; i <= EN_JSON_DEPTH; i++) {
        en_json_array(&j, NULL);
    }
    assert_int_equal(j.status, EN_BUG);
    en_buf_clear(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(objects_and_arrays_are_nested_and_indented),
        cmocka_unit_test(texts_of_any_bytes_are_strings),
        cmocka_unit_test(numbers_read_back_as_they_were),
        cmocka_unit_test(what_is_too_deep_or_too_long_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
