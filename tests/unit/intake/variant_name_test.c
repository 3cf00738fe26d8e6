/* What marks the name of a variant. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "intake/variant_name.h"

#include <string.h>

static void words_for_variants_are_taken_off(void **state)
{
    (void)state;
    static const struct {
        const char *name, *rest;
    } cases[] = {{"10_left_mir", "10_left"},
                 {"10_left_mir_rot90", "10_left"},
                 {"a-HFlip.aug3", "a"},
                 {"10_left", "10_left"},
                 {"mir", "mir"},
                 {"_mir", "_mir"},
                 {"10_left_rot1234", "10_left_rot1234"},
                 {"a_rotx", "a_rotx"},
                 {"", ""},
                 {"admir", "admir"},
                 {"a__flipud", "a"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(en_variant_words_off(cases[i].name, strlen(cases[i].name)), strlen(cases[i].rest));
    }
}

static void only_angles_are_taken_for_rotations(void **state)
{
    (void)state;
    static const struct {
        const char *name, *rest;
    } cases[] = {{"10_left_90", "10_left"},
                 {"10_left_270", "10_left"},
                 {"IDRiD_090", "IDRiD_090"},
                 {"a_360", "a_360"},
                 {"a_7", "a_7"},
                 {"90", "90"},
                 {"a_0", "a"},
                 {"a_left_mir", "a_left_mir"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(en_variant_angle_off(cases[i].name, strlen(cases[i].name)), strlen(cases[i].rest));
    }
}

static void a_last_word_may_be_an_eye(void **state)
{
    (void)state;
    assert_true(en_variant_ends_with_eye("10_left", 7));
    assert_true(en_variant_ends_with_eye("10-OD_90", 5));
    assert_false(en_variant_ends_with_eye("left", 4));
    assert_false(en_variant_ends_with_eye("10_leftmost", 11));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_for_variants_are_taken_off),
        cmocka_unit_test(only_angles_are_taken_for_rotations),
        cmocka_unit_test(a_last_word_may_be_an_eye),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
