/* Reading the orientation from EXIF blocks that cannot be trusted. */
#include "draw.h"

#include <stdlib.h>
#include <string.h>

#include "image/orient.h"

/* A big-endian block whose directory holds an unrelated entry first: orientation 6. */
static const uint8_t block[] = {'M', 'M', 0, 42, 0, 0, 0,    10,   0, 0, 0, 2, 0x01, 0x00, 0, 3, 0, 0,
                                0,   1,   0, 3,  0, 0, 0x01, 0x12, 0, 3, 0, 0, 0,    1,    0, 6, 0, 0};

/* Reads from a block of exactly that size, so that a sanitizer sees any step beyond. */
static int read_part(const uint8_t *bytes, size_t size)
{
    uint8_t *part = malloc(size > 0 ? size : 1);
    assert_non_null(part);
    memcpy(part, bytes, size);
    int orientation = en_orient_read(part, size);
    free(part);
    return orientation;
}

static void the_entry_is_found_among_others(void **state)
{
    (void)state;
    assert_int_equal(read_part(block, sizeof block), 6);
}

static void a_block_cut_short_says_nothing(void **state)
{
    (void)state;
    for (size_t size = 0; size < sizeof block; size++) {
        assert_int_equal(read_part(block, size), 1);
    }
}

static void wild_offsets_and_counts_do_no_harm(void **state)
{
    (void)state;
    for (size_t at = 0; at < sizeof block; at++) {
        for (unsigned value = 0; value < 256; value++) {
            uint8_t wild[sizeof block];
            memcpy(wild, block, sizeof wild);
            wild[at] = (uint8_t)value;
            assert_in_range(read_part(wild, sizeof wild), 1, 8);
            memset(wild + 4, (int)value, 4);
            assert_in_range(read_part(wild, sizeof wild), 1, 8);
        }
    }
}

static void another_type_or_count_is_not_believed(void **state)
{
    (void)state;
    uint8_t odd[sizeof block];
    memcpy(odd, block, sizeof odd);
    odd[27] = 4;
    assert_int_equal(read_part(odd, sizeof odd), 1);
    odd[27] = 3;
    odd[31] = 2;
    assert_int_equal(read_part(odd, sizeof odd), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_entry_is_found_among_others),
        cmocka_unit_test(a_block_cut_short_says_nothing),
        cmocka_unit_test(wild_offsets_and_counts_do_no_harm),
        cmocka_unit_test(another_type_or_count_is_not_believed),
    };
    return cmocka_run_group_tests_name("orient", tests, NULL, NULL);
}
