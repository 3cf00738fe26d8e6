/* Area averaging against hand-made metrics and against its definition. */
#include "draw.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/random.h"
#include "image/resize.h"

/* A picture of one row or more, all channels the same. */
static void grey(en_image *image, int width, int height, const uint8_t *levels)
{
    en_error err;
    assert_ok(en_image_alloc(image, width, height, &err));
    for (size_t i = 0; i < (size_t)(width * height); i++) {
        memset(image->rgb + 3 * i, levels[i], 3);
    }
}

static void assert_resized(const uint8_t *levels, int width, int height, en_box box, int out_width, int out_height,
                           const uint8_t *want)
{
    en_error err;
    en_image image = {0};
    uint8_t out[64 * 3];
    grey(&image, width, height, levels);
    assert_ok(en_resize(&image, box, out_width, out_height, out, &err));
    for (int i = 0; i < out_width * out_height; i++) {
        for (int c = 0; c < 3; c++) {
            assert_int_equal(out[3 * i + c], want[i]);
        }
    }
    en_image_clear(&image);
}

static void means_are_exact_and_rounded_half_up(void **state)
{
    (void)state;
    const uint8_t four[] = {10, 20, 30, 40, 0, 1, 0, 1, 255, 255, 255, 255, 0, 0, 1, 1};
    assert_resized(four, 4, 4, (en_box){0, 0, 4, 4}, 2, 2, (const uint8_t[]){8, 18, 128, 128});
}

static void a_pixel_cut_in_two_counts_half_on_either_side(void **state)
{
    (void)state;
    const uint8_t three[] = {30, 60, 90};
    assert_resized(three, 3, 1, (en_box){0, 0, 3, 1}, 2, 1, (const uint8_t[]){40, 80});
    assert_resized(three, 1, 3, (en_box){0, 0, 1, 3}, 1, 2, (const uint8_t[]){40, 80});
}

static void outside_is_black(void **state)
{
    (void)state;
    const uint8_t two[] = {100, 200};
    assert_resized(two, 2, 1, (en_box){-2, 0, 6, 1}, 3, 1, (const uint8_t[]){0, 150, 0});
    assert_resized(two, 2, 1, (en_box){-1, -1, 2, 2}, 1, 1, (const uint8_t[]){25});
    assert_resized(two, 2, 1, (en_box){50, 50, 2, 2}, 2, 2, (const uint8_t[]){0, 0, 0, 0});
}

static void enlarging_repeats_pixels(void **state)
{
    (void)state;
    const uint8_t two[] = {100, 200};
    assert_resized(two, 2, 1, (en_box){0, 0, 2, 1}, 4, 1, (const uint8_t[]){100, 100, 200, 200});
    assert_resized(two, 2, 1, (en_box){0, 0, 2, 1}, 3, 1, (const uint8_t[]){100, 150, 200});
}

static void one_colour_stays_that_colour(void **state)
{
    (void)state;
    static const int sizes[][2] = {{1, 1}, {17, 13}, {100, 3}, {251, 199}};
    for (uint8_t level = 1; level != 0; level = (uint8_t)(level + 127)) {
        for (size_t i = 0; i < 4; i++) {
            en_error err;
            en_image image = {0};
            uint8_t out[7 * 5 * 3];
            assert_ok(en_image_alloc(&image, sizes[i][0], sizes[i][1], &err));
            memset(image.rgb, level, en_image_bytes(&image));
            assert_ok(en_resize(&image, (en_box){0, 0, image.width, image.height}, 7, 5, out, &err));
            for (size_t k = 0; k < sizeof out; k++) {
                assert_int_equal(out[k], level);
            }
            en_image_clear(&image);
        }
        if (level > 127) {
            break;
        }
    }
}

static double overlap(double a, double b, double c, double d) { return fmax(0, fmin(b, d) - fmax(a, c)); }

static void every_mean_is_that_of_the_rectangle_it_covers(void **state)
{
    (void)state;
    enum { W = 41, H = 29, N = 6 };
    en_error err;
    en_image image = {0};
    en_random random = en_random_init(5, 0, 0, EN_FOR_TEST);
    assert_ok(en_image_alloc(&image, W, H, &err));
    for (size_t i = 0; i < en_image_bytes(&image); i++) {
        image.rgb[i] = (uint8_t)en_random_below(&random, 256);
    }
    for (int trial = 0; trial < 60; trial++) {
        en_box box = {en_random_between(&random, -20, 30), en_random_between(&random, -20, 20),
                      en_random_between(&random, 1, 60), en_random_between(&random, 1, 60)};
        uint8_t out[N * N * 3];
        assert_ok(en_resize(&image, box, N, N, out, &err));
        for (int i = 0; i < N * N; i++) {
            double sx = box.width / N, sy = box.height / N, x0 = box.x + i % N * sx, y0 = box.y + i / N * sy, sum = 0;
            for (int k = 0; k < W * H; k++) {
                double x = k % W, y = k / W;
                sum += image.rgb[3 * k] * overlap(x0, x0 + sx, x, x + 1) * overlap(y0, y0 + sy, y, y + 1);
            }
            assert_true(fabs(out[3 * i] - sum / (sx * sy)) < 0.501);
        }
    }
    en_image_clear(&image);
}

/* Blocks that end where memory that may not be touched begins. The linker puts these in the place of the heap. */
static bool guarded;
static uint8_t *mapping[8];
static size_t mapped[8];

static void *guarded_block(size_t bytes)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE), whole = (bytes + page - 1) / page * page + page;
    uint8_t *start = mmap(NULL, whole, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_true(start != MAP_FAILED);
    assert_int_equal(mprotect(start + whole - page, page, PROT_NONE), 0);
    for (size_t i = 0; i < 8; i++) {
        if (mapping[i] == NULL) {
            mapping[i] = start;
            mapped[i] = whole;
            return start + whole - page - bytes;
        }
    }
    fail_msg("more than 8 blocks at once");
    return NULL;
}

static bool free_guarded(const void *block)
{
    for (size_t i = 0; i < 8; i++) {
        if (mapping[i] != NULL && (const uint8_t *)block >= mapping[i] &&
            (const uint8_t *)block < mapping[i] + mapped[i]) {
            assert_int_equal(munmap(mapping[i], mapped[i]), 0);
            mapping[i] = NULL;
            return true;
        }
    }
    return false;
}

void *__real_en_calloc(size_t count, size_t size);
void *__wrap_en_calloc(size_t count, size_t size);
void *__wrap_en_calloc(size_t count, size_t size)
{
    return guarded ? guarded_block(count * size) : __real_en_calloc(count, size);
}
void __real_en_free(void *block);
void __wrap_en_free(void *block);
void __wrap_en_free(void *block)
{
    if (!free_guarded(block)) {
        __real_en_free(block);
    }
}

/* A row of `width` pixels, all of one level, cut to `box` and made `size` wide: every pixel within is that level, and
 * nothing beyond the picture, the sums or the result is touched. */
static void assert_stays_within(int width, en_box box, int size)
{
    en_error err;
    en_image image = {.width = width, .height = 1};
    guarded = true;
    image.rgb = en_calloc((size_t)width, 3);
    uint8_t *out = en_calloc((size_t)size, 3);
    memset(image.rgb, 200, 3 * (size_t)width);
    assert_ok(en_resize(&image, box, size, 1, out, &err));
    guarded = false;
    for (int i = 0; i < 3 * size; i++) {
        if (out[i] != 200) {
            fail_msg("%d px, %g to %g, size %d: byte %d is %d", width, box.x, box.x + box.width, size, i, out[i]);
        }
    }
    en_free(out);
    en_free(image.rgb);
}

static void nothing_outside_is_read_whatever_the_size_and_the_crop(void **state)
{
    (void)state;
    en_random random = en_random_init(6, 0, 0, EN_FOR_TEST);
    static const int width[] = {2292, 1800, 4000, 3504, 2048, 1000, 513, 7};
    static const int side[] = {1800, 1801, 1234, 997, 640, 500, 7, 3};
    for (size_t w = 0; w < sizeof width / sizeof *width; w++) {
        for (size_t s = 0; s < sizeof side / sizeof *side; s++) {
            int cut = side[s] < width[w] ? side[s] : width[w];
            for (int size = 1; size <= 512; size += w < 2 && s == 0 ? 1 : 7) {
                assert_stays_within(width[w], (en_box){(width[w] - cut) / 2.0, 0, cut, 1}, size);
            }
        }
    }
    for (int trial = 0; trial < 3000; trial++) {
        int wide = 1 + (int)en_random_below(&random, 3000), cut = 1 + (int)en_random_below(&random, (uint32_t)wide);
        double x = en_random_between(&random, 0, wide - cut);
        x = trial % 2 == 0 ? floor(x) : x;
        assert_stays_within(wide, (en_box){x, 0, cut, 1}, 1 + (int)en_random_below(&random, 600));
    }
}

static void a_small_copy_has_the_photographs_proportions(void **state)
{
    (void)state;
    en_error err;
    en_image image = {0}, small = {0};
    draw_gradient(&image, 300, 201);
    assert_ok(en_shrink(&image, 100, &small, &err));
    assert_int_equal(small.width, 100);
    assert_int_equal(small.height, 67);
    assert_ok(en_shrink(&image, 1000, &small, &err));
    assert_int_equal(small.width, 300);
    assert_memory_equal(small.rgb, image.rgb, en_image_bytes(&image));
    draw_gradient(&image, 1000, 1);
    assert_ok(en_shrink(&image, 10, &small, &err));
    assert_int_equal(small.height, 1);
    en_image_clear(&image);
    en_image_clear(&small);
}

static void without_memory_it_says_so(void **state)
{
    (void)state;
    en_error err;
    en_image image = {0};
    uint8_t out[12];
    draw_gradient(&image, 4, 4);
    for (long nth = 1; nth <= 2; nth++) {
        en_alloc_fail_at(nth);
        assert_int_equal(en_resize(&image, (en_box){0, 0, 4, 4}, 2, 2, out, &err), EN_NOMEM);
    }
    en_alloc_fail_at(0);
    assert_int_equal(en_image_alloc(&image, 0, 5, &err), EN_INPUT);
    assert_int_equal(en_image_alloc(&image, 5, EN_IMAGE_EDGE_MAX + 1, &err), EN_INPUT);
    en_image_clear(&image);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(means_are_exact_and_rounded_half_up),
        cmocka_unit_test(a_pixel_cut_in_two_counts_half_on_either_side),
        cmocka_unit_test(outside_is_black),
        cmocka_unit_test(enlarging_repeats_pixels),
        cmocka_unit_test(one_colour_stays_that_colour),
        cmocka_unit_test(every_mean_is_that_of_the_rectangle_it_covers),
        cmocka_unit_test(nothing_outside_is_read_whatever_the_size_and_the_crop),
        cmocka_unit_test(a_small_copy_has_the_photographs_proportions),
        cmocka_unit_test(without_memory_it_says_so),
    };
    return cmocka_run_group_tests_name("resize", tests, NULL, NULL);
}
