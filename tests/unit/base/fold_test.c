/* Names regardless of Unicode forms and letter case. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/fold.h"

static void folds_to(const char *text, const char *wanted)
{
    en_error err;
    en_buf out;
    en_buf_init(&out, 1 << 16);
    assert_int_equal(en_buf_text(&out, "x", &err), EN_OK); /* what is there stays */
    assert_int_equal(en_fold(text, &out, &err), EN_OK);
    assert_string_equal(en_buf_str(&out) + 1, wanted);
    assert_int_equal(en_buf_str(&out)[0], 'x');
    en_buf_clear(&out);
}

static void case_and_form_do_not_matter(void **state)
{
    (void)state;
    folds_to("", "");
    folds_to("Train/IMG_12-L.JPG", "train/img_12-l.jpg");
    folds_to("K\xC3\xB6ln", "k\xC3\xB6ln");  /* composed */
    folds_to("Ko\xCC\x88LN", "k\xC3\xB6ln"); /* o and its accent, as macOS has it */
    folds_to("\xC3\x96", "\xC3\xB6");        /* capital */
    folds_to("O\xCC\x88", "\xC3\xB6");
    folds_to("Stra\xC3\x9F"
             "e",
             "strasse");              /* one letter that is two in capitals */
    folds_to("\xCE\xA3", "\xCF\x83"); /* a capital with two small letters: sigma */
    folds_to("\xCF\x82", "\xCF\x83");
    folds_to("\xED\x95\x9C", "\xED\x95\x9C"); /* hangul in one character and in its parts */
    folds_to("\xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB", "\xED\x95\x9C");
    folds_to("\xE5\x8F\xB3\xE7\x9C\xBC", "\xE5\x8F\xB3\xE7\x9C\xBC");
}

static void digits_and_other_forms_of_meaning_stay(void **state)
{
    (void)state;
    folds_to("\xEF\xBC\x91", "\xEF\xBC\x91"); /* a wide 1 is not a 1: that would be another name */
    folds_to("1\xC2\xB2", "1\xC2\xB2");
}

static void what_is_not_utf8_stays_as_it_is(void **state)
{
    (void)state;
    folds_to("A\xFF", "A\xFF");
    folds_to("\xC3", "\xC3");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(case_and_form_do_not_matter),
        cmocka_unit_test(digits_and_other_forms_of_meaning_stay),
        cmocka_unit_test(what_is_not_utf8_stays_as_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
