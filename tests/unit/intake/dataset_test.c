/* Datasets and patients: a name means one photograph of its dataset, labels find the one that is meant, and no person
 * is torn apart without a word. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/memory.h"
#include "catalog/dataset.h"
#include "dataset/augment.h"
#include "dataset/split.h"
#include "dataset/subset.h"
#include "intake/ingest.h"
#include "intake/label.h"
#include "scratch_project.h"

/* The drawn eye `number` as the file of a source. */
static void add(scratch *r, const char *source_uri, const char *path, unsigned number)
{
    char uri[100], copy[200], hex[EN_SHA256_HEX];
    en_buf jpeg;
    en_buf_init(&jpeg, 1 << 20);
    scratch_draw(number, true, &jpeg);
    snprintf(uri, sizeof uri, "%s", source_uri);
    en_catalog_source source = {.uri = uri,
                                .version = 1,
                                .kind = strncmp(uri, "http", 4) == 0 ? EN_SOURCE_HTTP : EN_SOURCE_FOLDER,
                                .bytes = -1,
                                .state = EN_SOURCE_WHOLE};
    SCRATCH_OK(r, en_catalog_source_put(r->project.catalog, &source, &r->err));
    snprintf(copy, sizeof copy, "photos/%lld/%s", (long long)source.id, path);
    char *slash = strrchr(copy, '/');
    *slash = '\0';
    SCRATCH_OK(r, en_file_mkdirs(copy, &r->err));
    *slash = '/';
    assert_int_equal(en_file_write(copy, jpeg.data, jpeg.size, &r->err), EN_OK);
    SCRATCH_OK(r, en_sha256_bytes(jpeg.data, jpeg.size, hex, &r->err));
    en_catalog_member member = {.source_id = source.id,
                                .path = copy,
                                .photograph = true,
                                .bytes = (int64_t)jpeg.size,
                                .crc32 = -1,
                                .sha256 = hex};
    SCRATCH_OK(r, en_catalog_member_put(r->project.catalog, &member, &r->err));
    en_buf_clear(&jpeg);
}

static void ingest(scratch *r)
{
    en_ingest_result result;
    SCRATCH_OK(r, en_ingest(&r->project, &(en_ingest_options){.recipe = SCRATCH_RECIPE}, &result, &r->err));
}

static void is(scratch *r, const char *sql, const char *wanted)
{
    en_buf rows;
    en_buf_init(&rows, 1 << 20);
    scratch_dump(r, sql, &rows);
    assert_string_equal(en_buf_str(&rows), wanted);
    en_buf_clear(&rows);
}

static en_status import(scratch *r, const char *file, const char *text, en_label_options options)
{
    en_label_result result;
    scratch_write(file, text);
    options.file = file;
    return en_label_import(&r->project, &options, &result, &r->err);
}

static void a_name_that_two_folders_have_gets_its_folder(void **state)
{
    scratch *r = *state;
    add(r, "/set", "a/train/IDRiD_001.jpg", 1);
    add(r, "/set", "a/test/IDRiD_001.jpg", 2);
    add(r, "/set", "a/train/IDRiD_002.jpg", 3);
    add(r, "/set", "b/train/IDRiD_003.jpg", 4);
    add(r, "/set", "c/train/IDRiD_003.jpg", 5);
    add(r, "/set", "IDRiD_003.jpg", 6);
    ingest(r);
    is(r, "SELECT image FROM images WHERE status = 'accepted' ORDER BY image",
       "./IDRiD_003\nIDRiD_002\nb/train/IDRiD_003\nc/train/IDRiD_003\ntest/IDRiD_001\ntrain/IDRiD_001\n");
    add(r, "/set", "d/IDRiD_002.jpg", 7); /* later */
    ingest(r);
    is(r, "SELECT image FROM images WHERE image LIKE '%002' AND status = 'accepted' ORDER BY image",
       "IDRiD_002\nd/IDRiD_002\n");
}

static void a_label_lands_on_the_one_that_is_meant(void **state)
{
    scratch *r = *state;
    add(r, "/set", "a. train/x_1.jpg", 1);
    add(r, "/set", "b. test/x_1.jpg", 2);
    add(r, "/set", "b. test/x_2.jpg", 3);
    ingest(r);
    scratch_refused(
        r, import(r, "l.csv", "image,level\nx_1,3\n", (en_label_options){0}), EN_INPUT,
        "'l.csv' line 2: 'x_1' may be any of 2 images: 'a. train/x_1.jpg' of dataset 'set', 'b. test/x_1.jpg'");
    SCRATCH_OK(r, import(r, "l.csv", "image,level\nD:\\set\\a. train\\x_1.jpg,3\nelsewhere/x_2.png,2\n",
                         (en_label_options){0}));
    SCRATCH_OK(r, import(r, "m.csv", "image,level\nx_1,4\n", (en_label_options){.folder = "b. test/"}));
    is(r, "SELECT image, grade FROM images ORDER BY image", "a. train/x_1|3\nb. test/x_1|4\nx_2|2\n");
    scratch_refused(r, import(r, "m.csv", "image,level\nx_1,4\n", (en_label_options){.folder = "test"}), EN_INPUT,
                    "image 'x_1' is not in the catalog");
}

static void datasets_have_names_of_their_own(void **state)
{
    scratch *r = *state;
    add(r, "/data/eyepacs.zip.001", "10_left.jpg", 1);
    add(r, "/data/eyepacs.zip.001", "10_right.jpg", 2);
    add(r, "https://h/odir.tar.gz?x=/1", "10_left.jpg", 3);
    add(r, "https://h/odir.tar.gz?x=/1", "10_right.jpg", 4);
    add(r, "https://h/odir.tar.gz?x=/1", "11_right.jpg", 5);
    ingest(r);
    is(r, "SELECT dataset, image, patient, status FROM images ORDER BY dataset, image",
       "eyepacs|10_left|eyepacs/10|accepted\neyepacs|10_right|eyepacs/10|accepted\n"
       "odir|10_left|odir/10|accepted\nodir|10_right|odir/10|accepted\nodir|11_right|odir/11|accepted\n");
    scratch_refused(r, import(r, "l.csv", "image,level\n10_left,3\n", (en_label_options){0}), EN_INPUT,
                    "of dataset 'odir'");
    SCRATCH_OK(r, import(r, "l.csv", "image,level\n10_left,3\n", (en_label_options){.dataset = "odir"}));
    SCRATCH_OK(r, import(r, "m.csv", "image,level\n10_left,1\n", (en_label_options){.dataset = "eyepacs"}));
    is(r, "SELECT dataset, grade FROM images WHERE image = '10_left' ORDER BY dataset", "eyepacs|1\nodir|3\n");
    scratch_refused(r, import(r, "l.csv", "image,level\n10_left,3\n", (en_label_options){.dataset = "odri"}), EN_INPUT,
                    "there is no dataset 'odri': did you mean 'odir'?");
    is(r, "SELECT qualified FROM image WHERE name = '10_left' ORDER BY dataset_id", "NULL\nodir:10_left\n");
}

static void a_folder_fetched_twice_has_the_same_patients(void **state)
{
    scratch *r = *state;
    add(r, "/part", "10_left.jpg", 1);
    add(r, "/part", "11_left.jpg", 2);
    add(r, "/whole", "10_left.jpg", 1);
    add(r, "/whole", "11_left.jpg", 2);
    add(r, "/whole", "11_right.jpg", 3);
    ingest(r);
    is(r, "SELECT image, patient FROM images WHERE status = 'accepted' ORDER BY image",
       "10_left|10\n11_left|11\n11_right|11\n");
    SCRATCH_OK(r, import(r, "l.csv", "image,level\n10_left,3\n", (en_label_options){0})); /* the copy is not meant */
    is(r, "SELECT dataset, status, grade FROM images WHERE image = '10_left' ORDER BY dataset",
       "part|accepted|3\nwhole|rejected|NULL\n");
}

static void a_grade_of_another_file_changes_only_when_told(void **state)
{
    scratch *r = *state;
    en_label_result result;
    add(r, "/set", "1_left.jpg", 1);
    add(r, "/set", "1_right.jpg", 2);
    add(r, "/set", "2_left.jpg", 3);
    ingest(r);
    SCRATCH_OK(r, import(r, "a.csv", "image,level\n1_left,3\n1_right,2\n2_left,1\n", (en_label_options){0}));
    SCRATCH_OK(r, import(r, "a.csv", "image,level\n1_left,4\n", (en_label_options){0})); /* corrected */
    scratch_refused(r, import(r, "b.csv", "image,level\n1_left,4\n1_right,0\n2_left,0\n", (en_label_options){0}),
                    EN_INPUT, "'b.csv' changes 2 grades that another file gave; the first: '1_right' in line 3");
    is(r, "SELECT grade FROM images ORDER BY image", "4\n2\n1\n");
    SCRATCH_OK(r,
               en_label_import(&r->project, &(en_label_options){.file = "b.csv", .supersede = true}, &result, &r->err));
    assert_int_equal(result.superseded, 2);
    is(r, "SELECT grade FROM images ORDER BY image", "4\n0\n0\n");
}

static void the_same_names_are_told_apart_in_a_subset(void **state)
{
    scratch *r = *state;
    en_split_result parts;
    en_augment_result variants;
    en_subset_result a, b;
    int64_t texts, subsets;
    for (unsigned i = 1; i <= 4; i++) {
        char path[40];
        snprintf(path, sizeof path, "%u_left.jpg", i);
        add(r, "/one", path, i);
        add(r, "/two", path, 10 + i);
    }
    ingest(r);
    SCRATCH_OK(r, en_split(&r->project, &(en_split_options){.name = "s", .test = 0.25, .seed = 1}, &parts, &r->err));
    assert_int_equal(parts.part[EN_PART_TRAIN].patients + parts.part[EN_PART_TEST].patients, 8);
    SCRATCH_OK(r, en_augment(&r->project, "plain", &variants, &r->err));
    SCRATCH_OK(
        r, en_subset_freeze(&r->project, "a", "SELECT variant_id FROM variants WHERE dataset = 'one'", &a, &r->err));
    SCRATCH_OK(
        r, en_subset_freeze(&r->project, "b", "SELECT variant_id FROM variants WHERE dataset = 'two'", &b, &r->err));
    assert_string_not_equal(a.sha256, b.sha256);
    SCRATCH_OK(r, en_catalog_check_hashes(r->project.catalog, &texts, &subsets, &r->err));
    assert_int_equal(subsets, 2);
}

static void a_split_wants_to_know_the_patients(void **state)
{
    scratch *r = *state;
    en_split_result parts;
    en_split_options options = {.name = "s", .test = 0.5, .seed = 1};
    add(r, "/set", "aa.jpg", 1);
    add(r, "/set", "bb.jpg", 2);
    add(r, "/set", "cc.jpg", 3);
    add(r, "/set", "1_left.jpg", 4);
    add(r, "/set", "1_right.jpg", 5);
    ingest(r);
    scratch_refused(r, en_split(&r->project, &options, &parts, &r->err), EN_INPUT,
                    "the patient is not known of 3 of 5 images");
    SCRATCH_OK(r, import(r, "p.csv", "file,who,side\naa.jpg,P1,OD\nbb.jpg,P1,os\n",
                         (en_label_options){.patients_only = true, .patient_column = "who", .eye_column = "side"}));
    is(r, "SELECT image, patient, eye, patient_from FROM images WHERE eye IS NULL OR patient = 'P1' ORDER BY image",
       "aa|P1|right|column\nbb|P1|left|column\ncc|cc|NULL|NULL\n");
    SCRATCH_OK(r, en_split(&r->project, &options, &parts, &r->err));
    assert_non_null(strstr(en_buf_str(&r->said), "the patient is not known of 1 of 5 images"));
    is(r, "SELECT count(DISTINCT part) FROM images WHERE patient = 'P1'", "1\n");
    options.name = "t";
    options.patient_is_image = true;
    SCRATCH_OK(r, en_split(&r->project, &options, &parts, &r->err));
}

static void pairs_make_one_patient_of_two(void **state)
{
    scratch *r = *state;
    en_label_result result;
    add(r, "/set", "aa.png", 1);
    add(r, "/set", "bb.png", 2);
    add(r, "/set", "cc.png", 3);
    ingest(r);
    scratch_write("pairs.csv", "left;right\naa.png;bb.png\n");
    SCRATCH_OK(r, en_pairs_import(&r->project, &(en_label_options){.file = "pairs.csv"}, &result, &r->err));
    is(r, "SELECT image, patient, patient_from FROM images ORDER BY image", "aa|aa|pairs\nbb|aa|pairs\ncc|cc|NULL\n");
    scratch_write("pairs.csv", "aa.png,zz.png\nbb.png,zz.png\n");
    scratch_refused(r, en_pairs_import(&r->project, &(en_label_options){.file = "pairs.csv"}, &result, &r->err),
                    EN_INPUT, "image 'zz' is not in the catalog");
}

#define IN_A_SCRATCH_PROJECT(test) cmocka_unit_test_setup_teardown(test, scratch_set_up, scratch_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_SCRATCH_PROJECT(a_name_that_two_folders_have_gets_its_folder),
        IN_A_SCRATCH_PROJECT(a_label_lands_on_the_one_that_is_meant),
        IN_A_SCRATCH_PROJECT(datasets_have_names_of_their_own),
        IN_A_SCRATCH_PROJECT(a_folder_fetched_twice_has_the_same_patients),
        IN_A_SCRATCH_PROJECT(a_grade_of_another_file_changes_only_when_told),
        IN_A_SCRATCH_PROJECT(the_same_names_are_told_apart_in_a_subset),
        IN_A_SCRATCH_PROJECT(a_split_wants_to_know_the_patients),
        IN_A_SCRATCH_PROJECT(pairs_make_one_patient_of_two),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
