/* Binomial proportions and their confidence intervals. */
#ifndef EN_STATS_PROPORTION_H
#define EN_STATS_PROPORTION_H

#include "stats/interval.h"

/* The 95% interval of a proportion (0..1) of n independent trials: Wilson, "Probable inference, the law of succession,
 * and statistical inference" (1927), sound for small numbers and for proportions of 0 and 1. n need not be whole: an
 * effective number of trials will do (stats/cluster.h). en_interval_none for n <= 0. */
en_interval en_proportion_wilson(double proportion, double n);

#endif
