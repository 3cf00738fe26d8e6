/* Plain descriptions of numbers. Sums are compensated (Neumaier 1974), so that order and size matter little. */
#ifndef EN_STATS_BASIC_H
#define EN_STATS_BASIC_H

#include <stddef.h>

#include "base/error.h"

double en_sum(const double *x, size_t n);
double en_mean(const double *x, size_t n);  /* NaN for n = 0 */
double en_stdev(const double *x, size_t n); /* of a sample: divided by n - 1; NaN for n < 2 */
/* The value at fraction q (0..1) of the sorted numbers, interpolated linearly (Hyndman and Fan 1996, type 7); NaN for
 * n = 0. x need not be sorted and is not changed. NaN among the numbers: EN_INPUT. */
en_status en_quantile(const double *x, size_t n, double q, double *out, en_error *err) EN_CHECKED;
en_status en_median(const double *x, size_t n, double *out, en_error *err) EN_CHECKED;

#endif
