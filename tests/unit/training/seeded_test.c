/* One training with a seed, on the ref kernels: done again by hand from what the headers say of order, dropout, class
 * weights and losses, and compared with metrics that must never change unnoticed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "training/train/train.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/memory.h"
#include "base/random.h"
#include "dataset/subset.h"
#include "scratch_project.h"
#include "training/train/session.h"

enum { EPOCHS = 4, BATCH = 9, SEED = 41 };

/* Four patients of five are positive, both views of every eye are learned from, and the last batch is a short one. */
static const en_train_options options = {.model = "tiny.net",
                                         .subset = "train",
                                         .name = "first",
                                         .target = "grade >= 1",
                                         .class_weights = "auto",
                                         .epochs = EPOCHS,
                                         .batch = BATCH,
                                         .patience = EN_TRAIN_NO_EARLY_STOP,
                                         .learning_rate = 0.004,
                                         .seed = SEED};

typedef struct losses {
    double train[EPOCHS], val[EPOCHS];
} losses;

static double recorded(scratch *r, const char *part, const char *metric, int epoch)
{
    char sql[160];
    snprintf(sql, sizeof sql, "SELECT value FROM metrics WHERE part = '%s' AND metric = '%s' AND epoch = %d", part,
             metric, epoch);
    return scratch_real(r, sql);
}

/* What en_train itself recorded. */
static losses train(scratch *r)
{
    en_train_result result;
    losses l;
    SCRATCH_OK(r, en_train(&r->project, &options, &result, &r->err));
    assert_int_equal(result.epochs, EPOCHS);
    for (int e = 0; e < EPOCHS; e++) {
        l.train[e] = recorded(r, "train", "weighted_loss", e + 1);
        l.val[e] = recorded(r, "val", "weighted_loss", e + 1);
    }
    return l;
}

/* n / (classes * n_c), counted here. */
static void weigh(const en_session *s, float weight[2])
{
    size_t members[2] = {0};
    for (size_t i = 0; i < s->train.items.count; i++) {
        members[strcmp(s->train.items.item[i].target, "1") == 0]++;
    }
    assert_true(members[0] > 0 && members[1] > 2 * members[0]); /* the rarer class is the first */
    for (size_t c = 0; c < 2; c++) {
        weight[c] = (float)((double)(members[0] + members[1]) / (2.0 * (double)members[c]));
    }
    assert_true(weight[0] > 1 && weight[1] < 1);
}

/* The first 56 bits of the hash of "NAME MIRROR ROTATION\n". */
static uint64_t key_of(const en_catalog_item *item)
{
    char line[100], hex[EN_SHA256_HEX];
    en_error err;
    snprintf(line, sizeof line, "%s %d %d\n", item->image, item->mirror, item->rotation);
    assert_int_equal(en_sha256_bytes(line, strlen(line), hex, &err), EN_OK);
    hex[14] = '\0';
    return strtoull(hex, NULL, 16);
}

/* Fisher-Yates from the back, drawn for this epoch. */
static void shuffle(uint32_t *order, size_t count, int epoch)
{
    en_random random = en_random_init(SEED, (uint32_t)epoch, 0, EN_FOR_SHUFFLE);
    for (size_t i = 0; i < count; i++) {
        order[i] = (uint32_t)i;
    }
    for (size_t i = count - 1; i > 0; i--) {
        size_t j = en_random_below(&random, (uint32_t)i + 1);
        uint32_t moved = order[i];
        order[i] = order[j];
        order[j] = moved;
    }
}

/* Sum of weight * -ln p over the sum of the weights, of the validation part without dropout. */
static double validate(scratch *r, const en_session *s, const float *weight)
{
    uint8_t pixels[32 * 32 * 3];
    double loss = 0, weights = 0;
    for (uint32_t i = 0; i < s->val.items.count; i++) {
        float p[2];
        size_t is = strcmp(s->val.items.item[i].target, "1") == 0;
        en_loader_render(&s->val.loader, &i, 1, pixels);
        SCRATCH_OK(r, en_network_predict(s->network, pixels, 1, p, &r->err));
        loss -= (double)weight[is] * log((double)p[is]);
        weights += (double)weight[is];
    }
    assert_true(fabs(weights - (double)s->val.items.count) > 0.5); /* else dividing by n would be as good */
    return loss / weights;
}

/* One epoch, step by step. */
static double learn(scratch *r, en_session *s, const float *weight, int epoch, uint64_t *steps)
{
    static uint8_t pixels[BATCH * 32 * 32 * 3];
    uint32_t order[200];
    size_t count = s->train.items.count;
    double loss = 0, weights = 0;
    assert_in_range(count, 2 * BATCH + 1, 200);
    assert_int_not_equal(count % BATCH, 0);
    shuffle(order, count, epoch);
    for (size_t at = 0; at < count; at += BATCH) {
        size_t n = count - at < BATCH ? count - at : BATCH;
        int32_t truth[BATCH];
        uint64_t key[BATCH];
        for (size_t i = 0; i < n; i++) {
            const en_catalog_item *item = &s->train.items.item[order[at + i]];
            truth[i] = strcmp(item->target, "1") == 0;
            key[i] = key_of(item);
        }
        en_loader_render(&s->train.loader, order + at, n, pixels);
        const en_batch batch = {.pixels = pixels, .truth = truth, .keys = key, .n = n};
        const en_step step = {
            .seed = SEED, .epoch = (uint32_t)epoch, .step = ++*steps, .lr = 0.004f, .class_weights = weight};
        en_step_result result;
        SCRATCH_OK(r, en_network_train_step(s->network, &batch, &step, &result, &r->err));
        loss += result.loss_sum;
        weights += result.weight_sum;
    }
    return loss / weights;
}

static losses train_by_hand(scratch *r)
{
    en_session s;
    losses l;
    float weight[2];
    uint64_t steps = 0;
    en_train_options again = options;
    again.name = "by-hand";
    SCRATCH_OK(r, en_session_open(&r->project, &again, &s, &r->err));
    weigh(&s, weight);
    for (int e = 0; e < EPOCHS; e++) {
        l.train[e] = learn(r, &s, weight, e + 1, &steps);
        l.val[e] = validate(r, &s, weight);
    }
    en_session_close(&s);
    return l;
}

static void an_epoch_is_what_its_parts_make_it(void **state)
{
    scratch *r = *state;
    scratch_fill(r, 15);
    losses is = train(r), expected = train_by_hand(r);
    for (int e = 0; e < EPOCHS; e++) {
        scratch_near(is.train[e], expected.train[e], 1e-9);
        scratch_near(is.val[e], expected.val[e], 1e-6); /* one at a time: sums of floats in another order */
    }
}

/* Written down when the test before held: whatever changes them changes every training that is repeated by its seed. */
static void the_losses_are_those_written_down(void **state)
{
    scratch *r = *state;
    static const losses golden = {.train = {0.69879979, 0.69092958, 0.68359531, 0.71952191},
                                  .val = {0.70923838, 0.73865834, 0.78141401, 0.81162682}};
    scratch_fill(r, 15);
    losses is = train(r);
    for (int e = 0; e < EPOCHS; e++) {
        if (!(fabs(is.train[e] - golden.train[e]) < 1e-6 * golden.train[e]) ||
            !(fabs(is.val[e] - golden.val[e]) < 1e-6 * golden.val[e])) {
            fail_msg("epoch %d: losses %.8g and %.8g, not %.8g and %.8g", e + 1, is.train[e], is.val[e],
                     golden.train[e], golden.val[e]);
        }
    }
}

/* Three classes of 3, 2 and 4 members of each nine, none of the weights equal: n / (3 n_c). */
static void automatic_class_weights_are_the_inverse_of_the_frequency(void **state)
{
    scratch *r = *state;
    en_session s;
    en_subset_result subset;
    scratch_fill(r, 15);
    SCRATCH_OK(r, en_subset_freeze(&r->project, "nine",
                                   "SELECT variant_id FROM variants WHERE mirror = 0 AND rotation = 0 AND image IN "
                                   "('1_left', '2_left', '3_left', '4_left', '5_left', '6_left', '7_left', '9_left', "
                                   "'14_left')",
                                   &subset, &r->err));
    en_train_options o = options;
    o.subset = "nine";
    o.mixed_parts = true;
    o.target = "CASE grade WHEN 4 THEN 'a' WHEN 0 THEN 'b' WHEN 3 THEN 'b' ELSE 'c' END";
    SCRATCH_OK(r, en_session_open(&r->project, &o, &s, &r->err));
    assert_int_equal(s.train.items.count, 9);
    assert_string_equal(s.classes.name[0], "a"); /* patients 4, 9 and 14; 3 and 5; 1, 2, 6 and 7 */
    scratch_near((double)s.class_weight[0], 9 / (3 * 3.0), 1e-6);
    scratch_near((double)s.class_weight[1], 9 / (3 * 2.0), 1e-6);
    scratch_near((double)s.class_weight[2], 9 / (3 * 4.0), 1e-6);
    en_session_close(&s);
}

#define IN_A_SCRATCH_PROJECT(test) cmocka_unit_test_setup_teardown(test, scratch_set_up, scratch_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_SCRATCH_PROJECT(an_epoch_is_what_its_parts_make_it),
        IN_A_SCRATCH_PROJECT(the_losses_are_those_written_down),
        IN_A_SCRATCH_PROJECT(automatic_class_weights_are_the_inverse_of_the_frequency),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
