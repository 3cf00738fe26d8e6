/* Binomial proportions and their confidence intervals. */
#ifndef EN_STATS_PROPORTION_H
#define EN_STATS_PROPORTION_H

#include "stats/interval.h"

/* The 95% interval of a proportion (0..1) of n independent trials: Wilson, "Probable inference, the law of succession,
 * and statistical inference" (1927), sound for small numbers and for proportions of 0 and 1. n need not be whole: an
 * effective number of trials will do (stats/cluster.h). en_interval_none for n <= 0. */
en_interval en_proportion_wilson(double proportion, double n);

/* The predictive value of a positive (or negative) answer at a prevalence (0..1), by Bayes' rule from a sensitivity of
 * n1 positives and a specificity of n0 negatives, independent ones; the 95% interval is the delta method's on the logit
 * scale: the variance of the log odds of a positive answer is (1 - se) / (se n1) + sp / ((1 - sp) n0), of a negative
 * one se / ((1 - se) n1) + (1 - sp) / (sp n0) (Mercaldo, Lau and Zhou, "Confidence intervals for predictive values with
 * an emphasis to case-control studies", 2007). en_interval_none where a variance is not defined; *value is NaN where
 * nothing is answered so. */
en_interval en_predictive_value(double sensitivity, double n1, double specificity, double n0, double prevalence,
                                int positive, double *value);

#endif
