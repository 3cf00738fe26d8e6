/* The depthwise kernels for AVX-512. */
#include "kernel/depthwise_body.h"

const en_depthwise_kernels en_depthwise_avx512 = {.correlate = en_depthwise_correlate, .weights = en_depthwise_weights};
