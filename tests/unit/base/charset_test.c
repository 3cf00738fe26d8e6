/* Text in the encodings that files and names come in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/charset.h"

#include <string.h>

static void reads(const char *bytes, size_t size, const char *encoding, const char *wanted)
{
    en_buf out;
    en_error err;
    en_buf_init(&out, 1000);
    assert_int_equal(en_charset_to_utf8(bytes, size, encoding, &out, &err), EN_OK);
    if (strcmp(en_buf_str(&out), wanted) != 0) {
        fail_msg("expected '%s', got '%s' (%s)", wanted, en_buf_str(&out), en_charset_detect(bytes, size, NULL));
    }
    en_buf_clear(&out);
}
#define READS(bytes, wanted) reads(bytes, sizeof(bytes) - 1, NULL, wanted)

static void encodings_are_recognised(void **state)
{
    (void)state;
    READS("image,level\n", "image,level\n");
    READS("\xEF\xBB\xBF"
          "a",
          "a");
    READS("\xC3\xA9t\xC3\xA9", "été");
    READS("\xFF\xFEi\0m\0,\0\xE9\0", "im,é");
    READS("\xFE\xFF\0i\0m\0,\0\xE9", "im,é");
    READS("i\0m\0a\0g\0e\0", "image");
    READS("\0i\0m\0a\0g\0e", "image");
    READS("\xD1\xB5\xC1\xB7/\xD3\xD2\xD1\xDB_left.jpeg", "训练/右眼_left.jpeg"); /* GBK */
    READS("\x89\x45\x8A\xE1_left", "右眼_left");                                 /* CP932 */
    READS("\x83\x65\x83\x58\x83\x67", "テスト");
    READS("\xBF\xDE\xC2\xCA\xB4\xAB", "왼쪽눈");                       /* CP949 */
    READS("\xA5\x6B\xB2\xB4", "右眼");                                 /* Big5 */
    READS("\xEF\xF0\xE0\xE2\xFB\xE9 \xE3\xEB\xE0\xE7", "правый глаз"); /* CP1251 */
    READS("\xAF\xE0\xA0\xA2\xEB\xA9 \xA3\xAB\xA0\xA7", "правый глаз"); /* CP866 */
    READS("\xC3\xEB\xE0\xE7 12", "Глаз 12");
    READS("r\xE9tine droite", "rétine droite"); /* CP1252 */
    READS("r\x82tine droite", "rétine droite"); /* CP850 */
    READS("M\xFCller \x96 1", "Müller – 1");
}

static void a_given_encoding_counts_and_must_be_right(void **state)
{
    (void)state;
    en_buf out;
    en_error err;
    en_buf_init(&out, 100);
    reads("\xE9", 1, "CP1251", "й");
    assert_int_equal(en_charset_to_utf8("a\xFF", 2, "UTF-8", &out, &err), EN_INPUT);
    assert_int_equal(en_charset_to_utf8("a", 1, "klingon", &out, &err), EN_USAGE);
    assert_non_null(strstr(err.text, "'klingon' is not an encoding"));
    assert_int_equal(en_charset_check("klingon", &err), EN_USAGE);
    assert_int_equal(en_charset_check("cp1253", &err), EN_OK);
    en_buf_clear(&out);
}

static void what_is_valid_in_nothing_is_still_utf8(void **state)
{
    (void)state;
    en_buf out;
    en_error err;
    char all[255];
    for (int i = 0; i < 255; i++) {
        all[i] = (char)(i + 1);
    }
    for (size_t from = 0; from < sizeof all; from += 5) {
        en_buf_init(&out, 4000);
        assert_int_equal(en_charset_to_utf8(all + from, sizeof all - from, NULL, &out, &err), EN_OK);
        assert_true(en_charset_is_utf8(out.data, out.size));
        en_buf_clear(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(encodings_are_recognised),
        cmocka_unit_test(a_given_encoding_counts_and_must_be_right),
        cmocka_unit_test(what_is_valid_in_nothing_is_still_utf8),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
