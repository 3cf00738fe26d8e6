/* Intervals of a number: the points of the normal and Student's distribution, and the transforms on which an estimate
 * is closer to normal than it is itself. An interval is 95% throughout, two-sided. */
#ifndef EN_STATS_INTERVAL_H
#define EN_STATS_INTERVAL_H

#define EN_INTERVAL_CONFIDENCE 0.95

/* NaN in both: there is none, because the data are too few or the number is not defined. */
typedef struct en_interval {
    double low, high;
} en_interval;

extern const en_interval en_interval_none;

/* The point z with `confidence` of the normal distribution between -z and z. */
double en_normal_point(double confidence);
/* The same point of Student's distribution with `freedom` degrees of freedom, which need not be whole; of the normal
 * one where they are infinite. NaN for freedom <= 0. */
double en_student_point(double confidence, double freedom);

/* value +- point * sqrt(variance), computed on a scale on which it is symmetric and carried back by the delta method
 * (Agresti, "Categorical Data Analysis", 2013, 16.1). en_interval_none where value lies on the edge or is NaN, or
 * variance is not positive. */
en_interval en_interval_logit(double value, double variance, double point);  /* log(x / (1 - x)): value in (0, 1) */
en_interval en_interval_fisher(double value, double variance, double point); /* atanh: value in (-1, 1) */

#endif
