/* Some photographs of a zip on a server: only the directory and their bytes come, by the server's own count; from
 * volumes, too; and what becomes of a server that does not send pieces, changes, or sends other bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "project.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "http_server.h"

#define PHOTOGRAPHS 300
#define BYTES 3000
#define VOLUME 100000

static http_server server;
static char www[64], request_log[80];

static int start_server(void **state)
{
    (void)state;
    strcpy(www, "/tmp/eyenet-members-XXXXXX");
    if (mkdtemp(www) == NULL) {
        return 1;
    }
    snprintf(request_log, sizeof request_log, "%s.log", www);
    if (!http_server_start(&server, www, request_log, NULL)) {
        exit(77);
    }
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
        symlink(www, "www") != 0 || truncate(request_log, 0) != 0) {
        return 1;
    }
    put_zip("www/train.zip", 1, PHOTOGRAPHS, BYTES, 0);
    put_zip("www/cut.zip", 1, PHOTOGRAPHS, BYTES, VOLUME);
    return 0;
}

static en_status fetch(project *p, const char *path, en_fetch_options options)
{
    char url[128];
    snprintf(url, sizeof url, "http://127.0.0.1:%d/%s", server.port, path);
    options.source = url;
    options.http = (en_http_options){.backoff_ms = 5, .retries = 3, .stall_ms = 1000};
    return project_fetch_with(p, options);
}

/* Bytes of all pieces that the server was asked for; -1 when it was asked for anything else. */
static int64_t asked_for(void)
{
    en_error err;
    en_buf log;
    en_buf_init(&log, 16 << 20);
    int64_t bytes = 0;
    assert_int_equal(en_file_read(request_log, &log, &err), EN_OK);
    for (char *line = strtok(log.data, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        long long from, to;
        const char *range = strstr(line, "bytes=");
        bool piece = range != NULL && sscanf(range, "bytes=%lld-%lld", &from, &to) == 2;
        bytes = piece && bytes >= 0 ? bytes + to - from + 1 : -1;
    }
    en_buf_clear(&log);
    return bytes;
}

static void only_the_bytes_of_the_members_come(void **state)
{
    project *p = *state;
    static const char *const sources[] = {"plain/train.zip", "plain/cut.zip.001", "hop/3/train.zip"};
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(truncate(request_log, 0), 0);
        en_status st = fetch(p, sources[i], (en_fetch_options){.head = 100});
        if (st != EN_OK) {
            fail_msg("%s: %s", sources[i], p->err.text);
        }
        assert_int_equal(p->result.fetched, 100);
        assert_int_equal(p->result.unwanted, 200);
        int64_t bytes = asked_for(), members = 100 * BYTES;
        if (i < 2 && (bytes < members || bytes > members * 6 / 5)) {
            fail_msg("%s: %lld bytes for %lld", sources[i], (long long)bytes, (long long)members);
        }
        assert_int_equal(project_check(p, (int64_t)i + 1), 100 * (i + 1));
    }
    assert_int_equal(truncate(request_log, 0), 0); /* what is here does not come again */
    assert_int_equal(fetch(p, "plain/train.zip", (en_fetch_options){.head = 110}), EN_OK);
    assert_int_equal(p->result.fetched, 10);
    assert_true(asked_for() < 10 * BYTES + 40000);
    assert_int_equal(fetch(p, "plain/train.zip", (en_fetch_options){0}), EN_OK);
    assert_int_equal(p->result.fetched, 190);
    assert_int_equal(fetch(p, "plain/train.zip", (en_fetch_options){0}), EN_OK);
    assert_int_equal(p->result.downloaded, 0);
}

static void a_dry_run_downloads_the_directory_alone(void **state)
{
    project *p = *state;
    assert_int_equal(fetch(p, "plain/cut.zip.003", (en_fetch_options){.dry_run = true, .only = "*1_left*"}), EN_OK);
    assert_int_equal(p->result.needed, 30 * BYTES);
    assert_int_equal(p->result.volumes, 10);
    assert_true(asked_for() < 40000);
    assert_false(en_file_exists("p/photos/1"));
}

static void something_for_every_name_is_no_volume(void **state)
{
    project *p = *state;
    /* The first has one ETag for all volumes, which are volumes all the same. */
    static const char *const modes[] = {"sized", "always1", "always2", "always3", "always4"};
    for (size_t kind = 0; kind < 5; kind++) {
        char path[64];
        snprintf(path, sizeof path, "%s/cut.zip.001", modes[kind]);
        en_status st = fetch(p, path, (en_fetch_options){.head = 10});
        if (st != EN_OK) {
            fail_msg("%s: %s", path, p->err.text);
        }
        assert_int_equal(p->result.volumes, 10);
        assert_int_equal(p->result.fetched, 10);
    }
    assert_true(asked_for() < 5 * (10 * BYTES + 40000));
}

static void a_server_without_pieces_sends_it_all(void **state)
{
    project *p = *state;
    assert_int_equal(fetch(p, "norange/train.zip", (en_fetch_options){.head = 10}), EN_OK);
    assert_int_equal(p->result.fetched, 10);
    assert_int_equal(asked_for(), -1);
    assert_int_equal(project_check(p, 1), 10);
}

static void what_fails_ends_with_one_line(void **state)
{
    project *p = *state;
    static const struct {
        const char *path, *words;
        en_status status;
    } faults[] = {
        {"versions1/train.zip", "changed on the server", EN_NETWORK},
        {"changing/train.zip", "", EN_OK},
        {"badrange/train.zip", "other bytes than those asked for", EN_NETWORK},
        {"status/403/train.zip", "denies it", EN_DENIED},
        {"status/404/train.zip", "does not exist", EN_INPUT},
        {"status/500/train.zip", "answered 500", EN_NETWORK},
        {"mute/train.zip", "no data for", EN_NETWORK},
        {"loop/train.zip", "redirects more than 8 times", EN_NETWORK},
        {"fail2/train.zip", "", EN_OK},
        {"tagged/train.zip", "", EN_OK},
        {"prepare4/train.zip", "", EN_OK},
        {"cookie/train.zip", "", EN_OK},
        {"drop9000/train.zip", "", EN_OK},
    };
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        en_status st = fetch(p, faults[i].path, (en_fetch_options){.head = 2});
        if (st != faults[i].status || (st != EN_OK && strstr(p->err.text, faults[i].words) == NULL)) {
            fail_msg("%s: status %d: %s", faults[i].path, (int)st, p->err.text);
        }
    }
}

/* Flips one bit of a member on the server's disk; the same call flips it back. */
static void flip(const char *path, long at)
{
    FILE *f = fopen(path, "r+");
    assert_non_null(f);
    assert_int_equal(fseek(f, at, SEEK_SET), 0);
    int c = fgetc(f);
    assert_int_equal(fseek(f, at, SEEK_SET), 0);
    fputc(c ^ 16, f);
    fclose(f);
}

static void the_bytes_of_a_damaged_member_come_anew(void **state)
{
    project *p = *state;
    flip("www/train.zip", 100000);
    assert_int_equal(fetch(p, "plain/train.zip", (en_fetch_options){0}), EN_INPUT);
    assert_int_equal(project_check(p, 1), PHOTOGRAPHS - 1);
    flip("www/train.zip", 100000);
    assert_int_equal(truncate(request_log, 0), 0);
    assert_int_equal(fetch(p, "plain/train.zip", (en_fetch_options){0}), EN_OK);
    assert_int_equal(p->result.fetched, 1);
    assert_int_equal(p->result.present, PHOTOGRAPHS - 1);
    assert_true(asked_for() < 2 * BYTES + 40000);
    assert_int_equal(project_check(p, 1), PHOTOGRAPHS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(only_the_bytes_of_the_members_come, set_up, project_tear_down),
        cmocka_unit_test_setup_teardown(a_dry_run_downloads_the_directory_alone, set_up, project_tear_down),
        cmocka_unit_test_setup_teardown(something_for_every_name_is_no_volume, set_up, project_tear_down),
        cmocka_unit_test_setup_teardown(a_server_without_pieces_sends_it_all, set_up, project_tear_down),
        cmocka_unit_test_setup_teardown(what_fails_ends_with_one_line, set_up, project_tear_down),
        cmocka_unit_test_setup_teardown(the_bytes_of_a_damaged_member_come_anew, set_up, project_tear_down),
    };
    return cmocka_run_group_tests(tests, start_server, stop_server);
}
