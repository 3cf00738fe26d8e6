/* Logistic regression with a ridge: at its maximum the gradient is 0, and it goes where it is drawn. */
#include "check.h"

#include "stats/logistic.h"

#include <math.h>
#include <string.h>

enum { N = 40, K = 3 };

static double x[N * K];
static uint8_t truth[N];

/* Two overlapping groups along the second column; the third is half noise. */
static void fill(void)
{
    for (size_t i = 0; i < N; i++) {
        x[i * K] = 1;
        x[i * K + 1] = (double)(i % 10) - 4.5;
        x[i * K + 2] = (double)((i * 7) % 11) - 5 + 0.3 * x[i * K + 1];
        truth[i] = (i % 10) + (i * 5) % 7 > 8;
    }
}

/* Of the objective, by its definition. */
static double gradient(const double *towards, double ridge, const double *b, size_t j)
{
    double sum = -ridge * (b[j] - towards[j]);
    for (size_t i = 0; i < N; i++) {
        double s = 0;
        for (size_t k = 0; k < K; k++) {
            s += x[i * K + k] * b[k];
        }
        sum += ((double)(truth[i] != 0) - 1 / (1 + exp(-s))) * x[i * K + j];
    }
    return sum;
}

static void at_the_maximum_the_gradient_is_0(void **state)
{
    (void)state;
    static const double towards[][K] = {{0, 1, 0}, {0, 0, 0}, {5, -8, 3}};
    static const double ridges[] = {1, 0.01, 100};
    double b[K];
    fill();
    for (size_t t = 0; t < 3; t++) {
        for (size_t r = 0; r < 3; r++) {
            en_logistic_ridge(x, truth, N, K, towards[t], ridges[r], b);
            for (size_t j = 0; j < K; j++) {
                NEAR(gradient(towards[t], ridges[r], b, j), 0, 1e-4);
            }
        }
    }
}

static void one_column_alone_is_the_log_odds(void **state)
{
    (void)state;
    double ones[N], b;
    const double towards = 0;
    size_t positives = 0;
    fill();
    for (size_t i = 0; i < N; i++) {
        ones[i] = 1;
        positives += truth[i];
    }
    en_logistic_ridge(ones, truth, N, 1, &towards, 1e-9, &b);
    NEAR(b, log((double)positives / (double)(N - positives)), 1e-6);
}

static void a_strong_ridge_keeps_what_it_is_drawn_to(void **state)
{
    (void)state;
    static const double towards[K] = {0, 1, 0};
    double b[K];
    fill();
    en_logistic_ridge(x, truth, N, K, towards, 1e9, b);
    for (size_t j = 0; j < K; j++) {
        NEAR(b[j], towards[j], 1e-6);
    }
    en_logistic_ridge(x, truth, 0, K, towards, 1, b);
    assert_memory_equal(b, towards, sizeof b);
}

/* Without a ridge the coefficients of separable classes are infinite. */
static void separable_classes_have_finite_coefficients(void **state)
{
    (void)state;
    static const double towards[K] = {0, 1, 0};
    double b[K];
    fill();
    for (size_t i = 0; i < N; i++) {
        truth[i] = x[i * K + 1] > 0;
    }
    en_logistic_ridge(x, truth, N, K, towards, 1, b);
    assert_true(isfinite(b[0]) && isfinite(b[1]) && isfinite(b[2]));
    assert_true(b[1] > 1);
    NEAR(gradient(towards, 1, b, 1), 0, 1e-4);
}

static void logits_are_finite_and_inverse(void **state)
{
    (void)state;
    NEAR(en_logistic(en_logit(0.3)), 0.3, 1e-12);
    NEAR(en_logistic(en_logit(0)), 1e-6, 1e-9);
    NEAR(en_logistic(en_logit(1)), 1 - 1e-6, 1e-9);
    NEAR(en_logistic(-1000), 0, 1e-12);
    NEAR(en_logistic(1000), 1, 1e-12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(at_the_maximum_the_gradient_is_0),
        cmocka_unit_test(one_column_alone_is_the_log_odds),
        cmocka_unit_test(a_strong_ridge_keeps_what_it_is_drawn_to),
        cmocka_unit_test(separable_classes_have_finite_coefficients),
        cmocka_unit_test(logits_are_finite_and_inverse),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
