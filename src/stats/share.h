/* Shares: so many of so many. */
#ifndef EN_STATS_SHARE_H
#define EN_STATS_SHARE_H

#include <stdint.h>

/* The 95% interval of the share hits / n, for independent trials: Wilson, "Probable inference, the law of succession,
 * and statistical inference" (1927), sound for small numbers and for shares of 0 and 1. NaN for n <= 0. */
void en_share_interval(int64_t hits, int64_t n, double *low, double *high);

#endif
