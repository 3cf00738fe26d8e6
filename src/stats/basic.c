/* Plain descriptions of numbers. Uses base only. */
#include "stats/basic.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* Neumaier, "Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen" (1974). */
double en_sum(const double *x, size_t n)
{
    double sum = 0.0, lost = 0.0;
    for (size_t i = 0; i < n; i++) {
        double next = sum + x[i];
        lost += fabs(sum) >= fabs(x[i]) ? (sum - next) + x[i] : (x[i] - next) + sum;
        sum = next;
    }
    return isfinite(sum) ? sum + lost : sum;
}

double en_mean(const double *x, size_t n) { return n == 0 ? (double)NAN : en_sum(x, n) / (double)n; }

/* Two passes: the squares of the distances to the mean, not the mean of the squares, which would cancel. */
double en_stdev(const double *x, size_t n)
{
    if (n < 2) {
        return (double)NAN;
    }
    double mean = en_mean(x, n), squares = 0.0;
    for (size_t i = 0; i < n; i++) {
        squares += (x[i] - mean) * (x[i] - mean);
    }
    return sqrt(squares / (double)(n - 1));
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

en_status en_quantile(const double *x, size_t n, double q, double *out, en_error *err)
{
    *out = (double)NAN;
    if (!(q >= 0.0 && q <= 1.0)) {
        return en_error_set(err, EN_INPUT, "a quantile's fraction lies in 0..1, not %g", q);
    }
    if (n == 0) {
        return EN_OK;
    }
    size_t bytes;
    double *sorted = en_mul(n, sizeof *sorted, &bytes) ? en_alloc(bytes) : NULL;
    if (sorted == NULL) {
        return en_error_nomem(err, "a quantile");
    }
    memcpy(sorted, x, bytes);
    for (size_t i = 0; i < n; i++) {
        if (isnan(sorted[i])) {
            en_free(sorted);
            return en_error_set(err, EN_INPUT, "a quantile of something that is not a number");
        }
    }
    qsort(sorted, n, sizeof *sorted, by_value);
    double place = q * (double)(n - 1);
    size_t low = (size_t)place, high = low + 1 < n ? low + 1 : low;
    double part = place - (double)low;
    *out = part > 0.0 ? sorted[low] + part * (sorted[high] - sorted[low]) : sorted[low];
    en_free(sorted);
    return EN_OK;
}

en_status en_median(const double *x, size_t n, double *out, en_error *err) { return en_quantile(x, n, 0.5, out, err); }
