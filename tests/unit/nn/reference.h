/* A network's loss in double precision, by plain loops over its text and without any code of src/nn but the parser. */
#ifndef EN_TEST_REFERENCE_H
#define EN_TEST_REFERENCE_H

#include "nn/network.h"

/* The weighted mean loss of the batch. parameter[i] holds the numbers of the network's i-th parameter tensor. When
 * probabilities is not NULL it gets (n,classes). `train`: with the dropout of the training step `step`, and norms by
 * the statistics of the batch unless they are frozen; else as in prediction. */
double reference_loss(const en_spec *spec, size_t classes, double *const *parameter, const en_batch *batch,
                      const en_step *step, bool train, double *probabilities);

#endif
