/* Requests of any method, whose answers are kept in memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "net/request.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "http_server.h"

static char scratch[] = "/tmp/eyenet-request-XXXXXX";
static http_server server;
static en_error err;
static en_buf answer;
static int status;
static bool stopped;

static int set_up(void **state)
{
    (void)state;
    if (mkdtemp(scratch) == NULL || chdir(scratch) != 0 || en_file_mkdirs("www", &err) != EN_OK ||
        en_file_write("www/hello", "hello", 5, &err) != EN_OK) {
        return 1;
    }
    if (!http_server_start(&server, "www", "log", NULL)) {
        exit(77);
    }
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    http_server_stop(&server);
    return chdir("/") != 0 || en_file_remove_tree(scratch, &err) != EN_OK;
}

static bool on_stop(void *ctx) { return *(const bool *)ctx; }

/* Sends the request to PATH of the server; `answer` keeps at most `cap` bytes. */
static en_status ask(const char *path, en_http_request request, size_t cap)
{
    const en_events events = {.stop = on_stop, .ctx = &stopped};
    const en_http_options options = {.stall_ms = 1000};
    en_http *http;
    assert_int_equal(en_http_new(&options, &events, &http, &err), EN_OK);
    char *url = en_format("http://127.0.0.1:%d/%s", server.port, path);
    request.url = url;
    en_buf_clear(&answer);
    en_buf_init(&answer, cap);
    en_error_clear(&err);
    en_status st = en_http_send(http, &request, &answer, &status, &err);
    en_http_free(http);
    en_free(url);
    return st;
}

static void says(const char *text)
{
    if (strstr(en_buf_str(&answer), text) == NULL) {
        fail_msg("no %s in: %s", text, en_buf_str(&answer));
    }
}

static void without_a_body_it_is_a_get(void **state)
{
    (void)state;
    assert_int_equal(ask("plain/hello", (en_http_request){0}, 100), EN_OK);
    assert_int_equal(status, 200);
    assert_string_equal(en_buf_str(&answer), "hello");
}

static void a_body_goes_by_post_with_its_headers_and_token(void **state)
{
    (void)state;
    const en_http_header headers[] = {{"Content-Type", "application/json"}, {"Accept", "application/json"}};
    const char body[] = "{\"page\": 2}";
    en_http_request request = {
        .headers = headers, .header_count = 2, .bearer = "t0ken", .body = body, .body_size = strlen(body)};
    assert_int_equal(ask("list", request, 1000), EN_OK);
    assert_int_equal(status, 200);
    says("\"method\": \"POST\"");
    says("\"authorization\": \"Bearer t0ken\"");
    says("\"type\": \"application/json\"");
    says("\"accept\": \"application/json\"");
    says("\"body\": \"{\\\"page\\\": 2}\"");
}

static void a_method_and_a_user_are_sent_as_given(void **state)
{
    (void)state;
    en_http_request request = {.method = "PUT", .user = "eye", .password = "net", .body = "x", .body_size = 1};
    assert_int_equal(ask("thing", request, 1000), EN_OK);
    says("\"method\": \"PUT\"");
    says("\"authorization\": \"Basic ZXllOm5ldA==\"");
    assert_int_equal(ask("thing", (en_http_request){.method = "DELETE"}, 1000), EN_OK);
    says("\"method\": \"DELETE\"");
    says("\"authorization\": null"); /* of the request before, nothing is left */
}

static void any_answer_is_the_callers_to_judge(void **state)
{
    (void)state;
    en_http_request request = {.bearer = "t0ken", .body = "x", .body_size = 1};
    assert_int_equal(ask("denied", request, 1000), EN_OK);
    assert_int_equal(status, 403);
    says("\"method\": \"POST\"");
    assert_int_equal(ask("redirect", request, 1000), EN_OK); /* and is not followed with the token */
    assert_int_equal(status, 307);
}

static void what_cannot_be_sent_or_kept_is_an_error(void **state)
{
    (void)state;
    const en_http_header split = {"X-Name", "a\r\nAuthorization: Bearer x"};
    assert_int_equal(ask("x", (en_http_request){.headers = &split, .header_count = 1}, 100), EN_INPUT);
    assert_int_equal(ask("x", (en_http_request){.bearer = "a\nb"}, 100), EN_INPUT);
    assert_int_equal(ask("plain/hello", (en_http_request){0}, 4), EN_INPUT);
    assert_non_null(strstr(err.text, "/plain/hello'"));
    assert_int_equal(ask("mute/x", (en_http_request){0}, 100), EN_NETWORK);
    stopped = true;
    assert_int_equal(ask("mute/x", (en_http_request){0}, 100), EN_INTERRUPTED);
    stopped = false;
    en_buf_clear(&answer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_body_it_is_a_get),
        cmocka_unit_test(a_body_goes_by_post_with_its_headers_and_token),
        cmocka_unit_test(a_method_and_a_user_are_sent_as_given),
        cmocka_unit_test(any_answer_is_the_callers_to_judge),
        cmocka_unit_test(what_cannot_be_sent_or_kept_is_an_error),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
