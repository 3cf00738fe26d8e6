/* See logistic.h. */
#include "stats/logistic.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#define STEPS 100
#define NEAR 1e-6 /* how near to 0 and 1 a probability may be */

double en_logistic(double x) { return x >= 0 ? 1 / (1 + exp(-x)) : exp(x) / (1 + exp(x)); }

double en_logit(double p)
{
    p = fmin(fmax(p, NEAR), 1 - NEAR);
    return log(p) - log1p(-p);
}

static double score_of(const double *x, const double *b, size_t k)
{
    double sum = 0;
    for (size_t j = 0; j < k; j++) {
        sum += x[j] * b[j];
    }
    return sum;
}

/* log(1 + exp(x)) */
static double softplus(double x) { return x > 0 ? x + log1p(exp(-x)) : log1p(exp(x)); }

static double objective(const double *x, const uint8_t *truth, size_t n, size_t k, const double *towards, double ridge,
                        const double *b)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        const double s = score_of(x + i * k, b, k);
        sum += truth[i] != 0 ? -softplus(-s) : -softplus(s);
    }
    for (size_t j = 0; j < k; j++) {
        sum -= ridge / 2 * (b[j] - towards[j]) * (b[j] - towards[j]);
    }
    return sum;
}

/* Solves a step = g for the symmetric positive definite a [k * k], by Cholesky's decomposition in place. */
static void solve(double *a, const double *g, size_t k, double *step)
{
    for (size_t i = 0; i < k; i++) {
        for (size_t j = 0; j <= i; j++) {
            double sum = a[i * k + j];
            for (size_t m = 0; m < j; m++) {
                sum -= a[i * k + m] * a[j * k + m];
            }
            a[i * k + j] = i == j ? sqrt(sum) : sum / a[j * k + j];
        }
    }
    for (size_t i = 0; i < k; i++) {
        step[i] = g[i];
        for (size_t m = 0; m < i; m++) {
            step[i] -= a[i * k + m] * step[m];
        }
        step[i] /= a[i * k + i];
    }
    for (size_t i = k; i-- > 0;) {
        for (size_t m = i + 1; m < k; m++) {
            step[i] -= a[m * k + i] * step[m];
        }
        step[i] /= a[i * k + i];
    }
}

/* Gradient and negative Hessian of the objective. */
static void derive(const double *x, const uint8_t *truth, size_t n, size_t k, const double *towards, double ridge,
                   const double *b, double *gradient, double *hessian)
{
    memset(hessian, 0, k * k * sizeof *hessian);
    for (size_t j = 0; j < k; j++) {
        gradient[j] = -ridge * (b[j] - towards[j]);
        hessian[j * k + j] = ridge;
    }
    for (size_t i = 0; i < n; i++) {
        const double *row = x + i * k, p = en_logistic(score_of(row, b, k));
        for (size_t j = 0; j < k; j++) {
            gradient[j] += ((truth[i] != 0) - p) * row[j];
            for (size_t m = 0; m <= j; m++) {
                hessian[j * k + m] += p * (1 - p) * row[j] * row[m];
            }
        }
    }
}

void en_logistic_ridge(const double *x, const uint8_t *truth, size_t n, size_t k, const double *towards, double ridge,
                       double *b)
{
    double gradient[EN_LOGISTIC_MAX], hessian[EN_LOGISTIC_MAX * EN_LOGISTIC_MAX], step[EN_LOGISTIC_MAX];
    memcpy(b, towards, k * sizeof *b);
    double best = objective(x, truth, n, k, towards, ridge, b);
    for (int round = 0; round < STEPS; round++) {
        double tried[EN_LOGISTIC_MAX], reached = -(double)INFINITY, factor = 1;
        derive(x, truth, n, k, towards, ridge, b, gradient, hessian);
        solve(hessian, gradient, k, step);
        for (int half = 0; half < STEPS / 2 && !(reached > best); half++, factor /= 2) {
            for (size_t j = 0; j < k; j++) {
                tried[j] = b[j] + factor * step[j];
            }
            reached = objective(x, truth, n, k, towards, ridge, tried);
        }
        if (!(reached > best)) {
            return;
        }
        const bool near = reached - best < 1e-12 * (1 + fabs(best));
        memcpy(b, tried, k * sizeof *b);
        best = reached;
        if (near) {
            return;
        }
    }
}
