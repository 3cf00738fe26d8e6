/* Logged lines: what they mean, and that strangers' lines are refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "training/log_line.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static en_error err;

static void is(const en_log_line *line, size_t i, en_log_kind kind, en_part part, const char *name, const char *text)
{
    assert_true(i < line->count);
    assert_int_equal(line->item[i].kind, kind);
    assert_string_equal(line->item[i].name, name);
    assert_string_equal(line->item[i].text, text);
    if (kind == EN_LOG_METRIC) {
        assert_int_equal(line->item[i].part, part);
    }
}

static void words_and_json_say_the_same(void **state)
{
    (void)state;
    static const char *const text[] = {
        "epoch=3 step=120 val_loss=0.5 auc/val=nan train/acc=1e-3 lr=2 param.opt=\"adam w\" tag=a note=\"b c\"\r",
        "{\"val_loss\": 0.5, \"auc/val\": NaN, \"train/acc\": 0.001, \"lr\": 2, \"params\": {\"opt\": \"adam w\"},"
        " \"tag\": \"a\", \"note\": \"b c\", \"step\": 120, \"epoch\": 3}\n"};
    for (size_t i = 0; i < 2; i++) {
        en_log_line line;
        assert_int_equal(en_log_line_parse(text[i], strlen(text[i]), &line, &err), EN_OK);
        assert_int_equal(line.epoch, 3);
        assert_int_equal(line.step, 120);
        assert_int_equal(line.count, 7);
        is(&line, 0, EN_LOG_METRIC, EN_PART_VAL, "loss", "0.5");
        assert_int_equal(line.item[1].part, EN_PART_VAL);
        assert_string_equal(line.item[1].name, "auc");
        assert_true(isnan(line.item[1].value));
        assert_int_equal(line.item[2].part, EN_PART_TRAIN);
        assert_string_equal(line.item[2].name, "acc");
        assert_true(fabs(line.item[2].value - 1e-3) < 1e-12);
        is(&line, 3, EN_LOG_METRIC, EN_PART_NONE, "lr", "2");
        is(&line, 4, EN_LOG_PARAM, EN_PART_NONE, "opt", "adam w");
        is(&line, 5, EN_LOG_TAG, EN_PART_NONE, "tag", "a");
        is(&line, 6, EN_LOG_NOTE, EN_PART_NONE, "note", "b c");
        en_log_line_clear(&line);
    }
}

static void settings_are_flat_and_keep_their_digits(void **state)
{
    (void)state;
    static const char text[] =
        "{\"lr\": 0.1, \"third\": 0.3333333333333333, \"n\": -7, \"on\": true, \"none\": null, \"s\": "
        "\"a\\\"NaN\\\"\", \"deep\": {\"list\": [1, \"x\"]}}";
    en_log_line line;
    assert_int_equal(en_log_params_parse(text, strlen(text), &line, &err), EN_OK);
    assert_int_equal(line.count, 8);
    is(&line, 0, EN_LOG_PARAM, EN_PART_NONE, "lr", "0.1");
    is(&line, 1, EN_LOG_PARAM, EN_PART_NONE, "third", "0.3333333333333333");
    is(&line, 2, EN_LOG_PARAM, EN_PART_NONE, "n", "-7");
    is(&line, 3, EN_LOG_PARAM, EN_PART_NONE, "on", "true");
    is(&line, 4, EN_LOG_PARAM, EN_PART_NONE, "none", "null");
    is(&line, 5, EN_LOG_PARAM, EN_PART_NONE, "s", "a\"NaN\"");
    is(&line, 6, EN_LOG_PARAM, EN_PART_NONE, "deep.list.0", "1");
    is(&line, 7, EN_LOG_PARAM, EN_PART_NONE, "deep.list.1", "x");
    en_log_line_clear(&line);
}

static void what_is_not_a_line_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"word",
                                      "=1",
                                      "a=\"b",
                                      "epoch=x loss=1",
                                      "epoch=-1 a=1",
                                      "epoch=1e30 a=1",
                                      "epoch=100001 a=1",
                                      "step=1e14 a=1",
                                      "epoch=1 a=b",
                                      "state=created",
                                      "{\"a\": 1",
                                      "{\"a\":1,\"a\":2}",
                                      "{\"a\\u0000b\": 1}",
                                      "{\"a\": \"b\\u0000c\"}",
                                      "{\"\": 1}",
                                      "epoch=1 part=all a=1"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        en_log_line line;
        if (en_log_line_parse(bad[i], strlen(bad[i]), &line, &err) != EN_INPUT) {
            fail_msg("not refused: %s", bad[i]);
        }
        en_log_line_clear(&line);
    }
    char deep[200] = "";
    for (size_t i = 0; i < 20; i++) {
        strcat(deep, "{\"a\":");
    }
    strcat(deep, "1");
    for (size_t i = 0; i < 20; i++) {
        strcat(deep, "}");
    }
    char longer[EN_LOG_VALUE_MAX + 20] = "a=";
    memset(longer + 2, 'x', EN_LOG_VALUE_MAX + 1);
    const char *const large[] = {deep, longer};
    for (size_t i = 0; i < 2; i++) {
        en_log_line line;
        assert_int_equal(en_log_line_parse(large[i], strlen(large[i]), &line, &err), EN_INPUT);
        en_log_line_clear(&line);
    }
}

static void nothing_is_said_by_blanks_and_comments(void **state)
{
    (void)state;
    static const char *const text[] = {"", "  \t\r", "# epoch=1 loss=2", "{}", "epoch=3"};
    for (size_t i = 0; i < sizeof text / sizeof *text; i++) {
        en_log_line line;
        assert_int_equal(en_log_line_parse(text[i], strlen(text[i]), &line, &err), EN_OK);
        assert_int_equal(line.count, 0);
        en_log_line_clear(&line);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_and_json_say_the_same),
        cmocka_unit_test(settings_are_flat_and_keep_their_digits),
        cmocka_unit_test(what_is_not_a_line_is_refused),
        cmocka_unit_test(nothing_is_said_by_blanks_and_comments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
