/* What a sweep tries. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "training/sweep_plan.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

static en_error err;
static const char *const batches[] = {"8", "16", "32"};
static const char *const names[] = {"adam", "sgd"};

static en_status make(const en_sweep_dimension *d, size_t count, en_sweep_method method, int64_t runs, uint64_t seed,
                      en_sweep_plan *out)
{
    return en_sweep_plan_make(d, count, method, runs, seed, out, &err);
}

static void a_grid_has_every_combination_once(void **state)
{
    (void)state;
    const en_sweep_dimension d[] = {{.key = "optimiser", .choice = names, .choices = 2},
                                    {.key = "lr", .low = 1e-5, .high = 1e-3, .log = true, .steps = 3},
                                    {.key = "batch", .choice = batches, .choices = 3}};
    en_sweep_plan p;
    assert_int_equal(make(d, 3, EN_SWEEP_GRID, 0, 1, &p), EN_OK);
    assert_int_equal(p.runs, 18);
    assert_string_equal(en_sweep_value(&p, 0, 0), "adam");
    assert_string_equal(en_sweep_value(&p, 0, 1), "1e-05");
    assert_string_equal(en_sweep_value(&p, 1, 2), "16"); /* the last changes fastest */
    assert_string_equal(en_sweep_value(&p, 3, 1), "0.0001");
    assert_string_equal(en_sweep_value(&p, 17, 0), "sgd");
    assert_string_equal(en_sweep_value(&p, 17, 1), "0.001");
    for (size_t i = 0; i < p.runs; i++) {
        for (size_t k = i + 1; k < p.runs; k++) {
            assert_true(strcmp(en_sweep_value(&p, i, 0), en_sweep_value(&p, k, 0)) != 0 ||
                        strcmp(en_sweep_value(&p, i, 1), en_sweep_value(&p, k, 1)) != 0 ||
                        strcmp(en_sweep_value(&p, i, 2), en_sweep_value(&p, k, 2)) != 0);
        }
    }
    en_sweep_plan_clear(&p);
}

static void what_is_drawn_fills_the_range_on_its_scale(void **state)
{
    (void)state;
    enum { RUNS = 2000 };
    const en_sweep_dimension d[] = {{.key = "lr", .low = 1e-5, .high = 1e-3, .log = true},
                                    {.key = "clip", .low = -1, .high = 3},
                                    {.key = "epochs", .low = 1, .high = 4, .whole = true}};
    en_sweep_plan p;
    size_t below[3] = {0};
    assert_int_equal(make(d, 3, EN_SWEEP_RANDOM, RUNS, 3, &p), EN_OK);
    for (size_t i = 0; i < RUNS; i++) {
        double x[3];
        int64_t whole;
        for (size_t k = 0; k < 3; k++) {
            assert_true(en_parse_double(en_sweep_value(&p, i, k), &x[k]) && x[k] >= d[k].low && x[k] <= d[k].high);
        }
        assert_true(en_parse_int(en_sweep_value(&p, i, 2), &whole));
        below[0] += x[0] < 1e-4;
        below[1] += x[1] < 1;
        below[2] += whole < 3;
    }
    for (size_t k = 0; k < 3; k++) { /* half of them, within five standard errors */
        assert_true(fabs((double)below[k] - RUNS / 2.0) < 5 * sqrt(RUNS / 4.0));
    }
    en_sweep_plan_clear(&p);
}

static void more_runs_begin_with_the_same_ones_and_another_seed_does_not(void **state)
{
    (void)state;
    const en_sweep_dimension d[] = {{.key = "lr", .low = 1e-5, .high = 1e-3, .log = true},
                                    {.key = "batch", .choice = batches, .choices = 3}};
    en_sweep_plan few, many, other;
    size_t same = 0;
    assert_int_equal(make(d, 2, EN_SWEEP_RANDOM, 10, 5, &few), EN_OK);
    assert_int_equal(make(d, 2, EN_SWEEP_HALVING, 30, 5, &many), EN_OK);
    assert_int_equal(make(d, 2, EN_SWEEP_RANDOM, 10, 6, &other), EN_OK);
    for (size_t i = 0; i < 10; i++) {
        for (size_t k = 0; k < 2; k++) {
            assert_string_equal(en_sweep_value(&few, i, k), en_sweep_value(&many, i, k));
        }
        same += strcmp(en_sweep_value(&few, i, 0), en_sweep_value(&other, i, 0)) == 0;
    }
    assert_true(same < 3);
    en_sweep_plan_clear(&few);
    en_sweep_plan_clear(&many);
    en_sweep_plan_clear(&other);
}

static void no_combination_is_drawn_twice(void **state)
{
    (void)state;
    const en_sweep_dimension d[] = {{.key = "optimiser", .choice = names, .choices = 2},
                                    {.key = "batch", .choice = batches, .choices = 3}};
    en_sweep_plan p;
    assert_int_equal(make(d, 2, EN_SWEEP_RANDOM, 6, 1, &p), EN_OK); /* all there are */
    for (size_t i = 0; i < p.runs; i++) {
        for (size_t k = i + 1; k < p.runs; k++) {
            assert_true(strcmp(en_sweep_value(&p, i, 0), en_sweep_value(&p, k, 0)) != 0 ||
                        strcmp(en_sweep_value(&p, i, 1), en_sweep_value(&p, k, 1)) != 0);
        }
    }
    en_sweep_plan_clear(&p);
    assert_int_equal(make(d, 2, EN_SWEEP_RANDOM, 7, 1, &p), EN_INPUT);
    en_sweep_plan_clear(&p);
}

static void what_is_too_much_or_nothing_is_refused_before_memory_is_taken(void **state)
{
    (void)state;
    const en_sweep_dimension huge[] = {{.key = "a", .low = 0, .high = 1, .steps = 10000},
                                       {.key = "b", .low = 0, .high = 1, .steps = 10000},
                                       {.key = "c", .low = 0, .high = 1, .steps = 10000}},
                             range[] = {{.key = "a", .low = 0, .high = 1}};
    en_sweep_plan p;
    assert_int_equal(make(huge, 3, EN_SWEEP_GRID, 0, 1, &p), EN_INPUT);
    assert_string_equal(err.text, "the grid has 1000000000000 combinations, more than 10000");
    assert_null(p.value);
    assert_int_equal(make(range, 1, EN_SWEEP_GRID, 0, 1, &p), EN_INPUT);
    assert_int_equal(make(range, 1, EN_SWEEP_GRID, 3, 1, &p), EN_INPUT);
    assert_int_equal(make(range, 0, EN_SWEEP_GRID, 0, 1, &p), EN_INPUT);
    assert_int_equal(make(range, 1, EN_SWEEP_RANDOM, 0, 1, &p), EN_INPUT);
    assert_int_equal(make(range, 1, EN_SWEEP_RANDOM, EN_SWEEP_RUNS_MAX + 1, 1, &p), EN_INPUT);
    for (long nth = 1; nth <= 2; nth++) {
        en_alloc_fail_at(nth);
        assert_int_equal(make(range, 1, EN_SWEEP_RANDOM, 5, 1, &p), EN_NOMEM);
        en_alloc_fail_at(0);
        en_sweep_plan_clear(&p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_grid_has_every_combination_once),
        cmocka_unit_test(what_is_drawn_fills_the_range_on_its_scale),
        cmocka_unit_test(more_runs_begin_with_the_same_ones_and_another_seed_does_not),
        cmocka_unit_test(no_combination_is_drawn_twice),
        cmocka_unit_test(what_is_too_much_or_nothing_is_refused_before_memory_is_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
