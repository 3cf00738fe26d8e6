/* Every layer, forward and backward, against the double-precision reference: outputs directly, gradients by central
 * differences. A network keeps no gradients; after a first step at learning rate 0 Adam's first moment is (1-beta1)
 * times the gradient, and the parameters are as they were. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"
#include "nn/kind.h"
#include "reference.h"

#define CLASSES 3u
#define BATCH_MAX 20u
#define TENSORS_MAX 40u
#define STEP 1e-6      /* of the differences: small, so that hardly any relu turns within it */
#define TOLERANCE 1e-4 /* of the gradient, to the largest of its tensor: the roundings of a thousand floats */
#define PROBES 40u     /* numbers of each tensor that are probed */

typedef struct problem {
    en_spec spec;
    const char *convolution; /* the algorithm that is tried */
    en_batch batch;
    en_step step;
    uint8_t *pixels;
    int32_t truth[BATCH_MAX];
    uint64_t ids[BATCH_MAX];
    size_t tensors, count[TENSORS_MAX];
    double *parameter[TENSORS_MAX];
    double gradient[TENSORS_MAX][PROBES], loss; /* the reference's; for all kernels the same */
} problem;

static void make_problem(problem *p, const char *text, size_t n)
{
    en_error err = {0};
    *p = (problem){.step = {.seed = 11, .epoch = 3, .step = 1, .lr = 0}};
    if (en_spec_parse(text, "test", &p->spec, &err) != EN_OK) {
        fail_msg("%s", err.text);
    }
    size_t size = p->spec.input.h * p->spec.input.w * p->spec.input.c;
    p->pixels = calloc(n, size);
    en_random random = en_random_init(5, 0, 0, EN_FOR_TEST);
    for (size_t i = 0; i < n * size; i++) {
        p->pixels[i] = (uint8_t)en_random_u32(&random);
    }
    for (size_t i = 0; i < n; i++) {
        p->truth[i] = (int32_t)en_random_below(&random, CLASSES);
        p->ids[i] = i * 1000 + 7;
    }
    p->batch = (en_batch){.pixels = p->pixels, .truth = p->truth, .keys = p->ids, .n = n};
}

/* Moves biases, norms and their statistics off 0 and 1, so that they matter. */
static void shake_vectors(en_network *net)
{
    en_random random = en_random_init(6, 0, 0, EN_FOR_TEST);
    for (size_t i = 0; i < en_network_parameters(net); i++) {
        en_parameter *q = en_network_parameter(net, i);
        for (size_t j = 0; q->rank == 1 && j < q->count; j++) {
            q->value[j] += (float)en_random_between(&random, -0.3, 0.3);
        }
    }
}

static en_network *make_network(const problem *p, const en_kernels *k, size_t batch, size_t micro)
{
    en_error err = {0};
    en_network *net;
    en_network_config config = {.spec = &p->spec,
                                .classes = CLASSES,
                                .batch = batch,
                                .micro_batch = micro,
                                .mode = EN_TRAIN,
                                .kernels = k,
                                .convolution = p->convolution};
    if (en_network_new(&config, &net, &err) != EN_OK) {
        fail_msg("%s", err.text);
    }
    en_network_init(net, 4);
    shake_vectors(net);
    return net;
}

static void free_problem(problem *p)
{
    for (size_t i = 0; i < p->tensors; i++) {
        free(p->parameter[i]);
    }
    free(p->pixels);
}

static double loss_of(const problem *p)
{
    return reference_loss(&p->spec, CLASSES, p->parameter, &p->batch, &p->step, true, NULL);
}

static double difference(const problem *p, size_t tensor, size_t at)
{
    double *place = &p->parameter[tensor][at], kept = *place;
    *place = kept + STEP;
    double above = loss_of(p);
    *place = kept - STEP;
    double below = loss_of(p);
    *place = kept;
    return (above - below) / (2 * STEP);
}

static size_t probes(const problem *p, size_t tensor) { return p->count[tensor] < PROBES ? p->count[tensor] : PROBES; }

/* Which number the i-th probe looks at: the first, the last and some between. */
static size_t probed(const problem *p, size_t tensor, size_t i)
{
    return probes(p, tensor) > 1 ? i * (p->count[tensor] - 1) / (probes(p, tensor) - 1) : 0;
}

static void solve(problem *p, const en_kernels *k)
{
    en_network *net = make_network(p, k, 1, 0);
    p->tensors = en_network_parameters(net);
    assert_in_range(p->tensors, 2, TENSORS_MAX);
    for (size_t i = 0; i < p->tensors; i++) {
        const en_parameter *q = en_network_parameter(net, i);
        p->count[i] = q->count;
        p->parameter[i] = calloc(q->count, sizeof(double));
        for (size_t j = 0; j < q->count; j++) {
            p->parameter[i][j] = (double)q->value[j];
        }
    }
    en_network_free(net);
    p->loss = loss_of(p);
    for (size_t i = 0; i < p->tensors; i++) {
        for (size_t j = 0; j < probes(p, i); j++) {
            p->gradient[i][j] = difference(p, i, probed(p, i, j));
        }
    }
}

static void check_tensor(const problem *p, en_network *net, size_t tensor)
{
    const en_parameter *q = en_network_parameter(net, tensor);
    if (q->statistic) {
        return; /* not trained */
    }
    double largest = 1e-3; /* a tensor without any gradient to speak of is compared with this */
    for (size_t j = 0; j < q->count; j++) {
        largest = fmax(largest, fabs((double)q->slot[0][j]) / 0.1);
    }
    for (size_t i = 0; i < probes(p, tensor); i++) {
        size_t j = probed(p, tensor, i);
        double want = p->gradient[tensor][i], got = (double)(q->slot[0][j] / (1 - 0.9f));
        if (!(fabs(got - want) <= TOLERANCE * largest)) {
            fail_msg("gradient of %s[%zu] is %.9g, not %.9g (largest %.3g)", q->name, j, got, want, largest);
        }
    }
}

/* A network made for prediction, its norms folded into the convolutions, from the same parameters. */
static void check_folded(const problem *p, en_network *trained, const double *want)
{
    en_error err = {0};
    en_network *net;
    float got[BATCH_MAX * CLASSES];
    const en_network_config config = {
        .spec = &p->spec, .classes = CLASSES, .batch = 2, .mode = EN_INFER, .kernels = en_network_kernels(trained)};
    assert_int_equal(en_network_new(&config, &net, &err), EN_OK);
    for (size_t i = 0; i < en_network_parameters(net); i++) {
        const en_parameter *from = en_network_parameter(trained, i), *to = en_network_parameter(net, i);
        memcpy(to->value, from->value, to->count * sizeof *to->value);
    }
    assert_int_equal(en_network_predict(net, p->pixels, p->batch.n, got, &err), EN_OK);
    for (size_t i = 0; i < p->batch.n * CLASSES; i++) {
        assert_true(fabs((double)got[i] - want[i]) < 1e-5);
    }
    en_network_free(net);
}

/* Prediction after the step, by the statistics that the step left. */
static void check_prediction(const problem *p, en_network *net)
{
    en_error err = {0};
    float got[BATCH_MAX * CLASSES];
    double want[BATCH_MAX * CLASSES];
    for (size_t i = 0; i < p->tensors; i++) {
        const en_parameter *q = en_network_parameter(net, i);
        for (size_t j = 0; q->statistic && j < q->count; j++) {
            p->parameter[i][j] = (double)q->value[j];
        }
    }
    (void)reference_loss(&p->spec, CLASSES, p->parameter, &p->batch, &p->step, false, want);
    if (en_network_predict(net, p->pixels, p->batch.n, got, &err) != EN_OK) {
        fail_msg("%s", err.text);
    }
    for (size_t i = 0; i < p->batch.n * CLASSES; i++) {
        assert_true(fabs((double)got[i] - want[i]) < 1e-5);
    }
    check_folded(p, net, want);
}

static void check_with(const problem *p, const en_kernels *k, size_t micro)
{
    en_error err = {0};
    en_network *net = make_network(p, k, BATCH_MAX, micro);
    en_step_result result;
    if (en_network_train_step(net, &p->batch, &p->step, &result, &err) != EN_OK) {
        fail_msg("%s", err.text);
    }
    assert_true(fabs(result.loss_sum / result.weight_sum - p->loss) < 1e-5);
    for (size_t i = 0; i < en_network_parameters(net); i++) {
        check_tensor(p, net, i);
    }
    check_prediction(p, net);
    en_network_free(net);
}
static const en_kernels *plain_kernels(void)
{
    en_error err = {0};
    const en_kernels *k = NULL;
    assert_int_equal(en_kernel_select("ref", &k, &err), EN_OK);
    return k;
}

/* A norm by the batch's statistics sees the micro-batch. */
static bool splits(const en_spec *spec)
{
    for (size_t i = 0; i < spec->count; i++) {
        if (spec->layer[i].norm == EN_NORM_BATCH) {
            return false;
        }
    }
    return true;
}

static bool has_conv(const en_spec *spec)
{
    for (size_t i = 0; i < spec->count; i++) {
        if (spec->layer[i].kind == &en_layer_conv) {
            return true;
        }
    }
    return false;
}

static void check_loss(const char *text, size_t n, const float *class_weights, const en_loss *loss)
{
    problem p;
    make_problem(&p, text, n);
    p.step.class_weights = class_weights;
    p.step.loss = loss;
    solve(&p, plain_kernels());
    for (const char *const *name = en_kernel_names(); *name != NULL; name++) {
        const en_kernels *k;
        en_error err = {0};
        for (const en_conv_algorithm *const *a = en_conv_algorithms(); *a != NULL; a++) {
            if (en_kernel_select(*name, &k, &err) != EN_OK || (a != en_conv_algorithms() && !has_conv(&p.spec))) {
                continue; /* without a convolution one is enough */
            }
            p.convolution = (*a)->name;
            check_with(&p, k, 0);
            if (splits(&p.spec)) {
                check_with(&p, k, 2);
            }
        }
    }
    free_problem(&p);
}

static void check(const char *text, size_t n, const float *class_weights) { check_loss(text, n, class_weights, NULL); }

static void conv_and_its_gradients_are_right(void **state)
{
    (void)state;
    check("input 9x8x3\nconv 5 3x2 relu\nconv 4 2x3\ndense 3 softmax", 3, NULL);
}

static void an_input_normalised_by_channel_is_right(void **state)
{
    (void)state;
    check("input 9x8x3 scale 1/255 shift 0.25 mean 0.5 -0.25 1.5 std 0.75 2 1.25\nconv 5 3x2 relu\ndense 3 softmax", 3,
          NULL);
    check("input 7x5x2 std 1.5 0.75\nconv 5 3x2 relu\ndense 3 softmax", 2, NULL);
}

static void conv_with_strides_and_paddings_is_right(void **state)
{
    (void)state;
    check("input 11x9x3 scale 1/255 shift -0.5\nconv 5 4x3 stride 2 pad 1 relu\nconv 9 3x3 pad 2\n"
          "conv 4 5x4 stride 3 pad same sigmoid\ndense 3 softmax",
          2, NULL);
}

static void conv_pad_same_is_right_for_even_and_odd_kernels(void **state)
{
    (void)state;
    check("input 7x6x2\nconv 3 2x2 pad same relu\nconv 8 3x5 pad same stride 2 relu\nconv 3 8x8 pad same\n"
          "dense 3 softmax",
          2, NULL);
}

static void conv_of_more_than_one_strip_is_right(void **state)
{
    (void)state;
    check("input 30x27x3\nconv 33 5x5 relu\nconv 2 3x3 relu\nglobalavgpool\ndense 3 softmax", 1, NULL);
}

static void gradients_of_more_images_than_groups_are_summed(void **state)
{
    (void)state;
    check("input 6x6x1\nconv 3 3x3 relu\ndense 3 softmax", BATCH_MAX, NULL);
}

static void maxpool_is_right_with_and_without_overlap(void **state)
{
    (void)state;
    check("input 13x12x3\nconv 9 3x3 relu\nmaxpool 2\nconv 4 2x2\nmaxpool 3 stride 1\nmaxpool 2 stride 3\n"
          "dense 3 softmax",
          3, NULL);
}

static void global_pooling_is_right(void **state)
{
    (void)state;
    check("input 8x7x3\nconv 9 3x3 relu\nglobalmaxpool\ndense 4 sigmoid\ndense classes softmax", 3, NULL);
    check("input 8x7x3\nconv 3 3x3\nglobalavgpool\nsoftmax", 3, NULL);
}

static void activations_are_right_wherever_they_stand(void **state)
{
    (void)state;
    check("input 8x7x3\nconv 5 3x3\nrelu\nsigmoid\nmaxpool 2\nrelu\ndense 7 relu\nsigmoid\nrelu\ndense 3\nsoftmax", 3,
          NULL);
}

static void dropout_is_right_after_layers_that_need_their_output_and_others(void **state)
{
    (void)state;
    check("input 8x7x3\ndropout 0.1\nconv 5 3x3 relu\ndropout 0.3\nmaxpool 2\ndropout 0.25\ndense 7 sigmoid\n"
          "dropout 0.5\ndense 3 softmax",
          3, NULL);
}

static void a_dense_layer_of_many_chunks_is_right(void **state)
{
    (void)state;
    check("input 90x90x3\nmaxpool 2\ndense 130 sigmoid\ndense 3 softmax", 2, NULL);
}

/* Three steps computed by hand from the formula at the end of section 2 of Kingma and Ba's paper, in double precision.
 */
static void adam_takes_the_steps_of_the_paper(void **state)
{
    (void)state;
    static const float gradient[] = {0.1f, -0.2f, 0.3f};
    static const double wanted[][3] = {{0.49900003162177664, 0.010000000000000002, 1e-05},
                                       {0.49936612997088214, -0.011000000000000001, 4.999e-05},
                                       {0.499022891792104, 0.0201, 0.00013994000999999998}};
    for (const char *const *name = en_kernel_names(); *name != NULL; name++) {
        const en_kernels *k;
        if (en_kernel_select(*name, &k, NULL) != EN_OK) {
            continue;
        }
        float g[9], w[9], m[9] = {0}, v[9] = {0}; /* a vector and a rest */
        for (size_t i = 0; i < 9; i++) {
            w[i] = 0.5f;
        }
        for (size_t t = 0; t < 3; t++) {
            const en_optimiser adam = en_optimiser_of(EN_OPTIMISER_ADAM);
            for (size_t i = 0; i < 9; i++) {
                g[i] = gradient[t];
            }
            en_optimiser_apply(&adam, k, t + 1, 0.001, true, 9, g, w, (float *const[]){m, v});
            for (size_t i = 0; i < 9; i += 8) {
                assert_true(fabs((double)w[i] - wanted[t][0]) < 1e-7);
                assert_true(fabs((double)m[i] - wanted[t][1]) < 1e-8);
                assert_true(fabs((double)v[i] - wanted[t][2]) < 1e-9);
            }
        }
    }
}

static void class_weights_weigh_the_mean(void **state)
{
    (void)state;
    static const float weights[CLASSES] = {0.5f, 3, 1.25f};
    check("input 6x6x1\nconv 3 3x3 relu\ndense 3 softmax", 7, weights);
}

static void grouped_and_dilated_convolutions_are_right(void **state)
{
    (void)state;
    check("input 11x10x4\nconv 6 3x3 groups 2 dilation 2 relu\nconv 6 3x2 depthwise pad 1\nconv 12 1x1 groups 3\n"
          "globalavgpool\ndense 3 softmax",
          3, NULL);
    check("input 9x8x3\nconv 9 3x3 pad same stride 2 relu\nconv 9 5x5 depthwise pad same\nglobalavgpool\n"
          "dense 3 softmax",
          3, NULL);
}

static void norms_are_right_by_the_batch_and_frozen(void **state)
{
    (void)state;
    check("input 8x7x3\nconv 9 3x3 batchnorm relu\nconv 5 3x3 batchnorm\nbatchnorm epsilon 0.1 relu6\nglobalavgpool\n"
          "dense 3 softmax",
          4, NULL);
    check("input 8x7x3\nconv 9 3x3 batchnorm frozen relu6\nconv 5 3x3 batchnorm frozen epsilon 0.01 hswish\n"
          "maxpool 2 batchnorm frozen\ndense 7 batchnorm frozen relu\ndense 3 softmax",
          4, NULL);
}

static void residual_connections_are_right(void **state)
{
    (void)state;
    check("input 8x7x3\nconv 6 3x3 relu as a\nconv 6 3x3 pad same relu\nconv 6 3x3 pad same\nadd a relu\n"
          "globalavgpool\ndense 3 softmax",
          3, NULL);
    check("input 8x7x3\nconv 5 3x3 as a\nconv 8 3x3 pad same stride 2 relu from a as b\nconv 8 1x1 stride 2 from a\n"
          "add b batchnorm frozen as c\nadd c\nrelu\ndropout 0.3\nadd c\nglobalavgpool\ndense 3 softmax",
          3, NULL);
    check("input 8x7x3\nconv 3 1x1 relu as a\nadd input\nadd a\nrelu6 as b\nconv 3 3x3 pad same from a\nadd b\nadd a\n"
          "globalmaxpool\ndense 3 softmax",
          2, NULL);
}

static void every_activation_is_right(void **state)
{
    (void)state;
    check("input 6x7x3\nconv 5 3x3 leaky\ntanh\nconv 4 2x2 gelu\nconv 5 2x2 hswish\nrelu6\ngelu\nleaky\nhswish\n"
          "dense 4 tanh\ndense 3 softmax",
          3, NULL);
}

static void squeeze_and_excitation_is_right(void **state)
{
    (void)state;
    check(
        "input 8x7x3\nconv 9 3x3 relu\nsqueeze-excite 4\nconv 5 2x2\nsqueeze-excite 2\nglobalavgpool\ndense 3 softmax",
        3, NULL);
}

static void pooling_with_padding_is_right(void **state)
{
    (void)state;
    check("input 9x8x3\nconv 5 2x2\nmaxpool 3 stride 2 pad 1\navgpool 2 stride 1 pad same\navgpool 3 stride 2 pad 1\n"
          "dense 3 softmax",
          3, NULL);
}

static void every_loss_is_right_for_both_outputs(void **state)
{
    (void)state;
    static const float weights[CLASSES] = {0.5f, 3, 1.25f};
    static const en_loss losses[] = {{.kind = EN_LOSS_CROSS_ENTROPY, .smoothing = 0.1},
                                     {.kind = EN_LOSS_FOCAL, .gamma = 2},
                                     {.kind = EN_LOSS_FOCAL, .gamma = 0.5},
                                     {.kind = EN_LOSS_SQUARED}};
    for (size_t i = 0; i < sizeof losses / sizeof *losses; i++) {
        check_loss("input 6x6x1\nconv 4 3x3 relu\ndense classes softmax", 7, weights, &losses[i]);
        check_loss("input 6x6x1\nconv 4 3x3 relu\ndense classes ordinal", 7, weights, &losses[i]);
    }
    check("input 6x6x1\nconv 4 3x3 relu\ndense 2 ordinal", 5, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conv_and_its_gradients_are_right),
        cmocka_unit_test(an_input_normalised_by_channel_is_right),
        cmocka_unit_test(conv_with_strides_and_paddings_is_right),
        cmocka_unit_test(conv_pad_same_is_right_for_even_and_odd_kernels),
        cmocka_unit_test(conv_of_more_than_one_strip_is_right),
        cmocka_unit_test(gradients_of_more_images_than_groups_are_summed),
        cmocka_unit_test(maxpool_is_right_with_and_without_overlap),
        cmocka_unit_test(global_pooling_is_right),
        cmocka_unit_test(activations_are_right_wherever_they_stand),
        cmocka_unit_test(dropout_is_right_after_layers_that_need_their_output_and_others),
        cmocka_unit_test(a_dense_layer_of_many_chunks_is_right),
        cmocka_unit_test(adam_takes_the_steps_of_the_paper),
        cmocka_unit_test(class_weights_weigh_the_mean),
        cmocka_unit_test(grouped_and_dilated_convolutions_are_right),
        cmocka_unit_test(norms_are_right_by_the_batch_and_frozen),
        cmocka_unit_test(residual_connections_are_right),
        cmocka_unit_test(every_activation_is_right),
        cmocka_unit_test(squeeze_and_excitation_is_right),
        cmocka_unit_test(pooling_with_padding_is_right),
        cmocka_unit_test(every_loss_is_right_for_both_outputs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
