/* Winograd's kernels for AVX2. */
#include "kernel/winograd_body.h"

const en_winograd_kernels en_winograd_avx2 = {
    .input = input,
    .fetch = fetch,
    .gradient = gradient,
    .output = output,
    .weights = weights,
    .multiply = multiply,
    .accumulate = accumulate,
    .weights_back = weights_back,
};
