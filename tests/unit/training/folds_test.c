/* train --folds: a run for each fold, each learned without the patients it is validated on; repeated, it goes on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "training/train/folds.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "scratch_project.h"

enum { FOLDS = 3 };

static const en_train_options usual = {
    .model = "tiny.net", .name = "cv", .target = "eye", .epochs = 2, .batch = 8, .seed = 1};

static void cut(scratch *r)
{
    en_split_result *result = en_calloc(1, sizeof *result);
    const en_split_options options = {.name = "thirds", .test = 0.25, .folds = FOLDS, .seed = 1};
    assert_non_null(result);
    SCRATCH_OK(r, en_split(&r->project, &options, result, &r->err));
    en_free(result);
}

static en_status train(scratch *r, en_train_options options, en_folds_result *result)
{
    r->progress = 0;
    return en_train_folds(&r->project, "thirds", &options, result, &r->err);
}

static en_folds_result *result_of(scratch *r, unsigned patients)
{
    en_folds_result *result = en_calloc(1, sizeof *result);
    assert_non_null(result);
    scratch_fill(r, patients);
    cut(r);
    return result;
}

static void every_patient_not_for_testing_validates_one_run_that_never_saw_them(void **state)
{
    scratch *r = *state;
    en_folds_result *result = result_of(r, 20);
    SCRATCH_OK(r, train(r, usual, result));
    assert_int_equal(result->count, FOLDS);
    int64_t validated = 0;
    double loss = 0;
    for (size_t i = 0; i < FOLDS; i++) {
        const en_fold_run *run = &result->run[i];
        assert_true(run->trained);
        assert_int_equal(run->result.state, EN_RUN_FINISHED);
        validated += run->result.validation_members;
        loss += run->result.best.val_loss / FOLDS;
    }
    scratch_near(result->mean_loss, loss, 1e-12);
    assert_string_equal(result->run[1].result.run, "cv-2");
    assert_string_equal(result->run[1].split, "thirds-2");
    assert_int_equal(validated, scratch_number(r, "SELECT count(*) FROM variants WHERE mirror = 0 AND rotation = 0 AND "
                                                  "part <> 'test'"));
    assert_int_equal(scratch_number(r, "SELECT count(*) FROM runs WHERE run LIKE 'cv-%' AND state = 'finished'"),
                     FOLDS);
    assert_int_equal(scratch_number(r, "SELECT count(DISTINCT subset) FROM runs WHERE run LIKE 'cv-%'"), FOLDS);
    en_free(result);
}

static void repeated_it_keeps_what_has_finished(void **state)
{
    scratch *r = *state;
    en_folds_result *result = result_of(r, 12);
    r->stop_after = 6; /* within the second run */
    assert_int_equal(train(r, usual, result), EN_INTERRUPTED);
    assert_int_equal(result->count, 2);
    assert_int_equal(result->run[0].result.state, EN_RUN_FINISHED);
    assert_int_equal(result->run[1].result.state, EN_RUN_INTERRUPTED);
    r->stop_after = 0;
    SCRATCH_OK(r, train(r, usual, result));
    assert_int_equal(result->count, FOLDS);
    assert_false(result->run[0].trained);
    assert_string_equal(result->run[0].result.run, "cv-1");
    assert_int_equal(result->run[0].result.epochs, 2);
    assert_int_equal(result->run[1].result.attempt, 2);
    assert_true(result->run[2].trained);
    assert_true(isnan(result->mean_loss)); /* what was kept was not measured now */
    assert_int_equal(scratch_number(r, "SELECT count(*) FROM runs"), FOLDS);
    en_free(result);
}

static void finished_runs_of_other_settings_are_not_taken_for_these(void **state)
{
    scratch *r = *state;
    en_folds_result *result = result_of(r, 12);
    SCRATCH_OK(r, train(r, usual, result));
    en_train_options other = usual;
    other.epochs = 3;
    scratch_refused(r, train(r, other, result), EN_INPUT, "there is a run 'cv-1' already, and its epochs was 2, not 3");
    other = usual;
    other.seed = 4;
    scratch_refused(r, train(r, other, result), EN_INPUT, "its seed was 1, not 4");
    assert_int_equal(scratch_number(r, "SELECT count(*) FROM runs"), FOLDS);
    en_free(result);
}

static void without_a_partition_it_says_what_there_is(void **state)
{
    scratch *r = *state;
    en_folds_result *result = result_of(r, 12);
    scratch_refused(r, en_train_folds(&r->project, "third", &usual, result, &r->err), EN_INPUT, "'thirds'");
    assert_int_equal(result->count, 0);
    en_free(result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_patient_not_for_testing_validates_one_run_that_never_saw_them,
                                        scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(repeated_it_keeps_what_has_finished, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(finished_runs_of_other_settings_are_not_taken_for_these, scratch_set_up,
                                        scratch_tear_down),
        cmocka_unit_test_setup_teardown(without_a_partition_it_says_what_there_is, scratch_set_up, scratch_tear_down),
    };
    return cmocka_run_group_tests_name("folds", tests, NULL, NULL);
}
