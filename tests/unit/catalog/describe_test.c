/* What columns mean, from the comments of the DDL: none of a view is left without. */
#include "fixture.h"

#include <string.h>

#include "catalog/describe.h"

static void every_column_of_every_view_has_a_meaning(void **state)
{
    (void)state;
    char purpose[200];
    const char *name;
    size_t views = 0, columns = 0;
    for (; (name = en_catalog_view_nth(views, purpose, sizeof purpose)) != NULL; views++) {
        en_catalog_description d;
        OK(en_catalog_describe(catalog, name, &d, &err));
        assert_string_equal(d.type, "view");
        assert_string_equal(d.name, name);
        assert_string_equal(d.purpose, purpose); /* of one line, which the help shows whole */
        assert_int_equal(purpose[strlen(purpose) - 1], '.');
        for (size_t i = 0; i < d.columns; i++, columns++) {
            if (d.column[i].meaning == NULL) {
                fail_msg("sql/view/%s.sql does not say what %s means", name, d.column[i].name);
            }
        }
        en_catalog_description_clear(&d);
    }
    assert_int_equal(views, number("SELECT count(*) FROM sqlite_schema WHERE type = 'view'"));
    assert_true(columns > 150);
}

/* A comment on a column that is not there is a slip of the pen. */
static void no_view_explains_a_column_that_it_has_not(void **state)
{
    (void)state;
    char purpose[200];
    const char *name;
    for (size_t n = 0; (name = en_catalog_view_nth(n, purpose, sizeof purpose)) != NULL; n++) {
        en_catalog_description d;
        size_t explained = 0, found = 0;
        OK(en_catalog_describe(catalog, name, &d, &err));
        for (const char *at = d.sql; (at = strstr(at, "\n--   ")) != NULL; explained++) {
            at += strlen("\n--   ");
            for (size_t i = 0; i < d.columns; i++) {
                size_t size = strlen(d.column[i].name);
                found += strncmp(at, d.column[i].name, size) == 0 && at[size] == ' ';
            }
        }
        if (found != explained) {
            fail_msg("sql/view/%s.sql explains %zu columns and has %zu of them", name, explained, found);
        }
        en_catalog_description_clear(&d);
    }
}

static const en_catalog_column *column_of(const en_catalog_description *d, const char *name)
{
    size_t i = 0;
    while (i < d->columns && strcmp(d->column[i].name, name) != 0) {
        i++;
    }
    assert_true(i < d->columns);
    return &d->column[i];
}

static void a_column_means_what_its_own_view_says_before_another(void **state)
{
    (void)state;
    en_catalog_description d;
    OK(en_catalog_describe(catalog, "errors", &d, &err)); /* as in predictions, as in variants, as in images */
    assert_string_equal(column_of(&d, "part")->meaning,
                        "part of that subset: train, val, test; NULL: several, or no split");
    assert_string_equal(column_of(&d, "rotation")->meaning, "degrees, counter-clockwise, 0..359");
    assert_string_equal(column_of(&d, "image")->meaning, "name of the photograph: 10_left");
    assert_string_equal(column_of(&d, "score")->type, "REAL");
    assert_null(column_of(&d, "p")->type); /* an expression */
    en_catalog_description_clear(&d);
}

static void a_table_is_described_by_the_comments_behind_its_columns(void **state)
{
    (void)state;
    en_catalog_description d;
    OK(en_catalog_describe(catalog, "pack", &d, &err));
    assert_string_equal(d.type, "table");
    assert_string_equal(d.purpose, "A file that holds samples of one recipe, in slots of equal size.");
    assert_int_equal(d.columns, 3);
    assert_null(column_of(&d, "pack_id")->meaning);
    assert_string_equal(column_of(&d, "path")->meaning, "samples/1-0001.pack");
    en_catalog_description_clear(&d);
    exec("CREATE TABLE mine (\n  a TEXT DEFAULT '--' CHECK (a <> \"a\" OR 1),  -- said in passing\n  ab TEXT CHECK (ab "
         "<> "
         "'-- no'),\n  b INT)");
    OK(en_catalog_describe(catalog, "mine", &d, &err));
    assert_string_equal(d.purpose, "");
    assert_string_equal(column_of(&d, "a")->meaning, "said in passing");
    assert_null(column_of(&d, "ab")->meaning);
    assert_null(column_of(&d, "b")->meaning);
    en_catalog_description_clear(&d);
}

static void a_view_of_the_users_may_explain_itself(void **state)
{
    (void)state;
    en_catalog_description d;
    exec("CREATE VIEW \"my view\" AS\n-- Mine,\n-- in two lines.\n--   twice   image_id, doubled\n-- Other columns: as "
         "in "
         "images.\nSELECT image_id * 2 AS twice, grade, 1 AS one FROM images");
    OK(en_catalog_describe(catalog, "my view", &d, &err));
    assert_string_equal(d.purpose, "Mine, in two lines.");
    assert_string_equal(column_of(&d, "twice")->meaning, "image_id, doubled");
    assert_non_null(strstr(column_of(&d, "grade")->meaning, "ICDR"));
    assert_null(column_of(&d, "one")->meaning);
    en_catalog_description_clear(&d);
    exec("CREATE VIEW x AS\n-- Other columns: as in y.\nSELECT 1 AS a; CREATE VIEW y AS\n-- Other columns: as in "
         "x.\nSELECT 1 AS b");
    OK(en_catalog_describe(catalog, "x", &d, &err)); /* in a circle */
    assert_null(column_of(&d, "a")->meaning);
    en_catalog_description_clear(&d);
}

static void the_first_row_has_the_columns_in_their_order(void **state)
{
    (void)state;
    en_query *q;
    add_label("10_left", 3);
    exec("CREATE VIEW \"my \"\"view\" AS SELECT image, grade FROM images");
    OK(en_catalog_first_row(catalog, "my \"view", NULL, &q, &err));
    OK(en_query_next(q, &err));
    assert_string_equal(en_query_text(q, 0), "10_left");
    assert_int_equal(en_query_int(q, 1), 3);
    assert_int_equal(en_query_next(q, NULL), EN_DONE);
    en_query_close(q);
}

static void an_unknown_name_gets_the_nearest(void **state)
{
    (void)state;
    en_catalog_description d;
    FAILS(en_catalog_describe(catalog, "imagse", &d, &err), EN_INPUT, "there is no view or table 'imagse'");
    FAILS(en_catalog_describe(catalog, "image_bytes", &d, &err), EN_INPUT, "there is no view or table"); /* an index */
    assert_null(d.name);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_project, close_project)
    const struct CMUnitTest tests[] = {
        TEST(every_column_of_every_view_has_a_meaning),
        TEST(no_view_explains_a_column_that_it_has_not),
        TEST(a_column_means_what_its_own_view_says_before_another),
        TEST(a_table_is_described_by_the_comments_behind_its_columns),
        TEST(a_view_of_the_users_may_explain_itself),
        TEST(the_first_row_has_the_columns_in_their_order),
        TEST(an_unknown_name_gets_the_nearest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
