/* Classes of a grade on a scheme: what its values are called, and whether they are ordered. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "training/classes.h"

#include <string.h>

#include "base/memory.h"
#include "catalog/scheme.h"
#include "scratch_project.h"

static const en_classes three = {.count = 3, .name = {"0", "1", "2"}, .positive = 2};

static void add_scheme(scratch *r, en_catalog_scheme_options o)
{
    SCRATCH_OK(r, en_catalog_scheme_add(r->project.catalog, &o, &r->err));
}

static en_classes read_scheme(scratch *r, const char *target, const en_classes *of, bool *ordered)
{
    en_classes c = *of;
    SCRATCH_OK(r, en_classes_read_scheme(r->project.catalog, target, &c, ordered, &r->err));
    return c;
}

static void a_scheme_names_its_values_and_says_whether_they_are_ordered(void **state)
{
    scratch *r = *state;
    bool ordered;
    add_scheme(r, (en_catalog_scheme_options){.name = "dme", .range = "0..2", .values = "0=none,2=near"});
    add_scheme(r, (en_catalog_scheme_options){.name = "it's", .range = "0..5", .kinds = true, .values = "1=laser"});
    static const char *const asked[] = {"label(image_id, 'dme')", " LABEL ( v.image_id ,'DME' ) ",
                                        "label(image_id,'dme')"};
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        en_classes c = read_scheme(r, asked[i], &three, &ordered);
        assert_true(ordered);
        assert_string_equal(en_classes_label(&c, asked[i], 0), "0 none");
        assert_string_equal(en_classes_label(&c, asked[i], 1), "1");
        assert_string_equal(en_classes_label(&c, asked[i], 2), "2 near");
    }
    en_classes kinds = read_scheme(r, "label(image_id, 'it''s')", &three, &ordered);
    assert_false(ordered);
    assert_string_equal(kinds.label[1], "1 laser");
    const en_classes two = {.count = 2, .name = {"0", "2"}};
    assert_string_equal(read_scheme(r, asked[0], &two, &ordered).label[1], "2 near");
    assert_false(ordered); /* of two classes one is looked for */
}

static void what_is_not_the_grade_itself_has_no_names(void **state)
{
    scratch *r = *state;
    bool ordered;
    add_scheme(r, (en_catalog_scheme_options){.name = "dme", .range = "0..2", .values = "0=none,1=far,2=near"});
    static const char *const other[] = {"label(image_id, 'dme') + 0",
                                        "label(image_id, 'dme'",
                                        "label(image_id, 'dme",
                                        "label(image_id, dme)",
                                        "label(other, 'dme')",
                                        "label('dme')",
                                        "label(image_id, 'edema')",
                                        "grade",
                                        "label"};
    for (size_t i = 0; i < sizeof other / sizeof *other; i++) {
        en_classes c = read_scheme(r, other[i], &three, &ordered);
        assert_false(ordered);
        assert_string_equal(c.label[1], "");
    }
    const en_classes beyond = {.count = 3, .name = {"0", "1", "3"}}, words = {.count = 3, .name = {"0", "1", "x"}};
    assert_string_equal(read_scheme(r, "label(image_id, 'dme')", &beyond, &ordered).label[1], "");
    assert_string_equal(read_scheme(r, "label(image_id, 'dme')", &words, &ordered).label[1], "");
}

static void a_scale_that_was_said_counts_for_more(void **state)
{
    scratch *r = *state;
    add_scheme(r, (en_catalog_scheme_options){.name = "dme", .range = "0..2"});
    const char *target = "label(image_id, 'dme')";
    en_classes c = three;
    SCRATCH_OK(r, en_classes_scale_in(r->project.catalog, &c, target, NULL, &r->err));
    assert_true(c.ordinal);
    scratch_near(c.value[2], 2, 1e-9);
    SCRATCH_OK(r, en_classes_scale_in(r->project.catalog, &c, target, "nominal", &r->err)); /* as an earlier run was */
    assert_false(c.ordinal);
}

static void labels_are_kept_as_json(void **state)
{
    (void)state;
    en_classes c = three, read = three;
    en_error err;
    char *json;
    assert_int_equal(en_classes_labels_to_json(&c, &json, &err), EN_OK);
    assert_null(json);
    strcpy(c.label[2], "2 near");
    assert_int_equal(en_classes_labels_to_json(&c, &json, &err), EN_OK);
    assert_string_equal(json, "[\"\",\"\",\"2 near\"]");
    assert_int_equal(en_classes_labels_from_json(json, &read, &err), EN_OK);
    assert_string_equal(en_classes_label(&read, "x", 2), "2 near");
    en_free(json);
    static const char *const bad[] = {"[\"a\",\"b\"]", "[1,2,3]", "{}", "", "[\"a\",\"b\",null]"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(en_classes_labels_from_json(bad[i], &read, &err), EN_INPUT);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_scheme_names_its_values_and_says_whether_they_are_ordered, scratch_set_up,
                                        scratch_tear_down),
        cmocka_unit_test_setup_teardown(what_is_not_the_grade_itself_has_no_names, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(a_scale_that_was_said_counts_for_more, scratch_set_up, scratch_tear_down),
        cmocka_unit_test(labels_are_kept_as_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
