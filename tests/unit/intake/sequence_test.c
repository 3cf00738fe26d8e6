/* Names of volumes on a server, in both spellings. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "intake/fetch/sequence.h"

#include "base/memory.h"

static void expect(char *made, const char *wanted)
{
    assert_non_null(made);
    assert_string_equal(made, wanted);
    en_free(made);
}

static void volumes_are_named_from_any_of_them(void **state)
{
    (void)state;
    expect(en_fetch_volume_name("train.zip.007", 1), "train.zip.001");
    expect(en_fetch_volume_name("a.b/train.7z.001", 12), "a.b/train.7z.012");
    expect(en_fetch_volume_name("train.z03", 1), "train.z01");
    expect(en_fetch_volume_name("a.b/train.Z03", 10), "a.b/train.Z10");
    expect(en_fetch_volume_name("train.z01", 100), "train.z100");
    expect(en_fetch_volume_name("train.z100", 2), "train.z02");
    expect(en_fetch_volume_name("train.z02", 0), "train.zip");
    expect(en_fetch_volume_name("TRAIN.Z02", 0), "TRAIN.ZIP");
}

static void what_they_are_together_has_a_name(void **state)
{
    (void)state;
    expect(en_fetch_whole_name("train.zip.007"), "train.zip");
    expect(en_fetch_whole_name("train.z07"), "train.zip");
    expect(en_fetch_whole_name("train.zip"), "train.zip");
    assert_true(en_fetch_is_volume("train.zip.007"));
    assert_true(en_fetch_is_volume("train.z07"));
    assert_false(en_fetch_is_volume("train.zip"));
    assert_false(en_fetch_is_volume("train.7z"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(volumes_are_named_from_any_of_them),
        cmocka_unit_test(what_they_are_together_has_a_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
