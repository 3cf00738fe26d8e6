/* The depthwise kernels for AVX-512. */
#include "kernel/depthwise_body.h"

EN_DEPTHWISE_TABLE(avx512);
