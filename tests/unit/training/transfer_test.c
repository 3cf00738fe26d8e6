/* Training from weights that were learned on other pictures. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "nn/safetensors.h"
#include "training/pretrained.h"
#include "trained.h"

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
    options.scale = "ordinal";
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_SCRATCH_PROJECT(a_run_starts_from_weights_and_leaves_frozen_lines_alone),
        IN_A_SCRATCH_PROJECT(a_run_from_weights_has_defaults_that_suit_it),
        IN_A_SCRATCH_PROJECT(batchnorm_trains_when_asked_to),
        IN_A_SCRATCH_PROJECT(what_cannot_be_started_from_is_refused),
        IN_A_SCRATCH_PROJECT(origin_and_licence_travel_with_the_weights),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
