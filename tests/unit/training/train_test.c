/* train: repeatable, refused with a reason, and never half-written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "training/train/train.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "nn/safetensors.h"
#include "catalog/items.h"
#include "catalog/subset.h"
#include "training/evaluate.h"
#include "training/pretrained.h"
#include "project/folder_lock.h"
#include "intake/ingest.h"
#include "dataset/split.h"
#include "dataset/subset.h"
#include "scratch_project.h"

static const en_train_options usual = {
    .model = "tiny.net", .subset = "train", .name = "first", .target = "eye", .epochs = 3, .batch = 8, .seed = 1};

/* The memory that the network believes this machine has; 0: what it has. */
static size_t pretended_memory;
size_t __real_en_machine_memory(void);
size_t __wrap_en_machine_memory(void);
size_t __wrap_en_machine_memory(void) { return pretended_memory > 0 ? pretended_memory : __real_en_machine_memory(); }

static en_status train(scratch *r, en_train_options options, en_train_result *result)
{
    r->progress = 0;
    return en_train(&r->project, &options, result, &r->err);
}

/* A model's bytes without its run's uuid, which is another each time. */
static void read_model(const scratch *r, const en_train_result *result, en_buf *out)
{
    char *path = en_path_join(r->project.root, result->weights);
    en_error err;
    en_buf_init(out, 1 << 24);
    assert_int_equal(en_file_read(path, out, &err), EN_OK);
    char *uuid = memmem(out->data, out->size, result->uuid, strlen(result->uuid));
    assert_non_null(uuid);
    memset(uuid, '-', strlen(result->uuid));
    en_free(path);
}

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

/* Trains with these options under this name; the last bytes of the weights, which are the last layer's bias. */
static void last_bytes(scratch *r, en_train_options options, const char *name, char out[8])
{
    en_train_result result;
    en_buf model;
    options.name = name;
    SCRATCH_OK(r, train(r, options, &result));
    read_model(r, &result, &model);
    memcpy(out, model.data + model.size - 8, 8);
    en_buf_clear(&model);
}

static void every_setting_has_its_effect(void **state)
{
    scratch *r = *state;
    char plain[8], rate[8], weighted[8], listed[8], batch[8];
    scratch_fill(r, 12);
    en_train_options options = usual;
    options.target = "grade >= 1"; /* four patients of five: the classes are not balanced */
    options.class_weights = "none";
    last_bytes(r, options, "plain", plain);
    options.learning_rate = 0.002;
    last_bytes(r, options, "rate", rate);
    options.learning_rate = 0;
    options.class_weights = "auto";
    last_bytes(r, options, "weighted", weighted);
    options.class_weights = "1,5";
    last_bytes(r, options, "listed", listed);
    options.class_weights = "none";
    options.batch = 7;
    last_bytes(r, options, "batch", batch);
    assert_memory_not_equal(plain, rate, 8);
    assert_memory_not_equal(plain, weighted, 8);
    assert_memory_not_equal(weighted, listed, 8);
    assert_memory_not_equal(plain, batch, 8);
}

/* The loss of the kept weights on the validation part is that of the best epoch, not of the last. */
static void the_weights_of_the_best_epoch_are_kept(void **state)
{
    scratch *r = *state;
    en_train_result result;
    en_evaluate_result again = {0};
    scratch_fill(r, 12);
    en_train_options options = usual;
    options.class_weights = "none"; /* as an evaluation counts */
    options.epochs = 20;
    options.target = "grade >= 2"; /* noise here: learned by heart, the validation loss rises */
    SCRATCH_OK(r, train(r, options, &result));
    assert_true(result.best_epoch < result.epochs);
    SCRATCH_OK(r,
               en_evaluate(&r->project, &(en_evaluate_options){.run = "first", .part = EN_PART_VAL}, &again, &r->err));
    scratch_near(again.metrics.loss, result.best.val_loss, 1e-6);
    assert_true(fabs(again.metrics.loss - result.last.val_loss) > 1e-6);
    assert_non_null(strstr(r->said.data, "of these patients are of the validation subset 'main/val'"));
    en_evaluate_clear(&again);
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

static void patience_ends_a_run_that_gets_no_better(void **state)
{
    scratch *r = *state;
    en_train_result result;
    en_train_options options = usual;
    scratch_fill(r, 12);
    options.epochs = 200;
    options.patience = 2;
    options.learning_rate = 0.05;
    SCRATCH_OK(r, train(r, options, &result));
    assert_true(result.epochs < 200);
    assert_int_equal(result.epochs, result.best_epoch + 2);
    assert_true(result.best.val_weighted_loss ==
                scratch_real(r, "SELECT min(value) FROM metrics WHERE part = 'val' AND metric = 'weighted_loss'"));
}

/* With a rate at which the metrics go up and down, the kept epoch is the best by the rule, and the last by none. */
static void the_weights_of_the_best_epoch_by_the_rule_are_kept(void **state)
{
    scratch *r = *state;
#define OF(run, order, metric)                                                                                         \
    "SELECT " order "(value) FROM metrics WHERE run = '" run "' AND part = 'val' AND metric = '" metric "'"
    static const struct {
        const char *rule, *name, *best;
    } all[] = {{"loss", "a", OF("a", "min", "weighted_loss")},
               {"calibrated-loss", "b", OF("b", "min", "calibrated_loss")},
               {"order", "c", OF("c", "max", "auc")},
               {"last", "d", OF("d", "min", "weighted_loss") " AND epoch = 6"}};
#undef OF
    scratch_fill(r, 12);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        en_train_result result;
        en_train_options options = usual;
        options.name = all[i].name;
        options.best = all[i].rule;
        options.epochs = 6;
        options.patience = EN_TRAIN_NO_EARLY_STOP;
        options.learning_rate = 0.05;
        SCRATCH_OK(r, train(r, options, &result));
        const en_epoch *e = &result.best;
        const double kept[] = {e->val_weighted_loss, e->val_calibrated_loss, e->val_auc, e->val_weighted_loss};
        assert_true(kept[i] == scratch_real(r, all[i].best));
        assert_int_equal(scratch_number(r, "SELECT count(*) FROM param WHERE name = 'best'"), i);
    }
    en_train_result result;
    en_train_options options = usual;
    options.best = "lucky";
    scratch_refused(r, train(r, options, &result), EN_USAGE, "not by 'lucky'");
}

/* 3,600 inputs: 2048 of them at the rate. */
static void a_dense_layer_of_many_inputs_learns_at_a_lower_rate(void **state)
{
    scratch *r = *state;
    static const struct {
        const char *name, *optimiser, *given, *recorded;
    } all[] = {{"adam", NULL, NULL, "1=0.569,2=1"}, {"sgd", "sgd", NULL, NULL}, {"given", NULL, "0=0.5", "0=0.5"}};
    scratch_fill(r, 12);
    scratch_write("wide.net", "input 32x32x3 scale 1/255\nconv 4 3x3 relu\ndense 3 relu\ndense classes softmax\n");
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        en_train_result result, again;
        en_train_options options = usual;
        options.model = "wide.net";
        options.name = all[i].name;
        options.optimiser = all[i].optimiser;
        options.lr_scale = all[i].given;
        SCRATCH_OK(r, train(r, options, &result));
        options = (en_train_options){.repeat = all[i].name, .name = "again"};
        SCRATCH_OK(r, train(r, options, &again));
        const char *const run[] = {all[i].name, "again"};
        for (size_t k = 0; k < 2; k++) {
            char *sql =
                en_format("SELECT count(*) FROM param p JOIN run r USING (run_id) WHERE r.name = '%s' AND p.name "
                          "= 'lr_scale' AND p.value = '%s'",
                          run[k], all[i].recorded != NULL ? all[i].recorded : "");
            assert_int_equal(scratch_number(r, sql), all[i].recorded != NULL);
            en_free(sql);
        }
        SCRATCH_OK(r, en_db_exec(en_catalog_db(r->project.catalog),
                                 "UPDATE run SET name = 'done' || run_id WHERE name "
                                 "= 'again'",
                                 "rename", &r->err));
    }
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

#define IN_A_SCRATCH_PROJECT(test) cmocka_unit_test_setup_teardown(test, scratch_set_up, scratch_tear_down)

/* What a run recorded of a setting. */
static int64_t recorded(scratch *r, const char *run, const char *param)
{
    char *sql =
        en_format("SELECT CAST(p.value AS INTEGER) FROM param p JOIN run r USING (run_id) WHERE r.name = '%s' AND "
                  "p.name = '%s'",
                  run, param);
    int64_t value = scratch_number(r, sql);
    en_free(sql);
    return value;
}

static void a_batch_that_does_not_fit_is_cut_into_micro_batches(void **state)
{
    scratch *r = *state;
    en_train_result whole, parts, given;
    en_train_options options = usual;
    scratch_fill(r, 20);
    options.epochs = 1;
    SCRATCH_OK(r, train(r, options, &whole));
    assert_int_equal(recorded(r, "first", "micro_batch"), 8);
    pretended_memory = (size_t)whole.memory_bytes - 1;
    options.name = "parts";
    SCRATCH_OK(r, train(r, options, &parts));
    assert_int_equal(recorded(r, "parts", "micro_batch"), 4);
    assert_int_equal(recorded(r, "parts", "batch"), 8);
    assert_non_null(strstr(r->said.data, "a batch of 8 does not fit the memory"));
    assert_true(parts.memory_bytes < whole.memory_bytes);
    scratch_near(parts.last.train_weighted_loss, whole.last.train_weighted_loss, 1e-4);
    scratch_near(parts.last.val_weighted_loss, whole.last.val_weighted_loss, 1e-4);
    options.name = "given";
    options.micro_batch = 8; /* asked for: not cut behind the user's back */
    scratch_refused(r, train(r, options, &given), EN_NOMEM, "use a smaller batch");
    pretended_memory = 1000;
    options.micro_batch = 0;
    scratch_refused(r, train(r, options, &given), EN_NOMEM, "use a smaller batch");
    pretended_memory = 0;
    options.micro_batch = 3;
    options.clip_norm = 0.25;
    SCRATCH_OK(r, train(r, options, &given));
    assert_int_equal(recorded(r, "given", "micro_batch"), 3);
    assert_int_equal(scratch_number(r, "SELECT count(*) FROM param WHERE name = 'clip_norm' AND value = '0.25'"), 1);
    assert_int_equal(scratch_number(r, "SELECT count(*) FROM param WHERE name = 'clip_norm' AND value = '0'"), 2);
}

#define NORMED                                                                                                         \
    "input 32x32x3 scale 1/255\nconv 4 5x5 stride 2 batchnorm relu as low\nconv 4 3x3 stride 2 batchnorm relu\n"       \
    "globalavgpool\ndense classes softmax\n"

/* The file's bytes of one tensor. */
static void read_tensor(const scratch *r, const en_train_result *result, const char *name, float *out, size_t count)
{
    char *path = en_path_join(r->project.root, result->weights);
    en_tensor_file file;
    en_error err;
    assert_int_equal(en_tensors_open(path, &file, &err), EN_OK);
    const en_tensor *tensor = en_tensors_find(&file, name);
    assert_non_null(tensor);
    assert_int_equal(tensor->end - tensor->begin, count * sizeof *out);
    assert_int_equal(en_tensors_read(&file, tensor, out, path, &err), EN_OK);
    en_tensors_close(&file);
    en_free(path);
}

/* From a run's weights, to another target with more classes: frozen lines stay, the others learn, the head is new. */
static void a_run_starts_from_weights_and_leaves_frozen_lines_alone(void **state)
{
    scratch *r = *state;
    en_train_result first, second;
    float before[2][4], after[2][4];
    scratch_fill(r, 20);
    scratch_write("normed.net", NORMED);
    en_train_options options = usual;
    options.model = "normed.net";
    SCRATCH_OK(r, train(r, options, &first));
    options = (en_train_options){.init = first.weights,
                                 .subset = "train",
                                 .name = "second",
                                 .target = "CAST(patient AS INTEGER) % 3",
                                 .freeze = "1",
                                 .epochs = 2,
                                 .batch = 8,
                                 .seed = 1};
    SCRATCH_OK(r, train(r, options, &second));
    static const char *const names[] = {"0.batchnorm.scale", "1.batchnorm.scale"};
    for (size_t i = 0; i < 2; i++) {
        read_tensor(r, &first, names[i], before[i], 4);
        read_tensor(r, &second, names[i], after[i], 4);
    }
    assert_memory_equal(before[0], after[0], sizeof before[0]);
    assert_memory_not_equal(before[1], after[1], sizeof before[1]);
    read_tensor(r, &first, "1.batchnorm.mean", before[0], 4); /* frozen by default */
    read_tensor(r, &second, "1.batchnorm.mean", after[0], 4);
    assert_memory_equal(before[0], after[0], sizeof before[0]);
    assert_int_equal(scratch_number(r, "SELECT count(*) FROM param p JOIN run r USING (run_id) WHERE r.name = 'second' "
                                       "AND p.name || '=' || p.value IN ('init=runs/first/model.safetensors', "
                                       "'freeze=1', 'batchnorm=frozen')"),
                     3);
    assert_int_equal(scratch_number(r, "SELECT count(*) FROM param p JOIN checkpoint c ON c.file_sha256 = p.value "
                                       "WHERE p.name = 'init_sha256' AND c.run_id = 1"),
                     1);
    assert_int_equal(scratch_number(r, "SELECT count(*) FROM runs WHERE run = 'second' AND model = 'model'"), 1);
}

/* What a run from weights has where nothing else is asked for. A rate of 0.001 beneath frozen norms ends, in PyTorch
 * too, in a network that says the same of every photograph. */
static void a_run_from_weights_has_defaults_that_suit_it(void **state)
{
    scratch *r = *state;
    en_train_result first, second;
    scratch_fill(r, 20);
    scratch_write("normed.net", NORMED);
    en_train_options options = usual;
    options.model = "normed.net";
    SCRATCH_OK(r, train(r, options, &first));
    options = (en_train_options){
        .init = first.weights, .subset = "train", .name = "second", .target = "eye", .epochs = 1, .seed = 1};
    SCRATCH_OK(r, train(r, options, &second));
    assert_int_equal(scratch_number(r, "SELECT count(*) FROM param p JOIN run r USING (run_id) WHERE r.name = 'second' "
                                       "AND p.name || '=' || p.value IN ('batch=32', 'learning_rate=0.0002', "
                                       "'schedule=onecycle', 'patience=0', 'class_weights=none', "
                                       "'optimizer=adam-torch decay 0.01')"),
                     6);
    /* a mirrored eye is another one */
    assert_int_equal(scratch_number(r, "SELECT count(*) FROM param p JOIN run r USING (run_id) WHERE r.name = 'second' "
                                       "AND p.name = 'augmentation' AND p.value NOT LIKE '%mirror%' "
                                       "AND p.value NOT LIKE '%flip%' AND p.value LIKE '%brightness 0.2%'"),
                     1);
    options.name = "third";
    options.batchnorm = "train";
    options.target = "CAST(patient AS INTEGER) % 3";
    options.ordinal = true;
    SCRATCH_OK(r, train(r, options, &second));
    assert_int_equal(scratch_number(r, "SELECT count(*) FROM param p JOIN run r USING (run_id) WHERE r.name = 'third' "
                                       "AND p.name || '=' || p.value = 'learning_rate=0.001'"),
                     1);
    assert_int_equal(scratch_number(r, "SELECT count(*) FROM model m JOIN run r USING (model_id) "
                                       "WHERE r.name = 'third' AND m.spec LIKE '%dense classes ordinal%'"),
                     1);
}

static void batchnorm_trains_when_asked_to(void **state)
{
    scratch *r = *state;
    en_train_result first, second;
    float before[4], after[4];
    scratch_fill(r, 12);
    scratch_write("normed.net", NORMED);
    en_train_options options = usual;
    options.model = "normed.net";
    SCRATCH_OK(r, train(r, options, &first));
    options.init = first.weights;
    options.name = "second";
    options.batchnorm = "train";
    SCRATCH_OK(r, train(r, options, &second));
    read_tensor(r, &first, "0.batchnorm.mean", before, 4);
    read_tensor(r, &second, "0.batchnorm.mean", after, 4);
    assert_memory_not_equal(before, after, sizeof before);
}

static void what_cannot_be_started_from_is_refused(void **state)
{
    scratch *r = *state;
    en_train_result result;
    scratch_fill(r, 12);
    en_train_options options = usual;
    SCRATCH_OK(r, train(r, options, &result));
    options.name = "second";
    options.init = "nothing";
    scratch_refused(r, train(r, options, &result), EN_INPUT, "imported model 'nothing'");
    options.init = "tiny.net";
    scratch_refused(r, train(r, options, &result), EN_INPUT, "'tiny.net' is not a whole safetensors file");
    options.init = "runs/first/model.safetensors";
    options.freeze = "9";
    scratch_refused(r, train(r, options, &result), EN_INPUT, "the network has no line '9'");
    options.freeze = NULL;
    scratch_write("normed.net", NORMED);
    options.model = "normed.net";
    scratch_refused(r, train(r, options, &result), EN_INPUT, "0.batchnorm.scale");
    assert_int_equal(scratch_number(r, "SELECT count(*) FROM run"), 1);
}

/* Where weights come from travels with what is trained from them, and their row is kept for the run. */
static void origin_and_licence_travel_with_the_weights(void **state)
{
    scratch *r = *state;
    en_train_result first, second, third;
    scratch_fill(r, 12);
    SCRATCH_OK(r, train(r, usual, &first));
    en_catalog_pretrained row = {.name = "mine",
                                 .preset = "tiny",
                                 .spec = (char[]){SCRATCH_NETWORK},
                                 .path = first.weights,
                                 .origin = (char[]){"here"},
                                 .licence = (char[]){"to be kept"},
                                 .tensors = 4,
                                 .parameters = 4};
    (void)memset(row.origin_sha256, 'a', EN_SHA256_HEX - 1);
    SCRATCH_OK(r, en_sha256_file(first.weights, row.sha256, &r->err));
    SCRATCH_OK(r, en_catalog_pretrained_put(r->project.catalog, &row, &r->err));
    en_train_options options = usual;
    options.model = NULL;
    options.init = "mine";
    options.name = "second";
    SCRATCH_OK(r, train(r, options, &second));
    assert_int_equal(scratch_number(r, "SELECT count(*) FROM runs WHERE run = 'second' AND model = 'mine'"), 1);
    options.init = second.weights; /* and on to the next */
    options.name = "third";
    SCRATCH_OK(r, train(r, options, &third));
    en_metadata meta;
    SCRATCH_OK(r, en_metadata_read(third.weights, &meta, &r->err));
    assert_string_equal(en_metadata_get(&meta, "origin"), "here");
    assert_string_equal(en_metadata_get(&meta, "licence"), "to be kept");
    en_metadata_clear(&meta);
    scratch_write(first.weights, "other bytes");
    options.init = "mine";
    options.name = "fourth";
    scratch_refused(r, train(r, options, &third), EN_INPUT, "its hash differs");
}

/* What the validation of an epoch saw, as its loss shows it: the same weights, another picture, another loss. */
static void an_augmentation_is_recorded_repeatable_and_for_training_only(void **state)
{
    scratch *r = *state;
    en_train_result plain, first, again, other;
    en_buf a, b;
    scratch_fill(r, 20);
    en_train_options options = usual;
    options.epochs = 2;
    options.augmentation = "none";
    SCRATCH_OK(r, train(r, options, &plain));
    options.augmentation = "brightness 0.5 rotate 20.0";
    options.name = "bright";
    SCRATCH_OK(r, train(r, options, &first));
    assert_true(fabs(first.last.train_weighted_loss - plain.last.train_weighted_loss) > 1e-6);
    assert_int_equal(
        scratch_number(r,
                       "SELECT count(*) FROM runs WHERE run = 'bright' AND augmentation = 'rotate 20 brightness 0.5'"),
        1);
    assert_int_equal(scratch_number(r, "SELECT count(*) FROM runs WHERE run = 'first' AND augmentation = 'none'"), 1);
    assert_int_equal(scratch_number(r, "SELECT count(*) FROM metric WHERE name = 'wait_seconds' AND value >= 0"), 4);
    for (unsigned threads = 1; threads <= 3; threads++) {
        scratch_open(r, threads);
        options.name = threads == 1 ? "one" : threads == 2 ? "two" : "three";
        options.augmentation = "rotate 20 brightness 0.5";
        SCRATCH_OK(r, train(r, options, &again));
        read_model(r, &first, &a);
        read_model(r, &again, &b);
        assert_int_equal(a.size, b.size);
        assert_memory_equal(a.data, b.data, a.size);
        en_buf_clear(&a);
        en_buf_clear(&b);
    }
    /* Nothing is learned, so only the pictures tell the runs apart; dropout is for training alone. */
    options.learning_rate = 1e-9;
    options.epochs = 1;
    options.augmentation = "none";
    options.name = "still";
    SCRATCH_OK(r, train(r, options, &plain));
    options.augmentation = "shift 0.4 brightness 0.8";
    options.name = "shaken";
    SCRATCH_OK(r, train(r, options, &other));
    scratch_near(other.last.val_loss, plain.last.val_loss, 1e-5);
    assert_true(fabs(other.last.train_weighted_loss - plain.last.train_weighted_loss) > 1e-4);
}

/* One step of a schedule is one step of the weights: constant for a third of the steps of `step`, then no more. */
static void a_schedule_multiplies_the_learning_rate_of_each_step(void **state)
{
    scratch *r = *state;
    en_train_result constant, stepped, wrong;
    en_buf a, b;
    scratch_fill(r, 20);
    en_train_options options = usual;
    options.epochs = 1;
    SCRATCH_OK(r, train(r, options, &constant));
    assert_int_equal(scratch_number(r, "SELECT count(*) FROM param WHERE name = 'schedule' AND value = 'constant'"), 1);
    options.name = "stepped";
    options.schedule = "step times 0";
    options.epochs = 3;
    options.patience = EN_TRAIN_NO_EARLY_STOP;
    SCRATCH_OK(r, train(r, options, &stepped));
    assert_int_equal(scratch_number(r, "SELECT count(*) FROM param WHERE name = 'schedule' AND value = 'step times 0'"),
                     1);
    /* the first epoch is that of the constant rate, bit for bit, and the others change nothing */
    read_model(r, &constant, &a);
    read_model(r, &stepped, &b);
    assert_memory_equal(a.data, b.data, a.size);
    assert_true(stepped.last.val_loss == constant.last.val_loss);
    en_buf_clear(&a);
    en_buf_clear(&b);
    options.schedule = "cosine too 0";
    options.name = "wrong";
    scratch_refused(r, train(r, options, &wrong), EN_USAGE, "schedule: unknown word 'too'; 'cosine' knows to, warmup");
}

static void a_target_that_a_mirror_changes_is_not_augmented_with_one(void **state)
{
    scratch *r = *state;
    en_train_result result;
    scratch_fill(r, 20);
    en_train_options options = usual;
    options.epochs = 1;
    options.augmentation = "quarter mirror";
    scratch_refused(r, train(r, options, &result), EN_INPUT, "target 'eye' changes for ");
    options.augmentation = "flip";
    scratch_refused(r, train(r, options, &result), EN_INPUT, "leave 'mirror' and 'flip' out");
    options.target = "mirror + (patient % 2)";
    scratch_refused(r, train(r, options, &result), EN_INPUT, "when they are mirrored");
    options.target = "CASE WHEN rotation = 0 THEN grade >= 2 END";
    options.augmentation = "rotate 5";
    scratch_refused(r, train(r, options, &result), EN_INPUT, "leave 'quarter' and 'rotate' out");
    options.augmentation = "mirror"; /* of no matter to it */
    options.name = "mirrored";
    SCRATCH_OK(r, train(r, options, &result));
    options.target = "eye";
    options.augmentation = "quarter rotate 5"; /* a turned left eye is a left eye */
    options.name = "turned";
    SCRATCH_OK(r, train(r, options, &result));
    options.augmentation = "quarter rotatte 5";
    scratch_refused(r, train(r, options, &result), EN_USAGE, "unknown word 'rotatte'; did you mean 'rotate'?");
    assert_int_equal(scratch_number(r, "SELECT count(*) FROM run"), 2);
}

/* The question is asked with every column of the view. */
static void a_target_may_be_any_column_that_variants_has(void **state)
{
    scratch *r = *state;
    en_catalog_subset subset;
    en_buf names;
    scratch_fill(r, 8);
    SCRATCH_OK(r, en_catalog_subset_get(r->project.catalog, "train", &subset, &r->err));
    en_buf_init(&names, 1 << 16);
    scratch_dump(r, "SELECT name FROM pragma_table_info('variants')", &names);
    int columns = 0;
    char *rest = names.data;
    for (char *name = strsep(&rest, "\n"); name != NULL && *name != '\0'; name = strsep(&rest, "\n"), columns++) {
        int64_t mirrored = -1, turned = -1;
        SCRATCH_OK(r, en_catalog_subset_seen(r->project.catalog, subset.id, name, NULL, &mirrored, &turned, &r->err));
        const bool mirrors = strcmp(name, "eye") == 0 || strcmp(name, "mirror") == 0;
        assert_int_equal(mirrored, mirrors ? subset.members : 0);
        assert_int_equal(turned, strcmp(name, "rotation") == 0 ? subset.members : 0);
    }
    assert_int_equal(columns, 25);
    en_buf_clear(&names);
    en_catalog_subset_clear(&subset);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_SCRATCH_PROJECT(an_augmentation_is_recorded_repeatable_and_for_training_only),
        IN_A_SCRATCH_PROJECT(a_schedule_multiplies_the_learning_rate_of_each_step),
        IN_A_SCRATCH_PROJECT(a_target_that_a_mirror_changes_is_not_augmented_with_one),
        IN_A_SCRATCH_PROJECT(a_target_may_be_any_column_that_variants_has),
        IN_A_SCRATCH_PROJECT(a_batch_that_does_not_fit_is_cut_into_micro_batches),
        IN_A_SCRATCH_PROJECT(a_run_starts_from_weights_and_leaves_frozen_lines_alone),
        IN_A_SCRATCH_PROJECT(a_run_from_weights_has_defaults_that_suit_it),
        IN_A_SCRATCH_PROJECT(batchnorm_trains_when_asked_to),
        IN_A_SCRATCH_PROJECT(what_cannot_be_started_from_is_refused),
        IN_A_SCRATCH_PROJECT(origin_and_licence_travel_with_the_weights),
        IN_A_SCRATCH_PROJECT(a_run_is_recorded_with_everything_it_measured),
        IN_A_SCRATCH_PROJECT(the_same_seed_gives_the_same_weights_on_any_number_of_threads),
        IN_A_SCRATCH_PROJECT(the_same_data_give_the_same_weights_in_any_catalog),
        IN_A_SCRATCH_PROJECT(every_setting_has_its_effect),
        IN_A_SCRATCH_PROJECT(a_dense_layer_of_many_inputs_learns_at_a_lower_rate),
        IN_A_SCRATCH_PROJECT(the_weights_of_the_best_epoch_are_kept),
        IN_A_SCRATCH_PROJECT(pixels_that_changed_on_the_disk_are_not_learned_from),
        IN_A_SCRATCH_PROJECT(validating_on_the_test_part_is_warned_of),
        IN_A_SCRATCH_PROJECT(what_is_wrong_with_a_request_is_said_before_anything_is_written),
        IN_A_SCRATCH_PROJECT(a_taken_name_is_refused_and_its_run_untouched),
        IN_A_SCRATCH_PROJECT(mixed_parts_are_trained_on_only_when_asked_for_with_a_warning),
        IN_A_SCRATCH_PROJECT(parts_are_those_of_the_subsets_own_split),
        IN_A_SCRATCH_PROJECT(rotation_that_gives_the_target_away_is_warned_of),
        IN_A_SCRATCH_PROJECT(an_interrupted_run_is_saved),
        IN_A_SCRATCH_PROJECT(a_loss_that_is_no_number_fails_the_run),
        IN_A_SCRATCH_PROJECT(patience_ends_a_run_that_gets_no_better),
        IN_A_SCRATCH_PROJECT(a_dense_layer_of_many_inputs_learns_at_a_lower_rate),
        IN_A_SCRATCH_PROJECT(the_weights_of_the_best_epoch_by_the_rule_are_kept),
        IN_A_SCRATCH_PROJECT(a_run_that_its_process_left_is_marked_interrupted_by_the_next_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
