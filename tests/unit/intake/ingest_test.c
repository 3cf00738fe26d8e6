/* ingest: every photograph is accounted for, whatever the workers, interruptions and recipes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "intake/ingest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/memory.h"
#include "image/encode.h"
#include "project/folder_lock.h"
#include "intake/label.h"
#include "scratch_project.h"

#define RECIPE_64 "crop=none size=64"

static const char *const pack_32 = "samples/recipe-1.pack";

static en_status ingest(scratch *r, const char *recipe, en_ingest_result *result)
{
    r->progress = 0;
    return en_ingest(&r->project, &(en_ingest_options){.recipe = recipe}, result, &r->err);
}

static void add_plain(scratch *r, const char *path, uint8_t grey)
{
    static uint8_t rgb[40 * 40 * 3];
    en_buf png;
    en_buf_init(&png, 1 << 20);
    memset(rgb, grey, sizeof rgb);
    SCRATCH_OK(r, en_encode_png(rgb, 40, 40, &png, &r->err));
    scratch_add(r, path, png.data, png.size);
    en_buf_clear(&png);
}

/* Six patients, and one photograph of every kind that is rejected. */
static void add_all_kinds(scratch *r)
{
    en_buf jpeg;
    en_buf_init(&jpeg, 1 << 20);
    scratch_add_patients(r, 6);
    add_plain(r, "photos/1/20_left.png", 0);
    add_plain(r, "photos/1/20_right.png", 128);
    scratch_draw(21, true, &jpeg);
    scratch_add(r, "photos/1/21_left.jpeg", jpeg.data, jpeg.size * 2 / 3);
    scratch_add(r, "photos/1/21_right.jpeg", "not a picture", 13);
    scratch_add(r, "photos/1/22_left.jpeg", "", 0);
    en_buf_reset(&jpeg);
    scratch_draw(1, true, &jpeg);
    scratch_add(r, "photos/1/22_right.jpeg", jpeg.data, jpeg.size); /* 1_left again */
    en_buf_reset(&jpeg);
    scratch_draw(23, true, &jpeg);
    scratch_add(r, "photos/2/3_left.jpeg", jpeg.data, jpeg.size); /* another photograph of a name that is there */
    en_buf_clear(&jpeg);
}

static int64_t count_of(const en_ingest_result *result, const char *reason)
{
    for (size_t i = 0; i < result->reasons; i++) {
        if (strcmp(en_word(&en_rejections, result->by_reason[i].reason), reason) == 0) {
            return result->by_reason[i].count;
        }
    }
    return 0;
}

static void every_photograph_is_accepted_or_rejected_with_a_reason(void **state)
{
    scratch *r = *state;
    en_ingest_result result;
    add_all_kinds(r);
    SCRATCH_OK(r, ingest(r, SCRATCH_RECIPE, &result));
    assert_int_equal(result.photographs, 19);
    assert_int_equal(result.accepted, 12);
    assert_int_equal(result.samples, 12);
    assert_int_equal(result.rejected, 7);
    assert_int_equal(count_of(&result, "black"), 1);
    assert_int_equal(count_of(&result, "uniform"), 1);
    assert_int_equal(count_of(&result, "truncated"), 1);
    assert_int_equal(count_of(&result, "no image"), 2);
    assert_int_equal(count_of(&result, "duplicate"), 1);
    assert_int_equal(count_of(&result, "name taken"), 1);
    assert_int_equal(result.by_reason[0].reason, EN_REJECTED_NO_IMAGE); /* the most frequent first */
    assert_int_equal(result.total_accepted, scratch_number(r, "SELECT count(*) FROM images WHERE status = 'accepted'"));
    assert_int_equal(result.total_rejected, scratch_number(r, "SELECT count(*) FROM rejects"));
    en_buf rejects;
    en_buf_init(&rejects, 1 << 16);
    scratch_dump(r,
                 "SELECT image, reason, substr(detail, 1, 9) FROM rejects WHERE reason <> 'name taken' ORDER BY image",
                 &rejects);
    assert_string_equal(rejects.data,
                        "20_left|black|black: me\n20_right|uniform|uniform: \n21_left|truncated|truncated\n"
                        "21_right|no image|no image:\n22_left|no image|no image:\n22_right|duplicate|duplicate\n");
    en_buf_clear(&rejects);
    en_catalog_accounts books;
    SCRATCH_OK(r, en_catalog_reconcile(r->project.catalog, &books, &r->err));
    for (size_t i = 0; i < books.count; i++) {
        assert_int_equal(books.row[i].expected, books.row[i].found);
    }
    en_catalog_accounts_clear(&books);
    SCRATCH_OK(r, ingest(r, SCRATCH_RECIPE, &result)); /* nothing is left to do */
    assert_int_equal(result.photographs + result.samples, 0);
    assert_int_equal(result.total_accepted, 12);
}

/* A PNG's head may claim any size; one beyond every cap is a rejected photograph like another. */
static void a_picture_too_wide_for_the_catalog_is_rejected_too(void **state)
{
    scratch *r = *state;
    en_ingest_result result;
    en_buf png;
    const uint8_t rgb[3] = {200, 100, 50};
    en_buf_init(&png, 1 << 16);
    SCRATCH_OK(r, en_encode_png(rgb, 1, 1, &png, &r->err));
    uint8_t *head = (uint8_t *)png.data + 12; /* "IHDR", width, height, five bytes, CRC */
    head[5] = 1;                              /* 65537 px wide */
    uint32_t crc = en_crc32(0, head, 17);
    for (int i = 0; i < 4; i++) {
        head[17 + i] = (uint8_t)(crc >> (24 - 8 * i));
    }
    scratch_add_patients(r, 1);
    scratch_add(r, "photos/1/99_left.png", png.data, png.size);
    SCRATCH_OK(r, ingest(r, SCRATCH_RECIPE, &result));
    assert_int_equal(result.accepted, 2);
    assert_int_equal(count_of(&result, "too large"), 1);
    en_buf_clear(&png);
}

static void a_good_photograph_takes_the_name_and_labels_of_a_rejected_one(void **state)
{
    scratch *r = *state;
    en_ingest_result result;
    en_label_result labelled;
    en_buf jpeg;
    en_buf_init(&jpeg, 1 << 20);
    scratch_draw(1, true, &jpeg);
    scratch_add(r, "photos/1/1_left.jpeg", jpeg.data, jpeg.size / 2); /* cut short */
    SCRATCH_OK(r, ingest(r, SCRATCH_RECIPE, &result));
    assert_int_equal(count_of(&result, "truncated"), 1);
    scratch_write("labels.csv", "image,level\n1_left,3\n");
    SCRATCH_OK(r, en_label_import(&r->project, &(en_label_options){.file = "labels.csv"}, &labelled, &r->err));
    scratch_add(r, "photos/2/1_left.jpeg", jpeg.data, jpeg.size);
    SCRATCH_OK(r, ingest(r, SCRATCH_RECIPE, &result));
    assert_int_equal(result.accepted, 1);
    assert_int_equal(result.samples, 1);
    assert_int_equal(scratch_number(r, "SELECT grade FROM images WHERE image = '1_left' AND status = 'accepted' AND "
                                       "path = 'photos/2/1_left.jpeg'"),
                     3);
    assert_int_equal(scratch_number(r,
                                    "SELECT count(*) FROM rejects WHERE image = '1_left' AND reason = 'truncated' AND "
                                    "path = 'photos/1/1_left.jpeg'"),
                     1);
    /* an accepted one keeps its name, and one that is no better is a copy */
    scratch_add(r, "photos/3/1_left.jpeg", jpeg.data, jpeg.size / 3);
    SCRATCH_OK(r, ingest(r, SCRATCH_RECIPE, &result));
    assert_int_equal(result.rejected, 1);
    assert_int_equal(count_of(&result, "name taken"), 1);
    en_catalog_accounts books;
    SCRATCH_OK(r, en_catalog_reconcile(r->project.catalog, &books, &r->err));
    for (size_t i = 0; i < books.count; i++) {
        assert_int_equal(books.row[i].expected, books.row[i].found);
    }
    en_catalog_accounts_clear(&books);
    en_buf_clear(&jpeg);
}

static void the_same_picture_in_another_file_is_a_duplicate(void **state)
{
    scratch *r = *state;
    en_ingest_result result;
    en_buf jpeg;
    en_buf_init(&jpeg, 1 << 20);
    scratch_draw(1, true, &jpeg);
    scratch_add(r, "photos/1/1_left.jpeg", jpeg.data, jpeg.size);
    SCRATCH_OK(r, en_buf_add(&jpeg, "more", 4, &r->err)); /* behind its end: other bytes, the same pixels */
    scratch_add(r, "photos/1/2_left.jpeg", jpeg.data, jpeg.size);
    SCRATCH_OK(r, ingest(r, SCRATCH_RECIPE, &result));
    assert_int_equal(result.accepted, 1);
    assert_int_equal(count_of(&result, "duplicate"), 1);
    assert_int_equal(scratch_number(r, "SELECT count(*) FROM rejects WHERE image = '2_left' AND "
                                       "detail = 'duplicate: the same pixels as 1_left'"),
                     1);
    en_buf_clear(&jpeg);
}

/* Rows and pixels of two projects, as they should be: the same. */
static void assert_same(scratch *a, scratch *b)
{
    en_buf text[2], pack[2];
    scratch *both[2] = {a, b};
    for (size_t i = 0; i < 2; i++) {
        char *path = en_path_join(both[i]->project.root, pack_32);
        en_buf_init(&text[i], 1 << 24);
        en_buf_init(&pack[i], 1 << 24);
        scratch_dump_all(both[i], &text[i]);
        SCRATCH_OK(both[i], en_file_read(path, &pack[i], &both[i]->err));
        en_free(path);
    }
    assert_string_equal(text[0].data, text[1].data);
    assert_int_equal(pack[0].size, pack[1].size);
    assert_memory_equal(pack[0].data, pack[1].data, pack[0].size);
    for (size_t i = 0; i < 2; i++) {
        en_buf_clear(&text[i]);
        en_buf_clear(&pack[i]);
    }
}

static void the_number_of_workers_changes_nothing(void **state)
{
    scratch *r = *state, *other = scratch_another();
    en_ingest_result one, three;
    scratch_open(r, 1);
    scratch_open(other, 3);
    add_all_kinds(r);
    add_all_kinds(other);
    SCRATCH_OK(r, ingest(r, SCRATCH_RECIPE, &one));
    SCRATCH_OK(other, ingest(other, SCRATCH_RECIPE, &three));
    assert_int_equal(one.workers, 1);
    assert_int_equal(three.workers, 3);
    assert_same(r, other);
    assert_int_equal(scratch_tear_down((void **)&other), 0);
}

static void an_interrupted_ingest_goes_on_as_if_nothing_had_happened(void **state)
{
    scratch *r = *state, *other = scratch_another();
    en_ingest_result result;
    enum { PATIENTS = 70 };
    scratch_add_patients(r, PATIENTS);
    scratch_add_patients(other, PATIENTS);
    SCRATCH_OK(other, ingest(other, SCRATCH_RECIPE, &result));
    r->stop_after = 2; /* one batch is stored by then */
    scratch_refused(r, ingest(r, SCRATCH_RECIPE, &result), EN_INTERRUPTED, "interrupted");
    int64_t done = scratch_number(r, "SELECT count(*) FROM image");
    assert_in_range(done, 1, 2 * PATIENTS - 1);
    assert_int_equal(scratch_number(r, "SELECT count(*) FROM sample"), done);
    r->stop_after = 0;
    scratch_open(r, 1);
    SCRATCH_OK(r, ingest(r, SCRATCH_RECIPE, &result));
    assert_int_equal(result.photographs, 2 * PATIENTS - done);
    assert_int_equal(result.total_accepted, 2 * PATIENTS);
    assert_same(r, other);
    assert_int_equal(scratch_tear_down((void **)&other), 0);
}

static void a_second_recipe_only_adds_samples(void **state)
{
    scratch *r = *state;
    en_ingest_result result;
    en_buf before, after;
    en_buf_init(&before, 1 << 20);
    en_buf_init(&after, 1 << 20);
    add_all_kinds(r);
    SCRATCH_OK(r, ingest(r, SCRATCH_RECIPE, &result));
    scratch_dump(r, "SELECT * FROM image", &before);
    scratch_dump(r, "SELECT * FROM sample WHERE recipe_id = 1", &before);
    SCRATCH_OK(r, ingest(r, RECIPE_64, &result));
    assert_int_equal(result.photographs, 0);
    assert_int_equal(result.samples, 12);
    assert_int_equal(result.total_accepted, 12);
    scratch_dump(r, "SELECT * FROM image", &after);
    scratch_dump(r, "SELECT * FROM sample WHERE recipe_id = 1", &after);
    assert_string_equal(before.data, after.data);
    assert_int_equal(scratch_number(r, "SELECT count(*) FROM sample WHERE recipe_id = 2"), 12);
    en_buf_clear(&before);
    en_buf_clear(&after);
}

static void a_missing_photograph_is_left_and_named_and_the_others_are_ingested(void **state)
{
    scratch *r = *state;
    en_ingest_result result;
    scratch_add_patients(r, 3);
    assert_int_equal(rename("photos/1/2_right.jpeg", "elsewhere"), 0);
    scratch_refused(
        r, ingest(r, SCRATCH_RECIPE, &result), EN_INPUT,
        "1 photograph could not be read; the first: photograph 'photos/1/2_right.jpeg' is missing; fetch it "
        "again");
    assert_int_equal(result.accepted, 5);
    assert_int_equal(result.left, 1);
    assert_int_equal(scratch_number(r, "SELECT count(*) FROM image"), 5);
    assert_int_equal(scratch_number(r, "SELECT count(*) FROM sample"), 5);
    assert_int_equal(rename("elsewhere", "photos/1/2_right.jpeg"), 0);
    SCRATCH_OK(r, ingest(r, SCRATCH_RECIPE, &result));
    assert_int_equal(result.accepted, 1);
    assert_int_equal(scratch_number(r, "SELECT count(*) FROM sample"), 6);
}

static void samples_are_made_only_of_the_bytes_that_were_accepted(void **state)
{
    scratch *r = *state;
    en_ingest_result result;
    scratch_add_patients(r, 3);
    SCRATCH_OK(r, ingest(r, SCRATCH_RECIPE, &result));
    assert_int_equal(rename("photos/1/1_left.jpeg", "photos/1/2_right.jpeg"), 0); /* another eye under its name */
    scratch_refused(r, ingest(r, "crop=none size=16", &result), EN_INPUT,
                    "2 photographs could not be read; the first: photograph 'photos/1/1_left.jpeg' is missing");
    assert_int_equal(result.samples, 4);
    assert_int_equal(scratch_number(r,
                                    "SELECT count(*) FROM sample s JOIN image USING (image_id) WHERE recipe_id = 2 AND "
                                    "name IN ('1_left', '2_right')"),
                     0);
}

static void a_huge_file_is_rejected_without_being_read(void **state)
{
    scratch *r = *state;
    en_ingest_result result;
    scratch_add_patients(r, 1);
    scratch_add(r, "photos/1/9_left.jpeg", "\xff\xd8\xff", 3);
    assert_int_equal(truncate("photos/1/9_left.jpeg", (off_t)129 << 20), 0); /* a hole: no space is used */
    SCRATCH_OK(r, ingest(r, SCRATCH_RECIPE, &result));
    assert_int_equal(result.accepted, 2);
    assert_int_equal(count_of(&result, "too large"), 1);
    assert_int_equal(scratch_number(r, "SELECT length(sha256) FROM images WHERE image = '9_left'"), 64);
}

static void a_lost_or_cut_pack_is_made_again(void **state)
{
    scratch *r = *state, *other = scratch_another();
    en_ingest_result result;
    scratch_add_patients(r, 4);
    scratch_add_patients(other, 4);
    SCRATCH_OK(other, ingest(other, SCRATCH_RECIPE, &result));
    for (int lost = 0; lost < 2; lost++) {
        SCRATCH_OK(r, ingest(r, SCRATCH_RECIPE, &result));
        assert_int_equal(lost ? unlink(pack_32) : truncate(pack_32, 5000), 0);
        en_buf_reset(&r->said);
        SCRATCH_OK(r, ingest(r, SCRATCH_RECIPE, &result));
        assert_int_equal(result.samples, 8);
        assert_non_null(strstr(r->said.data, lost ? "is missing" : "truncated"));
        assert_non_null(strstr(r->said.data, "the 8 samples of 'samples/recipe-1.pack' are made again"));
        assert_same(r, other);
    }
    assert_int_equal(scratch_tear_down((void **)&other), 0);
}

static void one_process_ingests_at_a_time(void **state)
{
    scratch *r = *state;
    en_ingest_result result;
    en_folder_lock lock;
    scratch_add_patients(r, 1);
    SCRATCH_OK(
        r, en_folder_lock_acquire(&r->project, EN_SAMPLES_DIR, "another process is ingesting into", &lock, &r->err));
    scratch_refused(r, ingest(r, SCRATCH_RECIPE, &result), EN_BUSY, "another process is ingesting into 'samples' now");
    assert_int_equal(scratch_number(r, "SELECT count(*) FROM image"), 0);
    en_folder_lock_release(&lock);
    SCRATCH_OK(r, ingest(r, SCRATCH_RECIPE, &result));
}

static void a_recipe_that_makes_no_sense_changes_nothing(void **state)
{
    scratch *r = *state;
    en_ingest_result result;
    scratch_add_patients(r, 1);
    scratch_refused(r, ingest(r, "crop=retena size=32", &result), EN_USAGE, "retena");
    assert_int_equal(scratch_number(r, "SELECT count(*) FROM recipe"), 0);
    assert_int_equal(scratch_number(r, "SELECT count(*) FROM pack"), 0);
}

#define IN_A_SCRATCH_PROJECT(test) cmocka_unit_test_setup_teardown(test, scratch_set_up, scratch_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_SCRATCH_PROJECT(every_photograph_is_accepted_or_rejected_with_a_reason),
        IN_A_SCRATCH_PROJECT(a_picture_too_wide_for_the_catalog_is_rejected_too),
        IN_A_SCRATCH_PROJECT(a_good_photograph_takes_the_name_and_labels_of_a_rejected_one),
        IN_A_SCRATCH_PROJECT(the_same_picture_in_another_file_is_a_duplicate),
        IN_A_SCRATCH_PROJECT(the_number_of_workers_changes_nothing),
        IN_A_SCRATCH_PROJECT(an_interrupted_ingest_goes_on_as_if_nothing_had_happened),
        IN_A_SCRATCH_PROJECT(a_second_recipe_only_adds_samples),
        IN_A_SCRATCH_PROJECT(a_missing_photograph_is_left_and_named_and_the_others_are_ingested),
        IN_A_SCRATCH_PROJECT(samples_are_made_only_of_the_bytes_that_were_accepted),
        IN_A_SCRATCH_PROJECT(a_huge_file_is_rejected_without_being_read),
        IN_A_SCRATCH_PROJECT(a_lost_or_cut_pack_is_made_again),
        IN_A_SCRATCH_PROJECT(one_process_ingests_at_a_time),
        IN_A_SCRATCH_PROJECT(a_recipe_that_makes_no_sense_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
