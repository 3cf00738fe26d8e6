/* Making probabilities of scores: scale and shift are fitted on other observations than those that are measured. */
#ifndef EN_STATS_RECALIBRATE_H
#define EN_STATS_RECALIBRATE_H

#include <stddef.h>
#include <stdint.h>

/* p = 1 / (1 + exp(-(scale * score + shift))), fitted by maximum likelihood with Platt's targets, (positives + 1) /
 * (positives + 2) and 1 / (negatives + 2), which keep it finite where the scores separate the classes (Platt,
 * "Probabilistic outputs for support vector machines", 1999); Newton's method with backtracking (Lin, Lin and Weng, "A
 * note on Platt's probabilistic outputs", 2007). truth: 0 negative, anything else positive. Leaves scale 1 and shift 0
 * without positives or negatives. */
void en_recalibrate_platt(const double *score, const uint8_t *truth, size_t n, double *scale, double *shift);

/* Temperature scaling (Guo et al., "On calibration of modern neural networks", 2017): the factor of the logits [n *
 * classes] that makes softmax(factor * logits) most likely, 1 / temperature, between 1/20 and 20. truth: classes. 1 for
 * n = 0. */
double en_recalibrate_temperature(const double *logit, const int32_t *truth, size_t n, size_t classes);

/* ln(P(y > k) / P(y <= k)) of the probabilities of classes, k < classes - 1; neither is taken to be less than 1e-38. */
double en_recalibrate_log_odds(const double *probability, size_t classes, size_t k);

/* Proportional odds (McCullagh, "Regression models for ordinal data", 1980): P(y > k) becomes 1 / (1 + exp(-(scale *
 * log odds + shift))) for every k, in place. With a scale above 0, what has the greater probability of being above k
 * keeps it. */
void en_recalibrate_cumulative(double *probability, size_t classes, double scale, double shift);

/* softmax(factor * logits), in place. */
void en_recalibrate_softmax(double *logit, size_t classes, double factor);

#endif
