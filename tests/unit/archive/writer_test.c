/* Zips we write: the same bytes every time, cut exactly, whole or not there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "archive/writer.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "archive/reader.h"
#include "base/file.h"
#include "base/hash.h"

static char scratch[64];

static int make_scratch(void **state)
{
    (void)state;
    strcpy(scratch, "/tmp/eyenet-writer-XXXXXX");
    return mkdtemp(scratch) == NULL || chdir(scratch) != 0;
}

static int drop_scratch(void **state)
{
    (void)state;
    en_error err;
    return chdir("/") != 0 || en_file_remove_tree(scratch, &err) != EN_OK;
}

/* Two members, the second of 5,000 bytes. */
static size_t write_zip(const char *path, int64_t volume_bytes)
{
    en_error err;
    en_zip_writer *zip;
    unsigned char data[5000];
    size_t volumes = 0;
    for (size_t i = 0; i < sizeof data; i++) {
        data[i] = (unsigned char)(i * 31 + i / 256);
    }
    assert_int_equal(en_zip_new(path, volume_bytes, &zip, &err), EN_OK);
    assert_int_equal(en_zip_add(zip, "train/2_left.jpeg", "hello", 5, &err), EN_OK);
    assert_int_equal(en_zip_add(zip, "train/1_left.jpeg", data, sizeof data, &err), EN_OK);
    assert_int_equal(en_zip_commit(zip, &volumes, &err), EN_OK);
    en_zip_free(zip);
    return volumes;
}

static void sum(const char *path, char hex[EN_SHA256_HEX])
{
    en_error err;
    assert_int_equal(en_sha256_file(path, hex, &err), EN_OK);
}

static void the_same_members_give_the_same_bytes_in_any_time_zone(void **state)
{
    (void)state;
    char first[EN_SHA256_HEX], second[EN_SHA256_HEX];
    setenv("TZ", "Asia/Tokyo", 1);
    tzset();
    assert_int_equal(write_zip("a.zip", 0), 1);
    setenv("TZ", "America/New_York", 1);
    tzset();
    assert_int_equal(write_zip("b.zip", 0), 1);
    sum("a.zip", first);
    sum("b.zip", second);
    assert_string_equal(first, second);
}

static void volumes_are_the_file_cut_at_the_size_asked_for(void **state)
{
    (void)state;
    en_error err;
    en_buf whole, pieces;
    en_buf_init(&whole, 1 << 20);
    en_buf_init(&pieces, 1 << 20);
    assert_int_equal(write_zip("whole.zip", 0), 1);
    size_t count = write_zip("cut.zip", 1000);
    assert_int_equal(en_file_read("whole.zip", &whole, &err), EN_OK);
    assert_int_equal(count, (whole.size + 999) / 1000);
    en_volumes v;
    assert_int_equal(en_volumes_find("cut.zip.001", &v, &err), EN_OK);
    assert_int_equal(v.count, count);
    for (size_t i = 0; i < v.count; i++) {
        assert_true(i + 1 == v.count ? v.item[i].bytes > 0 && v.item[i].bytes <= 1000 : v.item[i].bytes == 1000);
        assert_int_equal(en_file_read(v.item[i].path, &pieces, &err), EN_OK);
    }
    assert_int_equal(pieces.size, whole.size);
    assert_memory_equal(pieces.data, whole.data, whole.size);
    en_volumes_clear(&v);
    en_buf_clear(&whole);
    en_buf_clear(&pieces);
}

static void members_read_back_in_the_order_given(void **state)
{
    (void)state;
    en_error err;
    en_volumes v;
    en_archive *a;
    const en_member *m;
    char got[8];
    size_t n;
    write_zip("back.zip", 777);
    assert_int_equal(en_volumes_find("back.zip.001", &v, &err), EN_OK);
    assert_int_equal(en_archive_open(&v, NULL, &a, &err), EN_OK);
    assert_int_equal(en_archive_next(a, &m, &err), EN_OK);
    assert_string_equal(m->path, "train/2_left.jpeg");
    assert_int_equal(m->bytes, 5);
    assert_int_equal(en_archive_read(a, got, sizeof got, &n, &err), EN_OK);
    assert_int_equal(n, 5);
    assert_memory_equal(got, "hello", 5);
    assert_int_equal(en_archive_next(a, &m, &err), EN_OK);
    assert_string_equal(m->path, "train/1_left.jpeg");
    assert_int_equal(en_archive_next(a, &m, &err), EN_DONE);
    en_archive_free(a);
    en_volumes_clear(&v);
}

static void a_shorter_sequence_leaves_no_volume_of_a_longer_one(void **state)
{
    (void)state;
    size_t many = write_zip("again.zip", 500), few = write_zip("again.zip", 2000);
    assert_true(few < many);
    en_error err;
    en_volumes v;
    assert_int_equal(en_volumes_find("again.zip.001", &v, &err), EN_OK);
    assert_int_equal(v.count, few);
    en_volumes_clear(&v);
}

static void without_a_commit_nothing_is_left(void **state)
{
    (void)state;
    en_error err;
    en_zip_writer *zip;
    en_names names;
    assert_int_equal(en_zip_new("never.zip", 10, &zip, &err), EN_OK);
    assert_int_equal(en_zip_add(zip, "a.jpeg", "0123456789abcdef", 16, &err), EN_OK);
    en_zip_free(zip);
    assert_int_equal(en_file_list(".", &names, &err), EN_OK);
    for (size_t i = 0; i < names.count; i++) {
        assert_null(strstr(names.name[i], "never.zip"));
    }
    en_names_free(&names);
}

static void too_many_volumes_and_unsafe_paths_are_refused(void **state)
{
    (void)state;
    en_error err;
    en_zip_writer *zip;
    char data[2000] = {0};
    assert_int_equal(en_zip_new("tiny.zip", 1, &zip, &err), EN_OK);
    assert_int_equal(en_zip_add(zip, "a.jpeg", data, sizeof data, &err), EN_INPUT);
    assert_non_null(strstr(err.text, "more than 999 volumes"));
    en_zip_free(zip);
    assert_int_equal(en_zip_new("path.zip", 0, &zip, &err), EN_OK);
    assert_int_equal(en_zip_add(zip, "../a.jpeg", data, 1, &err), EN_INPUT);
    en_zip_free(zip);
}

static void a_folder_that_is_not_there_is_an_error(void **state)
{
    (void)state;
    en_error err;
    en_zip_writer *zip;
    assert_int_equal(en_zip_new("no/such/folder.zip", 0, &zip, &err), EN_PATH);
    assert_null(zip);
    assert_non_null(strstr(err.text, "no/such/folder.zip"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_members_give_the_same_bytes_in_any_time_zone),
        cmocka_unit_test(volumes_are_the_file_cut_at_the_size_asked_for),
        cmocka_unit_test(members_read_back_in_the_order_given),
        cmocka_unit_test(a_shorter_sequence_leaves_no_volume_of_a_longer_one),
        cmocka_unit_test(without_a_commit_nothing_is_left),
        cmocka_unit_test(too_many_volumes_and_unsafe_paths_are_refused),
        cmocka_unit_test(a_folder_that_is_not_there_is_an_error),
    };
    return cmocka_run_group_tests(tests, make_scratch, drop_scratch);
}
