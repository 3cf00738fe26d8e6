/* Lines that are not trained: the others learn as if only their own gradients were used, for less memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_rest_learns_as_with_parameters_frozen_one_by_one),
        cmocka_unit_test(frozen_lines_do_not_move_and_their_norms_do_not_either),
        cmocka_unit_test(a_network_with_every_line_frozen_is_refused),
        cmocka_unit_test(a_line_is_named_by_number_tensor_or_head),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
