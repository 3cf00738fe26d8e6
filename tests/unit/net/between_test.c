/* Downloading where something is between the program and the file: proxies, certificates of one's own, portals, servers
 * that prepare the file first or are several, and answers that nobody asked for (tests/support/http_server.py). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "net/http.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "http_server.h"

#define SIZE 5000000 /* of www/big.bin; www/small.bin has 5000 */

static char scratch[64];
static http_server plain, secure;
static unsigned char *big;
static en_error err;
static en_http_result result;
static char note[512]; /* the last one */

static int set_up(void **state)
{
    (void)state;
    strcpy(scratch, "/tmp/eyenet-between-XXXXXX");
    if (mkdtemp(scratch) == NULL || chdir(scratch) != 0 || en_file_mkdirs("www", &err) != EN_OK) {
        return 1;
    }
    big = en_alloc(SIZE);
    for (uint32_t i = 0, x = 1; i < SIZE; i++) {
        x = x * 1664525 + 1013904223;
        big[i] = (unsigned char)(x >> 24);
    }
    if (en_file_write("www/big.bin", big, SIZE, &err) != EN_OK ||
        en_file_write("www/small.bin", big, 5000, &err) != EN_OK) {
        return 1;
    }
    if (!http_server_certificate("cert.pem") || !http_server_start(&plain, "www", "log", NULL) ||
        !http_server_start(&secure, "www", "secure-log", "cert.pem")) {
        exit(77);
    }
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    http_server_stop(&plain);
    http_server_stop(&secure);
    en_free(big);
    return chdir("/") != 0 || en_file_remove_tree(scratch, &err) != EN_OK;
}

static int clean(void **state)
{
    (void)state;
    unlink("out");
    unlink("out.part");
    unlink("out.note");
    return truncate("log", 0);
}

static void on_event(void *ctx, const en_event *e)
{
    (void)ctx;
    if (e->kind == EN_EVENT_NOTE) {
        snprintf(note, sizeof note, "%s", e->text);
    }
}

/* Downloads a URL, or MODE_AND_FILE of the plain server, to "out" with quick retries. */
static en_status get_with(const char *what, en_http_options options)
{
    const en_events events = {.emit = on_event};
    en_http *http;
    note[0] = '\0';
    options.backoff_ms = 10;
    assert_int_equal(en_http_new(&options, &events, &http, &err), EN_OK);
    char *url = en_http_is_url(what) ? en_strdup(what) : en_format("http://127.0.0.1:%d/%s", plain.port, what);
    en_error_clear(&err);
    en_status st = en_http_download(http, url, "out", NULL, &result, &err);
    en_http_free(http);
    en_free(url);
    return st;
}

static en_status get(const char *what) { return get_with(what, (en_http_options){0}); }

static void expect_out(size_t bytes)
{
    en_buf got;
    en_buf_init(&got, SIZE);
    assert_int_equal(en_file_read("out", &got, &err), EN_OK);
    assert_int_equal(got.size, bytes);
    if (bytes > 0) {
        assert_memory_equal(got.data, big, bytes);
    }
    en_buf_clear(&got);
}

static void expect_error(en_status st, en_status wanted, const char *words)
{
    if (st != wanted || strstr(err.text, words) == NULL) {
        fail_msg("expected status %d with \"%s\", got %d: %s", (int)wanted, words, (int)st, err.text);
    }
    assert_false(en_file_exists("out"));
}

/* How many lines of the server's log hold `words`. */
static int logged(const char *words)
{
    en_buf log;
    int lines = 0;
    en_buf_init(&log, 1 << 20);
    assert_int_equal(en_file_read("log", &log, &err), EN_OK);
    for (const char *line = en_buf_str(&log); *line != '\0'; line += strcspn(line, "\n") + 1) {
        char *copy = en_strndup(line, strcspn(line, "\n"));
        lines += strstr(copy, words) != NULL;
        en_free(copy);
    }
    en_buf_clear(&log);
    return lines;
}

static void certificates_that_cannot_be_read_are_named(void **state)
{
    (void)state;
    char url[128];
    snprintf(url, sizeof url, "https://127.0.0.1:%d/plain/small.bin", secure.port);
    expect_error(get_with(url, (en_http_options){.ca_file = "nowhere.pem"}), EN_PATH,
                 "cannot read the certificates 'nowhere.pem'");
    assert_non_null(strstr(err.hint, "SSL_CERT_FILE"));
    en_status st = get_with(url, (en_http_options){.ca_file = "cert.pem", .ca_folder = "no/where"});
    expect_error(st, EN_PATH, "cannot read the certificates 'no/where'");
    expect_error(get_with(url, (en_http_options){.ca_file = "www/small.bin"}), EN_NETWORK, "cannot trust");
    assert_non_null(strstr(err.hint, "SSL_CERT_FILE"));
    assert_int_equal(get_with("plain/small.bin", (en_http_options){.ca_file = "nowhere.pem"}), EN_OK);
    expect_out(5000);
}

/* The proxy is named, not the server, and nothing is tried again. */
static void a_proxy_that_is_dead_or_wants_a_login_is_named(void **state)
{
    (void)state;
    char proxy[64];
    snprintf(proxy, sizeof proxy, "http://127.0.0.1:%d", plain.port);
    static const char *const urls[] = {"http://example.invalid/a.bin", "https://example.invalid/a.bin"};
    for (size_t i = 0; i < 2; i++) {
        const char *variable = i == 0 ? "http_proxy" : "https_proxy";
        setenv(variable, "http://127.0.0.1:9", 1);
        expect_error(get(urls[i]), EN_NETWORK, "its proxy cannot be reached: Failed to connect to 127.0.0.1 port 9");
        assert_non_null(strstr(err.hint, "no_proxy"));
        assert_int_equal(result.attempts, 1);
        setenv(variable, "http://example.invalid:9", 1);
        expect_error(get(urls[i]), EN_NETWORK, "Could not resolve proxy: example.invalid");
        assert_non_null(strstr(err.hint, "no_proxy"));
        setenv(variable, proxy, 1);
        expect_error(get(i == 0 ? "http://example.invalid/proxyauth/a.bin" : urls[i]), EN_DENIED,
                     i == 0 ? "the proxy wants a login (407)"
                            : "the proxy does not let it through: CONNECT tunnel failed");
        assert_non_null(strstr(err.text, "proxy"));
        assert_non_null(strstr(err.hint, "USER:PASSWORD"));
        assert_int_equal(result.attempts, 1);
        unsetenv(variable);
    }
    expect_error(get("http://127.0.0.1:9/a.bin"), EN_NETWORK, "/a.bin': Failed to connect to 127.0.0.1 port 9");
    assert_string_equal(err.hint, "");
}

/* A portal that wants its cookie back; which goes to no other host. */
static void cookies_go_back_to_their_host_alone(void **state)
{
    (void)state;
    if (get("cookie/small.bin") != EN_OK) {
        fail_msg("%s", err.text);
    }
    expect_out(5000);
    assert_int_equal(result.attempts, 1);
    unlink("out");
    if (get("crumb/small.bin") != EN_OK) {
        fail_msg("%s", err.text);
    }
    expect_out(5000);
    unlink("out");
    assert_int_equal(get_with("cookie/big.bin", (en_http_options){.range_bytes = 1 << 20}), EN_OK);
    expect_out(SIZE);
    assert_true(logged("bytes=") >= 5);
    assert_int_equal(logged("/cookie/big.bin"), logged("bytes=") + 2); /* one redirect, for all handles */
}

static void a_part_that_was_not_asked_for_is_taken_when_it_is_the_start(void **state)
{
    (void)state;
    assert_int_equal(get("unranged1/small.bin"), EN_OK);
    expect_out(5000);
    assert_int_equal(result.attempts, 1);
    unlink("out");
    assert_int_equal(get("unranged2/small.bin"), EN_OK);
    expect_out(5000);
    assert_int_equal(logged("bytes=2500-"), 1);
    unlink("out");
    expect_error(get("unranged3/small.bin"), EN_NETWORK,
                 "was answered with a part of it (206), which was not asked for");
    expect_error(get("unranged4/small.bin"), EN_NETWORK,
                 "was answered with a part of it (206), which was not asked for");
}

static void a_file_in_preparation_is_waited_for(void **state)
{
    (void)state;
    en_http_options once = {.retries = 1, .retry_after_ms = 20};
    assert_int_equal(get_with("prepare4/small.bin", once), EN_OK);
    expect_out(5000);
    assert_int_equal(result.attempts, 5);
    unlink("out");
    once.prepare_ms = 1;
    en_status st = get_with("prepare1000000/small.bin", once);
    expect_error(st, EN_NETWORK, "the server still prepares it (202)");
    assert_in_range(result.attempts, 2, 3);
    expect_error(get("riddle/small.bin"), EN_DENIED, "the server gives it to browsers alone (202)");
    assert_int_equal(result.attempts, 1);
}

/* Servers behind one name: ranges cannot be joined, and a stream that breaks begins anew, but not for ever. */
static void an_etag_of_every_answer_ends_in_one_stream(void **state)
{
    (void)state;
    en_http_options ranges = {.range_bytes = 1 << 20, .retries = 3};
    assert_int_equal(get_with("tagged/big.bin", ranges), EN_OK);
    expect_out(SIZE);
    assert_non_null(strstr(note, "has another ETag in every answer: starting anew in one stream"));
    assert_int_equal(result.attempts, 3);
    unlink("out");
    expect_error(get_with("tagged1000/small.bin", ranges), EN_NETWORK, "cannot download");
    assert_int_equal(result.attempts, 4);
    assert_non_null(strstr(err.hint, "another ETag in every answer"));
}

#define TEST(f) cmocka_unit_test_setup(f, clean)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(certificates_that_cannot_be_read_are_named),
        TEST(a_proxy_that_is_dead_or_wants_a_login_is_named),
        TEST(cookies_go_back_to_their_host_alone),
        TEST(a_part_that_was_not_asked_for_is_taken_when_it_is_the_start),
        TEST(a_file_in_preparation_is_waited_for),
        TEST(an_etag_of_every_answer_ends_in_one_stream),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
