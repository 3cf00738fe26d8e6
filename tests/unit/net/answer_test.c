/* The headers of answers, as servers and others write them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "net/answer.h"

#include <string.h>

static en_http_answer a;

static void said(const char *name, const char *value) { en_http_answer_header(&a, name, value); }

static void headers_are_known_in_any_case(void **state)
{
    (void)state;
    en_http_answer_begin(&a);
    assert_int_equal(a.status, 0);
    assert_int_equal(a.length, -1);
    said("CONTENT-LENGTH", "12");
    said("etag", "\"x y\"");
    said("Last-Modified", "Thu, 01 Jan 1998 00:00:00 GMT");
    said("content-Type", "text/html; charset=utf-8");
    said("content-range", "bytes 100-199/200");
    said("Content-Lengths", "13");
    said("", "");
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
    static const char *const headers[][2] = {
        {"Content-Length", "-1"},         {"Content-Length", "99999999999999999999999999"},
        {"Content-Length", "12x"},        {"Content-Length", ""},
        {"Content-Range", "bytes */*"},   {"Content-Range", "items 1-2/3"},
        {"Content-Range", "bytes x-9/y"}, {"Content-Range", "b"}};
    en_http_answer_begin(&a);
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
        said(headers[i][0], headers[i][1]);
        assert_int_equal(a.length, -1);
        assert_int_equal(a.range_from, -1);
        assert_int_equal(a.range_total, -1);
    }
    said("Content-Range", "bytes */5000");
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

static void a_file_is_called_what_its_server_calls_it(void **state)
{
    (void)state;
    static const char *const cases[][2] = {{"attachment; filename=\"eyes 1.zip\"", "eyes 1.zip"},
                                           {"attachment; filename=eyes.zip; size=3", "eyes.zip"},
                                           {"attachment; filename=\"x\"; filename*=UTF-8''a%20b.zip", "a b.zip"},
                                           {"attachment; filename=\"../../etc/eyes.zip\"", "eyes.zip"},
                                           {"attachment; filename=\"C:\\\\eyes.zip\"", "eyes.zip"},
                                           {"attachment; filename*=UTF-8''a%00b", ""},
                                           {"inline", ""},
                                           {"", ""},
                                           {"attachment; filename", ""},
                                           {"attachment; filename=", ""},
                                           {"attachment; filename=\"\"", ""},
                                           {"attachment ;FILENAME = \"eyes.zip\"", "eyes.zip"},
                                           {"attachment; filename=eyes 1.zip ; x=y", "eyes 1.zip"},
                                           {"attachment; filename=\"a;b\\\"c.zip\"; size=3", "a;b\"c.zip"},
                                           {"attachment; filename=\"C:\\dir\\eyes.zip\"", "eyes.zip"},
                                           {"attachment; filename=\"eyes.zip", "eyes.zip"},
                                           {"attachment; name=\"filename=evil.zip\"; filename=eyes.zip", "eyes.zip"},
                                           {"attachment; name=\"x; filename*=UTF-8''evil\"; filename=a.zip", "a.zip"},
                                           {"attachment; xfilename=evil.zip; filename=eyes.zip", "eyes.zip"},
                                           {"filename=evil.zip", ""},
                                           {"attachment; filename=a.zip; filename=b.zip", "a.zip"},
                                           {"attachment; filename=\"na\xefve.zip\"", "na\xc3\xafve.zip"},
                                           {"attachment; filename=\"na\xc3\xafve.zip\"", "na\xc3\xafve.zip"},
                                           {"attachment; filename*=iso-8859-1'fr'na%EFve.zip", "na\xc3\xafve.zip"},
                                           {"attachment; filename*=UTF-8'en'%e2%82%AC%20a.zip", "\xe2\x82\xac a.zip"},
                                           {"attachment; filename*=UTF-8''%EF.zip; filename=b.zip", "b.zip"},
                                           {"attachment; filename*=KOI8-R''%EF.zip; filename=b.zip", "b.zip"},
                                           {"attachment; filename*=eyes.zip; filename=b.zip", "b.zip"},
                                           {"attachment; filename*=UTF-8''a%2", "a%2"},
                                           {"attachment; filename*=UTF-8''..%2F..%2Feyes.zip", "eyes.zip"},
                                           {"attachment; filename=\"a\tb.zip\"", ""},
                                           {"attachment; filename*=UTF-8''a%0Ab.zip", ""},
                                           {"attachment; filename=\"a/\"", ""}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        en_http_answer_begin(&a);
        said("Content-Disposition", cases[i][0]);
        assert_string_equal(a.name, cases[i][1]);
    }
    char text[4096]; /* too long to be a name, or a value */
    memset(text, 'x', sizeof text);
    text[sizeof text - 1] = '\0';
    memcpy(text, "attachment; filename=", 21);
    for (size_t length = sizeof text - 1; length > 1; length /= 2) {
        text[length] = '\0';
        en_http_answer_begin(&a);
        said("Content-Disposition", text);
        assert_int_equal(strlen(a.name), length < 21 || length - 21 >= EN_HTTP_NAME ? 0 : length - 21);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(headers_are_known_in_any_case),
        cmocka_unit_test(numbers_that_are_none_were_not_said),
        cmocka_unit_test(a_file_is_called_what_its_server_calls_it),
        cmocka_unit_test(a_validator_is_short_and_printable_or_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
