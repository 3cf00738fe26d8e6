/* Schedules against their closed forms. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "training/schedule.h"

#include <math.h>
#include <string.h>

#define PI 3.14159265358979323846

static en_schedule parsed(const char *text)
{
    en_error err;
    en_schedule s;
    if (en_schedule_parse(text, &s, &err) != EN_OK) {
        fail_msg("%s", err.text);
    }
    return s;
}

static void assert_factor(const en_schedule *s, uint64_t step, uint64_t steps, double wanted)
{
    double found = en_schedule_factor(s, step, steps);
    if (!(fabs(found - wanted) < 1e-12)) {
        fail_msg("step %llu of %llu: %.15g, not %.15g", (unsigned long long)step, (unsigned long long)steps, found,
                 wanted);
    }
}

static void a_constant_is_1(void **state)
{
    (void)state;
    const en_schedule s = parsed("constant");
    for (uint64_t step = 0; step < 7; step++) {
        assert_true(en_schedule_factor(&s, step, 7) - 1 == 0); /* the bits of the learning rate stay */
    }
    assert_factor(&s, 0, 1, 1);
}

static void steps_fall_at_equal_distances(void **state)
{
    (void)state;
    const en_schedule thirds = parsed("step"), quarters = parsed("step every 0.25 times 0.5"),
                      halves = parsed("step every 0.5");
    for (uint64_t step = 0; step < 300; step++) {
        assert_factor(&thirds, step, 300, step < 100 ? 1 : step < 200 ? 0.1 : 0.01);
        assert_factor(&quarters, step, 300, 1.0 / (1 << step / 75));
    }
    for (uint64_t step = 0; step < 5; step++) { /* they do not divide */
        assert_factor(&halves, step, 5, step < 3 ? 1 : 0.1);
    }
    const en_schedule tenths = parsed("step every 0.1 times 0.5");
    for (uint64_t step = 0; step < 10; step++) { /* 0.3 / 0.1 is less than 3 */
        assert_factor(&tenths, step, 10, 1.0 / (1 << step));
    }
    for (uint64_t steps = 3; steps < 3000; steps += 3) { /* not a step late by rounding */
        assert_factor(&thirds, steps / 3 - 1, steps, 1);
        assert_factor(&thirds, steps / 3, steps, 0.1);
        assert_factor(&thirds, steps - 1, steps, 0.01);
    }
}

static void a_cosine_falls_from_1_to_its_end(void **state)
{
    (void)state;
    const en_schedule s = parsed("cosine"), tenth = parsed("cosine to 0.1");
    for (uint64_t step = 0; step < 101; step++) {
        double c = cos(PI * (double)step / 100);
        assert_factor(&s, step, 101, 0.5 + 0.5 * c);
        assert_factor(&tenth, step, 101, 0.1 + 0.45 * (1 + c));
    }
    assert_factor(&s, 0, 1, 1);
}

static void one_cycle_rises_and_falls(void **state)
{
    (void)state;
    const en_schedule s = parsed("onecycle"), late = parsed("onecycle rise 0.6 to 0.02");
    assert_factor(&s, 0, 1001, 0.04);
    assert_factor(&s, 150, 1001, 0.52);
    assert_factor(&s, 300, 1001, 1);
    assert_factor(&s, 650, 1001, (1 + 1e-4) / 2);
    assert_factor(&s, 1000, 1001, 1e-4);
    for (uint64_t step = 0; step < 1001; step++) {
        double t = (double)step / 1000;
        double wanted =
            t < 0.6 ? 0.04 + 0.96 * pow(sin(PI / 2 * t / 0.6), 2) : 0.02 + 0.98 * pow(cos(PI / 2 * (t - 0.6) / 0.4), 2);
        assert_factor(&late, step, 1001, wanted);
    }
}

static void a_warm_up_rises_to_where_the_schedule_begins(void **state)
{
    (void)state;
    const en_schedule constant = parsed("constant warmup 0.1"), cosine = parsed("cosine warmup 0.2"),
                      step = parsed("step every 0.5 warmup 0.2"), cycle = parsed("onecycle warmup 0.5");
    for (uint64_t i = 0; i < 100; i++) {
        assert_factor(&constant, i, 100, i < 10 ? (double)(i + 1) / 11 : 1);
        assert_factor(&step, i, 100, i < 20 ? (double)(i + 1) / 21 : i < 60 ? 1 : 0.1);
    }
    for (uint64_t i = 0; i < 126; i++) { /* 25 steps, then 101 */
        assert_factor(&cosine, i, 126, i < 25 ? (double)(i + 1) / 26 : 0.5 + 0.5 * cos(PI * (double)(i - 25) / 100));
    }
    assert_factor(&cycle, 0, 20, 0.04 / 11);
    assert_factor(&cycle, 10, 20, 0.04);
    assert_factor(&cycle, 19, 20, 1e-4);
    const en_schedule none = parsed("constant warmup 0.04");
    assert_factor(&none, 0, 10, 1); /* less than half a step */
}

static void assert_text(const char *text, const char *canonical)
{
    char out[EN_SCHEDULE_TEXT];
    en_schedule s = parsed(text);
    assert_string_equal(en_schedule_text(&s, out), canonical);
    s = parsed(out);
    assert_string_equal(en_schedule_text(&s, out), canonical);
}

static void a_text_has_one_canonical_form(void **state)
{
    (void)state;
    assert_text("constant", "constant");
    assert_text(" step\ttimes 0.10 ", "step");
    assert_text("step warmup 0.05 times .5 every 0.2", "step every 0.2 times 0.5 warmup 0.05");
    assert_text("cosine to 0 warmup 0.05", "cosine warmup 0.05");
    assert_text("onecycle to 1e-4 rise 0.25", "onecycle rise 0.25");
    assert_text("onecycle warmup 0.12345678901234566 to 0.12345678901234566 rise 0.12345678901234566",
                "onecycle rise 0.12345678901234566 to 0.12345678901234566 warmup 0.12345678901234566");
}

static void assert_refused(const char *text, const char *words)
{
    en_error err;
    en_schedule s = {.to = 0.5};
    assert_int_equal(en_schedule_parse(text, &s, &err), EN_USAGE);
    if (strstr(err.text, words) == NULL) {
        fail_msg("'%s': \"%s\" lacks \"%s\"", text, err.text, words);
    }
    assert_true(s.to > 0.4); /* left alone */
}

static void an_error_names_the_word(void **state)
{
    (void)state;
    assert_refused("", "expected constant, step, cosine or onecycle, got ''");
    assert_refused("cosin", "got 'cosin'");
    assert_refused("cosine every 0.2", "unknown word 'every'; 'cosine' knows to, warmup");
    assert_refused("constant to 1", "unknown word 'to'; 'constant' knows warmup");
    assert_refused("step to 1", "'step' knows every, times, warmup");
    assert_refused("cosine to", "'to' takes a number from 0 to 1, not ''");
    assert_refused("cosine to nan", "not 'nan'");
    assert_refused("cosine to 1.1", "not '1.1'");
    assert_refused("step every 0", "'every' takes a number from 0.001 to 1, not '0'");
    assert_refused("onecycle rise 1", "'rise' takes a number from 0.01 to 0.99, not '1'");
    assert_refused("cosine warmup 0.95", "'warmup' takes a number from 0 to 0.9, not '0.95'");
    assert_refused("cosine warmup 0.1 warmup 0.1", "'warmup' is given twice");
    assert_refused("a-word-that-is-longer-than-any-that-is-known", "got 'a-word-that-is-longer-than-any-'");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_constant_is_1),
        cmocka_unit_test(steps_fall_at_equal_distances),
        cmocka_unit_test(a_cosine_falls_from_1_to_its_end),
        cmocka_unit_test(one_cycle_rises_and_falls),
        cmocka_unit_test(a_warm_up_rises_to_where_the_schedule_begins),
        cmocka_unit_test(a_text_has_one_canonical_form),
        cmocka_unit_test(an_error_names_the_word),
    };
    return cmocka_run_group_tests_name("schedule", tests, NULL, NULL);
}
