/* label import: the whole file or nothing, and every fault with its file and line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "intake/label.h"

#include <string.h>

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
    refuses(r, "image,level\n1_left,1\n", (en_label_options){.scheme = "ICDR"}, EN_USAGE, "there is no scheme 'ICDR'");
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
    assert_string_equal(result.scheme, "eyeq");
    assert_int_equal(result.by_grade[2], 1);
    SCRATCH_OK(r, import(r, text, (en_label_options){.scheme = "icdr"}, &result));
    assert_int_equal(result.by_grade[4], 1);
    SCRATCH_OK(r, import(r, "id_code,diagnosis\n2_left,3\n", (en_label_options){0}, &result));
    assert_string_equal(result.scheme, "icdr");
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
        assert_string_equal(result.scheme, file[i].scheme);
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
        IN_A_SCRATCH_PROJECT(an_interrupted_import_leaves_the_catalog_as_it_was),
        IN_A_SCRATCH_PROJECT(listed_images_get_their_pixels_later),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
