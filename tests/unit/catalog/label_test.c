/* Labels are history, and the newest import wins. */
#include "fixture.h"

#include <stdio.h>
#include <string.h>

#include "catalog/scheme.h"

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

static int64_t list_image(const char *name)
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
    int64_t image = list_image("1_left");
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
    int64_t image = list_image("1_left");
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
    int64_t image = list_image("1_left");
    put(begin("icdr", "x"), image, 4);
    put(begin("gradable", "x"), image, 0);
    put(begin("eyeq", "x"), image, 2);
    assert_int_equal(number("SELECT count(*) FROM images WHERE grade = 4 AND gradable = 0 AND eyeq = 2"), 1);
}

static void a_grade_outside_its_scale_is_refused(void **state)
{
    (void)state;
    en_catalog_label_outcome outcome;
    int64_t image = list_image("1_left"), import = begin("icdr", "x");
    FAILS(en_catalog_label_put(catalog, import, image, 7, &outcome, &err), EN_INPUT,
          "7 is not a grade of 'icdr': its scale is 0 to 4");
    FAILS(en_catalog_label_put(catalog, import, image, -1, &outcome, &err), EN_INPUT, "-1 is not a grade");
    FAILS(en_catalog_label_put(catalog, begin("gradable", "x"), image, 2, &outcome, &err), EN_INPUT, "0 to 1");
    FAILS(en_catalog_label_begin(catalog, &(en_catalog_label_import){"f", HASH_A, "other", "x"}, &import, &err),
          EN_INPUT, "there is no such scheme");
    assert_int_equal(number("SELECT count(*) FROM label"), 0);
}

static void two_grades_for_one_image_in_one_file_are_refused(void **state)
{
    (void)state;
    en_catalog_label_outcome outcome;
    int64_t image = list_image("1_left"), import = begin("icdr", "x");
    put(import, image, 2);
    assert_int_equal(put(import, image, 2), EN_LABEL_UNCHANGED);
    FAILS(en_catalog_label_put(catalog, import, image, 3, &outcome, &err), EN_INPUT, "grade 2 and grade 3 in one file");
}

static void add_scheme(const char *name, const char *range, const char *values)
{
    const en_catalog_scheme_options o = {.name = name, .range = range, .values = values};
    OK(en_catalog_scheme_add(catalog, &o, &err));
}

static void the_scales_are_those_of_their_rows(void **state)
{
    (void)state;
    en_catalog_scheme_list list;
    en_catalog_label_outcome outcome;
    add_scheme("x", "3..7", NULL);
    OK(en_catalog_scheme_all(catalog, &list, &err));
    assert_int_equal(list.count, 4);
    for (size_t i = 0; i < list.count; i++) {
        const en_catalog_scheme *s = &list.row[i].scheme;
        int64_t import = begin(s->name, "g"), image = list_image(s->name);
        put(import, image, s->highest);
        FAILS(en_catalog_label_put(catalog, import, image, s->highest + 1, &outcome, &err), EN_INPUT, "is not a grade");
        FAILS(en_catalog_label_put(catalog, import, image, s->lowest - 1, &outcome, &err), EN_INPUT, "is not a grade");
    }
    en_catalog_scheme_list_clear(&list);
    assert_int_equal(number("SELECT count(*) FROM label"), 4);
    refused("INSERT INTO label VALUES (2, 'icdr', 1, 5)", "a grade lies between the lowest and the highest value");
    refused("INSERT INTO label SELECT 1, 'x', import_id, 2 FROM label_import WHERE scheme = 'x'",
            "a grade lies between the lowest and the highest value");
}

static void a_users_scheme_is_used_like_any_other(void **state)
{
    (void)state;
    int64_t image = list_image("1_left");
    add_scheme("dme", "0..2", " 0=none, 2 = in the macula ");
    put(begin("dme", "anna"), image, 1);
    assert_int_equal(put(begin("dme", "anna"), image, 2), EN_LABEL_ADDED);
    assert_int_equal(put(begin("dme", "anna"), image, 2), EN_LABEL_UNCHANGED);
    assert_int_equal(number("SELECT count(*) FROM labels WHERE scheme = 'dme' AND grade = 2 AND meaning = 'in the "
                            "macula'"),
                     1);
    assert_int_equal(number("SELECT label(image_id, 'dme') FROM images"), 2);
    assert_int_equal(number("SELECT label(image_id, 'icdr') IS NULL AND label(NULL, 'icdr') IS NULL AND "
                            "label(999, 'dme') IS NULL FROM images"),
                     1);
    assert_int_equal(number("SELECT count(*) FROM schemes WHERE scheme = 'dme' AND lowest = 0 AND highest = 2 AND "
                            "ordered = 1 AND built_in = 0 AND meanings = '0=none,2=in the macula' AND labels = 1 AND "
                            "graded_by = 1"),
                     1);
    exec("INSERT INTO variant (image_id, mirror, rotation) SELECT image_id, 0, 90 FROM image");
    assert_int_equal(number("SELECT count(*) FROM variants WHERE label(image_id, 'dme') >= 1"), 1);
    FAILS(en_catalog_scheme_remove(catalog, "dme", &err), EN_INPUT, "scheme 'dme' cannot be removed: it has 2 labels");
    assert_int_equal(number("SELECT count(*) FROM schemes"), 4);
}

static void query_fails(const char *sql, const char *why)
{
    en_query *q;
    OK(en_catalog_query(catalog, "test", sql, NULL, &q, &err));
    FAILS(en_query_next(q, &err), EN_INPUT, why);
    en_query_close(q);
}

static void a_misspelt_scheme_is_an_error_not_a_missing_grade(void **state)
{
    (void)state;
    list_image("1_left");
    query_fails("SELECT label(image_id, 'dmee') FROM images", "there is no scheme 'dmee'");
    query_fails("SELECT label('dme') FROM images", "the image is missing: label(image_id, 'dme')");
    query_fails("SELECT label('icdr', image_id) FROM images", "a scheme is named by a text");
    query_fails("SELECT label(image, 'icdr') FROM images", "an image is given by its number");
    query_fails("SELECT label(image_id, NULL) FROM images", "a scheme is named by a text");
    query_fails("SELECT label(image_id, 'dme' || char(0) || 'x') FROM images", "a text has a zero byte");
}

static void a_scheme_that_is_not_valid_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *name, *range, *values, *why;
    } bad[] = {
        {"", "0..1", NULL, "the name of a scheme has 1 to 100 bytes"},
        {"../dme", "0..1", NULL, "the name of a scheme has 1 to 100 bytes"},
        {".dme", "0..1", NULL, "the name of a scheme has 1 to 100 bytes"},
        {" dme", "0..1", NULL, "the name of a scheme has 1 to 100 bytes"},
        {"d\033[31mme", "0..1", NULL, "control characters"},
        {"icdr", "0..4", NULL, "there is a scheme 'icdr' already, 0..4"},
        {"x", "0-4", NULL, "'0-4' is not a range of values"},
        {"x", "0..", NULL, "is not a range of values"},
        {"x", "..4", NULL, "is not a range of values"},
        {"x", "0..4.5", NULL, "is not a range of values"},
        {"x", "2..2", NULL, "not 2..2"},
        {"x", "2..0", NULL, "the lowest below the highest"},
        {"x", "-1..2", NULL, "between 0 and 100"},
        {"x", "0..101", NULL, "between 0 and 100"},
        {"x", "0..4611686018427387904", NULL, "between 0 and 100"},
        {"x", "0..9223372036854775808", NULL, "is not a range of values"},
        {"x", "0..2", "3=a", "is not a value of 'x'"},
        {"x", "0..2", "none", "is not a value of 'x'"},
        {"x", "0..2", "", "is not a value of 'x'"},
        {"x", "0..2", "0=a,0=b", "value 0 of 'x' has two names"},
        {"x", "0..2", "0=", "the name of value 0"},
        {"x", "0..2", "0=a=b", "the name of value 0"},
        {"x", "0..2", "0=a\nb", "the name of value 0"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        const en_catalog_scheme_options o = {.name = bad[i].name, .range = bad[i].range, .values = bad[i].values};
        FAILS(en_catalog_scheme_add(catalog, &o, &err), EN_INPUT, bad[i].why);
    }
    assert_int_equal(number("SELECT count(*) FROM scheme"), 3);
    assert_int_equal(number("SELECT count(*) FROM scheme_value"), 10);
}

static void a_scheme_without_labels_can_go_and_a_built_in_one_cannot(void **state)
{
    (void)state;
    add_scheme("x", "0..100", "0=a,100=b");
    begin("x", "g"); /* an import that gave no label */
    OK(en_catalog_scheme_remove(catalog, "x", &err));
    assert_int_equal(number("SELECT count(*) FROM scheme_value WHERE scheme = 'x'"), 0);
    assert_int_equal(number("SELECT count(*) FROM label_import"), 0);
    FAILS(en_catalog_scheme_remove(catalog, "x", &err), EN_INPUT, "there is no scheme 'x'");
    FAILS(en_catalog_scheme_remove(catalog, "eyeq", &err), EN_INPUT, "is built in");
    assert_int_equal(number("SELECT count(*) FROM scheme"), 3);
}

/* What a catalog from a stranger may have where the rules were taken away. */
static void a_hostile_scheme_is_refused_where_it_is_read(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "'x', 3, 1, 1",    "'x', 0, 4611686018427387904, 1",     "'x', -9223372036854775808, 2, 1",
        "'../x', 0, 1, 1", "'x' || char(27) || '[31m', 0, 1, 1",
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char sql[300];
        en_catalog_scheme_list list;
        exec("PRAGMA ignore_check_constraints = 1");
        snprintf(sql, sizeof sql, "INSERT INTO scheme (name, lowest, highest, ordered) VALUES (%s)", rows[i]);
        exec(sql);
        exec("PRAGMA ignore_check_constraints = 0");
        en_error why;
        assert_int_equal(en_catalog_scheme_all(catalog, &list, &why), EN_INPUT);
        en_catalog_scheme_list_clear(&list);
        exec("DELETE FROM scheme WHERE built_in = 0");
    }
    exec("PRAGMA ignore_check_constraints = 1; INSERT INTO scheme (name, lowest, highest) VALUES ('x', 0, 101); "
         "PRAGMA ignore_check_constraints = 0");
    en_catalog_scheme scheme;
    FAILS(en_catalog_scheme_get(catalog, "x", &scheme, &err), EN_INPUT, "not 0..101");
}

/* How many rows of a kind, and of all. */
static void has_conflicts(const char *scheme, bool only_copies, size_t copies, size_t graders, size_t files)
{
    size_t found[4] = {0};
    en_catalog_conflicts list;
    OK(en_catalog_label_conflicts(catalog, scheme, only_copies, &list, &err));
    for (size_t i = 0; i < list.count; i++) {
        found[list.row[i].kind]++;
    }
    assert_int_equal(found[EN_CONFLICT_COPY], copies);
    assert_int_equal(found[EN_CONFLICT_GRADER], graders);
    assert_int_equal(found[EN_CONFLICT_FILE], files);
    en_catalog_conflicts_clear(&list);
}

static int64_t begin_file(const char *file, const char *grader)
{
    const en_catalog_label_import import = {file, HASH_A, "dme", grader};
    int64_t id;
    OK(en_catalog_label_begin(catalog, &import, &id, &err));
    return id;
}

static void grades_that_differ_are_listed_by_kind(void **state)
{
    (void)state;
    int64_t one = add_accepted("1_left"), two = list_image("2_left");
    exec("INSERT INTO image (name, patient, status, reason, sha256) SELECT '1_again', '1', 'rejected', 'duplicate', "
         "sha256 FROM image WHERE name = '1_left'");
    int64_t copy = number("SELECT image_id FROM image WHERE name = '1_again'");
    add_scheme("dme", "0..2", NULL);
    int64_t a = begin_file("a.csv", "anna");
    put(a, one, 0);
    put(a, two, 1);
    put(a, copy, 0);
    has_conflicts(NULL, false, 0, 0, 0);
    put(begin_file("a.csv", "anna"), two, 0); /* the same file, corrected */
    has_conflicts(NULL, false, 0, 0, 0);
    put(begin_file("b.csv", "anna"), two, 2);
    has_conflicts(NULL, false, 0, 0, 1);
    put(begin_file("c.csv", "berta"), two, 2); /* who agrees with Anna's newest grade */
    has_conflicts(NULL, false, 0, 0, 0);
    put(begin_file("c.csv", "berta"), two, 1);
    has_conflicts(NULL, false, 0, 1, 0);
    put(begin_file("d.csv", "berta"), copy, 2); /* Anna gave 0, and the photograph itself has 0 */
    has_conflicts(NULL, false, 1, 2, 0);
    has_conflicts("dme", true, 1, 0, 0);
    has_conflicts("icdr", false, 0, 0, 0);
    en_catalog_conflicts list;
    FAILS(en_catalog_label_conflicts(catalog, "dmee", false, &list, &err), EN_INPUT, "did you mean 'dme'?");
    OK(en_catalog_label_conflicts(catalog, "dme", true, &list, &err));
    assert_string_equal(list.row[0].image, "1_left");
    assert_string_equal(list.row[0].other, "1_again");
    assert_string_equal(list.row[0].other_grader, "berta");
    assert_int_equal(list.row[0].grade, 0);
    assert_int_equal(list.row[0].other_grade, 2);
    en_catalog_conflicts_clear(&list);
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
        cmocka_unit_test_setup_teardown(the_scales_are_those_of_their_rows, open_project, close_project),
        cmocka_unit_test_setup_teardown(a_users_scheme_is_used_like_any_other, open_project, close_project),
        cmocka_unit_test_setup_teardown(a_misspelt_scheme_is_an_error_not_a_missing_grade, open_project, close_project),
        cmocka_unit_test_setup_teardown(a_scheme_that_is_not_valid_is_refused, open_project, close_project),
        cmocka_unit_test_setup_teardown(a_scheme_without_labels_can_go_and_a_built_in_one_cannot, open_project,
                                        close_project),
        cmocka_unit_test_setup_teardown(a_hostile_scheme_is_refused_where_it_is_read, open_project, close_project),
        cmocka_unit_test_setup_teardown(grades_that_differ_are_listed_by_kind, open_project, close_project),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
