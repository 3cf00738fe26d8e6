/* Contact sheets: every picture in its place, groups under headings, the words below. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "plot/contact.h"

/* fontconfig keeps some hundred bytes for good, which is no leak of ours. */
const char *__lsan_default_suppressions(void);
__attribute__((visibility("default"))) const char *__lsan_default_suppressions(void) { return "leak:libfontconfig"; }

/* Width and height of a PNG, from its header. */
static void size_of(const en_buf *png, unsigned *width, unsigned *height)
{
    const uint8_t *b = (const uint8_t *)png->data;
    assert_true(png->size > 24 && memcmp(b, "\x89PNG", 4) == 0);
    *width = (unsigned)b[18] << 8 | b[19];
    *height = (unsigned)b[22] << 8 | b[23];
}

static void groups_begin_a_row_and_the_sheet_grows_by_rows(void **state)
{
    (void)state;
    static uint8_t rgb[EN_CONTACT_EDGE * EN_CONTACT_EDGE * 3];
    en_contact_picture picture[8];
    unsigned width, alone, one_row, two_rows, groups;
    en_error err;
    en_buf png;
    for (size_t i = 0; i < 8; i++) {
        picture[i] = (en_contact_picture){rgb, EN_CONTACT_EDGE, 100, {"10_left <&>", "quality 0.50 of 1", NULL}, NULL};
    }
    picture[3].rgb = NULL;
    unsigned *const height[] = {&alone, &one_row, &two_rows};
    const size_t count[] = {1, 6, 7};
    for (int i = 0; i < 3; i++) {
        en_buf_init(&png, 1 << 24);
        assert_int_equal(en_contact_draw("photographs", picture, count[i], &png, &err), EN_OK);
        size_of(&png, &width, height[i]);
        en_buf_clear(&png);
    }
    assert_int_equal(width, 16 + EN_CONTACT_COLUMNS * (EN_CONTACT_EDGE + 16));
    assert_int_equal(alone, one_row);
    assert_int_equal(two_rows - one_row, EN_CONTACT_EDGE + 45 + 16);
    picture[0].group = picture[1].group = "black";
    picture[2].group = "duplicate";
    en_buf_init(&png, 1 << 24);
    assert_int_equal(en_contact_draw("photographs", picture, 3, &png, &err), EN_OK);
    size_of(&png, &width, &groups);
    assert_int_equal(groups - two_rows, 2 * 34);
    en_buf_clear(&png);
}

static void too_many_pictures_are_refused(void **state)
{
    (void)state;
    static en_contact_picture picture[EN_CONTACT_MOST + 1];
    en_error err;
    en_buf png;
    en_buf_init(&png, 1 << 24);
    assert_int_equal(en_contact_draw("", picture, EN_CONTACT_MOST + 1, &png, &err), EN_USAGE);
    assert_int_equal(en_contact_draw("", picture, EN_CONTACT_MOST, &png, &err), EN_OK);
    en_buf_clear(&png);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(groups_begin_a_row_and_the_sheet_grows_by_rows),
        cmocka_unit_test(too_many_pictures_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
