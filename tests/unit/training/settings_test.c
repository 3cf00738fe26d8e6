/* What each setting of a training does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "catalog/subset.h"
#include "training/evaluate.h"
#include "trained.h"

/* The memory that the network believes this machine has; 0: what it has. */
static size_t pretended_memory;
size_t __real_en_machine_memory(void);
size_t __wrap_en_machine_memory(void);
size_t __wrap_en_machine_memory(void) { return pretended_memory > 0 ? pretended_memory : __real_en_machine_memory(); }

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
               {"last", "d", OF("d", "min", "weighted_loss") " AND epoch = 12"}};
#undef OF
    scratch_fill(r, 30);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        en_train_result result;
        en_train_options options = usual;
        options.name = all[i].name;
        options.best = all[i].rule;
        options.class_weights = "1,9"; /* so that the losses choose differently */
        options.epochs = 12;
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
        IN_A_SCRATCH_PROJECT(every_setting_has_its_effect),
        IN_A_SCRATCH_PROJECT(patience_ends_a_run_that_gets_no_better),
        IN_A_SCRATCH_PROJECT(the_weights_of_the_best_epoch_are_kept),
        IN_A_SCRATCH_PROJECT(the_weights_of_the_best_epoch_by_the_rule_are_kept),
        IN_A_SCRATCH_PROJECT(a_dense_layer_of_many_inputs_learns_at_a_lower_rate),
        IN_A_SCRATCH_PROJECT(a_batch_that_does_not_fit_is_cut_into_micro_batches),
        IN_A_SCRATCH_PROJECT(an_augmentation_is_recorded_repeatable_and_for_training_only),
        IN_A_SCRATCH_PROJECT(a_schedule_multiplies_the_learning_rate_of_each_step),
        IN_A_SCRATCH_PROJECT(a_target_that_a_mirror_changes_is_not_augmented_with_one),
        IN_A_SCRATCH_PROJECT(a_target_may_be_any_column_that_variants_has),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
