/* The SQL aggregates, on values computed by hand. */
#include "fixture.h"

#include <math.h>
#include <string.h>

static double real(const char *sql)
{
    en_query *q;
    OK(en_catalog_query(catalog, "test", sql, NULL, &q, &err));
    OK(en_query_next(q, &err));
    double x = en_query_kind(q, 0) == EN_VALUE_NULL ? (double)NAN : en_query_double(q, 0);
    en_query_close(q);
    return x;
}

static void near(const char *sql, double expected)
{
    double x = real(sql);
    if (!(fabs(x - expected) < 1e-12)) {
        fail_msg("%s is %.15g, not %.15g", sql, x, expected);
    }
}

static void fails(const char *sql, const char *why)
{
    en_query *q;
    OK(en_catalog_query(catalog, "eyenet sql", sql, NULL, &q, &err));
    FAILS(en_query_next(q, &err), EN_INPUT, why);
    en_query_close(q);
}

static void aggregates_give_what_the_hand_computes(void **state)
{
    (void)state;
    /* O: 0->0, 1->2, 2->2; margins (1,1,1) and (1,0,2): disagreement 1, expected (0+4*2+1+1*2+4*1+0)/3 = 5: 1 - 1/5 */
    near("SELECT kappa(column1, column2) FROM (VALUES (0, 0), (1, 2), (2, 2))", 1.0 - 1.0 / 5.0);
    near("SELECT auc(column1, column2) FROM (VALUES (0.1, 0), (0.4, 1), (0.4, 0), (0.9, 1))", 3.5 / 4.0);
    near("SELECT sensitivity_at(column1, column2, 0.5) FROM (VALUES (0.9, 1), (0.8, 0), (0.7, 1), (0.1, 0))", 1.0);
    near("SELECT sensitivity_at(column1, column2, 1) FROM (VALUES (0.9, 1), (0.8, 0), (0.7, 1), (0.1, 0))", 0.5);
    near("SELECT ece(column1, column2) FROM (VALUES (0.9, 1), (0.9, 0))", 0.4);
    near("SELECT median(column1) FROM (VALUES (3), (1), (NULL), (2), (10))", 2.5);
    near("SELECT stdev(column1) FROM (VALUES (2), (4), (4), (4), (5), (5), (7), (9))", sqrt(32.0 / 7.0));
}

static void what_cannot_be_told_is_null(void **state)
{
    (void)state;
    assert_true(isnan(real("SELECT kappa(1, 1)")));
    assert_true(isnan(real("SELECT auc(0.5, 1)")));
    assert_true(isnan(real("SELECT auc(NULL, 1)")));
    assert_true(isnan(real("SELECT sensitivity_at(0.5, 1, 0.9)")));
    assert_true(isnan(real("SELECT sensitivity_at(NULL, 1, 0.9)")));
    assert_true(isnan(real("SELECT ece(NULL, 1)")));
    assert_true(isnan(real("SELECT median(NULL)")));
    assert_true(isnan(real("SELECT stdev(1)")));
}

static void nonsense_is_an_error_with_a_reason(void **state)
{
    (void)state;
    fails("SELECT kappa(-1, 0)", "eyenet sql: kappa: classes are whole numbers from 0 to 1023, not -1");
    fails("SELECT kappa(0.5, 0)", "not 0.5");
    fails("SELECT kappa(1024, 0)", "not 1024");
    fails("SELECT auc(0.5, 2)", "truth is 0 or 1, not 2");
    fails("SELECT ece(1.5, 1)", "a probability lies in 0..1");
    fails("SELECT sensitivity_at(0.5, 1, 90)", "a specificity lies in 0..1");
    fails("SELECT sensitivity_at(0.5, 1, column1) FROM (VALUES (0.5), (0.6))", "the same in every row");
    fails("SELECT median('left')", "must be a number");
}

static void they_work_by_group_on_the_views(void **state)
{
    (void)state;
    add_patients(4);
    near("SELECT median(sharpness) FROM images WHERE eye = 'left' GROUP BY eye", 0.5);
    assert_true(isnan(real("SELECT kappa(truth, predicted) FROM predictions")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(aggregates_give_what_the_hand_computes, open_project, close_project),
        cmocka_unit_test_setup_teardown(what_cannot_be_told_is_null, open_project, close_project),
        cmocka_unit_test_setup_teardown(nonsense_is_an_error_with_a_reason, open_project, close_project),
        cmocka_unit_test_setup_teardown(they_work_by_group_on_the_views, open_project, close_project),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
