/* train: repeatable, refused with a reason, and never half-written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "project/folder_lock.h"
#include "dataset/split.h"
#include "dataset/subset.h"
#include "trained.h"

static void a_run_is_recorded_with_everything_it_measured(void **state)
{
    scratch *r = *state;
    en_train_result result;
    scratch_fill(r, 20);
    SCRATCH_OK(r, train(r, usual, &result));
    assert_string_equal(result.run, "first");
    assert_int_equal(result.state, EN_RUN_FINISHED);
    assert_string_equal(result.weights, "runs/first/model.safetensors");
    assert_int_equal(result.epochs, 3);
    assert_int_equal(result.members, scratch_number(r, "SELECT variants FROM subsets WHERE subset = 'train'"));
    assert_int_equal(result.validation_members,
                     scratch_number(r, "SELECT variants FROM subsets WHERE subset = 'main/val'"));
    assert_int_equal(
        scratch_number(r, "SELECT count(*) FROM runs WHERE run = 'first' AND state = 'finished' AND epochs = 3"), 1);
    assert_int_equal(
        scratch_number(r, "SELECT count(*) FROM metrics WHERE part = 'train' AND metric = 'weighted_loss'"), 3);
    assert_int_equal(scratch_number(r, "SELECT count(*) FROM metrics WHERE part = 'val' AND metric IN "
                                       "('weighted_loss', 'loss', 'accuracy', 'auc')"),
                     12);
    assert_true(
        scratch_real(r, "SELECT value FROM metrics WHERE part = 'train' AND metric = 'weighted_loss' AND epoch = 3") ==
        result.last.train_weighted_loss);
    assert_int_equal(result.best_epoch, scratch_number(r, "SELECT best_epoch FROM runs"));
    assert_int_equal(scratch_number(r, "SELECT epoch FROM checkpoint"), result.best_epoch);
    assert_false(en_file_exists("runs/first/model.safetensors.next"));
    assert_true(result.last.train_weighted_loss < 0.69); /* left and right are told apart */
    en_train_options unnamed = usual;
    unnamed.name = NULL;
    SCRATCH_OK(r, train(r, unnamed, &result));
    assert_string_equal(result.run, "tiny-1");
}

static void the_same_seed_gives_the_same_weights_on_any_number_of_threads(void **state)
{
    scratch *r = *state;
    static const char *const name[] = {"one", "two", "three"};
    en_train_result result[3], another;
    en_buf model[4];
    en_train_options options = usual;
    scratch_fill(r, 12);
    for (unsigned i = 0; i < 3; i++) {
        scratch_open(r, i + 1);
        options.name = name[i];
        SCRATCH_OK(r, train(r, options, &result[i]));
        read_model(r, &result[i], &model[i]);
        assert_int_equal(model[i].size, model[0].size);
        assert_memory_equal(model[i].data, model[0].data, model[0].size);
        assert_memory_equal(&result[i].last.train_weighted_loss, &result[0].last.train_weighted_loss, sizeof(double));
        assert_memory_equal(&result[i].last.val_weighted_loss, &result[0].last.val_weighted_loss, sizeof(double));
    }
    options.name = "another";
    options.seed = 2;
    SCRATCH_OK(r, train(r, options, &another));
    read_model(r, &another, &model[3]);
    assert_memory_not_equal(model[3].data + model[3].size - 64, model[0].data + model[0].size - 64, 64);
    for (size_t i = 0; i < 4; i++) {
        en_buf_clear(&model[i]);
    }
}

/* The same photographs in a catalog that came to its rows another way: other variant numbers, the same members. */
static void the_same_data_give_the_same_weights_in_any_catalog(void **state)
{
    scratch *r = *state, *other = scratch_another();
    en_train_result result[2];
    en_subset_result subset[2];
    en_buf model[2];
    static const char members[] = "SELECT variant_id FROM variants WHERE part = 'train' AND rotation IN (0, 180)";
    static const char turned[] = "INSERT INTO variant (image_id, mirror, rotation) SELECT image_id, mirror, 180 "
                                 "FROM variant WHERE rotation = 0 AND mirror = 1 ORDER BY variant_id %s";
    char sql[sizeof turned + 8];
    scratch_fill(r, 12);
    scratch_fill(other, 12);
    scratch *both[2] = {r, other};
    for (size_t i = 0; i < 2; i++) {
        snprintf(sql, sizeof sql, turned, i == 0 ? "" : "DESC");
        SCRATCH_OK(both[i], en_db_exec(en_catalog_db(both[i]->project.catalog), sql, "test", &both[i]->err));
        SCRATCH_OK(both[i], en_subset_freeze(&both[i]->project, "turned", members, &subset[i], &both[i]->err));
        en_train_options options = usual;
        options.subset = "turned";
        SCRATCH_OK(both[i], train(both[i], options, &result[i]));
        assert_memory_equal(&result[i].last.val_weighted_loss, &result[0].last.val_weighted_loss, sizeof(double));
        read_model(both[i], &result[i], &model[i]);
    }
    assert_string_equal(subset[0].sha256, subset[1].sha256);
    static const char number[] = "SELECT max(variant_id) FROM variants WHERE image = '1_left'";
    assert_true(scratch_number(r, number) != scratch_number(other, number));
    assert_int_equal(model[0].size, model[1].size);
    assert_memory_equal(model[0].data, model[1].data, model[0].size);
    en_buf_clear(&model[0]);
    en_buf_clear(&model[1]);
    void *end = other;
    scratch_tear_down(&end);
    scratch_open(r, 1);
}

static void pixels_that_changed_on_the_disk_are_not_learned_from(void **state)
{
    scratch *r = *state;
    en_train_result result;
    scratch_fill(r, 12);
    FILE *pack = fopen("samples/recipe-1.pack", "r+b");
    assert_non_null(pack);
    assert_int_equal(fseek(pack, 4096 + 100, SEEK_SET), 0); /* in the first sample */
    int byte = fgetc(pack);
    assert_int_equal(fseek(pack, 4096 + 100, SEEK_SET), 0);
    assert_int_equal(fputc(byte ^ 1, pack), byte ^ 1);
    assert_int_equal(fclose(pack), 0);
    en_subset_result all;
    SCRATCH_OK(r, en_subset_freeze(&r->project, "all", "SELECT variant_id FROM variants", &all, &r->err));
    en_train_options options = usual;
    options.subset = "all";
    options.mixed_parts = true;
    scratch_refused(r, train(r, options, &result), EN_INPUT,
                    "'samples/recipe-1.pack' is damaged: the sample of '1_left' is not the one that was made");
    assert_int_equal(scratch_number(r, "SELECT count(*) FROM run"), 0);
}

static void validating_on_the_test_part_is_warned_of(void **state)
{
    scratch *r = *state;
    en_subset_result subset;
    en_train_result result;
    scratch_fill(r, 12);
    SCRATCH_OK(r, en_subset_freeze(&r->project, "tests",
                                   "SELECT variant_id FROM variants WHERE part = 'test' AND rotation = 0", &subset,
                                   &r->err));
    en_train_options options = usual;
    options.validation = "tests";
    SCRATCH_OK(r, train(r, options, &result));
    assert_non_null(strstr(r->said.data, "validation subset 'tests' is of the part test"));
}

/* Refused with these words, and neither a row nor a file of it. */
static void refuses(scratch *r, en_train_options options, en_status wanted, const char *words)
{
    en_train_result result;
    en_buf before, after;
    en_buf_init(&before, 1 << 22);
    en_buf_init(&after, 1 << 22);
    scratch_dump_all(r, &before);
    scratch_refused(r, train(r, options, &result), wanted, words);
    scratch_dump_all(r, &after);
    assert_string_equal(before.data, after.data);
    assert_false(en_file_exists("runs/refused"));
    en_buf_clear(&before);
    en_buf_clear(&after);
}

/* What is not said is as usual. */
static en_train_options with(en_train_options o)
{
    o.model = o.model != NULL ? o.model : usual.model;
    o.subset = o.subset != NULL ? o.subset : usual.subset;
    o.name = o.name != NULL ? o.name : "refused";
    o.target = o.target != NULL ? o.target : usual.target;
    o.epochs = o.epochs != 0 ? o.epochs : 1;
    return o;
}
#define WITH(...) with((en_train_options){__VA_ARGS__})

static void what_is_wrong_with_a_request_is_said_before_anything_is_written(void **state)
{
    scratch *r = *state;
    en_subset_result subset;
    scratch_fill(r, 12);
    scratch_write("typo.net", "input 32x32x3\nconv 4 5x5 rlu\ndense classes softmax\n");
    scratch_write("large.net", "input 64x64x3\ndense classes softmax\n");
    SCRATCH_OK(r, en_subset_freeze(&r->project, "all", "SELECT variant_id FROM variants", &subset, &r->err));
    refuses(r, (en_train_options){.model = "tiny.net", .name = "refused"}, EN_USAGE, "no subset to train on");
    refuses(r, WITH(.subset = "trian"), EN_INPUT, "there is no subset 'trian': did you mean 'train'?");
    refuses(r, WITH(.subset = "all"), EN_INPUT, "subset 'all' is not wholly of part 'train' of split 'main'");
    refuses(r, WITH(.model = "typo.net"), EN_INPUT, "typo.net:2: unknown word 'rlu' (did you mean relu?)");
    refuses(r, WITH(.model = "large.net"), EN_INPUT,
            "network 'large.net' takes 64x64x3, recipe 'crop=none size=32' makes 32x32x3: ingest with size=64");
    refuses(r, WITH(.target = "grade > nosuch"), EN_INPUT, "no such column: nosuch");
    refuses(r, WITH(.target = "1"), EN_INPUT, "target '1' has one value only: at least two classes are needed");
    refuses(r, WITH(.target = "sum(grade)"), EN_INPUT, "target 'sum(grade)'");
    refuses(r, WITH(.target = "random() % 2"), EN_INPUT, "is deterministic: this would call 'random'");
    refuses(r, WITH(.target = "row_number() OVER () % 2"), EN_INPUT, "this would call 'row_number'");
    refuses(r, WITH(.target = "CURRENT_TIMESTAMP > image"), EN_INPUT, "this would call 'current_timestamp'");
    refuses(r, WITH(.target = "gradable"), EN_INPUT, "subset 'train' has no image to use");
    refuses(r, WITH(.class_weights = "1,2,3"), EN_USAGE, "class weights '1,2,3' must be auto, none, or 2 numbers");
    refuses(r, WITH(.class_weights = "1,-2"), EN_USAGE, "class weights");
    refuses(r, WITH(.recipe = "crop=none size=16"), EN_INPUT, "there are no samples of recipe 'crop=none size=16'");
    refuses(r, WITH(.validation = "nosuch"), EN_INPUT, "there is no subset 'nosuch'");
    refuses(r, WITH(.epochs = -1), EN_USAGE, "epochs must be 1..100000");
    refuses(r, WITH(.batch = 1 << 20), EN_USAGE, "the batch must be 1..65536");
    refuses(r, WITH(.learning_rate = -1), EN_USAGE, "the learning rate must be above 0");
    refuses(r, WITH(.name = "../escaped"), EN_USAGE, "cannot name a run");
    refuses(r, WITH(.name = ".hidden"), EN_USAGE, "cannot name a run");
    refuses(r, WITH(.name = "last"), EN_USAGE, "cannot name a run");
}

static void a_taken_name_is_refused_and_its_run_untouched(void **state)
{
    scratch *r = *state;
    en_train_result first, second;
    en_buf before, after;
    scratch_fill(r, 12);
    SCRATCH_OK(r, train(r, usual, &first));
    read_model(r, &first, &before);
    scratch_refused(r, train(r, usual, &second), EN_INPUT, "there is a run 'first' already");
    assert_int_equal(scratch_number(r, "SELECT count(*) FROM run"), 1);
    read_model(r, &first, &after);
    assert_int_equal(before.size, after.size);
    assert_memory_equal(before.data, after.data, before.size);
    en_buf_clear(&before);
    en_buf_clear(&after);
}

static void mixed_parts_are_trained_on_only_when_asked_for_with_a_warning(void **state)
{
    scratch *r = *state;
    en_subset_result subset;
    en_train_result result;
    scratch_fill(r, 12);
    SCRATCH_OK(r, en_subset_freeze(&r->project, "all", "SELECT variant_id FROM variants WHERE rotation = 0", &subset,
                                   &r->err));
    SCRATCH_OK(r, train(r, WITH(.subset = "all", .mixed_parts = true), &result));
    assert_non_null(
        strstr(r->said.data, "patients of the validation subset 'main/val' are also in the training subset"));
    en_buf_reset(&r->said);
    SCRATCH_OK(r, train(r, usual, &result));
    assert_null(strstr(r->said.data, "trained on, too"));
}

static void parts_are_those_of_the_subsets_own_split(void **state)
{
    scratch *r = *state;
    en_split_result parts;
    en_subset_result subset;
    en_train_result result;
    scratch_fill(r, 12);
    /* a split without a validation part, and a newer one that has one */
    const en_split_options older = {.name = "older", .test = 0.5, .seed = 3},
                           newer = {.name = "newer", .validation = 0.5, .seed = 4};
    SCRATCH_OK(r, en_split(&r->project, &older, &parts, &r->err));
    SCRATCH_OK(r, en_subset_freeze(&r->project, "old",
                                   "SELECT variant_id FROM variants WHERE part = 'train' AND rotation = 0", &subset,
                                   &r->err));
    SCRATCH_OK(r, en_split(&r->project, &newer, &parts, &r->err));
    SCRATCH_OK(r, train(r, WITH(.subset = "old"), &result));
    assert_int_equal(result.validation_members, 0);
    /* and the other way round: the split of the run's subset has a validation part, the newest has none */
    const en_split_options newest = {.name = "newest", .test = 0.5, .seed = 5};
    SCRATCH_OK(r, en_split(&r->project, &newest, &parts, &r->err));
    SCRATCH_OK(r, train(r, usual, &result));
    assert_int_equal(result.validation_members,
                     scratch_number(r, "SELECT variants FROM subsets WHERE subset = 'main/val'"));
}

static void rotation_that_gives_the_target_away_is_warned_of(void **state)
{
    scratch *r = *state;
    en_subset_result subset;
    en_train_result result;
    scratch_fill(r, 12);
    SCRATCH_OK(r, en_subset_freeze(&r->project, "turned", "SELECT variant_id FROM variants WHERE part = 'train'",
                                   &subset, &r->err));
    SCRATCH_OK(r, train(r, WITH(.subset = "turned", .target = "grade >= 1"), &result));
    assert_non_null(strstr(r->said.data, "rotation is confounded with the target"));
}

static void an_interrupted_run_is_saved(void **state)
{
    scratch *r = *state;
    en_train_result result;
    en_train_options options = usual;
    scratch_fill(r, 12);
    r->stop_after = 1; /* in the first epoch */
    scratch_refused(r, train(r, options, &result), EN_INTERRUPTED,
                    "interrupted in epoch 1 of 3: run 'first' is saved up to there");
    assert_int_equal(result.state, EN_RUN_INTERRUPTED);
    assert_true(en_file_exists("runs/first/model.safetensors"));
    assert_int_equal(
        scratch_number(r, "SELECT count(*) FROM runs WHERE run = 'first' AND state = 'interrupted' AND epochs = 0"), 1);
    assert_int_equal(scratch_number(r, "SELECT epoch FROM checkpoint"), 0);
    options.name = "second";
    options.epochs = 100;
    r->stop_after = 40;
    scratch_refused(r, train(r, options, &result), EN_INTERRUPTED, "run 'second'");
    assert_in_range(result.epochs, 1, 99);
    assert_int_equal(scratch_number(r, "SELECT epochs FROM runs WHERE run = 'second'"), result.epochs);
    assert_int_equal(
        scratch_number(
            r, "SELECT count(*) FROM metrics WHERE run = 'second' AND part = 'train' AND metric = 'weighted_loss'"),
        result.epochs);
    r->stop_after = 0;
    SCRATCH_OK(r, en_catalog_check(r->project.catalog, &r->err));
}

static void a_loss_that_is_no_number_fails_the_run(void **state)
{
    scratch *r = *state;
    en_train_result result;
    en_train_options options = usual;
    scratch_fill(r, 12);
    scratch_write("wild.net", "input 32x32x3 scale 1e38\nconv 4 5x5 relu\ndense classes softmax\n");
    options.model = "wild.net";
    scratch_refused(r, train(r, options, &result), EN_FAILED,
                    "the output of line 2 (conv 4 5x5 relu) is not finite at step 1");
    assert_int_equal(result.state, EN_RUN_FAILED);
    assert_int_equal(scratch_number(r, "SELECT count(*) FROM runs WHERE state = 'failed' AND ended_at IS NOT NULL"), 1);
    assert_int_equal(scratch_number(r, "SELECT count(*) FROM checkpoint"), 0);
}

static void a_run_that_its_process_left_is_marked_interrupted_by_the_next_one(void **state)
{
    scratch *r = *state;
    en_train_result result;
    en_folder_lock lock;
    scratch_fill(r, 12);
    SCRATCH_OK(r, train(r, usual, &result));
    /* as a kill -9 leaves it: another run in state running, with two epochs in the books */
    SCRATCH_OK(
        r,
        en_db_exec(
            en_catalog_db(r->project.catalog),
            "INSERT INTO run (uuid, name, model_id, subset_id, recipe_id, target, classes, seed, state, attempt) "
            "SELECT '00000000-0000-4000-8000-000000000000', 'left', model_id, subset_id, recipe_id, target, classes, "
            "seed, 'running', 1 FROM run; "
            "INSERT INTO metric SELECT 2, part, name, attempt, step, epoch, value FROM metric WHERE epoch <= 2",
            "test", &r->err));
    SCRATCH_OK(r, en_folder_lock_acquire(&r->project, "runs/left", "test", &lock, &r->err));
    scratch_open(r, 1); /* it is at work: nobody touches it */
    assert_int_equal(scratch_number(r, "SELECT count(*) FROM runs WHERE run = 'left' AND state = 'running'"), 1);
    en_folder_lock_release(&lock);
    scratch_write("runs/left/model.safetensors.next.part-1", "half");
    en_buf_reset(&r->said);
    scratch_open(r, 1);
    assert_non_null(strstr(en_buf_str(&r->said), "run 'left' was killed after epoch 2 and is now marked interrupted"));
    assert_false(en_file_exists("runs/left/model.safetensors.next.part-1"));
    assert_int_equal(
        scratch_number(r, "SELECT count(*) FROM runs WHERE run = 'left' AND state = 'interrupted' AND epochs = 2 AND "
                          "best_epoch IS NULL AND seconds > 0 AND ended_at IS NOT NULL"),
        1);
    assert_int_equal(scratch_number(r, "SELECT count(*) FROM runs WHERE run = 'first' AND state = 'finished'"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_SCRATCH_PROJECT(a_run_is_recorded_with_everything_it_measured),
        IN_A_SCRATCH_PROJECT(the_same_seed_gives_the_same_weights_on_any_number_of_threads),
        IN_A_SCRATCH_PROJECT(the_same_data_give_the_same_weights_in_any_catalog),
        IN_A_SCRATCH_PROJECT(pixels_that_changed_on_the_disk_are_not_learned_from),
        IN_A_SCRATCH_PROJECT(validating_on_the_test_part_is_warned_of),
        IN_A_SCRATCH_PROJECT(what_is_wrong_with_a_request_is_said_before_anything_is_written),
        IN_A_SCRATCH_PROJECT(a_taken_name_is_refused_and_its_run_untouched),
        IN_A_SCRATCH_PROJECT(mixed_parts_are_trained_on_only_when_asked_for_with_a_warning),
        IN_A_SCRATCH_PROJECT(parts_are_those_of_the_subsets_own_split),
        IN_A_SCRATCH_PROJECT(rotation_that_gives_the_target_away_is_warned_of),
        IN_A_SCRATCH_PROJECT(an_interrupted_run_is_saved),
        IN_A_SCRATCH_PROJECT(a_loss_that_is_no_number_fails_the_run),
        IN_A_SCRATCH_PROJECT(a_run_that_its_process_left_is_marked_interrupted_by_the_next_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
