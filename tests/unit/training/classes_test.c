/* Classes: collected in natural order, kept as JSON. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "training/classes.h"

#include <string.h>

#include "base/memory.h"

static void they_are_the_different_values_in_natural_order(void **state)
{
    (void)state;
    en_catalog_item item[] = {{.target = "10"}, {.target = "2"}, {.target = "10"}, {.target = "0"}};
    en_catalog_items items = {.item = item, .count = 4};
    en_classes classes;
    en_error err;
    assert_int_equal(en_classes_of(&items, "grade", &classes, &err), EN_OK);
    assert_int_equal(classes.count, 3);
    assert_string_equal(classes.name[0], "0");
    assert_string_equal(classes.name[1], "2");
    assert_string_equal(classes.name[2], "10");
    int32_t *truth;
    assert_int_equal(en_classes_truth(&classes, &items, &truth, &err), EN_OK);
    assert_int_equal(truth[0], 2);
    assert_int_equal(truth[3], 0);
    en_free(truth);
}

static void one_value_is_nothing_to_tell_apart(void **state)
{
    (void)state;
    en_catalog_item item[] = {{.target = "left"}, {.target = "left"}};
    const en_catalog_items items = {.item = item, .count = 2};
    en_classes classes;
    en_error err;
    assert_int_equal(en_classes_of(&items, "eye", &classes, &err), EN_INPUT);
    assert_non_null(strstr(err.text, "'eye'"));
}

static void a_continuous_value_is_refused(void **state)
{
    (void)state;
    char text[100][8];
    en_catalog_item item[100];
    for (int i = 0; i < 100; i++) {
        text[i][0] = (char)('a' + i / 26);
        text[i][1] = (char)('a' + i % 26);
        text[i][2] = '\0';
        item[i] = (en_catalog_item){.target = text[i]};
    }
    const en_catalog_items items = {.item = item, .count = 100};
    en_classes classes;
    en_error err;
    assert_int_equal(en_classes_of(&items, "sharpness", &classes, &err), EN_INPUT);
    assert_non_null(strstr(err.text, "sharpness"));
}

static void a_value_never_trained_on_is_left_out_and_counted(void **state)
{
    (void)state;
    en_catalog_item item[] = {{.target = "3", .image = "10_left"},
                              {.target = "1", .image = "11_left"},
                              {.target = "3", .image = "12_left"},
                              {.target = "0", .image = "13_left"}};
    en_catalog_items items = {.item = item, .count = 4};
    const en_classes classes = {.count = 2, .name = {"0", "1"}};
    en_error err;
    int32_t *truth = NULL;
    assert_int_equal(en_classes_truth(&classes, &items, &truth, &err), EN_OK);
    assert_int_equal(items.count, 2);
    assert_int_equal(items.no_class, 2);
    assert_string_equal(items.item[0].image, "11_left");
    assert_string_equal(items.item[1].image, "13_left");
    assert_int_equal(truth[0], 1);
    assert_int_equal(truth[1], 0);
    en_free(truth);
    item[0] = (en_catalog_item){.target = "3", .image = "10_left"};
    items = (en_catalog_items){.item = item, .count = 1};
    assert_int_equal(en_classes_truth(&classes, &items, &truth, &err), EN_INPUT);
    assert_non_null(strstr(err.text, "10_left"));
}

/* Words have no order but the alphabet's: which is looked for is said, and then it is the last. */
static void the_positive_class_is_chosen_by_name(void **state)
{
    (void)state;
    en_classes classes = {.count = 2, .name = {"DR", "none"}, .positive = 1};
    en_error err;
    assert_int_equal(en_classes_positive_last(&classes, "DR", &err), EN_OK);
    assert_string_equal(classes.name[1], "DR");
    assert_string_equal(classes.name[0], "none");
    assert_int_equal(classes.positive, 1);
    assert_int_equal(en_classes_positive_last(&classes, "DR", &err), EN_OK);
    assert_string_equal(classes.name[1], "DR");
    assert_int_equal(en_classes_positive_last(&classes, "dr", &err), EN_INPUT);
    assert_non_null(strstr(err.text, "'dr' cannot be the positive class"));
    en_classes three = {.count = 3, .name = {"a", "b", "c"}};
    assert_int_equal(en_classes_positive_last(&three, "a", &err), EN_INPUT);
}

static void json_gives_back_the_same_classes(void **state)
{
    (void)state;
    const en_classes classes = {.count = 2,
                                .name = {"\"left\"", "r\xc3\xa9"
                                                     "el"}};
    en_classes again;
    en_error err;
    char *json;
    assert_int_equal(en_classes_to_json(&classes, &json, &err), EN_OK);
    assert_int_equal(en_classes_from_json(json, &again, &err), EN_OK);
    assert_int_equal(again.count, 2);
    assert_string_equal(again.name[0], classes.name[0]);
    assert_string_equal(again.name[1], classes.name[1]);
    en_free(json);
}

static void what_is_no_list_of_texts_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"", "{}", "[1,2]", "[\"one\"]", "[\"a\",", "null"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        en_classes classes;
        en_error err;
        assert_int_equal(en_classes_from_json(bad[i], &classes, &err), EN_INPUT);
    }
}

static void people_read_words_instead_of_numbers(void **state)
{
    (void)state;
    const en_classes binary = {.count = 2, .name = {"0", "1"}}, named = {.count = 2, .name = {"left", "right"}};
    const en_classes grades = {.count = 3, .name = {"0", "4", "7"}};
    assert_string_equal(en_classes_label(&binary, "grade >= 2", 0), "no");
    assert_string_equal(en_classes_label(&binary, "grade >= 2", 1), "yes");
    assert_string_equal(en_classes_label(&binary, "gradable", 0), "not gradable");
    assert_string_equal(en_classes_label(&binary, "mirror", 1), "1"); /* no comparison: what 1 means is not known */
    assert_string_equal(en_classes_label(&named, "eye", 1), "right");
    assert_string_equal(en_classes_label(&grades, "grade", 1), "4 proliferative");
    assert_string_equal(en_classes_label(&grades, "grade", 2), "7"); /* of no scale we know */
    assert_null(en_classes_grade(5));
    assert_null(en_classes_grade(-1));
}

static void rotation_that_gives_a_class_away_is_noticed(void **state)
{
    (void)state;
    const en_classes classes = {.count = 3, .name = {"0", "1", "2"}};
    en_catalog_item item[] = {{.target = "0"},
                              {.target = "0", .rotation = 90},
                              {.target = "1", .rotation = 90},
                              {.target = "1", .rotation = 180},
                              {.target = "9", .rotation = 180}};
    const en_catalog_items items = {.item = item, .count = 5};
    en_class_views views;
    assert_true(en_classes_uneven_views(&classes, &items, &views)); /* "2" has no members, "9" is no class */
    assert_int_equal(views.least, 0);
    assert_int_equal(views.most, 1);
    assert_true(views.low > 0.49 && views.low < 0.51 && views.high > 0.99);
    item[0].rotation = 270;
    assert_false(en_classes_uneven_views(&classes, &items, &views));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(they_are_the_different_values_in_natural_order),
        cmocka_unit_test(one_value_is_nothing_to_tell_apart),
        cmocka_unit_test(a_continuous_value_is_refused),
        cmocka_unit_test(a_value_never_trained_on_is_left_out_and_counted),
        cmocka_unit_test(the_positive_class_is_chosen_by_name),
        cmocka_unit_test(json_gives_back_the_same_classes),
        cmocka_unit_test(rotation_that_gives_a_class_away_is_noticed),
        cmocka_unit_test(people_read_words_instead_of_numbers),
        cmocka_unit_test(what_is_no_list_of_texts_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
