/* Charts on good, odd and hostile data. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "plot/chart.h"

#define NONE ((double)NAN)
#define HOSTILE "</text><script>alert('x')</script>&\"\xff\x01"

static en_buf out;

/* fontconfig keeps some hundred bytes for good, which is no leak of ours. */
const char *__lsan_default_suppressions(void);
__attribute__((visibility("default"))) const char *__lsan_default_suppressions(void) { return "leak:libfontconfig"; }

static int begin(void **state)
{
    (void)state;
    en_buf_init(&out, (size_t)16 << 20);
    return 0;
}

static int end(void **state)
{
    (void)state;
    en_alloc_fail_at(0);
    en_buf_clear(&out);
    return 0;
}

/* One of each kind, all with the same names, over `n` points (at most 32) made by `value`. */
typedef struct sample {
    double x[32], y[32];
    int64_t count[32];
    const char *names[2];
    en_chart_series series[2];
    en_chart_lines lines;
    en_chart_roc roc;
    en_chart_confusion confusion;
    en_chart_bars bars;
    en_chart_calibration calibration;
    en_chart_point point[2];
    en_chart_row row[3];
    en_chart_forest forest;
    en_chart_step step[3];
    en_chart_flow flow;
} sample;

static void make_sample(sample *s, size_t n, const char *name, double value)
{
    *s = (sample){.names = {name, name}};
    for (size_t i = 0; i < 32; i++) {
        s->x[i] = (double)i / 31;
        s->y[i] = isfinite(value) ? sqrt(s->x[i]) * value : value;
        s->count[i] = (int64_t)i + 1;
    }
    en_chart head = {.title = name, .subtitle = name, .alt = name};
    s->series[0] = s->series[1] = (en_chart_series){.name = name, .x = s->x, .y = s->y, .count = n};
    s->lines = (en_chart_lines){.head = head,
                                .x_label = name,
                                .y_label = name,
                                .series = s->series,
                                .count = 2,
                                .y_low = NONE,
                                .y_high = NONE,
                                .mark_x = s->x[3],
                                .mark_label = name};
    s->roc = (en_chart_roc){.head = head,
                            .fpr = s->x,
                            .tpr = s->y,
                            .count = n,
                            .auc = value,
                            .auc_low = value,
                            .auc_high = value,
                            .confidence = 0.95,
                            .band_fpr = s->x,
                            .band_low = s->x,
                            .band_high = s->y,
                            .band = n,
                            .point = s->point,
                            .points = 2};
    s->point[0] = (en_chart_point){0.2, value, name};
    s->point[1] = (en_chart_point){0.4, value, name};
    s->row[0] = (en_chart_row){.name = name, .n = -1};
    s->row[1] = (en_chart_row){.name = name, .n = 1234, .value = value, .low = 0.25, .high = value};
    s->row[2] = (en_chart_row){.name = name, .n = 7, .value = value, .low = NONE, .high = NONE};
    s->forest =
        (en_chart_forest){.head = head, .x_label = name, .row = s->row, .rows = n < 3 ? n : 3, .reference = value};
    s->step[0] = (en_chart_step){.title = name, .detail = name, .side = {name, name}};
    s->step[1] = s->step[2] = (en_chart_step){.title = name};
    s->flow = (en_chart_flow){.head = head, .step = s->step, .steps = n < 3 ? n : 3};
    s->confusion = (en_chart_confusion){.head = head, .names = s->names, .classes = 2, .count = s->count};
    s->bars = (en_chart_bars){.head = head,
                              .names = s->names,
                              .bars = n < 2 ? n : 2,
                              .part_names = s->names,
                              .parts = 2,
                              .value = s->y,
                              .proportion = true};
    s->calibration = (en_chart_calibration){.head = head,
                                            .predicted = s->x,
                                            .observed = s->y,
                                            .low = s->x,
                                            .high = s->y,
                                            .count = s->count,
                                            .bins = n,
                                            .ece = value,
                                            .brier = value};
}

#define KINDS 7
static const en_chart_medium svg_medium = {.format = EN_CHART_SVG};

static en_status draw(const sample *s, int kind, en_chart_format format, en_error *err)
{
    const en_chart_medium medium = {.format = format};
    switch (kind) {
    case 0: return en_chart_draw_lines(&s->lines, medium, &out, err);
    case 1: return en_chart_draw_roc(&s->roc, medium, &out, err);
    case 2: return en_chart_draw_confusion(&s->confusion, medium, &out, err);
    case 3: return en_chart_draw_bars(&s->bars, medium, &out, err);
    case 4: return en_chart_draw_calibration(&s->calibration, medium, &out, err);
    case 5: return en_chart_draw_forest(&s->forest, medium, &out, err);
    default: return en_chart_draw_flow(&s->flow, medium, &out, err);
    }
}

/* Tags open and close in order, attributes are quoted, nothing else looks like markup: enough XML for what we write. */
static void assert_well_formed(const char *svg)
{
    char open[16][32];
    size_t depth = 0;
    for (const char *p = strchr(svg, '<'); p != NULL; p = strchr(p, '<')) {
        bool closing = p[1] == '/';
        p += closing ? 2 : 1;
        size_t length = strspn(p, "abcdefghijklmnopqrstuvwxyz");
        assert_true(length > 0 && length < 32);
        char name[32] = {0};
        memcpy(name, p, length);
        const char *last = p;
        bool quoted = false;
        for (; *last != '\0' && (quoted || *last != '>'); last++) {
            if (*last == '"') {
                quoted = !quoted;
            }
            assert_true(*last != '<');
        }
        assert_true(*last == '>');
        if (closing) {
            assert_true(depth > 0);
            assert_string_equal(open[--depth], name);
        } else if (last[-1] != '/') {
            assert_true(depth < 16);
            strcpy(open[depth++], name);
        }
        p = last;
    }
    assert_int_equal(depth, 0);
}

static void every_kind_is_a_well_formed_svg(void **state)
{
    (void)state;
    sample s;
    make_sample(&s, 32, "plain", 1);
    for (int kind = 0; kind < KINDS; kind++) {
        en_buf_reset(&out);
        assert_int_equal(draw(&s, kind, EN_CHART_SVG, NULL), EN_OK);
        assert_well_formed(en_buf_str(&out));
        assert_non_null(strstr(en_buf_str(&out), "role=\"img\" aria-label=\"plain\""));
        assert_null(strstr(en_buf_str(&out), " id=")); /* ids of charts on one page would clash */
        assert_null(strstr(en_buf_str(&out), "href"));
    }
}

static void png_and_pdf_are_what_they_say(void **state)
{
    (void)state;
    sample s;
    make_sample(&s, 32, "plain", 1);
    for (int kind = 0; kind < KINDS; kind++) {
        en_buf_reset(&out);
        assert_int_equal(draw(&s, kind, EN_CHART_PNG, NULL), EN_OK);
        assert_memory_equal(out.data, "\x89PNG\r\n\x1a\n", 8);
        assert_memory_equal(out.data + 16, "\0\0\x03\xc0", 4); /* 960 px wide */
        en_buf_reset(&out);
        assert_int_equal(draw(&s, kind, EN_CHART_PDF, NULL), EN_OK);
        assert_memory_equal(out.data, "%PDF-", 5);
    }
}

static void a_picture_is_as_large_as_it_should_be(void **state)
{
    (void)state;
    sample s;
    en_error err = {0};
    make_sample(&s, 32, "plain", 1);
    assert_int_equal(
        en_chart_draw_lines(&s.lines, (en_chart_medium){EN_CHART_PNG, .width_mm = 85, .dpi = 600}, &out, NULL), EN_OK);
    assert_memory_equal(out.data + 16, "\0\0\x07\xd8", 4); /* 85 / 25.4 * 600 = 2008 px */
    en_buf_reset(&out);
    assert_int_equal(en_chart_draw_lines(&s.lines, (en_chart_medium){EN_CHART_SVG, .width_mm = 254}, &out, NULL),
                     EN_OK);
    assert_non_null(strstr(en_buf_str(&out), " width=\"960\" "));
    assert_non_null(strstr(en_buf_str(&out), "viewBox=\"0 0 480 "));
    en_buf_reset(&out);
    assert_int_equal(
        en_chart_draw_lines(&s.lines, (en_chart_medium){EN_CHART_PNG, .width_mm = 1000, .dpi = 1200}, &out, &err),
        EN_USAGE);
    assert_non_null(strstr(err.text, "at most 16384"));
    assert_int_equal(out.size, 0);
}

static void the_same_chart_is_the_same_bytes(void **state)
{
    (void)state;
    sample s;
    make_sample(&s, 32, "plain", 1);
    for (int format = EN_CHART_SVG; format <= EN_CHART_PDF; format++) {
        for (int kind = 0; kind < KINDS; kind++) {
            en_buf_reset(&out);
            assert_int_equal(draw(&s, kind, (en_chart_format)format, NULL), EN_OK);
            size_t size = out.size;
            assert_int_equal(draw(&s, kind, (en_chart_format)format, NULL), EN_OK);
            assert_int_equal(out.size, 2 * size);
            assert_memory_equal(out.data, out.data + size, size);
        }
    }
}

static void a_chart_without_data_says_so(void **state)
{
    (void)state;
    sample s;
    make_sample(&s, 0, "empty", 1);
    for (int kind = 0; kind < KINDS; kind++) {
        if (kind == 2) {
            continue; /* a confusion matrix has at least one class */
        }
        en_buf_reset(&out);
        assert_int_equal(draw(&s, kind, EN_CHART_SVG, NULL), EN_OK);
        assert_well_formed(en_buf_str(&out));
        assert_non_null(strstr(en_buf_str(&out), ">no data<"));
    }
}

static void a_single_point_is_drawn_as_a_dot(void **state)
{
    (void)state;
    sample s;
    make_sample(&s, 1, "one", 1);
    assert_int_equal(draw(&s, 0, EN_CHART_SVG, NULL), EN_OK);
    assert_non_null(strstr(en_buf_str(&out), "<circle"));
    assert_null(strstr(en_buf_str(&out), ">no data<"));
}

/* Every position and length is written with digits, sign and point alone: no nan, no inf, no exponent. */
static void assert_plain_numbers(const char *svg)
{
    static const char *const attributes[] = {" x=\"",     " y=\"",      " cx=\"",     " cy=\"",          " r=\"",
                                             " width=\"", " height=\"", " points=\"", " fill-opacity=\""};
    for (size_t i = 0; i < sizeof attributes / sizeof attributes[0]; i++) {
        for (const char *p = svg; (p = strstr(p, attributes[i])) != NULL;) {
            p += strlen(attributes[i]);
            size_t plain = strspn(p, "0123456789.- ,");
            assert_true(plain > 0 && p[plain] == '"');
        }
    }
}

static void odd_numbers_never_reach_the_picture(void **state)
{
    (void)state;
    const double odd[] = {NONE, (double)INFINITY, -(double)INFINITY, 1e300, -1e300, 1e31, 1e-300, 0};
    for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++) {
        sample s;
        make_sample(&s, 32, "odd", odd[i]);
        for (int kind = 0; kind < KINDS; kind++) {
            en_buf_reset(&out);
            assert_int_equal(draw(&s, kind, EN_CHART_SVG, NULL), EN_OK);
            const char *svg = en_buf_str(&out);
            assert_well_formed(svg);
            assert_plain_numbers(svg);
            en_buf_reset(&out);
            assert_int_equal(draw(&s, kind, EN_CHART_PDF, NULL), EN_OK);
        }
    }
}

static void a_gap_in_the_data_is_a_gap_in_the_line(void **state)
{
    (void)state;
    double x[] = {1, 2, 3, 4, 5}, y[] = {1, 2, NONE, 4, 5};
    en_chart_series series = {.name = "loss", .x = x, .y = y, .count = 5};
    en_chart_lines chart = {.series = &series, .count = 1, .y_low = NONE, .y_high = NONE, .mark_x = NONE};
    assert_int_equal(en_chart_draw_lines(&chart, svg_medium, &out, NULL), EN_OK);
    size_t pieces = 0;
    for (const char *p = en_buf_str(&out); (p = strstr(p, "class=\"pl-s0-l\"")) != NULL; p++) {
        pieces++;
    }
    assert_int_equal(pieces, 3); /* the legend's and the two pieces */
}

/* The least y of the polylines of a class that have at least `least` points. */
static double highest_point(const char *svg, const char *class, size_t least)
{
    double highest = 1e9;
    for (const char *line = svg; (line = strstr(line, "<polyline points=\"")) != NULL;) {
        line += strlen("<polyline points=\"");
        const char *close = strchr(line, '>'), *bears = strstr(line, class);
        double top = 1e9;
        size_t points = 0;
        for (const char *p = line; *p != '"'; points++) {
            char *next;
            strtod(p, &next);
            double y = strtod(next + 1, &next);
            top = y < top ? y : top;
            p = *next == ' ' ? next + 1 : next;
        }
        if (points >= least && bears != NULL && bears < close && top < highest) {
            highest = top;
        }
    }
    return highest;
}

static void a_million_points_make_a_small_picture_and_keep_their_peaks(void **state)
{
    (void)state;
    enum { N = 1000000 };
    double *x = en_calloc(N, sizeof *x), *y = en_calloc(N, sizeof *y);
    assert_non_null(x);
    assert_non_null(y);
    for (size_t i = 0; i < N; i++) {
        x[i] = (double)i;
        y[i] = (double)(i % 97) / 97 * 0.5;
    }
    y[777777] = 1; /* one peak among a million */
    en_chart_series series = {.name = "loss", .x = x, .y = y, .count = N};
    en_chart_lines chart = {.series = &series, .count = 1, .y_low = 0, .y_high = NONE, .mark_x = NONE};
    assert_int_equal(en_chart_draw_lines(&chart, svg_medium, &out, NULL), EN_OK);
    assert_true(out.size < 100000);
    assert_non_null(strstr(en_buf_str(&out), ">1.0<"));
    double peak = highest_point(en_buf_str(&out), "pl-s0-l", 100);
    double grid = highest_point(en_buf_str(&out), "pl-grid-l", 2); /* the line at 1.0, which the peak reaches */
    assert_float_equal(peak, grid, 0.01);
    en_free(x);
    en_free(y);
}

static void hostile_names_are_only_text(void **state)
{
    (void)state;
    sample s;
    make_sample(&s, 32, HOSTILE, 1);
    for (int kind = 0; kind < KINDS; kind++) {
        en_buf_reset(&out);
        assert_int_equal(draw(&s, kind, EN_CHART_SVG, NULL), EN_OK);
        assert_well_formed(en_buf_str(&out));
        assert_null(strstr(en_buf_str(&out), "<script"));
        assert_non_null(strstr(en_buf_str(&out), "&lt;script&gt;"));
        assert_null(strchr(en_buf_str(&out), '\xff'));
        assert_null(strchr(en_buf_str(&out), '\x01'));
        assert_int_equal(draw(&s, kind, EN_CHART_PNG, NULL), EN_OK);
        assert_int_equal(draw(&s, kind, EN_CHART_PDF, NULL), EN_OK);
    }
}

static void long_names_are_shortened(void **state)
{
    (void)state;
    char name[4001];
    memset(name, 'w', 4000);
    name[4000] = '\0';
    sample s;
    make_sample(&s, 32, name, 1);
    s.lines.head.alt = s.roc.head.alt = s.confusion.head.alt = s.bars.head.alt = s.calibration.head.alt =
        s.forest.head.alt = s.flow.head.alt = "short";
    for (int kind = 0; kind < KINDS; kind++) {
        en_buf_reset(&out);
        assert_int_equal(draw(&s, kind, EN_CHART_SVG, NULL), EN_OK);
        char run[101];
        memset(run, 'w', 100);
        run[100] = '\0';
        assert_null(strstr(en_buf_str(&out), run));
        assert_non_null(strstr(en_buf_str(&out), "w\xe2\x80\xa6<")); /* with an ellipsis */
    }
}

static void a_class_too_wide_for_its_column_goes_on_in_a_second_line(void **state)
{
    (void)state;
    static const char *const name[] = {"not gradable", "gradable"};
    const int64_t count[4] = {9};
    const en_chart_confusion chart = {.names = name, .classes = 2, .count = count};
    assert_int_equal(en_chart_draw_confusion(&chart, svg_medium, &out, NULL), EN_OK);
    assert_well_formed(en_buf_str(&out));
    assert_non_null(strstr(en_buf_str(&out), ">not<"));
    assert_null(strstr(en_buf_str(&out), "\xe2\x80\xa6")); /* nothing is shortened */
}

static void columns_too_narrow_for_names_have_their_first_words(void **state)
{
    (void)state;
    static const char *const grade[] = {"0 no DR", "1 mild", "2 moderate", "3 severe", "4 proliferative"};
    static const char *const same[] = {"DR absent", "DR proliferative", "DR moderate", "DR severe", "DR unknown"};
    const int64_t count[25] = {9};
    en_chart_confusion chart = {.names = grade, .classes = 5, .count = count};
    assert_int_equal(en_chart_draw_confusion(&chart, svg_medium, &out, NULL), EN_OK);
    assert_well_formed(en_buf_str(&out));
    assert_non_null(strstr(en_buf_str(&out), ">4<"));
    assert_non_null(strstr(en_buf_str(&out), ">4 proliferative<")); /* the row */
    assert_null(strstr(en_buf_str(&out), "\xe2\x80\xa6"));          /* nothing is shortened */
    en_buf_reset(&out);
    chart.names = same; /* whose first words say nothing */
    assert_int_equal(en_chart_draw_confusion(&chart, svg_medium, &out, NULL), EN_OK);
    assert_non_null(strstr(en_buf_str(&out), ">DR<")); /* the first line of two */
    assert_non_null(strstr(en_buf_str(&out), "\xe2\x80\xa6<"));
}

/* The value of an attribute of the tag that `at` points into. */
static double attribute(const char *at, const char *name)
{
    const char *found = strstr(at, name);
    assert_non_null(found);
    return strtod(found + strlen(name), NULL);
}

static void counts_of_a_calibration_stand_below_its_axis_on_their_own_scale(void **state)
{
    (void)state;
    const double p[] = {0.1, 0.6};
    const int64_t count[] = {1234, 1};
    const en_chart_calibration chart = {
        .predicted = p, .observed = p, .count = count, .bins = 2, .ece = NONE, .brier = NONE};
    assert_int_equal(en_chart_draw_calibration(&chart, svg_medium, &out, NULL), EN_OK);
    const char *svg = en_buf_str(&out), *axis = strstr(svg, ">0.0<"); /* the first is that of the y axis, at its foot */
    assert_non_null(strstr(svg, ">predictions in a bin<"));
    assert_non_null(strstr(svg, ">1,234<"));
    while (axis > svg && strncmp(axis, "<text", 5) != 0) {
        axis--;
    }
    const char *bar = strstr(svg, "fill-opacity=\"0.5\"");
    assert_non_null(bar);
    while (bar > svg && strncmp(bar, "<rect", 5) != 0) {
        bar--;
    }
    assert_true(attribute(bar, " y=\"") > attribute(axis, " y=\""));
}

/* The attribute of the tag in which the nth `mark` is. */
static double nth(const char *svg, const char *mark, size_t n, const char *name)
{
    const char *at = strstr(svg, mark);
    for (size_t i = 0; at != NULL && i < n; i++) {
        at = strstr(at + 1, mark);
    }
    assert_non_null(at);
    while (at > svg && *at != '<') {
        at--;
    }
    return attribute(at, name);
}

static void a_forest_plot_places_estimates_on_one_axis(void **state)
{
    (void)state;
    const en_chart_row row[] = {{"Eye", -1, NONE, NONE, NONE},
                                {"left", 191, 0.6, 0.5, 0.7},
                                {"right", 192, 0.8, 0.75, 0.9},
                                {"unknown", 3, 0.7, NONE, NONE}};
    const en_chart_forest chart = {.x_label = "AUC", .row = row, .rows = 4, .reference = NONE};
    assert_int_equal(en_chart_draw_forest(&chart, svg_medium, &out, NULL), EN_OK);
    const char *svg = en_buf_str(&out);
    double left = nth(svg, "width=\"9\"", 0, " x=\""), right = nth(svg, "width=\"9\"", 1, " x=\""),
           unknown = nth(svg, "width=\"9\"", 2, " x=\"");
    assert_true(left < unknown && unknown < right);
    assert_true(fabs((unknown - left) - (right - unknown)) < 0.1); /* 0.6, 0.7, 0.8 */
    assert_non_null(strstr(svg, ">0.600 [0.500, 0.700]<"));
    assert_non_null(strstr(svg, ">0.700 [too few]<"));
    assert_null(strstr(svg, ">-1<")); /* a heading has no number */
}

static void a_flow_diagram_says_what_left_between_two_steps(void **state)
{
    (void)state;
    const en_chart_step step[] = {{.title = "Fetched", .detail = "n = 960", .side = {"3 black", "1 blurred"}},
                                  {.title = "In use", .detail = "n = 956"}};
    const en_chart_flow chart = {.step = step, .steps = 2};
    assert_int_equal(en_chart_draw_flow(&chart, svg_medium, &out, NULL), EN_OK);
    const char *svg = en_buf_str(&out);
    double fetched = nth(svg, "Fetched<", 0, " y=\""), used = nth(svg, "In use<", 0, " y=\""),
           black = nth(svg, "3 black<", 0, " y=\""), blurred = nth(svg, "1 blurred<", 0, " y=\"");
    assert_true(fetched < black && black < blurred && blurred < used);
    assert_true(nth(svg, "3 black<", 0, " x=\"") > nth(svg, "Fetched<", 0, " x=\"") + 200);
}

static void a_long_subtitle_takes_a_second_line(void **state)
{
    (void)state;
    sample s;
    make_sample(&s, 32, "plain", 1);
    s.roc.head.subtitle = "main/test, n = 12,345, 6,789 patients; gradable: not gradable / gradable";
    assert_int_equal(draw(&s, 1, EN_CHART_SVG, NULL), EN_OK);
    const char *svg = en_buf_str(&out);
    assert_true(nth(svg, "main/test", 0, " y=\"") < nth(svg, "gradable<", 0, " y=\""));
    assert_null(strstr(svg, "/ gradable<"));
    assert_null(strstr(svg, "\xe2\x80\xa6")); /* nothing is shortened */
}

static void too_much_for_one_chart_is_refused(void **state)
{
    (void)state;
    sample s;
    make_sample(&s, 32, "much", 1);
    en_error err = {0};
    s.lines.count = EN_CHART_SERIES_MAX + 1;
    assert_int_equal(draw(&s, 0, EN_CHART_SVG, &err), EN_USAGE);
    s.confusion.classes = 0;
    assert_int_equal(draw(&s, 2, EN_CHART_SVG, &err), EN_USAGE);
    s.confusion.classes = EN_CHART_CLASSES_MAX + 1;
    assert_int_equal(draw(&s, 2, EN_CHART_SVG, &err), EN_USAGE);
    s.bars.parts = EN_CHART_SERIES_MAX + 1;
    assert_int_equal(draw(&s, 3, EN_CHART_SVG, &err), EN_USAGE);
    s.roc.points = EN_CHART_POINTS_MAX + 1;
    assert_int_equal(draw(&s, 1, EN_CHART_SVG, &err), EN_USAGE);
    s.forest.rows = EN_CHART_ROWS_MAX + 1;
    assert_int_equal(draw(&s, 5, EN_CHART_SVG, &err), EN_USAGE);
    s.flow.steps = EN_CHART_STEPS_MAX + 1;
    assert_int_equal(draw(&s, 6, EN_CHART_SVG, &err), EN_USAGE);
    s.bars.parts = 0;
    assert_int_equal(draw(&s, 3, EN_CHART_SVG, &err), EN_USAGE);
    assert_int_equal(out.size, 0);
    assert_true(strlen(err.text) > 0);
}

static void a_full_buffer_is_an_error_and_stays_as_it_was(void **state)
{
    (void)state;
    sample s;
    make_sample(&s, 32, "plain", 1);
    for (int format = EN_CHART_SVG; format <= EN_CHART_PDF; format++) {
        en_buf small;
        en_buf_init(&small, 200);
        assert_int_equal(en_buf_text(&small, "before", NULL), EN_OK);
        assert_int_equal(en_chart_draw_roc(&s.roc, (en_chart_medium){.format = (en_chart_format)format}, &small, NULL),
                         EN_INPUT);
        assert_string_equal(en_buf_str(&small), "before");
        en_buf_clear(&small);
    }
}

static void running_out_of_memory_is_an_error_anywhere(void **state)
{
    (void)state;
    sample s;
    make_sample(&s, 32, "plain", 1);
    for (int format = EN_CHART_SVG; format <= EN_CHART_PDF; format++) {
        int failed = 0;
        for (long nth = 1; nth < 200; nth++) {
            en_buf_clear(&out);
            en_alloc_fail_at(nth);
            en_status st = draw(&s, 0, (en_chart_format)format, NULL);
            en_alloc_fail_at(0);
            if (st == EN_OK) {
                break;
            }
            assert_int_equal(st, EN_NOMEM);
            assert_int_equal(out.size, 0);
            failed++;
        }
        assert_true(failed >= 2);
    }
}

static void formats_have_names(void **state)
{
    (void)state;
    en_chart_format format = EN_CHART_SVG;
    assert_true(en_chart_format_parse("pdf", &format));
    assert_int_equal(format, EN_CHART_PDF);
    assert_false(en_chart_format_parse("gif", &format));
    assert_int_equal(format, EN_CHART_PDF);
    assert_string_equal(en_chart_format_name(EN_CHART_PNG), "png");
}

#define CHART_TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CHART_TEST(every_kind_is_a_well_formed_svg),
        CHART_TEST(png_and_pdf_are_what_they_say),
        CHART_TEST(a_picture_is_as_large_as_it_should_be),
        CHART_TEST(the_same_chart_is_the_same_bytes),
        CHART_TEST(a_chart_without_data_says_so),
        CHART_TEST(a_single_point_is_drawn_as_a_dot),
        CHART_TEST(odd_numbers_never_reach_the_picture),
        CHART_TEST(a_gap_in_the_data_is_a_gap_in_the_line),
        CHART_TEST(a_million_points_make_a_small_picture_and_keep_their_peaks),
        CHART_TEST(hostile_names_are_only_text),
        CHART_TEST(long_names_are_shortened),
        CHART_TEST(a_class_too_wide_for_its_column_goes_on_in_a_second_line),
        CHART_TEST(columns_too_narrow_for_names_have_their_first_words),
        CHART_TEST(counts_of_a_calibration_stand_below_its_axis_on_their_own_scale),
        CHART_TEST(a_forest_plot_places_estimates_on_one_axis),
        CHART_TEST(a_flow_diagram_says_what_left_between_two_steps),
        CHART_TEST(a_long_subtitle_takes_a_second_line),
        CHART_TEST(too_much_for_one_chart_is_refused),
        CHART_TEST(a_full_buffer_is_an_error_and_stays_as_it_was),
        CHART_TEST(running_out_of_memory_is_an_error_anywhere),
        CHART_TEST(formats_have_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
