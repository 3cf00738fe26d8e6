/* Labels are history, and the newest import wins. */
#include "fixture.h"

#include <string.h>

static int64_t begin(const char *scheme, const char *grader)
{
    en_catalog_label_import import = {"some.csv", HASH_A, scheme, grader};
    int64_t id;
    OK(en_catalog_label_begin(catalog, &import, &id, &err));
    return id;
}

static en_catalog_label_outcome put(int64_t import_id, int64_t image_id, int64_t grade)
{
    en_catalog_label_outcome outcome;
    OK(en_catalog_label_put(catalog, import_id, image_id, grade, &outcome, &err));
    return outcome;
}

static int64_t list(const char *name)
{
    int64_t id;
    bool added;
    en_catalog_name parsed;
    OK(en_catalog_name_parse(name, &parsed, &err));
    OK(en_catalog_image_list(catalog, &parsed, -1, &id, &added, &err));
    return id;
}

static void the_newest_import_wins_and_the_old_grade_stays(void **state)
{
    (void)state;
    int64_t image = list("1_left");
    assert_int_equal(put(begin("icdr", "anna"), image, 1), EN_LABEL_ADDED);
    assert_int_equal(put(begin("icdr", "anna"), image, 2), EN_LABEL_ADDED);
    assert_int_equal(number("SELECT grade FROM labels WHERE image = '1_left'"), 2);
    assert_int_equal(number("SELECT grade FROM images"), 2);
    assert_int_equal(number("SELECT count(*) FROM labels"), 1);
    assert_int_equal(number("SELECT count(*) FROM label"), 2);
}

static void saying_the_same_again_writes_nothing_but_another_grader_counts(void **state)
{
    (void)state;
    int64_t image = list("1_left");
    put(begin("icdr", "anna"), image, 1);
    assert_int_equal(put(begin("icdr", "anna"), image, 1), EN_LABEL_UNCHANGED);
    assert_int_equal(put(begin("icdr", "berta"), image, 1), EN_LABEL_ADDED);
    assert_int_equal(put(begin("icdr", "berta"), image, 4), EN_LABEL_ADDED);
    assert_int_equal(put(begin("icdr", "anna"), image, 1), EN_LABEL_ADDED); /* hers is not the current one */
    assert_int_equal(number("SELECT grade FROM labels"), 1);
}

static void schemes_do_not_touch_each_other(void **state)
{
    (void)state;
    int64_t image = list("1_left");
    put(begin("icdr", "x"), image, 4);
    put(begin("gradable", "x"), image, 0);
    put(begin("eyeq", "x"), image, 2);
    assert_int_equal(number("SELECT count(*) FROM images WHERE grade = 4 AND gradable = 0 AND eyeq = 2"), 1);
}

static void a_grade_outside_its_scale_is_refused(void **state)
{
    (void)state;
    en_catalog_label_outcome outcome;
    int64_t image = list("1_left"), import = begin("icdr", "x");
    FAILS(en_catalog_label_put(catalog, import, image, 7, &outcome, &err), EN_INPUT,
          "7 is not a grade of 'icdr': its scale is 0 to 4");
    FAILS(en_catalog_label_put(catalog, import, image, -1, &outcome, &err), EN_INPUT, "-1 is not a grade");
    FAILS(en_catalog_label_put(catalog, begin("gradable", "x"), image, 2, &outcome, &err), EN_INPUT, "0 to 1");
    FAILS(en_catalog_label_begin(catalog, &(en_catalog_label_import){"f", HASH_A, "other", "x"}, &import, &err),
          EN_INPUT, "a scheme is icdr, eyeq or gradable");
    assert_int_equal(number("SELECT count(*) FROM label"), 0);
}

static void two_grades_for_one_image_in_one_file_are_refused(void **state)
{
    (void)state;
    en_catalog_label_outcome outcome;
    int64_t image = list("1_left"), import = begin("icdr", "x");
    put(import, image, 2);
    assert_int_equal(put(import, image, 2), EN_LABEL_UNCHANGED);
    FAILS(en_catalog_label_put(catalog, import, image, 3, &outcome, &err), EN_INPUT, "grade 2 and grade 3 in one file");
}

static void the_scales_are_those_of_the_schema(void **state)
{
    (void)state;
    for (const char *const *s = en_catalog_schemes; *s != NULL; s++) {
        int64_t import = begin(*s, "x"), image = list(*s);
        put(import, image, en_catalog_scheme_max(*s));
    }
    assert_int_equal(number("SELECT count(*) FROM label"), 3);
    assert_int_equal(en_catalog_scheme_max("other"), -1);
    refused("INSERT INTO label VALUES (2, 'icdr', 1, 5)", "a grade lies on its scale");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_newest_import_wins_and_the_old_grade_stays, open_project, close_project),
        cmocka_unit_test_setup_teardown(saying_the_same_again_writes_nothing_but_another_grader_counts, open_project,
                                        close_project),
        cmocka_unit_test_setup_teardown(schemes_do_not_touch_each_other, open_project, close_project),
        cmocka_unit_test_setup_teardown(a_grade_outside_its_scale_is_refused, open_project, close_project),
        cmocka_unit_test_setup_teardown(two_grades_for_one_image_in_one_file_are_refused, open_project, close_project),
        cmocka_unit_test_setup_teardown(the_scales_are_those_of_the_schema, open_project, close_project),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
