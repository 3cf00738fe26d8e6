/* Drift of the photographs that are new to a subset: which are, of how many it is measured, and what counts as drift.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "training/drift.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "catalog/subset.h"
#include "scratch_project.h"

enum { PATIENTS = 60, OLD = 70, ALL = 120 }; /* photographs; the new ones are the last 50 */

static void run(scratch *r, const char *sql)
{
    SCRATCH_OK(r, en_db_exec(en_catalog_db(r->project.catalog), sql, "a test", &r->err));
}

/* A subset of the plain variants of images up to this one. */
static int64_t subset_up_to(scratch *r, const char *name, int last)
{
    char sql[160];
    en_catalog_subset made = {0};
    snprintf(sql, sizeof sql, "SELECT variant_id FROM variants WHERE mirror = 0 AND rotation = 0 AND image_id <= %d",
             last);
    SCRATCH_OK(r, en_catalog_subset_create(r->project.catalog, name, sql, NULL, NULL, &made, &r->err));
    const int64_t id = made.id;
    en_catalog_subset_clear(&made);
    return id;
}

static const en_drift *find(const en_drift *all, const char *measure)
{
    size_t i = 0;
    while (i + 1 < EN_DRIFT_MEASURES && strcmp(all[i].measure, measure) != 0) {
        i++;
    }
    assert_string_equal(all[i].measure, measure);
    return &all[i];
}

/* Of every measure the k-th of the old photographs and the k-th of the new ones have the value (k % 10) / 20; all are
 * of one size. */
static void set_measures(scratch *r)
{
    run(r, "UPDATE quality SET score = (image_id % 10) / 20.0, sharpness = (image_id % 10) / 20.0, "
           "brightness = (image_id % 10) / 20.0, contrast = (image_id % 10) / 20.0");
}

/* Those up to `old` and those behind it up to `all`. */
static void measure_between(scratch *r, int old, int all, en_drift out[EN_DRIFT_MEASURES])
{
    const int64_t before = subset_up_to(r, "old", old), after = subset_up_to(r, "all", all);
    SCRATCH_OK(r, en_drift_measure(&r->project, after, before, out, &r->err));
}

static void measure(scratch *r, en_drift out[EN_DRIFT_MEASURES]) { measure_between(r, OLD, ALL, out); }

static void photographs_alike_have_not_drifted(void **state)
{
    scratch *r = *state;
    en_drift d[EN_DRIFT_MEASURES];
    scratch_fill(r, PATIENTS);
    set_measures(r);
    measure(r, d);
    for (size_t i = 0; i < EN_DRIFT_MEASURES; i++) {
        assert_int_equal(d[i].ks.n, ALL - OLD);
        assert_int_equal(d[i].ks.m, OLD);
        scratch_near(d[i].ks.distance, 0, 1e-12);
        assert_false(d[i].drifted);
    }
    scratch_near(find(d, "score")->fresh, 0.225, 1e-12);
    scratch_near(find(d, "size")->fresh, find(d, "size")->old, 0);
}

static void the_measure_that_moved_is_the_one_that_drifted(void **state)
{
    scratch *r = *state;
    en_drift d[EN_DRIFT_MEASURES];
    scratch_fill(r, PATIENTS);
    set_measures(r);
    run(r, "UPDATE quality SET brightness = (image_id % 10 + 5) / 20.0 WHERE image_id > 70");
    measure(r, d);
    for (size_t i = 0; i < EN_DRIFT_MEASURES; i++) {
        assert_int_equal(d[i].drifted, strcmp(d[i].measure, "brightness") == 0);
    }
    scratch_near(find(d, "brightness")->ks.distance, 0.5, 1e-12);
    scratch_near(find(d, "brightness")->fresh, 0.475, 1e-12); /* medians: the first is of the new ones */
    scratch_near(find(d, "brightness")->old, 0.225, 1e-12);
}

/* A distance of 0.3 is above EN_DRIFT_LIMIT; of 50 photographs it might be chance, of too few to say so. */
static void a_distance_counts_when_it_is_large_and_certain(void **state)
{
    scratch *r = *state;
    en_drift d[EN_DRIFT_MEASURES];
    scratch_fill(r, PATIENTS);
    set_measures(r);
    run(r, "UPDATE quality SET brightness = (image_id % 10 + 3) / 20.0, contrast = (image_id % 10 + 4) / 20.0 WHERE "
           "image_id > 70");
    measure(r, d);
    const en_drift *brightness = find(d, "brightness"), *contrast = find(d, "contrast");
    scratch_near(brightness->ks.distance, 0.3, 1e-12);
    assert_true(brightness->ks.distance > EN_DRIFT_LIMIT && brightness->ks.distance < brightness->ks.critical);
    assert_false(brightness->drifted);
    scratch_near(contrast->ks.distance, 0.4, 1e-12);
    assert_true(contrast->drifted);
}

/* Of 300 and 300 photographs 0.15 is no chance, and still too little to warn of. */
static void a_small_distance_does_not_count_however_certain(void **state)
{
    scratch *r = *state;
    en_drift d[EN_DRIFT_MEASURES];
    scratch_fill(r, 300);
    run(r, "UPDATE quality SET brightness = (image_id % 20 + 3 * (image_id > 300)) / 40.0");
    measure_between(r, 300, 600, d);
    const en_drift *brightness = find(d, "brightness");
    scratch_near(brightness->ks.distance, 0.15, 1e-12);
    assert_true(brightness->ks.distance > brightness->ks.critical);
    assert_false(brightness->drifted);
}

static void what_was_not_measured_is_left_out(void **state)
{
    scratch *r = *state;
    en_drift d[EN_DRIFT_MEASURES];
    scratch_fill(r, PATIENTS);
    set_measures(r);
    run(r, "DELETE FROM quality WHERE image_id IN (1, 2, 3, 101)");
    measure(r, d);
    assert_int_equal(find(d, "score")->ks.n, ALL - OLD - 1);
    assert_int_equal(find(d, "score")->ks.m, OLD - 3);
    assert_int_equal(find(d, "size")->ks.n, ALL - OLD);
}

static void without_new_photographs_nothing_has_drifted(void **state)
{
    scratch *r = *state;
    en_drift d[EN_DRIFT_MEASURES];
    scratch_fill(r, 10);
    const int64_t all = subset_up_to(r, "all", 20);
    SCRATCH_OK(r, en_drift_measure(&r->project, all, all, d, &r->err));
    for (size_t i = 0; i < EN_DRIFT_MEASURES; i++) {
        assert_int_equal(d[i].ks.n, 0);
        assert_true(isnan(d[i].ks.distance) && isnan(d[i].fresh));
        assert_false(d[i].drifted);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(photographs_alike_have_not_drifted, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(the_measure_that_moved_is_the_one_that_drifted, scratch_set_up,
                                        scratch_tear_down),
        cmocka_unit_test_setup_teardown(a_distance_counts_when_it_is_large_and_certain, scratch_set_up,
                                        scratch_tear_down),
        cmocka_unit_test_setup_teardown(a_small_distance_does_not_count_however_certain, scratch_set_up,
                                        scratch_tear_down),
        cmocka_unit_test_setup_teardown(what_was_not_measured_is_left_out, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(without_new_photographs_nothing_has_drifted, scratch_set_up, scratch_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
