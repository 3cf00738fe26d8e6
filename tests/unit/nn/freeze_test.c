/* Lines that are not trained: the others learn as if only their own gradients were used, for less memory. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "toy.h"

/* A residual connection leads past the middle, and two layers read what is frozen or not. */
#define TEXT                                                                                                           \
    "input 12x11x3 scale 1/255 shift -0.5\nconv 12 3x3 stride 2 pad same batchnorm frozen relu as a\n"                 \
    "conv 24 1x1 batchnorm frozen relu6\nconv 24 3x3 depthwise pad same hswish\nsqueeze-excite 4\n"                    \
    "conv 12 1x1 batchnorm frozen\nadd a relu as b\nconv 12 1x1 from b\nadd b\nmaxpool 2\n"                            \
    "globalavgpool\ndense 7 tanh\ndense classes softmax"
#define LINES 12u

static en_network *make(const char *text, size_t frozen_lines, bool keep, size_t *work)
{
    en_error err = {0};
    en_spec spec;
    en_network *net = NULL;
    en_network_config config = {.spec = &spec,
                                .classes = TOY_CLASSES,
                                .batch = TOY_BATCH,
                                .frozen_lines = frozen_lines,
                                .gradients = keep,
                                .mode = EN_TRAIN};
    en_network_size size;
    if (en_spec_parse(text, "toy", &spec, &err) != EN_OK || en_kernel_select(NULL, &config.kernels, &err) != EN_OK ||
        en_network_plan(&config, &size, &err) != EN_OK || en_network_new(&config, &net, &err) != EN_OK) {
        fail_msg("%s", err.text);
    }
    *work = size.total_bytes;
    en_network_init(net, 99);
    return net;
}

static void assert_same_values(en_network *a, en_network *b)
{
    for (size_t i = 0; i < en_network_parameters(a); i++) {
        const en_parameter *p = en_network_parameter(a, i), *q = en_network_parameter(b, i);
        if (memcmp(p->value, q->value, p->count * sizeof *p->value) != 0) {
            fail_msg("%s differs", p->name);
        }
    }
}

static void check_against_flags(bool keep)
{
    size_t whole, part;
    for (size_t lines = 0; lines < LINES; lines++) {
        en_network *flagged = make(TEXT, 0, keep, &whole), *frozen = make(TEXT, lines, keep, &part);
        toy_data data = toy_noise(flagged);
        for (size_t i = 0; i < en_network_parameters(flagged); i++) {
            en_parameter *p = en_network_parameter(flagged, i);
            p->frozen = p->line < lines;
        }
        toy_train(flagged, &data, TOY_BATCH, 1, 3);
        toy_train(frozen, &data, TOY_BATCH, 1, 3);
        assert_same_values(flagged, frozen);
        assert_true(lines == 0 ? part == whole : part < whole);
        en_network_free(flagged);
        en_network_free(frozen);
        toy_free(&data);
    }
}

static void the_rest_learns_as_with_parameters_frozen_one_by_one(void **state)
{
    (void)state;
    check_against_flags(false);
    check_against_flags(true);
}

static void frozen_lines_do_not_move_and_their_norms_do_not_either(void **state)
{
    (void)state;
    static const char text[] = "input 12x11x3 scale 1/255\nconv 5 3x3 batchnorm relu\nconv 6 3x3 batchnorm relu\n"
                               "globalavgpool\ndense classes softmax";
    size_t bytes;
    en_network *net = make(text, 1, false, &bytes), *fresh = make(text, 1, false, &bytes);
    toy_data data = toy_noise(net);
    toy_train(net, &data, TOY_BATCH, 1, 2);
    for (size_t i = 0; i < en_network_parameters(net); i++) {
        const en_parameter *p = en_network_parameter(net, i), *q = en_network_parameter(fresh, i);
        bool same = memcmp(p->value, q->value, p->count * sizeof *p->value) == 0;
        if (same != (p->line < 1)) {
            fail_msg("%s is %s", p->name, same ? "the same" : "another");
        }
        assert_true(p->line >= 1 || (p->frozen && p->slot[0] == NULL));
    }
    en_network_free(net);
    en_network_free(fresh);
    toy_free(&data);
}

static void a_network_with_every_line_frozen_is_refused(void **state)
{
    (void)state;
    en_error err = {0};
    en_spec spec;
    en_network_size size;
    assert_int_equal(en_spec_parse(TEXT, "toy", &spec, &err), EN_OK);
    en_network_config config = {
        .spec = &spec, .classes = TOY_CLASSES, .batch = 2, .frozen_lines = LINES, .mode = EN_TRAIN};
    assert_int_equal(en_kernel_select(NULL, &config.kernels, &err), EN_OK);
    assert_int_equal(en_network_plan(&config, &size, &err), EN_INPUT);
    assert_string_equal(err.text, "every layer with weights is frozen: there is nothing to train");
}

static void a_line_is_named_by_number_tensor_or_head(void **state)
{
    (void)state;
    en_error err = {0};
    en_spec spec;
    size_t line;
    assert_int_equal(en_spec_parse(TEXT, "toy", &spec, &err), EN_OK);
    assert_int_equal(en_spec_line(&spec, "3", &line, &err), EN_OK);
    assert_int_equal(line, 3);
    assert_int_equal(en_spec_line(&spec, "b", &line, &err), EN_OK);
    assert_int_equal(line, 5);
    assert_int_equal(en_spec_line(&spec, "head", &line, &err), EN_OK);
    assert_int_equal(line, LINES - 1);
    assert_int_equal(en_spec_line(&spec, "12", &line, &err), EN_INPUT);
    assert_int_equal(en_spec_line(&spec, "c", &line, &err), EN_INPUT);
}

/* A residual connection is read above its end alone, or not at all; nothing random lies below. */
static void features_are_where_one_line_is_all_that_is_read(void **state)
{
    (void)state;
    static const size_t text[] = {0, 1, 1, 1, 1, 1, 6, 6, 8, 9, 10, 11};
    static const char dropped[] = "input 12x11x3 scale 1/255\nconv 5 3x3 relu\nglobalavgpool\ndropout 0.5\n"
                                  "dense 4 tanh\ndense classes softmax";
    static const size_t with_dropout[] = {0, 1, 2, 2, 2};
    size_t bytes;
    en_network *net = make(TEXT, 0, false, &bytes);
    for (size_t i = 0; i < sizeof text / sizeof *text; i++) {
        assert_int_equal(en_network_feature_line(net, i), text[i]);
    }
    assert_int_equal(en_network_feature_size(net, 6), 6 * 6 * 12);
    en_network_free(net);
    net = make(dropped, 0, false, &bytes);
    for (size_t i = 0; i < sizeof with_dropout / sizeof *with_dropout; i++) {
        assert_int_equal(en_network_feature_line(net, i), with_dropout[i]);
    }
    assert_int_equal(en_network_feature_size(net, 2), 5);
    en_network_free(net);
}

static double furthest(const float *a, const float *b, size_t n)
{
    double most = 0;
    for (size_t i = 0; i < n; i++) {
        most = fmax(most, fabs((double)a[i] - (double)b[i]));
    }
    return most;
}

/* Two steps of micro-batches, with dropout above: the weights are those learned from pixels. */
static void training_from_features_is_training_from_pixels(void **state)
{
    (void)state;
    static const char end[] = "globalavgpool\ndropout 0.3\ndense 7 tanh\ndense classes softmax";
    char text[sizeof TEXT + sizeof end];
    snprintf(text, sizeof text, "%.*s%s", (int)(strstr(TEXT, "globalavgpool") - TEXT), TEXT, end);
    size_t bytes;
    en_error err = {0};
    en_network *from_pixels = make(text, 9, true, &bytes), *from_features = make(text, 9, true, &bytes);
    toy_data data = toy_noise(from_pixels);
    const size_t line = en_network_feature_line(from_features, 9), size = en_network_feature_size(from_features, line);
    float *features = calloc(TOY_BATCH * size, sizeof *features), p[2][TOY_BATCH * TOY_CLASSES];
    assert_int_equal(line, 9);
    assert_int_equal(en_network_features(from_features, line, data.pixels, TOY_BATCH, features, &err), EN_OK);
    for (uint64_t i = 1; i <= 2; i++) {
        const en_step step = {.seed = 3, .epoch = 1, .step = i, .lr = 0.01F};
        en_step_result r[2];
        en_batch b = {.pixels = data.pixels, .truth = data.truth, .keys = data.ids, .n = TOY_BATCH};
        assert_int_equal(en_network_train_step(from_pixels, &b, &step, &r[0], &err), EN_OK);
        b.pixels = NULL;
        b.features = features;
        b.feature_line = line;
        assert_int_equal(en_network_train_step(from_features, &b, &step, &r[1], &err), EN_OK);
        assert_true(fabs(r[0].loss_sum - r[1].loss_sum) < 1e-5);
    }
    for (size_t i = 0; i < en_network_parameters(from_pixels); i++) {
        const en_parameter *a = en_network_parameter(from_pixels, i), *b = en_network_parameter(from_features, i);
        if (furthest(a->value, b->value, a->count) > 1e-4) {
            fail_msg("%s differs by %g", a->name, furthest(a->value, b->value, a->count));
        }
    }
    assert_int_equal(en_network_predict(from_features, data.pixels, TOY_BATCH, p[0], &err), EN_OK);
    assert_int_equal(en_network_predict_features(from_features, line, features, TOY_BATCH, p[1], &err), EN_OK);
    assert_memory_equal(p[0], p[1], sizeof p[0]);
    en_batch above = {.features = features, .feature_line = 10, .truth = data.truth, .keys = data.ids, .n = 1};
    en_step_result none;
    assert_int_equal(en_network_train_step(from_features, &above, &(en_step){.step = 3}, &none, &err), EN_BUG);
    free(features);
    en_network_free(from_pixels);
    en_network_free(from_features);
    toy_free(&data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_rest_learns_as_with_parameters_frozen_one_by_one),
        cmocka_unit_test(frozen_lines_do_not_move_and_their_norms_do_not_either),
        cmocka_unit_test(a_network_with_every_line_frozen_is_refused),
        cmocka_unit_test(a_line_is_named_by_number_tensor_or_head),
        cmocka_unit_test(features_are_where_one_line_is_all_that_is_read),
        cmocka_unit_test(training_from_features_is_training_from_pixels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
