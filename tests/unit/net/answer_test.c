/* The headers of answers, line by line, as servers and others write them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "net/answer.h"

#include <string.h>

static en_http_answer a;

static void said(const char *line) { en_http_answer_line(&a, line, strlen(line)); }

static void a_status_line_begins_a_new_answer(void **state)
{
    (void)state;
    en_http_answer_begin(&a);
    assert_int_equal(a.status, 0);
    assert_int_equal(a.length, -1);
    said("HTTP/1.1 100 Continue\r\n");
    said("ETag: \"old\"\r\n");
    said("Content-Length: 7\r\n");
    said("http/2 206\r\n");
    assert_int_equal(a.status, 206);
    assert_int_equal(a.length, -1);
    assert_string_equal(a.identity.etag, "");
    static const char *const odd[] = {"HTTP/1.1", "HTTP/1.1 ", "HTTP/1.1 2", "HTTP/1.1 2x4 ", "HTTP/1.1 -10 "};
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        said(odd[i]);
        assert_true(a.status <= 0);
    }
}

static void headers_are_known_in_any_case_and_values_are_bare(void **state)
{
    (void)state;
    en_http_answer_begin(&a);
    said("CONTENT-LENGTH:12");
    said("etag:  \"x y\" \r\n");
    said("Last-Modified:\tThu, 01 Jan 1998 00:00:00 GMT\r\n");
    said("content-Type: text/html; charset=utf-8\r\n");
    said("content-range: bytes 100-199/200\r\n");
    said("Content-Lengths: 13\r\n");
    said("no header at all");
    said(": nameless");
    said("");
    assert_int_equal(a.length, 12);
    assert_string_equal(a.identity.etag, "\"x y\"");
    assert_string_equal(a.identity.last_modified, "Thu, 01 Jan 1998 00:00:00 GMT");
    assert_string_equal(a.content_type, "text/html; charset=utf-8");
    assert_int_equal(a.range_from, 100);
    assert_int_equal(a.range_total, 200);
}

static void numbers_that_are_none_were_not_said(void **state)
{
    (void)state;
    static const char *const lines[] = {"Content-Length: -1",         "Content-Length: 99999999999999999999999999",
                                        "Content-Length: 12x",        "Content-Length:",
                                        "Content-Range: bytes */*",   "Content-Range: items 1-2/3",
                                        "Content-Range: bytes x-9/y", "Content-Range: b"};
    en_http_answer_begin(&a);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        said(lines[i]);
        assert_int_equal(a.length, -1);
        assert_int_equal(a.range_from, -1);
        assert_int_equal(a.range_total, -1);
    }
    said("Content-Range: bytes */5000");
    assert_int_equal(a.range_from, -1);
    assert_int_equal(a.range_total, 5000);
}

static void a_validator_is_short_and_printable_or_none(void **state)
{
    (void)state;
    char out[EN_HTTP_VALIDATOR], text[EN_HTTP_VALIDATOR + 1];
    memset(text, 'x', sizeof text);
    en_http_validator_copy(out, text, EN_HTTP_VALIDATOR - 1);
    assert_int_equal(strlen(out), EN_HTTP_VALIDATOR - 1);
    en_http_validator_copy(out, text, EN_HTTP_VALIDATOR);
    assert_string_equal(out, "");
    en_http_validator_copy(out, " ~", 2);
    assert_string_equal(out, " ~");
    static const char *const bad[] = {"a\r\nb", "a\nb", "\x1f", "\x7f", "\xc3\xa4"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        en_http_validator_copy(out, bad[i], strlen(bad[i]));
        assert_string_equal(out, "");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_status_line_begins_a_new_answer),
        cmocka_unit_test(headers_are_known_in_any_case_and_values_are_bare),
        cmocka_unit_test(numbers_that_are_none_were_not_said),
        cmocka_unit_test(a_validator_is_short_and_printable_or_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
