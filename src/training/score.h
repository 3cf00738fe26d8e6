/* Predicting the members of a subset, and the few scores training steers by, of probabilities still in memory. (The
 * metrics of an evaluation, of its kept rows and with intervals: metrics.h.) */
#ifndef EN_TRAINING_SCORE_H
#define EN_TRAINING_SCORE_H

#include <stdint.h>

#include "dataset/loader.h"
#include "nn/network.h"

/* probabilities [items * classes] of all items of the loader, in their order; `pixels` has space for the network's
 * batch. Progress goes to `events`. */
en_status en_score_items(const en_loader *loader, en_network *network, uint8_t *pixels, float *probabilities,
                         const en_events *events, en_error *err) EN_CHECKED;

typedef struct en_score {
    double loss;          /* cross-entropy, nats: the mean over the items */
    double weighted_loss; /* the same weighted by class, as training minimises it; NAN without weights */
    double accuracy;      /* 0..1 */
    double auc;           /* of the last class, with two classes; NAN otherwise or where it is undefined */
    double concordance; /* of all pairs of items of different classes, how many the expected class puts in the order of
                           their classes, ties by half (Harrell et al. 1982), 0..1: with two classes the AUC. NAN where
                           there is one class only */
    double spread;      /* the greatest standard deviation over the items of a class's probability, 0..0.5 */
} en_score;

/* class_weight: [classes], NULL = all 1. NAN throughout for n = 0. */
en_status en_score_of(const float *probabilities, const int32_t *truth, size_t n, size_t classes,
                      const float *class_weight, en_score *out, en_error *err) EN_CHECKED;
/* Whether a network answers alike for everything: no probability spreads by EN_SCORE_SPREAD or more, and what is left
 * of an order is chance. With two classes that is an AUC within 0.05 of 0.5, or within a standard error of few items,
 * the root of (n + 1) / (12 n0 n1) (Mann and Whitney 1947); with more, every answer is the same. Never of fewer than
 * EN_SCORE_LEAST items. */
#define EN_SCORE_SPREAD 1e-3
#define EN_SCORE_LEAST 10
bool en_score_is_constant(const en_score *score, const float *probabilities, const int32_t *truth, size_t n,
                          size_t classes);
/* The most probable class; of equals the first. */
size_t en_score_argmax(const float *probability, size_t classes);

#endif
