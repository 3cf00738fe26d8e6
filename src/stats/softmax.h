/* Multinomial logistic regression: class probabilities that are the softmax of linear functions of numbers. */
#ifndef EN_STATS_SOFTMAX_H
#define EN_STATS_SOFTMAX_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/threads.h"

#define EN_SOFTMAX_CLASSES_MAX 64

/* All borrowed. */
typedef struct en_softmax_data {
    const float *x;       /* [rows * size] */
    const int32_t *truth; /* [rows] classes, 0..classes-1 */
    const uint8_t *held;  /* [rows] 1: this row is not learned from; NULL: all are */
    size_t rows, size, classes;
} en_softmax_data;

/* The number of weights: for each class one per number of a row, then the class's constant. */
size_t en_softmax_weights(const en_softmax_data *data);
/* Minimises the mean of -ln p(truth) over the rows that are learned from, plus penalty / 2 times the sum of the squared
 * weights without the constants: strictly convex in these for penalty > 0, so that there is one minimum. By L-BFGS with
 * ten pairs from weights of 0 (Liu and Nocedal, "On the limited memory BFGS method for large scale optimization", 1989)
 * with halved steps (Armijo 1966), until no derivative is above 1e-6 or after `steps`. weights: [en_softmax_weights].
 * The bits are the same for any number of threads; pool may be NULL. EN_INPUT when no row is learned from. */
en_status en_softmax_fit(const en_softmax_data *data, double penalty, size_t steps, en_pool *pool, double *weights,
                         en_error *err) EN_CHECKED;
/* The probabilities [classes] of one row [size]. */
void en_softmax_predict(const en_softmax_data *data, const double *weights, const float *row, double *probability);

#endif
