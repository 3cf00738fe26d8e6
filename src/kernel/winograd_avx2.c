/* Winograd's convolution for AVX2 and FMA. Compiled with those flags whatever the rest is built for. */
#include "kernel/winograd_vector.h"

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
