/* Weights on disk: round trips, resumed training, and files that lie. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/memory.h"
#include "nn/safetensors.h"
#include "nn/weights.h"
#include "toy.h"

static char folder[] = "/tmp/eyenet-weights-XXXXXX";
static char path[sizeof folder + 32];

static int make_folder(void **state)
{
    (void)state;
    if (mkdtemp(folder) == NULL) {
        return -1;
    }
    (void)snprintf(path, sizeof path, "%s/w.safetensors", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    en_error err = {0};
    return en_file_remove_tree(folder, &err) == EN_OK ? 0 : -1;
}

static const en_meta meta[] = {{"spec", "input 8x8x3\n"}, {"classes", "[\"left\",\"right \\\"eye\\\"\"]"}};

static void save(en_network *net, en_keep keep)
{
    en_error err = {0};
    if (en_weights_save(net, keep, path, meta, 2, &err) != EN_OK) {
        fail_msg("%s", err.text);
    }
}

static void what_is_saved_is_loaded_and_the_metadata_with_it(void **state)
{
    (void)state;
    en_error err = {0};
    en_network *from = toy_network(TOY_TEXT, TOY_CLASSES, 2, EN_TRAIN, NULL);
    en_network *to = toy_network(TOY_TEXT, TOY_CLASSES, 2, EN_INFER, NULL);
    en_network_init(to, 1);
    save(from, EN_KEEP_MODEL);
    assert_int_equal(en_weights_load(to, EN_KEEP_MODEL, path, &err), EN_OK);
    for (size_t i = 0; i < en_network_parameters(from); i++) {
        const en_parameter *p = en_network_parameter(from, i), *q = en_network_parameter(to, i);
        assert_memory_equal(p->value, q->value, p->count * sizeof(float));
    }
    en_metadata read;
    assert_int_equal(en_metadata_read(path, &read, &err), EN_OK);
    assert_string_equal(en_metadata_get(&read, "spec"), meta[0].value);
    assert_string_equal(en_metadata_get(&read, "classes"), meta[1].value);
    assert_null(en_metadata_get(&read, "recipe"));
    en_metadata_clear(&read);
    en_network_free(from);
    en_network_free(to);
}

static void a_resumed_run_has_the_bits_of_an_uninterrupted_one(void **state)
{
    (void)state;
    en_error err = {0};
    en_network *whole = toy_network(TOY_TEXT, TOY_CLASSES, TOY_BATCH, EN_TRAIN, NULL);
    en_network *before = toy_network(TOY_TEXT, TOY_CLASSES, TOY_BATCH, EN_TRAIN, NULL);
    en_network *after = toy_network(TOY_TEXT, TOY_CLASSES, TOY_BATCH, EN_TRAIN, NULL);
    toy_data data = toy_noise(whole);
    toy_train(whole, &data, TOY_BATCH, 1, 6);
    toy_train(before, &data, TOY_BATCH, 1, 3);
    save(before, EN_KEEP_CHECKPOINT);
    en_network_init(after, 5);
    toy_train(after, &data, 3, 1, 1);
    assert_int_equal(en_weights_load(after, EN_KEEP_CHECKPOINT, path, &err), EN_OK);
    toy_assert_same(before, after);
    toy_train(after, &data, TOY_BATCH, 4, 6);
    toy_assert_same(whole, after);
    toy_free(&data);
    en_network_free(whole);
    en_network_free(before);
    en_network_free(after);
}

static void a_checkpoint_names_the_moments_of_each_tensor(void **state)
{
    (void)state;
    en_error err = {0};
    en_network *net = toy_network(TOY_TEXT, TOY_CLASSES, TOY_BATCH, EN_TRAIN, NULL);
    toy_data data = toy_noise(net);
    toy_train(net, &data, TOY_BATCH, 1, 2);
    save(net, EN_KEEP_CHECKPOINT);
    const en_parameter *p = en_network_parameter(net, 1);
    const float *const want[] = {p->value, p->slot[0], p->slot[1]};
    static const char *const names[] = {"0.conv.bias", "0.conv.bias.adam_m", "0.conv.bias.adam_v"};
    en_tensor_file file;
    assert_int_equal(en_tensors_open(path, &file, &err), EN_OK);
    assert_int_equal(file.count, 3 * en_network_parameters(net));
    for (size_t i = 0; i < 3; i++) {
        float got[9];
        const en_tensor *tensor = en_tensors_find(&file, names[i]);
        assert_non_null(tensor);
        assert_int_equal(tensor->end - tensor->begin, sizeof got);
        assert_int_equal(en_tensors_read(&file, tensor, got, path, &err), EN_OK);
        assert_memory_equal(got, want[i], sizeof got);
    }
    en_tensors_close(&file);
    toy_free(&data);
    en_network_free(net);
}

static void a_checkpoint_serves_as_a_model_but_not_the_other_way(void **state)
{
    (void)state;
    en_error err = {0};
    en_network *train = toy_network(TOY_TEXT, TOY_CLASSES, 2, EN_TRAIN, NULL);
    en_network *infer = toy_network(TOY_TEXT, TOY_CLASSES, 2, EN_INFER, NULL);
    save(train, EN_KEEP_CHECKPOINT);
    assert_int_equal(en_weights_load(infer, EN_KEEP_MODEL, path, &err), EN_OK);
    assert_int_equal(en_weights_load(infer, EN_KEEP_CHECKPOINT, path, &err), EN_BUG);
    assert_int_equal(en_weights_save(infer, EN_KEEP_CHECKPOINT, path, NULL, 0, &err), EN_BUG);
    save(train, EN_KEEP_MODEL);
    assert_int_equal(en_weights_load(train, EN_KEEP_CHECKPOINT, path, &err), EN_INPUT);
    en_network_free(train);
    en_network_free(infer);
}

static void the_file_is_what_the_format_says(void **state)
{
    (void)state;
    en_error err = {0};
    en_network *net = toy_network("input 2x2x1\ndense 2 softmax", 2, 1, EN_INFER, NULL);
    assert_int_equal(en_weights_save(net, EN_KEEP_MODEL, path, (const en_meta[]){{"a", "b"}}, 1, &err), EN_OK);
    en_buf bytes;
    en_buf_init(&bytes, 1 << 20);
    assert_int_equal(en_file_read(path, &bytes, &err), EN_OK);
    static const char header[] = "{\"__metadata__\":{\"a\":\"b\"},"
                                 "\"0.dense.weight\":{\"dtype\":\"F32\",\"shape\":[4,2],\"data_offsets\":[0,32]},"
                                 "\"0.dense.bias\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[32,40]}}";
    uint64_t length;
    memcpy(&length, bytes.data, sizeof length);
    assert_int_equal(length % 8, 0);
    assert_in_range(length, sizeof header - 1, sizeof header + 6);
    assert_memory_equal(bytes.data + 8, header, sizeof header - 1);
    assert_int_equal(bytes.size, 8 + length + 40);
    assert_memory_equal(bytes.data + 8 + length, en_network_parameter(net, 0)->value, 32);
    en_buf_clear(&bytes);
    en_network_free(net);
}

static void another_networks_weights_are_refused_and_nothing_is_changed(void **state)
{
    (void)state;
    static const char *const others[] = {
        "input 20x18x3\ndense classes softmax",
        "input 20x18x3 scale 1/255 shift -0.5\nconv 9 5x5 stride 2 pad same relu\nconv 6 3x3\nmaxpool 2\nsigmoid\n"
        "dropout 0.3\ndense 12 relu\ndropout 0.5\ndense classes softmax",
        "input 20x18x3\nconv 9 5x5 stride 2 pad same relu\nconv 6 3x3\nmaxpool 2\ndropout 0.3\ndense 11 relu\n"
        "dense classes softmax"};
    en_network *net = toy_network(TOY_TEXT, TOY_CLASSES, 2, EN_TRAIN, NULL);
    en_network *same = toy_network(TOY_TEXT, TOY_CLASSES, 2, EN_TRAIN, NULL);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        en_error err = {0};
        en_network *other = toy_network(others[i], TOY_CLASSES, 2, EN_TRAIN, NULL);
        save(other, EN_KEEP_MODEL);
        assert_int_equal(en_weights_load(net, EN_KEEP_MODEL, path, &err), EN_INPUT);
        toy_assert_same(net, same);
        en_network_free(other);
    }
    en_network_free(net);
    en_network_free(same);
}

/* A file of that header, its length as it should be, and `data` bytes of zeros. */
static void write_file(const char *header, size_t data)
{
    en_error err = {0};
    en_buf bytes;
    en_buf_init(&bytes, 1 << 20);
    uint64_t length = strlen(header);
    assert_int_equal(en_buf_add(&bytes, &length, sizeof length, &err), EN_OK);
    assert_int_equal(en_buf_text(&bytes, header, &err), EN_OK);
    for (size_t i = 0; i < data; i++) {
        assert_int_equal(en_buf_add(&bytes, "", 1, &err), EN_OK);
    }
    assert_int_equal(en_file_write(path, bytes.data, bytes.size, &err), EN_OK);
    en_buf_clear(&bytes);
}

static void assert_load_refused(const char *reason)
{
    en_error err = {0};
    en_network *net = toy_network("input 2x2x1\ndense 2 softmax", 2, 1, EN_INFER, NULL);
    assert_int_equal(en_weights_load(net, EN_KEEP_MODEL, path, &err), EN_INPUT);
    if (strstr(err.text, reason) == NULL) {
        fail_msg("'%s' does not say '%s'", err.text, reason);
    }
    assert_null(strchr(err.text, '\n'));
    en_network_free(net);
}

#define WEIGHT "\"0.dense.weight\":{\"dtype\":\"F32\",\"shape\":[4,2],\"data_offsets\":[0,32]}"
#define BIAS "\"0.dense.bias\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[32,40]}"

static void headers_that_lie_are_refused_with_the_reason(void **state)
{
    (void)state;
    static const struct {
        const char *header;
        size_t data;
        const char *reason;
    } lies[] = {
        {"", 0, "not a JSON object"},
        {"[]", 0, "not a JSON object"},
        {"{" WEIGHT, 40, "not a JSON object"},
        {"{" WEIGHT "," WEIGHT "}", 32, "not a JSON object"}, /* the same name twice */
        {"{" WEIGHT "}", 32, "has 1 tensors, not the network's 2"},
        {"{" WEIGHT "," BIAS "}", 41, "do not fill it"},
        {"{" WEIGHT "," BIAS "}", 39, "'0.dense.bias' lies outside the file"},
        {"{" WEIGHT ",\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[24,32]}}", 32,
         "overlaps another or leaves a gap"},
        {"{" WEIGHT ",\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[40,48]}}", 48,
         "overlaps another or leaves a gap"},
        {"{" WEIGHT ",\"x\\n\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[40,48]}}", 48, "(unreadable name)"},
        {"{" WEIGHT ",\"0.dense.bias\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[32,40]}}", 40,
         "not of type F32"},
        {"{" WEIGHT ",\"0.dense.bias\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[32,40]}}", 40,
         "not its shape's"},
        {"{" WEIGHT ",\"0.dense.bias\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[32,40]}}", 40,
         "another shape"},
        {"{" WEIGHT ",\"0.dense.bias\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[32,40]}}", 40,
         "impossible shape"},
        {"{" WEIGHT ",\"0.dense.bias\":{\"dtype\":\"F32\",\"shape\":[4611686018427387906],\"data_offsets\":[32,40]}}",
         40, "impossible shape"},
        {"{" WEIGHT ",\"0.dense.bias\":{\"dtype\":\"F32\",\"shape\":[1,1,1,1,1,1,1,1,2],\"data_offsets\":[32,40]}}", 40,
         "at most 8 sizes"},
        {"{" WEIGHT ",\"0.dense.bias\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[40,32]}}", 40,
         "lies outside"},
        {"{" WEIGHT ",\"0.dense.bias\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[32]}}", 40, "lies outside"},
        {"{" WEIGHT ",\"0.dense.bias\":7}", 40, "not of type F32"},
        {"{" WEIGHT ",\"0.dense.scale\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[32,40]}}", 40,
         "no tensor '0.dense.bias'"},
        {"{\"__metadata__\":[]," WEIGHT "," BIAS "}", 40, "metadata are not strings"},
        {"{\"__metadata__\":{\"a\":1}," WEIGHT "," BIAS "}", 40, "metadata are not strings"},
    };
    for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
        write_file(lies[i].header, lies[i].data);
        assert_load_refused(lies[i].reason);
    }
    write_file("{" WEIGHT "," BIAS "}", 40); /* and the truth is accepted */
    en_error err = {0};
    en_network *net = toy_network("input 2x2x1\ndense 2 softmax", 2, 1, EN_INFER, NULL);
    assert_int_equal(en_weights_load(net, EN_KEEP_MODEL, path, &err), EN_OK);
    en_network_free(net);
}

static void a_file_cut_anywhere_is_refused(void **state)
{
    (void)state;
    en_error err = {0};
    en_network *net = toy_network("input 2x2x1\ndense 2 softmax", 2, 1, EN_INFER, NULL);
    save(net, EN_KEEP_MODEL);
    en_buf bytes;
    en_buf_init(&bytes, 1 << 20);
    assert_int_equal(en_file_read(path, &bytes, &err), EN_OK);
    for (size_t size = 0; size < bytes.size; size += 7) {
        assert_int_equal(en_file_write(path, bytes.data, size, &err), EN_OK);
        assert_int_equal(en_weights_load(net, EN_KEEP_MODEL, path, &err), EN_INPUT);
    }
    memset(bytes.data, 0xff, 8); /* a header of 2^64-1 bytes */
    assert_int_equal(en_file_write(path, bytes.data, bytes.size, &err), EN_OK);
    assert_load_refused("longer than it may be");
    en_buf_clear(&bytes);
    en_network_free(net);
}

static void a_missing_file_and_a_folder_are_refused(void **state)
{
    (void)state;
    en_error err = {0};
    en_network *net = toy_network("input 2x2x1\ndense 2 softmax", 2, 1, EN_INFER, NULL);
    assert_int_equal(en_weights_load(net, EN_KEEP_MODEL, "/nonexistent/w.safetensors", &err), EN_PATH);
    assert_int_equal(en_weights_load(net, EN_KEEP_MODEL, folder, &err), EN_INPUT);
    assert_int_equal(en_weights_save(net, EN_KEEP_MODEL, "/nonexistent/w.safetensors", NULL, 0, &err), EN_PATH);
    en_network_free(net);
}

static void metadata_that_are_no_text_are_refused_before_anything_is_written(void **state)
{
    (void)state;
    en_error err = {0};
    en_network *net = toy_network("input 2x2x1\ndense 2 softmax", 2, 1, EN_INFER, NULL);
    (void)unlink(path);
    assert_int_not_equal(en_weights_save(net, EN_KEEP_MODEL, path, (const en_meta[]){{"a", "\xff"}}, 1, &err), EN_OK);
    assert_false(en_file_exists(path));
    en_network_free(net);
}

static void no_failed_allocation_leaves_a_file_or_a_leak(void **state)
{
    (void)state;
    en_network *net = toy_network("input 2x2x1\ndense 2 softmax", 2, 1, EN_INFER, NULL);
    (void)unlink(path);
    int failures = 0;
    for (long nth = 1; nth < 100; nth++) {
        en_error err = {0};
        en_alloc_fail_at(nth);
        en_status st = en_weights_save(net, EN_KEEP_MODEL, path, meta, 2, &err);
        en_alloc_fail_at(0);
        if (st == EN_OK) {
            break;
        }
        failures++;
        assert_int_equal(st, EN_NOMEM);
        assert_false(en_file_exists(path));
    }
    assert_true(failures >= 3);
    en_network_free(net);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_saved_is_loaded_and_the_metadata_with_it),
        cmocka_unit_test(a_resumed_run_has_the_bits_of_an_uninterrupted_one),
        cmocka_unit_test(a_checkpoint_names_the_moments_of_each_tensor),
        cmocka_unit_test(a_checkpoint_serves_as_a_model_but_not_the_other_way),
        cmocka_unit_test(the_file_is_what_the_format_says),
        cmocka_unit_test(another_networks_weights_are_refused_and_nothing_is_changed),
        cmocka_unit_test(headers_that_lie_are_refused_with_the_reason),
        cmocka_unit_test(a_file_cut_anywhere_is_refused),
        cmocka_unit_test(a_missing_file_and_a_folder_are_refused),
        cmocka_unit_test(metadata_that_are_no_text_are_refused_before_anything_is_written),
        cmocka_unit_test(no_failed_allocation_leaves_a_file_or_a_leak),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
