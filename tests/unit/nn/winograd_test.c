/* The rounding errors of Winograd's convolution, against double precision and beside those of plain sums of floats. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"
#include "nn/conv.h"

#define IMAGES 2u
#define MOST 4.0 /* times the error of plain sums */

static const en_conv_shape shape = {.h = 23,
                                    .w = 26,
                                    .c = 32,
                                    .kh = 3,
                                    .kw = 3,
                                    .stride = 1,
                                    .pad_top = 1,
                                    .pad_left = 1,
                                    .oh = 23,
                                    .ow = 26,
                                    .oc = 24,
                                    .groups = 1,
                                    .dilation = 1};

/* Output, gradients of the input and of the weights: exact, by plain sums of floats, and by an algorithm. */
typedef struct sums {
    size_t n;
    double *exact;
    float *plain, *got;
} sums;

static float *noise(size_t n, uint64_t item, double least)
{
    float *x = aligned_alloc(64, (n * sizeof *x + 63) / 64 * 64);
    assert_non_null(x);
    en_random random = en_random_init(10, 0, item, EN_FOR_TEST);
    for (size_t i = 0; i < n; i++) {
        x[i] = (float)en_random_between(&random, least, 1);
    }
    return x;
}

static sums make_sums(size_t n)
{
    return (sums){n, calloc(n, sizeof(double)), calloc(n, sizeof(float)), noise(n, 9, -1)};
}

static void free_sums(sums *s)
{
    free(s->exact);
    free(s->plain);
    free(s->got);
}

static void add_product(sums *s, size_t at, float a, float b)
{
    s->exact[at] += (double)a * (double)b;
    s->plain[at] += a * b;
}

static void convolve(const float *x, const float *w, const float *dy, sums *y, sums *dx, sums *dw)
{
    const en_conv_shape *s = &shape;
    for (size_t p = 0; p < IMAGES * s->oh * s->ow; p++) {
        size_t image = p / s->ow / s->oh, i = p / s->ow % s->oh, j = p % s->ow;
        for (size_t k = 0; k < 9; k++) {
            size_t row = i + k / 3 - s->pad_top, column = j + k % 3 - s->pad_left;
            for (size_t c = 0; c < s->c && row < s->h && column < s->w; c++) {
                size_t from = ((image * s->h + row) * s->w + column) * s->c + c;
                for (size_t o = 0; o < s->oc; o++) {
                    size_t by = (k * s->c + c) * s->oc + o;
                    add_product(y, p * s->oc + o, x[from], w[by]);
                    add_product(dx, from, dy[p * s->oc + o], w[by]);
                    add_product(dw, by, x[from], dy[p * s->oc + o]);
                }
            }
        }
    }
}

static void run(const en_kernels *k, const float *x, const float *w, float *dy, sums *y, sums *dx, sums *dw)
{
    en_conv_need need = en_conv_winograd.need(&shape, IMAGES, true);
    float b[24] = {0}, db[24];
    en_conv_call call = {.k = k,
                         .s = &shape,
                         .n = IMAGES,
                         .w = w,
                         .b = b,
                         .train = true,
                         .x = x,
                         .y = y->got,
                         .dy = dy,
                         .dx = dx->got,
                         .dw = dw->got,
                         .db = db};
    call.shared = noise(need.shared, 5, -9);
    call.scratch = noise(need.scratch, 6, -9);
    en_conv_winograd.forward(&call);
    en_conv_winograd.backward(&call);
    free(call.shared);
    free(call.scratch);
}

static void assert_error_is_small(const char *what, const char *kernels, const sums *s)
{
    double got = 0, plain = 0;
    for (size_t i = 0; i < s->n; i++) {
        got += pow((double)s->got[i] - s->exact[i], 2);
        plain += pow((double)s->plain[i] - s->exact[i], 2);
    }
    if (!(got <= MOST * MOST * plain)) {
        fail_msg("error of the %s with the kernels %s: %.3g, %.2f times that of plain sums (root mean square)", what,
                 kernels, sqrt(got / (double)s->n), sqrt(got / plain));
    }
}

/* `least`: of the numbers of x and w; 0 as after relu, where sums grow. */
static void check_errors(double least)
{
    const en_conv_shape *s = &shape;
    float *x = noise(IMAGES * s->h * s->w * s->c, 1, least), *w = noise(9 * s->c * s->oc, 2, -1);
    float *dy = noise(IMAGES * s->oh * s->ow * s->oc, 3, -1);
    sums y = make_sums(IMAGES * s->oh * s->ow * s->oc), dx = make_sums(IMAGES * s->h * s->w * s->c);
    sums dw = make_sums(9 * s->c * s->oc);
    convolve(x, w, dy, &y, &dx, &dw);
    for (const char *const *name = en_kernel_names(); *name != NULL; name++) {
        const en_kernels *k;
        en_error err = {0};
        if (en_kernel_select(*name, &k, &err) == EN_OK && en_conv_winograd.serves(s, k)) {
            run(k, x, w, dy, &y, &dx, &dw);
            assert_error_is_small("output", *name, &y);
            assert_error_is_small("gradient of the input", *name, &dx);
            assert_error_is_small("gradient of the weights", *name, &dw);
        }
    }
    free(x);
    free(w);
    free(dy);
    free_sums(&y);
    free_sums(&dx);
    free_sums(&dw);
}

static void rounding_errors_are_within_four_times_those_of_plain_sums(void **state)
{
    (void)state;
    check_errors(-1);
    check_errors(0);
}

static void it_serves_kernels_of_3x3_at_stride_1_without_groups(void **state)
{
    (void)state;
    const en_kernels *k;
    en_error err = {0};
    assert_int_equal(en_kernel_select("ref", &k, &err), EN_OK);
    en_conv_shape s = shape;
    assert_true(en_conv_winograd.serves(&s, k));
    s.stride = 2;
    assert_false(en_conv_winograd.serves(&s, k));
    s = shape;
    s.dilation = 2;
    assert_false(en_conv_winograd.serves(&s, k));
    s = shape;
    s.groups = 2;
    assert_false(en_conv_winograd.serves(&s, k));
    s = shape;
    s.kw = 5;
    assert_false(en_conv_winograd.serves(&s, k));
}

static void it_pays_for_many_channels_and_tiles(void **state)
{
    (void)state;
    en_conv_shape s = shape;
    assert_true(en_conv_winograd.pays(&s));
    s.c = 3;
    assert_false(en_conv_winograd.pays(&s));
    s = shape;
    s.oh = s.ow = 1;
    assert_false(en_conv_winograd.pays(&s));
    s.oh = s.ow = 7;
    assert_true(en_conv_winograd.pays(&s));
    s.c = s.oc = 512;
    assert_false(en_conv_winograd.pays(&s));
    s.oh = s.ow = 14;
    assert_true(en_conv_winograd.pays(&s));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rounding_errors_are_within_four_times_those_of_plain_sums),
        cmocka_unit_test(it_serves_kernels_of_3x3_at_stride_1_without_groups),
        cmocka_unit_test(it_pays_for_many_channels_and_tiles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
