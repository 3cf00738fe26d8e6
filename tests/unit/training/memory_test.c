/* Memory runs out at every allocation in turn: an error, no leak, and a catalog as it was. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/memory.h"
#include "training/classes.h"
#include "archive/csv.h"
#include "training/evaluate.h"
#include "intake/ingest.h"
#include "intake/label.h"
#include "training/predict.h"
#include "dataset/split.h"
#include "dataset/subset.h"
#include "training/train/train.h"
#include "scratch_project.h"

enum { TRIES = 100000 };

typedef en_status attempt_fn(scratch *r);

/* Whether an allocation that was to fail has failed by now: those to come would meet it else. */
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

/* Fails the first allocation, the second, ... until the attempt comes to its end without one failing. */
static void survives(scratch *r, attempt_fn *attempt)
{
    bool failed = true;
    long nth = 0;
    while (failed) {
        assert_true(++nth < TRIES);
        en_error_clear(&r->err);
        en_alloc_fail_at(nth);
        en_status st = attempt(r);
        failed = has_failed(nth); /* one that can be done without may fail and the attempt succeed */
        en_alloc_fail_at(0);
        if (st != EN_OK && (st != EN_NOMEM || strstr(r->err.text, "out of memory") == NULL)) {
            fail_msg("allocation %ld: status %d: %s", nth, (int)st, r->err.text);
        }
        assert_true(failed || st == EN_OK);
    }
    assert_true(nth > 1);
}

static en_status read_table(scratch *r)
{
    en_csv table;
    en_status st = en_csv_read("big.csv", NULL, &table, &r->err);
    en_csv_clear(&table);
    return st;
}

static void reading_a_table(void **state)
{
    scratch *r = *state;
    en_buf csv;
    en_buf_init(&csv, 1 << 20);
    for (int i = 0; i < 2000; i++) {
        assert_int_equal(en_buf_printf(&csv, &r->err, "%d_left,\"%d\",,x\n", i, i % 5), EN_OK);
    }
    scratch_write("big.csv", csv.data);
    en_buf_clear(&csv);
    survives(r, read_table);
}

static en_status make_classes(scratch *r)
{
    char left[] = "left", right[] = "right";
    en_catalog_item item[] = {{.target = right}, {.target = left}};
    en_catalog_items items = {.item = item, .count = 2};
    en_classes classes, back;
    int32_t *truth = NULL;
    char *json = NULL;
    en_status st = en_classes_of(&items, "eye", &classes, &r->err);
    if (st == EN_OK) {
        st = en_classes_truth(&classes, &items, &truth, &r->err);
    }
    if (st == EN_OK) {
        st = en_classes_to_json(&classes, &json, &r->err);
    }
    if (st == EN_OK) {
        st = en_classes_from_json(json, &back, &r->err);
    }
    en_free(truth);
    en_free(json);
    return st;
}

static void making_classes(void **state) { survives(*state, make_classes); }

static en_status import_labels(scratch *r)
{
    en_label_result result;
    const en_label_options options = {.file = "labels.csv", .unknown = EN_UNKNOWN_ADD};
    en_status st = en_label_import(&r->project, &options, &result, &r->err);
    if (st != EN_OK) {
        en_alloc_fail_at(0); /* it has failed */
        assert_int_equal(
            scratch_number(r, "SELECT (SELECT count(*) FROM images) + (SELECT count(*) FROM label_import)"), 0);
    }
    return st;
}

static void importing_labels(void **state)
{
    scratch *r = *state;
    scratch_write("labels.csv", "image,level\n1_left,0\n1_right,1\n2_left,2\n");
    survives(r, import_labels);
    assert_int_equal(scratch_number(r, "SELECT count(*) FROM labels"), 3);
}

static en_status ingest(scratch *r)
{
    en_ingest_result result;
    return en_ingest(&r->project, &(en_ingest_options){.recipe = SCRATCH_RECIPE}, &result, &r->err);
}

/* A photograph whose decoding ran out of memory is not rejected for it. */
static void ingesting(void **state)
{
    scratch *r = *state;
    scratch_open(r, 1);
    scratch_add_patients(r, 2);
    survives(r, ingest);
    assert_int_equal(scratch_number(r, "SELECT count(*) FROM images WHERE status = 'accepted'"), 4);
    assert_int_equal(scratch_number(r, "SELECT count(*) FROM sample"), 4);
}

static en_status choose(scratch *r)
{
    en_split_result parts;
    en_subset_result subset;
    const en_split_options options = {.name = "second", .test = 0.3, .seed = 2};
    en_status st = en_split(&r->project, &options, &parts, &r->err);
    if (st == EN_INPUT && strstr(r->err.text, "already") != NULL) { /* an earlier attempt came that far */
        st = EN_OK;
    }
    return st == EN_OK ? en_subset_freeze(&r->project, "plain", "SELECT variant_id FROM variants", &subset, &r->err)
                       : st;
}

static en_status train(scratch *r)
{
    en_train_result result;
    const en_train_options options = {.model = "tiny.net", .subset = "train", .target = "eye", .epochs = 1, .batch = 8};
    return en_train(&r->project, &options, &result, &r->err);
}

static en_status evaluate(scratch *r)
{
    en_evaluate_result result;
    en_status st = en_evaluate(&r->project, &(en_evaluate_options){0}, &result, &r->err);
    en_evaluate_clear(&result);
    return st;
}

static en_status predict(scratch *r)
{
    static const char *const path[] = {"photos/1/1_left.jpeg", "labels.csv"};
    en_predict_result result;
    en_status st = en_predict(&r->project, &(en_predict_options){0}, path, 2, &result, &r->err);
    en_predict_result_clear(&result);
    return st == EN_INPUT && strstr(r->err.text, "1 of 2 photographs have no prediction") != NULL ? EN_OK : st;
}

/* Runs that could not be trained are failed or not there; those that were are whole. */
static void training_and_measuring(void **state)
{
    scratch *r = *state;
    scratch_open(r, 1);
    scratch_fill(r, 6);
    survives(r, train);
    assert_int_equal(scratch_number(r, "SELECT count(*) FROM runs WHERE state NOT IN ('finished', 'failed')"), 0);
    assert_true(scratch_number(r, "SELECT count(*) FROM runs WHERE state = 'finished'") > 0);
    survives(r, evaluate);
    survives(r, predict);
    SCRATCH_OK(r, en_catalog_check(r->project.catalog, &r->err));
}

static void choosing(void **state)
{
    scratch *r = *state;
    scratch_fill(r, 3);
    survives(r, choose);
}

#define IN_A_SCRATCH_PROJECT(test) cmocka_unit_test_setup_teardown(test, scratch_set_up, scratch_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_SCRATCH_PROJECT(reading_a_table),  IN_A_SCRATCH_PROJECT(making_classes),
        IN_A_SCRATCH_PROJECT(importing_labels), IN_A_SCRATCH_PROJECT(ingesting),
        IN_A_SCRATCH_PROJECT(choosing),         IN_A_SCRATCH_PROJECT(training_and_measuring),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
