/* Downloads that are compared with what the server, or a listing, says of them; and places whose URL must be asked for.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "net/http.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "http_server.h"

#define SIZE 5000

static char scratch[] = "/tmp/eyenet-verify-XXXXXX";
static http_server server;
static unsigned char bytes[SIZE];
static en_error err;
static en_http_result result;
static char note[512];
static unsigned asked; /* for a URL */
static const char *const *urls;

static int set_up(void **state)
{
    (void)state;
    for (uint32_t i = 0, x = 7; i < SIZE; i++) {
        x = x * 1664525 + 1013904223;
        bytes[i] = (unsigned char)(x >> 24);
    }
    if (mkdtemp(scratch) == NULL || chdir(scratch) != 0 || en_file_mkdirs("www", &err) != EN_OK ||
        en_file_write("www/a.bin", bytes, SIZE, &err) != EN_OK) {
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

static int clean(void **state)
{
    (void)state;
    unlink("out");
    unlink("out.part");
    unlink("out.note");
    note[0] = '\0';
    asked = 0;
    return truncate("log", 0);
}

static void on_event(void *ctx, const en_event *e)
{
    (void)ctx;
    if (e->kind == EN_EVENT_NOTE) {
        snprintf(note, sizeof note, "%s", e->text);
    }
}

static en_status fetch(const en_http_place *place)
{
    const en_http_options options = {.backoff_ms = 10, .retries = 3};
    const en_events events = {.emit = on_event};
    en_http *http;
    assert_int_equal(en_http_new(&options, &events, &http, &err), EN_OK);
    en_error_clear(&err);
    en_status st = en_http_fetch(http, place, "out", NULL, &result, &err);
    en_http_free(http);
    return st;
}

static en_status get(const char *what, int64_t size)
{
    char *url = en_format("http://127.0.0.1:%d/%s", server.port, what);
    en_status st = fetch(&(en_http_place){.url = url, .bytes = size});
    en_free(url);
    return st;
}

static void is_whole(void)
{
    en_buf got;
    en_buf_init(&got, 1 << 20);
    assert_int_equal(en_file_read("out", &got, &err), EN_OK);
    assert_int_equal(got.size, SIZE);
    assert_memory_equal(got.data, bytes, SIZE);
    en_buf_clear(&got);
}

static void is_refused(en_status st, en_status status, const char *words)
{
    if (st != status || strstr(err.text, words) == NULL) {
        fail_msg("expected status %d with \"%s\", got %d: %s", (int)status, words, (int)st, err.text);
    }
    assert_false(en_file_exists("out"));
}

static void a_checksum_that_the_server_sends_is_checked(void **state)
{
    (void)state;
    assert_int_equal(get("summed/a.bin", 0), EN_OK);
    is_whole();
    assert_int_equal(result.attempts, 1);
    unlink("out");
    unlink("out.note");
    assert_int_equal(get("flip2/a.bin", 0), EN_OK); /* the third time it came right */
    is_whole();
    assert_int_equal(result.attempts, 3);
}

static void bytes_that_never_come_right_are_not_taken(void **state)
{
    (void)state;
    is_refused(get("flip99/a.bin", 0), EN_NETWORK, "its CRC-32C is not the one that the server sent");
    assert_false(en_file_exists("out.part"));
}

static void the_length_of_the_listing_is_checked(void **state)
{
    (void)state;
    assert_int_equal(get("chunked/a.bin", SIZE), EN_OK);
    is_whole();
    clean(NULL);
    is_refused(get("plain/a.bin", SIZE + 1), EN_NETWORK, "has 5000 bytes there, and its listing says 5001");
    is_refused(get("chunked/a.bin", SIZE + 1), EN_NETWORK, "it has 5000 bytes, and its listing says 5001");
}

static void the_rest_of_another_version_is_not_joined(void **state)
{
    (void)state;
    assert_int_equal(get("redated/a.bin", 0), EN_OK);
    is_whole();
    assert_int_equal(result.attempts, 3); /* cut, then the rest under another date, then the whole */
    clean(NULL);
    assert_int_equal(get("changing/a.bin", 0), EN_OK);
    assert_non_null(strstr(note, "starting anew"));
}

static void what_comes_encoded_is_not_the_file(void **state)
{
    (void)state;
    is_refused(get("unasked/a.bin", 0), EN_NETWORK, "sent encoded (gzip)");
}

static void a_file_has_the_name_that_the_server_gives_it(void **state)
{
    (void)state;
    assert_int_equal(get("named/a.bin", 0), EN_OK);
    assert_string_equal(result.name, "sent name.bin");
    clean(NULL);
    assert_int_equal(get("hop/2/a.bin", 0), EN_OK);
    assert_string_equal(result.name, "a.bin");
}

static en_status sign(void *ctx, char **url, en_error *e)
{
    (void)ctx;
    const char *next = urls[asked] != NULL ? urls[asked++] : "-";
    if (strcmp(next, "refuse") == 0) {
        return en_error_set(e, EN_NETWORK, "refused");
    }
    *url = en_format("http://127.0.0.1:%d/%s", server.port, next);
    return *url != NULL ? EN_OK : en_error_nomem(e, "a URL");
}

static en_status get_signed(const char *const *list)
{
    urls = list;
    return fetch(&(en_http_place){.sign = sign, .shown = "kaggle:eyes/a.bin"});
}

static void a_url_that_is_denied_is_asked_for_anew(void **state)
{
    (void)state;
    assert_int_equal(get_signed((const char *const[]){"status/403", "status/400", "plain/a.bin", NULL}), EN_OK);
    is_whole();
    assert_int_equal(asked, 3);
    assert_int_equal(result.signed_urls, 3);
}

static void and_not_for_ever(void **state)
{
    (void)state;
    is_refused(get_signed((const char *const[]){"status/403", "status/403", "status/403", "plain/a.bin", NULL}),
               EN_DENIED, "cannot download 'kaggle:eyes/a.bin': the server denies it (403)");
    assert_int_equal(asked, 3);
}

static void a_url_serves_until_it_is_about_to_expire(void **state)
{
    (void)state;
    char soon[64], late[64];
    snprintf(soon, sizeof soon, "fail1/a.bin?Expires=%lld", (long long)time(NULL) + 30);
    snprintf(late, sizeof late, "fail2/a.bin?Expires=%lld", (long long)time(NULL) + 3600);
    assert_int_equal(get_signed((const char *const[]){soon, late, NULL}), EN_OK);
    is_whole();
    assert_int_equal(asked, 2); /* the first was not used again after 503, the second was */
}

static void a_signer_that_fails_ends_it(void **state)
{
    (void)state;
    is_refused(get_signed((const char *const[]){"refuse", "plain/a.bin", NULL}), EN_NETWORK, "refused");
    assert_int_equal(asked, 1);
}

static void a_signed_url_does_not_reach_the_disk(void **state)
{
    (void)state;
    assert_int_equal(get_signed((const char *const[]){"plain/a.bin?token=hush", NULL}), EN_OK);
    en_buf got;
    en_buf_init(&got, 1 << 16);
    assert_int_equal(en_file_read("out.note", &got, &err), EN_OK);
    assert_null(strstr(en_buf_str(&got), "hush"));
    assert_non_null(strstr(en_buf_str(&got), "kaggle:eyes/a.bin"));
    en_buf_clear(&got);
}

#define TEST(f) cmocka_unit_test_setup(f, clean)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_checksum_that_the_server_sends_is_checked), TEST(bytes_that_never_come_right_are_not_taken),
        TEST(the_length_of_the_listing_is_checked),        TEST(the_rest_of_another_version_is_not_joined),
        TEST(what_comes_encoded_is_not_the_file),          TEST(a_file_has_the_name_that_the_server_gives_it),
        TEST(a_url_that_is_denied_is_asked_for_anew),      TEST(and_not_for_ever),
        TEST(a_url_serves_until_it_is_about_to_expire),    TEST(a_signer_that_fails_ends_it),
        TEST(a_signed_url_does_not_reach_the_disk),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
