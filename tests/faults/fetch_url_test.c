/* Fetching from a web server that misbehaves: what comes, comes whole, and what came need not come again. */
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
#include "catalog/source.h"
#include "http_server.h"

static http_server server; /* one for all tests; each finds its folder, "www", empty */
static char www[64], request_log[80];

static int start_server(void **state)
{
    (void)state;
    strcpy(www, "/tmp/eyenet-www-XXXXXX");
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
    return project_set_up(state) != 0 || en_file_remove_tree(www, &err) != EN_OK || mkdir(www, 0777) != 0 ||
           symlink(www, "www") != 0;
}

static const en_http_options quick = {.backoff_ms = 10, .retries = 2, .stall_ms = 1000};

static en_status get(project *p, const char *what)
{
    char *url = en_format("http://127.0.0.1:%d/%s", server.port, what);
    en_status st = project_fetch_with(p, (en_fetch_options){.source = url, .http = quick});
    en_free(url);
    return st;
}

static void fetched(project *p, const char *what, int64_t photographs, int64_t brought)
{
    if (get(p, what) != EN_OK) {
        fail_msg("fetch %s: %s", what, p->err.text);
    }
    assert_int_equal(p->result.photographs, photographs);
    assert_int_equal(p->result.fetched, brought);
    en_names left = {0}; /* what was downloaded is gone once its photographs are in */
    assert_int_equal(en_file_list("p/downloads", &left, &p->err), EN_OK);
    assert_int_equal(left.count, 0);
    en_names_free(&left);
}

static void refused(project *p, const char *what, en_status status, const char *words)
{
    en_status st = get(p, what);
    if (st != status || strstr(p->err.text, words) == NULL) {
        fail_msg("'%s': expected status %d with \"%s\", got %d: %s", what, (int)status, words, (int)st, p->err.text);
    }
}

static void an_archive_comes_and_is_not_fetched_twice(void **state)
{
    project *p = *state;
    put_zip("www/eyes.zip", 1, 5, 1000, 0);
    fetched(p, "plain/eyes.zip", 5, 5);
    assert_true(p->result.downloaded > 5000);
    assert_int_equal(project_check(p, 1), 5);
    fetched(p, "plain/eyes.zip", 5, 0);
    assert_int_equal(p->result.downloaded, 0);
    assert_true(p->result.unchanged);
    assert_int_equal(unlink("p/photos/1/train/3_left.jpeg"), 0); /* then it is needed again */
    fetched(p, "plain/eyes.zip", 5, 1);
    assert_int_equal(project_check(p, 1), 5);
}

static void put_links(const char *order)
{
    en_error err;
    en_buf text;
    en_buf_init(&text, 1 << 16);
    assert_int_equal(en_buf_text(&text, "# each with a signature of its own\n\n", &err), EN_OK);
    for (const char *c = order; *c != '\0'; c++) {
        assert_int_equal(
            en_buf_printf(&text, &err, "http://127.0.0.1:%d/plain/train.zip.00%c?sig=hush%c\r\n", server.port, *c, *c),
            EN_OK);
    }
    assert_int_equal(en_file_write("links.txt", text.data, text.size, &err), EN_OK);
    en_buf_clear(&text);
}

static void links_of_a_text_file_are_volumes(void **state)
{
    project *p = *state;
    put_zip("www/train.zip", 1, 20, 3000, 10000);
    put_links("3152467");
    if (project_fetch_with(p, (en_fetch_options){.source = "links.txt", .http = quick}) != EN_OK) {
        fail_msg("%s", p->err.text);
    }
    assert_int_equal(p->result.volumes, 7);
    assert_int_equal(project_check(p, 1), 20);
    assert_int_equal(project_fetch_with(p, (en_fetch_options){.source = "links.txt", .http = quick}), EN_OK);
    assert_true(p->result.unchanged);
    put_links("13");
    project_refuses(p, "links.txt", EN_INPUT, "volume 2 is missing or another file: found 'train.zip.003'");
    en_buf catalog;
    en_buf_init(&catalog, 64 << 20);
    assert_int_equal(en_file_read("p/eyenet.db", &catalog, &p->err), EN_OK);
    assert_null(memmem(catalog.data, catalog.size, "hush", 4));
    en_buf_clear(&catalog);
}

static void a_photograph_has_the_name_that_its_server_gives_it(void **state)
{
    project *p = *state;
    put_photograph("www/download", 7, 1000);
    fetched(p, "named/download", 1, 1);
    assert_true(en_file_exists("p/photos/1/7_left.jpeg"));
}

static void without_validators_the_bytes_tell(void **state)
{
    project *p = *state;
    put_zip("www/eyes.zip", 1, 5, 1000, 0);
    fetched(p, "norange/eyes.zip", 5, 5);
    fetched(p, "norange/eyes.zip", 5, 0);
    assert_true(p->result.downloaded > 0);
    assert_int_equal(p->result.source_id, 1);
}

static void volumes_come_until_there_are_no_more(void **state)
{
    project *p = *state;
    put_zip("www/train.zip", 1, 20, 3000, 10000);
    fetched(p, "plain/train.zip.002", 20, 20);
    assert_int_equal(p->result.volumes, 7);
    assert_int_equal(project_check(p, 1), 20);
    fetched(p, "plain/train.zip.001", 20, 0);
    assert_true(p->result.unchanged);
    assert_int_equal(p->result.volumes, 7);
    put_zip("www/train.zip", 1, 10, 3000, 10000); /* a shorter one in its place */
    fetched(p, "plain/train.zip.001", 10, 10);
    assert_int_equal(p->result.source_id, 2);
    assert_non_null(strstr(en_buf_str(&p->said), "has changed since it was fetched as source 1"));
    assert_int_equal(project_check(p, 2), 30);
}

static void volumes_may_be_of_several_lengths(void **state)
{
    project *p = *state;
    static const size_t cut[] = {0, 12000, 19000, 32000};
    en_buf zip;
    en_buf_init(&zip, 1 << 20);
    put_zip("odd.zip", 1, 20, 3000, 0);
    assert_int_equal(en_file_read("odd.zip", &zip, &p->err), EN_OK);
    for (size_t i = 0; i < 4; i++) {
        char path[64];
        snprintf(path, sizeof path, "www/odd.zip.%03zu", i + 1);
        const size_t end = i < 3 ? cut[i + 1] : zip.size;
        assert_int_equal(en_file_write(path, zip.data + cut[i], end - cut[i], &p->err), EN_OK);
    }
    en_buf_clear(&zip);
    fetched(p, "plain/odd.zip.001", 20, 20);
    assert_int_equal(p->result.volumes, 4);
    assert_int_equal(project_check(p, 1), 20);
}

static void what_is_left_of_a_longer_sequence_is_no_part_of_a_shorter_one(void **state)
{
    project *p = *state;
    put_zip("www/train.zip", 1, 20, 3000, 10000);
    p->stop_after = 6; /* in its sixth volume */
    refused(p, "plain/train.zip.001", EN_INTERRUPTED, "interrupted");
    p->stop_after = 0;
    put_zip("www/train.zip", 1, 10, 3000, 10000);
    fetched(p, "plain/train.zip.001", 10, 10);
    assert_int_equal(p->result.volumes, 4);
    assert_int_equal(project_check(p, 1), 10);
}

/* From now on "told/NAME" is answered so; 0: as it should be. */
static void answer(const char *name, int status)
{
    en_error err;
    char *path = en_format("www/%s.answer", name), number[16];
    snprintf(number, sizeof number, "%d", status);
    assert_int_equal(status != 0 ? en_file_write(path, number, strlen(number), &err) : (en_status)unlink(path), EN_OK);
    en_free(path);
}

/* Seven volumes, six of 10,000 bytes, of which `kept` are here: a fetch brings the others only. */
static void brings_the_rest(project *p, int kept)
{
    int64_t last;
    assert_int_equal(en_file_size("www/train.zip.007", &last, &p->err), EN_OK);
    fetched(p, "told/train.zip.001", 20, 20);
    assert_int_equal(p->result.downloaded, (6 - kept) * 10000 + last);
    assert_int_equal(project_check(p, 1), 20);
}

static void a_volume_denied_for_a_while_costs_nothing_that_came(void **state)
{
    project *p = *state;
    put_zip("www/train.zip", 1, 20, 3000, 10000);
    answer("train.zip.004", 403); /* as of a signed URL that has expired */
    refused(p, "told/train.zip.001", EN_DENIED, "train.zip.004': the server denies it (403)");
    answer("train.zip.001", 403); /* and then even the first */
    refused(p, "told/train.zip.001", EN_DENIED, "train.zip.001': the server denies it (403)");
    answer("train.zip.001", 404);
    refused(p, "told/train.zip.001", EN_INPUT, "it does not exist on the server (404)");
    answer("train.zip.001", 0);
    answer("train.zip.004", 0);
    brings_the_rest(p, 3);
}

static void a_volume_missing_for_a_while_costs_nothing_that_came(void **state)
{
    project *p = *state;
    put_zip("www/train.zip", 1, 20, 3000, 10000);
    p->stop_after = 6; /* in its sixth volume */
    refused(p, "told/train.zip.001", EN_INTERRUPTED, "interrupted");
    p->stop_after = 0;
    answer("train.zip.003", 404);
    refused(p, "told/train.zip.001", EN_INPUT,
            "the server has no 'train.zip.003' and without it the archive is incomplete");
    assert_non_null(strstr(p->err.text, "what came is kept in '"));
    answer("train.zip.003", 0);
    en_status st = get(p, "told/train.zip.001");
    assert_int_equal(st, EN_OK);
    assert_true(p->result.downloaded < 20000); /* the rest of the sixth, and the seventh */
    assert_int_equal(project_check(p, 1), 20);
}

static void a_store_that_denies_what_it_lacks_ends_a_whole_zip(void **state)
{
    project *p = *state;
    put_zip("www/train.zip", 1, 20, 3000, 10000);
    answer("train.zip.008", 403);
    fetched(p, "told/train.zip.001", 20, 20);
    assert_non_null(strstr(en_buf_str(&p->said), "what came before it is whole without it"));
    fetched(p, "told/train.zip.001", 20, 0);
    assert_true(p->result.unchanged);
    assert_int_equal(project_check(p, 1), 20);
}

static bool asked(const char *path)
{
    en_error err;
    en_buf log;
    en_buf_init(&log, 16 << 20);
    assert_int_equal(en_file_read(request_log, &log, &err), EN_OK);
    bool found = strstr(en_buf_str(&log), path) != NULL;
    en_buf_clear(&log);
    return found;
}

/* Seven volumes, and an eighth that is a page, a page under another type, a text, or the first volume; how the sequence
 * ends for a zip, and for a tar, of which only the lengths of volumes tell. */
static void something_for_every_name_is_no_volume(void **state)
{
    project *p = *state;
    static const char *const why[] = {"a web page", "a web page", "the last", "another volume"};
    put_zip("www/train.zip", 1, 20, 3000, 10000);
    put_zip("www/one.zip", 30, 2, 3000, 10000); /* a single volume */
    for (int kind = 1; kind <= 4; kind++) {
        char path[64];
        snprintf(path, sizeof path, "always%d/train.zip.001", kind);
        fetched(p, path, 20, 20);
        assert_int_equal(p->result.volumes, 7);
        assert_non_null(strstr(en_buf_str(&p->said), "train.zip.008' "));
        assert_non_null(strstr(en_buf_str(&p->said), why[kind - 1]));
        fetched(p, path, 20, 0);
        assert_int_equal(p->result.volumes, 7);
        assert_int_equal(p->result.downloaded, 0);
        snprintf(path, sizeof path, "always%d/one.zip.001", kind);
        fetched(p, path, 2, 2);
        assert_int_equal(p->result.volumes, 1);
        fetched(p, path, 2, 0);
    }
    assert_false(asked("train.zip.009"));
    assert_false(asked("one.zip.003"));
    assert_int_equal(project_check(p, 8), 88);
}

static void a_page_for_a_volume_costs_nothing_that_came(void **state)
{
    project *p = *state;
    put_zip("www/train.zip", 1, 20, 3000, 10000);
    assert_int_equal(rename("www/train.zip.004", "kept"), 0);
    refused(p, "always1/train.zip.001", EN_INPUT,
            "the server answers 'train.zip.004' with a web page or a message and without it the archive is incomplete");
    refused(p, "always2/train.zip.001", EN_INPUT, "the server answers 'train.zip.004' with a web page or a message");
    refused(p, "always4/train.zip.001", EN_INPUT, "with the bytes of another volume and without it");
    refused(p, "html/train.zip.001", EN_INPUT, "train.zip.001' is a web page");
    assert_int_equal(rename("kept", "www/train.zip.004"), 0);
    assert_int_equal(get(p, "always1/train.zip.001"), EN_OK);
    int64_t last;
    assert_int_equal(en_file_size("www/train.zip.007", &last, &p->err), EN_OK);
    assert_int_equal(p->result.downloaded, 30000 + last);
    assert_int_equal(project_check(p, 1), 20);
    assert_false(asked("html/train.zip.002"));
}

static int64_t downloads(project *p)
{
    en_names left = {0};
    assert_int_equal(en_file_list("p/downloads", &left, &p->err), EN_OK);
    int64_t count = (int64_t)left.count;
    en_names_free(&left);
    return count;
}

static void volumes_that_are_whole_and_no_good_are_not_kept(void **state)
{
    project *p = *state;
    put_zip("www/none.zip", 1, 0, 3000, 50); /* of labels only */
    refused(p, "plain/none.zip.001", EN_INPUT, "there are no photographs in");
    assert_int_equal(downloads(p), 0);
    assert_int_equal(en_file_write("www/text.zip.001", "plain text, no archive", 22, &p->err), EN_OK);
    refused(p, "plain/text.zip.001", EN_INPUT, "neither a photograph");
    assert_int_equal(downloads(p), 0);
}

static void one_changed_volume_brings_all_of_them_again(void **state)
{
    project *p = *state;
    put_zip("www/train.zip", 1, 20, 3000, 10000);
    fetched(p, "plain/train.zip.001", 20, 20);
    put_zip("new.zip", 1, 19, 3000, 10000); /* the same first volumes, another end */
    for (int n = 1; n < 10; n++) {
        char from[32], to[32];
        snprintf(from, sizeof from, "new.zip.%03d", n);
        snprintf(to, sizeof to, "www/train.zip.%03d", n);
        (void)(rename(from, to) == 0 || unlink(to) == 0);
    }
    fetched(p, "plain/train.zip.001", 19, 19);
    assert_int_equal(p->result.source_id, 2);
    assert_int_equal(project_check(p, 2), 39);
}

static void a_broken_download_goes_on_where_it_stopped(void **state)
{
    project *p = *state;
    put_zip("www/eyes.zip", 1, 20, 2000, 0);
    refused(p, "drop9000/eyes.zip", EN_NETWORK, "cannot download"); /* after three tries: 27,000 bytes */
    assert_int_equal(project_check(p, 1), 0);
    fetched(p, "drop9000/eyes.zip", 20, 20);
    assert_true(p->result.downloaded < 20000);
    assert_int_equal(project_check(p, 1), 20);
}

static void a_photograph_by_url_is_called_like_its_file(void **state)
{
    project *p = *state;
    put_photograph("www/10_left.jpeg", 1, 1000);
    fetched(p, "plain/10_left.jpeg", 1, 1);
    assert_int_equal(p->result.form, EN_FETCH_PHOTOGRAPH);
    assert_true(en_file_exists("p/photos/1/10_left.jpeg"));
    fetched(p, "plain/10_left.jpeg", 1, 0);
    assert_int_equal(p->result.form, EN_FETCH_PHOTOGRAPH);
    put_photograph("www/10_left.jpeg", 2, 1000);
    fetched(p, "plain/10_left.jpeg", 1, 1);
    assert_int_equal(p->result.source_id, 2);
    assert_int_equal(project_check(p, 2), 2);
}

static void what_the_server_says_no_to_leaves_nothing(void **state)
{
    project *p = *state;
    put_photograph("www/text.zip", 1, 1000);
    assert_int_equal(en_file_write("www/text.zip", "plain text, no archive", 22, &p->err), EN_OK);
    refused(p, "plain/none.zip", EN_INPUT, "it does not exist on the server (404)");
    refused(p, "status/403/eyes.zip", EN_DENIED, "the server denies it (403)");
    refused(p, "status/500/eyes.zip", EN_NETWORK, "the server answered 500");
    refused(p, "html/eyes.zip", EN_INPUT, "is a web page");
    refused(p, "plain/text.zip", EN_INPUT, "neither a photograph (JPEG, PNG, TIFF, WebP, BMP, DICOM) nor an archive");
    assert_int_equal(project_check(p, 1), 0);
    assert_int_equal(downloads(p), 0);
}

static void blanks_and_letters_of_every_alphabet_are_encoded(void **state)
{
    project *p = *state;
    put_zip("www/my \xc3\xa9yes 100%.zip", 1, 20, 3000, 10000);
    fetched(p, "plain/my \xc3\xa9yes 100%.zip.002 ", 20, 20);
    assert_int_equal(p->result.volumes, 7);
    fetched(p, "plain/my%20%C3%A9yes%20100%25.zip.001", 20, 0); /* the same */
    assert_int_equal(p->result.source_id, 1);
    put_photograph("www/7 \xc3\xa9 left.jpeg", 7, 1000);
    fetched(p, "literally/7 \xc3\xa9 left.jpeg", 1, 1);
    assert_true(en_file_exists("p/photos/2/7 \xc3\xa9 left.jpeg"));
    en_buf links;
    en_buf_init(&links, 1 << 10);
    assert_int_equal(en_buf_printf(&links, &p->err, "http://127.0.0.1:%d/plain/7 \xc3\xa9 left.jpeg \n", server.port),
                     EN_OK);
    assert_int_equal(en_file_write("links.txt", links.data, links.size, &p->err), EN_OK);
    en_buf_clear(&links);
    assert_int_equal(project_fetch_with(p, (en_fetch_options){.source = "links.txt", .http = quick}), EN_OK);
    assert_int_equal(p->result.fetched, 1);
    project_refuses(p, "http://exa mple.org/a.zip", EN_INPUT, "this is not a readable http or https URL: ");
    project_refuses(p, "http://", EN_INPUT, "this is not a readable http or https URL: ");
    assert_int_equal(project_check(p, 3), 22);
}

static void no_password_reaches_the_catalog_or_a_message(void **state)
{
    project *p = *state;
    put_photograph("www/10_left.jpeg", 1, 1000);
    char *url = en_format("http://user:secret@127.0.0.1:%d/auth/10_left.jpeg?id=3&token=hush", server.port);
    assert_int_equal(project_fetch_with(p, (en_fetch_options){.source = url, .http = quick}), EN_OK);
    en_free(url);
    en_catalog_source row;
    char *uri = en_format("http://127.0.0.1:%d/auth/10_left.jpeg?id=3&token=-", server.port);
    assert_int_equal(en_catalog_source_find(p->project.catalog, uri, &row, &p->err), EN_OK);
    assert_int_equal(row.kind, EN_SOURCE_HTTP);
    assert_int_equal(row.state, EN_SOURCE_WHOLE);
    en_catalog_source_clear(&row);
    en_free(uri);
}

static void a_stop_while_downloading_keeps_what_came(void **state)
{
    project *p = *state;
    put_zip("www/big.zip", 1, 40, 100000, 0);
    p->stop_after = 3;
    refused(p, "plain/big.zip", EN_INTERRUPTED, "interrupted");
    p->stop_after = 0;
    fetched(p, "plain/big.zip", 40, 40);
    assert_true(p->result.downloaded < 4000000);
    assert_int_equal(project_check(p, 1), 40);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, project_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_archive_comes_and_is_not_fetched_twice),
        TEST(links_of_a_text_file_are_volumes),
        TEST(a_photograph_has_the_name_that_its_server_gives_it),
        TEST(without_validators_the_bytes_tell),
        TEST(volumes_come_until_there_are_no_more),
        TEST(volumes_may_be_of_several_lengths),
        TEST(what_is_left_of_a_longer_sequence_is_no_part_of_a_shorter_one),
        TEST(a_volume_denied_for_a_while_costs_nothing_that_came),
        TEST(a_volume_missing_for_a_while_costs_nothing_that_came),
        TEST(a_store_that_denies_what_it_lacks_ends_a_whole_zip),
        TEST(something_for_every_name_is_no_volume),
        TEST(a_page_for_a_volume_costs_nothing_that_came),
        TEST(volumes_that_are_whole_and_no_good_are_not_kept),
        TEST(one_changed_volume_brings_all_of_them_again),
        TEST(a_broken_download_goes_on_where_it_stopped),
        TEST(a_photograph_by_url_is_called_like_its_file),
        TEST(what_the_server_says_no_to_leaves_nothing),
        TEST(blanks_and_letters_of_every_alphabet_are_encoded),
        TEST(no_password_reaches_the_catalog_or_a_message),
        TEST(a_stop_while_downloading_keeps_what_came),
    };
    return cmocka_run_group_tests(tests, start_server, stop_server);
}
