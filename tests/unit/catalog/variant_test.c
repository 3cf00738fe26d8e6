/* Augmentation policies: the metrics of the original EyeNet, as rows, fast. */
#include "fixture.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/file.h"
#include "db/statements.h"

#define GRADE_0 25488
#define GRADES_1_TO_4 9235

/* Of this process's own work: a busy machine is no fault of ours. */
static double seconds_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* As many listed images with labels as the original kept. */
static void import_labels_of_the_original(void)
{
    en_catalog_label_import import = {"trainLabels.csv", HASH_A, "icdr", "competition"};
    en_catalog_label_outcome outcome;
    int64_t import_id, image_id;
    bool added;
    en_catalog_name parsed;
    OK(en_catalog_begin(catalog, &err));
    OK(en_catalog_label_begin(catalog, &import, &import_id, &err));
    for (int i = 0; i < GRADE_0 + GRADES_1_TO_4; i++) {
        char name[32];
        snprintf(name, sizeof name, "%d_%s", i / 2, i % 2 == 0 ? "left" : "right");
        OK(en_catalog_name_parse(name, &parsed, &err));
        OK(en_catalog_image_list(catalog, &parsed, -1, &image_id, &added, &err));
        assert_true(added);
        OK(en_catalog_label_put(catalog, import_id, image_id, i < GRADE_0 ? 0 : 1 + i % 4, &outcome, &err));
    }
    OK(en_catalog_commit(catalog, &err));
}

static void the_seed_policy_gives_106386_variants_in_under_three_seconds_of_work(void **state)
{
    (void)state;
    const en_catalog_policy *seed;
    int64_t added, total, before, after;
    char path[128];
    import_labels_of_the_original();
    en_catalog_close(catalog);
    snprintf(path, sizeof path, "%s/eyenet.db", scratch);
    OK(en_file_size(path, &before, &err));

    double start = seconds_now();
    OK(en_catalog_open(scratch, NULL, &catalog, &err));
    OK(en_catalog_policy_get("seed", &seed, &err));
    OK(en_catalog_variants_apply(catalog, seed, &added, &total, &err));
    double took = seconds_now() - start;
    assert_int_equal(added, 106386);
    assert_int_equal(total, 106386);
    assert_true(took < 3.0);

    start = seconds_now();
    assert_int_equal(number("SELECT count(grade) FROM variants WHERE part IS NULL AND status = 'listed'"), 106386);
    double scan = seconds_now() - start;
    en_catalog_close(catalog);
    catalog = NULL;
    OK(en_file_size(path, &after, &err));
    print_message("106,386 variants: %.2f s with opening, %lld bytes a variant; a look at all of them %.2f s\n", took,
                  (long long)((after - before) / 106386), scan);
    assert_true((after - before) / 106386 < 40);
}

static void a_policy_applied_again_adds_only_what_is_new(void **state)
{
    (void)state;
    const en_catalog_policy *seed, *plain;
    int64_t added, total;
    add_label("1_left", 0);
    add_label("1_right", 3);
    OK(en_catalog_policy_get("seed", &seed, &err));
    OK(en_catalog_policy_get("plain", &plain, &err));
    OK(en_catalog_variants_apply(catalog, seed, &added, &total, &err));
    assert_int_equal(added, 2 + 6);
    OK(en_catalog_variants_apply(catalog, seed, &added, &total, &err));
    assert_int_equal(added, 0);
    OK(en_catalog_variants_apply(catalog, plain, &added, &total, &err));
    assert_int_equal(added, 0);
    add_label("1_left", 1); /* regraded */
    OK(en_catalog_variants_apply(catalog, seed, &added, &total, &err));
    assert_int_equal(added, 4);
    assert_int_equal(total, 12);
    assert_int_equal(number("SELECT count(*) FROM variants WHERE rotation IN (90, 120, 180, 270) AND mirror = 1"), 0);
}

static void the_plain_policy_takes_images_without_a_grade_too(void **state)
{
    (void)state;
    const en_catalog_policy *plain;
    int64_t added, total;
    add_accepted("5_left");
    add_label("6_left", 2);
    OK(en_catalog_policy_get("plain", &plain, &err));
    OK(en_catalog_variants_apply(catalog, plain, &added, &total, &err));
    assert_int_equal(added, 2);
    assert_int_equal(number("SELECT count(*) FROM variants WHERE mirror = 0 AND rotation = 0"), 2);
}

static void a_mirrored_left_eye_is_seen_as_a_right_one(void **state)
{
    (void)state;
    const en_catalog_policy *seed;
    int64_t added, total;
    add_label("5_left", 1);
    add_label("6_right", 0);
    add_label("scan", 0); /* no eye is known of it */
    OK(en_catalog_policy_get("seed", &seed, &err));
    OK(en_catalog_variants_apply(catalog, seed, &added, &total, &err));
    assert_int_equal(number("SELECT count(*) FROM variants WHERE image = '5_left' AND mirror = 0 AND eye <> 'left'"),
                     0);
    assert_int_equal(number("SELECT count(*) FROM variants WHERE image = '5_left' AND mirror = 1 AND eye = 'right'"),
                     1);
    assert_int_equal(number("SELECT count(*) FROM variants WHERE image = '6_right' AND mirror = 1 AND eye = 'left'"),
                     1);
    assert_int_equal(number("SELECT count(*) FROM variants WHERE image = 'scan' AND eye IS NOT NULL"), 0);
}

static void an_unknown_policy_is_named_with_those_there_are(void **state)
{
    (void)state;
    const en_catalog_policy *policy;
    size_t count;
    FAILS(en_catalog_policy_get("sead", &policy, &err), EN_INPUT, "there is no policy 'sead': there is seed, ");
    const en_catalog_policy *list = en_catalog_policies(&count);
    for (size_t i = 0; i < count; i++) {
        OK(en_catalog_policy_get(list[i].name, &policy, &err));
    }
    size_t files = 0; /* of sql/policy/: each is offered */
    for (int id = 0; id < EN_SQL_COUNT; id++) {
        files += strncmp(en_sql_name[id], "policy/", 7) == 0;
    }
    assert_int_equal(count, files);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_seed_policy_gives_106386_variants_in_under_three_seconds_of_work,
                                        open_project, close_project),
        cmocka_unit_test_setup_teardown(a_policy_applied_again_adds_only_what_is_new, open_project, close_project),
        cmocka_unit_test_setup_teardown(the_plain_policy_takes_images_without_a_grade_too, open_project, close_project),
        cmocka_unit_test_setup_teardown(a_mirrored_left_eye_is_seen_as_a_right_one, open_project, close_project),
        cmocka_unit_test_setup_teardown(an_unknown_policy_is_named_with_those_there_are, open_project, close_project),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
