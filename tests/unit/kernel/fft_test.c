/* Every table of transforms against the plain one: all sizes of tiles, tiles that reach over the border of an image,
 * channels that do not fill a vector; and the plain one against the definition of convolution. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"
#include "kernel/fft.h"
#include "kernel/kernel.h"

#define TABLES_MAX 8
#define TOLERANCE 2e-6 /* of the largest number: transforms of 64 x 64 numbers round a dozen times */
#define IMAGE 70u      /* pixels of a side */

static const size_t sides[] = {16, 24, 32, 48, 64};
#define SIDES (sizeof sides / sizeof *sides)
static const size_t channel_counts[] = {1, 3, 16, 33};
#define CHANNEL_COUNTS (sizeof channel_counts / sizeof *channel_counts)

static const en_fft_kernels *ref, *table[TABLES_MAX];
static const char *name[TABLES_MAX];
static size_t tables;

static float *noise(size_t n, uint64_t item)
{
    float *x = calloc(n, sizeof *x);
    assert_non_null(x);
    en_random random = en_random_init(7, 0, item, EN_FOR_TEST);
    for (size_t i = 0; i < n; i++) {
        x[i] = (float)en_random_between(&random, -1, 1);
    }
    return x;
}

static int find_tables(void **state)
{
    (void)state;
    en_error err = {0};
    const en_kernels *k;
    if (en_kernel_select("ref", &k, &err) != EN_OK) {
        return -1;
    }
    ref = k->fft;
    for (const char *const *n = en_kernel_names(); *n != NULL; n++) {
        if (strcmp(*n, "ref") != 0 && tables < TABLES_MAX && en_kernel_select(*n, &k, &err) == EN_OK) {
            name[tables] = *n;
            table[tables++] = k->fft;
        }
    }
    return tables > 0 ? 0 : -1;
}

static void assert_close(size_t which, size_t t, const char *what, const float *got, const float *want, size_t n)
{
    double most = 0, off = 0;
    for (size_t i = 0; i < n; i++) {
        double apart = fabs((double)got[i] - (double)want[i]);
        most = fmax(most, fabs((double)want[i]));
        off = apart <= off ? off : apart;
    }
    if (!(off <= TOLERANCE * most)) {
        fail_msg("%s of tiles of %zu, kernels %s: off by %.3g of %.3g", what, t, name[which], off, most);
    }
}

static size_t groups_of(const en_fft_kernels *f, size_t channels) { return (channels + f->lanes - 1) / f->lanes; }

/* A tile's transform as [v][u][channel][real, imaginary], whatever the table's lanes; freed by the caller. */
static float *transform(const en_fft_kernels *f, size_t t, const en_fft_source *from)
{
    size_t groups = groups_of(f, from->channels), width = groups * f->lanes, stride = t * 2 * width + 16;
    float *half = noise((t / 2 + 1) * stride, 8), *spectrum = noise(t * 2 * width, 9);
    float *out = calloc((t / 2 + 1) * t * from->channels * 2, sizeof *out);
    assert_non_null(out);
    f->rows(t, from, half, stride);
    for (size_t v = 0; v <= t / 2; v++) {
        bool real = v == 0 || v == t / 2;
        f->column(t, real, groups, half + v * stride, spectrum, 2 * width, width);
        for (size_t u = 0; u < (real ? t / 2 + 1 : t); u++) {
            for (size_t c = 0; c < from->channels; c++) {
                float *to = out + ((v * t + u) * from->channels + c) * 2;
                to[0] = spectrum[u * 2 * width + c];
                to[1] = spectrum[u * 2 * width + width + c];
            }
        }
    }
    free(half);
    free(spectrum);
    return out;
}

static void check_transform(size_t t, const en_fft_source *from)
{
    float *want = transform(ref, t, from);
    for (size_t i = 0; i < tables; i++) {
        float *got = transform(table[i], t, from);
        assert_close(i, t, "transforms", got, want, (t / 2 + 1) * t * from->channels * 2);
        free(got);
    }
    free(want);
}

static void transforms_agree_inside_an_image_and_over_its_border(void **state)
{
    (void)state;
    for (size_t i = 0; i < SIDES * CHANNEL_COUNTS; i++) {
        size_t t = sides[i % SIDES], channels = channel_counts[i / SIDES];
        float *x = noise(IMAGE * IMAGE * channels, 1), *mask = noise(IMAGE * IMAGE * channels, 2);
        en_fft_source from = {
            .x = x, .row = IMAGE * channels, .pixel = channels, .channels = channels, .bottom = t, .right = t};
        check_transform(t, &from);
        from.top = 3;
        from.bottom = t - 5;
        from.left = 2;
        from.right = t - 1;
        check_transform(t, &from);
        from.mask = mask;
        check_transform(t, &from);
        from.bottom = from.top; /* all of it outside */
        check_transform(t, &from);
        free(x);
        free(mask);
    }
}

/* The pixels that numbers give which are a spectrum for no table in particular. */
static float *pixels(const en_fft_kernels *f, size_t t, const en_fft_target *form, bool overlapped)
{
    size_t channels = form->channels, groups = groups_of(f, channels), width = groups * f->lanes;
    size_t stride = t * 2 * width + 16;
    float *half[2] = {noise((t / 2 + 1) * stride, 8), noise((t / 2 + 1) * stride, 9)};
    float *given = noise((t / 2 + 1) * t * channels * 2, 3), *spectrum = calloc(t * 2 * width, sizeof *spectrum);
    float *y = noise(IMAGE * IMAGE * channels, 4);
    assert_non_null(spectrum);
    for (size_t v = 0; v <= t / 2; v++) {
        for (size_t i = 0; i < t * channels; i++) {
            spectrum[i / channels * 2 * width + i % channels] = given[(v * t * channels + i) * 2];
            spectrum[i / channels * 2 * width + width + i % channels] = given[(v * t * channels + i) * 2 + 1];
        }
        bool real = v == 0 || v == t / 2;
        f->column_back(t, real, groups, spectrum, 2 * width, width, half[0] + v * stride);
        spectrum[2 * width] += 1; /* the other tile is another */
        f->column_back(t, real, groups, spectrum, 2 * width, width, half[1] + v * stride);
    }
    en_fft_target to = *form;
    to.y = y;
    f->rows_back(t, half[0], overlapped ? half[1] : NULL, t - 5, stride, &to);
    free(half[0]);
    free(half[1]);
    free(given);
    free(spectrum);
    return y;
}

static void check_pixels(size_t t, const en_fft_target *form, bool overlapped)
{
    float *want = pixels(ref, t, form, overlapped);
    for (size_t i = 0; i < tables; i++) {
        float *got = pixels(table[i], t, form, overlapped);
        assert_close(i, t, "pixels", got, want, IMAGE * IMAGE * form->channels);
        free(got);
    }
    free(want);
}

static void inverse_transforms_agree_with_bias_relu_sums_and_overlap(void **state)
{
    (void)state;
    for (size_t i = 0; i < SIDES * CHANNEL_COUNTS; i++) {
        size_t t = sides[i % SIDES], channels = channel_counts[i / SIDES];
        float *bias = noise(channels, 5);
        en_fft_target to = {.row = IMAGE * channels,
                            .pixel = channels,
                            .channels = channels,
                            .bottom = t,
                            .right = t,
                            .scale = 1 / (float)(t * t)};
        check_pixels(t, &to, false);
        check_pixels(t, &to, true);
        to.top = 2;
        to.bottom = t - 3;
        to.left = 1;
        to.right = t - 4;
        to.add = 7;
        check_pixels(t, &to, true);
        to.bias = bias;
        to.relu = true;
        check_pixels(t, &to, false);
        free(bias);
    }
}

/* (rows,depth) times (depth,channels) at 3 frequencies; `turned`: x is stored as (depth,rows). */
static float *multiply(const en_fft_kernels *f, size_t rows, size_t depth, size_t channels, bool turned, bool conjugate)
{
    size_t groups = groups_of(f, channels), width = groups * f->lanes;
    float *x = noise((size_t)3 * rows * depth * 2, 1), *given = noise((size_t)3 * depth * channels * 2, 2);
    float *w = calloc((size_t)3 * depth * width * 2, sizeof *w), *z = calloc((size_t)3 * rows * width * 2, sizeof *z);
    float *out = calloc((size_t)3 * rows * channels * 2, sizeof *out);
    assert_true(w != NULL && z != NULL && out != NULL);
    for (size_t i = 0; i < 3 * depth * 2 * channels; i++) {
        w[i / channels * width + i % channels] = given[i];
    }
    for (size_t i = 0; i < 3 * rows * 2 * channels; i++) {
        z[i / channels * width + i % channels] = (float)(i % 5);
    }
    en_fft_product p = {.frequencies = 3,
                        .rows = rows,
                        .depth = depth,
                        .groups = groups,
                        .x = x,
                        .x_frequency = rows * depth * 2,
                        .x_row = turned ? 1 : 2 * depth,
                        .x_depth = turned ? 2 * rows : 1,
                        .x_plane = turned ? rows : depth,
                        .w = w,
                        .w_frequency = depth * width * 2,
                        .w_depth = 2 * width,
                        .w_plane = width,
                        .conjugate = conjugate,
                        .z = z,
                        .z_frequency = rows * width * 2,
                        .z_row = 2 * width,
                        .z_plane = width,
                        .add = turned};
    f->product(&p);
    for (size_t i = 0; i < 3 * rows * 2 * channels; i++) {
        out[i] = z[i / channels * width + i % channels];
    }
    free(x);
    free(given);
    free(w);
    free(z);
    return out;
}

static void products_agree_for_all_numbers_of_rows_and_any_depth(void **state)
{
    (void)state;
    static const size_t depths[] = {1, 5, 32, 64, 65, 130}, channels[] = {1, 16, 33, 48};
    for (size_t i = 0; i < 40 * 6; i++) {
        size_t rows = i % 40 + 1, depth = depths[i / 40];
        for (size_t way = 0; way < 4; way++) {
            size_t wide = channels[(i + way) % 4];
            float *want = multiply(ref, rows, depth, wide, way & 1, way & 2);
            for (size_t k = 0; k < tables; k++) {
                float *got = multiply(table[k], rows, depth, wide, way & 1, way & 2);
                assert_close(k, rows, "products", got, want, 3 * rows * wide * 2);
                free(got);
            }
            free(want);
        }
    }
}

/* Of one channel: pixel (r,s) of the inverse of X * conj(W) is the sum over i,j of x[r+i][s+j]*w[i][j], places past the
 * tile counted from its start again. */
static void the_plain_transform_makes_products_of_convolutions(void **state)
{
    (void)state;
    enum { SIDE = 16, KERNEL = 5, COLUMN = SIDE * 2 };
    float *x = noise(SIDE * SIDE, 1), *w = noise(KERNEL * KERNEL, 2), y[SIDE * SIDE];
    float hx[(SIDE / 2 + 1) * COLUMN], hw[(SIDE / 2 + 1) * COLUMN], sx[COLUMN], sw[COLUMN], sy[COLUMN];
    en_fft_source from = {.x = x, .row = SIDE, .pixel = 1, .channels = 1, .bottom = SIDE, .right = SIDE};
    ref->rows(SIDE, &from, hx, COLUMN);
    from = (en_fft_source){.x = w, .row = KERNEL, .pixel = 1, .channels = 1, .bottom = KERNEL, .right = KERNEL};
    ref->rows(SIDE, &from, hw, COLUMN);
    for (size_t v = 0; v <= SIDE / 2; v++) {
        bool real = v == 0 || v == SIDE / 2;
        ref->column(SIDE, real, 1, hx + v * COLUMN, sx, 2, 1);
        ref->column(SIDE, real, 1, hw + v * COLUMN, sw, 2, 1);
        for (size_t u = 0; u < (real ? SIDE / 2 + 1 : SIDE); u++) {
            const float *a = sx + 2 * u, *b = sw + 2 * u;
            sy[2 * u] = a[0] * b[0] + a[1] * b[1];
            sy[2 * u + 1] = a[1] * b[0] - a[0] * b[1];
        }
        ref->column_back(SIDE, real, 1, sy, 2, 1, hx + v * COLUMN);
    }
    en_fft_target to = {.y = y, .row = SIDE, .pixel = 1, .channels = 1, .bottom = SIDE, .right = SIDE};
    to.scale = 1.0F / (SIDE * SIDE);
    ref->rows_back(SIDE, hx, NULL, 0, COLUMN, &to);
    for (size_t p = 0; p < (size_t)SIDE * SIDE; p++) {
        double sum = 0;
        for (size_t k = 0; k < (size_t)KERNEL * KERNEL; k++) {
            size_t r = (p / SIDE + k / KERNEL) % SIDE, s = (p % SIDE + k % KERNEL) % SIDE;
            sum += (double)x[r * SIDE + s] * (double)w[k];
        }
        assert_true(fabs(sum - (double)y[p]) < 1e-5);
    }
    free(x);
    free(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(transforms_agree_inside_an_image_and_over_its_border),
        cmocka_unit_test(inverse_transforms_agree_with_bias_relu_sums_and_overlap),
        cmocka_unit_test(products_agree_for_all_numbers_of_rows_and_any_depth),
        cmocka_unit_test(the_plain_transform_makes_products_of_convolutions),
    };
    return cmocka_run_group_tests(tests, find_tables, NULL);
}
