/* Volumes of a cut archive: found from any of them, gaps named, read as one stream. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "archive/volumes.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

static char scratch[64];

static int make_scratch(void **state)
{
    (void)state;
    strcpy(scratch, "/tmp/eyenet-volumes-XXXXXX");
    return mkdtemp(scratch) == NULL || chdir(scratch) != 0;
}

static int drop_scratch(void **state)
{
    (void)state;
    en_error err;
    return chdir("/") != 0 || en_file_remove_tree(scratch, &err) != EN_OK;
}

static void put(const char *path, const char *text)
{
    en_error err;
    assert_int_equal(en_file_write(path, text, strlen(text), &err), EN_OK);
}

static void only_three_digits_at_the_end_make_a_volume(void **state)
{
    (void)state;
    assert_int_equal(en_volume_number("train.zip.001"), 1);
    assert_int_equal(en_volume_number("/data.1/train.zip.042"), 42);
    assert_int_equal(en_volume_number("train.zip.999"), 999);
    assert_int_equal(en_volume_number("train.zip"), 0);
    assert_int_equal(en_volume_number("train.zip.000"), 0);
    assert_int_equal(en_volume_number("train.zip.01"), 0);
    assert_int_equal(en_volume_number("train.zip.0001"), 0);
    assert_int_equal(en_volume_number(".001"), 0);
    assert_int_equal(en_volume_number("a.0x1"), 0);
}

static void every_volume_leads_to_the_whole_sequence(void **state)
{
    (void)state;
    const char *from[] = {"t.zip.001", "t.zip.003", "./t.zip.002", "t.zip"};
    put("t.zip.001", "abc");
    put("t.zip.002", "");
    put("t.zip.003", "defgh");
    put("tt.zip.004", "another");
    put("t.zip.004.part-7", "no volume");
    for (size_t i = 0; i < sizeof from / sizeof *from; i++) {
        en_error err;
        en_volumes v;
        assert_int_equal(en_volumes_find(from[i], &v, &err), EN_OK);
        assert_int_equal(v.count, 3);
        assert_int_equal(v.bytes, 8);
        assert_int_equal(v.item[2].bytes, 5);
        assert_string_equal(en_path_base(v.path), "t.zip");
        assert_string_equal(en_path_base(v.item[1].path), "t.zip.002");
        en_volumes_clear(&v);
    }
}

static void a_plain_file_is_a_sequence_of_one(void **state)
{
    (void)state;
    en_error err;
    en_volumes v;
    put("plain.zip", "1234");
    put("plain.zip.001", "not looked at: the file itself is there");
    assert_int_equal(en_volumes_find("plain.zip", &v, &err), EN_OK);
    assert_int_equal(v.count, 1);
    assert_int_equal(v.bytes, 4);
    en_volumes_clear(&v);
}

static void a_gap_names_the_missing_volume(void **state)
{
    (void)state;
    en_error err;
    en_volumes v;
    put("gap.zip.001", "a");
    put("gap.zip.002", "b");
    put("gap.zip.004", "d");
    assert_int_equal(en_volumes_find("gap.zip.001", &v, &err), EN_INPUT);
    assert_non_null(strstr(err.text, "'gap.zip.003' is missing"));
    put("late.zip.002", "b");
    assert_int_equal(en_volumes_find("late.zip.002", &v, &err), EN_INPUT);
    assert_non_null(strstr(err.text, "'late.zip.001' is missing"));
}

/* As they come from a file system that does not tell cases apart. */
static void volumes_of_a_split_zip_may_be_in_either_case(void **state)
{
    (void)state;
    en_error err;
    en_volumes v;
    put("either.Z01", "a");
    put("either.z02", "b");
    put("either.zip", "c");
    const char *const by[] = {"either.zip", "either.Z01", "either.z02"};
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(en_volumes_find(by[i], &v, &err), EN_OK);
        assert_int_equal(v.count, 3);
        assert_string_equal(v.path, "either.zip");
        assert_string_equal(v.item[0].path, "either.Z01");
        assert_string_equal(v.item[1].path, "either.z02");
        en_volumes_clear(&v);
    }
}

static void what_is_no_file_is_refused_by_name(void **state)
{
    (void)state;
    en_error err;
    en_volumes v;
    assert_int_equal(en_volumes_find("nowhere.zip", &v, &err), EN_INPUT);
    assert_string_equal(err.text, "there is no file 'nowhere.zip'");
    assert_int_equal(mkdir("folder.zip", 0777), 0);
    assert_int_equal(en_volumes_find("folder.zip", &v, &err), EN_INPUT);
    assert_non_null(strstr(err.text, "not a regular file"));
    assert_int_equal(mkdir("f.zip.001", 0777), 0);
    assert_int_equal(en_volumes_find("f.zip.001", &v, &err), EN_INPUT);
}

static void the_stream_runs_over_the_seams(void **state)
{
    (void)state;
    en_error err;
    en_volumes v;
    en_volume_stream *stream;
    char got[32];
    size_t n;
    put("s.001", "0123");
    put("s.002", "45");
    put("s.003", "");
    put("s.004", "6789");
    assert_int_equal(en_volumes_find("s.001", &v, &err), EN_OK);
    assert_int_equal(en_volume_stream_open(&v, &stream, &err), EN_OK);
    for (size_t from = 0; from <= 10; from++) { /* every start, every length */
        for (size_t length = 1; length <= 12; length++) {
            size_t expected = length < 10 - from ? length : 10 - from;
            en_volume_stream_seek(stream, (int64_t)from);
            assert_int_equal(en_volume_stream_read(stream, got, length, &n, &err), EN_OK);
            assert_int_equal(n, expected);
            assert_memory_equal(got, &"0123456789"[from], n);
            assert_int_equal(en_volume_stream_tell(stream), from + n);
        }
    }
    en_volume_stream_seek(stream, 99);
    assert_int_equal(en_volume_stream_tell(stream), 10);
    en_volume_stream_seek(stream, -1);
    assert_int_equal(en_volume_stream_tell(stream), 0);
    en_volume_stream_close(stream);
    en_volumes_clear(&v);
}

static void a_volume_that_shrinks_meanwhile_is_named(void **state)
{
    (void)state;
    en_error err;
    en_volumes v;
    en_volume_stream *stream;
    char got[32];
    size_t n;
    put("w.001", "0123");
    put("w.002", "4567");
    assert_int_equal(en_volumes_find("w.001", &v, &err), EN_OK);
    assert_int_equal(en_volume_stream_open(&v, &stream, &err), EN_OK);
    assert_int_equal(truncate("w.002", 1), 0);
    assert_int_equal(en_volume_stream_read(stream, got, 8, &n, &err), EN_INPUT);
    assert_non_null(strstr(err.text, "'w.002' became shorter"));
    en_volume_stream_close(stream);
    en_volumes_clear(&v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_three_digits_at_the_end_make_a_volume),
        cmocka_unit_test(every_volume_leads_to_the_whole_sequence),
        cmocka_unit_test(a_plain_file_is_a_sequence_of_one),
        cmocka_unit_test(a_gap_names_the_missing_volume),
        cmocka_unit_test(volumes_of_a_split_zip_may_be_in_either_case),
        cmocka_unit_test(what_is_no_file_is_refused_by_name),
        cmocka_unit_test(the_stream_runs_over_the_seams),
        cmocka_unit_test(a_volume_that_shrinks_meanwhile_is_named),
    };
    return cmocka_run_group_tests(tests, make_scratch, drop_scratch);
}
