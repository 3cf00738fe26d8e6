/* The folder of phantom eyes: the same bytes whatever the threads, filed as Kaggle does, whole or not there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "archive/reader.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/memory.h"
#include "phantom/set.h"
#include "phantom/plan.h"

enum { PATIENTS = 20, WIDTH = 96, SEED = 7 };

static en_error err;
static char home[64];

static int make_home(void **state)
{
    (void)state;
    strcpy(home, "/tmp/eyenet-phantom-XXXXXX");
    return mkdtemp(home) == NULL;
}

static int drop_home(void **state)
{
    (void)state;
    return en_file_remove_tree(home, &err) != EN_OK;
}

static char *in_home(const char *name) { return en_path_join(home, name); }

static en_status draw(const char *name, uint64_t seed, unsigned threads, int64_t volume_bytes,
                      en_phantom_result *result)
{
    char *dir = in_home(name);
    en_phantom_options options = {.dir = dir,
                                  .patients = PATIENTS,
                                  .seed = seed,
                                  .volume_bytes = volume_bytes,
                                  .max_width = WIDTH,
                                  .threads = threads};
    en_status st = en_phantom(&options, result, &err);
    en_free(dir);
    return st;
}

static en_buf read_file(const char *set, const char *name)
{
    char *path = en_format("%s/%s/%s", home, set, name);
    en_buf buf;
    en_buf_init(&buf, (size_t)1 << 26);
    assert_int_equal(en_file_read(path, &buf, &err), EN_OK);
    en_free(path);
    return buf;
}

static bool same_file(const char *set_a, const char *name_a, const char *set_b, const char *name_b)
{
    en_buf a = read_file(set_a, name_a), b = read_file(set_b, name_b);
    bool same = a.size == b.size && memcmp(a.data, b.data, a.size) == 0;
    en_buf_clear(&a);
    en_buf_clear(&b);
    return same;
}

static void threads_change_nothing_and_the_seed_everything(void **state)
{
    (void)state;
    en_phantom_result one, three, other;
    assert_int_equal(draw("one", SEED, 1, 65536, &one), EN_OK);
    assert_int_equal(draw("three", SEED, 3, 65536, &three), EN_OK);
    assert_int_equal(draw("other", SEED + 1, 3, 0, &other), EN_OK);
    assert_int_equal(one.bytes, three.bytes);
    assert_true(same_file("one", "trainLabels.csv", "three", "trainLabels.csv"));
    assert_true(same_file("one", "train.zip.001", "three", "train.zip.001"));
    for (int i = 0; i < 2 * PATIENTS; i++) {
        char name[40];
        snprintf(name, sizeof name, "train/%d_%s.jpeg", i / 2 + 1, i % 2 == 0 ? "left" : "right");
        assert_true(same_file("one", name, "three", name));
        assert_false(same_file("one", name, "other", name));
    }
}

static void the_labels_are_written_as_kaggle_writes_them(void **state)
{
    (void)state;
    en_phantom_plan plan;
    assert_int_equal(en_phantom_plan_make(PATIENTS, SEED, &plan, &err), EN_OK);
    char want[2048];
    int at = snprintf(want, sizeof want, "image,level\n");
    for (int i = 0; i < PATIENTS; i++) {
        const uint8_t *grade = plan.patient[i].grade;
        size_t capacity = sizeof want - (size_t)at;
        at += snprintf(want + at, capacity, "%d_left,%d\n%d_right,%d\n", i + 1, grade[0], i + 1, grade[1]);
    }
    en_buf labels = read_file("one", "trainLabels.csv");
    assert_string_equal(en_buf_str(&labels), want);
    en_buf_clear(&labels);
    en_phantom_plan_clear(&plan);
}

static void the_volumes_are_one_zip_of_the_photographs_in_order(void **state)
{
    (void)state;
    char *path = in_home("one/train.zip.001");
    en_volumes volumes = {0};
    en_archive *archive = NULL;
    const en_member *member = NULL;
    assert_int_equal(en_volumes_find(path, &volumes, &err), EN_OK);
    assert_true(volumes.count >= 2);
    assert_int_equal(volumes.item[0].bytes, 65536);
    assert_int_equal(en_archive_open(&volumes, NULL, &archive, &err), EN_OK);
    for (int i = 0; i < 2 * PATIENTS; i++) {
        char name[40];
        snprintf(name, sizeof name, "train/%d_%s.jpeg", i / 2 + 1, i % 2 == 0 ? "left" : "right");
        assert_int_equal(en_archive_next(archive, &member, &err), EN_OK);
        assert_string_equal(member->path, name);
        en_buf file = read_file("one", name);
        char *data = en_alloc(file.size + 1);
        size_t got = 0, all = 0;
        while (en_archive_read(archive, data + all, file.size + 1 - all, &got, &err) == EN_OK && got > 0) {
            all += got;
        }
        assert_int_equal(all, file.size);
        assert_memory_equal(data, file.data, all);
        en_free(data);
        en_buf_clear(&file);
    }
    assert_int_equal(en_archive_next(archive, &member, &err), EN_DONE);
    en_archive_free(archive);
    en_volumes_clear(&volumes);
    en_free(path);
}

static void the_result_counts_what_is_there(void **state)
{
    (void)state;
    en_phantom_result r;
    assert_int_equal(draw("counted", SEED, 2, 0, &r), EN_OK);
    assert_int_equal(r.photographs, 2 * PATIENTS);
    assert_int_equal(r.by_grade[0] + r.by_grade[1] + r.by_grade[2] + r.by_grade[3] + r.by_grade[4], 2 * PATIENTS);
    assert_true(r.black == 1 && r.blurred == 1 && r.overexposed == 1 && r.truncated == 1 && r.both_eyes == 1);
    assert_int_equal(r.volumes, 0);
    char *dir = in_home("counted/train");
    en_names names = {0};
    assert_int_equal(en_file_list(dir, &names, &err), EN_OK);
    assert_int_equal(names.count, 2 * PATIENTS);
    en_names_free(&names);
    en_free(dir);
}

static void one_patients_photograph_is_filed_as_both_eyes(void **state)
{
    (void)state;
    unsigned twice = 0;
    for (int i = 1; i <= PATIENTS; i++) {
        char left[40], right[40];
        snprintf(left, sizeof left, "train/%d_left.jpeg", i);
        snprintf(right, sizeof right, "train/%d_right.jpeg", i);
        twice += same_file("one", left, "one", right);
    }
    assert_int_equal(twice, 1);
}

static void a_folder_with_something_in_it_is_left_alone(void **state)
{
    (void)state;
    char *dir = in_home("mine"), *path = in_home("mine/notes.txt");
    en_phantom_result r;
    assert_int_equal(en_file_mkdirs(dir, &err), EN_OK);
    assert_int_equal(en_file_write(path, "kept", 4, &err), EN_OK);
    assert_int_equal(draw("mine", SEED, 1, 0, &r), EN_INPUT);
    assert_non_null(strstr(err.text, "is not empty"));
    en_names names = {0};
    assert_int_equal(en_file_list(dir, &names, &err), EN_OK);
    assert_int_equal(names.count, 1);
    en_names_free(&names);
    assert_int_equal(draw("mine/notes.txt", SEED, 1, 0, &r), EN_INPUT);
    assert_non_null(strstr(err.text, "is not a folder"));
    en_free(dir);
    en_free(path);
}

static void an_unfinished_set_is_called_that(void **state)
{
    (void)state;
    char *dir = in_home("begun/train");
    en_phantom_result r;
    assert_int_equal(en_file_mkdirs(dir, &err), EN_OK);
    assert_int_equal(draw("begun", SEED, 1, 0, &r), EN_INPUT);
    assert_non_null(strstr(err.text, "unfinished set"));
    en_free(dir);
}

/* Asked to stop after some photographs. */
static bool stop_soon(void *ctx) { return atomic_fetch_add((atomic_int *)ctx, 1) > 12; }

static void stopping_takes_everything_back(void **state)
{
    (void)state;
    for (int existed = 0; existed < 2; existed++) {
        char *dir = in_home(existed ? "empty" : "missing");
        if (existed) {
            assert_int_equal(en_file_mkdirs(dir, &err), EN_OK);
        }
        atomic_int asked = 0;
        en_phantom_options options = {.dir = dir,
                                      .patients = PATIENTS,
                                      .seed = SEED,
                                      .volume_bytes = 65536,
                                      .max_width = WIDTH,
                                      .threads = 2,
                                      .events = {.stop = stop_soon, .ctx = &asked}};
        en_phantom_result r;
        assert_int_equal(en_phantom(&options, &r, &err), EN_INTERRUPTED);
        assert_true(en_file_exists(dir) == (existed == 1));
        if (existed) {
            en_names names = {0};
            assert_int_equal(en_file_list(dir, &names, &err), EN_OK);
            assert_int_equal(names.count, 0);
            en_names_free(&names);
        }
        en_free(dir);
    }
}

static void options_that_make_no_sense_are_refused(void **state)
{
    (void)state;
    en_phantom_result r;
    char *dir = in_home("nonsense");
    const en_phantom_options bad[] = {{.dir = NULL, .patients = 1},
                                      {.dir = "", .patients = 1},
                                      {.dir = dir, .patients = 0},
                                      {.dir = dir, .patients = -3},
                                      {.dir = dir, .patients = (int64_t)1 << 40},
                                      {.dir = dir, .patients = 1, .volume_bytes = 100},
                                      {.dir = dir, .patients = 1, .max_width = 3},
                                      {.dir = dir, .patients = 1, .volume_bytes = -1}};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(en_phantom(&bad[i], &r, &err), EN_USAGE);
        assert_false(en_file_exists(dir));
    }
    en_free(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_change_nothing_and_the_seed_everything), /* makes "one" for those after it */
        cmocka_unit_test(the_labels_are_written_as_kaggle_writes_them),
        cmocka_unit_test(the_volumes_are_one_zip_of_the_photographs_in_order),
        cmocka_unit_test(the_result_counts_what_is_there),
        cmocka_unit_test(one_patients_photograph_is_filed_as_both_eyes),
        cmocka_unit_test(a_folder_with_something_in_it_is_left_alone),
        cmocka_unit_test(an_unfinished_set_is_called_that),
        cmocka_unit_test(stopping_takes_everything_back),
        cmocka_unit_test(options_that_make_no_sense_are_refused),
    };
    return cmocka_run_group_tests(tests, make_home, drop_home);
}
