/* Heat maps: against a map computed by hand, against finite differences, and on drawn eyes with one lesion. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"
#include "nn/explain.h"
#include "toy.h"

#define ok(status) assert_int_equal(status, EN_OK)

static void set(en_network *net, const char *name, const float *values, size_t count)
{
    for (size_t i = 0; i < en_network_parameters(net); i++) {
        en_parameter *p = en_network_parameter(net, i);
        if (strcmp(p->name, name) == 0) {
            assert_int_equal(p->count, count);
            memcpy(p->value, values, count * sizeof *values);
            return;
        }
    }
    fail_msg("no parameter %s", name);
}

/* Two channels, x and 10-x, pooled: alpha is the difference of the dense layer's weights over 4 pixels, 3/4 and -1/4.
 */
static void a_map_made_by_hand_is_found(void **state)
{
    (void)state;
    en_network *net =
        toy_network("input 2x2x1 scale 1\nconv 2 1x1 relu\nglobalavgpool\ndense 2 softmax", 2, 1, EN_EXPLAIN, NULL);
    set(net, "0.conv.weight", (float[]){1, -1}, 2);
    set(net, "0.conv.bias", (float[]){0, 10}, 2);
    set(net, "2.dense.weight", (float[]){1, -2, 3, 4}, 4);
    set(net, "2.dense.bias", (float[]){0.5f, 0}, 2);
    const uint8_t pixels[4] = {0, 4, 20, 8}; /* 10-x is cut to 0 at 20 */
    float map[4];
    double score;
    en_error err;
    const en_feature_map m = en_network_map(net);
    assert_int_equal(m.h * 100 + m.w * 10 + m.channels, 222);
    ok(en_network_explain(net, pixels, 0, map, &score, &err));
    const float first[4] = {0, (12 - 6) / 4.f, 60 / 4.f, (24 - 2) / 4.f}; /* -10 is cut */
    for (int i = 0; i < 4; i++) {
        assert_float_equal(map[i], first[i], 1e-6);
    }
    assert_float_equal((float)score, 8 * 3 - 4.5f + 0.5f, 1e-5); /* the channels' means are 8 and 4.5 */
    ok(en_network_explain(net, pixels, 1, map, NULL, &err));
    const float second[4] = {10 / 4.f, 0, 0, 0};
    for (int i = 0; i < 4; i++) {
        assert_float_equal(map[i], second[i], 1e-6);
    }
    assert_int_equal(en_network_explain(net, pixels, 2, map, NULL, &err), EN_BUG);
    en_network_free(net);
}

#define LINES 5u /* of the text below that make the map */
#define BRANCHED                                                                                                       \
    "input 20x18x3 scale 1/255 shift -0.5\nconv 8 3x3 stride 2 pad same batchnorm relu as a\n"                         \
    "conv 8 3x3 depthwise pad same hswish\nsqueeze-excite 4\nconv 8 1x1 batchnorm\nadd a relu\n"                       \
    "avgpool 2\nmaxpool 2 stride 1 pad same\ndropout 0.3\ndense 7 batchnorm gelu\ndropout 0.2\n"                       \
    "dense classes ordinal"

/* The score from a map, by the prediction's own path: of two ordinal classes p = 1/(1 + exp(-y)). */
static double score_of(en_network *net, const float *map)
{
    float p[2];
    en_error err;
    ok(en_network_predict_features(net, LINES, map, 1, p, &err));
    return log((double)p[1] / (double)p[0]);
}

static void the_weights_of_channels_are_the_slopes_of_the_score(void **state)
{
    (void)state;
    enum { C = 8, PIXELS = 10 * 9 };
    en_network *explainer = toy_network(BRANCHED, 2, 1, EN_EXPLAIN, NULL);
    en_network *plain = toy_network(BRANCHED, 2, 1, EN_INFER, NULL);
    assert_int_equal(en_network_feature_line(plain, LINES), LINES);
    assert_int_equal(en_network_feature_size(plain, LINES), C * PIXELS);
    toy_data data = toy_noise(plain);
    float a[C * PIXELS], moved[C * PIXELS], map[PIXELS];
    double alpha[C], score, most = 0;
    en_error err;
    ok(en_network_features(plain, LINES, data.pixels, 1, a, &err));
    for (size_t k = 0; k < C; k++) { /* all pixels of a channel together: the sum of the slopes */
        const double step = 4e-3;
        double y[2];
        for (int way = 0; way < 2; way++) {
            memcpy(moved, a, sizeof moved);
            for (size_t i = 0; i < PIXELS; i++) {
                moved[i * C + k] += (float)(way == 0 ? -step : step);
            }
            y[way] = score_of(plain, moved);
        }
        alpha[k] = (y[1] - y[0]) / (2 * step) / PIXELS;
    }
    ok(en_network_explain(explainer, data.pixels, 1, map, &score, &err));
    assert_true(fabs(score - score_of(plain, a)) < 1e-4);
    double reference[PIXELS];
    for (size_t i = 0; i < PIXELS; i++) {
        double sum = 0;
        for (size_t k = 0; k < C; k++) {
            sum += alpha[k] * (double)a[i * C + k];
        }
        reference[i] = sum > 0 ? sum : 0;
        most = fmax(most, reference[i]);
    }
    assert_true(most > 0);
    for (size_t i = 0; i < PIXELS; i++) {
        if (fabs(reference[i] - (double)map[i]) > 0.02 * most) {
            fail_msg("pixel %zu: %g, by differences %g, the most %g", i, (double)map[i], reference[i], most);
        }
    }
    toy_free(&data);
    en_network_free(explainer);
    en_network_free(plain);
}

static void the_lowest_class_of_a_scale_is_explained_as_the_next(void **state)
{
    (void)state;
    en_network *net = toy_network(BRANCHED, 3, 1, EN_EXPLAIN, NULL);
    toy_data data = toy_noise(net);
    float map[3][90];
    en_error err;
    for (size_t c = 0; c < 3; c++) {
        ok(en_network_explain(net, data.pixels, c, map[c], NULL, &err));
    }
    assert_memory_equal(map[0], map[1], sizeof map[0]);
    assert_memory_not_equal(map[0], map[2], sizeof map[0]);
    toy_free(&data);
    en_network_free(net);
}

static void prediction_and_threads_change_no_bit(void **state)
{
    (void)state;
    static const char *const text[] = {TOY_TEXT, BRANCHED};
    for (int t = 0; t < 2; t++) {
        en_pool *pool;
        en_error err;
        ok(en_pool_new(3, &pool, &err));
        en_network *plain = toy_network(text[t], TOY_CLASSES, 1, EN_INFER, NULL);
        en_network *one = toy_network(text[t], TOY_CLASSES, 1, EN_EXPLAIN, NULL);
        en_network *three = toy_network(text[t], TOY_CLASSES, 1, EN_EXPLAIN, pool);
        toy_data data = toy_noise(plain);
        const en_feature_map m = en_network_map(one);
        float p[3][TOY_CLASSES], *a = calloc(m.h * m.w, sizeof *a), *b = calloc(m.h * m.w, sizeof *b);
        ok(en_network_explain(one, data.pixels, 2, a, NULL, &err));
        ok(en_network_explain(three, data.pixels, 2, b, NULL, &err));
        assert_memory_equal(a, b, m.h * m.w * sizeof *a);
        ok(en_network_predict(plain, data.pixels, 1, p[0], &err));
        ok(en_network_predict(one, data.pixels, 1, p[1], &err));
        ok(en_network_predict(three, data.pixels, 1, p[2], &err));
        assert_memory_equal(p[0], p[1], sizeof p[0]);
        assert_memory_equal(p[0], p[2], sizeof p[0]);
        free(a);
        free(b);
        toy_free(&data);
        en_network_free(plain);
        en_network_free(one);
        en_network_free(three);
        en_pool_free(pool);
    }
}

static void a_map_knows_its_place_in_the_sample(void **state)
{
    (void)state;
    en_network *net = toy_network("input 20x18x3 scale 1/255\nconv 4 5x5 stride 2 relu\nmaxpool 2\nconv 4 3x3 pad same "
                                  "relu\nmaxpool 2\ndense 2 softmax",
                                  2, 1, EN_EXPLAIN, NULL);
    const en_feature_map m = en_network_map(net);
    assert_int_equal(m.h, 4);
    assert_int_equal(m.w, 3);
    assert_float_equal((float)m.start_y, 3, 0); /* 2 by the 5x5 kernel, 1 by half a pooling of stride 2 */
    assert_float_equal((float)m.start_x, 3, 0);
    assert_float_equal((float)m.step_y, 4, 0);
    en_network_free(net);
}

static void without_pixels_there_is_no_map(void **state)
{
    (void)state;
    en_error err;
    en_spec spec;
    en_network *net;
    ok(en_spec_parse("input 4x4x1\nmaxpool 2\ndense 2 softmax", "flat", &spec, &err));
    en_network_config config = {.spec = &spec, .classes = 2, .batch = 1, .mode = EN_EXPLAIN};
    ok(en_kernel_select(NULL, &config.kernels, &err));
    assert_int_equal(en_network_new(&config, &net, &err), EN_INPUT);
    assert_non_null(strstr(err.text, "no layer of more than one pixel"));
}

#define EDGE 32

/* A disc with noise and one lesion of 5 px at a random place in it: dark in even eyes, bright in odd ones. */
static void draw_eye(uint32_t eye, uint8_t *pixels, int *y, int *x)
{
    en_random random = en_random_init(3, 0, eye, EN_FOR_TEST);
    *y = 6 + (int)en_random_below(&random, EDGE - 12);
    *x = 6 + (int)en_random_below(&random, EDGE - 12);
    for (int i = 0; i < EDGE; i++) {
        for (int j = 0; j < EDGE; j++) {
            int far = (2 * i - EDGE) * (2 * i - EDGE) + (2 * j - EDGE) * (2 * j - EDGE);
            bool lesion = abs(i - *y) <= 2 && abs(j - *x) <= 2;
            int noise = (int)en_random_below(&random, 30);
            pixels[i * EDGE + j] = (uint8_t)(far > EDGE * EDGE ? 0 : (!lesion ? 120 : eye % 2 == 1 ? 210 : 30) + noise);
        }
    }
}

static void the_maximum_lies_at_the_lesion(void **state)
{
    (void)state;
    enum { SIZE = EDGE * EDGE, TRAINED = 200, ASKED = 40 };
    static const char text[] = "input 32x32x1 scale 1/255 shift -0.5\nconv 8 5x5 pad same relu\n"
                               "conv 8 3x3 stride 2 pad same relu\nglobalavgpool\ndense 2 softmax";
    en_network *net = toy_network(text, 2, TOY_BATCH, EN_TRAIN, NULL);
    en_network *explainer = toy_network(text, 2, 1, EN_EXPLAIN, NULL);
    uint8_t *pixels = calloc(TOY_BATCH, SIZE);
    int y, x, found = 0;
    en_error err;
    for (uint32_t step = 1; step <= TRAINED; step++) {
        int32_t truth[TOY_BATCH];
        uint64_t keys[TOY_BATCH];
        for (uint32_t i = 0; i < TOY_BATCH; i++) {
            uint32_t eye = step * TOY_BATCH + i;
            draw_eye(eye, pixels + i * SIZE, &y, &x);
            truth[i] = eye % 2;
            keys[i] = eye;
        }
        en_step_result result;
        ok(en_network_train_step(net, &(en_batch){.pixels = pixels, .truth = truth, .keys = keys, .n = TOY_BATCH},
                                 &(en_step){.seed = 1, .step = step, .lr = 0.01f}, &result, &err));
    }
    for (size_t i = 0; i < en_network_parameters(net); i++) {
        const en_parameter *p = en_network_parameter(net, i);
        memcpy(en_network_parameter(explainer, i)->value, p->value, p->count * sizeof *p->value);
    }
    const en_feature_map m = en_network_map(explainer);
    float *map = calloc(m.h * m.w, sizeof *map);
    for (uint32_t k = 0; k < ASKED; k++) {
        size_t best = 0;
        draw_eye((TRAINED + 1) * TOY_BATCH + 2 * k + 1, pixels, &y, &x); /* not one of those it learned */
        ok(en_network_explain(explainer, pixels, 1, map, NULL, &err));
        for (size_t i = 1; i < m.h * m.w; i++) {
            best = map[i] > map[best] ? i : best;
        }
        double down = m.start_y + m.step_y * (double)(best / m.w) - y;
        double across = m.start_x + m.step_x * (double)(best % m.w) - x;
        found +=
            map[best] > 0 && fabs(down) <= 4 && fabs(across) <= 4; /* the lesion, and a point of the map beside it */
    }
    if (found < ASKED * 95 / 100) {
        fail_msg("%d of %d lesions are where the map has its maximum", found, ASKED);
    }
    free(map);
    free(pixels);
    en_network_free(net);
    en_network_free(explainer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_map_made_by_hand_is_found),
        cmocka_unit_test(the_weights_of_channels_are_the_slopes_of_the_score),
        cmocka_unit_test(the_lowest_class_of_a_scale_is_explained_as_the_next),
        cmocka_unit_test(prediction_and_threads_change_no_bit),
        cmocka_unit_test(a_map_knows_its_place_in_the_sample),
        cmocka_unit_test(without_pixels_there_is_no_map),
        cmocka_unit_test(the_maximum_lies_at_the_lesion),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
