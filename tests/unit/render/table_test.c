/* The same rows as text, as JSON and as CSV. */
#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/memory.h"
#include "render/record.h"

typedef struct capture {
    en_out out;
    char *text;
    size_t size;
} capture;

static void open_capture(capture *c, en_out_format format, size_t width)
{
    *c = (capture){.out = {.format = format, .width = width, .utf8 = true}};
    c->out.stream = open_memstream(&c->text, &c->size);
    assert_non_null(c->out.stream);
}

static void check(capture *c, const char *expected)
{
    assert_int_equal(fclose(c->out.stream), 0);
    assert_string_equal(c->text, expected);
    free(c->text);
}

static const en_column columns[] = {{"image", 0}, {"p", 3}, {"n", 0}};

static void put_rows(en_out *out)
{
    en_table *t;
    en_error err;
    assert_int_equal(en_table_new(out, columns, 3, &t, &err), EN_OK);
    en_table_text(t, "10_left");
    en_table_real(t, 0.1);
    en_table_int(t, 12);
    en_table_text(t, "say \"\xC3\xA9\", twice\n");
    en_table_real(t, (double)NAN);
    en_table_null(t);
    assert_int_equal(en_table_end(t, &err), EN_OK);
}

static void people_see_aligned_columns(void **state)
{
    (void)state;
    capture c;
    open_capture(&c, EN_OUT_TEXT, 0);
    put_rows(&c.out);
    check(&c, "image                 p   n\n"
              "----------------  -----  --\n"
              "10_left           0.100  12\n"
              "say \"\xC3\xA9\", twice\\n\n");
}

static void json_is_an_array_of_objects_with_numbers_as_numbers(void **state)
{
    (void)state;
    capture c;
    open_capture(&c, EN_OUT_JSON, 0);
    put_rows(&c.out);
    check(&c, "[{\"image\": \"10_left\", \"p\": 0.1, \"n\": 12},\n"
              " {\"image\": \"say \\\"\xC3\xA9\\\", twice\\n\", \"p\": null, \"n\": null}]\n");
}

static void csv_quotes_what_needs_it(void **state)
{
    (void)state;
    capture c;
    open_capture(&c, EN_OUT_CSV, 0);
    put_rows(&c.out);
    check(&c, "image,p,n\n10_left,0.1,12\n\"say \"\"\xC3\xA9\"\", twice\n\",,\n");
}

static void a_table_without_rows_is_a_header_or_an_empty_array(void **state)
{
    (void)state;
    static const struct {
        en_out_format format;
        const char *text;
    } cases[] = {{EN_OUT_TEXT, "image  p  n\n-----  -  -\n"}, {EN_OUT_JSON, "[]\n"}, {EN_OUT_CSV, "image,p,n\n"}};
    for (size_t i = 0; i < 3; i++) {
        capture c;
        en_table *t;
        en_error err;
        open_capture(&c, cases[i].format, 0);
        assert_int_equal(en_table_new(&c.out, columns, 3, &t, &err), EN_OK);
        assert_int_equal(en_table_end(t, &err), EN_OK);
        check(&c, cases[i].text);
    }
}

static void a_narrow_terminal_cuts_texts_and_never_numbers(void **state)
{
    (void)state;
    static const en_column wide[] = {{"text", 0}, {"number", 0}};
    capture c;
    en_table *t;
    en_error err;
    open_capture(&c, EN_OUT_TEXT, 24);
    assert_int_equal(en_table_new(&c.out, wide, 2, &t, &err), EN_OK);
    en_table_text(t, "a text of many more words");
    en_table_int(t, 123456789012);
    assert_int_equal(en_table_end(t, &err), EN_OK);
    check(&c, "text              number\n"
              "----------  ------------\n"
              "a text of\xE2\x80\xA6  123456789012\n");
}

static void what_a_cut_would_spoil_stays_whole(void **state)
{
    (void)state;
    static const en_column wide[] = {{"run", 0}, {"state", EN_UNCUT}};
    capture c;
    en_table *t;
    en_error err;
    open_capture(&c, EN_OUT_TEXT, 22);
    assert_int_equal(en_table_new(&c.out, wide, 2, &t, &err), EN_OK);
    en_table_text(t, "first of many");
    en_table_text(t, "interrupted");
    assert_int_equal(en_table_end(t, &err), EN_OK);
    check(&c, "run        state\n"
              "---------  -----------\n"
              "first of\xE2\x80\xA6  interrupted\n");
}

static void a_wrapped_text_goes_on_below_itself(void **state)
{
    (void)state;
    static const en_column wide[] = {{"column", EN_UNCUT}, {"meaning", EN_WRAPPED}, {"example", EN_UNCUT}};
    for (size_t width = 0; width <= 36; width += 36) {
        capture c;
        en_table *t;
        en_error err;
        open_capture(&c, EN_OUT_TEXT, width);
        assert_int_equal(en_table_new(&c.out, wide, 3, &t, &err), EN_OK);
        en_table_text(t, "rotation");
        en_table_text(t, "degrees, counter-clockwise, 0..359");
        en_table_text(t, "90");
        en_table_text(t, "x");
        en_table_text(t, "of one wooooooooooooooooooord");
        en_table_text(t, "-");
        assert_int_equal(en_table_end(t, &err), EN_OK);
        check(&c, width == 0 ? "column    meaning                             example\n"
                               "--------  ----------------------------------  -------\n"
                               "rotation  degrees, counter-clockwise, 0..359  90\n"
                               "x         of one wooooooooooooooooooord       -\n"
                             : "column    meaning            example\n"
                               "--------  -----------------  -------\n"
                               "rotation  degrees,           90\n"
                               "          counter-clockwise\n"
                               "          , 0..359\n"
                               "x         of one             -\n"
                               "          woooooooooooooooo\n"
                               "          ooord\n");
    }
}

static void rows_of_too_many_columns_stand_upright(void **state)
{
    (void)state;
    static const en_column many[] = {{"image", 0}, {"width", 0}, {"height", 0}};
    for (size_t rows = 0; rows <= 2; rows += 2) {
        capture c;
        en_table *t;
        en_error err;
        open_capture(&c, EN_OUT_TEXT, 18);
        assert_int_equal(en_table_new(&c.out, many, 3, &t, &err), EN_OK);
        for (size_t i = 0; i < rows; i++) {
            en_table_text(t, i == 0 ? "10_left" : "a name too long for a line");
            en_table_int(t, 100);
            i == 0 ? en_table_null(t) : en_table_int(t, 200);
        }
        assert_int_equal(en_table_end(t, &err), EN_OK);
        check(&c, rows == 0 ? "image\nwidth\nheight\n"
                            : "-- 1 -------------\n"
                              "image   10_left\nwidth   100\nheight\n"
                              "-- 2 -------------\n"
                              "image   a name too long for a line\nwidth   100\nheight  200\n");
    }
}

static void rows_after_the_first_thousand_stream_in_the_same_columns(void **state)
{
    (void)state;
    static const en_column one[] = {{"n", 0}};
    capture c;
    en_table *t;
    en_error err;
    open_capture(&c, EN_OUT_TEXT, 0);
    assert_int_equal(en_table_new(&c.out, one, 1, &t, &err), EN_OK);
    for (int64_t i = 0; i < 1500; i++) {
        en_table_int(t, i);
    }
    assert_int_equal(en_table_end(t, &err), EN_OK);
    fflush(c.out.stream);
    size_t lines = 0;
    for (size_t i = 0; i < c.size; i++) {
        lines += c.text[i] == '\n';
    }
    assert_int_equal(lines, 1502);
    assert_non_null(strstr(c.text, "\n  0\n"));
    assert_non_null(strstr(c.text, "\n999\n1000\n"));
    fclose(c.out.stream);
    free(c.text);
}

static void two_columns_of_one_name_stay_apart_in_json(void **state)
{
    (void)state;
    static const en_column twice[] = {{"n", 0}, {"n", 0}};
    capture c;
    en_table *t;
    en_error err;
    open_capture(&c, EN_OUT_JSON, 0);
    assert_int_equal(en_table_new(&c.out, twice, 2, &t, &err), EN_OK);
    en_table_int(t, 1);
    en_table_int(t, 2);
    assert_int_equal(en_table_end(t, &err), EN_OK);
    check(&c, "[{\"n\": 1, \"n:2\": 2}]\n");
}

static void a_record_stands_upright_for_people_only(void **state)
{
    (void)state;
    static const char *const expected[] = {
        "run       first\naccuracy  0.75\n",
        "[{\"run\": \"first\", \"accuracy\": 0.75, \"auc\": null, \"epochs\": null}]\n"};
    for (size_t i = 0; i < 2; i++) {
        capture c;
        en_error err;
        open_capture(&c, i == 0 ? EN_OUT_TEXT : EN_OUT_JSON, 0);
        en_record r = {.out = &c.out};
        en_record_text(&r, "run", "first");
        en_record_real(&r, "accuracy", 2, 0.75);
        en_record_real(&r, "auc", 2, (double)NAN);
        en_record_int_if(&r, "epochs", false, 7);
        assert_int_equal(en_record_end(&r, &err), EN_OK);
        check(&c, expected[i]);
    }
}

static void a_record_with_too_many_columns_is_a_fault_of_ours(void **state)
{
    (void)state;
    capture c;
    en_error err;
    open_capture(&c, EN_OUT_TEXT, 0);
    en_record r = {.out = &c.out};
    for (int i = 0; i <= EN_RECORD_COLUMNS; i++) {
        en_record_int(&r, "n", i);
    }
    assert_int_equal(en_record_end(&r, &err), EN_BUG);
    check(&c, "");
}

static void numbers_in_json_read_back_as_they_were(void **state)
{
    (void)state;
    static const en_column one[] = {{"x", 0}};
    const double numbers[] = {0.1, 1.0 / 3.0, 1e300, -0.0078125, 123456789.125};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        capture c;
        en_table *t;
        en_error err;
        open_capture(&c, EN_OUT_JSON, 0);
        assert_int_equal(en_table_new(&c.out, one, 1, &t, &err), EN_OK);
        en_table_real(t, numbers[i]);
        assert_int_equal(en_table_end(t, &err), EN_OK);
        fclose(c.out.stream);
        assert_true(strtod(c.text + strlen("[{\"x\": "), NULL) == numbers[i]);
        free(c.text);
    }
}

static void running_out_of_memory_is_an_error_and_nothing_leaks(void **state)
{
    (void)state;
    for (long nth = 1; nth < 12; nth++) {
        capture c;
        en_table *t = NULL;
        en_error err = {.status = EN_OK};
        open_capture(&c, EN_OUT_TEXT, 0);
        en_alloc_fail_at(nth);
        en_status st = en_table_new(&c.out, columns, 3, &t, &err);
        if (st == EN_OK) {
            en_table_text(t, "10_left");
            en_table_real(t, 0.5);
            en_table_int(t, 1);
            st = en_table_end(t, &err);
        }
        en_alloc_fail_at(0);
        assert_true(st == EN_OK || st == EN_NOMEM);
        assert_true(nth > 1 || st == EN_NOMEM);
        fclose(c.out.stream);
        free(c.text);
    }
}

static void a_full_disk_is_reported_when_the_output_ends(void **state)
{
    (void)state;
    en_error err;
    en_out out = {.stream = fopen("/dev/full", "w")};
    if (out.stream == NULL) {
        print_message("SKIPPED: there is no /dev/full here\n");
        skip();
    }
    en_out_line(&out, "%s", "text");
    assert_int_equal(en_out_finish(&out, &err), EN_IO);
    assert_non_null(strstr(err.text, "No space left"));
    fclose(out.stream);
}

int main(void)
{
    (void)setlocale(LC_CTYPE, "C.UTF-8");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(people_see_aligned_columns),
        cmocka_unit_test(json_is_an_array_of_objects_with_numbers_as_numbers),
        cmocka_unit_test(csv_quotes_what_needs_it),
        cmocka_unit_test(a_table_without_rows_is_a_header_or_an_empty_array),
        cmocka_unit_test(a_narrow_terminal_cuts_texts_and_never_numbers),
        cmocka_unit_test(what_a_cut_would_spoil_stays_whole),
        cmocka_unit_test(a_wrapped_text_goes_on_below_itself),
        cmocka_unit_test(rows_of_too_many_columns_stand_upright),
        cmocka_unit_test(rows_after_the_first_thousand_stream_in_the_same_columns),
        cmocka_unit_test(two_columns_of_one_name_stay_apart_in_json),
        cmocka_unit_test(a_record_stands_upright_for_people_only),
        cmocka_unit_test(a_record_with_too_many_columns_is_a_fault_of_ours),
        cmocka_unit_test(numbers_in_json_read_back_as_they_were),
        cmocka_unit_test(running_out_of_memory_is_an_error_and_nothing_leaks),
        cmocka_unit_test(a_full_disk_is_reported_when_the_output_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
