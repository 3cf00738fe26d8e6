/* The arena: alignment, limits, rewinding. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/arena.h"

#include <string.h>

static void pieces_are_aligned_and_zeroed(void **state)
{
    (void)state;
    en_arena arena;
    en_error err;
    assert_int_equal(en_arena_init(&arena, 3 << 20, "a test", &err), EN_OK);
    for (int i = 0; i < 5; i++) {
        unsigned char *piece = en_arena_take(&arena, 100);
        assert_non_null(piece);
        assert_int_equal((uintptr_t)piece % EN_ARENA_ALIGN, 0);
        for (int j = 0; j < 100; j++) {
            assert_int_equal(piece[j], 0);
        }
    }
    en_arena_clear(&arena);
}

static void what_does_not_fit_is_null_and_takes_nothing(void **state)
{
    (void)state;
    en_arena arena;
    en_error err;
    assert_int_equal(en_arena_init(&arena, 256, "a test", &err), EN_OK);
    assert_null(en_arena_take(&arena, 257));
    assert_null(en_arena_take(&arena, SIZE_MAX));
    assert_non_null(en_arena_take(&arena, 256));
    assert_null(en_arena_take(&arena, 1));
    en_arena_clear(&arena);
}

static void more_than_any_machine_has_is_refused_by_name(void **state)
{
    (void)state;
    en_arena arena;
    en_error err;
    assert_int_equal(en_arena_init(&arena, SIZE_MAX / 2, "dreams", &err), EN_NOMEM);
    assert_non_null(strstr(err.text, "dreams"));
    en_arena_clear(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_are_aligned_and_zeroed),
        cmocka_unit_test(what_does_not_fit_is_null_and_takes_nothing),
        cmocka_unit_test(more_than_any_machine_has_is_refused_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
