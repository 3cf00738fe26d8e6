/* Weights with PyTorch's names, in small networks with the forms of the real ones: every tensor has numbers of its own,
 * so that no two names, axes or statistics can be exchanged unnoticed. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "nn/foreign.h"
#include "nn/safetensors.h"
#include "toy.h"

#define MOST 64u

/* A tensor of a file: rank and shape as PyTorch has them; its numbers are first, first + 1, ... divided by 1024. */
typedef struct given {
    const char *name;
    unsigned rank;
    size_t shape[4];
} given;

typedef struct fixture {
    const char *preset, *text;
    const given *tensor;
    size_t count;
} fixture;

#define NORM(name, c)                                                                                                  \
    {name ".weight", 1, {c}}, {name ".bias", 1, {c}}, {name ".running_mean", 1, {c}},                                  \
    {                                                                                                                  \
        name ".running_var", 1, { c }                                                                                  \
    }

static const given lite_tensors[] = {{"_conv_stem.weight", 4, {4, 3, 3, 2}},
                                     NORM("_bn0", 4),
                                     {"_blocks.0._depthwise_conv.weight", 4, {4, 1, 3, 5}},
                                     NORM("_blocks.0._bn1", 4),
                                     {"_blocks.0._project_conv.weight", 4, {6, 4, 1, 1}},
                                     NORM("_blocks.0._bn2", 6),
                                     {"_blocks.1._expand_conv.weight", 4, {12, 6, 1, 1}},
                                     NORM("_blocks.1._bn0", 12),
                                     {"_blocks.1._depthwise_conv.weight", 4, {12, 1, 3, 3}},
                                     NORM("_blocks.1._bn1", 12),
                                     {"_blocks.1._project_conv.weight", 4, {6, 12, 1, 1}},
                                     NORM("_blocks.1._bn2", 6),
                                     {"_conv_head.weight", 4, {8, 6, 1, 1}},
                                     NORM("_bn1", 8),
                                     {"_fc.weight", 2, {5, 8}},
                                     {"_fc.bias", 1, {5}}};
static const fixture lite = {
    "efficientnet-lite0",
    "input 8x8x3\nconv 4 3x2 stride 2 batchnorm relu6\nconv 4 3x5 pad same depthwise batchnorm "
    "relu6\nconv 6 1x1 batchnorm as a\nconv 12 1x1 batchnorm relu6\nconv 12 3x3 pad same "
    "depthwise batchnorm relu6\nconv 6 1x1 batchnorm\nadd a\nconv 8 1x1 batchnorm relu6\n"
    "globalavgpool\ndense classes softmax",
    lite_tensors, sizeof lite_tensors / sizeof *lite_tensors};

static const given mobile_tensors[] = {{"features.0.0.weight", 4, {4, 3, 3, 3}},
                                       NORM("features.0.1", 4),
                                       {"features.1.block.0.0.weight", 4, {4, 1, 3, 3}},
                                       NORM("features.1.block.0.1", 4),
                                       {"features.1.block.1.0.weight", 4, {5, 4, 1, 1}},
                                       NORM("features.1.block.1.1", 5),
                                       {"features.2.block.0.0.weight", 4, {10, 5, 1, 1}},
                                       NORM("features.2.block.0.1", 10),
                                       {"features.2.block.1.0.weight", 4, {10, 1, 3, 3}},
                                       NORM("features.2.block.1.1", 10),
                                       {"features.2.block.2.fc1.weight", 4, {3, 10, 1, 1}},
                                       {"features.2.block.2.fc1.bias", 1, {3}},
                                       {"features.2.block.2.fc2.weight", 4, {10, 3, 1, 1}},
                                       {"features.2.block.2.fc2.bias", 1, {10}},
                                       {"features.2.block.3.0.weight", 4, {5, 10, 1, 1}},
                                       NORM("features.2.block.3.1", 5),
                                       {"features.3.0.weight", 4, {7, 5, 1, 1}},
                                       NORM("features.3.1", 7),
                                       {"classifier.0.weight", 2, {9, 7}},
                                       {"classifier.0.bias", 1, {9}},
                                       {"classifier.3.weight", 2, {5, 9}},
                                       {"classifier.3.bias", 1, {5}}};
static const fixture mobile = {
    "mobilenet-v3-large",
    "input 8x8x3\nconv 4 3x3 stride 2 batchnorm hswish\nconv 4 3x3 pad 1 depthwise batchnorm "
    "relu\nconv 5 1x1 batchnorm as a\nconv 10 1x1 batchnorm relu\nconv 10 3x3 pad 1 depthwise "
    "batchnorm relu\nsqueeze-excite 3\nconv 5 1x1 batchnorm\nadd a\nconv 7 1x1 batchnorm "
    "hswish\nglobalavgpool\ndense 9 hswish\ndropout 0.2\ndense classes softmax",
    mobile_tensors, sizeof mobile_tensors / sizeof *mobile_tensors};

static const given resnet_tensors[] = {{"conv1.weight", 4, {4, 3, 3, 3}},
                                       NORM("bn1", 4),
                                       {"layer1.0.conv1.weight", 4, {4, 4, 3, 3}},
                                       NORM("layer1.0.bn1", 4),
                                       {"layer1.0.conv2.weight", 4, {4, 4, 3, 3}},
                                       NORM("layer1.0.bn2", 4),
                                       {"layer1.1.conv1.weight", 4, {4, 4, 3, 3}},
                                       NORM("layer1.1.bn1", 4),
                                       {"layer1.1.conv2.weight", 4, {4, 4, 3, 3}},
                                       NORM("layer1.1.bn2", 4),
                                       {"layer2.0.conv1.weight", 4, {6, 4, 3, 3}},
                                       NORM("layer2.0.bn1", 6),
                                       {"layer2.0.conv2.weight", 4, {6, 6, 3, 3}},
                                       NORM("layer2.0.bn2", 6),
                                       {"layer2.0.downsample.0.weight", 4, {6, 4, 1, 1}},
                                       NORM("layer2.0.downsample.1", 6),
                                       {"fc.weight", 2, {5, 6}},
                                       {"fc.bias", 1, {5}}};
static const fixture resnet = {
    "resnet18",
    "input 8x8x3\nconv 4 3x3 pad 1 batchnorm relu as a\nconv 4 3x3 pad 1 batchnorm relu\n"
    "conv 4 3x3 pad 1 batchnorm\nadd a relu as b\nconv 4 3x3 pad 1 batchnorm relu\nconv 4 3x3 "
    "pad 1 batchnorm\nadd b relu as c\nconv 6 3x3 stride 2 pad 1 batchnorm relu\nconv 6 3x3 "
    "pad 1 batchnorm as d\nconv 6 1x1 stride 2 batchnorm from c\nadd d relu\nglobalavgpool\n"
    "dense classes softmax",
    resnet_tensors, sizeof resnet_tensors / sizeof *resnet_tensors};

static char path[64];

static size_t count_of(const given *t)
{
    size_t count = 1;
    for (unsigned i = 0; i < t->rank; i++) {
        count *= t->shape[i];
    }
    return count;
}

static float number(size_t tensor, size_t i) { return (float)(tensor * 1000 + i) / 1024; }

/* Writes the fixture's tensors but `without` (SIZE_MAX: none); the first gets `extra` as its first number if finite or
 * not 0. */
static void write_file(const fixture *f, size_t without, const given *more, size_t spoilt, float value)
{
    en_error err = {0};
    en_tensor tensor[MOST + 8];
    float *data[MOST + 8];
    size_t count = 0;
    for (size_t i = 0; i <= f->count; i++) {
        const given *t = i < f->count ? &f->tensor[i] : more;
        if (i == without || t == NULL) {
            continue;
        }
        data[count] = calloc(count_of(t), sizeof(float));
        for (size_t k = 0; k < count_of(t); k++) {
            data[count][k] = number(i, k);
        }
        if (i == spoilt) {
            data[count][0] = value;
        }
        tensor[count] = (en_tensor){.name = t->name, .rank = t->rank, .data = data[count]};
        memcpy(tensor[count++].shape, t->shape, t->rank * sizeof *t->shape);
    }
    assert_int_equal(en_tensors_write(path, tensor, count, NULL, 0, &err), EN_OK);
    for (size_t i = 0; i < count; i++) {
        free(data[i]);
    }
}

static en_status read_file(const fixture *f, bool head, en_network **net, en_foreign_result *result, en_error *err)
{
    en_spec *spec = calloc(1, sizeof *spec);
    assert_int_equal(en_spec_parse(f->text, "text", spec, err), EN_OK);
    *net = toy_network(f->text, 5, 1, EN_INFER, NULL);
    en_status st = en_foreign_read(*net, spec, f->preset, path, head, result, err);
    free(spec);
    return st;
}

/* The file's tensors in the order of the network's parameters are those of the fixture: texts and lists above go
 * together, but that torchvision's names of a block begin with its own convolutions. */
static void assert_read(const fixture *f, en_network *net)
{
    assert_int_equal(en_network_parameters(net), f->count);
    for (size_t i = 0; i < f->count; i++) {
        const en_parameter *p = en_network_parameter(net, i);
        const given *t = &f->tensor[i];
        size_t outs = t->shape[0], ins = t->rank > 1 ? t->shape[1] : 1, kernel = count_of(t) / outs / ins;
        assert_int_equal(p->count, count_of(t));
        for (size_t o = 0; o < outs; o++) {
            for (size_t in = 0; in < ins; in++) {
                for (size_t k = 0; k < kernel; k++) {
                    float want = number(i, (o * ins + in) * kernel + k), got = p->value[(k * ins + in) * outs + o];
                    if (want < got || want > got) {
                        fail_msg("%s: %s is %g, not %g", t->name, p->name, (double)got, (double)want);
                    }
                }
            }
        }
    }
}

static void every_tensor_of_every_family_arrives_where_it_belongs(void **state)
{
    (void)state;
    static const fixture *const all[] = {&lite, &mobile, &resnet};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        en_error err = {0};
        en_network *net;
        en_foreign_result result;
        write_file(all[i], SIZE_MAX, NULL, SIZE_MAX, 0);
        if (read_file(all[i], true, &net, &result, &err) != EN_OK) {
            fail_msg("%s", err.text);
        }
        assert_read(all[i], net);
        assert_int_equal(result.tensors, all[i]->count);
        assert_int_equal(result.left_out, 0);
        en_network_free(net);
    }
}

static void the_head_is_left_out_whatever_its_shape(void **state)
{
    (void)state;
    en_error err = {0};
    en_network *net;
    en_foreign_result result;
    fixture other = lite;
    given tensor[MOST];
    memcpy(tensor, lite.tensor, lite.count * sizeof *tensor);
    tensor[lite.count - 2].shape[0] = tensor[lite.count - 1].shape[0] = 11;
    other.tensor = tensor;
    write_file(&other, SIZE_MAX, &(given){"_bn0.num_batches_tracked", 1, {1}}, SIZE_MAX, 0);
    if (read_file(&lite, false, &net, &result, &err) != EN_OK) {
        fail_msg("%s", err.text);
    }
    assert_int_equal(result.tensors, lite.count - 2);
    assert_int_equal(result.left_out, 2);
    en_network_free(net);
    assert_int_equal(read_file(&lite, true, &net, &result, &err), EN_INPUT); /* with it, 11 classes are not 5 */
    en_network_free(net);
    en_spec *spec = calloc(1, sizeof *spec);
    size_t classes;
    assert_int_equal(en_spec_parse(lite.text, "text", spec, &err), EN_OK);
    assert_int_equal(en_foreign_classes(path, lite.preset, spec, &classes, &err), EN_OK);
    assert_int_equal(classes, 11);
    free(spec);
}

static void assert_refused(const fixture *f, const char *reason)
{
    en_error err = {0};
    en_network *net;
    en_foreign_result result;
    assert_int_equal(read_file(f, true, &net, &result, &err), EN_INPUT);
    if (strstr(err.text, reason) == NULL || strchr(err.text, '\n') != NULL) {
        fail_msg("'%s' does not say '%s' in one line", err.text, reason);
    }
    en_network_free(net);
}

static void what_is_missing_surplus_or_of_another_shape_is_named(void **state)
{
    (void)state;
    write_file(&lite, 6, NULL, SIZE_MAX, 0);
    assert_refused(&lite, "1 missing (_blocks.0._bn1.weight), 0 surplus");
    write_file(&lite, SIZE_MAX, &(given){"_blocks.2._bn1.weight", 1, {3}}, SIZE_MAX, 0);
    assert_refused(&lite, "0 missing, 1 surplus (_blocks.2._bn1.weight)");
    write_file(&lite, SIZE_MAX, &(given){"a\nb", 1, {3}}, SIZE_MAX, 0);
    assert_refused(&lite, "(unreadable name)");
    write_file(&mobile, SIZE_MAX, NULL, SIZE_MAX, 0);
    assert_refused(&lite, "37 missing (_conv_stem.weight, _bn0.weight, ");
    given tensor[MOST];
    fixture other = lite;
    memcpy(tensor, lite.tensor, lite.count * sizeof *tensor);
    tensor[0].shape[2] = 2; /* 2x3 for 3x2 */
    tensor[0].shape[3] = 3;
    other.tensor = tensor;
    write_file(&other, SIZE_MAX, NULL, SIZE_MAX, 0);
    assert_refused(&lite,
                   "'_conv_stem.weight' has the shape 4x3x2x3, which is not that of the network's 0.conv.weight");
}

static void numbers_that_cannot_be_weights_are_refused(void **state)
{
    (void)state;
    write_file(&lite, SIZE_MAX, NULL, 0, NAN);
    assert_refused(&lite, "'_conv_stem.weight' has a number that is not finite");
    write_file(&lite, SIZE_MAX, NULL, 4, -1);
    assert_refused(&lite, "'_bn0.running_var' has a negative variance");
}

/* Cut anywhere, and with any byte of the header changed, the file is refused or read, in one line and without a crash.
 */
static void damaged_files_are_refused(void **state)
{
    (void)state;
    write_file(&lite, SIZE_MAX, NULL, SIZE_MAX, 0);
    FILE *file = fopen(path, "rbe");
    static char bytes[1 << 16];
    size_t size = fread(bytes, 1, sizeof bytes, file);
    (void)fclose(file);
    assert_true(size > 1000 && size < sizeof bytes);
    for (size_t at = 0; at < size; at += at < 200 ? 1 : 97) {
        bool cut = at % 2 == 0;
        char before = bytes[at];
        bytes[at] = (char)(before ^ 0x11);
        file = fopen(path, "wbe");
        assert_int_equal(fwrite(bytes, 1, cut ? at : size, file), cut ? at : size);
        (void)fclose(file);
        bytes[at] = before;
        en_error err = {0};
        en_network *net;
        en_foreign_result result;
        en_status st = read_file(&lite, true, &net, &result, &err);
        assert_true(cut ? st == EN_INPUT : st == EN_INPUT || st == EN_OK);
        assert_true(st == EN_OK || strchr(err.text, '\n') == NULL);
        en_network_free(net);
    }
}

static void every_preset_with_known_names_has_a_name_for_every_tensor(void **state)
{
    (void)state;
    size_t known = 0;
    for (const en_preset *p = en_presets(); p->name != NULL; p++) {
        known += en_foreign_knows(p->name);
    }
    assert_int_equal(known, 5);
    assert_false(en_foreign_knows("eyenet"));
}

static int make_path(void **state)
{
    (void)state;
    (void)snprintf(path, sizeof path, "/tmp/eyenet-foreign-XXXXXX");
    return close(mkstemp(path));
}

static int remove_path(void **state)
{
    (void)state;
    return unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_tensor_of_every_family_arrives_where_it_belongs),
        cmocka_unit_test(the_head_is_left_out_whatever_its_shape),
        cmocka_unit_test(what_is_missing_surplus_or_of_another_shape_is_named),
        cmocka_unit_test(numbers_that_cannot_be_weights_are_refused),
        cmocka_unit_test(damaged_files_are_refused),
        cmocka_unit_test(every_preset_with_known_names_has_a_name_for_every_tensor),
    };
    return cmocka_run_group_tests(tests, make_path, remove_path);
}
