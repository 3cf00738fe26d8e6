/* Fetching from folders, files and archives: what comes in, what is refused, and what a second time finds. */
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

#include "archive/reader.h"
#include "archive/writer.h"
#include "base/file.h"
#include "catalog/image.h"
#include "catalog/source.h"

static void expect(project *p, int64_t photographs, int64_t fetched, int64_t skipped)
{
    assert_int_equal(p->result.photographs, photographs);
    assert_int_equal(p->result.fetched, fetched);
    assert_int_equal(p->result.present, photographs - fetched);
    assert_int_equal(p->result.skipped, skipped);
    assert_int_equal(p->result.unchanged, fetched == 0);
}

static void fetched(project *p, const char *source)
{
    if (project_fetch(p, source) != EN_OK) {
        fail_msg("fetch %s: %s", source, p->err.text);
    }
}

static void a_folder_comes_with_all_below_it(void **state)
{
    project *p = *state;
    put_photograph("eyes/1_left.jpeg", 1, 1000);
    put_photograph("eyes/deep/er/1_right.JPG", 2, 0);
    put_photograph("eyes/deep/2_left.Png", 3, 500);
    assert_int_equal(en_file_write("eyes/labels.csv", "image,level", 11, &p->err), EN_OK);
    put_photograph("eyes/._1_left.jpeg", 5, 10);
    put_photograph("outside/secret.jpeg", 6, 10);
    assert_int_equal(symlink("../outside/secret.jpeg", "eyes/link.jpeg"), 0);
    assert_int_equal(symlink("../outside", "eyes/elsewhere"), 0);
    assert_int_equal(symlink("nowhere.jpeg", "eyes/dangling.jpeg"), 0);
    assert_int_equal(mkfifo("eyes/pipe.jpeg", 0666), 0);
    fetched(p, "eyes");
    expect(p, 4, 4, 5);
    assert_int_equal(p->result.form, EN_FETCH_FOLDER);
    assert_non_null(strstr(en_buf_str(&p->said), "skipped 5 that are not photographs"));
    assert_non_null(strstr(en_buf_str(&p->said), "labels.csv"));
    assert_true(en_file_exists("p/photos/1/deep/er/1_right.JPG"));
    struct stat s;
    assert_int_equal(lstat("p/photos/1/link.jpeg", &s), 0); /* what the link leads to, not the link */
    assert_true(S_ISREG(s.st_mode));
    assert_int_equal(project_check(p, 1), 4);
}

static void a_photograph_in_a_folder_is_told_by_its_bytes(void **state)
{
    project *p = *state;
    put_photograph("eyes/IM000001", 1, 1000);
    put_photograph("eyes/scan.dat", 2, 1000);
    put_photograph("eyes/.hidden", 3, 1000);
    assert_int_equal(en_file_write("eyes/DICOMDIR", "hello", 5, &p->err), EN_OK);
    fetched(p, "eyes");
    expect(p, 2, 2, 2);
    assert_int_equal(project_check(p, 1), 2);
}

static void a_folder_fetched_again_brings_only_what_is_new(void **state)
{
    project *p = *state;
    put_photograph("eyes/1_left.jpeg", 1, 1000);
    put_photograph("eyes/2_left.jpeg", 2, 1000);
    fetched(p, "eyes");
    fetched(p, "eyes");
    expect(p, 2, 0, 0);
    put_photograph("eyes/3_left.jpeg", 3, 1000);
    fetched(p, "./eyes/../eyes/");
    expect(p, 3, 1, 0);
    assert_int_equal(p->result.source_id, 1);
    assert_int_equal(project_check(p, 1), 3);
}

static void a_photograph_that_changed_in_its_folder_is_reported_and_the_first_kept(void **state)
{
    project *p = *state;
    put_photograph("eyes/1_left.jpeg", 1, 1000);
    put_photograph("eyes/2_left.jpeg", 2, 1000);
    fetched(p, "eyes");
    put_photograph("eyes/2_left.jpeg", 22, 1000); /* as long as before */
    fetched(p, "eyes");
    expect(p, 2, 0, 0);
    assert_non_null(strstr(en_buf_str(&p->said), "not what was fetched under their names before: 1 "));
    assert_non_null(strstr(en_buf_str(&p->said), "'2_left.jpeg'"));
    assert_int_equal(project_check(p, 1), 2);
}

static void more_is_written(void)
{
    FILE *f = fopen("eyes/1_left.jpeg", "ab");
    assert_non_null(f);
    assert_int_equal(fwrite("more", 1, 4, f), 4);
    assert_int_equal(fclose(f), 0);
}

static void other_bytes_are_written(void) { put_photograph("eyes/1_left.jpeg", 11, 1 << 20); }

static void a_link_takes_its_place(void)
{
    assert_int_equal(unlink("eyes/1_left.jpeg"), 0);
    assert_int_equal(symlink("../secret.jpeg", "eyes/1_left.jpeg"), 0);
}

static void it_goes(void) { assert_int_equal(unlink("eyes/1_left.jpeg"), 0); }

/* Looks for a stop: one for each file listed, one for each compared, one for each quarter MiB copied. */
static void a_photograph_that_is_still_written_is_left_for_the_next_fetch(void **state)
{
    project *p = *state;
    static void (*const doings[])(void) = {more_is_written, other_bytes_are_written, a_link_takes_its_place, it_goes};
    put_photograph("secret.jpeg", 9, 1 << 20);
    for (size_t i = 0; i < sizeof doings / sizeof *doings; i++) {
        for (int at = 3; at < 8; at++) { /* before it is copied, and amidst */
            unlink("eyes/1_left.jpeg");
            put_photograph("eyes/1_left.jpeg", 1, 1 << 20);
            put_photograph("eyes/2_left.jpeg", 2, 1000);
            p->meanwhile = doings[i];
            p->meanwhile_at = at;
            fetched(p, "eyes");
            assert_true(p->looks >= at);
            bool gone = i > 1 && at > 4; /* its bytes are still there for who has it open */
            assert_int_equal(en_file_exists("p/photos/1/1_left.jpeg"), gone);
            assert_int_equal(strstr(en_buf_str(&p->said), "(first '1_left.jpeg'); they are left") != NULL, !gone);
            assert_int_equal(project_check(p, 1), gone ? 2 : 1);
            p->meanwhile_at = 0;
            unlink("eyes/1_left.jpeg");
            put_photograph("eyes/1_left.jpeg", 1, 1 << 20);
            fetched(p, "eyes");
            assert_int_equal(project_check(p, 1), 2);
            assert_int_equal(project_tear_down(state), 0);
            assert_int_equal(project_set_up(state), 0);
            p = *state;
            put_photograph("secret.jpeg", 9, 1 << 20);
        }
    }
}

static void a_photograph_is_not_put_back_with_other_bytes(void **state)
{
    project *p = *state;
    put_photograph("eyes/1_left.jpeg", 1, 1 << 20);
    fetched(p, "eyes");
    assert_int_equal(unlink("p/photos/1/1_left.jpeg"), 0);
    p->meanwhile = other_bytes_are_written; /* after it was compared, one look a quarter MiB and one at the end */
    p->meanwhile_at = 1 + 4 + 1;
    fetched(p, "eyes");
    assert_non_null(strstr(en_buf_str(&p->said), "they are left to the next fetch"));
    assert_false(en_file_exists("p/photos/1/1_left.jpeg"));
    p->meanwhile_at = 0;
    put_photograph("eyes/1_left.jpeg", 1, 1 << 20);
    fetched(p, "eyes");
    assert_int_equal(project_check(p, 1), 1);
}

static void a_damaged_or_lost_photograph_is_put_back(void **state)
{
    project *p = *state;
    put_photograph("eyes/1_left.jpeg", 1, 1000);
    put_zip("train.zip", 10, 3, 1000, 0);
    fetched(p, "eyes");
    fetched(p, "train.zip");
    put_photograph("p/photos/1/1_left.jpeg", 99, 1000);
    put_photograph("p/photos/2/train/10_left.jpeg", 99, 1000);
    assert_int_equal(unlink("p/photos/2/train/11_left.jpeg"), 0);
    fetched(p, "eyes");
    expect(p, 1, 1, 0);
    fetched(p, "train.zip");
    expect(p, 3, 2, 1);
    assert_int_equal(project_check(p, 2), 4);
}

static void force_fetches_again_what_is_here(void **state)
{
    project *p = *state;
    put_photograph("eyes/1_left.jpeg", 1, 1000);
    put_zip("train.zip", 10, 3, 1000, 0);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(project_fetch_with(p, (en_fetch_options){.source = "eyes", .force = true}), EN_OK);
        expect(p, 1, 1, 0);
        assert_int_equal(project_fetch_with(p, (en_fetch_options){.source = "train.zip", .force = true}), EN_OK);
        expect(p, 3, 3, 1);
    }
    assert_int_equal(project_check(p, 2), 4);
}

static void one_photograph_is_a_source(void **state)
{
    project *p = *state;
    put_photograph("10_left.jpeg", 1, 1000);
    put_photograph("no extension", 2, 1000);
    fetched(p, "10_left.jpeg");
    expect(p, 1, 1, 0);
    assert_int_equal(p->result.form, EN_FETCH_PHOTOGRAPH);
    assert_true(en_file_exists("p/photos/1/10_left.jpeg"));
    fetched(p, "10_left.jpeg");
    expect(p, 1, 0, 0);
    fetched(p, "no extension");
    assert_true(en_file_exists("p/photos/2/no extension.jpg"));
    assert_int_equal(project_check(p, 2), 2);
}

static void volumes_are_one_source_from_whichever_they_are_called(void **state)
{
    project *p = *state;
    put_zip("train.zip", 1, 20, 3000, 10000);
    fetched(p, "train.zip.003");
    expect(p, 20, 20, 1);
    assert_int_equal(p->result.form, EN_FETCH_ARCHIVE);
    assert_int_equal(p->result.volumes, 7);
    fetched(p, "train.zip.001");
    expect(p, 20, 0, 1);
    fetched(p, "train.zip");
    expect(p, 20, 0, 1);
    assert_int_equal(p->result.source_id, 1);
    assert_int_equal(project_check(p, 1), 20);
    char uri[128];
    snprintf(uri, sizeof uri, "%s/train.zip.001", p->scratch);
    project_state(p, uri, EN_SOURCE_WHOLE);
}

static void a_gap_in_the_volumes_changes_nothing(void **state)
{
    project *p = *state;
    put_zip("train.zip", 1, 20, 3000, 10000);
    assert_int_equal(rename("train.zip.003", "kept"), 0);
    project_refuses(p, "train.zip.001", EN_INPUT, "train.zip.003' is missing");
    assert_int_equal(rename("kept", "train.zip.003"), 0);
    assert_int_equal(rename("train.zip.007", "kept"), 0);
    project_refuses(p, "train.zip.001", EN_INPUT, "a later volume is missing");
    assert_int_equal(project_check(p, 3), 0);
    assert_int_equal(rename("kept", "train.zip.007"), 0);
    fetched(p, "train.zip.001");
    assert_int_equal(p->result.source_id, 1);
}

static void an_archive_that_changed_is_reported_and_becomes_another_source(void **state)
{
    project *p = *state;
    put_zip("train.zip", 1, 3, 1000, 0);
    fetched(p, "train.zip");
    put_zip("train.zip", 2, 3, 1000, 0);
    fetched(p, "train.zip");
    expect(p, 3, 3, 1);
    assert_int_equal(p->result.source_id, 2);
    assert_non_null(strstr(en_buf_str(&p->said), "has changed since it was fetched as source 1"));
    fetched(p, "train.zip");
    expect(p, 3, 0, 1);
    assert_int_equal(p->result.source_id, 2);
    assert_int_equal(project_check(p, 2), 6);
}

/* The bytes "text" in the file become `with`, of the same length. */
static void patch(const char *path, const char *text, const char *with)
{
    en_error err;
    en_buf all;
    en_buf_init(&all, 1 << 24);
    assert_int_equal(en_file_read(path, &all, &err), EN_OK);
    for (char *at = all.data; (at = memmem(at, all.size - (size_t)(at - all.data), text, strlen(text))) != NULL; at++) {
        memcpy(at, with, strlen(with));
    }
    assert_int_equal(en_file_write(path, all.data, all.size, &err), EN_OK);
    en_buf_clear(&all);
}

static void a_hostile_archive_leaves_nothing_at_all(void **state)
{
    project *p = *state;
    put_zip("evil.zip", 1, 400, 100, 0);
    patch("evil.zip", "train/400_left.jpeg", "../../../../../jpeg");
    project_refuses(p, "evil.zip", EN_INPUT, "it leaves the folder");
    put_zip("twins.zip", 1, 3, 100, 0);
    patch("twins.zip", "train/3_left", "train/2_left");
    project_refuses(p, "twins.zip", EN_INPUT, "contains 'train/2_left.jpeg' twice");
    assert_int_equal(project_check(p, 3), 0);
    assert_false(en_file_exists("jpeg"));
}

/* One bit of these bytes in the file is another. */
static void flip(project *p, const char *path, const unsigned char *data, size_t bytes)
{
    en_buf all;
    en_buf_init(&all, 1 << 24);
    assert_int_equal(en_file_read(path, &all, &p->err), EN_OK);
    unsigned char *at = memmem(all.data, all.size, data, bytes);
    assert_non_null(at);
    at[bytes / 2] ^= 1;
    assert_int_equal(en_file_write(path, all.data, all.size, &p->err), EN_OK);
    en_buf_clear(&all);
}

/* A zip of two photographs of those names. */
static void put_two(const char *path, const char *one, const char *two)
{
    en_error err;
    en_zip_writer *zip;
    assert_int_equal(en_zip_new(path, 0, &zip, &err), EN_OK);
    assert_int_equal(en_zip_add(zip, one, "\xff\xd8\xff", 3, &err), EN_OK);
    assert_int_equal(en_zip_add(zip, two, "\xff\xd8\xff", 3, &err), EN_OK);
    assert_int_equal(en_zip_commit(zip, NULL, &err), EN_OK);
    en_zip_free(zip);
}

static void names_that_cannot_stand_side_by_side_are_the_archives_fault(void **state)
{
    project *p = *state;
    put_two("clash.zip", "a/b.jpg", "a/b.jpg/c/d.jpg");
    project_refuses(p, "clash.zip", EN_INPUT, "'a/b.jpg' is a photograph and the folder of 'a/b.jpg/c/d.jpg'");
    put_two("clash.zip", "b.jpg/c.jpg", "b.jpg");
    project_refuses(p, "clash.zip", EN_INPUT, "'b.jpg' is a photograph and the folder of 'b.jpg/c.jpg'");
    char name[300], other[300];
    memset(name, 'x', 252);
    strcpy(name + 252, ".jpeg");
    memset(other, 'x', 250);
    strcpy(other + 250, ".jpeg");
    put_two("long.zip", other, "b.jpg/c.jpg"); /* the longest there may be */
    fetched(p, "long.zip");
    assert_int_equal(project_check(p, 1), 2);
    assert_int_equal(en_archive_check_path(name, &p->err), EN_INPUT); /* so the writer makes no such zip */
}

/* An ingest has seen photograph `path`: its hash, measures and samples are in the catalog. */
static void ingested(project *p, const char *path)
{
    en_catalog_member m;
    assert_int_equal(en_catalog_member_find(p->project.catalog, path, &m, &p->err), EN_OK);
    char format[] = "jpeg";
    en_catalog_image image = {.member_id = m.id,
                              .name = m.path,
                              .status = EN_IMAGE_ACCEPTED,
                              .format = format,
                              .sha256 = m.sha256,
                              .width = 10,
                              .height = 10};
    assert_int_equal(en_catalog_image_put(p->project.catalog, &image, NULL, NULL, &p->err), EN_OK);
    en_catalog_member_clear(&m);
}

static void what_is_ingested_of_a_broken_archive_is_not_overwritten_by_another(void **state)
{
    project *p = *state;
    int64_t bytes;
    unsigned char data[100];
    put_zip("train.zip", 1, 300, 100, 0);
    photograph_bytes(290, data, sizeof data);
    flip(p, "train.zip", data, sizeof data);
    project_refuses(p, "train.zip", EN_INPUT, "damaged (first 'train/290_left.jpeg'");
    ingested(p, "photos/1/train/7_left.jpeg");
    put_zip("train.zip", 1, 300, 200, 0); /* the same names, other bytes */
    fetched(p, "train.zip");
    assert_int_equal(p->result.source_id, 2);
    assert_non_null(strstr(en_buf_str(&p->said), "has changed since it was fetched as source 1"));
    assert_int_equal(en_file_size("p/photos/1/train/7_left.jpeg", &bytes, &p->err), EN_OK);
    assert_int_equal(bytes, 100);
    assert_int_equal(project_check(p, 2), 299 + 300);
    fetched(p, "train.zip");
    expect(p, 300, 0, 1);
    assert_int_equal(p->result.source_id, 2);
}

static void a_damaged_member_is_named_and_the_repaired_archive_goes_on(void **state)
{
    project *p = *state;
    char uri[128];
    unsigned char data[100];
    put_zip("train.zip", 1, 300, 100, 0);
    photograph_bytes(290, data, sizeof data);
    flip(p, "train.zip", data, sizeof data);
    project_refuses(p, "train.zip", EN_INPUT, "damaged (first 'train/290_left.jpeg'");
    snprintf(uri, sizeof uri, "%s/train.zip", p->scratch);
    project_state(p, uri, EN_SOURCE_BROKEN);
    assert_int_equal(project_check(p, 1), 299); /* all but the damaged one */
    put_zip("train.zip", 1, 300, 100, 0);
    fetched(p, "train.zip");
    assert_int_equal(p->result.source_id, 1);
    assert_int_equal(project_check(p, 1), 300);
    project_state(p, uri, EN_SOURCE_WHOLE);
}

static void what_is_no_source_is_said_with_what_one_is(void **state)
{
    project *p = *state;
    assert_int_equal(mkdir("empty", 0777), 0);
    assert_int_equal(mkdir("texts", 0777), 0);
    assert_int_equal(en_file_write("texts/a.txt", "hello", 5, &p->err), EN_OK);
    assert_int_equal(en_file_write("texts/b.txt", "hello", 5, &p->err), EN_OK);
    assert_int_equal(en_file_write("text.jpeg", "hello", 5, &p->err), EN_OK);
    assert_int_equal(en_file_write("nothing.zip", "", 0, &p->err), EN_OK);
    put_zip("labels.zip", 1, 0, 10, 0);
    project_refuses(p, "nowhere", EN_INPUT, "there is no 'nowhere': a source is a folder, a photograph, a zip");
    project_refuses(p, "kaggle:some competition", EN_INPUT, "is not kaggle:COMPETITION, kaggle:OWNER/DATASET");
    project_refuses(p, "empty", EN_INPUT, "there are no photographs in 'empty': it is empty");
    project_refuses(p, "texts", EN_INPUT,
                    "looked for names ending in .jpg, .png, .tif, .webp, .bmp or .dcm, found 2 others (a.txt, b.txt)");
    project_refuses(p, "labels.zip", EN_INPUT, "found 1 others (labels.csv)");
    project_refuses(p, "text.jpeg", EN_INPUT,
                    "neither a photograph (JPEG, PNG, TIFF, WebP, BMP, DICOM) nor an archive");
    project_refuses(p, "nothing.zip", EN_INPUT, "it is empty");
    project_refuses(p, "p", EN_INPUT, "this project's own photographs");
    project_refuses(p, "p/photos", EN_INPUT, "this project's own photographs");
    project_refuses(p, "/", EN_INPUT, "this project's own photographs");
    assert_int_equal(project_check(p, 3), 0);
}

static void unreadable_sources_are_named(void **state)
{
    project *p = *state;
    if (geteuid() == 0) {
        print_message("SKIPPED: nothing is unreadable for root\n");
        skip();
    }
    put_photograph("shut/1_left.jpeg", 1, 100);
    put_photograph("eyes/1_left.jpeg", 1, 100);
    assert_int_equal(chmod("shut", 0), 0);
    assert_int_equal(chmod("eyes/1_left.jpeg", 0), 0);
    project_refuses(p, "shut", EN_INPUT, "permission denied");
    project_refuses(p, "eyes", EN_INPUT, "permission denied");
    assert_int_equal(chmod("shut", 0777), 0);
}

static void names_are_kept_and_are_utf8(void **state)
{
    project *p = *state;
    static const char *const names[] = {"eyes/A.jpeg",         "eyes/a.jpeg",    "eyes/\xc3\xa4.jpeg",
                                        "eyes/a\xcc\x88.jpeg", "eyes/\xe9.jpeg", "eyes/ 'quoted' %s;--.jpeg",
                                        "eyes/x.jpeg/y.jpeg"};
    for (unsigned i = 0; i < 7; i++) {
        put_photograph(names[i], i, 100 + i);
    }
    put_photograph("eyes/line\nbreak.jpeg", 9, 10); /* no name for a row, nor for a line of text */
    fetched(p, "eyes");
    expect(p, 7, 7, 1);
    for (unsigned i = 0; i < 7; i++) {
        char path[128];
        snprintf(path, sizeof path, "p/photos/1/%s", i == 4 ? "\xc3\xa9.jpeg" : names[i] + 5); /* from Latin-1 */
        assert_true(en_file_exists(path));
    }
    assert_int_equal(project_check(p, 1), 7);
    fetched(p, "eyes");
    expect(p, 7, 0, 1);
}

static void too_large_for_the_disk_is_said_before_anything_is_written(void **state)
{
    project *p = *state;
    put_photograph("eyes/1_left.jpeg", 1, 100);
    put_photograph("eyes/2_left.jpeg", 2, 100);
    if (truncate("eyes/2_left.jpeg", (int64_t)8 << 40) != 0) {
        print_message("SKIPPED: no file of 8 TiB can be made here\n");
        skip();
    }
    project_refuses(p, "eyes", EN_IO, "not enough disk space for the photographs: 8.0 TiB are needed and only ");
    assert_non_null(strstr(p->err.text, "are free where '/"));
    assert_int_equal(project_check(p, 1), 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, project_set_up, project_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_folder_comes_with_all_below_it),
        TEST(a_photograph_in_a_folder_is_told_by_its_bytes),
        TEST(a_folder_fetched_again_brings_only_what_is_new),
        TEST(a_photograph_that_changed_in_its_folder_is_reported_and_the_first_kept),
        TEST(a_photograph_that_is_still_written_is_left_for_the_next_fetch),
        TEST(a_photograph_is_not_put_back_with_other_bytes),
        TEST(a_damaged_or_lost_photograph_is_put_back),
        TEST(force_fetches_again_what_is_here),
        TEST(one_photograph_is_a_source),
        TEST(volumes_are_one_source_from_whichever_they_are_called),
        TEST(a_gap_in_the_volumes_changes_nothing),
        TEST(an_archive_that_changed_is_reported_and_becomes_another_source),
        TEST(a_hostile_archive_leaves_nothing_at_all),
        TEST(names_that_cannot_stand_side_by_side_are_the_archives_fault),
        TEST(what_is_ingested_of_a_broken_archive_is_not_overwritten_by_another),
        TEST(a_damaged_member_is_named_and_the_repaired_archive_goes_on),
        TEST(what_is_no_source_is_said_with_what_one_is),
        TEST(unreadable_sources_are_named),
        TEST(names_are_kept_and_are_utf8),
        TEST(too_large_for_the_disk_is_said_before_anything_is_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
