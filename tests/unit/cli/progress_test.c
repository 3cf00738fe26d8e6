/* Progress on a terminal and elsewhere, with a clock of our own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "cli/progress.h"

static double now; /* the test's clock, in seconds */
static double test_clock(void) { return now; }

typedef struct screen {
    en_progress *progress;
    en_events events;
    FILE *stream;
    char *text;
    size_t size;
} screen;

static void open_screen(screen *s, bool live, bool quiet)
{
    *s = (screen){0};
    s->stream = open_memstream(&s->text, &s->size);
    assert_non_null(s->stream);
    now = 100;
    s->progress = en_progress_new(
        &(en_progress_options){.stream = s->stream, .live = live, .quiet = quiet, .width = 60, .clock = test_clock});
    assert_non_null(s->progress);
    s->events = (en_events){.emit = en_progress_emit, .ctx = s->progress};
}

static void close_screen(screen *s)
{
    en_progress_free(s->progress);
    fclose(s->stream);
    free(s->text);
}

static void a_terminal_shows_one_line_with_pace_and_time_left(void **state)
{
    (void)state;
    screen s;
    open_screen(&s, true, false);
    en_event_begin(&s.events, "ingest", "photographs", 100);
    now += 10;
    en_event_progress(&s.events, 20, 100, NULL);
    assert_non_null(strstr(s.text, "\ringest: 20 of 100 photographs, 2.00/s, 40 s left\033[K"));
    assert_null(strchr(s.text, '\n'));
    en_event_end(&s.events, 100, 100);
    assert_true(strcmp(s.text + s.size - 4, "\r\033[K") == 0);
    close_screen(&s);
}

static void what_an_earlier_run_had_counts_for_no_rate(void **state)
{
    (void)state;
    screen s;
    open_screen(&s, true, false);
    en_event_begin(&s.events, "download", "files", 100);
    en_event_progress(&s.events, 50, 100, NULL);
    now += 10;
    en_event_progress(&s.events, 60, 100, NULL);
    assert_non_null(strstr(s.text, "\rdownload: 60 of 100 files, 1.00/s, 40 s left\033[K"));
    close_screen(&s);
}

static void a_terminal_is_not_drawn_more_often_than_eyes_can_follow(void **state)
{
    (void)state;
    screen s;
    open_screen(&s, true, false);
    en_event_begin(&s.events, "ingest", "photographs", 100000);
    now += 1;
    en_event_progress(&s.events, 1, 100000, NULL);
    size_t drawn = s.size;
    for (int64_t i = 2; i < 1000; i++) {
        now += 0.00001;
        en_event_progress(&s.events, i, 100000, NULL);
    }
    assert_int_equal(s.size, drawn);
    close_screen(&s);
}

static void a_line_is_cut_to_the_terminal(void **state)
{
    (void)state;
    screen s;
    open_screen(&s, true, false);
    en_event_begin(&s.events, "fetch", "bytes", -1);
    now += 2;
    en_event_progress(&s.events, 3 << 20, -1, "a remark that goes on and on, well beyond the edge of the terminal");
    const char *line = strrchr(s.text, '\r');
    assert_non_null(strstr(line, "fetch: 3.0 MiB, 1.5 MiB/s, a remark"));
    assert_int_equal(strcspn(line + 1, "\033"), 59);
    close_screen(&s);
}

static void elsewhere_there_is_a_line_every_few_seconds(void **state)
{
    (void)state;
    screen s;
    open_screen(&s, false, false);
    en_event_begin(&s.events, "ingest", "photographs", 100);
    for (int64_t i = 1; i <= 12; i++) {
        now += 1;
        en_event_progress(&s.events, i, 100, NULL);
    }
    en_event_end(&s.events, 12, 100);
    assert_string_equal(s.text, "ingest: 5 of 100 photographs, 1.00/s, 1 min 35 s left\n"
                                "ingest: 10 of 100 photographs, 1.00/s, 1 min 30 s left\n"
                                "ingest: 12 of 100 photographs, 1.00/s, 1 min 28 s left\n");
    close_screen(&s);
}

static void the_last_line_comes_once(void **state)
{
    (void)state;
    screen s;
    open_screen(&s, false, false);
    en_event_begin(&s.events, "train", "epochs", 2);
    for (int64_t i = 1; i <= 2; i++) {
        now += 6;
        en_event_progress(&s.events, i, 2, "loss 0.5");
    }
    en_event_end(&s.events, 2, 2);
    assert_string_equal(s.text, "train: 1 of 2 epochs, 0.17/s, 6 s left, loss 0.5\n"
                                "train: 2 of 2 epochs, 0.17/s, loss 0.5\n");
    close_screen(&s);
}

static void a_short_task_says_nothing_elsewhere(void **state)
{
    (void)state;
    screen s;
    open_screen(&s, false, false);
    en_event_begin(&s.events, "ingest", "photographs", 2);
    now += 1;
    en_event_progress(&s.events, 2, 2, NULL);
    en_event_end(&s.events, 2, 2);
    fflush(s.stream);
    assert_int_equal(s.size, 0);
    close_screen(&s);
}

static void notes_and_warnings_are_lines_whatever_is_in_them(void **state)
{
    (void)state;
    screen s;
    open_screen(&s, false, false);
    en_event_note(&s.events, "two\nlines");
    en_event_warn(&s.events, "a %s", "doubt");
    assert_string_equal(s.text, "two\\nlines\nwarning: a doubt\n");
    close_screen(&s);
}

static void quiet_leaves_only_warnings(void **state)
{
    (void)state;
    screen s;
    open_screen(&s, true, true);
    en_event_begin(&s.events, "ingest", "photographs", 100);
    now += 60;
    en_event_progress(&s.events, 50, 100, NULL);
    en_event_note(&s.events, "a note");
    en_event_warn(&s.events, "a warning");
    en_event_end(&s.events, 100, 100);
    assert_string_equal(s.text, "warning: a warning\n");
    close_screen(&s);
}

static void tasks_may_nest_deeper_than_are_shown(void **state)
{
    (void)state;
    screen s;
    open_screen(&s, true, false);
    en_event_begin(&s.events, "train", "epochs", 3);
    en_event_begin(&s.events, "epoch", "batches", 60);
    now += 2;
    en_event_progress(&s.events, 6, 60, NULL);
    assert_non_null(strstr(s.text, "train: 0 of 3 epochs; epoch: 6 of 60 batches, 3.00/s, 18 s"));
    for (int i = 0; i < 10; i++) {
        en_event_begin(&s.events, "deeper", "steps", 1);
    }
    for (int i = 0; i < 14; i++) {
        en_event_end(&s.events, 1, 1);
    }
    close_screen(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_terminal_shows_one_line_with_pace_and_time_left),
        cmocka_unit_test(what_an_earlier_run_had_counts_for_no_rate),
        cmocka_unit_test(a_terminal_is_not_drawn_more_often_than_eyes_can_follow),
        cmocka_unit_test(a_line_is_cut_to_the_terminal),
        cmocka_unit_test(elsewhere_there_is_a_line_every_few_seconds),
        cmocka_unit_test(the_last_line_comes_once),
        cmocka_unit_test(a_short_task_says_nothing_elsewhere),
        cmocka_unit_test(notes_and_warnings_are_lines_whatever_is_in_them),
        cmocka_unit_test(quiet_leaves_only_warnings),
        cmocka_unit_test(tasks_may_nest_deeper_than_are_shown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
