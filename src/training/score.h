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
} en_score;

/* class_weight: [classes], NULL = all 1. NAN throughout for n = 0. */
en_status en_score_of(const float *probabilities, const int32_t *truth, size_t n, size_t classes,
                      const float *class_weight, en_score *out, en_error *err) EN_CHECKED;
/* The most probable class; of equals the first. */
size_t en_score_argmax(const float *probability, size_t classes);

#endif
