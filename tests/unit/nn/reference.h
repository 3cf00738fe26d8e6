/* A network's loss in double precision, by plain loops over its text and without any code of src/nn but the parser. */
#ifndef EN_TEST_REFERENCE_H
#define EN_TEST_REFERENCE_H

#include "nn/network.h"

/* The weighted mean cross-entropy of the batch. parameter[i] holds the numbers of the network's i-th parameter tensor.
 * When probabilities is not NULL it gets (n,classes). `dropout`: as in the training step `step`, else none. */
double reference_loss(const en_spec *spec, size_t classes, double *const *parameter, const en_batch *batch,
                      const en_step *step, bool dropout, double *probabilities);

#endif
