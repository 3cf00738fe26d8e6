/* Every algorithm of convolution, with every table of kernels, against plain loops in double precision: odd shapes,
 * batches smaller than planned, the same bits on any number of threads. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"
#include "nn/conv_fft.h"

/* Of the largest number of a tensor: the roundings of a product in floats, and the four times as many that a fast
 * algorithm may make. */
#define TOLERANCE 2e-5

typedef struct tensors {
    size_t x_size, y_size, w_size; /* floats; x and y: of one image */
    float *x, *w, *b, *dy;         /* given */
    double *y, *dx, *dw, *db;      /* the reference's */
} tensors;

/* What an algorithm made. */
typedef struct result {
    float *y, *dx, *dw, *db;
} result;

static en_conv_shape shape_of(size_t h, size_t w, size_t c, size_t oc, size_t kh, size_t kw, size_t stride, size_t pad,
                              size_t groups, size_t dilation)
{
    return (en_conv_shape){.h = h,
                           .w = w,
                           .c = c,
                           .kh = kh,
                           .kw = kw,
                           .stride = stride,
                           .pad_top = pad,
                           .pad_left = pad,
                           .oh = (h + 2 * pad - (kh - 1) * dilation - 1) / stride + 1,
                           .ow = (w + 2 * pad - (kw - 1) * dilation - 1) / stride + 1,
                           .oc = oc,
                           .groups = groups,
                           .dilation = dilation};
}

static en_conv_shape shape(size_t h, size_t w, size_t c, size_t oc, size_t kh, size_t kw, size_t stride, size_t pad)
{
    return shape_of(h, w, c, oc, kh, kw, stride, pad, 1, 1);
}

static float *noise(size_t n, uint64_t item, double most)
{
    float *x = aligned_alloc(64, (n * sizeof *x + 63) / 64 * 64);
    assert_non_null(x);
    en_random random = en_random_init(9, 0, item, EN_FOR_TEST);
    for (size_t i = 0; i < n; i++) {
        x[i] = (float)en_random_between(&random, -most, most);
    }
    return x;
}

/* What an algorithm has to write before it reads: not-a-number throughout, which no sum hides. */
static float *dirty(size_t n)
{
    size_t bytes = (n * sizeof(float) + 63) / 64 * 64;
    float *x = aligned_alloc(64, bytes);
    assert_true(x != NULL || bytes == 0);
    return bytes == 0 ? x : memset(x, 0xff, bytes);
}

/* One output value and what its gradient adds to, by the formula of en_conv_shape. */
static void reference_at(const en_conv_shape *s, const tensors *t, size_t image, size_t i, size_t j, size_t o,
                         bool relu)
{
    const float *x = t->x + image * t->x_size;
    double sum = (double)t->b[o];
    size_t channels = s->c / s->groups, start = o / (s->oc / s->groups) * channels; /* of o's group */
    size_t place = image * t->y_size + (i * s->ow + j) * s->oc + o;
    for (int pass = 0; pass < 2; pass++) { /* forward, then backward */
        double d = pass == 1 && (!relu || t->y[place] > 0) ? (double)t->dy[place] : 0;
        for (size_t r = 0; r < s->kh; r++) {
            for (size_t q = 0; q < s->kw; q++) {
                size_t row = i * s->stride + r * s->dilation - s->pad_top;
                size_t column = j * s->stride + q * s->dilation - s->pad_left;
                if (row >= s->h || column >= s->w) { /* outside; also below 0, which wrapped around */
                    continue;
                }
                for (size_t c = 0; c < channels; c++) {
                    size_t from = (row * s->w + column) * s->c + start + c;
                    size_t by = ((r * s->kw + q) * channels + c) * s->oc + o;
                    if (pass == 0) {
                        sum += (double)x[from] * (double)t->w[by];
                    } else {
                        t->dx[image * t->x_size + from] += d * (double)t->w[by];
                        t->dw[by] += d * (double)x[from];
                    }
                }
            }
        }
        if (pass == 0) {
            t->y[place] = relu && sum < 0 ? 0 : sum;
        } else {
            t->db[o] += d;
        }
    }
}

static tensors make_tensors(const en_conv_shape *s, size_t n, bool relu)
{
    size_t depth = s->kh * s->kw * (s->c / s->groups);
    tensors t = {.x_size = s->h * s->w * s->c, .y_size = s->oh * s->ow * s->oc, .w_size = depth * s->oc};
    t.x = noise(n * t.x_size, 1, 1);
    t.w = noise(t.w_size, 2, sqrt(3.0 / (double)depth));
    t.b = noise(s->oc, 3, 0.5);
    t.dy = noise(n * t.y_size, 4, 1);
    t.y = calloc(n * t.y_size, sizeof(double));
    t.dx = calloc(n * t.x_size, sizeof(double));
    t.dw = calloc(t.w_size, sizeof(double));
    t.db = calloc(s->oc, sizeof(double));
    for (size_t p = 0; p < n * t.y_size; p++) {
        size_t in_image = p % t.y_size;
        reference_at(s, &t, p / t.y_size, in_image / s->oc / s->ow, in_image / s->oc % s->ow, in_image % s->oc, relu);
    }
    return t;
}

static void free_tensors(tensors *t)
{
    free(t->x);
    free(t->w);
    free(t->b);
    free(t->dy);
    free(t->y);
    free(t->dx);
    free(t->dw);
    free(t->db);
}

static void free_result(result *r)
{
    free(r->y);
    free(r->dx);
    free(r->dw);
    free(r->db);
}

/* n images by an algorithm that planned for `planned`. What `shared` wants is all where both of its dx and dw are NULL,
 * otherwise the one that is not. */
static result run(const en_conv_algorithm *a, const en_conv_call *shared, size_t planned, const tensors *t, bool train)
{
    const en_conv_shape *s = shared->s;
    en_conv_call call = *shared;
    en_conv_need need = a->need(s, planned, train);
    size_t threads = en_pool_threads(call.pool);
    result r = {dirty(call.n * t->y_size), dirty(call.n * t->x_size), dirty(t->w_size), dirty(s->oc)};
    float *dy = noise(call.n * t->y_size, 4, 1);
    call.train = train;
    call.w = t->w;
    call.b = t->b;
    call.x = t->x;
    call.y = r.y;
    call.kept = dirty(need.kept);
    call.shared = dirty(need.shared);
    call.prepared = train ? NULL : dirty(need.prepared);
    call.fresh = true;
    call.scratch_stride = (need.scratch + 15) / 16 * 16;
    call.scratch = dirty(threads * call.scratch_stride);
    a->forward(&call);
    if (!train && need.prepared > 0) { /* what was prepared serves again, also for fewer images */
        size_t n = call.n;
        call.fresh = false;
        call.n = (n + 1) / 2;
        memset(r.y, 0, n * t->y_size * sizeof *r.y);
        a->forward(&call);
        if (n > call.n) {
            call.x += call.n * t->x_size;
            call.y += call.n * t->y_size;
            call.n = n - call.n;
            a->forward(&call);
        }
    }
    if (train) {
        call.dy = dy;
        call.dx = shared->dw == NULL ? r.dx : NULL;
        call.dw = shared->dx == NULL ? r.dw : NULL;
        call.db = shared->dx == NULL ? r.db : NULL;
        a->backward(&call);
    }
    free(dy);
    free(call.kept);
    free(call.shared);
    free(call.prepared);
    free(call.scratch);
    return r;
}

static void assert_close(const char *what, const en_conv_call *call, const char *algorithm, const float *got,
                         const double *want, size_t n)
{
    double most = 0, off = 0;
    for (size_t i = 0; i < n; i++) {
        most = fmax(most, fabs(want[i]));
        off = fabs((double)got[i] - want[i]) <= off ? off : fabs((double)got[i] - want[i]);
    }
    if (!(off <= TOLERANCE * most)) {
        const en_conv_shape *s = call->s;
        fail_msg("%s of %s, kernels %s, %zux%zux%zu by %zu of %zux%zu stride %zu, %zu groups, dilation %zu, %zu "
                 "images: off by %.3g of %.3g",
                 what, algorithm, call->k->name, s->h, s->w, s->c, s->oc, s->kh, s->kw, s->stride, s->groups,
                 s->dilation, call->n, off, most);
    }
}

static void assert_same(const result *a, const result *b, const en_conv_shape *s, const tensors *t, size_t n)
{
    assert_memory_equal(a->y, b->y, n * t->y_size * sizeof(float));
    assert_memory_equal(a->dx, b->dx, n * t->x_size * sizeof(float));
    assert_memory_equal(a->dw, b->dw, t->w_size * sizeof(float));
    assert_memory_equal(a->db, b->db, s->oc * sizeof(float));
}

/* The other ways to get the same bits: threads, a larger plan, prediction, one gradient without the other. */
static void check_ways(const en_conv_algorithm *a, const en_conv_call *call, const tensors *t, const result *first)
{
    for (unsigned threads = 2; threads <= 3; threads++) {
        en_error err = {0};
        en_conv_call with = *call;
        assert_int_equal(en_pool_new(threads, &with.pool, &err), EN_OK);
        result r = run(a, &with, call->n, t, true);
        assert_same(first, &r, call->s, t, call->n);
        free_result(&r);
        en_pool_free(with.pool);
    }
    result r = run(a, call, call->n + 3, t, true);
    assert_same(first, &r, call->s, t, call->n);
    free_result(&r);
    r = run(a, call, call->n, t, false);
    assert_memory_equal(first->y, r.y, call->n * t->y_size * sizeof(float));
    free_result(&r);
    en_conv_call one = *call;
    one.dx = t->x;
    r = run(a, &one, call->n, t, true);
    assert_memory_equal(first->dx, r.dx, call->n * t->x_size * sizeof(float));
    free_result(&r);
    one = *call;
    one.dw = t->x;
    r = run(a, &one, call->n, t, true);
    assert_memory_equal(first->dw, r.dw, t->w_size * sizeof(float));
    assert_memory_equal(first->db, r.db, call->s->oc * sizeof(float));
    free_result(&r);
}

static void check_relu(const en_conv_shape *s, size_t n, bool relu)
{
    tensors t = make_tensors(s, n, relu);
    for (const char *const *name = en_kernel_names(); *name != NULL; name++) {
        en_error err = {0};
        en_conv_call call = {.s = s, .n = n, .relu = relu};
        if (en_kernel_select(*name, &call.k, &err) != EN_OK) {
            continue;
        }
        for (const en_conv_algorithm *const *a = en_conv_algorithms(); *a != NULL; a++) {
            if (!(*a)->serves(s, call.k)) {
                continue;
            }
            result r = run(*a, &call, n, &t, true);
            assert_close("output", &call, (*a)->name, r.y, t.y, n * t.y_size);
            assert_close("gradient of the input", &call, (*a)->name, r.dx, t.dx, n * t.x_size);
            assert_close("gradient of the weights", &call, (*a)->name, r.dw, t.dw, t.w_size);
            assert_close("gradient of the bias", &call, (*a)->name, r.db, t.db, s->oc);
            if (relu) { /* the ways are the same without */
                check_ways(*a, &call, &t, &r);
            }
            free_result(&r);
        }
    }
    free_tensors(&t);
}

static void check(en_conv_shape s, size_t n)
{
    check_relu(&s, n, false);
    check_relu(&s, n, true);
}

static void kernels_of_3x3_are_right(void **state)
{
    (void)state;
    check(shape(3, 3, 1, 1, 3, 3, 1, 0), 1);
    check(shape(9, 14, 3, 5, 3, 3, 1, 0), 2);
    check(shape(17, 12, 16, 33, 3, 3, 1, 1), 2);
    check(shape(20, 31, 33, 16, 3, 3, 1, 1), 1);
    check(shape(7, 7, 5, 16, 3, 3, 1, 2), 7);
}

/* Tiles of 4x4 outputs end wherever they may. */
static void kernels_of_3x3_are_right_at_any_size(void **state)
{
    (void)state;
    for (size_t h = 3; h <= 20; h++) {
        check(shape(h, 23 - h, 2, 3, 3, 3, 1, h % 4), 1);
    }
}

/* More channels than a block of any algorithm, and more tiles than one sums before it rounds. */
static void kernels_of_3x3_are_right_in_parts(void **state)
{
    (void)state;
    check(shape(6, 9, 70, 130, 3, 3, 1, 1), 2);
    check(shape(61, 50, 5, 7, 3, 3, 1, 0), 3);
    check_relu(&(en_conv_shape){.h = 272,
                                .w = 277,
                                .c = 1,
                                .kh = 3,
                                .kw = 3,
                                .stride = 1,
                                .oh = 270,
                                .ow = 275,
                                .oc = 1,
                                .groups = 1,
                                .dilation = 1},
               2, true);
}

static void large_kernels_are_right(void **state)
{
    (void)state;
    check(shape(8, 8, 1, 3, 8, 8, 1, 0), 1);
    check(shape(27, 35, 3, 5, 5, 5, 1, 0), 2);
    check(shape(40, 33, 5, 16, 8, 8, 1, 0), 1);
    check(shape(33, 26, 16, 3, 7, 7, 1, 3), 2);
    check(shape(36, 37, 2, 3, 16, 16, 1, 0), 1);
    check(shape(34, 45, 1, 2, 31, 31, 1, 15), 1);
    check(shape(12, 11, 33, 5, 8, 8, 1, 4), 7);
}

static void strides_and_small_kernels_are_right(void **state)
{
    (void)state;
    check(shape(15, 18, 3, 16, 3, 3, 2, 1), 2);
    check(shape(29, 30, 3, 5, 7, 7, 4, 3), 1);
    check(shape(14, 13, 5, 33, 5, 5, 3, 2), 2);
    check(shape(11, 12, 16, 5, 1, 1, 1, 0), 7);
    check(shape(11, 12, 5, 16, 1, 1, 2, 0), 1);
    check(shape(13, 10, 33, 3, 2, 4, 1, 0), 1);
}

static void padding_on_two_sides_only_is_right(void **state)
{
    (void)state;
    en_conv_shape s = shape(14, 17, 3, 5, 8, 8, 1, 3); /* `same` of an even kernel: one more below and to the right */
    s.oh = 14;
    s.ow = 17;
    check(s, 2);
    s = shape(10, 13, 4, 6, 3, 3, 1, 0);
    s.oh = 10;
    s.ow = 12;
    check(s, 2);
}

static void groups_and_dilation_are_right(void **state)
{
    (void)state;
    check(shape_of(9, 12, 6, 4, 3, 3, 1, 1, 2, 1), 2);
    check(shape_of(14, 11, 33, 66, 3, 2, 2, 1, 3, 1), 1);
    check(shape_of(13, 15, 5, 3, 3, 3, 1, 2, 1, 2), 2);
    check(shape_of(15, 13, 16, 32, 5, 3, 2, 4, 4, 3), 1);
    check(shape_of(12, 9, 5, 16, 1, 1, 1, 0, 1, 2), 1);
}

static void depthwise_convolutions_are_right(void **state)
{
    (void)state;
    for (size_t stride = 1; stride <= 4; stride++) {
        check(shape_of(15, 18, 16, 16, 3, 3, stride, 1, 16, 1), 2);
        check(shape_of(20, 13, 33, 33, 5, 5, stride, 2, 33, 1), 1);
    }
    check(shape_of(3, 3, 1, 1, 3, 3, 1, 0, 1, 1), 1);
    check(shape_of(9, 30, 5, 5, 3, 3, 1, 2, 5, 1), 7);
    check(shape_of(11, 10, 40, 40, 3, 3, 2, 0, 40, 1), 2);
    check(shape_of(5, 4, 3, 3, 5, 5, 1, 4, 3, 1), 1);
    check(shape_of(17, 14, 16, 16, 5, 5, 2, 1, 16, 2), 1);
    check(shape_of(12, 13, 24, 24, 7, 4, 1, 3, 24, 1), 1);
    check(shape_of(12, 13, 5, 10, 3, 3, 1, 1, 5, 1), 1); /* two outputs per channel */
}

/* Outputs one less and one more than fill a tile of any size, on both sides. */
static void tiles_are_right_at_their_borders(void **state)
{
    (void)state;
    static const size_t outputs[] = {1, 11, 12, 13, 19, 20, 21, 27, 28, 29, 43, 44, 45};
    for (size_t i = 0; i < sizeof outputs / sizeof *outputs; i++) {
        check(shape(outputs[i] + 4, outputs[(i + 5) % 13] + 4, 1, 2, 5, 5, 1, 0), i % 4 == 0 ? 7 : 1);
    }
    check(shape(26, 60, 2, 1, 4, 13, 1, 0), 1);
    check(shape(60, 26, 1, 3, 13, 4, 1, 0), 2);
    check(shape(6, 5, 1, 2, 8, 8, 1, 9), 2); /* more padding than kernel */
}

/* A batch of so many tiles that it is cut in the middle of an image. */
static void sections_of_tiles_meet_without_a_seam(void **state)
{
    (void)state;
    en_error err = {0};
    const en_conv_shape s = shape(58, 75, 97, 1, 8, 8, 1, 0);
    en_conv_call call = {.s = &s, .n = 4, .relu = true};
    assert_int_equal(en_kernel_select(NULL, &call.k, &err), EN_OK);
    en_fft_plan p = en_fft_plan_for(&s, call.k->fft->lanes, call.n, true);
    assert_true(p.total >= 2 * p.section && (p.section % p.high != 0 || p.lanes < 8));
    tensors t = make_tensors(&s, call.n, call.relu);
    result r = run(&en_conv_fft, &call, call.n, &t, true);
    assert_close("output", &call, "fft", r.y, t.y, call.n * t.y_size);
    assert_close("gradient of the input", &call, "fft", r.dx, t.dx, call.n * t.x_size);
    assert_close("gradient of the weights", &call, "fft", r.dw, t.dw, t.w_size);
    assert_close("gradient of the bias", &call, "fft", r.db, t.db, s.oc);
    check_ways(&en_conv_fft, &call, &t, &r);
    free_result(&r);
    free_tensors(&t);
}

static double error_of(const float *got, const double *want, size_t n)
{
    double off = 0;
    for (size_t i = 0; i < n; i++) {
        off = fmax(off, fabs((double)got[i] - want[i]));
    }
    return off;
}

static void errors_of_transforms_are_within_four_times_those_of_sums(void **state)
{
    (void)state;
    const en_conv_shape shapes[] = {shape(60, 57, 16, 16, 8, 8, 1, 0), shape(70, 64, 3, 5, 16, 16, 1, 0),
                                    shape(40, 45, 33, 8, 5, 5, 1, 2)};
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        const en_conv_shape *s = &shapes[i];
        en_conv_call call = {.s = s, .n = 2};
        tensors t = make_tensors(s, call.n, false);
        en_error err = {0};
        assert_int_equal(en_kernel_select(NULL, &call.k, &err), EN_OK);
        result sums = run(&en_conv_im2col, &call, call.n, &t, true), r = run(&en_conv_fft, &call, call.n, &t, true);
        size_t y = call.n * t.y_size, x = call.n * t.x_size;
        assert_true(error_of(r.y, t.y, y) <= 4 * error_of(sums.y, t.y, y));
        assert_true(error_of(r.dx, t.dx, x) <= 4 * error_of(sums.dx, t.dx, x));
        assert_true(error_of(r.dw, t.dw, t.w_size) <= 4 * error_of(sums.dw, t.dw, t.w_size));
        print_message("errors of %zux%zu: output %.2g of %.2g, input %.2g of %.2g, weights %.2g of %.2g\n", s->kh,
                      s->kw, error_of(r.y, t.y, y), error_of(sums.y, t.y, y), error_of(r.dx, t.dx, x),
                      error_of(sums.dx, t.dx, x), error_of(r.dw, t.dw, t.w_size), error_of(sums.dw, t.dw, t.w_size));
        free_result(&sums);
        free_result(&r);
        free_tensors(&t);
    }
}

static void every_stride_and_number_of_channels_is_right(void **state)
{
    (void)state;
    static const size_t channels[] = {1, 3, 5, 16, 33};
    for (size_t stride = 1; stride <= 4; stride++) {
        for (size_t i = 0; i < 5; i++) {
            size_t c = channels[i], oc = channels[(i + stride) % 5];
            en_conv_shape s[] = {shape(13, 10, c, oc, 3, 3, stride, stride / 2), shape(11, 14, c, oc, 1, 1, stride, 0),
                                 shape(9, 12, c, oc, 5, 4, stride, 3)};
            check_relu(&s[0], 1, true);
            check_relu(&s[1], 2, false);
            check_relu(&s[2], 1, i % 2 == 0);
        }
        check(shape(18, 22, 3, 32, 7, 7, stride, 3), 1);
        check(shape(19, 21, 3, 20, 8, 8, stride, 0), 1);
    }
    check(shape(5, 6, 4, 48, 1, 1, 1, 1), 2); /* padding that no tap reaches beyond */
    check(shape(2, 3, 7, 40, 3, 3, 4, 4), 2); /* strides over the whole image, more padding than kernel */
}

/* Images that are worked on in more than one piece, and batches of 1x1 convolutions that are one row of pixels. */
static void pieces_of_large_images_fit_together(void **state)
{
    (void)state;
    check(shape(70, 41, 40, 9, 3, 3, 1, 1), 1);
    check(shape(67, 45, 48, 8, 3, 3, 2, 1), 2);
    check(shape(23, 19, 40, 70, 1, 1, 1, 0), 7);
    check(shape(16, 14, 200, 17, 1, 1, 1, 0), 3);
    check(shape(7, 7, 130, 140, 3, 3, 1, 1), 2);
    check(shape(5, 6, 9, 96, 3, 3, 1, 0), 2); /* few pixels, several panels of outputs */
    check(shape_of(6, 7, 8, 96, 3, 3, 1, 1, 2, 1), 1);
    check(shape_of(70, 41, 40, 40, 3, 3, 1, 1, 40, 1), 1);
}

/* With the word `threads`, only what takes every algorithm through pools of two and three threads: under
 * ThreadSanitizer all shapes take five minutes. */
int main(int argc, char **argv)
{
    const struct CMUnitTest threaded[] = {
        cmocka_unit_test(kernels_of_3x3_are_right),
        cmocka_unit_test(large_kernels_are_right),
        cmocka_unit_test(strides_and_small_kernels_are_right),
        cmocka_unit_test(groups_and_dilation_are_right),
    };
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kernels_of_3x3_are_right),
        cmocka_unit_test(kernels_of_3x3_are_right_at_any_size),
        cmocka_unit_test(kernels_of_3x3_are_right_in_parts),
        cmocka_unit_test(large_kernels_are_right),
        cmocka_unit_test(strides_and_small_kernels_are_right),
        cmocka_unit_test(padding_on_two_sides_only_is_right),
        cmocka_unit_test(groups_and_dilation_are_right),
        cmocka_unit_test(depthwise_convolutions_are_right),
        cmocka_unit_test(tiles_are_right_at_their_borders),
        cmocka_unit_test(sections_of_tiles_meet_without_a_seam),
        cmocka_unit_test(errors_of_transforms_are_within_four_times_those_of_sums),
        cmocka_unit_test(every_stride_and_number_of_channels_is_right),
        cmocka_unit_test(pieces_of_large_images_fit_together),
    };
    if (argc == 2 && strcmp(argv[1], "threads") == 0) {
        return cmocka_run_group_tests(threaded, NULL, NULL);
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
