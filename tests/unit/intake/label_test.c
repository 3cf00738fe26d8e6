/* label import: the whole file or nothing, and every fault with its file and line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "intake/label.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"

#include "intake/ingest.h"
#include "scratch_project.h"

/* Three patients, listed. */
static void list_patients(scratch *r)
{
    en_label_result result;
    scratch_write("first.csv", "image,level\n1_left,0\n1_right,1\n2_left,2\n2_right,3\n3_left,4\n3_right,0\n");
    SCRATCH_OK(r, en_label_import(&r->project, &(en_label_options){.file = "first.csv", .unknown = EN_UNKNOWN_ADD},
                                  &result, &r->err));
    assert_int_equal(result.imported, 6);
    assert_int_equal(result.added, 6);
}

static en_status import(scratch *r, const char *text, en_label_options options, en_label_result *result)
{
    scratch_write("labels.csv", text);
    options.file = "labels.csv";
    options.supersede = true; /* of "first.csv" */
    return en_label_import(&r->project, &options, result, &r->err);
}

/* Refused with these words, and the catalog is as it was. */
static void refuses(scratch *r, const char *text, en_label_options options, en_status wanted, const char *words)
{
    en_label_result result;
    en_buf before, after;
    en_buf_init(&before, 1 << 20);
    en_buf_init(&after, 1 << 20);
    scratch_dump_all(r, &before);
    scratch_refused(r, import(r, text, options, &result), wanted, words);
    scratch_dump_all(r, &after);
    assert_string_equal(en_buf_str(&before), en_buf_str(&after));
    en_buf_clear(&before);
    en_buf_clear(&after);
}

static void a_bad_line_is_named_and_nothing_is_imported(void **state)
{
    scratch *r = *state;
    const en_label_options plain = {0};
    list_patients(r);
    refuses(r, "image,level\n1_left,1\n1_right,7\n", plain, EN_INPUT,
            "'labels.csv' line 3: level '7' is outside the scheme icdr, 0 to 4");
    refuses(r, "image,level\n1_left,1\n1_right,-1\n", plain, EN_INPUT, "line 3: level '-1'");
    refuses(r, "image,level\n1_left,1.5\n", plain, EN_INPUT, "line 2: level '1.5'");
    refuses(r, "image,level\n1_left,none\n", plain, EN_INPUT, "line 2: level 'none'");
    refuses(r, "image,level\n1_left,1\n1_left,2\n", plain, EN_INPUT,
            "line 3: '1_left' has grade 2 here and grade 1 in line 2");
    refuses(r, "image,level\n1_left,0\n2_left,2\n1_left.jpeg,3\n", plain, EN_INPUT, /* the first is known already */
            "line 4: '1_left.jpeg' has grade 3 here and grade 0 in line 2");
    refuses(r, "image,level\n1_left\n", plain, EN_INPUT, "line 2 has 1 field, but the header has 2");
    refuses(r, "image,level\n1_left,0,1\n", plain, EN_INPUT, "line 2 has 3 fields, but the header has 2");
    refuses(r, "image,level\n1_left,1\n9_left,2\n", plain, EN_INPUT,
            "line 3: image '9_left' is not in the catalog (1 such label)");
    refuses(r, "1_left,0\n1_right,1\n", plain, EN_INPUT,
            "line 1: no column for the image: the first line must name the columns");
    refuses(r, "image,note\n1_left,0\n", plain, EN_INPUT, "line 1: no column for the grade");
    refuses(r, "", plain, EN_INPUT, "'labels.csv' is empty");
    refuses(r, "image,level\n1_left,\"0\n", plain, EN_INPUT, "line 2: misplaced quote");
    refuses(r, "image,level\n1_left,1\n", (en_label_options){.grade_column = "stage"}, EN_INPUT,
            "there is no column 'stage'");
    refuses(r, "image,level\n1_left,1\n", (en_label_options){.scheme = "ICDRS"}, EN_INPUT,
            "there is no scheme 'ICDRS': did you mean 'icdr'?");
    refuses(r, "image,stage\n1_left,1\n", (en_label_options){.grade_column = "stage"}, EN_USAGE, "--scheme NAME");
    en_label_result result;
    scratch_refused(r, en_label_import(&r->project, &(en_label_options){.file = "nosuch.csv"}, &result, &r->err),
                    EN_INPUT, "there is no file 'nosuch.csv'");
}

static void two_kinds_of_grades_in_one_file_are_told_apart_by_name(void **state)
{
    scratch *r = *state;
    en_label_result result;
    static const char text[] = "id,image,quality,DR_grade\n1,1_left.jpeg,2,0\n2,1_right.jpeg,0,4\n";
    list_patients(r);
    refuses(r, text, (en_label_options){0}, EN_USAGE,
            "grades by column 'DR_grade' (icdr) and by column 'quality' (eyeq); choose one with --column NAME");
    refuses(r, "image,level,diagnosis\n1_left,0,1\n", (en_label_options){0}, EN_USAGE, "choose one with --column NAME");
    SCRATCH_OK(r, import(r, text, (en_label_options){.grade_column = "quality"}, &result));
    assert_string_equal(result.scheme.name, "eyeq");
    assert_int_equal(result.by_grade[2], 1);
    SCRATCH_OK(r, import(r, text, (en_label_options){.scheme = "icdr"}, &result));
    assert_int_equal(result.by_grade[4], 1);
    SCRATCH_OK(r, import(r, "id_code,diagnosis\n2_left,3\n", (en_label_options){0}, &result));
    assert_string_equal(result.scheme.name, "icdr");
    assert_int_equal(result.by_grade[3], 1);
}

static void labels_of_unknown_images_are_refused_skipped_or_listed(void **state)
{
    scratch *r = *state;
    en_label_result result;
    static const char text[] = "image,level\n1_left,1\n8_left,2\n9_left,\n";
    list_patients(r);
    refuses(r, text, (en_label_options){.unknown = EN_UNKNOWN_REFUSE}, EN_INPUT, "line 3: image '8_left'");
    SCRATCH_OK(r, import(r, text, (en_label_options){.unknown = EN_UNKNOWN_SKIP}, &result));
    assert_int_equal(result.rows, 3);
    assert_int_equal(result.imported, 1);
    assert_int_equal(result.skipped, 1);
    assert_int_equal(result.empty, 1);
    assert_int_equal(scratch_number(r, "SELECT count(*) FROM images"), 6);
    SCRATCH_OK(r, import(r, text, (en_label_options){.unknown = EN_UNKNOWN_ADD}, &result));
    assert_int_equal(result.imported, 1);
    assert_int_equal(result.unchanged, 1);
    assert_int_equal(result.added, 1);
    assert_int_equal(scratch_number(r, "SELECT grade FROM images WHERE image = '8_left' AND status = 'listed'"), 2);
}

static void a_grade_said_twice_is_one_and_trailing_separators_are_nothing(void **state)
{
    scratch *r = *state;
    en_label_result result;
    list_patients(r);
    SCRATCH_OK(r, import(r, "image,level\n1_left,2,,\n1_left.jpeg,2.0\n1_left,2\n", (en_label_options){0}, &result));
    assert_int_equal(result.rows, 3);
    assert_int_equal(result.imported, 1);
    assert_int_equal(result.repeated, 2);
    assert_int_equal(result.by_grade[2], 1);
}

static void newer_labels_win_and_older_ones_stay(void **state)
{
    scratch *r = *state;
    en_label_result result;
    list_patients(r);
    SCRATCH_OK(r, import(r, "image,level\n1_left,3\n1_right,1\n", (en_label_options){.grader = "second"}, &result));
    assert_int_equal(result.imported, 2); /* another grader who agrees is news, too */
    assert_int_equal(result.by_grade[3], 1);
    assert_int_equal(scratch_number(r, "SELECT grade FROM images WHERE image = '1_left'"), 3);
    assert_int_equal(
        scratch_number(
            r, "SELECT count(*) FROM label WHERE image_id = (SELECT image_id FROM images WHERE image = '1_left')"),
        2);
    SCRATCH_OK(r, import(r, "image,level\n1_left,3\n1_right,1\n", (en_label_options){.grader = "second"}, &result));
    assert_int_equal(result.unchanged, 2);
    assert_int_equal(result.imported, 0);
    assert_int_equal(scratch_number(r, "SELECT count(*) FROM labels WHERE scheme = 'icdr'"), 6);
}

static void the_scheme_is_told_from_the_column(void **state)
{
    scratch *r = *state;
    static const struct {
        const char *text, *scheme;
    } file[] = {{"image_name;DR_grade\n1_left.jpeg;4\n", "icdr"},
                {"IMAGE\tQuality\n1_left\t2\n", "eyeq"},
                {"image gradability\n1_left 1\n", "gradable"},
                {"image,what the grader wrote of it,quality\n1_left,x,1\n", "eyeq"}};
    en_label_result result;
    list_patients(r);
    for (size_t i = 0; i < sizeof file / sizeof *file; i++) {
        SCRATCH_OK(r, import(r, file[i].text, (en_label_options){0}, &result));
        assert_string_equal(result.scheme.name, file[i].scheme);
        assert_int_equal(result.imported, 1);
    }
    assert_int_equal(scratch_number(r, "SELECT grade FROM images WHERE image = '1_left'"), 4);
    assert_int_equal(scratch_number(r, "SELECT eyeq FROM images WHERE image = '1_left'"), 1);
    assert_int_equal(scratch_number(r, "SELECT gradable FROM images WHERE image = '1_left'"), 1);
    refuses(r, "image,quality\n1_left,3\n", (en_label_options){0}, EN_INPUT,
            "quality '3' is outside the scheme eyeq, 0 to 2");
    refuses(r, "image,gradable\n1_left,2\n", (en_label_options){0}, EN_INPUT, "outside the scheme gradable, 0 to 1");
    SCRATCH_OK(r,
               import(r, "photo,stage\n1_left,2.0\n",
                      (en_label_options){.image_column = "photo", .grade_column = "stage", .scheme = "icdr"}, &result));
    assert_int_equal(result.by_grade[2], 1);
}

/* DeepDRiD: of a photograph the column of its eye counts, whatever the other one says. */
static void of_two_columns_the_one_of_the_eye_counts(void **state)
{
    scratch *r = *state;
    en_label_result result;
    const char header[] = "image_id,left_eye_DR_Level,right_eye_DR_Level,patient_DR_Level\n";
    char text[300];
    list_patients(r);
    snprintf(text, sizeof text, "%s1_left,3,,3\n1_right,,2,3\n2_left,1,4,4\n2_right,1,4,4\n", header);
    SCRATCH_OK(r, import(r, text, (en_label_options){0}, &result));
    assert_string_equal(result.scheme.name, "icdr");
    const int64_t grades[EN_GRADES] = {0, 1, 1, 1, 1};
    for (size_t i = 0; i < EN_GRADES; i++) {
        assert_int_equal(result.by_grade[i], grades[i]);
    }
    snprintf(text, sizeof text, "%s1_left,3,,3\n1_right,3\n", header);
    refuses(r, text, (en_label_options){0}, EN_INPUT, "line 3 has 2 fields, but the header has 4");
    snprintf(text, sizeof text, "%s1_left,3,,3\n1_right,0,5,3\n", header);
    refuses(r, text, (en_label_options){0}, EN_INPUT, "line 3: right_eye_DR_Level '5' is outside the scheme icdr");
    snprintf(text, sizeof text, "%sIMG7,3,,3\n", header);
    refuses(r, text, (en_label_options){0}, EN_INPUT, "line 2: the name 'IMG7' does not tell the eye");
}

static void write_bytes(const char *path, const void *bytes, size_t size)
{
    en_error err;
    assert_int_equal(en_file_write(path, bytes, size, &err), EN_OK);
}

/* Files as spreadsheets, R, pandas and the public data sets write them. */
static void files_are_read_as_they_come(void **state)
{
    scratch *r = *state;
    en_label_result result;
    list_patients(r);
#define FILE_OF(text) (text), sizeof(text) - 1
    static const struct {
        const char *bytes;
        size_t size;
        en_label_options options;
        int64_t imported, empty;
    } file[] = {
        {FILE_OF("\xFF\xFEi\0m\0a\0g\0e\0\t\0l\0e\0v\0e\0l\0\n\0"
                 "1\0_\0l\0e\0f\0t\0\t\0"
                 "3\0\r\0\n\0"),
         {0},
         1,
         0},
        {FILE_OF("sep=;\r\nimage;level\r\n1_left;2\r\n"), {0}, 1, 0},
        {FILE_OF("Image name,Retinopathy grade,Risk of macular edema ,,,\r\n1_left,3,2,,,\r\n"), {0}, 1, 0},
        {FILE_OF("image,level\n1_left,NA\n1_right,NaN\n2_left, \n2_right,#N/A\n3_left,4\n"), {0}, 1, 4},
        {FILE_OF("image,level\n1_left,-\n1_right,?\n3_left,2\n"), {.missing = "-, ?"}, 1, 2},
        {FILE_OF("train\\1_left.jpg 4\ntrain\\1_right.jpg 0\n"), {.no_header = true, .scheme = "icdr"}, 2, 0},
        {FILE_OF("4,x,1_left\n0,x,1_right\n"), {.image_column = "3", .grade_column = "1", .scheme = "icdr"}, 2, 0},
        {FILE_OF("g,x,name\n4,x,1_left\n"), {.image_column = "3", .grade_column = "1", .scheme = "icdr"}, 1, 0},
        {FILE_OF("image,level\n1_left,No DR\n1_right,severe\n2_left,9\n"), {.map = "no dr=0, Severe=3,9="}, 2, 1},
        {FILE_OF("image,niveau,level\n1_left,r\xE9tine,1\n"), {.encoding = "ISO-8859-1"}, 1, 0},
    };
    for (size_t i = 0; i < sizeof file / sizeof *file; i++) {
        en_label_options options = file[i].options;
        char name[32];
        snprintf(name, sizeof name, "labels%zu.csv", i);
        write_bytes(name, file[i].bytes, file[i].size);
        options.file = name;
        options.supersede = true;
        SCRATCH_OK(r, en_label_import(&r->project, &options, &result, &r->err));
        if (result.imported != file[i].imported || result.empty != file[i].empty) {
            fail_msg("file %zu: %lld imported, %lld empty", i, (long long)result.imported, (long long)result.empty);
        }
    }
}

static void a_grade_outside_the_scheme_can_be_ungradable(void **state)
{
    scratch *r = *state;
    en_label_result result;
    list_patients(r);
    refuses(r, "image,level\n1_left,5\n", (en_label_options){0}, EN_INPUT, "say what it means with --map");
    refuses(r, "image,level\n1_left,5\n", (en_label_options){.map = "5=6"}, EN_USAGE, "'5=6' is not a pair of --map");
    SCRATCH_OK(r,
               import(r, "image,level\n1_left,5.0\n1_right,3\n", (en_label_options){.map = "5=ungradable"}, &result));
    assert_int_equal(result.ungradable, 1);
    assert_int_equal(scratch_number(r, "SELECT gradable FROM images WHERE image = '1_left'"), 0);
    assert_int_equal(scratch_number(r, "SELECT grade FROM images WHERE image = '1_left'"), 0); /* the earlier one */
    assert_int_equal(scratch_number(r, "SELECT grade FROM images WHERE image = '1_right'"), 3);
}

/* gzip of "image,level\n1_left,3\n", and the same cut short. */
static void a_gzip_is_read_and_a_damaged_one_refused(void **state)
{
    scratch *r = *state;
    en_label_result result;
    const en_label_options options = {.file = "l.csv.gz", .supersede = true};
    static const unsigned char gz[] = {0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xcb,
                                       0xcc, 0x4d, 0x4c, 0x4f, 0xd5, 0xc9, 0x49, 0x2d, 0x4b, 0xcd, 0xe1,
                                       0x32, 0x8c, 0xcf, 0x49, 0x4d, 0x2b, 0xd1, 0x31, 0xe6, 0x02, 0x00,
                                       0xa6, 0x30, 0x91, 0x12, 0x15, 0x00, 0x00, 0x00};
    list_patients(r);
    write_bytes("l.csv.gz", gz, sizeof gz);
    SCRATCH_OK(r, en_label_import(&r->project, &options, &result, &r->err));
    assert_int_equal(result.by_grade[3], 1);
    write_bytes("l.csv.gz", gz, sizeof gz - 9);
    scratch_refused(r, en_label_import(&r->project, &options, &result, &r->err), EN_INPUT,
                    "'l.csv.gz' is a damaged gzip file");
}

static void an_interrupted_import_leaves_the_catalog_as_it_was(void **state)
{
    scratch *r = *state;
    en_label_result result;
    en_buf csv;
    en_buf_init(&csv, 1 << 20);
    assert_int_equal(en_buf_text(&csv, "image,level\n", &r->err), EN_OK);
    for (int i = 1; i <= 3000; i++) {
        assert_int_equal(en_buf_printf(&csv, &r->err, "%d_left,%d\n", i, i % 5), EN_OK);
    }
    r->stop_after = 2;
    refuses(r, csv.data, (en_label_options){.unknown = EN_UNKNOWN_ADD}, EN_INTERRUPTED, "interrupted");
    assert_true(r->progress >= 2);
    r->stop_after = 0;
    SCRATCH_OK(r, import(r, csv.data, (en_label_options){.unknown = EN_UNKNOWN_ADD}, &result));
    assert_int_equal(result.added, 3000);
    en_buf_clear(&csv);
}

static void listed_images_get_their_pixels_later(void **state)
{
    scratch *r = *state;
    en_ingest_result ingested;
    list_patients(r);
    scratch_add_patients(r, 3);
    SCRATCH_OK(r, en_ingest(&r->project, &(en_ingest_options){.recipe = SCRATCH_RECIPE}, &ingested, &r->err));
    assert_int_equal(ingested.accepted, 6);
    assert_int_equal(scratch_number(r, "SELECT count(*) FROM images WHERE status = 'accepted' AND grade IS NOT NULL"),
                     6);
    assert_int_equal(scratch_number(r, "SELECT count(*) FROM images"), 6);
}

#define IN_A_SCRATCH_PROJECT(test) cmocka_unit_test_setup_teardown(test, scratch_set_up, scratch_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_SCRATCH_PROJECT(a_bad_line_is_named_and_nothing_is_imported),
        IN_A_SCRATCH_PROJECT(two_kinds_of_grades_in_one_file_are_told_apart_by_name),
        IN_A_SCRATCH_PROJECT(labels_of_unknown_images_are_refused_skipped_or_listed),
        IN_A_SCRATCH_PROJECT(a_grade_said_twice_is_one_and_trailing_separators_are_nothing),
        IN_A_SCRATCH_PROJECT(newer_labels_win_and_older_ones_stay),
        IN_A_SCRATCH_PROJECT(the_scheme_is_told_from_the_column),
        IN_A_SCRATCH_PROJECT(of_two_columns_the_one_of_the_eye_counts),
        IN_A_SCRATCH_PROJECT(files_are_read_as_they_come),
        IN_A_SCRATCH_PROJECT(a_grade_outside_the_scheme_can_be_ungradable),
        IN_A_SCRATCH_PROJECT(a_gzip_is_read_and_a_damaged_one_refused),
        IN_A_SCRATCH_PROJECT(an_interrupted_import_leaves_the_catalog_as_it_was),
        IN_A_SCRATCH_PROJECT(listed_images_get_their_pixels_later),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
