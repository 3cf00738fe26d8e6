/* Charts of characters. */
#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "base/markup.h"
#include "base/memory.h"
#include "plot/chart.h"

static en_buf out;
static en_error err;

static int begin(void **state)
{
    (void)state;
    (void)setlocale(LC_CTYPE, "C.UTF-8");
    en_buf_init(&out, (size_t)1 << 20);
    return 0;
}

static int end(void **state)
{
    (void)state;
    en_alloc_fail_at(0);
    en_buf_clear(&out);
    return 0;
}

static size_t count(const char *words)
{
    size_t n = 0;
    for (const char *at = en_buf_str(&out); (at = strstr(at, words)) != NULL; at += strlen(words)) {
        n++;
    }
    return n;
}

/* The longest line, in characters. */
static size_t widest(void)
{
    size_t most = 0, now = 0;
    for (const char *at = en_buf_str(&out); *at != '\0';) {
        now = en_markup_next(&at) == '\n' ? 0 : now + 1;
        most = now > most ? now : most;
    }
    return most;
}

static en_status draw_bars(const char *first, size_t columns, bool utf8)
{
    const char *const names[] = {first, "second"};
    static const double value[] = {100, 50};
    const en_chart_bars bars = {.head = {.title = "Bars"}, .names = names, .bars = 2, .parts = 1, .value = value};
    return en_chart_draw_bars(&bars, (en_chart_medium){.format = EN_CHART_TEXT, .columns = columns, .utf8 = utf8}, &out,
                              &err);
}

static void bars_are_as_long_as_their_values(void **state)
{
    (void)state;
    size_t filled[2] = {0};
    assert_int_equal(draw_bars("first", 80, true), EN_OK);
    for (char *line = strtok(out.data, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        size_t dots = 0; /* of the braille patterns in the line */
        const char *at = line;
        while (*at != '\0') {
            const unsigned c = en_markup_next(&at);
            dots += c == 0x2588 ? 8 : c > 0x2800 && c <= 0x28ff ? (size_t)__builtin_popcount(c - 0x2800) : 0;
        }
        if (strstr(line, "first") != NULL || strstr(line, "second") != NULL) {
            filled[strstr(line, "second") != NULL] = dots;
        }
    }
    assert_in_range(filled[0], 200, 600);
    assert_in_range(filled[1] * 100 / filled[0], 40, 60);
}

static void a_line_rises_from_left_to_right(void **state)
{
    (void)state;
    static const double x[] = {0, 10}, y[] = {0, 1};
    const en_chart_series series = {"it", x, y, 2};
    const en_chart_lines lines = {.head = {.title = "Rising"},
                                  .x_label = "x",
                                  .y_label = "y",
                                  .series = &series,
                                  .count = 1,
                                  .y_low = 0,
                                  .y_high = 1,
                                  .no_dots = true,
                                  .mark_x = (double)NAN};
    assert_int_equal(en_chart_draw_lines(&lines, (en_chart_medium){.format = EN_CHART_TEXT, .columns = 80}, &out, &err),
                     EN_OK);
    size_t first[64], rows = 0;
    bool inside = false;
    for (char *line = strtok(out.data, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        inside = inside || strstr(line, "1.0") != NULL;
        const size_t at = strlen(line) > 10 ? 10 + strcspn(line + 10, ".:#") : 0; /* behind the axis' numbers */
        if (inside && line[at] != '\0' && at > 10 && rows < 64) {
            first[rows++] = at;
        }
    }
    assert_in_range(rows, 8, 40);
    for (size_t i = 1; i + 2 < rows; i++) { /* the last ones are the axis */
        assert_true(first[i] < first[i - 1]);
    }
}

static void every_line_fits_whatever_the_width(void **state)
{
    (void)state;
    static const size_t columns[] = {0, 40, 61, 80, 200};
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        en_buf_reset(&out);
        assert_int_equal(
            draw_bars("a name that is longer than any room there could be beside its bar", columns[i], true), EN_OK);
        assert_in_range(widest(), 20, columns[i] < 40 ? 40 : columns[i]);
        assert_true(out.data[0] != '\n' && out.data[out.size - 1] == '\n');
        assert_int_equal(count(" \n"), 0);
    }
}

static void nothing_but_ascii_where_there_is_no_utf8(void **state)
{
    (void)state;
    assert_int_equal(draw_bars("\xc3\xa9t\xc3\xa9", 80, false), EN_OK);
    for (size_t i = 0; i < out.size; i++) {
        assert_in_range((unsigned char)out.data[i], '\n', '~');
    }
    assert_int_equal(count("?t?"), 1);
    assert_true(count("#") > 20);
}

static void names_cannot_steer_a_terminal(void **state)
{
    (void)state;
    assert_int_equal(draw_bars("\x1b[2J\xc2\x9b"
                               "31m\x7f\xff",
                               100, true),
                     EN_OK);
    assert_int_equal(count("\x1b") + count("\xc2\x9b") + count("\x7f") + count("\xff"), 0);
    assert_int_equal(count("[2J\xef\xbf\xbd"
                           "31m\xef\xbf\xbd"),
                     1);
}

static void wide_letters_take_two_columns(void **state)
{
    (void)state;
    assert_int_equal(draw_bars("\xe7\x9c\xbc\xe7\x9c\xbc", 80, true), EN_OK);
    assert_int_equal(count("\xe7\x9c\xbc\xe7\x9c\xbc"), 1);
}

static void without_memory_it_says_so(void **state)
{
    (void)state;
    unsigned n = 1;
    for (;; n++) {
        en_alloc_fail_at(n);
        const en_status st = draw_bars("first", 80, true);
        en_alloc_fail_at(0);
        if (st == EN_OK) {
            break;
        }
        assert_int_equal(st, EN_NOMEM);
        assert_int_equal(out.size, 0);
    }
    assert_in_range(n, 4, 100);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(bars_are_as_long_as_their_values),   TEST(a_line_rises_from_left_to_right),
        TEST(every_line_fits_whatever_the_width), TEST(nothing_but_ascii_where_there_is_no_utf8),
        TEST(names_cannot_steer_a_terminal),      TEST(wide_letters_take_two_columns),
        TEST(without_memory_it_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
