/* Fetching from Kaggle while its interface and its storage misbehave: either the right bytes are in the project in the
 * end, or the fetch fails with one clear line, and nothing wrong is there; and when the fault is over, a repeat brings
 * everything. The faults are those of tests/support/kaggle_server.py. Run it to see the table. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "project.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "http_server.h"

#define PHOTOGRAPHS 20
#define BYTES 3000
#define VOLUME 25000 /* bytes of one: three of them */

static http_server server;
static char www[64], request_log[80], url[64];

static int start_server(void **state)
{
    (void)state;
    strcpy(www, "/tmp/eyenet-kaggle-XXXXXX");
    if (mkdtemp(www) == NULL) {
        return 1;
    }
    snprintf(request_log, sizeof request_log, "%s.log", www);
    if (!http_server_start_as(&server, "kaggle_server.py", www, request_log, NULL)) {
        exit(77);
    }
    snprintf(url, sizeof url, "http://127.0.0.1:%d/v1", server.port);
    return 0;
}

static int stop_server(void **state)
{
    (void)state;
    en_error err;
    http_server_stop(&server);
    return unlink(request_log) != 0 || en_file_remove_tree(www, &err) != EN_OK;
}

static int set_up(void **state)
{
    en_error err;
    if (project_set_up(state) != 0 || en_file_remove_tree(www, &err) != EN_OK || mkdir(www, 0777) != 0 ||
        symlink(www, "www") != 0 || en_file_mkdirs("www/competitions/retina", &err) != EN_OK) {
        return 1;
    }
    put_zip("www/competitions/retina/train.zip", 1, PHOTOGRAPHS, BYTES, VOLUME);
    return 0;
}

static const char *variable(const char *name)
{
    return strcmp(name, "EYENET_KAGGLE_URL") == 0 ? url : strcmp(name, "KAGGLE_API_TOKEN") == 0 ? "good-token" : NULL;
}

static void behave(const char *how)
{
    en_error err;
    char *text = en_format("{%s}", how);
    assert_int_equal(en_file_write("www/behave.json", text, strlen(text), &err), EN_OK);
    en_free(text);
}

static en_status fetch(project *p)
{
    const en_http_options quick = {.backoff_ms = 5, .retries = 3, .stall_ms = 300, .retry_after_ms = 2000};
    return project_fetch_with(
        p, (en_fetch_options){.source = "kaggle:retina/train.zip.001", .http = quick, .variable = variable});
}

/* Photographs in the project, each of which must be right to the last byte. */
static int64_t right_photographs(project *p)
{
    int64_t rows = project_check(p, 1), right = 0;
    for (unsigned i = 1; i <= PHOTOGRAPHS; i++) {
        char path[64];
        unsigned char bytes[BYTES];
        en_buf got;
        en_buf_init(&got, 1 << 20);
        snprintf(path, sizeof path, "p/photos/1/train/%u_left.jpeg", i);
        photograph_bytes(i, bytes, BYTES);
        if (en_file_exists(path)) {
            assert_int_equal(en_file_read(path, &got, &p->err), EN_OK);
            assert_int_equal(got.size, BYTES);
            assert_memory_equal(got.data, bytes, BYTES);
            right++;
        }
        en_buf_clear(&got);
    }
    assert_int_equal(rows, right);
    return right;
}

typedef struct fault {
    const char *name, *how;
    en_status status;  /* EN_OK: it comes right, whatever the server does */
    const char *words; /* in the message, or in a note when it comes right; NULL */
} fault;

static const fault faults[] = {
    {"nothing is wrong", "", EN_OK, NULL},
    {"listing: pages of one file", "\"page\": 1", EN_OK, NULL},
    {"listing: empty pages first", "\"page\": 1, \"empty\": 5", EN_OK, NULL},
    {"listing: numbers as texts", "\"numbers\": true", EN_OK, NULL},
    {"listing: 503 twice", "\"busy\": 2", EN_OK, NULL},
    {"listing: 503 for ever", "\"busy\": 1000", EN_NETWORK, "Kaggle answered 503"},
    {"listing: 429 with Retry-After", "\"limit\": 1", EN_OK, NULL},
    {"listing: a page leads to itself", "\"loop\": true", EN_NETWORK, "does not end"},
    {"listing: fewer files than counted", "\"summary\": 1", EN_NETWORK, "its listing is not complete"},
    {"listing: HTML", "\"garbage\": true", EN_NETWORK, "cannot be read"},
    {"listing: the middle volume is missing", "\"hide\": \"train.zip.002\"", EN_INPUT, "'train.zip.002' is missing"},
    {"listing: a volume is a byte short", "\"short\": \"train.zip.002\"", EN_INPUT, "'train.zip.002' has 24999 bytes"},
    {"rules not accepted", "\"rules\": true", EN_DENIED, "denies the data of competition 'retina'"},
    {"link: to another host", "\"link\": \"elsewhere\"", EN_NETWORK, "'localhost' is not its storage"},
    {"link: to a file of this machine", "\"link\": \"file\"", EN_NETWORK, "is not an https URL"},
    {"link: none", "\"link\": \"none\"", EN_INPUT, "no link"},
    {"link: denied once", "\"refuse\": 1", EN_OK, NULL},
    {"link: denied twice", "\"refuse\": 2", EN_OK, NULL},
    {"link: denied for ever", "\"refuse\": 1000", EN_DENIED, "the server denies it (403)"},
    {"link: expired when it is given", "\"ttl\": -1", EN_DENIED, "the server denies it (403)"},
    {"link: expires in a moment", "\"ttl\": 5", EN_OK, NULL},
    {"storage: 500 once", "\"tail\": 1", EN_OK, NULL},
    {"storage: 500 three times", "\"tail\": 3", EN_OK, NULL},
    {"storage: 500 for ever", "\"status\": 500", EN_NETWORK, "the server answered 500"},
    {"storage: 404", "\"status\": 404", EN_INPUT, "does not exist on the server (404)"},
    {"storage: 403", "\"status\": 403", EN_DENIED, "the server denies it (403)"},
    {"storage: 400", "\"status\": 400", EN_DENIED, "the server denies it (400)"},
    {"storage: 418", "\"status\": 418", EN_NETWORK, "the server answered 418"},
    {"storage: 429 with seconds", "\"wait\": 1", EN_OK, NULL},
    {"storage: 429 with a date", "\"waitdate\": 1", EN_OK, NULL},
    {"storage: redirects for ever", "\"storage\": \"loop\"", EN_NETWORK, "redirects more than 8 times"},
    {"storage: a page that wants a login", "\"storage\": \"page\"", EN_NETWORK, "its listing says"},
    {"storage: cut, ranges", "\"drop\": 9000", EN_OK, NULL},
    {"storage: cut every 2500 bytes", "\"drop\": 2500", EN_NETWORK, "bytes remaining to read"},
    {"storage: cut, Range ignored", "\"drop\": 20000, \"storage\": \"ignore\"", EN_NETWORK, "cannot download"},
    {"storage: cut, no ETag", "\"drop\": 9000, \"storage\": \"date\"", EN_OK, NULL},
    {"storage: cut, no validator", "\"drop\": 20000, \"storage\": \"none\"", EN_NETWORK, "cannot download"},
    {"storage: range 4096 bytes early", "\"drop\": 9000, \"storage\": \"shift\"", EN_NETWORK,
     "answered with other bytes"},
    {"storage: range of another total", "\"drop\": 9000, \"storage\": \"total\"", EN_NETWORK,
     "answered with other bytes"},
    {"storage: changes after one answer", "\"drop\": 12000, \"change\": 1", EN_INPUT,
     "photographs in 'kaggle:competitions/retina/train.zip.001' are damaged"},
    {"storage: a bit is wrong once", "\"flip\": 1", EN_OK, NULL},
    {"storage: a bit is wrong three times", "\"flip\": 3", EN_OK, NULL},
    {"storage: a bit is wrong for ever", "\"flip\": 1000", EN_NETWORK, "not the one that the server sent"},
    {"storage: a wrong hash", "\"storage\": \"wronghash\"", EN_NETWORK, "its MD5 is not the one"},
    {"storage: no hash", "\"storage\": \"nohash\"", EN_OK, NULL},
    {"storage: a byte too many", "\"storage\": \"long\"", EN_NETWORK, "its listing says 25000"},
    {"storage: a byte too few", "\"storage\": \"less\"", EN_NETWORK, "its listing says 25000"},
    {"storage: encoded without being asked", "\"storage\": \"gzip\"", EN_NETWORK, "sent encoded (gzip)"},
    {"storage: no length", "\"storage\": \"chunked\"", EN_OK, NULL},
    {"storage: no length, and cut", "\"storage\": \"chunked\", \"drop\": 9000", EN_NETWORK, "it has 9000 bytes"},
    {"storage: falls silent", "\"slow\": true", EN_NETWORK, "no data for"},
};

/* What the server saw of credentials where they do not belong. */
static bool leaked(void)
{
    en_error err;
    en_buf log;
    en_buf_init(&log, 64 << 20);
    assert_int_equal(en_file_read(request_log, &log, &err), EN_OK);
    bool found = false;
    for (char *line = log.data; line != NULL && *line != '\0'; line = strchr(line, '\n') + 1) {
        found = found || (strncmp(line, "GET ", 4) == 0 && strncmp(strchr(line, '\n') - 4, "None", 4) != 0);
    }
    en_buf_clear(&log);
    return found;
}

static void every_fault_ends_right_or_with_one_line(void **state)
{
    project *p = *state;
    int bad = 0;
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        const fault *f = &faults[i];
        behave(f->how);
        en_status st = fetch(p);
        const char *message = st == EN_OK ? "" : p->err.text;
        print_message("| %s | %s |\n", f->name, st == EN_OK ? "comes right" : message);
        if (st != f->status || (st != EN_OK && strstr(message, f->words) == NULL)) {
            print_error("%s: expected status %d with \"%s\", got %d: %s\n", f->name, (int)f->status, f->words, (int)st,
                        message);
            bad++;
        }
        assert_null(strchr(message, '\n'));
        assert_null(strstr(message, "secret-"));
        assert_null(strstr(message, "good-token"));
        int64_t right = right_photographs(p);
        assert_true(st != EN_OK || right == PHOTOGRAPHS);
        behave(""); /* the fault is over: what waited is gone on from */
        if (fetch(p) != EN_OK) {
            print_error("after '%s': %s\n", f->name, p->err.text);
            bad++;
        }
        assert_false(leaked());
        project_tear_down(state);
        assert_int_equal(set_up(state), 0);
        p = *state;
    }
    assert_int_equal(bad, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_fault_ends_right_or_with_one_line, set_up, project_tear_down),
    };
    return cmocka_run_group_tests(tests, start_server, stop_server);
}
