/* Logistic regression of a few coefficients that are drawn towards given values. */
#ifndef EN_STATS_LOGISTIC_H
#define EN_STATS_LOGISTIC_H

#include <stddef.h>
#include <stdint.h>

#define EN_LOGISTIC_MAX 8 /* coefficients */

/* The coefficients b of P(truth) = 1 / (1 + exp(-x b)) with the greatest log likelihood less ridge / 2 sum (b -
 * towards)^2 (le Cessie and van Houwelingen, "Ridge estimators in logistic regression", 1992, whose ridge draws towards
 * 0): Newton's method with halved steps, of a concave function, so that the start does not matter. x [n * k], k up to
 * EN_LOGISTIC_MAX, a constant for the intercept included; truth [n]: 0, or anything else; towards [k]; ridge > 0, in
 * units of observations. b [k]: towards itself for n = 0. */
void en_logistic_ridge(const double *x, const uint8_t *truth, size_t n, size_t k, const double *towards, double ridge,
                       double *b);

/* 1 / (1 + exp(-x)), and its inverse of a probability that is kept 1e-6 away from 0 and 1. */
double en_logistic(double x);
double en_logit(double p);

#endif
