/* Optimisers against the formulas of their papers, step by step in double precision, with every table of kernels. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "nn/optimiser.h"
#include "toy.h"

#define LR 0.01
#define DECAY 0.1
#define STEPS 4u
#define NUMBERS 19u /* a vector of any table and a rest */

typedef struct state {
    double w, a, b; /* a weight and what the optimiser remembers */
} state;

typedef void step_fn(state *s, double g, double t);

/* Kingma & Ba 2015, algorithm 1, with decoupled decay (Loshchilov & Hutter 2019, algorithm 2). */
static void adam_torch(state *s, double g, double t)
{
    s->a = 0.9 * s->a + 0.1 * g;
    s->b = 0.999 * s->b + 0.001 * g * g;
    double m = s->a / (1 - pow(0.9, t)), v = s->b / (1 - pow(0.999, t));
    s->w -= LR * (m / (sqrt(v) + 1e-3) + DECAY * s->w);
}

/* The form at the end of section 2: epsilon beside the uncorrected root; coupled decay. */
static void adam_coupled(state *s, double g, double t)
{
    g += DECAY * s->w;
    s->a = 0.9 * s->a + 0.1 * g;
    s->b = 0.999 * s->b + 0.001 * g * g;
    s->w -= LR * sqrt(1 - pow(0.999, t)) / (1 - pow(0.9, t)) * s->a / (sqrt(s->b) + 1e-3);
}

static void momentum(state *s, double g, double t)
{
    (void)t;
    s->a = 0.9 * s->a + g;
    s->w -= LR * (s->a + DECAY * s->w);
}

static void nesterov_coupled(state *s, double g, double t)
{
    (void)t;
    g += DECAY * s->w;
    s->a = 0.9 * s->a + g;
    s->w -= LR * (g + 0.9 * s->a);
}

static double gradient(size_t i, size_t t) { return sin((double)(i + 1) * (double)(t + 2)); }

static void check(const en_optimiser *optimiser, step_fn *want)
{
    en_optimiser o = *optimiser;
    o.decay = DECAY;
    for (const char *const *name = en_kernel_names(); *name != NULL; name++) {
        const en_kernels *k;
        en_error err = {0};
        if (en_kernel_select(*name, &k, &err) != EN_OK) {
            continue;
        }
        float w[NUMBERS], a[NUMBERS] = {0}, b[NUMBERS] = {0}, g[NUMBERS];
        state s[NUMBERS];
        for (size_t i = 0; i < NUMBERS; i++) {
            s[i] = (state){.w = (double)(w[i] = 0.1f * (float)i - 0.5f)};
        }
        for (size_t t = 1; t <= STEPS; t++) {
            for (size_t i = 0; i < NUMBERS; i++) {
                g[i] = (float)gradient(i, t);
                want(&s[i], gradient(i, t), (double)t);
            }
            en_optimiser_apply(&o, k, t, LR, true, NUMBERS, g, w, (float *const[]){a, b});
        }
        for (size_t i = 0; i < NUMBERS; i++) {
            if (!(fabs((double)w[i] - s[i].w) < 1e-6)) {
                fail_msg("%s: number %zu is %.9g, not %.9g", *name, i, (double)w[i], s[i].w);
            }
        }
    }
}

static void every_optimiser_takes_the_steps_of_its_paper(void **nothing)
{
    (void)nothing;
    en_optimiser o = en_optimiser_of(EN_OPTIMISER_ADAM_TORCH);
    o.epsilon = 1e-3; /* large enough to tell the two conventions apart */
    check(&o, adam_torch);
    o = en_optimiser_of(EN_OPTIMISER_ADAM);
    o.epsilon = 1e-3;
    o.coupled = true;
    check(&o, adam_coupled);
    o = en_optimiser_of(EN_OPTIMISER_SGD);
    check(&o, momentum);
    o.coupled = o.nesterov = true;
    check(&o, nesterov_coupled);
}

static void texts_are_read_and_written_in_one_way(void **nothing)
{
    (void)nothing;
    static const char *const texts[][2] = {{"adam", "adam"},
                                           {"  sgd nesterov  momentum 0.9 decay 0.0001", "sgd nesterov decay 0.0001"},
                                           {"adam-torch epsilon 1e-7 average 0.999 beta1 0.8 coupled",
                                            "adam-torch beta1 0.8 epsilon 1e-07 coupled average 0.999"},
                                           {"adam epsilon 1e-7", "adam"}};
    char text[EN_OPTIMISER_TEXT];
    en_optimiser o;
    en_error err = {0};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        assert_int_equal(en_optimiser_parse(texts[i][0], &o, &err), EN_OK);
        assert_string_equal(en_optimiser_text(&o, text), texts[i][1]);
        assert_int_equal(en_optimiser_parse(texts[i][1], &o, &err), EN_OK);
        assert_string_equal(en_optimiser_text(&o, text), texts[i][1]);
    }
    static const char *const refused[][2] = {
        {"", "optimiser: expected adam, adam-torch or sgd, got ''"},
        {"adamw", "optimiser: expected adam, adam-torch or sgd, got 'adamw'"},
        {"adam momentum 0.9",
         "optimiser: unknown word 'momentum'; 'adam' knows beta1, beta2, epsilon, decay, coupled, average"},
        {"sgd momentum 1", "optimiser: 'momentum' takes a number from 0 to 0.999999, not '1'"},
        {"sgd momentum", "optimiser: 'momentum' takes a number from 0 to 0.999999, not ''"},
        {"sgd momentum nan", "optimiser: 'momentum' takes a number from 0 to 0.999999, not 'nan'"},
        {"sgd nesterov nesterov", "optimiser: 'nesterov' is given twice"}};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        assert_int_equal(en_optimiser_parse(refused[i][0], &o, &err), EN_USAGE);
        assert_string_equal(err.text, refused[i][1]);
    }
    en_loss loss;
    char words[EN_LOSS_TEXT];
    assert_int_equal(en_loss_parse("cross-entropy smoothing 0.1", &loss, &err), EN_OK);
    assert_string_equal(en_loss_text(&loss, words), "cross-entropy smoothing 0.1");
    assert_int_equal(en_loss_parse("focal", &loss, &err), EN_OK);
    assert_true(loss.gamma - 2 == 0);
    assert_int_equal(en_loss_parse("squared gamma 1", &loss, &err), EN_USAGE);
    assert_string_equal(err.text, "loss: unknown word 'gamma'; 'squared' knows no other words");
}

static void the_moving_average_follows_the_weights_and_is_exchanged(void **nothing)
{
    (void)nothing;
    en_optimiser optimiser = en_optimiser_of(EN_OPTIMISER_SGD);
    optimiser.average = 0.15; /* below (1+2)/(10+2), above (1+1)/(10+1) is the second step's and not the first's */
    en_network *net = toy_network_with(TOY_TEXT, TOY_CLASSES, TOY_BATCH, &optimiser);
    toy_data data = toy_noise(net);
    const en_parameter *p = en_network_parameter(net, 0);
    double first = (double)p->value[0];
    toy_train(net, &data, TOY_BATCH, 1, 1);
    double second = (double)p->value[0], average = first + (1 - 0.15) * (second - first);
    assert_true(fabs(second - first) > 1e-5);
    assert_true(fabs((double)p->average[0] - average) < 1e-6);
    en_network_swap_average(net);
    assert_true(fabs((double)p->value[0] - average) < 1e-6 && (double)p->average[0] == second);
    en_network_swap_average(net);
    toy_train(net, &data, TOY_BATCH, 2, 2);
    average += (1 - 0.15) * ((double)p->value[0] - average);
    assert_true(fabs((double)p->average[0] - average) < 1e-6);
    toy_free(&data);
    en_network_free(net);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_optimiser_takes_the_steps_of_its_paper),
        cmocka_unit_test(texts_are_read_and_written_in_one_way),
        cmocka_unit_test(the_moving_average_follows_the_weights_and_is_exchanged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
