/* Fetching from Kaggle while its interface and its storage misbehave: either the right bytes are in the project in the
 * end, or the fetch fails with one clear line, and nothing wrong is there; and when the fault is over, a repeat brings
 * everything. Each fault is met by one stream and by eight ranges at once. The faults are those of
 * tests/support/kaggle_server.py. Run it to see the table, and with --renew FILE to write it to docs/fetch-faults.md,
 * with which it is compared. */
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
#define RANGE 2600   /* bytes of a range: ten in a volume */
#define TABLE_BEGINS "| fault | in one stream | in 8 ranges at once |\n|---|---|---|\n"
#define TABLE_ENDS "\n## "

static const char *renew; /* the document that is to be written, or NULL */
static en_buf table;

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

static bool silent;   /* the server, so that each try takes its time */
static bool by_login; /* the credentials of `kaggle auth login` are used, and are out of date */

static const char *variable(const char *name)
{
    if (by_login) {
        return strcmp(name, "EYENET_KAGGLE_URL") == 0 ? url : strcmp(name, "HOME") == 0 ? "home" : NULL;
    }
    return strcmp(name, "EYENET_KAGGLE_URL") == 0 ? url : strcmp(name, "KAGGLE_API_TOKEN") == 0 ? "good-token" : NULL;
}

static void behave(const char *how)
{
    en_error err;
    char *text = en_format("{%s}", how);
    assert_int_equal(en_file_write("www/behave.json", text, strlen(text), &err), EN_OK);
    en_free(text);
}

static en_status fetch(project *p, unsigned ranges)
{
    const en_http_options quick = {.backoff_ms = 2,
                                   .retries = silent ? 1 : 3,
                                   .stall_ms = 1000,
                                   .retry_after_ms = 20,
                                   .ranges = ranges,
                                   .range_bytes = RANGE,
                                   .save_bytes = 1};
    return project_fetch_with(
        p, (en_fetch_options){.source = "kaggle:retina/train.zip.001", .http = quick, .variable = variable});
}

/* Out of date: it is renewed first. */
static void log_in(void)
{
    static const char credentials[] = "{\"refresh_token\": \"good-refresh\", \"access_token\": \"stale\", "
                                      "\"access_token_expiration\": \"2020-01-01T00:00:00+00:00\"}";
    en_error err;
    assert_int_equal(en_file_mkdirs("home/.kaggle", &err), EN_OK);
    assert_int_equal(en_file_write("home/.kaggle/credentials.json", credentials, strlen(credentials), &err), EN_OK);
    assert_int_equal(chmod("home/.kaggle/credentials.json", 0600), 0);
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

typedef struct outcome {
    en_status status;  /* EN_OK: it comes right, whatever the server does */
    const char *words; /* in the message; NULL when it comes right */
} outcome;

typedef struct fault {
    const char *name, *how;
    en_status status;
    const char *words;
    const outcome *ranges; /* where it is another with ranges; NULL */
} fault;

static const outcome right = {EN_OK, NULL};
static const outcome damaged = {EN_INPUT, "are damaged"};
static const outcome cut = {EN_NETWORK, "bytes remaining to read"}; /* of the one stream that ranges fell back to */

static const fault faults[] = {
    {"nothing is wrong", "", EN_OK, NULL, NULL},
    {"token: renewed", "\"login\": true", EN_OK, NULL, NULL},
    {"token: renewal denied", "\"login\": true, \"refresh\": 401", EN_DENIED, "does not renew the token", NULL},
    {"token: renewal answered 500", "\"login\": true, \"refresh\": 500", EN_NETWORK, "Kaggle answered 500", NULL},
    {"listing: pages of one file", "\"page\": 1", EN_OK, NULL, NULL},
    {"listing: empty pages first", "\"page\": 1, \"empty\": 5", EN_OK, NULL, NULL},
    {"listing: numbers as texts", "\"numbers\": true", EN_OK, NULL, NULL},
    {"listing: 503 twice", "\"busy\": 2", EN_OK, NULL, NULL},
    {"listing: 503 for ever", "\"busy\": 1000", EN_NETWORK, "Kaggle answered 503", NULL},
    {"listing: 429 with Retry-After", "\"limit\": 1", EN_OK, NULL, NULL},
    {"listing: a page leads to itself", "\"loop\": true", EN_NETWORK, "does not end", NULL},
    {"listing: fewer files than counted", "\"summary\": 1", EN_NETWORK, "its listing is not complete", NULL},
    {"listing: HTML", "\"garbage\": true", EN_NETWORK, "cannot be read", NULL},
    {"listing: the middle volume is missing", "\"hide\": \"train.zip.002\"", EN_INPUT, "'train.zip.002' is missing",
     NULL},
    {"listing: a volume is a byte short", "\"short\": \"train.zip.002\"", EN_INPUT, "'train.zip.002' has 24999 bytes",
     NULL},
    {"rules not accepted", "\"rules\": true", EN_DENIED, "denies the data of competition 'retina'", NULL},
    {"link: to another host", "\"link\": \"elsewhere\"", EN_NETWORK, "'localhost' is not its storage", NULL},
    {"link: to a file of this machine", "\"link\": \"file\"", EN_NETWORK, "is not an https URL", NULL},
    {"link: none", "\"link\": \"none\"", EN_INPUT, "no link", NULL},
    {"link: denied once", "\"refuse\": 1", EN_OK, NULL, NULL},
    {"link: denied twice", "\"refuse\": 2", EN_OK, NULL, NULL},
    {"link: denied for ever", "\"refuse\": 1000", EN_DENIED, "the server denies it (403)", NULL},
    {"link: expired when it is given", "\"ttl\": -1", EN_DENIED, "the server denies it (403)", NULL},
    {"link: expires in a moment", "\"ttl\": 5", EN_OK, NULL, NULL},
    {"storage: 500 once", "\"tail\": 1", EN_OK, NULL, NULL},
    {"storage: 500 three times", "\"tail\": 3", EN_OK, NULL, NULL},
    {"storage: 500 for ever", "\"status\": 500", EN_NETWORK, "the server answered 500", NULL},
    {"storage: 404", "\"status\": 404", EN_INPUT, "does not exist on the server (404)", NULL},
    {"storage: 403", "\"status\": 403", EN_DENIED, "the server denies it (403)", NULL},
    {"storage: 400", "\"status\": 400", EN_DENIED, "the server denies it (400)", NULL},
    {"storage: 418", "\"status\": 418", EN_NETWORK, "the server answered 418", NULL},
    {"storage: 429 with seconds", "\"wait\": 1", EN_OK, NULL, NULL},
    {"storage: 429 with a date", "\"waitdate\": 1", EN_OK, NULL, NULL},
    {"storage: redirects for ever", "\"storage\": \"loop\"", EN_NETWORK, "redirects more than 8 times", NULL},
    {"storage: a page that wants a login", "\"storage\": \"page\"", EN_NETWORK, "its listing says", NULL},
    {"storage: cut, ranges", "\"drop\": 9000", EN_OK, NULL, NULL},
    {"storage: cut every 2500 bytes", "\"drop\": 2500", EN_NETWORK, "bytes remaining to read", &right},
    {"storage: cut, Range ignored", "\"drop\": 20000, \"storage\": \"ignore\"", EN_NETWORK, "cannot download", NULL},
    {"storage: cut, no ETag", "\"drop\": 9000, \"storage\": \"date\"", EN_OK, NULL, NULL},
    {"storage: cut, no validator", "\"drop\": 20000, \"storage\": \"none\"", EN_NETWORK, "cannot download", NULL},
    {"storage: cut, and range 4096 bytes early", "\"drop\": 9000, \"storage\": \"shift\"", EN_NETWORK,
     "answered with other bytes", &cut},
    {"storage: cut, and range of another total", "\"drop\": 9000, \"storage\": \"total\"", EN_NETWORK,
     "answered with other bytes", &cut},
    {"storage: changes after one answer", "\"drop\": 12000, \"change\": 1", EN_INPUT,
     "photographs in 'kaggle:competitions/retina/train.zip.001' are damaged", NULL},
    {"storage: a bit is wrong once", "\"flip\": 1", EN_OK, NULL, NULL},
    {"storage: a bit is wrong three times", "\"flip\": 3", EN_OK, NULL, NULL},
    {"storage: a bit is wrong for ever", "\"flip\": 1000", EN_NETWORK, "not the one that the server sent", NULL},
    {"storage: a wrong hash", "\"storage\": \"wronghash\"", EN_NETWORK, "its MD5 is not the one", NULL},
    {"storage: no hash", "\"storage\": \"nohash\"", EN_OK, NULL, NULL},
    {"storage: a byte too many", "\"storage\": \"long\"", EN_NETWORK, "its listing says 25000", NULL},
    {"storage: a byte too few", "\"storage\": \"less\"", EN_NETWORK, "its listing says 25000", NULL},
    {"storage: encoded without being asked", "\"storage\": \"gzip\"", EN_NETWORK, "sent encoded (gzip)", NULL},
    {"storage: no length", "\"storage\": \"chunked\"", EN_OK, NULL, NULL},
    {"storage: no length, and cut", "\"storage\": \"chunked\", \"drop\": 9000", EN_NETWORK, "it has 9000 bytes", NULL},
    {"storage: falls silent", "\"slow\": true", EN_NETWORK, "no data for", NULL},
    {"listing: the last volume is missing", "\"hide\": \"train.zip.003\"", EN_INPUT, "train.zip", NULL},
    {"storage: redirects to another host", "\"storage\": \"away\"", EN_OK, NULL, NULL},
    {"storage: redirects to a file of this machine", "\"storage\": \"local\"", EN_NETWORK, "without a location", NULL},
    {"storage: promises ranges and sends all", "\"storage\": \"claims\"", EN_OK, NULL, NULL},
    {"storage: range 4096 bytes early", "\"storage\": \"shift\"", EN_OK, NULL, NULL},
    {"storage: range of another total", "\"storage\": \"total\"", EN_OK, NULL, NULL},
    {"storage: at most 1000 bytes of a range", "\"cap\": 1000", EN_OK, NULL, NULL},
    {"storage: 503 beyond two at once", "\"crowd\": 2", EN_OK, NULL, NULL},
    {"storage: changes after four answers", "\"change\": 4", EN_OK, NULL, &damaged},
    {"storage: another version in every answer", "\"storage\": \"versions\", \"drop\": 9000", EN_NETWORK,
     "cannot download", NULL},
    {"storage: another ETag in every answer", "\"storage\": \"etags\"", EN_OK, NULL, NULL},
    {"storage: another ETag in every answer, and cut", "\"storage\": \"etags\", \"drop\": 9000", EN_NETWORK,
     "bytes remaining to read", NULL},
    {"storage: a part that was not asked for, its start", "\"storage\": \"half\"", EN_OK, NULL, NULL},
    {"storage: a part that was not asked for, its end", "\"storage\": \"rest\"", EN_NETWORK, "which was not asked for",
     NULL},
    {"storage: wants its cookie back", "\"storage\": \"cookie\"", EN_OK, NULL, NULL},
    {"storage: prepares the file first", "\"prepare\": 4", EN_OK, NULL, NULL},
    {"storage: a weak ETag, and cut", "\"storage\": \"weak\", \"drop\": 9000", EN_OK, NULL, NULL},
    {"archive: a byte of a member is wrong", "\"storage\": \"rot\"", EN_INPUT, "are damaged", NULL},
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

/* One fault, met by so many ranges at once: what is said, "right" for nothing wrong. Returns whether it was as
 * expected. */
static bool meet(void **state, const fault *f, unsigned ranges, char *said, size_t capacity)
{
    project *p = *state;
    const outcome same = {f->status, f->words}, *wanted = ranges > 1 && f->ranges != NULL ? f->ranges : &same;
    by_login = strstr(f->how, "\"login\"") != NULL;
    silent = strstr(f->how, "\"slow\"") != NULL;
    log_in();
    behave(f->how);
    en_status st = fetch(p, ranges);
    const char *message = st == EN_OK ? "" : p->err.text;
    bool ok = st == wanted->status && (st == EN_OK || strstr(message, wanted->words) != NULL);
    if (!ok) {
        print_error("%s, %u: expected status %d with \"%s\", got %d: %s\n", f->name, ranges, (int)wanted->status,
                    wanted->words, (int)st, message);
    }
    snprintf(said, capacity, "%s", st == EN_OK ? "right" : message);
    assert_null(strchr(message, '\n'));
    assert_null(strstr(message, "secret-"));
    assert_null(strstr(message, "good-token"));
    int64_t count = right_photographs(p);
    assert_true(st != EN_OK || count == PHOTOGRAPHS);
    behave(""); /* the fault is over: what waited is gone on from */
    if (fetch(p, ranges) != EN_OK) {
        print_error("after '%s', %u: %s\n", f->name, ranges, p->err.text);
        ok = false;
    }
    assert_false(leaked());
    project_tear_down(state);
    assert_int_equal(set_up(state), 0);
    return ok;
}

/* Adds `said` to the table, without what is the test's own. */
static void add_cell(const char *said)
{
    static const char source[] = "kaggle:competitions/retina/train.zip.001", folder[] = "/tmp/eyenet-fetch-XXXXXX/";
    en_error err;
    en_status st = EN_OK;
    while (*said != '\0' && st == EN_OK) {
        bool is_source = strncmp(said, source, sizeof source - 1) == 0;
        bool is_folder = strncmp(said, folder, sizeof folder - 8) == 0;
        st = is_source ? en_buf_printf(&table, &err, "SOURCE") : is_folder ? EN_OK : en_buf_add(&table, said, 1, &err);
        said += is_source ? sizeof source - 1 : is_folder ? sizeof folder - 1 : 1;
    }
    assert_int_equal(st, EN_OK);
}

static void every_fault_ends_right_or_with_one_line(void **state)
{
    size_t bad = 0;
    en_error err;
    en_buf_init(&table, 1 << 20);
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        char one[1024], many[1024];
        size_t begins = table.size;
        bad += !meet(state, &faults[i], 1, one, sizeof one);
        bad += !meet(state, &faults[i], 8, many, sizeof many);
        assert_int_equal(en_buf_printf(&table, &err, "| %s | ", faults[i].name), EN_OK);
        size_t first = table.size;
        add_cell(one);
        assert_int_equal(en_buf_printf(&table, &err, " | "), EN_OK);
        size_t second = table.size;
        add_cell(many);
        bool same = second - first - 3 == table.size - second &&
                    memcmp(table.data + first, table.data + second, table.size - second) == 0;
        if (same && strcmp(one, "right") != 0) {
            table.size = second;
            add_cell("the same");
        }
        assert_int_equal(en_buf_printf(&table, &err, " |\n"), EN_OK);
        print_message("%s", table.data + begins);
    }
    assert_int_equal(bad, 0);
}

/* Which range fails first, and how far the others came by then, is not always the same: of a message in the document
 * only its first words count. */
static size_t important(const char *row, size_t length)
{
    size_t bars = 0, i = 0;
    while (i < length && bars < 2) {
        bars += row[i++] == '|';
    }
    return i + 8 < length ? i + 8 : length;
}

static void the_table_is_in_the_documents(void **state)
{
    (void)state;
    en_error err;
    en_buf text, out;
    en_buf_init(&text, 1 << 20);
    en_buf_init(&out, 1 << 20);
    assert_int_equal(en_file_read(renew != NULL ? renew : EN_FAULTS_TABLE, &text, &err), EN_OK);
    const char *begins = strstr(en_buf_str(&text), TABLE_BEGINS), *ends;
    assert_non_null(begins);
    begins += strlen(TABLE_BEGINS);
    ends = strstr(begins, TABLE_ENDS);
    assert_non_null(ends);
    if (renew != NULL) {
        assert_int_equal(en_buf_add(&out, text.data, (size_t)(begins - text.data), &err), EN_OK);
        assert_int_equal(en_buf_add(&out, table.data, table.size, &err), EN_OK);
        assert_int_equal(en_buf_add(&out, ends, strlen(ends), &err), EN_OK);
        assert_int_equal(en_file_write(renew, out.data, out.size, &err), EN_OK);
    } else {
        const char *here = begins;
        for (const char *row = en_buf_str(&table); *row != '\0'; row += strcspn(row, "\n") + 1) {
            size_t length = strcspn(row, "\n"), compared = important(row, length);
            if (strncmp(here, row, compared) != 0) {
                fail_msg("docs/fetch-faults.md has no row '%.*s': renew it", (int)length, row);
            }
            here += strcspn(here, "\n") + 1;
        }
        assert_true(here == ends || here == ends + 1); /* and no other rows */
    }
    en_buf_clear(&text);
    en_buf_clear(&out);
    en_buf_clear(&table);
}

int main(int argc, char **argv)
{
    renew = argc == 3 && strcmp(argv[1], "--renew") == 0 ? argv[2] : NULL;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_fault_ends_right_or_with_one_line, set_up, project_tear_down),
        cmocka_unit_test(the_table_is_in_the_documents),
    };
    return cmocka_run_group_tests(tests, start_server, stop_server);
}
