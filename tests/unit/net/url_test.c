/* URLs as they are shown, kept, and turned into file names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "net/http.h"

#include <string.h>

#include "base/memory.h"

static void expect(char *made, const char *wanted)
{
    assert_non_null(made);
    assert_string_equal(made, wanted);
    en_free(made);
}

static void only_http_and_https_are_urls(void **state)
{
    (void)state;
    assert_true(en_http_is_url("http://a/b"));
    assert_true(en_http_is_url("HTTPS://a/b"));
    assert_false(en_http_is_url("ftp://a/b"));
    assert_false(en_http_is_url("file:///etc/passwd"));
    assert_false(en_http_is_url("httpd.zip"));
    assert_null(en_http_public_url("file:///etc/passwd"));
    assert_null(en_http_public_url("http://"));
    assert_null(en_http_file_name("train.zip"));
}

static void a_public_url_holds_no_secrets(void **state)
{
    (void)state;
    expect(en_http_public_url("https://user:secret@example.org/a.zip#here"), "https://example.org/a.zip");
    expect(en_http_public_url("https://example.org/a.zip?id=3&access_token=abc&x=1"),
           "https://example.org/a.zip?id=3&access_token=-&x=1");
    expect(en_http_public_url("https://example.org/a?X-Amz-Signature=ff&X-Amz-Date=2026&sig=x&Key=y&password="),
           "https://example.org/a?X-Amz-Signature=-&X-Amz-Date=-&sig=-&Key=-&password=-");
    expect(en_http_public_url("https://example.org/a?keyword=eye&design=2"),
           "https://example.org/a?keyword=eye&design=2");
}

static void the_file_name_is_the_last_part_decoded(void **state)
{
    (void)state;
    expect(en_http_file_name("https://example.org/data/train.zip.001?token=x/y"), "train.zip.001");
    expect(en_http_file_name("https://example.org/a%20b%2Fc.jpeg"), "a b/c.jpeg");
    expect(en_http_file_name("https://example.org/data/"), "");
    expect(en_http_file_name("https://example.org"), "");
    expect(en_http_file_name("https://example.org/a%00b"), "");
}

static void another_file_beside_keeps_the_rest_of_the_url(void **state)
{
    (void)state;
    expect(en_http_with_file_name("https://u:p@example.org:8/d/train.zip.001?t=1", "train.zip.002"),
           "https://u:p@example.org:8/d/train.zip.002?t=1");
    expect(en_http_with_file_name("http://example.org/a", "b c.jpeg"), "http://example.org/b%20c.jpeg");
}

static void what_people_write_becomes_a_url(void **state)
{
    (void)state;
    expect(en_http_encoded_url("https://example.org/a.zip"), "https://example.org/a.zip");
    expect(en_http_encoded_url(" https://u:p@h/a b/\xc3\xa4\xe9.zip?x=1 2&y={%41}&z=%#f g\r\n"),
           "https://u:p@h/a%20b/%C3%A4%E9.zip?x=1%202&y={%41}&z=%#f%20g");
    expect(en_http_encoded_url("http://h/100%/%41%4/{a|b}\"<>\\^`"),
           "http://h/100%25/%41%254/%7Ba%7Cb%7D%22%3C%3E%5C%5E%60");
    expect(en_http_encoded_url("http://h?a b"), "http://h?a%20b");
    expect(en_http_encoded_url("http://h h/a b"), "http://h h/a%20b"); /* which no encoding mends */
    expect(en_http_encoded_url(""), "");
    assert_null(en_http_url_fault("http://h/a%20b"));
    assert_non_null(en_http_url_fault("http://h h/a"));
    assert_non_null(en_http_url_fault("http://h/a b"));
    assert_non_null(en_http_url_fault("http://h:99999/a"));
    assert_non_null(en_http_url_fault("ftp://h/a"));
}

static void text_is_escaped_but_for_unreserved_characters(void **state)
{
    (void)state;
    en_buf out;
    en_error err;
    en_buf_init(&out, 1 << 10);
    assert_int_equal(en_http_escape(&out, "aZ09-_.~ b/&+%\xc3\xa9", false, &err), EN_OK);
    assert_string_equal(en_buf_str(&out), "aZ09-_.~%20b%2F%26%2B%25%C3%A9");
    assert_int_equal(en_http_escape(&out, "/x/?", true, &err), EN_OK);
    assert_string_equal(en_buf_str(&out), "aZ09-_.~%20b%2F%26%2B%25%C3%A9/x/%3F");
    en_buf_clear(&out);
}

static void a_signed_url_says_when_it_ends(void **state)
{
    (void)state;
    assert_int_equal(en_http_expiry("https://h/a?X-Goog-Date=20261126T073000Z&X-Goog-Expires=3600&b=1"), 1795681800);
    assert_int_equal(en_http_expiry("https://h/a?x-amz-expires=60&x-amz-date=19700101T000100Z"), 120);
    assert_int_equal(en_http_expiry("https://h/a?GoogleAccessId=x&Expires=1795678201&Signature=y"), 1795678201);
    assert_int_equal(en_http_expiry("https://h/a?Expires=soon"), 0);
    assert_int_equal(en_http_expiry("https://h/a"), 0);
}

static void a_host_is_read_without_user_and_port(void **state)
{
    (void)state;
    char host[EN_HTTP_NAME];
    bool https;
    assert_true(en_http_host("https://storage.googleapis.com@evil.org:8443/x", host, &https));
    assert_string_equal(host, "evil.org");
    assert_true(https);
    assert_true(en_http_host("http://127.0.0.1:80/", host, &https));
    assert_string_equal(host, "127.0.0.1");
    assert_false(https);
    assert_false(en_http_host("file:///etc/passwd", host, &https));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_people_write_becomes_a_url),
        cmocka_unit_test(text_is_escaped_but_for_unreserved_characters),
        cmocka_unit_test(a_signed_url_says_when_it_ends),
        cmocka_unit_test(a_host_is_read_without_user_and_port),
        cmocka_unit_test(only_http_and_https_are_urls),
        cmocka_unit_test(a_public_url_holds_no_secrets),
        cmocka_unit_test(the_file_name_is_the_last_part_decoded),
        cmocka_unit_test(another_file_beside_keeps_the_rest_of_the_url),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
