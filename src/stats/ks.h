/* The distance of two samples: Kolmogorov (1933) and Smirnov (1939). */
#ifndef EN_STATS_KS_H
#define EN_STATS_KS_H

#include <stddef.h>

#include "base/error.h"

typedef struct en_ks {
    double distance; /* the largest difference of the two empirical distribution functions, 0..1; NaN: a sample is empty
                      */
    double critical; /* a distance that two samples of one continuous distribution exceed with a probability of about
                      * 0.01: 1.628 * sqrt((n + m) / (n * m)) (Smirnov 1948, table; large samples); NaN likewise. The
                      * numbers must be independent: of several photographs per patient it is too small */
    size_t n, m;     /* numbers of each that are not NaN */
} en_ks;

/* NaN among the numbers are left out; they are not changed. EN_NOMEM. */
en_status en_ks_compare(const double *x, size_t n, const double *y, size_t m, en_ks *out, en_error *err) EN_CHECKED;

#endif
