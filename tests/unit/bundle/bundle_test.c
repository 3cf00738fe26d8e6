/* Bundles between two projects: what comes out is what went in, however odd, and memory may run out on the way. */
#include <math.h>
#include <stdio.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "bundle/bundle.h"
#include "catalog/run.h"
#include "check.h"
#include "scratch_project.h"
#include "training/evaluate.h"
#include "training/run_log.h"
#include "training/train/train.h"

static const char *const everything =
    "SELECT 'step', json_array(step, loss, learning_rate) FROM steps UNION ALL SELECT 'metric', json_array(part, "
    "metric, "
    "epoch, step, attempt, quote(value)) FROM metrics UNION ALL SELECT 'param', json_array(run, param, value) FROM "
    "params "
    "UNION ALL SELECT 'run', json_array(run, state, uuid, seconds, parent, tags, note, classes, created_at) FROM runs "
    "UNION ALL SELECT 'prediction', json_array(run, image, mirror, rotation, truth, predicted, probabilities, score) "
    "FROM "
    "predictions ORDER BY 1, 2";

static void train(scratch *r, const char *name, int epochs)
{
    en_train_result result;
    const en_train_options options = {
        .model = "tiny.net", .subset = "train", .name = name, .target = "eye", .epochs = epochs, .batch = 8, .seed = 1};
    SCRATCH_OK(r, en_train(&r->project, &options, &result, &r->err));
}

static void evaluate(scratch *r, const char *run, en_part part)
{
    en_evaluate_result result;
    SCRATCH_OK(r, en_evaluate(&r->project, &(en_evaluate_options){.run = run, .part = part}, &result, &r->err));
    en_evaluate_clear(&result);
}

static void file_of(const scratch *r, char path[96]) { snprintf(path, 96, "%s/a.bundle", r->folder); }

static void export(scratch *r, const char *const *run, size_t runs, bool samples)
{
    char path[96];
    en_bundle_export_result result;
    file_of(r, path);
    const en_bundle_export_options options = {.run = run, .runs = runs, .file = path, .samples = samples};
    SCRATCH_OK(r, en_bundle_export(&r->project, &options, &result, &r->err));
    assert_int_equal(result.runs, runs);
}

static en_status import(const scratch *from, scratch *to, en_bundle_import_result *result)
{
    char path[96];
    file_of(from, path);
    const en_bundle_import_options options = {.file = path};
    return en_bundle_import(&to->project, &options, result, &to->err);
}

static void same_rows(scratch *a, scratch *b)
{
    en_buf of[2];
    en_buf_init(&of[0], 8 << 20);
    en_buf_init(&of[1], 8 << 20);
    scratch_dump(a, everything, &of[0]);
    scratch_dump(b, everything, &of[1]);
    assert_true(of[0].size > 1000);
    assert_string_equal(en_buf_str(&of[0]), en_buf_str(&of[1]));
    en_buf_clear(&of[0]);
    en_buf_clear(&of[1]);
}

/* Values that no training gives: they are rows all the same. */
static void add_odd_rows(scratch *r)
{
    en_run_log_result logged;
    static const char *const line[] = {
        "{\"step\": 3, \"val_loss\": NaN, \"params\": {\"a \\\"b\\\"\": \"\\u00e4\\\\\"}}"};
    const en_run_log_options options = {.run = "elsewhere", .target = "eye", .input = -1, .word = line, .words = 1};
    SCRATCH_OK(r, en_run_log(&r->project, &options, &logged, &r->err));
    SCRATCH_OK(
        r,
        en_db_exec(en_catalog_db(r->project.catalog),
                   "INSERT INTO metric SELECT run_id, 'val', 'odd', 1, 4, 4, 9e999 FROM run WHERE name = 'elsewhere'",
                   "a metric", &r->err));
}

static void runs_come_out_as_they_went_in(void **state)
{
    static const char *const all[] = {"first", "again", "elsewhere"};
    scratch *r = *state, *other = scratch_another();
    void *ended = other;
    en_bundle_import_result result;
    scratch_fill(r, 16);
    train(r, "first", 2);
    train(r, "again", 1);
    evaluate(r, "first", EN_PART_TEST);
    evaluate(r, "first", EN_PART_VAL);
    add_odd_rows(r);
    export(r, all, 3, true);
    SCRATCH_OK(other, import(r, other, &result));
    assert_int_equal(result.runs, 3);
    assert_int_equal(result.absent, 0);
    assert_true(result.run[0].added && result.run[1].added && result.run[2].added);
    assert_int_equal(result.run[0].evaluations, 2);
    en_bundle_import_clear(&result);
    same_rows(r, other);
    SCRATCH_OK(other, en_catalog_check(other->project.catalog, &other->err));
    SCRATCH_OK(other, import(r, other, &result));
    assert_false(result.run[0].added || result.run[1].added || result.run[2].added);
    assert_int_equal(result.run[0].evaluations + result.subsets, 0);
    en_bundle_import_clear(&result);
    same_rows(r, other);
    /* with the photographs there, both say the same of them */
    evaluate(r, "again", EN_PART_TEST);
    evaluate(other, "again", EN_PART_TEST);
    same_rows(r, other);
    assert_int_equal(scratch_tear_down(&ended), 0);
}

static void evaluations_that_are_new_are_added(void **state)
{
    static const char *const one[] = {"first"};
    scratch *r = *state, *other = scratch_another();
    void *ended = other;
    en_bundle_import_result result;
    scratch_fill(r, 16);
    train(r, "first", 1);
    export(r, one, 1, false);
    SCRATCH_OK(other, import(r, other, &result));
    assert_int_equal(result.run[0].evaluations, 0);
    assert_true(result.absent > 0);
    en_bundle_import_clear(&result);
    evaluate(r, "first", EN_PART_TEST);
    export(r, one, 1, false);
    SCRATCH_OK(other, import(r, other, &result));
    assert_false(result.run[0].added);
    assert_int_equal(result.run[0].evaluations, 1);
    assert_string_equal(result.run[0].outcome, "evaluations added");
    en_bundle_import_clear(&result);
    same_rows(r, other);
    assert_int_equal(scratch_number(other, "SELECT count(*) FROM subsets WHERE part = 'test'"), 1);
    assert_int_equal(scratch_number(other, "SELECT count(*) FROM images WHERE part IS NOT NULL"), 0);
    assert_int_equal(scratch_tear_down(&ended), 0);
}

static void a_run_that_was_stopped_goes_on_only_where_it_was(void **state)
{
    static const char *const one[] = {"half"};
    scratch *r = *state, *other = scratch_another();
    void *ended = other;
    en_train_result stopped;
    en_bundle_import_result result;
    scratch_fill(r, 16);
    r->stop_after = 14;
    r->progress = 0;
    const en_train_options half = {
        .model = "tiny.net", .subset = "train", .name = "half", .target = "eye", .epochs = 50, .batch = 8, .seed = 1};
    assert_int_equal(en_train(&r->project, &half, &stopped, &r->err), EN_INTERRUPTED);
    r->stop_after = 0;
    export(r, one, 1, false);
    SCRATCH_OK(other, import(r, other, &result));
    en_bundle_import_clear(&result);
    same_rows(r, other);
    const en_train_options more = {.resume = "half"};
    assert_int_equal(en_train(&other->project, &more, &stopped, &other->err), EN_INPUT);
    SCRATCH_OK(r, en_train(&r->project, &more, &stopped, &r->err));
    export(r, one, 1, false);
    assert_int_equal(import(r, other, &result), EN_INPUT);
    assert_non_null(strstr(other->err.text, "with other content"));
    en_bundle_import_clear(&result);
    assert_int_equal(scratch_tear_down(&ended), 0);
}

static bool has_failed(long nth)
{
    bool pending = false;
    for (long i = 0; i < nth && !pending; i++) {
        void *block = en_alloc(1);
        pending = block == NULL;
        en_free(block);
    }
    return !pending;
}

static void memory_may_run_out(void **state)
{
    enum { TRIES = 200000 };
    static const char *const one[] = {"first"};
    scratch *r = *state, *other = scratch_another();
    void *ended = other;
    bool failed = true;
    scratch_fill(r, 8);
    train(r, "first", 1);
    evaluate(r, "first", EN_PART_TEST);
    export(r, one, 1, false);
    for (long nth = 1, by = 1; failed; nth += by) {
        en_bundle_import_result result;
        assert_true(nth < TRIES);
        by = 1 + nth / 40; /* all of the first, and ever fewer of those that are of rows */
        en_error_clear(&other->err);
        en_alloc_fail_at(nth);
        const en_status st = import(r, other, &result);
        failed = has_failed(nth);
        en_alloc_fail_at(0);
        en_bundle_import_clear(&result);
        if (st != EN_OK && (st != EN_NOMEM || strstr(other->err.text, "out of memory") == NULL)) {
            fail_msg("allocation %ld: status %d: %s", nth, (int)st, other->err.text);
        }
        if (st != EN_OK) {
            char path[96];
            snprintf(path, sizeof path, "%s/runs/first", other->folder);
            assert_false(en_file_exists(path) || en_file_is_dir(path));
            assert_int_equal(scratch_number(other, "SELECT (SELECT count(*) FROM run) + (SELECT count(*) FROM image)"),
                             0);
        } else if (failed) { /* it could do without */
            assert_int_equal(scratch_tear_down(&ended), 0);
            other = scratch_another();
            ended = other;
        }
    }
    same_rows(r, other);
    assert_int_equal(scratch_tear_down(&ended), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, scratch_set_up, scratch_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(runs_come_out_as_they_went_in),
        TEST(evaluations_that_are_new_are_added),
        TEST(a_run_that_was_stopped_goes_on_only_where_it_was),
        TEST(memory_may_run_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
