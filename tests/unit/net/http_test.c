/* Downloading from a web server that misbehaves in every way we could think of (tests/support/http_server.py). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "net/http.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "http_server.h"

#define SIZE 5000000 /* of www/big.bin; www/small.bin has 5000 */

static int flock_fails_with; /* errno of every flock while it is not 0 */

/* In place of libc's: a file system without locks is not easily had. */
int flock(int fd, int operation)
{
    if (flock_fails_with != 0) {
        errno = flock_fails_with;
        return -1;
    }
    return (int)syscall(SYS_flock, fd, operation);
}

static char scratch[64];
static http_server plain, secure;
static unsigned char *big;

static int set_up(void **state)
{
    (void)state;
    en_error err;
    strcpy(scratch, "/tmp/eyenet-http-XXXXXX");
    if (mkdtemp(scratch) == NULL || chdir(scratch) != 0 || en_file_mkdirs("www", &err) != EN_OK) {
        return 1;
    }
    big = en_alloc(SIZE);
    for (uint32_t i = 0, x = 1; i < SIZE; i++) {
        x = x * 1664525 + 1013904223;
        big[i] = (unsigned char)(x >> 24);
    }
    if (en_file_write("www/big.bin", big, SIZE, &err) != EN_OK ||
        en_file_write("www/small.bin", big, 5000, &err) != EN_OK ||
        en_file_write("www/empty.bin", "", 0, &err) != EN_OK) {
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
    en_error err;
    http_server_stop(&plain);
    http_server_stop(&secure);
    en_free(big);
    return chdir("/") != 0 || en_file_remove_tree(scratch, &err) != EN_OK;
}

/* Every test begins without parts, result and log. */
static int clean(void **state)
{
    (void)state;
    unlink("out");
    unlink("out.part");
    unlink("out.note");
    return truncate("log", 0);
}

typedef struct listener {
    int64_t begun, ended, last, stop_after; /* stop once a progress event says so many bytes; 0: never */
    bool stop, stop_at_note;
    char note[512]; /* the last one */
} listener;

static void on_event(void *ctx, const en_event *e)
{
    listener *l = ctx;
    l->begun += e->kind == EN_EVENT_BEGIN;
    l->ended += e->kind == EN_EVENT_END;
    l->last = e->done;
    if (e->kind == EN_EVENT_NOTE) {
        snprintf(l->note, sizeof l->note, "%s", e->text);
        l->stop = l->stop || l->stop_at_note;
    }
    l->stop = l->stop || (l->stop_after > 0 && e->kind == EN_EVENT_PROGRESS && e->done >= l->stop_after);
}

static bool on_stop(void *ctx) { return ((listener *)ctx)->stop; }

static en_error err;
static en_http_result result;

/* Downloads MODE_AND_FILE to "out" with quick retries. */
static en_status get_with(const char *what, const en_http_identity *known, en_http_options options, listener *l)
{
    listener nobody = {0};
    en_events events = {.emit = on_event, .ctx = l != NULL ? l : &nobody, .stop = on_stop};
    options.backoff_ms = options.backoff_ms > 0 ? options.backoff_ms : 10;
    en_http *http;
    assert_int_equal(en_http_new(&options, &events, &http, &err), EN_OK);
    char *url = en_http_is_url(what) ? en_strdup(what) : en_format("http://127.0.0.1:%d/%s", plain.port, what);
    en_error_clear(&err);
    en_status st = en_http_download(http, url, "out", known, &result, &err);
    en_http_free(http);
    en_free(url);
    assert_true(st != EN_OK || !en_file_exists("out.part"));
    return st;
}

static en_status get(const char *what) { return get_with(what, NULL, (en_http_options){0}, NULL); }

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

static void a_file_comes_whole_from_every_kind_of_server(void **state)
{
    (void)state;
    const char *const modes[] = {"plain/", "norange/", "chunked/", "dated/", "hop/5/"};
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        char what[64];
        listener l = {0};
        snprintf(what, sizeof what, "%sbig.bin", modes[i]);
        assert_int_equal(get_with(what, NULL, (en_http_options){0}, &l), EN_OK);
        expect_out(SIZE);
        assert_int_equal(result.bytes, SIZE);
        assert_int_equal(result.status, 200);
        assert_int_equal(result.attempts, 1);
        assert_int_equal(l.begun, 1);
        assert_int_equal(l.ended, 1);
        assert_int_equal(l.last, SIZE);
    }
    assert_int_equal(get("plain/empty.bin"), EN_OK);
    expect_out(0);
}

static void what_is_known_is_not_fetched_again(void **state)
{
    (void)state;
    const char *const modes[] = {"plain/small.bin", "dated/small.bin"};
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(get(modes[i]), EN_OK);
        en_http_identity known = result.identity;
        assert_true(i == 0 ? known.etag[0] == '"' : known.last_modified[0] != '\0');
        unlink("out");
        assert_int_equal(get_with(modes[i], &known, (en_http_options){0}, NULL), EN_OK);
        assert_true(result.unchanged);
        assert_int_equal(result.status, 304);
        assert_false(en_file_exists("out"));
        assert_string_equal(result.identity.etag, known.etag);
        strcpy(i == 0 ? known.etag : known.last_modified, i == 0 ? "\"another\"" : "Thu, 01 Jan 1998 00:00:00 GMT");
        assert_int_equal(get_with(modes[i], &known, (en_http_options){0}, NULL), EN_OK);
        assert_false(result.unchanged);
        expect_out(5000);
    }
}

static void what_is_here_is_asked_about_and_kept(void **state)
{
    (void)state;
    const char *const modes[] = {"plain/small.bin", "dated/small.bin", "chunked/small.bin"};
    for (size_t i = 0; i < 3; i++) {
        unlink("out");
        assert_int_equal(get(modes[i]), EN_OK);
        assert_int_equal(get(modes[i]), EN_OK);
        assert_true(result.unchanged);
        assert_int_equal(result.bytes, 5000);
        expect_out(5000);
        assert_int_equal(truncate("out", 4999), 0); /* no longer what the note says */
        assert_int_equal(get(modes[i]), EN_OK);
        assert_false(result.unchanged);
        expect_out(5000);
    }
    assert_int_equal(get("norange/small.bin"), EN_OK);
    assert_int_equal(get("norange/small.bin"), EN_OK);
    assert_false(result.unchanged); /* nothing to ask by */
}

static void a_dropped_connection_is_taken_up_where_it_broke(void **state)
{
    (void)state;
    assert_int_equal(get("drop1500000/big.bin"), EN_OK);
    expect_out(SIZE);
    assert_int_equal(result.attempts, 4);
    assert_int_equal(logged("bytes=1500000-"), 1);
    assert_int_equal(logged("bytes=4500000-"), 1);
}

static void the_next_call_goes_on_from_the_part(void **state)
{
    (void)state;
    en_http_options once = {.retries = 1};
    en_status st = get_with("drop2000/small.bin", NULL, once, NULL);
    expect_error(st, EN_NETWORK, "cannot download 'http://127.0.0.1");
    int64_t have;
    assert_int_equal(en_file_size("out.part", &have, &err), EN_OK);
    assert_int_equal(have, 4000);
    assert_int_equal(get_with("drop2000/small.bin", NULL, once, NULL), EN_OK);
    expect_out(5000);
    assert_int_equal(result.resumed, 4000);
    assert_int_equal(result.attempts, 1);
}

static void a_part_that_was_already_whole_needs_nothing_more(void **state)
{
    (void)state;
    en_http_options once = {.retries = 1};
    assert_int_equal(get("plain/small.bin"), EN_OK); /* its note says what it is */
    assert_int_equal(rename("out", "out.part"), 0);
    assert_int_equal(get_with("plain/small.bin", NULL, once, NULL), EN_OK);
    expect_out(5000);
    assert_int_equal(result.status, 416);
}

static void a_part_of_something_else_is_thrown_away(void **state)
{
    (void)state;
    static const char *const notes[] = {
        "{\"url\": \"http://elsewhere/small.bin\", \"etag\": \"\\\"x\\\"\", \"last_modified\": \"\", \"bytes\": 5000}",
        "{\"url\": 7}", "no json", "", NULL};
    for (size_t i = 0; i < sizeof notes / sizeof *notes; i++) {
        assert_int_equal(en_file_write("out.part", "garbage", 7, &err), EN_OK);
        unlink("out.note");
        if (notes[i] != NULL) {
            assert_int_equal(en_file_write("out.note", notes[i], strlen(notes[i]), &err), EN_OK);
        }
        assert_int_equal(get("plain/small.bin"), EN_OK);
        expect_out(5000);
        assert_int_equal(result.resumed, 0);
    }
}

static void a_thing_that_changes_meanwhile_is_never_mixed(void **state)
{
    (void)state;
    assert_int_equal(get("changing/small.bin"), EN_OK);
    expect_out(5000);
    assert_int_equal(result.attempts, 3);
    assert_int_equal(logged("bytes=1000-"), 2); /* asked for the rest, and was given the whole of the new one */
}

static void without_validators_it_starts_anew_and_gives_up_in_the_end(void **state)
{
    (void)state;
    en_status st = get_with("dropnorange2000/small.bin", NULL, (en_http_options){.retries = 2}, NULL);
    expect_error(st, EN_NETWORK, "cannot download");
    assert_int_equal(result.attempts, 3);
    assert_int_equal(logged("bytes="), 0);
}

static void wrong_bytes_and_wrong_lengths_are_not_accepted(void **state)
{
    (void)state;
    assert_int_equal(get("badrange/small.bin"), EN_OK); /* the whole is asked for, after the rest was wrong */
    expect_out(5000);
    unlink("out");
    en_status st = get_with("liar/small.bin", NULL, (en_http_options){.retries = 3}, NULL);
    expect_error(st, EN_NETWORK, "cannot download");
}

static void errors_of_the_moment_are_tried_again(void **state)
{
    (void)state;
    assert_int_equal(get("fail3/small.bin"), EN_OK);
    expect_out(5000);
    assert_int_equal(result.attempts, 4);
    unlink("out");
    en_status st = get_with("status/503/x", NULL, (en_http_options){.retries = 2}, NULL);
    expect_error(st, EN_NETWORK, "the server answered 503");
    assert_int_equal(result.attempts, 3);
}

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void a_server_that_asks_for_time_is_given_it(void **state)
{
    (void)state;
    listener l = {0};
    int64_t start = now_ms();
    assert_int_equal(get_with("wait1/small.bin", NULL, (en_http_options){0}, &l), EN_OK);
    assert_true(now_ms() - start >= 1000 && now_ms() - start < 5000);
    assert_string_equal(l.note, ""); /* a moment, of which nobody need hear */
    unlink("out");
    start = now_ms();
    assert_int_equal(get_with("wait2/small.bin", NULL, (en_http_options){0}, &l), EN_OK);
    assert_true(now_ms() - start >= 2000 && now_ms() - start < 6000);
    assert_non_null(strstr(l.note, "small.bin': the server answered 429; trying again in 2 seconds"));
    unlink("out");
    start = now_ms();
    assert_int_equal(get("date3/small.bin"), EN_OK); /* dates tell whole seconds only */
    assert_true(now_ms() - start >= 1000 && now_ms() - start < 6000);
    unlink("out");
    start = now_ms();
    assert_int_equal(get("wait0/small.bin"), EN_OK);
    assert_true(now_ms() - start < 900);
}

static void a_server_that_asks_for_too_much_time_is_given_some(void **state)
{
    (void)state;
    static const char *const asked[] = {"wait50/small.bin", "wait70000/small.bin", "wait9000000000000000000/small.bin"};
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        listener l = {0};
        int64_t start = now_ms();
        en_status st = get_with(asked[i], NULL, (en_http_options){.retry_after_ms = 300}, &l);
        assert_int_equal(st, EN_OK);
        assert_true(now_ms() - start >= 300 && now_ms() - start < 4000);
        assert_non_null(strstr(l.note, "the server answered 429 and asks for "));
        unlink("out");
    }
    listener l = {.stop_at_note = true}; /* Ctrl-C while waiting as long as may be */
    int64_t start = now_ms();
    expect_error(get_with("wait71000/small.bin", NULL, (en_http_options){0}, &l), EN_INTERRUPTED, "interrupted");
    assert_non_null(strstr(l.note, "asks for 71000 seconds; trying again in 300"));
    assert_true(now_ms() - start < 2000);
}

static void a_page_that_wants_a_login_does_not_cost_what_came(void **state)
{
    (void)state;
    en_http_options once = {.retries = 1};
    expect_error(get_with("portal/small.bin", NULL, once, NULL), EN_DENIED, "was answered with a web page");
    assert_non_null(strstr(err.text, "remove 'out.part'"));
    int64_t have;
    assert_int_equal(en_file_size("out.part", &have, &err), EN_OK);
    assert_int_equal(have, 2000);
    assert_int_equal(get("portal/small.bin"), EN_OK);
    assert_int_equal(result.resumed, 2000);
    expect_out(5000);
}

/* A note is a file, and anybody may have written it: its texts do not go into requests unseen. */
static void no_line_of_a_note_becomes_a_header(void **state)
{
    (void)state;
    static const char *const etags[] = {"\\\"a\\r\\nX-Evil: 1\\\"", "\\\"a\\u0001\\\"", "\\\"a\\u007f\\\"",
                                        "\\\"\xc3\xa4\\\""};
    for (size_t i = 0; i < sizeof etags / sizeof *etags; i++) {
        char *note = en_format("{\"url\": \"http://127.0.0.1:%d/plain/small.bin\", \"etag\": \"%s\", "
                               "\"last_modified\": \"a\\nb\", \"bytes\": 5000}",
                               plain.port, etags[i]);
        assert_int_equal(en_file_write("out.part", "garbage", 7, &err), EN_OK);
        assert_int_equal(en_file_write("out.note", note, strlen(note), &err), EN_OK);
        en_free(note);
        assert_int_equal(get("plain/small.bin"), EN_OK);
        assert_int_equal(result.resumed, 0);
        expect_out(5000);
        unlink("out");
    }
    assert_int_equal(logged("bytes=7-"), 0);
    en_http_identity known = {.etag = "\"a\r\nRange: bytes=9-\"", .last_modified = "x\ty"};
    assert_int_equal(get_with("plain/small.bin", &known, (en_http_options){0}, NULL), EN_OK);
    expect_out(5000);
    assert_int_equal(logged("| None | None | None | None"), 5);
}

static void lasting_answers_are_said_at_once(void **state)
{
    (void)state;
    static const struct {
        const char *what, *words;
        en_status status;
        int code;
    } cases[] = {
        {"plain/none.bin", "it does not exist on the server (404)", EN_INPUT, 404},
        {"status/410/x", "(410)", EN_INPUT, 410},
        {"status/403/x", "the server denies it (403)", EN_DENIED, 403},
        {"auth/small.bin", "the server denies it (401)", EN_DENIED, 401},
        {"status/418/x", "the server answered 418", EN_NETWORK, 418},
        {"status/304/x", "304 unasked", EN_NETWORK, 304},
        {"loop/x", "redirects more than 8 times", EN_NETWORK, 302},
        {"away/x", "redirects without a location", EN_NETWORK, 302},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        en_status st = get(cases[i].what);
        expect_error(st, cases[i].status, cases[i].words);
        assert_int_equal(result.status, cases[i].code);
        assert_int_equal(result.attempts, 1);
        assert_false(en_file_exists("out.part"));
        assert_false(en_file_exists("out.note"));
    }
}

static void no_server_and_no_host_are_said_at_once(void **state)
{
    (void)state;
    expect_error(get("http://127.0.0.1:1/x"), EN_NETWORK, "cannot download 'http://127.0.0.1:1/x'");
    assert_int_equal(result.attempts, 1);
    assert_int_equal(result.status, 0);
    expect_error(get("http://no-such-host.invalid/x"), EN_NETWORK, "no-such-host.invalid");
    expect_error(get("http://"), EN_INPUT, "not a readable http or https URL");
}

static void a_server_that_falls_silent_is_given_up(void **state)
{
    (void)state;
    en_http_options quick = {.stall_ms = 500, .retries = 1, .connect_ms = 2000};
    expect_error(get_with("slow/x", NULL, quick, NULL), EN_NETWORK, "no data for");
    assert_int_equal(result.attempts, 2);
    expect_error(get_with("mute/x", NULL, quick, NULL), EN_NETWORK, "no data for");
}

static void more_than_the_cap_is_refused_announced_or_not(void **state)
{
    (void)state;
    en_http_options small = {.max_bytes = 4999};
    expect_error(get_with("plain/small.bin", NULL, small, NULL), EN_INPUT, "longer than");
    expect_error(get_with("chunked/small.bin", NULL, small, NULL), EN_INPUT, "longer than");
    expect_error(get_with("endless/x", NULL, (en_http_options){.max_bytes = 1 << 20}, NULL), EN_INPUT,
                 "longer than 1.0 MiB");
}

static void a_stop_ends_it_soon_and_keeps_the_part(void **state)
{
    (void)state;
    listener l = {.stop_after = 1};
    expect_error(get_with("plain/big.bin", NULL, (en_http_options){0}, &l), EN_INTERRUPTED, "interrupted");
    int64_t have;
    assert_int_equal(en_file_size("out.part", &have, &err), EN_OK);
    assert_true(have > 0 && have < SIZE);
    assert_int_equal(get("plain/big.bin"), EN_OK);
    expect_out(SIZE);
    assert_int_equal(result.resumed, have);
    unlink("out");
    listener waiting = {.stop = true}; /* between two tries */
    expect_error(get_with("status/503/x", NULL, (en_http_options){.backoff_ms = 60000}, &waiting), EN_INTERRUPTED, "");
}

static void two_processes_do_not_write_one_part(void **state)
{
    (void)state;
    int fd = open("out.note", O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    assert_true(fd >= 0);
    assert_int_equal(flock(fd, LOCK_EX), 0);
    expect_error(get("plain/small.bin"), EN_BUSY, "another process");
    assert_true(en_file_exists("out.note"));
    close(fd);
    assert_int_equal(get("plain/small.bin"), EN_OK);
}

static void a_lock_that_fails_is_not_called_busy(void **state)
{
    (void)state;
    flock_fails_with = ENOLCK;
    en_status st = get("plain/small.bin");
    flock_fails_with = 0;
    expect_error(st, EN_IO, "cannot lock 'out.note'");
    assert_int_equal(get("plain/small.bin"), EN_OK);
}

/* A file may not grow past a limit here, which write() reports as EFBIG: as with a full disk, the part stays. */
static void a_write_that_fails_is_an_io_error_and_can_be_resumed(void **state)
{
    (void)state;
    struct rlimit before, low = {1000000, 1000000};
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    low.rlim_max = before.rlim_max;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &low), 0);
    en_status st = get("plain/big.bin");
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    expect_error(st, EN_IO, "cannot write 'out.part'");
    assert_int_equal(get("plain/big.bin"), EN_OK);
    expect_out(SIZE);
    assert_int_equal(result.resumed, 1000000);
}

static void credentials_are_sent_and_never_shown(void **state)
{
    (void)state;
    char url[128];
    snprintf(url, sizeof url, "http://user:secret@127.0.0.1:%d/auth/small.bin?token=hush", plain.port);
    assert_int_equal(get(url), EN_OK);
    expect_out(5000);
    unlink("out");
    snprintf(url, sizeof url, "http://user:wrong-secret@127.0.0.1:%d/auth/small.bin?token=hush", plain.port);
    expect_error(get(url), EN_DENIED, "/auth/small.bin'");
    assert_null(strstr(err.text, "secret"));
    assert_null(strstr(err.text, "hush"));
}

static void https_is_trusted_only_with_its_certificate(void **state)
{
    (void)state;
    char url[128];
    snprintf(url, sizeof url, "https://127.0.0.1:%d/plain/small.bin", secure.port);
    expect_error(get(url), EN_NETWORK, "cannot trust 'https://127.0.0.1");
    assert_int_equal(result.attempts, 1);
    assert_int_equal(get_with(url, NULL, (en_http_options){.ca_file = "cert.pem"}, NULL), EN_OK);
    expect_out(5000);
    unlink("out");
    snprintf(url, sizeof url, "https://127.0.0.1:%d/plain/small.bin", plain.port); /* speaks no TLS */
    expect_error(get(url), EN_NETWORK, "cannot trust");
}

static void https_never_becomes_plain_http(void **state)
{
    (void)state;
    char url[128];
    snprintf(url, sizeof url, "https://127.0.0.1:%d/downgrade%d/small.bin", secure.port, plain.port);
    en_status st = get_with(url, NULL, (en_http_options){.ca_file = "cert.pem"}, NULL);
    expect_error(st, EN_NETWORK, "redirects from https to plain http");
    assert_int_equal(logged("small.bin"), 0);
}

#define TEST(f) cmocka_unit_test_setup(f, clean)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_file_comes_whole_from_every_kind_of_server),
        TEST(what_is_known_is_not_fetched_again),
        TEST(what_is_here_is_asked_about_and_kept),
        TEST(a_dropped_connection_is_taken_up_where_it_broke),
        TEST(the_next_call_goes_on_from_the_part),
        TEST(a_part_that_was_already_whole_needs_nothing_more),
        TEST(a_part_of_something_else_is_thrown_away),
        TEST(a_thing_that_changes_meanwhile_is_never_mixed),
        TEST(without_validators_it_starts_anew_and_gives_up_in_the_end),
        TEST(wrong_bytes_and_wrong_lengths_are_not_accepted),
        TEST(errors_of_the_moment_are_tried_again),
        TEST(a_server_that_asks_for_time_is_given_it),
        TEST(a_server_that_asks_for_too_much_time_is_given_some),
        TEST(a_page_that_wants_a_login_does_not_cost_what_came),
        TEST(no_line_of_a_note_becomes_a_header),
        TEST(lasting_answers_are_said_at_once),
        TEST(no_server_and_no_host_are_said_at_once),
        TEST(a_server_that_falls_silent_is_given_up),
        TEST(more_than_the_cap_is_refused_announced_or_not),
        TEST(a_stop_ends_it_soon_and_keeps_the_part),
        TEST(two_processes_do_not_write_one_part),
        TEST(a_lock_that_fails_is_not_called_busy),
        TEST(a_write_that_fails_is_an_io_error_and_can_be_resumed),
        TEST(credentials_are_sent_and_never_shown),
        TEST(https_is_trusted_only_with_its_certificate),
        TEST(https_never_becomes_plain_http),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
