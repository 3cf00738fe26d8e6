/* Every table of kernels against ref.c, on odd shapes and at odd addresses. */
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

#define TABLES_MAX 8
static const size_t lengths[] = {1, 7, 8, 9, 31, 64, 100, 1003};
#define LENGTHS (sizeof lengths / sizeof *lengths)

static const en_kernels *ref, *table[TABLES_MAX];
static size_t tables;

/* n floats in [-1,1), one float off any alignment; freed with free_floats. */
static float *floats(size_t n, uint64_t item)
{
    float *x = calloc(n + 1, sizeof *x);
    assert_non_null(x);
    en_random random = en_random_init(7, 0, item, EN_FOR_TEST);
    for (size_t i = 1; i <= n; i++) {
        x[i] = (float)en_random_between(&random, -1, 1);
    }
    return x + 1;
}

static void free_floats(float *x) { free(x - 1); }

/* Within `ulps` roundings of numbers about `size` large. */
static void assert_close(const float *got, const float *want, size_t n, double size, double ulps)
{
    for (size_t i = 0; i < n; i++) {
        double off = (double)got[i] - (double)want[i];
        if (!(off <= ulps * 0x1p-23 * size && off >= -ulps * 0x1p-23 * size)) {
            fail_msg("number %zu of %zu is %.9g, not %.9g", i, n, (double)got[i], (double)want[i]);
        }
    }
}

static int find_tables(void **state)
{
    (void)state;
    en_error err = {0};
    if (en_kernel_select("ref", &ref, &err) != EN_OK) {
        return -1;
    }
    for (const char *const *name = en_kernel_names(); *name != NULL; name++) {
        const en_kernels *k;
        if (strcmp(*name, "ref") != 0 && tables < TABLES_MAX && en_kernel_select(*name, &k, &err) == EN_OK) {
            table[tables++] = k;
        }
    }
    return tables > 0 ? 0 : -1;
}

static void matrix_products_agree_for_all_transpositions(void **state)
{
    (void)state;
    static const size_t sizes[][3] = {{1, 1, 1},     {3, 5, 7},    {17, 33, 9},   {32, 2, 100},
                                      {96, 32, 288}, {1, 128, 40}, {145, 48, 15}, {30, 65, 513}};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        size_t m = sizes[i][0], n = sizes[i][1], k = sizes[i][2];
        const size_t wide = 3; /* rows lie further apart than they are long */
        for (int way = 0; way < 8; way++) {
            bool ta = way & 1, tb = way & 2, add = way & 4;
            size_t lda = (ta ? m : k) + wide, ldb = (tb ? k : n) + wide, ldc = n + wide;
            float *a = floats(lda * (ta ? k : m), 1), *b = floats(ldb * (tb ? n : k), 2);
            float *want = floats(ldc * m, 3);
            ref->gemm(ta, tb, m, n, k, a, lda, b, ldb, add, want, ldc);
            for (size_t t = 0; t < tables; t++) {
                float *got = floats(ldc * m, 3);
                table[t]->gemm(ta, tb, m, n, k, a, lda, b, ldb, add, got, ldc);
                assert_close(got, want, ldc * m, 1, (double)k + 2);
                free_floats(got);
            }
            free_floats(a);
            free_floats(b);
            free_floats(want);
        }
    }
}

/* A batch may be cut into others, and a photograph predicted alone: each number is the same bits as in the whole
 * product. OpenBLAS, which the table "generic" uses, does not promise it. */
static void matrix_products_are_the_same_bits_however_they_are_cut(void **state)
{
    (void)state;
    const size_t m = 150, n = 70, k = 300;
    for (size_t t = 0; t < tables; t++) {
        if (strcmp(table[t]->name, "generic") == 0) {
            continue;
        }
        for (int way = 0; way < 4; way++) {
            bool ta = way & 1, tb = way & 2;
            size_t lda = ta ? m : k, ldb = tb ? k : n;
            float *a = floats(m * k, 1), *b = floats(k * n, 2), *whole = floats(m * n, 3), *part = floats(m * n, 4);
            table[t]->gemm(ta, tb, m, n, k, a, lda, b, ldb, false, whole, n);
            static const size_t rows[] = {0, 1, 14, 37, 149, 150}, cols[] = {0, 17, 18, 70};
            for (size_t r = 0; r + 1 < sizeof rows / sizeof *rows; r++) {
                for (size_t c = 0; c + 1 < sizeof cols / sizeof *cols; c++) {
                    table[t]->gemm(ta, tb, rows[r + 1] - rows[r], cols[c + 1] - cols[c], k,
                                   a + (ta ? rows[r] : rows[r] * lda), lda, b + (tb ? cols[c] * ldb : cols[c]), ldb,
                                   false, part + rows[r] * n + cols[c], n);
                }
            }
            assert_memory_equal(part, whole, m * n * sizeof *part);
            free_floats(a);
            free_floats(b);
            free_floats(whole);
            free_floats(part);
        }
    }
}

static void matrix_products_of_no_depth_are_zero_or_left_alone(void **state)
{
    (void)state;
    for (size_t t = 0; t < tables; t++) {
        float a = 1, b = 1, c[4] = {1, 2, 3, 4};
        table[t]->gemm(false, false, 2, 2, 0, &a, 1, &b, 2, true, c, 2);
        assert_true(c[0] == 1 && c[3] == 4);
        table[t]->gemm(false, false, 2, 2, 0, &a, 1, &b, 2, false, c, 2);
        assert_true(c[0] == 0 && c[1] == 0 && c[2] == 0 && c[3] == 0);
    }
}

/* Kernels larger than the picture, strides, paddings on one side only, one to many channels, groups, dilation. */
// clang-format off
static const en_conv_shape conv_shapes[] = {
    /* h, w, c, kh, kw, stride, pad_top, pad_left, oh, ow, oc, groups, dilation */
    {7, 9, 3, 3, 3, 1, 0, 0, 5, 7, 4, 1, 1},
    {7, 9, 3, 3, 2, 2, 1, 1, 4, 5, 4, 1, 1},
    {5, 4, 8, 8, 8, 1, 3, 3, 5, 4, 2, 1, 1},
    {6, 6, 1, 1, 5, 3, 0, 4, 2, 3, 1, 1, 1},
    {4, 4, 17, 2, 2, 1, 3, 3, 9, 9, 5, 1, 1},
    {12, 11, 32, 5, 3, 1, 2, 1, 12, 11, 3, 1, 1},
    {9, 11, 6, 3, 2, 1, 1, 2, 7, 13, 4, 2, 2},
    {13, 8, 34, 2, 3, 2, 0, 3, 5, 4, 2, 2, 3},
    {5, 6, 9, 3, 3, 1, 4, 4, 5, 6, 9, 9, 4},
};
// clang-format on
#define CONV_SHAPES (sizeof conv_shapes / sizeof *conv_shapes)

static void unrolled_inputs_agree_bit_for_bit(void **state)
{
    (void)state;
    for (size_t i = 0; i < CONV_SHAPES; i++) {
        const en_conv_shape *s = &conv_shapes[i];
        size_t depth = s->kh * s->kw * (s->c / s->groups), pixels = s->oh * s->ow;
        size_t first = pixels / 3, count = pixels - first;
        float *x = floats(s->h * s->w * s->c, 1), *want = floats(count * depth, 2);
        ref->im2col(s, x, s->groups - 1, first, count, want);
        for (size_t t = 0; t < tables; t++) {
            float *got = floats(count * depth, 3);
            table[t]->im2col(s, x, s->groups - 1, first, count, got);
            assert_memory_equal(got, want, count * depth * sizeof *got);
            free_floats(got);
        }
        free_floats(x);
        free_floats(want);
    }
}

static void folded_gradients_agree(void **state)
{
    (void)state;
    for (size_t i = 0; i < CONV_SHAPES; i++) {
        const en_conv_shape *s = &conv_shapes[i];
        size_t depth = s->kh * s->kw * (s->c / s->groups), pixels = s->oh * s->ow, size = s->h * s->w * s->c;
        size_t first = pixels / 4, count = pixels - first;
        float *col = floats(count * depth, 1), *want = floats(size, 2);
        ref->col2im(s, col, s->groups - 1, first, count, want);
        for (size_t t = 0; t < tables; t++) {
            float *got = floats(size, 2);
            table[t]->col2im(s, col, s->groups - 1, first, count, got);
            assert_close(got, want, size, (double)(s->kh * s->kw), 1);
            free_floats(got);
        }
        free_floats(col);
        free_floats(want);
    }
}

/* What im2col and col2im mean together: <im2col(x), col> = <x, col2im(col)>. */
static void folding_is_the_transpose_of_unrolling(void **state)
{
    (void)state;
    for (size_t i = 0; i < CONV_SHAPES; i++) {
        const en_conv_shape *s = &conv_shapes[i];
        size_t depth = s->kh * s->kw * (s->c / s->groups), pixels = s->oh * s->ow, size = s->h * s->w * s->c;
        float *x = floats(size, 1), *col = floats(pixels * depth, 2), *unrolled = floats(pixels * depth, 3);
        float *folded = calloc(size, sizeof *folded);
        ref->im2col(s, x, s->groups / 2, 0, pixels, unrolled);
        ref->col2im(s, col, s->groups / 2, 0, pixels, folded);
        double left = 0, right = 0;
        for (size_t j = 0; j < pixels * depth; j++) {
            left += (double)unrolled[j] * (double)col[j];
        }
        for (size_t j = 0; j < size; j++) {
            right += (double)x[j] * (double)folded[j];
        }
        assert_true(left - right < 1e-3 && right - left < 1e-3);
        free_floats(x);
        free_floats(col);
        free_floats(unrolled);
        free(folded);
    }
}

static void bytes_become_the_same_numbers(void **state)
{
    (void)state;
    uint8_t bytes[1003];
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (uint8_t)(i * 37);
    }
    for (size_t i = 0; i < LENGTHS; i++) {
        float *want = floats(lengths[i], 1);
        ref->from_u8(bytes, lengths[i], 1.0f / 255, -0.5f, want);
        for (size_t t = 0; t < tables; t++) {
            float *got = floats(lengths[i], 2);
            table[t]->from_u8(bytes, lengths[i], 1.0f / 255, -0.5f, got);
            assert_close(got, want, lengths[i], 1, 1);
            free_floats(got);
        }
        free_floats(want);
    }
}

static void bias_relu_sums_and_additions_agree(void **state)
{
    (void)state;
    const size_t rows = 5;
    for (size_t i = 0; i < LENGTHS; i++) {
        size_t n = lengths[i];
        float *b = floats(n, 1), *x = floats(rows * n, 2), *want[5], *got[5];
        for (size_t t = 0; t <= tables; t++) {
            const en_kernels *k = t == 0 ? ref : table[t - 1];
            float **out = t == 0 ? want : got;
            for (size_t j = 0; j < 5; j++) {
                out[j] = floats(rows * n, 3 + j);
            }
            k->bias(out[0], b, rows, n, false);
            k->bias(out[1], b, rows, n, true);
            k->sum_rows(x, rows, n, out[2]);
            k->add(out[3], x, n);
            k->relu(out[4], n);
            k->relu_back(out[4] + n, x, n);
            for (size_t j = 0; t > 0 && j < 5; j++) {
                assert_close(got[j], want[j], rows * n, 4, 1);
                free_floats(got[j]);
            }
        }
        for (size_t j = 0; j < 5; j++) {
            free_floats(want[j]);
        }
        free_floats(b);
        free_floats(x);
    }
}

static void relu_stops_the_gradient_at_zero_exactly(void **state)
{
    (void)state;
    for (size_t t = 0; t <= tables; t++) {
        const en_kernels *k = t == 0 ? ref : table[t - 1];
        float y[10] = {-1, 0, 1, -0.0f, 2, 1e-30f, -1e-30f, 0, 3, 0}, dy[10];
        for (size_t i = 0; i < 10; i++) {
            dy[i] = 5;
        }
        k->relu_back(dy, y, 10);
        for (size_t i = 0; i < 10; i++) {
            assert_true(dy[i] == (y[i] > 0 ? 5.0f : 0.0f));
        }
    }
}

static void what_is_not_a_number_is_not_hidden_by_relu_or_bias(void **state)
{
    (void)state;
    for (size_t t = 0; t <= tables; t++) {
        const en_kernels *k = t == 0 ? ref : table[t - 1];
        for (size_t i = 0; i < 10; i++) {
            float y[10] = {0}, z[10] = {0}, b[10] = {0};
            y[i] = b[i] = NAN;
            k->relu(y, 10);
            assert_true(isnan(y[i]));
            k->bias(z, b, 1, 10, false);
            assert_true(isnan(z[i]));
            k->bias(z, b, 1, 10, true);
            assert_true(isnan(z[i]));
        }
    }
}

static void what_is_not_a_number_is_not_hidden_by_pooling(void **state)
{
    (void)state;
    const en_pool_shape s = {.h = 2, .w = 2, .c = 9, .size = 2, .stride = 2, .oh = 1, .ow = 1};
    for (size_t t = 0; t <= tables; t++) {
        const en_kernels *k = t == 0 ? ref : table[t - 1];
        for (size_t at = 0; at < 4; at++) {
            float x[36], y[9];
            uint8_t place[9];
            for (size_t i = 0; i < 36; i++) {
                x[i] = i / 9 == at ? NAN : (float)i;
            }
            k->maxpool(&s, x, y, place);
            for (size_t c = 0; c < 9; c++) {
                assert_true(isnan(y[c]));
                assert_int_equal(place[c], at);
            }
        }
    }
}

static const en_pool_shape pool_shapes[] = {
    {.h = 4, .w = 6, .c = 3, .size = 2, .stride = 2, .oh = 2, .ow = 3},
    {.h = 7, .w = 5, .c = 19, .size = 3, .stride = 2, .oh = 3, .ow = 2},
    {.h = 9, .w = 9, .c = 8, .size = 2, .stride = 3, .oh = 3, .ow = 3},
    {.h = 16, .w = 17, .c = 9, .size = 16, .stride = 1, .oh = 1, .ow = 2},
    {.h = 3, .w = 3, .c = 33, .size = 1, .stride = 1, .oh = 3, .ow = 3},
    {.h = 7, .w = 11, .c = 21, .size = 3, .stride = 3, .oh = 2, .ow = 3}, /* a row and two columns are in no window */
};

static void pooling_agrees_bit_for_bit_ties_included(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof pool_shapes / sizeof *pool_shapes; i++) {
        const en_pool_shape *s = &pool_shapes[i];
        size_t in = s->h * s->w * s->c, out = s->oh * s->ow * s->c;
        float *x = floats(in, 1), *dy = floats(out, 2), *want = floats(out, 3), *want_dx = floats(in, 4);
        for (size_t j = 0; j < in; j++) {
            x[j] = (float)((int)(x[j] * 3)); /* few values: many ties */
        }
        uint8_t *place = calloc(out, 1), *got_place = calloc(out, 1);
        ref->maxpool(s, x, want, place);
        ref->maxpool_back(s, dy, place, want_dx);
        for (size_t t = 0; t < tables; t++) {
            float *got = floats(out, 5), *got_dx = floats(in, 6);
            table[t]->maxpool(s, x, got, NULL);
            assert_memory_equal(got, want, out * sizeof *got);
            table[t]->maxpool(s, x, got, got_place);
            assert_memory_equal(got, want, out * sizeof *got);
            assert_memory_equal(got_place, place, out);
            table[t]->maxpool_back(s, dy, got_place, got_dx);
            for (size_t j = 0; j < in; j++) {
                assert_true(got_dx[j] == want_dx[j]);
            }
            free_floats(got);
            free_floats(got_dx);
        }
        free_floats(x);
        free_floats(dy);
        free_floats(want);
        free_floats(want_dx);
        free(place);
        free(got_place);
    }
}

static void adam_agrees(void **state)
{
    (void)state;
    const en_adam a = {.rate = 0.01f,
                       .beta1 = 0.9f,
                       .beta2 = 0.999f,
                       .rest1 = 0.1f,
                       .rest2 = 0.001f,
                       .epsilon = 1e-7f,
                       .decay = 0.001f};
    for (size_t i = 0; i < LENGTHS; i++) {
        size_t n = lengths[i];
        float *g = floats(n, 1), *want[3], *got[3];
        for (size_t t = 0; t <= tables; t++) {
            const en_kernels *k = t == 0 ? ref : table[t - 1];
            float **out = t == 0 ? want : got;
            for (size_t j = 0; j < 3; j++) {
                out[j] = floats(n, 2 + j);
            }
            for (size_t j = 0; j < n; j++) { /* second moments are not negative */
                out[2][j] = (out[2][j] + 1.5f) * 0.1f;
            }
            k->adam(&a, n, g, out[0], out[1], out[2]);
            for (size_t j = 0; t > 0 && j < 3; j++) {
                assert_close(got[j], want[j], n, 1, 2);
                free_floats(got[j]);
            }
        }
        for (size_t j = 0; j < 3; j++) {
            free_floats(want[j]);
        }
        free_floats(g);
    }
}

/* Sums of up to `rows` numbers below 1 each. */
static void norms_agree(void **state)
{
    (void)state;
    for (size_t l = 0; l < LENGTHS; l++) {
        const size_t rows = 37;
        size_t cols = lengths[l], n = rows * cols;
        float *x = floats(n, 1), *g = floats(n, 2), *a = floats(cols, 3), *b = floats(cols, 4), *c = floats(cols, 5);
        for (size_t t = 0; t < tables; t++) {
            const en_kernels *k = table[t];
            float *want[2] = {floats(n, 6), floats(n, 7)}, *got[2] = {floats(n, 6), floats(n, 7)};
            ref->moments(x, rows, cols, want[0], want[1]);
            k->moments(x, rows, cols, got[0], got[1]);
            assert_close(got[0], want[0], cols, 1, 4);
            assert_close(got[1], want[1], cols, (double)rows, 4);
            ref->norm_sums(x, g, a, b, rows, cols, want[0], want[1]);
            k->norm_sums(x, g, a, b, rows, cols, got[0], got[1]);
            assert_close(got[0], want[0], cols, (double)rows, 4);
            assert_close(got[1], want[1], cols, (double)rows, 4);
            ref->affine(x, a, b, rows, cols, -0.25f, 0.5f, want[0]);
            k->affine(x, a, b, rows, cols, -0.25f, 0.5f, got[0]);
            assert_close(got[0], want[0], n, 1, 2);
            ref->norm_back(x, g, a, b, c, rows, cols, want[1]);
            k->norm_back(x, g, a, b, c, rows, cols, got[1]);
            assert_close(got[1], want[1], n, 3, 2);
            for (size_t i = 0; i < 2; i++) {
                free_floats(want[i]);
                free_floats(got[i]);
            }
        }
        free_floats(x);
        free_floats(g);
        free_floats(a);
        free_floats(b);
        free_floats(c);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(matrix_products_agree_for_all_transpositions),
        cmocka_unit_test(matrix_products_are_the_same_bits_however_they_are_cut),
        cmocka_unit_test(matrix_products_of_no_depth_are_zero_or_left_alone),
        cmocka_unit_test(unrolled_inputs_agree_bit_for_bit),
        cmocka_unit_test(folded_gradients_agree),
        cmocka_unit_test(folding_is_the_transpose_of_unrolling),
        cmocka_unit_test(bytes_become_the_same_numbers),
        cmocka_unit_test(bias_relu_sums_and_additions_agree),
        cmocka_unit_test(relu_stops_the_gradient_at_zero_exactly),
        cmocka_unit_test(what_is_not_a_number_is_not_hidden_by_relu_or_bias),
        cmocka_unit_test(what_is_not_a_number_is_not_hidden_by_pooling),
        cmocka_unit_test(pooling_agrees_bit_for_bit_ties_included),
        cmocka_unit_test(adam_agrees),
        cmocka_unit_test(norms_agree),
    };
    return cmocka_run_group_tests(tests, find_tables, NULL);
}
