/* split and subset: whole patients, sizes as asked for, the same for the same seed; and queries frozen. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "dataset/augment.h"
#include "intake/ingest.h"
#include "intake/label.h"
#include "dataset/split.h"
#include "catalog/split.h"
#include "dataset/subset.h"
#include "scratch_project.h"

enum { PATIENTS = 200 };

/* Patients 1..PATIENTS listed in the order first, first + step, ...; one in ten has grade 2 and above. */
static void list_patients(scratch *r, unsigned first, unsigned step)
{
    en_label_result result;
    en_buf csv;
    en_buf_init(&csv, 1 << 20);
    assert_int_equal(en_buf_text(&csv, "image,level\n", &r->err), EN_OK);
    for (unsigned i = 0, n = first; i < PATIENTS; i++, n = n % PATIENTS + step) {
        n = n > PATIENTS ? n - PATIENTS : n;
        unsigned grade = n % 10 == 0 ? 2 + n % 3 : n % 4 == 1;
        assert_int_equal(en_buf_printf(&csv, &r->err, "%u_left,%u\n%u_right,0\n", n, grade, n), EN_OK);
    }
    scratch_write("labels.csv", csv.data);
    en_buf_clear(&csv);
    SCRATCH_OK(r, en_label_import(&r->project, &(en_label_options){.file = "labels.csv", .unknown = EN_UNKNOWN_ADD},
                                  &result, &r->err));
    assert_int_equal(result.added, 2 * PATIENTS);
}

static void parts_of(scratch *r, const char *split, en_buf *out)
{
    char sql[200];
    snprintf(sql, sizeof sql,
             "SELECT patient, part FROM assignment JOIN split USING (split_id) WHERE name = '%s' ORDER BY CAST(patient "
             "AS INTEGER)",
             split);
    en_buf_reset(out);
    scratch_dump(r, sql, out);
}

static void a_split_keeps_patients_whole_and_sizes(void **state)
{
    scratch *r = *state;
    en_split_result result;
    const en_split_options options = {.name = "main", .test = 0.2, .validation = 0.1, .stratify = true, .seed = 1};
    list_patients(r, 1, 1);
    SCRATCH_OK(r, en_split(&r->project, &options, &result, &r->err));
    assert_int_equal(result.part[EN_PART_TEST].patients, PATIENTS / 5);
    assert_int_equal(result.part[EN_PART_VAL].patients, PATIENTS / 10);
    assert_int_equal(result.part[EN_PART_TRAIN].patients, PATIENTS * 7 / 10);
    assert_int_equal(result.part[EN_PART_TEST].images, 2 * PATIENTS / 5);
    assert_int_equal(scratch_number(r, "SELECT count(*) FROM assignment"), PATIENTS);
    assert_int_equal(
        scratch_number(r, "SELECT max(n) FROM (SELECT count(DISTINCT part) AS n FROM images GROUP BY patient)"), 1);
    for (int part = 0; part < EN_PARTS; part++) {
        int64_t images = 0, referable = 0;
        for (int grade = 0; grade < 5; grade++) {
            images += result.part[part].by_grade[grade];
            referable += grade >= 2 ? result.part[part].by_grade[grade] : 0;
        }
        assert_int_equal(images, result.part[part].images);
        int64_t fair = result.part[part].patients / 10; /* one patient in ten, one eye each */
        assert_in_range(referable, fair > 1 ? fair - 1 : 0, fair + 1);
    }
}

/* Every patient is for testing in all folds, or for validation in one. */
static void folds_share_the_test_part_and_validate_each_patient_once(void **state)
{
    scratch *r = *state;
    en_split_result result;
    en_catalog_splits folds;
    const en_split_options options = {.name = "cv", .test = 0.1, .folds = 7, .stratify = true, .seed = 3};
    list_patients(r, 1, 1);
    SCRATCH_OK(r, en_split(&r->project, &options, &result, &r->err));
    assert_int_equal(result.part[EN_PART_TEST].patients, PATIENTS / 10);
    for (int f = 0; f < 7; f++) { /* 180 patients into 7 */
        assert_in_range(result.fold[f].patients, 25, 26);
        int64_t referable = result.fold[f].by_grade[2] + result.fold[f].by_grade[3] + result.fold[f].by_grade[4];
        assert_in_range(referable, 2, 3); /* 18 of them */
    }
    SCRATCH_OK(r, en_catalog_folds_read(r->project.catalog, "cv", &folds, &r->err));
    assert_int_equal(folds.count, 7);
    assert_string_equal(folds.row[0].name, "cv-1");
    assert_string_equal(folds.row[6].name, "cv-7");
    en_catalog_splits_clear(&folds);
    assert_int_equal(scratch_number(r, "SELECT count(*) FROM assignment"), 7 * PATIENTS);
    assert_int_equal(
        scratch_number(
            r, "SELECT count(*) FROM (SELECT patient FROM assignment GROUP BY patient HAVING "
               "(sum(part = 'test') = 7 AND count(*) = 7) OR (sum(part = 'val') = 1 AND sum(part = 'train') = 6))"),
        PATIENTS);
    assert_int_equal(scratch_number(r, "SELECT count(*) FROM splits WHERE folds = 'cv' AND fold = split_id AND "
                                       "train_patients + val_patients + test_patients = 200 AND test_images = 40"),
                     7);
    scratch_refused(r, en_catalog_folds_read(r->project.catalog, "cw", &folds, &r->err), EN_INPUT,
                    "there is no partition into folds 'cw'");
    scratch_refused(
        r, en_split(&r->project, &(en_split_options){.name = "many", .test = 0.9, .folds = 21}, &result, &r->err),
        EN_INPUT, "21 folds of 200 patients: each needs one that is not for testing");
    scratch_refused(r, en_split(&r->project, &options, &result, &r->err), EN_INPUT, "there is a split 'cv-1' already");
    assert_int_equal(scratch_number(r, "SELECT count(*) FROM split"), 7);
}

/* Patients n and n + 100 stay together where a group says so, in splits and in folds. */
static void a_group_comes_into_one_part(void **state)
{
    scratch *r = *state;
    en_split_result result;
    en_split_options options = {.name = "by",
                                .test = 0.25,
                                .validation = 0.15,
                                .stratify = true,
                                .seed = 1,
                                .group = "CAST(patient AS INTEGER) % 100"};
    const char *torn = "SELECT count(*) FROM (SELECT CAST(patient AS INTEGER) % 100 AS g, split_id FROM assignment "
                       "GROUP BY 1, 2 HAVING count(DISTINCT part) > 1)";
    list_patients(r, 1, 1);
    SCRATCH_OK(r, en_split(&r->project, &options, &result, &r->err));
    assert_int_equal(result.sets, 100);
    assert_int_equal(scratch_number(r, torn), 0);
    assert_in_range(result.part[EN_PART_TEST].patients, 48, 52);
    assert_in_range(result.part[EN_PART_VAL].patients, 28, 32);
    options.name = "folds";
    options.folds = 4;
    SCRATCH_OK(r, en_split(&r->project, &options, &result, &r->err));
    assert_int_equal(scratch_number(r, torn), 0);
    for (int f = 0; f < 4; f++) {
        assert_in_range(result.fold[f].patients, 36, 39);
    }
    options.name = "none";
    options.group = NULL;
    options.folds = 0;
    SCRATCH_OK(r, en_split(&r->project, &options, &result, &r->err));
    assert_int_equal(result.sets, PATIENTS);
    assert_true(scratch_number(r, torn) > 0);
    options.name = "bad";
    options.group = "camera";
    scratch_refused(r, en_split(&r->project, &options, &result, &r->err), EN_INPUT, "camera");
    options.group = "1) FROM images; DELETE FROM split; --";
    scratch_refused(r, en_split(&r->project, &options, &result, &r->err), EN_INPUT, "split --group");
    options.group = "eye, grade";
    scratch_refused(r, en_split(&r->project, &options, &result, &r->err), EN_INPUT, "split --group");
}

static void a_split_depends_on_names_and_seed_alone(void **state)
{
    scratch *r = *state, *other = scratch_another();
    en_split_result result;
    en_buf a, b;
    en_buf_init(&a, 1 << 20);
    en_buf_init(&b, 1 << 20);
    en_split_options options = {.name = "main", .test = 0.2, .validation = 0.1, .stratify = true, .seed = 1};
    list_patients(r, 1, 1);
    list_patients(other, 77, 7); /* the same patients in another order */
    SCRATCH_OK(r, en_split(&r->project, &options, &result, &r->err));
    SCRATCH_OK(other, en_split(&other->project, &options, &result, &other->err));
    parts_of(r, "main", &a);
    parts_of(other, "main", &b);
    assert_string_equal(a.data, b.data);
    options.seed = 2;
    options.name = "second";
    SCRATCH_OK(r, en_split(&r->project, &options, &result, &r->err));
    parts_of(r, "second", &b);
    assert_string_not_equal(a.data, b.data);
    options.seed = 1;
    options.name = "third";
    SCRATCH_OK(r, en_split(&r->project, &options, &result, &r->err));
    parts_of(r, "third", &b);
    assert_string_equal(a.data, b.data);
    en_buf_clear(&a);
    en_buf_clear(&b);
    assert_int_equal(scratch_tear_down((void **)&other), 0);
}

static void a_split_that_makes_no_sense_is_refused(void **state)
{
    scratch *r = *state;
    en_split_result result;
    static const double bad[][2] = {{-0.1, 0.1}, {0.5, 0.5}, {1, 0}, {0, -1}};
    en_split_options options = {.name = "main", .test = 0.2};
    scratch_refused(r, en_split(&r->project, &options, &result, &r->err), EN_INPUT, "there are no patients to split");
    list_patients(r, 1, 1);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        options.test = bad[i][0];
        options.validation = bad[i][1];
        scratch_refused(r, en_split(&r->project, &options, &result, &r->err), EN_USAGE, "together less than 1");
    }
    options = (en_split_options){.name = "main", .test = 0.2};
    SCRATCH_OK(r, en_split(&r->project, &options, &result, &r->err));
    scratch_refused(r, en_split(&r->project, &options, &result, &r->err), EN_INPUT, "there is a split 'main' already");
    assert_int_equal(scratch_number(r, "SELECT count(*) FROM split"), 1);
}

static void parts_without_patients_are_warned_of(void **state)
{
    scratch *r = *state;
    en_split_result result;
    const en_split_options options = {.name = "tiny", .test = 0.2, .validation = 0.1, .seed = 1};
    scratch_add_patients(r, 1);
    SCRATCH_OK(r,
               en_ingest(&r->project, &(en_ingest_options){.recipe = SCRATCH_RECIPE}, &(en_ingest_result){0}, &r->err));
    SCRATCH_OK(r, en_split(&r->project, &options, &result, &r->err));
    assert_non_null(strstr(r->said.data, "part 'test' of split 'tiny' has no patients"));
}

static void names_are_short_texts_and_those_of_plain_subsets_are_taken(void **state)
{
    scratch *r = *state;
    en_subset_result result;
    static const char sql[] = "SELECT variant_id FROM variants";
    static const char *const bad[] = {"", " a", "a ", "a\nb", "a\x01", "\xff", "\xc0\xaf", "\xe2\x82"};
    scratch_fill(r, 4);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        scratch_refused(r, en_subset_freeze(&r->project, bad[i], sql, &result, &r->err), EN_USAGE,
                        "is not a valid subset name");
    }
    char longest[102];
    memset(longest, 'x', 101);
    longest[101] = '\0';
    scratch_refused(r, en_subset_freeze(&r->project, longest, sql, &result, &r->err), EN_USAGE,
                    "is not a valid subset name");
    longest[100] = '\0';
    SCRATCH_OK(r, en_subset_freeze(&r->project, longest, sql, &result, &r->err));
    SCRATCH_OK(r, en_subset_freeze(&r->project, "augen \xc3\xbc 1/all", sql, &result, &r->err));
    scratch_refused(r, en_subset_freeze(&r->project, "main/test", sql, &result, &r->err), EN_USAGE,
                    "'main/test' is reserved for the plain variants of a part of a split");
    scratch_refused(r, en_split(&r->project, &(en_split_options){.name = ""}, &(en_split_result){0}, &r->err), EN_USAGE,
                    "is not a valid split name");
}

static void a_subset_is_what_a_reading_query_chose(void **state)
{
    scratch *r = *state;
    en_split_result parts;
    en_augment_result variants;
    en_subset_result result;
    list_patients(r, 1, 1);
    const en_split_options split = {.name = "main", .test = 0.2, .validation = 0.1, .seed = 1};
    SCRATCH_OK(r, en_split(&r->project, &split, &parts, &r->err));
    SCRATCH_OK(r, en_augment(&r->project, "seed", &variants, &r->err));
    int64_t plain =
        scratch_number(r, "SELECT count(*) FROM variants WHERE part = 'train' AND mirror = 0 AND rotation = 0");
    SCRATCH_OK(r,
               en_subset_freeze(&r->project, "train",
                                "SELECT variant_id FROM variants WHERE part = 'train' AND mirror = 0 AND rotation = 0",
                                &result, &r->err));
    assert_int_equal(result.members, plain);
    assert_int_equal(result.images, parts.part[EN_PART_TRAIN].images);
    assert_int_equal(result.patients, parts.part[EN_PART_TRAIN].patients);
    assert_int_equal(result.part, EN_PART_TRAIN);
    SCRATCH_OK(r, en_subset_freeze(&r->project, "all", "SELECT variant_id FROM variants", &result, &r->err));
    assert_int_equal(result.part, EN_PART_NONE); /* several */
    assert_int_equal(result.members, variants.total);
    static const struct {
        const char *name, *sql, *words;
    } bad[] = {{"w", "DELETE FROM variant", "subset 'w'"},
               {"w", "SELECT variant_id FROM variants; DROP TABLE variant", "subset 'w'"},
               {"e", "SELECT variant_id FROM variants WHERE grade = 9", "subset 'e' is empty"},
               {"train", "SELECT variant_id FROM variants", "there is a subset 'train' already"},
               {"c", "SELECT image, patient FROM variants", "variant_id"},
               {"t", "SELECT variant_id FROM variant_s", "no such table"},
               {"n", "SELECT -1 AS variant_id", "there is no variant -1"}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        scratch_refused(r, en_subset_freeze(&r->project, bad[i].name, bad[i].sql, &result, &r->err), EN_INPUT,
                        bad[i].words);
    }
    assert_int_equal(scratch_number(r, "SELECT count(*) FROM subset"), 2);
    assert_int_equal(scratch_number(r, "SELECT count(*) FROM variant"), variants.total);
}

#define IN_A_SCRATCH_PROJECT(test) cmocka_unit_test_setup_teardown(test, scratch_set_up, scratch_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_SCRATCH_PROJECT(a_split_keeps_patients_whole_and_sizes),
        IN_A_SCRATCH_PROJECT(folds_share_the_test_part_and_validate_each_patient_once),
        IN_A_SCRATCH_PROJECT(a_group_comes_into_one_part),
        IN_A_SCRATCH_PROJECT(a_split_depends_on_names_and_seed_alone),
        IN_A_SCRATCH_PROJECT(a_split_that_makes_no_sense_is_refused),
        IN_A_SCRATCH_PROJECT(parts_without_patients_are_warned_of),
        IN_A_SCRATCH_PROJECT(names_are_short_texts_and_those_of_plain_subsets_are_taken),
        IN_A_SCRATCH_PROJECT(a_subset_is_what_a_reading_query_chose),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
