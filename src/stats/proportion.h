/* Binomial proportions and their confidence intervals. */
#ifndef EN_STATS_PROPORTION_H
#define EN_STATS_PROPORTION_H

#include <stdint.h>

/* The 95% interval of the proportion hits / n, for independent trials: Wilson, "Probable inference, the law of
 * succession, and statistical inference" (1927), sound for small numbers and for proportions of 0 and 1. NaN for n <=
 * 0. */
void en_proportion_interval(int64_t hits, int64_t n, double *low, double *high);

#endif
