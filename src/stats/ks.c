/* See ks.h. Both samples are sorted and walked together; equal numbers of both are one step. */
#include "stats/ks.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"

#define ALPHA_01 1.628 /* Kolmogorov's distribution: Q(1.628) = 0.01 */

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static size_t copy_sorted(const double *x, size_t n, double *out)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        if (!isnan(x[i])) {
            out[count++] = x[i];
        }
    }
    qsort(out, count, sizeof *out, by_value);
    return count;
}

en_status en_ks_compare(const double *x, size_t n, const double *y, size_t m, en_ks *out, en_error *err)
{
    *out = (en_ks){.distance = (double)NAN, .critical = (double)NAN};
    double *a = en_calloc(n + 1, sizeof *a), *b = en_calloc(m + 1, sizeof *b);
    if (a == NULL || b == NULL) {
        en_free(a);
        en_free(b);
        return en_error_nomem(err, "two samples");
    }
    out->n = copy_sorted(x, n, a);
    out->m = copy_sorted(y, m, b);
    if (out->n > 0 && out->m > 0) {
        const double of_a = (double)out->n, of_b = (double)out->m;
        double most = 0;
        for (size_t i = 0, k = 0; i < out->n && k < out->m;) {
            const double at = fmin(a[i], b[k]);
            while (i < out->n && a[i] <= at) {
                i++;
            }
            while (k < out->m && b[k] <= at) {
                k++;
            }
            most = fmax(most, fabs((double)i / of_a - (double)k / of_b));
        }
        out->distance = most;
        out->critical = ALPHA_01 * sqrt((of_a + of_b) / (of_a * of_b));
    }
    en_free(a);
    en_free(b);
    return EN_OK;
}
