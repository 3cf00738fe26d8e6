/* Heat maps over pictures: colour where the values are, and none where they are not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "image/heat.h"

#define N 16

static void the_greatest_value_is_yellow_at_its_place(void **state)
{
    (void)state;
    /* A map of 3x3 points, 4 px apart from pixel 2 on: (1,2) is at row 6, column 10. */
    const float value[9] = {0, 0, 0, 0, 0, 3, 0, 0, 0};
    const en_heat_grid grid = {value, 3, 3, 2, 2, 4, 4};
    uint8_t rgb[N * N * 3];
    memset(rgb, 100, sizeof rgb);
    en_heat_draw(&grid, N, rgb);
    const uint8_t *peak = rgb + 3 * (6 * N + 10), *between = rgb + 3 * (6 * N + 8), *outside = rgb + 3 * (6 * N + 15);
    assert_int_equal(peak[0], 215); /* a quarter of 100 and three of 253, 231, 37 */
    assert_int_equal(peak[1], 198);
    assert_int_equal(peak[2], 53);
    assert_int_equal(between[0], 75); /* half of the value: 5/8 of 100 and 3/8 of 33, 145, 140 */
    assert_int_equal(between[1], 117);
    assert_int_equal(between[2], 115);
    assert_memory_equal(outside, peak, 3);
    for (int y = 0; y < N; y++) {
        for (int x = 0; x < N; x++) {
            const uint8_t *p = rgb + 3 * (y * N + x);
            int far = y <= 2 || y >= 10 || x <= 6;
            assert_int_equal(p[0] == 100 && p[1] == 100 && p[2] == 100, far);
        }
    }
}

static void a_map_of_zeros_changes_nothing(void **state)
{
    (void)state;
    const float value[4] = {0};
    uint8_t rgb[N * N * 3], before[N * N * 3];
    for (size_t i = 0; i < sizeof rgb; i++) {
        before[i] = rgb[i] = (uint8_t)(7 * i);
    }
    en_heat_draw(&(en_heat_grid){value, 2, 2, 0, 0, 8, 8}, N, rgb);
    assert_memory_equal(rgb, before, sizeof rgb);
}

static void one_row_and_one_column_are_enough(void **state)
{
    (void)state;
    const float value[3] = {1, 0, 0};
    uint8_t rgb[N * N * 3] = {0};
    en_heat_draw(&(en_heat_grid){value, 1, 3, 8, 0, 1, 8}, N, rgb);
    for (int y = 0; y < N; y++) {
        assert_int_equal(rgb[3 * (y * N)], 190);
        assert_int_equal(rgb[3 * (y * N + 8)], 0);
    }
    memset(rgb, 0, sizeof rgb);
    en_heat_draw(&(en_heat_grid){value, 3, 1, 0, 8, 8, 1}, N, rgb);
    assert_int_equal(rgb[3 * (N - 1)], 190);
    assert_int_equal(rgb[3 * (8 * N)], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_greatest_value_is_yellow_at_its_place),
        cmocka_unit_test(a_map_of_zeros_changes_nothing),
        cmocka_unit_test(one_row_and_one_column_are_enough),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
