/* Winograd's kernels for NEON. */
#include "kernel/winograd_body.h"

const en_winograd_kernels en_winograd_neon = {
    .input = input,
    .fetch = fetch,
    .gradient = gradient,
    .output = output,
    .weights = weights,
    .multiply = multiply,
    .accumulate = accumulate,
    .weights_back = weights_back,
};
