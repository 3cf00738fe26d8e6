/* The form of a bundle: which paths are members, in which order, and what rows become and are read from. */
#include <stdlib.h>

#include "bundle/form.h"
#include "check.h"

static void a_path_is_that_of_one_member(void **state)
{
    (void)state;
    static const char *const path[] = {
        "photographs.jsonl",        "subsets.jsonl",       "run-1/run.json",           "run-1/network.txt",
        "run-1/params.jsonl",       "run-1/steps.jsonl",   "run-1000/run.json",        "run-1/model.safetensors",
        "run-12/evaluations.jsonl", "run-7/metrics.jsonl", "photographs/0000000.jpeg", "photographs/0999999.dicom"};
    for (size_t i = 0; i < sizeof path / sizeof *path; i++) {
        en_bundle_member m = {0};
        char back[EN_BUNDLE_PATH];
        assert_true(en_bundle_path_parse(path[i], &m));
        en_bundle_path(&m, back);
        assert_string_equal(back, path[i]);
    }
}

static void no_other_path_is_one(void **state)
{
    (void)state;
    static const char *const path[] = {"",
                                       "/run-1/run.json",
                                       "run-0/run.json",
                                       "run-01/run.json",
                                       "run--1/run.json",
                                       "run-1001/run.json",
                                       "run-99999999999999999999/run.json",
                                       "run-1/../run.json",
                                       "run-1/",
                                       "run-/run.json",
                                       "run-1/photographs.jsonl",
                                       "run.json",
                                       "manifest.json",
                                       "../photographs.jsonl",
                                       "photographs/0000000",
                                       "photographs/0000000.exe",
                                       "photographs/000000.jpeg",
                                       "photographs/1000000.jpeg",
                                       "photographs/../../x.jpeg",
                                       "photographs/0000000.jpeg/x",
                                       "photographs/"};
    for (size_t i = 0; i < sizeof path / sizeof *path; i++) {
        en_bundle_member m = {0};
        if (en_bundle_path_parse(path[i], &m)) {
            fail_msg("'%s' is a member", path[i]);
        }
    }
}

static bool follows(const char *a, const char *b)
{
    en_bundle_member x = {0}, y = {0};
    assert_true(en_bundle_path_parse(a, &x) && en_bundle_path_parse(b, &y));
    return en_bundle_is_after(&x, &y);
}

static void members_come_in_one_order(void **state)
{
    (void)state;
    assert_true(follows("photographs.jsonl", "subsets.jsonl"));
    assert_true(follows("subsets.jsonl", "run-1/run.json"));
    assert_true(follows("run-1/run.json", "run-1/params.jsonl"));
    assert_true(follows("run-1/model.safetensors", "run-2/run.json"));
    assert_true(follows("run-1/evaluations.jsonl", "photographs/0000003.png"));
    assert_true(follows("photographs/0000003.png", "photographs/0000004.png"));
    assert_false(follows("photographs.jsonl", "run-1/run.json"));
    assert_false(follows("photographs.jsonl", "photographs.jsonl"));
    assert_false(follows("subsets.jsonl", "run-2/run.json"));
    assert_false(follows("subsets.jsonl", "run-1/params.jsonl"));
    assert_false(follows("run-1/params.jsonl", "run-1/params.jsonl"));
    assert_false(follows("run-1/params.jsonl", "run-1/network.txt"));
    assert_false(follows("run-1/params.jsonl", "run-3/run.json"));
    assert_false(follows("run-2/params.jsonl", "run-1/run.json"));
    assert_false(follows("run-1/run.json", "subsets.jsonl"));
    assert_false(follows("subsets.jsonl", "photographs/0000000.png"));
    assert_false(follows("photographs/0000003.png", "photographs/0000003.jpeg"));
    assert_false(follows("photographs/0000003.png", "run-2/run.json"));
}

static const en_bundle_field fields[] = {
    {"name", EN_BUNDLE_TEXT, false, EN_RULE_NAME},
    {"count", EN_BUNDLE_INT, true, EN_RULE_COUNT},
    {"value", EN_BUNDLE_REAL, true, EN_RULE_NONE},
};

static void check(const char *json, const char *wrong)
{
    json_t *row = json_loads(json, 0, NULL);
    assert_non_null(row);
    if (wrong != NULL) {
        FAILS(en_bundle_row_check(row, fields, 3, "a row", &err), EN_INPUT, wrong);
    } else {
        OK(en_bundle_row_check(row, fields, 3, "a row", &err));
    }
    json_decref(row);
}

static void values_are_of_their_type_and_range(void **state)
{
    (void)state;
    check("[\"a\", 1, 0.5]", NULL);
    check("[\"a\", null, null]", NULL);
    check("[\"a\", 0, \"-inf\"]", NULL);
    check("[\"a\", 0, 7]", NULL);
    check("{\"name\": \"a\", \"value\": 1, \"count\": 2}", NULL);
    check("[null, 1, 0.5]", "name is missing");
    check("[7, 1, 0.5]", "name is not a text");
    check("[\"a\\nb\", 1, 0.5]", "name");
    check("[\"\", 1, 0.5]", "name");
    check("[\"a\", 1.0, 0.5]", "count is not a whole number");
    check("[\"a\", -1, 0.5]", "count");
    check("[\"a\", 9223372036854775807, 0.5]", "count");
    check("[\"a\", 1, \"nan\"]", "value is not a number");
    check("[\"a\", 1, [0.5]]", "value is not a number");
    check("[\"a\", 1]", "expected 3 values, got 2");
    check("[\"a\", 1, 0.5, 0]", "expected 3 values, got 4");
    check("{\"name\": \"a\", \"value\": 1, \"other\": 2}", "count is not a whole number");
    check("{}", "expected 3 values, got 0");
}

static void a_real_is_the_same_bits_again(void **state)
{
    (void)state;
    static const double value[] = {0.1, 1.0 / 3, 1e-310, 5e-324, 1.7976931348623157e308, -0.0, 123456789012345678.0};
    for (size_t i = 0; i < sizeof value / sizeof *value; i++) {
        json_t *list = json_pack("[o]", en_bundle_real(value[i]));
        char *text = json_dumps(list, JSON_COMPACT | JSON_REAL_PRECISION(17));
        json_t *back = json_loads(text, 0, NULL);
        const double again = json_number_value(json_array_get(back, 0));
        assert_memory_equal(&again, &value[i], sizeof again);
        json_decref(back);
        free(text);
        json_decref(list);
    }
    json_t *infinite = en_bundle_real(-HUGE_VAL);
    assert_string_equal(json_string_value(infinite), "-inf");
    json_decref(infinite);
    assert_true(json_is_null(en_bundle_real((double)NAN)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_path_is_that_of_one_member),  cmocka_unit_test(no_other_path_is_one),
        cmocka_unit_test(members_come_in_one_order),     cmocka_unit_test(values_are_of_their_type_and_range),
        cmocka_unit_test(a_real_is_the_same_bits_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
