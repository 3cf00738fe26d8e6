/* What one who looks on sees of trainings. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "training/top.h"

#include <math.h>

#include "catalog/metric.h"
#include "catalog/run.h"
#include "catalog/step.h"
#include "project/folder_lock.h"
#include "trained.h"

#define HASH "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

/* A run like the trained one, in its second attempt, of whose at most 5 epochs 2 are done and half the third. */
static int64_t begin_second(scratch *r)
{
    int64_t id, attempt;
    en_catalog_run like;
    en_catalog *c = r->project.catalog;
    SCRATCH_OK(r, en_catalog_run_get(c, "first", &like, &r->err));
    const en_catalog_run_spec spec = {.name = "second",
                                      .parent_id = -1,
                                      .model_id = like.model_id,
                                      .subset_id = like.subset_id,
                                      .val_subset_id = like.val_subset_id,
                                      .recipe_id = like.recipe_id,
                                      .target = like.target,
                                      .classes = like.classes,
                                      .threads = 1};
    SCRATCH_OK(r, en_catalog_run_create(c, &spec, &id, &r->err));
    en_catalog_run_clear(&like);
    SCRATCH_OK(r, en_catalog_run_param(c, id, "epochs", "5", &r->err));
    SCRATCH_OK(r, en_catalog_run_param(c, id, "memory_bytes", "4096", &r->err));
    SCRATCH_OK(r, en_catalog_run_start(c, id, &attempt, &r->err));
    SCRATCH_OK(r, en_catalog_run_start(c, id, &attempt, &r->err));
    const en_catalog_metric metric[] = {
        {2, 4, 1, EN_PART_NONE, "seconds", 10},        {2, 8, 2, EN_PART_NONE, "seconds", 14},
        {2, 4, 1, EN_PART_VAL, "weighted_loss", 0.75}, {2, 8, 2, EN_PART_VAL, "weighted_loss", 0.5},
        {2, 4, 1, EN_PART_VAL, "auc", 0.625},          {2, 8, 2, EN_PART_VAL, "auc", 0.875},
        {2, 4, 1, EN_PART_VAL, "accuracy", 0.5},       {2, 8, 2, EN_PART_VAL, "accuracy", 0.25},
    };
    SCRATCH_OK(r, en_catalog_metrics_add(c, id, metric, sizeof metric / sizeof *metric, &r->err));
    const int64_t half = scratch_number(r, "SELECT members / 2 FROM subset WHERE name = 'train'");
    const en_catalog_step step[] = {
        {8, 2, 2 * half, 0.5, 0.01, 14}, {9, 3, half - 2, 0.25, 0.01, 2}, {10, 3, half, 0.125, 0.01, 6}};
    SCRATCH_OK(r, en_catalog_steps_add(c, id, step, 3, &r->err));
    const en_catalog_checkpoint best = {.kind = EN_CHECKPOINT_BEST,
                                        .sha256 = HASH,
                                        .path = "runs/second/best.safetensors",
                                        .attempt = 2,
                                        .epoch = 2,
                                        .step = 8};
    SCRATCH_OK(r, en_catalog_checkpoint_put(c, id, &best, &r->err));
    return id;
}

static void a_training_is_shown_with_its_pace_and_what_is_left(void **state)
{
    scratch *r = *state;
    en_top top;
    en_train_result *first = en_calloc(1, sizeof *first);
    en_folder_lock lock = {0};
    assert_non_null(first);
    scratch_fill(r, 20);
    SCRATCH_OK(r, en_top_read(&r->project, 1000, &top, &r->err));
    assert_int_equal(top.count, 0);
    SCRATCH_OK(r, train(r, usual, first));
    (void)begin_second(r);
    SCRATCH_OK(r, en_folder_lock_acquire(&r->project, "runs/second", "second", &lock, &r->err));
    SCRATCH_OK(r, en_top_read(&r->project, 1000, &top, &r->err));
    assert_int_equal(top.count, 2);
    const en_top_run *now = &top.run[0], *past = &top.run[1];
    assert_string_equal(now->run, "second"); /* running ones stand before those that ended */
    assert_int_equal(now->state, EN_RUN_RUNNING);
    assert_false(now->dead);
    assert_int_equal(now->epoch, 3);
    assert_int_equal(now->max_epochs, 5);
    assert_int_equal(now->step, 10);
    scratch_near(now->loss, 0.125, 0);
    scratch_near(now->images_per_second, 2.0 / 4, 1e-12); /* within the epoch of the newest step */
    scratch_near(now->left, 30, 1e-9);                    /* 2.5 epochs took 30 s */
    assert_int_equal(now->memory_bytes, 4096);
    assert_int_equal(now->best_epoch, 2);
    assert_string_equal(now->metric, "auc");
    scratch_near(now->val, 0.875, 0);
    scratch_near(now->val_loss, 0.5, 0);
    assert_int_equal(now->train.count, 3);
    scratch_near(now->train.value[2], 0.125, 0);
    assert_int_equal(now->validation.count, 2);
    scratch_near(now->validation.value[0], 0.75, 0);
    assert_string_equal(past->run, "first");
    assert_int_equal(past->state, EN_RUN_FINISHED);
    assert_int_equal(past->epoch, 3);
    assert_true(isnan(past->left));
    en_top_clear(&top);
    en_folder_lock_release(&lock);
    en_free(first);
}

static void a_training_whose_process_is_gone_is_called_that(void **state)
{
    scratch *r = *state;
    en_top top;
    en_train_result *first = en_calloc(1, sizeof *first);
    assert_non_null(first);
    scratch_fill(r, 20);
    SCRATCH_OK(r, train(r, usual, first));
    (void)begin_second(r);
    SCRATCH_OK(r, en_top_read(&r->project, -1, &top, &r->err)); /* and none that ended */
    assert_int_equal(top.count, 1);
    assert_true(top.run[0].dead);
    assert_true(isnan(top.run[0].left));
    en_top_clear(&top);
    en_free(first);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_SCRATCH_PROJECT(a_training_is_shown_with_its_pace_and_what_is_left),
        IN_A_SCRATCH_PROJECT(a_training_whose_process_is_gone_is_called_that),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
