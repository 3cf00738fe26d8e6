/* A file that comes in several ranges at once, from a server that sends them in every wrong way
 * (tests/support/http_server.py). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "net/http.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "http_server.h"

#define SIZE 100003 /* of www/f.bin */
#define RANGE 9001  /* bytes of a range: twelve of them */
#define RANGES 12
#define KILLS 30

static char scratch[64];
static http_server server;
static unsigned char *data;
static en_error err;
static en_http_result result;

static int set_up(void **state)
{
    (void)state;
    strcpy(scratch, "/tmp/eyenet-ranges-XXXXXX");
    if (mkdtemp(scratch) == NULL || chdir(scratch) != 0 || en_file_mkdirs("www", &err) != EN_OK) {
        return 1;
    }
    data = en_alloc(SIZE);
    for (uint32_t i = 0, x = 7; i < SIZE; i++) {
        x = x * 1664525 + 1013904223;
        data[i] = (unsigned char)(x >> 24);
    }
    if (en_file_write("www/f.bin", data, SIZE, &err) != EN_OK ||
        en_file_write("www/exact.bin", data, (size_t)3 * RANGE, &err) != EN_OK ||
        en_file_write("www/short.bin", data, RANGE, &err) != EN_OK) {
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
    en_free(data);
    return chdir("/") != 0 || en_file_remove_tree(scratch, &err) != EN_OK;
}

static int clean(void **state)
{
    (void)state;
    unlink("out");
    unlink("out.part");
    unlink("out.note");
    unlink("out.ranges");
    return truncate("log", 0);
}

typedef struct listener {
    int64_t stop_after, first, last; /* bytes of progress events */
    int begun, ended;
    bool stop;
    char notes[2048];
} listener;

static void on_event(void *ctx, const en_event *e)
{
    listener *l = ctx;
    bool download = e->kind == EN_EVENT_PROGRESS && e->total == SIZE;
    l->begun += e->kind == EN_EVENT_BEGIN && strcmp(e->text, "download") == 0;
    l->ended += e->kind == EN_EVENT_END;
    l->first = l->first < 0 && download ? e->done : l->first;
    l->last = download ? e->done : l->last;
    if (e->kind == EN_EVENT_NOTE) {
        size_t used = strlen(l->notes);
        snprintf(l->notes + used, sizeof l->notes - used, "%s\n", e->text);
    }
    l->stop = l->stop || (l->stop_after > 0 && download && e->done >= l->stop_after);
}

static bool on_stop(void *ctx) { return ((listener *)ctx)->stop; }

static listener heard;

static en_status get_with(const char *what, en_http_options options, int64_t stop_after)
{
    heard = (listener){.stop_after = stop_after, .first = -1};
    en_events events = {.emit = on_event, .ctx = &heard, .stop = on_stop};
    options.backoff_ms = 2;
    options.range_bytes = options.range_bytes > 0 ? options.range_bytes : RANGE;
    en_http *http;
    assert_int_equal(en_http_new(&options, &events, &http, &err), EN_OK);
    char *url = en_format("http://127.0.0.1:%d/%s", server.port, what);
    en_error_clear(&err);
    en_status st = en_http_download(http, url, "out", NULL, &result, &err);
    en_http_free(http);
    en_free(url);
    assert_true(st != EN_OK || (!en_file_exists("out.part") && !en_file_exists("out.ranges")));
    return st;
}

static en_status get(const char *what) { return get_with(what, (en_http_options){0}, 0); }

static void expect_out(const unsigned char *bytes, size_t count)
{
    en_buf got;
    en_buf_init(&got, SIZE + 1);
    assert_int_equal(en_file_read("out", &got, &err), EN_OK);
    assert_int_equal(got.size, count);
    assert_memory_equal(got.data, bytes, count);
    en_buf_clear(&got);
}

static void comes_right(const char *what)
{
    if (get(what) != EN_OK) {
        fail_msg("%s: %s", what, err.text);
    }
    expect_out(data, SIZE);
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

static void a_long_file_comes_in_ranges(void **state)
{
    (void)state;
    comes_right("plain/f.bin");
    assert_int_equal(logged("bytes="), RANGES);
    assert_int_equal(logged("| bytes=0-9000 |"), 1);
    assert_int_equal(logged("| bytes=99011-100002 |"), 1);
    assert_int_equal(logged("| None | None | None |"), 1); /* the first answer, cut off */
    assert_int_equal(heard.begun, 1);
    assert_int_equal(heard.ended, 1);
    assert_int_equal(heard.last, SIZE);
    assert_string_equal(heard.notes, "");
    assert_int_equal(result.resumed, 0);
    assert_int_equal(result.bytes, SIZE);
    assert_int_equal(result.status, 206);
    comes_right("plain/f.bin"); /* the same as here */
    assert_true(result.unchanged);
    comes_right("hop/3/f.bin");
}

static void files_of_whole_ranges_and_shorter_ones(void **state)
{
    (void)state;
    assert_int_equal(get("plain/exact.bin"), EN_OK);
    expect_out(data, (size_t)3 * RANGE);
    assert_int_equal(logged("bytes="), 3);
    assert_int_equal(get("plain/short.bin"), EN_OK);
    expect_out(data, RANGE);
    assert_int_equal(logged("bytes="), 3); /* one stream */
    assert_int_equal(get_with("plain/f.bin", (en_http_options){.range_bytes = SIZE - 1}, 0), EN_OK);
    expect_out(data, SIZE);
    assert_int_equal(logged("bytes=100002-100002"), 1);
}

static void without_a_promise_of_ranges_it_is_one_stream(void **state)
{
    (void)state;
    static const char *const modes[] = {"norange/f.bin", "chunked/f.bin", "dated/f.bin"};
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        comes_right(modes[i]);
    }
    assert_int_equal(get_with("plain/f.bin", (en_http_options){.ranges = 1}, 0), EN_OK);
    assert_int_equal(logged("bytes="), 0);
}

static void ranges_that_are_not_those_asked_for_end_in_one_stream(void **state)
{
    (void)state;
    static const char *const modes[] = {"claims/f.bin", "shifted/f.bin", "capped/f.bin", "overlong/f.bin",
                                        "unnamed/f.bin"};
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        clean(NULL);
        comes_right(modes[i]);
        assert_non_null(strstr(heard.notes, "is not sent in ranges as asked for: starting anew in one stream"));
        assert_int_equal(logged("| None | None | None |"), 2);
        assert_int_equal(result.status, 200);
    }
}

static void a_version_that_changes_is_never_joined(void **state)
{
    (void)state;
    unsigned char *other = en_alloc(SIZE);
    for (size_t i = 0; i < SIZE; i++) {
        other[i] = (unsigned char)(255 - data[i]);
    }
    static const char *const modes[] = {"versions1/f.bin", "versions2/f.bin", "versions7/f.bin", "versions12/f.bin"};
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        clean(NULL);
        assert_int_equal(get(modes[i]), EN_OK);
        expect_out(other, SIZE);
        assert_non_null(strstr(heard.notes, "changed on the server: starting anew\n"));
    }
    en_free(other);
}

static void a_range_that_breaks_is_taken_up_where_it_broke(void **state)
{
    (void)state;
    comes_right("drop3000/f.bin");
    assert_int_equal(logged("| bytes=3000-9000 |"), 1);
    assert_int_equal(logged("| bytes=6000-9000 |"), 1);
    assert_int_equal(logged("bytes="), (RANGES - 1) * 4 + 1); /* 3 x 3000, and a byte more; the last has 992 */
}

static void a_range_that_never_comes_ends_it_and_the_next_call_goes_on(void **state)
{
    (void)state;
    static const en_http_options few = {.retries = 2, .range_bytes = 10000};
    assert_int_equal(get_with("brokenrange/f.bin", few, 0), EN_NETWORK);
    assert_non_null(strstr(err.text, "the server answered 500"));
    assert_true(en_file_exists("out.part") && en_file_exists("out.ranges"));
    assert_int_equal(get_with("brokenrange/f.bin", few, 0), EN_NETWORK);
    assert_true(logged("bytes=40000-49999") >= 2 * 3);
    assert_int_equal(logged("bytes=0-9999"), 1); /* kept from call to call */
    assert_true(heard.first > 0);
}

static void a_server_that_is_crowded_is_asked_for_fewer(void **state)
{
    (void)state;
    comes_right("lanes1/f.bin");
    clean(NULL);
    comes_right("lanes3/f.bin");
}

static void a_wrong_bit_in_a_range_is_noticed(void **state)
{
    (void)state;
    comes_right("rangeflip1/f.bin");
    clean(NULL);
    comes_right("rangeflip1000/f.bin"); /* the next try is one stream */
    assert_int_equal(logged("| None | None | None |"), 2);
}

static void a_stop_saves_what_came(void **state)
{
    (void)state;
    assert_int_equal(get_with("plain/f.bin", (en_http_options){0}, 30000), EN_INTERRUPTED);
    comes_right("plain/f.bin");
    assert_true(result.resumed >= 30000);
    assert_int_equal(heard.first, result.resumed);
    assert_int_equal(logged("| None | None | None |"), 1);
}

/* The file of ranges and the part are files, and anybody may have changed them. */
static void a_state_that_cannot_be_is_not_believed(void **state)
{
    (void)state;
    static const char *const states[] = {
        "",
        "{}",
        "not json",
        "{\"etag\":\"\\\"x\\\"\",\"bytes\":100003,\"range\":9001,\"got\":[1,1,1,1,1,1,1,1,1,1,1,1]}",
        "{\"etag\":\"%s\",\"bytes\":100003,\"range\":9001,\"got\":[1,1,1]}",
        "{\"etag\":\"%s\",\"bytes\":100003,\"range\":9001,\"got\":[9002,1,1,1,1,1,1,1,1,1,1,1]}",
        "{\"etag\":\"%s\",\"bytes\":100003,\"range\":9001,\"got\":[-1,1,1,1,1,1,1,1,1,1,1,1]}",
        "{\"etag\":\"%s\",\"bytes\":100003,\"range\":9001,\"got\":[1,1,1,1,1,1,1,1,1,1,1,993]}",
        "{\"etag\":\"%s\",\"bytes\":100003,\"range\":0,\"got\":[]}",
        "{\"etag\":\"%s\",\"bytes\":100003,\"range\":-9001,\"got\":[1,1,1,1,1,1,1,1,1,1,1,1]}",
        "{\"etag\":\"%s\",\"bytes\":100002,\"range\":9001,\"got\":[1,1,1,1,1,1,1,1,1,1,1,1]}",
        NULL, /* none at all */
    };
    assert_int_equal(get_with("plain/f.bin", (en_http_options){0}, 30000), EN_INTERRUPTED);
    en_buf note;
    en_buf_init(&note, 4096);
    assert_int_equal(en_file_read("out.note", &note, &err), EN_OK);
    const char *etag = strstr(en_buf_str(&note), "\"etag\": \"");
    assert_non_null(etag);
    etag += 9;
    char name[100];
    snprintf(name, sizeof name, "%.*s", (int)strcspn(etag, ",") - 1, etag);
    for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
        unsigned char *zeros = en_calloc(1, SIZE);
        const char *mark = states[i] != NULL ? strstr(states[i], "%s") : NULL;
        char *text = mark != NULL ? en_format("%.*s%s%s", (int)(mark - states[i]), states[i], name, mark + 2)
                                  : en_strdup(states[i] != NULL ? states[i] : "");
        assert_int_equal(en_file_write("out.part", zeros, SIZE, &err), EN_OK);
        assert_int_equal(en_file_write("out.note", note.data, note.size, &err), EN_OK);
        assert_int_equal(en_file_write("out.ranges", text, strlen(text), &err), EN_OK);
        if (states[i] == NULL) {
            unlink("out.ranges");
        }
        comes_right("plain/f.bin");
        assert_int_equal(result.resumed, 0);
        unlink("out");
        en_free(text);
        en_free(zeros);
    }
    assert_int_equal(get_with("plain/f.bin", (en_http_options){0}, 30000), EN_INTERRUPTED);
    assert_int_equal(truncate("out.part", SIZE - 1), 0);
    comes_right("plain/f.bin");
    assert_int_equal(result.resumed, 0);
    en_buf_clear(&note);
}

static void one_stream_and_ranges_follow_each_other(void **state)
{
    (void)state;
    assert_int_equal(get_with("plain/f.bin", (en_http_options){0}, 30000), EN_INTERRUPTED);
    assert_int_equal(get_with("plain/f.bin", (en_http_options){.ranges = 1}, 0), EN_OK); /* the rest, one by one */
    expect_out(data, SIZE);
    assert_true(result.resumed >= 30000);
    unlink("out");
    assert_int_equal(get_with("drop20000/f.bin", (en_http_options){.ranges = 1, .retries = 1}, 0), EN_NETWORK);
    comes_right("drop20000/f.bin"); /* its rest is one stream as well */
    assert_int_equal(result.resumed, 40000);
}

static int steps_to = -1, leave_from = -1; /* a byte goes there for every progress event, and one is waited for */

static void on_step(void *ctx, const en_event *e)
{
    (void)ctx;
    char leave;
    if (e->kind == EN_EVENT_PROGRESS && (write(steps_to, "", 1) != 1 || read(leave_from, &leave, 1) != 1)) {
        _exit(2);
    }
}

/* A process that downloads, and is killed after `steps` events. Returns whether it came to its end before. */
static bool download_and_kill(int steps)
{
    int to_here[2], from_here[2];
    char step;
    assert_int_equal(pipe(to_here), 0);
    assert_int_equal(pipe(from_here), 0);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        close(to_here[0]);
        close(from_here[1]);
        steps_to = to_here[1];
        leave_from = from_here[0];
        const en_events events = {.emit = on_step};
        const en_http_options options = {.range_bytes = 1000, .save_bytes = 1, .backoff_ms = 2};
        en_http *http;
        char *url = en_format("http://127.0.0.1:%d/plain/f.bin", server.port);
        bool ok = en_http_new(&options, &events, &http, &err) == EN_OK &&
                  en_http_download(http, url, "out", NULL, &result, &err) == EN_OK;
        _exit(ok ? 0 : 1);
    }
    close(to_here[1]);
    close(from_here[0]);
    for (int i = 0; i < steps && read(to_here[0], &step, 1) == 1 && write(from_here[1], "", 1) == 1; i++) {
    }
    int status;
    kill(pid, SIGKILL);
    close(to_here[0]);
    close(from_here[1]);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
    return !WIFSIGNALED(status);
}

static void killed_at_any_moment_it_is_ended_by_a_repeat(void **state)
{
    (void)state;
    int resumed = 0;
    for (int i = 0; i < KILLS; i++) {
        clean(NULL);
        bool ended = download_and_kill(i * 3);
        assert_true(ended == en_file_exists("out"));
        comes_right("plain/f.bin");
        resumed += result.resumed > 0;
    }
    assert_true(resumed >= KILLS / 2); /* in most, ranges had come and been saved */
    clean(NULL);
    for (int i = 0; i < KILLS && !download_and_kill(25); i++) { /* always the same download */
    }
    comes_right("plain/f.bin");
}

static void a_limit_of_the_rate_is_one_of_all_ranges(void **state)
{
    (void)state;
    struct timespec from, to;
    for (unsigned ranges = 1; ranges <= 8; ranges += 7) {
        clean(NULL);
        clock_gettime(CLOCK_MONOTONIC, &from);
        assert_int_equal(get_with("plain/f.bin", (en_http_options){.bytes_per_second = 100000, .ranges = ranges}, 0),
                         EN_OK);
        clock_gettime(CLOCK_MONOTONIC, &to);
        expect_out(data, SIZE);
        double seconds = (double)(to.tv_sec - from.tv_sec) + 1e-9 * (double)(to.tv_nsec - from.tv_nsec);
        assert_true(seconds > SIZE / 100000.0 - 0.2);
    }
}

/* A file may not grow past a limit here, which fallocate() reports as EFBIG. */
static void a_part_that_gets_no_space_is_an_io_error(void **state)
{
    (void)state;
    struct rlimit before, low = {50000, 50000};
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    low.rlim_max = before.rlim_max;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &low), 0);
    en_status st = get("plain/f.bin");
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(st, EN_IO);
    assert_non_null(strstr(err.text, "cannot write 'out.part'"));
    assert_false(en_file_exists("out.part") || en_file_exists("out.ranges") || en_file_exists("out.note"));
    comes_right("plain/f.bin");
}

#define TEST(f) cmocka_unit_test_setup(f, clean)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_long_file_comes_in_ranges),
        TEST(files_of_whole_ranges_and_shorter_ones),
        TEST(without_a_promise_of_ranges_it_is_one_stream),
        TEST(ranges_that_are_not_those_asked_for_end_in_one_stream),
        TEST(a_version_that_changes_is_never_joined),
        TEST(a_range_that_breaks_is_taken_up_where_it_broke),
        TEST(a_range_that_never_comes_ends_it_and_the_next_call_goes_on),
        TEST(a_server_that_is_crowded_is_asked_for_fewer),
        TEST(a_wrong_bit_in_a_range_is_noticed),
        TEST(a_stop_saves_what_came),
        TEST(a_state_that_cannot_be_is_not_believed),
        TEST(one_stream_and_ranges_follow_each_other),
        TEST(killed_at_any_moment_it_is_ended_by_a_repeat),
        TEST(a_limit_of_the_rate_is_one_of_all_ranges),
        TEST(a_part_that_gets_no_space_is_an_io_error),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
