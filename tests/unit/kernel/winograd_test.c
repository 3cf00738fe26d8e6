/* Winograd's kernels: the plain ones give convolution and its gradients, the others agree with the plain ones. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"
#include "kernel/kernel.h"
#include "kernel/winograd.h"

#define TABLES_MAX 8
#define PANEL EN_WINOGRAD_PANEL
#define POINTS EN_WINOGRAD_POINTS
#define CHANNELS_MAX 48u
#define PANELS 3u
#define STEP (5 * PANEL)               /* of five tiles in tests of transforms */
#define PLANE (PANELS * POINTS * STEP) /* floats */
#define U_STEP ((CHANNELS_MAX + 1) * PANEL)
#define WEIGHTS (PANELS * POINTS * U_STEP)

static const en_winograd_kernels *plain = &en_winograd_ref, *table[TABLES_MAX];
static size_t tables;

static const size_t channel_counts[] = {1, 3, 5, 8, 9, 16, 17, 24, 33, 48};
#define COUNTS (sizeof channel_counts / sizeof *channel_counts)

/* n floats in [-1,1), at a cache line. */
static float *floats(size_t n, uint64_t item)
{
    float *x = aligned_alloc(64, (n * sizeof *x + 63) / 64 * 64);
    assert_non_null(x);
    en_random random = en_random_init(8, 0, item, EN_FOR_TEST);
    for (size_t i = 0; i < n; i++) {
        x[i] = (float)en_random_between(&random, -1, 1);
    }
    return x;
}

static uint16_t *some_bits(size_t n)
{
    uint16_t *bits = calloc(n, sizeof *bits);
    assert_non_null(bits);
    en_random random = en_random_init(8, 1, 0, EN_FOR_TEST);
    for (size_t i = 0; i < n; i++) {
        bits[i] = (uint16_t)en_random_u32(&random);
    }
    return bits;
}

static void assert_close(const float *got, const float *want, size_t n, double tolerance)
{
    for (size_t i = 0; i < n; i++) {
        if (!(fabs((double)got[i] - (double)want[i]) <= tolerance)) {
            fail_msg("number %zu of %zu is %.9g, not %.9g", i, n, (double)got[i], (double)want[i]);
        }
    }
}

/* What is defined of a transformed tensor: the first `channels` of one row of each point. */
static void assert_row_close(const float *got, const float *want, size_t channels, size_t step, double tolerance)
{
    for (size_t c = 0; c < channels; c++) {
        for (size_t p = 0; p < POINTS; p++) {
            size_t at = (c / PANEL * POINTS + p) * step + c % PANEL;
            if (!(fabs((double)got[at] - (double)want[at]) <= tolerance)) {
                fail_msg("channel %zu of %zu, point %zu is %.9g, not %.9g", c, channels, p, (double)got[at],
                         (double)want[at]);
            }
        }
    }
}

static int find_tables(void **state)
{
    (void)state;
    for (const char *const *name = en_kernel_names(); *name != NULL; name++) {
        const en_kernels *k;
        en_error err = {0};
        if (en_kernel_select(*name, &k, &err) == EN_OK && k->winograd != NULL && k->winograd != plain) {
            table[tables++] = k->winograd;
        }
    }
    return 0;
}

/* One tile, 2 channels in and 3 out, against the plain sums of convolution and of its gradients. */
static void the_plain_kernels_convolve(void **state)
{
    (void)state;
    enum { C = 2, OC = 3 };
    float *x = floats(36 * C, 1), *w = floats(9 * C * OC, 2), *dy = floats(16 * OC, 3);
    float *v = floats(POINTS * PANEL, 4), *u = floats(POINTS * C * PANEL, 5), *m = floats(POINTS * PANEL, 6);
    float *d = floats(POINTS * PANEL, 7), *du = floats(POINTS * C * PANEL, 8), y[16 * OC], dw[9 * C * OC];
    float sum[OC] = {1, 2, 3};
    en_winograd_image in = {.x = x, .h = 6, .w = 6, .pixel = C, .row = 6 * C, .channels = C};
    en_winograd_image back = {.x = dy, .h = 4, .w = 4, .pixel = OC, .row = 4 * OC, .channels = OC};
    en_winograd_target to = {.y = y, .h = 4, .w = 4, .pixel = OC, .row = 4 * OC, .channels = OC};
    memset(du, 0, POINTS * C * PANEL * sizeof *du);
    plain->input(&in, 0, 0, v, PANEL);
    plain->weights(w, C, OC, false, 0, u, C * PANEL);
    plain->gradient(&back, 0, 0, d, PANEL, sum);
    for (size_t p = 0; p < POINTS; p++) {
        plain->multiply(v + p * PANEL, PANEL, 1, C, u + p * C * PANEL, C * PANEL, 1, m + p * PANEL, PANEL);
        plain->accumulate(v + p * PANEL, PANEL, 1, C, d + p * PANEL, PANEL, 1, du + p * C * PANEL, C * PANEL);
    }
    plain->output(m, PANEL, &to, 0, 0);
    plain->weights_back(du, C * PANEL, C, OC, dw, C * OC, OC, false);
    for (size_t i = 0; i < 16 * OC; i++) {
        double want = 0;
        for (size_t k = 0; k < 9 * C; k++) {
            size_t row = i / OC / 4 + k / C / 3, column = i / OC % 4 + k / C % 3;
            want += (double)x[(row * 6 + column) * C + k % C] * (double)w[k * OC + i % OC];
        }
        assert_true(fabs((double)y[i] - want) < 5e-6);
    }
    for (size_t k = 0; k < 9 * C; k++) {
        for (size_t o = 0; o < OC; o++) {
            double want = 0;
            for (size_t i = 0; i < 16; i++) {
                size_t row = i / 4 + k / C / 3, column = i % 4 + k / C % 3;
                want += (double)x[(row * 6 + column) * C + k % C] * (double)dy[i * OC + o];
            }
            assert_true(fabs((double)dw[k * OC + o] - want) < 5e-6);
        }
    }
    for (size_t o = 0; o < OC; o++) {
        double want = (double)o + 1;
        for (size_t i = 0; i < 16; i++) {
            want += (double)dy[i * OC + o];
        }
        assert_true(fabs((double)sum[o] - want) < 1e-6);
    }
    float *const all[] = {x, w, dy, v, u, m, d, du};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        free(all[i]);
    }
}

/* Tiles within an image of 9x11, across each of its borders and outside it. */
static void transformed_tiles_agree(void **state)
{
    (void)state;
    static const ptrdiff_t places[][2] = {{0, 0}, {2, 4}, {-1, -2}, {7, 3}, {1, 8}, {6, 9}, {-6, 0}, {3, 12}, {-3, 7}};
    for (size_t i = 0; i < COUNTS * 2; i++) {
        size_t c = channel_counts[i / 2], size = 9 * 11 * (CHANNELS_MAX + 1);
        float *x = floats(size, 1), *want = floats(PLANE, 3);
        uint16_t *bits = some_bits(9 * 11 * PANELS);
        en_winograd_image from = {.x = x,
                                  .bits = i % 2 == 1 ? bits : NULL,
                                  .h = 9,
                                  .w = 11,
                                  .pixel = c + 1,
                                  .row = 11 * (c + 1),
                                  .panels = PANELS,
                                  .channels = c};
        for (size_t j = 0; j < sizeof places / sizeof *places; j++) {
            ptrdiff_t row = places[j][0], column = places[j][1];
            plain->input(&from, row, column, want, STEP);
            for (size_t t = 0; t < tables; t++) {
                float *got = floats(PLANE, 4);
                table[t]->fetch(&from, row, column);
                table[t]->input(&from, row, column, got, STEP);
                assert_row_close(got, want, c, STEP, 4e-6);
                free(got);
            }
            for (size_t t = 0; t < tables && row >= 0 && column >= 0; t++) {
                float *got = floats(PLANE, 4), *sum = floats(c, 5), *want_sum = floats(c, 5);
                plain->gradient(&from, (size_t)row, (size_t)column, want, STEP, want_sum);
                table[t]->gradient(&from, (size_t)row, (size_t)column, got, STEP, sum);
                assert_row_close(got, want, (c + PANEL - 1) / PANEL * PANEL, STEP, 2e-5);
                assert_close(sum, want_sum, c, 2e-6);
                table[t]->gradient(&from, (size_t)row, (size_t)column, got, STEP, NULL);
                assert_row_close(got, want, c, STEP, 2e-5);
                free(got);
                free(sum);
                free(want_sum);
            }
        }
        free(x);
        free(bits);
        free(want);
    }
}

/* Whole tiles and those cut at the lower and right border; written past the cache, or not; nothing else is touched. */
static void tiles_of_outputs_agree(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNTS * 8; i++) {
        size_t c = channel_counts[i / 8], pixel = i & 4 ? (c + 15) / 16 * 16 : c + 1, size = 7 * 10 * 64;
        float *m = floats(PLANE, 1), *b = floats(c, 2);
        for (size_t row = 0; row < 7; row += 4) {
            for (size_t column = 0; column < 10; column += 4) {
                float *want = floats(size, 3);
                uint16_t *want_bits = some_bits(7 * 10 * PANELS);
                en_winograd_target to = {.y = want,
                                         .h = 7,
                                         .w = 10,
                                         .pixel = pixel,
                                         .row = 10 * pixel,
                                         .channels = c,
                                         .bias = i & 1 ? b : NULL,
                                         .relu = i & 2,
                                         .bits = i & 2 ? want_bits : NULL,
                                         .panels = PANELS};
                plain->output(m, STEP, &to, row, column);
                for (size_t t = 0; t < tables; t++) {
                    float *got = floats(size, 3);
                    uint16_t *bits = some_bits(7 * 10 * PANELS);
                    to.y = got;
                    to.bits = i & 2 ? bits : NULL;
                    to.stream = i & 4;
                    table[t]->output(m, STEP, &to, row, column);
                    assert_close(got, want, size, 4e-5);
                    assert_memory_equal(bits, want_bits, 7 * 10 * PANELS * sizeof *bits);
                    free(got);
                    free(bits);
                }
                free(want);
                free(want_bits);
            }
        }
        free(m);
        free(b);
    }
}

static void what_is_not_a_number_is_not_hidden_by_relu(void **state)
{
    (void)state;
    float *m = floats(PLANE, 1), y[16 * 16];
    m[0] = NAN;
    en_winograd_target to = {.y = y, .h = 4, .w = 4, .pixel = 16, .row = 64, .channels = 16, .relu = true};
    for (size_t t = 0; t <= tables; t++) {
        (t == 0 ? plain : table[t - 1])->output(m, STEP, &to, 0, 0);
        assert_true(isnan(y[0]));
        assert_true(!isnan(y[1]));
    }
    free(m);
}

static void transformed_weights_agree(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNTS * 2; i++) {
        size_t c = channel_counts[i / 2], oc = channel_counts[(i / 2 * 3 + 2) % COUNTS];
        bool turned = i % 2 == 1;
        size_t rows = turned ? oc : c, columns = turned ? c : oc, step = (rows + 1) * PANEL;
        float *w = floats(9 * c * oc, 1), *want = floats(POINTS * step, 2);
        for (size_t panel = 0; panel * PANEL < columns; panel++) {
            plain->weights(w, c, oc, turned, panel, want, step);
            for (size_t t = 0; t < tables; t++) {
                float *got = floats(POINTS * step, 2);
                table[t]->weights(w, c, oc, turned, panel, got, step);
                assert_close(got, want, POINTS * step, 1e-6);
                free(got);
            }
        }
        free(w);
        free(want);
    }
}

static void products_agree(void **state)
{
    (void)state;
    static const size_t tiles[] = {1, 2, 5, 6, 7, 13, 14, 15, 24, 29};
    for (size_t i = 0; i < COUNTS * PANELS; i++) {
        size_t c = channel_counts[i / PANELS], panels = i % PANELS + 1, n = tiles[i % 10], step = (n | 1) * PANEL;
        float *v = floats(PANELS * POINTS * step, 1), *d = floats(PANELS * POINTS * step, 2), *u = floats(WEIGHTS, 3);
        float *want = floats(PANELS * POINTS * step, 4), *want_du = floats(WEIGHTS, 5);
        plain->multiply(v, step, n, c, u, U_STEP, panels, want, step);
        plain->accumulate(v, step, n, c, d, step, panels, want_du, U_STEP);
        for (size_t t = 0; t < tables; t++) {
            float *got = floats(PANELS * POINTS * step, 4), *du = floats(WEIGHTS, 5);
            table[t]->multiply(v, step, n, c, u, U_STEP, panels, got, step);
            table[t]->accumulate(v, step, n, c, d, step, panels, du, U_STEP);
            assert_close(got, want, PANELS * POINTS * step, 4e-6);
            assert_close(du, want_du, WEIGHTS, 4e-6);
            free(got);
            free(du);
        }
        free(v);
        free(d);
        free(u);
        free(want);
        free(want_du);
    }
}

static void gradients_of_the_weights_agree(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNTS * 2; i++) {
        size_t c = channel_counts[i / 2], oc = channel_counts[(i / 2 * 3 + 1) % COUNTS], row = oc + 3;
        size_t tap = c * row + 1;
        float *du = floats(WEIGHTS, 1), *want = floats(9 * tap, 2);
        plain->weights_back(du, U_STEP, c, oc, want, tap, row, i % 2 == 1);
        for (size_t t = 0; t < tables; t++) {
            float *got = floats(9 * tap, 2);
            table[t]->weights_back(du, U_STEP, c, oc, got, tap, row, i % 2 == 1);
            assert_close(got, want, 9 * tap, 1e-5);
            free(got);
        }
        free(du);
        free(want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_plain_kernels_convolve),     cmocka_unit_test(transformed_tiles_agree),
        cmocka_unit_test(tiles_of_outputs_agree),         cmocka_unit_test(what_is_not_a_number_is_not_hidden_by_relu),
        cmocka_unit_test(transformed_weights_agree),      cmocka_unit_test(products_agree),
        cmocka_unit_test(gradients_of_the_weights_agree),
    };
    return cmocka_run_group_tests(tests, find_tables, NULL);
}
